"""What other programs hand over, and tables and lists that people edit: small ones, how they are put for reading, and read."""

import contextlib
import io
import shutil
import sqlite3
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from autokode.cli.methods import _repeat
from autokode.codebook import Codebook
from autokode.coding import read_codings
from autokode.exchange.decided import take_in_table
from autokode.exchange.incoming import take_in
from autokode.exchange.outgoing import package_of
from autokode.exchange.readers import read_package
from autokode.exchange.refi_write import qdc_bytes, qdpx_bytes
from autokode.exchange.tables import codings_table, suggestions_table
from autokode.exchange.trees import codebook_of
from autokode.project import Desk, Project
from autokode.project.heard import turns_of
from autokode.project.project import FILE
from autokode.pseudonym.edits import Edit, Edits
from autokode.pseudonym.folder import undo
from autokode.pseudonym.key import Kept, Key, read_key, write_key
from autokode.pseudonym.kinds import Kind
from autokode.pseudonym.listing import read_list, write_list
from autokode.pseudonym.register import Entity, Register
from autokode.report.repeating import _said
from autokode.sheets import xlsx_bytes
from autokode.study import encoding_of, given_of, is_pseudonymised, list_transcripts, pseudonyms
from autokode.transcript import sha256_of
from conftest import ROOT
from exchange_case import QUALCODER
from fuzz_case import Target, as_file, as_json
from fuzz_transcripts import inside, unzipped, word, zipped
from test_desk import small

BOOK = """\
navn: Kodebok æøå
språk: nb
koder:
  - navn: relasjon
    kodbar: nei
    definisjon: &d >
      Det som er mellom
      dem.
    koder:
      - {navn: tid, nummer: 1, farge: "#a0b1c2", eksempel: 'Vi må ta oss tid'}
      - navn: makt
        brukes_når: "når \\u00e5 noen bestemmer"
  - navn: språk
    definisjon: *d
"""


@cache
def project_bytes() -> bytes:
    """Return a project's file: one small interview with suggestions, decisions, a memo; pages of 512 bytes."""
    with tempfile.TemporaryDirectory() as place:
        project = small(Path(place) / "p")
        desk = Desk(project, project.coder("Anne").id)
        desk.accept(1)
        desk.reject(2)
        desk.code(1, 0, 6, "språk")
        desk.memo("project", "Husk å spørre.")
        desk.undo()
        with sqlite3.connect(project.database.path, isolation_level=None) as connection:
            connection.execute("PRAGMA page_size = 512")
            connection.execute("VACUUM")
        connection.close()
        return project.database.path.read_bytes()


