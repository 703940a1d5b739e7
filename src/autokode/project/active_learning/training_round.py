"""From what a coder decided to a model, and from the model to suggestions: one round.

A round's suggestions are written while the coder still sees those before it, and one row of the table says when they take over.
Their evidence, which takes most of the time, is filled in afterwards, first where the coder will read next.

How much is suggested is a setting (`Project.precision`): where it is changed, a round is written from the probabilities kept.
"""

import json
import time
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from autokode.autocoder import AutoCoder, load_model
from autokode.base.errors import AutokodeWarning, DataError, failure, quoted
from autokode.base.hashing import sha256_of_file
from autokode.corpus.codebook import Codebook
from autokode.model.proposals import Limits, proposals
from autokode.project.active_learning.coded_utterances import FEWEST, Turn, turns_at, turns_of
from autokode.project.active_learning.query_order import teaching_order
from autokode.project.active_learning.similarity import Likeness, Place, keep_vectors
from autokode.project.store.database import now
from autokode.project.store.project import MODEL, Coder, Project
from autokode.suggestion import explained

SECOND_LOOK = 0.7
"""Probability from which a code is suggested for an utterance that was read and did not get it."""

KEPT = 3
"""Rounds of one training whose suggestions stay, so that a page that shows one that is not the newest can decide about them."""

_ROWS, _EXPLAINED = 2000, 100
_SAME_EVIDENCE = """
UPDATE suggestion SET part_start = old.part_start, part_end = old.part_end, evidence = old.evidence
FROM suggestion AS old, round AS its, round AS new WHERE suggestion.round = ? AND new.id = suggestion.round
AND its.coder = new.coder AND its.model = new.model AND old.round = its.id AND old.transcript = suggestion.transcript
AND old.utterance = suggestion.utterance AND old.code = suggestion.code AND old.evidence != ''
"""
Progress = Callable[[str, int, int], None]
Wanted = tuple[int, int, str, int, int, float]
"""(transcript, utterance, code, start, end, probability)."""


@dataclass(frozen=True, slots=True)
class Round:
    """What came of a training, or of suggesting again.

    Attributes:
        id: its number.
        model: SHA-256 of the model's manifest, in hexadecimal.
        learnt_from: utterances it learnt from.
        suggestions: how many.
        news: code → (suggestions that the round before did not have, and those that are gone).
        seconds: how long it took until the suggestions were there.
    """

    id: int
    model: str
    learnt_from: int
    suggestions: int
    news: dict[str, tuple[int, int]]
    seconds: float


def learn(project: Project, coder: Coder, *, model: str | None = None, progress: Progress | None = None) -> Round:
    """Learn from what a coder decided, and put suggestions in place of those before.

    Args:
        project: the project.
        coder: whose decisions; only these.
        model: a model's folder or name to take instead of learning one.
        progress: called with (what now, how many done, how many there are).

    Raises:
        DataError: too little is coded, or the model knows codes that the codebook lacks.
    """
    began, start = now(), time.perf_counter()
    with project.database.reading() as connection:
        decision = connection.execute(
            "SELECT coalesce(max(id), 0) FROM decision WHERE coder = ?", (coder.id,)
        ).fetchone()[0]
    turns = list(turns_of(project, coder))
    codebook = project.codebook
    fitted, digest = _given(project, coder, model, codebook) if model else _fitted(project, coder, turns, codebook)
    keep_vectors(project, fitted.lang, progress)
    answers = [turn for turn in turns if turn.answer]
    probabilities = fitted.predict_proba([turn.text for turn in answers], [turn.context for turn in answers])
    found = wanted(fitted, answers, probabilities, precision := project.precision)
    order = teaching_order(
        [turn.place for turn in answers], [turn.known for turn in answers], probabilities, Likeness.of(project)
    )
    about = {
        "codes": fitted.codes_,
        "order": order,
        "news": _news(project, coder, found),
        "learnt_from": sum(turn.known for turn in turns),
        "suggestions": len(found),
        "given": model or "",
        "precision": precision,
        "kept": _digest(project.folder / model_folder(project, coder)),
    }
    number = _write(project, coder, (digest, codebook.sha256, began, decision), about, found)
    _write_likely(project, number, answers, probabilities)
    seconds = time.perf_counter() - start
    _show(project, coder, number, {**about, "seconds": round(seconds, 2)})
    return _made(number, digest, about, seconds)


