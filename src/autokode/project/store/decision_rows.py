"""Reads what coders decided: codings, verdicts on suggestions, what was read (now or earlier), memos, and the log's numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import itemgetter
from typing import Any

from autokode.corpus.model_coder import is_model
from autokode.corpus.overlap import overlapped_in
from autokode.project.store.code_names import Names, now_called
from autokode.project.store.coders import Coder
from autokode.project.store.decision_log import Row, replayed
from autokode.project.store.project import Project
from autokode.project.store.utterance_rows import UtteranceId


@dataclass(frozen=True, slots=True)
class CodingRow:
    """A coding: transcript's id, span, code, and the time it was made (ISO 8601, UTC)."""

    transcript: int
    start: int
    end: int
    code: str
    time: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a coder said of a code in an utterance: "accepted", "rejected" or "changed"; and the suggestion's probability."""

    transcript: int
    utterance: int
    code: str
    said: str
    probability: float | None

    @property
    def place(self) -> UtteranceId:
        return self.transcript, self.utterance

    @property
    def rejected(self) -> bool:
        """Whether the code is not to be suggested there again."""
        return self.said != "accepted"


@dataclass(frozen=True, slots=True)
class Decided:
    """Everything that a coder's decisions come to: codings, verdicts, and the places of the utterances that were read."""

    codings: tuple[CodingRow, ...]
    verdicts: tuple[Verdict, ...]
    read: frozenset[UtteranceId]


@dataclass(frozen=True, slots=True)
class Memo:
    """A coder's note about "project", "code/NAME", "transcript/ID", "turn/ID/NUMBER" or "coding/ID"."""

    coder: str
    about: str
    text: str = field(repr=False)


def decided(project: Project, coder: Coder, *, until: str | None = None, last: int | None = None) -> Decided:
    """What a coder had decided: by now, by a moment `until` (ISO 8601, UTC), or by the decision numbered `last`.

    What was decided by a moment has the codes as they are called now; by a decision, as they were called then.

    Raises:
        DataError: the log is damaged; it is read only for an earlier time.
    """
    since: Names = ()
    with project.database.reading() as connection:
        if until is None and last is None:
            tables: dict[str, Iterable[Any]] = {
                table: connection.execute(f"SELECT * FROM {table} WHERE coder = ?", (coder.id,)).fetchall()  # noqa: S608 - ours
                for table in ("coding", "verdict", "done")
            }
        else:
            state = replayed(connection, until=until, last=last)
            since = project.names_since(moment=until) if until is not None else ()
            tables = {
                table: [row for row in rows.values() if row.get("coder") == coder.id] for table, rows in state.items()
            }
    codings = (CodingRow(*(row[name] for name in CodingRow.__slots__)) for row in tables["coding"])
    verdicts = (Verdict(*(row[name] for name in Verdict.__slots__)) for row in tables["verdict"])
    return Decided(
        tuple(replace(one, code=now_called(one.code, since)) for one in codings),
        tuple(replace(one, code=now_called(one.code, since)) for one in verdicts),
        frozenset((row["transcript"], row["utterance"]) for row in tables["done"]),
    )


def codings_then(project: Project, last: int) -> dict[int, Row]:
    """The rows of the codings right after a decision, by number, with codes as named then."""
    with project.database.reading() as connection:
        return {row["id"]: row for row in replayed(connection, last=last)["coding"].values()}


def coders_who_decided(project: Project) -> list[Coder]:
    """The people who gave a code, decided on a suggestion or read an utterance, in the order of their first time.

    A name may be in the project without any of it, as of somebody who only looked at the page.
    """
    work = " UNION ".join(f"SELECT coder FROM {table}" for table in ("coding", "verdict", "done"))  # noqa: S608 - our names
    rows = project.database.rows(f"SELECT id, name, blind FROM coder WHERE id IN ({work}) ORDER BY id")  # noqa: S608 - ours
    return [Coder(number, name, bool(blind)) for number, name, blind in rows if not is_model(name)]


