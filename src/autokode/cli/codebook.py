"""`autokode codebook`: check a codebook file and show its tree."""

import textwrap
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autokode.base.messages import say
from autokode.cli.group import Command
from autokode.cli.options import FILE, flag
from autokode.cli.output import json_text, tell, unused

if TYPE_CHECKING:
    from autokode.corpus.codebook import Code


WIDTH = 88
"""Width of a code's texts, in columns."""


def _show(file: Path | None, as_json: bool, texts: bool) -> None:
    from autokode.base import resources
    from autokode.corpus.codebook import Codebook
    from autokode.corpus.study import CODEBOOK

    book = Codebook.read(file or resources.training_data() / CODEBOOK)
    if as_json:
        if texts:
            unused("--texts", "--json har tekstene med alt", "--json has the texts anyway")
        click.echo(json_text(asdict(book)))
        return

    def show(codes: "tuple[Code, ...]", depth: int) -> None:
        for code in codes:
            number = "" if code.number is None else f" ({code.number})"
            heading = "" if code.codable else say("  – bare overskrift", "  – heading only")
            said = _counted(code)
            click.echo(f"{'    ' * depth}{code.name}{number}{heading}{said and '  – ' + said}")
            for label, text in _texts(code) if texts else ():
                click.echo(textwrap.indent(textwrap.fill(f"{label}: {text}", WIDTH), "    " * (depth + 1)))
            show(code.codes, depth + 1)

    click.echo(book.name)
    show(book.codes, 1)
    lacking = [code.name for code in book if code.codable and not code.definition]
    if lacking:
        click.echo(say("uten definisjon: ", "without a definition: ") + ", ".join(lacking))
    count = len(book.categories)
    tell(
        f"{len(book.codable)} koder i {count} {'kategori' if count == 1 else 'kategorier'}.",
        f"{len(book.codable)} codes in {count} {'category' if count == 1 else 'categories'}.",
    )


def _counted(code: "Code") -> str:
    """The numbers of examples and keywords of a code, in words; "" if it has none."""
    examples, keywords = len(code.examples), len(code.keywords)
    found = [
        say(f"{examples} {'eksempel' if examples == 1 else 'eksempler'}", f"{examples} example{'s' * (examples != 1)}"),
        say(f"{keywords} nøkkelord", f"{keywords} keyword{'s' * (keywords != 1)}"),
    ]
    return ", ".join(text for text, count in zip(found, (examples, keywords), strict=True) if count)


def _texts(code: "Code") -> "Iterator[tuple[str, str]]":
    """Yield (label, text) for every text of a code."""
    yield from (
        (label, text)
        for label, text in (
            (say("definisjon", "definition"), code.definition),
            (say("brukes når", "use when"), code.use_when),
            (say("brukes ikke når", "not when"), code.not_when),
        )
        if text
    )
    yield from ((say("eksempel", "example"), example) for example in code.examples)
    if code.keywords:
        yield say("nøkkelord", "keywords"), ", ".join(code.keywords)


command = Command(
    "codebook",
    callback=_show,
    help=say(
        "Sjekk en kodebok og vis treet. Uten FIL: kodeboken som følger med.",
        "Check a codebook and show its tree. Without FILE: the one that comes with autokode.",
    ),
    short_help=say("Sjekk en kodebok og vis treet.", "Check a codebook and show its tree."),
    params=[
        click.Argument(["file"], required=False, metavar="[FIL]", type=FILE),
        flag(
            "--texts", "Vis også definisjoner, eksempler og nøkkelord.", "Show definitions, examples and keywords too."
        ),
        flag("--json", "Skriv treet som JSON.", "Write the tree as JSON.", into="as_json"),
    ],
    example="autokode codebook training_data/codebook.yaml",
)
