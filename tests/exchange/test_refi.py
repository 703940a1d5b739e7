"""REFI-QDA both ways: nothing is lost, no quote shifts, every dialect is read, hostile files raise in plain words."""

import io
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from lxml import etree

from autokode.base import archive
from autokode.base.errors import DataError
from autokode.corpus.codebook import Codebook
from autokode.exchange.code_trees import codebook_of
from autokode.exchange.package import position_counting
from autokode.exchange.package.checks import faults
from autokode.exchange.package.contents import (
    CodeNode,
    Document,
    Package,
    PackageCoding,
    PackageSegment,
    PackageSet,
    User,
    guid_of,
)
from autokode.exchange.package_export import package_of
from autokode.exchange.package_import import import_package
from autokode.exchange.refi.reading import read_qdc, read_qdpx
from autokode.exchange.refi.writing import qdc_bytes, qdpx_bytes, write_qdc, write_qdpx
from autokode.project import Project
from conftest import SHARED, needs_shared
from exchange_case import ordered, packages, quotes, schema, whole, written

REAL = ("qc_nvivo_project", "qc_demo", "blank-atlas-project", "target-atlas-project")
IN_MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - a project is written in many small steps
NAMESPACE = 'xmlns="urn:QDA-XML:project:1.0"'


def through_a_file(package: Package) -> Package:
    with tempfile.TemporaryDirectory() as folder:
        write_qdpx(Path(folder) / "p.qdpx", package)
        return read_qdpx(Path(folder) / "p.qdpx")


@given(packages())
@settings(max_examples=100)
def test_a_package_comes_back_from_a_file_as_it_was(package: Package) -> None:
    assert faults(package) == ()
    back = through_a_file(package)
    assert back.remarks == ()
    assert ordered(back) == ordered(package)
    assert qdpx_bytes(back) == qdpx_bytes(package)


def through_a_project(package: Package) -> None:
    """Import a package into a new project, export it, and import it again, which adds nothing."""
    with tempfile.TemporaryDirectory(dir=IN_MEMORY) as folder:
        project = Project.create(Path(folder) / "p", codebook_of(package)[0])
        import_package(project, package)
        out = whole(Project.open(Path(folder) / "p"))
        assert quotes(out) == quotes(package)
        assert ordered(out) == ordered(package)
        assert faults(out) == ()
        first = qdpx_bytes(out)
        taken = import_package(project, through_a_file(out))
        assert (taken.codes, taken.transcripts, taken.codings, taken.memos) == (0, 0, 0, 0)
        assert qdpx_bytes(whole(project)) == first


@given(packages())
@settings(max_examples=40)
def test_a_package_comes_back_from_a_project_as_it_was(package: Package) -> None:
    through_a_project(package)


@pytest.mark.parametrize("text", ["\u00a0", " \u00a0\n", "\u2028", "\x0c\x0b", "\u200b"])
def test_a_text_of_unusual_spaces_is_a_text(text: str) -> None:
    """Only blanks, tabs and line ends are no text; codings may point into other spaces."""
    code, user = CodeNode(guid_of("c"), "ro"), User(guid_of("u"), "Anne")
    marked = PackageSegment(guid_of("p"), 0, len(text), codings=(PackageCoding(guid_of("g"), code.guid, user.guid),))
    document = Document(guid_of("d"), "pause", text, (marked,))
    held = PackageSet(guid_of("s"), "utvalg", documents=(document.guid,))
    package = Package("stille", users=(user,), codes=(code,), documents=(document,), sets=(held,))
    through_a_project(package)
    assert quotes(through_a_file(package)) == [("pause", text, "ro")]


@pytest.mark.slow
@given(packages())
@settings(max_examples=3000)
def test_thousands_of_packages_come_back_from_a_project(package: Package) -> None:
    through_a_project(package)


@needs_shared
@given(packages())
@settings(max_examples=60)
def test_files_are_valid_by_the_standards_schemas(package: Package) -> None:
    project, codebook = schema("Project.xsd"), schema("Codebook.xsd")
    with zipfile.ZipFile(io.BytesIO(qdpx_bytes(package))) as found:
        assert set(found.namelist()) == {"project.qde", *(f"sources/{one.guid}.txt" for one in package.documents)}
        project.assertValid(etree.fromstring(found.read("project.qde")))
    codebook.assertValid(etree.fromstring(qdc_bytes(package)))


