"""Cards of proposed codes: what a coder does with them is undone and made again, and they go with the texts they are of."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from autokode import DataError
from autokode.project import Project
from autokode.project.store.code_cards import (
    Card,
    Cards,
    cards_of,
    keep_cards,
    merge_cards,
    open_card,
    refuse_card,
    rename_card,
    reopen_card,
)
from autokode.project.store.codebook_editing import CodebookEditor
from autokode.project.store.coder_changes import rename_coder
from autokode.project.store.coders import NEWCOMER, Coder
from autokode.project.store.decision_rows import last_decision
from autokode.project.store.integrity import check
from autokode.project.store.removal import remove_interviews
from autokode.project.store.reviewing import Reviewer
from removal_case import GONE, SAID, World
from review_case import everything
from trace_case import traces

WORDS = (("kyrne", "stemmen"), ("bussen", "grytidlig"), ("silofôret", "surdeigen"))


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Three cards of Anne's."""
    made = World(tmp_path / "prosjekt", list(SAID))
    keep(made.project, made.project.coder("Anne"), made.ids)
    return made


def keep(project: Project, coder: Coder, ids: dict[str, int]) -> None:
    places = tuple((number, 1) for number in ids.values())
    cards = [Card(n, ", ".join(words), words, places[: n + 1], places[:1], 0.8) for n, words in enumerate(WORDS, 1)]
    keep_cards(project, coder, cards, decision=last_decision(project), too_short=4, alone=2)


def cards(world: World) -> Cards:
    found = cards_of(world.project, world.project.coder("Anne"))
    assert found is not None
    return found


def doing(world: World) -> dict[str, Callable[[], object]]:
    """Each way to decide about the first card."""
    project, anne = world.project, world.reviewer("Anne")
    given = (anne, project.coder("Anne"), cards(world).sign, 1)
    return {
        "rename": lambda: rename_card(*given, "  Dyr og\nmennesker "),
        "merge": lambda: merge_cards(*given, 2),
        "refuse": lambda: refuse_card(*given),
        "take": lambda: CodebookEditor(anne).take_over(given[2:], "dyr", keywords=WORDS[0]),
    }


def test_cards_are_as_they_were_kept_and_belong_to_one_coder(world: World) -> None:
    found = cards(world)
    assert [(one.number, one.name, one.words) for one in found.cards] == [
        (n, ", ".join(words), words) for n, words in enumerate(WORDS, 1)
    ]
    assert (found.too_short, found.alone, found.touched) == (4, 2, False)
    assert cards_of(world.project, world.project.coder("Berit")) is None
    rename_coder(world.project, world.project.coder("Anne"), "Anna")
    assert cards_of(world.project, world.project.coder("Anna")) == found


@pytest.mark.parametrize("way", ["rename", "merge", "refuse", "take"])
def test_each_step_is_undone_and_made_again(world: World, way: str) -> None:
    before, rows, book = cards(world), everything(world.project)[0], world.project.codebook  # type: ignore[index]
    anne = world.reviewer("Anne")
    doing(world)[way]()
    done = cards(world)
    assert replace(done, touched=False) != before
    assert everything(world.project)[0] == rows  # type: ignore[index]
    assert (world.project.codebook == book) is (way != "take")
    undone = anne.undo()
    assert undone is not None
    assert undone.kind == ("codebook" if way == "take" else "card")
    assert cards(world) == before
    assert world.project.codebook == book
    anne.redo()
    assert cards(world) == done
    assert check(world.project.folder) == []


def test_what_the_steps_do(world: World) -> None:
    project, anne = world.project, world.reviewer("Anne")
    ways, own = doing(world), (anne, project.coder("Anne"), cards(world).sign)
    ways["rename"]()
    assert cards(world).cards[0].name == "Dyr og mennesker"
    ways["merge"]()
    first, second, _third = cards(world).cards
    assert (first.into, first.is_open) == (2, False)
    assert (second.places, second.stability, set(second.words)) == (
        tuple(sorted({*first.places, *second.places})),
        None,
        {"bussen", "kyrne"},
    )
    refuse_card(*own, 3)
    assert cards(world).cards[2].refused
    reopen_card(*own, 3)
    assert cards(world).cards[2].is_open
    CodebookEditor(anne).take_over((own[2], 2), "dyr", "makt", keywords=second.words)
    assert cards(world).cards[1].taken == "dyr"
    assert project.codebook["dyr"].keywords == second.words
    assert [one.code for one in project.codings() if one.code == "dyr"] == []
    CodebookEditor(anne).rename("dyr", "fe")
    assert cards(world).cards[1].taken == "fe"
    CodebookEditor(anne).delete("fe")
    assert cards(world).cards[1].is_open


