"""Reads what the page shows to one coder: utterances of a transcript, and how far the coder has come."""

import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from autokode.corpus.model_coder import is_model
from autokode.corpus.utterance import Utterance
from autokode.project.store.code_names import now_called
from autokode.project.store.coders import Coder
from autokode.project.store.decision_rows import Verdict, verdicts_of
from autokode.project.store.project import Project
from autokode.project.store.round_rows import RoundRow, round_shown
from autokode.project.store.schema import NOT_GIVEN, UNDECIDED, overlap_sql
from autokode.project.store.text_marks import text_mark_of
from autokode.project.store.transcripts import utterance_of

_OVERLAPS = overlap_sql("coding.start", "coding.end", "said.value ->> 'start'", "said.value ->> 'end'")
_CODE = "coalesce((SELECT value FROM json_each(:names) WHERE key = said.value ->> 'code'), said.value ->> 'code')"
"""The code of a suggestion that the log shows, as it is called now."""
_LEFT_STANDING = f"""
SELECT said.value ->> 'probability' AS probability FROM decision, json_each(decision.shown, '$.suggestions') AS said
WHERE decision.id IN (
    SELECT max(id) FROM decision WHERE coder = :coder AND kind = 'done' AND id NOT IN (SELECT decision FROM undone)
    GROUP BY transcript, utterance)
AND NOT EXISTS (SELECT 1 FROM verdict WHERE coder = :coder AND verdict.transcript = decision.transcript
    AND verdict.utterance = decision.utterance AND verdict.code = {_CODE})
AND NOT EXISTS (SELECT 1 FROM coding WHERE coder = :coder AND coding.transcript = decision.transcript
    AND coding.code = {_CODE} AND {_OVERLAPS})
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class SuggestionShown:
    """A suggestion that its coder has not decided about.

    Attributes:
        part_start, part_end: the segment that speaks most for it.
        evidence: its words and what the question adds, as `explain` wrote them; None before they are worked out.
    """

    id: int
    utterance: int
    code: str
    start: int
    end: int
    part_start: int
    part_end: int
    probability: float
    evidence: dict[str, Any] | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class CodingShown:
    """A coding, with its memo and, where it came of a suggestion, the suggestion's probability.

    Attributes:
        others: (coder, memo) of what others wrote about it; nothing for a coder who codes blind.
    """

    id: int
    code: str
    start: int
    end: int
    good: bool
    memo: str = field(repr=False)
    probability: float | None
    others: tuple[tuple[str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class UtterancesShown:
    """Utterances of one transcript, and all that a coder is shown there.

    Attributes:
        utterances: number → utterance, in order.
        suggestions: undecided ones, by utterance and the most probable first; none for a coder who codes blind.
        codings: the coder's, in order.
        rejected: number → (code, suggestion, verdict) that the coder rejected, or changed to another code.
        read: numbers of the utterances that the coder has read.
        why: number → why it was given to be read.
        memos: number → the coder's memo.
        unseen: codes of these suggestions that the coder gave nowhere; empty unless the model learnt from this coder alone.
        by_models: (code, model, start, end) of what models coded without a person; nothing for a coder who codes blind.
        little_known: numbers of the answers of which the model knows next to nothing; none for a coder who codes blind.
    """

    utterances: dict[int, Utterance] = field(repr=False)
    suggestions: tuple[SuggestionShown, ...] = field(repr=False)
    codings: tuple[CodingShown, ...] = field(repr=False)
    rejected: dict[int, list[tuple[str, int | None, str]]] = field(repr=False)
    read: frozenset[int]
    why: dict[int, str] = field(repr=False)
    memos: dict[int, str] = field(repr=False)
    unseen: frozenset[str]
    by_models: tuple[tuple[str, str, int, int], ...] = ()
    little_known: frozenset[int] = frozenset()


def utterances_shown(
    project: Project, coder: Coder, transcript: int, numbers: Collection[int] | None = None
) -> UtterancesShown | None:
    """What a coder is shown of a transcript's utterances, all or those with these numbers; None if there are none."""
    among = "" if numbers is None else f"AND number IN ({', '.join('?' * len(numbers))})"
    query = f"SELECT * FROM utterance WHERE transcript = ? {among} ORDER BY number"  # noqa: S608 - question marks
    place, found = (coder.id, transcript), project.database.rows
    with project.database.reading():
        rows = found(query, (transcript, *sorted(numbers or ())))
        if not rows:
            return None
        why = found("SELECT utterance, why FROM drawn WHERE coder = ? AND transcript = ?", place)
        memos = found(
            "SELECT about, text FROM memo WHERE coder = ? AND about LIKE ?", (coder.id, f"turn/{transcript}/%")
        )
        suggestions = _suggestions(project, coder, transcript, rows[0]["number"], rows[-1]["number"])
        learnt = round_shown(project, coder)
        given = {code for (code,) in found("SELECT DISTINCT code FROM coding WHERE coder = ?", (coder.id,))}
        unseen = {one.code for one in suggestions} - given if suggestions and _learnt_here(learnt) else set()
        return UtterancesShown(
            utterances={row["number"]: utterance_of(row) for row in rows},
            suggestions=suggestions,
            codings=_codings(project, coder, transcript, rows[0]["start"], rows[-1]["end"]),
            rejected=_rejected(project, place),
            read=frozenset(n for (n,) in found("SELECT utterance FROM done WHERE coder = ? AND transcript = ?", place)),
            why=dict(map(tuple, why)),
            memos={int(about.rpartition("/")[2]): text for about, text in memos},
            unseen=frozenset(unseen),
            by_models=_by_models(project, coder, transcript),
            little_known=frozenset() if coder.blind else _little_known(project, learnt, transcript),
        )


