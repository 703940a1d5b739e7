"""What a coder keeps as it is: one decision without rows, undone and redone, that follows words and names as codings do."""

import subprocess
import sys
from pathlib import Path

import pytest

from autokode import DataError
from autokode.project import Project
from autokode.project.store.codebook_editing import CodebookEditor
from autokode.project.store.decision_log import facts, replayed
from autokode.project.store.forgotten_memos import forget_memos, old_memos
from autokode.project.store.integrity import check
from autokode.project.store.kept_codings import keep, kept_by
from autokode.project.store.removal import remove_interviews
from autokode.project.store.transcript_correction import correct_text, join_turn
from removal_case import World
from review_case import everything

NAME, OTHER = "fjøset", "bakeriet"
TEXTS = {
    NAME: ["Kyrne kjenner stemmen min.", "Ja, det gjør vi.", "Silofôret lukter sterkt."],
    OTHER: ["Vi åpner tidlig.", "Ja.", "Surdeigen bestemmer."],
}
"""Invented answers."""


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Anne gave the first answer the code makt, and keeps it; she keeps the last one without it."""
    made = World(tmp_path / "prosjekt", list(TEXTS), TEXTS)
    anne, place = made.reviewer("Anne"), made.ids[NAME]
    one = made.project.transcript(NAME).utterances[1]
    anne.code(place, one.start, one.end, "makt")
    keep(anne, (place, 1), "makt", given=True)
    keep(anne, (place, 5), "makt", given=False)
    return made


def kept(project: Project, coder: str = "Anne") -> tuple[set[tuple[int, str]], set[tuple[int, str]]]:
    """(utterance, code) of what is kept with a code, and of what is kept without one."""
    found = kept_by(project, project.coder(coder))
    return {(place[1], code) for place, code in found.given}, {(place[1], code) for place, code in found.lacking}


def test_keeping_changes_no_row_and_is_undone_and_redone(world: World) -> None:
    project, anne = world.project, world.reviewer("Anne")
    rows = everything(project)
    assert kept(project) == ({(1, "makt")}, {(5, "makt")})
    assert kept(project, "Berit") == (set(), set())
    outcomes = [anne.undo(), anne.undo()]
    assert [(one.kind, one.utterances) for one in outcomes if one] == [("keep", (5,)), ("keep", (1,))]
    assert kept(project) == (set(), set())
    anne.redo()
    assert kept(project) == ({(1, "makt")}, set())
    anne.redo()
    assert kept(project) == ({(1, "makt")}, {(5, "makt")})
    with project.database.reading() as connection:
        assert facts(connection) == replayed(connection)
    assert everything(project)[0] == rows[0]  # type: ignore[index]
    assert check(project.folder) == []


def test_what_is_kept_already_is_no_new_decision(world: World) -> None:
    before = everything(world.project)
    assert keep(world.reviewer("Anne"), (world.ids[NAME], 1), "makt", given=True).decision is None
    assert everything(world.project) == before


@pytest.mark.parametrize(
    ("number", "code", "given"), [(1, "makt", False), (5, "makt", True), (1, "x", True), (99, "makt", False)]
)
def test_what_is_not_as_it_was_seen_is_refused(world: World, number: int, code: str, *, given: bool) -> None:
    before = everything(world.project)
    with pytest.raises(DataError):
        keep(world.reviewer("Anne"), (world.ids[NAME], number), code, given=given)
    assert everything(world.project) == before


def test_it_follows_a_renamed_and_a_merged_code_and_comes_back(world: World) -> None:
    project = world.project
    editor = CodebookEditor(world.reviewer("Berit"))
    editor.rename("makt", "styring")
    assert kept(project) == ({(1, "styring")}, {(5, "styring")})
    editor.merge("styring", "tillit")
    assert kept(project) == ({(1, "tillit")}, {(5, "tillit")})
    editor.reviewer.undo()
    editor.reviewer.undo()
    assert kept(project) == ({(1, "makt")}, {(5, "makt")})


def test_another_code_or_no_coding_is_not_what_was_kept(world: World) -> None:
    project, anne = world.project, world.reviewer("Anne")
    (coding,) = world.codings("Anne", NAME)
    anne.recode(coding, "språk")
    assert kept(project)[0] == set()
    anne.undo()
    assert kept(project)[0] == {(1, "makt")}
    anne.remove(coding)
    one = project.transcript(NAME).utterances[1]
    anne.code(world.ids[NAME], one.start, one.end, "makt")
    assert kept(project)[0] == set()


def test_a_kept_coding_follows_a_corrected_text_and_a_kept_answer_is_asked_about_again(world: World) -> None:
    project, number = world.project, world.ids[NAME]
    correct_text(project, project.coder("Berit"), number, 1, "Kyrne kjenner stemmen hans.", saw=TEXTS[NAME][0])
    assert kept(project) == ({(1, "makt")}, set())
    join_turn(project, project.coder("Berit"), number, 0, saw=project.transcript(NAME).utterances[0].text)
    assert kept(project)[0] == {(0, "makt")}


def test_removals_take_it_with_its_interview_and_leave_the_rest(world: World) -> None:
    project, anne = world.project, world.reviewer("Anne")
    keep(anne, (world.ids[OTHER], 1), "språk", given=False)
    keep(anne, (world.ids[OTHER], 5), "språk", given=False)
    anne.undo()
    anne.memo("project", "Noe.")
    anne.memo("project", "")
    forget_memos(project, {one.key for one in old_memos(project)}, by="Anne")
    assert kept(project) == ({(1, "makt")}, {(5, "makt"), (1, "språk")})
    remove_interviews(project, [NAME], by="Anne")
    assert kept(project) == (set(), {(1, "språk")})
    assert not [one for one in project.decisions() if "makt" in str(one.shown.get("kept"))]
    assert check(project.folder) == []
    undone = anne.undo()
    assert undone is not None
    assert undone.kind == "keep"
    assert kept(project) == (set(), set())


_KEEPING = """
import sys
from autokode.project import Project, Reviewer
from autokode.project.store.kept_codings import keep

project = Project.open(sys.argv[1])
reviewer = Reviewer(project, project.coder("Anne").id)
for _again in range(1000):
    for code in ("språk", "tillit"):
        for utterance in (1, 3, 5):
            keep(reviewer, (int(sys.argv[2]), utterance), code, given=False)
            print(utterance, code, flush=True)
    for _one in range(6):
        reviewer.undo()
        print("undone", flush=True)
"""


@pytest.mark.parametrize("lines", [1, 4, 9, 17])
def test_what_was_said_to_be_kept_is_kept_when_the_process_is_killed(world: World, lines: int) -> None:
    project = world.project
    command = [sys.executable, "-c", _KEEPING, str(project.folder), str(world.ids[OTHER])]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as running:  # noqa: S603 - our own
        assert running.stdout is not None
        told = [running.stdout.readline().strip() for _line in range(lines)]
        running.kill()
        told += [line.strip() for line in running.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
    found = Project.open(project.folder)
    assert check(found.folder) == []
    made = [one for one in found.decisions("Anne") if one.transcript == world.ids[OTHER]]
    assert 0 <= len(made) - len(told) <= 1, told
    undone = sum(one.kind == "undo" for one in made)
    assert len(kept_by(found, found.coder("Anne")).lacking) - 1 == len(made) - 2 * undone
