"""What a package says of a project's variables: values of documents and of imported cases as they are now, cases of speakers.

An imported variable keeps its id and its kind; what was imported and no variable of the project was made of goes out as it came.
"""

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from autokode.base.formatting import one_line
from autokode.corpus.codebook import folded
from autokode.corpus.overlap import overlapped
from autokode.corpus.transcript import Transcript
from autokode.exchange.kept_data import TAKEN
from autokode.exchange.package.contents import Case, Document, Value, Variable, guid_of
from autokode.exchange.package.own_data import StatedValues
from autokode.project.store.foreign_data import kept
from autokode.project.store.project import Project
from autokode.project.store.variable_changes import LONGEST_VALUE
from autokode.project.store.variables import Unit, Values, values_of
from autokode.project.store.variables import Variable as Own

_TRUE = ("true", "false")


@dataclass(frozen=True)
class VariablesOut:
    """The variables of a package in the making.

    Attributes:
        project: the project.
        values: its variables and values.
        guids: id of a variable of the project → its id in the package.
        kinds: id of a variable in the package → its kind.
        taken: ids of imported variables that the project made its own, those too that it removed since.
        texts: transcript's id → its document's id in the package.
    """

    project: Project
    values: Values
    guids: Mapping[int, str]
    kinds: Mapping[str, str]
    taken: frozenset[str]
    texts: Mapping[int, str] = field(repr=False)

    @classmethod
    def of(cls, project: Project, texts: Mapping[int, str]) -> "VariablesOut":
        """The variables of a project; `texts`: transcript's id → its document's id."""
        values, taken, imported = values_of(project), kept(project, TAKEN), kept(project, "variable")
        guids: dict[int, str] = {number: guid for guid, number in reversed(taken.items())}
        used = {*guids.values(), *imported}
        for one in values.variables:
            name = one.name
            while one.id not in guids:
                guid = guid_of("variable", name)
                if guid not in used:
                    guids[one.id] = guid
                    used.add(guid)
                name += " *"
        kinds = {}
        for one in values.variables:
            guid = guids[one.id]
            stated = imported.get(guid, {}).get("kind", "Text")
            kinds[guid] = stated if all(_fits(stated, text) for text in _texts(values, one)) else "Text"
        return cls(project, values, guids, kinds, frozenset(taken), texts)

    def variables(self) -> tuple[Variable, ...]:
        """Imported variables that the project did not make its own, then the project's in their order."""
        imported = kept(self.project, "variable")
        own = (self._variable(one, imported.get(self.guids[one.id], {})) for one in self.values.variables)
        return (*(Variable(**data) for guid, data in imported.items() if guid not in self.taken), *own)

    def _variable(self, one: Own, data: Mapping[str, Any]) -> Variable:
        guid = self.guids[one.id]
        return Variable(guid, one.name, self.kinds[guid], data.get("description", ""))

    def settled(
        self, documents: Iterable[Document], cases: Iterable[Case]
    ) -> tuple[tuple[Document, ...], tuple[Case, ...]]:
        """Documents and cases with the values of now: those that nobody changed since they were imported stay as they came.

        Values that no document and no imported case states go to the document, or to a case of the speaker.
        """
        documents, cases = tuple(documents), tuple(cases)
        own = _Settling(self, documents, cases)
        kept_of = [own.kept_of_document(one) for one in documents]
        settled = tuple(own.case(one) for one in cases)
        told = tuple(
            replace(one, values=(*values, *own.left(self._ids[one.guid], "")))
            for one, values in zip(documents, kept_of, strict=True)
        )
        return told, (*settled, *own.speakers(told))

    @cached_property
    def _ids(self) -> dict[str, int]:
        return {guid: number for number, guid in self.texts.items()}

    @cached_property
    def transcripts(self) -> dict[int, Transcript]:
        """Transcript's id → the transcript."""
        return {source.id: self.project.transcript(source.name) for source in self.project.sources}

    def of_unit(self, unit: Unit) -> tuple[Value, ...]:
        """The values that were given to an interview, or to a speaker in it."""
        own = self.values.own.get(unit, {})
        return tuple(self._value(one, own[one.id]) for one in self.values.variables if one.id in own)

    def _value(self, one: Own, text: str) -> Value:
        guid = self.guids[one.id]
        return Value(guid, self.kinds[guid], text)

    def stated(self) -> StatedValues:
        """For a file of autokode's: (variable's id, its order), and (document, speaker, variable's id, value)."""
        variables = tuple((self.guids[one.id], one.levels) for one in self.values.variables)
        rows = [
            (self.texts[transcript], speaker, self.guids[number], text)
            for (transcript, speaker), own in self.values.own.items()
            for number, text in own.items()
        ]
        return variables, tuple(sorted(rows))


