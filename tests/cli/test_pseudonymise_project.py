"""`autokode pseudonymise --project`, as somebody who coded first and thought of names afterwards uses it."""

import re
from pathlib import Path

import pytest
from docx import Document

from autokode.cli import run
from autokode.project import Project, Reviewer
from autokode.project.active_learning.training_round import learn
from autokode.project.store.integrity import check
from autokode.project.store.project_files import models
from autokode.project.store.round_rows import round_shown
from autokode.pseudonym import read_key
from autokode.review.page_locks import only_one
from pseudonym_case import dump, full_of_names
from review_case import copied
from trace_case import traces

SAID = """Intervju med Solveig Tangerud, Løten
Intervjuer: Hvem jobber du sammen med på bakeriet?
Solveig Tangerud: Mest med Håkon Brekkhus. Håkons kontor ligger i Storgata 14, og søsteren min Åshild ringer 900 12 345.
Intervjuer: Og hva sier Håkon om deigen?
Solveig Tangerud: Han sier at Tangerud får vente. Det er makt i det, synes jeg. Åshild ler av ham.
Torunn Vikesland: Kan du si mer om makt?
Solveig Tangerud: Ja, Håkon bestemmer når ovnen tennes, og da må både jeg og Åshild komme.
Intervjuer: Takk, Solveig.
Solveig Tangerud: Takk selv. Hils Håkon Brekkhus.
"""
LATER = """Intervjuer: Kjenner du Solveig?
Ragnfrid Moseng: Solveig Tangerud og Håkon Brekkhus jobber på bakeriet, ja.
"""
NEEDLES = {"Solveig", "Tangerud", "Håkon", "Brekkhus", "Åshild", "Torunn", "Vikesland", "Storgata", "900 12", "Bjarne"}
RARE = {"Tangerud", "Brekkhus", "Vikesland"}
BOOK = (
    "koder:\n  - navn: makt\n    eksempler: [Håkon bestemmer når ovnen tennes.]  # sagt av Solveig\n  - navn: språk\n"
)


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A messy Word file, added and coded, with memos and a model that learnt from it."""
    place = tmp_path_factory.mktemp("bakeriet")
    document = Document()
    document.core_properties.author = "Torunn Vikesland"
    for line in SAID.splitlines():
        document.add_paragraph(line)
    document.save(str(place / "Solveig Tangerud.docx"))
    (place / "bok.yaml").write_text(BOOK, encoding="utf-8")
    project = str(place / "p")
    assert run(["init", project, "--codebook", str(place / "bok.yaml")]) == 0
    (place / "p" / "codebook.yaml").write_text(BOOK, encoding="utf-8")
    assert run(["add", str(place / "Solveig Tangerud.docx"), "--project", project]) == 0
    opened = Project.open(project)
    reviewer, source = Reviewer(opened, opened.coder("Torunn Vikesland").id), opened.sources[0]
    text = opened.transcript(source.name).text
    for quote, code in (
        ("Håkons kontor", "makt"),
        ("Håkon Brekkhus", "språk"),
        ("Brekkhus", "språk"),
        ("Det er makt", "makt"),
    ):
        at = text.index(quote, text.index("Mest med"))
        reviewer.code(source.id, at, at + len(quote), code)
    for number in opened.transcript(source.name).answers:
        reviewer.read(source.id, number)
    reviewer.memo("project", "Håkon og Solveig. Ring Bjarne Utne.")
    learn(opened, opened.coder("Torunn Vikesland"))
    return place


@pytest.fixture
def place(pattern: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("autokode.project.store.project_files.cache_folder", lambda: tmp_path / "cache")
    copied(pattern / "p", tmp_path / "p")
    return tmp_path


def pseudonymise(place: Path, *options: str) -> int:
    return run(["pseudonymise", "--project", str(place / "p"), *options])


def test_list_check_write_and_undo(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, listing = dump(place / "p"), place / "navn.yaml"
    assert pseudonymise(place, "--list", str(listing)) == 0
    assert "Ingenting er erstattet" in capsys.readouterr().out
    assert dump(place / "p") == before
    text = listing.read_text(encoding="utf-8")
    becomes = str(re.search(r"Håkon\n(?: +.*\n)*? +blir: (\S+)", text)[1])  # type: ignore[index]
    listing.write_text(text.replace(f"blir: {becomes}\n", "blir: Vebjørn\n"), encoding="utf-8")
    assert pseudonymise(place, "--list", str(listing), "--yes") == 0
    out = capsys.readouterr().out
    assert "1 intervjuer pseudonymisert" in out
    assert "4 kodinger står på de samme ordene" in out
    assert "koder: Torunn Vikesland → " in out
    assert str(place / "p-nøkkel.json") in out
    assert f"  {listing}\n" in out
    assert set().union(*traces(NEEDLES, place / "p", place / "cache").values()) <= {
        "features.npy"
    }  # words of all Norwegian
    assert traces(RARE, place / "p", place / "cache") == {}
    assert check(place / "p") == []
    project = Project.open(place / "p")
    (source,) = project.sources
    assert source.name in project.pseudonymised
    quotes = [coding.segment.quote for coding in project.codings()]
    assert "Vebjørns kontor" in quotes
    assert "Vebjørn" in quotes
    (coder,) = project.coders
    assert round_shown(project, coder) is not None
    assert models(place / "p")
    assert run(["status", "--project", str(place / "p")]) == 0
    assert "pseudonymisert av" in capsys.readouterr().out
    assert run(["report", "--project", str(place / "p"), "--out", str(place / "rapport.html")]) == 0
    assert not any(name in (place / "rapport.html").read_text(encoding="utf-8") for name in NEEDLES)
    reviewer = Reviewer(project, coder.id)
    at = project.transcript(source.name).text.index("Vebjørn bestemmer")
    reviewer.code(source.id, at, at + len("Vebjørn bestemmer når"), "makt")
    assert pseudonymise(place, "--undo") == 0
    assert "1 intervjuer ført tilbake" in capsys.readouterr().out
    assert check(place / "p") == []
    project = Project.open(place / "p")
    assert project.transcript("Solveig Tangerud").text == SAID.removesuffix("\n")
    assert {"Håkons kontor", "Brekkhus", "Håkon bestemmer når"} <= {
        coding.segment.quote for coding in project.codings()
    }
    assert (place / "p" / "codebook.yaml").read_text(encoding="utf-8") == BOOK
    kept = [
        line
        for line in before
        if line.startswith(("INSERT INTO transcript", "INSERT INTO utterance", "INSERT INTO memo"))
    ]
    assert set(kept) <= set(dump(place / "p"))


def test_a_second_interview_gets_the_names_of_the_first(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pseudonymise(place, "--yes", "--list", str(place / "navn.yaml")) == 0
    first = {form: e.becomes for e in read_key(place / "p-nøkkel.json").register.entities for form in e.forms}
    (place / "Ragnfrid.txt").write_text(LATER, encoding="utf-8")
    assert run(["add", str(place / "Ragnfrid.txt"), "--project", str(place / "p")]) == 0
    capsys.readouterr()
    assert pseudonymise(place, "--yes", "--list", str(place / "navn.yaml")) == 2
    assert "er laget av andre tekster enn prosjektet har nå" in capsys.readouterr().err
    assert pseudonymise(place, "--yes", "--list", str(place / "navn2.yaml")) == 0
    project = Project.open(place / "p")
    said = "".join(project.transcript(source.name).text for source in project.sources)
    assert f"{first['Solveig Tangerud']} og {first['Håkon Brekkhus']} jobber" in said
    assert project.pseudonymised == {source.name for source in project.sources}
    assert traces(RARE | {"Moseng"}, place / "p") == {}
    assert pseudonymise(place, "--undo") == 0
    project = Project.open(place / "p")
    assert {project.transcript(source.name).text for source in project.sources} == {LATER, SAID.removesuffix("\n")}


def test_a_name_that_was_missed_is_taken_the_next_time(place: Path) -> None:
    assert pseudonymise(place, "--yes") == 0
    assert "ovnen" in Project.open(place / "p").transcript(Project.open(place / "p").sources[0].name).text
    assert pseudonymise(place, "--yes", "--also", "Bakeriet") == 0
    assert pseudonymise(place, "--undo") == 0
    assert Project.open(place / "p").transcript("Solveig Tangerud").text == SAID.removesuffix("\n")


def test_what_came_pseudonymised_is_left_alone(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "Intervjuer: Hva?\nAstrid: Håkon, ja.\n"
    (place / "ferdig.txt").write_text(text, encoding="utf-8")
    assert run(["add", str(place / "ferdig.txt"), "--project", str(place / "p"), "--pseudonymised"]) == 0
    assert pseudonymise(place, "--yes") == 0
    assert "røres ikke: ferdig" in capsys.readouterr().out
    assert Project.open(place / "p").transcript("ferdig").text == text


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--key", "p/nøkkel.json", "--yes"], "nøkkelen kan ikke ligge i prosjektet"),
        (["--list", "p/navn.yaml", "--yes"], "listen røper hvem alle er"),
        (["--undo"], "filen finnes ikke"),
        (["--out", "ny", "--yes"], "velg --project eller --out"),
        (["studie"], "velg --project eller studie"),
        (["--coder", "Ukjent", "--yes"], "Ukjent"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_changed(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, options: list[str], said: str
) -> None:
    monkeypatch.chdir(place)
    before = dump(place / "p")
    assert run(["pseudonymise", "--project", "p", *options]) != 0
    assert said in capsys.readouterr().err
    assert dump(place / "p") == before
    assert {path.name for path in place.iterdir()} <= {"p", "cache"}


def test_it_waits_for_the_page_to_be_closed(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = dump(place / "p")
    with only_one(place / "p", "Torunn Vikesland"):
        assert pseudonymise(place, "--yes") == 2
    assert "prosjektet er åpent på siden" in capsys.readouterr().err
    assert dump(place / "p") == before


def test_without_a_place_it_says_what_it_expected(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["pseudonymise"]) == 2
    assert "ventet MAPPE|FIL, eller --project" in capsys.readouterr().err


def test_a_name_of_an_interview_that_tells_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "KvalnesvågThorgrim.txt"
    file.write_text(
        "Intervjuer: Hva heter du?\nThorgrim Kvalnesvåg: Jeg heter Thorgrim Kvalnesvåg.\n", encoding="utf-8"
    )
    where = ["--project", str(tmp_path / "p")]
    assert run(["init", str(tmp_path / "p")]) == 0 and run(["add", str(file), *where]) == 0
    capsys.readouterr()
    assert run(["pseudonymise", *where, "--yes"]) == 0
    assert "«KvalnesvågThorgrim»" in capsys.readouterr().out


def test_the_check_of_a_project_says_what_stands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = full_of_names(tmp_path)
    assert run(["pseudonymise", "--project", str(project.folder), "--check"]) == 1
    assert "Kåre Ødegård" in capsys.readouterr().out
    assert run(["pseudonymise", "--project", str(project.folder), "--yes"]) == 0
    capsys.readouterr()
    run(["pseudonymise", "--project", str(project.folder), "--check"])
    out = capsys.readouterr().out
    assert "Ødegård" not in out
    assert "steder som kan være personlige" in out
