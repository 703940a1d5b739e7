"""Sequences of what people do: drawn by chance, run against the model of what must hold, and shortened where one fails."""

import json
import random
import shutil
import tempfile
import traceback
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import sequence_actions
import sequence_commands
import sequence_files
from sequence_kinds import KINDS
from sequence_state import BrokenError
from sequence_world import Step, World, pattern_in, without_training

DOORS = (sequence_actions, sequence_commands, sequence_files)
"""The modules whose kinds are drawn."""
LEAST, MOST = 15, 30
"""Bounds of a sequence's length."""


@dataclass
class Ran:
    """What came of a sequence: how often each kind was tried and refused, and what did not hold ("" if all did)."""

    tried: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    law: str = ""
    seen: str = ""
    kind: str = ""
    at: int = -1


def drawn(seed: int) -> list[Step]:
    """The sequence of a seed."""
    choose = random.Random(seed)
    kinds, weights = list(KINDS), [kind.weight for kind in KINDS.values()]
    chosen = choose.choices(kinds, weights, k=choose.randint(LEAST, MOST))
    return [(kind, choose.randrange(10**6)) for kind in chosen]


class Stage:
    """A folder with the project that every sequence begins with, on a file system in memory where there is one."""

    def __init__(self) -> None:
        memory = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
        self.place = Path(tempfile.mkdtemp(prefix="autokode-", dir=memory if memory.is_dir() else None))
        with without_training():
            self.pattern = pattern_in(self.place)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        shutil.rmtree(self.place, ignore_errors=True)

    def run(self, steps: Sequence[Step]) -> Ran:
        """Run a sequence in a project of its own, up to the first step after which something does not hold."""
        room = Path(tempfile.mkdtemp(dir=self.place))
        ran = Ran()
        try:
            with without_training():
                world = World(room, self.pattern)
                ran.tried, ran.refused = world.tried, world.refused
                for ran.at, (kind, number) in enumerate(steps):
                    ran.kind = kind
                    world.act(kind, number)
                    if world.closed:
                        break
                ran.at = len(steps)
                world.ended()
        except BrokenError as error:
            ran.law, ran.seen = error.law, str(error)
        except Exception as error:  # noqa: BLE001 - whatever it is, is what is looked for
            last = traceback.extract_tb(error.__traceback__)[-1]
            ran.law = f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}"
            ran.seen = traceback.format_exc()
        finally:
            shutil.rmtree(room, ignore_errors=True)
        return ran

    def shortened(self, steps: Sequence[Step], law: str) -> list[Step]:
        """The least of a sequence after which the same thing does not hold."""
        least = list(steps)
        size = max(1, len(least) // 2)
        while size:
            first = 0
            while first < len(least):
                fewer = least[:first] + least[first + size :]
                if self.run(fewer).law == law:
                    least = fewer
                else:
                    first += size
            size //= 2
        return least


def read_steps(path: Path) -> list[Step]:
    """Read a sequence that was kept."""
    return [(kind, number) for kind, number in json.loads(path.read_text(encoding="utf-8"))["steps"]]
