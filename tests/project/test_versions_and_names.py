"""New versions and pseudonymising, one after the other, both ways: no name is left, and codings stand on the right words."""

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from autokode import DataError
from autokode.corpus.readers import Source
from autokode.corpus.transcript import from_source
from autokode.project import Project
from autokode.project.store.decision_log import facts, replayed
from autokode.project.store.integrity import check
from autokode.project.store.new_version import bring_version, earlier_texts, following
from autokode.project.store.project_files import INCOMING
from autokode.project.store.pseudonym_plan import ProjectPlan
from autokode.project.store.pseudonymising import pseudonymise
from autokode.project.store.removal import remove_interviews
from autokode.project.store.restored_names import restore
from autokode.project.store.undoing import NoLongerFitsError
from autokode.pseudonym.key import Key, read_key
from autokode.pseudonym.register import Register
from pseudonym_case import NEEDLES, TOLD, plan_of, register_of
from removal_case import CODERS, CODES, World
from review_case import rows
from trace_case import plain_sqlite, traces

OLD = ("Torbjørg fra Vestfossen henta henne.", "Ho Gunnvor sa nei.", "Vi er mange her.")
"""Ends of answers that stand in the first version alone. No text has its names when the list of names is made."""

OLD_NAMES = {"Torbjørg", "Vestfossen", "Gunnvor"}
ALWAYS = "Slik var det hos oss den gangen, og alle som bodde der, visste om det."
FIRST = {name: [f"{said} {ALWAYS} {old}" for said, old in zip(told, OLD, strict=True)] for name, told in TOLD.items()}
INVENTED = ("Magnhild Karoline", "Bo", "Tor")


