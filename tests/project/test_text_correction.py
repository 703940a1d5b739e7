"""A transcript's text is corrected and nothing that was decided in it is lost: codings, suggestions, undo, the log."""

import json
from pathlib import Path

import pytest

from autokode import Codebook, DataError
from autokode.corpus.coding import Coding, Segment
from autokode.corpus.transcript import Transcript, read_transcript
from autokode.project import Project, Reviewer
from autokode.project.store import integrity
from autokode.project.store.decision_log import facts, replayed
from autokode.project.store.steps import take_back_step
from autokode.project.store.text_correction import correct_texts
from review_case import suggest_by_hand

BEFORE = (
    "Moderator: Kan du fortelle hva det var Tale sa den dagen da alt stoppet?\n"
    "Anne: [sted 1] henger, sa Tale til Knerten. Så lo vi, og det var egentlig alt som skjedde.\n"
    "Moderator: Og hva gjorde du selv mens dere ventet på de andre?\n"
    "Anne: Jeg og Knerten lo, og etterpå drakk vi kaffe på bakrommet.\n"
)
AFTER = (
    BEFORE.replace("[sted 1]", "Fossegrim")
    .replace("Knerten", "Olav")
    .replace("Tale", "Margit")
    .replace("Anne:", "Astrid:")
)


def read(folder: Path, text: str, name: str = "møte") -> Transcript:
    (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return read_transcript(folder / f"{name}.txt")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project.create(tmp_path / "p", Codebook.from_yaml("koder:\n  - navn: makt\n  - navn: språk\n"))
    made.add(read(tmp_path, BEFORE), pseudonymised=True)
    suggest_by_hand(made, "møte")
    return made


def sound(project: Project) -> None:
    with project.database.reading() as connection:
        assert replayed(connection) == facts(connection)
    assert integrity.check(project.folder) == []


def quotes(project: Project) -> list[str]:
    return [coding.segment.quote for coding in project.codings()]


def test_everything_stands_on_the_same_words(project: Project, tmp_path: Path) -> None:
    reviewer = Reviewer(project, project.coder("Anne").id)
    reviewer.code(1, BEFORE.index("sa Tale til"), BEFORE.index(". Så lo"), "makt")
    reviewer.code(1, BEFORE.index("[sted 1]"), BEFORE.index(", sa Tale til"), "makt")
    reviewer.accept(1)
    said = correct_texts(project, [(read(tmp_path, AFTER), tmp_path / "møte.txt")])
    assert "møte: teksten er rettet" in said[0]
    assert project.transcript("møte").text == AFTER
    assert project.transcript("møte").speakers == {"Moderator": 2, "Astrid": 2}
    assert {"Fossegrim henger", "sa Margit til Olav"} < set(quotes(project))
    assert any(quote.startswith("Fossegrim henger, sa Margit til Olav. Så lo vi") for quote in quotes(project))
    sound(project)
    with project.database.reading() as connection:
        for row in connection.execute("SELECT * FROM suggestion"):
            words = json.loads(row["evidence"])["words"]
            assert [AFTER[start:end] for start, end, _share, _word in words] == [word for *_place, word in words]
        log = "".join(row["changes"] + row["shown"] for row in connection.execute("SELECT * FROM decision"))
    assert "Knerten" not in log


def test_what_was_decided_before_can_still_be_undone(project: Project, tmp_path: Path) -> None:
    reviewer = Reviewer(project, project.coder("Anne").id)
    reviewer.code(1, BEFORE.index("Så lo"), BEFORE.index("Så lo") + 5, "språk")
    reviewer.span(1, BEFORE.index("Så lo"), BEFORE.index("Så lo") + 8)
    correct_texts(project, [(read(tmp_path, AFTER), tmp_path / "møte.txt")])
    assert quotes(project) == ["Så lo vi"]
    reviewer.undo()
    assert quotes(project) == ["Så lo"]
    reviewer.undo()
    assert quotes(project) == []
    reviewer.redo()
    assert quotes(project) == ["Så lo"]
    sound(project)


def test_the_project_as_it_was_stays_beside_it(project: Project, tmp_path: Path) -> None:
    corrected = [(read(tmp_path, AFTER), tmp_path / "møte.txt")]
    said = correct_texts(project, corrected)
    copy = project.folder / "autokode.db.før-retting-1"
    assert str(copy) in said[-1]
    assert copy.stat().st_mode & 0o077 == 0
    (tmp_path / "før").mkdir()
    copy.rename(tmp_path / "før" / "autokode.db")
    (tmp_path / "før" / "codebook.yaml").write_bytes((project.folder / "codebook.yaml").read_bytes())
    assert Project.open(tmp_path / "før").transcript("møte").text == BEFORE
    assert correct_texts(project, corrected) == ()


@pytest.mark.parametrize(
    "other",
    [
        BEFORE + "Moderator: Takk.\n",
        BEFORE[: BEFORE.index("Moderator: Og")],
        "Moderator: Noe annet?\nAnne: Ja, alt er nytt her, hvert ord.\nModerator: Alt?\nAnne: Ja, det er en annen samtale.\n",
    ],
)
def test_another_text_is_no_correction_and_changes_nothing(project: Project, tmp_path: Path, other: str) -> None:
    with pytest.raises(DataError, match="med en annen tekst"):
        correct_texts(project, [(read(tmp_path, other), tmp_path / "møte.txt")])
    assert project.transcript("møte").text == BEFORE
    assert list(project.folder.glob("*retting*")) == []


def test_codings_that_would_become_the_same_stay_two(project: Project, tmp_path: Path) -> None:
    reviewer = Reviewer(project, project.coder("Anne").id)
    at = BEFORE.index("[sted 1]")
    for length in (5, 8, 7):
        reviewer.code(1, at, at + length, "makt")
    correct_texts(project, [(read(tmp_path, AFTER), tmp_path / "møte.txt")])
    assert len(set(quotes(project))) == 3
    assert "Fossegrim" in quotes(project)
    sound(project)


def test_an_import_before_can_still_be_taken_back(project: Project, tmp_path: Path) -> None:
    start = BEFORE.index("Så lo vi")
    with project.step("import"):
        project.add_codings([Coding(Segment("møte", start, start + 8, "Så lo vi"), "makt", "Ola", "")])
    correct_texts(project, [(read(tmp_path, AFTER), tmp_path / "møte.txt")])
    assert quotes(project) == ["Så lo vi"]
    assert take_back_step(project).kept == []
    assert quotes(project) == []
    sound(project)
