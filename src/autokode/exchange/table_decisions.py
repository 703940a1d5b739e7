"""Reads what somebody decided in a table of suggestions, beside what was decided here since, and stores it."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from autokode.base.errors import DataError, Problem
from autokode.base.messages import say
from autokode.corpus.codebook import Codebook
from autokode.corpus.overlap import overlap
from autokode.exchange.row_marks import Cells, Mark, MarkReader, called_now
from autokode.exchange.table_rows import Table, same_text, whole_number
from autokode.project.store.decision_rows import verdicts_of
from autokode.project.store.foreign_data import Made, Open, made, suggestion_owners, undecided
from autokode.project.store.late_decisions import Gone, decide_late
from autokode.project.store.project import Project
from autokode.project.store.review_changes import ACCEPTED, REJECTED
from autokode.project.store.reviewing import Reviewer

YES = frozenset("ja j yes y x godta godtatt godkjent accept accepted ok 1 true sann".split())
NO = frozenset("nei n no avvis avvist reject rejected 0 false usann".split())

Key = tuple[str, str, int, str]
"""(coder, transcript, utterance, code): what a decision is about."""


@dataclass(frozen=True, slots=True)
class Step:
    """A decision to store: on a suggestion that waits, or on one that is gone; `code` is the one to give, "" for none."""

    suggestion: Open | Gone
    coder: int
    code: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a table decides.

    Attributes:
        steps: the decisions to store.
        left: how many suggestions have none.
        stale: a line on each row whose suggestion was decided otherwise since.
        remarks: on rows that change nothing.
    """

    steps: tuple[Step, ...] = field(repr=False)
    left: int
    stale: tuple[str, ...] = field(repr=False)
    remarks: tuple[str, ...] = field(repr=False)

    def carry_out(self, project: Project) -> dict[str, int]:
        """Store the decisions, and count them by kind."""
        counts = {"accepted": 0, "rejected": 0, "changed": 0}
        for step in self.steps:
            kind = "rejected" if not step.code else "accepted" if step.code == step.suggestion.code else "changed"
            if isinstance(step.suggestion, Gone):
                decide_late(project, step.suggestion, given=step.code)
            elif kind == "accepted":
                Reviewer(project, step.coder).accept(step.suggestion.id)
            elif kind == "rejected":
                Reviewer(project, step.coder).reject(step.suggestion.id)
            else:
                Reviewer(project, step.coder).change(step.suggestion.id, step.code)
            counts[kind] += 1
        return counts


def planned(project: Project, table: Table, marks: MarkReader) -> Plan:
    """Work out what a table decides.

    Raises:
        DataError: cells that are no decision, or two that contradict each other; the message names all of them.
    """
    here, codebook = _Here(project), project.codebook
    problems: list[Problem] = []
    steps: dict[Key, tuple[int, Step]] = {}
    stale, same, gone, left = [], 0, 0, 0
    rows = [(line, row, marks.of(row)) for line, row in table.rows]
    former = called_now(((row, mark) for _line, row, mark in rows), here.owners, here.coders)
    for line, row, mark in rows:
        said = row.get("decision", "").strip()
        if not said:
            left += 1
            continue
        code = marks.code_now(row.get("code", ""), mark)
        given = _code_given(said, code, codebook)
        if given is None:
            problems.append(Problem(_no_decision(said), table.name, line))
            continue
        number = whole_number(row.get("utterance", ""))
        whose = (
            here.owners.get(mark.thing, "") if mark is not None and mark.as_written else ""
        )  # whatever they are called now
        who = row.get("coder", "")
        about = (whose or former.get(who, who), row.get("transcript", ""), -1 if number is None else number, code)
        now = here.decided(about, given)
        suggestion = here.suggestion(about, row, mark) if not now else None
        if now:
            same += now == SAME
            stale += [f"{table.row(line)}: «{code}», {about[1]}, {about[0]}: {now}"] if now != SAME else []
        elif suggestion is None:
            gone += 1
        elif about in steps and steps[about][1].code != given:
            first = steps[about][0]
            what = say(f"avgjort på en annen måte i rad {first}", f"decided otherwise in row {first}")
            problems.append(Problem(what, table.name, line))
        else:
            steps[about] = line, Step(suggestion, here.coders[about[0]], given)
    if problems:
        raise DataError(problems, try_next=say("rett cellene i tabellen", "mend these cells in the table"))
    return Plan(tuple(step for _line, step in steps.values()), left, tuple(stale), tuple(_remarks(same, gone)))


