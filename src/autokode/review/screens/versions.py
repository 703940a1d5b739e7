"""A new version of an interview's text: what follows and what cannot is shown before, and the text of before stays in reach."""

from flask import Blueprint, Response, abort, redirect, url_for
from flask import request as asked
from werkzeug.wrappers import Response as Answer

from autokode.base.errors import DataError, Problem
from autokode.base.messages import say
from autokode.corpus.transcript import Transcript
from autokode.corpus.understood import interviewed_by
from autokode.project.store.interview_changes import check_seen, source_with
from autokode.project.store.new_version import bring_version, earlier_texts, following
from autokode.review.answers import done, render, request_body, session, text_in
from autokode.review.session import Session

blueprint = Blueprint("versions", __name__)


@blueprint.get("/interviews/<int:number>/version")
def look(number: int) -> str:
    """What a file would change as a new version of an interview, and what could not follow."""
    own, sign = session(), asked.args.get("file", "")
    source = source_with(own.project, number)
    shown = own.understanding.of(sign)
    version = _version(own, sign, source.name)
    return render(
        "version.html",
        own,
        source=source,
        shown=shown,
        version=version,
        following=following(own.project, number, version),
        invented=source.name in own.project.pseudonymised,
    )


@blueprint.post("/interviews/<int:number>/version")
def bring(number: int) -> Response:
    """Bring the new version in, if the page showed what follows."""
    own, given = session(), request_body()
    sign = text_in(given, "sign")
    check_seen(text_in(given, "mark"), own.understanding.of(sign).mark)
    version = _version(own, sign, source_with(own.project, number).name)
    invented = given.get("pseudonymised") is True
    told = bring_version(own.project, own.coder, number, version, saw=text_in(given, "saw"), pseudonymised=invented)
    own.understanding.drop(sign)
    own.forget()
    if own.state()["round"]:
        own.learner.nudge(least=0)
    gone = len(told.gone)
    message = say(
        f"Den nye utgaven er inne. Kodinger som ikke kunne følge: {gone}. Angre: z",
        f"The new version is in. Codings that could not follow: {gone}. Undo: z",
    )
    return done(own, message=message, go=url_for("interviews.about", number=number))


@blueprint.post("/interviews/<int:number>/version/drop")
def drop(number: int) -> Response:
    own = session()
    own.understanding.drop(text_in(request_body(), "sign"))
    return done(own, go=url_for("interviews.about", number=number))


@blueprint.get("/interviews/<int:number>/before/<int:step>")
def before(number: int, step: int) -> str:
    """The text that a new version took the place of."""
    own = session()
    source = source_with(own.project, number)
    found = next(((time, text) for id_, time, text in earlier_texts(own.project, number) if id_ == step), None)
    if found is None:
        abort(404)
    return render("earlier_text.html", own, source=source, time=found[0], text=found[1])


@blueprint.get("/interviews/<int:number>/before")
def original(number: int) -> Answer:
    """Lead to the text as it was taken in; where it was never another one, to the interview."""
    found = earlier_texts(session().project, number)
    if not found:
        return redirect(url_for("interviews.about", number=number))
    return redirect(url_for(".before", number=number, step=found[-1][0]))


def _version(own: Session, sign: str, name: str) -> Transcript:
    """The file as a new version: with the interviewers of before, where nobody said otherwise and they are in it.

    Raises:
        DataError: the file cannot be read.
    """
    found = own.understanding.of(sign).understood
    if found.transcript is None:
        raise DataError([Problem(what, found.file) for what in found.problems])
    known = own.project.transcript(name).interviewers
    if own.understanding.corrections(sign).interviewers is None and set(known) <= set(found.transcript.speakers):
        return interviewed_by(found.transcript, known)
    return found.transcript
