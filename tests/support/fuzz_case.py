"""Makes input such as strangers may give, tries it on every reader, and reports what a reader must not do.

A reader may return, or raise a DataError with a sentence for people. Anything else is a finding: another exception, too much work
on a small input, no end, much memory, or a file, a program or an address reached that is none of its business.
"""

import functools
import json
import os
import resource
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

from autokode.base.cache import cache_folder
from autokode.base.errors import DataError
from counting import Counted, NeverEndsError, guarded

CALLS = 3_000_000
"""Calls of functions, at the most, for a small input; what a machine makes in about a second."""
SMALL = 64 << 10
"""Bytes of a small input; a larger one has as many calls for each of so many."""
MEMORY = 400 << 20
"""Bytes by which the process may grow, at the most, over all inputs of a target."""


@dataclass(frozen=True)
class Target:
    """One reader.

    Attributes:
        name: what is read, for the table.
        seeds: makes the inputs that others are made of by changes.
        put: writes an input into a folder as a user would have it there, and returns what is to be read.
        read: reads it, and asserts what must hold of what was read.
        words: what the format's own words are, to be put in.
    """

    name: str
    seeds: Callable[[], Sequence[bytes]]
    put: Callable[[Path, bytes], Path]
    read: Callable[[Path], object]
    words: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class Finding:
    """Something that a reader must not do: in short (the same for the same fault), and in full."""

    short: str
    full: str


class Cost(Protocol):
    """The cost of an input: what its block `spent`, and the `most` that a small input may."""

    short: str
    most: float
    unit: str
    spent: float

    def __enter__(self) -> Self: ...

    def __exit__(self, *error: object) -> None: ...


class Calls(Counted):
    """The cost in calls of functions, which is the same on a busy machine."""

    short, most, unit = "too many calls", CALLS, "calls of functions"


def costly(cost: Cost, size: int = 0) -> Finding | None:
    """A finding, if an input of so many bytes cost too much."""
    if cost.spent > cost.most * max(1.0, size / SMALL):
        return Finding(cost.short, f"{cost.spent:.2f} {cost.unit} for {size} bytes")
    return None


def as_file(name: str) -> Callable[[Path, bytes], Path]:
    """Make the function that writes an input as a whole file."""

    def put(folder: Path, data: bytes) -> Path:
        path = folder / name
        path.write_bytes(data)
        return path

    return put


class Trying:
    """Tries inputs of one target in a room of its own: `room/inn` holds what is read, and nothing else may come to be in it.

    Args:
        cost: how what an input costs is measured.
        guard: what breaks off an input that has no end.

    Attributes:
        inputs: how many were tried.
        findings: in short → the first of its kind, with its input.
    """

    def __init__(
        self,
        target: Target,
        room: Path,
        cost: Callable[[], Cost] = Calls,
        guard: Callable[[], AbstractContextManager[None]] = guarded,
    ) -> None:
        self.target, self.room, self.folder = target, room, room / "inn"
        self._cost, self._guard = cost, guard
        self.folder.mkdir(parents=True, exist_ok=True)
        self.inputs = 0
        self.findings: dict[str, tuple[Finding, bytes]] = {}
        self.seeds = list(target.seeds())
        for seed in self.seeds:  # what is loaded on first use is loaded now
            self._read(self.target.put(self.folder, seed))

    def tried(self, data: bytes) -> Finding | None:
        """Try one input; return what it found."""
        self.inputs += 1
        path = self.target.put(self.folder, data)
        before = {path.name for path in self.room.iterdir()}
        forget_peak_memory()
        memory = peak_memory()
        with watched(self.room) as reached, self._cost() as cost:
            finding = self._read(path)
        if finding is None:
            made = {path.name for path in self.room.iterdir()} - before
            finding = costly(cost, len(data)) or self._broken(reached, made, peak_memory() - memory)
        if finding is not None:
            self.findings.setdefault(finding.short, (finding, data))
        return finding

    def _read(self, path: Path) -> Finding | None:
        try:
            with self._guard():
                self.target.read(path)
        except NeverEndsError as error:
            return Finding("no end", "".join(traceback.format_exception(error))[-6000:])
        except DataError as error:
            if len(str(error)) < 5 or "Traceback" in str(error):
                return Finding("a DataError without a sentence", repr(error))
        except BaseException as error:  # whatever else it is, is what is looked for
            if isinstance(error, KeyboardInterrupt):
                raise
            frames = traceback.extract_tb(error.__traceback__)
            own = [frame for frame in frames if "autokode" in Path(frame.filename).parts] or list(frames)
            where = f"{Path(own[-1].filename).name}:{own[-1].lineno}"
            return Finding(f"{type(error).__name__} at {where}", "".join(traceback.format_exception(error))[-6000:])
        return None

    def _broken(self, reached: list[str], made: set[str], grown: int) -> Finding | None:
        if made or reached:
            return Finding("out of its place", f"{sorted(made)} {reached}")
        if grown > MEMORY:
            return Finding("memory", f"grew by {grown >> 20} MB")
        return None


