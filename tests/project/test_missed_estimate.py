"""What may have been missed: the interval holds the truth as often as it says; similar utterances are found."""

from pathlib import Path

import numpy as np
import pytest

from autokode.project import Reviewer
from autokode.project.active_learning.coded_utterances import coded_utterances_now
from autokode.project.active_learning.missed_estimate import estimate, estimate_by_sample, missed, sampled
from autokode.project.active_learning.query_order import draw_by_chance
from autokode.project.active_learning.similarity import Similarity, near_identical
from autokode.project.store.utterance_rows import unread_answers
from project_case import small

CASES = 400


@pytest.mark.parametrize("drawn", [0, 15, 60])
@pytest.mark.parametrize("factor", [0.4, 1.0, 2.5])
def test_the_interval_holds_the_number_left_as_often_as_it_says(factor: float, drawn: int) -> None:
    """Rare to common codes; the model's probabilities are off by a factor, as they may be for a new interview."""
    random = np.random.default_rng([drawn, int(10 * factor)])
    held = 0
    for _case in range(CASES):
        whole = int(random.integers(100, 1500))
        probabilities = random.beta(0.3, random.uniform(3, 12), whole).clip(0, 0.9 / max(1, factor))
        coded = random.random(whole) < factor * probabilities
        chosen = np.zeros(whole, bool)
        chosen[random.choice(whole, drawn, replace=False)] = True
        _expected, (low, high) = estimate(probabilities[~chosen], probabilities[chosen], int(coded[chosen].sum()))
        held += low <= coded[~chosen].sum() <= high
    assert held / CASES >= 0.93


def test_the_estimate_follows_what_was_found() -> None:
    left, drawn = np.full(500, 0.1), np.full(50, 0.1)
    none, five, twenty = (estimate(left, drawn, found) for found in (0, 5, 20))
    assert none[0] < five[0] < twenty[0]
    assert five[0] == pytest.approx(50, abs=1)
    wide, narrow = estimate(left, drawn[:0], 0), estimate(left, np.full(400, 0.1), 40)
    assert narrow[1][1] - narrow[1][0] < (wide[1][1] - wide[1][0]) / 3


def test_where_nothing_is_left_nothing_is_missed() -> None:
    assert estimate(np.zeros(0), np.full(5, 0.5), 3) == (0.0, (0, 0))
    assert estimate(np.zeros(5), np.zeros(0), 0) == (0.0, (0, 0))
    assert estimate(np.ones(3), np.full(5, 0.01), 5)[1][1] <= 3


def test_only_what_chance_drew_and_was_read_counts(tmp_path: Path) -> None:
    project = small(tmp_path / "p")
    anne = project.coder("Anne")
    with project.database.writing() as connection:
        number = connection.execute("SELECT max(id) FROM round").fetchone()[0]
        blob = np.full((4, 2), 0.25, np.float16).tobytes()
        connection.execute("INSERT INTO likely VALUES (?, 1, ?)", (number, blob))
        for utterance, why in ((0, "chance"), (1, "teaches"), (2, "chance")):
            row = (anne.id, 1, utterance, why, "", '{"makt": 0.25, "språk": 0.25}')
            connection.execute("INSERT INTO drawn VALUES (?, ?, ?, ?, ?, ?)", row)
    reviewer = Reviewer(project, anne.id)
    reviewer.accept(1)
    reviewer.read(1, 0)
    reviewer.read(1, 1)
    found = {one.code: one for one in missed(project, anne, coded_utterances_now(project, anne))}
    assert (found["makt"].coded, found["makt"].drawn, found["makt"].found) == (1, 1, 1)
    assert (found["språk"].coded, found["språk"].drawn, found["språk"].found) == (0, 1, 0)
    assert found["makt"].expected > found["språk"].expected
    assert missed(project, project.coder("Kari"), coded_utterances_now(project, project.coder("Kari"))) == ()


def test_near_identical_are_those_with_the_same_words_and_meaning() -> None:
    vectors = np.array([[127, 0], [127, 5], [0, 127], [127, 0], [127, 0]], np.int8)
    places = tuple((1, i) for i in range(5))
    texts = {
        (1, 0): "Vi tok en kaffe før vi begynte å snakke.",
        (1, 1): "vi tok en kaffe, før vi begynte å snakke",
        (1, 2): "Vi tok en kaffe før vi begynte å snakke.",
        (1, 3): "Det er noe helt annet som blir sagt her nå.",
        (1, 4): "Ja. Nettopp.",
    }
    found = near_identical(Similarity(places, vectors), texts, {(1, 1)})
    assert [(one, other) for one, other, _alike in found] == [((1, 0), (1, 1))]
    assert near_identical(Similarity(places, vectors), {}, ()) == []


def test_the_nearest_is_never_the_same_place() -> None:
    likeness = Similarity(((1, 0), (1, 1), (1, 2)), np.array([[127, 0], [90, 90], [0, 127]], np.int8))
    assert likeness.nearest((1, 0), [(1, 0), (1, 1), (1, 2)]) == (1, 1)
    assert likeness.nearest((1, 0), [(1, 0)]) is None
    assert likeness.nearest((9, 9), [(1, 1)]) is None


@pytest.mark.parametrize("share", [0.02, 0.2, 0.6])
def test_a_sample_alone_gives_an_interval_that_holds(share: float) -> None:
    random = np.random.default_rng(int(100 * share))
    held = 0
    for _case in range(CASES):
        coded = random.random(300) < share
        chosen = np.zeros(300, bool)
        chosen[random.choice(300, 30, replace=False)] = True
        left = int((~chosen).sum())
        expected, (low, high) = estimate_by_sample(left, 30, int(coded[chosen].sum()))
        assert low <= expected <= high or expected < 5
        held += low <= coded[~chosen].sum() <= high
    assert held / CASES >= 0.93
    assert estimate_by_sample(0, 30, 3)[1] == (0, 0)


def test_before_a_model_what_chance_drew_gives_the_estimate(tmp_path: Path) -> None:
    project = small(tmp_path / "p")
    anne = project.coder("Anne")
    reviewer = Reviewer(project, anne.id)
    assert sampled(project, anne, coded_utterances_now(project, anne)) == ()
    places = unread_answers(project, anne)
    drawn = [draw_by_chance(project, anne.id, places, lambda _place: {})]
    assert draw_by_chance(project, anne.id, places, lambda _place: {}) == drawn[0]  # until it is read
    for _step in range(len(places)):
        place = drawn[-1]
        assert place is not None
        utterance = project.transcript("møte").utterances[place[1]]
        if _step == 0:
            reviewer.code(place[0], utterance.start, utterance.end, "makt")
        reviewer.read(*place)
        left = unread_answers(project, anne)
        drawn.append(draw_by_chance(project, anne.id, left, lambda _place: {}))
    assert drawn[-1] is None and sorted(p for p in drawn if p) == sorted(places)
    found = {
        one.code: (one.found, one.drawn, one.expected)
        for one in sampled(project, anne, coded_utterances_now(project, anne))
    }
    assert found == {"makt": (1, len(places), 0), "språk": (0, len(places), 0)}
    assert all(
        one.drawn == 0 for one in missed(project, anne, coded_utterances_now(project, anne))
    )  # these were drawn without a model's word
