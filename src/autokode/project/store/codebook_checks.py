"""Checks what somebody writes into the codebook on the page, and that a code is still as they saw it."""

import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from autokode.base.errors import DataError, failure
from autokode.base.formatting import one_line
from autokode.base.messages import say
from autokode.corpus.codebook import Code, Codebook, folded
from autokode.corpus.codebook_tree import Tree, code_mark, with_code
from autokode.project.store.codebook_rows import coding_count

TEXTS, LISTS = ("definition", "use_when", "not_when"), ("examples", "keywords")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_NO_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")
_BREAK = re.compile(r"\r\n|[\r\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Seen:
    """A code as somebody saw it: its mark (`codebook_tree.code_mark`), and how many codings it has; None if that is no matter."""

    mark: str | None = None
    codings: int | None = None


def new_code(book: Codebook, name: str, fields: Mapping[str, Any]) -> Code:
    name = code_name(name)
    check_free(book, name)
    return replace(Code(name), **code_fields(book, name, fields))


def with_new(book: Codebook, code: Code, above: str, before: str) -> Codebook:
    check_place(book, above, before)
    return with_code(book, code, above, before)


def code_name(written: str) -> str:
    """A name as a code has it.

    Raises:
        DataError: there is none.
    """
    name = one_line(_text(written))
    if not name:
        raise failure("koden trenger et navn", "the code needs a name", try_next=say("skriv et navn", "write a name"))
    if len(name) > 200:
        raise failure(
            "navnet er for langt", "the name is too long", try_next=say("høyst 200 tegn", "at most 200 characters")
        )
    return name


def _text(written: object) -> str:
    return _NO_TEXT.sub("", _BREAK.sub("\n", str(written))).strip()


def code_fields(book: Codebook, name: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a code as it has them.

    Raises:
        DataError: a colour or number is none, or another code has the number.
    """
    given: dict[str, Any] = {}
    for field, value in fields.items():
        if field in TEXTS:
            given[field] = _text(value)
        elif field in LISTS:
            given[field] = tuple(dict.fromkeys(text for one in value if (text := one_line(_text(one)))))
        elif field == "codable":
            given[field] = bool(value)
        elif field == "colour" and (not value or _COLOUR.fullmatch(str(value))):
            given[field] = str(value).lower()
        elif field == "number" and (value is None or (type(value) is int and abs(value) < 10**9)):
            if value is not None and any(code.number == value and code.name != name for code in book):
                raise failure(f"en annen kode har nummer {value}", f"another code has the number {value}")
            given[field] = value
        else:
            raise failure(f"«{value}» passer ikke her", f"«{value}» does not fit here")
    return given


def check_free(book: Codebook, name: str, *, but: str = "") -> None:
    taken = next((code.name for code in book if folded(code.name) == folded(name) and code.name != but), None)
    if taken is not None:
        raise failure(
            f"det er en kode som heter «{taken}» fra før",
            f"there is a code called «{taken}» already",
            try_next=say("velg et annet navn, eller slå kodene sammen", "choose another name, or merge the codes"),
        )


def check_place(book: Codebook, above: str, before: str) -> None:
    tree = Tree.of(book)
    if above not in tree.under or (before and before not in tree.under[above]):
        raise changed_meanwhile()


def check_target(book: Codebook, name: str, into: str) -> None:
    if into == name or into not in book.codable:
        raise failure(
            f"kodinger kan ikke gå til «{into}»",
            f"codings cannot go to «{into}»",
            try_next=say("velg en annen kode, som kan ha kodinger", "choose another code, which can have codings"),
        )


def check_seen(connection: sqlite3.Connection, book: Codebook, name: str, seen: Seen | None) -> None:
    """Raise a DataError if a code is not there, or not as it was seen."""
    if name not in book or (seen and seen.mark is not None and seen.mark != code_mark(book, name)):
        raise changed_meanwhile()
    if seen and seen.codings is not None and seen.codings != coding_count(connection, name):
        raise failure(
            f"kodingene av «{name}» er ikke de samme som da du så på dem",
            f"the codings of «{name}» are not those that you looked at",
            try_next=say("last siden på nytt", "load the page again"),
        )


def changed_meanwhile() -> DataError:
    return failure(
        "kodeboken er endret i et annet vindu; ingenting er gjort",
        "the codebook was changed in another window; nothing was done",
        try_next=say("last siden på nytt", "load the page again"),
    )
