"""`autokode codebook`: check a codebook file and show its tree; give a code of a project another name."""

import textwrap
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autokode.base.messages import say
from autokode.cli.group import Command
from autokode.cli.options import FILE, flag, memos_option, option, path_option, project_option
from autokode.cli.output import check_kind, json_text, tell, unused, was_typed

if TYPE_CHECKING:
    from autokode.corpus.codebook import Code


WIDTH = 88
"""Width of a code's texts, in columns."""


def _codebook(
    file: Path | None,
    folder: Path,
    renamed: tuple[str, str] | None,
    as_json: bool,
    texts: bool,
    out: Path | None,
    memos: tuple[str, ...],
    as_is: bool,
) -> None:
    from autokode.base import resources
    from autokode.corpus.study import CODEBOOK

    if renamed is not None:
        if file is not None:
            raise click.UsageError(
                say("--rename gjelder et prosjekt, ikke en fil", "--rename is about a project, not a file")
            )
        _rename(folder, *renamed)
        return
    if out is not None:
        _write(file, folder, out, memos, as_is)
        return
    if file is None:
        file = folder / CODEBOOK if was_typed("folder") else resources.training_data() / CODEBOOK
    elif was_typed("folder"):
        unused("--project", "kodeboken er oppgitt som fil", "the codebook is given as a file")
    _show(file, as_json, texts)


def _rename(folder: Path, old: str, new: str) -> None:
    from autokode.base.errors import quoted
    from autokode.project import Project
    from autokode.project.store.codebook_rename import rename_code

    done = rename_code(Project.open(folder), old, new)
    tell(
        f"«{old}» heter «{new}»: {done.codings} kodinger, {done.verdicts} avgjorte forslag og {done.memos} notater følger med.",
        f"«{old}» is called «{new}»: {done.codings} codings, {done.verdicts} suggestions decided on and {done.memos} memos come "
        "along.",
    )
    back = f"autokode codebook --rename {quoted(new)} {quoted(old)} --project {quoted(folder)}"
    click.echo(say("Tilbake: ", "Back again: ") + back)


def _write(file: Path | None, folder: Path, out: Path, memos: tuple[str, ...], as_is: bool) -> None:
    """Write the codebook of a file, or of a project with its counts, as a Word file."""
    from autokode.cli.coder_choice import memo_writers
    from autokode.cli.projects import opened
    from autokode.corpus.codebook import Codebook
    from autokode.report.coded_project import CodebookText, codebook_text_of
    from autokode.report.render.files import write_codebook

    check_kind(out, (".docx",))
    if file is not None:
        if memos:
            unused("--memos", "en kodebok i en fil har ingen notater", "a codebook in a file has no memos")
        found = CodebookText(Codebook.read(file))
    else:
        project = opened(folder)
        found = codebook_text_of(project, memos_of=memo_writers(project, memos), as_is=as_is)
    write_codebook(out, found)
    click.echo(str(out))


def _show(file: Path, as_json: bool, texts: bool) -> None:
    from autokode.corpus.codebook import Codebook

    book = Codebook.read(file)
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
    callback=_codebook,
    help=say(
        "Sjekk en kodebok og vis treet. Uten FIL: prosjektets, eller uten --project kodeboken som følger med. --rename gir en "
        "kode eller kategori et annet navn, i prosjektets codebook.yaml og i alt som er kodet; er navnet endret i filen alt, "
        "følger kodingene etter. --out skriver kodeboken som et Word-dokument.",
        "Check a codebook and show its tree. Without FILE: the project's, or without --project the one that comes with "
        "autokode. --rename gives a code or a category another name, in the project's codebook.yaml and in all that is coded; "
        "if the file has the new name already, the codings follow. --out writes the codebook as a Word document.",
    ),
    short_help=say(
        "Sjekk en kodebok, vis treet, gi koder nytt navn.", "Check a codebook, show its tree, rename codes."
    ),
    params=[
        click.Argument(["file"], required=False, metavar="[FIL]", type=FILE),
        project_option(),
        option(
            "--rename GAMMELT NYTT",
            "Gi en kode i prosjektet et annet navn; kodingene følger med.",
            "Give a code of the project another name; the codings come along.",
            into="renamed",
            nargs=2,
        ),
        flag(
            "--texts", "Vis også definisjoner, eksempler og nøkkelord.", "Show definitions, examples and keywords too."
        ),
        flag("--json", "Skriv treet som JSON.", "Write the tree as JSON.", into="as_json"),
        path_option(
            "--out FIL",
            "Skriv kodeboken som et Word-dokument: treet, tekstene og hvor mye hver kode er brukt.",
            "Write the codebook as a Word document: the tree, its texts, and how much each code is used.",
        ),
        memos_option(),
        flag(
            "--as-is",
            "Ta med eksempler og notater i --out som kan ha navn i seg.",
            "With examples and memos in --out that may hold names.",
        ),
    ],
    example="autokode codebook training_data/codebook.yaml",
)
