"""Search: one field, what was found in its context, and a code for all of it at once."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request, url_for

from autokode.base.errors import failure
from autokode.base.formatting import counted, shortened
from autokode.base.messages import say
from autokode.project.active_learning.similarity import keep_vectors
from autokode.project.store.coding_several import MOST, Place, Several, code_several, parted
from autokode.project.store.search_query import LONGEST, read_query
from autokode.project.store.searching import Within, all_places
from autokode.project.store.utterance_rows import UtteranceId, speakers, vector_count
from autokode.project.store.variables import counts_of, having
from autokode.project.views.search_results import PAGE, hits_at, places_of
from autokode.review.answers import done, number_in, render, request_body, session, text_in
from autokode.review.searches import LANGUAGE, Asked
from autokode.review.session import Session

blueprint = Blueprint("search", __name__)

SHOWN = 200
"""Most places, and code points of each, that the preview shows."""


@blueprint.get("/search")
def overview() -> str:
    """Show the field, and what the search with the sign in the address found."""
    own = session()
    sign = request.args.get("s", "")
    asked = own.searches.asked(sign)
    page = max(0, request.args.get("page", 0, type=int))
    if asked is None:
        own.searches.warm()
    results = (
        None if asked is None or asked.is_empty else own.searches.results(own.coder, asked, own.likeness, page=page)
    )
    sources = own.project.sources
    return render(
        "search.html",
        own,
        sign=sign,
        asked=asked or Asked(),
        forgotten=bool(sign) and asked is None,
        like=_said(own, asked.like) if asked and asked.like else "",
        results=results,
        page=page,
        pages=-(-results.count // PAGE) if results and not (asked and (asked.alike or asked.like)) else 1,
        sources=sources,
        offices=sorted({source.office for source in sources}),
        speakers=[speaker for speaker in speakers(own.project, surveys=False) if speaker],
        has_vectors=vector_count(own.project) > 0,
        choices=counts_of(own.project),
        having=having,
    )


def _said(own: Session, place: UtteranceId) -> str:
    hits = hits_at(own.project, own.coder, [place], "", own.searches.vocabulary())
    return shortened(hits[0].row.text, SHOWN) if hits else ""


@blueprint.post("/search/find")
def find() -> Response:
    """Keep a search, and lead to what it finds."""
    own, body = session(), request_body()
    if "like" in body:
        asked = Asked(like=_place(body["like"]))
    else:
        asked = Asked(
            text_in(body, "text", empty=True)[:LONGEST].strip(), _within(body), alike=body.get("way") == "alike"
        )
    return done(
        own, go=url_for(".overview", s=own.searches.keep(asked)) if not asked.is_empty else url_for(".overview")
    )


@blueprint.post("/search/vectors")
def vectors() -> Response:
    """Make the utterances' vectors, which a search by likeness needs."""
    own = session()
    keep_vectors(own.project, LANGUAGE)
    return done(own)


@blueprint.post("/search/preview")
def preview() -> Response:
    """Say what giving a code to what was found would do; nothing is changed."""
    own, body = session(), request_body()
    found = parted(own.project, own.coder, _places(own, body), text_in(body, "code"))
    names = {source.id: source.name for source in own.project.sources}
    shown = [{"where": names[place[0]], "quote": shortened(words, SHOWN)} for place, words in found.new[:SHOWN]]
    return jsonify(turns={}, shown=shown, says=_preview_said(found), new=len(found.new), mark=found.mark)


def _preview_said(found: Several) -> str:
    new, left = len(found.new), len(found.left)
    said = [
        counted(
            new, say("sted blir kodet.", "place will be coded."), say("steder blir kodet.", "places will be coded.")
        )
    ]
    if left:
        said.append(
            counted(
                left,
                say("sted har koden fra før, og står som det er.", "place has the code already, and stays."),
                say("steder har koden fra før, og står som de er.", "places have the code already, and stay."),
            )
        )
    if new > SHOWN:
        said.append(say(f"De første {SHOWN} vises.", f"The first {SHOWN} are shown."))
    return " ".join(said)


@blueprint.post("/search/code")
def code() -> Response:
    """Give a code to what was found, as the preview with this mark showed it: one decision."""
    own, body = session(), request_body()
    name = text_in(body, "code")
    outcome = code_several(own.reviewer, _places(own, body), name, saw=text_in(body, "mark"))
    own.learner.nudge_soon()
    said = say(f"Kodet med «{name}». Angre med z.", f"Coded with «{name}». Undo with z.")
    if outcome.decision is None:
        said = say("Alle hadde koden fra før.", "All had the code already.")
    return done(own, message=said, decision=outcome.decision)


def _places(own: Session, body: dict[str, Any]) -> list[Place]:
    """The spans that a request means: of the utterances that are ticked, or of all that the search finds."""
    asked = own.searches.asked(text_in(body, "s"))
    if asked is None:
        raise failure(
            "søket er ikke i minnet lenger; ingenting er kodet",
            "the search is no longer in memory; nothing was coded",
            try_next=say("søk en gang til", "search once more"),
        )
    vocabulary = own.searches.vocabulary()
    if body.get("all") is True and asked.places:
        chosen = list(asked.places)
    elif body.get("all") is True and not (asked.alike or asked.like):
        query = read_query(asked.text)
        answers = replace(
            asked.within, role=asked.within.role or "answers"
        )  # what the interviewer says only if nothing else
        chosen = sorted(all_places(own.project, own.coder, query, vocabulary, answers)) or sorted(
            all_places(own.project, own.coder, query, vocabulary, asked.within)
        )
    else:
        ticked = body.get("ticked")
        chosen = [_place(one) for one in ticked] if isinstance(ticked, list) else []
    if len(chosen) > MOST:
        raise failure(
            f"{len(chosen)} ytringer er for mange til å kode på en gang; høyst {MOST}",
            f"{len(chosen)} utterances are too many to code at once; {MOST} at most",
            try_next=say("gjør søket smalere", "make the search narrower"),
        )
    text = "" if asked.alike or asked.like else asked.text
    hits = hits_at(own.project, own.coder, chosen, text, vocabulary)
    return places_of(hits, sentences=body.get("unit") == "sentence")


def _place(value: object) -> UtteranceId:
    """An utterance as the page names it: «transcript-number»."""
    parts = value.split("-") if isinstance(value, str) else []
    if len(parts) != 2 or not all(part.isascii() and part.isdigit() and len(part) < 16 for part in parts):
        abort(400)
    return int(parts[0]), int(parts[1])


def _within(body: dict[str, Any]) -> Within:
    texts = {name: text_in(body, name, empty=True) for name in ("speaker", "office", "code", "role", "decided")}
    own = text_in(body, "having", empty=True) if "having" in body else ""
    return Within(interview=number_in(body, "interview"), memo=body.get("memo") is True, having=own, **texts)
