"""The output of commands: sentences in the chosen language, and the files that `--out` names."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autokode.base.errors import failure, quoted
from autokode.base.messages import say

if TYPE_CHECKING:
    from rich.console import Console


def tell(nb: str, en: str, *, err: bool = False) -> None:
    """Write a sentence to stdout, or to stderr, in the chosen language."""
    click.echo(say(nb, en), err=err)


def unused(option: str, nb: str, en: str) -> None:
    """Say on stderr that an option changed nothing, and why."""
    tell(f"autokode: {option} endret ingenting: {nb}", f"autokode: {option} changed nothing: {en}", err=True)


def was_typed(parameter: str) -> bool:
    """Whether the command of the moment was given this option, rather than its default."""
    source = click.get_current_context().get_parameter_source(parameter)
    return source is click.core.ParameterSource.COMMANDLINE


def print_on(out: "Console", nb: str, en: str, *, style: str | None = None) -> None:
    """Print a sentence on a console, in the chosen language."""
    out.print(say(nb, en), style=style)


def tell_next(command: str) -> None:
    """Write the command that comes next."""
    click.echo(say("Neste: ", "Next: ") + f"autokode {command}")


def json_text(data: object) -> str:
    """Data as indented JSON."""
    return json.dumps(data, ensure_ascii=False, indent=2)


def check_kind(out: Path, kinds: tuple[str, ...], *, option: str = "--out") -> None:
    """Check that a file's ending is one of `kinds`.

    Raises:
        DataError: it is another one; the message suggests the first of `kinds`.
    """
    if out.suffix.lower() not in kinds:
        raise failure(
            f"ukjent filtype «{out.suffix}»; ventet {', '.join(kinds)}",
            f"unknown kind of file «{out.suffix}»; expected {', '.join(kinds)}",
            where=out,
            try_next=f"{option} {quoted(out.with_suffix(kinds[0]))}",
        )
