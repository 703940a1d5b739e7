"""What was taken away before a new version of a text comes back at its own words, or not at all: never at other words."""

from pathlib import Path

import pytest
from test_new_version import sound

from autokode.corpus.readers import Source
from autokode.corpus.transcript import from_source
from autokode.project import Project
from autokode.project.store.decision_log import facts
from autokode.project.store.decision_rows import memos
from autokode.project.store.integrity import check
from autokode.project.store.new_version import bring_version, following
from autokode.project.store.steps import take_back_step
from autokode.project.store.undoing import NoLongerFitsError
from removal_case import CODES, SAID, World

NAME = "fjøset"


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path / "prosjekt", list(SAID))
    number, reviewer = made.ids[NAME], made.reviewer("Anne")
    for answer, one in enumerate(made.project.transcript(NAME).utterances[1::2]):
        reviewer.code(number, one.start, one.end, CODES[answer])
        reviewer.read(number, 2 * answer + 1)
        reviewer.memo(f"turn/{number}/{2 * answer + 1}", f"Notat {answer}")
    start = made.project.transcript(NAME).utterances[1].start
    reviewer.code(number, start, start + 5, "språk")
    return made


def bring(world: World, coder: str = "Berit") -> None:
    """Berit brings a text in which each answer stands elsewhere, and is another utterance by its number."""
    number, text = world.ids[NAME], world.project.transcript(NAME).text
    version = from_source(Source("Intervjuer: Er du der?\nKari: Ja da.\n" + text), "ny")
    saw = following(world.project, number, version).mark
    bring_version(world.project, world.project.coder(coder), number, version, saw=saw)


def quotes(project: Project) -> list[tuple[str, str]]:
    return sorted((c.coder, c.segment.quote) for c in project.codings() if c.segment.transcript == NAME)


def memo_of(project: Project, about: str) -> str:
    return next((one.text for one in memos(project) if one.about == about), "")


TAKING_AWAY = {
    "a coding": lambda world: world.reviewer("Anne").remove(world.codings("Anne", NAME)[0]),
    "a read mark": lambda world: world.reviewer("Anne").read(world.ids[NAME], 1, read=False),
    "a memo": lambda world: world.reviewer("Anne").memo(f"turn/{world.ids[NAME]}/1", ""),
    "what was done last": lambda world: world.reviewer("Anne").undo(),
}


@pytest.mark.parametrize("what", TAKING_AWAY)
def test_nothing_comes_back_at_the_places_of_another_text(world: World, what: str) -> None:
    project, reviewer = world.project, world.reviewer("Anne")
    with project.database.reading() as connection:
        before = facts(connection)
    TAKING_AWAY[what](world)
    again = reviewer.redo if what == "what was done last" else reviewer.undo
    bring(world)
    with pytest.raises(NoLongerFitsError, match="endret siden"):
        again()
    assert world.reviewer("Berit").undo() is not None
    assert again() is not None  # the text is again the one that it stood in
    with project.database.reading() as connection:
        assert facts(connection) == before
    assert check(project.folder) == []


def test_what_points_to_the_same_words_is_undone_after_a_version_all_the_same(world: World) -> None:
    number, text = world.ids[NAME], world.project.transcript(NAME).text
    version = from_source(Source(text + "Intervjuer: Takk.\n"), "ny")
    saw = following(world.project, number, version).mark
    bring_version(world.project, world.project.coder("Berit"), number, version, saw=saw)
    while world.reviewer("Anne").undo():
        assert check(world.project.folder) == []
    assert world.codings("Anne", NAME) == []


@pytest.mark.parametrize("by_whom", ["Anne", "the command"])
def test_what_others_code_after_a_version_stands_on_its_words_when_the_version_is_undone(
    world: World, by_whom: str
) -> None:
    project, number = world.project, world.ids[NAME]
    bring(world)
    text = project.transcript(NAME).text
    start = text.index("lukter sterkt")
    world.reviewer("Anne").code(number, start, start + len("lukter sterkt"), "makt")
    world.reviewer("Anne").memo(f"turn/{number}/4", "Om spørsmålet.")
    start = text.index("Ja da.")
    world.reviewer("Anne").code(number, start, start + len("Ja da."), "tillit")
    now = quotes(project)
    assert {"lukter sterkt", "Ja da."} <= {words for _coder, words in now}
    if by_whom == "Anne":
        assert world.reviewer("Berit").undo() is not None
    else:
        take_back_step(project)
    assert quotes(project) == [one for one in now if one[1] != "Ja da."]  # words that only the newer text has
    assert memo_of(project, f"turn/{number}/2") == "Om spørsmålet."
    sound(project)
    if by_whom == "Anne":
        assert world.reviewer("Berit").redo() is not None
        assert quotes(project) == now
        sound(project)
