"""Deciding: after any decisions in any order, rows and log agree, and every decision can be undone and redone."""

import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autokode import DataError
from autokode.corpus.coding import Coding, Segment
from autokode.project import Project, Reviewer
from autokode.project.active_learning.query_order import teaching_order
from autokode.project.active_learning.similarity import Similarity
from autokode.project.store.decision_log import Change, decide, facts, replayed
from autokode.project.store.memo_rows import memos_of
from autokode.project.views.utterance_view import turns_shown
from project_case import TURNS, small
from review_case import suggest_by_hand, suggestion_ids

CODES = ("makt", "språk")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return small(tmp_path / "p")


@pytest.fixture
def reviewer(project: Project) -> Iterator[Reviewer]:
    yield Reviewer(project, project.coder("Anne").id)


def state(project: Project) -> object:
    with project.database.reading() as connection:
        assert replayed(connection) == facts(connection)
        return facts(connection)


steps = st.one_of(
    st.tuples(st.just("accept"), st.integers(1, 2 * TURNS)),
    st.tuples(st.just("reject"), st.integers(1, 2 * TURNS)),
    st.tuples(st.just("change"), st.integers(1, 2 * TURNS), st.sampled_from(CODES)),
    st.tuples(st.just("same"), st.lists(st.integers(1, 2 * TURNS), max_size=4), st.booleans()),
    st.tuples(st.just("code"), st.integers(0, 60), st.integers(1, 40), st.sampled_from(CODES)),
    st.tuples(st.sampled_from(["remove", "good"]), st.integers(1, 12)),
    st.tuples(st.just("span"), st.integers(1, 12), st.integers(0, 60), st.integers(1, 40)),
    st.tuples(st.just("recode"), st.integers(1, 12), st.sampled_from(CODES)),
    st.tuples(
        st.just("memo"),
        st.sampled_from(["project", "code/makt", "turn/1/2", "transcript/1"]),
        st.sampled_from(["", "æøå", "mer"]),
    ),
    st.tuples(st.just("read"), st.integers(0, TURNS - 1), st.booleans()),
    st.tuples(st.sampled_from(["undo", "redo"])),
)


def do(reviewer: Reviewer, step: tuple[object, ...]) -> None:
    name, *rest = step
    try:
        if name == "same":
            reviewer.same(rest[0], accept=rest[1])  # type: ignore[arg-type]
        elif name == "code":
            reviewer.code(1, rest[0], rest[0] + rest[1], rest[2])  # type: ignore[operator, arg-type]
        elif name == "span":
            reviewer.span(rest[0], rest[1], rest[1] + rest[2])  # type: ignore[operator, arg-type]
        elif name == "read":
            reviewer.read(1, rest[0], read=rest[1])  # type: ignore[arg-type]
        else:
            getattr(reviewer, str(name))(*rest)
    except DataError as error:
        assert "endret et annet sted" not in str(error), step  # one coder alone is never in their own way


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(steps, max_size=14))
def test_rows_and_log_say_the_same_whatever_is_done(done: list[tuple[object, ...]]) -> None:
    with tempfile.TemporaryDirectory() as place:
        project = small(Path(place) / "p")
        reviewer = Reviewer(project, project.coder("Anne").id)
        start = state(project)
        for step in done:
            do(reviewer, step)
            state(project)
        while reviewer.undo():
            pass
        assert state(project) == start


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(steps.filter(lambda step: step[0] not in ("undo", "redo")), max_size=10))
def test_all_undone_and_all_redone_is_where_one_was(done: list[tuple[object, ...]]) -> None:
    with tempfile.TemporaryDirectory() as place:
        project = small(Path(place) / "p")
        reviewer = Reviewer(project, project.coder("Anne").id)
        for step in done:
            do(reviewer, step)
        end = state(project)
        while reviewer.undo():
            pass
        while reviewer.redo():
            pass
        assert state(project) == end


def test_a_new_decision_loses_what_could_be_redone(reviewer: Reviewer, project: Project) -> None:
    reviewer.accept(1)
    reviewer.accept(3)
    reviewer.undo()
    reviewer.reject(3)
    assert reviewer.redo() is None
    state(project)


