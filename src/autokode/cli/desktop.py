"""`autokode desktop`: an entry in the applications menu."""

import click

from autokode.base.messages import say
from autokode.cli.group import Command
from autokode.cli.options import flag
from autokode.cli.output import tell


def _desktop(install: bool, remove: bool) -> None:
    from autokode.base.menu_entry import MenuEntry

    if install == remove:
        raise click.UsageError(say("gi enten --install eller --remove", "give either --install or --remove"))
    entry = MenuEntry.of_this_system()
    if install:
        entry.install()
        tell("autokode er i programmenyen:", "autokode is in the applications menu:")
    elif not entry.remove():
        tell("autokode var ikke i programmenyen.", "autokode was not in the applications menu.")
        return
    else:
        tell(
            "autokode er tatt ut av programmenyen; prosjektene dine er ikke rørt. Slettet:",
            "autokode is out of the applications menu; your projects were not touched. Deleted:",
        )
    for path in entry.files:
        click.echo(f"  {path}")


command = Command(
    "desktop",
    callback=_desktop,
    help=say(
        "Legg autokode i programmenyen, så det kan startes uten terminal, eller ta det ut igjen.",
        "Put autokode in the applications menu, so that it starts without a terminal, or take it out again.",
    ),
    short_help=say("Legg autokode i programmenyen.", "Put autokode in the applications menu."),
    params=[
        flag("--install", "Legg det i menyen; en gang til er ikke farlig.", "Put it in the menu; twice does no harm."),
        flag("--remove", "Ta det ut av menyen.", "Take it out of the menu."),
    ],
    example="autokode desktop --install",
)
