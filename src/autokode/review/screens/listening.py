"""Listening: the recording that an interview is linked to is played, and found, linked, moved and forgotten.

Only a file that a person linked is sent, and only while it is the one that was linked.
"""

import math
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Response, abort, g, jsonify, render_template, request

from autokode.base.formatting import number as in_words
from autokode.base.messages import say
from autokode.base.recording_files import ENDINGS, opened_recording
from autokode.project.store.recordings import (
    Recording,
    likely_recordings,
    link_recording,
    move_recording,
    recordings,
    unlink_recording,
)
from autokode.project.store.transcripts import Source
from autokode.review.actions import SPEEDS
from autokode.review.answers import done, render, request_body, session, text_in
from autokode.review.byte_ranges import partial_answer
from autokode.review.session import Session

blueprint = Blueprint("listening", __name__)


@dataclass(frozen=True, slots=True)
class Shown:
    """A recording as the pages show it: the link, what is wrong with its file ("" if nothing), whether there is a picture."""

    link: Recording
    problem: str

    @property
    def is_film(self) -> bool:
        """Whether there may be a picture."""
        return self.link.kind.startswith("video/")


@dataclass(frozen=True, slots=True)
class Offered:
    """A file that may be the recording: its sign, and its path as shown."""

    sign: str
    shown: str


@blueprint.get("/recording/<int:number>")
def sound(number: int) -> Response:
    """Send the part of an interview's recording that the player asks for."""
    found = recordings(session().project).get(number) or abort(404)
    with ExitStack() as opened:
        stream = opened.enter_context(opened_recording(found.path, found.size, found.fingerprint))
        asked = "" if "If-Range" in request.headers else request.headers.get("Range", "")
        return partial_answer(stream, found.size, asked, found.kind, opened)


@blueprint.get("/recording/<int:number>/state")
def state(number: int) -> Response:
    """What is wrong with a recording that would not play."""
    found = shown(session(), number) or abort(404)
    return jsonify(problem=found.problem)


@blueprint.get("/interviews/<int:number>/recording")
def about(number: int) -> str:
    """The screen on which an interview's recording is found and linked, or forgotten."""
    own = session()
    source = _source(own, number)
    linked = shown(own, number)
    offered = [
        Offered(own.folders.signs.sign(path), str(path))
        for path in likely_recordings(source)
        if linked is None or path.resolve() != linked.link.path
    ]
    return render(
        "recording.html",
        own,
        source=source,
        recording=linked,
        offset=_seconds(linked.link.offset_s) if linked else "",
        offered=offered,
        has_times=any(one.begin_s is not None for one in own.project.transcript(source.name).utterances),
        listing=own.folders.listing(""),
        files=own.folders.files("", ENDINGS),
    )


@blueprint.post("/interviews/<int:number>/recording/folder")
def folder(number: int) -> Response:
    """List a folder of the home directory, with the recordings in it."""
    own = session()
    sign = text_in(request_body(), "folder", empty=True)
    _source(own, number)
    listing, files = own.folders.listing(sign), own.folders.files(sign, ENDINGS)
    html = render_template("recording_folder.html", listing=listing, files=files)
    return jsonify(html=html, state=own.state())


@blueprint.post("/interviews/<int:number>/recording/link")
def link(number: int) -> Response:
    """Link a file that the page offered, by its sign, or one whose path was typed."""
    own, given = session(), request_body()
    saw = text_in(given, "saw", empty=True)
    if given.get("file"):
        path = own.folders.signs.path(text_in(given, "file"))
    else:
        path = Path(text_in(given, "path").strip().strip("\"'"))
        if not path.expanduser().is_absolute():
            path = own.folders.home / path
    new = link_recording(own.project, own.coder, number, path, saw=saw)
    linked = say("Opptaket er knyttet til intervjuet. Angre: z", "The recording is linked. Undo: z")
    return done(own, message=linked if new else _as_it_was())


@blueprint.post("/interviews/<int:number>/recording/offset")
def offset(number: int) -> Response:
    """Say where in the recording the text begins."""
    own, given = session(), request_body()
    try:
        seconds = float(text_in(given, "offset", empty=True).strip().replace(",", ".").replace("−", "-") or 0)
    except ValueError:
        seconds = math.nan
    new = move_recording(own.project, own.coder, number, seconds, saw=text_in(given, "saw"))
    return done(own, message=say("Flyttet. Angre: z", "Moved. Undo: z") if new else _as_it_was())


@blueprint.post("/interviews/<int:number>/recording/forget")
def forget(number: int) -> Response:
    """Forget which recording an interview has; the recording stays."""
    own, given = session(), request_body()
    gone = unlink_recording(own.project, own.coder, number, saw=text_in(given, "saw"))
    message = say(
        f"Glemt. Opptaket er ikke slettet: {gone.path}. Angre: z",
        f"Forgotten. The recording was not deleted: {gone.path}. Undo: z",
    )
    return done(own, message=message)


def shown(own: Session, number: int) -> Shown | None:
    """An interview's recording as the pages show it; None if it has none."""
    found = recordings(own.project).get(number)
    if found is None:
        return None
    problem = found.problem()
    return Shown(found, "" if problem is None else str(problem))


def _seconds(value: float) -> str:
    """Seconds as a person writes them; no 0."""
    return in_words(value, 3 if value % 1 else 0) if value else ""


def _source(own: Session, number: int) -> Source:
    return next((one for one in own.project.sources if one.id == number), None) or abort(404)


def _as_it_was() -> str:
    return say("Det var slik fra før.", "It was so before.")


@blueprint.app_context_processor
def player() -> dict[str, object]:
    """What the templates of reading use: the recording of an interview, whether it has one, the player's speeds and choices."""
    speeds = [(one, in_words(float(one), len(one.partition(".")[2]))) for one in SPEEDS]
    return {"recording_of": _recording_of, "is_heard": _is_heard, "speeds": speeds, "chosen": _chosen}


def _chosen(name: str, default: str) -> str:
    return session().setting(name, default)


def _recording_of(number: int) -> Shown | None:
    return shown(session(), number)


def _is_heard(number: int) -> bool:
    """Whether an interview is linked to a recording; read once in a request, for all its utterances."""
    if "heard" not in g:
        g.heard = frozenset(recordings(session().project))
    return number in g.heard
