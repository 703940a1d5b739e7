"""The whole way: pseudonymise, add, code, mend the list, pseudonymise and add again; nothing that was coded is lost."""

from collections.abc import Callable
from pathlib import Path

import pytest

from autokode.cli import run
from autokode.corpus.coding import Coding, Segment, read_codings, write_codings
from autokode.corpus.study_file import DESCRIPTION
from autokode.project import Project

SAID = (
    "Bernt Ekre: Hei Solfrid, og velkommen. Hva jobber du med?\n"
    "Solfrid Myhre: Hei Bernt. Jeg selger garn, og Torvid hjelper meg i butikken.\n"
    "Bernt Ekre: Hvordan går det? Hva er vanskelig?\n"
    "Solfrid Myhre: Det går fint. Torvid sier at Skrapla må til, og Skrapla er et strikkemønster.\n"
)
Run = Callable[..., str]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    (tmp_path / "studie").mkdir()
    (tmp_path / "studie" / "garn.txt").write_text(SAID, encoding="utf-8")
    asks = "transkripter:\n  - fil: garn.txt\n    intervjuere: [Bernt Ekre]\n"
    (tmp_path / "studie" / DESCRIPTION).write_text(asks, encoding="utf-8")

    def calling(*arguments: str) -> str:
        status = run(list(arguments))
        captured = capsys.readouterr()
        assert status == 0, captured.err
        return captured.out

    return calling


def text(folder: str = "studie-uten-navn") -> str:
    return Path(folder, "garn.txt").read_text(encoding="utf-8")


def pseudonymised(call: Run) -> str:
    return call("pseudonymise", "studie", "--list", "navn.yaml", "--yes")


def mend(old: str, new: str) -> None:
    listed = Path("navn.yaml").read_text(encoding="utf-8")
    assert old in listed
    Path("navn.yaml").write_text(listed.replace(old, new), encoding="utf-8")


def test_the_next_command_is_told_and_works_and_the_interviewer_is_kept(call: Run) -> None:
    out = pseudonymised(call)
    assert "Neste: autokode init prosjekt && autokode add studie-uten-navn --project prosjekt" in out
    call("init", "prosjekt")
    assert "1 nye transkripsjoner" in call("add", "studie-uten-navn", "--project", "prosjekt")
    project = Project.open("prosjekt")
    (source,) = project.sources
    assert source.office == "garn"
    transcript = project.transcript("garn")
    (asks,) = transcript.interviewers
    assert transcript.text.startswith(f"{asks}: Hei ")
    assert asks[0] == "A"
    assert project.pseudonymised == {"garn"}
    assert "Neste: autokode add studie-uten-navn --project prosjekt" in pseudonymised(call)


def test_a_file_of_the_folder_is_added_as_its_study_says(call: Run) -> None:
    pseudonymised(call)
    call("init", "prosjekt")
    call("add", "studie-uten-navn/garn.txt", "--project", "prosjekt")
    project = Project.open("prosjekt")
    assert len(project.transcript("garn").interviewers) == 1
    assert project.sources[0].office == "garn"


def test_a_codebook_of_the_study_comes_along(call: Run) -> None:
    Path("studie", "codebook.yaml").write_text("koder:\n  - navn: garn\n", encoding="utf-8")
    assert "autokode init prosjekt --codebook studie-uten-navn/codebook.yaml && autokode add" in pseudonymised(call)


def test_the_list_is_mended_and_the_coded_project_follows(call: Run) -> None:
    pseudonymised(call)
    call("init", "prosjekt")
    call("add", "studie-uten-navn", "--project", "prosjekt")
    assert "Skrapla" not in text()
    project = Project.open("prosjekt")
    before = project.transcript("garn").text
    quote = before[before.index("Det går fint.") : before.rindex(" er et strikkemønster")]
    start = before.index(quote)
    coding = Coding(Segment("garn", start, start + len(quote), quote), "relasjonsarbeid", "Anne", "2026-01-02")
    project.add_codings([coding])

    mend("la_stå: []", "la_stå:\n  - Skrapla")
    listed = Path("navn.yaml").read_text(encoding="utf-8")
    gone = next(block for block in listed.split("  - slag: ") if "- Skrapla" in block and "blir" in block)
    kept = gone[gone.index("\n", gone.index("for_eksempel")) + 1 :]
    mend("  - slag: " + gone, kept)
    mend("funn:\n", "funn:\n  - slag: person\n    former: [strikkemønster]\n    blir: Mønster\n")
    out = pseudonymised(call)
    assert "1 transkripter" in out
    assert "sier at Skrapla må til, og Skrapla er et" in text()
    assert "strikkemønster" not in text()
    out = call("add", "studie-uten-navn", "--project", "prosjekt")
    assert "garn: teksten er rettet" in out
    (moved,) = Project.open("prosjekt").codings()
    assert moved.segment.quote.endswith("må til, og Skrapla")
    assert "prosjektet er i orden" in call("doctor", "--project", "prosjekt")


def test_codings_and_other_files_in_the_folder_stay(call: Run) -> None:
    pseudonymised(call)
    quote = text()[text().index("Det går fint") : text().index(" må til")]
    start = text().index(quote)
    folder = Path("studie-uten-navn")
    write_codings(
        folder / "codings.csv",
        [Coding(Segment("garn", start, start + len(quote), quote), "garn", "Anne", "2026-01-02")],
    )
    (folder / "notat.md").write_text("mitt", encoding="utf-8")
    call("pseudonymise", "studie", "--leave", "Skrapla", "--yes")
    (coding,) = read_codings(folder / "codings.csv")
    assert coding.segment.quote == text()[coding.segment.start : coding.segment.end]
    assert coding.segment.quote.endswith("sier at Skrapla")
    assert (folder / "notat.md").read_text(encoding="utf-8") == "mitt"
    assert (folder / DESCRIPTION).exists()
    call("pseudonymise", "studie-uten-navn", "--undo")
    assert text("studie-uten-navn-tilbake") == SAID


def test_a_transcript_changed_by_hand_is_not_overwritten(call: Run, capsys: pytest.CaptureFixture[str]) -> None:
    pseudonymised(call)
    path = Path("studie-uten-navn", "garn.txt")
    path.write_text(text() + "Mer: ja.\n", encoding="utf-8")
    assert run(["pseudonymise", "studie", "--yes"]) == 2
    assert "endret etter at de ble skrevet: garn.txt" in capsys.readouterr().err
    assert text().endswith("Mer: ja.\n")


def test_nothing_but_what_was_written_by_the_key_is_written_over(call: Run, capsys: pytest.CaptureFixture[str]) -> None:
    Path("studie-uten-navn").mkdir()
    assert run(["pseudonymise", "studie", "--yes"]) == 2
    assert "finnes fra før" in capsys.readouterr().err
