"""`autokode undo`: take back the last import, or the last that was added, whole."""

from pathlib import Path

import click

from autokode.base.errors import quoted
from autokode.base.messages import say
from autokode.cli.consent import YES
from autokode.cli.group import Command
from autokode.cli.options import flag, project_option
from autokode.cli.output import tell
from autokode.cli.projects import opened


def _undo(folder: Path, yes: bool) -> None:
    from autokode.project.store.steps import decisions_in, last_step, take_back_step

    project = opened(folder)
    step = last_step(project)
    if step is not None:
        tell(
            f"Det siste som ble tatt inn ({step.kind}, {step.time[:16].replace('T', ' ')} UTC):",
            f"What was taken in last ({step.kind}, {step.time[:16].replace('T', ' ')} UTC):",
        )
        if step.interviews:
            tell(f"  {len(step.interviews)} intervjuer", f"  {len(step.interviews)} interviews")
        for coder, count in decisions_in(project, step).items():
            tell(f"  {coder}: {count} avgjørelser i loggen", f"  {coder}: {count} decisions of the log")
        if not yes and not _asked():
            return
    done = take_back_step(project)
    tell(
        f"Tatt tilbake: {done.interviews} intervjuer, {done.codings} kodinger",
        f"Taken back: {done.interviews} interviews, {done.codings} codings",
    )
    for kept in done.kept:
        click.echo(f"  {kept}")
    tell(
        f"Ta det inn igjen på samme måte som før. Egne steg på siden: z. Prosjektet: {quoted(folder)}",
        f"Take it in again as you did before. Your own steps on the page: z. The project: {quoted(folder)}",
    )


def _asked() -> bool:
    """Ask whether to go on; say so if nothing is changed."""
    said = click.prompt(say("Ta det tilbake? [j/N]", "Take it back? [y/N]"), default="", show_default=False)
    if said.strip().lower() in YES:
        return True
    tell("Ingenting er endret.", "Nothing was changed.")
    return False


command = Command(
    "undo",
    callback=_undo,
    help=say(
        "Ta tilbake det siste som ble tatt inn med add, import eller merge: intervjuer, kodinger, notater og koder. Det som er "
        "endret siden, står, og blir sagt. Gjenta kommandoen for det som ble tatt inn før det.",
        "Take back what was taken in last by add, import or merge: interviews, codings, memos and codes. What was changed since "
        "stays, and is said. Repeat the command for what was taken in before that.",
    ),
    short_help=say("Ta tilbake siste add, import eller merge.", "Take back the last add, import or merge."),
    params=[project_option(), flag("--yes", "Ta tilbake uten å spørre.", "Take back without asking.")],
    example="autokode undo --project kopi --yes",
)