@pytest.fixture(autouse=True, scope="module")
def _plain_sqlite() -> Iterator[None]:
    with plain_sqlite():
        yield


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Two coders have coded all answers, decided on suggestions, and changed their minds, in the first version."""
    made = World(tmp_path / "p", tuple(FIRST), FIRST)
    for coder in CODERS:
        reviewer = made.reviewer(coder)
        for name, number in made.ids.items():
            for answer, one in enumerate(made.project.transcript(name).utterances[1::2]):
                reviewer.code(number, one.start, one.end, CODES[answer])
                reviewer.read(number, 2 * answer + 1)
                reviewer.memo(f"turn/{number}/{2 * answer + 1}", f"Notat {answer} om Kåre")
            reviewer.accept(made.suggestion(coder, name, 0, "makt"))
            reviewer.reject(made.suggestion(coder, name, 1, "språk"))
            reviewer.remove(made.codings(coder, name)[1])
    return made


def sound(project: Project) -> None:
    assert check(project.folder) == []
    with project.database.reading() as connection:
        assert replayed(connection) == facts(connection)


def bring(project: Project, name: str, text: str, coder: str = "Anne") -> None:
    number, version = project.source(name).id, from_source(Source(text), "ny")
    saw = following(project, number, version).mark
    bring_version(project, project.coder(coder), number, version, saw=saw)


def second(name: str, said: dict[str, list[str]] = TOLD) -> str:
    """The second version of an interview: with another turn at its beginning, and without what only the first one had."""
    turns = "".join(f"Intervjuer: Hva mer da?\nKari: {one} {ALWAYS}\n" for one in said[name])
    return f"Intervjuer: Er du klar?\nKari: Ja, Kåre er her.\n{turns}"


def names_gone(project: Project, key: Path) -> ProjectPlan:
    """Pseudonymise, with the key so far if there is one; give the plan."""
    known, plan = read_key(key) if key.exists() else Key(Register()), plan_of(project, register_of(INVENTED))
    pseudonymise(project, plan, known, key, by="Anne")
    return plan


def undone(world: World, coder: str) -> tuple[int, int]:
    """Undo all that can be, and pass over the rest: how many of each. After each step the project is sound."""
    counts: Counter[bool] = Counter()
    skip = None
    while True:
        try:
            if world.reviewer(coder).undo(skip=skip) is None:
                return counts[True], counts[False]
            counts[True] += 1
            skip = None
        except NoLongerFitsError as error:
            counts[False] += 1
            skip = error.decision
        sound(world.project)


def littered(world: World) -> None:
    """Put files with the names where autokode puts such: brought to the page, and copies from before."""
    incoming = world.project.folder / f"{INCOMING}0123456789ab"
    incoming.mkdir()
    for path in (incoming / "a.txt", world.project.folder / "autokode.db.før-retting-1"):
        path.write_text("Kåre Ødegård, Åshild, Torbjørg", encoding="utf-8")


def test_no_name_of_any_version_is_left_and_codings_stand_right(world: World, tmp_path: Path) -> None:
    project = world.project
    for name in ("møte1", "møte3"):
        bring(project, name, second(name))
    world.reviewer("Anne").undo()  # of møte3: the new text can be had again, until the names go
    one = project.transcript("møte1").utterances[3]
    for coder in CODERS:
        world.reviewer(coder).code(world.ids["møte1"], one.start, one.start + 4, "makt")  # cuts a name
    littered(world)
    assert set(traces(NEEDLES | OLD_NAMES, project.folder)) == NEEDLES | OLD_NAMES
    bring(project, "møte2", second("møte2"))
    bring(project, "møte3", second("møte3"))
    stood = {row["id"]: (row["transcript"], row["start"], row["end"]) for row in rows(project, "coding")}
    assert set(traces(OLD_NAMES, project.folder)) == OLD_NAMES
    plan = names_gone(project, tmp_path / "k.json")
    assert traces(NEEDLES | OLD_NAMES, project.folder) == {}
    sound(project)
    assert all(earlier_texts(project, number) == [] for number in world.ids.values())
    texts = {source.id: project.transcript(source.name).text for source in project.sources}
    for row in rows(project, "coding"):
        number, *span = stood.pop(row["id"])
        start, end = plan.edits[number].segment(*span)
        assert texts[number][row["start"] : row["end"]] == texts[number][start:end]
    assert not stood
    assert undone(world, "Anne")[1] >= 3  # the versions, at least, cannot be
    assert undone(world, "Berit")[0] >= 1
    assert traces(NEEDLES | OLD_NAMES, project.folder) == {}


def at_random(world: World, choose: random.Random) -> None:
    """Do something to the project that is drawn by chance."""
    project, coder = world.project, choose.choice(CODERS)
    name = choose.choice(list(FIRST))
    text = project.transcript(name).text
    kind = choose.randrange(5)
    if kind == 0:
        parts = text.split(" ")
        at = choose.randrange(len(parts))
        parts[at:at] = choose.choice((["Kåre"], ["Åshild"], ["Kåre", "Ødegård"], ["ja,"], ["Gunnvor"]))
        del parts[(cut := choose.randrange(len(parts))) : cut + choose.randrange(3)]
        bring(project, name, " ".join(parts), coder)
    elif kind == 1:
        with_undo = world.reviewer(coder)
        choose.choice((with_undo.undo, with_undo.redo))()
    elif kind == 2:
        own = world.codings(coder, name)
        world.reviewer(coder).remove(choose.choice(own or [0]))
    else:
        start = choose.randrange(len(text) - 1)
        end = min(len(text), start + choose.randrange(1, 40))
        world.reviewer(coder).code(world.ids[name], start, end, choose.choice(CODES))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_whatever_was_done_before(world: World, tmp_path: Path, seed: int) -> None:
    project, choose = world.project, random.Random(seed)
    for _ in range(30):
        try:
            at_random(world, choose)
        except DataError:
            continue
    sound(project)
    stood = {row["id"]: row for row in rows(project, "coding")}
    plan = names_gone(project, tmp_path / "k.json")
    assert traces(NEEDLES - {"Bråten"}, project.folder) == {}
    sound(project)
    places = {
        number: (row["coder"], row["transcript"], *plan.edits[row["transcript"]].segment(row["start"], row["end"]))
        for number, row in stood.items()
    }
    alone = {place for place, count in Counter(places.values()).items() if count == 1}
    for row in rows(project, "coding"):
        if places[row["id"]] in alone:
            assert (row["coder"], row["transcript"], row["start"], row["end"]) == places[row["id"]]
    for coder in CODERS:
        undone(world, coder)
    assert traces(NEEDLES - {"Bråten"}, project.folder) == {}


def test_a_version_brought_in_later_with_the_names_is_not_taken_for_pseudonymised(world: World, tmp_path: Path) -> None:
    project, key = world.project, tmp_path / "k.json"
    names_gone(project, key)
    assert project.pseudonymised == set(FIRST)
    bring(project, "møte1", second("møte1").replace("Hva mer da?", "Hva mer, da?"))
    assert project.pseudonymised == {"møte2", "møte3"}
    assert traces({"Kåre"}, project.folder)
    with pytest.raises(DataError, match="endret siden den ble pseudonymisert"):
        restore(project, read_key(key), by="Anne")
    names_gone(project, key)
    assert project.pseudonymised == set(FIRST)
    assert traces(NEEDLES, project.folder) == {}
    sound(project)
    undone(world, "Anne")
    assert traces(NEEDLES, project.folder) == {}


def test_a_version_with_the_names_that_is_undone_leaves_with_the_next_pseudonymising(
    world: World, tmp_path: Path
) -> None:
    project, key = world.project, tmp_path / "k.json"
    names_gone(project, key)
    text = project.transcript("møte1").text
    bring(project, "møte1", second("møte1"))
    world.reviewer("Anne").undo()
    assert project.pseudonymised == set(FIRST)
    assert project.transcript("møte1").text == text
    assert traces({"Kåre"}, project.folder)  # it can be done again
    names_gone(project, key)
    assert traces(NEEDLES, project.folder) == {}
    restore(project, read_key(key), by="Anne")
    sound(project)
    assert "Kåre" in project.transcript("møte1").text


def test_a_removed_interview_leaves_nothing_of_any_version(world: World) -> None:
    project = world.project
    own = {"møte1": ["Bare her: Sølvskatten i Grønsjøen.", *TOLD["møte1"][1:]]}
    bring(project, "møte1", second("møte1"))
    bring(project, "møte1", second("møte1", own), coder="Berit")
    world.reviewer("Berit").undo()
    bring(project, "møte1", second("møte1").replace("Er du klar?", "Er du kvikkelig klar?"))
    littered(world)
    gone = {"Sølvskatten", "Grønsjøen", "kvikkelig", "Det var Kåre som sa det til Åshild Bråten-Lie."}
    assert set(traces(gone, project.folder)) == gone
    remove_interviews(project, ["møte1"], by="Anne")
    assert traces(gone, project.folder) == {}
    sound(project)
    for coder in CODERS:
        undone(world, coder)
    assert traces(gone, project.folder) == {}
