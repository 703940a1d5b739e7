"""A new version of an interview: what points into the text follows its words, what cannot is told, and all of it is undone."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from autokode import DataError
from autokode.corpus.readers import Source
from autokode.corpus.transcript import Transcript, from_source
from autokode.project import Project
from autokode.project.store.decision_log import facts, replayed
from autokode.project.store.decision_rows import memos
from autokode.project.store.integrity import check
from autokode.project.store.interview_changes import rename_interview
from autokode.project.store.new_version import bring_version, earlier_texts, following
from autokode.project.store.project_files import FILE
from autokode.project.store.pseudonymising import pseudonymise
from autokode.project.store.removal import remove_interviews
from autokode.project.store.restored_names import restore
from autokode.project.store.steps import take_back_step
from autokode.project.store.version_move import Move
from autokode.pseudonym.key import Key, read_key
from autokode.pseudonym.register import Register
from pseudonym_case import NEEDLES, TOLD, plan_of, register_of
from removal_case import CODERS, CODES, GONE, SAID, World
from trace_case import traces

NAME = "fjøset"


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path / "prosjekt", list(SAID))
    for coder in CODERS:
        reviewer = made.reviewer(coder)
        for answer, one in enumerate(made.project.transcript(NAME).utterances[1::2]):
            reviewer.code(made.ids[NAME], one.start, one.end, CODES[answer])
            reviewer.read(made.ids[NAME], 2 * answer + 1)
            reviewer.memo(f"turn/{made.ids[NAME]}/{2 * answer + 1}", f"Notat {answer}")
        reviewer.accept(made.suggestion(coder, NAME, 0, "makt"))
        reviewer.reject(made.suggestion(coder, NAME, 2, "språk"))
    made.reviewer("Anne").memo(f"coding/{made.codings('Anne', NAME)[2]}", "Om lukten.")
    return made


def version(*answers: str) -> Transcript:
    text = "Samtale, rettet\n\n" + "".join(f"Intervjuer: Hva mer da?\nKari: {said}\n" for said in answers)
    return from_source(Source(text), "et annet navn")


def state(project: Project) -> list[tuple[object, ...]]:
    """All rows but those of the log, and of what programs make again."""
    tables = (
        "transcript",
        "utterance",
        "coding",
        "verdict",
        "done",
        "memo",
        "resolution",
        "suggestion",
        "drawn",
        "carried",
    )
    with project.database.reading() as connection:
        return [
            (table, *tuple(row))
            for table in tables
            for row in connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3").fetchall()  # noqa: S608 - ours
        ]


def sound(project: Project) -> None:
    assert check(project.folder) == []
    with project.database.reading() as connection:
        assert replayed(connection) == facts(connection)


CORRECTED = ("Kyrne kjenner stemmen til naboen min aller best.", "Ja, det gjør vi.", "Noe helt annet nå.")


def bring(world: World, new: Transcript) -> None:
    number = world.ids[NAME]
    saw = following(world.project, number, new).mark
    bring_version(world.project, world.project.coder("Anne"), number, new, saw=saw)


def test_what_follows_and_what_cannot(world: World) -> None:
    project, number = world.project, world.ids[NAME]
    told = following(project, number, version(*CORRECTED))
    assert (told.same, len(told.changed), len(told.gone)) == (2, 2, 2)
    assert {(one.code, one.before) for one in told.gone} == {("tillit", "Silofôret lukter sterkt om våren.")}
    assert {one.now for one in told.changed} == {CORRECTED[0]}
    assert (told.unread, told.verdicts, told.memos) == (4, 2, 3)
    before = state(project)
    bring(world, version(*CORRECTED))
    now = project.transcript(NAME)
    assert now.text.startswith("Samtale, rettet")
    quotes = {(c.coder, c.code, c.segment.quote) for c in project.codings() if c.segment.transcript == NAME}
    assert quotes == {
        (coder, code, said) for coder in CODERS for code, said in (("makt", CORRECTED[0]), ("språk", CORRECTED[1]))
    }
    texts = {(one.coder, one.about): one.text for one in memos(project)}
    assert texts["Anne", f"turn/{number}/1"] == "Notat 0"
    assert set(texts["Anne", f"transcript/{number}"].split("\n\n")) == {"Notat 2", "Om lukten."}
    assert [text for _step, _time, text in earlier_texts(project, number)] == [world_text()]
    sound(project)
    reviewer = world.reviewer("Anne")
    assert reviewer.undo() is not None
    assert state(project) == before
    assert earlier_texts(project, number) == []
    sound(project)
    assert reviewer.redo() is not None
    assert project.transcript(NAME) == now
    sound(project)
    assert take_back_step(project).interviews == 0
    assert state(project) == before


def world_text() -> str:
    return "".join(f"Intervjuer: Hva mer da?\nKari: {said}\n" for said in SAID[NAME])


def test_decisions_of_before_and_after_are_undone_in_their_order(world: World) -> None:
    reviewer, number = world.reviewer("Anne"), world.ids[NAME]
    empty = {table: {} for table in facts_of(world.project)} | {"variable": facts_of(world.project)["variable"]}
    bring(world, version(*CORRECTED))
    one = world.project.transcript(NAME).utterances[5]
    reviewer.code(number, one.start, one.end, "tillit")
    while reviewer.undo():
        sound(world.project)
    world.reviewer("Berit")
    while world.reviewer("Berit").undo():
        sound(world.project)
    assert facts_of(world.project) == empty
    assert world.project.transcript(NAME).text == world_text()


def facts_of(project: Project) -> dict[str, object]:
    with project.database.reading() as connection:
        return dict(facts(connection))


def test_another_text_the_same_text_and_what_was_not_shown_are_refused(world: World) -> None:
    project, number = world.project, world.ids[NAME]
    before = state(project)
    with pytest.raises(DataError, match="det er en annen tekst"):
        following(project, number, version("Noe.", "Annet enn det.", "Her."))
    with pytest.raises(DataError, match="den samme"):
        following(project, number, project.transcript(NAME))
    saw = following(project, number, version(*CORRECTED)).mark
    world.reviewer("Berit").remove(world.codings("Berit", NAME)[2])
    with pytest.raises(DataError, match="annet vindu"):
        bring_version(project, project.coder("Anne"), number, version(*CORRECTED), saw=saw)
    world.reviewer("Berit").undo()
    assert state(project) == before


def test_nothing_of_the_old_text_is_left_after_a_removal(world: World, tmp_path: Path) -> None:
    number = world.ids[GONE]
    old = "Solbjørg skrudde girkassen"
    new = version(SAID[GONE][0].replace("Solbjørg", "Grete"), *SAID[GONE][1:])
    saw = following(world.project, number, new).mark
    bring_version(world.project, world.project.coder("Anne"), number, new, saw=saw)
    assert traces({old}, tmp_path)  # in reach
    remove_interviews(world.project, [GONE], by="Anne")
    assert traces({old, "Solbjørg", "girkassen"}, tmp_path) == {}
    sound(world.project)


def test_pseudonymising_forgets_the_old_texts_and_their_names(tmp_path: Path) -> None:
    world = World(tmp_path / "p", tuple(TOLD), TOLD)
    anne, number = world.project.coder("Anne"), world.ids["møte1"]
    one = world.project.transcript("møte1").utterances[1]
    world.reviewer("Anne").code(number, one.start, one.end, "makt")
    new = from_source(Source(world.project.transcript("møte1").text.replace("henta", "hentet")), "ny")
    saw = following(world.project, number, new).mark
    bring_version(world.project, anne, number, new, saw=saw)
    rename_interview(world.project, anne, world.ids["møte2"], "Møtet med Kåre", saw="møte2")
    register = register_of(["Anders", "Berit", "Carl"])
    before = state(world.project)
    pseudonymise(world.project, plan_of(world.project, register), Key(Register([])), tmp_path / "k.json", by="Anne")
    assert traces(NEEDLES, tmp_path / "p") == {}
    sound(world.project)
    with pytest.raises(DataError, match="hopp over"):
        for _ in range(3):
            world.reviewer("Anne").undo()
    restore(world.project, read_key(tmp_path / "k.json"), by="Anne")
    sound(world.project)
    assert [one for one in state(world.project) if one[0] == "coding"] == [one for one in before if one[0] == "coding"]
    assert {one.name for one in world.project.sources} == set(TOLD)  # the renaming was undone


@pytest.mark.parametrize("at", ["put", "put_suggestions", "put_drawn"])
def test_what_is_cut_off_leaves_the_old_text_whole(world: World, monkeypatch: pytest.MonkeyPatch, at: str) -> None:
    before = state(world.project)

    def cut(*_given: object, **_named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Move, at, cut)
    with pytest.raises(KeyboardInterrupt):
        bring(world, version(*CORRECTED))
    assert state(Project.open(world.project.folder)) == before
    sound(world.project)


def versions_at_random() -> Iterator[Transcript]:
    choice = random.Random(7)
    said = list(SAID[NAME])
    for _ in range(12):
        words = [one.split() for one in said]
        line = choice.randrange(len(words))
        at = choice.randrange(len(words[line]))
        words[line][at : at + choice.randrange(2)] = [choice.choice(["fjøs", "kua", "ja,"])] * choice.randrange(1, 3)
        said = [" ".join(one) for one in words]
        yield version(*said)


def test_versions_at_random_are_sound_and_undone_to_the_beginning(world: World) -> None:
    before, brought = state(world.project), 0
    for new in versions_at_random():
        try:
            bring(world, new)
        except DataError:
            continue
        brought += 1
        sound(world.project)
    assert brought > 5
    for _ in range(brought):
        assert world.reviewer("Anne").undo() is not None
    assert state(world.project) == before
    assert (world.project.folder / FILE).exists()