SAME = "same"
"""Said of a decision that stands here already."""


def _remarks(same: int, gone: int) -> Iterator[str]:
    if same:
        yield say(f"{same} forslag er avgjort slik her alt", f"{same} suggestions are decided so here already")
    if gone:
        yield say(
            f"{gone} forslag er avgjort eller borte siden; ikke rørt",
            f"{gone} suggestions were decided or are gone since",
        )


def _no_decision(said: str) -> str:
    return say(
        f"avgjørelse «{said[:40]}»; ventet ja, nei eller en kode",
        f"decision «{said[:40]}»; expected yes, no or a code",
    )


def _code_given(said: str, suggested: str, codebook: Codebook) -> str | None:
    """The code that a decision on a suggested one gives: that one, another, "" for none; None if it is no decision."""
    code = codebook.find(said)
    if code is not None and not said.isdigit():
        return code
    plain = said.casefold().strip(" .!")
    return suggested if plain in YES else "" if plain in NO else code


class _Here:
    """What is suggested and decided in a project now."""

    def __init__(self, project: Project) -> None:
        self.coders = {person.name: person.id for person in project.coders}
        self.owners = suggestion_owners(project)
        self._transcripts = {source.name: (source.id, project.transcript(source.name)) for source in project.sources}
        self._waiting = {(one.coder, one.transcript, one.utterance, one.code): one for one in undecided(project)}
        names = {source.id: source.name for source in project.sources}
        self._verdicts: dict[Key, str] = {
            (person.name, names[one.transcript], one.utterance, one.code): one.said
            for person in project.coders
            for one in verdicts_of(project, person)
        }
        self._codings: dict[tuple[str, str], list[Made]] = {}
        for coding in made(project):
            self._codings.setdefault((coding.coder, coding.transcript), []).append(coding)

    def decided(self, about: Key, given: str) -> str:
        """What was decided here about a suggestion: `SAME` if it is what the table says, "" if nothing, else in words."""
        coder, transcript, number, code = about
        said, codes = self._verdicts.get(about), self._codes_at(coder, transcript, number)
        if said == ACCEPTED or (said is None and code in codes):
            return (
                SAME
                if given == code
                else say("godtatt", "accepted")
                if said
                else say("kodet for hånd", "coded by hand")
            )
        if said == REJECTED:
            return SAME if given == "" else say("avvist", "rejected")
        if said is None:
            return ""
        shown = ", ".join(sorted(codes)) or say("ingen", "none")
        return SAME if given in codes else say(f"fikk en annen kode ({shown})", f"given another code ({shown})")

    def suggestion(self, about: Key, row: Cells, mark: Mark | None) -> Open | Gone | None:
        """The suggestion that a row is about; one that is no longer made only if autokode wrote the row so."""
        coder, transcript, number, code = about
        waiting = self._waiting.get(about)
        if transcript not in self._transcripts or coder not in self.coders:
            return None
        place, there = self._transcripts[transcript]
        if waiting is not None:
            return waiting if same_text(there.text[waiting.start : waiting.end], row.get("quote", "")) else None
        start, end = whole_number(row.get("start", "")) or 0, whole_number(row.get("end", "")) or 0
        if mark is None or not mark.as_written or not self._is_utterance(transcript, number, start, end):
            return None
        return Gone(self.coders[coder], place, number, start, end, code, _probability(row.get("probability", "")))

    def _is_utterance(self, transcript: str, number: int, start: int, end: int) -> bool:
        turns = self._transcripts[transcript][1].utterances
        return 0 <= number < len(turns) and turns[number].start <= start < end <= turns[number].end

    def _codes_at(self, coder: str, transcript: str, number: int) -> set[str]:
        """The codes that a coder gave in an utterance."""
        turns = self._transcripts[transcript][1].utterances if transcript in self._transcripts else ()
        if not 0 <= number < len(turns):
            return set()
        turn, own = turns[number], self._codings.get((coder, transcript), ())
        return {one.code for one in own if overlap(one.start, one.end, turn.start, turn.end)}


def _probability(written: str) -> float | None:
    with contextlib.suppress(ValueError):
        found = float(written.replace(",", "."))
        return found if 0 <= found <= 1 else None
    return None
