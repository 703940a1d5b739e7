"""What the addresses of all screens share: the session, a request's body, a page, the answer to an action."""

from typing import Any, TypeGuard

from flask import Response, abort, current_app, g, jsonify, make_response, render_template, request

from autokode.base.messages import say
from autokode.project.store.filtered_rows import Filter
from autokode.review.dial_steps import dial
from autokode.review.session import Entry, Session, colours_of


def session() -> Session:
    """The session that the app shows."""
    found = current_app.config["SESSION"]
    assert isinstance(found, Session)  # noqa: S101 - create_app put it there
    return found


def render(
    template: str, own: Session, *, entries: list[Entry] | None = None, wanted: Filter | None = None, **values: object
) -> str:
    """Render a page with what every page has: the codes, the filter, and the numbers of the state when it was asked for.

    What is shown may be newer than these numbers, never older: then the page would wait in vain for what it lacks.
    """
    listed = own.entries() if entries is None else entries
    return render_template(
        template,
        entries=listed,
        colours=colours_of(listed),
        codebook_problem=own.codebook_problem,
        codebook_by_hand=own.codebook_by_hand is not None,
        coder=own.coder,
        dial=lambda: dial(own.project),
        wanted=wanted or Filter(),
        wanted_address=own.veil.address(wanted or Filter()),
        state=g.state,
        single_keys=own.setting("keys", "on"),
        norwegian=own.setting("norwegian", "nb"),
        **values,
    )


def done(own: Session, *, message: str = "", go: str = "", **about: object) -> Response:
    """Answer an action: the page says the message, and goes to an address, or else renews its blocks marked data-fresh."""
    return jsonify(turns={}, state=own.state(), message=message, go=go, **about)


def refuse_blind(own: Session) -> None:
    """Refuse a coder who codes blind whatever shows what others coded.

    Raises:
        Forbidden: with a sentence, on a page or as JSON.
    """
    if not own.coder.blind:
        return
    text = say(
        "Du koder blindt, og ser ikke hva andre har kodet. Blind koding avsluttes på «Kodere».",
        "You code blind, and do not see what others coded. Blind coding is ended on “Coders”.",
    )
    if request.method == "POST":
        abort(make_response(jsonify(error=text), 403))
    heading = say("Ikke mens du koder blindt", "Not while you code blind")
    abort(make_response(render("message.html", own, heading=heading, text=text), 403))


def request_body() -> dict[str, Any]:
    """The request's JSON object.

    Raises:
        BadRequest: it has none.
    """
    found = request.get_json(silent=True)
    if not isinstance(found, dict):
        abort(400)
    return found


def text_in(given: dict[str, Any], name: str, *, empty: bool = False) -> str:
    """A text of a request's body.

    Raises:
        BadRequest: it is not there, is no text, or is empty and may not be.
    """
    value = given.get(name)
    if not isinstance(value, str) or not (value.strip() or empty):
        abort(400)
    return value


def number_in(given: dict[str, Any], name: str) -> int:
    """A whole number of a request's body; a form's field sends its digits.

    Raises:
        BadRequest: it is not there, or is no whole number.
    """
    value = given.get(name)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:
        return int(value)
    if type(value) is not int:
        abort(400)
    return value


def are_numbers(value: object) -> TypeGuard[list[int]]:
    """Whether a value of a request's body is a list of whole numbers."""
    return isinstance(value, list) and all(type(one) is int for one in value)
