"""The command line: one thin command per file, loaded when used.

Imports every room; no room imports it.
"""

import mmap
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from typing import Any

from autokode.base.messages import VARIABLE, say

START_OPTIONS = ("--no-browser", "--port")
"""Options of `autokode start`, which may be given to `autokode` alone."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 1 a check found something, 2 bad input or usage, 130 interrupted."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if "--english" in given:
        given.remove("--english")
        os.environ[VARIABLE] = "en"
    os.environ.setdefault(VARIABLE, "nb")
    if not given or given[0] in START_OPTIONS:
        given.insert(0, "start")
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # so that half-written files are removed
    threading.excepthook = _but_for_memory(threading.excepthook)
    sys.unraisablehook = _but_for_memory(sys.unraisablehook)
    try:
        status = run(given)
    except SystemError as error:  # there was no memory to begin with
        if not _is_lack_of_memory(error):
            raise
        sys.stderr.write(_too_little_memory() + "\n")
        status = 2
    sys.exit(status)


def run(arguments: list[str]) -> int:
    """Run one command and return its exit status; errors go to stderr as sentences."""
    import click

    from autokode.base.errors import DataError
    from autokode.cli.group import COMMANDS, autokode
    from autokode.cli.usage import usage_message, with_new_hint

    try:
        status = autokode(arguments, prog_name="autokode", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else "")
        return 0
    except (click.Abort, KeyboardInterrupt):  # before RuntimeError: an Abort is one
        click.echo(
            say("\nautokode: avbrutt; ingenting halvskrevet", "\nautokode: interrupted; nothing half written"), err=True
        )
        return 130
    except MemoryError:
        click.echo(_too_little_memory(), err=True)
        return 2
    except Exception as error:
        if isinstance(error, DataError):
            error = with_new_hint(error, arguments)
        message = usage_message(error, COMMANDS) if isinstance(error, click.ClickException) else _describe(error)
        if message is None:
            raise
        click.echo(message, err=True)
        return 2
    return status if isinstance(status, int) else 0


_NO_MEMORY: dict[type[BaseException], tuple[str, ...]] = {
    ImportError: ("failed to map segment", "cannot allocate memory"),  # a library that does not fit
    RuntimeError: ("can't start new thread",),  # a stack that does not fit
    SystemError: ("without exception set", "without setting an exception"),  # Python, in the midst of an import
}
"""Errors other than MemoryError that mean too little memory, by parts of their messages."""

_PLENTY = 256 << 20  # bytes


def _is_lack_of_memory(error: BaseException) -> bool:
    """Whether an error that is none of ours comes from too little memory.

    Some libraries take a part of theirs that did not fit for one that is not installed, and end in an error of another kind: so
    whoever cannot have 256 MB of addresses is short of memory, whatever the error says.
    """
    if isinstance(error, MemoryError) or any(sign in str(error) for sign in _NO_MEMORY.get(type(error), ())):
        return True
    try:
        mmap.mmap(-1, _PLENTY).close()
    except (OSError, MemoryError):
        return True
    return False


def _too_little_memory() -> str:
    return say(
        "autokode: for lite minne; ingenting halvskrevet\nPrøv: lukk andre programmer, eller del opp i mindre filer",
        "autokode: too little memory; nothing half written\nTry: close other programs, or split into smaller files",
    )


def _but_for_memory(tell: Callable[[Any], object]) -> Callable[[Any], object]:
    """A hook that tells of an error which nobody can catch (in a thread, say) unless it is lack of memory.

    What the command itself was doing meets that too, and says it in a sentence.
    """
    return lambda met: None if met.exc_value and _is_lack_of_memory(met.exc_value) else tell(met)


def _describe(error: Exception) -> str | None:
    """Describe the error; None if it is a bug of autokode."""
    from autokode.base.errors import DataError
    from autokode.base.extras import explained

    error = explained(error) or error
    if isinstance(error, DataError):
        return f"autokode: {error}"
    if isinstance(error, OSError) and not isinstance(error, ImportError):
        return f"autokode: {_system_error(error)}"
    return _too_little_memory() if _is_lack_of_memory(error) else None


def _system_error(error: OSError) -> str:
    """Describe the error of the system: its file, the reason, and a command that tells more."""
    from autokode.base.errors import command_for

    reason = error.strerror or str(error).split("\n", maxsplit=1)[0][:200]
    where = str(error.filename) if error.filename else ""
    what = f"{where}: " * bool(where) + say(f"kan ikke brukes ({reason})", f"cannot be used ({reason})")
    return what + say("\nPrøv: ", "\nTry: ") + command_for(error, where or ".")
