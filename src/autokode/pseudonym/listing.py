"""The list of findings, a file in which a person joins nicknames, chooses other names and says what is to stay."""

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
# Hva som ble funnet, og hva det blir. Rett her, og kjør kommandoen igjen med --list og denne filen.
# Samme person to ganger: flytt formene under én. Annet navn: endre «blir».
# Ikke personlig: flytt formene til «la_stå» nederst. Noe mangler: legg det til som de andre.
# What was found, and what it becomes. One person twice: move the forms under one. Not personal: move the forms to «la_stå».
# Filen røper hvem alle er: oppbevar den som opptakene.

"""
_TOP = {"funn": "found", "la_stå": "leave"}
_ENTRY = {"slag": "kind", "former": "forms", "blir": "becomes", "antall": "count", "for_eksempel": "context"}


def write_list(path: Path, register: Register) -> None:
    """Write a register as YAML, readable by its owner alone; whole or not at all."""
    found = [
        {"slag": str(e.kind), "former": list(e.forms), "blir": e.becomes, "antall": e.count, "for_eksempel": e.context}
        for e in register.entities
    ]
    write_whole(path, _HEAD + yaml_files.dump({"funn": found, "la_stå": sorted(register.leave)}))


def read_list(path: Path) -> Register:
    """Read a list that `write_list` wrote and a person edited.

    Raises:
        DataError: lists every wrong line, what it holds and what was expected.
    """
    data = yaml_files.load_mapping(read_text(path), str(path))
    top, problems = yaml_files.in_english(data, _TOP, str(path))
    entities: list[Entity] = []
    where: dict[str, str] = {}
    for name in ("found", "leave"):
        if not isinstance(top.get(name) or [], list):
            what = say(f"ventet en liste under «{name}»", f"expected a list under «{name}»")
            problems.append(Problem(what, str(path), yaml_files.line_of(data)))
            top[name] = []
    listed = top.get("found") or []
    for index, node in enumerate(listed):
        entry, unknown = yaml_files.in_english(node, _ENTRY, str(path)) if isinstance(node, dict) else ({}, [])
        problems += unknown
        entity = _entity(entry)
        if entity is None:
            what = say(
                f"ventet slag ({', '.join(k for k in Kind if k != Kind.PRONOUN)}), former og blir",
                "expected slag (kind), former (forms) and blir (becomes)",
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


def _entity(entry: dict[str, Any]) -> Entity | None:
    forms = entry.get("forms")
    listed = [str(form).strip() for form in (forms if isinstance(forms, list) else [forms]) if form]
    becomes, kind = str(entry.get("becomes") or "").strip(), str(entry.get("kind") or "")
    if kind not in set(Kind) - {Kind.PRONOUN} or not listed or not becomes:
        return None
    return Entity(Kind(kind), tuple(listed), becomes, 0, str(entry.get("context") or ""))
