"""Proposed codes as cards, kept for the coder who asked for them: places and names, no texts.

What a coder does with a card is a decision of the log without rows, and to take one over is an edit of the codebook. The cards as
they are now are those that were kept, with these decisions on them; so each is undone and made again as any other.
"""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from autokode.base.errors import DataError, failure
from autokode.base.formatting import one_line
from autokode.base.hashing import sha256_of
from autokode.base.messages import say
from autokode.project.store.code_names import names_after, now_called
from autokode.project.store.coders import OF, Coder
from autokode.project.store.decision_log import CARD, CODEBOOK, decide, decisions_of
from autokode.project.store.outcomes import Outcome
from autokode.project.store.project import Project
from autokode.project.store.reviewing import Reviewer
from autokode.project.store.utterance_rows import UtteranceId

KEPT_CARDS = f"proposed codes{OF}"
"""How the setting that keeps a coder's cards is named, before the coder's name."""

LONGEST = 200
"""Code points of a card's name."""

RENAME, MERGE, REFUSE, REOPEN = "rename", "merge", "refuse", "reopen"
"""What is done with a card, but for taking it over."""


@dataclass(frozen=True, slots=True)
class Card:
    """A group of answers that say the same, as a code that may be.

    Attributes:
        number: among the cards that were made together.
        name: of its own words, or the one that the coder gave it.
        words: those that set it apart.
        places: its answers, in order.
        typical: the most typical of them.
        stability: how far it comes again where only some of the answers are there, 0–1; None for one put together by hand.
        refused: whether the coder said no to it.
        taken: the name of the code that was made of it; "" for none.
        into: the number of the card that it became part of; None if it stands by itself.
    """

    number: int
    name: str
    words: tuple[str, ...]
    places: tuple[UtteranceId, ...]
    typical: tuple[UtteranceId, ...]
    stability: float | None
    refused: bool = False
    taken: str = ""
    into: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether something can be done with it still."""
        return not (self.refused or self.taken or self.into is not None)


@dataclass(frozen=True, slots=True)
class Cards:
    """A coder's cards.

    Attributes:
        sign: which proposals they are of.
        decision: the number of the last decision in the log before they were made.
        cards: all of them, by number, as they are now.
        too_short, alone: answers that were left out since they say too little, and since they are in no group.
        touched: whether the coder did anything with them.
    """

    sign: str
    decision: int
    cards: tuple[Card, ...]
    too_short: int
    alone: int
    touched: bool = False

    def card(self, number: int) -> Card | None:
        """The card with a number."""
        return next((one for one in self.cards if one.number == number), None)


def keep_cards(
    project: Project, coder: Coder, cards: Sequence[Card], *, decision: int, too_short: int, alone: int
) -> None:
    """Keep new cards for a coder, in place of those there are."""
    own = [{name: value for name, value in asdict(card).items() if name in _STORED} for card in cards]
    about = {"decision": decision, "too_short": too_short, "alone": alone, "cards": own}
    about["sign"] = sha256_of(json.dumps(about, ensure_ascii=False))[:12]
    project.set(f"{KEPT_CARDS}{coder.name}", json.dumps(about, ensure_ascii=False))


_STORED = ("number", "name", "words", "places", "typical", "stability")


def cards_of(project: Project, coder: Coder) -> Cards | None:
    """A coder's cards as they are now; None if none are kept."""
    kept = project.setting(f"{KEPT_CARDS}{coder.name}")
    if not kept:
        return None
    with project.database.reading() as connection:
        return _now(connection, coder.id, json.loads(kept), {code.name for code in project.codebook})


def forget_cards(connection: sqlite3.Connection) -> None:
    """Drop all cards, since texts that they were made of are gone or have other words."""
    connection.execute("DELETE FROM setting WHERE substr(name, 1, ?) = ?", (len(KEPT_CARDS), KEPT_CARDS))


def rename_card(reviewer: Reviewer, coder: Coder, sign: str, number: int, name: str) -> Outcome:
    """Give a card another name.

    Raises:
        DataError: there is no such card that is open, or no name; so do the others.
    """
    name = one_line(name)
    if not name or len(name) > LONGEST:
        raise failure(f"et navn har 1 til {LONGEST} tegn", f"a name has 1 to {LONGEST} characters")
    return _do(reviewer, coder, sign, number, RENAME, name=name)