@needs_shared
@pytest.mark.parametrize(
    ("time", "written_as"),
    [
        ("2026-03-01", "2026-03-01T00:00:00"),
        ("2026-03-01 10:15", "2026-03-01T10:15:00"),
        ("2026-03-01T10:15:00.5+0100", "2026-03-01T10:15:00.5+01:00"),
        ("i går", None),
        ("2026-13-45T10:00:00", None),
        ("", None),
    ],
)
def test_times_are_written_as_the_standard_has_them(time: str, written_as: str | None) -> None:
    """The times in codings.csv may be days only."""
    coded = PackageSegment(
        "0c0c0c0c-0000-4000-8000-000000000004", 0, 2, "", "", (PackageCoding(guid_of("g"), guid_of("c"), "", time),)
    )
    package = Package(
        "p", codes=(CodeNode(guid_of("c"), "k"),), documents=(Document(guid_of("d"), "d", "Ja.", (coded,)),)
    )
    with zipfile.ZipFile(io.BytesIO(qdpx_bytes(package))) as found:
        root = etree.fromstring(found.read("project.qde"))
    schema("Project.xsd").assertValid(root)
    assert root.find(".//{*}Coding").get("creationDateTime") == written_as


@given(packages())
@settings(max_examples=50)
def test_a_codebook_comes_back_from_a_qdc(package: Package) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_qdc(Path(folder) / "k.qdc", package)
        back = read_qdc(Path(folder) / "k.qdc")
    assert [replace(node, codes=(), notes=()) for node in back.walk()] == [
        replace(node, codes=(), notes=()) for node in package.walk()
    ]
    assert [one.codes for one in back.sets] == [one.codes for one in package.sets if one.codes]


@needs_shared
@pytest.mark.parametrize("name", REAL)
def test_real_projects_come_out_of_a_project_as_they_were(name: str, tmp_path: Path) -> None:
    package = read_qdpx(SHARED / "qda" / f"{name}.qdpx")
    schema("Project.xsd").assertValid(
        etree.fromstring(zipfile.ZipFile(io.BytesIO(qdpx_bytes(package))).read("project.qde"))
    )
    assert ordered(through_a_file(package)) == ordered(package)
    if not package.codes:
        with pytest.raises(DataError, match="har verken koder eller tekster"):
            import_package(Project.create(tmp_path / "p", Codebook.from_yaml("koder:\n- navn: x")), package)
        return
    project = Project.create(tmp_path / "p", codebook_of(package)[0])
    taken = import_package(project, package)
    out = whole(project)
    assert taken.transcripts == len(package.documents)
    assert quotes(out) == quotes(package)
    assert {node.guid: node.name for node in out.walk()} == {node.guid: node.name for node in package.walk()}
    Project.open(tmp_path / "p")  # the codebook file can be read again


@needs_shared
def test_quotes_of_the_real_interviews_are_whole_lines(tmp_path: Path) -> None:
    package = read_qdpx(SHARED / "qda" / "qc_demo.qdpx")
    board = next(one for one in package.documents if one.name == "board_2017")
    assert (len(package.documents), len(board.segments), len(quotes(package))) == (2, 158, 205)
    starts = {0} | {i + 1 for i, character in enumerate(board.text) if character == "\n"}
    assert all(one.start in starts for one in board.segments)
    assert {node.name for node in package.walk()} >= {"rq1_definition", "cs_as_programming"}


# dialects

TEXT = (
    "Intervjuer: Får dere tid? 😀\r\nÅse: Nei, ikke på høsten.\r\nIntervjuer: Så når?\r\n"
    "Åse: Aldri, blå bær. 👍\r\nÅse: Slutt nå."
)
WANTED = ["Nei, ikke på høsten.", "Så når?", "Aldri, blå bær.", "Slutt nå."]
COUNTS = {
    "code points": len,
    "UTF-16": lambda text: len(text.encode("utf-16-le")) // 2,
    "CRLF as one": lambda text: len(text.replace("\r\n", "\n")),
    "CRLF as one, UTF-16": lambda text: len(text.replace("\r\n", "\n").encode("utf-16-le")) // 2,
    "with the mark": lambda text: 1 + len(text),
}