def verdicts_of(project: Project, coder: Coder) -> list[Verdict]:
    """Everything a coder said of suggestions."""
    query = "SELECT transcript, utterance, code, said, probability FROM verdict WHERE coder = ?"
    return [Verdict(*row) for row in project.database.rows(query, (coder.id,))]


def coded_places(project: Project, coder: Coder) -> dict[str, frozenset[UtteranceId]]:
    """Where a coder gave each code: code → the utterances that its codings overlap."""
    coded = "SELECT transcript, start, end, code FROM coding WHERE coder = ? ORDER BY transcript"
    said = "SELECT start, end, number FROM utterance WHERE transcript = ? ORDER BY number"
    found: list[tuple[str, UtteranceId]] = []
    with project.database.reading():
        for transcript, codings in groupby(project.database.rows(coded, (coder.id,)), itemgetter(0)):
            utterances = project.database.rows(said, (transcript,))
            starts, ends, numbers = zip(*utterances, strict=True) if utterances else ((), (), ())
            for _transcript, start, end, code in codings:
                found += [(code, (transcript, numbers[i])) for i in overlapped_in(starts, ends, start, end)]
    return _by_code(found)


def rejected_places(project: Project, coder: Coder) -> dict[str, frozenset[UtteranceId]]:
    """Where a coder rejected each code."""
    return _by_code((one.code, one.place) for one in verdicts_of(project, coder) if one.rejected)


def _by_code(pairs: Iterable[tuple[str, UtteranceId]]) -> dict[str, frozenset[UtteranceId]]:
    found: dict[str, set[UtteranceId]] = {}
    for code, place in pairs:
        found.setdefault(code, set()).add(place)
    return {code: frozenset(places) for code, places in found.items()}


def codings_from_suggestions(project: Project, coder: Coder) -> int:
    """How many of a coder's codings came of a suggestion."""
    query = "SELECT count(*) FROM coding WHERE coder = ? AND suggestion IS NOT NULL"
    return project.database.number(query, (coder.id,))


@dataclass(frozen=True, slots=True)
class Used:
    """How many codings, verdicts on suggestions, memos and settled answers are about a code, of all coders."""

    codings: int
    verdicts: int
    memos: int
    settled: int


def codes_used(project: Project) -> dict[str, Used]:
    """Every code that something is about, by name."""
    counts: dict[str, list[int]] = {}
    queries = (
        "SELECT code, count(*) FROM coding GROUP BY code",
        "SELECT code, count(*) FROM verdict GROUP BY code",
        "SELECT substr(about, 6), count(*) FROM memo WHERE about LIKE 'code/%' GROUP BY about",
        "SELECT code, count(*) FROM resolution GROUP BY code",
    )
    with project.database.reading():
        for slot, query in enumerate(queries):
            for code, count in project.database.rows(query):
                counts.setdefault(code, [0] * len(queries))[slot] = count
    return {code: Used(*counts[code]) for code in sorted(counts)}


def codings_from_elsewhere(project: Project, coder: Coder) -> int:
    """How many of a coder's codings were made elsewhere and taken in."""
    query = (
        "SELECT count(*) FROM coding WHERE coder = :coder AND id IN ("
        "SELECT change.value ->> '$[2].id' FROM decision, json_each(decision.changes) AS change "
        "WHERE coder = :coder AND kind = 'import' AND change.value ->> '$[0]' = 'coding')"
    )
    return project.database.number(query, {"coder": coder.id})


def settled(project: Project, first: Coder, second: Coder) -> dict[UtteranceId, dict[str, bool]]:
    """What two coders settled where they differed: place → code → whether the utterance is to have it."""
    query = "SELECT transcript, utterance, code, given FROM resolution WHERE first = ? AND second = ?"
    found: dict[UtteranceId, dict[str, bool]] = {}
    for transcript, utterance, code, given in project.database.rows(query, sorted((first.id, second.id))):
        found.setdefault((transcript, utterance), {})[code] = bool(given)
    return found