def merge_cards(reviewer: Reviewer, coder: Coder, sign: str, number: int, into: int) -> Outcome:
    """Let a card be part of another one, whose name it gets."""
    return _do(reviewer, coder, sign, number, MERGE, into=into)


def refuse_card(reviewer: Reviewer, coder: Coder, sign: str, number: int) -> Outcome:
    """Say no to a card."""
    return _do(reviewer, coder, sign, number, REFUSE)


def reopen_card(reviewer: Reviewer, coder: Coder, sign: str, number: int) -> Outcome:
    """Look at a refused card again."""
    return _do(reviewer, coder, sign, number, REOPEN)


def open_card(project: Project, coder: Coder, sign: str, number: int) -> Card:
    """The card with a number, with which something can be done.

    Raises:
        DataError: there is none, or other proposals were made meanwhile.
    """
    found = cards_of(project, coder)
    card = found.card(number) if found is not None and found.sign == sign else None
    if card is None or not card.is_open:
        raise _changed()
    return card


def _do(reviewer: Reviewer, coder: Coder, sign: str, number: int, what: str, **about: Any) -> Outcome:
    project = reviewer.project
    with reviewer.deciding() as (connection, own):
        found = cards_of(project, replace(coder, id=own))
        card = found.card(number) if found is not None and found.sign == sign else None
        other = found.card(about["into"]) if found is not None and "into" in about else None
        if card is None or (card.refused if what == REOPEN else card.is_open) is not True:
            raise _changed()
        if what == MERGE and (other is None or not other.is_open or other.number == number):
            raise _changed()
        if what == RENAME and card.name == about["name"]:
            return Outcome(None, None, (), CARD)
        shown = {"card": {"sign": sign, "do": what, "number": number, **about}}
        made = decide(connection, own, CARD, (), shown=shown, alone=True)
    return Outcome(made, None, (), CARD)


def _changed() -> DataError:
    return failure(
        "kortet er avgjort, eller forslagene er laget på nytt, i et annet vindu",
        "the card was decided, or the proposals were made anew, in another window",
        try_next=say("last siden på nytt", "load the page again"),
    )


def _now(connection: sqlite3.Connection, coder: int, kept: Mapping[str, Any], codes: set[str]) -> Cards:
    cards = {one["number"]: _card(one) for one in kept["cards"]}
    query = (
        "SELECT * FROM decision WHERE coder = ? AND (kind = ? OR (kind = ? AND shown ->> '$.card' IS NOT NULL)) AND id > ? "
        "AND id NOT IN (SELECT decision FROM undone) ORDER BY id"
    )
    touched = False
    for line in decisions_of(connection, query, (coder, CARD, CODEBOOK, kept["decision"])):
        about = line.shown["card"]
        sign, number = about[:2] if isinstance(about, list) else (about["sign"], about["number"])
        if sign != kept["sign"] or number not in cards:
            continue
        touched = True
        if isinstance(about, list):
            code = now_called(about[2], names_after(connection, decision=line.id, merged=True))
            cards[number] = replace(cards[number], taken=code if code in codes else "")
        else:
            _apply(cards, about)
    every = tuple(cards.values())
    return Cards(kept["sign"], kept["decision"], every, kept["too_short"], kept["alone"], touched)


def _apply(cards: dict[int, Card], about: Mapping[str, Any]) -> None:
    """Do with the cards what a decision says."""
    number, what = about["number"], about["do"]
    if what == RENAME:
        cards[number] = replace(cards[number], name=about["name"])
    elif what == MERGE and about["into"] in cards:
        cards[about["into"]] = _merged(cards[about["into"]], cards[number])
        cards[number] = replace(cards[number], into=about["into"])
    elif what in (REFUSE, REOPEN):
        cards[number] = replace(cards[number], refused=what == REFUSE)


def _merged(into: Card, other: Card) -> Card:
    pairs = [word for both in zip(into.words, other.words, strict=False) for word in both]
    words = tuple(dict.fromkeys([*pairs, *into.words, *other.words]))[: max(len(into.words), len(other.words))]
    places = tuple(sorted({*into.places, *other.places}))
    return replace(into, words=words, places=places, typical=(*into.typical, *other.typical), stability=None)


def _card(kept: Mapping[str, Any]) -> Card:
    places, typical = (tuple((one[0], one[1]) for one in kept[name]) for name in ("places", "typical"))
    return Card(kept["number"], kept["name"], tuple(kept["words"]), places, typical, kept["stability"])
