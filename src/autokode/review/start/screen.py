"""«Mine prosjekter»: what is known, a new project, one to open, the example; a project that is opened gives its key."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, current_app, g, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from autokode.base.errors import failure
from autokode.base.formatting import day
from autokode.base.messages import INTERFACE_LANGUAGES, say
from autokode.corpus.codebook import Codebook
from autokode.project import Project
from autokode.project.store.coders import as_known
from autokode.review.actions import THEMES
from autokode.review.answers import number_in, request_body, text_in
from autokode.review.guard import give_key
from autokode.review.incoming_files import Incoming
from autokode.review.start.home_folders import HomeFolders, Signs
from autokode.review.start.known_projects import Kept, KnownProject, account_name
from autokode.review.start.new_project import (
    CODEBOOKS,
    EXAMPLE,
    FILES,
    codebook_in,
    codebook_names,
    make_example,
    make_project,
    place_for,
    shipped_codebook,
)
from autokode.review.start.open_projects import OpenProjects

blueprint = Blueprint("home", __name__)

LONGEST_NAME = 100
"""Most characters of a coder's name."""

DOCUMENTS = ("Dokumenter", "Documents")
"""Folders of the home directory in which a new project lies unless another is chosen."""


@dataclass(frozen=True, slots=True)
class Row:
    """A project as the list shows it."""

    sign: str
    name: str
    where: str
    opened: str
    coder: str
    is_there: bool
    is_open: bool


def projects() -> OpenProjects:
    """What the server has open."""
    found: OpenProjects = current_app.config["PROJECTS"]
    return found


def folders() -> HomeFolders:
    """The user's folders."""
    found: HomeFolders = current_app.config["FOLDERS"]
    return found


def signs() -> Signs:
    """The signs of the folders that the page was told of."""
    found: Signs = current_app.config["SIGNS"]
    return found


def incoming() -> Incoming:
    """The files that wait."""
    found: Incoming = current_app.config["INCOMING"]
    return found


def kept() -> Kept:
    """What is kept of the user, as this request found it."""
    found: Kept = g.kept
    return found


@blueprint.get("/")
def overview() -> str:
    projects().close_what_is_gone()
    rows = [_row(one) for one in kept().projects]
    return render_template(
        "start_page.html", rows=rows, name=kept().name, suggested=account_name(), example=_example_place()
    )


def _row(one: KnownProject) -> Row:
    return Row(
        signs().sign(one.folder),
        one.folder.name,
        folders().shown(one.folder.parent),
        day(one.opened),
        one.coder,
        one.is_there,
        projects().of(one.folder) is not None,
    )


def _example_place() -> str:
    return folders().shown(folders().home / EXAMPLE)


@blueprint.post("/choose")
def choose() -> Response:
    """Keep the user's name, or the page's language or theme."""
    given = request_body()
    if "name" in given:
        projects().known.choose(name=_coder_name(given, "name"))
    elif given.get("language") in INTERFACE_LANGUAGES:
        projects().known.choose(language=given["language"])
    elif given.get("theme") in THEMES:
        projects().known.choose(theme=given["theme"])
    else:
        abort(400)
    return _go(url_for(".overview"))


def _coder_name(given: dict[str, Any], field: str) -> str:
    name = " ".join(text_in(given, field).split())
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise failure(
            f"navnet kan ha høyst {LONGEST_NAME} vanlige tegn", f"the name may have {LONGEST_NAME} plain characters"
        )
    return name


# to make a project


@blueprint.get("/new")
def new() -> Answer | str:
    if not kept().name:
        return redirect(url_for(".overview"))
    home = folders().home
    place = next((home / name for name in DOCUMENTS if (home / name).is_dir()), home)
    return render_template(
        "start_new.html",
        listing=folders().listing(signs().sign(place) if place != home else ""),
        mode="place",
        codebooks=codebook_names(),
        endings=",".join(FILES),
    )


@blueprint.post("/new")
def make() -> Response:
    """Make a project with a codebook, and open it."""
    given = request_body()
    place = place_for(folders().path(text_in(given, "folder", empty=True)), text_in(given, "name"))
    codebook = _codebook(given)
    project = make_project(place, codebook)
    incoming().clear()
    return _opened(project, kept().name or account_name())


