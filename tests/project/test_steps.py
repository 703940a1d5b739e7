"""What was taken in by one import or add is stored whole or not at all, and is taken back whole; what came after it stays."""

from dataclasses import replace
from pathlib import Path

import pytest

from autokode.base.errors import DataError
from autokode.corpus.codebook import Code
from autokode.corpus.coding import Coding, Segment
from autokode.corpus.readers import Source
from autokode.corpus.transcript import Transcript, from_source
from autokode.project import Project, Reviewer
from autokode.project.store import integrity
from autokode.project.store.decision_rows import memos
from autokode.project.store.foreign_data import keep, kept, take_notes
from autokode.project.store.steps import last_step, take_back_step
from known_case import known
from project_case import small


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return small(tmp_path / "p")


def talk(name: str) -> Transcript:
    return from_source(Source("Anne: Hva gjorde dere?\nBo: Vi bygde hytta om igjen.\n"), name)


def taken_in(project: Project) -> None:
    """Take in an interview, a code, codings of two people, a memo and another program's data, as one import."""
    with project.step("import"):
        book = project.codebook
        project.replace_codebook(replace(book, codes=(*book.codes, Code("bygging"))))
        project.add(talk("ny"))
        text = project.transcript("ny").text
        project.add_codings(
            [Coding(Segment("ny", 0, 4, text[:4]), "bygging", who, "2026-01-01") for who in ("Anne", "Bo")]
        )
        take_notes(project, "Bo", {"project": "fint"})
        keep(project, {("case", "1"): {"name": "x"}})


def test_one_step_is_taken_back_whole(project: Project) -> None:
    before = known(project)
    taken_in(project)
    assert [source.name for source in project.sources] == ["møte", "ny"]
    done = take_back_step(project)
    assert (done.interviews, done.codings, done.kept) == (1, 2, [])
    after = known(project)
    assert after.pop("coders") != before.pop("coders")  # the log names Bo
    assert after == before and kept(project, "case") == {}
    assert "bygging" not in project.codebook and memos(project) == []
    assert integrity.check(project.folder) == []
    with pytest.raises(DataError, match="ingen import å ta tilbake"):
        while True:  # the fixture's own
            take_back_step(project)
    taken_in(project)
    assert len(project.codings()) == 2


def test_what_was_done_since_stays_and_is_said(project: Project) -> None:
    taken_in(project)
    number = project.source("ny").id
    anne = Reviewer(project, project.coder("Anne").id)
    own = anne.project.database.rows("SELECT id FROM coding WHERE coder = ?", (anne.coder,))[0]["id"]
    anne.good(own)
    anne.code(number, 5, 9, "makt")
    Reviewer(project, project.coder("Bo").id).memo("project", "ikke så fint")
    done = take_back_step(project)
    assert (done.interviews, done.codings) == (0, 1)
    assert done.kept == [
        "1 notat er endret siden, og står",
        "1 koding er endret siden, og står",
        "kodeboken står: «bygging» er i bruk",
        "«ny» står: noen har kodet i det siden, eller gitt det verdier",
    ]
    assert sorted((one.coder, one.code) for one in project.codings()) == [("Anne", "bygging"), ("Anne", "makt")]
    assert integrity.check(project.folder) == []


def test_a_step_that_fails_leaves_nothing(project: Project) -> None:
    before, file = known(project), (project.folder / "codebook.yaml").read_bytes()
    with pytest.raises(DataError, match="står ikke på"), project.step("import"):
        taken_in(project)
        project.add_codings([Coding(Segment("ny", 0, 4, "nei!"), "makt", "Anne")])
    assert known(project) == before
    assert (project.folder / "codebook.yaml").read_bytes() == file
    assert Project.open(project.folder).codebook == project.codebook


def test_what_changes_nothing_is_no_step(project: Project) -> None:
    taken_in(project)
    last = last_step(project)
    project.add(talk("ny"))
    assert last_step(project) == last


def test_a_coder_takes_back_their_part_alone(project: Project) -> None:
    taken_in(project)
    bo = Reviewer(project, project.coder("Bo").id)
    assert bo.undo() is not None
    assert [one.coder for one in project.codings()] == ["Anne"] and memos(project) == []
    assert bo.redo() is not None
    assert len(project.codings()) == 2 and [memo.text for memo in memos(project)] == ["fint"]
    bo.undo()
    done = take_back_step(project)
    assert (done.interviews, done.codings, done.kept) == (1, 1, [])
    assert bo.redo() is None and project.codings() == ()
    assert integrity.check(project.folder) == []


def test_a_renamed_code_is_found_again(project: Project) -> None:
    from autokode.project.store.codebook_rename import rename_code

    taken_in(project)
    rename_code(project, "bygging", "husbygging")
    done = take_back_step(project)
    assert done.codings == 2 and project.codings() == ()
    assert integrity.check(project.folder) == []


def test_nothing_of_a_taken_back_interview_is_left(project: Project) -> None:
    with project.step("import"):
        project.add(talk("ny"))
        number = project.source("ny").id
        take_notes(project, "Bo", {f"transcript/{number}": "Solbjørg bygde hytta."})
        project.add_codings([Coding(Segment("ny", 0, 4, "Anne"), "makt", "Bo")])
    take_back_step(project)
    for path in project.folder.iterdir():
        for word in ("Solbjørg", "bygde"):
            assert word.encode() not in path.read_bytes()
    assert integrity.check(project.folder) == [] and len(project.decisions()) == 4


@pytest.mark.parametrize("way", ["recode", "span", "by hand", "accept"])
def test_what_somebody_brought_to_the_same_since_stays(project: Project, way: str) -> None:
    anne = Reviewer(project, project.coder("Anne").id)
    text = project.transcript("møte").text
    (suggested,) = project.database.rows("SELECT * FROM suggestion WHERE id = 1")
    start, end, code = suggested["start"], suggested["end"], suggested["code"]
    other = next(one for one in project.codebook.codable if one != code)
    if way in ("recode", "span"):
        anne.code(1, start, end if way == "recode" else end - 1, other if way == "recode" else code)
    own = [row["id"] for row in project.database.rows("SELECT id FROM coding WHERE coder = ?", (anne.coder,))]
    project.add_codings([Coding(Segment("møte", start, end, text[start:end]), code, "Anne", "2026")], complete=False)
    if way == "recode":
        anne.recode(own[0], code)
    elif way == "span":
        anne.span(own[0], start, end)
    elif way == "accept":
        anne.accept(1)
    else:
        anne.code(1, start, end, code)
    done = take_back_step(project)
    assert done.kept == ["1 koding er endret siden, og står"]
    assert [(one.segment.start, one.segment.end, one.code) for one in project.codings("Anne")] == [(start, end, code)]
    assert integrity.check(project.folder) == []