def dialect(count: str, *, selection: str = "", code: str = "<Coding {g}><CodeRef targetGUID='{c}'/></Coding>") -> str:
    counted = COUNTS[count]
    guid = "0c0c0c0c-0000-4000-8000-0000000000{:02x}"
    marks = []
    for i, quote in enumerate(WANTED):
        start = TEXT.index(quote)
        inside = code.format(g=f"guid='{guid.format(100 + i)}'", c=guid.format(1))
        marks.append(
            f"<PlainTextSelection guid='{guid.format(10 + i)}' startPosition='{counted(TEXT[:start])}' "
            f"endPosition='{counted(TEXT[: start + len(quote)])}'>{selection}{inside}</PlainTextSelection>"
        )
    return (
        f"<Project {NAMESPACE} name='prøve' origin='et program'><CodeBook><Codes><Code guid='{guid.format(1)}' name='tid' "
        f"isCodable='true'/></Codes></CodeBook><Sources><TextSource guid='{guid.format(2)}' name='intervju' "
        f"plainTextPath='internal://{guid.format(2).upper()}.txt'>{''.join(marks)}</TextSource></Sources></Project>"
    )


SOURCE = "sources/0c0c0c0c-0000-4000-8000-000000000002.txt"


def quotes_read(path: Path) -> list[str]:
    return [document.text[one.start : one.end] for document in read_qdpx(path).documents for one in document.segments]


@pytest.mark.parametrize("count", COUNTS)
def test_no_quote_shifts_however_positions_are_counted(count: str, tmp_path: Path) -> None:
    mark = b"\xef\xbb\xbf" if "mark" in count else b""
    path = written(tmp_path, dialect(count), {SOURCE: mark + TEXT.encode()})
    assert quotes_read(path) == WANTED
    remarks = read_qdpx(path).remarks
    assert bool(remarks) == (count != "code points")
    assert all("intervju: posisjonene teller" in remark for remark in remarks)


@pytest.mark.parametrize(("start", "end"), [(1, 5), (0, 1), (-1, 5), (0, 6), (5, 3)])
def test_a_position_outside_the_text_or_within_a_character_is_evidence_against_a_counting(start: int, end: int) -> None:
    found = position_counting._evidence(
        position_counting.TextWithSpans("😀 ja", (position_counting.StatedSpan(start, end),))
    )
    assert found[position_counting.Counting(utf16=True)] == (-position_counting.OUTSIDE, True)


def test_lone_line_feeds_counted_as_two(tmp_path: Path) -> None:
    stored = TEXT.replace("\r\n", "\n")
    path = written(tmp_path, dialect("code points"), {SOURCE: stored.encode()})
    assert quotes_read(path) == WANTED
    assert "linjeskift som to tegn" in read_qdpx(path).remarks[0]


def test_an_uncounted_byte_order_mark_moves_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, dialect("code points"), {SOURCE: b"\xef\xbb\xbf" + TEXT.encode()})
    assert quotes_read(path) == WANTED
    assert read_qdpx(path).documents[0].text == TEXT


@pytest.mark.parametrize("encoding", ["utf-16", "windows-1252"])
def test_sources_in_other_encodings(encoding: str, tmp_path: Path) -> None:
    text = TEXT if encoding == "utf-16" else TEXT.replace("😀", "x").replace("👍", "x")
    path = written(tmp_path, dialect("code points"), {SOURCE: text.encode(encoding)})
    assert quotes_read(path) == WANTED


