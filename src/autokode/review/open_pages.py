"""Where pages say that they are open, and goodbye: a server that nobody uses ends (see `start.life`)."""

from flask import Flask, Response, abort, request

from autokode.review.start.life import Life

ENDPOINT = "alive"
LONGEST = 100
"""Most characters of the number by which a page calls itself."""


def follow_pages(app: Flask, path: str, life: Life) -> None:
    """Let an app's pages tell a life about themselves."""

    @app.post(f"/{path}/alive", endpoint=ENDPOINT)
    def alive() -> Response:
        given = request.get_json(silent=True)
        if not isinstance(given, dict) or not isinstance(page := given.get("page"), str) or len(page) > LONGEST:
            abort(400)
        (life.goodbye if given.get("gone") else life.beat)(page)
        return Response(status=204)
