"""Counts what survives from and to other programs, for the table of docs/exchange.md; a test compares the two.

The same study is written in each program's dialect as its files are known to be, taken into a project, and written out; what
comes out is compared with what went in, one by one. The programs themselves are not run.
"""

import io
import re
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx

from autokode.exchange.code_trees import codebook_of
from autokode.exchange.package.contents import (
    Case,
    CodeNode,
    Document,
    Note,
    Package,
    PackageCoding,
    PackageSegment,
    PackageSet,
    User,
    Value,
    Variable,
    guid_of,
)
from autokode.exchange.package_export import package_of
from autokode.exchange.package_files import read_package
from autokode.exchange.package_import import import_package
from autokode.exchange.refi.writing import qdc_bytes, qdpx_bytes
from autokode.exchange.table_export import write_tables
from autokode.exchange.table_import import import_table
from autokode.project import Project
from benchmarks import ROOT
from benchmarks.generated import fill, table
from exchange_case import QUALCODER, whole  # the tests' own

PAGE = ROOT / "docs" / "exchange.md"

Items = dict[str, set[Any]]
"""Kind → its contents, in a form that does not depend on ids."""

COLUMNS = {
    "texts": "texts",
    "codes": "code tree",
    "colours": "colours",
    "definitions": "definitions",
    "codings": "codings",
    "coders": "their coders",
    "dates": "their dates",
    "memos": "memos, notes",
    "cases": "cases",
    "variables": "variables",
    "sets": "sets",
}

TEXT = (
    "Intervjuer: Hva gjør du når det bråker? 🙂\r\nÅse: Da går jeg på biblioteket, blåbær e\u0301n gang i uka.\r\n"
    "Intervjuer: Og ellers?\r\nÅse: Ellers sitter jeg 👩‍👧 hjemme og venter på at det blir stille.\r\n"
)


def study() -> Package:
    """The study that goes through every dialect, with emoji, combining marks and CRLF in its text, and every kind of content."""
    users = (User(guid_of("u", 1), "Kari"), User(guid_of("u", 2), "Per Olav"))
    notes = (
        Note(guid_of("n", 1), "Godt sagt.", "", users[0].guid, "2026-03-02T10:15:00Z"),
        Note(guid_of("n", 2), "Koden må deles.", "", users[1].guid, "2026-03-03T10:15:00Z"),
        Note(guid_of("n", 3), "Intervjuet ble avbrutt.", "", users[0].guid, "2026-03-04T10:15:00Z"),
    )
    stillness = CodeNode(guid_of("c", 2), "ro og stillhet", True, "#a0b1c2", "Å ha et stille sted.", (notes[1].guid,))
    codes = (
        CodeNode(guid_of("c", 1), "møtested", True, "#11aa22", "Et sted å være.", (), (stillness,)),
        CodeNode(guid_of("c", 3), "venting", True, "#cc2200", "Å vente."),
    )
    variable = Variable(guid_of("v", 1), "alder", "Integer")
    documents = []
    for d, name in enumerate(("intervju 1", "intervju 2")):
        text = TEXT.replace("Åse", "Åse" if d == 0 else "Bjørn")
        segments = []
        quotes = (
            "Da går jeg på biblioteket",
            "e\u0301n gang i uka",
            "Ellers sitter jeg 👩‍👧 hjemme",
            "venter på at det blir stille",
        )
        for i, quote in enumerate(quotes):
            start = text.index(quote)
            given = PackageCoding(
                guid_of("g", d, i),
                (codes[0], stillness, codes[0], codes[1])[i].guid,
                users[i % 2].guid,
                f"2026-03-0{i + 1}T09:00:00Z",
                (notes[0].guid,) if (d, i) == (0, 0) else (),
            )
            segments.append(
                PackageSegment(guid_of("p", d, i), start, start + len(quote), quote, "", (given,), (), users[0].guid)
            )
        value = Value(variable.guid, "Integer", str(40 + d))
        own = (notes[2].guid,) if d == 0 else ()
        documents.append(Document(guid_of("d", d), name, text, tuple(segments), (), own, (value,), "", users[0].guid))
    case = Case(guid_of("k", 1), "Bygda", "", (), (), (documents[0].guid, documents[1].guid), ())
    gathered = PackageSet(guid_of("s", 1), "til artikkelen", "", (codes[0].guid, stillness.guid), (), ())
    return Package("Biblioteket", "", "", users, codes, tuple(documents), notes, (), (variable,), (case,), (gathered,))