@pytest.mark.parametrize(
    ("change", "files", "name", "remark"),
    [
        ({}, {SOURCE: TEXT}, "Trial.qde", "prosjektfilen heter Trial.qde"),
        ({}, {SOURCE.replace("sources", "Sources").upper(): TEXT}, "project.qde", ""),
        ({}, {SOURCE.removesuffix(".txt"): TEXT}, "project.qde", ""),
        ({"internal://": "relative:///../../"}, {SOURCE: TEXT}, "project.qde", "i stedet for utenfor"),
        ({"internal://": "absolute:///C:/data/"}, {SOURCE: TEXT}, "project.qde", "i stedet for utenfor"),
        ({"internal://": ""}, {SOURCE: TEXT}, "project.qde", ""),
        ({"urn:QDA-XML:project:1.0": "urn:QDA-XML:project:0:4"}, {SOURCE: TEXT}, "project.qde", "navnerommet er"),
        ({"</Sources>": "</Sources><Sets/>"}, {SOURCE: TEXT}, "project.qde", ""),
        (
            {"<Sources>": "<Links><Link guid='1'/></Links><Sources>"},
            {SOURCE: TEXT},
            "project.qde",
            "lenker, som ikke kan",
        ),
        (
            {
                "guid='0c0c0c0c-0000-4000-8000-000000000001'": "guid='kode1'",
                "targetGUID='0c0c0c0c-0000-4000-8000-000000000001'": "targetGUID='KODE1'",
            },
            {SOURCE: TEXT},
            "project.qde",
            "ikke er GUID-er",
        ),
        (
            {"0c0c0c0c-0000-4000-8000-00000000000b": "{0C0C0C0C-0000-4000-8000-00000000000A}"},
            {SOURCE: TEXT},
            "project.qde",
            "brukt to ganger",
        ),
        ({"<Codes><Code ": "<Codes><Code foreign='x' "}, {SOURCE: TEXT}, "project.qde", ""),
    ],
)
def test_dialects_of_other_programs(
    change: dict[str, str], files: dict[str, str], name: str, remark: str, tmp_path: Path
) -> None:
    inner = dialect("code points")
    for old, new in change.items():
        assert old in inner
        inner = inner.replace(old, new)
    path = written(tmp_path, inner, {file: text.encode() for file, text in files.items()}, name)
    package = read_qdpx(path)
    assert quotes_read(path) == WANTED
    assert len(quotes(package)) == len(WANTED)
    assert faults(package) == ()
    assert (remark in "\n".join(package.remarks)) if remark else package.remarks == ()


def test_a_code_right_under_a_selection_is_a_coding(tmp_path: Path) -> None:
    path = written(tmp_path, dialect("code points", code="<CodeRef targetGUID='{c}'/>"), {SOURCE: TEXT.encode()})
    package = read_qdpx(path)
    assert [quote for _doc, quote, _code in quotes(package)] == sorted(WANTED)
    assert "lest som kodinger: 4" in package.remarks[0]


def test_a_selection_without_a_coding_is_kept(tmp_path: Path) -> None:
    package = read_qdpx(written(tmp_path, dialect("code points", code=""), {SOURCE: TEXT.encode()}))
    project = Project.create(tmp_path / "p", codebook_of(package)[0])
    import_package(project, package)
    assert [one.guid for one in package_of(project).documents[0].segments] == [
        one.guid for one in package.documents[0].segments
    ]


def test_invalid_parts_are_remarked_and_the_rest_is_read(tmp_path: Path) -> None:
    inner = dialect("code points").replace(
        "</TextSource>",
        "<PlainTextSelection guid='x1' startPosition='5' endPosition='5'/>"
        "<PlainTextSelection guid='x2' startPosition='99999999999999999999' endPosition='3'/>"
        "<PlainTextSelection guid='x3' startPosition='fem' endPosition='3'/>"
        "<PlainTextSelection guid='x4' startPosition='-7' endPosition='3'/>"
        "<PlainTextSelection guid='x5' startPosition='30' endPosition='100000'/>"
        "<PlainTextSelection guid='x6' startPosition='20' endPosition='12'/>"
        "<PlainTextSelection guid='x7' startPosition='0' endPosition='11'><Coding guid='x8' creationDateTime='i går'>"
        "<CodeRef targetGUID='0c0c0c0c-0000-4000-8000-000000000001'/></Coding><Coding guid='x9'><CodeRef targetGUID='borte'/>"
        "</Coding></PlainTextSelection></TextSource>",
    )
    package = read_qdpx(written(tmp_path, inner, {SOURCE: TEXT.encode()}))
    said = "\n".join(package.remarks)
    for part in (
        "tomme merker",
        "uten lesbare posisjoner, utelatt: 2",
        "utenfor teksten",
        "forbi tekstens slutt",
        "snudd: 1",
        "ikke er i filen",
        "tidspunkter som ikke kan leses",
    ):
        assert part in said
    document = package.documents[0]
    assert {document.text[one.start : one.end] for one in document.segments} >= {*WANTED, "Intervjuer:"}
    assert faults(package) == ()


