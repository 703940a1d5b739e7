"""What errands do: make reports, methods sections and exports with a preview, compare coders, take files in.

Each function writes its files into a folder and gives, as JSON can hold it, their names, remarks, and a preview. No file's name
holds that of a person, a place or an interview.
"""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from autokode.base.formatting import number, shortened
from autokode.base.messages import say
from autokode.project import Project

Told = Callable[[str, int, int], None]

ROWS, LONGEST = 50, 200
"""Rows of a table in a preview; code points of a cell in it."""


def report(project: Project, folder: Path, given: Mapping[str, Any], told: Told) -> dict[str, Any]:
    """Write the theme book in the wanted kinds; its HTML page is the preview."""
    from autokode.project.store.pseudonymising import invented_in
    from autokode.report.book import book_of, code_memos
    from autokode.report.data_checks import check_memos, material_of
    from autokode.report.interview_names import names_in_report
    from autokode.report.methods import methods_of
    from autokode.report.render.files import write_report

    told(say("Leser kodingene", "Reading the codings"), 0, 0)
    material = material_of(project, coders=given["coders"], as_is=given["as_is"])
    if not given["as_is"]:
        check_memos(material, code_memos(project, given["memos"]), invented=invented_in(project))
    found = methods_of(project, held_out=given["held_out"], progress=told)
    told(say("Samler temaene", "Gathering the themes"), 0, 0)
    book = book_of(
        project,
        material,
        found,
        codes=given["codes"],
        reach=given["reach"],
        groups=given["groups"],
        memos_of=given["memos"],
    )
    name = say("rapport", "report")
    wanted = [folder / f"{name}{kind}" for kind in given["kinds"]]
    for done, path in enumerate(wanted):
        told(say("Skriver filene", "Writing the files"), done, len(wanted))
        write_report(path, book)
    preview = folder / f"{name}.html"
    if preview not in wanted:
        write_report(preview, book)
    called = [[shown, own] for own, shown in names_in_report(project).items() if shown != own]
    about = _goes_out(
        coders=sorted({one.coder for one in material.codings}),
        names=list(material.transcripts),
        codings=len(material.codings),
        memos=len(code_memos(project, given["memos"])),
    )
    return {"files": _files(wanted), "view": preview.name, "remarks": list(book.remarks), "called": called, **about}


def methods(project: Project, folder: Path, given: Mapping[str, Any], told: Told) -> dict[str, Any]:
    """Write the methods section in the wanted kinds, and the manifest if it is wanted; the preview is the section's text."""
    import json

    from autokode.base.files import write_whole
    from autokode.report.methods import methods_of
    from autokode.report.methods_text import sections
    from autokode.report.render.files import write_methods
    from autokode.report.training_manifest import manifest

    told(say("Leser loggen", "Reading the log"), 0, 0)
    found = methods_of(project, held_out=given["held_out"], progress=told)
    title = project.codebook.name or say("Prosjektet", "The project")
    wanted = [folder / f"{say('metode', 'methods')}{kind}" for kind in given["kinds"]]
    for path in wanted:
        write_methods(path, found, title)
    if given["manifest"]:
        wanted.append(folder / "manifest.json")
        write_whole(wanted[-1], json.dumps(manifest(project), ensure_ascii=False, indent=2) + "\n")
    texts = [parts for _language, _heading, parts in sections(found)]
    about = _goes_out(coders=[coder.name for coder in project.coders])
    return {"files": _files(wanted), "paragraphs": texts, **about}


def export(project: Project, folder: Path, given: Mapping[str, Any], told: Told) -> dict[str, Any]:
    """Write an export; the preview is what it holds, and the first rows of its tables."""
    from autokode.exchange.export_files import what_goes_out, write_export
    from autokode.report.render.files import CODEBOOK, DOCUMENT_KINDS

    if given["kind"] in DOCUMENT_KINDS:
        return (_codebook if given["kind"] == CODEBOOK else _coded)(project, folder, given, told)
    told(say("Skriver filen", "Writing the file"), 0, 0)
    kind, suggestions, memos = given["kind"], given["suggestions"], given["memos"]
    names = {".qdpx": say("prosjekt", "project"), ".qdc": say("kodebok", "codebook")}
    path = folder / f"{names.get(kind) or say('kodinger', 'codings')}{kind}"
    written = write_export(project, path, suggestions=suggestions, memos=memos)
    out = what_goes_out(project, kind, suggestions=suggestions, memos=memos)
    tables = [] if kind in names else _first_rows(project, suggestions=suggestions)
    about = {**asdict(out), "names": list(out.names), "coders": list(out.coders)}
    return {"files": _files(written), "goes_out": about, "tables": tables}