def forget_peak_memory() -> None:
    """Let the peak begin anew at what the process holds now, where the system can do that (Linux)."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak_memory() -> int:
    """The most memory this process has held since its peak began anew, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


_reached: list[str] | None = None
_allowed: tuple[str, ...] = ()
_DANGEROUS = (
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "subprocess.Popen",
    "socket.connect",
    "pickle.find_class",
    "os.remove",
    "os.rename",
    "shutil.rmtree",
    "os.symlink",
    "os.link",
)


@contextmanager
def watched(*places: Path) -> Iterator[list[str]]:
    """Give a list that fills with what is reached outside of places: files written, programs run, addresses, pickles.

    And with every exception that Python prints with a traceback because nobody can catch it.
    """
    global _reached, _allowed  # noqa: PLW0603 - an audit hook is the process's own, and stays
    if not _hooked:
        sys.addaudithook(_audit)
        _hooked.append(True)
    _allowed = _places(*places)
    _reached = found = []
    before = sys.unraisablehook
    sys.unraisablehook = lambda about: found.append(f"printed {about.exc_value!r:.200}")
    try:
        yield found
    finally:
        _reached = None
        sys.unraisablehook = before


_hooked: list[bool] = []


@functools.cache
def _places(*places: Path) -> tuple[str, ...]:
    cache = cache_folder()
    return tuple(str(place.absolute()) for place in (*places, *([cache] if cache else [])))


def _audit(event: str, about: tuple[object, ...]) -> None:
    if _reached is None:
        return
    if event == "open":
        path, _mode, flags = about
        writes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        if writes and isinstance(path, str | bytes) and not _within(os.fsdecode(path)):
            _reached.append(f"wrote {os.fsdecode(path)}")
    elif event in _DANGEROUS and not _is_own(about):
        _reached.append(f"{event} {about[:2]}")


def _is_own(about: tuple[object, ...]) -> bool:
    """Whether an event is about a path in its place, or about a name in a folder that was opened before."""
    if about and isinstance(about[-1], int) and about[-1] >= 0:
        return True
    return bool(about) and isinstance(about[0], str | os.PathLike) and _within(os.fspath(about[0]))


def _within(path: str) -> bool:
    return os.path.abspath(path).startswith(_allowed) or path.endswith(".pyc") or ".pyc." in path  # noqa: PTH100 - in a hook


def told(findings: dict[str, tuple[Finding, bytes]]) -> str:
    """The findings as text for whoever mends them."""
    return "\n\n".join(f"{one.full}\nby {data[:300]!r}" for one, data in findings.values())


def words(listed: str) -> tuple[bytes, ...]:
    """A format's own words, written with «¦» between them."""
    return tuple(listed.encode().split("¦".encode()))


def as_json(value: object) -> bytes:
    """A value as JSON in UTF-8."""
    return json.dumps(value, ensure_ascii=False).encode()
