"""The gate: open where nothing is lost, closed where something is, is not there, or where nothing was measured at all."""

import json
import sys
from pathlib import Path

import pytest

from autokode import load_model
from benchmarks import speed, speed_child
from benchmarks.qa import gate
from benchmarks.qa.judging import TOLERANCES, Figures, Judged, Key, closed, judge, shown

COMMITTED: Figures = {
    Key("SIB-200, Bokmål, 5 a code", "average precision"): 0.6,
    Key("own interviews", "calibration error"): 0.01,
    Key("speech", "times the speed of wc -w"): 1.2,
    Key("regulations, Parquet to Parquet", "MB beyond libraries"): 200.0,
}


def verdicts(now: Figures, committed: Figures = COMMITTED) -> list[str]:
    return [one.verdict for one in judge(committed, now)]


def test_equal_figures_pass() -> None:
    judged = judge(COMMITTED, dict(COMMITTED))
    assert {one.verdict for one in judged} == {"held"}
    assert closed(judged) is None


@pytest.mark.parametrize("key", COMMITTED)
def test_each_figure_may_lose_what_is_stated_and_no_more(key: Key) -> None:
    tolerance = TOLERANCES[key.figure]
    allowed = tolerance.loss * (COMMITTED[key] if tolerance.of_committed else 1)
    sign = -1 if tolerance.higher_is_better else 1
    at_most, more = (COMMITTED | {key: COMMITTED[key] + sign * allowed * share} for share in (1, 1.02))
    assert closed(judge(COMMITTED, at_most)) is None
    assert closed(judge(COMMITTED, more)) == f"{key.set}, {key.figure}: lost"


@pytest.mark.parametrize("key", COMMITTED)
def test_what_is_better_passes_and_is_said(key: Key) -> None:
    better = COMMITTED[key] * (2 if TOLERANCES[key.figure].higher_is_better else 0.2)
    judged = judge(COMMITTED, COMMITTED | {key: better})
    assert closed(judged) is None
    assert [one.key for one in judged if one.verdict == "better"] == [key]
    assert "| better |" in shown(judged)


def test_one_gain_does_not_make_up_for_a_loss_elsewhere() -> None:
    first, *_others = COMMITTED
    last = list(COMMITTED)[2]
    assert closed(judge(COMMITTED, COMMITTED | {first: 0.9, last: 0.1})) == f"{last.set}, {last.figure}: lost"


def test_nothing_measured_closes_it() -> None:
    assert closed(judge(COMMITTED, {})) == "nothing was measured"
    assert closed(judge({}, {})) == "nothing was measured"
    assert set(verdicts({})) == {"not measured"}


def test_a_set_that_is_missing_closes_it_on_either_side() -> None:
    first, *rest = COMMITTED
    without = {key: COMMITTED[key] for key in rest}
    assert closed(judge(COMMITTED, without)) == f"{first.set}, {first.figure}: not measured"
    assert closed(judge(without, COMMITTED)) == f"{first.set}, {first.figure}: nothing committed"
    assert "| – |" in shown(judge(COMMITTED, without))


def test_what_is_no_number_is_a_loss() -> None:
    first, *_rest = COMMITTED
    assert closed(judge(COMMITTED, COMMITTED | {first: float("nan")})) == f"{first.set}, {first.figure}: lost"


def test_every_figure_that_is_looked_at_is_committed_and_has_a_reason() -> None:
    figures = gate.committed(("quality", "speed"))
    assert len(figures) == 2 * 9 * len(gate.SIZES) + 3 + len(gate.OF_SPEED)
    assert {key.figure for key in figures} == set(TOLERANCES)
    assert all(tolerance.reason and tolerance.loss > 0 for tolerance in TOLERANCES.values())


def test_the_command_ends_with_an_error_and_keeps_what_it_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = gate.committed(("quality",))
    one = next(iter(figures))
    monkeypatch.setattr(sys, "argv", ["gate.py", "--only", "quality", "--json", str(tmp_path / "dom.json")])
    monkeypatch.setattr(gate, "measured", lambda _parts: dict(figures))
    gate.main()
    assert {row["verdict"] for row in json.loads((tmp_path / "dom.json").read_text(encoding="utf-8"))} == {"held"}
    monkeypatch.setattr(gate, "measured", lambda _parts: figures | {one: 0.0})
    with pytest.raises(SystemExit, match=f"closed: {one.set}, {one.figure}: lost"):
        gate.main()
    assert "| lost |" in capsys.readouterr().out


@pytest.mark.parametrize(("measured", "tries"), [([1.2], 1), ([0.1, 1.2], 2), ([0.1, 0.1, 0.1], 3)])
def test_a_speed_that_seems_lost_is_measured_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, measured: list[float], tries: int
) -> None:
    told = iter(measured)
    monkeypatch.setattr(gate, "OF_SPEED", {"warm": ("regulations", "times the speed of wc -w", "of_wc")})
    monkeypatch.setattr(speed, "prepare", lambda _work: {})
    monkeypatch.setattr(speed, "ROWS", {"warm": lambda _work, _about: {"of_wc": next(told)}})
    key = Key("regulations", "times the speed of wc -w")
    now = gate.speed_now(speed.Work(tmp_path, small=True), {key: 1.2})
    assert now == {key: measured[tries - 1]}
    assert next(told, None) is None


def test_the_model_that_speed_is_measured_with_can_be_made(tmp_path: Path) -> None:
    """`speed_child` copies the model field by field, so a new field of the model must be copied too."""
    speed_child.model_of(str(tmp_path / "modell"))
    assert len(load_model(tmp_path / "modell").codes_) == speed_child.CODES


def test_a_judgement_says_by_how_much() -> None:
    key = Key("own interviews", "calibration error")
    assert Judged(key, 0.02, 0.01).gain == pytest.approx(0.01)
    assert Judged(key, 0.02, 0.01).verdict == "better"
