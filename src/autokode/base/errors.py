"""Errors for people: they say what was found, what was expected and which command to try next."""

import errno
import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass

from autokode.base.messages import say


def quoted(path: object) -> str:
    """A path as one types it in a command: in quotation marks where the shell needs them."""
    text = str(path)
    if re.fullmatch(r"[\w./:\\~@%+,=-]+", text):
        return text
    return shlex.quote(text) if re.search(r'["$`!]', text) else f'"{text}"'


def command_for(error: OSError, path: object) -> str:
    """The command that shows why the system refused a path: how full the disk is, or who owns the path."""
    full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return f"{'df -h' if full else 'ls -ld'} {quoted(path)}"


class AutokodeWarning(UserWarning):
    """The work was done, but with too little data or help, so the result is weaker."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in a user's data: what was found, what was expected, and where."""

    what: str
    file: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line) if part is not None)
        return f"{place}: {self.what}" if place else self.what


class DataError(ValueError):
    """Raised for data that cannot be used; holds every problem found and the next command to try."""

    SHOWN = 20

    def __init__(self, problems: Problem | Iterable[Problem], *, try_next: str | None = None) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        self.try_next = try_next
        super().__init__(self._message())

    def _message(self) -> str:
        lines = [str(problem) for problem in self.problems[: self.SHOWN]]
        hidden = len(self.problems) - self.SHOWN
        if hidden > 0:
            lines.append(say(f"… og {hidden} feil til", f"… and {hidden} more problems"))
        if self.try_next:
            lines.append(say("Prøv: ", "Try: ") + self.try_next)
        return "\n".join(lines)


def failure(
    norwegian: str, english: str, *, where: object = None, line: int | None = None, try_next: str | None = None
) -> DataError:
    """Make the error for one problem, described in Norwegian and in English.

    Args:
        where: the file or folder, as a path or a name.
        line: line number in that file, from 1.
        try_next: the command or step that helps, in the language of the moment (see `say`).
    """
    place = None if where is None else str(where)
    return DataError(Problem(say(norwegian, english), place, line), try_next=try_next)


def unreadable(kind: str, why: object, *, where: object, line: int | None = None, try_next: str) -> DataError:
    """Make the error for a file that is not of the kind it should be; the rest is as in `failure`."""
    what = f"kan ikke leses som {kind} ({why})", f"cannot be read as {kind} ({why})"
    return failure(*what, where=where, line=line, try_next=try_next)
