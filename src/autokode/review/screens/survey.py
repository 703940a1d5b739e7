"""Answers of a survey: a table is chosen, its columns are shown and can be said to be something else, and it is taken in."""

from dataclasses import dataclass

from flask import Blueprint, Response, abort

from autokode.base.errors import failure
from autokode.base.hashing import sha256_of
from autokode.base.messages import say
from autokode.corpus.survey import Role, Survey
from autokode.corpus.transcript import name_of
from autokode.exchange.survey_file import ENDINGS, read_survey
from autokode.exchange.survey_import import SurveyPlan, planned_survey, take_survey
from autokode.project.store.interview_changes import check_seen
from autokode.project.store.steps import last_step, take_back_step
from autokode.review.answers import done, number_in, refuse_blind, render, request_body, session, text_in
from autokode.review.counted_words import many

blueprint = Blueprint("survey", __name__)

SHOWN = 60
"""Code points of an example, and of a heading, that are shown."""


@dataclass(slots=True)
class Waiting:
    """A survey that was read and waits for a person: its name, and what each column is taken for."""

    name: str
    survey: Survey
    roles: list[Role]


@blueprint.get("/survey")
def overview() -> str:
    """Show the survey that waits, and what taking it in would do."""
    own = session()
    refuse_blind(own)
    waiting, plan, wrong = own.survey, None, ""
    if waiting is not None:
        try:
            plan = planned_survey(own.project, waiting.survey, waiting.roles, waiting.name)
        except ValueError as error:
            wrong = str(error).partition("\n")[0]
    step = last_step(own.project)
    return render(
        "survey.html",
        own,
        waiting=waiting,
        plan=plan,
        wrong=wrong,
        mark=_mark(plan) if plan else "",
        roles=_role_words(),
        endings=ENDINGS,
        shown=SHOWN,
        taken=step.id if step is not None and step.id == own.survey_step else None,
    )


def _role_words() -> list[tuple[str, str]]:
    words = {
        Role.ANSWERS: say("svar med egne ord", "answers in own words"),
        Role.VARIABLE: say("variabel", "variable"),
        Role.RESPONDENT: say("hvem som svarte", "who answered"),
        Role.LEFT: say("utelates", "left out"),
    }
    return [(role.value, word) for role, word in words.items()]


def _mark(plan: SurveyPlan) -> str:
    about = (plan.name, plan.answers, plan.values, plan.variables, plan.known, plan.long)
    return sha256_of(repr((about, [text.sha256 for text in plan.found.texts])))[:16]


@blueprint.post("/survey/look")
def look() -> Response:
    """Read a table that has come; nothing is stored, and the file goes."""
    own, body = session(), request_body()
    refuse_blind(own)
    sign = text_in(body, "sign")
    file = own.incoming.file(sign)
    try:
        if not file.is_whole:
            raise failure("filen er ikke kommet helt fram ennå", "the file has not come whole yet")
        survey = read_survey(file.path)
    finally:
        own.incoming.drop(sign)
    own.survey = Waiting(name_of(file.path.with_name(file.name)), survey, list(survey.guess))
    return done(own)


@blueprint.post("/survey/columns")
def columns() -> Response:
    """Say what the survey is called, and what its columns are."""
    own, body = session(), request_body()
    waiting, roles = own.survey, body.get("role")
    if waiting is None or not isinstance(roles, list) or len(roles) != len(waiting.roles):
        abort(400)
    try:
        chosen = [Role(role) for role in roles]
    except ValueError:
        abort(400)
    waiting.name, waiting.roles = text_in(body, "name", empty=True), chosen
    return done(own)


@blueprint.post("/survey/take")
def take() -> Response:
    """Take in what the page shows, as one step."""
    own, body = session(), request_body()
    refuse_blind(own)
    if own.survey is None:
        abort(400)
    plan = planned_survey(own.project, own.survey.survey, own.survey.roles, own.survey.name)
    check_seen(text_in(body, "saw"), _mark(plan))
    count = take_survey(own.project, own.coder, plan, pseudonymised=body.get("pseudonymised") is True)
    step = last_step(own.project)
    own.survey, own.survey_step = None, step.id if step is not None else 0
    return done(own, message=say("Tatt inn: ", "Taken in: ") + many(count, "text"))


@blueprint.post("/survey/back")
def back() -> Response:
    """Take back, whole, the survey that was taken in last; what was changed since stays, and is said."""
    own, body = session(), request_body()
    refuse_blind(own)
    step = last_step(own.project)
    if step is None or step.id != number_in(body, "step") or step.id != own.survey_step:
        raise failure("noe annet er tatt inn siden", "something else was taken in since")
    found = take_back_step(own.project)
    message = say("Undersøkelsen er tatt tilbake.", "The survey is taken back.")
    return done(own, message=" ".join([message, *(f"{one}." for one in found.kept)]))


@blueprint.post("/survey/drop")
def drop() -> Response:
    own = session()
    own.survey = None
    return done(own)
