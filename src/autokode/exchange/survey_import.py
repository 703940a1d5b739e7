"""Takes a survey into a project: its answers as texts, its other columns as variables of the respondents, all of it one step."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from autokode.base.errors import DataError, failure
from autokode.base.formatting import one_line
from autokode.base.messages import say
from autokode.corpus.codebook import folded
from autokode.corpus.survey import LABELS, Role, Survey, SurveyTexts, texts_of
from autokode.corpus.transcript import Transcript
from autokode.project.store.coders import Coder
from autokode.project.store.project import Project
from autokode.project.store.variable_changes import (
    LONGEST_NAME,
    LONGEST_VALUE,
    TAKEN,
    Cell,
    make_variable,
    set_values,
)
from autokode.project.store.variables import values_of


@dataclass(frozen=True, slots=True)
class SurveyPlan:
    """What taking a survey in would do; nothing is stored yet.

    Attributes:
        name: the survey's, and the group of its texts.
        found: its texts, and whose answers they hold.
        values: (text, respondent, variable, value).
        variables: names of the variables, in the order of the columns; those that are here already too.
        known: how many respondents' answers are in the project already, and stay as they are.
        long: how many values are too long, and left out.
    """

    name: str
    found: SurveyTexts = field(repr=False)
    values: tuple[tuple[str, str, str, str], ...] = field(repr=False)
    variables: tuple[str, ...]
    known: int
    long: int

    @property
    def answers(self) -> int:
        """How many answers there are."""
        return sum(len(text.answers) for text in self.found.texts)


def planned_survey(project: Project, survey: Survey, roles: Sequence[Role], name: str) -> SurveyPlan:
    """What taking a survey in would do.

    Raises:
        DataError: no column is one of answers, two say who answered, it has no name, or one of its name is here and no column
            says who answered.
    """
    called = one_line(name)
    if not called:
        raise failure("undersøkelsen må ha et navn", "the survey must have a name")
    if Role.ANSWERS not in roles:
        raise failure(
            "ingen kolonne er svar med egne ord; velg minst én",
            "no column is one of answers in own words; choose at least one",
            try_next='autokode survey FIL --answers "…"',
        )
    if list(roles).count(Role.RESPONDENT) > 1:
        raise failure("to kolonner sier hvem som svarte; velg én", "two columns say who answered; choose one")
    known = _known(project, called)
    if known and Role.RESPONDENT not in roles:
        raise failure(
            f"prosjektet har undersøkelsen «{called}» alt, og ingen kolonne sier hvem som svarte",
            f"the project has the survey «{called}» already, and no column says who answered",
            try_next=say(
                "gi denne et annet navn, eller velg kolonnen", "give this one another name, or choose the column"
            ),
        )
    found = texts_of(survey, roles, called, known)
    names = _names(project, survey, roles)
    values, long = [], 0
    for text in found.texts:
        for speaker in dict.fromkeys(one.speaker for one in text.utterances if one.speaker in found.rows):
            row = survey.rows[found.rows[speaker]]
            for column, variable in names.items():
                value = one_line(row[column])
                long += len(value) > LONGEST_VALUE
                if 0 < len(value) <= LONGEST_VALUE:
                    values.append((text.name, speaker, variable, value))
    here = len(survey.rows) - found.without - len(found.rows)
    return SurveyPlan(called, found, tuple(values), tuple(names.values()), here, long)


def take_survey(project: Project, who: Coder, plan: SurveyPlan, *, pseudonymised: bool = False) -> int:
    """Store what a plan says, as one step, and count the texts.

    Raises:
        DataError: something of it cannot be stored; nothing is.
    """
    with project.step("add"):
        for text in plan.found.texts:
            if not project.add(text, office=plan.name, pseudonymised=pseudonymised):
                raise _there(text)
        ids = {source.name: source.id for source in project.sources}
        there = {folded(one.name) for one in values_of(project).variables}
        for name in plan.variables:
            if folded(name) not in there:
                make_variable(project, who, name)
        set_values(project, who, (Cell(ids[text], *rest) for text, *rest in plan.values))
    return len(plan.found.texts)


def _there(text: Transcript) -> DataError:
    return failure(
        f"«{text.name}» er i prosjektet alt",
        f"«{text.name}» is in the project already",
        try_next=say("gi undersøkelsen et annet navn", "give the survey another name"),
    )


def _known(project: Project, name: str) -> set[str]:
    """The respondents of a survey whose answers are here."""
    own = [project.transcript(source.name) for source in project.sources if source.office == name]
    return {
        one.speaker
        for text in own
        if text.labels == LABELS
        for one in text.utterances
        if one.speaker not in text.interviewers
    }


def _names(project: Project, survey: Survey, roles: Sequence[Role]) -> dict[int, str]:
    """Column → name of its variable: the one of this name that is here, or a new one."""
    here = {folded(one.name): one.name for one in values_of(project).variables}
    found: dict[int, str] = {}
    for column, role in enumerate(roles):
        if role is Role.VARIABLE:
            given = {folded(one) for one in found.values()}
            name = next(one for one in _candidates(survey.columns[column].heading) if folded(one) not in given | TAKEN)
            found[column] = here.get(folded(name), name)
    return found


def _candidates(heading: str) -> Iterator[str]:
    """Yield names that a variable may get by a heading: itself, its two ends if it is long, and with a number after it."""
    name = one_line(heading)
    if len(name) > LONGEST_NAME:
        half = LONGEST_NAME // 2 - 4
        name = f"{name[:half].rstrip()} … {name[-half:].lstrip()}"
    yield name
    number = 2
    while True:
        yield f"{name[: LONGEST_NAME - 6]} ({number})"
        number += 1
