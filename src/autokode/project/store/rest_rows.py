"""Keeps what is decided about coding the rest of a code automatically, in the log: samples drawn, and judgements.

A draw changes no row; it holds the list that would be coded, the sample, and how the project was. A judgement is the person's own
decision on a code in an answer. `rest_coded` codes the rest.
"""

import contextlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from autokode.base.hashing import sha256_of_json
from autokode.corpus.codebook import Codebook
from autokode.project.store.code_names import now_called
from autokode.project.store.coders import Coder
from autokode.project.store.decision_log import (
    CODEBOOK,
    DRAW,
    JUDGE,
    REST,
    Change,
    Decision,
    decide,
    decisions_of,
    row_of,
)
from autokode.project.store.project import Project
from autokode.project.store.review_changes import REJECTED, new_coding
from autokode.project.store.round_rows import round_shown
from autokode.project.store.utterance_rows import UtteranceId

PRECISION, RECALL = "precision", "recall"
"""What can be promised."""

GIVEN, PASSED, DECOY = "given", "passed", "decoy"
"""Why an answer is asked about: drawn from what would get the code, drawn from what would not, or part of neither sample."""

HELD = timedelta(hours=1)
"""How long a model that learns by itself waits after a sample was last worked on."""

STANDS = "id NOT IN (SELECT decision FROM undone)"
"""Condition: a decision was not taken back."""


@dataclass(frozen=True, slots=True)
class Draw:
    """A sample drawn to check a promise about the answers of a code that nobody has looked at.

    Attributes:
        id, time: of the decision; the time is ISO 8601, UTC.
        coder: who judges, by id.
        code: the code, by its name then.
        promise: `PRECISION` or `RECALL`.
        stated: the share promised, 0–1.
        error: greatest share of promises that do not hold and may pass for kept, over all looks together, 0–1.
        threshold: the probability from which the code would be given.
        model: SHA-256 of the model's manifest.
        seed: of the draw.
        look: which draw for this code it is, from 1; each spends its part of the error.
        given: the answers that would get the code.
        passed: how many of the answers left would not.
        asked: answer → why it is asked about, in the order of asking.
        state: how the project was: what → a hash.
        transcripts: the ids of the transcripts then.
    """

    id: int
    time: str
    coder: int
    code: str
    promise: str
    stated: float
    error: float
    threshold: float
    model: str
    seed: int
    look: int
    given: frozenset[UtteranceId]
    passed: int
    asked: Mapping[UtteranceId, str]
    state: Mapping[str, str]
    transcripts: tuple[int, ...]

    def among(self, *kinds: str) -> list[UtteranceId]:
        """The answers that are asked about for these reasons."""
        return [place for place, kind in self.asked.items() if kind in kinds]


def in_one_piece(project: Project) -> contextlib.AbstractContextManager[object]:
    """Make one transaction of all that is read and written in the block: after an error none of it is on disk."""
    return project.database.together()


def of_one_moment(project: Project) -> contextlib.AbstractContextManager[object]:
    """Let all that is read in the block be of one moment."""
    return project.database.reading()


def state_now(project: Project, coder: Coder, code: str, transcripts: Collection[int]) -> dict[str, str]:
    """Hashes of what a draw rests on: these texts and their utterances, the code's definition, and the coder's model."""
    row = round_shown(project, coder)
    among = json.dumps(sorted(transcripts))
    rows = project.database.rows
    with project.database.reading():
        texts = rows(
            "SELECT id, sha256 FROM transcript WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id", (among,)
        )
        turns = rows(
            "SELECT transcript, number, start, end, role FROM utterance WHERE transcript IN (SELECT value FROM json_each(?)) "
            "ORDER BY transcript, number",
            (among,),
        )
    return {
        "texts": sha256_of_json([list(map(list, texts)), list(map(list, turns))]),
        "code": definition_hash(project.codebook, code),
        "model": row.model if row else "",
    }


def definition_hash(codebook: Codebook, code: str) -> str:
    """A hash of what a codebook says of a code, without its colour and place; "" if the code is not there to be given."""
    if code not in codebook.codable:
        return ""
    own = codebook[code]
    told = [own.name, own.definition, own.use_when, own.not_when, list(own.examples), list(own.keywords)]
    return sha256_of_json(told)


def write_draw(
    project: Project,
    coder: int,
    about: Mapping[str, Any],
    given: Iterable[UtteranceId],
    asked: Mapping[UtteranceId, str],
) -> int:
    """Keep a draw, in the caller's transaction, and give its number; `about` has what else `Draw` says."""
    shown = {**about, "given": sorted(given), "asked": [(*place, kind) for place, kind in asked.items()]}
    with project.database.writing() as connection:
        made = decide(connection, coder, DRAW, [], shown=shown, alone=True)
    assert made is not None  # noqa: S101 - a draw stands alone
    return made


def is_being_judged(project: Project, coder: Coder) -> bool:
    """Whether a coder worked on a sample within the last `HELD`, and it was not coded by: another model would void it."""
    query = (
        f"SELECT kind, time FROM decision WHERE coder = ? AND kind IN (?, ?, ?) AND {STANDS} ORDER BY id DESC LIMIT 1"  # noqa: S608
    )
    rows = project.database.rows(query, (coder.id, DRAW, JUDGE, REST))
    since = (datetime.now(UTC) - HELD).isoformat(timespec="milliseconds")
    return bool(rows) and rows[0]["kind"] != REST and rows[0]["time"] > since


