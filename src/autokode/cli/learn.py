"""`autokode learn`: learn from a coder's decisions in a project, and suggest anew."""

from pathlib import Path

import click

from autokode.cli.group import Command
from autokode.cli.opening import coder_option, known, project_option, who
from autokode.language import say


def _learn(folder: Path, coder: str | None, model: str | None) -> None:
    from autokode.cli import screen
    from autokode.project import Project
    from autokode.project.learning import explain, learn

    project = Project.open(folder)
    person = who(project, coder) if model else known(project, coder)  # a model suggests to somebody new too
    with screen.progress(say("Lærer", "Learning")) as step:
        made = learn(project, person, model=model, progress=step)
    click.echo(
        say(
            f"{made.suggestions} forslag, lært av {made.learnt_from} ytringer på {made.seconds:.1f} s",
            f"{made.suggestions} suggestions, learnt from {made.learnt_from} utterances in {made.seconds:.1f} s",
        )
    )
    for code, (new, gone) in made.news.items():
        click.echo(say(f"  {code}: {new} nye, {gone} borte", f"  {code}: {new} new, {gone} gone"))
    with screen.progress(say("Finner ordene", "Finding the words")) as step:
        explain(project, person, progress=step)


command = Command(
    "learn",
    callback=_learn,
    help=say(
        "Lær av det en koder har bestemt i et prosjekt, og foreslå på nytt. Siden «autokode review» gjør dette selv.",
        "Learn from what a coder decided in a project, and suggest anew. The page of «autokode review» does this itself.",
    ),
    short_help=say("Lær av det som er bestemt i et prosjekt.", "Learn from what was decided in a project."),
    params=[
        project_option(),
        coder_option(),
        click.Option(
            ["--model"],
            metavar="MAPPE",
            help=say(
                "Ta forslag fra denne modellen i stedet (mappe, eller navnet på en som følger med).",
                "Take suggestions from this model instead (a folder, or a shipped one's name).",
            ),
        ),
    ],
    example="autokode learn --project prosjekt",
)
