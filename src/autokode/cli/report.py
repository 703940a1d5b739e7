"""`autokode report`: write the theme book of a project as a page, a Word file or a workbook."""

from pathlib import Path

import click

from autokode.base.messages import say
from autokode.cli.group import Command
from autokode.cli.options import flag, memos_option, option, path_option, project_option
from autokode.cli.output import check_kind
from autokode.cli.projects import opened


def _report(
    folder: Path,
    outs: tuple[Path, ...],
    coders: tuple[str, ...],
    codes: tuple[str, ...],
    reach: int,
    groups: int | None,
    codebook_out: Path | None,
    held_out: bool,
    as_is: bool,
    memos: tuple[str, ...],
) -> None:
    from autokode.base.extras import require

    require("report")
    from autokode.base.errors import failure
    from autokode.base.files import write_whole
    from autokode.cli import terminal
    from autokode.cli.coder_choice import memo_writers
    from autokode.project.store.pseudonymising import invented_in
    from autokode.report.book import book_of, code_memos
    from autokode.report.data_checks import check_memos, material_of
    from autokode.report.interview_names import names_in_report
    from autokode.report.methods import methods_of
    from autokode.report.render.files import REPORT_KINDS, write_report

    for out in outs:
        check_kind(out, REPORT_KINDS)
    project = opened(folder)
    writers = memo_writers(project, memos)
    material = material_of(project, coders=coders, as_is=as_is)
    if not as_is:
        check_memos(material, code_memos(project, writers), invented=invented_in(project))
    with terminal.progress(say("Leser", "Reading")) as step:
        methods = methods_of(project, held_out=held_out, progress=step)
        book = book_of(project, material, methods, codes=codes, reach=reach, groups=groups, memos_of=writers)
    for out in outs:
        write_report(out, book)
        click.echo(str(out))
    for remark in book.remarks:
        click.echo(remark)
    for name, shown in names_in_report(project).items():
        if shown != name:
            click.echo(
                say(f"{shown} er «{name}», som kan røpe noen", f"{shown} is «{name}», which may tell who"), err=True
            )
    if codebook_out is not None:
        if book.proposal is None:
            raise failure(
                "for få koder til å foreslå kategorier",
                "too few codes to suggest categories",
                where=codebook_out,
                try_next=say("legg til koder", "add codes"),
            )
        write_whole(codebook_out, book.proposal.codebook(material.codebook).to_yaml())
        click.echo(str(codebook_out))


command = Command(
    "report",
    callback=_report,
    help=say(
        "Skriv temaboken: hver kode på tvers av intervjuene, hvem som snakker om den, typiske og motstridende sitater, utkast "
        "til sammendrag, koder som står sammen, forslag til kategorier og metodekapittel. Bare pseudonymiserte intervjuer blir "
        "sitert, om du ikke ber om noe annet (--as-is).",
        "Write the theme book: each code across interviews, who speaks of it, typical and contradicting quotes, draft summaries, "
        "codes that fall together, suggested categories and a methods section. Only pseudonymised interviews are quoted, unless "
        "you ask otherwise (--as-is).",
    ),
    short_help=say("Skriv temaboken: HTML, Word eller Excel.", "Write the theme book: HTML, Word or Excel."),
    params=[
        project_option(),
        path_option(
            "--out FIL...",
            "Filen (.html, .docx eller .xlsx); gjenta for flere.",
            "The file (.html, .docx or .xlsx); may be repeated.",
            into="outs",
            default=("rapport.html",),
        ),
        option(
            "--coder NAVN...",
            "Bare denne koderens kodinger; gjenta for flere.",
            "This coder's codings only; may be repeated.",
            into="coders",
        ),
        option(
            "--code KODE...",
            "Bare denne koden eller kategorien; gjenta for flere.",
            "This code or category only; may be repeated.",
            into="codes",
        ),
        option(
            "--near TALL",
            "Koder står sammen innen så mange ytringer; 0 er i samme svar.",
            "Codes fall together within so many turns; 0 is in one answer.",
            into="reach",
            default=0,
            type=click.IntRange(0, 1000),
        ),
        option(
            "--groups TALL",
            "Hvor mange kategorier som foreslås.",
            "How many categories to suggest.",
            type=click.IntRange(1),
        ),
        path_option(
            "--codebook-out FIL",
            "Skriv forslaget til kategorier som en kodebok du retter.",
            "Write the suggested categories as a codebook to edit.",
        ),
        flag(
            "--held-out",
            "Mål også modellen på intervjuer holdt utenfor, til metodekapittelet (tar tid).",
            "Also measure the model on interviews held out, for the methods section (takes time).",
        ),
        memos_option(),
        flag(
            "--as-is",
            "Siter også intervjuer som ikke er merket som pseudonymisert, og notater som kan ha navn i seg.",
            "Quote interviews that are not marked as pseudonymised, too, and memos that may hold names.",
        ),
    ],
    example="autokode report --project prosjekt --out rapport.html --out rapport.docx --out rapport.xlsx",
)
