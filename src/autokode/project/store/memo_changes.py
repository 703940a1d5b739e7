"""Works out what a memo changes, and tells when somebody wrote another one in the meantime."""

import re
import sqlite3

from autokode.base.errors import DataError, Problem, failure
from autokode.base.messages import say
from autokode.project.store.decision_log import Change, Row, row_of
from autokode.project.store.memo_rows import last_codings
from autokode.project.store.review_changes import check_utterance, coding_of, overlapped_by
from autokode.project.store.step_making import row_at

_ABOUT = re.compile(r"project|code/.+|transcript/\d{1,18}|turn/\d{1,18}/\d{1,18}|coding/\d{1,18}")


class MemoChangedError(DataError):
    """Raised where a memo was written elsewhere since its writer saw it; `other` is its text now."""

    def __init__(self, other: str) -> None:
        what = say(
            "notatet er endret et annet sted i mellomtiden; ditt er ikke lagret ennå",
            "the memo was changed elsewhere in the meantime; yours is not stored yet",
        )
        mend = say("se på begge, og lagre det som skal stå", "look at both, and store what is to stand")
        super().__init__(Problem(what), try_next=mend)
        self.other = other


def memo_change(
    connection: sqlite3.Connection, coder: int, about: str, text: str, was: str | None
) -> tuple[Change, tuple[int | None, int | None]]:
    """The change that a memo makes, and the place it belongs to: ids of transcript and utterance, None where it has none.

    Args:
        connection: to the project's file.
        coder: who writes, by id.
        about: "project", "code/NAME", "transcript/ID", "turn/ID/NUMBER" or "coding/ID".
        text: the new text; "" removes the memo.
        was: the text that the writer saw before; None to replace whatever is there.

    Raises:
        DataError: there is no such thing to write about.
        MemoChangedError: the memo is neither what the writer saw nor what is to be stored.
    """
    place = _place_of(connection, coder, about)
    if text.strip():
        _check_place(connection, place)
    before = row_of(connection, "memo", coder, about)
    now = before["text"] if before else ""
    if was is not None and _plain(now) not in (_plain(was), _plain(text)):
        raise MemoChangedError(now)
    after = {"coder": coder, "about": about, "text": text.strip()} if text.strip() else None
    return Change("memo", before, after), place


def _check_place(connection: sqlite3.Connection, place: tuple[int | None, int | None]) -> None:
    """Raise a DataError if there is no such interview or utterance."""
    transcript, utterance = place
    if transcript is not None and utterance is not None:
        check_utterance(connection, transcript, utterance)
    elif transcript is not None and row_at(connection, "transcript", [transcript]) is None:
        raise failure(
            "dette intervjuet finnes ikke lenger",
            "this interview is no longer there",
            try_next=say("last siden på nytt", "load the page again"),
        )


def _place_of(connection: sqlite3.Connection, coder: int, about: str) -> tuple[int | None, int | None]:
    if not _ABOUT.fullmatch(about):
        raise failure(
            f"«{about[:40]}» er ikke noe å skrive notat om",
            f"«{about[:40]}» is not something a memo can be about",
            try_next="project, code/…, transcript/1, turn/1/2, coding/3",
        )
    kind, *rest = about.split("/")
    if kind == "coding":
        own = _coding(connection, coder, int(rest[0]))
        over = overlapped_by(connection, own["transcript"], own["start"], own["end"])
        return own["transcript"], over[0] if over else None
    if kind not in ("transcript", "turn"):
        return None, None
    return int(rest[0]), int(rest[1]) if len(rest) > 1 else None


def _coding(connection: sqlite3.Connection, coder: int, number: int) -> Row:
    """A coder's coding; one that was removed too, if the coder has a memo on it."""
    if row_of(connection, "memo", coder, f"coding/{number}") is not None:
        known = last_codings(connection, {number}).get(number)
        if known is not None and known[0]["coder"] == coder:
            return known[0]
    return coding_of(connection, coder, number)


def _plain(text: str) -> str:
    """A text as browsers give it back: with one kind of line end, and no white space around."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