def suggest_again(project: Project, coder: Coder) -> Round | None:
    """Suggest as much as the project's `precision` says now, and return the round, or None if as much is suggested already.

    Nothing is learnt: it is what learning would have suggested then. A round that takes over meanwhile is not pushed aside.

    Raises:
        DataError: the model of the round shown is gone, damaged or replaced, or what it said of the answers is.
    """
    made = None
    while (row := _shown(project, coder)) and row["about"].get("precision") != (precision := project.precision):
        start, about = time.perf_counter(), {"learnt_in": row["id"], **row["about"], "precision": precision}
        found = wanted(_model_of(project, coder, row), *_kept(project, coder, row), precision)
        about |= {"news": _news(project, coder, found), "suggestions": len(found)}
        number = _write(project, coder, (row["model"], row["codebook"], row["began"], row["decision"]), about, found)
        if _show(project, coder, number, about, instead_of=row["id"]):
            made = _made(number, row["model"], about, time.perf_counter() - start)
    return made


def _made(number: int, model: str, about: Mapping[str, Any], seconds: float) -> Round:
    return Round(number, model, about["learnt_from"], about["suggestions"], about["news"], seconds)


def explain(project: Project, coder: Coder, *, progress: Progress | None = None) -> int:
    """Fill in the evidence of the suggestions a coder sees, where the coder reads next first; return how many were filled in.

    It ends early when another round takes over.
    """
    row = _shown(project, coder)
    if row is None:
        return 0
    with project.database.reading() as connection:
        lacking = connection.execute(
            "SELECT id, transcript, utterance, code, probability FROM suggestion WHERE round = ? AND evidence = ''",
            (row["id"],),
        ).fetchall()
    soon = {tuple(place): i for i, place in enumerate(row["about"]["order"])}
    by_turn: dict[Place, list[Any]] = {}
    for one in sorted(lacking, key=lambda one: (soon.get((one["transcript"], one["utterance"]), len(soon)), one["id"])):
        by_turn.setdefault((one["transcript"], one["utterance"]), []).append(one)
    fitted = load_model(project.folder / model_folder(project, coder))
    names = {source.id: source.name for source in project.sources}
    transcripts: dict[int, Any] = {}
    waiting: list[tuple[Any, ...]] = []
    filled = 0
    for done, ((transcript, utterance), rows) in enumerate(by_turn.items()):
        if progress:
            progress(names[transcript], done, len(by_turn))
        if transcript not in transcripts:
            transcripts[transcript] = project.transcript(names[transcript])
        likely = {one["code"]: one["probability"] for one in rows}
        for one, found in zip(rows, explained(fitted, transcripts[transcript], utterance, likely), strict=True):
            words = [[word.start, word.end, word.contribution, word.word] for word in found.evidence]
            shown = json.dumps({"words": words, "question": found.question_share}, ensure_ascii=False)
            waiting.append((found.part_start, found.part_end, shown, one["id"]))
        if len(waiting) >= _EXPLAINED or done == len(by_turn) - 1:
            if not _fill(project, coder, row["id"], waiting):
                return filled
            filled += len(waiting)
            waiting = []
    return filled


def model_folder(project: Project, coder: Coder) -> str:
    """Return the name of the folder of a coder's model: `model`, and for others than the first `model-NUMBER`."""
    return MODEL if coder.id == project.coders[0].id else f"{MODEL}-{coder.id}"


