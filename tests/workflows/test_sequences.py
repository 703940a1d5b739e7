"""Sequences of what people do, in two windows and by commands; `make bench-sequences` runs ten thousand."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import ROOT
from sequence_case import Stage, drawn, read_steps
from sequence_kinds import KINDS

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
    _hold(stage, range(20_000, 20_020))


@pytest.mark.slow
def test_what_was_decided_holds_in_many_sequences(stage: Stage) -> None:
    assert _hold(stage, range(30_000, 30_200)) == set(KINDS)


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in CASES])
def test_what_failed_once_holds(stage: Stage, path: Path) -> None:
    ran = stage.run(read_steps(path))
    assert not ran.law, ran.seen
    assert set(json.loads(path.read_text(encoding="utf-8"))) == {"kind", "law", "what", "steps"}


def test_a_sequence_that_fails_is_shortened(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def deaf(_connection: object, _coder: int, number: int, _saw: object = None) -> dict[str, object]:
        from autokode.project.store.decision_log import row_of

        row = row_of(_connection, "coding", number)  # type: ignore[arg-type] - as the function it stands for
        assert row is not None
        return row

    monkeypatch.setattr("autokode.project.store.reviewing.coding_of", deaf)  # a server that trusts a window out of date
    failed = next(
        (steps, ran) for steps, ran in ((drawn(seed), stage.run(drawn(seed))) for seed in range(200)) if ran.law
    )
    steps, ran = failed
    least = stage.shortened(steps[: ran.at + 1], ran.law)
    assert len(least) < len(steps)
    assert stage.run(least).law == ran.law
