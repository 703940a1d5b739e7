"""`autokode add`: take transcripts and codings into a project."""

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autokode.base.errors import failure, quoted
from autokode.base.messages import say
from autokode.cli.coder_choice import coder_named
from autokode.cli.group import Command
from autokode.cli.options import files_argument, option, project_option, reading_options, taking_in_options
from autokode.cli.output import tell, tell_next

if TYPE_CHECKING:
    from autokode.corpus.coding import Coding
    from autokode.project import Project


def _add(
    files: tuple[Path, ...],
    folder: Path,
    office: str | None,
    coder: str | None,
    partly: bool,
    pseudonymised: bool,
    **given: Any,
) -> None:
    from autokode.corpus.coding import read_codings
    from autokode.project import Project

    project = Project.open(folder)
    if coder is not None:
        coder = coder_named(project, coder).name
    before = {source.name for source in project.sources}
    each = [file for path in files for file in _in_folder(path)]
    for path in sorted(each, key=_holds_codings):  # codings after their transcripts
        if path.is_dir():
            codings = _study(project, path, pseudonymised=pseudonymised)
        elif _holds_codings(path):
            transcripts = {source.name: project.transcript(source.name) for source in project.sources}
            codings = read_codings(path, transcripts=transcripts, codebook=project.codebook)
        else:
            _transcript(project, path, office, given, pseudonymised=pseudonymised)
            continue
        own = [replace(coding, coder=coder or coding.coder) for coding in codings]
        new = project.add_codings(own, complete=not partly)
        names = ", ".join(sorted({coding.coder for coding in own if coding.coder}))
        tell(f"{new} nye kodinger ({names})", f"{new} new codings ({names})")
    _warn_of_names({source.name for source in project.sources} - before - project.pseudonymised)
    tell_next(f"review --project {quoted(folder)}")


def _in_folder(path: Path) -> list[Path]:
    """The transcripts and codings in a folder that is no study; otherwise the path itself."""
    from autokode.corpus.readers import ENDINGS
    from autokode.corpus.study import CODEBOOK, CODINGS
    from autokode.corpus.study_file import DESCRIPTION, list_transcripts

    if not path.is_dir() or any((path / name).exists() for name in (CODEBOOK, DESCRIPTION)):
        return [path]
    found = [path / entry["file"] for entry in list_transcripts(path)]
    if not found:
        raise failure(
            f"mappen har ingen transkripsjoner ({', '.join(ENDINGS)})",
            f"no transcripts ({', '.join(ENDINGS)})",
            where=path,
            try_next=f"ls {quoted(path)}",
        )
    return [*found, *(path / name for name in (CODINGS,) if (path / name).exists())]


def _warn_of_names(named: set[str]) -> None:
    """Warn early of transcripts that a report would not quote."""
    if named:
        tell(
            f"{len(named)} er ikke merket som pseudonymisert, og kan ikke siteres i en rapport. Før du koder: "
            "autokode pseudonymise MAPPE. Er navnene oppdiktet: autokode add FIL --pseudonymised",
            f"{len(named)} not marked as pseudonymised, and not to be quoted in a report. Before you code: "
            "autokode pseudonymise FOLDER. If the names are invented: autokode add FILE --pseudonymised",
        )


def _holds_codings(path: Path) -> bool:
    """Whether a file is a table of codings; any other table is a transcript with one utterance per row."""
    from autokode.base.text_files import read_text

    if path.suffix.lower() != ".csv" or not path.is_file():
        return False
    heads = re.split(r"[,;\t]", read_text(path).lower().partition("\n")[0].replace('"', "").strip())
    return not {"tekst", "text", "ytring", "utterance"} & {head.strip() for head in heads} or "code" in heads


def _transcript(
    project: "Project", path: Path, office: str | None, given: dict[str, Any], *, pseudonymised: bool
) -> None:
    from autokode.corpus.study_file import is_pseudonymised
    from autokode.corpus.transcript import read_transcript

    transcript = read_transcript(path, **{name: value or None for name, value in given.items()})
    invented = pseudonymised or is_pseudonymised(path)
    if not project.add(transcript, file=path, office=office or "", pseudonymised=invented):
        tell(f"{transcript.name}: er i prosjektet alt", f"{transcript.name}: is in the project already")
        return
    counts = f"{len(transcript.utterances)} " + say("ytringer", "utterances")
    click.echo(f"{transcript.name}: {counts}")
    for note in transcript.notes:
        click.echo(f"  {note}")


def _study(project: "Project", folder: Path, *, pseudonymised: bool) -> "Iterable[Coding]":
    """Add the transcripts of a study; its codings."""
    from autokode.corpus.study import read_study
    from autokode.corpus.study_file import is_pseudonymised, list_transcripts
    from autokode.corpus.transcript import name_of

    study = read_study(folder)
    files = {name_of(Path(entry["file"])): folder / entry["file"] for entry in list_transcripts(folder)}
    invented = pseudonymised or is_pseudonymised(folder)
    new = [
        project.add(transcript, file=files[name], office=study.offices[name], pseudonymised=invented)
        for name, transcript in study.transcripts.items()
    ]
    tell(f"{sum(new)} nye transkripsjoner", f"{sum(new)} new transcripts")
    return study.codings


command = Command(
    "add",
    callback=_add,
    help=say(
        "Ta transkripsjoner, kodinger (codings.csv), en mappe med slike eller en hel studie inn i et prosjekt.",
        "Take transcripts, codings (codings.csv), a folder of these or a whole study into a project.",
    ),
    short_help=say("Ta intervjuer og kodinger inn i et prosjekt.", "Take interviews and codings into a project."),
    params=[
        files_argument(),
        project_option(),
        option("--office NAVN", "Kontoret eller gruppen disse hører til.", "The office or group these belong to."),
        *taking_in_options(),
        *reading_options(),
    ],
    example="autokode add training_data --project prosjekt --coder Anne",
)
