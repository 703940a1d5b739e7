"""Learns anew after models were deleted, since they had learnt from what is gone."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autokode.base.errors import DataError, quoted
from autokode.base.messages import say
from autokode.cli.output import tell

if TYPE_CHECKING:
    from autokode.project import Coder, Project


def learners(project: "Project") -> "list[tuple[Coder, str]]":
    """Those who have suggestions from a model, each with the model that was given, or "" for one of their own."""
    from autokode.project.store.round_rows import round_shown

    rounds = [(person, round_shown(project, person)) for person in project.coders]
    return [(person, row.about.get("given", "")) for person, row in rounds if row is not None]


def learn_again(project: "Project", before: "Iterable[tuple[Coder, str]]") -> None:
    """Learn anew for those who had suggestions, after models were deleted; say for whom it cannot be done."""
    from autokode.base import resources
    from autokode.cli import terminal
    from autokode.project.active_learning.evidence import explain
    from autokode.project.active_learning.training_round import learn

    now = {person.id: person for person in project.coders}  # names may be others now
    for person, given in ((now.get(one.id, one), given) for one, given in before):
        command = f'autokode learn --coder "{person.name}" --project {quoted(project.folder)}'
        if given and (Path(given).exists() or resources.model(given) is None):
            tell(
                f"{person.name}: forslagene kom av modellen {given}, som kan ha lært av det som er borte. Nye forslag: {command}",
                f"{person.name}: the suggestions came of the model {given}, which may have learnt from what is gone. "
                f"New suggestions: {command}",
            )
            continue
        try:
            with terminal.progress(say("Lærer på nytt", "Learning anew")) as step:
                made = learn(project, person, model=given or None, progress=step)
                explain(project, person, progress=step)
        except DataError as error:
            click.echo(f"{person.name}: {error}")
            continue
        tell(
            f"{person.name}: lært på nytt av {made.learnt_from} ytringer, {made.suggestions} forslag",
            f"{person.name}: learnt anew from {made.learnt_from} utterances, {made.suggestions} suggestions",
        )