def project_at(folder: Path) -> Project:
    """Put the small project into a folder, as it was, and open it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / FILE).touch(0o600)
    (folder / FILE).write_bytes(project_bytes())
    return Project.open(folder)


@cache
def _project() -> Project:
    """Return the small project at a place of its own, to be read only."""
    return project_at(Path(tempfile.mkdtemp()) / "p")


# codebooks and studies


def codebooks() -> list[bytes]:
    plain = (ROOT / "training_data" / "codebook.yaml").read_bytes()[:2500]
    return [BOOK.encode(), plain.rpartition(b"\n      - ")[0], b"name: b\ncodes:\n- name: a\n  codes: [{name: c}]\n"]


def _codebook(path: Path) -> None:
    book = Codebook.read(path)
    assert Codebook.from_yaml(book.to_yaml()).sha256 == book.sha256


def studies() -> list[bytes]:
    own = "navn: s\ntranskripter:\n  - fil: a.txt\n    gruppe: Kontor A\n    intervjuere: [I]\n    merker: colon\n    talere:\n"
    return [
        (ROOT / "training_data" / "study.yaml").read_bytes(),
        f"{own}    - I\n    - Åse\npseudonymer: [Åse]\n".encode(),
    ]


def _study(path: Path) -> None:
    for entry in list_transcripts(path.parent):
        given_of(entry), encoding_of(entry)
    pseudonyms(path.parent)
    is_pseudonymised(path.parent)


# codings and decisions

_TEXT = "Ytring 0 om penger og å snakke 😀."


def codings() -> list[bytes]:
    rows = [(0, 6, "Ytring", "makt"), (12, 18, "penger", "språk"), (9, 18, 'om ""penger""\nx', "2")]
    plain = [f'møte;{a};{b};"{quote}";{code};Kari;2026-03-02T10:15:00' for a, b, quote, code in rows]
    first = "transcript;start;end;quote;code;coder;time"
    return ["\n".join([first, *plain[:2]]).encode(), "\r\n".join([first, *plain]).replace(";", ",").encode("utf-8-sig")]


def _codings(path: Path) -> None:
    project = _project()
    read_codings(path)
    read_codings(path, transcripts={"møte": project.transcript("møte")}, codebook=project.codebook)


@cache
def _tables() -> tuple[pa.Table, pa.Table]:
    project = _project()
    waiting = suggestions_table(project)
    said = pa.array(["ja", "nei", "språk", "", "makt", "yes"][: waiting.num_rows])
    waiting = waiting.set_column(waiting.schema.get_field_index("decision"), "decision", said)
    return codings_table(project), waiting


def decisions_csv() -> list[bytes]:
    found = []
    for one in _tables():
        sink = io.BytesIO()
        pyarrow.csv.write_csv(one, sink)
        found.append(sink.getvalue())
    return [*found, *codings()]


def decisions_parquet() -> list[bytes]:
    found = []
    for compression in ("none", "zstd"):
        for one in _tables():
            sink = io.BytesIO()
            pq.write_table(one, sink, compression=compression)
            found.append(sink.getvalue())
    return found


@cache
def decisions_excel() -> bytes:
    return zipped(unzipped(xlsx_bytes(dict(zip(("kodinger", "forslag"), _tables(), strict=True)))))


def _decided(path: Path) -> None:
    project = project_at(path.parent / "p")
    take_in_table(project, path, coder="Ola")


# other programs' projects


@cache
def qdpx() -> bytes:
    return zipped(unzipped(qdpx_bytes(package_of(_project(), suggestions=True))))


@cache
def _qde() -> str:
    return next(name for name in unzipped(qdpx()) if name.endswith(".qde"))


def _source() -> str:
    return next(name for name in unzipped(qdpx()) if not name.endswith(".qde"))


def qualcoder() -> list[bytes]:
    """Return QualCoder's file with a row or two in each table; pages of 512 bytes."""
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "data.qda"
        with sqlite3.connect(file) as connection:
            connection.executescript("PRAGMA page_size = 512;" + QUALCODER)
            connection.executemany(
                "INSERT INTO code_cat VALUES (?, ?, 'Kari', '', '', ?)", [(1, "relasjon", None), (2, "b", 1)]
            )
            connection.executemany(
                "INSERT INTO code_name VALUES (?, ?, 'memo', ?, 'Kari', '', '#F8E0E0')",
                [(1, "tid", 2), (2, "makt", None)],
            )
            connection.execute(
                "INSERT INTO source VALUES (1, 'intervju 1', ?, '', 'et notat', 'Kari', '2026-03-02 10:00:00')",
                (_TEXT,),
            )
            codes = [(1, 1, "Ytring", 0, 6), (2, 2, "penger", 12, 18)]
            connection.executemany(
                "INSERT INTO code_text VALUES (?, ?, 1, ?, ?, ?, 'Ola', '2026-03-03 11:12:13', 'm', NULL, NULL)", codes
            )
            connection.execute("INSERT INTO annotation VALUES (1, 1, 6, 8, 'hm', 'Ola', '')")
            connection.execute("INSERT INTO cases VALUES (1, 'Kontor A', '', 'Kari', '')")
            connection.execute("INSERT INTO case_text VALUES (1, 1, 1, 0, 10, 'Kari', '', '')")
            connection.execute("INSERT INTO attribute_type VALUES ('alder', '', 'Kari', '', 'case', 'numeric')")
            connection.execute("INSERT INTO attribute VALUES (1, 'alder', 'case', '47', 1, '', 'Kari')")
            connection.execute("INSERT INTO journal VALUES (1, 'dagbok', 'i dag', '', 'Kari')")
        connection.close()
        return [file.read_bytes()]


