"""Variables: properties of interviews and of those who speak in them, such as age group, role or wave, and their values.

A value is an interview's, or one speaker's in it. A speaker without a value has the interview's.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from autokode.base.formatting import natural
from autokode.base.messages import say
from autokode.project.store.project import Project

Unit = tuple[int, str]
"""Whose a value is: the transcript's id and a speaker's label, "" for the interview itself."""

GROUP = 0
"""The id that stands for the group (office) of an interview, which can be used as a variable; SQLite's ids begin at 1."""

HAS_VALUE = """coalesce(
    (SELECT value FROM value WHERE value.transcript = utterance.transcript AND value.speaker = utterance.speaker
        AND value.speaker != '' AND value.variable = :variable),
    (SELECT value FROM value WHERE value.transcript = utterance.transcript AND value.speaker = ''
        AND value.variable = :variable), '') = :value"""
"""Condition on an utterance: it has the value `:value` of the variable `:variable`; "" for none."""


def having(variable: int, value: str) -> str:
    """A value of a variable as a filter names it."""
    return f"{variable}:{value}"


def in_filter(named: str) -> dict[str, object]:
    """The values of `HAS_VALUE` for a filter (`having`): no variable has the id -1.

    >>> in_filter("3:baker"), in_filter("")
    ({'variable': 3, 'value': 'baker'}, {'variable': -1, 'value': ''})
    """
    number, _, value = named.partition(":")
    return {"variable": int(number) if number.isdecimal() and len(number) < 16 else -1, "value": value}


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable: its id, its name, and the order that somebody gave its values (`levels`), which need not name them all."""

    id: int
    name: str
    levels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Values:
    """The variables of a project, in their order, and all values.

    Attributes:
        variables: all of them, without the group.
        own: unit → variable's id → value, as somebody gave them.
        offices: transcript's id → its group; "" if it has none.
    """

    variables: tuple[Variable, ...]
    own: Mapping[Unit, Mapping[int, str]]
    offices: Mapping[int, str]

    @property
    def usable(self) -> tuple[Variable, ...]:
        """The variables, and the group after them if an interview has one."""
        group = (group_variable(),) if any(self.offices.values()) else ()
        return (*self.variables, *group)

    def of(self, transcript: int, speaker: str, variable: int) -> str:
        """The value of a speaker, or else of the interview; "" for none."""
        if variable == GROUP:
            return self.offices.get(transcript, "")
        said = self.own.get((transcript, speaker), {}).get(variable) if speaker else None
        return said or self.own.get((transcript, ""), {}).get(variable, "")

    def levels(self, variable: Variable) -> tuple[str, ...]:
        """The values that somebody has: those with a place in the order first, then the others as people sort them."""
        if variable.id == GROUP:
            there = set(self.offices.values()) - {""}
        else:
            there = {given[variable.id] for given in self.own.values() if variable.id in given}
        ordered = [one for one in dict.fromkeys(variable.levels) if one in there]
        return (*ordered, *sorted(there - set(ordered), key=natural))


def group_variable() -> Variable:
    """The group as a variable."""
    return Variable(GROUP, say("Gruppe", "Group"))


def values_of(project: Project) -> Values:
    """Read the variables of a project and all values, of one moment."""
    with project.database.reading():
        variables = project.database.rows("SELECT id, name, levels FROM variable ORDER BY place, id")
        rows = project.database.rows("SELECT transcript, speaker, variable, value FROM value ORDER BY 1, 2, 3")
        offices = project.database.rows("SELECT id, name, office FROM transcript ORDER BY id")
    own: dict[Unit, dict[int, str]] = {}
    for transcript, speaker, variable, value in rows:
        own.setdefault((transcript, speaker), {})[variable] = value
    return Values(
        tuple(Variable(number, name, tuple(json.loads(levels))) for number, name, levels in variables),
        own,
        {number: "" if office == name else office for number, name, office in offices},
    )


def informants_of(project: Project) -> dict[int, tuple[str, ...]]:
    """Transcript's id → the labels of those who answer in it, in the order in which they first speak."""
    rows = project.database.rows(
        "SELECT transcript, speaker FROM utterance WHERE speaker != '' AND role NOT IN ('interviewer', 'outside') "
        "GROUP BY transcript, speaker ORDER BY transcript, min(number)"
    )
    found: dict[int, tuple[str, ...]] = {}
    for transcript, speaker in rows:
        found[transcript] = (*found.get(transcript, ()), speaker)
    return found
