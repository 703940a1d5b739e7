"""The addresses that a person's files come to, in pieces."""

from flask import Blueprint, Response, jsonify, request

from autokode.review.answers import done, number_in, request_body, session, text_in

blueprint = Blueprint("incoming", __name__)


@blueprint.post("/incoming")
def begin() -> Response:
    given = request_body()
    return jsonify(sign=session().incoming.begin(text_in(given, "name"), number_in(given, "size")))


@blueprint.post("/incoming/<sign>")
def add(sign: str) -> Response:
    """Take a piece of a file: the body's bytes, which begin at `at`."""
    file = session().incoming.add(sign, request.args.get("at", -1, type=int), request.get_data())
    return jsonify(here=file.here, whole=file.is_whole)


@blueprint.post("/incoming/<sign>/drop")
def drop(sign: str) -> Response:
    session().understanding.drop(sign)
    return done(session())