def test_what_cannot_be_done_changes_nothing(world: World) -> None:
    project, anne = world.project, world.reviewer("Anne")
    own = (anne, project.coder("Anne"), cards(world).sign)
    refuse_card(*own, 3)
    before = everything(project)
    for attempt in (
        lambda: rename_card(*own, 3, "avvist"),
        lambda: rename_card(*own, 1, "  "),
        lambda: rename_card(*own, 1, "x" * 201),
        lambda: rename_card(*own, 9, "ingen"),
        lambda: merge_cards(*own, 1, 1),
        lambda: merge_cards(*own, 1, 3),
        lambda: merge_cards(*own, 1, 9),
        lambda: reopen_card(*own, 1),
        lambda: refuse_card(anne, own[1], "other", 1),
        lambda: open_card(project, own[1], own[2], 3),
    ):
        with pytest.raises(DataError):
            attempt()
    assert rename_card(*own, 1, cards(world).cards[0].name).decision is None
    assert everything(project) == before


def test_new_cards_know_nothing_of_what_was_done_with_the_old_ones(world: World) -> None:
    doing(world)["refuse"]()
    keep(world.project, world.project.coder("Anne"), world.ids)
    found = cards(world)
    assert not found.touched
    assert all(one.is_open for one in found.cards)


def test_who_is_new_to_the_project_keeps_cards_and_decides(tmp_path: Path) -> None:
    world = World(tmp_path / "p", list(SAID))
    new = Coder(NEWCOMER, "Ola", blind=False)
    keep(world.project, new, world.ids)
    found = cards_of(world.project, new)
    assert found is not None
    reviewer = Reviewer(world.project, NEWCOMER, newcomer=new)
    refuse_card(reviewer, new, found.sign, 1)
    ola = world.project.known_coder("Ola")
    assert ola.id != NEWCOMER
    after = cards_of(world.project, ola)
    assert after is not None
    assert after.cards[0].refused


def test_a_removed_interview_takes_all_cards_along_to_the_last_byte(world: World) -> None:
    doing(world)["rename"]()
    found = {"silofôret", "grytidlig, bussen"} | {"bussen, grytidlig"}
    assert traces({"bussen, grytidlig"}, world.project.folder)
    remove_interviews(world.project, [GONE], by="Anne")
    assert cards_of(world.project, world.project.coder("Anne")) is None
    assert "bussen, grytidlig" not in traces(found, world.project.folder)
    assert check(world.project.folder) == []
    world.reviewer("Anne").undo()


_KEEPING = """
import sys
from autokode.project import Project
from autokode.project.store.code_cards import Card, keep_cards

project = Project.open(sys.argv[1])
anne = project.coder("Anne")
for time in range(10**6):
    cards = [Card(n, f"{time} {n}", (), ((1, 1),) * 200, (), 0.5) for n in range(1, 30)]
    keep_cards(project, anne, cards, decision=0, too_short=time, alone=0)
    print(time, flush=True)
"""


@pytest.mark.parametrize("lines", [1, 5])
def test_a_process_that_is_killed_leaves_whole_cards(world: World, lines: int) -> None:
    command = [sys.executable, "-c", _KEEPING, str(world.project.folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as running:  # noqa: S603 - our own
        assert running.stdout is not None
        told = [running.stdout.readline() for _line in range(lines)]
        running.kill()
        told += [line for line in running.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
    found = cards(world)
    assert {one.name for one in found.cards} == {f"{found.too_short} {n}" for n in range(1, 30)}
    assert found.too_short - int(told[-1]) in (0, 1)
    assert check(world.project.folder) == []
