"""Coding the rest of a code automatically: promise something, judge a sample blind, see what it shows, and code the rest."""

from flask import Blueprint, Response, abort, request, url_for

from autokode.base.formatting import one_line
from autokode.project.active_learning.rest_sampling import Promise, draw_sample
from autokode.project.active_learning.rest_standing import Standing, code_rest, judge, standing
from autokode.project.store.compared_rows import asked_and_said
from autokode.project.store.rest_coded import rests
from autokode.project.store.rest_rows import PRECISION, RECALL, drawn_in_vain
from autokode.project.store.round_rows import round_shown
from autokode.project.views.rest_words import coded_text, drawn_text, verdict_text
from autokode.review.answers import done, number_in, refuse_blind, render, request_body, session, text_in
from autokode.review.session import Session

blueprint = Blueprint("rest", __name__)

SHARES = (50, 60, 70, 75, 80, 85, 90, 95)
SURE = (90, 95, 99)
"""Percentages to promise, and to be sure of it, that the page offers."""


@blueprint.get("/rest")
def overview() -> str:
    """Show how far the sample of a code has come; without a code, which codes have one."""
    own = session()
    refuse_blind(own)
    code = request.args.get("code", "")
    code = code if code in own.project.codebook.codable else ""
    now = standing(own.project, own.coder, code) if code else None
    drawn = drawn_in_vain(own.project)
    return render(
        "rest.html",
        own,
        code=code,
        definition=one_line(own.project.codebook[code].definition) if code else "",
        codable=own.project.codebook.codable,
        has_model=round_shown(own.project, own.coder) is not None,
        now=now,
        asked=_asked(own, now),
        drawn=drawn_text(now) if now else "",
        verdict=verdict_text(now) if now else "",
        draws=drawn,
        coded=[coded_text(one) for one in rests(own.project)],
        shares=SHARES,
        sure=SURE,
    )


def _asked(own: Session, now: Standing | None) -> dict[str, object] | None:
    """The next answer to be judged; nothing of what the model says of it."""
    if now is None or now.verdict != "open":
        return None
    place = now.open[0]
    question, text = asked_and_said(own.project, [place])[place]
    return {
        "place": place,
        "question": question,
        "text": text,
        "number": len(now.judged) + 1,
        "of": len(now.draw.asked),
    }


@blueprint.post("/rest/draw")
def draw() -> Response:
    """Draw a sample for a code and a promise."""
    own, body = session(), request_body()
    refuse_blind(own)
    kind = text_in(body, "kind")
    if kind not in (PRECISION, RECALL):
        abort(400)
    promise = Promise(kind, number_in(body, "stated") / 100, number_in(body, "sure") / 100)
    size = number_in(body, "size") if body.get("size") else None
    made = draw_sample(own.project, own.coder, text_in(body, "code"), promise, size=size)
    return done(own, decision=made.id, go=url_for(".overview", code=made.code))


@blueprint.post("/rest/judge/<int:transcript>/<int:number>")
def judged(transcript: int, number: int) -> Response:
    """Keep whether an answer has the code of the sample that the page shows."""
    own, body = session(), request_body()
    refuse_blind(own)
    if not isinstance(body.get("given"), bool):
        abort(400)
    now = standing(own.project, own.coder, text_in(body, "code"))
    if now is None or now.draw.id != number_in(body, "draw"):
        abort(409)
    outcome = judge(own.project, own.coder, now.draw, (transcript, number), given=body["given"])
    own.learner.nudge_soon()
    return done(own, decision=outcome.decision)


@blueprint.post("/rest/code")
def code() -> Response:
    """Code the rest, if the sample shows that the promise holds."""
    own, body = session(), request_body()
    refuse_blind(own)
    code_rest(own.project, own.coder, text_in(body, "code"))
    return done(own)
