"""The guide as a screen, of a project and of the start page: the same chapters, each in its own frame."""

from collections.abc import Callable

from flask import Blueprint, Response, abort, send_file, url_for
from markupsafe import Markup

from autokode.base.messages import language
from autokode.review.guide_text import chapters, html_of, picture


def guide_screen(shown_by: Callable[..., str]) -> Blueprint:
    """The guide's addresses; `shown_by` renders `chapters`, the one that is `shown`, and its `text`."""
    blueprint = Blueprint("guide", __name__)

    @blueprint.get("/guide")
    def overview() -> str:
        return chapter(chapters(language())[0].name)

    @blueprint.get("/guide/<name>")
    def chapter(name: str) -> str:
        """Show a chapter, with a list of all."""
        found = chapters(language())
        shown = next((one for one in found if one.name == name), None)
        if shown is None:
            abort(404)
        text = html_of(shown, lambda other: url_for(".chapter", name=other), lambda file: url_for(".shown", name=file))
        return shown_by(chapters=found, shown=shown, text=Markup(text))  # noqa: S704 - our own text

    @blueprint.get("/guide/picture/<name>")
    def shown(name: str) -> Response:
        path = picture(name)
        return send_file(path, mimetype="image/png") if path else abort(404)

    return blueprint
