"""Old texts of memos taken out of the log, and nothing else: what stands stands, and undo goes on with the rest."""

from pathlib import Path

import pytest

from autokode.project import Project, Reviewer
from autokode.project.store.foreign_data import keep, kept
from autokode.project.store.forgotten_memos import OldMemo, forget_memos, old_memos
from autokode.project.store.integrity import check
from project_case import small
from review_case import rows
from trace_case import traces

OLD = {"Solbjørg er sjefens datter", "Hun heter Gudrunsen", "Før: Torgnyveien 4"}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Anne deleted one memo and mended another twice; Berit has one that stands."""
    made = small(tmp_path / "p")
    anne, berit = (Reviewer(made, made.coder(name).id) for name in ("Anne", "Berit"))
    anne.code(1, 0, 6, "makt")
    anne.memo("turn/1/0", "Solbjørg er sjefens datter")
    berit.memo("code/makt", "Dette står.")
    anne.memo("code/makt", "Hun heter Gudrunsen")
    anne.memo("code/makt", "Før: Torgnyveien 4")
    anne.memo("turn/1/0", "")
    anne.memo("code/makt", "Hun heter noe.")
    anne.code(1, 0, 6, "språk")
    return made


def forget(project: Project, *about: str) -> None:
    forget_memos(project, {one.key for one in old_memos(project) if not about or one.key[1] in about}, by="Anne")


def test_what_the_log_has_that_stands_no_more_is_listed(project: Project) -> None:
    anne = project.coder("Anne").id
    assert old_memos(project) == [
        OldMemo((anne, "code/makt"), "Anne", 2, deleted=False),
        OldMemo((anne, "turn/1/0"), "Anne", 1, deleted=True),
    ]


def test_no_byte_of_it_is_left(project: Project, tmp_path: Path) -> None:
    (project.folder / "autokode.db.format-1").write_bytes(project.database.path.read_bytes())
    (project.folder / "model").mkdir()
    before = rows(project, "memo")
    assert set(traces(OLD, tmp_path)) == OLD
    forget(project)
    assert traces(OLD, tmp_path) == {}
    assert rows(project, "memo") == before
    assert old_memos(project) == []
    assert check(project.folder) == []
    assert (project.folder / "model").exists()
    assert [dict(one.counts) for one in project.removals] == [{"memos": 2, "decisions": 4}]


def test_one_memo_alone(project: Project, tmp_path: Path) -> None:
    forget(project, "turn/1/0")
    assert set(traces(OLD, tmp_path)) == OLD - {"Solbjørg er sjefens datter"}
    assert [one.key[1] for one in old_memos(project)] == ["code/makt"]


def test_undo_goes_on_without_the_old_texts(project: Project) -> None:
    forget(project)
    anne = Reviewer(project, project.coder("Anne").id)
    undone = []
    while outcome := anne.undo():
        undone.append(outcome.kind)
    assert undone == ["code", "memo", "code"]
    assert [row["text"] for row in rows(project, "memo")] == ["Dette står."]
    assert check(project.folder) == []
    anne.redo()
    anne.redo()
    assert "Hun heter noe." in [row["text"] for row in rows(project, "memo")]


@pytest.mark.parametrize("undone", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("redone", [0, 1])
def test_undone_and_redone_memos_too(project: Project, tmp_path: Path, undone: int, redone: int) -> None:
    anne = Reviewer(project, project.coder("Anne").id)
    for _ in range(undone):
        anne.undo()
    for _ in range(redone):
        anne.redo()
    before = rows(project, "memo")
    forget(project)
    assert rows(project, "memo") == before
    assert set(traces(OLD, tmp_path)) == {str(row["text"]) for row in before} & OLD
    assert check(project.folder) == []
    while anne.undo():
        pass
    assert check(project.folder) == []


def test_notes_of_other_programs_follow(project: Project, tmp_path: Path) -> None:
    notes = {"a": "Hun heter Gudrunsen", "b": "Før: Torgnyveien 4", "c": "Solbjørg er sjefens datter"}
    keep(project, {("note", key): {"guid": key, "text": text} for key, text in notes.items()})
    keep(project, {("memo", "Anne\x1fcode/makt"): ["a", "b"], ("memo", "Anne\x1fturn/1/0"): ["c"]})
    forget(project)
    assert kept(project, "note") == {"a": {"guid": "a", "text": "Hun heter noe."}}
    assert kept(project, "memo") == {"Anne\x1fcode/makt": ["a"]}
    assert traces(OLD, tmp_path) == {}
