"""`autokode review`: open the page on which a person reads, codes and decides."""

import signal
from pathlib import Path

import click

from autokode.base.messages import say
from autokode.cli.coder_choice import coder_named
from autokode.cli.group import Command
from autokode.cli.options import coder_option, flag, option, project_option
from autokode.cli.output import tell
from autokode.cli.projects import opened
from autokode.cli.ways_in import tell_ways


def _review(folder: Path, coder: str | None, port: int, blind: bool, no_browser: bool) -> None:
    from dataclasses import replace

    from autokode.project.store.coders import NEWCOMER
    from autokode.project.views.next_steps import lacks
    from autokode.review.server import Ways, serve

    project = opened(folder)
    person = coder_named(project, coder)
    is_new = person.id == NEWCOMER
    if blind:
        person = replace(person, blind=True) if is_new else project.coder(person.name, blind=True)

    def show_ways(ways: Ways) -> None:
        click.echo(say(f"{person.name} koder i ", f"{person.name} codes in ") + str(folder))
        if is_new and coder is None:
            tell(
                '  (maskinens bruker, som kommer med fra første koding; et annet navn: --coder "NAVN")',
                '  (this machine\'s user, in the project from the first coding; another name: --coder "NAME")',
            )
        elif is_new:
            tell("  (ny her; med i prosjektet fra første koding)", "  (new here; in the project from the first coding)")
        for step in lacks(project):
            click.echo(f"{step.what}\n  {step.command}")
        tell_ways(ways, None if no_browser else ("Siden", "The page"))
        tell("Avslutt med Ctrl-C. Alt er lagret hele tiden.", "End with Ctrl-C. All is saved as you work.")

    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)  # a browser that closes a connection must not end the server
    serve(project, person, port=port, browser=not no_browser, told=show_ways)


command = Command(
    "review",
    callback=_review,
    help=say(
        "Åpne siden der du leser, koder og tar stilling til forslag. Den svarer bare denne maskinen.",
        "Open the page on which you read, code and decide about suggestions. It answers this machine alone.",
    ),
    short_help=say("Les, kod og ta stilling til forslag.", "Read, code and decide about suggestions."),
    params=[
        project_option(),
        coder_option(),
        option(
            "--port TALL",
            "Porten å lytte på; ellers en ledig.",
            "The port to listen on; else a free one.",
            show_default=False,
            default=0,
            type=click.IntRange(0, 65535),
        ),
        flag(
            "--blind",
            "Kod uten forslag og uten å se hva andre har kodet; gjelder denne koderen fra nå av.",
            "Code without suggestions and without seeing what others coded; holds for this coder from now on.",
        ),
        flag("--no-browser", "Ikke åpne nettleseren; bare skriv hvordan.", "Open no browser; only write how to."),
    ],
    example="autokode review --project prosjekt --coder enighet",
)
