"""Each edit of the codebook is one step, with what becomes of all coders' codings, and undo goes back to the beginning."""

import random
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from autokode.base.errors import DataError
from autokode.corpus.codebook import Codebook
from autokode.corpus.codebook_tree import Tree, code_mark
from autokode.project import Project
from autokode.project.store import codebook_file, integrity
from autokode.project.store.codebook_checks import Seen
from autokode.project.store.codebook_editing import CodebookEditor
from autokode.project.store.decision_rows import memos
from autokode.project.store.reviewing import Reviewer
from autokode.project.store.round_rows import round_shown, undecided_of
from autokode.project.store.undoing import NoLongerFitsError
from autokode.project.views.stray_codes import stray_codes
from codebook_case import BOOK, KINDS, edited_project, everything, in_file, random_edit, state, suggested


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return edited_project(tmp_path_factory.mktemp("pattern") / "p").folder


@pytest.fixture
def project(pattern: Path, tmp_path: Path) -> Project:
    shutil.copytree(pattern, tmp_path / "p")
    return Project.open(tmp_path / "p")


def editor(project: Project, who: str = "Anne") -> CodebookEditor:
    return CodebookEditor(Reviewer(project, project.coder(who).id))


def coded(project: Project, who: str) -> set[tuple[int, int, str]]:
    return {(one.segment.start, one.segment.end, one.code) for one in project.codings(who)}


def sound(project: Project) -> None:
    assert integrity.check(project.folder) == []
    assert in_file(project) == project.codebook
    assert project.codebook == Codebook.from_yaml(project.codebook.to_yaml(), may_be_empty=True)


