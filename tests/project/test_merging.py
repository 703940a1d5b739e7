"""Two people's projects become one: all of both people's work is there, merged again nothing changes, and undo gives it back."""

import random
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autokode.base.errors import DataError
from autokode.corpus.codebook import Codebook
from autokode.corpus.coding import Coding, Segment
from autokode.project import Project, Reviewer
from autokode.project.store import integrity
from autokode.project.store.codebook_editing import CodebookEditor
from autokode.project.store.decision_rows import memos
from autokode.project.store.interview_changes import rename_interview
from autokode.project.store.merging import Merged, merge
from autokode.project.store.removal import remove_interviews
from autokode.project.store.steps import take_back_step
from autokode.project.store.transcript_correction import correct_text, join_turn
from autokode.project.store.variable_changes import Cell, set_values
from autokode.project.store.variables import values_of
from known_case import known
from merge_case import BOOK, WORK, Person, copy_of, interview, shared_project
from review_case import everything


def given_by(project: Project, name: str) -> set[tuple[str, int, int, str]]:
    return {(c.segment.transcript, c.segment.start, c.segment.end, c.code) for c in project.codings(name)}


def of_person(state: dict[str, Any], name: str) -> dict[str, list[Any]]:
    """What a person did, of everything that a project knows."""
    found = {
        key: [row for row in state[key] if row.startswith(f"('{name}'")] for key in ("codings", "verdicts", "read")
    }
    return {**found, "memos": [row for row in state["memos"] if row[0] == name]}


def state_but_coders(project: Project) -> dict[str, Any]:
    """What a project knows, but who is in it: the log names those whose work was taken back."""
    return {key: value for key, value in known(project).items() if key != "coders"}


@given(st.integers(0, 10**9), st.integers(0, 14), st.integers(0, 14), st.integers(0, 6))
@settings(max_examples=16)
def test_both_peoples_work_is_there_again_and_undone(seed: int, own: int, theirs: int, before: int) -> None:
    choose = random.Random(seed)
    with tempfile.TemporaryDirectory() as place:
        first = shared_project(Path(place) / "a")
        for _ in range(before):  # both people worked in the first project, before the second got a copy
            Person(first, choose.choice(("Anne", "Bo")), choose).act()
        second = copy_of(first, Path(place) / "b")
        anne, bo = Person(first, "Anne", choose), Person(second, "Bo", choose)
        for _ in range(own):
            anne.act()
        for _ in range(theirs):
            bo.act()
        there, was = everything(second), state_but_coders(first)
        bytes_there = second.database.path.read_bytes()
        merge(first, second)
        assert everything(second) == there and second.database.path.read_bytes() == bytes_there
        merged = known(first)
        assert of_person(merged, "Anne") == of_person(was, "Anne")
        called = {origin: name for name, origin in anne.first.items()}
        expected = {
            (text, start, end, called.get(bo.first[code], bo.first[code]))
            for text, start, end, code in given_by(second, "Bo")
        }
        assert given_by(first, "Bo") == expected
        theirs_then, theirs_now = of_person(known(second), "Bo"), of_person(merged, "Bo")
        assert theirs_now["read"] == theirs_then["read"]
        assert sorted(row[2] for row in theirs_now["memos"]) == sorted(row[2] for row in theirs_then["memos"])
        assert len(theirs_now["verdicts"]) == len(theirs_then["verdicts"])
        assert integrity.check(first.folder) == []
        once = everything(first)
        again = merge(first, second)
        assert again.is_nothing and everything(first) == once and known(first) == merged
        if state_but_coders(first) != was:
            take_back_step(first)
        assert state_but_coders(first) == was
        assert integrity.check(first.folder) == []
        merge(first, second)
        assert known(first) == merged


