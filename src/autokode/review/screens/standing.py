"""Codings that stand out, and answers near a code that lack it: a list to look at, and to decide about one by one."""

from flask import Blueprint, Response, abort, request

from autokode.project.store.decision_rows import last_decision
from autokode.project.store.kept_codings import keep as kept
from autokode.project.views.standing_list import standing_lines, still_standing
from autokode.review.answers import done, refuse_blind, render, request_body, session, text_in
from autokode.review.standing_work import listed

blueprint = Blueprint("standing", __name__)

TOPIC = "standing"
LISTS = ("codings", "lacking")
SHOWN = 40
"""Most lines on a page."""


@blueprint.get("/standing")
def overview() -> str:
    """Show what was found last, as far as it still holds."""
    own = session()
    refuse_blind(own)
    errand = own.errands.last(TOPIC)
    result = errand.result if errand is not None else None
    wanted = request.args.get("list", "")
    name = wanted if wanted in LISTS else LISTS[0]
    page = max(0, request.args.get("page", 0, type=int))
    standing = {
        each: still_standing(own.project, own.coder, listed(result, each), since=result["decision"]) if result else []
        for each in LISTS
    }
    pages = max(1, -(-len(standing[name]) // SHOWN))
    page = min(page, pages - 1)  # the last line of the last page was decided
    shown = standing[name][page * SHOWN : (page + 1) * SHOWN]
    return render(
        "standing.html",
        own,
        errand=errand,
        name=name,
        counts={each: len(standing[each]) for each in LISTS},
        lines=standing_lines(own.project, own.coder, shown),
        page=page,
        pages=pages,
        since=last_decision(own.project) - result["decision"] if result else 0,
    )


@blueprint.post("/standing/look")
def look() -> Response:
    """Begin to look through all that this coder coded; who has coded nothing is told so by the work itself."""
    own = session()
    refuse_blind(own)
    own.errands.begin(TOPIC, "standing_out", {"coder": own.coder.name})
    return done(own)


@blueprint.post("/standing/keep/<int:transcript>/<int:number>")
def keep(transcript: int, number: int) -> Response:
    """Keep an answer as it is: with the code that it was given, or without it."""
    own, body = session(), request_body()
    refuse_blind(own)
    if not isinstance(body.get("given"), bool):
        abort(400)
    reviewer = own.reviewer.seeing(transcript, text_in(body, "text_mark"))
    outcome = kept(reviewer, (transcript, number), text_in(body, "code"), given=body["given"])
    return done(own, decision=outcome.decision)
