"""Import: a file is brought, what it would do is said, it is taken in by one step, and that can be taken back."""

from typing import Any

from flask import Blueprint, Response, abort

from autokode.base.errors import failure
from autokode.base.messages import say
from autokode.exchange.package_files import PACKAGES, PROJECTS, TABLES
from autokode.project.store.steps import last_step, take_back_step
from autokode.review.answers import done, number_in, refuse_blind, render, request_body, session, text_in
from autokode.review.counted_words import many
from autokode.review.errands import Errand

blueprint = Blueprint("taking_in", __name__)

TOPIC = "import"
LONGEST = 200
"""Longest name of a coder, in code points."""


@blueprint.get("/import")
def overview() -> str:
    own = session()
    refuse_blind(own)
    errand = own.errands.last(TOPIC)
    is_in = errand is not None and bool(errand.result and errand.result.get("is_in"))
    if errand is not None and is_in:
        own.incoming.drop(errand.given["sign"])
        own.learner.nudge_soon()
    step = last_step(own.project)
    return render(
        "taking_in.html",
        own,
        errand=errand,
        is_in=is_in,
        can_take_back=errand is not None and is_in and step is not None and step.id == _step_of(errand),
        endings=(*PACKAGES, *TABLES, *PROJECTS),
        given=errand.given if errand else {"coder": own.coder.name, "complete": True},
    )


@blueprint.post("/import/look")
def look() -> Response:
    """Find out what taking a file in would do; nothing is changed."""
    own, body = session(), request_body()
    refuse_blind(own)
    sign = text_in(body, "sign")
    file = own.incoming.file(sign)
    if not file.is_whole:
        raise failure("filen er ikke her ennå; vent litt", "the file is not here yet; wait a little")
    before = own.errands.last(TOPIC)
    if before is not None and before.kind == "take_in" and before.is_working:
        raise failure("en import er i gang; vent til den er ferdig", "an import goes on; wait until it is done")
    if before is not None and before.given["sign"] != sign:
        own.incoming.drop(before.given["sign"])
    given = {
        "sign": sign,
        "name": file.name,
        "path": str(file.path),
        "coder": text_in(body, "coder", empty=True).strip()[:LONGEST],
        "complete": body.get("partly") is not True,
        "codebook_only": body.get("codebook_only") is True,
        "pseudonymised": body.get("pseudonymised") is True,
    }
    own.errands.begin(TOPIC, "foresee", given)
    return done(own)


@blueprint.post("/import/take")
def take() -> Response:
    """Take in the file as the page shows that it would be."""
    own, body = session(), request_body()
    refuse_blind(own)
    errand = own.errands.numbered(number_in(body, "number"))
    if errand.kind != "foresee" or not errand.result:
        abort(400)
    own.errands.begin(TOPIC, "take_in", {**errand.given, **errand.result})
    return done(own)


@blueprint.post("/import/back")
def back() -> Response:
    """Take back the import that the page shows, whole; what was changed since stays, and is said."""
    own, body = session(), request_body()
    refuse_blind(own)
    errand = own.errands.numbered(number_in(body, "number"))
    step = last_step(own.project)
    if step is None or step.id != _step_of(errand):
        raise failure(
            "noe annet er tatt inn siden, eller importen er tatt tilbake alt",
            "something else was taken in since, or the import was taken back already",
        )
    found = take_back_step(own.project)
    own.errands.drop(TOPIC)
    texts, codings = many(found.interviews, "interview"), many(found.codings, "coding")
    message = say(f"Importen er tatt tilbake: {texts}, {codings}.", f"The import is taken back: {texts}, {codings}.")
    return done(own, message=" ".join([message, *(f"{one}." for one in found.kept)]))


@blueprint.post("/import/drop")
def drop() -> Response:
    """Leave a file, and what was found out about it."""
    own = session()
    errand = own.errands.last(TOPIC)
    if errand is not None:
        own.incoming.drop(errand.given["sign"])
    own.errands.drop(TOPIC)
    return done(own)


def _step_of(errand: Errand) -> Any:
    return (errand.result or {}).get("step")
