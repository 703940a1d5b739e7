"""A person reviews a project: each method of `Reviewer` is one decision, and it is on disk when the method returns.

A suggestion is about a code in an utterance. The coder's verdict on that pair outlives the model that made the suggestion; that
is why a rejected suggestion never comes back.
"""

import contextlib
import copy
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from autokode.base.errors import DataError, failure
from autokode.base.messages import say
from autokode.corpus.model_coder import is_model, no_person
from autokode.project.store import undoing
from autokode.project.store.code_names import now_called
from autokode.project.store.codebook_file import unread
from autokode.project.store.coders import Coder, enrolling
from autokode.project.store.decision_log import CODEBOOK, Change, Decision, decide, row_of
from autokode.project.store.memo_changes import memo_change
from autokode.project.store.one_coding import put_coding
from autokode.project.store.outcomes import Outcome, outcome_of
from autokode.project.store.project import Project
from autokode.project.store.project_files import CODEBOOK as CODEBOOK_FILE
from autokode.project.store.review_changes import (
    ACCEPTED,
    CHANGED,
    REJECTED,
    Saw,
    as_logged,
    check_shown,
    check_span,
    check_utterance,
    check_verdict,
    coding_of,
    left_undecided,
    new_coding,
    overlapped_by,
    rejections,
    suggestion_for,
    verdict_change,
)
from autokode.project.store.text_marks import check_text


