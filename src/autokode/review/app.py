"""The page's app: templates, static files, language, errors in sentences, and the two sets of addresses (to read, to decide)."""

from contextlib import ExitStack
from pathlib import Path

from flask import Flask, Response, abort, g, jsonify, render_template, request
from werkzeug.exceptions import BadRequest, HTTPException

from autokode.base.errors import DataError
from autokode.base.messages import LANGUAGES, language, reading_in, say
from autokode.review import actions, pages
from autokode.review.guard import guard
from autokode.review.session import Session

THEMES = ("auto", "light", "dark")
STATIC = Path(__file__).with_name("static")
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
"""Types of static files. Windows may call a script text/plain, which no browser runs as a module."""


def create_app(session: Session, token: str, port: int) -> Flask:
    """Return the app that shows a session at `http://127.0.0.1:port/token/`."""
    app = Flask("autokode.review", static_folder=None)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.config["SESSION"] = session
    guard(app, token, port)
    app.register_blueprint(pages.blueprint, url_prefix=f"/{token}")
    app.register_blueprint(actions.blueprint, url_prefix=f"/{token}")

    static_files = {file.name: (file.read_bytes(), TYPES[file.suffix]) for file in STATIC.iterdir()}

    @app.get(f"/{token}/static/<filename>", endpoint="static")
    def static(filename: str) -> Response:
        """Serve a file as it was when the server began: an upgrade of autokode meanwhile cannot mix two versions."""
        if filename not in static_files:
            abort(404)
        content, kind = static_files[filename]
        return Response(content, mimetype=kind)

    @app.before_request
    def begin() -> None:
        g.stack = ExitStack()
        g.stack.enter_context(session.project.connected())
        chosen = session.project.setting("language") or language()
        g.stack.enter_context(reading_in(chosen if chosen in LANGUAGES else "nb"))

    @app.teardown_request
    def end(_error: BaseException | None) -> None:
        stack = g.pop("stack", None)
        if stack is not None:
            stack.close()

    @app.context_processor
    def shared() -> dict[str, object]:
        return {"say": say, "language": language(), "theme": theme, "coder": session.coder, "dial": session.dial}

    def theme() -> str:
        chosen = session.project.setting("theme", "auto")
        return chosen if chosen in THEMES else "auto"

    app.jinja_env.filters["percent"] = percent
    app.jinja_env.filters["clock"] = clock

    @app.errorhandler(DataError)
    def data_error(error: DataError) -> tuple[Response | str, int]:
        if request.method == "POST":
            return jsonify(error=str(error)), 409
        return render_template("message.html", heading=say("Det gikk ikke", "That did not work"), text=str(error)), 409

    @app.errorhandler(OverflowError)
    @app.errorhandler(UnicodeEncodeError)
    @app.errorhandler(RecursionError)
    def no_such_value(_error: Exception) -> tuple[Response | str, int]:
        return http_error(BadRequest())  # a number no file has room for, half a character, JSON in thousands of levels

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> tuple[Response | str, int]:
        text = _WHY.get(error.code or 500, lambda: error.name)()
        if request.method == "POST":
            return jsonify(error=text), error.code or 500
        return text, error.code or 500

    return app


_WHY = {
    400: lambda: say("Dette ga ikke mening; ingenting er endret.", "That made no sense; nothing was changed."),
    403: lambda: say("Dette kom ikke fra siden selv.", "This did not come from the page itself."),
    404: lambda: say(
        "Ingenting her. Bruk adressen som autokode skrev.", "Nothing here. Use the address autokode wrote."
    ),
    500: lambda: say(
        "Noe gikk galt i autokode; det siste ble ikke lagret.",
        "Something went wrong in autokode; the last step was not stored.",
    ),
    413: lambda: say("For mye tekst på én gang.", "Too much text at once."),
}


def percent(share: float) -> str:
    """Return a share as people read it: «83», of a hundred; never «0» or «100», which nothing is sure enough for."""
    return str(min(99, max(1, round(100 * share))))


def clock(seconds: float) -> str:
    """Return seconds as m:ss or h:mm:ss."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