def items(package: Package) -> Items:
    """The contents of a package, by kind."""
    users = {user.guid: user.name for user in package.users}
    nodes = {node.guid: node for node in package.walk()}
    names = {one.guid: one.name for one in package.documents}
    texts = {note.guid: note.text for note in package.notes}
    variables = {one.guid: one.name for one in package.variables}
    found: Items = {kind: set() for kind in COLUMNS}
    for top in package.codes:
        for node in top.walk():
            found["codes"].add((node.name, tuple(below.name for below in node.codes)))
            found["colours"].add((node.name, node.colour))
            found["definitions"].add((node.name, node.description))
            found["memos"] |= {("code", node.name, texts[guid]) for guid in node.notes}
    for one in package.documents:
        found["texts"].add((one.name, one.text))
        found["memos"] |= {("text", one.name, texts[guid]) for guid in one.notes}
        for segment in one.segments:
            for given in segment.codings:
                place = (
                    one.name,
                    segment.start,
                    segment.end,
                    one.text[segment.start : segment.end],
                    nodes[given.code].name,
                )
                found["codings"].add(place)
                found["coders"].add((*place, users.get(given.user, "")))
                found["dates"].add((*place, _moment(given.time)))
                told = {texts[guid] for guid in (*given.notes, *segment.notes)} | {segment.description} - {""}
                found["memos"] |= {("coding", *place, text) for text in told}
        own = {(one.name, variables[value.variable], value.text) for value in one.values}
        found["variables"] |= {row for row in own if row[1] != "Kontor"}  # which autokode adds: the case as an office
    for case in package.cases:
        found["cases"].add((case.name, tuple(sorted(names[guid] for guid in case.documents))))
    for gathered in package.sets:
        found["sets"].add((gathered.name, tuple(sorted(nodes[guid].name for guid in gathered.codes))))
    return found


def _moment(time: str) -> datetime | None:
    if not time:
        return None
    found = datetime.fromisoformat(time)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


Files = dict[str, bytes]


