"""The kinds of things that people do in a sequence."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sequence_world import World

Act = Callable[["World"], Any]


@dataclass(frozen=True)
class Kind:
    """A kind of action: the section of docs/faults.md it belongs to, how often it is drawn, and what it does.

    `act` gives False where there was nothing to act on.
    """

    section: int
    weight: float
    what: str
    act: Act


KINDS: dict[str, Kind] = {}


def kind(name: str, section: int, weight: float, what: str) -> Callable[[Act], Act]:
    """Make a function a kind of action."""

    def made(act: Act) -> Act:
        KINDS[name] = Kind(section, weight, what, act)
        return act

    return made
