"""Turns away every request but those from this machine, by the address with the token, and decisions from any other page."""

import hmac

from flask import Flask, Response, abort, request

HOSTS = ("127.0.0.1", "localhost")
MOST_BYTES = 256 * 1024
"""Largest body of a request; the longest that a page sends is a memo."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
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


def guard(app: Flask, token: str, port: int) -> None:
    """Let an app answer only to this token and this machine's own name, and take decisions only from its own page.

    Checking the name (Host) keeps out pages that point a name of theirs to this machine; Origin keeps out other pages' forms.
    """
    hosts = {f"{name}:{port}" for name in HOSTS}
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES

    @app.before_request
    def check() -> None:
        given = request.path.split("/", 2)[1]
        if request.host not in hosts or not hmac.compare_digest(given.encode(), token.encode()):
            abort(404)
        if request.method != "GET":
            origin = request.headers.get("Origin", "")
            if origin not in {f"http://{host}" for host in hosts} or origin != f"http://{request.host}":
                abort(403)
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            abort(403)

    @app.after_request
    def seal(response: Response) -> Response:
        response.headers.update(HEADERS)
        return response
