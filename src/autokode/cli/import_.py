"""`autokode import`: import projects, codebooks or codings of other programs."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autokode.base.errors import quoted
from autokode.base.messages import say
from autokode.cli.coder_choice import coder_named
from autokode.cli.group import Command
from autokode.cli.options import files_argument, flag, given_options, project_option, reading_options, taking_in_options
from autokode.cli.output import tell, tell_next, unused
from autokode.cli.projects import opened, tell_of_stray_codes

if TYPE_CHECKING:
    from autokode.exchange.package.contents import Package
    from autokode.exchange.taking_in import Wanted
    from autokode.project import Project

REMARKS = 40
"""Most remarks shown."""


def _import(
    files: tuple[Path, ...],
    folder: Path,
    coder: str | None,
    partly: bool,
    codebook_only: bool,
    pseudonymised: bool,
    **given: Any,
) -> None:
    from autokode.base.files import is_there
    from autokode.corpus.several_files import Given
    from autokode.exchange.taking_in import Wanted, read_to_take_in
    from autokode.project import Project
    from autokode.project.store.project_files import FILE

    there = Project.open(folder, read=False) if is_there(folder / FILE) else None
    if coder is not None and there is not None:
        coder = coder_named(there, coder).name
    wanted = Wanted(coder or "", not partly, codebook_only, pseudonymised, Given(**given))
    for path in files:
        package = read_to_take_in(there, path, codebook_only=codebook_only)
        options = {
            "--coder": coder,
            "--partly": partly,
            "--pseudonymised": pseudonymised,
            "--codebook-only": codebook_only,
        }
        _say_unused(package, [option for option, value in options.items() if value] + given_options(given))
        if package is None:
            _table(path, folder, wanted)
        else:
            _package(path, package, folder, wanted)
    tell_next(f"review --project {quoted(folder)}")


def _say_unused(package: "Package | None", options: list[str]) -> None:
    """Say which options change nothing for what is imported: a package, or a table if None."""
    for option in options:
        if package is None:
            if option not in ("--coder", "--partly"):
                unused(option, "en tabell har bare kodinger og avgjørelser", "a table has but codings and decisions")
        elif option == "--encoding":
            unused(option, "filen sier selv hvilken tegnkoding den har", "the file states its own encoding")
        elif option != "--codebook-only" and not package.documents:
            unused(option, "det er ingen tekster å ta inn, bare koder", "there are no texts to take in, only codes")
        elif option == "--partly" and package.own is not None:
            unused(option, "filen sier selv hva hver koder har lest", "the file states itself what each coder has read")


def _package(path: Path, package: "Package", folder: Path, wanted: "Wanted") -> None:
    from autokode.exchange.package_import import refuse_empty
    from autokode.exchange.taking_in import take_in_package

    refuse_empty(package)
    imported = take_in_package(_open_or_create(folder, package), path, package, wanted)
    origin = f" ({imported.origin})" if imported.origin else ""
    click.echo(f"{path}{origin}:")
    tell(
        f"  {imported.codes} nye koder, {imported.transcripts} nye transkripsjoner, {imported.codings} nye kodinger, "
        f"{imported.memos} nye notater",
        f"  {imported.codes} new codes, {imported.transcripts} new transcripts, {imported.codings} new codings, "
        f"{imported.memos} new memos",
    )
    _tell_remarks(imported.remarks)


def _tell_remarks(remarks: tuple[str, ...]) -> None:
    for remark in remarks[:REMARKS]:
        click.echo(f"  {remark}")
    if len(remarks) > REMARKS:
        tell(f"  … og {len(remarks) - REMARKS} til", f"  … and {len(remarks) - REMARKS} more")


def _open_or_create(folder: Path, package: "Package") -> "Project":
    """Open the project, or create it with the package's codes if there is none."""
    from autokode.base.files import is_there
    from autokode.exchange.code_trees import codebook_of
    from autokode.project import Project
    from autokode.project.store.project_files import FILE
    from autokode.project.views.next_steps import starter

    if is_there(folder / FILE):
        project = Project.open(folder)  # a codebook that cannot be read would be written over
        tell_of_stray_codes(project)
        return project
    own = codebook_of(package)[0] if package.codes else starter()
    project = Project.create(folder, own)
    count = len(own.codable)
    tell(f"{folder}: nytt prosjekt med {count} koder", f"{folder}: a new project with {count} codes")
    return project


def _table(path: Path, folder: Path, wanted: "Wanted") -> None:
    from autokode.exchange.taking_in import take_in_package

    imported = take_in_package(opened(folder), path, None, wanted)
    tell(
        f"{path}: {imported.codings} nye kodinger, {imported.accepted} forslag godtatt, {imported.rejected} avvist, "
        f"{imported.changed} fikk en annen kode, {imported.left} står åpne",
        f"{path}: {imported.codings} new codings, {imported.accepted} suggestions accepted, {imported.rejected} rejected, "
        f"{imported.changed} given another code, {imported.left} left open",
    )
    _tell_remarks(imported.remarks)


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
        files_argument(),
        project_option(),
        *taking_in_options(),
        flag("--codebook-only", "Ta bare inn kodene.", "Take in nothing but the codes."),
        *reading_options(),
    ],
    example="autokode import prosjekt.qdpx --project kopi",
)
