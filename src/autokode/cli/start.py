"""`autokode` and `autokode start`: open «Mine prosjekter»."""

import os
import signal
import sys
from pathlib import Path

import click

from autokode.base.messages import say
from autokode.cli.group import Command
from autokode.cli.options import flag, option
from autokode.cli.output import tell
from autokode.cli.ways_in import tell_ways


def _start(port: int, no_browser: bool, from_menu: bool) -> None:
    if from_menu:
        from autokode.cli.start_trouble import shown_in_browser

        _without_terminal()
        with shown_in_browser():
            _serve(port, no_browser)
    else:
        _serve(port, no_browser)


def _serve(port: int, no_browser: bool) -> None:
    from autokode.review.server import Ways, serve_start_page

    def show_ways(ways: Ways) -> None:
        tell_ways(ways, None if no_browser else ("«Mine prosjekter»", "“My projects”"))
        tell(
            "Avslutter av seg selv litt etter at den siste fanen er lukket, ellers med Ctrl-C. Alt er lagret hele tiden.",
            "Ends by itself a while after the last tab is closed, or with Ctrl-C. All is saved as you work.",
        )

    def running(file: Path) -> None:
        tell("autokode kjører alt; veien inn er denne filen:", "autokode runs already; the way in is this file:")
        click.echo(f"  {file.absolute().as_uri()}")

    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)  # a browser that closes a connection must not end the server
    serve_start_page(port=port, browser=not no_browser, told=show_ways, running=running)


def _without_terminal() -> None:
    """Give the program somewhere to write to: Windows starts one without a terminal without any."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - until the program ends


command = Command(
    "start",
    callback=_start,
    help=say(
        "Åpne «Mine prosjekter» i nettleseren: nytt prosjekt, åpne, de siste, et eksempel. Det samme som autokode alene.",
        "Open “My projects” in the browser: a new project, open one, the last ones, an example. The same as autokode alone.",
    ),
    short_help=say("Åpne «Mine prosjekter» (som autokode alene).", "Open “My projects” (as autokode alone)."),
    params=[
        option(
            "--port TALL",
            "Porten å lytte på; ellers en ledig.",
            "The port to listen on; else a free one.",
            show_default=False,
            default=0,
            type=click.IntRange(0, 65535),
        ),
        flag("--no-browser", "Ikke åpne nettleseren; bare skriv hvordan.", "Open no browser; only write how to."),
        flag(
            "--from-menu",
            "Vis en feil i nettleseren; slik starter programmenyen autokode.",
            "Show an error in the browser; so the applications menu starts autokode.",
        ),
    ],
    example="autokode start --no-browser",
)