def test_times_without_a_t_and_colours_of_three_digits(tmp_path: Path) -> None:
    inner = (
        dialect("code points")
        .replace("isCodable='true'", "color='#AbC'")
        .replace("<Coding ", "<Coding creationDateTime='2026-03-02 10:15' ")
    )
    package = read_qdpx(written(tmp_path, inner, {SOURCE: TEXT.encode()}))
    assert (package.codes[0].colour, package.codes[0].codable) == ("#aabbcc", True)
    assert {given_.time for one in package.documents[0].segments for given_ in one.codings} == {"2026-03-02T10:15:00"}


def test_a_word_document_replaces_an_empty_text_file(tmp_path: Path) -> None:
    import docx

    document = docx.Document()
    document.add_paragraph("Åse: ja, det er sånn.")
    document.save(str(tmp_path / "d.docx"))
    inner = f"<Project {NAMESPACE} name='p'><Sources><TextSource guid='a' name='i' plainTextPath='internal://a.txt' richTextPath='internal://a.docx'/></Sources></Project>"
    package = read_qdpx(
        written(tmp_path, inner, {"sources/a.txt": b"\n", "sources/a.docx": (tmp_path / "d.docx").read_bytes()})
    )
    assert package.documents[0].text == "Åse: ja, det er sånn."
    assert "fra Word-utgaven" in package.remarks[0]


def test_transcripts_of_sound_and_representations_of_pages(tmp_path: Path) -> None:
    inner = (
        f"<Project {NAMESPACE} name='p'><CodeBook><Codes><Code guid='c' name='k' isCodable='true'/></Codes></CodeBook><Sources>"
        "<AudioSource guid='a' name='lyd'><Transcript guid='t' name='utskrift'><PlainTextContent>Åse: jo da</PlainTextContent>"
        "<SyncPoint guid='s1' timeStamp='0' position='5'/><SyncPoint guid='s2' timeStamp='9' position='7'/>"
        "<TranscriptSelection guid='m' fromSyncPoint='s1' toSyncPoint='s2'><Coding guid='g'><CodeRef targetGUID='c'/></Coding>"
        "</TranscriptSelection></Transcript></AudioSource><PDFSource guid='f' name='pdf'><PDFSelection guid='fs' page='1' "
        "firstX='1' firstY='1' secondX='2' secondY='2'/><Representation guid='r'><PlainTextContent>Side én</PlainTextContent>"
        "</Representation></PDFSource><PictureSource guid='b' name='bilde'/></Sources></Project>"
    )
    package = read_qdpx(written(tmp_path, inner, {}))
    assert [(document.name, document.text) for document in package.documents] == [
        ("utskrift", "Åse: jo da"),
        ("pdf", "Side én"),
    ]
    assert quotes(package) == [("utskrift", "jo", "k")]
    assert "bilder, som ikke kan beholdes: 1" in package.remarks
    assert any("merker på sider" in remark for remark in package.remarks)


def test_codebooks_of_atlas_and_taguette(tmp_path: Path) -> None:
    (tmp_path / "a.qdc").write_text(
        "<?xml version='1.0'?>\n<CodeBook xmlns='urn:QDA-XML:codebook:0:4' origin='ATLAS.ti'><Codes>"
        "<Code guid='1' name='språk og makt' isCodable='true'>"
        "<Description>ord</Description></Code></Codes></CodeBook>",
        encoding="utf-8",
    )
    atlas = read_qdc(tmp_path / "a.qdc")
    assert (atlas.codes[0].name, atlas.codes[0].description) == ("språk og makt", "ord")
    assert "navnerommet er «urn:QDA-XML:codebook:0:4»" in atlas.remarks[0]
    (tmp_path / "t.qdc").write_text(
        "<CodeBook xmlns='urn:QDA-XML:codebook:1.0'><Codes><Code guid='1' name='x' isCodable='true'/></Codes><Sets/></CodeBook>",
        encoding="utf-8",
    )
    assert any("tom <Sets/>" in remark for remark in read_qdc(tmp_path / "t.qdc").remarks)


# what is hostile


def refused(tmp_path: Path, inner: str | bytes, files: dict[str, bytes] | None = None) -> str:
    path = written(tmp_path, inner, files or {})  # type: ignore[arg-type]
    with pytest.raises(DataError) as caught:
        read_qdpx(path)
    assert "Prøv: " in str(caught.value)
    return str(caught.value)


