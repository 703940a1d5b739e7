"""YAML files that researchers edit: problems have line numbers, keys are Norwegian or English."""

import re
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
"""Deepest nesting that is read; it is well below Python's own limit on recursion."""

ALIASED = 10
"""How many times its own length a text may grow to when its aliases (*) are replaced; without a limit it could fill memory."""

_OTHER_WORDS = frozenset({"on", "off", "y", "n", "null"})
"""Words that YAML takes for something else than text."""
_TRUE, _FALSE = frozenset({"ja", "yes", "true"}), frozenset({"nei", "no", "false"})


class _Scanner(RoundTripScanner):
    """ruamel's scanner with a limit on nesting: at each bracket it looks at all open ones, which would take quadratic time."""

    def fetch_flow_collection_start(self, *given: Any, **named: Any) -> None:
        if len(self.flow_context) >= MAX_DEPTH:
            raise ScannerError(None, None, say("for mange nivåer", "too many levels"), self.reader.get_mark())
        super().fetch_flow_collection_start(*given, **named)


def load_mapping(text: str, name: str) -> CommentedMap:
    """Read a YAML text with a mapping at the top; its nodes know their lines (see `line_of`).

    Raises:
        DataError: invalid YAML (with the line), a repeated key, or no mapping at the top.
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
    except Exception as error:  # ruamel raises ValueError, TypeError and others too
        raise _bad_yaml(str(error).partition("\n")[0] or type(error).__name__, name, None) from error
    if not _fits_in(data, 100 + ALIASED * len(text)):
        raise _bad_yaml(
            say("ankre (&, *) som gir mer enn filen har", "anchors (&, *) that expand to too much"), name, None
        )
    if not isinstance(data, CommentedMap):
        found = say("tom fil", "an empty file") if data is None else type(data).__name__
        what = f"fant {found}, ventet «nøkkel: verdi» øverst", f"found {found}, expected «key: value» at the top"
        raise failure(*what, where=name, line=1)
    return data


def _fits_in(data: Any, room: int) -> bool:
    """Whether loaded data has fewer than `room` letters and nodes, an alias counted each time it is used."""
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
    """Write a mapping as YAML: block style, keys in order, letters unescaped."""
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.width = 110
    yaml.indent(mapping=2, sequence=4, offset=2)
    stream = StringIO()
    yaml.dump(data, stream)
    return stream.getvalue()


def empty_mapping() -> CommentedMap:
    """A mapping as `load_mapping` gives them, into which keys can be put at a place."""
    return CommentedMap()


def nodes_of(text: str) -> Any:
    """The nodes of a YAML text that `load_mapping` has read before; they know where in the text they begin and end."""
    yaml = YAML(typ="rt")
    yaml.Scanner = _Scanner
    yaml.composer.warn_double_anchors = False
    return yaml.compose(text)


def scalar(text: str) -> str:
    """A text on one line as it stands in YAML, in quotation marks only where it needs them.

    >>> scalar("makt og avmakt"), scalar("nei"), scalar("Hva nå: 'ja'?")
    ('makt og avmakt', "'nei'", "'Hva nå: ''ja''?'")
    """
    is_word = text.lower() in _TRUE | _FALSE | _OTHER_WORDS
    plain = re.fullmatch(r"[^\W\d_](?:[\w /()+–-]*[\w)])?", text) and not is_word
    return text if plain else "'" + text.replace("'", "''") + "'"


def line_of(node: Any) -> int | None:
    """The line where a loaded node starts, from 1."""
    place = getattr(node, "lc", None)
    return place.line + 1 if place is not None and place.line is not None else None


def line_of_item(items: Any, index: int) -> int | None:
    """The line where an item of a loaded list starts, from 1."""
    try:
        return int(items.lc.item(index)[0]) + 1
    except (AttributeError, KeyError, TypeError):
        return line_of(items)


def in_english(node: Mapping[Any, Any], english: Mapping[str, str], name: str) -> tuple[dict[str, Any], list[Problem]]:
    """Translate a mapping's Norwegian keys to English, with a problem for every unknown key.

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
    """Read ja/nei, yes/no or true/false as a truth value; None for anything else."""
    word = str(value).strip().lower()
    return True if word in _TRUE else False if word in _FALSE else None


def _key_line(node: Any, key: Any) -> int | None:
    try:
        return int(node.lc.key(key)[0]) + 1
    except (AttributeError, KeyError, TypeError):
        return line_of(node)


def _bad_yaml(reason: str, name: str, line: int | None) -> DataError:
    mend = say(
        "se etter innrykk, kolon og anførselstegn på linjen",
        "check the indents, colons and quotation marks on that line",
    )
    return failure(
        f"kan ikke leses som YAML: {reason}", f"cannot be read as YAML: {reason}", where=name, line=line, try_next=mend
    )
