"""Names: the list of what is personal in a project, what is to become of it, and the pseudonymising itself."""

from typing import Any

from flask import Blueprint, Response, abort, jsonify, render_template, url_for
from werkzeug.wrappers import Response as Answer

from autokode.base.errors import failure
from autokode.base.messages import say
from autokode.corpus.study_file import key_beside
from autokode.project.store.coders import NEWCOMER
from autokode.project.store.log_rewriting import NOBODY
from autokode.project.store.names_plan import texts_in
from autokode.project.store.pseudonym_plan import texts_of
from autokode.project.store.rewritings import rewritings
from autokode.project.views.names_shown import places_shown, text_shown
from autokode.project.views.recording_words import voices_stay
from autokode.pseudonym.kinds import NUMBERS, Kind
from autokode.pseudonym.names_list import Entry, NamesList
from autokode.pseudonym.naming import KEPT, NEUTRAL
from autokode.pseudonym.register import SURE
from autokode.review.answers import done, number_in, render, request_body, session, text_in
from autokode.review.counted_words import many
from autokode.review.names_words import kind_name, table_name
from autokode.review.session import Session

blueprint = Blueprint("names", __name__)

GROUPS: dict[str, tuple[Kind, ...]] = {
    "person": (Kind.PERSON,),
    "place": (Kind.PLACE, Kind.ADDRESS),
    "organisation": (Kind.ORGANISATION,),
    "number": (*NUMBERS, Kind.BIRTH_DATE, Kind.EMAIL, Kind.WEB),
    "title": (Kind.TITLE,),
}
"""The filter's groups of kinds."""

ADDED = (Kind.PERSON, Kind.PLACE, Kind.ORGANISATION, Kind.ADDRESS, Kind.NUMBER, Kind.TITLE)
"""The kinds that a person may add."""


@blueprint.get("/names")
def overview() -> str:
    """Show the list, or how to begin, or how far the work is."""
    own = session()
    listed = own.names_file.read()
    key = key_beside(own.project.folder.resolve())
    return render(
        "names.html",
        own,
        listed=listed,
        rows=_rows(listed) if listed else [],
        stale=listed is not None and listed.texts != texts_of(own.project),
        job=own.names,
        job_says=_job_says(own),
        key=key if key.exists() else None,
        key_path=key,
        list_path=own.names_file.path,
        history=rewritings(own.project),
        voices=list(voices_stay(own.project)),
        groups=_groups(),
        kinds=[(str(kind), kind_name(kind)) for kind in ADDED],
        interviews=own.project.sources,
        decided=sum(entry.decided for entry in listed.heads) if listed else 0,
    )


@blueprint.get("/names/state")
def state() -> Response:
    """How far the work is."""
    own = session()
    job = own.names
    return jsonify(runs=job.runs, task="" if job.failed else job.task, done=job.done, whole=job.whole)


@blueprint.post("/names/begin/<any(search, preview, check):task>")
def begin(task: str) -> Response:
    own, body = session(), request_body()
    gender = body.get("gender") if body.get("gender") in (KEPT, NEUTRAL) else KEPT
    listed = own.names_file.read()
    if listed is not None and "gender" not in body:
        gender = listed.gender
    own.names.begin(task, own.project.folder, {"gender": gender})
    return done(own)


@blueprint.post("/names/begin/<any(write, undo):task>")
def rewrite(task: str) -> Response:
    """Pseudonymise the project as the preview with this sign showed, or give it its names back."""
    own, body = session(), request_body()
    given: dict[str, Any] = {"page": own.page, "by": own.coder.name, "coder": _coder_id(own)}
    if task == "write":
        given |= {"sign": text_in(body, "sign"), "mark": text_in(body, "mark")}
    own.learner.stop()
    own.names.begin(task, own.project.folder, given, then=lambda: _afterwards(own))
    return done(own)


def _coder_id(own: Session) -> int:
    return NOBODY if own.coder.id == NEWCOMER else own.coder.id


def _afterwards(own: Session) -> None:
    """Learn anew: models that knew the names are gone, and so are the files that waited."""
    own.drop_files()
    own.follow_file()
    own.learner.nudge(least=0)


@blueprint.get("/names/preview")
def preview() -> str | Answer:
    """Show what the list would change."""
    own = session()
    if own.names.task != "preview" or not own.names.found:
        abort(404)
    names = {source.id: source.name for source in own.project.sources}
    return render("names_preview.html", own, found=own.names.found, names=names, key_path=_key_path(own))


@blueprint.get("/names/check")
def checked() -> str:
    """Show what seems personal still."""
    own = session()
    if own.names.task != "check" or not own.names.found:
        abort(404)
    return render("names_check.html", own, found=own.names.found, say_table=table_name)


@blueprint.get("/names/text/<int:transcript>")
def text(transcript: int) -> str:
    """Show an interview's text with all that is on the list marked, for somebody who looks for what was missed."""
    own = session()
    listed = _listed(own)
    sources = own.project.sources
    source = next((one for one in sources if one.id == transcript), None)
    if source is None:
        abort(404)
    return render(
        "names_text.html",
        own,
        source=source,
        sources=sources,
        said=text_shown(own.project, listed, source),
        entries_of={entry.number: entry for entry in listed.heads},
        kinds=[(str(kind), kind_name(kind)) for kind in ADDED],
        heads=sorted(listed.heads, key=lambda entry: entry.forms[0].casefold()),
    )


