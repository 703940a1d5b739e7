"""The coder that a command works for."""

import getpass
from typing import TYPE_CHECKING

from autokode.base.errors import failure, quoted
from autokode.base.messages import say

if TYPE_CHECKING:
    from autokode.project import Coder, Project


def existing_coder(project: "Project", name: str | None) -> "Coder":
    """A coder who has already coded in a project: by name, or the only one.

    Raises:
        DataError: no coder has that name, or the name is missing and there are several coders.
    """
    coders = project.coders
    if not coders or (name and name.strip() not in [coder.name for coder in coders]):
        names = ", ".join(coder.name for coder in coders) or say("ingen", "nobody")
        wanted = f" «{name}»" if name else ""
        mend = f'--coder "{coders[0].name}"' if coders else f"autokode review --project {quoted(project.folder)}"
        raise failure(
            f"ingen{wanted} har kodet her; fant {names}",
            f"no{wanted} has coded here; found {names}",
            where=project.folder,
            try_next=mend,
        )
    return coder_named(project, name)


def coder_named(project: "Project", name: str | None, *, blind: bool | None = None) -> "Coder":
    """The coder of that name, new or known; without a name the only coder, or the user of this machine if nobody has coded.

    Raises:
        DataError: the name is empty, or missing in a project with several coders.
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
