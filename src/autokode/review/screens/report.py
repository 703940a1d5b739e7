"""The report, the methods section and every export: chosen, looked at, and taken down."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort, request

from autokode.base.errors import failure
from autokode.base.messages import say
from autokode.exchange.export_files import EXPORT_KINDS
from autokode.project.store.decision_rows import coders_who_decided, memos
from autokode.report.grouping import FEWEST
from autokode.report.render.files import DOCUMENT_KINDS, METHODS_KINDS, REPORT_KINDS
from autokode.review.answers import done, refuse_blind, render, request_body, session
from autokode.review.session import Session

blueprint = Blueprint("report", __name__)

TOPICS = ("report", "methods", "export")
"""What is made here: the tabs of the screen, the kinds of errands, and their topics."""

MOST = 1000
"""Largest number of turns within which codes fall together."""


@blueprint.get("/report")
def overview() -> str:
    """Show what can be made, and what was made last."""
    own = session()
    refuse_blind(own)
    what = request.args.get("what", TOPICS[0])
    if what not in TOPICS:
        abort(404)
    project = own.project
    sources, invented = project.sources, project.pseudonymised
    written = [memo.coder for memo in memos(project)]
    return render(
        "report.html",
        own,
        what=what,
        errand=own.errands.last(what),
        people=coders_who_decided(project),
        writers={name: written.count(name) for name in dict.fromkeys(written)},
        sources=sources,
        unmarked=[source.name for source in sources if source.name not in invented],
        report_kinds=REPORT_KINDS,
        methods_kinds=METHODS_KINDS,
        export_kinds=EXPORT_KINDS,
        document_kinds=DOCUMENT_KINDS,
        can_group=len(project.codebook.codable) >= FEWEST,
    )


@blueprint.post("/report/<what>")
def make(what: str) -> Response:
    """Begin to make files; the page asks how far that is."""
    own, body = session(), request_body()
    refuse_blind(own)
    if what not in _GIVEN:
        abort(404)
    own.errands.begin(what, what, _GIVEN[what](own, body))
    return done(own)


def _report(own: Session, body: dict[str, Any]) -> dict[str, Any]:
    codable = own.project.codebook.codable
    people = [person.name for person in coders_who_decided(own.project)]
    chosen = _some(body, "coders", people)
    return {
        "kinds": _kinds(body, REPORT_KINDS),
        "coders": [] if chosen == people else chosen,
        "codes": _some(body, "codes", codable),
        "memos": _some(body, "memos", [coder.name for coder in own.project.coders]),
        "held_out": body.get("held_out") is True,
        "as_is": body.get("as_is") is True,
        "reach": _whole(body, "reach") or 0,
        "groups": _whole(body, "groups"),
    }


def _methods(_own: Session, body: dict[str, Any]) -> dict[str, Any]:
    return {
        "kinds": _kinds(body, METHODS_KINDS),
        "held_out": body.get("held_out") is True,
        "manifest": body.get("manifest") is True,
    }


def _export(own: Session, body: dict[str, Any]) -> dict[str, Any]:
    if body.get("kind") not in (*EXPORT_KINDS, *DOCUMENT_KINDS):
        abort(400)
    people = [person.name for person in coders_who_decided(own.project)]
    chosen = _some(body, "coders", people)
    return {
        "kind": body["kind"],
        "coders": [] if chosen == people else chosen,
        "interviews": _some(body, "interviews", [source.name for source in own.project.sources]),
        "as_is": body.get("as_is") is True,
        "suggestions": body.get("suggestions") is True,
        "memos": _some(body, "memos", [coder.name for coder in own.project.coders]),
    }


_GIVEN: dict[str, Callable[[Session, dict[str, Any]], dict[str, Any]]] = {
    "report": _report,
    "methods": _methods,
    "export": _export,
}


def _some(body: dict[str, Any], name: str, known: list[str] | tuple[str, ...]) -> list[str]:
    """Those of the known names that somebody ticked."""
    given = body.get(name, [])
    if not isinstance(given, list):
        abort(400)
    return [one for one in known if one in given]


def _kinds(body: dict[str, Any], known: tuple[str, ...]) -> list[str]:
    kinds = _some(body, "kinds", known)
    if not kinds:
        raise failure("velg minst én filtype", "choose at least one kind of file")
    return kinds


def _whole(body: dict[str, Any], name: str) -> int | None:
    """A whole number that somebody typed; None for an empty field."""
    text = str(body.get(name, "")).strip()
    if not text:
        return None
    if not text.isdecimal() or int(text) > MOST:
        raise failure(
            f"«{text}» er ikke et helt tall fra 0 til {MOST}",
            f"«{text}» is no whole number from 0 to {MOST}",
            try_next=say("rett tallet", "mend the number"),
        )
    return int(text)
