"""Settings: what this coder chose for the page, the coder's name, where the project's files lie, and the backup."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from flask import Blueprint, Response, abort, request

from autokode.base.messages import INTERFACE_LANGUAGES, interface_language, say
from autokode.corpus.study_file import key_beside
from autokode.project.store.backup import back_up, backup_name
from autokode.project.store.coder_changes import rename_coder
from autokode.project.store.coders import NEWCOMER, Coder
from autokode.project.store.names_plan import list_beside
from autokode.project.store.project_files import CODEBOOK, FILE, models
from autokode.project.store.round_rows import round_shown
from autokode.project.views.recording_words import recordings_not_in_backup
from autokode.review.actions import THEMES
from autokode.review.answers import done, refuse_blind, render, request_body, session, text_in
from autokode.review.session import Session
from autokode.training.teacher_report import REPORT, sentence

blueprint = Blueprint("settings", __name__)

PIECE = 1 << 18
"""Bytes of a backup that are sent at a time."""

_LANGUAGES = {"nb": "Bokmål", "nn": "Nynorsk", "en": "English"}


@blueprint.get("/settings")
def overview() -> str:
    own = session()
    return render(
        "settings.html",
        own,
        languages=[(value, _LANGUAGES[value]) for value in INTERFACE_LANGUAGES],
        chosen_language=interface_language(),
        themes=list(
            zip(
                THEMES, (say("som maskinen", "as the machine"), say("lyst", "light"), say("mørkt", "dark")), strict=True
            )
        ),
        chosen_theme=own.setting("theme", "auto"),
        orders=(
            ("reading", say("i den rekkefølgen det ble sagt", "in the order in which it was said")),
            ("teaching", say("det som er mest nyttig for modellen", "what is most useful to the model")),
            ("chance", say("trukket tilfeldig", "drawn by chance")),
        ),
        order=own.order,
        files=_files(own),
        recordings_apart=list(recordings_not_in_backup(own.project)),
        is_newcomer=own.coder.id == NEWCOMER,
        teacher=own.teacher,
        teacher_told=_teacher_told(own),
    )


@blueprint.post("/settings/coder")
def rename() -> Response:
    """Give this coder another name; somebody of whom nothing is stored simply codes under it."""
    own, body = session(), request_body()
    was = own.coder
    name = text_in(body, "name", empty=True)
    rename_coder(own.project, was, name)
    if was.id == NEWCOMER:
        own.become(Coder(NEWCOMER, " ".join(name.split()), was.blind))
    else:
        own.become(next(one for one in own.project.coders if one.id == was.id))
    return done(own, message=say(f"Du koder som {own.coder.name}.", f"You code as {own.coder.name}."))


@blueprint.post("/settings/teacher")
def teacher() -> Response:
    """Learn from a language model on this machine too; nothing is asked of it unless the person says so each time."""
    own, body = session(), request_body()
    refuse_blind(own)
    address, model = text_in(body, "address"), text_in(body, "model")
    if body.get("sure") is not True:
        abort(400)
    own.teacher = address, model
    if own.coder.id == NEWCOMER or not own.learner.with_teacher(address, model):
        return done(own, message=say("Kod noen svar først.", "Code some answers first."))
    return done(own, message=say("Måler læreren, og lærer …", "Measuring the teacher, and learning …"))


def _teacher_told(own: Session) -> str:
    """What came of the teacher that was asked last, as a sentence; "" if the model shown learnt without one."""
    row = round_shown(own.project, own.coder) if own.coder.id != NEWCOMER and not own.coder.blind else None
    report = row.about.get(REPORT) if row else None
    return sentence(report) if report else ""


@blueprint.get("/settings/backup")
def backup() -> Response:
    """A backup to keep, made and tried now; what was needed to make it goes when it is sent."""
    own = session()
    folder = Path(tempfile.mkdtemp(dir=own.project.folder, prefix=f".{FILE}."))
    try:
        made = back_up(own.project, folder / "kopi.zip", with_models=request.args.get("models") == "on")
        answer = Response(_pieces(made.archive), mimetype="application/zip")
        answer.content_length = made.size
        answer.headers.set("Content-Disposition", "attachment", filename=backup_name(own.project))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    answer.call_on_close(lambda: shutil.rmtree(folder, ignore_errors=True))
    return answer


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while piece := stream.read(PIECE):
            yield piece


def _files(own: Session) -> list[tuple[str, Path]]:
    """What lies where: (what it is, its place), of what is there."""
    folder = own.project.folder.resolve()
    places = [
        (say("prosjektmappen", "the project's folder"), folder),
        (
            say("prosjektfilen, med intervjuer, kodinger og logg", "the project's file: interviews, codings, log"),
            folder / FILE,
        ),
        (say("kodeboken", "the codebook"), folder / CODEBOOK),
        *((say("modellen", "the model"), path) for path in models(folder)[:1]),
        (say("navnelisten, som ikke er brukt ennå", "the list of names, not used yet"), list_beside(folder)),
        (say("nøkkelen til pseudonymene", "the key to the pseudonyms"), key_beside(folder)),
    ]
    return [(what, path) for what, path in places if path.exists()]
