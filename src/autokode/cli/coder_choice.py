"""The coder that a command works for."""

import getpass
from collections.abc import Collection
from typing import TYPE_CHECKING

from autokode.base.errors import DataError, failure, quoted
from autokode.base.messages import say

if TYPE_CHECKING:
    from autokode.project import Coder, Project

ALL = ("alle", "all")
"""What stands for every coder, where nobody is called so."""


def existing_coder(project: "Project", name: str | None) -> "Coder":
    """One of a project's coders: by name, or the only one.

    Raises:
        DataError: no coder has that name, or the name is missing and there are several coders.
    """
    from autokode.project.store.coders import as_known

    known = [coder.name for coder in project.coders]
    if not known or (name and as_known(name, known) not in known):
        names = ", ".join(known) or say("ingen", "nobody")
        wanted = f" «{name}»" if name else ""
        mend = f'--coder "{known[0]}"' if known else f"autokode review --project {quoted(project.folder)}"
        near, meant = _meant(name or "", known)
        raise failure(
            f"ingen{wanted} har kodet her; fant {names}{meant}",
            f"no{wanted} has coded here; found {names}{meant}",
            where=project.folder,
            try_next=f'--coder "{near}"' if near else mend,
        )
    return coder_named(project, name)


def coder_named(project: "Project", name: str | None) -> "Coder":
    """The coder of that name, known or new; without a name the only coder, or the user of this machine if nobody has coded.

    Nobody new is stored: somebody is one of the project's coders from the first thing they decide.

    Raises:
        DataError: the name is empty, so like a known one that it may be a slip, or missing in a project with several coders.
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
        return coders[0] if coders else project.known_coder(user_name())
    if not name.strip():
        raise failure("koderens navn er tomt", "the coder's name is empty", try_next='--coder "Kari"')
    check_name(project, name.strip())
    return project.known_coder(name.strip())


def memo_writers(project: "Project", given: Collection[str]) -> tuple[str, ...]:
    """The coders whose memos somebody asks for: by name, or all of them.

    Raises:
        DataError: there is no such coder.
    """
    known = [coder.name for coder in project.coders]
    if any(name in ALL and name not in known for name in given):
        return tuple(known)
    for name in given:
        if name not in known:
            near, meant = _meant(name, known)
            found = ", ".join(known) or say("ingen", "nobody")
            raise failure(
                f"ingen koder heter «{name}»; fant {found}{meant}",
                f"no coder «{name}»; found {found}{meant}",
                where=project.folder,
                try_next=f'--memos "{near or ALL[0]}"',
            )
    return tuple(given)


def check_name(project: "Project", name: str) -> None:
    """Check that a name that is new to the project is no slip of a known one.

    Raises:
        DataError: it is like a known one; the message says how to use that one, and how to say that it is a new one.
    """
    from autokode.project.store.coders import as_known

    known = [coder.name for coder in project.coders]
    near, _meant_what = _meant(name, known)
    if as_known(name, known) not in known and near:
        raise unlike(project, name, near)


def unlike(project: "Project", name: str, near: str) -> DataError:
    """Make the error for a new name that may be a slip of a known one."""
    add = f"autokode coders --add {quoted(name)} --project {quoted(project.folder)}"
    return failure(
        f"ingen koder heter «{name}» her; mente du «{near}»?",
        f"no coder is called «{name}» here; did you mean «{near}»?",
        where=project.folder,
        try_next=say(
            f'--coder "{near}"; er «{name}» en ny koder: {add}', f'--coder "{near}"; if «{name}» is a new coder: {add}'
        ),
    )


def _meant(name: str, known: list[str]) -> tuple[str, str]:
    """The known name that was probably meant, and the question about it; two empty texts if none."""
    from autokode.project.store.coders import likeliest

    near = likeliest(name, known)
    return near, say(f". Mente du «{near}»?", f". Did you mean «{near}»?") if near else ""


def user_name() -> str:
    """The name of this machine's user."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return say("koder", "coder")
