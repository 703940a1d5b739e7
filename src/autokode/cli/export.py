"""`autokode export`: write a project for other programs, and tables to decide in."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from autokode.base.messages import say
from autokode.cli.group import Command
from autokode.cli.options import flag, memos_option, path_option, project_option
from autokode.cli.output import tell, unused
from autokode.cli.projects import opened

if TYPE_CHECKING:
    from autokode.project import Project

KINDS = ("qdpx", "qdc", "xlsx", "csv", "parquet")


def _export(folder: Path, suggestions: bool, memos: tuple[str, ...], **files: Path | None) -> None:
    from autokode.base.errors import failure, quoted
    from autokode.cli.coder_choice import memo_writers
    from autokode.exchange.export_files import write_export

    wanted = {kind: path for kind, path in files.items() if path is not None}
    if not wanted:
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
    project = opened(folder)
    if suggestions and set(wanted) == {"qdc"}:
        unused("--suggestions", "en .qdc-fil har bare kodeboken", "a .qdc file has the codebook alone")
    writers = memo_writers(project, memos)
    if memos and "qdpx" not in wanted:
        unused("--memos", "bare en .qdpx-fil har notater", "only a .qdpx file has memos")
    for kind, path in wanted.items():
        for written in write_export(project, path, suggestions=suggestions, memos=writers):
            click.echo(str(written))
        if kind == "qdpx":
            _tell_left_out(project, writers)


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
    ],
    example="autokode export --project prosjekt --qdpx prosjekt.qdpx",
)
