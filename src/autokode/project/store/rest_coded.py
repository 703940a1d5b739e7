"""Writes and reads what models coded without a person: the rest of a code, after a sample showed that a promise holds.

The codings belong to a coder that is named after the model (`corpus.model_coder`), and are made in one decision of the person's
who judged the sample, so that one step of undo takes all of it back.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from autokode.corpus.model_coder import is_model, model_coder
from autokode.project.store.code_names import now_called
from autokode.project.store.coders import enrolled
from autokode.project.store.decision_log import REST, Change, coding_row, decide, decisions_of, next_coding, now
from autokode.project.store.one_coding import put_coding
from autokode.project.store.project import Project
from autokode.project.store.rest_rows import STANDS, Draw
from autokode.project.store.schema import overlap_sql
from autokode.project.store.utterance_rows import UtteranceId


@dataclass(frozen=True, slots=True)
class Rest:
    """What was coded automatically after a check that held, and stands.

    Attributes:
        coder: who judged the sample, by name.
        model: the model's name as a coder.
        sha256: of its manifest.
        code: as it is called now.
        promise, stated, error, look, seed: as `Draw` has them.
        whole, drawn, right: of what would get the code: how many, drawn, right among these.
        passed, passed_drawn, passed_right: of what would not; the samples are 0 for a promise of precision.
        least: the least share proved for what was left, 0–1.
        coded: how many codings were made.
    """

    coder: str
    model: str
    sha256: str
    code: str
    promise: str
    stated: float
    error: float
    look: int
    seed: int
    whole: int
    drawn: int
    right: int
    passed: int
    passed_drawn: int
    passed_right: int
    least: float
    coded: int


def write_rest(project: Project, draw: Draw, left: Collection[UtteranceId], about: Mapping[str, Any]) -> int | None:
    """Give the code to whole answers, as codings of the model's, in one decision of the person's."""
    with project.database.writing() as connection:
        model = enrolled(connection, model_coder(draw.model)).id
        first, moment, changes = next_coding(connection), now(), list[Change]()
        for place in sorted(left):
            query = "SELECT start, end FROM utterance WHERE transcript = ? AND number = ?"
            start, end = connection.execute(query, place).fetchone()
            row = coding_row(first + len(changes), model, (place[0], start, end, draw.code))
            changes += put_coding(connection, None, {**row, "suggestion": None, "time": moment})
        plain = ("code", "promise", "stated", "error", "model", "seed", "look", "passed")
        shown = {name: getattr(draw, name) for name in plain} | {"draw": draw.id, "coded": len(changes), **about}
        return decide(connection, draw.coder, REST, changes, shown=shown, alone=True)


def coded_by_models(project: Project, code: str) -> set[UtteranceId]:
    """The answers to which a model gave a code without a person."""
    within = overlap_sql("utterance.start", "utterance.end", "coding.start", "coding.end")
    rows = project.database.rows(
        "SELECT coding.transcript, number, name FROM coding JOIN coder ON coder.id = coding.coder JOIN utterance ON "  # noqa: S608
        f"utterance.transcript = coding.transcript AND {within} WHERE code = ?",
        (code,),
    )
    return {(transcript, number) for transcript, number, name in rows if is_model(name)}


def rests(project: Project) -> list[Rest]:
    """What was coded automatically and was not undone, in order."""
    query = f"SELECT * FROM decision WHERE kind = ? AND {STANDS} ORDER BY id"  # noqa: S608 - our own words
    with project.database.reading() as connection:
        found = decisions_of(connection, query, (REST,))
    names = {coder.id: coder.name for coder in project.everyone}
    plain = [name for name in Rest.__slots__ if name not in ("coder", "model", "sha256", "code")]
    return [
        Rest(
            coder=names.get(one.coder, ""),
            model=model_coder(one.shown["model"]),
            sha256=one.shown["model"],
            code=now_called(one.shown["code"], project.names_since(decision=one.id)),
            **{name: one.shown[name] for name in plain},
        )
        for one in found
    ]


def coded_elsewhere(project: Project) -> dict[str, int]:
    """Model's name as a coder → its codings, for models by which no rest was coded here: they came with an import or a merge."""
    here = {one.model for one in rests(project)}
    rows = project.database.rows(
        "SELECT name, count(*) FROM coding JOIN coder ON coder.id = coder GROUP BY coder ORDER BY name"
    )
    return {name: count for name, count in rows if is_model(name) and name not in here}
