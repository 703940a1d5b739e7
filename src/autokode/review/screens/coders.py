"""Who codes: how far each is, a second coder, blind or not, and the page handed from one to another."""

from collections.abc import Callable

from flask import Blueprint, Response, abort, current_app, jsonify, url_for

from autokode.base.messages import say
from autokode.project import Coder
from autokode.project.store.coder_changes import add_coder, code_blind, name_taken_for, remove_coder, rename_coder
from autokode.project.store.coder_rows import answers_in, coders_at_work
from autokode.review.answers import done, render, request_body, session, text_in
from autokode.review.door import Door
from autokode.review.guard import COOKIE
from autokode.review.session import Session

blueprint = Blueprint("coders", __name__)

OPENS = "OPENS_FOR"
"""Name in the app's configuration of what opens another coder's page in this server; without it, pages are not handed over."""


@blueprint.get("/coders")
def overview() -> str:
    own = session()
    return render(
        "coders.html",
        own,
        people=coders_at_work(own.project),
        answers=answers_in(own.project),
        can_hand_over=OPENS in current_app.config,
    )


@blueprint.post("/coders/add")
def add() -> Response:
    """Take in a coder; where the name is like a known one, ask first."""
    own, body = session(), request_body()
    name = text_in(body, "name", empty=True).strip()
    near = name_taken_for(own.project, name)
    if near and body.get("sure") is not True:
        question = say(
            f"«{near}» koder her alt. Er «{name}» en annen?", f"«{near}» codes here already. Is «{name}» somebody else?"
        )
        return jsonify(state=own.state(), turns={}, question=question)
    person = add_coder(own.project, name, blind=body.get("blind") is True)
    return done(own, message=say(f"{person.name} kan kode.", f"{person.name} can code."))


@blueprint.post("/coders/<int:number>/rename")
def rename(number: int) -> Response:
    own = session()
    person = _person(own, number)
    name = text_in(request_body(), "name", empty=True)
    rename_coder(own.project, person, name)
    if person.id == own.coder.id:
        own.become(_person(own, number))
    return done(own, message=say(f"{person.name} heter {name.strip()} nå.", f"{person.name} is {name.strip()} now."))


@blueprint.post("/coders/<int:number>/remove")
def remove(number: int) -> Response:
    own = session()
    person = _person(own, number)
    if person.id == own.coder.id:
        abort(400)
    remove_coder(own.project, person)
    return done(own, message=say(f"{person.name} er tatt bort.", f"{person.name} is taken away."))


@blueprint.post("/coders/<int:number>/blind")
def blind(number: int) -> Response:
    """Let a coder code blind from now on, or end that. One who codes blind ends it for nobody else."""
    own, is_blind = session(), request_body().get("blind") is True
    person = _person(own, number)
    if own.coder.blind and person.id != own.coder.id:
        abort(403)
    code_blind(own.project, person, blind=is_blind)
    own.follow_file()
    if person.id == own.coder.id and not is_blind:
        own.learner.nudge_soon()
    nb, en = ("koder blindt", "codes blind") if is_blind else ("koder ikke blindt lenger", "codes blind no longer")
    return done(own, message=say(f"{person.name} {nb}.", f"{person.name} {en}."))


@blueprint.post("/coders/<int:number>/open")
def hand_over(number: int) -> Response:
    """Give this browser the key to another coder's page, and take that to this one."""
    own = session()
    person = _person(own, number)
    opens: Callable[[Coder], Door] | None = current_app.config.get(OPENS)
    if opens is None or person.id == own.coder.id:
        abort(400)
    door = opens(person)
    answer = done(own, go=f"/{door.path}/")
    answer.set_cookie(COOKIE, door.key, path=f"/{door.path}/", httponly=True, samesite="Strict")
    answer.delete_cookie(COOKIE, path=url_for("pages.overview"), httponly=True, samesite="Strict")
    return answer


def _person(own: Session, number: int) -> Coder:
    found = next((one for one in own.project.coders if one.id == number), None)
    if found is None:
        abort(404)
    return found