def test_the_log_can_neither_be_changed_nor_cut(reviewer: Reviewer, project: Project) -> None:
    reviewer.accept(1)
    for statement in ("UPDATE decision SET coder = 2", "DELETE FROM decision"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"), project.database.writing() as connection:
            connection.execute(statement)
    assert len(project.decisions()) == 1


def test_two_windows_decide_the_same_suggestion_once(reviewer: Reviewer, project: Project) -> None:
    other = Reviewer(Project.open(project.folder), reviewer.coder)
    assert reviewer.accept(1).decision is not None
    assert other.accept(1).decision is None
    assert other.reject(1).decision is not None
    assert project.codings() == ()
    state(project)


def test_a_change_of_what_is_no_longer_so_is_refused_whole(reviewer: Reviewer, project: Project) -> None:
    reviewer.memo("project", "en")
    stale = Change("memo", {"coder": reviewer.coder, "about": "project", "text": "noe annet"}, None)
    before = state(project)
    with pytest.raises(DataError, match="endret et annet sted"), project.database.writing() as connection:
        decide(
            connection,
            reviewer.coder,
            "memo",
            [Change("done", None, {"coder": 1, "transcript": 1, "utterance": 1}), stale],
        )
    assert state(project) == before


def test_a_rejected_suggestion_is_out_of_sight_in_every_round(reviewer: Reviewer, project: Project) -> None:
    reviewer.reject(1)
    anne = project.coder("Anne")
    for _round in range(2):
        shown = turns_shown(project, anne, 1)
        assert "makt" not in [card.suggestion.code for card in shown[0].cards]
        assert "makt" in [card.suggestion.code for card in shown[1].cards]
        suggest_by_hand(project, "møte")  # a model that has learnt nothing of it


def test_accepting_after_all_and_taking_it_away_again(reviewer: Reviewer, project: Project) -> None:
    reviewer.reject(1)
    reviewer.accept(1)
    (coding,) = _rows(project, "coding")
    reviewer.remove(coding["id"])
    assert [row["said"] for row in _rows(project, "verdict")] == ["rejected"]
    assert project.codings() == ()
    state(project)


def test_the_memo_follows_a_coding_that_another_code_takes_the_place_of(reviewer: Reviewer, project: Project) -> None:
    """What was accepted is changed, and accepted after all: one coding throughout, with its memo and its mark."""
    anne, number = project.coder("Anne"), suggestion_ids(project)[0, "makt"]
    reviewer.accept(number)
    (about,) = [f"coding/{row['id']}" for row in project.database.rows("SELECT id FROM coding")]
    reviewer.memo(about, "et tydelig sted")
    reviewer.good(int(about.partition("/")[2]))
    for decide_so in (lambda: reviewer.change(number, "språk"), lambda: reviewer.accept(number)):
        before = state(project)
        decide_so()
        (memo,), (coding,) = memos_of(project, anne), project.codings("Anne")
        assert (memo.text, memo.code, memo.gone) == ("et tydelig sted", coding.code, False)
        assert project.database.number("SELECT good FROM coding") == 1
        reviewer.undo()
        assert state(project) == before
        reviewer.redo()
    assert coding.code == "makt"
    reviewer.reject(number)
    assert memos_of(project, anne)[0].gone


def test_the_memo_goes_with_the_coding_that_is_there_already(reviewer: Reviewer, project: Project) -> None:
    number = suggestion_ids(project)[0, "makt"]
    reviewer.accept(number)
    (one,) = project.database.rows("SELECT * FROM coding")
    reviewer.memo(f"coding/{one['id']}", "om makt")
    reviewer.code(1, one["start"], one["end"], "språk")
    reviewer.change(number, "språk")
    (memo,) = memos_of(project, project.coder("Anne"))
    assert (memo.text, memo.code, memo.gone) == ("om makt", "språk", False)
    state(project)


def test_a_suggestion_is_not_anothers_to_decide(project: Project) -> None:
    with pytest.raises(DataError, match="finnes ikke lenger"):
        Reviewer(project, project.coder("Kari").id).accept(1)


def test_imported_codings_are_one_step(reviewer: Reviewer, project: Project) -> None:
    text = project.transcript("møte").text
    own = [Coding(Segment("møte", start, 6, text[start:6]), "makt", "Anne", "2026-03-01T10:00:00") for start in (0, 1)]
    project.add_codings(own)
    assert reviewer.undo() is not None
    assert project.codings("Anne") == () and reviewer.undo() is None
    assert reviewer.redo() is not None
    assert project.codings("Anne") == tuple(own)
    assert project.add_codings(project.codings("Anne")) == 0


def _rows(project: Project, table: str) -> list[dict[str, int]]:
    with project.database.reading() as connection:
        return list(facts(connection)[table].values())


def test_what_teaches_most_is_uncertain_new_and_spread() -> None:
    import numpy as np

    places = [(1, i) for i in range(4)] + [(2, i) for i in range(4)]
    vectors = np.zeros((8, 4), np.int8)
    vectors[:, 0] = [127, 127, 0, 0, 0, 0, 0, 0]
    vectors[:, 1] = [0, 0, 127, 0, 127, 0, 0, 0]
    vectors[:, 2] = [0, 0, 0, 127, 0, 127, 0, 0]
    vectors[:, 3] = [0, 0, 0, 0, 0, 0, 127, 127]
    probabilities = np.array([[0.5], [0.49], [0.3], [0.01], [0.3], [0.02], [0.45], [0.44]], np.float32)
    order = teaching_order(places, [False] * 8, probabilities, Similarity(tuple(places), vectors))
    assert order[0] == (1, 0)
    assert order[1] == (2, 2)  # not its twin (1, 1), nor one nobody doubts
    assert order.index((1, 1)) > order.index((1, 2))
    assert (1, 0) not in teaching_order(places, [True, *[False] * 7], probabilities, Similarity(tuple(places), vectors))
    without = teaching_order(places, [False] * 8, probabilities, Similarity((), np.zeros((0, 1), np.int8)))
    assert sorted(without) == places
