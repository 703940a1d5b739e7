"""Options of commands, described in the chosen language, and those that several commands share."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from autokode.base.messages import say

FILE = click.Path(path_type=Path)
"""The type of a path."""


def encoding_option(nb: str, en: str) -> click.Option:
    """The --encoding option, whose value is the name of an encoding that Python knows for text."""

    def known(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
        try:
            "a".encode(value or "utf-8")
        except (LookupError, ValueError) as error:
            raise click.BadParameter(f"'{value}' is not an encoding", ctx, param) from error
        return value or None

    return option("--encoding NAVN", nb, en, callback=known)


def option(name: str, nb: str, en: str, *, into: str | None = None, **settings: Any) -> click.Option:
    """An option with its help in Norwegian and English, and its default, unless `show_default` says no.

    Args:
        name: the option as one types it, and the word for its value, as in "--coder NAVN"; "--also NAVN..." may be repeated.
        nb: the help in Norwegian.
        en: the help in English.
        into: name of the command's parameter; None if it is the option's own.
        **settings: those of `click.Option`.
    """
    typed, _, metavar = name.partition(" ")
    settings.setdefault("show_default", "default" in settings)
    return click.Option(
        [typed, into] if into else [typed],
        help=say(nb, en),
        metavar=metavar.removesuffix("...") or None,
        multiple=metavar.endswith("..."),
        **settings,
    )


def path_option(name: str, nb: str, en: str, *, into: str | None = None, **settings: Any) -> click.Option:
    """An option whose value is a path."""
    return option(name, nb, en, into=into, type=FILE, **settings)


def flag(name: str, nb: str, en: str, *, into: str | None = None) -> click.Option:
    """An option without a value."""
    return option(name, nb, en, into=into, is_flag=True)


def files_argument() -> click.Argument:
    """One or more files; a pattern like *.docx stands for the files that fit, where the shell has not done that."""
    return click.Argument(["files"], nargs=-1, required=True, metavar="FIL...", type=FILE, callback=_files)


def _files(_ctx: click.Context, _param: click.Parameter, given: tuple[Path, ...]) -> tuple[Path, ...]:
    """Resolve patterns; say so if the words are one name with blanks in it."""
    absent = [path for path in given if not path.exists()]
    joined = " ".join(map(str, given))
    if absent and len(given) > 1 and Path(joined).exists():
        from autokode.base.errors import failure, quoted

        raise failure(
            f"«{joined}» er ett navn; navn med blanke skrives i anførselstegn",
            f"«{joined}» is one name; names with blanks are typed in quotation marks",
            try_next=quoted(joined),
        )
    fitting = {path: sorted(path.parent.glob(path.name)) for path in absent if any(c in path.name for c in "*?[")}
    return tuple(one for path in given for one in fitting.get(path) or [path])


def project_option() -> click.Option:
    """The --project option."""
    return path_option(
        "--project MAPPE",
        "Prosjektets mappe; ellers den du står i.",
        "The project's folder; else the one you are in.",
        show_default=False,
        into="folder",
        default=".",
    )


def coder_option() -> click.Option:
    """The --coder option."""
    return option(
        "--coder NAVN",
        "Hvem som koder; kan utelates der det bare er én.",
        "Who codes; not needed where there is only one.",
        callback=_person,
    )


def _person(_ctx: click.Context, _param: click.Parameter, name: str | None) -> str | None:
    """Let nobody work under the name of a model."""
    from autokode.corpus.model_coder import is_model, no_person

    if name is not None and is_model(name):
        raise no_person(name)
    return name


def memos_option() -> click.Option:
    """The --memos option of commands that write something for others."""
    return option(
        "--memos NAVN...",
        "Ta med notatene til denne koderen, slik de er skrevet; gjenta for flere, eller alle. Ellers er ingen med.",
        "With this coder's memos, as they were written; repeat for more, or all. Else none are in it.",
    )


def taking_in_options() -> list[click.Option]:
    """The options about interviews and codings that a command takes into a project."""
    return [
        coder_option(),
        flag(
            "--partly",
            "Intervjuene er bare delvis kodet: en ytring uten kode er ikke lest ennå.",
            "The interviews are coded in part only: an utterance without a code was not read yet.",
        ),
        flag(
            "--pseudonymised",
            "Navnene i disse er oppdiktet, så de kan siteres i en rapport. Det autokode pseudonymise skrev, er merket.",
            "The names in these are invented, so they may be quoted in a report. What autokode pseudonymise wrote is marked.",
        ),
    ]


def reading_options() -> list[click.Option]:
    """The options that correct a wrong guess about a transcript."""
    return [
        option(
            "--labels NAVN",
            "Merkemåten for talere: colon, brackets, own line, heading, tab eller none.",
            "The label grammar: colon, brackets, own line, heading, tab or none.",
        ),
        option(
            "--speaker NAVN...",
            "En taler i filen; gjenta for flere.",
            "A speaker in the file; repeat for more.",
            into="speakers",
        ),
        option(
            "--interviewer NAVN...",
            "En taler som er intervjuer; gjenta for flere.",
            "A speaker who interviews; repeat for more.",
            into="interviewers",
        ),
        encoding_option("Filens tegnkoding, f.eks. utf-8.", "The file's encoding."),
    ]


def given_options(given: Mapping[str, Any]) -> list[str]:
    """The reading options that were given, as one types them."""
    return [option.opts[0] for option in reading_options() if option.name and given[option.name]]


def model_option() -> click.Option:
    """The --model option, with the shipped model as default."""
    return option(
        "--model MAPPE",
        "Modellens mappe, eller navnet på en som følger med.",
        "The model's folder, or a shipped one's name.",
        default="nav-nb",
    )


def seed_option() -> click.Option:
    """The --seed option, with scikit-learn's bounds."""
    return option(
        "--seed",
        "Samme tall gir samme modell.",
        "The same number gives the same model.",
        default=0,
        type=click.IntRange(0, 2**32 - 1),
    )


def json_option() -> click.Option:
    """The --json option of commands that write figures or suggestions."""
    return flag("--json", "Skriv JSON til stdout.", "Write JSON to stdout.", into="as_json")
