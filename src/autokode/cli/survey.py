"""`autokode survey`: the answers of a survey as texts, with the other columns as variables, after a look at what they are."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autokode.base.errors import failure, quoted
from autokode.base.messages import say
from autokode.cli.group import Command
from autokode.cli.options import FILE, coder_option, flag, option, project_option
from autokode.cli.output import tell, tell_next
from autokode.cli.projects import opened

if TYPE_CHECKING:
    from autokode.corpus.survey import Role, Survey
    from autokode.exchange.survey_import import SurveyPlan

LONGEST = 40
"""Most characters of a heading and of an example that are shown."""


def _survey(
    file: Path,
    folder: Path,
    name: str | None,
    answers: tuple[str, ...],
    variables: tuple[str, ...],
    respondent: str | None,
    leave: tuple[str, ...],
    coder: str | None,
    pseudonymised: bool,
    yes: bool,
) -> None:
    from autokode.base.formatting import whole
    from autokode.cli.coder_choice import coder_named
    from autokode.cli.consent import YES
    from autokode.corpus.transcript import name_of
    from autokode.exchange.survey_file import read_survey
    from autokode.exchange.survey_import import planned_survey, take_survey

    project = opened(folder, strays=False)
    who = coder_named(project, coder)
    survey = read_survey(file)
    roles = _roles(survey, answers, variables, respondent, leave)
    _show(survey, roles)
    plan = planned_survey(project, survey, roles, name or name_of(file))
    _tell(plan)
    if not plan.found.texts:
        tell("Ingenting å ta inn.", "Nothing to take in.")
        return
    question = say(f"Ta inn {whole(plan.answers)} svar? [j/N]", f"Take in {whole(plan.answers)} answers? [y/N]")
    if not yes and click.prompt(question, default="", show_default=False).strip().lower() not in YES:
        tell("Ingenting er tatt inn.", "Nothing was taken in.")
        return
    count = take_survey(project, who, plan, pseudonymised=pseudonymised)
    tell(
        f"Tatt inn som {count} tekster. Tas tilbake med autokode undo.",
        f"Taken in as {count} texts. autokode undo takes them back.",
    )
    tell_next(f"review --project {quoted(folder)}")


def _roles(
    survey: "Survey", answers: Sequence[str], variables: Sequence[str], respondent: str | None, leave: Sequence[str]
) -> "list[Role]":
    """What each column is: as it was guessed, but for those that are named. Where answers are named, no others are answers.

    Raises:
        DataError: no column, or several, have a heading as it was typed.
    """
    from autokode.corpus.survey import Role

    roles = list(survey.guess)
    if answers:
        roles = [Role.LEFT if role is Role.ANSWERS else role for role in roles]
    if respondent:
        roles = [Role.LEFT if role is Role.RESPONDENT else role for role in roles]
    named = [(Role.LEFT, leave), (Role.VARIABLE, variables), (Role.ANSWERS, answers)]
    for role, columns in (*named, (Role.RESPONDENT, [respondent] if respondent else [])):
        for column in columns:
            roles[_column(survey, column)] = role
    return roles


def _column(survey: "Survey", typed: str) -> int:
    """The column with a heading, or of a number from 1; the beginning of a heading is enough where no other begins so.

    Raises:
        DataError: there is none, or several.
    """
    from autokode.base.formatting import shortened
    from autokode.corpus.codebook import folded

    headings = [folded(column.heading) for column in survey.columns]
    same = [i for i, heading in enumerate(headings) if heading == folded(typed)]
    like = same or [i for i, heading in enumerate(headings) if heading.startswith(folded(typed))]
    if len(like) == 1:
        return like[0]
    if not like and typed.isdecimal() and 0 < int(typed[:6]) <= len(headings):
        return int(typed) - 1
    shown = ", ".join(f"«{shortened(column.heading, LONGEST)}»" for column in survey.columns[:12])
    what = (
        say("flere kolonner begynner med", "several columns begin with")
        if like
        else say("ingen kolonne heter", "no column is")
    )
    raise failure(
        f"{what} «{typed}»; fant {shown}",
        f"{what} «{typed}»; found {shown}",
        try_next=say("skriv kolonnens nummer", "type the column's number"),
    )


def _show(survey: "Survey", roles: "Sequence[Role]") -> None:
    """Show the columns, and what each is taken for."""
    from rich.console import Console
    from rich.table import Table

    from autokode.base.formatting import shortened, whole

    shown = Table(box=None, pad_edge=False)
    for nb, en in (
        ("nr", "no"),
        ("kolonne", "column"),
        ("er", "is"),
        ("utfylt", "filled"),
        ("ulike", "different"),
        ("som", "like"),
    ):
        shown.add_column(say(nb, en), justify="right" if nb in ("nr", "utfylt", "ulike") else "left")
    words = role_words()
    for number, (column, role) in enumerate(zip(survey.columns, roles, strict=True), 1):
        like = shortened(" ".join(column.examples[0].split()), LONGEST) if column.examples else ""
        counts = (whole(column.filled), whole(column.different))
        shown.add_row(str(number), shortened(column.heading, LONGEST), words[role], *counts, like)
    Console(highlight=False, markup=False).print(shown)


def role_words() -> "dict[Role, str]":
    """What each role is called."""
    from autokode.corpus.survey import Role

    return {
        Role.ANSWERS: say("svar", "answers"),
        Role.VARIABLE: say("variabel", "variable"),
        Role.RESPONDENT: say("hvem som svarte", "who answered"),
        Role.LEFT: say("utelates", "left out"),
    }


def _tell(plan: "SurveyPlan") -> None:
    from autokode.base.formatting import counted, whole

    rows, variables = len(plan.found.rows), len(plan.variables)
    tell(
        f"{counted(rows, 'respondent', 'respondenter')}, {whole(plan.answers)} svar, "
        f"{counted(variables, 'variabel', 'variabler')}",
        f"{counted(rows, 'respondent', 'respondents')}, {counted(plan.answers, 'answer', 'answers')}, "
        f"{counted(variables, 'variable', 'variables')}",
    )
    if plan.found.without:
        tell(f"{plan.found.without} svarte ikke med ord", f"{plan.found.without} answered nothing in words")
    if plan.known:
        tell(
            f"{plan.known} er i prosjektet alt, og blir ikke rørt",
            f"{plan.known} are in the project already, and are not touched",
        )
    if plan.long:
        tell(f"{plan.long} verdier er for lange, og utelates", f"{plan.long} values are too long, and left out")


command = Command(
    "survey",
    callback=_survey,
    help=say(
        "Ta inn svarene i en spørreundersøkelse, fra Nettskjema eller andre (.csv, .tsv, .xlsx): en rad for hver som svarte. "
        "Overskriften over en kolonne med svar blir spørsmålet, og andre kolonner blir variabler. Hva hver kolonne er, gjettes "
        "og vises før noe lagres. Tas filen inn igjen senere, kommer bare nye respondenter med.",
        "Take in the answers of a survey, from Nettskjema or others (.csv, .tsv, .xlsx): a row for each respondent. The heading "
        "of a column of answers becomes the question, and other columns become variables. What each column is, is guessed and "
        "shown before anything is stored. If the file is taken in again later, only new respondents come in.",
    ),
    short_help=say("Ta inn svarene i en spørreundersøkelse.", "Take in the answers of a survey."),
    params=[
        click.Argument(["file"], metavar="FIL", type=FILE),
        project_option(),
        option(
            "--name NAVN", "Hva undersøkelsen heter; ellers som filen.", "What the survey is called; else as the file."
        ),
        option(
            "--answers KOLONNE...",
            "En kolonne med svar; gjenta for flere. Overskriften, begynnelsen av den, eller nummeret.",
            "A column of answers; repeat for more. The heading, its beginning, or the number.",
        ),
        option(
            "--variable KOLONNE...", "En kolonne som er en variabel.", "A column that is a variable.", into="variables"
        ),
        option("--respondent KOLONNE", "Kolonnen som sier hvem som svarte.", "The column that says who answered."),
        option("--leave KOLONNE...", "En kolonne som utelates.", "A column that is left out."),
        coder_option(),
        flag(
            "--pseudonymised",
            "Det er ingen virkelige navn i svarene, så de kan siteres i en rapport.",
            "No real names are in the answers, so they may be quoted in a report.",
        ),
        flag("--yes", "Ta inn uten å spørre.", "Take in without asking."),
    ],
    example="autokode survey svar.csv --project prosjekt --coder enighet --pseudonymised --yes",
)