def _fitted(project: Project, coder: Coder, turns: list[Turn], codebook: Codebook) -> tuple[AutoCoder, str]:
    known = [turn for turn in turns if turn.known]
    if len(known) < FEWEST:
        raise failure(
            f"{coder.name} har kodet eller lest {len(known)} ytringer; det trengs {FEWEST} for å lære",
            f"{coder.name} coded or read {len(known)} utterances; learning takes {FEWEST}",
            try_next=f"autokode review --project {quoted(project.folder)}",
        )
    folder = project.folder / model_folder(project, coder)
    fitted = fit_turns(project, turns, codebook, AutoCoder())
    fitted.save(folder)
    return fitted, _digest(folder)


def fit_turns(project: Project, turns: Iterable[Turn], codebook: Codebook, coder: AutoCoder) -> AutoCoder:
    """Fit a model to what a coder said of the turns of a project; the same whatever order the transcripts were taken in."""
    names = {source.id: source.name for source in project.sources}
    ordered = sorted(turns, key=lambda turn: (names[turn.place[0]], turn.place[1]))
    known = [turn for turn in ordered if turn.known]
    others = [turn for turn in ordered if turn.answer and not turn.known]
    codable = set(codebook.codable)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AutokodeWarning)  # that there are few examples is seen in the probabilities
        return coder.fit(
            [turn.text for turn in known],
            [sorted(turn.codes & codable) for turn in known],
            contexts=[turn.context for turn in known],
            groups=[names[turn.place[0]] for turn in known],
            codebook=codebook,
            unlabelled=[turn.text for turn in others],
            unlabelled_contexts=[turn.context for turn in others],
            rejected=[sorted(turn.refused & codable) for turn in known],
        )


def _given(project: Project, coder: Coder, model: str, codebook: Codebook) -> tuple[AutoCoder, str]:
    fitted = load_model(model)
    unknown = [code for code in fitted.codes_ if code not in codebook.codable]
    if unknown:
        raise failure(
            f"modellen «{model}» er lært av en annen kodebok; denne har ikke {', '.join(unknown[:5])}",
            f"the model «{model}» learnt from another codebook; this one lacks {', '.join(unknown[:5])}",
            try_next=f"autokode learn --project {quoted(project.folder)}",
        )
    from autokode.base.resources import model_folder as shipped_folder

    fitted.save(project.folder / model_folder(project, coder))
    return fitted, _digest(shipped_folder(model))


def _digest(folder: Path) -> str:
    """Return the SHA-256 of a model's manifest, in hexadecimal."""
    return sha256_of_file(folder / "manifest.json")


def wanted(
    fitted: AutoCoder, answers: list[Turn], probabilities: npt.NDArray[np.float32], precision: float | None = None
) -> list[Wanted]:
    """Return what to suggest, most probable of a turn first.

    It is what `AutoCoder.predict` suggests, by probabilities as they are kept (float16: the same, but where one is within 0.0005
    of its limit), less what the coder gave or said no to, and of an utterance that was read only what is `SECOND_LOOK` or more.
    """
    limits = Limits(_rounded(fitted.least(precision)))
    proposed = proposals(fitted.model_, [turn.text for turn in answers], _rounded(probabilities), limits)
    found = []
    for turn, own in zip(answers, proposed, strict=True):
        new = [one for one in own if one.name not in turn.codes and one.name not in turn.refused]
        sure = [one for one in new if not turn.read or one.probability >= SECOND_LOOK]
        found += [(*turn.place, one.name, *turn.span, round(one.probability, 4)) for one in sure]
    return found


