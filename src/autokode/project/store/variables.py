"""Variables: properties of interviews and of those who speak in them, such as age group, role or wave, and their values.

A value is an interview's, or one speaker's in it. A speaker without a value has the interview's.
"""

import json
from collections.abc import Collection, Mapping
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
        return in_order(variable, there)


def in_order(variable: Variable, there: set[str]) -> tuple[str, ...]:
    """Values of a variable: those with a place in its order first, then the others as people sort them."""
    ordered = [one for one in dict.fromkeys(variable.levels) if one in there]
    return (*ordered, *sorted(there - set(ordered), key=natural))


def group_variable() -> Variable:
    """The group as a variable."""
    return Variable(GROUP, say("Gruppe", "Group"))


def values_of(project: Project, transcripts: Collection[int] | None = None) -> Values:
    """Read the variables of a project and all values, or those of some transcripts, of one moment."""
    among = "" if transcripts is None else f"WHERE transcript IN ({', '.join('?' * len(transcripts))})"
    with project.database.reading():
        variables = _variables(project)
        rows = project.database.rows(
            f"SELECT transcript, speaker, variable, value FROM value {among} ORDER BY 1, 2, 3",  # noqa: S608 - question marks
            tuple(transcripts or ()),
        )
        offices = project.database.rows("SELECT id, name, office FROM transcript ORDER BY id")
    own: dict[Unit, dict[int, str]] = {}
    for number, speaker, variable, value in rows:
        own.setdefault((number, speaker), {})[variable] = value
    return Values(
        variables,
        own,
        {number: "" if office == name else office for number, name, office in offices},
    )


def counts_of(project: Project) -> dict[Variable, dict[str, int]]:
    """Variable → value → how many interviews and speakers have it, in their order; without the group."""
    with project.database.reading():
        variables = _variables(project)
        rows = project.database.rows("SELECT variable, value, count(*) FROM value GROUP BY 1, 2")
    counts = {(number, value): count for number, value, count in rows}
    return {
        one: {value: counts[one.id, value] for value in in_order(one, {v for number, v in counts if number == one.id})}
        for one in variables
    }


def _variables(project: Project) -> tuple[Variable, ...]:
    rows = project.database.rows("SELECT id, name, levels FROM variable ORDER BY place, id")
    return tuple(Variable(number, name, tuple(json.loads(levels))) for number, name, levels in rows)


def informants_of(project: Project) -> dict[int, tuple[str, ...]]:
    """Transcript's id → the labels of those who answer in it, in the order in which they first speak."""
    rows = project.database.rows(
        "SELECT transcript, speaker FROM utterance WHERE speaker != '' AND role NOT IN ('interviewer', 'outside') "
        "GROUP BY transcript, speaker ORDER BY transcript, min(number)"
    )
    found: dict[int, list[str]] = {}
    for transcript, speaker in rows:
        found.setdefault(transcript, []).append(speaker)
    return {transcript: tuple(own) for transcript, own in found.items()}