def _coded(project: Project, folder: Path, given: Mapping[str, Any], told: Told) -> dict[str, Any]:
    """Write coded interviews; their HTML page is the preview."""
    from autokode.report.coded_project import coded_text_of
    from autokode.report.interview_names import names_in_report
    from autokode.report.render.files import COMMENTED, write_coded

    told(say("Leser kodingene", "Reading the codings"), 0, 0)
    text = coded_text_of(
        project,
        interviews=given["interviews"],
        coders=given["coders"],
        memos_of=given["memos"],
        as_is=given["as_is"],
    )
    told(say("Skriver filen", "Writing the file"), 0, 0)
    path = folder / f"{say('kodede intervjuer', 'coded interviews')}{Path(given['kind']).suffix}"
    preview = path.with_suffix(".html")
    write_coded(path, text, as_comments=given["kind"] == COMMENTED)
    if preview != path:
        write_coded(preview, text)
    names = [one.name for one in text.interviews]
    called = [[shown, own] for own, shown in names_in_report(project).items() if shown != own and shown in names]
    about = _goes_out(
        coders=list(text.coders), names=names, codings=text.codings, memos=text.memo_count, has_texts=True
    )
    return {"files": _files([path]), "view": preview.name, "called": called, **about}


def _codebook(project: Project, folder: Path, given: Mapping[str, Any], told: Told) -> dict[str, Any]:
    """Write the codebook as a document; the preview is its codes with their counts."""
    from autokode.report.coded_project import codebook_text_of
    from autokode.report.render.files import write_codebook

    told(say("Skriver filen", "Writing the file"), 0, 0)
    text = codebook_text_of(project, memos_of=given["memos"], as_is=given["as_is"])
    path = folder / f"{say('kodebok', 'codebook')}.docx"
    write_codebook(path, text)
    codes = list(text.codebook)
    heads = [
        say("Kategori eller kode", "Category or code"),
        say("Kodinger", "Codings"),
        say("Intervjuer", "Interviews"),
    ]
    rows = [[one.name, str(text.codings[one.name]), str(text.interviews[one.name])] for one in codes]
    table = {"title": say("Kodebok", "Codebook"), "columns": heads, "rows": rows[:ROWS], "whole": len(rows)}
    memos = sum(map(len, text.memos.values()))
    return {"files": _files([path]), "tables": [table], **_goes_out(codes=len(codes), memos=memos)}


def agreement(project: Project, folder: Path, given: Mapping[str, Any], told: Told) -> dict[str, Any]:
    """Compare coders; the figures as JSON, and the tables as files."""
    from autokode.agreement.meaning import is_little, meaning
    from autokode.agreement.results import name_of, warning
    from autokode.agreement.tables import write_agreement
    from autokode.project.views.coder_agreement import coders_agreement

    told(say("Sammenligner", "Comparing"), 0, 0)
    found = coders_agreement(project, given["coders"], of=given["of"], with_model=given["with_model"], progress=told)
    name = say("enighet", "agreement")
    written = [path for kind in (".xlsx", ".csv") for path in write_agreement(folder / f"{name}{kind}", found)]
    kinds = dict.fromkeys(kind for row in found.rows for kind in row.warnings)
    return {
        "files": _files(written),
        "coders": list(found.coders),
        "of": found.of,
        "interviews": found.interviews,
        "rows": [{**asdict(row), "shown": name_of(row)} for row in found.rows],
        "meaning": list(meaning(found)),
        "is_little": is_little(found),
        "warnings": {kind: warning(kind) for kind in kinds},
        "disagreements": len(found.disagreements),
        "outside": found.outside,
        "uncounted": list(found.uncounted),
        "decision": given["decision"],
    }


