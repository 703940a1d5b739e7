"""Merges another project into this one, in one step: interviews by their texts, codes by what they are, work by whose it is.

The two are usually copies of one project in which people worked apart. Nothing is asked while it goes on: the rules are those of
`merge_interviews`, `merge_codes` and `merge_rows`, and what they did is told.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from autokode.base.errors import failure
from autokode.base.messages import say
from autokode.corpus.codebook import Codebook
from autokode.project.store.code_names import now_called
from autokode.project.store.coders import as_known, enrolling
from autokode.project.store.decision_log import FACTS, Row, State, facts, replayed
from autokode.project.store.memo_rows import last_codings
from autokode.project.store.merge_codes import CodeMet, Codes
from autokode.project.store.merge_interviews import NEW, InterviewMet, Places, meet_interviews
from autokode.project.store.merge_past import MERGE, corrected_since, note_merge, past_of, workers
from autokode.project.store.merge_rows import Frame, Key, Rows, common_rows, differences
from autokode.project.store.merge_telling import about_interviews, about_lost, about_people
from autokode.project.store.merge_variables import Three, take_variables, variables_told
from autokode.project.store.merge_writing import GONE, PUT, STAYS, Counts, write_differences
from autokode.project.store.project import Project

_CODED = ("coding", "verdict")
"""Tables whose rows need their code in the codebook."""


@dataclass(frozen=True, slots=True)
class PersonMet:
    """What came of a person's work.

    Attributes:
        name: the person.
        is_new: whether nothing of theirs was here before.
        blind: whether they code blind.
        codings, verdicts, read, memos, settled: new or changed rows that came.
        gone: codings and other rows that they had removed there since, and that are gone here too.
        stays: rows that both files changed; they are as they were here.
    """

    name: str
    is_new: bool
    blind: bool
    codings: int = 0
    verdicts: int = 0
    read: int = 0
    memos: int = 0
    settled: int = 0
    gone: int = 0
    stays: int = 0


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge did.

    Attributes:
        is_copy: whether both began as copies of one project.
        interviews: what became of each interview of the other file.
        codes: the codes that are new or that differ.
        people: whose work came, or would have.
        remarks: sentences on what was left out, and why.
        is_nothing: whether the project is as it was.
    """

    is_copy: bool
    interviews: tuple[InterviewMet, ...]
    codes: tuple[CodeMet, ...]
    people: tuple[PersonMet, ...]
    remarks: tuple[str, ...]
    is_nothing: bool


def merge(project: Project, other: Project, *, without: Collection[str] = ()) -> Merged:
    """Merge another project into a project, in one step that `take_back_step` takes back. Merged again, it changes nothing.

    After the step, `Project.write_codebook_file` lets codebook.yaml follow; whatever reads that file does so first.

    Args:
        project: the project.
        other: the other one; only read.
        without: names of interviews of the other one that are left out.

    Raises:
        DataError: an interview of the same name has another text; names were replaced in one of the two alone; `without` names
            no interview; the codebook's file was changed by hand and not taken in. Nothing is changed then.
    """
    _check_names(other, without)
    with project.step(MERGE), other.database.reading() as theirs, project.database.writing() as own:
        return _Merge(project, other, own, theirs).all(without)


def _check_names(other: Project, without: Collection[str]) -> None:
    names = [source.name for source in other.sources]
    for name in without:
        if name not in names:
            shown = ", ".join(f"«{one}»" for one in names)
            raise failure(
                f"den andre filen har ikke noe intervju «{name}»; den har {shown}",
                f"the other file has no interview «{name}»; it has {shown}",
                try_next="--without",
            )


