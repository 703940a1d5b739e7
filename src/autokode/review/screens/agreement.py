"""How far coders agree, and where they differ, to be settled."""

from typing import Any

from flask import Blueprint, Response, abort, request

from autokode.agreement.results import MEASURES
from autokode.agreement.units import OF
from autokode.base.errors import failure
from autokode.base.messages import interface_language
from autokode.project import Coder
from autokode.project.store.decision_rows import coders_who_decided, last_decision, others_who_read_the_same
from autokode.project.store.text_marks import text_mark_of
from autokode.project.views.code_list import PAGE
from autokode.project.views.coder_comparison import Difference, compare
from autokode.review.answers import done, refuse_blind, render, request_body, session
from autokode.review.errands import Errand
from autokode.review.session import Session

blueprint = Blueprint("agreement", __name__)

TOPIC = "agreement"


@blueprint.get("/agreement")
def overview() -> str:
    """Show the figures that were computed last; they are when somebody first looks, and again to be told in another language."""
    own = session()
    refuse_blind(own)
    people = coders_who_decided(own.project)
    errand = own.errands.last(TOPIC)
    if errand is not None and errand.given["language"] != interface_language():
        errand = _begin(own, errand.given["coders"], errand.given["of"], with_model=errand.given["with_model"])
    elif errand is None and len(people) > 1:
        errand = _begin(own, [person.name for person in people], "utterance", with_model=False)
    decision = last_decision(own.project)
    return render(
        "agreement.html",
        own,
        people=people,
        uncoded=[one.name for one in own.project.coders if one.id not in {person.id for person in people}],
        others=others_who_read_the_same(own.project, own.coder),
        errand=errand,
        chosen=errand.given if errand else {"coders": [], "of": "utterance", "with_model": False},
        is_old=bool(errand and errand.given["decision"] != decision),
        measures=MEASURES,
    )


@blueprint.post("/agreement")
def measure() -> Response:
    own, body = session(), request_body()
    refuse_blind(own)
    known = [person.name for person in coders_who_decided(own.project)]
    named, of = body.get("coders", []), body.get("of", "utterance")
    if not isinstance(named, list) or of not in OF:
        abort(400)
    with_model = body.get("with_model") is True
    chosen = [name for name in known if name in named]
    if len(chosen) + with_model < 2:
        raise failure("velg minst to", "choose at least two")
    if with_model and of != "utterance":
        raise failure(
            "modellen foreslår for hele ytringer; velg «ytring»",
            "the model suggests for whole utterances; choose “utterance”",
        )
    _begin(own, chosen, of, with_model=with_model)
    return done(own)


def _begin(own: Session, coders: list[str], of: str, *, with_model: bool) -> Errand:
    given = {"coders": coders, "of": of, "with_model": with_model}
    about = {"decision": last_decision(own.project), "language": interface_language()}
    return own.errands.begin(TOPIC, "agreement", given | about)


@blueprint.get("/compare/<int:other>")
def comparison(other: int) -> str:
    """Show where this coder and another one differ: all, of one code, or what is not settled yet."""
    own = session()
    refuse_blind(own)
    second = _other(own, other)
    marks = {source.id: text_mark_of(own.project, source.id) for source in own.project.sources}
    found = compare(own.project, own.coder, second)
    code, only_open = request.args.get("code", ""), request.args.get("state") == "open"
    differences = [one for one in found.differences if _fits(one, code, only_open=only_open)]
    page = max(0, request.args.get("page", 0, type=int))
    wanted: dict[str, Any] = ({"code": code} if code else {}) | ({"state": "open"} if only_open else {})
    return render(
        "compare.html",
        own,
        first=own.coder,
        second=second,
        found=found,
        settled=sum(not one.open for one in found.differences),
        differing=sorted({name for one in found.differences for name in (*one.first, *one.second)}),
        differences=differences[page * PAGE : (page + 1) * PAGE],
        shown=len(differences),
        page=page,
        pages=-(-len(differences) // PAGE),
        code=code,
        only_open=only_open,
        kept=wanted,
        names={source.id: source.name for source in own.project.sources},
        marks=marks,
    )


def _fits(one: Difference, code: str, *, only_open: bool) -> bool:
    return (not code or code in (*one.first, *one.second)) and (one.open or not only_open)


def _other(own: Session, number: int) -> Coder:
    found = next((one for one in own.project.coders if one.id == number and one.id != own.coder.id), None)
    if found is None:
        abort(404)
    return found
