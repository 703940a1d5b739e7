"""Projects that one interview is taken out of, with coders who act in them, and the same project without it."""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autokode import Codebook, DataError
from autokode.corpus.coding import Coding, Segment
from autokode.corpus.readers import Source
from autokode.corpus.transcript import Transcript, from_source
from autokode.project import Project, Reviewer
from autokode.project.store.decision_log import (
    KEPT,
    PSEUDONYMISED,
    REMOVAL,
    REPAIR,
    RESTORED,
    Change,
    decide,
    facts,
    log,
)
from autokode.project.store.foreign_data import take_notes
from autokode.project.store.kept_codings import keep
from autokode.project.store.variable_changes import Cell, set_values
from review_case import suggest_by_hand
from trace_case import rare_words, sentences

BOOK = Codebook.from_yaml("koder:\n  - navn: makt\n  - navn: språk\n  - navn: tillit\n")
SAID = {
    "bakeriet": [
        "Vi åpner grytidlig, lenge før bussen går.",
        "Ja, det gjør vi.",
        "Surdeigen bestemmer arbeidsdagen min.",
    ],
    "fjøset": ["Kyrne kjenner stemmen til naboen min best.", "Ja, det gjør vi.", "Silofôret lukter sterkt om våren."],
    "verkstedet": [
        "Solbjørg skrudde girkassen sammen alene i vinter.",
        "Ja, det gjør vi.",
        "Veivakselen knakk da lærlingen glemte oljen.",
    ],
}
GONE, LEFT = "verkstedet", ("bakeriet", "fjøset")
CODERS, CODES = ("Anne", "Berit"), ("makt", "språk", "tillit")


def transcript_of(name: str, texts: Mapping[str, Sequence[str]] = SAID) -> Transcript:
    return from_source(Source("".join(f"Intervjuer: Hva mer da?\nKari: {said}\n" for said in texts[name])), name)


def needles() -> set[str]:
    own, others = transcript_of(GONE), [transcript_of(name).text for name in LEFT]
    return rare_words(own, others) | sentences(own, others)


