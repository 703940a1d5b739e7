"""`autokode import`: take another program's project, codebook or codings in."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autokode.base.errors import quoted
from autokode.base.messages import say
from autokode.cli.group import Command
from autokode.cli.opening import coder_option, project_option, pseudonymised_option
from autokode.cli.transcript import options

if TYPE_CHECKING:
    from autokode.exchange.package.contents import Package
    from autokode.project import Project

REMARKS = 40
"""Remarks shown, at the most."""


def _import(
    files: tuple[Path, ...],
    folder: Path,
    coder: str | None,
    partly: bool,
    codebook_only: bool,
    pseudonymised: bool,
    **given: Any,
) -> None:
    from autokode.exchange.package_files import TABLES, read_package

    for path in files:
        if path.suffix.lower() in TABLES:
            _table(path, folder, coder)
            continue
        package = read_package(path)
        if codebook_only:
            from dataclasses import replace

            package = replace(package, documents=(), notes=(), cases=(), own_notes=())
        _package(path, package, folder, coder, complete=not partly, pseudonymised=pseudonymised, given=given)
    click.echo(say("Neste: ", "Next: ") + f"autokode review --project {quoted(folder)}")


def _package(
    path: Path,
    package: "Package",
    folder: Path,
    coder: str | None,
    *,
    complete: bool,
    pseudonymised: bool,
    given: dict[str, Any],
) -> None:
    from autokode.corpus.readers import Source
    from autokode.corpus.transcript import from_source
    from autokode.exchange.package_import import import_package

    known = {name: given[name] or None for name in ("labels", "speakers", "interviewers")}
    project = _opened(folder, package)
    taken = import_package(
        project,
        package,
        coder=coder or "",
        complete=complete,
        pseudonymised=pseudonymised,
        reading=lambda text, name: from_source(Source(text), name, **known),
    )
    origin = f" ({package.origin})" if package.origin else ""
    click.echo(f"{path}{origin}:")
    click.echo(
        say(
            f"  {taken.codes} nye koder, {taken.transcripts} nye transkripsjoner, {taken.codings} nye kodinger, "
            f"{taken.memos} nye notater",
            f"  {taken.codes} new codes, {taken.transcripts} new transcripts, {taken.codings} new codings, "
            f"{taken.memos} new memos",
        )
    )
    for remark in taken.remarks[:REMARKS]:
        click.echo(f"  {remark}")
    if len(taken.remarks) > REMARKS:
        click.echo(say(f"  … og {len(taken.remarks) - REMARKS} til", f"  … and {len(taken.remarks) - REMARKS} more"))


def _opened(folder: Path, package: "Package") -> "Project":
    """Return the project, made anew where there is none, with the package's codes."""
    from autokode.cli.init import STARTER
    from autokode.corpus.codebook import Codebook
    from autokode.exchange.code_trees import codebook_of
    from autokode.project import Project
    from autokode.project.store.project import FILE

    if (folder / FILE).exists():
        return Project.open(folder)
    own = codebook_of(package)[0] if package.codes else Codebook.from_yaml(STARTER, "codebook.yaml")
    project = Project.create(folder, own)
    count = len(own.codable)
    click.echo(say(f"{folder}: nytt prosjekt med {count} koder", f"{folder}: a new project with {count} codes"))
    return project


def _table(path: Path, folder: Path, coder: str | None) -> None:
    from autokode.exchange.table_import import import_table
    from autokode.project import Project

    taken = import_table(Project.open(folder), path, coder=coder or "")
    click.echo(
        say(
            f"{path}: {taken.codings} nye kodinger, {taken.accepted} forslag godtatt, {taken.rejected} avvist, "
            f"{taken.changed} fikk en annen kode, {taken.left} står åpne",
            f"{path}: {taken.codings} new codings, {taken.accepted} suggestions accepted, {taken.rejected} rejected, "
            f"{taken.changed} given another code, {taken.left} left open",
        )
    )
    for remark in taken.remarks[:REMARKS]:
        click.echo(f"  {remark}")


command = Command(
    "import",
    callback=_import,
    help=say(
        "Ta inn et prosjekt (.qdpx) eller en kodebok (.qdc) fra NVivo, ATLAS.ti, MAXQDA eller QualCoder, QualCoders egen mappe "
        "(.qda), et Word-dokument kodet med kommentarer eller farger (.docx), eller kodinger og avgjorte forslag fra en tabell "
        "(.xlsx, .csv, .parquet). Finnes ikke prosjektet, blir det laget. Hva som ble tolket, rettet eller ikke kunne "
        "beholdes, blir sagt.",
        "Take in a project (.qdpx) or codebook (.qdc) from NVivo, ATLAS.ti, MAXQDA or QualCoder, QualCoder's own folder (.qda), "
        "a Word document coded with comments or colours (.docx), or codings and decided suggestions from a table (.xlsx, .csv, "
        ".parquet). The project is made if there is none. What was inferred, repaired or could not be kept is said.",
    ),
    short_help=say("Ta inn fra NVivo, ATLAS.ti, Word, Excel …", "Take in from NVivo, ATLAS.ti, Word, Excel …"),
    params=[
        click.Argument(["files"], nargs=-1, required=True, metavar="FIL...", type=click.Path(path_type=Path)),
        project_option(),
        coder_option(),
        click.Option(
            ["--partly"],
            is_flag=True,
            help=say(
                "Intervjuene er bare delvis kodet: en ytring uten kode er ikke lest ennå.",
                "The interviews are coded in part only: an utterance without a code was not read yet.",
            ),
        ),
        pseudonymised_option(),
        click.Option(
            ["--codebook-only"], is_flag=True, help=say("Ta bare inn kodene.", "Take in nothing but the codes.")
        ),
    ],
    example="autokode import prosjekt.qdpx --project kopi",
)
options(command)