def _little_known(project: Project, row: RoundRow | None, transcript: int) -> frozenset[int]:
    """The answers of which the model of a round knows next to nothing, as long as their text is what it was then."""
    told = row.about.get("little_known", {}).get(str(transcript)) if row is not None else None
    if told is None or told[0] != text_mark_of(project, transcript):
        return frozenset()
    return frozenset(told[1])


def _rejected(project: Project, place: tuple[int, int]) -> dict[int, list[tuple[str, int | None, str]]]:
    found: dict[int, list[tuple[str, int | None, str]]] = {}
    for utterance, *said in project.database.rows(
        "SELECT utterance, code, suggestion, said FROM verdict WHERE coder = ? AND transcript = ? AND said != 'accepted' "
        "ORDER BY code",
        place,
    ):
        found.setdefault(utterance, []).append((said[0], said[1], said[2]))
    return found


def _learnt_here(row: RoundRow | None) -> bool:
    """Whether the round that a coder sees learnt from that coder, and not from others (a model that was given)."""
    return row is not None and not row.about.get("given")


def _suggestions(project: Project, coder: Coder, transcript: int, first: int, last: int) -> tuple[SuggestionShown, ...]:
    if coder.blind:
        return ()
    rows = project.database.rows(
        "SELECT id, utterance, code, start, end, part_start, part_end, probability, evidence "
        f"{UNDECIDED} AND transcript = :transcript AND utterance BETWEEN :first AND :last AND {NOT_GIVEN} "
        "ORDER BY utterance, probability DESC, id",
        {"coder": coder.id, "codable": project.codable, "transcript": transcript, "first": first, "last": last},
    )
    return tuple(
        SuggestionShown(**{**dict(row), "evidence": json.loads(row["evidence"]) if row["evidence"] else None})
        for row in rows
    )