def test_external_entities_and_entity_bombs_raise(tmp_path: Path) -> None:
    secret = tmp_path / "hemmelig.txt"
    secret.write_text("hemmelig", encoding="utf-8")
    entity = f"<!DOCTYPE p [<!ENTITY x SYSTEM '{secret.as_uri()}'>]>"
    outside = f"{entity}<Project {NAMESPACE} name='&x;'><Description>&x;</Description></Project>"
    said = refused(tmp_path, outside)
    assert "hemmelig" not in said.replace("hemmelig.txt", "")
    lol = "".join(f"<!ENTITY l{i + 1} '{f'&l{i};' * 10}'>" for i in range(9))
    assert refused(
        tmp_path,
        f"<!DOCTYPE p [<!ENTITY l0 'ha'>{lol}]><Project {NAMESPACE} name='p'><Description>&l9;</Description></Project>",
    )


def test_a_zip_bomb_raises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_UNPACKED", 1_000_000)
    path = tmp_path / "b.qdpx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("project.qde", b" " * 50_000_000)
    assert path.stat().st_size < 100_000
    with pytest.raises(DataError, match="pakker ut til over 1 MB"):
        read_qdpx(path)


@pytest.mark.parametrize("name", ["../ut.txt", "/etc/passwd", "C:\\x.txt", "sources\\..\\..\\x.txt"])
def test_a_path_out_of_the_archive_raises(name: str, tmp_path: Path) -> None:
    assert "peker ut av arkivet" in refused(tmp_path, f"<Project {NAMESPACE} name='p'/>", {name: b"x"})


def test_ten_thousand_levels_of_codes_raise(tmp_path: Path) -> None:
    for depth in (10_000, 100):
        deep = "".join(f"<Code guid='{i}' name='k{i}' isCodable='true'>" for i in range(depth)) + "</Code>" * depth
        said = refused(tmp_path, f"<Project {NAMESPACE} name='p'><CodeBook><Codes>{deep}</Codes></CodeBook></Project>")
        assert "ivåer" in said or "depth" in said


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "er ikke et zip-arkiv"),
        (b"PK\x03\x04tull", "er ikke et zip-arkiv"),
        (b"<Project/>", "er ikke et zip-arkiv"),
    ],
)
def test_files_without_a_project_raise(content: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / "x.qdpx").write_bytes(content)
    with pytest.raises(DataError, match=message):
        read_qdpx(tmp_path / "x.qdpx")


def test_an_archive_without_a_project_says_what_it_holds(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.qdpx", "w") as found:
        found.writestr("bilde.png", b"x")
    with pytest.raises(DataError, match=r"har ingen project.qde \(inneholder bilde.png\)"):
        read_qdpx(tmp_path / "x.qdpx")
    assert "fant <html>, ventet <Project>" in refused(tmp_path, "<html/>")
    assert "ikke gyldig XML" in refused(tmp_path, "<Project>")


def test_two_codes_of_one_name_get_different_names_and_keep_their_own_in_the_file(tmp_path: Path) -> None:
    inner = (
        f"<Project {NAMESPACE} name='p'><CodeBook><Codes><Code guid='1' name='mål' isCodable='true'>"
        "<Code guid='2' name='Vei' isCodable='true'/>"
        "</Code><Code guid='3' name='vei' isCodable='true'/>"
        "<Code guid='4' name='vei' isCodable='true'/></Codes></CodeBook></Project>"
    )
    package = read_qdpx(written(tmp_path, inner, {}))
    project = Project.create(tmp_path / "p", codebook_of(package)[0])
    taken = import_package(project, package)
    assert [code.name for code in project.codebook] == ["mål", "Vei", "vei (2)", "vei (3)"]
    assert "2 koder har navn som en annen kode har: «vei» → «vei (2)»" in "\n".join(taken.remarks)
    assert [node.name for node in package_of(project).walk()] == ["mål", "Vei", "vei", "vei"]


def test_a_segment_outside_its_text_is_not_written() -> None:
    from autokode.exchange.package.contents import PackageSegment

    package = Package(
        "p",
        documents=(
            Document(
                "11111111-0000-4000-8000-000000000000",
                "d",
                "kort",
                (PackageSegment("22222222-0000-4000-8000-000000000000", 2, 9),),
            ),
        ),
    )
    with pytest.raises(DataError, match="d: 2–9 er ikke i teksten"):
        qdpx_bytes(package)
