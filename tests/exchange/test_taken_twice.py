"""A file of another program taken in twice: what was edited or deleted here since stays so, and remarks stay in codebook.yaml."""

from dataclasses import replace
from pathlib import Path

import pytest

from autokode import Codebook
from autokode.exchange.package.contents import Package
from autokode.exchange.package_export import package_of
from autokode.exchange.package_import import import_package
from autokode.project import Project, Reviewer
from autokode.project.store.decision_rows import memos
from autokode.project.store.foreign_data import made
from autokode.project.store.forgotten_memos import forget_memos, old_memos
from autokode.project.store.steps import take_back_step
from project_case import small
from trace_case import traces

SAID = "et tydelig sted for makten"


@pytest.fixture
def foreign(tmp_path: Path) -> Package:
    """Kari's codings of the interview, with memos, as another program writes them."""
    other = small(tmp_path / "annet")
    kari = Reviewer(other, other.coder("Kari").id)
    kari.code(1, 0, 6, "makt")
    for about in ("project", "code/makt", f"coding/{made(other)[0].id}"):
        kari.memo(about, f"{SAID} ({about})")
    kari.good(made(other)[0].id)
    return replace(package_of(other, memos=["Kari"]), own=None)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    own = Project.create(tmp_path / "p", Codebook.from_yaml("koder:\n  - navn: språk\n"))
    (own.folder / "codebook.yaml").write_text("# min egen\nkoder:\n  - navn: språk  # ord\n", encoding="utf-8")
    return own


def texts(project: Project) -> dict[str, str]:
    return {memo.about: memo.text for memo in memos(project)}


def test_a_memo_that_was_edited_or_deleted_here_is_not_put_back(project: Project, foreign: Package) -> None:
    assert import_package(project, foreign).memos > 0
    coding, kari = made(project)[0].id, Reviewer(project, project.coder("Kari").id)
    assert set(texts(project)) == {"project", "code/makt", f"coding/{coding}"}
    kari.memo("project", "helt omskrevet")
    kari.memo("code/makt", "")
    now = texts(project)
    assert import_package(project, foreign).memos == 0
    assert texts(project) == now
    notes = tuple(replace(note, text=note.text.replace("tydelig", "nytt")) for note in foreign.notes)
    import_package(project, replace(foreign, notes=notes))  # edited there since
    assert texts(project)["project"] == f"helt omskrevet\n\n{SAID.replace('tydelig', 'nytt')} (project)"


def test_an_import_that_was_taken_back_can_be_made_again(project: Project, foreign: Package) -> None:
    import_package(project, foreign)
    count = len(texts(project))
    take_back_step(project)
    assert texts(project) == {}
    import_package(project, foreign)
    assert len(texts(project)) == count == 3


def test_the_log_keeps_the_memos_of_an_import_that_was_taken_back_until_they_are_forgotten(
    project: Project, foreign: Package
) -> None:
    """The log is a record: that a memo was taken in and taken back is in it, with its words, as of any memo that was deleted."""
    import_package(project, foreign)
    take_back_step(project)
    found = old_memos(project)
    assert {one.key[1] for one in found} >= {"project", "code/makt"}
    assert traces({SAID}, project.folder)
    forget_memos(project, [one.key for one in found], by="Kari")
    assert traces({SAID}, project.folder) == {}


def test_remarks_in_the_codebook_outlive_an_import(project: Project, foreign: Package) -> None:
    project.read_codebook()
    assert import_package(project, foreign).codes == 1
    text = (project.folder / "codebook.yaml").read_text(encoding="utf-8")
    assert text.startswith("# min egen\n") and "# ord" in text and "makt" in text
    assert Codebook.from_yaml(text) == project.codebook
    take_back_step(project)
    text = (project.folder / "codebook.yaml").read_text(encoding="utf-8")
    assert text.startswith("# min egen\n") and "makt" not in text
