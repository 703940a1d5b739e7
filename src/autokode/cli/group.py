"""The `autokode` command group: commands by name, help in the chosen language."""

import keyword
from importlib import import_module
from typing import Any, ClassVar

import click

from autokode import __version__
from autokode.base.messages import say

COMMANDS = (
    "start",
    "demo",
    "transcript",
    "codebook",
    "init",
    "add",
    "survey",
    "correct",
    "review",
    "listen",
    "learn",
    "status",
    "standing-out",
    "code-rest",
    "coders",
    "variables",
    "export",
    "import",
    "merge",
    "undo",
    "agreement",
    "report",
    "methods",
    "train",
    "suggest",
    "suggest-codes",
    "score",
    "evaluate",
    "pseudonymise",
    "remove",
    "forget-memos",
    "close-project",
    "backup",
    "restore",
    "desktop",
    "doctor",
)


class _Formatter(click.HelpFormatter):
    _HEADINGS: ClassVar = {"Options": "Valg", "Commands": "Kommandoer"}

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, say("Bruk: ", "Usage: "))

    def write_heading(self, heading: str) -> None:
        super().write_heading(say(self._HEADINGS.get(heading, heading), heading))

    def write_dl(self, rows: Any, col_max: int = 30, col_spacing: int = 2) -> None:
        said = [(name, text.replace("[default: ", say("[ellers: ", "[default: "))) for name, text in rows]
        super().write_dl(
            [(name, text.replace("[required]", say("[må være med]", "[required]"))) for name, text in said],
            col_max,
            col_spacing,
        )


class _Context(click.Context):
    formatter_class = _Formatter


class Command(click.Command):
    """A command whose help is in the chosen language and ends with an example."""

    context_class = _Context

    def __init__(self, *args: Any, example: str, **settings: Any) -> None:
        settings.setdefault("options_metavar", say("[VALG]", "[OPTIONS]"))
        super().__init__(*args, **settings)
        self.example = example

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse arguments; add the command to every error, so that the message can name it."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx
            raise

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The --help option, described in the chosen language."""
        return _help_option(super().get_help_option(ctx))

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the example."""
        formatter.write_paragraph()
        formatter.write_text(say("Eksempel:", "Example:"))
        with formatter.indentation():
            formatter.write_text(self.example)


def module_of(command: str) -> str:
    """The name of a command's module: the command's own as Python can write it, with an underscore after a keyword."""
    name = command.replace("-", "_")
    return f"{name}_" if keyword.iskeyword(name) else name


class _Group(click.Group):
    context_class = _Context

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        return _help_option(super().get_help_option(ctx))

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"autokode.cli.{module_of(cmd_name)}").command
        return command

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_paragraph()
        formatter.write_text(
            say(
                "Begynn med autokode alene, som åpner «Mine prosjekter», eller med autokode demo",
                "Begin with autokode alone, which opens “My projects”, or with autokode demo",
            )
        )


def _help_option(option: click.Option | None) -> click.Option | None:
    if option is not None:
        option.help = say("Vis denne hjelpen.", "Show this help.")
    return option


autokode = _Group(
    name="autokode",
    options_metavar=say("[VALG]", "[OPTIONS]"),
    subcommand_metavar=say("KOMMANDO [ARGUMENT]...", "COMMAND [ARGS]..."),
    help=say(
        "Foreslår koder i norske intervjuer, lært av det du selv har kodet. Alt skjer på din egen maskin.",
        "Suggests codes for Norwegian interviews, learnt from what you coded. All of it on your own machine.",
    ),
    params=[
        click.Option(["--english"], is_flag=True, expose_value=False, help="English instead of Norwegian."),
    ],
)
autokode = click.version_option(__version__, message="%(version)s", help=say("Vis versjonen.", "Show the version."))(
    autokode
)
