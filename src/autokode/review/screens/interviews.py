"""The interviews: files are brought in, looked at and taken in; the interviews that are there are named, grouped and mended."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Response, abort, request, url_for

from autokode.base.messages import say
from autokode.corpus.transcript import Transcript
from autokode.project.store.interview_changes import (
    change_interviewers,
    check_seen,
    regroup_interview,
    rename_interview,
)
from autokode.project.store.new_version import earlier_texts
from autokode.project.store.taking_in import obstacles, take_in
from autokode.project.views.progress import progress
from autokode.review.answers import done, number_in, render, request_body, session, text_in
from autokode.review.counted_words import many
from autokode.review.incoming_reading import Shown, in_short
from autokode.review.session import Session

blueprint = Blueprint("interviews", __name__)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that waits, as the list shows it: what was understood, a line on it, and why it cannot be taken in.

    Attributes:
        namesake: the interview with its name, None if there is none.
        version_of: the interview of which it is a new version, with its name; such a file is taken in there alone.
    """

    shown: Shown
    line: str
    problems: tuple[str, ...]
    namesake: int | None
    version_of: tuple[int, str] | None

    @property
    def fits(self) -> bool:
        """Whether it can be taken in as an interview of its own."""
        return not self.problems and self.version_of is None


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text as shown: an utterance, or lines that nobody says."""

    text: str = field(repr=False)
    speaker: str = ""
    interviews: bool = False
    is_said: bool = False


@blueprint.get("/interviews")
def overview() -> str:
    own = session()
    waiting = _waiting(own)
    chosen = next((one for one in waiting if one.shown.sign == request.args.get("file")), None)
    transcript = chosen.shown.understood.transcript if chosen else None
    return render(
        "interviews.html",
        own,
        waiting=waiting,
        fitting=[one for one in waiting if one.fits],
        chosen=chosen,
        corrected=chosen and own.understanding.corrections(chosen.shown.sign),
        pieces=list(pieces(transcript)) if transcript else [],
        interviews=progress(own.project, own.coder).interviews,
        offices=offices(own),
    )


@blueprint.post("/interviews/read")
def read() -> Response:
    """Read a file that has come, so that nobody waits for it later."""
    own, given = session(), request_body()
    sign = text_in(given, "sign")
    if given.get("version") is not None:
        own.incoming.file(sign).version_of = number_in(given, "version")
    own.understanding.of(sign)
    return done(own)


@blueprint.post("/interviews/mend")
def mend() -> Response:
    """Let a file be understood otherwise: by its speakers, its interviewers, its name or its group."""
    own, given = session(), request_body()
    sign, label = text_in(given, "sign"), str(given.get("label", ""))
    shown, now = own.understanding.of(sign).understood, own.understanding.corrections(sign)
    ways: dict[str, Any] = {
        "interviewer": lambda: now.with_interviewer(label, shown),
        "none": lambda: now.without_label(label, shown),
        "one": lambda: now.with_label(text_in(given, "label"), shown),
        "guess": lambda: type(now)(name=now.name, office=now.office),
        "words": lambda: type(now)(
            text_in(given, "name"), text_in(given, "office", empty=True).strip(), now.interviewers, now.speakers
        ),
    }
    way = ways.get(str(given.get("do")))
    if way is None:
        abort(400)
    own.understanding.correct(sign, text_in(given, "mark"), way())
    return done(own)


@blueprint.post("/interviews/take-in")
def take() -> Response:
    """Take in the files that the page shows, as one step; they are deleted then."""
    own, given = session(), request_body()
    saw = given.get("saw")
    fitting = [one.shown for one in _waiting(own) if one.fits]
    check_seen(saw, [[one.sign, one.mark] for one in fitting])
    count = take_in(own.project, [one.understood for one in fitting], pseudonymised=given.get("pseudonymised") is True)
    for one in fitting:
        own.understanding.drop(one.sign)
    if own.state()["round"]:  # others' suggestions come when their pages open
        own.learner.nudge(least=0)
    taken = say("Tatt inn: ", "Taken in: ") + many(count, "interview") + "."
    return done(own, message=taken)


@blueprint.post("/interviews/drop-all")
def drop_all() -> Response:
    own = session()
    for sign in list(own.incoming.files):
        own.understanding.drop(sign)
    return done(own)


@blueprint.get("/interviews/<int:number>")
def about(number: int) -> str:
    """What the project says of one interview, to be changed."""
    own = session()
    source = next((one for one in own.project.sources if one.id == number), None)
    if source is None:
        abort(404)
    transcript = own.project.transcript(source.name)
    return render(
        "about_interview.html",
        own,
        source=source,
        transcript=transcript,
        speakers=[(label, count) for label, count in transcript.speakers.items() if label],
        offices=offices(own),
        invented=source.name in own.project.pseudonymised,
        earlier=earlier_texts(own.project, number),
    )


@blueprint.post("/interviews/<int:number>/name")
def name(number: int) -> Response:
    own, given = session(), request_body()
    new = rename_interview(own.project, own.coder, number, text_in(given, "name"), saw=text_in(given, "saw"))
    return done(own, message=_said(new, "Intervjuet har fått nytt navn.", "The interview has another name."))


@blueprint.post("/interviews/<int:number>/office")
def office(number: int) -> Response:
    own, given = session(), request_body()
    wanted = text_in(given, "office", empty=True)
    new = regroup_interview(own.project, own.coder, number, wanted, saw=text_in(given, "saw"))
    return done(own, message=_said(new, "Intervjuet har fått ny gruppe.", "The interview has another group."))


@blueprint.post("/interviews/<int:number>/interviewers")
def interviewers(number: int) -> Response:
    own, given = session(), request_body()
    names, saw = _texts(given.get("names", [])), _texts(given.get("saw", []))
    new = change_interviewers(own.project, own.coder, number, names, saw=saw)
    message = _said(new, "Endret. Kodingene står der de sto.", "Changed. The codings stand where they stood.")
    return done(own, message=message)


def _said(new: bool, norwegian: str, english: str) -> str:
    if not new:
        return say("Det var slik fra før.", "It was so before.")
    return say(f"{norwegian} Angre: z", f"{english} Undo: z")


def _texts(given: object) -> list[str]:
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        abort(400)
    return given


def offices(own: Session) -> list[str]:
    """The groups there are, but for those that one interview has for itself."""
    return sorted({one.office for one in own.project.sources if one.office != one.name})


def _waiting(own: Session) -> list[Waiting]:
    shown = own.understanding.all()
    there = {one.name: one.id for one in own.project.sources}
    meant = {one.sign: own.incoming.file(one.sign).version_of for one in shown}
    versions = {sign: (number, name) for name, number in there.items() for sign in meant if meant[sign] == number}
    new = [one for one in shown if one.sign not in versions]
    found = obstacles(own.project, [one.understood for one in new])
    why = {one.sign: reasons for one, reasons in zip(new, found, strict=True)}
    return [
        Waiting(
            one,
            in_short(one.understood),
            (*one.understood.problems, *why.get(one.sign, ())),
            there.get(one.understood.name),
            versions.get(one.sign),
        )
        for one in shown
    ]


def pieces(transcript: Transcript) -> Iterator[Piece]:
    """Yield the pieces of a transcript's text, without the labels."""
    at = 0
    for one in transcript.utterances:
        between = _unsaid(transcript.text[at : one.start], one.speaker)
        if between:
            yield Piece(between)
        yield Piece(one.text, one.speaker, one.speaker in transcript.interviewers, is_said=True)
        at = one.end
    if transcript.text[at:].strip():
        yield Piece(transcript.text[at:].strip())


def _unsaid(text: str, label: str) -> str:
    """The lines between two utterances, but for the one with the next one's label."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if lines and label and label.casefold() in lines[-1].casefold():
        lines.pop()
    return "\n".join(line for line in lines if any(letter.isalpha() for letter in line))


@blueprint.context_processor
def links() -> dict[str, object]:
    """What the templates of this screen use."""
    return {"about_interview": lambda number: url_for("interviews.about", number=number)}