class World:
    """A project with some interviews, and coders who act in it; an action on an interview that it lacks is left out."""

    def __init__(self, folder: Path, names: Sequence[str], texts: Mapping[str, Sequence[str]] = SAID) -> None:
        self.project = Project.create(folder, BOOK)
        self.texts = texts
        for name in names:
            self.project.add(transcript_of(name, texts))
        for name in names:
            for coder in CODERS:
                suggest_by_hand(self.project, name, coder)
        with self.project.database.writing() as connection:  # one round a coder, as a training makes it
            connection.execute(
                "UPDATE suggestion SET round = (SELECT coder.round FROM coder JOIN round ON round.coder = coder.id "
                "WHERE round.id = suggestion.round)"
            )
            rule = {"id": 1, "name": "Rolle", "place": 1, "levels": "[]"}
            decide(connection, self.project.coders[0].id, REPAIR, [Change("variable", None, rule)])  # nobody undoes it
        self.ids = {source.name: source.id for source in self.project.sources}
        self.people = {coder.name: coder.id for coder in self.project.coders}
        with self.project.database.reading() as connection:
            rows = connection.execute(
                "SELECT suggestion.*, round.coder FROM suggestion JOIN round ON round.id = suggestion.round"
            ).fetchall()
        names_of = {number: name for name, number in self.ids.items()}
        self.suggestions = {
            (row["coder"], names_of[row["transcript"]], row["utterance"], row["code"]): row["id"] for row in rows
        }

    def reviewer(self, coder: str) -> Reviewer:
        return Reviewer(self.project, self.people[coder])

    def suggestion(self, coder: str, name: str, answer: int, code: str) -> int:
        return self.suggestions[self.people[coder], name, 2 * answer + 1, code]

    def codings(self, coder: str, name: str) -> list[int]:
        rows = self.project.database.rows(
            "SELECT id FROM coding WHERE coder = ? AND transcript = ? ORDER BY id", (self.people[coder], self.ids[name])
        )
        return [row["id"] for row in rows]

    def act(self, action: "Action") -> None:
        with contextlib.suppress(DataError):  # a removed coding, a span that is none: whoever tries sees it refused
            getattr(self, f"_{action.kind}")(action, self.reviewer(action.coder))

    def _code(self, action: "Action", reviewer: Reviewer) -> None:
        one = self.project.transcript(action.name).utterances[2 * action.answer + 1]
        end = one.end if action.flag else one.start + 4 + action.number
        reviewer.code(self.ids[action.name], one.start, end, action.code)

    def _judge(self, action: "Action", reviewer: Reviewer) -> None:
        number = self.suggestion(action.coder, action.name, action.answer, CODES[action.number % 2])
        if action.flag:
            reviewer.accept(number)
        elif action.number:
            reviewer.reject(number)
        else:
            reviewer.change(number, action.code)

    def _same(self, action: "Action", reviewer: Reviewer) -> None:
        numbers = [
            self.suggestion(action.coder, name, action.answer, "makt") for name in action.names if name in self.ids
        ]
        reviewer.same(numbers, accept=action.flag)

    def _alter(self, action: "Action", reviewer: Reviewer) -> None:
        own = self.codings(action.coder, action.name)
        if not own:
            return
        coding = own[action.answer % len(own)]
        one = self.project.transcript(action.name).utterances[1]
        changes = (
            lambda: reviewer.remove(coding),
            lambda: reviewer.recode(coding, action.code),
            lambda: reviewer.good(coding),
            lambda: reviewer.span(coding, one.start, one.start + 7),
        )
        changes[action.number]()

    def _memo(self, action: "Action", reviewer: Reviewer) -> None:
        number = self.ids[action.name]
        own = self.codings(action.coder, action.name)
        about = [f"transcript/{number}", f"turn/{number}/{action.answer}", *(f"coding/{one}" for one in own)]
        text = f"Notat om {self.texts[action.name][0] if action.flag else action.name} {action.code}"
        reviewer.memo(about[action.number % len(about)], text if action.answer else "")

    def _note(self, action: "Action", reviewer: Reviewer) -> None:
        """A memo that belongs to no interview, with the coder's own words alone."""
        reviewer.memo(["project", f"code/{action.code}"][action.flag], "Tenk mer på dette." * action.number)

    def _read(self, action: "Action", reviewer: Reviewer) -> None:
        reviewer.read(self.ids[action.name], 2 * action.answer + 1, read=action.flag)

    def _keep(self, action: "Action", reviewer: Reviewer) -> None:
        keep(reviewer, (self.ids[action.name], 2 * action.answer + 1), action.code, given=action.flag)

    def _resolve(self, action: "Action", reviewer: Reviewer) -> None:
        other = next(number for name, number in self.people.items() if name != action.coder)
        reviewer.resolve(other, self.ids[action.name], 2 * action.answer + 1, {action.code: action.flag, "makt": True})

    def _value(self, action: "Action", reviewer: Reviewer) -> None:
        value = f"{action.code} i {action.name}" if action.number else ""
        cell = Cell(self.ids[action.name], "Kari" if action.flag else "", "Rolle", value)
        set_values(self.project, self.project.known_coder(action.coder), [cell])

    def _bring(self, action: "Action", reviewer: Reviewer) -> None:
        rows = []
        for name in (one for one in action.names if one in self.ids):
            transcript = self.project.transcript(name)
            one = transcript.utterances[2 * action.answer + 1]
            rows.append(Coding(Segment(name, one.start, one.end, one.text), action.code, action.coder, ""))
        self.project.add_codings(rows, complete=action.flag)

    def _notes(self, action: "Action", reviewer: Reviewer) -> None:
        about = {f"transcript/{self.ids[name]}": f"Hentet, om {name}." for name in action.names if name in self.ids}
        take_notes(self.project, action.coder, {"project": "Hentet.", **about})

    def _undo(self, action: "Action", reviewer: Reviewer) -> None:
        if reviewer.undo() and action.flag:
            reviewer.redo()


@dataclass(frozen=True)
class Action:
    kind: str
    coder: str
    names: tuple[str, ...]
    answer: int
    code: str
    number: int
    flag: bool

    @property
    def name(self) -> str:
        return self.names[0]


ON_ONE = ("code", "judge", "alter", "memo", "read", "keep", "resolve", "value")
KINDS = (*ON_ONE, "code", "judge", "same", "note", "bring", "notes", "undo", "undo")


