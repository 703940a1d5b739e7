"""How far long work is, and the files that came of it: shown on the page, or taken down and then gone."""

import base64
import hashlib
import re
from io import BytesIO
from pathlib import Path

from flask import Blueprint, Response, abort, jsonify, request, send_file

from autokode.base.errors import failure
from autokode.base.messages import say
from autokode.review.answers import done, session
from autokode.review.errands import Errand

blueprint = Blueprint("errands", __name__)

VIEW_POLICY = (
    "sandbox{0}; default-src 'none'; style-src 'unsafe-inline'; script-src {1}; img-src data:; font-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
"""Rules for a report that is shown: it is a page of nobody's, with its own style and the scripts that were written into it."""


@blueprint.get("/errand/<int:number>")
def state(number: int) -> Response:
    """Say how far an errand is; the page renews itself when it works no longer."""
    own = session()
    found = own.errands.numbered(number)
    now, at, whole = found.far
    now = now or say("Begynner", "Beginning")
    return jsonify(state=own.state(), working=found.is_working, now=now, done=at, whole=whole)


@blueprint.get("/errand/<int:number>/view")
def view(number: int) -> Response:
    """Show a report's page by itself, cut off from all else."""
    errand = session().errands.numbered(number)
    name = (errand.result or {}).get("view", "")
    path = errand.folder / name
    if not name or not path.is_file():
        abort(404)
    text = path.read_text(encoding="utf-8")
    scripts = [_hash(one) for one in re.findall(r"<script>(.*?)</script>", text, re.DOTALL)]
    answer = Response(text, mimetype="text/html")
    allowed = " allow-scripts" if scripts else ""
    answer.headers["Content-Security-Policy"] = VIEW_POLICY.format(allowed, " ".join(scripts) or "'none'")
    return answer


def _hash(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


@blueprint.get("/errand/<int:number>/file/<int:index>")
def file(number: int, index: int) -> Response:
    """Send a file of an errand; it goes when it is sent."""
    errand = session().errands.numbered(number)
    path = _path(errand, index)
    answer = send_file(BytesIO(path.read_bytes()), as_attachment=True, download_name=path.name, max_age=0)
    answer.direct_passthrough = False  # else nobody hears when it is sent
    is_shown = (errand.result or {}).get("view") == path.name  # a report that is shown stays until another is made
    if request.method == "GET" and not is_shown:
        answer.call_on_close(lambda: path.unlink(missing_ok=True))
    return answer


@blueprint.post("/errand/<topic>/drop")
def drop(topic: str) -> Response:
    """End an errand, and remove what came of it."""
    own = session()
    own.errands.drop(topic)
    return done(own)


def _path(errand: Errand, index: int) -> Path:
    files = (errand.result or {}).get("files", [])
    path = errand.file(files[index]["name"]) if index < len(files) else None
    if path is None:
        raise failure(
            "filen er lastet ned, og er ikke her lenger; lag den på nytt", "the file was downloaded; make it again"
        )
    return path
