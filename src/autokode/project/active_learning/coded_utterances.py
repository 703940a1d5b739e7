"""Every utterance with what one coder said of it: what a model learns from, and what two coders are compared by."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from autokode.corpus.overlap import overlap
from autokode.corpus.utterance import INTERVIEWER
from autokode.project.active_learning.similarity import Place
from autokode.project.store.decision_log import replayed
from autokode.project.store.project import Coder, Project
from autokode.project.store.schema import CODED_UTTERANCES

FEWEST = 5
"""Utterances that must be coded or read before there is anything to learn from."""


@dataclass(frozen=True, slots=True)
class Turn:
    """An utterance, and what its coder said of it."""

    place: Place
    text: str
    context: str
    answer: bool
    read: bool
    codes: frozenset[str]
    refused: frozenset[str]
    span: tuple[int, int]

    @property
    def known(self) -> bool:
        return self.answer and (self.read or bool(self.codes or self.refused))


def turns_of(project: Project, coder: Coder) -> Iterator[Turn]:
    """Yield every utterance of the project with what a coder said of it, by transcript and place."""
    with project.database.reading() as connection:
        utterances = connection.execute("SELECT * FROM utterance ORDER BY transcript, number").fetchall()
        codings = connection.execute(
            f"SELECT utterance.transcript, utterance.number, coding.code FROM {CODED_UTTERANCES} "  # noqa: S608
            "WHERE coding.coder = ?",
            (coder.id,),
        ).fetchall()
        verdicts = connection.execute("SELECT * FROM verdict WHERE coder = ?", (coder.id,)).fetchall()
        read = connection.execute("SELECT transcript, utterance FROM done WHERE coder = ?", (coder.id,)).fetchall()
    yield from _turns(utterances, map(tuple, codings), verdicts, read)


def turns_at(project: Project, coder: Coder, decision: int) -> Iterator[Turn]:
    """Yield what `turns_of` gave after the decision of this number."""
    with project.database.reading() as connection:
        utterances = connection.execute("SELECT * FROM utterance ORDER BY transcript, number").fetchall()
        state = replayed(connection, last=decision)
    rows = {table: [row for row in own.values() if row.get("coder") == coder.id] for table, own in state.items()}
    within: dict[int, list[Any]] = {}
    for utterance in utterances:
        within.setdefault(utterance["transcript"], []).append(utterance)
    codings = [
        (row["transcript"], utterance["number"], row["code"])
        for row in rows["coding"]
        for utterance in within[row["transcript"]]
        if overlap(utterance["start"], utterance["end"], row["start"], row["end"])
    ]
    yield from _turns(utterances, codings, rows["verdict"], rows["done"])


def _turns(
    utterances: Sequence[Any], codings: Iterable[tuple[int, int, str]], verdicts: Iterable[Any], read: Iterable[Any]
) -> Iterator[Turn]:
    codes: dict[Place, set[str]] = {}
    refused: dict[Place, set[str]] = {}
    for transcript, number, code in codings:
        codes.setdefault((transcript, number), set()).add(code)
    for row in verdicts:
        if row["said"] != "accepted":
            refused.setdefault((row["transcript"], row["utterance"]), set()).add(row["code"])
    places = {(row["transcript"], row["utterance"]) for row in read}
    texts = {(row["transcript"], row["number"]): row["text"] for row in utterances}
    for row in utterances:
        place = (row["transcript"], row["number"])
        own = frozenset(codes.get(place, ()))
        yield Turn(
            place=place,
            text=row["text"],
            context="" if row["question"] is None else texts[row["transcript"], row["question"]],
            answer=row["role"] != INTERVIEWER,
            read=place in places,
            codes=own,
            refused=frozenset(refused.get(place, set()) - own),
            span=(row["start"], row["end"]),
        )