def _codings(project: Project, coder: Coder, transcript: int, start: int, end: int) -> tuple[CodingShown, ...]:
    within = overlap_sql("coding.start", "coding.end", "?", "?")
    rows = project.database.rows(
        "SELECT coding.id, coding.code, coding.start, coding.end, good, coalesce(memo.text, '') AS memo, probability "  # noqa: S608
        "FROM coding LEFT JOIN suggestion ON suggestion.id = coding.suggestion LEFT JOIN memo ON memo.coder = coding.coder "
        f"AND memo.about = 'coding/' || coding.id WHERE coding.coder = ? AND coding.transcript = ? AND {within} "
        "ORDER BY coding.start, coding.id",
        (coder.id, transcript, start, end),
    )
    others = {} if coder.blind else _memos_of_others(project, coder, [row["id"] for row in rows])
    return tuple(
        CodingShown(**{**dict(row), "good": bool(row["good"])}, others=tuple(others.get(row["id"], ()))) for row in rows
    )


def _by_models(project: Project, coder: Coder, transcript: int) -> tuple[tuple[str, str, int, int], ...]:
    models = {one.id: one.name for one in project.everyone if is_model(one.name)}
    if coder.blind or not models:
        return ()
    rows = project.database.rows(
        "SELECT code, coder, start, end FROM coding WHERE transcript = ? AND coder IN (SELECT value FROM json_each(?)) "
        "ORDER BY start, code",
        (transcript, json.dumps(list(models))),
    )
    return tuple((code, models[who], start, end) for code, who, start, end in rows)


def _memos_of_others(project: Project, coder: Coder, codings: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """Coding → (coder, memo) of what others wrote about it."""
    found: dict[int, list[tuple[str, str]]] = {}
    marks = ", ".join("?" * len(codings))
    for about, name, text in project.database.rows(
        "SELECT about, name, text FROM memo JOIN coder ON coder.id = memo.coder "  # noqa: S608 - question marks
        f"WHERE memo.coder != ? AND about IN ({marks}) ORDER BY name",
        (coder.id, *(f"coding/{number}" for number in codings)),
    ):
        found.setdefault(int(about.removeprefix("coding/")), []).append((name, text))
    return found


@dataclass(frozen=True, slots=True)
class Counts:
    """What a coder has done and has still to do.

    Attributes:
        read: transcript's id → answers read.
        codings: transcript's id → codings.
        per_code: code → codings.
        open: (transcript's id, code) → undecided suggestions in answers that are not read yet.
        verdicts: what was said of suggestions.
        left_standing: probabilities of the suggestions that stood in an answer when the coder marked it as read, and that the
            coder decided nothing about, then or later.
        own_model: whether the suggestions shown come of a model that learnt from this coder.
    """

    read: dict[int, int]
    codings: dict[int, int]
    per_code: dict[str, int]
    open: Counter[tuple[int, str]]
    verdicts: list[Verdict]
    left_standing: list[float]
    own_model: bool


def counts(project: Project, coder: Coder) -> Counts:
    """How far a coder has come, all of one moment."""
    own = {"coder": coder.id}
    rows = project.database.rows
    with project.database.reading():
        renames = project.names_since()
        now_names = {old: now_called(old, renames) for old, _new in renames}
        codings = rows("SELECT transcript, code FROM coding WHERE coder = :coder", own)
        still_open = rows(
            f"SELECT transcript, code, count(*) {UNDECIDED} AND NOT EXISTS (SELECT 1 FROM done WHERE coder = :coder AND "  # noqa: S608
            "done.transcript = suggestion.transcript AND done.utterance = suggestion.utterance) GROUP BY 1, 2",
            {**own, "codable": project.codable},
        )
        return Counts(
            read=Counter(row["transcript"] for row in rows("SELECT transcript FROM done WHERE coder = :coder", own)),
            codings=Counter(row["transcript"] for row in codings),
            per_code=Counter(row["code"] for row in codings),
            open=Counter({(transcript, code): n for transcript, code, n in still_open}),
            verdicts=verdicts_of(project, coder),
            left_standing=[row["probability"] for row in rows(_LEFT_STANDING, {**own, "names": json.dumps(now_names)})],
            own_model=not coder.blind and _learnt_here(round_shown(project, coder)),
        )
