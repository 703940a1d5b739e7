"""The report as people see it: golden files in both languages, every link and number checked against the codings."""

import io
import json
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import docx
import openpyxl
import pytest
from lxml import etree

from autokode.base.errors import DataError
from autokode.base.messages import reading_in
from autokode.base.tables import xlsx_bytes
from autokode.cli import run
from autokode.corpus.codebook import Codebook
from autokode.project import Project
from autokode.project.views.coder_readings import transcripts_of
from autokode.report.book import Book, book_of
from autokode.report.data_checks import material_of
from autokode.report.methods import methods_of
from autokode.report.methods_text import paragraphs, text_of
from autokode.report.plots import bars
from autokode.report.render.page import page
from autokode.report.render.word import docx_bytes, methods_docx
from autokode.report.render.workbook import sheets_of
from autokode.report.training_manifest import manifest, repeat
from conftest import golden
from report_case import BOOK, OFFICES, SAID, decided, study

HASH = re.compile(r"\b[0-9a-f]{64}\b")
VERSIONS = re.compile(r"(python|autokode|numpy|scipy|scikit-learn|spacy) \d[\w.+]*")
IMAGE = re.compile(r"data:image/svg\+xml;base64,[A-Za-z0-9+/=]+")


def steady(text: str) -> str:
    """The text without differences between machines: versions, hashes, pictures."""
    return IMAGE.sub("data:…", VERSIONS.sub(r"\1 …", HASH.sub("…", text)))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return study(tmp_path_factory.mktemp("rapport") / "prosjekt")


def book(project: Project, **options: object) -> Book:
    return book_of(project, material_of(project), methods_of(project), **options)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def made(project: Project) -> Book:
    return book(project)


