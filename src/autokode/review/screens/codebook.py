"""The codebook: its tree, each code's texts and codings, and every edit of it."""

from typing import Any

from flask import Blueprint, Response, abort, request, url_for

from autokode.base.formatting import one_line
from autokode.base.messages import say
from autokode.project.store.code_usage import codings_of
from autokode.project.store.codebook_checks import LISTS, TEXTS, Seen
from autokode.project.store.codebook_editing import CodebookEditor
from autokode.project.store.outcomes import Outcome
from autokode.project.views.codebook_view import by_hand, nodes, what_goes
from autokode.project.views.stray_codes import stray_codes
from autokode.review.answers import are_numbers, done, number_in, render, request_body, session, text_in
from autokode.review.session import Session

blueprint = Blueprint("codebook", __name__)

PALETTE = (
    *("#c0504a", "#b8652a", "#97762a", "#6f8330", "#3f8a4d", "#2b8a79"),
    *("#2a84a3", "#4a76c4", "#7a68c9", "#9d5bb8", "#b8528f", "#7d7d7d"),
)
"""Colours that are told apart and read on light and on dark."""

MOST = 500
"""Most codings of a code on the page."""


@blueprint.get("/codebook")
def overview() -> str:
    """Show the tree, and the code that the address names by its sign."""
    own = session()
    found = nodes(own.project, own.coder)
    sign = request.args.get("code", "")
    chosen = next((node for node in found if sign and own.veil.sign(node.code.name) == sign), None)
    only = own.coder if own.coder.blind else None
    codings = codings_of(own.project, chosen.code.name, coder=only, most=MOST) if chosen else []
    whole, goes = what_goes(own.project, own.coder, chosen.code.name) if chosen else (0, "")
    return render(
        "codebook.html",
        own,
        nodes=found,
        chosen=chosen,
        codings=codings,
        most=MOST,
        whole=whole,
        goes=goes,
        palette=PALETTE,
        by_hand=by_hand(own.project, own.codebook_by_hand) if own.codebook_by_hand is not None else None,
        stray=stray_codes(own.project),
        sign=own.veil.sign,
        several=len(own.project.everyone) > 1 and not own.coder.blind,
    )


@blueprint.post("/codebook/make")
def make() -> Response:
    own, body = session(), request_body()
    name, above = text_in(body, "name"), text_in(body, "above", empty=True)
    _editor(own).make(name, above, codable=body.get("codable") is not False)
    return _done(own, say(f"Laget «{one_line(name)}».", f"Made «{one_line(name)}»."), name)


@blueprint.post("/codebook/rename")
def rename() -> Response:
    own, body = session(), request_body()
    name = text_in(body, "name")
    _editor(own).rename(text_in(body, "code"), name, seen=_seen(body))
    return _done(own, say(f"Heter «{one_line(name)}» nå.", f"Is called «{one_line(name)}» now."), name)


@blueprint.post("/codebook/move")
def move() -> Response:
    own, body = session(), request_body()
    places = (text_in(body, "above", empty=True), text_in(body, "before", empty=True))
    outcome = _editor(own).move(text_in(body, "code"), *places, seen=_seen(body))
    return _done(own, _said(outcome, say("Flyttet.", "Moved.")))


@blueprint.post("/codebook/change")
def change() -> Response:
    """Give a code what the form says; of lists each line is one."""
    own, body = session(), request_body()
    fields: dict[str, Any] = {name: text_in(body, name, empty=True) for name in TEXTS if name in body}
    fields |= {name: text_in(body, name, empty=True).splitlines() for name in LISTS if name in body}
    if "colour" in body:
        colour = text_in(body, "colour", empty=True)
        fields["colour"] = text_in(body, "own_colour") if colour == "own" else colour
    if "number" in body:
        fields["number"] = number_in(body, "number") if body["number"] != "" else None
    if isinstance(body.get("codable"), bool):
        fields["codable"] = body["codable"]
    outcome = _editor(own).change(text_in(body, "code"), fields, seen=_seen(body))
    return _done(own, _said(outcome, say("Lagret.", "Stored.")))


@blueprint.post("/codebook/example")
def example() -> Response:
    """Let the words of a coding be an anchor example of its code."""
    own, body = session(), request_body()
    code, number = text_in(body, "code"), number_in(body, "coding")
    only = own.coder if own.coder.blind else None
    quotes = [one.quote for one in codings_of(own.project, code, coder=only, most=10**9) if one.id == number]
    if not quotes or code not in own.codebook:
        abort(404)
    examples = [*own.codebook[code].examples, one_line(quotes[0])]
    outcome = _editor(own).change(code, {"examples": examples}, seen=_seen(body))
    return _done(own, _said(outcome, say("Lagt til som eksempel.", "Added as an example.")))


@blueprint.post("/codebook/merge")
def merge() -> Response:
    own, body = session(), request_body()
    code, into = text_in(body, "code"), text_in(body, "into")
    count = number_in(body, "count") if "count" in body else None
    _editor(own).merge(code, into, seen=Seen(_seen(body).mark, count))
    return _done(own, say(f"«{code}» er en del av «{into}» nå.", f"«{code}» is part of «{into}» now."), into)


@blueprint.post("/codebook/split")
def split() -> Response:
    own, body = session(), request_body()
    given = body.get("codings")
    numbers = [int(one) for one in given if str(one).isdecimal()] if isinstance(given, list) else None
    if not are_numbers(numbers):
        abort(400)
    name = text_in(body, "name")
    _editor(own).split(text_in(body, "code"), name, numbers, seen=_seen(body))
    return _done(
        own,
        say(
            f"Laget «{one_line(name)}» med {len(numbers)} av kodingene.",
            f"Made «{one_line(name)}» with {len(numbers)} of the codings.",
        ),
        name,
    )


@blueprint.post("/codebook/delete")
def delete() -> Response:
    """Delete a code whose codings, as many as were shown, go to another code or are removed."""
    own, body = session(), request_body()
    code, into = text_in(body, "code"), text_in(body, "into", empty=True)
    seen = Seen(text_in(body, "mark"), number_in(body, "count"))
    _editor(own).delete(code, into=into, seen=seen)
    return _done(own, say(f"Slettet «{code}». Angre med z.", f"Deleted «{code}». Undo with z."), into)


@blueprint.post("/codebook/take")
def take() -> Response:
    """Take in what a person changed in codebook.yaml; `gone` and `now` are lists of old names and new ones, "" for none."""
    own, body = session(), request_body()
    gone, now = (body.get(name, []) for name in ("gone", "now"))
    if not all(isinstance(names, list) and all(isinstance(one, str) for one in names) for names in (gone, now)):
        abort(400)
    renamed = {old: new for old, new in zip(gone, now, strict=False) if new}
    _editor(own).take_file(text_in(body, "sha256"), renamed)
    return _done(own, say("Tatt inn.", "Taken in."))


def _editor(own: Session) -> CodebookEditor:
    return CodebookEditor(own.reviewer)


def _seen(body: dict[str, Any]) -> Seen:
    return Seen(text_in(body, "mark")) if body.get("mark") else Seen()


def _said(outcome: Outcome, text: str) -> str:
    return text if outcome.decision is not None else say("Det var slik fra før.", "It was so before.")


def _done(own: Session, message: str, name: str = "") -> Response:
    """Answer, and show the code with a name."""
    own.look_at_codebook()
    own.learner.nudge_soon()
    go = url_for("codebook.overview", code=own.veil.sign(one_line(name))) if name else ""
    return done(own, message=message, go=go)