def look_at(project: Project, code: str) -> int:
    """Which draw for a code the next one is, from 1, whoever drew before.

    A draw that was undone or void counts too, since it may have been looked at; what was drawn before the rest of the code was
    last coded does not: that promise was kept, and the next one is another.
    """
    return 1 + drawn_in_vain(project).get(code, 0)


def drawn_in_vain(project: Project) -> dict[str, int]:
    """Code, as it is called now → how many samples were drawn for it since its rest was last coded, or at all; if any."""
    with project.database.reading() as connection:
        found = decisions_of(connection, "SELECT * FROM decision WHERE kind IN (?, ?) ORDER BY id", (DRAW, REST))
        undone = {number for (number,) in connection.execute("SELECT decision FROM undone")}
    counts: dict[str, int] = {}
    for one in found:
        code = now_called(one.shown["code"], project.names_since(decision=one.id))
        if one.kind == DRAW:
            counts[code] = counts.get(code, 0) + 1
        elif one.id not in undone:
            counts.pop(code, None)
    return counts


def last_draw(project: Project, coder: Coder, code: str) -> Draw | None:
    """A coder's last draw for a code that stands; None if there is none, or if the rest was coded by it."""
    query = f"SELECT * FROM decision WHERE coder = ? AND kind IN (?, ?) AND {STANDS} ORDER BY id DESC"  # noqa: S608 - ours
    with project.database.reading() as connection:
        found = decisions_of(connection, query, (coder.id, DRAW, REST))
    own = (one for one in found if now_called(one.shown.get("code", ""), project.names_since(decision=one.id)) == code)
    last = next(own, None)
    return _draw(last) if last is not None and last.kind == DRAW else None


def draws(project: Project) -> list[Draw]:
    """Every draw ever made, in order, those taken back too."""
    with project.database.reading() as connection:
        return [
            _draw(one) for one in decisions_of(connection, "SELECT * FROM decision WHERE kind = ? ORDER BY id", (DRAW,))
        ]


def _draw(decision: Decision) -> Draw:
    shown = decision.shown
    plain = ("code", "promise", "stated", "error", "threshold", "model", "seed", "look", "passed", "state")
    return Draw(
        id=decision.id,
        time=decision.time,
        coder=decision.coder,
        given=frozenset((one[0], one[1]) for one in shown["given"]),
        asked={(one[0], one[1]): one[2] for one in shown["asked"]},
        transcripts=tuple(shown["transcripts"]),
        **{name: shown[name] for name in plain},
    )


def changed_since(project: Project, coder: Coder, draw: Draw) -> list[str]:
    """What of "texts", "code" and "model" is another than when the sample was drawn; with any, the draw is void."""
    with project.database.reading() as connection:
        state = state_now(project, coder, draw.code, draw.transcripts)
        query = f"SELECT * FROM decision WHERE kind = ? AND id > ? AND {STANDS}"  # noqa: S608 - our own words
        edits = decisions_of(connection, query, (CODEBOOK, draw.id))
    changed = [what for what, was in draw.state.items() if state.get(what) != was]
    if "code" not in changed and any(_touches(edit, draw.code) for edit in edits):
        changed.append("code")
    return changed


def _touches(edit: Decision, code: str) -> bool:
    """Whether an edit of the codebook moved codings of a code elsewhere, or to it."""
    rows = (row for change in edit.changes for row in (change.before, change.after) if row)
    named = (*edit.shown.get("names", ()), *edit.shown.get("merged", ()))
    return code in named or any(row.get("code") == code for row in rows)


def judged(project: Project, draw: Draw) -> dict[UtteranceId, bool]:
    """What was said of the answers asked about: answer → whether it has the code."""
    query = f"SELECT transcript, utterance, shown FROM decision WHERE kind = ? AND coder = ? AND id > ? AND {STANDS} ORDER BY id"  # noqa: S608
    found: dict[UtteranceId, bool] = {}
    for transcript, utterance, text in project.database.rows(query, (JUDGE, draw.coder, draw.id)):
        shown = json.loads(text)
        if shown.get("draw") == draw.id and (transcript, utterance) in draw.asked:
            found[transcript, utterance] = bool(shown["given"])
    return found


def write_judgement(project: Project, draw: Draw, place: UtteranceId, *, given: bool) -> int | None:
    """Store whether an answer has the code: the person's coding of the whole answer, or the code rejected there."""
    with project.database.writing() as connection:
        query = "SELECT start, end FROM utterance WHERE transcript = ? AND number = ?"
        start, end = connection.execute(query, place).fetchone()
        key = {"coder": draw.coder, "transcript": place[0], "utterance": place[1], "code": draw.code}
        before = row_of(connection, "verdict", *key.values())
        if given:
            changes = new_coding(connection, draw.coder, place[0], (start, end), draw.code)
            changes += [Change("verdict", before, None)] if before else []
        else:
            changes = [Change("verdict", before, {**key, "said": REJECTED, "suggestion": None, "probability": None})]
        shown = {"draw": draw.id, "code": draw.code, "given": given}
        return decide(connection, draw.coder, JUDGE, changes, place=place, shown=shown, alone=True)
