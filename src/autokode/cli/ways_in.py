"""How a command tells the way to the page it serves."""

from typing import TYPE_CHECKING

import click

from autokode.base.messages import say
from autokode.cli.output import tell

if TYPE_CHECKING:
    from autokode.review.server import Ways


def tell_ways(ways: "Ways", opens: tuple[str, str] | None) -> None:
    """Say how to get to the page.

    Args:
        ways: to the page.
        opens: what opens in the browser by itself, in Norwegian and English; None if nothing does.
    """
    if opens is None:
        tell(
            "Åpne denne filen i nettleseren; bare du kan lese den:",
            "Open this file in the browser; only you can read it:",
        )
    else:
        tell(
            f"{opens[0]} åpner seg i nettleseren. Ellers: åpne denne filen der; bare du kan lese den:",
            f"{opens[1]} opens in the browser. If it does not: open this file there; only you can read it:",
        )
    click.echo(f"  {ways.file.absolute().as_uri()}")
    if opens is None:
        tell("Eller, før det er gått et minutt:", "Or, before a minute has passed:")
        click.echo(f"  {ways.address}  " + say("med koden ", "with the code ") + ways.code())