@given(st.integers(0, 10**9), st.integers(1, 4))
@settings(max_examples=8)
def test_people_who_send_their_files_to_and_fro_come_to_have_the_same_work(seed: int, times: int) -> None:
    choose = random.Random(seed)
    with tempfile.TemporaryDirectory() as place:
        first = shared_project(Path(place) / "a")
        second = copy_of(first, Path(place) / "b")
        anne, bo = Person(first, "Anne", choose), Person(second, "Bo", choose)
        for _ in range(times):
            for _ in range(5):
                for one in (anne, bo):
                    one.act(WORK)
            own = given_by(first, "Anne"), given_by(second, "Bo")
            merge(first, second)
            merge(second, first)
            for project in (first, second):
                assert (given_by(project, "Anne"), given_by(project, "Bo")) == own
                assert integrity.check(project.folder) == []
        ours, theirs = known(first), known(second)
        for key in ("codings", "verdicts", "read"):
            assert ours[key] == theirs[key], key
        for who, _about, text in (
            *ours["memos"],
            *theirs["memos"],
        ):  # one on a coding that is gone lies with its interview
            assert all(any(row[0] == who and text in row[2] for row in state["memos"]) for state in (ours, theirs))


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Project, Project]:
    first = shared_project(tmp_path / "a")
    return first, copy_of(first, tmp_path / "b")


def worker(project: Project, name: str) -> Reviewer:
    return Reviewer(project, project.coder(name).id)


def told(merged: Merged, what: str) -> list[tuple[str, str, str]]:
    return [(one.code, one.here, one.there) for one in merged.codes if one.what == what]


def test_what_was_removed_here_since_does_not_come_back(tmp_path: Path) -> None:
    first = shared_project(tmp_path / "a")
    for name in ("Anne", "Bo"):
        worker(first, name).code(1, 0, 4, "makt")
    second = copy_of(first, tmp_path / "b")
    anne = worker(first, "Anne")
    anne.remove(first.database.number("SELECT id FROM coding WHERE coder = ?", (anne.coder,)))
    worker(second, "Bo").code(1, 5, 9, "språk")
    assert given_by(second, "Anne")  # the copy has it still
    merge(first, second)
    assert given_by(first, "Anne") == set()
    assert len(given_by(first, "Bo")) == 2


def test_what_a_person_took_away_there_is_gone_here_too(tmp_path: Path) -> None:
    first = shared_project(tmp_path / "a")
    worker(first, "Bo").code(1, 0, 4, "makt")
    second = copy_of(first, tmp_path / "b")
    bo = worker(second, "Bo")
    bo.recode(1, "språk")
    merged = merge(first, second)
    assert {code for *_place, code in given_by(first, "Bo")} == {"språk"}
    (person,) = merged.people
    assert (person.codings, person.gone) == (1, 1)
    take_back_step(first)
    assert {code for *_place, code in given_by(first, "Bo")} == {"makt"}


def test_an_older_copy_brings_nothing(tmp_path: Path) -> None:
    first = shared_project(tmp_path / "a")
    worker(first, "Anne").code(1, 0, 4, "makt")
    second = copy_of(first, tmp_path / "b")
    worker(first, "Anne").remove(1)
    before = everything(first)
    assert merge(first, second).is_nothing and everything(first) == before


def test_codes_meet_whatever_they_are_called_and_the_codebook_here_decides(pair: tuple[Project, Project]) -> None:
    first, second = pair
    own, other = CodebookEditor(worker(first, "Anne")), CodebookEditor(worker(second, "Bo"))
    own.rename("makt", "styring")
    own.change("tillit", {"definition": "å våge"})
    other.rename("makt", "avmakt")
    other.change("tillit", {"definition": "å stole på"})
    other.move("tillit", "språk")
    other.make("humor", "språk")
    other.reviewer.code(1, 0, 4, "avmakt")
    other.reviewer.code(1, 0, 4, "humor")
    book = first.codebook
    merged = merge(first, second)
    assert {code for *_place, code in given_by(first, "Bo")} == {"styring", "humor"}
    assert told(merged, "name") == [("styring", "styring", "avmakt")]
    assert told(merged, "definition") == [("tillit", "å våge", "å stole på")]
    assert told(merged, "above") == [("tillit", "relasjon", "språk")]
    assert told(merged, "new") == [("humor", "", "språk")]
    assert first.codebook["tillit"] == book["tillit"]
    first.write_codebook_file()
    assert Codebook.from_yaml((first.folder / "codebook.yaml").read_text(encoding="utf-8")) == first.codebook
    take_back_step(first)
    assert first.codebook == book


