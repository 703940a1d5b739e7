"""Edits a project's codebook: each method of `CodebookEditor` is one decision of the log, with what it does to all codings.

The decision is on disk, and codebook.yaml written after it, when the method returns. Undo and redo know it as any other decision.
"""

import sqlite3
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from autokode.base.errors import failure
from autokode.base.formatting import counted
from autokode.base.messages import say
from autokode.corpus.codebook import Codebook, folded
from autokode.corpus.codebook_edit import with_renamed
from autokode.corpus.codebook_tree import (
    TOP,
    Tree,
    is_too_deep,
    with_changed,
    with_code,
    with_merged,
    with_moved,
    without_code,
)
from autokode.project.store.code_names import put_past, rename_beside
from autokode.project.store.codebook_checks import (
    Seen,
    changed_meanwhile,
    check_free,
    check_place,
    check_seen,
    check_target,
    code_fields,
    code_name,
    new_code,
    with_new,
)
from autokode.project.store.codebook_rows import all_merged, all_removed, all_renamed, coding_count, some_split
from autokode.project.store.codebook_versions import edited, newest_version
from autokode.project.store.decision_log import CODEBOOK, Change, decide
from autokode.project.store.outcomes import Outcome
from autokode.project.store.review_changes import new_coding, overlapped_by
from autokode.project.store.reviewing import Reviewer


@dataclass(frozen=True, slots=True)
class Edit:
    """What an edit comes to: the codebook, the changes of rows, and what the log is to know beside its kind.

    `card` is of a proposed code that was taken over: whose proposals, the card's number, and the code's name.
    """

    codebook: Codebook
    changes: Collection[Change] = ()
    names: tuple[str, str] | None = None
    merged: tuple[str, str] | None = None
    card: tuple[str, int, str] | None = None


