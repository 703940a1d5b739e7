"""Sequences of what people do, in two windows and by commands; `make bench-sequences` runs ten thousand."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT
from sequence_case import Stage, drawn, read_steps
from sequence_kinds import KINDS
from sequence_world import Step

CASES = sorted((ROOT / "tests" / "cases" / "sequences").glob("*.json"))


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with Stage() as one:
        yield one


def _hold(stage: Stage, seeds: range) -> set[str]:
    done: set[str] = set()
    for seed in seeds:
        ran = stage.run(drawn(seed))
        assert not ran.law, f"seed {seed}, step {ran.at} ({ran.kind}): {ran.seen}"
        done |= {kind for kind, count in ran.tried.items() if count}
    return done


def test_what_was_decided_holds_whatever_people_do(stage: Stage) -> None:
    _hold(stage, range(20_000, 20_012))


@pytest.mark.slow
def test_what_was_decided_holds_in_many_sequences(stage: Stage) -> None:
    assert _hold(stage, range(30_000, 30_200)) == set(KINDS)


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in CASES])
def test_what_failed_once_holds(stage: Stage, path: Path) -> None:
    ran = stage.run(read_steps(path))
    assert not ran.law, ran.seen
    assert set(json.loads(path.read_text(encoding="utf-8"))) == {"kind", "law", "what", "steps"}


def _any(_connection: object, _coder: int, number: int, _saw: object = None) -> object:
    from autokode.project.store.decision_log import row_of

    return row_of(_connection, "coding", number)  # type: ignore[arg-type] - as the function it stands for


def _unasked(*given: Any) -> Any:
    from autokode.project.store.memo_changes import memo_change

    return memo_change(*given[:4], None)


FAULTS = {
    "a server that trusts a window out of date": ("autokode.project.store.reviewing.coding_of", _any),
    "a memo that is stored over another one": ("autokode.project.store.reviewing.memo_change", _unasked),
    "a file put back that nobody notices": ("autokode.review.app.check_mark", lambda _project, _seen: None),
    "a decision that is made twice": ("autokode.review.app.answer_once", lambda _app: None),
}


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
def test_the_model_sees_what_it_is_there_for(stage: Stage, fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(*FAULTS[fault])
    ran = (stage.run(drawn(seed)) for seed in range(40_000, 40_300))
    assert any(one.law for one in ran)


def test_a_sequence_that_fails_is_shortened(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(*FAULTS["a server that trusts a window out of date"])
    least: list[Step] = [
        *[("remove an interview", 942306), ("accept", 208017), ("memo in two windows", 275631)],
        *[("span", 193123), ("good", 357548)],
    ]
    steps = [*least[:2], ("look", 1), ("the dial", 2), *least[2:4], ("write a table", 3), least[4], ("look", 4)]
    ran = stage.run(steps)
    assert (ran.law, ran.kind, ran.at) == ("a window out of date touches no other coding", "good", 7)
    shortened = stage.shortened(steps[: ran.at + 1], ran.law)
    assert len(shortened) <= len(least)
    assert stage.run(shortened).law == ran.law