def _rounded(numbers: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return numbers as the table `likely` keeps them, so that suggestions made of those are the same."""
    return numbers.astype(np.float16).astype(np.float32)


def _shown(project: Project, coder: Coder) -> dict[str, Any] | None:
    """Return the round a coder sees, `about` as a mapping."""
    with project.database.reading() as connection:
        row = connection.execute(
            "SELECT round.* FROM round JOIN coder ON coder.round = round.id WHERE coder.id = ?", (coder.id,)
        ).fetchone()
    return None if row is None else {**dict(row), "about": json.loads(row["about"])}


def _kept(project: Project, coder: Coder, row: Mapping[str, Any]) -> tuple[list[Turn], npt.NDArray[np.float32]]:
    """Return the answers as they were when a round was learnt, and what its model said of them, float32 (n_answers, n_codes)."""
    with project.database.reading() as connection:
        rows = connection.execute(
            "SELECT id, (SELECT count(*) FROM utterance WHERE transcript = transcript.id) AS n, coalesce(probabilities, x'') AS "
            "blob FROM transcript LEFT JOIN likely ON likely.transcript = id AND round = ? WHERE added <= ?",
            (row["id"], row["began"]),
        ).fetchall()
    codes = len(row["about"]["codes"])
    if any(len(one["blob"]) != 2 * one["n"] * codes for one in rows):
        raise _gone(project)
    blocks = {one["id"]: np.frombuffer(one["blob"], np.float16).reshape(-1, codes) for one in rows}
    answers = [turn for turn in turns_at(project, coder, row["decision"]) if turn.answer and turn.place[0] in blocks]
    found = np.array([blocks[turn.place[0]][turn.place[1]] for turn in answers], np.float32)
    return answers, found.reshape(-1, codes)


def _model_of(project: Project, coder: Coder, row: Mapping[str, Any]) -> AutoCoder:
    """Return the model of a round; an error if it is gone or damaged, or another one stands in its place."""
    folder = project.folder / model_folder(project, coder)
    fitted = load_model(folder) if (folder / "manifest.json").is_file() else None
    if fitted is None or _digest(folder) != row["about"].get("kept", row["model"]):
        raise _gone(project)
    return fitted


def _gone(project: Project) -> DataError:
    return failure(
        "modellen bak forslagene som vises, er ikke her lenger; valget gjelder når det læres på nytt",
        "the model behind the suggestions shown is no longer here; the choice holds when it learns anew",
        try_next=f"autokode learn --project {quoted(project.folder)}",
    )


def _news(project: Project, coder: Coder, wanted: list[Wanted]) -> dict[str, tuple[int, int]]:
    with project.database.reading() as connection:
        rows = connection.execute(
            "SELECT transcript, utterance, code FROM suggestion WHERE round = (SELECT round FROM coder WHERE id = ?)",
            (coder.id,),
        )
        before = {tuple(row) for row in rows}
        rows = connection.execute("SELECT transcript, utterance, code FROM verdict WHERE coder = ?", (coder.id,))
        decided = {tuple(row) for row in rows}
    before, after = before - decided, {row[:3] for row in wanted} - decided
    codes = sorted({row[2] for row in before | after})
    counts = {
        code: (sum(r[2] == code for r in after - before), sum(r[2] == code for r in before - after)) for code in codes
    }
    return {code: both for code, both in counts.items() if any(both)}


def _write(
    project: Project, coder: Coder, head: tuple[str, str, str, int], about: dict[str, Any], wanted: list[Wanted]
) -> int:
    model, codebook, began, decision = head
    with project.database.writing() as connection:
        number = connection.execute(
            "INSERT INTO round (coder, model, codebook, began, decision, about) VALUES (?, ?, ?, ?, ?, ?)",
            (coder.id, model, codebook, began, decision, json.dumps(about, ensure_ascii=False)),
        ).lastrowid
    for first in range(0, len(wanted), _ROWS):
        with project.database.writing() as connection:
            connection.executemany(
                "INSERT INTO suggestion (round, transcript, utterance, code, start, end, probability, part_start, part_end, "
                "evidence) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '')",
                [(number, *row, row[3], row[4]) for row in wanted[first : first + _ROWS]],
            )
    assert number is not None  # noqa: S101 - SQLite numbers every row
    return number


def _write_likely(project: Project, number: int, answers: list[Turn], probabilities: npt.NDArray[np.float32]) -> None:
    """Keep every answer's probabilities, float16 (n_utterances, n_codes) a transcript; questions have zeros."""
    with project.database.reading() as connection:
        counts = dict(connection.execute("SELECT transcript, count(*) FROM utterance GROUP BY transcript").fetchall())
    blocks = {transcript: np.zeros((n, probabilities.shape[1]), np.float16) for transcript, n in counts.items()}
    for turn, row in zip(answers, probabilities, strict=True):
        blocks[turn.place[0]][turn.place[1]] = row
    with project.database.writing() as connection:
        rows = [(number, transcript, block.tobytes()) for transcript, block in blocks.items()]
        connection.executemany("INSERT INTO likely VALUES (?, ?, ?)", rows)


def _show(project: Project, coder: Coder, number: int, about: dict[str, Any], *, instead_of: int | None = None) -> bool:
    """Let the coder see this round, and return True; what trainings before the last suggested goes.

    One that was made of another, `instead_of`, goes itself if that one is no longer what the coder sees. Of what one training
    brought its own round stays, and the last `KEPT`.
    """
    with project.database.writing() as connection:
        before = connection.execute("SELECT round FROM coder WHERE id = ?", (coder.id,)).fetchone()["round"]
        if instead_of is not None and before != instead_of:
            _clear(connection, "id = ?", (number,))
            return False
        values = (None if instead_of else now(), json.dumps(about, ensure_ascii=False), number)
        connection.execute("UPDATE round SET ended = ?, about = ? WHERE id = ?", values)
        connection.execute("UPDATE coder SET round = ? WHERE id = ?", (number, coder.id))
        if instead_of is not None:
            likely = "INSERT INTO likely SELECT ?, transcript, probabilities FROM likely WHERE round = ?"
            connection.execute(likely, (number, before))
            connection.execute(_SAME_EVIDENCE, (number,))
            newest = "SELECT id FROM round WHERE coder = ? ORDER BY id DESC LIMIT ?"
            _clear(
                connection, f"about ->> 'learnt_in' = ? AND id NOT IN ({newest})", (about["learnt_in"], coder.id, KEPT)
            )
        elif before is not None:
            base = "SELECT coalesce(about ->> 'learnt_in', id) FROM round WHERE id = ?"
            _clear(connection, f"coder = ? AND id < ({base})", (coder.id, before))
    return True


def _clear(connection: Any, where: str, values: tuple[int, ...]) -> None:
    """Remove what rounds suggested, but for what something was decided about, and then rounds that no training made."""
    old = f"SELECT id FROM round WHERE {where}"  # noqa: S608 - no text of a user's, here and below
    kept = " UNION ".join(f"SELECT suggestion FROM {t} WHERE suggestion IS NOT NULL" for t in ("verdict", "coding"))  # noqa: S608
    connection.execute(f"DELETE FROM suggestion WHERE round IN ({old}) AND id NOT IN ({kept})", values)  # noqa: S608
    connection.execute(f"DELETE FROM likely WHERE round IN ({old})", values)  # noqa: S608
    left = "about ->> 'learnt_in' IS NOT NULL AND id NOT IN (SELECT round FROM suggestion)"
    connection.execute(f"DELETE FROM round WHERE id IN ({old}) AND {left}", values)  # noqa: S608


def _fill(project: Project, coder: Coder, number: int, rows: list[tuple[Any, ...]]) -> bool:
    with project.database.writing() as connection:
        seen = connection.execute("SELECT round FROM coder WHERE id = ?", (coder.id,)).fetchone()["round"]
        connection.executemany("UPDATE suggestion SET part_start = ?, part_end = ?, evidence = ? WHERE id = ?", rows)
    return bool(seen == number)