def test_a_code_that_was_deleted_here_and_used_there_comes_back(pair: tuple[Project, Project]) -> None:
    first, second = pair
    CodebookEditor(worker(first, "Anne")).delete("språk")
    CodebookEditor(worker(first, "Anne")).delete("tillit")
    worker(second, "Bo").code(1, 0, 4, "språk")
    merged = merge(first, second)
    assert told(merged, "back") == [("språk", "", "")]
    assert "språk" in first.codebook and "tillit" not in first.codebook
    assert {code for *_place, code in given_by(first, "Bo")} == {"språk"}


def test_a_code_that_was_merged_here_is_the_one_it_was_merged_into(pair: tuple[Project, Project]) -> None:
    first, second = pair
    CodebookEditor(worker(first, "Anne")).merge("makt", "tillit")
    worker(second, "Bo").code(1, 0, 4, "makt")
    worker(second, "Bo").code(1, 0, 4, "tillit")
    merged = merge(first, second)
    assert {code for *_place, code in given_by(first, "Bo")} == {"tillit"}
    assert told(merged, "joined") and "makt" not in first.codebook
    assert merge(first, second).is_nothing


def test_an_edit_of_the_codebook_there_changes_nobody_elses_work(tmp_path: Path) -> None:
    first = shared_project(tmp_path / "a")
    worker(first, "Anne").code(1, 0, 4, "makt")
    second = copy_of(first, tmp_path / "b")
    CodebookEditor(worker(second, "Bo")).delete("makt")
    worker(second, "Bo").code(1, 0, 4, "språk")
    merge(first, second)
    assert given_by(first, "Anne") == {("møte", 0, 4, "makt")}


def test_a_text_corrected_here_takes_the_codings_to_their_words(pair: tuple[Project, Project]) -> None:
    first, second = pair
    said = first.transcript("møte").utterances[1]
    anne = first.coder("Anne")
    correct_text(first, anne, 1, 1, f"Jo, og {said.text}", saw=said.text)
    text = second.transcript("møte").text
    at = text.index("hytta")
    worker(second, "Bo").code(1, at, at + 5, "makt")
    worker(second, "Bo").read(1, 3)
    merged = merge(first, second)
    assert [(one.name, one.how) for one in merged.interviews] == [("møte", "corrected"), ("tur", "same")]
    (coding,) = first.codings("Bo")
    assert coding.segment.quote == "hytta"
    assert merge(first, second).is_nothing


def test_a_text_corrected_there_takes_the_codings_back_to_their_words(tmp_path: Path) -> None:
    first = shared_project(tmp_path / "a")
    at = first.transcript("møte").text.index("hytta")
    worker(first, "Bo").code(1, at, at + 5, "makt")
    second = copy_of(first, tmp_path / "b")
    bo = second.coder("Bo")
    said = second.transcript("møte").utterances[1]
    correct_text(second, bo, 1, 1, f"Jo, og {said.text}", saw=said.text)
    join_turn(second, bo, 1, 2, saw=second.transcript("møte").utterances[2].text)
    end = second.transcript("møte").text.index("regnet")
    worker(second, "Bo").code(1, end, end + 6, "språk")
    text = first.transcript("møte")
    merge(first, second)
    assert first.transcript("møte") == text
    assert sorted((one.code, one.segment.quote) for one in first.codings("Bo")) == [
        ("makt", "hytta"),
        ("språk", "regnet"),
    ]
    assert merge(first, second).is_nothing and integrity.check(first.folder) == []


def test_an_interview_that_was_renamed_is_known_by_its_text(pair: tuple[Project, Project]) -> None:
    first, second = pair
    rename_interview(first, first.coder("Anne"), 1, "møte 1", saw="møte")
    worker(second, "Bo").code(1, 0, 4, "makt")
    merged = merge(first, second)
    assert (merged.interviews[0].name, merged.interviews[0].there) == ("møte 1", "møte")
    assert given_by(first, "Bo") == {("møte 1", 0, 4, "makt")}


def test_an_interview_that_was_removed_here_is_not_taken_in_again(pair: tuple[Project, Project]) -> None:
    first, second = pair
    remove_interviews(first, ["tur"], by="Anne")
    worker(second, "Bo").code(2, 0, 4, "makt")
    merged = merge(first, second)
    assert [(one.name, one.how) for one in merged.interviews] == [("møte", "same"), ("tur", "removed")]
    assert [source.name for source in first.sources] == ["møte"] and merged.is_nothing


