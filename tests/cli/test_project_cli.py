"""init, add, learn and status on the command line."""

from pathlib import Path

import pytest

from autokode.cli import run
from autokode.corpus.coding import Coding, Segment, write_codings
from autokode.project import Project
from autokode.project.active_learning import training_round as learning_room
from conftest import ROOT
from review_case import copied, made_project, shown

DATA = ROOT / "training_data"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_project(tmp_path_factory.mktemp("project") / "prosjekt").folder


def said(capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    captured = capsys.readouterr()
    return captured.out, captured.err


def test_a_project_from_nothing_to_status(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = str(tmp_path / "mitt prosjekt")
    assert run(["init", place]) == 0
    assert run(["add", str(DATA / "kontor_c.vtt"), "--project", place, "--office", "Kontor C"]) == 0
    out, _err = said(capsys)
    assert "kontor_c: " in out
    assert "autokode review" in out
    assert "merket som pseudonymisert" not in out  # the folder it came from says that it is
    assert run(["status", "--project", place]) == 0
    assert f'ingen har kodet ennå\nNeste: autokode review --project "{place}"\n' in said(capsys)[0]
    assert run(["learn", "--project", place]) == 2
    assert "ingen har kodet her; fant ingen" in said(capsys)[1]
    assert run(["agreement", "--project", place]) == 2
    assert "ingen har kodet ennå; enighet trenger to" in said(capsys)[1]
    assert Project.open(place).coders == []
    assert Project.open(place).sources[0].office == "Kontor C"
    assert Project.open(place).codebook.codable == ("relasjonsarbeid", "tillit og trygghet")


def test_transcripts_with_names_are_announced_before_coding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = str(tmp_path / "p")
    files = [tmp_path / f"{name}.txt" for name in ("en", "to")]
    for path in files:
        path.write_text("Kari: Hva gjør du?\nSolfrid: Jeg jobber.\n" * 2, encoding="utf-8")
    run(["init", place])
    said(capsys)
    assert run(["add", str(files[0]), "--project", place]) == 0
    assert "1 er ikke merket som pseudonymisert, og kan ikke siteres" in said(capsys)[0]
    assert run(["add", *map(str, files), "--project", place, "--pseudonymised"]) == 0
    assert "merket som pseudonymisert" not in said(capsys)[0]


def test_a_folder_of_transcripts_is_added_with_its_codings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place, folder = str(tmp_path / "p"), tmp_path / "mine intervjuer"
    folder.mkdir()
    run(["init", place, "--codebook", str(DATA / "codebook.yaml")])
    said(capsys)
    assert run(["add", str(folder), "--project", place]) == 2
    assert "har ingen transkripsjoner (.txt" in said(capsys)[1]
    for name in ("en", "to"):
        (folder / f"{name}.txt").write_text("Kari: Hva gjør du?\nSiv: Jeg jobber.\n" * 2, encoding="utf-8")
    write_codings(folder / "codings.csv", [Coding(Segment("en", 24, 35, "Jeg jobber."), "makt", "Anne", "")])
    assert run(["add", str(folder), "--project", place]) == 0
    project = Project.open(place)
    assert [source.name for source in project.sources] == ["en", "to"]
    assert [(c.code, c.segment.quote) for c in project.codings("Anne")] == [("makt", "Jeg jobber.")]


def test_a_second_init_leaves_the_first_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "p"
    run(["init", str(place)])
    before = {path.name: path.read_bytes() for path in place.iterdir()}
    assert run(["init", str(place)]) == 2
    assert "finnes allerede" in said(capsys)[1]
    assert {path.name: path.read_bytes() for path in place.iterdir()} == before


def test_a_codebook_in_the_folder_is_used(tmp_path: Path) -> None:
    (tmp_path / "codebook.yaml").write_text("koder:\n  - navn: språk\n", encoding="utf-8")
    assert run(["init", str(tmp_path)]) == 0
    assert Project.open(tmp_path).codebook.codable == ("språk",)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["add", "finnes-ikke.docx", "--project", "{p}"], "finnes ikke"),
        (["add", str(DATA / "kontor_d.srt"), "--project", "{p}/ikke"], "autokode init"),
        (["add", str(DATA / "kontor_d.srt"), "--projekt", "{p}"], "--project"),
        (["add", str(DATA / "codings.csv"), "--project", "{p}"], "kontor_d"),
        (["status", "--project", "{p}", "--coder", "Ane"], "fant Anne"),
        (["learn", "--project", "{p}", "--coder", "Ny"], "ingen «Ny» har kodet her; fant Anne"),
        (["learn", "--project", "{p}", "--coder", ""], "tomt"),
        (["learn", "--project", "{p}", "--model", "finnes-ikke"], "finnes-ikke"),
        (["learn", "--project", "{p}", "--precision", "0.99"], "«0.99»; ventet et tall fra 0,05 til 0,95"),
        (["learn", "--project", "{p}", "--precision", "80"], "«80»; ventet"),
        (["learn", "--project", "{p}", "--precision", "nan"], "«nan»; ventet"),
        (["learn", "--project", "{p}", "--precision", "høy"], "«høy»; ventet"),
        (["learn", "--project", "{p}", "--precision", ""], "«»; ventet"),
        (["review", "--project", "{p}", "--port", "99999"], "--port"),
    ],
)
def test_bad_input_is_reported_in_words(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    project = copied(made, tmp_path / "p")
    before = (project.codings(), len(project.decisions()), len(project.sources), project.setting("precision"))
    assert run([word.replace("{p}", str(project.folder)) for word in words]) == 2
    _out, err = said(capsys)
    assert told in err
    assert "Prøv: " in err
    assert (project.codings(), len(project.decisions()), len(project.sources), project.setting("precision")) == before


def test_the_same_file_is_added_once(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = copied(made, tmp_path / "p")
    count = len(project.sources)
    assert run(["add", str(next(DATA.glob("kontor_a.*"))), "--project", str(project.folder)]) == 0
    assert "er i prosjektet alt" in said(capsys)[0]
    assert len(project.sources) == count


def test_another_text_under_the_same_name_raises(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = copied(made, tmp_path / "p")
    other = tmp_path / "kontor_a.txt"
    other.write_text("I: Noe annet?\nKari: Ja, helt.\nI: Hva da?\nKari: Alt.\n", encoding="utf-8")
    before = project.transcript("kontor_a")
    assert run(["add", str(other), "--project", str(project.folder)]) == 2
    assert "med en annen tekst" in said(capsys)[1]
    assert project.transcript("kontor_a") == before


def test_a_shipped_model_suggests_before_anything_is_coded(made: Path, tmp_path: Path) -> None:
    project = copied(made, tmp_path / "p")
    assert run(["learn", "--project", str(project.folder), "--coder", "Kari", "--model", "nav-nb"]) == 0
    with project.database.reading() as connection:
        rows = connection.execute(
            "SELECT evidence FROM suggestion JOIN coder ON coder.round = suggestion.round WHERE name = 'Kari'"
        ).fetchall()
    assert len(rows) > 100
    assert all(row["evidence"] for row in rows)


def test_a_model_of_another_codebook_raises(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["init", str(tmp_path / "p")])
    run(["add", str(DATA / "kontor_c.vtt"), "--project", str(tmp_path / "p")])
    said(capsys)
    assert run(["learn", "--project", str(tmp_path / "p"), "--model", "nav-nb"]) == 2
    assert "lært av en annen kodebok" in said(capsys)[1]


def test_the_chosen_precision_is_remembered(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = copied(made, tmp_path / "p")
    counts = {}
    for precision in ("0,8", None, "0.35", "vanlig", None):
        options = [] if precision is None else ["--precision", precision]
        assert run(["learn", "--project", str(project.folder), *options]) == 0
        out, _err = said(capsys)
        counts[precision or project.setting("precision")] = len(shown(project))
        assert out.startswith(f"{len(shown(project))} forslag")
    assert counts["0,8"] == counts["0.8"] < counts["usual"] == counts["vanlig"] < counts["0.35"]
    assert project.precision is None


def test_a_precision_changed_during_learning_is_used(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, learn = copied(made, tmp_path / "p"), learning_room.learn

    def moved(*arguments: object, **options: object) -> learning_room.Round:
        made = learn(*arguments, **options)  # type: ignore[arg-type]
        project.set("precision", "0.8")
        return made

    monkeypatch.setattr(learning_room, "learn", moved)
    assert run(["learn", "--project", str(project.folder)]) == 0
    after = shown(project)
    monkeypatch.undo()
    assert run(["learn", "--project", str(project.folder)]) == 0
    assert shown(project) == after
    assert lacking_words(project) == 0


def test_words_are_found_without_learning(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = copied(made, tmp_path / "p")
    learning_room.learn(project, project.coder("Anne"))
    before = shown(project)
    monkeypatch.setattr(learning_room, "learn", None)
    assert run(["learn", "--words", "--project", str(project.folder)]) == 0
    assert shown(project) == before
    assert lacking_words(project) == 0


def lacking_words(project: Project) -> int:
    with project.database.reading() as connection:
        lacking = connection.execute(
            "SELECT count(*) FROM suggestion WHERE evidence = '' AND round = (SELECT round FROM coder WHERE name = 'Anne')"
        )
        return int(lacking.fetchone()[0])