def strict() -> Files:
    """The files of the study as the standard has them."""
    with zipfile.ZipFile(io.BytesIO(qdpx_bytes(study()))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def changed(files: Files, change: Callable[[str], str], rename: Callable[[str], str] = str) -> Files:
    """The files with the project's XML and their names changed."""
    return {
        rename(name): change(data.decode("utf-8")).encode("utf-8") if name == "project.qde" else data
        for name, data in files.items()
    }


def nvivo(files: Files) -> Files:
    """Upper-case ids, a folder `Sources`, an empty base path."""
    upper = changed(
        files, lambda xml: re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", lambda m: m[0].upper(), xml)
    )
    xml = re.sub(r'basePath="[^"]*"', 'basePath=""', upper.pop("project.qde").decode("utf-8"))
    return {
        "project.qde": xml.encode("utf-8"),
        **{name.replace("sources/", "Sources/"): data for name, data in upper.items()},
    }


def atlas(files: Files) -> Files:
    """The inner file has the project's name."""
    return {name.replace("project.qde", "Biblioteket.qde"): data for name, data in files.items()}


def maxqda(files: Files) -> Files:
    """Sources without an ending, and a selection without a coding."""
    bare = '<PlainTextSelection guid="0c0c0c0c-0000-4000-8000-000000000001" name="" startPosition="0" endPosition="5"/>'
    return changed(
        files,
        lambda xml: re.sub(r"(<TextSource [^>]*>)", lambda m: m[1] + bare, xml, count=1),
        lambda name: name.removesuffix(".txt"),
    )


def qualcoder(files: Files) -> Files:
    """A byte order mark before everything."""
    return {name: b"\xef\xbb\xbf" + data for name, data in files.items()}


def counted(by: Callable[[str], int]) -> Callable[[Files], Files]:
    """Count positions in another way."""

    def change(files: Files) -> Files:
        texts = {name: data.decode("utf-8") for name, data in files.items() if name.endswith(".txt")}
        parts = re.split(r"(?=<TextSource )", files["project.qde"].decode("utf-8"))
        moved = [parts[0]]
        for part in parts[1:]:
            name = re.search(r'plainTextPath="internal://([^"]+)"', part)
            text = texts[f"sources/{name[1]}"] if name else ""
            new = re.sub(
                r'(startPosition|endPosition)="(\d+)"', lambda m, t=text: f'{m[1]}="{by(t[: int(m[2])])}"', part
            )
            moved.append(new)
        return {**files, "project.qde": "".join(moved).encode("utf-8")}

    return change


def bare_refs(files: Files) -> Files:
    """A code right under the selection, without who and when."""
    return changed(
        files, lambda xml: re.sub(r"<Coding [^>]*>\s*(<CodeRef [^>]*/>).*?</Coding>", r"\1", xml, flags=re.DOTALL)
    )


DIALECTS: dict[str, Callable[[Files], Files]] = {
    "autokode, or any that keeps to the standard": lambda files: files,
    "NVivo (ids in capitals, folder `Sources`, empty `basePath`)": nvivo,
    "ATLAS.ti (inner file named after the project)": atlas,
    "MAXQDA (sources without ending, selections without coding)": maxqda,
    "QualCoder (byte order marks)": qualcoder,
    "positions counted in UTF-16": counted(lambda text: len(text.encode("utf-16-le")) // 2),
    "positions with CRLF as one": counted(lambda text: len(text.replace("\r\n", "\n"))),
    "`CodeRef` right under the selection": bare_refs,
}


def through(path: Path, folder: Path) -> Items:
    """Import a file into a new project and write it out again: what survived."""
    package = read_package(path)
    project = Project.create(folder, codebook_of(package)[0])
    import_package(project, package)
    return items(whole(project))


def from_dialects(folder: Path) -> Iterator[tuple[str, Items, set[str]]]:
    """Yield for every dialect of a project: its name, what survived, and the kinds that the file holds."""
    for i, (name, dialect) in enumerate(DIALECTS.items()):
        path = folder / f"{i}.qdpx"
        with zipfile.ZipFile(path, "w") as archive:
            files = changed(strict(), lambda xml: re.sub(r'origin="[^"]*"', 'origin="another program"', xml))
            for file, data in dialect(files if i else strict()).items():
                archive.writestr(file, data)
        kinds = set(COLUMNS) - ({"coders", "dates", "memos"} if dialect is bare_refs else set())
        yield name, through(path, folder / f"p{i}"), kinds
    flat = set(COLUMNS) - {"codes", "memos", "sets"}
    yield "QualCoder's own project (.qda)", through(qda(study(), folder), folder / "qda"), flat
    tree = {"codes", "colours", "definitions", "sets"}
    xml = qdc_bytes(study()).decode("utf-8")
    atlas_23 = xml.replace("urn:QDA-XML:codebook:1.0", "urn:QDA-XML:codebook:0:4")
    taguette = re.sub(r"<Sets>.*</Sets>", "<Sets/>", xml, flags=re.DOTALL)
    for name, text, kinds in (
        ("codebook (.qdc) of ATLAS.ti 23 (namespace 0:4)", atlas_23, tree),
        ("codebook (.qdc) of Taguette (empty `Sets`)", taguette, tree - {"sets"}),
    ):
        path = folder / f"{len(text)}.qdc"
        path.write_text(text, encoding="utf-8")
        yield name, through(path, folder / f"q{len(text)}"), kinds


def qda(package: Package, folder: Path) -> Path:
    """Write a package as QualCoder's own project; it has no sets, and its categories are not codes."""
    (folder / "qualcoder.qda").mkdir()
    connection = sqlite3.connect(folder / "qualcoder.qda" / "data.qda")
    connection.executescript(QUALCODER)
    users = {user.guid: user.name for user in package.users}
    notes = {note.guid: note.text for note in package.notes}
    codes = {node.guid: i for i, node in enumerate(package.walk(), 1)}
    put = connection.execute
    put("INSERT INTO project VALUES ('v11', '2026-03-02', '', 'QualCoder 3.6', 0, 0, 'Kari')")
    for node in package.walk():
        values = (codes[node.guid], node.name, node.description, node.colour)
        put("INSERT INTO code_name VALUES (?, ?, ?, NULL, 'Kari', '', ?)", values)
    put("INSERT INTO cases VALUES (1, ?, '', 'Kari', '')", (package.cases[0].name,))
    put("INSERT INTO attribute_type VALUES ('alder', '', 'Kari', '', 'file', 'numeric')")
    for i, one in enumerate(package.documents, 1):
        memo = "".join(notes[guid] for guid in one.notes)
        put(
            "INSERT INTO source VALUES (?, ?, ?, NULL, ?, 'Kari', '2026-03-02 10:00:00')", (i, one.name, one.text, memo)
        )
        put("INSERT INTO case_text VALUES (?, 1, ?, 0, ?, 'Kari', '', '')", (i, i, len(one.text)))
        put("INSERT INTO attribute VALUES (?, 'alder', 'file', ?, ?, '', 'Kari')", (i, one.values[0].text, i))
        for segment in one.segments:
            given = segment.codings[0]
            told = "".join(notes[guid] for guid in given.notes)
            place = (codes[given.code], i, one.text[segment.start : segment.end], segment.start, segment.end)
            made = (users[given.user], given.time[:19].replace("T", " "), told)
            put(
                "INSERT INTO code_text (cid, fid, seltext, pos0, pos1, owner, date, memo) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (*place, *made),
            )
    connection.commit()
    connection.close()
    return folder / "qualcoder.qda"


def commented(package: Package, one: Document, folder: Path) -> Path:
    """Write a document as Word with a comment a coding."""
    users = {user.guid: user.name for user in package.users}
    names = {node.guid: node.name for node in package.walk()}
    document = docx.Document()
    at = 0
    for line in one.text.split("\r\n")[:-1]:
        paragraph, done = document.add_paragraph(), at
        for segment in (p for p in one.segments if at <= p.start < at + len(line)):
            paragraph.add_run(one.text[done : segment.start])
            run = paragraph.add_run(one.text[segment.start : segment.end])
            document.add_comment([run], names[segment.codings[0].code], users[segment.codings[0].user], "")
            done = segment.end
        paragraph.add_run(one.text[done : at + len(line)])
        at += len(line) + len("\r\n")
    document.save(str(folder / f"{one.name}.docx"))
    return folder / f"{one.name}.docx"


def marked(folder: Path) -> list[str]:
    """The row of Word documents: their paragraphs become lines, so codings are compared by their quotes."""
    package = study()
    kept, whole = [], []
    for one in package.documents:
        found = items(read_package(commented(package, one, folder)))
        kept += [(name, quote, code, user) for name, _, _, quote, code, user in found["coders"]]
        own = {key for key in items(package)["coders"] if key[0] == one.name}
        whole += [(name, quote, code, user) for name, _, _, quote, code, user in own]
    cells = dict.fromkeys(COLUMNS, "–")
    cells["codings"] = f"{len({row[:3] for row in kept} & {row[:3] for row in whole})} of {len(whole)}"
    cells["coders"] = f"{len(set(kept) & set(whole))} of {len(whole)}"
    return ["Word, coded with comments", *cells.values()]


def to_files(folder: Path) -> Iterator[tuple[str, Items, set[str]]]:
    """Yield for every kind of file that is written: its name, what a reader gets back, and the kinds that it can hold."""
    package = study()
    project = Project.create(folder / "from", codebook_of(package)[0])
    import_package(project, package)
    (folder / "ut.qdpx").write_bytes(qdpx_bytes(whole(project)))
    yield ".qdpx (NVivo, ATLAS.ti, MAXQDA, QualCoder)", items(read_package(folder / "ut.qdpx")), set(COLUMNS)
    (folder / "ut.qdc").write_bytes(qdc_bytes(package_of(project)))
    yield (
        ".qdc (the codebook alone)",
        items(read_package(folder / "ut.qdc")),
        {"codes", "colours", "definitions", "sets"},
    )
    for kind in ("xlsx", "csv", "parquet"):
        path = folder / f"ut.{kind}"
        write_tables(project, path)
        other = Project.create(folder / f"from-{kind}", project.codebook)
        for source in project.sources:
            other.add(project.transcript(source.name), office=source.office)
        import_table(other, path)
        yield f".{kind} (codings; Excel, pandas, R)", items(whole(other)), {"codings", "coders", "dates"}


def rows(found: Iterator[tuple[str, Items, set[str]]]) -> list[list[str]]:
    """One row a file: how much of each kind survived, «–» for kinds that such a file cannot hold."""
    whole = items(study())
    lines = []
    for name, kept, kinds in found:
        cells = [f"{len(whole[kind] & kept[kind])} of {len(whole[kind])}" if kind in kinds else "–" for kind in COLUMNS]
        lines.append([name, *cells])
    return lines


def parts() -> dict[str, str]:
    """The generated tables of docs/exchange.md."""
    with tempfile.TemporaryDirectory() as folder:
        came = [*rows(from_dialects(Path(folder))), marked(Path(folder))]
        went = rows(to_files(Path(folder)))
    return {
        "from": table(("from", *COLUMNS.values()), came),
        "to": table(("to", *COLUMNS.values()), went),
    }


if __name__ == "__main__":
    fill(PAGE, parts())
