"""Every utterance with what one coder said of it: what a model learns from, and what two coders are compared by."""

from collections.abc import Iterator
from dataclasses import dataclass

from autokode.project.likeness import Place
from autokode.project.project import Coder, Project
from autokode.utterance import INTERVIEWER

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
            "SELECT utterance.transcript, utterance.number, coding.code FROM coding JOIN utterance ON "
            "utterance.transcript = coding.transcript AND utterance.start < coding.end AND utterance.end > coding.start "
            "WHERE coding.coder = ?",
            (coder.id,),
        ).fetchall()
        verdicts = connection.execute(
            "SELECT * FROM verdict WHERE coder = ? AND said != 'accepted'", (coder.id,)
        ).fetchall()
        done = {
            tuple(row)
            for row in connection.execute("SELECT transcript, utterance FROM done WHERE coder = ?", (coder.id,))
        }
    codes: dict[Place, set[str]] = {}
    refused: dict[Place, set[str]] = {}
    for row in codings:
        codes.setdefault((row["transcript"], row["number"]), set()).add(row["code"])
    for row in verdicts:
        refused.setdefault((row["transcript"], row["utterance"]), set()).add(row["code"])
    texts = {(row["transcript"], row["number"]): row["text"] for row in utterances}
    for row in utterances:
        place = (row["transcript"], row["number"])
        own = frozenset(codes.get(place, ()))
        yield Turn(
            place=place,
            text=row["text"],
            context="" if row["question"] is None else texts[row["transcript"], row["question"]],
            answer=row["role"] != INTERVIEWER,
            read=place in done,
            codes=own,
            refused=frozenset(refused.get(place, set()) - own),
            span=(row["start"], row["end"]),
        )
