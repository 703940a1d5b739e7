"""Turns away every request but those of a browser of this machine that was let in, and decisions from any other page."""

from collections.abc import Callable, Iterable

from flask import Flask, Response, abort, jsonify, make_response, request

from autokode.base.messages import say
from autokode.review.door import Door, same
from autokode.review.door_page import door_page

HOSTS = ("127.0.0.1", "localhost")
COOKIE = "autokode"
SEEN = "Autokode-Seen"
"""The header by which the page's script says which state of the project's file its page shows; it wants its answer as JSON."""
MOST_BYTES = 256 * 1024
"""Largest body of a request; the longest that a page sends is a memo."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; media-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}


def guard(
    app: Flask,
    door: Door,
    port: int,
    *,
    others: Callable[[], Iterable[Door]] = lambda: (),
    heard: Callable[[], None] = lambda: None,
) -> None:
    """Let an app answer only to a browser with the door's key, by this machine's own name, and take decisions only from its page.

    Checking the name (Host) keeps out pages that point a name of theirs to this machine; Origin keeps out other pages' forms.

    Args:
        app: the app to guard.
        door: its own.
        port: where the server listens.
        others: the doors of the server's other apps, whose codes are taken here, too; with one of theirs comes this one's key.
        heard: called for each request of a browser that was let in.
    """
    hosts = {f"{name}:{port}" for name in HOSTS}
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES

    @app.before_request
    def check() -> Response | None:
        if request.host not in hosts:
            abort(404)
        if request.path == "/":
            return None  # where a browser gets the key
        if not same(request.path.split("/", 2)[1], door.path):
            return _elsewhere()
        if not same(request.cookies.get(COOKIE, ""), door.key):
            return _without_key()
        if request.method != "GET":
            origin = request.headers.get("Origin", "")
            if origin not in {f"http://{host}" for host in hosts} or origin != f"http://{request.host}":
                abort(403)
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            abort(403)
        heard()
        return None

    @app.after_request
    def seal(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)  # a report that is shown has stricter rules of its own
        return response

    @app.route("/", methods=["GET", "POST"], endpoint="start")
    def start() -> Response:
        """Ask for a code, and give a browser the key for it.

        The page that comes next is asked for by this one: a redirection from the file would come without the cookie (SameSite).
        """
        if request.method == "GET":
            return door_page(POLICY)
        code = request.form.get("code", "")
        taken = next((one for one in (door, *others()) if one.take(code)), None)
        if taken is None:
            wrong = say("Koden er brukt før, gått ut eller feil.", "The code was used before, has run out or is wrong.")
            return door_page(POLICY, wrong=wrong, status=403)
        heard()
        answer = door_page(POLICY, inside=f"/{taken.path}/")
        give_key(answer, taken)
        if taken is not door:
            give_key(answer, door)  # so that the project's page leads back to the start page
        return answer


def give_key(answer: Response, door: Door) -> None:
    """Let a browser that is let in keep a door's key: sent under the door's path alone, and read by no script."""
    answer.set_cookie(COOKIE, door.key, path=f"/{door.path}/", httponly=True, samesite="Strict")


def _elsewhere() -> Response:
    """Answer at a path that is no door's: of a project that was closed, or of a server before this one."""
    if SEEN in request.headers or request.method != "GET":
        abort(404)
    return door_page(POLICY, status=404)


def _without_key() -> Response:
    wrong = say(
        "Denne nettleseren har ikke nøkkelen til siden, eller har mistet den.",
        "This browser does not have the page's key, or lost it.",
    )
    if SEEN in request.headers:
        return make_response(jsonify(error=wrong), 403)
    return door_page(POLICY, wrong=wrong, status=403)
