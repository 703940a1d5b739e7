"""YAML files that researchers edit: read with line numbers, Norwegian keys with English beside them."""

from collections.abc import Mapping
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.scanner import RoundTripScanner, ScannerError

from autokode.base.errors import DataError, Problem, failure
from autokode.base.messages import say

MAX_DEPTH = 50
"""Levels a tree may have; deeper is refused before Python's own limit is met."""

ALIASED = 10
"""Times its own length that a text may have with what its aliases (*) stand for put in; it could grow without end."""

_TRUE, _FALSE = frozenset({"ja", "yes", "true"}), frozenset({"nei", "no", "false"})


class _Scanner(RoundTripScanner):
    """ruamel's scanner, which for each bracket looks at all that are open: it is stopped before that takes seconds."""

    def fetch_flow_collection_start(self, *given: Any, **named: Any) -> None:
        if len(self.flow_context) >= MAX_DEPTH:
            raise ScannerError(None, None, say("for mange nivåer", "too many levels"), self.reader.get_mark())
        super().fetch_flow_collection_start(*given, **named)


def load_mapping(text: str, name: str) -> CommentedMap:
    """Return the mapping a YAML text holds; its nodes know their lines (see `line_of`).

    Raises:
        DataError: bad YAML (with the line), a double key, or no mapping at the top.
    """
    try:
        yaml = YAML(typ="rt")
        yaml.Scanner = _Scanner
        yaml.composer.warn_double_anchors = False
        data = yaml.load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise _bad_yaml(str(error.problem or error.context or "").strip(), name, line) from error
    except RecursionError as error:
        raise _bad_yaml(say("for mange nivåer", "too many levels"), name, None) from error
    except MemoryError:
        raise
    except Exception as error:  # ruamel raises YAMLError, ValueError, AttributeError, TypeError and KeyError alike
        raise _bad_yaml(str(error).partition("\n")[0] or type(error).__name__, name, None) from error
    if not _as_large_as(data, 100 + ALIASED * len(text)):
        raise _bad_yaml(
            say("ankre (&, *) som gir mer enn filen har", "anchors (&, *) that make more than there is"), name, None
        )
    if not isinstance(data, CommentedMap):
        found = say("tom fil", "an empty file") if data is None else type(data).__name__
        raise failure(
            f"fant {found}, ventet «nøkkel: verdi» øverst",
            f"found {found}, expected «key: value» at the top",
            where=name,
            line=1,
        )
    return data


def _as_large_as(data: Any, room: int) -> bool:
    """Return whether loaded data, aliases counted each time they stand, has so many letters and nodes at most."""
    waiting = [data]
    while waiting and room > 0:
        node = waiting.pop()
        room -= 1
        if isinstance(node, Mapping):
            waiting.extend(node.keys())
            waiting.extend(node.values())
        elif isinstance(node, list | tuple | set):
            waiting.extend(node)
        elif isinstance(node, str | bytes):
            room -= len(node)
    return room > 0


def dump(data: Mapping[str, Any]) -> str:
    """Return a mapping as YAML: block style, keys in order, letters as they are."""
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.width = 110
    yaml.indent(mapping=2, sequence=4, offset=2)
    stream = StringIO()
    yaml.dump(data, stream)
    return stream.getvalue()


def line_of(node: Any) -> int | None:
    """Return the 1-based line a loaded node starts at."""
    place = getattr(node, "lc", None)
    return place.line + 1 if place is not None and place.line is not None else None


def line_of_item(items: Any, index: int) -> int | None:
    """Return the 1-based line the item of a loaded list starts at."""
    try:
        return int(items.lc.item(index)[0]) + 1
    except (AttributeError, KeyError, TypeError):
        return line_of(items)


def in_english(node: Mapping[Any, Any], english: Mapping[str, str], name: str) -> tuple[dict[str, Any], list[Problem]]:
    """Return a mapping with its Norwegian keys in English, and a problem for every key that is neither.

    Args:
        node: the loaded mapping.
        english: Norwegian key → English key.
        name: the file to name in a problem.
    """
    known: dict[str, Any] = {}
    problems = []
    for key, value in node.items():
        if key in english:
            known[english[key]] = value
        elif key in english.values():
            known[str(key)] = value
        else:
            what = say(
                f"ukjent nøkkel «{key}»; ventet {', '.join(english)}",
                f"unknown key «{key}»; expected {', '.join(english.values())}",
            )
            problems.append(Problem(what, name, _key_line(node, key)))
    return known, problems


def truth(value: Any) -> bool | None:
    """Return ja/nei, yes/no, true/false as a truth value, None for anything else."""
    word = str(value).strip().lower()
    return True if word in _TRUE else False if word in _FALSE else None


def _key_line(node: Any, key: Any) -> int | None:
    try:
        return int(node.lc.key(key)[0]) + 1
    except (AttributeError, KeyError, TypeError):
        return line_of(node)


def _bad_yaml(reason: str, name: str, line: int | None) -> DataError:
    mend = say("se etter innrykk, kolon og anførselstegn på linjen", "look at indents, colons and quotes on that line")
    return failure(
        f"kan ikke leses som YAML: {reason}", f"cannot be read as YAML: {reason}", where=name, line=line, try_next=mend
    )
