"""Messages about wrong calls of a command: what was found, what was expected, the next command; in the chosen language."""

import difflib
import re
import shlex
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from autokode.base.errors import DataError, quoted
from autokode.base.messages import say


def usage_message(error: click.ClickException, commands: Sequence[str]) -> str:
    """Say what was found, what was expected and the next command.

    Args:
        error: the exception of click.
        commands: the names of all commands.
    """
    ctx = getattr(error, "ctx", None)
    command = ctx.command_path if ctx is not None else "autokode"
    return f"autokode: {_what(error, commands)}\n" + say("Prøv: ", "Try: ") + f"{command} --help"


def with_new_hint(error: DataError, given: Sequence[str]) -> DataError:
    """The error with a hint that leads further, if its own is the command that was just run.

    Args:
        error: its hint may name several ways, with «, eller » or «; » between them.
        given: what was typed after `autokode`.
    """
    if not error.try_next:
        return error
    parts = re.split(r"(, eller |, or |; )", error.try_next)
    ways, between = parts[::2], parts[1::2]
    new = [(way, mark) for way, mark in zip(ways, ["", *between], strict=True) if not _was_typed(way, given)]
    if len(new) == len(ways):
        return error
    left = "".join(
        way if first else mark + way for first, (way, mark) in zip([True] + [False] * len(new), new, strict=False)
    )
    return DataError(error.problems, try_next=left or _another_way(error, given))


def _was_typed(hint: str, given: Sequence[str]) -> bool:
    """Whether a hint is the command that was typed, or options that it had already."""
    try:
        words = shlex.split(hint)
    except ValueError:  # a sentence with an apostrophe
        return False
    here = Counter(["--project", "."])  # the folder one is in, which need not be typed
    typed = Counter(word for word in given if word != "--english")
    if words[:1] == ["autokode"]:
        hinted = Counter(words[1:])
        return (hinted - here if here <= hinted else hinted) == (typed - here if here <= typed else typed)
    return hint.startswith("--") and Counter(words) <= typed


def _another_way(error: DataError, given: Sequence[str]) -> str:
    """What helps where the hint did not: the line that is wrong, or the command's help."""
    place = next((problem for problem in error.problems if problem.file and problem.line), None)
    if place is not None:
        return say(f"rett linje {place.line} i {quoted(place.file)}", f"mend line {place.line} of {quoted(place.file)}")
    file = next((problem.file for problem in error.problems if problem.file), None)
    if file is not None and Path(file).is_file():
        return say(f"rett {quoted(file)}", f"mend {quoted(file)}")
    return f"autokode {given[0]} --help"


def _what(error: click.ClickException, commands: Sequence[str]) -> str:
    if isinstance(error, click.NoSuchOption):
        name = error.option_name
        return say(f"ukjent valg «{name}»", f"no such option «{name}»") + _near(name, _options(error))
    if isinstance(error, click.MissingParameter):
        missing = error.param.make_metavar(error.ctx) if error.param and error.ctx else ""
        name = error.param.opts[0] if isinstance(error.param, click.Option) else missing
        return say(f"mangler {name}", f"lacks {name}")
    if isinstance(error, click.BadParameter) and error.param is not None:
        return _unfit(error.param, error.message)
    if isinstance(error, click.BadOptionUsage) and "requires" in error.message:
        return say(f"{error.option_name} må følges av noe", f"{error.option_name} must be followed by something")
    return _unknown(error, commands)


def _unknown(error: click.ClickException, commands: Sequence[str]) -> str:
    """Describe an unknown command or superfluous words."""
    extra = re.match(r"Got unexpected extra arguments? \((.*)\)", error.message, re.DOTALL)
    if extra:
        project = say("; et prosjekt oppgis med --project", "; a project is given by --project")
        what = say(f"«{extra[1]}» er for mye her", f"«{extra[1]}» is not expected here")
        blanks = say("; navn med blanke skrives i anførselstegn", "; names with blanks are typed in quotation marks")
        is_init = isinstance(error, click.UsageError) and error.ctx is not None and error.ctx.command.name == "init"
        return what + project * ("--project" in _options(error)) + blanks * is_init
    unknown = re.match(r"No such command '(.*)'", error.message, re.DOTALL)
    if unknown:
        name = unknown[1]
        return say(f"ukjent kommando «{name}»", f"no such command «{name}»") + _near(name, commands)
    return error.format_message()


def _unfit(parameter: click.Parameter, message: str) -> str:
    """Describe a value that does not fit its option or argument."""
    from autokode.base.text_files import encodings

    found = re.match(r"'?(.*?)'? is not ", message, re.DOTALL)
    name = parameter.opts[0]
    wanted = encodings() if parameter.name == "encoding" else _wanted(parameter.type)
    if found is None or not wanted:
        return say(f"{name} passer ikke: {message}", f"{name} does not fit: {message}")
    return say(f"{name} passer ikke: «{found[1]}»; ventet ", f"{name} does not fit: «{found[1]}»; expected ") + wanted


def _wanted(kind: Any) -> str:
    if isinstance(kind, click.Choice):
        return ", ".join(str(choice) for choice in kind.choices)
    whole = say("et helt tall", "a whole number")
    if isinstance(kind, click.IntRange | click.FloatRange):
        number = whole if isinstance(kind, click.IntRange) else say("et tall", "a number")
        if kind.max is None:
            return number + say(f" fra {kind.min}", f" from {kind.min}")
        return number + say(f" fra {kind.min} til {kind.max}", f" from {kind.min} to {kind.max}")
    return {"integer": whole, "float": say("et tall som 0.8", "a number like 0.8")}.get(kind.name, "")


def _options(error: click.ClickException) -> list[str]:
    ctx = getattr(error, "ctx", None)
    return [name for one in ctx.command.get_params(ctx) for name in one.opts] if ctx is not None else []


def _near(written: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(written, known, n=1)
    return say(f"; mente du «{near[0]}»?", f"; did you mean «{near[0]}»?") if near else ""
