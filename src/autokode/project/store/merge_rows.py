"""What people decided, in a form in which two files can be laid beside each other: by person, interview, place and code.

Three states are laid beside each other: here, there, and there as it was when it was last known here. What only one of the two
files changed since is as that file has it; what both changed stays as it is here, and is told.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from autokode.project.store.decision_log import Row, State
from autokode.project.store.merge_interviews import Places

Key = tuple[Any, ...]
"""A table's name and what names a row in both files: ("coding", person, interview, start, end, code), ("verdict", person,
interview, utterance, code), ("done", person, interview, utterance), ("memo", person, subject), ("resolution", persons, interview,
utterance, code); a memo's subject is ("project",), ("code", name), ("transcript", interview), ("turn", interview, utterance) or
a coding's key. Interviews are named by their ids here, persons and codes by their names here."""

Value = tuple[Any, ...]
"""What is said there: (good,), (said, probability), (), (text,), (given,)."""


@dataclass(frozen=True)
class Frame:
    """How the rows of a file are named in common.

    Attributes:
        people: coder's id → name.
        places: interview's id → where its places are; None where they are as they stand. What belongs to others is left out.
        code: a code's name → its name here.
        gone: the rows of codings that are gone, by number, as memos are about.
    """

    people: Mapping[int, str]
    places: Mapping[int, Places | None]
    code: Callable[[str], str]
    gone: Mapping[int, Row] = field(default_factory=dict)

    def number(self, transcript: int) -> int:
        own = self.places[transcript]
        return transcript if own is None else own.number

    def span(self, row: Row) -> tuple[int, int] | None:
        own = self.places[row["transcript"]]
        return (row["start"], row["end"]) if own is None else own.span(row["start"], row["end"])

    def utterance(self, transcript: int, number: int) -> int | None:
        own = self.places[transcript]
        return number if own is None else own.utterance(number)


@dataclass
class Rows:
    """The rows of a file in common form.

    Attributes:
        values: key → what is said there.
        about: key of a coding → its row, in its own file.
        lost: (person, interview's id there, table) → how many rows have no place here.
    """

    values: dict[Key, Value] = field(repr=False, default_factory=dict)
    about: dict[Key, Row] = field(default_factory=dict)
    lost: Counter[tuple[str, int, str]] = field(default_factory=Counter)


def common_rows(state: State, frame: Frame) -> Rows:
    """The rows of a state in common form."""
    found = Rows()
    numbers = _codings(state, frame, found)
    _answers(state, frame, found)
    for row in state["memo"].values():
        subject = _subject(row["about"], frame, numbers)
        if subject is not None and row["coder"] in frame.people:
            key = ("memo", frame.people[row["coder"]], subject)
            before = found.values.get(key)
            found.values[key] = (f"{before[0]}\n\n{row['text']}" if before else row["text"],)
    return found


def _codings(state: State, frame: Frame, found: Rows) -> dict[int, Key]:
    numbers: dict[int, Key] = {}
    for row in sorted(state["coding"].values(), key=lambda one: one["id"]):
        if row["transcript"] not in frame.places or row["coder"] not in frame.people:
            continue
        who, span = frame.people[row["coder"]], frame.span(row)
        if span is None:
            found.lost[who, row["transcript"], "coding"] += 1
            continue
        key = ("coding", who, frame.number(row["transcript"]), *span, frame.code(row["code"]))
        found.values[key] = (max(row["good"], found.values.get(key, (0,))[0]),)
        found.about.setdefault(key, row)
        numbers[row["id"]] = key
    return numbers


def _answers(state: State, frame: Frame, found: Rows) -> None:
    """Verdicts, read marks, and what was settled."""
    for table in ("verdict", "done", "resolution"):
        for row in state[table].values():
            people = [row["coder"]] if "coder" in row else [row["first"], row["second"]]
            if row["transcript"] not in frame.places or not frame.people.keys() >= set(people):
                continue
            names = tuple(sorted(frame.people[one] for one in people))
            to = frame.utterance(row["transcript"], row["utterance"])
            if to is None:
                found.lost[names[0], row["transcript"], table] += 1
                continue
            place = (frame.number(row["transcript"]), to)
            if table == "done":
                found.values["done", names[0], *place] = ()
            elif table == "verdict":
                key = ("verdict", names[0], *place, frame.code(row["code"]))
                found.values.setdefault(key, (row["said"], row["probability"]))
            else:
                found.values.setdefault(("resolution", names, *place, frame.code(row["code"])), (row["given"],))


def _subject(about: str, frame: Frame, numbers: Mapping[int, Key]) -> Key | None:
    """What a memo is about, in common; None if it is about what is left out."""
    kind, _, rest = about.partition("/")
    if kind == "project":
        return ("project",)
    if kind == "code":
        return ("code", frame.code(rest))
    if kind == "coding":
        return _coding_subject(int(rest), frame, numbers)
    number, _, turn = rest.partition("/")
    if int(number) not in frame.places:
        return None
    to = frame.utterance(int(number), int(turn)) if turn else None
    here = frame.number(int(number))
    return ("transcript", here) if to is None else ("turn", here, to)


def _coding_subject(number: int, frame: Frame, numbers: Mapping[int, Key]) -> Key | None:
    """The key of a coding that a memo is about; of one that is gone, the key that it had; else its interview."""
    if number in numbers:
        return numbers[number]
    row = frame.gone.get(number)
    if row is None:
        return ("project",)
    if row["transcript"] not in frame.places or row["coder"] not in frame.people:
        return None
    span, here = frame.span(row), frame.number(row["transcript"])
    if span is None:
        return ("transcript", here)
    return ("coding", frame.people[row["coder"]], here, *span, frame.code(row["code"]))


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that is to be another, or that both files changed (`stays`): its key, what is said here, and there."""

    key: Key
    here: Value | None
    there: Value | None
    stays: bool = False


def differences(here: Rows, there: Rows, was: Rows, people: Collection[str]) -> Iterator[Difference]:
    """Yield what the other file brings of some people's work, and what both changed."""
    for key in there.values.keys() | was.values.keys():
        names = key[1] if key[0] == "resolution" else (key[1],)
        if not set(names) & set(people):
            continue
        own, theirs, before = here.values.get(key), there.values.get(key), was.values.get(key)
        if theirs in (own, before):
            continue
        if own == before:
            yield Difference(key, own, theirs)
        else:
            yield _both(key, own, theirs)


def _both(key: Key, own: Value | None, theirs: Value | None) -> Difference:
    """What becomes of a row that both files changed: no words of a memo and no mark of a good quote are lost."""
    if key[0] == "coding" and own is not None and theirs is not None:
        return Difference(key, own, (max(own[0], theirs[0]),), stays=own[0] >= theirs[0])
    if key[0] == "memo" and theirs is not None:
        text = theirs[0] if own is None else own[0]
        if own is not None and f"\n\n{theirs[0]}\n\n" not in f"\n\n{own[0]}\n\n":
            text = f"{own[0]}\n\n{theirs[0]}"
        return Difference(key, own, (text,), stays=own == (text,))
    return Difference(key, own, theirs, stays=True)
