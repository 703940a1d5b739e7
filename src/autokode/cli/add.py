"""`autokode add`: take transcripts and codings into a project."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autokode.base.errors import failure, quoted
from autokode.base.messages import say
from autokode.cli.coder_choice import coder_named
from autokode.cli.group import Command
from autokode.cli.options import (
    files_argument,
    given_options,
    option,
    project_option,
    reading_options,
    taking_in_options,
)
from autokode.cli.output import tell, tell_next, unused
from autokode.cli.projects import opened

if TYPE_CHECKING:
    from autokode.corpus.coding import Coding
    from autokode.corpus.study import Study
    from autokode.corpus.transcript import Transcript
    from autokode.exchange.coded_rows import CodedRows
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
    from autokode.corpus.study import read_study
    from autokode.corpus.understood import holds_codings

    project = opened(folder)
    if coder is not None:
        coder = coder_named(project, coder).name
    each = [file for path in files for file in _in_folder(path)]
    folders, tables = [path for path in each if path.is_dir()], [path for path in each if holds_codings(path)]
    texts = _texts([path for path in each if path not in folders and path not in tables], given)
    studies = {path: read_study(path, codebook=project.codebook) for path in folders}
    before = {source.name for source in project.sources}
    with project.step("add"):  # after all is read: nobody else can write meanwhile
        _correct(project, [(transcript, path) for path, transcript, *_stated in texts], pseudonymised=pseudonymised)
        for path, transcript, group, reread in texts:
            _transcript(project, path, transcript, office or group, pseudonymised=pseudonymised, reread=reread)
        found: list[Coding] = []
        for path, study in studies.items():
            found += _study(project, path, study, office=office or "", pseudonymised=pseudonymised)
        rows = [_table(project, path) for path in tables]  # after their transcripts
        found += [coding for one in rows for coding in one.codings]
        if found or tables:
            _codings(project, found, coder, complete=not partly)
        for one in rows:
            _alter(project, one, coder or "")
    new = {source.name for source in project.sources} - before
    is_given = {"--coder": coder is not None, "--partly": partly, "--office": bool(office)}
    _say_unused(is_given, given_options(given), texts=bool(texts), studies=bool(studies), codings=bool(found or tables))
    _warn_of_names(new - project.pseudonymised, folder)
    tell_next(f"review --project {quoted(folder)}")


def _texts(paths: list[Path], given: dict[str, Any]) -> "list[tuple[Path, Transcript, str, bool]]":
    """Read all transcripts: file, transcript, its group, and whether somebody states how it is to be read."""
    from autokode.corpus.several_files import Given, read_transcripts

    stated = Given(**given)
    described = {} if stated else _described(paths)
    plain = [path for path in paths if path not in described]
    read = dict(zip(plain, read_transcripts(plain, stated), strict=True))
    return [(path, *(described.get(path) or (read[path], "", bool(stated)))) for path in paths]


def _say_unused(given: dict[str, bool], reading: list[str], *, texts: bool, studies: bool, codings: bool) -> None:
    """Say which options changed nothing, since what they are about was not among the files."""
    for one in reading:
        if studies:
            unused(one, "en studie sier det i study.yaml", "a study says so in study.yaml")
        elif not texts:
            unused(one, "ingen intervjuer her", "no interviews here")
    if given["--office"] and not texts and not studies:
        unused("--office", "ingen intervjuer her", "no interviews here")
    for one in ("--coder", "--partly"):
        if given[one] and not codings:
            unused(one, "ingen kodinger her (codings.csv)", "no codings here (codings.csv)")


def _table(project: "Project", path: Path) -> "CodedRows":
    """What a table of codings brings; say which rows were changed since autokode wrote it."""
    from autokode.corpus.coding import coding_rows
    from autokode.exchange.coded_rows import coded_rows
    from autokode.exchange.row_marks import MarkReader
    from autokode.exchange.table_import import origin_remarks, stale_remarks
    from autokode.exchange.table_rows import Table

    marks = MarkReader(project)
    found = coded_rows(project, Table(str(path), "", list(coding_rows(path))), marks)
    for remark in (*origin_remarks(marks), *found.remarks, *stale_remarks(found.stale)):
        click.echo(f"  {remark}")
    return found


def _alter(project: "Project", rows: "CodedRows", coder: str) -> None:
    """Change codings as a table says, and say which."""
    from autokode.exchange.table_changes import alter

    good = [(one[0] or coder or say("ukjent", "unknown"), *one[1:]) for one in rows.good]
    for remark in alter(project, rows.changes, good)[1]:
        click.echo(f"  {remark}")


def _codings(project: "Project", codings: "list[Coding]", coder: str | None, *, complete: bool) -> None:
    """Add codings, and say how many are new, whose they are, and which names are like a known one."""
    from autokode.corpus.outside import outside_remark
    from autokode.exchange.table_import import others_remark
    from autokode.project.store.coders import likeliest

    known = [person.name for person in project.coders]
    own = [replace(coding, coder=coding.coder or coder or "") for coding in codings]
    new = project.add_codings(own, complete=complete)
    names = sorted({coding.coder for coding in own if coding.coder})
    whose = f" ({', '.join(names)})" * bool(names)
    tell(f"{new} nye kodinger{whose}", f"{new} new codings{whose}")
    transcripts = {source.name: project.transcript(source.name) for source in project.sources}
    outside = outside_remark(transcripts, (coding.segment for coding in own))
    for remark in filter(None, (*others_remark(codings, coder or ""), outside)):
        click.echo(f"  {remark}")
    for name in names:
        near = "" if name in (*known, coder) else likeliest(name, known)
        if near:
            tell(
                f"  «{name}» er en ny koder her; «{near}» var her fra før",
                f"  «{name}» is a new coder here; «{near}» was here before",
            )


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


def _described(paths: list[Path]) -> "dict[Path, tuple[Transcript, str, bool]]":
    """The transcripts that a study.yaml beside them describes, read by what it says: with their office, and whether it says
    who speaks."""
    from autokode.corpus.study_file import DESCRIPTION, encoding_of, given_of, list_transcripts
    from autokode.corpus.transcript import read_transcript

    found = {}
    for path in paths:
        listed = list_transcripts(path.parent) if (path.parent / DESCRIPTION).is_file() else []
        for entry in listed:
            if entry["file"] == path.name:
                transcript = read_transcript(path, encoding=encoding_of(entry), **given_of(entry))
                found[path] = transcript, str(entry.get("group") or ""), any(given_of(entry).values())
    return found


def _warn_of_names(named: set[str], folder: Path) -> None:
    """Warn early of transcripts that a report would not quote."""
    if named:
        command = f"autokode pseudonymise --project {quoted(folder)}"
        tell(
            f"{len(named)} er ikke merket som pseudonymisert, og kan ikke siteres i en rapport. Nå eller siden: {command}. "
            "Er navnene oppdiktet: autokode add FIL --pseudonymised",
            f"{len(named)} not marked as pseudonymised, and not to be quoted in a report. Now or later: {command}. "
            "If the names are invented: autokode add FILE --pseudonymised",
        )


def _transcript(
    project: "Project", path: Path, transcript: "Transcript", office: str, *, pseudonymised: bool, reread: bool
) -> None:
    """Add a transcript; of one that is there already, correct what the options say."""
    from autokode.corpus.study_file import is_pseudonymised
    from autokode.project.store.corrections import correct

    invented, marked = pseudonymised or is_pseudonymised(path), project.pseudonymised
    changed: tuple[str, ...] = ()
    if project.add(transcript, file=path, office=office, pseudonymised=invented):
        count = len(transcript.utterances)
        unit = say("ytring" + "er" * (count != 1), "utterance" + "s" * (count != 1))
        click.echo(f"{transcript.name}: {count} {unit}")
    else:
        changed = correct(project, transcript, office=office, reread=reread)
        if invented and transcript.name not in marked:
            changed += (say("navnene er nå merket som oppdiktet", "its names are now marked as invented"),)
        tell(
            f"{transcript.name}: er i prosjektet alt" + (": rettet" if changed else ", som det er lest nå" * reread),
            f"{transcript.name}: is in the project already"
            + (": corrected" if changed else ", as it is read now" * reread),
        )
        for one in changed:
            click.echo(f"  {one}")
        if not reread:
            return
    for note in transcript.notes:
        if note not in changed:
            click.echo(f"  {note}")


def _correct(project: "Project", read: "list[tuple[Transcript, Path]]", *, pseudonymised: bool) -> None:
    """Correct the texts of pseudonymised transcripts that are in the project already, after their list of names was mended."""
    from autokode.corpus.study_file import is_pseudonymised
    from autokode.project.store.text_correction import correct_texts

    there = {source.name for source in project.sources} & project.pseudonymised
    mended = [(one, path) for one, path in read if one.name in there and (pseudonymised or is_pseudonymised(path))]
    for said in correct_texts(project, mended):
        click.echo(said)


def _study(project: "Project", folder: Path, study: "Study", *, office: str, pseudonymised: bool) -> "Iterable[Coding]":
    """Add the transcripts of a study, and correct those that are there by what its study.yaml says now; its codings."""
    from autokode.corpus.study_file import given_of, is_pseudonymised, list_transcripts
    from autokode.corpus.transcript import name_of
    from autokode.project.store.corrections import correct

    entries = {name_of(Path(entry["file"])): entry for entry in list_transcripts(folder)}
    files = {name: folder / entry["file"] for name, entry in entries.items()}
    invented = pseudonymised or is_pseudonymised(folder)
    _correct(project, [(one, files[name]) for name, one in study.transcripts.items()], pseudonymised=pseudonymised)
    new = 0
    for name, transcript in study.transcripts.items():
        if project.add(transcript, file=files[name], office=office or study.offices[name], pseudonymised=invented):
            new += 1
            continue
        group = office or str(entries[name].get("group") or "")
        for changed in correct(project, transcript, office=group, reread=any(given_of(entries[name]).values())):
            click.echo(f"{name}: {changed}")
    tell(f"{new} nye transkripsjoner", f"{new} new transcripts")
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
    example="autokode add training_data --project prosjekt",
)
