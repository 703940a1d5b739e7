"""The page's app: templates, static files, language, errors in sentences, and the two sets of addresses (to show, to decide)."""

from contextlib import ExitStack
from pathlib import Path

from flask import Flask, Response, abort, g, jsonify, render_template, request
from werkzeug.exceptions import BadRequest, HTTPException

from autokode.base.errors import DataError
from autokode.base.formatting import day, number
from autokode.base.formatting import percent as percentage
from autokode.base.messages import INTERFACE_LANGUAGES, interface_language, reading_in, say
from autokode.project.store.file_mark import check_mark
from autokode.project.store.memo_changes import MemoChangedError
from autokode.project.store.opening import ReplacedError
from autokode.project.store.text_marks import TextChangedError
from autokode.project.store.undoing import NoLongerFitsError
from autokode.review import actions, pages
from autokode.review.actions import THEMES
from autokode.review.counted_words import many, word
from autokode.review.door import Door
from autokode.review.guard import SEEN, guard
from autokode.review.menu import menu
from autokode.review.open_pages import ENDPOINT, follow_pages
from autokode.review.repeats import answer_once
from autokode.review.screens import SCREENS
from autokode.review.session import Session
from autokode.review.start.life import Life

STATIC = Path(__file__).with_name("static")
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
"""Types of static files. Windows may call a script text/plain, which no browser runs as a module."""

Answer = tuple[Response | str, int]


def create_app(session: Session, door: Door, port: int, *, start_address: str = "", life: Life | None = None) -> Flask:
    """Make the app that shows a session at `http://127.0.0.1:port/`, to browsers that come through the door.

    Its pages lead back to `start_address`, the page of all projects, if there is one, and tell a life that they are open.
    """
    life = life or Life()
    app = Flask("autokode.review", static_folder=None)
    app.config["SESSION"] = session
    app.config.update(START=start_address, HOME=f"/{door.path}/", NAME=session.project.folder.resolve().name)
    guard(app, door, port, heard=life.heard)
    follow_pages(app, door.path, life)
    answer_once(app)
    app.register_blueprint(pages.blueprint, url_prefix=f"/{door.path}")
    for screen in (actions.blueprint, *SCREENS):
        app.register_blueprint(screen, url_prefix=f"/{door.path}")
    serve_static_files(app, door.path)
    _prepare_requests(app, session)
    prepare_templates(app)
    answer_errors(app)
    return app


def serve_static_files(app: Flask, path: str) -> None:
    """Serve the static files as they are now: if autokode is upgraded meanwhile, a page never mixes two versions.

    The next server has another path, so that no browser takes a module of this one for its own.
    """
    files = {file.name: (file.read_bytes(), TYPES[file.suffix]) for file in STATIC.iterdir()}

    @app.get(f"/{path}/static/<filename>", endpoint="static")
    def static(filename: str) -> Response:
        if filename not in files:
            abort(404)
        content, kind = files[filename]
        return Response(content, mimetype=kind)


def _prepare_requests(app: Flask, session: Session) -> None:
    """Give each request one connection to the project's file, and the language and colours that the coder chose."""

    @app.before_request
    def begin() -> None:
        g.stack = ExitStack()
        if request.endpoint in ("start", "static", ENDPOINT):
            return  # nothing of the project: whoever is not let in yet learns nothing of it
        g.stack.enter_context(session.project.connected())
        session.follow_file()
        chosen = session.setting("language") or interface_language()
        g.stack.enter_context(reading_in(chosen if chosen in INTERFACE_LANGUAGES else "nb"))
        theme = session.setting("theme", "auto")
        g.theme = theme if theme in THEMES else "auto"
        session.look_at_codebook()
        g.state = session.state()
        if SEEN in request.headers:
            check_mark(session.project, request.headers[SEEN])

    @app.teardown_request
    def end(_error: BaseException | None) -> None:
        stack = g.pop("stack", None)
        if stack is not None:
            stack.close()


def prepare_templates(app: Flask) -> None:
    """Give an app's templates what every template has."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(percent=percent, clock=clock, day=day, decimal=decimal, share=percentage, size=size)

    @app.context_processor
    def shared() -> dict[str, object]:
        """What every template has, also when the project's file cannot be read."""
        return {
            "say": say,
            "language": interface_language(),
            "theme": g.get("theme", "auto"),
            "menu": menu,
            "many": many,
            "word": word,
            "start_address": app.config["START"],
            "home": app.config["HOME"],
            "project_name": app.config["NAME"],
        }


def answer_errors(app: Flask) -> None:
    """Say in a sentence what went wrong: as JSON to the page's script, as a page to a person."""

    def to_script() -> bool:
        return request.method == "POST" or SEEN in request.headers

    @app.errorhandler(DataError)
    def data_error(error: DataError) -> Answer:
        if to_script():
            about: dict[str, object] = {"replaced": isinstance(error, ReplacedError)}
            about |= {"other_text": True} if isinstance(error, TextChangedError) else {}
            about |= {"other": error.other} if isinstance(error, MemoChangedError) else {}
            about |= {"stuck": error.decision} if isinstance(error, NoLongerFitsError) else {}
            return jsonify(error=str(error), **about), 409
        return render_template("message.html", heading=say("Det gikk ikke", "That did not work"), text=str(error)), 409

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Answer:
        code = error.code or 500
        text = say(*_WHY[code]) if code in _WHY else error.name
        return (jsonify(error=text) if to_script() else text), code

    @app.errorhandler(OverflowError)  # a number that SQLite has no room for
    @app.errorhandler(UnicodeEncodeError)  # half a character
    @app.errorhandler(RecursionError)  # JSON nested thousands of levels deep
    def no_such_value(_error: Exception) -> Answer:
        return http_error(BadRequest())


_WHY = {
    400: ("Dette ga ikke mening; ingenting er endret.", "That made no sense; nothing was changed."),
    403: ("Dette kom ikke fra siden selv.", "This did not come from the page itself."),
    404: ("Ingenting her. Åpne siden slik autokode skrev.", "Nothing here. Open the page as autokode wrote."),
    413: ("For mye tekst på én gang.", "Too much text at once."),
    500: (
        "Noe gikk galt i autokode; det siste ble ikke lagret.",
        "Something went wrong in autokode; the last step was not stored.",
    ),
}


def percent(share: float) -> str:
    """Write a share as a whole number of percent, 1 to 99: no suggestion is certain."""
    return str(min(99, max(1, round(100 * share))))


def decimal(value: float, decimals: int = 1) -> str:
    """Write a number with some decimals, and the decimal mark of the language."""
    return number(value, decimals)


def size(count: int) -> str:
    """Write a number of bytes as people do."""
    if count < 1_000_000:
        return f"{max(1, round(count / 1000))} kB"
    return f"{number(count / 1_000_000, 1)} MB"


def clock(seconds: float) -> str:
    """Write seconds as m:ss or h:mm:ss."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