def _package(path: Path) -> None:
    book, _names = codebook_of(read_package(path))
    if book.codes:
        Codebook.from_yaml(book.to_yaml())


def _taken_in(path: Path) -> None:
    package = read_package(path)
    project = project_at(path.parent / "p")
    take_in(project, package, coder="Ola")
    qdpx_bytes(package_of(project))


# lists, keys and manifests


def _register() -> Register:
    people = Entity(Kind.PERSON, ("Åse Berg", "Åsa"), "Anne Lie", 3, "Hei, Åse Berg, sa hen")
    return Register([people, Entity(Kind.PLACE, ("Bodø",), "[sted 1]")], ["Mandag"])


def lists() -> list[bytes]:
    with tempfile.TemporaryDirectory() as place:
        write_list(Path(place) / "l.yaml", _register())
        return [(Path(place) / "l.yaml").read_bytes()]


def keys() -> list[bytes]:
    old, new = "I: Hei.\nÅse: Ja.\n".encode(), "I: Hei.\nAnne: Ja.\n"
    file = Kept("åse.txt", "anne.txt", old, sha256_of(new.encode()), Edits([Edit(8, 11, "Åse", "Anne")]))
    with tempfile.TemporaryDirectory() as place:
        write_key(Path(place) / "k.json", Key(_register(), (file,)))
        return [(Path(place) / "k.json").read_bytes()]


def _key(path: Path) -> None:
    read_key(path)
    folder = path.parent / "uten navn"
    folder.mkdir(exist_ok=True)
    (folder / "anne.txt").write_text("I: Hei.\nAnne: Ja.\n", encoding="utf-8")
    shutil.rmtree(path.parent / "tilbake", ignore_errors=True)
    undo(folder, path, path.parent / "tilbake")


def manifests() -> list[bytes]:
    project = _project()
    turns = [turn for turn in turns_of(project, project.coder("Anne")) if turn.answer]
    same = {"codebook_sha256": project.codebook.sha256, "transcripts": {"møte": project.transcript("møte").sha256}}
    one = {
        **same,
        "transcripts": ["møte"],
        "coder": "Anne",
        "given": "",
        "seed": 0,
        "chosen": {"question": 0.1},
        "model_sha256": "m",
        "decisions_sha256": _said(turns, {1: "møte"}),
        "suggestions_sha256": "x",
    }
    whole = {"format": 1, "versions": {}, **same, "codings_sha256": "", "rounds": [{**one, "given": "nav-nb"}, one]}
    return [as_json(whole), as_json({**whole, "rounds": []})]


def _repeated(path: Path) -> None:
    with contextlib.redirect_stdout(io.StringIO()):
        assert _repeat(_project(), path) in (0, 1)


def _inside(
    name: str, whole: object, members: Sequence[str], words: tuple[bytes, ...], *, file: str, read: object
) -> Target:
    def parts() -> tuple[object, object]:
        return inside(whole, *(one() if callable(one) else one for one in members), file=file)  # type: ignore[arg-type]

    def seeds() -> Sequence[bytes]:
        return parts()[0]()  # type: ignore[operator, no-any-return]

    def put(folder: Path, data: bytes) -> Path:
        return parts()[1](folder, data)  # type: ignore[operator, no-any-return]

    return Target(name, seeds, put, read, words)  # type: ignore[operator, arg-type]