def others_who_read_the_same(project: Project, coder: Coder) -> list[Coder]:
    """The other coders who have read anything that this coder has read too, in the order of their first time."""
    query = (
        "SELECT id, name, blind FROM coder WHERE id != :coder AND EXISTS (SELECT 1 FROM done AS own JOIN done AS its USING "
        "(transcript, utterance) WHERE own.coder = :coder AND its.coder = coder.id) ORDER BY id"
    )
    rows = project.database.rows(query, {"coder": coder.id})
    return [Coder(number, name, bool(blind)) for number, name, blind in rows]


def memos(project: Project) -> list[Memo]:
    """Every memo, in the order of what it is about. They are their coders' own: let out only those that somebody asked for."""
    query = "SELECT coder.name, about, text FROM memo JOIN coder ON coder.id = memo.coder ORDER BY about, coder.name"
    return [Memo(*row) for row in project.database.rows(query)]


def memo_about(project: Project, coder: Coder, about: str) -> str:
    """A coder's note about one thing; "" if there is none."""
    rows = project.database.rows("SELECT text FROM memo WHERE coder = ? AND about = ?", (coder.id, about))
    return str(rows[0]["text"]) if rows else ""


def last_decision(project: Project, coder: Coder | None = None) -> int:
    """The number of the last decision in the log, a coder's or anybody's; 0 if there is none."""
    who = None if coder is None else coder.id
    return project.database.number("SELECT max(id) FROM decision WHERE ? IS NULL OR coder = ?", (who, who))


def decision_and_round(project: Project, coder: Coder) -> tuple[int, int]:
    """The numbers of a coder's last decision and of the round that they see, 0 where there is none; of one moment."""
    query = (
        "SELECT (SELECT coalesce(max(id), 0) FROM decision WHERE coder = :coder), "
        "coalesce((SELECT round FROM coder WHERE id = :coder), 0)"
    )
    decision, round_ = project.database.rows(query, {"coder": coder.id})[0]
    return decision, round_


def utterances_decided(project: Project, coder: Coder, *, after: int) -> dict[int, list[int]]:
    """Where a coder decided anything after the decision `after`: transcript's id → utterances' numbers."""
    query = "SELECT DISTINCT transcript, utterance FROM decision WHERE id > ? AND coder = ? AND utterance IS NOT NULL"
    found: dict[int, list[int]] = {}
    for transcript, utterance in project.database.rows(query, (after, coder.id)):
        found.setdefault(transcript, []).append(utterance)
    return found


def new_decisions(project: Project, coder: Coder, kinds: Sequence[str], *, after: int) -> int:
    """How many of a coder's decisions of some kinds are newer than `after` and than what the coder's model learnt from."""
    return project.database.number(
        "SELECT count(*) FROM decision WHERE coder = ? AND id > max(?, coalesce((SELECT decision FROM round JOIN coder ON "  # noqa: S608 - marks
        f"coder.round = round.id WHERE coder.id = ?), 0)) AND kind IN ({', '.join('?' * len(kinds))})",
        (coder.id, after, coder.id, *kinds),
    )


def utterances_with_decisions(project: Project, coder: Coder, kinds: Sequence[str], *, enough: int) -> bool:
    """Whether a coder decided anything, of these kinds, in `enough` utterances; an import counts as that many."""
    decided_enough = project.database.number(
        "SELECT count(DISTINCT transcript || '/' || utterance) >= ? OR count(*) FILTER (WHERE kind = 'import') > 0 "  # noqa: S608 - marks
        f"FROM decision WHERE coder = ? AND kind IN ({', '.join('?' * len(kinds))})",
        (enough, coder.id, *kinds),
    )
    return bool(decided_enough)


def codes_suggested(project: Project) -> frozenset[str]:
    """The codes of all suggestions that coders are shown."""
    query = "SELECT DISTINCT code FROM suggestion WHERE round IN (SELECT round FROM coder)"
    return frozenset(code for (code,) in project.database.rows(query))