def test_an_interview_that_is_new_there_comes_with_all_of_it(pair: tuple[Project, Project]) -> None:
    first, second = pair
    text = interview("nytt", "Anne: Og i år?\nBo: I år ble det fjellet.\n")
    second.add(text, office="Kontor B", pseudonymised=True)
    worker(second, "Bo").code(3, 0, 4, "makt")
    merge(first, second)
    assert first.source("nytt").office == "Kontor B" and "nytt" in first.pseudonymised
    assert given_by(first, "Bo") == {("nytt", 0, 4, "makt")}
    take_back_step(first)
    assert [source.name for source in first.sources] == ["møte", "tur"]


def test_another_text_of_the_same_name_is_refused_and_may_be_left_out(tmp_path: Path) -> None:
    first = Project.create(tmp_path / "a", Codebook.from_yaml(BOOK))
    second = Project.create(tmp_path / "b", Codebook.from_yaml(BOOK))
    first.add(interview("møte"))
    second.add(interview("møte", "Anne: Noe annet?\nBo: Ja, noe helt annet enn det.\n"))
    second.add(interview("tur"))
    worker(second, "Bo").code(1, 0, 4, "makt")
    worker(second, "Bo").code(2, 0, 4, "makt")
    before = everything(first)
    with pytest.raises(DataError, match=r"«møte» har en annen tekst .* ulike fra ytring 1") as refused:
        merge(first, second)
    assert '--without "møte"' in str(refused.value) and "helt annet" not in str(refused.value)
    assert everything(first) == before and [source.name for source in first.sources] == ["møte"]
    merged = merge(first, second, without=["møte"])
    assert not merged.is_copy and given_by(first, "Bo") == {("tur", 0, 4, "makt")}
    assert [(one.name, one.how) for one in merged.interviews] == [("møte", "left"), ("tur", "new")]
    with pytest.raises(DataError, match="ikke noe intervju «mote»"):
        merge(first, second, without=["mote"])


def test_what_was_left_out_once_comes_when_it_is_not_left_out(pair: tuple[Project, Project]) -> None:
    first, second = pair
    for number in (1, 2):
        worker(second, "Bo").code(number, 0, 4, "makt")
    merge(first, second, without=["tur"])
    assert given_by(first, "Bo") == {("møte", 0, 4, "makt")}
    merge(first, second)
    assert given_by(first, "Bo") == {("møte", 0, 4, "makt"), ("tur", 0, 4, "makt")}


def test_two_who_began_apart_from_the_same_texts(tmp_path: Path) -> None:
    first, second = (Project.create(tmp_path / name, Codebook.from_yaml(BOOK)) for name in ("a", "b"))
    first.add(interview("møte"))
    second.add(interview("møte"))
    second.add(interview("tur"))
    worker(first, "Anne").code(1, 0, 4, "makt")
    worker(second, "Bo").code(1, 0, 4, "makt")
    worker(second, "Anne").code(1, 0, 4, "makt")  # the same coding of the same person
    merged = merge(first, second)
    assert not merged.is_copy and len(first.codings("Anne")) == 1 and len(first.codings("Bo")) == 1
    assert any("Anne" in remark and "begge filene" in remark for remark in merged.remarks)


def test_a_blind_coders_work_stays_blind(pair: tuple[Project, Project]) -> None:
    first, second = pair
    second.coder("Bo", blind=True)
    worker(second, "Bo").code(1, 0, 4, "makt")
    merged = merge(first, second)
    assert first.known_coder("Bo").blind and merged.people[0].blind and merged.people[0].is_new


def test_no_words_of_a_memo_are_lost(tmp_path: Path) -> None:
    first = shared_project(tmp_path / "a")
    worker(first, "Bo").memo("project", "først")
    second = copy_of(first, tmp_path / "b")
    worker(first, "Bo").memo("project", "her")
    worker(second, "Bo").memo("project", "der")
    merge(first, second)
    assert [memo.text for memo in memos(first)] == ["her\n\nder"]
    assert merge(first, second).is_nothing
    take_back_step(first)
    assert [memo.text for memo in memos(first)] == ["her"]