@dataclass
class _Settling:
    """Which values go out where, while that is worked out: what imported documents and cases state, and what is said so far."""

    out: VariablesOut
    documents: tuple[Document, ...]
    cases: tuple[Case, ...]
    said: set[tuple[Unit, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        ids = {guid: number for number, guid in self.out.texts.items()}
        self.ids, self.present = ids, set(self.out.guids.values())
        self.stated: dict[tuple[Unit, str], set[str]] = {}
        self.units: dict[str, list[Unit]] = {}
        for one in self.documents:
            self._state([(ids[one.guid], "")], one.values)
        for case in self.cases:
            found = ((ids[one.guid], whose(case, one, self.out.transcripts[ids[one.guid]])) for one in self.documents)
            self.units[case.guid] = [(number, speaker) for number, speaker in found if speaker is not None]
            self._state(self.units[case.guid], case.values)

    def _state(self, units: list[Unit], values: tuple[Value, ...]) -> None:
        for unit in units:
            for value in values:
                self.stated.setdefault((unit, value.variable), set()).add(plain(value.text))

    def _now(self, unit: Unit, variable: str) -> Value | None:
        return next((one for one in self.out.of_unit(unit) if one.variable == variable), None)

    def _stays(self, units: list[Unit], value: Value) -> bool:
        """Whether an imported value goes out as it came: it is of nothing that the project has, or was not changed there."""
        if value.variable not in self.out.taken or not (units and plain(value.text)):
            return value.variable not in self.out.taken or value.variable in self.present
        now = [self._now(unit, value.variable) for unit in units]
        return all(
            one is not None and one.text in self.stated[unit, value.variable]
            for unit, one in zip(units, now, strict=True)
        )

    def kept_of_document(self, document: Document) -> tuple[Value, ...]:
        unit = (self.ids[document.guid], "")
        kept_values = tuple(one for one in document.values if self._stays([unit], one))
        self.said |= {(unit, one.variable) for one in kept_values}
        return kept_values

    def case(self, case: Case) -> Case:
        units, values = self.units[case.guid], []
        for value in case.values:
            now = self._now(units[0], value.variable) if len(units) == 1 else None
            if self._stays(units, value):
                values.append(value)
            elif now is not None and now not in values:
                values.append(now)
            else:
                continue
            self.said |= {(unit, value.variable) for unit in units}
        return replace(case, values=tuple(values))

    def left(self, number: int, speaker: str) -> tuple[Value, ...]:
        """The values of an interview, or of a speaker in it, that nothing says yet."""
        unit = (number, speaker)
        return tuple(one for one in self.out.of_unit(unit) if (unit, one.variable) not in self.said)

    def speakers(self, documents: tuple[Document, ...]) -> Iterator[Case]:
        """Yield a case for each speaker of whom something is left, with the coded segments that lie in their utterances alone."""
        for document in documents:
            number = self.ids[document.guid]
            turns = self.out.transcripts[number].utterances
            for transcript, speaker in self.out.values.own:
                values = self.left(number, speaker) if transcript == number and speaker else ()
                if not values:
                    continue
                own = [
                    one.guid
                    for one in document.segments
                    if one.codings and {turns[i].speaker for i in overlapped(turns, one.start, one.end)} == {speaker}
                ]
                guid = guid_of("case", document.guid, speaker)
                yield Case(guid, f"{speaker}, {document.name}", values=values, segments=tuple(own))


def plain(text: str) -> str:
    """An imported value as a project would have it; "" for one that is blank or too long, which a project does not take."""
    one = one_line(text)
    return one if len(one) <= LONGEST_VALUE else ""


def whose(case: Case, document: Document, transcript: Transcript) -> str | None:
    """Whose values a case's are in a document: a speaker's, by label, or with "" the interview's; None for nobody's in it.

    A case that holds the document is the interview, unless somebody in it has the case's name. One that holds no document, but
    segments of one speaker alone, is that speaker.
    """
    if document.guid in case.documents:
        return next((label for label in transcript.speakers if label and folded(label) == folded(case.name)), "")
    if case.documents:
        return None
    turns = transcript.utterances
    own = [one for one in document.segments if one.guid in case.segments]
    heard = {turns[i].speaker for one in own for i in overlapped(turns, one.start, one.end)}
    return (heard.pop() or None) if len(heard) == 1 else None


def _texts(values: Values, one: Own) -> list[str]:
    return [own[one.id] for own in values.own.values() if one.id in own]


def _fits(kind: str, text: str) -> bool:
    """Whether a text is a value of a kind, as XML Schema writes it."""
    if kind == "Text":
        return True
    if kind == "Boolean":
        return text in _TRUE
    reads: Mapping[str, Any] = {
        "Integer": int,
        "Float": float,
        "Date": date.fromisoformat,
        "DateTime": datetime.fromisoformat,
    }
    with contextlib.suppress(ValueError):
        reads[kind](text)
        return text.isascii() and "_" not in text
    return False