class Reviewer:
    """A coder who decides in a project.

    Args:
        project: the project.
        coder: the coder's id; `NEWCOMER` together with `newcomer`.
        newcomer: somebody of whom nothing is stored yet, who becomes one of the project's coders by deciding.
    """

    def __init__(self, project: Project, coder: int, *, newcomer: Coder | None = None) -> None:
        if newcomer is not None and is_model(newcomer.name):
            raise no_person(newcomer.name)
        self.project = project
        self.coder = coder
        self._newcomer = newcomer
        self._saw: tuple[int, str] | None = None

    def seeing(self, transcript: int, mark: str) -> "Reviewer":
        """The same coder, who sees an interview's text with this mark (`text_marks`): no decision is made on another text.

        Each method then raises a `TextChangedError` if the text is another one by now.
        """
        found = copy.copy(self)
        found._saw = (transcript, mark)
        return found

    def accept(
        self,
        suggestion: int,
        *,
        span: tuple[int, int] | None = None,
        saw: str | None = None,
        shows: Collection[int] | None = None,
    ) -> Outcome:
        """Give the suggested code to the suggested span, or to another one.

        Args:
            suggestion: its number.
            span: another span.
            saw: the verdict that the coder sees on the suggestion, or "" for none; None to judge whatever stands.
            shows: the codings that the coder sees there; None for all. One given instead of the suggested code goes.

        Raises:
            DataError: no such suggestion, a span outside the text, a code that is no longer in the codebook, another verdict
                than the one seen, or a coding that is not seen would go.
        """
        return self._judge([suggestion], ACCEPTED, "accept", span=span, saw=saw, shows=shows)

    def reject(self, suggestion: int, *, saw: str | None = None) -> Outcome:
        """Reject the code for this utterance for good, and remove a coding that came of the suggestion; `saw` as for `accept`."""
        return self._judge([suggestion], REJECTED, "reject", saw=saw)

    def change(
        self, suggestion: int, code: str, *, span: tuple[int, int] | None = None, saw: str | None = None
    ) -> Outcome:
        """Reject the suggested code, and give another one instead; `saw` as for `accept`."""
        return self._judge([suggestion], CHANGED, "change", code=code, span=span, saw=saw)

    def same(self, suggestions: Iterable[int], *, accept: bool) -> Outcome:
        """Accept or reject several suggestions in one decision; those judged already stay as they are."""
        return self._judge(list(suggestions), ACCEPTED if accept else REJECTED, "same")

    def code(self, transcript: int, start: int, end: int, code: str) -> Outcome:
        """Give a code to a span by hand.

        Raises:
            DataError: the span is empty or outside the text, or the code is not in the codebook.
        """
        self.check_code(code)
        with self.deciding() as (connection, coder):
            changes = new_coding(connection, coder, transcript, (start, end), code)
            numbers = overlapped_by(connection, transcript, start, end)
            place = (transcript, numbers[0] if numbers else None)
            made = decide(connection, coder, "code", changes, place=place)
        return Outcome(made, transcript, numbers, "code")

    def remove(self, coding: int, *, saw: Saw | None = None) -> Outcome:
        """Take a coding away; `saw` is the coding as the coder sees it, so that no other one is touched."""
        return self._alter(coding, "remove", None, saw)

    def span(self, coding: int, start: int, end: int, *, saw: Saw | None = None) -> Outcome:
        """Move a coding's ends.

        Raises:
            DataError: the span is empty or outside the text, or there is no such coding.
        """
        return self._alter(coding, "span", {"start": start, "end": end}, saw)

    def recode(self, coding: int, code: str, *, saw: Saw | None = None) -> Outcome:
        """Give a coding another code."""
        return self._alter(coding, "recode", {"code": code}, saw)

    def good(self, coding: int, *, saw: Saw | None = None) -> Outcome:
        """Mark a coding as a good quote, or take the mark away."""
        return self._alter(coding, "good", {}, saw)

    def memo(self, about: str, text: str, *, was: str | None = None) -> Outcome:
        """Write a note about "project", "code/NAME", "transcript/ID", "turn/ID/NUMBER" or "coding/ID"; "" removes it.

        Args:
            about, text: what about, and what.
            was: the text that stood there when the coder began to write; None to replace whatever stands there.

        Raises:
            DataError: there is no such thing to write about.
            MemoChangedError: another text than `was` stands there now.
        """
        with self.deciding() as (connection, coder):
            if about.startswith("code/") and text.strip() and row_of(connection, "memo", coder, about) is None:
                self._check_known(about.removeprefix("code/"))
            change, place = memo_change(connection, coder, about, text, was)
            made = decide(connection, coder, "memo", [change], place=place)
        return Outcome(made, place[0], () if place[1] is None else (place[1],), "memo")

    def read(
        self, transcript: int, utterance: int, *, read: bool = True, seen: Collection[int] | None = None
    ) -> Outcome:
        """Mark an utterance as read, so that it has all the codes it should have, or take that back.

        The log keeps the suggestions that the coder leaves undecided there.

        Args:
            transcript, utterance: where.
            read: False to take it back.
            seen: the suggestions that stood on the page; those of the round shown if None.
        """
        with self.deciding() as (connection, coder):
            check_utterance(connection, transcript, utterance)
            key = {"coder": coder, "transcript": transcript, "utterance": utterance}
            before = row_of(connection, "done", *key.values())
            changes = [Change("done", before, key if read else None)]
            shown = {"suggestions": left_undecided(connection, key, seen)} if read else None
            made = decide(connection, coder, "done", changes, place=(transcript, utterance), shown=shown)
        return Outcome(made, transcript, (utterance,), "done")

    def resolve(self, other: int, transcript: int, utterance: int, given: dict[str, bool]) -> Outcome:
        """Settle which codes an utterance has where this coder and another one differ.

        Args:
            other: the other coder's id.
            transcript, utterance: where.
            given: code → whether the utterance is to have it.
        """
        changes = []
        with self.deciding() as (connection, coder):
            first, second = sorted((coder, other))
            check_utterance(connection, transcript, utterance)
            for code, has in given.items():
                key = {"first": first, "second": second, "transcript": transcript, "utterance": utterance, "code": code}
                changes.append(
                    Change("resolution", row_of(connection, "resolution", *key.values()), {**key, "given": int(has)})
                )
            made = decide(connection, coder, "resolve", changes, place=(transcript, utterance))
        return Outcome(made, transcript, (utterance,), "resolve")

    def undo(self, *, skip: int | None = None) -> Outcome | None:
        """Take back the last decision that stands; None if there is none.

        Args:
            skip: the number of a decision that no longer fits (`NoLongerFitsError.decision`), and that is to stand.

        Raises:
            NoLongerFitsError: what it changed was changed since; nothing is done.
        """
        return self._step_back(undoing.undo, skip)

    def redo(self, *, skip: int | None = None) -> Outcome | None:
        """Make again the decision that was undone last; None if there is none. Else as `undo`."""
        return self._step_back(undoing.redo, skip)

    def _step_back(
        self, step: Callable[[sqlite3.Connection, int], Decision | None], skip: int | None
    ) -> Outcome | None:
        if skip is not None:
            with self.deciding() as (connection, coder):
                undoing.pass_over(connection, coder, skip)
        changed = self.project.codebook_by_hand_or_broken()
        with self.deciding() as (connection, coder):
            outcome = outcome_of(connection, step(connection, coder))
            if outcome is not None and outcome.kind == CODEBOOK and changed:
                raise unread(self.project.folder / CODEBOOK_FILE)
        if outcome is not None and outcome.kind == CODEBOOK:
            self.project.write_codebook_file()
        return outcome

    @contextlib.contextmanager
    def deciding(self) -> Iterator[tuple[sqlite3.Connection, int]]:
        """Give a transaction and the coder's id; a newcomer who decides nothing in it stays one."""
        with self.project.database.writing() as connection:
            if self._saw is not None:
                check_text(connection, *self._saw)
            if self._newcomer is None:
                yield connection, self.coder
                return
            with enrolling(connection, self._newcomer.name, blind=self._newcomer.blind or None) as coder:
                yield connection, coder

    def _judge(
        self,
        suggestions: list[int],
        said: str,
        kind: str,
        *,
        code: str | None = None,
        span: tuple[int, int] | None = None,
        saw: str | None = None,
        shows: Collection[int] | None = None,
    ) -> Outcome:
        changes: list[Change] = []
        shown: list[dict[str, Any]] = []
        judged: set[tuple[Any, ...]] = set()
        left = 0
        with self.deciding() as (connection, coder):
            rows = [suggestion_for(connection, coder, number) for number in suggestions]
            if not rows:
                return Outcome(None, None, (), kind)
            if code == rows[0]["code"]:  # changed to what was suggested
                said, kind = ACCEPTED, "accept"
            for row in rows:
                about = (row["transcript"], row["utterance"], row["code"])
                verdict = verdict_change(connection, coder, row, said)
                if verdict is not None and kind == "same" and verdict[0].before is not None:
                    left += 1
                    continue
                if verdict is None or about in judged:
                    continue
                check_verdict(verdict[0].before, saw)
                check_shown(verdict[1], shows)
                if said != REJECTED:
                    self.check_code(code or row["code"])
                judged.add(about)
                shown.append(as_logged(row))
                changes.append(verdict[0])
                if said != REJECTED:
                    where, given = span or (row["start"], row["end"]), code or row["code"]
                    own = {"suggestion": row["id"], "instead_of": verdict[1]}
                    changes += new_coding(connection, coder, row["transcript"], where, given, **own, pending=changes)
                elif verdict[1]:
                    changes.append(Change("coding", verdict[1], None))
            place = (rows[0]["transcript"], rows[0]["utterance"])
            of = suggestions[0] if len(suggestions) == 1 else None
            made = decide(connection, coder, kind, changes, place=place, of=of, shown={"suggestions": shown})
        here = {utterance for transcript, utterance, _code in judged if transcript == place[0]}
        return Outcome(made, place[0], tuple(sorted(here | {place[1]})), kind, left)

    def _alter(self, coding: int, kind: str, changed: dict[str, Any] | None, saw: Saw | None) -> Outcome:
        """Change columns of a coding, or remove it if `changed` is None."""
        if changed and "code" in changed:
            self.check_code(changed["code"])
        with self.deciding() as (connection, coder):
            before = coding_of(connection, coder, coding, saw)
            if kind == "good":
                changed = {"good": 1 - before["good"]}
            after = None if changed is None else {**before, **changed}
            if after is not None:
                check_span(connection, after["transcript"], after["start"], after["end"])
            changes = [Change("coding", before, None)] if after is None else put_coding(connection, before, after)
            if after is None or after["code"] != before["code"]:
                changes += rejections(connection, coder, before)
            spans = [before, after or before]
            numbers = {
                n for row in spans for n in overlapped_by(connection, row["transcript"], row["start"], row["end"])
            }
            place = (before["transcript"], min(numbers, default=None))
            made = decide(connection, coder, kind, changes, place=place)
        return Outcome(made, before["transcript"], tuple(sorted(numbers)), kind)

    def check_code(self, code: str) -> None:
        if code not in self.project.codebook.codable:
            raise self._no_code(code)

    def _check_known(self, code: str) -> None:
        if code not in self.project.codebook:
            raise self._no_code(code)

    def _no_code(self, code: str) -> DataError:
        now = now_called(code, self.project.names_since())
        renamed = say(f"; den heter «{now}» nå", f"; it is called «{now}» now") if now != code else ""
        return failure(
            f"koden «{code}» er ikke i kodeboken{renamed}",
            f"the code «{code}» is not in the codebook{renamed}",
            try_next=say("velg en kode fra listen", "choose a code from the list"),
        )