def both(one: World, other: World, action: Action) -> None:
    """Act in a project with all interviews, and in one without: there undo only what is there too."""
    if action.kind == "undo":
        before = len(one.project.decisions())
        one.act(action)
        undone = [decision for decision in one.project.decisions()[before:] if decision.kind == "undo"]
        gone = one.ids[GONE]
        kept = any(KEPT in d.shown and d.transcript != gone for d in undone)  # its line has no rows
        if kept or any(belongs(one, c.table, c.after or c.before) != gone for d in undone for c in d.changes):
            other.act(action)
        return
    one.act(action)
    if action.kind not in ON_ONE or action.name != GONE:
        other.act(action)


def undo(world: World, coder: str) -> str:
    """Undo once; give what was undone, or "" where nothing is left or it no longer fits what was brought in later."""
    with contextlib.suppress(DataError):
        outcome = world.reviewer(coder).undo()
        return outcome.kind if outcome else ""
    return ""


def belongs(world: World, table: str, row: Any) -> int | None:
    """The transcript that a row belongs to; None for a memo about the project or a code."""
    if table != "memo":
        return int(row["transcript"])
    kind, _, rest = row["about"].partition("/")
    if kind == "coding":
        with world.project.database.reading() as connection:
            rows = [c.after or c.before for d in log(connection) for c in d.changes if c.table == "coding"]
        return next(int(one["transcript"]) for one in rows if one and one["id"] == int(rest))
    return int(rest.partition("/")[0]) if kind in ("transcript", "turn") else None


@dataclass
class Plain:
    """A project's rows and log in names, without the numbers and times that differ between two projects."""

    world: World
    codings: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.names = {number: name for name, number in self.world.ids.items()}
        self.coders = {number: name for name, number in self.world.people.items()}
        self.suggested = {number: place for place, number in self.world.suggestions.items()}

    def row(self, table: str, row: Any) -> Any:
        if row is None:
            return None
        plain = {name: value for name, value in row.items() if name != "time"}
        if table == "coding":
            plain["id"] = self.codings.setdefault(row["id"], len(self.codings))
        if plain.get("suggestion"):
            plain["suggestion"] = self.suggested[row["suggestion"]][1:]
        if "transcript" in plain:
            plain["transcript"] = self.names[row["transcript"]]
        if "about" in plain:
            kind, *rest = row["about"].split("/")
            if kind in ("transcript", "turn"):
                rest[0] = self.names[int(rest[0])]
            if kind == "coding":
                rest[0] = str(self.codings[int(rest[0])])
            plain["about"] = "/".join((kind, *rest))
        return {
            name: self.coders[value] if name in ("coder", "first", "second") else value for name, value in plain.items()
        }

    def state(self) -> Any:
        """The log without removals and the like, what is undone, and the tables."""
        with self.world.project.database.reading() as connection:
            every, rows = log(connection), facts(connection)
            undone = {row[0] for row in connection.execute("SELECT decision FROM undone")}
            known = connection.execute("SELECT id FROM suggestion ORDER BY id").fetchall()
            counts = [
                connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - our own names
                for table in ("transcript", "utterance", "drawn", "vector", "carried")
            ]
            decided = connection.execute(
                "SELECT suggestion FROM coding WHERE suggestion NOT NULL UNION SELECT suggestion FROM verdict"
            ).fetchall()
        lines = []
        for one in every:
            if one.kind in (REMOVAL, PSEUDONYMISED, RESTORED):
                continue
            changes = [(c.table, self.row(c.table, c.before), self.row(c.table, c.after)) for c in one.changes]
            shown = [
                {**row, "suggestion": self.suggested[row["suggestion"]][1:], "round": 0}
                for row in one.shown.get("suggestions", ())
            ]
            several = one.kind in ("same", "undo", "redo")  # their place is that of one of several utterances
            place = None if several or one.transcript is None else (self.names[one.transcript], one.utterance)
            lines.append((self.coders[one.coder], one.kind, place, changes, shown, one.id in undone))
        tables = {
            table: sorted((self.row(table, row) for row in rows[table].values()), key=repr)
            for table in ("coding", *rows)
        }
        used = {row["suggestion"] for row in decided}
        return lines, tables, counts, sorted(self.suggested[row["id"]] for row in known if row["id"] in used)