@settings(max_examples=5, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**9), count=st.integers(1, 12))
def test_undo_of_any_steps_leads_back_to_the_beginning(
    seed: int, count: int, pattern: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    there_and_back(pattern, tmp_path_factory.mktemp("run") / "p", seed, count)


@pytest.mark.parametrize("seed", range(3))
def test_every_kind_of_step_is_undone_to_the_first_byte(project: Project, seed: int) -> None:
    """Of a file as the page writes it; what else a person wrote in it, such as comments, goes with the code it stood at."""
    book = project.folder / "codebook.yaml"
    book.write_text(project.codebook.to_yaml(), encoding="utf-8")
    first, before, choose, own = book.read_bytes(), everything(project), random.Random(seed), editor(project)
    left = list(KINDS)
    steps = 0
    while left:
        done = random_edit(project, own, choose, kinds=left)
        steps += bool(done)
        left = [kind for kind in left if kind != done]
    sound(project)
    for _step in range(steps):
        assert own.reviewer.undo() is not None
    assert book.read_bytes() == first
    assert everything(project) == before
    sound(project)


def test_a_name_that_another_code_gets_meanwhile_is_told_apart(project: Project) -> None:
    before, own = everything(project), editor(project)
    own.reviewer.code(1, 50, 55, "avmakt")
    own.delete("avmakt")
    own.rename("penger", "avmakt")
    for _step in range(3):
        own.reviewer.undo()
    assert everything(project) == before


@pytest.mark.parametrize("how", ["make", "in_vivo", "rename", "split"])
def test_a_new_code_has_no_suggestions_of_a_deleted_one_of_its_name(project: Project, how: str) -> None:
    """They are kept apart, and are there again when the deleted code is."""
    own, anne = editor(project), project.coder("Anne")
    seen, rows = undecided_of(project, anne, "makt"), suggested(project)
    assert seen
    own.delete("makt")
    before = everything(project)
    ways = {
        "make": lambda: own.make("makt"),
        "in_vivo": lambda: own.in_vivo(1, 40, 46, "makt"),
        "rename": lambda: own.rename("penger", "makt"),
        "split": lambda: own.split("språk", "makt", []),
    }
    ways[how]()
    assert "makt" in project.codebook
    assert undecided_of(project, anne, "makt") == []
    assert {code for _id, code in suggested(project)[:-1]} == {"språk", "\x1f3"}
    row = round_shown(project, anne)
    assert row is not None and row.about["codes"] == ["\x1f3", "språk"]  # what the dial would suggest from
    sound(project)
    after = suggested(project)
    own.reviewer.undo()
    assert everything(project) == before and suggested(project) == rows
    own.reviewer.redo()
    assert suggested(project) == after and undecided_of(project, anne, "makt") == []
    own.reviewer.undo()
    own.reviewer.undo()
    assert undecided_of(project, anne, "makt") == seen and suggested(project) == rows


@pytest.mark.slow
@settings(
    max_examples=40, deadline=None, phases=(Phase.explicit, Phase.generate), suppress_health_check=list(HealthCheck)
)
@given(seed=st.integers(0, 10**9), count=st.integers(1, 30))
def test_undo_of_very_many_steps_leads_back_to_the_beginning(
    seed: int, count: int, pattern: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    there_and_back(pattern, tmp_path_factory.mktemp("run") / "p", seed, count)


def there_and_back(pattern: Path, folder: Path, seed: int, count: int) -> None:
    """Edit at random, undo all, make all again, and undo all again."""
    shutil.copytree(pattern, folder)
    project, choose = Project.open(folder), random.Random(seed)
    own = editor(project)
    states = [everything(project)]
    while count:
        count -= 1
        if random_edit(project, own, choose):
            states.append(everything(project))
    sound(project)
    for before in reversed(states[:-1]):
        assert own.reviewer.undo() is not None
        assert everything(project) == before
    sound(project)
    for after in states[1:]:
        assert own.reviewer.redo() is not None
        assert everything(project) == after
    assert own.reviewer.redo() is None
    sound(Project.open(folder))
    shutil.rmtree(folder)


def test_each_kind_of_edit_is_one_step(project: Project) -> None:
    own = editor(project)
    before, suggestions = everything(project), suggested(project)
    edits = [
        lambda: own.make("ny", "makt", "penger", definition="helt ny"),
        lambda: own.in_vivo(1, 40, 46, "sagt selv"),
        lambda: own.rename("makt", "styring"),
        lambda: own.move("penger", "bakgrunn"),
        lambda: own.change("språk", {"colour": "#ff0000", "keywords": ["ord", "ord", " "]}),
        lambda: own.split("språk", "tolk", [number("språk")]),
        lambda: own.merge("avmakt", "språk"),
        lambda: own.change("bakgrunn", {"codable": True}),
        lambda: own.delete("penger"),
        lambda: own.delete("styring", into="språk"),
    ]

    def number(code: str) -> int:
        return next(row["id"] for row in state(project)["coding"].values() if row["code"] == code)

    for edit in edits:
        count = len(project.decisions())
        edit()
        assert len(project.decisions()) == count + 1
        sound(project)
    assert stray_codes(project) == ()
    assert project.codebook["språk"].keywords == ("ord",)
    for _edit in edits:
        own.reviewer.undo()
    assert everything(project) == before and in_file(project) == Codebook.from_yaml(BOOK)
    assert suggested(project) == suggestions


def test_a_merge_takes_all_coders_along_and_makes_no_doubles(project: Project) -> None:
    editor(project).merge("makt", "språk")
    ola = coded(project, "Ola")
    assert ola == {(0, 6, "språk"), (9, 15, "avmakt"), (20, 26, "penger"), (20, 30, "språk")}
    (both,) = [row for row in state(project)["coding"].values() if row["coder"] == 2 and row["start"] == 0]
    assert both["good"] == 1  # the mark of the one that went
    said = {one.about: one.text for one in memos(project) if one.coder == "Ola"}
    assert said == {f"coding/{both['id']}": "et tydelig sted", "code/språk": "om språk, 2\n\nom makt, 2"}
    verdicts = {(row["utterance"], row["code"]): row["said"] for row in state(project)["verdict"].values()}
    # accepted makt at 0 and 3; rejected makt but accepted språk at 1; rejected språk at 2
    assert verdicts == {
        (0, "språk"): "accepted",
        (1, "språk"): "accepted",
        (2, "språk"): "rejected",
        (3, "språk"): "accepted",
    }
    settled = {(row["utterance"], row["code"]): row["given"] for row in state(project)["resolution"].values()}
    assert settled == {(2, "språk"): 1, (3, "språk"): 1}
    code = project.codebook["språk"]
    assert (code.definition, code.number, code.colour) == ("Hvem som bestemmer.", 1, "#1f6fb2")
    assert [child.name for child in code.codes] == ["avmakt", "penger"]


def test_one_who_rejected_a_part_did_not_reject_the_whole(project: Project) -> None:
    editor(project).merge("makt", "penger")
    verdicts = {(row["utterance"], row["code"]): row["said"] for row in state(project)["verdict"].values()}
    assert (1, "penger") not in verdicts and verdicts[0, "penger"] == "accepted"
    assert Tree.of(project.codebook).under[""] == ("penger", "språk", "bakgrunn")  # it took its parent's place


def test_a_split_gives_the_chosen_codings_and_what_was_accepted(project: Project) -> None:
    rows = [row for row in state(project)["coding"].values() if row["code"] == "makt"]
    chosen = [row["id"] for row in rows if row["suggestion"] or row["coder"] == 2]
    editor(project).split("makt", "myndighet", chosen, definition="lov")
    assert {row["code"] for row in state(project)["coding"].values() if row["id"] in chosen} == {"myndighet"}
    assert [row["code"] for row in state(project)["coding"].values() if row["id"] not in chosen].count("makt") == 1
    verdicts = {(row["utterance"], row["code"]): row["said"] for row in state(project)["verdict"].values()}
    assert verdicts[0, "myndighet"] == "accepted" and verdicts[1, "makt"] == "rejected"
    assert [code.name for code in project.codebook.codes] == ["makt", "myndighet", "språk", "bakgrunn"]


def test_a_deleted_code_leaves_nothing_behind(project: Project) -> None:
    editor(project).delete("makt")
    assert stray_codes(project) == () and "makt" not in {code for _s, _e, code in coded(project, "Ola")}
    assert [one.about for one in memos(project)] == ["code/språk", "code/språk"]
    assert [code.name for code in project.codebook.codes] == ["avmakt", "penger", "språk", "bakgrunn"]
    sound(project)


def test_comments_stay_in_the_file(project: Project) -> None:
    own = editor(project)
    own.make("ny", "bakgrunn")
    own.change("språk", {"definition": "om ord"})
    text = (project.folder / "codebook.yaml").read_text(encoding="utf-8")
    assert all(comment in text for comment in ("# Min egen kodebok", "# fra teorien", "# resten"))


def test_somebody_who_codes_blind_splits_their_own_codings_alone(project: Project) -> None:
    project.coder("Ola", blind=True)
    rows = [row for row in state(project)["coding"].values() if row["code"] == "språk"]
    with pytest.raises(DataError, match="har ikke lenger koden"):
        editor(project, "Ola").split("språk", "tolk", [row["id"] for row in rows])
    editor(project, "Ola").split("språk", "tolk", [row["id"] for row in rows if row["coder"] == 2])


REFUSED = [
    (lambda own: own.make("  "), "koden trenger et navn"),
    (lambda own: own.make("MAKT"), "heter «makt» fra før"),
    (lambda own: own.make("ny", "borte"), "endret i et annet vindu"),
    (lambda own: own.make("ny", number=1), "en annen kode har nummer 1"),
    (lambda own: own.make("ny", colour="rød"), "passer ikke her"),
    (lambda own: own.rename("makt", "Språk"), "heter «språk» fra før"),
    (lambda own: own.move("makt", "penger"), "«penger» står under «makt»"),
    (lambda own: own.move("makt", "bakgrunn", "språk"), "endret i et annet vindu"),
    (lambda own: own.change("makt", {"codable": False}), "«makt» har 4 kodinger og kan ikke bli bare en overskrift"),
    (lambda own: own.merge("makt", "makt"), "kodinger kan ikke gå til «makt»"),
    (lambda own: own.merge("makt", "bakgrunn"), "kodinger kan ikke gå til «bakgrunn»"),
    (lambda own: own.split("makt", "ny", [999]), "har ikke lenger koden «makt»"),
    (lambda own: own.delete("makt", seen=Seen(codings=3)), "er ikke de samme som da du så på dem"),
    (lambda own: own.delete("makt", seen=Seen(mark="en annen")), "endret i et annet vindu"),
    (lambda own: own.in_vivo(1, 0, 6, "bakgrunn"), "heter «bakgrunn» fra før"),
]


@pytest.mark.parametrize(("edit", "said"), REFUSED, ids=range(len(REFUSED)))
def test_what_cannot_be_is_refused_and_nothing_changes(project: Project, edit: object, said: str) -> None:
    before = everything(project), (project.folder / "codebook.yaml").read_bytes(), len(project.decisions())
    with pytest.raises(DataError, match=said):
        edit(editor(project))  # type: ignore[operator]
    assert (everything(project), (project.folder / "codebook.yaml").read_bytes(), len(project.decisions())) == before


def test_two_windows_edit_other_codes_and_refuse_the_same(project: Project) -> None:
    mark = code_mark(project.codebook, "makt")
    editor(project).change("språk", {"definition": "x"})
    editor(project).change("makt", {"definition": "y"}, seen=Seen(mark))
    with pytest.raises(DataError, match="endret i et annet vindu"):
        editor(project).change("makt", {"definition": "z"}, seen=Seen(mark))


def test_undo_leaves_alone_what_another_one_changed(project: Project) -> None:
    anne, ola = editor(project), editor(project, "Ola")
    anne.change("makt", {"definition": "annes"})
    anne.change("språk", {"definition": "annes"})
    ola.change("språk", {"colour": "#000000"})
    with pytest.raises(NoLongerFitsError) as stuck:
        anne.reviewer.undo()
    anne.reviewer.undo(skip=stuck.value.decision)
    assert project.codebook["makt"].definition == "Hvem som bestemmer."
    assert (project.codebook["språk"].definition, project.codebook["språk"].colour) == ("annes", "#000000")
    sound(project)


def test_others_can_undo_what_they_coded_before_a_rename_and_a_merge(project: Project) -> None:
    anne, ola = editor(project), editor(project, "Ola")
    ola.reviewer.code(1, 60, 64, "avmakt")
    anne.rename("avmakt", "maktesløs")
    anne.merge("maktesløs", "penger")
    ola.reviewer.undo()
    assert (60, 64) not in {place[:2] for place in coded(project, "Ola")}
    ola.reviewer.redo()
    assert (60, 64, "penger") in coded(project, "Ola")
    anne.reviewer.undo()
    assert (60, 64, "maktesløs") in coded(project, "Ola")
    sound(project)


def edit_by_hand(project: Project, old: str, new: str) -> None:
    path = project.folder / "codebook.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_file_edited_by_hand_is_never_written_over(project: Project) -> None:
    own = editor(project)
    own.make("ny")
    edit_by_hand(project, "Hvem som bestemmer.", "Hvem som styrer.")
    by_hand = (project.folder / "codebook.yaml").read_bytes()
    for edit in (
        lambda: own.make("enda en"),
        own.reviewer.undo,
        lambda: project.replace_codebook(project.codebook),
    ):
        with pytest.raises(DataError, match="endret utenfor siden"):
            edit()
    assert (project.folder / "codebook.yaml").read_bytes() == by_hand and "ny" in project.codebook
    own.reviewer.code(1, 50, 55, "makt")
    own.reviewer.undo()  # what is not about the codebook goes on
    found = project.codebook_by_hand()
    assert found is not None
    own.take_file(found.sha256, {})
    assert project.codebook["makt"].definition == "Hvem som styrer." and project.codebook_by_hand() is None
    own.reviewer.undo()
    assert project.codebook["makt"].definition == in_file(project)["makt"].definition == "Hvem som bestemmer."
    own.reviewer.undo()
    assert in_file(project) == Codebook.from_yaml(BOOK)


def test_a_name_changed_by_hand_takes_the_codings_along(project: Project) -> None:
    before, own = everything(project), editor(project)
    edit_by_hand(project, "navn: språk", "navn: ordbruk")
    found = project.codebook_by_hand()
    assert found is not None
    with pytest.raises(DataError, match="en annen nå enn den du så på"):
        own.take_file("noe annet", {})
    own.take_file(found.sha256, {"språk": "ordbruk"})
    assert "ordbruk" in {code for _s, _e, code in coded(project, "Ola")} and stray_codes(project) == ()
    sound(project)
    while everything(project) != before:
        assert own.reviewer.undo() is not None
    sound(project)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_kill_between_project_and_file_is_mended(
    project: Project, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    write, path = codebook_file.write_whole, project.folder / "codebook.yaml"

    def killed(to: Path, text: str | bytes) -> None:
        if moment == "after" or to != path:
            write(to, text)
        if to == path:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(codebook_file, "write_whole", killed)
        editor(project).merge("makt", "språk")
    assert "makt" not in Project.open(project.folder).codebook
    sound(project)
    editor(project).reviewer.undo()
    assert in_file(project) == Codebook.from_yaml(BOOK)


def test_a_person_who_edits_the_file_after_a_kill_keeps_that(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Project, "write_codebook_file", lambda _self: None)
        editor(project).make("ny")
    edit_by_hand(project, "Hvem som bestemmer.", "Hvem som styrer.")
    found = project.codebook_by_hand()
    assert found is not None and "ny" not in found and "ny" in project.codebook
    assert "Hvem som styrer." in (project.folder / "codebook.yaml").read_text(encoding="utf-8")