class CodebookEditor:
    """Somebody who edits the codebook of a project, and whose decisions that makes.

    Every method raises a DataError, and changes nothing, if a person changed codebook.yaml and that was not taken in, if a code
    is not there or is not as it was `seen`, or if the codebook would be none that can be read.
    """

    def __init__(self, reviewer: Reviewer) -> None:
        self.reviewer = reviewer
        self.project = reviewer.project

    def make(self, name: str, above: str = TOP, before: str = "", **fields: Any) -> Outcome:
        """Make a code under another one, before one of those there or last; `fields` as for `change`."""

        def work(_connection: sqlite3.Connection, book: Codebook, _coder: int) -> Edit:
            return Edit(with_new(book, new_code(book, name, fields), above, before))

        return self._edit("make", work)

    def take_over(self, card: tuple[str, int], name: str, above: str = TOP, **fields: Any) -> Outcome:
        """Make a code of a proposed one, by its proposals and its card's number; else as `make`."""

        def work(_connection: sqlite3.Connection, book: Codebook, _coder: int) -> Edit:
            code = new_code(book, name, fields)
            return Edit(with_new(book, code, above, ""), card=(*card, code.name))

        return self._edit("make", work)

    def in_vivo(self, transcript: int, start: int, end: int, name: str, above: str = TOP) -> Outcome:
        """Make a code and give it to a span, in one step; a code that is there already is only given."""
        known = next((code for code in self.project.codebook if folded(code.name) == folded(name)), None)
        if known is not None and known.codable:
            return self.reviewer.code(transcript, start, end, known.name)

        def work(connection: sqlite3.Connection, book: Codebook, coder: int) -> Edit:
            code = new_code(book, name, {})
            changes = new_coding(connection, coder, transcript, (start, end), code.name)
            return Edit(with_new(book, code, above, ""), changes)

        return self._edit("in_vivo", work, place=(transcript, start, end))

    def rename(self, name: str, new: str, *, seen: Seen | None = None) -> Outcome:
        """Give a code another name, everywhere."""
        new = code_name(new)

        def work(connection: sqlite3.Connection, book: Codebook, _coder: int) -> Edit:
            check_seen(connection, book, name, seen)
            if new == name:
                return Edit(book)
            check_free(book, new, but=name)
            return Edit(with_renamed(book, name, new), all_renamed(connection, name, new), names=(name, new))

        return self._edit("rename", work)

    def move(self, name: str, above: str, before: str = "", *, seen: Seen | None = None) -> Outcome:
        """Put a code, with those below it, under another one (`TOP` for none), before one of those there or last."""

        def work(connection: sqlite3.Connection, book: Codebook, _coder: int) -> Edit:
            check_seen(connection, book, name, seen)
            check_place(book, above, before)
            if above in Tree.of(book).below(name):
                raise failure(
                    f"«{above}» står under «{name}»",
                    f"«{above}» is below «{name}»",
                    try_next=say("velg et annet sted", "choose another place"),
                )
            return Edit(book if before == name else with_moved(book, name, above, before))

        return self._edit("move", work)

    def change(self, name: str, fields: Mapping[str, Any], *, seen: Seen | None = None) -> Outcome:
        """Give a code another `definition`, `use_when`, `not_when`, `examples`, `keywords`, `number`, `colour` or `codable`.

        A code that has codings cannot become one that is not codable.
        """

        def work(connection: sqlite3.Connection, book: Codebook, _coder: int) -> Edit:
            check_seen(connection, book, name, seen)
            given = code_fields(book, name, fields)
            count = coding_count(connection, name)
            if given.get("codable") is False and book[name].codable and count:
                raise failure(
                    f"«{name}» har {counted(count, 'koding', 'kodinger')} og kan ikke bli bare en overskrift",
                    f"«{name}» has {counted(count, 'coding', 'codings')} and cannot become a heading only",
                    try_next=say(
                        "del kodingene ut i en ny kode, eller slå den sammen med en annen, først",
                        "split its codings into a new code, or merge it with another one, first",
                    ),
                )
            return Edit(with_changed(book, name, **given))

        return self._edit("change", work)

    def merge(self, name: str, into: str, *, seen: Seen | None = None, seen_into: Seen | None = None) -> Outcome:
        """Let one code be part of another: its codings, examples, keywords and the codes under it go there.

        A name that the codebook no longer has can be merged as well, if something is about it.
        """

        def work(connection: sqlite3.Connection, book: Codebook, _coder: int) -> Edit:
            if name in book or (seen is not None and seen.mark is not None):
                check_seen(connection, book, name, seen)
            check_seen(connection, book, into, seen_into)
            check_target(book, name, into)
            merged = with_merged(book, name, into) if name in book else book
            return Edit(merged, all_merged(connection, name, into), merged=(name, into))

        return self._edit("merge", work)

    def split(
        self, name: str, new: str, codings: Collection[int], *, seen: Seen | None = None, definition: str = ""
    ) -> Outcome:
        """Make a new code right after another one, and give it some of that one's codings, by their numbers."""

        def work(connection: sqlite3.Connection, book: Codebook, coder: int) -> Edit:
            check_seen(connection, book, name, seen)
            code = new_code(book, new, {"definition": definition})
            tree = Tree.of(book)
            above = tree.above(name)
            names = tree.under[above]
            after = names[names.index(name) + 1 :][:1]
            colour = book[name].colour
            made = with_code(book, replace(code, colour=colour), above, *after)
            return Edit(made, some_split(connection, codings, name, code.name, coder))

        return self._edit("split", work)

    def delete(self, name: str, *, into: str = "", seen: Seen | None = None) -> Outcome:
        """Take a code out; the codes under it take its place, and its codings go to another code or are removed.

        Args:
            name: the code.
            into: the code that gets its codings; "" to remove them, with what else is about the code.
            seen: the code as it was seen.
        """

        def work(connection: sqlite3.Connection, book: Codebook, _coder: int) -> Edit:
            check_seen(connection, book, name, seen)
            if into:
                check_target(book, name, into)
                return Edit(without_code(book, name), all_merged(connection, name, into), merged=(name, into))
            return Edit(without_code(book, name), all_removed(connection, name))

        return self._edit("delete", work)

    def take_file(self, sha256: str, renamed: Mapping[str, str]) -> Outcome:
        """Take in what a person changed in codebook.yaml.

        Args:
            sha256: of the codebook that was looked at.
            renamed: name of a code that is gone → a new one of the file that it is called now; what is about it follows.

        Raises:
            DataError: the file is another one now.
        """
        found = self.project.codebook_by_hand()
        if found is None or found.sha256 != sha256:
            raise failure(
                "codebook.yaml er en annen nå enn den du så på",
                "codebook.yaml is another one now than the one you looked at",
                try_next=say("last siden på nytt", "load the page again"),
            )
        with self.reviewer.deciding() as (connection, coder):
            for old, new in renamed.items():
                book = _newest(connection)
                if old not in book or old in found or new not in found or new in book:
                    raise changed_meanwhile()
                changes = all_renamed(connection, old, new)
                self._decide(connection, coder, "rename", Edit(with_renamed(book, old, new), changes, names=(old, new)))
            made = self._decide(connection, coder, "file", Edit(found))
        self.project.write_codebook_file()
        return Outcome(made, None, (), CODEBOOK)

    def _edit(
        self,
        kind: str,
        work: Callable[[sqlite3.Connection, Codebook, int], Edit],
        *,
        place: tuple[int, int, int] | None = None,
    ) -> Outcome:
        """Make one decision of an edit; `place` is the transcript and the span that it is about."""
        self.project.check_file()
        numbers: tuple[int, ...] = ()
        with self.reviewer.deciding() as (connection, coder):
            edit = work(connection, _newest(connection), coder)
            if is_too_deep(edit.codebook):
                raise failure("kodeboken får for mange nivåer", "the codebook gets too many levels")
            numbers = overlapped_by(connection, *place) if place else ()
            at = (place[0], numbers[0] if numbers else None) if place else (None, None)
            made = self._decide(connection, coder, kind, edit, at)
        self.project.write_codebook_file()
        return Outcome(made, place[0] if place else None, numbers, CODEBOOK)

    @staticmethod
    def _decide(
        connection: sqlite3.Connection,
        coder: int,
        kind: str,
        edit: Edit,
        place: tuple[int | None, int | None] = (None, None),
    ) -> int | None:
        before = newest_version(connection)
        assert before is not None  # noqa: S101 - the edit was worked out from it
        if edit.codebook == before.codebook and not edit.changes:
            return None
        about = {name: list(value) for name in ("names", "merged", "card") if (value := getattr(edit, name))}
        fresh = {code.name for code in edit.codebook} - {code.name for code in before.codebook}
        for name in fresh if kind != "file" else ():  # one at most
            if past := put_past(connection, name, before.number):
                about["past"] = list(past)
        if edit.names:
            rename_beside(connection, *edit.names)
        shown = edited(connection, before, edit.codebook, kind, **about)
        return decide(connection, coder, CODEBOOK, edit.changes, place=place, shown=shown)


def _newest(connection: sqlite3.Connection) -> Codebook:
    version = newest_version(connection)
    return version.codebook if version is not None else Codebook("", ())
