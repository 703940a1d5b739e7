"""The list of findings, a file in which a person joins nicknames, chooses other names and says what is to stay."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from autokode.base import yaml_files
from autokode.base.errors import DataError, Problem
from autokode.base.files import write_whole
from autokode.base.messages import say
from autokode.base.text_files import read_text
from autokode.pseudonym.kinds import Kind
from autokode.pseudonym.register import Entity, Register

_HEAD = """\
# Hva som ble funnet, og hva det blir, det sikreste først. Rett her, og kjør kommandoen igjen med --list og denne filen.
# Samme person to ganger: flytt formene under én. Annet navn: endre «blir».
# Ikke personlig: flytt formene til «la_stå». Noe mangler: legg det til under «funn»; uten «blir» finner programmet på et navn.
# «tvilsomme» erstattes også, men kan være vanlige ord. «står_igjen» er ord med stor bokstav som ikke er erstattet.
# What was found, and what it becomes, the surest first. One person twice: move the forms under one. Not personal: move the
# forms to «la_stå». Something missing: add it under «funn». «tvilsomme» (doubtful) is replaced too; «står_igjen» stays.
# Filen røper hvem alle er: oppbevar den som opptakene.

"""
_TOP = {"funn": "found", "tvilsomme": "doubtful", "la_stå": "leave", "står_igjen": "standing", "tekster": "texts"}
_ENTRY = {"slag": "kind", "former": "forms", "blir": "becomes", "antall": "count", "for_eksempel": "context"}
DOUBTED = 0.5
"""The score of what a list holds as doubtful."""


def write_list(path: Path, register: Register, standing: Iterable[str] = (), *, texts: str = "") -> None:
    """Write a register as YAML, readable by its owner alone; whole or not at all.

    Args:
        path: the file.
        register: who is who.
        standing: words with a capital that are not replaced.
        texts: a mark of the texts that the list was made of; see `texts_of_list`.
    """
    parts: dict[str, list[Any]] = {"funn": [], "tvilsomme": []}
    for e in register.in_order():
        entry = {
            "slag": str(e.kind),
            "former": list(e.forms),
            "blir": e.becomes,
            "antall": e.count,
            "for_eksempel": e.context,
        }
        parts["funn" if e.sure else "tvilsomme"].append(entry)
    left = {"la_stå": sorted(register.leave), "står_igjen": list(standing)}
    write_whole(path, _HEAD + yaml_files.dump({**parts, **left, **({"tekster": texts} if texts else {})}))


def texts_of_list(path: Path) -> str:
    """The mark of the texts that a list was made of; "" if it has none, being of a folder or written by hand."""
    return str(yaml_files.load_mapping(read_text(path), str(path)).get("tekster") or "")


def read_list(path: Path) -> Register:
    """Read a list that `write_list` wrote and a person edited.

    Raises:
        DataError: lists every wrong line, what it holds and what was expected.
    """
    data = yaml_files.load_mapping(read_text(path), str(path))
    top, problems = yaml_files.in_english(data, _TOP, str(path))
    entities: list[Entity] = []
    where: dict[str, str] = {}
    for name in ("found", "doubtful", "leave"):
        if not isinstance(top.get(name) or [], list):
            what = say(f"ventet en liste under «{name}»", f"expected a list under «{name}»")
            problems.append(Problem(what, str(path), yaml_files.line_of(data)))
            top[name] = []
    parts = [(part, score) for part, score in ((top.get("found") or [], 1.0), (top.get("doubtful") or [], DOUBTED))]
    for listed, index, node, score in (
        (part, index, node, score) for part, score in parts for index, node in enumerate(part)
    ):
        entry, unknown = yaml_files.in_english(node, _ENTRY, str(path)) if isinstance(node, dict) else ({}, [])
        problems += unknown
        entity = _entity(entry, score)
        if entity is None:
            what = say(
                f"ventet slag ({', '.join(k for k in Kind if k != Kind.PRONOUN)}) og former",
                "expected slag (kind) and former (forms)",
            )
            problems.append(Problem(what, str(path), yaml_files.line_of_item(listed, index)))
            continue
        for form in entity.forms:
            if form.casefold() in where:
                what = say(f"«{form}» står to steder", f"«{form}» is listed twice")
                problems.append(Problem(what, str(path), yaml_files.line_of(node)))
            where[form.casefold()] = entity.becomes
        entities.append(entity)
    if problems:
        raise DataError(problems, try_next=say(f"rett {path}", f"mend {path}"))
    return Register(entities, [str(form) for form in top.get("leave") or []])


def _entity(entry: dict[str, Any], score: float) -> Entity | None:
    forms = entry.get("forms")
    listed = [str(form).strip() for form in (forms if isinstance(forms, list) else [forms]) if form]
    becomes, kind = str(entry.get("becomes") or "").strip(), str(entry.get("kind") or "")
    if kind not in set(Kind) - {Kind.PRONOUN} or not listed:
        return None
    return Entity(Kind(kind), tuple(listed), becomes, 0, str(entry.get("context") or ""), score)