@blueprint.get("/names/<int:number>/places")
def places(number: int) -> str:
    """The sentences in which an entry stands, as a piece of the page."""
    own = session()
    return render_template("names_places.html", found=places_shown(own.project, _listed(own), number))


@blueprint.post("/names/<int:number>")
def decide(number: int) -> Response:
    """Keep an entry, replace it, merge it into another, or part what was merged."""
    own, body = session(), request_body()
    said, seen = body.get("said"), text_in(body, "seen")

    def changed(listed: NamesList) -> NamesList:
        if said in ("keep", "replace"):
            return listed.keep(number, keeps=said == "keep")
        if said == "becomes":
            return listed.replace_by(number, text_in(body, "becomes", empty=True))
        if said == "merge":
            return listed.merge(number, number_in(body, "into"))
        return listed.part(number) if said == "part" else abort(400)

    before, after = own.names_file.change(number, seen, changed)
    return done(own, rows=_changed_rows(before, after), decided=sum(entry.decided for entry in after.heads))


@blueprint.post("/names/add")
def add() -> Response:
    """Add something that was not found."""
    own, body = session(), request_body()
    kind = next((one for one in ADDED if one == body.get("kind")), None)
    if kind is None:
        abort(400)
    made: list[Entry] = []

    def changed(listed: NamesList) -> NamesList:
        after, new = listed.add(
            text_in(body, "text", empty=True),
            kind,
            texts_in(own.project),
            becomes=text_in(body, "becomes", empty=True),
            into=number_in(body, "into") if body.get("into") else 0,
            avoid=[coder.name for coder in own.project.coders],
        )
        made.append(new)
        return after

    _before, after = own.names_file.change(0, "", changed)
    head, count = after.head(made[-1].number), sum(place.entry == made[-1].number for place in after.places)
    where = many(count, "place")
    return done(own, message=f"«{made[-1].forms[0]}» → {head.becomes}: {where}", count=count)


@blueprint.post("/names/back/<any(undo, redo):way>")
def back(way: str) -> Response:
    """Take back what was decided last on the list, or decide it again; nothing in the project changes."""
    own = session()
    stepped = own.names_file.step_back(again=way == "redo")
    if stepped is None:
        nothing = {
            "undo": ("ingenting å angre i navnelisten", "nothing to undo on the list of names"),
            "redo": ("ingenting å gjøre om i navnelisten", "nothing to redo on the list of names"),
        }
        return done(own, message=say(*nothing[way]), rows={})
    before, after = stepped
    about = next(
        one
        for number, one in {**before.entries, **after.entries}.items()
        if before.entries.get(number) != after.entries.get(number)
    )
    again = say("Angret i navnelisten: ", "Undone on the list of names: ")
    if way == "redo":
        again = say("Gjort om igjen i navnelisten: ", "Done again on the list of names: ")
    message = f"{again}«{about.forms[0]}»"
    decided = sum(entry.decided for entry in after.heads)
    return done(own, message=message, rows=_changed_rows(before, after), decided=decided)


@blueprint.post("/names/drop")
def drop() -> Response:
    """Discard the list with what was decided on it."""
    own = session()
    if own.names.runs:
        raise failure("autokode arbeider med navnene; vent litt", "autokode is at work on the names; wait")
    own.names_file.path.unlink(missing_ok=True)
    own.names.forget()
    return done(own, go=url_for(".overview"))


def _listed(own: Session) -> NamesList:
    listed = own.names_file.read()
    if listed is None:
        abort(404)
    return listed


def _key_path(own: Session) -> str:
    return str(key_beside(own.project.folder.resolve()))


def _rows(listed: NamesList) -> list[dict[str, Any]]:
    counts = listed.counts
    return [_row(listed, entry, counts[entry.number]) for entry in listed.heads]


def _row(listed: NamesList, entry: Entry, count: int) -> dict[str, Any]:
    group = next((name for name, kinds in GROUPS.items() if entry.kind in kinds), "number")
    sure = 2 if entry.score >= SURE else 1 if entry.score > 0.8 else 0
    members = listed.members(entry.number)
    return {
        "entry": entry,
        "count": count,
        "group": group,
        "sure": sure,
        "members": members,
        "kind": kind_name(entry.kind),
    }


def _changed_rows(before: NamesList, after: NamesList) -> dict[int, str]:
    """Number → the row as it is now, "" for one that is gone, of the entries that a decision changed."""
    was = {row["entry"].number: row for row in _rows(before)}
    now = {row["entry"].number: row for row in _rows(after)}
    found = dict.fromkeys(was.keys() - now.keys(), "")
    return found | {
        number: render_template("names_row.html", row=row) for number, row in now.items() if was.get(number) != row
    }


def _groups() -> list[tuple[str, str]]:
    return [
        ("person", say("personer", "people")),
        ("place", say("steder", "places")),
        ("organisation", say("virksomheter", "organisations")),
        ("number", say("numre og adresser på nett", "numbers and web addresses")),
        ("title", say("titler", "titles")),
    ]


def _job_says(own: Session) -> str:
    """What the work does, in words."""
    said = {
        "search": say("Leter etter navn …", "Searching for names …"),
        "preview": say("Ser etter hva som blir endret …", "Looking at what will change …"),
        "write": say("Skriver prosjektet om …", "Rewriting the project …"),
        "check": say("Leter etter det som står igjen …", "Searching for what is left …"),
        "undo": say("Fører navnene tilbake …", "Giving the names back …"),
    }
    return said.get(own.names.task, "")
