"""The page for whoever has no key: it looks like the others, and holds all it shows, for nothing else is answered."""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path

from flask import Response, make_response, render_template

STATIC = Path(__file__).with_name("static")


def door_page(policy: str, *, inside: str = "", wrong: str = "", status: int = 200) -> Response:
    """Make the page: it leads inside, or says what is wrong, where one's projects are, and asks for a code.

    Args:
        policy: what a page may load, as all pages have it; this one its own style, script and icon besides.
        inside: the address to go to, "" for none.
        wrong: why it is not shown what was asked for.
        status: of the answer.
    """
    style, script, icon = (_own(name) for name in ("review.css", "door.js", "icon.svg"))
    picture = "data:image/svg+xml;base64," + b64encode(icon.encode()).decode()
    is_closed = status == 404
    page = render_template(
        "start.html", inside=inside, wrong=wrong, is_closed=is_closed, style=style, script=script, icon=picture
    )
    answer = make_response(page, status)
    answer.headers["Content-Security-Policy"] = (
        policy.replace("script-src 'self'", f"script-src {_mark(script)}")
        .replace("style-src 'self'", f"style-src {_mark(style)}")
        .replace("img-src 'self'", "img-src data:")
    )
    return answer


@cache
def _own(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


def _mark(text: str) -> str:
    """What a browser compares a style or script of the page with."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
