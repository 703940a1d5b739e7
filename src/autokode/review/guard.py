"""Who may ask: this machine, by the address with the token, from the page itself. Everything else gets no answer."""

import hmac

from flask import Flask, Response, abort, request

HOSTS = ("127.0.0.1", "localhost")
MOST_BYTES = 256 * 1024
"""Of a request's body, at the most; a memo is the longest there is."""

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
    """Let an app answer only what comes by this token, to this machine's own name, and writes only from its own page.

    The name (Host) keeps out pages that make their own name point to this machine; Origin keeps out forms of other pages.
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
