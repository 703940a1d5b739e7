"""Withdrawn consent: an interview is removed for good, or the whole project closed, after both were shown and asked twice."""

from dataclasses import astuple

from flask import Blueprint, Response, abort, g, jsonify, render_template

from autokode.base.errors import failure
from autokode.base.hashing import sha256_of
from autokode.base.messages import say
from autokode.project.store.coders import NEWCOMER
from autokode.project.store.interview_changes import check_seen, source_with
from autokode.project.store.log_rewriting import NOBODY
from autokode.project.store.removal import close_project, remove_interviews
from autokode.project.store.transcripts import Source
from autokode.project.views.removal_preview import Preview, closing_preview, content_lines, removal_preview
from autokode.review.answers import render, request_body, session, text_in
from autokode.review.page_locks import no_page_open
from autokode.review.session import Session

blueprint = Blueprint("removal", __name__)


@blueprint.get("/interviews/<int:number>/remove")
def interview(number: int) -> str:
    """The screen on which an interview is removed; `contents` comes after."""
    own = session()
    return render("remove.html", own, source=_source(own, number))


@blueprint.get("/interviews/<int:number>/remove/contents")
def contents(number: int) -> str:
    """What removing an interview takes, what lies outside and stays, and the form to remove it with."""
    own = session()
    source = _source(own, number)
    preview = removal_preview(own.project, [source.name])
    return render("remove_contents.html", own, source=source, preview=preview, mark=_mark(preview))


@blueprint.post("/interviews/<int:number>/remove")
def remove(number: int) -> Response:
    """Remove an interview, if the page showed what goes and its name or number was typed."""
    own, given = session(), request_body()
    source = source_with(own.project, number)
    _check_typed(text_in(given, "typed"), source.name, str(number))
    _stop_work(own)
    by = own.coder if own.coder.id != NEWCOMER else None
    with no_page_open(own.project.folder, but=own.page):
        preview = removal_preview(own.project, [source.name])
        check_seen(text_in(given, "saw"), _mark(preview))
        taken = remove_interviews(own.project, [source.name], by=own.coder.name, coder=NOBODY if by is None else by.id)
    own.drop_files()
    own.forget()
    own.learner.nudge(least=1)
    told = render_template(
        "removed.html",
        heading=say("Intervjuet er fjernet", "The interview is removed"),
        taken=list(content_lines(taken)),
        stays=preview.stays,
        warnings=preview.warnings,
        ended=False,
    )
    return jsonify(turns={}, state=own.state(), message="", go="", html=told, ended=False)


@blueprint.get("/close")
def project() -> str:
    """What closing the project takes, and what stays."""
    own = session()
    preview = closing_preview(own.project)
    return render("close.html", own, preview=preview, mark=_mark(preview), name=own.project.folder.resolve().name)


@blueprint.post("/close")
def close() -> Response:
    """Close the project, if the page showed what goes and its folder's name was typed; the server ends after the answer."""
    own, given = session(), request_body()
    _check_typed(text_in(given, "typed"), own.project.folder.resolve().name)
    _stop_work(own)
    with no_page_open(own.project.folder, but=own.page):
        preview = closing_preview(own.project)
        check_seen(text_in(given, "saw"), _mark(preview))
        told = render_template(
            "removed.html",
            heading=say("Prosjektet er avsluttet", "The project is closed"),
            taken=preview.taken,
            stays=preview.stays,
            warnings=(),
            ended=True,
        )
        answer = jsonify(turns={}, message="", go="", html=told, ended=True)
        g.stack.close()  # the connection to the file that goes now
        own.incoming.clear()
        close_project(own.project)
    own.end()
    return answer


def _source(own: Session, number: int) -> Source:
    return next((one for one in own.project.sources if one.id == number), None) or abort(404)


def _stop_work(own: Session) -> None:
    """End the learning, which learns from what goes.

    Raises:
        DataError: something is being made of the texts, such as a report.
    """
    if own.names.runs or own.errands.is_working:
        raise failure(
            "autokode arbeider med tekstene nå; ingenting er slettet",
            "autokode is working on the texts; nothing was deleted",
            try_next=say("vent til det er ferdig", "wait until that is done"),
        )
    own.learner.stop()


def _check_typed(typed: str, *wanted: str) -> None:
    """Check what somebody typed to say that they mean it.

    Raises:
        DataError: it is something else.
    """
    if typed.strip().casefold() not in {one.casefold() for one in wanted}:
        raise failure(
            f"skriv «{wanted[0]}» for å bekrefte; ingenting er slettet",
            f"type «{wanted[0]}» to confirm; nothing was deleted",
        )


def _mark(preview: Preview) -> str:
    """A mark of what the page shows of a removal."""
    return sha256_of(repr(astuple(preview)))[:16]