def _codebook(given: dict[str, Any]) -> Codebook:
    """The codebook that a person chose: none yet, one that comes along, or that of a file they brought."""
    chosen = text_in(given, "codebook")
    if chosen == "empty":
        return Codebook("", ())
    if chosen in CODEBOOKS:
        return shipped_codebook(chosen)
    if chosen != "file":
        abort(400)
    if not given.get("file"):
        raise failure("velg filen med kodeboken først", "choose the codebook's file first")
    file = incoming().file(text_in(given, "file"))
    if not file.is_whole:
        raise failure("filen er ikke kommet fram ennå; prøv igjen", "the file has not come yet; try again")
    return codebook_in(file.path, file.name)


@blueprint.post("/example")
def example() -> Response:
    """Make the example, and open it."""
    name = kept().name or account_name()
    return _opened(make_example(folders().home, name), name)


@blueprint.post("/incoming")
def begin() -> Response:
    given = request_body()
    return jsonify(sign=incoming().begin(text_in(given, "name"), number_in(given, "size")))


@blueprint.post("/incoming/<sign>")
def add(sign: str) -> Response:
    """Take a piece of a file: the body's bytes, which begin at `at`."""
    file = incoming().add(sign, request.args.get("at", -1, type=int), request.get_data())
    return jsonify(here=file.here, whole=file.is_whole)


# to open one


@blueprint.get("/open")
def find() -> Answer | str:
    if not kept().name:
        return redirect(url_for(".overview"))
    return render_template("start_open.html", listing=folders().listing(""), mode="open")


@blueprint.post("/folders")
def listed() -> Response:
    """List a folder, to open a project in it or to place a new one there."""
    given = request_body()
    mode = text_in(given, "mode")
    listing = folders().listing(text_in(given, "folder", empty=True))
    return jsonify(html=render_template("folder_list.html", listing=listing, mode=mode))


@blueprint.post("/open")
def open_project() -> Response:
    """Open a project as the coder given, who had it open before, or the user; ask who, if none of its coders has that name."""
    given = request_body()
    folder = signs().path(text_in(given, "project"))
    project = Project.open(folder, read=False)
    if "coder" in given:
        return _opened(project, _coder_name(given, "coder"))
    before = next((one.coder for one in kept().projects if one.folder == folder and one.coder), "")
    coder = before or kept().name or account_name()
    known = [one.name for one in project.coders]
    if known and as_known(coder, known) not in known:
        return _go(url_for(".who", sign=signs().sign(folder)))
    return _opened(project, coder)


@blueprint.get("/who/<sign>")
def who(sign: str) -> str:
    """Ask who is to code in a project."""
    folder = signs().path(sign)
    coders = [one.name for one in Project.open(folder, read=False).coders]
    own = kept().name or account_name()
    return render_template(
        "start_who.html",
        sign=sign,
        project=folder.name,
        coders=coders,
        own="" if as_known(own, coders) in coders else own,
    )


@blueprint.post("/forget")
def forget() -> Response:
    """Take a project off the list; nothing of it changes."""
    folder = _folder(request_body())
    projects().known.forget(folder)
    return jsonify(message=say(f"{folder.name} er tatt av listen.", f"{folder.name} is off the list."))


@blueprint.post("/close")
def close() -> Response:
    """Close a project's pages, so that another program may have it."""
    folder = _folder(request_body())
    projects().close(folder)
    return jsonify(message=say(f"{folder.name} er lukket.", f"{folder.name} is closed."))


def _folder(given: dict[str, Any]) -> Path:
    return signs().path(text_in(given, "project"))


def _opened(project: Project, coder: str) -> Response:
    """Open a project, and answer with its key and the address to go to."""
    found = projects().open(project, project.known_coder(coder))
    session, language = found.session, kept().language
    for name, value in (("language", language), ("theme", kept().theme)):
        if value and not session.setting(name):
            session.choose(name, value)
    answer = _go(f"/{found.door.path}/")
    give_key(answer, found.door)
    return answer


def _go(address: str) -> Response:
    return jsonify(go=address)