class Links(HTMLParser):
    """Collects ids, links, alt texts and outside resources."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.sources: list[str] = []
        self.alts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids.append(str(value))
            elif name == "href":
                self.links.append(str(value))
            elif name in ("src", "srcset", "action", "data", "poster"):
                self.sources.append(str(value))
            elif name == "alt":
                self.alts.append(str(value))


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_page(project: Project, language: str) -> None:
    with reading_in(language):
        text = page(book(project))
    golden(f"report_{language}.html", steady(text))
    found = Links(text)
    assert len(set(found.ids)) == len(found.ids)
    assert found.links and all(link.startswith("#") and link[1:] in found.ids for link in found.links)
    assert all(source.startswith("data:image/svg+xml;base64,") for source in found.sources) and len(found.sources) == 2
    assert all(len(alt) > 40 for alt in found.alts) and len(found.alts) == 2
    assert "http" not in re.sub(r"http-equiv", "", IMAGE.sub("", text))


def test_every_cell_opens_the_answers_behind_it(made: Book) -> None:
    tree = etree.fromstring(page(made).encode("utf-8"), etree.HTMLParser(encoding="utf-8"))
    codes = made.co_occurrences.codes
    cells = {}
    for a in tree.iterfind(".//table[@class='grid']//a"):
        cells.setdefault(a.get("href")[1:], []).append(int(a.text))
    for pair in made.co_occurrences.pairs:
        name = f"p{codes.index(pair.a)}-{codes.index(pair.b)}"
        behind = tree.findall(f".//div[@id='{name}']/ul/li")
        assert cells.get(name, []) == [pair.both] * 2 * bool(pair.both) and len(behind) == pair.both
        for item, (transcript, index) in zip(behind, pair.places, strict=True):
            said = made.material.transcripts[transcript].utterances[index].text
            assert said[:100] in "".join(item.itertext())
            assert item.find("a").get("href")[1:] in {one.get("id") for one in tree.iterfind(".//article")}
    assert sum(pair.both for pair in made.pairs) > 0


def test_quotes_and_summaries_are_at_their_positions(made: Book) -> None:
    shown = 0
    for theme in made.themes:
        for quote in (*theme.quotes, *theme.summary, *filter(None, (theme.typical, theme.atypical))):
            transcript = made.material.transcripts[quote.transcript]
            utterance = transcript.utterances[quote.utterance]
            assert transcript.text[quote.start : quote.end] == quote.text
            assert utterance.start <= quote.start < quote.end <= utterance.end
            assert (
                quote.attribution
                == f"– {quote.transcript.capitalize()}, {OFFICES.get(quote.transcript, 'Bibliotek C')}"
            )
            shown += 1
    assert shown > 60
    silent = next(theme for theme in made.themes if theme.name == "fellesskap").silent
    assert {one.name for one in silent} == set()
    assert {one.name for one in made.codes[0].silent} == {"Camilla"}  # she is not coded with «ro»


def test_the_word_file(made: Book) -> None:
    data = docx_bytes(made)
    document = docx.Document(io.BytesIO(data))
    lines = [f"{p.style.name}: {p.text}" for p in document.paragraphs if p.text]
    tables = [" | ".join(cell.text for cell in row.cells) for table in document.tables for row in table.rows]
    golden("report_docx.txt", steady("\n".join([*lines, *tables]) + "\n"))
    styles = {p.style.name for p in document.paragraphs}
    assert {"Title", "Subtitle", "Heading 1", "Heading 2", "Heading 3", "Quote", "Caption", "List Bullet"} <= styles
    assert {"TOC Heading", "toc 1", "toc 2", "toc 3", "endnote text"} <= styles
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        body = archive.read("word/document.xml").decode("utf-8")
        assert 'w:val="nb-NO"' in archive.read("word/styles.xml").decode("utf-8")
    marks = set(re.findall(r'w:bookmarkStart [^>]*w:name="(\w+)"', body))
    links = set(re.findall(r'w:hyperlink w:anchor="(\w+)"', body))
    assert links == marks and len(marks) > 10
    assert len(re.findall(r'descr="[^"]{40,}"', body)) == 3
    assert data == docx_bytes(made)
    about = document.core_properties
    assert (about.title, about.language, about.author) == (made.title, "nb-NO", "")


def test_the_workbook(made: Book) -> None:
    data = xlsx_bytes(sheets_of(made))
    sheets = openpyxl.load_workbook(io.BytesIO(data))
    assert sheets.sheetnames == ["Temaer", "Hvem", "Sitater", "Sammendrag", "Sammen", "Kategorier", "Metode"]
    rows = [f"{s.title}: " + " | ".join(str(v) for v in row) for s in sheets for row in s.iter_rows(values_only=True)]
    golden("report_xlsx.txt", steady("\n".join(rows) + "\n"))
    assert all(sheet.freeze_panes == "A2" and sheet.auto_filter.ref for sheet in sheets)
    quotes = [row for row in sheets["Sitater"].iter_rows(min_row=2, values_only=True) if row[0] == "bøker å låne"]
    assert len(quotes) == 6 and all(isinstance(row[6], int) for row in quotes)
    assert data == xlsx_bytes(sheets_of(made))


def test_the_same_project_gives_the_same_page(project: Project, made: Book) -> None:
    again = book(project)
    assert page(made) == page(again)
    picture = bars(made.codes)
    assert picture.png[:8] == b"\x89PNG\r\n\x1a\n" and b"<svg" in picture.svg and b"dc:date" not in picture.svg


def test_the_book_covers_the_named_codes_only(project: Project) -> None:
    one = book(project, codes=["ro"], reach=2, groups=2)
    assert [theme.name for theme in one.themes] == ["ro"] and one.proposal is not None and len(one.proposal.groups) == 2
    assert "innen 2 ytringer" in page(one)
    assert one.co_occurrences.pair("ro", "fellesskap").both > book(project).co_occurrences.pair("ro", "fellesskap").both
    with pytest.raises(DataError, match="koden «fred» er ikke i kodeboken"):
        book(project, codes=["fred"])
    with pytest.raises(DataError, match="kan ikke dele 4 koder i 5 grupper"):
        book(project, groups=5)
    per = material_of(project, coders=["Per"])
    assert {coding.coder for coding in per.codings} == {"Per"}
    with pytest.raises(DataError, match="ingen koder heter «Pål»; fant Kari, Per"):
        material_of(project, coders=["Pål"])


def test_names_that_may_be_real_are_not_quoted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "p"
    project = study(folder, pseudonymised=False)
    out = tmp_path / "rapport.html"
    assert run(["report", "--project", str(folder), "--out", str(out)]) == 2
    said = capsys.readouterr().err
    assert "anna: er ikke merket som pseudonymisert" in said and "autokode pseudonymise" in said and "--as-is" in said
    assert not out.exists()
    assert (
        run(["report", "--project", str(folder), "--out", str(out), "--as-is"]) == 0 and out.stat().st_mode & 0o77 == 0
    )
    for name in SAID:
        assert not project.add(project.transcript(name), pseudonymised=True)  # it is there already, and marked now
    assert project.pseudonymised == set(SAID)
    assert run(["report", "--project", str(folder), "--out", str(out)]) == 0


def test_transcripts_of_a_pseudonymised_folder_are_marked(tmp_path: Path) -> None:
    place = tmp_path / "studie"
    place.mkdir()
    BOOK.write(place / "codebook.yaml")
    for name in ("a", "b"):
        (place / f"{name}.txt").write_text("I: Hva?\nAnne: Ja, det var fint der.\n", encoding="utf-8")
    folder = str(tmp_path / "p")
    assert run(["init", folder, "--codebook", str(place / "codebook.yaml")]) == 0
    assert run(["add", str(place / "a.txt"), "--project", folder]) == 0
    assert Project.open(folder).pseudonymised == set()
    (place / "study.yaml").write_text("transkripter:\n  - fil: a.txt\npseudonymer: []\n", encoding="utf-8")
    assert run(["add", str(place / "a.txt"), str(place / "b.txt"), "--project", folder]) == 0
    assert Project.open(folder).pseudonymised == {"a"}  # b.txt is not one that was written there
    assert run(["add", str(place / "b.txt"), "--project", folder, "--pseudonymised"]) == 0
    assert Project.open(folder).pseudonymised == {"a", "b"}


def test_report_on_the_command_line(project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outs = [tmp_path / f"rapport.{kind}" for kind in ("html", "docx", "xlsx")]
    given = [word for out in outs for word in ("--out", str(out))]
    edited = tmp_path / "forslag.yaml"
    assert run(["report", "--project", str(project.folder), *given, "--codebook-out", str(edited)]) == 0
    assert all(out.stat().st_size > 5000 for out in outs)
    proposed = Codebook.read(edited)
    assert set(proposed.codable) == set(BOOK.codable) and "Forslag til kategori" in edited.read_text(encoding="utf-8")
    capsys.readouterr()
    for wrong, said in (
        (["--out", "rapport.pdf"], "--out rapport.html"),
        (["--code", "fred"], "koden «fred» er ikke i kodeboken"),
        (["--coder", "Pål"], "fant Kari, Per"),
        (["--near", "-1"], "--near"),
    ):
        assert run(["report", "--project", str(project.folder), *wrong]) == 2
        assert said in capsys.readouterr().err
    empty = Project.create(tmp_path / "tomt", BOOK)
    assert run(["report", "--project", str(empty.folder)]) == 2
    assert "ingenting er kodet ennå" in capsys.readouterr().err


@pytest.fixture(scope="module")
def learnt(tmp_path_factory: pytest.TempPathFactory) -> Project:
    found = study(tmp_path_factory.mktemp("laert") / "prosjekt")
    decided(found)
    return found


def test_the_methods_section(learnt: Project) -> None:
    methods = methods_of(learnt)
    golden("methods.md", steady(text_of(methods)))
    ola = methods.coders[2]
    v = ola.verdicts
    assert (v.accepted, v.changed, v.rejected) == (3, 1, 2) and v.decided == 6
    assert v.achieved == 0.5 and v.promised is not None and 0 < v.promised < 1
    assert ola.suggested == 4 and ola.model is not None and ola.model.rounds == 1
    document = docx.Document(io.BytesIO(methods_docx(methods, "Biblioteket")))
    said = [p.text for p in document.paragraphs]
    assert [*paragraphs(methods, "nb")] == said[2 : 2 + len(paragraphs(methods, "nb"))]
    assert said.count("Metode") == said.count("Metode, på engelsk") == 1
    assert not [text for text in said if "--" in text]  # no command of a terminal


def test_held_out_figures_are_in_the_methods(learnt: Project) -> None:
    methods = methods_of(learnt, held_out=True)
    assert methods.evaluation is not None and methods.evaluation.interviews == tuple(sorted(SAID))
    assert any("holde ett og ett av 6 intervjuer" in text for text in paragraphs(methods, "nb"))
    assert any("holding out each of 6 interviews" in text for text in paragraphs(methods, "en"))


def test_a_manifest_is_enough_to_repeat_it(learnt: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = json.loads(json.dumps(manifest(learnt)))
    assert not {said for rows in SAID.values() for _, said in rows} & set(re.findall(r'"([^"]*)"', json.dumps(given)))
    (again,) = repeat(learnt, given)
    assert (again.coder, again.same, again.differs) == ("Ola", True, ()) and again.suggestions > 0
    other = study(tmp_path / "andre", order=tuple(reversed(SAID)))  # another's project, taken in another order
    ola = [one for one in learnt.codings("Kari") if one.segment.transcript not in ("anna", "conny")]
    from dataclasses import replace

    other.add_codings([replace(one, coder="Ola") for one in ola])
    (theirs,) = repeat(other, given)
    assert theirs.same and theirs.suggestions == again.suggestions
    file = tmp_path / "manifest.json"
    assert run(["methods", "--project", str(learnt.folder), "--manifest", str(file)]) == 0
    assert run(["methods", "--project", str(other.folder), "--repeat", str(file)]) == 0
    assert "de samme byte for byte" in capsys.readouterr().out
    other.add_codings([replace(ola[0], code="ro" if ola[0].code != "ro" else "åpningstid", coder="Ola")])
    assert run(["methods", "--project", str(other.folder), "--repeat", str(file)]) == 1
    assert "det Ola har kodet og lest" in capsys.readouterr().out
    third = Project.create(tmp_path / "tredje", BOOK)
    (missing,) = repeat(third, given)
    digest = learnt.transcript("anna").sha256
    assert not missing.same and f"transkripsjonen med SHA-256 {digest[:12]}…" in missing.differs
    for text in ("{}", "[]", "nei"):
        file.write_text(text, encoding="utf-8")
        assert run(["methods", "--project", str(third.folder), "--repeat", str(file)]) == 2
        assert "manifest.json" in capsys.readouterr().err


def test_a_manifest_names_no_interview(learnt: Project, tmp_path: Path) -> None:
    """An interview's name is its file's, which may be a person's; a project with other file names repeats it all the same."""
    from dataclasses import replace

    given = manifest(learnt)
    of_models = [path.read_text(encoding="utf-8") for path in learnt.folder.rglob("manifest.json")]
    assert of_models and not {*SAID} & set(re.findall(r'"([^"]*)"', json.dumps(given) + "".join(of_models)))
    other = Project.create(tmp_path / "andre", BOOK)
    for i, source in enumerate(learnt.sources):
        other.add(replace(learnt.transcript(source.name), name=f"Ola Nordmann {9 - i}"), office=source.office)
    new = {source.name: f"Ola Nordmann {9 - i}" for i, source in enumerate(learnt.sources)}
    own = [one for one in learnt.codings("Kari") if one.segment.transcript not in ("anna", "conny")]
    renamed = [replace(one, segment=replace(one.segment, transcript=new[one.segment.transcript])) for one in own]
    other.add_codings([replace(one, coder="Ola") for one in renamed])
    (again,) = repeat(other, json.loads(json.dumps(given)))
    assert again.same and again.suggestions > 0


def test_methods_on_the_command_line(learnt: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(learnt.folder)
    for kind in ("docx", "md", "txt"):
        assert run(["methods", "--project", folder, "--out", str(tmp_path / f"metode.{kind}")]) == 0
    assert (tmp_path / "metode.md").read_text(encoding="utf-8").startswith("# Metode\n\nMaterialet er 6 intervjuer")
    capsys.readouterr()
    assert run(["methods", "--project", folder]) == 0
    assert "# Methods" in capsys.readouterr().out
    assert run(["methods", "--project", folder, "--out", "metode.pdf"]) == 2
    assert "--out metode.docx" in capsys.readouterr().err
    assert len(transcripts_of(learnt)) == 6
