"""`autokode codebook`: check a codebook file and show its tree."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from autokode.cli.group import Command
from autokode.language import say


def _show(file: Path | None, as_json: bool) -> None:
    from autokode import shipped
    from autokode.codebook import Code, Codebook
    from autokode.study import CODEBOOK

    book = Codebook.read(file or shipped.training_data() / CODEBOOK)
    if as_json:
        click.echo(json.dumps(asdict(book), ensure_ascii=False, indent=2))
        return

    def show(codes: tuple[Code, ...], depth: int) -> None:
        for code in codes:
            number = "" if code.number is None else f" ({code.number})"
            heading = "" if code.codable else say("  – bare overskrift", "  – heading only")
            click.echo(f"{'    ' * depth}{code.name}{number}{heading}")
            show(code.codes, depth + 1)

    click.echo(book.name)
    show(book.codes, 1)
    lacking = [code.name for code in book if code.codable and not code.definition]
    if lacking:
        click.echo(say("uten definisjon: ", "without a definition: ") + ", ".join(lacking))
    count = len(book.categories)
    click.echo(
        say(
            f"{len(book.codable)} koder i {count} {'kategori' if count == 1 else 'kategorier'}.",
            f"{len(book.codable)} codes in {count} {'category' if count == 1 else 'categories'}.",
        )
    )


command = Command(
    "codebook",
    callback=_show,
    help=say(
        "Sjekk en kodebok og vis treet. Uten FIL: kodeboken som følger med.",
        "Check a codebook and show its tree. Without FILE: the one that comes with autokode.",
    ),
    short_help=say("Sjekk en kodebok og vis treet.", "Check a codebook and show its tree."),
    params=[
        click.Argument(["file"], required=False, metavar="[FIL]", type=click.Path(path_type=Path)),
        click.Option(["--json", "as_json"], is_flag=True, help=say("Skriv treet som JSON.", "Write the tree as JSON.")),
    ],
    example="autokode codebook training_data/codebook.yaml",
)
