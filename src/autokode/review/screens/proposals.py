"""Proposed codes: cards of answers that say the same, to be taken over, renamed, merged or refused; none codes by itself."""

from typing import Any

from flask import Blueprint, Response, abort, url_for

from autokode.base.messages import say
from autokode.project.store.code_cards import (
    cards_of,
    merge_cards,
    open_card,
    refuse_card,
    rename_card,
    reopen_card,
)
from autokode.project.store.codebook_editing import CodebookEditor
from autokode.project.store.outcomes import Outcome
from autokode.project.views.card_list import cards_shown, places_there
from autokode.report.open_code_words import stability_in_words
from autokode.review.answers import done, number_in, refuse_blind, render, request_body, session, text_in
from autokode.review.searches import Asked
from autokode.review.session import Session

blueprint = Blueprint("proposals", __name__)

TOPIC = "proposals"


@blueprint.get("/proposals")
def overview() -> str:
    """Show the cards as they are now."""
    own = session()
    refuse_blind(own)
    found = cards_of(own.project, own.coder)
    cards = found.cards if found is not None else ()
    standing = [card for card in cards if not card.refused and card.into is None]
    return render(
        "proposals.html",
        own,
        errand=own.errands.last(TOPIC),
        found=found,
        shown=cards_shown(own.project, found, standing) if found is not None else [],
        refused=[card for card in cards if card.refused],
        in_words=stability_in_words,
    )


@blueprint.post("/proposals/look")
def look() -> Response:
    """Begin to group the answers that this coder has not coded."""
    own = session()
    refuse_blind(own)
    own.errands.begin(TOPIC, "propose", {"coder": own.coder.name})
    return done(own)


@blueprint.post("/proposals/act")
def act() -> Response:
    """Take a card over as a code, rename it, merge it with another one, refuse it, or look at it again."""
    own, body = session(), request_body()
    refuse_blind(own)
    sign, number, what = text_in(body, "sign"), number_in(body, "card"), text_in(body, "do")
    given = (own.reviewer, own.coder, sign, number)
    if what == "take":
        outcome = _taken(own, sign, number, body)
        message = say("Laget koden. Ingen svar er kodet ennå.", "Made the code. No answer is coded yet.")
    elif what == "rename":
        outcome, message = rename_card(*given, text_in(body, "name")), ""
    elif what == "merge":
        outcome = merge_cards(*given, number_in(body, "into"))
        message = say("Slått sammen. Angre med z.", "Merged. Undo with z.")
    elif what == "refuse":
        outcome = refuse_card(*given)
        message = say("Avvist. Angre med z.", "Rejected. Undo with z.")
    elif what == "reopen":
        outcome, message = reopen_card(*given), ""
    else:
        abort(400)
    own.look_at_codebook()
    return done(own, message=message, decision=outcome.decision)


def _taken(own: Session, sign: str, number: int, body: dict[str, Any]) -> Outcome:
    card = open_card(own.project, own.coder, sign, number)
    name, above = text_in(body, "name"), text_in(body, "above", empty=True)
    return CodebookEditor(own.reviewer).take_over((sign, number), name, above, keywords=card.words)


@blueprint.post("/proposals/answers")
def answers() -> Response:
    """Lead to a card's answers in search, where they are looked at and coded after a preview."""
    own, body = session(), request_body()
    refuse_blind(own)
    found = cards_of(own.project, own.coder)
    card = found.card(number_in(body, "card")) if found is not None and found.sign == text_in(body, "sign") else None
    if card is None or found is None:
        abort(404)
    places = tuple(places_there(own.project, found, card.places))
    asked = Asked(places=places, title=card.taken or card.name)
    return done(own, go=url_for("search.overview", s=own.searches.keep(asked)))