def test_pseudonyms_in_one_file_alone_are_refused(tmp_path: Path) -> None:
    first = Project.create(tmp_path / "a", Codebook.from_yaml(BOOK))
    first.add(interview("møte"))
    second = copy_of(first, tmp_path / "b")
    said = first.transcript("møte").utterances[1].text
    correct_text(first, first.coder("Anne"), 1, 1, said.replace("hytta", "Naustet"), saw=said)
    first.add(first.transcript("møte"), pseudonymised=True)
    before = everything(first)
    with pytest.raises(DataError, match="er pseudonymisert her, men ikke der"):
        merge(first, second)
    assert everything(first) == before


def test_work_that_was_merged_into_the_other_file_comes_along(tmp_path: Path) -> None:
    first = shared_project(tmp_path / "a")
    second, third = copy_of(first, tmp_path / "b"), copy_of(first, tmp_path / "c")
    worker(third, "Cato").code(1, 0, 4, "makt")
    worker(second, "Bo").code(1, 5, 9, "makt")
    merge(second, third)
    merge(first, second)
    assert given_by(first, "Cato") and given_by(first, "Bo")
    before = everything(first)
    assert merge(first, third).is_nothing and everything(first) == before


def test_answers_on_suggestions_come_with_their_person(pair: tuple[Project, Project]) -> None:
    first, second = pair
    anne = worker(second, "Anne")
    numbers = [row["id"] for row in second.database.rows("SELECT id FROM suggestion ORDER BY id")]
    anne.accept(numbers[0])
    anne.reject(numbers[1])
    merge(first, second)
    assert known(first)["verdicts"] == known(second)["verdicts"]
    assert [one[:2] for one in map(tuple, _given(first))] == [one[:2] for one in map(tuple, _given(second))]


def _given(project: Project) -> list[Any]:
    return project.database.rows("SELECT start, end, code FROM coding ORDER BY id")


def test_a_recording_is_linked_where_none_is(pair: tuple[Project, Project]) -> None:
    first, second = pair
    with second.database.writing() as connection:
        row = (1, "/opptak/møte.wav", 10, "a" * 64, "audio/wav", 0.0)
        connection.execute("INSERT INTO recording VALUES (?, ?, ?, ?, ?, ?)", row)
    merged = merge(first, second)
    assert any("opptaket" in remark for remark in merged.remarks)
    assert first.database.number("SELECT count(*) FROM recording") == 1
    assert merge(first, second).is_nothing
    take_back_step(first)
    assert first.database.number("SELECT count(*) FROM recording") == 0


def test_imported_codings_there_count_as_their_coders_work(pair: tuple[Project, Project]) -> None:
    first, second = pair
    quote = second.transcript("møte").text[:4]
    second.add_codings([Coding(Segment("møte", 0, 4, quote), "makt", "Eva", "2026-01-01")], complete=False)
    merge(first, second)
    assert given_by(first, "Eva") == {("møte", 0, 4, "makt")}


def test_values_of_variables_come_and_what_both_changed_stays(tmp_path: Path) -> None:
    first = shared_project(tmp_path / "a")
    set_values(first, first.coder("Anne"), [Cell(1, "", "Bølge", "1"), Cell(2, "", "Bølge", "1")])
    second = copy_of(first, tmp_path / "b")
    anne, bo = first.coder("Anne"), second.coder("Bo")
    set_values(second, bo, [Cell(1, "", "Bølge", "2"), Cell(2, "", "Bølge", "2"), Cell(1, "Bo", "Rolle", "nabo")])
    set_values(first, anne, [Cell(2, "", "Bølge", "3"), Cell(2, "", "Alder", "ung")])
    before = state_but_coders(first), values_of(first)
    merged = merge(first, second)
    found = values_of(first)
    names = {one.name: one.id for one in found.variables}
    assert list(names) == ["Bølge", "Alder", "Rolle"]
    assert found.own == {
        (1, ""): {names["Bølge"]: "2"},
        (1, "Bo"): {names["Rolle"]: "nabo"},
        (2, ""): {names["Bølge"]: "3", names["Alder"]: "ung"},
    }
    assert "variabler: 3 nye eller endret, 0 borte som der, 1 endret i begge filene og står som her" in merged.remarks
    assert integrity.check(first.folder) == [] and merge(first, second).is_nothing
    take_back_step(first)
    assert (state_but_coders(first), values_of(first)) == before
