"""The start page's app: its guard, its language and colours, and its screens."""

from contextlib import ExitStack

from flask import Flask, g, render_template

from autokode.base.messages import INTERFACE_LANGUAGES, interface_language, reading_in
from autokode.base.user_folders import user_folder
from autokode.review.actions import THEMES
from autokode.review.app import answer_errors, prepare_templates, serve_static_files
from autokode.review.guard import guard
from autokode.review.guide_screen import guide_screen
from autokode.review.incoming_files import Incoming
from autokode.review.open_pages import follow_pages
from autokode.review.repeats import answer_once
from autokode.review.start import screen
from autokode.review.start.home_folders import HomeFolders, Signs
from autokode.review.start.open_projects import OpenProjects

NAME = "start page"
"""What a user's files that wait for the start page belong to; a coder has their own folder for them in a project."""


def create_start_app(projects: OpenProjects, port: int) -> Flask:
    """Make the app that shows «Mine prosjekter», to browsers that come through its door."""
    app = Flask("autokode.review", static_folder=None)
    door = projects.door
    signs = Signs()
    app.config.update(
        PROJECTS=projects,
        SIGNS=signs,
        FOLDERS=HomeFolders(signs),
        INCOMING=Incoming(user_folder("state"), f"{NAME} {port}"),
        START="",
        NAME="",
        HOME=f"/{door.path}/",
    )
    guard(app, door, port, others=projects.doors, heard=projects.life.heard)
    follow_pages(app, door.path, projects.life)
    answer_once(app)
    app.register_blueprint(screen.blueprint, url_prefix=f"/{door.path}")
    app.register_blueprint(guide_screen(_show_guide), url_prefix=f"/{door.path}")
    serve_static_files(app, door.path)
    prepare_templates(app)
    answer_errors(app)
    _prepare_requests(app, projects)
    return app


def _show_guide(**values: object) -> str:
    return render_template("guide.html", frame="start_base.html", **values)


def _prepare_requests(app: Flask, projects: OpenProjects) -> None:
    """Give each request the language and the colours that the user chose for the start page."""

    @app.before_request
    def begin() -> None:
        g.kept = projects.known.read()
        g.stack = ExitStack()
        chosen = g.kept.language or interface_language()
        g.stack.enter_context(reading_in(chosen if chosen in INTERFACE_LANGUAGES else "nb"))
        g.theme = g.kept.theme if g.kept.theme in THEMES else "auto"

    @app.teardown_request
    def end(_error: BaseException | None) -> None:
        stack = g.pop("stack", None)
        if stack is not None:
            stack.close()
