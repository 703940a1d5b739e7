"""The steps of the dial: how many suggestions, from the fewest and surest to more."""

from dataclasses import dataclass

from autokode.base.messages import say
from autokode.model.thresholds import DEFAULT_PRECISION
from autokode.project import Project
from autokode.project.store.project import precision_in

STEPS = ("0.8", "0.65", "usual", "0.35")
"""Steps, fewest and surest first: the precision to aim for, as the project's settings have it."""

_USUAL = DEFAULT_PRECISION - 0.001
"""Position of the usual among the precisions: it aims for the default, and comes after a step of just that precision."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step: its value in the settings, its name, and its meaning in plain words."""

    value: str
    name: str
    meaning: str


def dial(project: Project) -> tuple[list[Step], int]:
    """The steps of a project's dial, and the index of the chosen one; a precision chosen in the terminal is a step too."""
    precision = project.precision
    chosen = "usual" if precision is None else f"{precision:g}"
    values = sorted({*STEPS, chosen}, key=lambda value: -(_USUAL if value == "usual" else float(value)))
    return [_step(value) for value in values], values.index(chosen)


def is_step(value: object) -> bool:
    """Whether a page may ask for this value: a step, or a precision chosen in the terminal that a page still shows."""
    return value in STEPS or (isinstance(value, str) and len(value) < 9 and precision_in(value) is not None)


def _step(value: str) -> Step:
    named = {
        "0.8": (say("færrest", "fewest"), say("omtrent åtte av ti er riktige", "about eight in ten are right")),
        "0.65": (say("færre", "fewer"), say("omtrent to av tre er riktige", "about two in three are right")),
        "usual": (say("vanlig", "usual"), say("omtrent hvert annet er riktig", "about every second one is right")),
        "0.35": (say("flere", "more"), say("omtrent hvert tredje er riktig", "about one in three is right")),
    }
    if value in named:
        return Step(value, *named[value])
    share = round(100 * float(value))
    meaning = say(f"omtrent {share} av 100 er riktige", f"about {share} in 100 are right")
    return Step(value, say("eget valg", "own choice"), meaning)
