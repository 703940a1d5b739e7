"""Errors for people: what was found, what was expected, the next command."""

import errno
import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass

from autokode.base.messages import say


def quoted(path: object) -> str:
    """Return a path as it is typed in a command: in quotation marks where it has blanks or other marks of a shell's."""
    text = str(path)
    if re.fullmatch(r"[\w./:\\~@%+,=-]+", text):
        return text
    return shlex.quote(text) if re.search(r'["$`!]', text) else f'"{text}"'


def command_for(error: OSError, path: object) -> str:
    """Return the command that tells why the system refused a path: how full its disk is, or whose it is."""
    full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return f"{'df -h' if full else 'ls -ld'} {quoted(path)}"


class AutokodeWarning(UserWarning):
    """Something was done with less than it should have had, and the result is weaker for it."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a user's data: what was found and what was expected, and where."""

    what: str
    file: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line) if part is not None)
        return f"{place}: {self.what}" if place else self.what


class DataError(ValueError):
    """A user's data cannot be used; holds every problem found, and the next command to try."""

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
    """Make the error for one problem: what was found and what was expected, in both languages.

    Args:
        where: the file or folder, as a path or a name.
        line: line number in that file, from 1.
        try_next: the command or step that helps, in the reader's language.
    """
    place = None if where is None else str(where)
    return DataError(Problem(say(norwegian, english), place, line), try_next=try_next)
