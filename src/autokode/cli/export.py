"""`autokode export`: write a project for other programs, and tables to decide in."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from autokode.base.messages import say
from autokode.cli.group import Command
from autokode.cli.options import flag, memos_option, option, path_option, project_option
from autokode.cli.output import check_kind, tell, unused
from autokode.cli.projects import opened

if TYPE_CHECKING:
    from autokode.project import Project

KINDS = ("qdpx", "qdc", "xlsx", "csv", "parquet")


def _export(
    folder: Path,
    suggestions: bool,
    memos: tuple[str, ...],
    coded: tuple[Path, ...],
    interviews: tuple[str, ...],
    coders: tuple[str, ...],
    comments: bool,
    as_is: bool,
    **files: Path | None,
) -> None:
    from autokode.base.extras import require

    require("review")
    from autokode.base.errors import failure, quoted
    from autokode.cli.coder_choice import memo_writers
    from autokode.exchange.export_files import write_export

    wanted = {kind: path for kind, path in files.items() if path is not None}
    if not wanted and not coded:
        raise failure(
            "ingen fil å skrive",
            "no file to write",
            try_next=f"autokode export --project {quoted(folder)} --qdpx prosjekt.qdpx",
        )
    for kind, path in wanted.items():
        if path.suffix.lower() != f".{kind}":
            raise failure(
                f"ventet en fil som heter noe på .{kind}",
                f"expected a file that ends in .{kind}",
                where=path,
                try_next=f"--{kind} {quoted(path.with_suffix('.' + kind))}",
            )
    for path in coded:
        from autokode.report.render.files import CODED_KINDS

        check_kind(path, CODED_KINDS, option="--coded")
    project = opened(folder)
    if suggestions and set(wanted) <= {"qdc"}:
        unused(
            "--suggestions",
            "en .qdc-fil har bare kodeboken, og kodede intervjuer bare kodinger",
            "a .qdc file has the codebook alone, and coded interviews codings alone",
        )
    if not coded and (interviews or coders or comments or as_is):
        unused("--interview, --coder, --comments, --as-is", "de gjelder --coded", "they are about --coded")
    writers = memo_writers(project, memos)
    if memos and "qdpx" not in wanted and not coded:
        unused(
            "--memos",
            "bare en .qdpx-fil og kodede intervjuer har notater",
            "only a .qdpx file and coded interviews have memos",
        )
    if coded:
        _write_coded(project, coded, interviews, coders, writers, comments=comments, as_is=as_is)
    for kind, path in wanted.items():
        for written in write_export(project, path, suggestions=suggestions, memos=writers):
            click.echo(str(written))
        if kind == "qdpx":
            _tell_left_out(project, writers)


def _write_coded(
    project: "Project",
    paths: tuple[Path, ...],
    interviews: tuple[str, ...],
    coders: tuple[str, ...],
    writers: tuple[str, ...],
    *,
    comments: bool,
    as_is: bool,
) -> None:
    from autokode.report.coded_project import coded_text_of
    from autokode.report.interview_names import names_in_report
    from autokode.report.render.files import write_coded

    text = coded_text_of(project, interviews=interviews, coders=coders, memos_of=writers, as_is=as_is)
    for path in paths:
        write_coded(path, text, as_comments=comments)
        click.echo(str(path))
    shown = {one.name for one in text.interviews}
    if comments and len(shown) > 1:
        tell(
            "autokode: flere intervjuer i én fil kan ikke tas inn igjen; velg ett: --interview NAVN",
            "autokode: several interviews in one file cannot be taken in again; choose one: --interview NAME",
            err=True,
        )
    for name, called in names_in_report(project).items():
        if called != name and called in shown:
            tell(f"{called} er «{name}», som kan røpe noen", f"{called} is «{name}», which may tell who", err=True)


def _tell_left_out(project: "Project", writers: tuple[str, ...]) -> None:
    from autokode.base.formatting import counted
    from autokode.exchange.export_files import what_goes_out

    left = what_goes_out(project, ".qdpx", memos=writers).memos_left_out
    if left:
        tell(
            f"autokode: uten {counted(left, 'notat', 'notater')}; med notatene til en koder: --memos NAVN, eller --memos alle",
            f"autokode: without {counted(left, 'memo', 'memos')}; with a coder's memos: --memos NAME, or --memos all",
            err=True,
        )


command = Command(
    "export",
    callback=_export,
    help=say(
        "Skriv prosjektet ut: som REFI-QDA for NVivo, ATLAS.ti, MAXQDA og QualCoder (.qdpx, eller bare kodeboken som .qdc), "
        "eller kodinger og forslag som tabeller (.xlsx, .csv, .parquet). Forslag kan avgjøres i Excel og tas inn igjen med "
        "autokode import. To utskrifter av samme prosjekt er like, byte for byte.",
        "Write the project out: as REFI-QDA for NVivo, ATLAS.ti, MAXQDA and QualCoder (.qdpx, or the codebook alone as .qdc), or "
        "codings and suggestions as tables (.xlsx, .csv, .parquet). Suggestions can be decided in Excel and taken in again "
        "with autokode import. Two exports of one project are the same, byte for byte.",
    ),
    short_help=say("Skriv ut til NVivo, ATLAS.ti, Excel …", "Write out to NVivo, ATLAS.ti, Excel …"),
    params=[
        project_option(),
        *(path_option(f"--{kind} FIL", f"Skriv til en .{kind}-fil.", f"Write to a .{kind} file.") for kind in KINDS),
        flag(
            "--suggestions",
            "Ta med forslag som ikke er avgjort, med sannsynlighet.",
            "With suggestions not decided yet, and their probabilities.",
        ),
        memos_option(),
        path_option(
            "--coded FIL...",
            "Skriv de kodede intervjuene, med kodene i margen (.docx eller .html); gjenta for flere.",
            "Write the coded interviews, with the codes in the margin (.docx or .html); may be repeated.",
        ),
        option(
            "--interview NAVN...",
            "Bare dette intervjuet i --coded; gjenta for flere.",
            "This interview only in --coded; may be repeated.",
            into="interviews",
        ),
        option(
            "--coder NAVN...",
            "Bare denne koderens kodinger i --coded; gjenta for flere.",
            "This coder's codings only in --coded; may be repeated.",
            into="coders",
        ),
        flag(
            "--comments",
            "Kodene i --coded som kommentarer i Word, slik autokode import leser dem.",
            "The codes in --coded as Word's comments, as autokode import reads them.",
        ),
        flag(
            "--as-is",
            "Ta med intervjuer i --coded som ikke er merket som pseudonymisert, og notater som kan ha navn i seg.",
            "With interviews in --coded that are not marked as pseudonymised, and memos that may hold names.",
        ),
    ],
    example="autokode export --project prosjekt --qdpx prosjekt.qdpx",
)
