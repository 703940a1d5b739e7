"""What commands on a project share: which project, and who codes."""

import getpass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autokode.base.errors import failure, quoted
from autokode.base.messages import say

if TYPE_CHECKING:
    from autokode.project import Coder, Project


def project_option() -> click.Option:
    """Return the --project option."""
    return click.Option(
        ["--project", "folder"],
        default=".",
        metavar="MAPPE",
        type=click.Path(path_type=Path),
        help=say("Prosjektets mappe; ellers den du står i.", "The project's folder; else the one you are in."),
    )


def coder_option() -> click.Option:
    """Return the --coder option."""
    return click.Option(
        ["--coder"],
        metavar="NAVN",
        help=say("Hvem som koder; kan utelates der det bare er én.", "Who codes; not needed where there is only one."),
    )


def pseudonymised_option() -> click.Option:
    """Return the --pseudonymised option."""
    return click.Option(
        ["--pseudonymised"],
        is_flag=True,
        help=say(
            "Navnene i disse er oppdiktet, så de kan siteres i en rapport. Det autokode pseudonymise skrev, er merket.",
            "The names in these are invented, so they may be quoted in a report. What autokode pseudonymise wrote is marked.",
        ),
    )


def known(project: "Project", name: str | None) -> "Coder":
    """Return somebody who has coded in a project: by name, or the only one.

    Raises:
        DataError: nobody of that name has; or several have, and nobody was named.
    """
    coders = project.coders
    if not coders or (name and name.strip() not in [coder.name for coder in coders]):
        names = ", ".join(coder.name for coder in coders) or say("ingen", "nobody")
        asked = f" «{name}»" if name else ""
        mend = f'--coder "{coders[0].name}"' if coders else f"autokode review --project {quoted(project.folder)}"
        raise failure(
            f"ingen{asked} har kodet her; fant {names}",
            f"no{asked} has coded here; found {names}",
            where=project.folder,
            try_next=mend,
        )
    return who(project, name)


def who(project: "Project", name: str | None, *, blind: bool | None = None) -> "Coder":
    """Return the coder of a name; without one the project's only one, or in a new project the user of this machine.

    Raises:
        DataError: several people code in this project, and nobody was named.
    """
    coders = project.coders
    if name is None and len(coders) > 1:
        names = ", ".join(coder.name for coder in coders)
        raise failure(
            f"flere har kodet i dette prosjektet: {names}",
            f"several people code in this project: {names}",
            where=project.folder,
            try_next=f'--coder "{coders[0].name}"',
        )
    if name is None:
        name = coders[0].name if coders else _user()
    if not name.strip():
        raise failure("koderens navn er tomt", "the coder's name is empty", try_next='--coder "Kari"')
    return project.coder(name.strip(), blind=blind)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return say("koder", "coder")
