"""Corrections of a transcript: codings on every side of an edit keep exactly their words, and every step is undone."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_new_version import sound, state

from autokode import DataError
from autokode.corpus.correction import Correction
from autokode.corpus.edits import Edit, Edits
from autokode.project import Project
from autokode.project.store.decision_log import facts, replayed
from autokode.project.store.integrity import check
from autokode.project.store.new_version import earlier_texts
from autokode.project.store.removal import remove_interviews
from autokode.project.store.round_writing import fill_evidence
from autokode.project.store.transcript_correction import change_speaker, correct_text, join_turn, split_turn
from autokode.project.store.undoing import NoLongerFitsError
from autokode.project.store.version_move import Move
from removal_case import CODES, GONE, SAID, World
from trace_case import traces

NAME = "fjøset"
FIRST = SAID[NAME][0]
PIECES = st.text(alphabet="aøé🐄 .,\n", max_size=4)


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, Edits]:
    """A text and edits of it, with a character that is kept between every two."""
    parts, edits, text = draw(st.lists(st.tuples(PIECES, PIECES, PIECES), max_size=4)), [], ""
    for kept, old, new in parts:
        text += kept + "x"
        if old != new:
            edits.append(Edit(len(text), len(text) + len(old), old, new))
        text += old
    return text + draw(PIECES), Edits(edits)


@given(edited())
def test_every_segment_keeps_its_words_outside_the_edits(made: tuple[str, Edits]) -> None:
    text, edits = made
    known = Correction(text, edits)
    for start in range(len(text)):
        for end in range(start + 1, len(text) + 1):
            touched = [
                e for e in edits.edits if max(e.start, start) < min(e.end, end) or start < e.start == e.end < end
            ]
            expected, at = "", start
            for edit in touched:
                expected += text[at : max(at, edit.start)] + edit.new
                at = edit.end
            expected += text[at:end]
            found = known.moved(start, end)
            if not touched:
                assert found is not None
                assert known.new[slice(*found)] == text[start:end]
            assert ("" if found is None else known.new[slice(*found)].strip()) == expected.strip()


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "prosjekt", list(SAID))


def said(project: Project, number: int) -> str:
    return project.transcript(NAME).utterances[number].text


def quotes(project: Project) -> list[tuple[str, str, str]]:
    return sorted((c.coder, c.code, c.segment.quote) for c in project.codings() if c.segment.transcript == NAME)


def code(world: World, coder: str, words: str, code: str = "makt") -> None:
    at = world.project.transcript(NAME).text.index(words)
    world.reviewer(coder).code(world.ids[NAME], at, at + len(words), code)


def correct(world: World, words: str, utterance: int = 1) -> None:
    saw = said(world.project, utterance)
    correct_text(world.project, world.project.coder("Anne"), world.ids[NAME], utterance, words, saw=saw)


def test_codings_on_every_side_of_a_corrected_word(world: World) -> None:
    words = ("Kyrne", "Kyrne kjenner", "kjenner stemmen til", "stemmen", "stemmen til", "naboen min", "men til na")
    for index, one in enumerate((*words, FIRST, "Silofôret")):
        code(world, ("Anne", "Berit")[index % 2], one, CODES[index % 3])
    world.reviewer("Anne").read(world.ids[NAME], 1)
    world.reviewer("Anne").memo(f"turn/{world.ids[NAME]}/1", "Om kyrne.")
    before, was = state(world.project), quotes(world.project)
    correct(world, FIRST.replace("stemmen", "stegene tydelig"))
    expected = sorted(
        (coder, name, q.replace("stemmen", "stegene tydelig").replace("men til na", "stegene tydelig til na"))
        for coder, name, q in was
    )
    assert quotes(world.project) == expected
    sound(world.project)
    assert next(text for _step, _time, text in earlier_texts(world.project, world.ids[NAME])).count("stemmen") == 1
    after = state(world.project)
    world.reviewer("Anne").undo()
    assert state(world.project) == before
    world.reviewer("Anne").redo()
    assert state(world.project) == after
    sound(world.project)


def test_others_later_codings_follow_when_a_correction_is_undone_and_made_again(world: World) -> None:
    correct(world, "Alle " + FIRST)
    code(world, "Berit", "Silofôret lukter")
    code(world, "Berit", "naboen", "språk")
    now = quotes(world.project)
    for step in (world.reviewer("Anne").undo, world.reviewer("Anne").redo, world.reviewer("Anne").undo):
        assert step() is not None
        assert quotes(world.project) == now
        sound(world.project)
    with pytest.raises(NoLongerFitsError, match="endret siden"):
        world.reviewer("Berit").undo()


def test_speakers_turns_and_what_is_refused(world: World) -> None:
    project, number, anne = world.project, world.ids[NAME], world.project.coder("Anne")
    code(world, "Berit", "stemmen til naboen")
    before, was = state(project), quotes(project)
    change_speaker(project, anne, number, 1, "Ida", saw=FIRST)
    assert project.transcript(NAME).speakers == {"Intervjuer": 3, "Kari": 2, "Ida": 1}
    assert f"Ida: {FIRST}" in project.transcript(NAME).text
    change_speaker(project, anne, number, 0, "Forsker", saw=said(project, 0), everywhere=True)
    assert project.transcript(NAME).interviewers == ("Forsker",)
    split_turn(project, anne, number, 1, FIRST.index("til"), saw=FIRST, speaker="Per")
    assert [one.speaker for one in project.transcript(NAME).utterances[1:3]] == ["Ida", "Per"]
    sound(project)
    join_turn(project, anne, number, 1, saw=said(project, 1))
    assert said(project, 1) == FIRST
    assert quotes(project) == was
    sound(project)
    for words, reason in (("", "må ha ord"), (FIRST, "de samme"), (f" {FIRST}\n", "de samme")):
        with pytest.raises(DataError, match=reason):
            correct(world, words)
    with pytest.raises(DataError, match="mellom to ord"):
        split_turn(project, anne, number, 1, 2, saw=FIRST)
    with pytest.raises(DataError, match="siste"):
        join_turn(project, anne, number, 5, saw=said(project, 5))
    with pytest.raises(DataError, match="annet vindu"):
        correct_text(project, anne, number, 1, "Noe.", saw="noe annet")
    for _ in range(4):
        assert world.reviewer("Anne").undo() is not None
        sound(project)
    assert state(project) == before


def test_nothing_of_the_original_is_left_after_a_removal(tmp_path: Path) -> None:
    world = World(tmp_path / "p", list(SAID))
    number, saw = world.ids[GONE], SAID[GONE][0]
    correct_text(world.project, world.project.coder("Anne"), number, 1, saw.replace("Solbjørg", "Grete"), saw=saw)
    assert traces({"Solbjørg"}, tmp_path)
    remove_interviews(world.project, [GONE], by="Anne")
    assert traces({"Solbjørg", "girkassen"}, tmp_path) == {}
    sound(world.project)


@settings(max_examples=8, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 3), st.sampled_from(("ku", "fjøs, ja", ""))), max_size=4))
def test_corrections_at_random_are_undone_to_the_beginning(edits: list[tuple[int, int, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder) / "p", [NAME])
        for index, word in enumerate(FIRST.split()):
            code(world, ("Anne", "Berit")[index % 2], word, CODES[index % 3])
        before, made = state(world.project), 0
        for at, size, new in edits:
            words = said(world.project, 1).split()
            kept = [one for one in quotes(world.project) if one[2] in [*words[:at], *words[at + size :]]]
            try:
                correct(world, " ".join([*words[:at], *new.split(), *words[at + size :]]))
            except DataError:
                continue
            made += 1
            assert {one for one in kept if one[2] not in words[at : at + size]} <= set(quotes(world.project))
            sound(world.project)
        for _ in range(made):
            assert world.reviewer("Anne").undo() is not None
        assert state(world.project) == before
        assert check(world.project.folder) == []
        with world.project.database.reading() as connection:
            assert replayed(connection) == facts(connection)


def test_turns_that_are_split_and_joined_keep_what_belongs_to_them(world: World) -> None:
    project, number, anne, berit = world.project, world.ids[NAME], world.project.coder("Anne"), world.reviewer("Berit")
    for utterance in (1, 3):
        berit.read(number, utterance)
        berit.memo(f"turn/{number}/{utterance}", f"Om {utterance}.")
    berit.reject(world.suggestion("Berit", NAME, 1, "makt"))
    before = state(project)
    split_turn(project, anne, number, 1, FIRST.index("naboen"), saw=FIRST)
    berit.memo(f"turn/{number}/6", "Kom til etterpå.")
    code(world, "Berit", "Silofôret")
    assert world.reviewer("Anne").undo() is not None
    assert {one for one in before if one[0] != "coding"} <= set(state(project))
    assert ("memo", world.people["Berit"], f"turn/{number}/5", "Kom til etterpå.") in state(project)
    sound(project)
    assert world.reviewer("Anne").redo() is not None
    assert ("memo", world.people["Berit"], f"turn/{number}/6", "Kom til etterpå.") in state(project)
    join_turn(project, anne, number, 1, saw=said(project, 1))
    assert said(project, 1) == FIRST
    sound(project)


def test_evidence_of_the_words_of_before_is_left_out(world: World) -> None:
    project, coder = world.project, world.project.coder("Berit")
    number, digest = world.suggestion("Berit", NAME, 1, "makt"), project.transcript(NAME).sha256
    correct(world, "Alle " + FIRST)
    for utterance, text in ((3, digest), (2, project.transcript(NAME).sha256)):
        fill_evidence(project, coder, 0, [(0, 4, "stale", number, utterance, text)])
    read = "SELECT evidence FROM suggestion WHERE id = ?"
    assert project.database.rows(read, (number,))[0]["evidence"] != "stale"
    fill_evidence(project, coder, 0, [(0, 4, "new", number, 3, project.transcript(NAME).sha256)])
    assert project.database.rows(read, (number,))[0]["evidence"] == "new"


def test_what_is_cut_off_leaves_the_old_text_whole(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    before = state(world.project)

    def cut(*_given: object, **_named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Move, "put_drawn", cut)
    with pytest.raises(KeyboardInterrupt):
        correct(world, "Alle " + FIRST)
    assert state(Project.open(world.project.folder)) == before
    sound(world.project)