def foresee(project: Project, folder: Path, given: Mapping[str, Any], told: Told) -> dict[str, Any]:
    """Say what an import would do."""
    from autokode.exchange.taking_in import foreseen

    told(say("Leser filen", "Reading the file"), 0, 0)
    if _is_project(given):
        return _merged(project, Path(given["path"]), expected=None)
    return {"found": asdict(foreseen(project, _brought(folder, given), _wanted(given)))}


def take_in(project: Project, folder: Path, given: Mapping[str, Any], told: Told) -> dict[str, Any]:
    """Take a file in, if that does what was foreseen."""
    from autokode.exchange.taking_in import TakenIn
    from autokode.exchange.taking_in import take_in as taken
    from autokode.project.store.steps import last_step

    told(say("Tar inn", "Taking in"), 0, 0)
    if _is_project(given):
        return _merged(project, Path(given["path"]), expected=given["mark"])
    seen = dict(given["found"])
    expected = TakenIn(**{**seen, "remarks": tuple(seen["remarks"])})
    found = taken(project, _brought(folder, given), _wanted(given), expected=expected)
    step = None if found.is_nothing else last_step(project)
    return {"found": asdict(found), "is_in": True, "step": step.id if step else None}


def _is_project(given: Mapping[str, Any]) -> bool:
    """Whether the file that was brought holds another project of autokode's, to be merged."""
    from autokode.exchange.package_files import PROJECTS

    return Path(given["path"]).suffix.lower() in PROJECTS


def _merged(project: Project, path: Path, *, expected: str | None) -> dict[str, Any]:
    """Merge a project, if that does what was foreseen, or say what it would do (`expected` is None)."""
    from autokode.exchange.merge_words import shown
    from autokode.exchange.merging import merge_file, merge_foreseen
    from autokode.project.store.steps import last_step

    if expected is None:
        report = merge_foreseen(project, path)
        return {"merge": shown(report), "mark": report.mark}
    report = merge_file(project, path, expected=expected)
    step = None if report.merged.is_nothing else last_step(project)
    return {"merge": shown(report), "is_in": True, "step": step.id if step else None}


def _brought(folder: Path, given: Mapping[str, Any]) -> Path:
    """The file that was brought, under the name that its owner knows: an interview in it may be called by that."""
    path = Path(given["path"])
    named = folder.joinpath(given["name"])
    try:
        if named.parent == folder and not named.exists():
            shutil.copyfile(path, named)
            named.chmod(0o600)
            return named
    except (OSError, ValueError):  # a name that no file can have
        named.unlink(missing_ok=True)
    return path


def _wanted(given: Mapping[str, Any]) -> Any:
    from autokode.exchange.taking_in import Wanted

    return Wanted(
        coder=given["coder"],
        complete=given["complete"],
        codebook_only=given["codebook_only"],
        pseudonymised=given["pseudonymised"],
    )


def _files(paths: list[Path]) -> list[dict[str, Any]]:
    return [{"name": path.name, "size": path.stat().st_size} for path in paths]


def _goes_out(**about: Any) -> dict[str, Any]:
    return {"goes_out": {"coders": [], "names": [], "codings": 0, "memos": 0, **about}}


def _first_rows(project: Project, *, suggestions: bool) -> list[dict[str, Any]]:
    """The first rows of the tables of an export, without the columns that only autokode reads."""
    from autokode.base.tables import MARK, heading
    from autokode.exchange.table_export import codings_table, suggestions_table

    tables = {say("Kodinger", "Codings"): codings_table(project)}
    if suggestions:
        tables[say("Forslag", "Suggestions")] = suggestions_table(project)
    found = []
    for title, table in tables.items():
        columns = [name for name in table.column_names if name not in (MARK, "model")]
        rows = table.select(columns).slice(0, ROWS).to_pylist()
        cells = [[_cell(row[name]) for name in columns] for row in rows]
        found.append(
            {"title": title, "columns": [heading(name) for name in columns], "rows": cells, "whole": table.num_rows}
        )
    return found


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return say("ja", "yes") if value else ""
    if isinstance(value, float):
        return number(value)
    return shortened(str(value), LONGEST)
