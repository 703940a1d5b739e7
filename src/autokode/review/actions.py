"""The addresses that decide: each makes one decision, which is on disk before the page gets its answer."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, abort, jsonify
from werkzeug.wrappers import Response as Answer

from autokode.base.errors import failure
from autokode.base.messages import INTERFACE_LANGUAGES, say
from autokode.project import Outcome, Reviewer
from autokode.project.store.codebook_editing import CodebookEditor
from autokode.project.store.coders import NEWCOMER
from autokode.project.store.decision_log import CODEBOOK, INTERVIEW, VARIABLES
from autokode.project.store.filtered_rows import Filter
from autokode.project.store.text_marks import TextChangedError, text_mark_of
from autokode.project.store.utterance_rows import transcript_text
from autokode.review.answers import are_numbers, request_body, session, text_in
from autokode.review.dial_steps import is_step
from autokode.review.pages import turn_html
from autokode.review.session import Session
from autokode.review.text_places import place_of, tidy

blueprint = Blueprint("actions", __name__)

THEMES = ("auto", "light", "dark")
SPEEDS = ("0.5", "0.75", "1", "1.25", "1.5", "2")
"""How fast a recording can be played; 1 is as it was said."""
SETTINGS: dict[str, Callable[[object], bool]] = {
    "language": lambda value: value in INTERFACE_LANGUAGES,
    "theme": lambda value: value in THEMES,
    "order": lambda value: value in ("teaching", "reading", "chance"),
    "precision": is_step,
    "keys": lambda value: value in ("on", "off"),
    "speed": lambda value: value in SPEEDS,
    "one_utterance": lambda value: value in ("on", "off"),
    "follow": lambda value: value in ("on", "off"),
}
"""The choices a page may keep, and whether a value is one of theirs."""


@blueprint.post("/suggestion/<int:number>")
def suggestion(number: int) -> Response:
    """Accept, reject or change a suggestion; the page shows the verdict `saw` ("" for none) and the codings `shows` there."""
    own, body = session(), request_body()
    said, span = body.get("said"), _span(body)
    saw = body["saw"] if body.get("saw") in ("", "accepted", "rejected", "changed") else None
    shows, reviewer = body.get("shows"), _reviewer(own, body)
    if said == "accept":
        seen = shows if are_numbers(shows) else None
        return _told(own, reviewer.accept(number, span=span, saw=saw, shows=seen), body)
    if said == "reject":
        return _told(own, reviewer.reject(number, saw=saw), body)
    if said == "change":
        return _told(own, reviewer.change(number, text_in(body, "code"), span=span, saw=saw), body)
    return abort(400)


@blueprint.post("/same")
def same() -> Response:
    """Accept or reject several suggestions in one decision."""
    own, body = session(), request_body()
    numbers = body.get("suggestions")
    if not are_numbers(numbers) or body.get("said") not in ("accept", "reject"):
        abort(400)
    outcome = _reviewer(own, body).same(numbers, accept=body["said"] == "accept")
    left = say(
        f"{outcome.left} var avgjort i et annet vindu, og står som de er.",
        f"{outcome.left} were decided in another window, and stay as they are.",
    )
    return _told(own, outcome, body, message=left if outcome.left else "")


@blueprint.post("/code/<int:transcript>")
def code(transcript: int) -> Response:
    """Give a code to a span, or to what a person selected: `from` and `to` as the browser has them."""
    own, body = session(), request_body()
    reviewer = _reviewer(own, body, transcript)
    span = _span(body) or _selected(own, transcript, body)
    return _told(own, reviewer.code(transcript, *span, text_in(body, "code")), body)


@blueprint.post("/in-vivo/<int:transcript>")
def in_vivo(transcript: int) -> Response:
    """Make a code under another one, and give it to what a person selected."""
    own, body = session(), request_body()
    reviewer = _reviewer(own, body, transcript)
    span = _span(body) or _selected(own, transcript, body)
    name, above = text_in(body, "name"), text_in(body, "above", empty=True)
    return _told(own, CodebookEditor(reviewer).in_vivo(transcript, *span, name, above), body)


@blueprint.post("/coding/<int:number>")
def coding(number: int) -> Response:
    """Remove a coding, give it another code or another span, or mark it as a good quote."""
    own, body = session(), request_body()
    said, span, saw, reviewer = body.get("said"), _span(body), _saw(body), _reviewer(own, body)
    if said == "remove":
        return _told(own, reviewer.remove(number, saw=saw), body)
    if said == "good":
        return _told(own, reviewer.good(number, saw=saw), body)
    if said == "recode":
        return _told(own, reviewer.recode(number, text_in(body, "code"), saw=saw), body)
    if said == "span" and span:
        return _told(own, reviewer.span(number, *span, saw=saw), body)
    return abort(400)


@blueprint.post("/read/<int:transcript>/<int:number>")
def read(transcript: int, number: int) -> Response:
    """Mark an utterance as read, with the suggestions that the page showed there; or as not read."""
    own, body = session(), request_body()
    seen = body.get("seen")
    if seen is not None and not are_numbers(seen):
        abort(400)
    reviewer = _reviewer(own, body, transcript)
    return _told(own, reviewer.read(transcript, number, read=body.get("read") is not False, seen=seen), body)


@blueprint.post("/memo")
def memo() -> Response:
    """Write a memo, unless it was changed since the page had it (`was`); one without text is removed."""
    own, body = session(), request_body()
    was = text_in(body, "was", empty=True) if "was" in body else None
    reviewer = _reviewer(own, body) if text_in(body, "about").startswith("turn/") else own.reviewer
    return _told(own, reviewer.memo(text_in(body, "about"), text_in(body, "text", empty=True), was=was), body)


@blueprint.post("/<any(undo, redo):way>")
def back(way: str) -> Response:
    """Undo the last decision, or redo the last one undone; `skip` is one that no longer fits, and that is to stand."""
    own, body = session(), request_body()
    skip = body.get("skip") if type(body.get("skip")) is int else None
    outcome = own.reviewer.undo(skip=skip) if way == "undo" else own.reviewer.redo(skip=skip)
    if outcome is None:
        nothing = {
            "undo": ("ingenting å angre", "nothing to undo"),
            "redo": ("ingenting å gjøre om", "nothing to redo"),
        }
        return jsonify(turns={}, state=own.state(), message=say(*nothing[way]))
    again = say("Angret: ", "Undone: ") if way == "undo" else say("Gjort om igjen: ", "Done again: ")
    return _told(own, outcome, body, message=again + say(*_KINDS.get(outcome.kind, (outcome.kind, outcome.kind))))


@blueprint.post("/resolve/<int:other>/<int:transcript>/<int:number>")
def resolve(other: int, transcript: int, number: int) -> Response:
    """Store which codes two coders settle on for an utterance: code → given or not."""
    own, body = session(), request_body()
    if own.coder.blind:
        abort(403)
    named = body.get("given")
    if not isinstance(named, dict) or not named:
        abort(400)
    given = {str(name): has is True for name, has in named.items()}
    return _told(own, _reviewer(own, body, transcript).resolve(other, transcript, number, given), body)


@blueprint.post("/learn")
def learn() -> Response:
    """Train a model now, however few decisions are new."""
    own = session()
    if own.coder.id == NEWCOMER:
        return jsonify(state=own.state(), turns={}, message=say("Kod noen svar først.", "Code some answers first."))
    began = own.learner.nudge(least=0)
    return jsonify(state=own.state(), turns={}, message=say("Lærer …", "Learning …") if began else "")


@blueprint.post("/setting")
def setting() -> Answer:
    """Keep a choice; after a move of the dial `news` says when its suggestions are there."""
    own, body = session(), request_body()
    for name, value in body.items():
        if name in SETTINGS and SETTINGS[name](value):
            own.choose(name, value)
    state, message = own.state(), ""
    if "precision" in body:
        own.learner.turn()
        message = "" if state["round"] else say("Gjelder når det kommer forslag.", "Holds when there are suggestions.")
    return jsonify(state=state, turns={}, message=message)


_KINDS = {
    "accept": ("godtatt", "accepted"),
    "reject": ("avvist", "rejected"),
    "change": ("byttet", "changed"),
    "same": ("samme for flere", "same for several"),
    "code": ("kodet", "coded"),
    "remove": ("fjernet", "removed"),
    "span": ("flyttet", "moved"),
    "recode": ("fått en annen kode", "recoded"),
    "good": ("godt sitat", "good quote"),
    "memo": ("notat", "memo"),
    "done": ("lest", "read"),
    "resolve": ("avgjort", "settled"),
    "codebook": ("endring i kodeboken", "change of the codebook"),
    "interview": ("endring av et intervju", "change of an interview"),
    "keep": ("beholdt som det er", "kept as it is"),
    "draw": ("trukket stikkprøve (den telles likevel)", "sample drawn (it counts all the same)"),
    "judge": ("vurdert svar i stikkprøven", "answer of the sample judged"),
    "rest": ("resten kodet automatisk", "the rest coded automatically"),
    "variables": ("endring av variabler", "change of variables"),
    "card": ("endring av en foreslått kode", "change of a proposed code"),
    "import": ("import (alt den tok inn av ditt)", "import (all it took in of yours)"),
}


def _told(own: Session, outcome: Outcome, body: Mapping[str, Any], *, message: str = "") -> Response:
    """Answer with the utterances that changed, as HTML; the decision is on disk by now."""
    own.learner.nudge_soon()
    html: dict[int, str] = {}
    about: dict[str, object] = {"codes": outcome.kind == CODEBOOK, "again": outcome.kind in (INTERVIEW, VARIABLES)}
    if outcome.transcript is not None:
        about["text_mark"] = text_mark_of(own.project, outcome.transcript)
    if outcome.transcript is not None and outcome.transcript == body.get("transcript", outcome.transcript):
        html = turn_html(own.turns(outcome.transcript, list(outcome.utterances)), own.entries(), _wanted(own, body))
    if outcome.decision is None and not message:
        message = say("Det var bestemt slik fra før.", "It had been decided so before.")
    place = {"transcript": outcome.transcript, "numbers": list(outcome.utterances)}
    return jsonify(turns=html, state=own.state(), message=message, place=place, decision=outcome.decision, **about)


def _reviewer(own: Session, body: Mapping[str, Any], transcript: int | None = None) -> Reviewer:
    """Who decides, on the text that the page shows: `text_mark` is its mark, and `transcript` its interview.

    Raises:
        TextChangedError: the text is another one by now; what the page says of places in it would be of other words.
    """
    mark, number = body.get("text_mark"), body.get("transcript", transcript)
    if not isinstance(mark, str) or type(number) is not int:
        return own.reviewer
    now = text_mark_of(own.project, number)
    if now and now != mark:  # of one that is gone, the decision says so
        raise TextChangedError
    return own.reviewer.seeing(number, mark) if now else own.reviewer


def _wanted(own: Session, body: Mapping[str, Any]) -> Filter:
    given = body.get("wanted")
    named = {name: str(value) for name, value in given.items()} if isinstance(given, dict) else {}
    return own.veil.filter(own.project, named)


def _span(body: Mapping[str, Any]) -> tuple[int, int] | None:
    start, end = body.get("start"), body.get("end")
    return (start, end) if type(start) is int and type(end) is int else None


def _saw(body: Mapping[str, Any]) -> tuple[int, int, str] | None:
    """The coding as the page shows it: [start, end, code]."""
    saw = body.get("saw")
    if not isinstance(saw, list) or list(map(type, saw)) != [int, int, str]:
        return None
    return saw[0], saw[1], saw[2]


def _selected(own: Session, transcript: int, body: Mapping[str, Any]) -> tuple[int, int]:
    """The span that a person selected, in code points.

    Raises:
        DataError: the selection holds nothing but white space.
    """
    ends = [body.get("from"), body.get("to")]
    if not all(are_numbers(end) and len(end) == 2 and min(end) >= 0 for end in ends):
        abort(400)
    text = transcript_text(own.project, transcript)
    if text is None:
        abort(404)
    places = sorted(place_of(text, *end) for end in ends if end is not None)
    start, end = tidy(text, *places)
    if start >= end:
        raise failure("ingenting er markert", "nothing is selected")
    return start, end
