"""When a server that no terminal shows ends: by a clock that tests turn."""

import pytest

from autokode.review.start.life import GONE_S, SILENT_S, Life


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def over_within(life: Life, clock: Clock, seconds: float) -> bool:
    """Let time pass, looked at every two seconds as the server does."""
    end = clock.now + seconds
    while clock.now < end:
        clock.now += 2
        if life.is_over():
            return True
    return False


def test_it_ends_a_minute_after_the_last_goodbye(clock: Clock) -> None:
    life = Life(clock)
    for page in ("a", "b"):
        life.beat(page)
    life.goodbye("a")
    assert not over_within(life, clock, 10 * 60)
    life.beat("b")
    life.goodbye("b")
    assert not over_within(life, clock, GONE_S - 4)
    assert over_within(life, clock, 8)


def test_a_page_that_is_loaded_again_keeps_it_alive(clock: Clock) -> None:
    life = Life(clock)
    life.beat("a")
    life.goodbye("a")
    clock.now += 1
    life.beat("a2")
    assert not over_within(life, clock, SILENT_S - 10)
    assert over_within(life, clock, 20)


def test_a_beat_that_comes_after_its_goodbye_does_not_count(clock: Clock) -> None:
    life = Life(clock)
    life.beat("a")
    life.goodbye("a")
    life.beat("a")
    assert over_within(life, clock, GONE_S + 4)


def test_a_hidden_page_that_is_held_still_keeps_it_for_half_an_hour(clock: Clock) -> None:
    life = Life(clock)
    life.beat("hidden")
    life.beat("other")
    life.goodbye("other")
    assert not over_within(life, clock, SILENT_S - 4)
    assert over_within(life, clock, 8)


def test_it_waits_half_an_hour_for_the_first_page(clock: Clock) -> None:
    life = Life(clock)
    assert not over_within(life, clock, SILENT_S - 4)
    assert over_within(life, clock, 8)


def test_a_request_is_a_sign_of_life(clock: Clock) -> None:
    life = Life(clock)
    life.beat("a")
    life.goodbye("a")
    assert not over_within(life, clock, GONE_S - 4)
    life.heard()
    assert not over_within(life, clock, GONE_S - 4)


def test_a_machine_that_slept_does_not_end_it(clock: Clock) -> None:
    """Whatever happened while nobody looked at the clock does not count: the page could not tell that it is open."""
    life = Life(clock)
    life.beat("a")
    assert not over_within(life, clock, 60)
    clock.now += 9 * 60 * 60
    assert not life.is_over()
    assert not over_within(life, clock, SILENT_S - 70)
    life.beat("a")
    assert not over_within(life, clock, SILENT_S - 10)