class _Merge:
    """One merge in progress."""

    def __init__(self, project: Project, other: Project, own: sqlite3.Connection, theirs: sqlite3.Connection) -> None:
        self.project, self.other, self.own, self.theirs = project, other, own, theirs
        self.past = past_of(project, other)
        self.known = {coder.id: coder.name for coder in project.everyone}
        self.people = dict(self._people())
        self.blind = {self.people[coder.id] for coder in other.everyone if coder.blind}

    def _people(self) -> Iterator[tuple[int, str]]:
        """Yield (coder's id there, name here): the same number in a log that both have, or the same name."""
        for coder in self.other.everyone:
            here = self.past.coders.get(coder.id)
            known = self.known.get(here) if here is not None else None
            yield coder.id, known or as_known(coder.name, list(self.known.values()))

    def all(self, without: Collection[str]) -> Merged:
        interviews, places = meet_interviews(self.project, self.other, self.past, without)
        codes = Codes.of(self.project, self.other, self.past)
        here, there, was = self._rows(places, codes)
        variables = self._variables(places)
        worked_there, worked_here = self._workers()
        found = list(differences(here, there, was, worked_there))
        before = self.project.codebook
        used = {one.key[-1] for one in found if one.key[0] in _CODED and one.there and not one.stays}
        codebook = codes.met_with(used)
        if codebook != before:
            self.project.put_codebook(Codebook.from_yaml(codebook.to_yaml(), may_be_empty=True))
        counts = write_differences(
            self.own,
            found,
            here=here.about,
            there=there.about,
            gone=self._gone_here(),
            blind=self.blind,
        )
        recordings = list(self._recordings(places))
        is_something = codebook != before or any(one.how == NEW for one in interviews) or bool(recordings)
        is_something |= bool(variables["put"] or variables["gone"]) or any(
            became != STAYS for _who, _table, became in counts
        )
        if is_something:
            left = frozenset(one.number for one in interviews if one.number not in places)
            note_merge(self.project, self.other, left)
        remarks = (
            *about_people(self.project, self.other, self.people, list(self.known.values()), worked_there & worked_here),
            *about_interviews(self.project, self.other, interviews, places),
            *about_lost(self.other, there),
            *variables_told(variables),
            *recordings,
        )
        people = tuple(self._told(worked_there, counts))
        return Merged(
            self.past.is_copy, tuple(interviews), tuple(codes.met), people, remarks, is_nothing=not is_something
        )

    # rows

    def _rows(self, places: Mapping[int, Places], codes: Codes) -> tuple[Rows, Rows, Rows]:
        """The rows here, there, and there when they were last known here."""
        own, theirs = facts(self.own), facts(self.theirs)
        last = self.past.decision
        was: State = replayed(self.theirs, last=last) if last else {table: {} for table in FACTS}
        since = self.other.names_since(decision=last)
        known = {number: one for number, one in places.items() if number not in self.past.left}
        if last:
            was = self._without_moved(was, theirs, lambda code: now_called(code, since))
        here = Frame(self.known, {one.id: None for one in self.project.sources}, str, _gone(self.own, own))
        there = Frame(self.people, places, codes.called, _gone(self.theirs, theirs))
        then = Frame(self.people, known, lambda code: codes.called(now_called(code, since)), _gone(self.theirs, was))
        return common_rows(own, here), common_rows(theirs, there), common_rows(was, then)

    def _variables(self, places: Mapping[int, Places]) -> Counter[str]:
        """Take in variables and their values, as a decision of whoever decided last there."""
        last = self.past.decision
        was: State = replayed(self.theirs, last=last) if last else {table: {} for table in FACTS}
        states = Three(facts(self.own), facts(self.theirs), was)
        row = self.theirs.execute("SELECT coder FROM decision WHERE coder > 0 ORDER BY id DESC LIMIT 1").fetchone()
        if row is None or row["coder"] not in self.people:
            return Counter()
        known = {number: one for number, one in places.items() if number not in self.past.left}
        name = self.people[row["coder"]]
        is_new = name not in self.known.values()
        with enrolling(self.own, name, blind=(name in self.blind) if is_new else None) as coder:
            return take_variables(self.own, coder, states, places, known)

    def _without_moved(self, was: State, now: State, called: Callable[[str], str]) -> State:
        """An earlier state of the other file without rows whose places may have moved since, but codings that are the same."""
        moved = corrected_since(self.other, self.past.decision)
        if not moved:
            return was
        found: State = {}
        for table, rows in was.items():
            found[table] = {key: row for key, row in rows.items() if row.get("transcript") not in moved}
        for key, row in was["coding"].items():
            other = now["coding"].get(key)
            same = other is not None and (other["code"], other["good"]) == (called(row["code"]), row["good"])
            if row["transcript"] in moved and other is not None and same:
                found["coding"][key] = {**other, "code": row["code"]}
        turns = tuple(f"turn/{number}/" for number in moved)
        found["memo"] = {key: row for key, row in found["memo"].items() if not row["about"].startswith(turns)}
        return found

    def _gone_here(self) -> dict[Key, int]:
        gone = _gone(self.own, facts(self.own))
        return {
            ("coding", self.known.get(row["coder"]), row["transcript"], row["start"], row["end"], row["code"]): number
            for number, row in gone.items()
        }

    def _workers(self) -> tuple[frozenset[str], frozenset[str]]:
        """Whose work is taken from the other file, and who worked here since.

        The work of somebody who decided nothing there since is as it is here; what was merged into the other file counts as
        theirs unless they worked here.
        """
        worked, merged = workers(self.other, self.past.parted if self.past.left else self.past.decision)
        here = frozenset(self.known[one] for one in workers(self.project, self.past.parted)[0] if one in self.known)
        own = {self.people[one] for one in worked if one in self.people}
        return frozenset(own | ({self.people[one] for one in merged if one in self.people} - here)), here

    # what is told

    def _told(self, people: Collection[str], counts: Counts) -> Iterator[PersonMet]:
        coders = {coder.name: coder for coder in self.project.everyone}
        concerned = {who for who, _table, _became in counts} | {one for one in people if one in coders}
        for name in sorted(concerned):
            put = {table: counts[name, table, PUT] for table in FACTS}
            gone, stays = (sum(counts[name, table, became] for table in FACTS) for became in (GONE, STAYS))
            coder = coders.get(name)
            yield PersonMet(
                name,
                name not in self.known.values(),
                bool(coder and coder.blind),
                codings=put["coding"],
                verdicts=put["verdict"],
                read=put["done"],
                memos=put["memo"],
                settled=put["resolution"],
                gone=gone,
                stays=stays,
            )

    def _recordings(self, places: Mapping[int, Places]) -> Iterator[str]:
        """Link interviews to the recordings that the other file links them to, where none is linked; yield what was linked."""
        names = {source.id: source.name for source in self.project.sources}
        for row in map(dict, self.theirs.execute("SELECT * FROM recording ORDER BY transcript").fetchall()):
            if row["transcript"] not in places:
                continue
            number = places[row["transcript"]].number
            if self.own.execute("SELECT 1 FROM recording WHERE transcript = ?", (number,)).fetchone() is None:
                values = {**row, "transcript": number}
                self.own.execute(
                    f"INSERT INTO recording ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})",  # noqa: S608
                    tuple(values.values()),
                )
                yield say(
                    f"«{names[number]}» er knyttet til opptaket slik det lå på den andre maskinen; ligger det et annet sted her: "
                    "autokode listen",
                    f"«{names[number]}» is linked to its recording as it lay on the other machine; if it lies elsewhere here: "
                    "autokode listen",
                )


def _gone(connection: sqlite3.Connection, state: State) -> dict[int, Row]:
    """The codings that memos of a state are about and that are not in it: number → the last row that the log has."""
    there = {row["id"] for row in state["coding"].values()}
    about = {
        int(row["about"].partition("/")[2]) for row in state["memo"].values() if row["about"].startswith("coding/")
    }
    return {number: row for number, (row, _stands) in last_codings(connection, about - there).items()}