_REFI = (
    b"<Code ",
    b"<Codes>",
    b'guid="',
    b"<NoteRef ",
    b"<CodeRef ",
    b'startPosition="',
    b"<PlainTextSelection ",
    b"<TranscriptSelection ",
    b"<PlainTextContent>",
    b'plainTextPath="internal://',
    b"<Set ",
    b"<Case ",
    b"<VariableValue>",
    b"<SyncPoint ",
    b"isCodable=",
    b"<!DOCTYPE",
)
_YAML = (
    b"- ",
    b": ",
    b"  ",
    b"&a ",
    b"*a",
    b"<<: ",
    b"!!",
    b"? ",
    b"| ",
    b"> ",
    b"{",
    b"}",
    b"[",
    b"]",
    b"navn: ",
    b"koder:\n",
    b"%YAML 1.1\n---\n",
    b"definisjon: [*a, *a]",
    b"2001-99-99",
    b"!!binary ",
    b"!!set",
    b"!!omap",
    b"!!timestamp ",
    b"kodbar: ",
)
_CSV = (
    b"transcript",
    b"start",
    b"end",
    b"quote",
    b"code",
    b'""',
    b";",
    b",",
    b"decision",
    "møte".encode(),
    b"ja",
    b"utterance",
)
_SQL = (b"CREATE TABLE ", b"CREATE VIEW ", b" AS (hex(zeroblob(9)))", b"\x01\x17", b"\xff" * 8)

TARGETS = (
    Target("codebook.yaml", codebooks, as_file("codebook.yaml"), _codebook, _YAML),
    Target(
        "study.yaml", studies, as_file("study.yaml"), _study, (*_YAML, b"fil: ", b"transkripter:\n", b"pseudonymer: ")
    ),
    Target("codings.csv", codings, as_file("codings.csv"), _codings, _CSV),
    Target("decisions, .csv", decisions_csv, as_file("d.csv"), _decided, _CSV),
    Target("decisions, .parquet", decisions_parquet, as_file("d.parquet"), _decided),
    _inside(
        "decisions, .xlsx",
        decisions_excel,
        ("xl/worksheets/sheet2.xml", "xl/sharedStrings.xml", "xl/workbook.xml"),
        (b'<row r="1048576">', b'<c r="XFD9">', b't="s"', b"<v>"),
        file="d.xlsx",
        read=_decided,
    ),
    Target(".qdpx, the archive", lambda: [qdpx()], as_file("p.qdpx"), _package),
    _inside(".qdpx, the project", qdpx, (_qde, _source), _REFI, file="p.qdpx", read=_package),  # type: ignore[arg-type]
    _inside(".qdpx into a project", qdpx, (_qde, _source), _REFI, file="p.qdpx", read=_taken_in),  # type: ignore[arg-type]
    Target(".qdc", lambda: [qdc_bytes(package_of(_project()))], as_file("c.qdc"), _package, _REFI),
    Target("QualCoder's data.qda", qualcoder, as_file("data.qda"), _package, _SQL),
    _inside(
        "Word coded by hand",
        word,
        ("word/document.xml", "word/comments.xml"),
        (
            b"<w:comment ",
            b"<w:commentRangeStart ",
            b"<w:commentRangeEnd ",
            b'w:id="1"',
            b'w:date="',
            b"<w:highlight w:val='red'/>",
        ),
        file="kodet.docx",
        read=_package,
    ),
    Target(
        "list of pseudonyms",
        lists,
        as_file("l.yaml"),
        read_list,
        (*_YAML, b"slag: ", b"former: ", b"blir: ", b"funn:", "la_stå: ".encode()),
    ),
    Target(
        "key of pseudonyms",
        keys,
        as_file("k.json"),
        _key,
        (b'"edits": [', b'"forms": ', b'"leave": ', b'"data": "', b'"new_name": "..'),
    ),
    Target(
        "manifest of methods",
        manifests,
        as_file("m.json"),
        _repeated,
        (b'"rounds": [', b'"transcripts": ', b'"given": ', b'"chosen": '),
    ),
)
"""Everything else that is read from a file somebody made or edited, but for models and rows."""
