"""A project in which people act through the doors that users have, and what must hold after each step.

Two windows show Anne's page, a third shows Berit's, and somebody gives commands. Each step is `[kind, number]`; whatever it draws
by chance, it draws by its number, so that a sequence shortened to its least still fails in the same way.
"""

import contextlib
import functools
import io
import random
import shutil
import stat
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from unittest import mock

from jinja2.bccache import Bucket, BytecodeCache

from autokode import Codebook
from autokode.cli import run
from autokode.project import Coder, Project
from autokode.project.active_learning import training_round
from autokode.project.store.decision_log import facts, replayed
from autokode.project.store.integrity import check
from autokode.project.store.round_writing import show, write_round
from autokode.review.learning_process import Learner
from autokode.review.session import Session
from review_case import client_of
from sequence_kinds import KINDS
from sequence_state import Changes, Key, Row, State, changes, is_about, must, place_of, state_of, twice
from sequence_window import Answer, Window, written

Step = tuple[str, int]
"""A kind of action, and the number by which it draws."""

Thing = TypeVar("Thing")

SAID = {
    "bakeriet": (
        "Vi åpner grytidlig, lenge før bussen går 😀 forbi.",
        "Ja, det gjør vi.",
        "Surdeigen bestemmer dagen min.",
    ),
    "fjøset": ("Kyrne kjenner stemmen til naboen min best.", "Ja, det gjør vi.", "Silofôret lukter sterkt om våren."),
    "verkstedet": ("Solbjørg skrudde girkassen sammen alene.", "Ja, det gjør vi.", "Veivakselen knakk i vinter."),
    "kvernhuset": ("Kvernsteinen gikk varm da Torgnyborg malte.", "Ja, det gjør vi.", "Melstøvet la seg overalt."),
    "rorbua": ("Lineegnerne satt i rorbua hele lofotvinteren.", "Ja, det gjør vi.", "Tranlampa osa av selspekk."),
}
FIRST = ("bakeriet", "fjøset", "verkstedet")
RARE = {
    "bakeriet": ("grytidlig", "Surdeigen"),
    "fjøset": ("Silofôret", "Kyrne"),
    "verkstedet": ("girkassen", "Veivakselen", "Solbjørg"),
    "kvernhuset": ("Kvernsteinen", "Torgnyborg", "Melstøvet"),
    "rorbua": ("Lineegnerne", "lofotvinteren", "selspekk"),
}
"""Words that one interview has and nothing else, neither another interview nor what people write of it."""
EMPTY = ("add", "take an import back", "keep a copy", "put back", "missing", "close the project")
"""Kinds of action that make sense in a project without interviews."""
BOOK = """# Kodeboken, med en merknad som skal stå.
navn: prosjekt
koder:
  - navn: makt
    definisjon: Noen bestemmer.  # ikke rør
  - navn: språk
  - navn: tillit og trygghet
  - navn: økonomi
"""
CODES = ("makt", "språk", "tillit og trygghet", "økonomi")
NEW_NAMES = ("styring", "ordvalg", "æresfølelse", "-forbehold", "=1+1")
ANNE, BERIT = "Anne", "Berit"


class _Compiled(BytecodeCache):
    """Compiled templates of all servers; each would compile them again."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


_TEMPLATES = _Compiled()


@dataclass
class Drawer:
    """A file that somebody wrote out and may take in again later."""

    kind: str
    path: Path
    then: State
    names: int  # renames before it was written
    decided: dict[tuple[Any, ...], str] = field(default_factory=dict)


@dataclass
class Own:
    """A coder's decision, or their part of what was brought in (`brought` is its number, else 0): what it changed."""

    made: Changes
    brought: int = 0


@dataclass
class Brought:
    """An import, or something added: what it changed, and the interviews that came with it."""

    number: int
    made: Changes
    texts: set[str]


@dataclass
class Model:
    """What must be so, kept beside the project.

    Attributes:
        steps: coder → their own decisions that stand; `undone` → those taken back, the last one last.
        given: number of a coding → what never changes of it.
        brought: imports and interviews added that stand; `imports` counts them all.
        renames: every rename so far.
        is_deep: whether the log goes further back than `steps`, since old memos were taken out of it.
    """

    steps: dict[int, list[Own]] = field(default_factory=dict)
    undone: dict[int, list[Own]] = field(default_factory=dict)
    given: dict[int, Key] = field(default_factory=dict)
    brought: list[Brought] = field(default_factory=list)
    imports: int = 0
    renames: list[tuple[str, str]] = field(default_factory=list)
    is_deep: bool = False

    def stepped(self, own: Own, *, again: bool) -> None:
        """A coder undid their part of what was brought in, or made it again: it is no longer, or again, of the import."""
        for one in self.brought:
            if one.number == own.brought:
                one.made = {key: pair for key, pair in one.made.items() if key not in own.made}
                one.made |= own.made if again else {}


class World:
    """A project, the windows that show it, and the model of what must hold.

    Args:
        room: an empty folder.
        pattern: a project to begin with, as `pattern_in` made it.
    """

    def __init__(self, room: Path, pattern: Path) -> None:
        self.room, self.folder, self.texts = room, room / "prosjekt", pattern.parent / "tekster"
        shutil.copytree(pattern, self.folder)
        (room / "skuff").mkdir()
        self.model = Model(brought=[Brought(1, {}, {*FIRST})], imports=1)
        self.drawers: list[Drawer] = []
        self.kept: tuple[bytes, Model, State] | None = None
        self.tried: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.done, self.files, self.written = "", 0, 0
        self.closed = False
        self.choose = random.Random(0)
        self.state = state_of(self.folder)
        self.imports = self.state.imports
        self.windows: list[Window] = []
        self.opened()

    # the page

    def opened(self) -> None:
        """Start both coders' servers anew, and open all windows."""
        project = Project.open(self.folder)
        pages = {name: client_of(Session(project, project.known_coder(name))) for name in (ANNE, BERIT)}
        for page in pages.values():
            page.application.jinja_env.bytecode_cache = _TEMPLATES
        self.windows = [
            Window(pages[ANNE], ANNE, "A1"),
            Window(pages[ANNE], ANNE, "A2"),
            Window(pages[BERIT], BERIT, "B"),
        ]
        for window in self.windows:
            if self.state.texts:
                window.load(self.picked(sorted(self.state.texts)))

    def window(self) -> Window:
        """A window that shows an interview, by chance."""
        window = self.choose.choice(self.windows)
        if window.stopped or window.transcript not in self.state.texts:
            window.load(self.picked(sorted(self.state.texts)))
        return window

    def picked(self, things: Sequence[Thing]) -> Thing:
        """One of some things, by chance: mostly the first, so that people meet at one place."""
        return things[0] if self.choose.random() < 0.5 else self.choose.choice(things)

    def sent(self, window: Window, path: str, body: dict[str, Any]) -> tuple[Answer, Changes]:
        """Send a decision from a window, and find what it changed; what was refused must have changed nothing."""
        must_stop = not self.is_known(window)
        answer = window.send(path, body)
        made = self.made()
        if must_stop:
            must(answer.said.get("replaced"), "a file put back is noticed", (path, written(answer.said)))
        if not answer.taken:
            must(not made, "what is refused is not on disk", (path, body, written(answer.said), made))
            self.refused[self.done] += 1
        elif self.choose.random() < 0.2:  # the answer was lost on its way
            must(window.send_again() == answer and not self.made(), "a decision sent twice is made once", (path, body))
        others = [key for key, (old, new) in made.items() if self.owner_of(key, old or new) not in (window.coder, "")]
        must(not others, "nobody decides for somebody else", (path, body, others))
        self._given_by_hand(made)
        return answer, made

    def _given_by_hand(self, made: Changes) -> None:
        """A coding of an import that its coder gives by hand too gets that time, and one in whose stead the coder accepts the
        suggestion after all; nothing else changes a coding's time.
        """
        judged = any(table == "verdict" and old and new for (table, *_key), (old, new) in made.items())
        for (table, *key), (old, new) in made.items():
            if table != "coding" or not old or not new or old["time"] == new["time"]:
                continue
            replaced = judged and old["suggestion"] == new["suggestion"] is not None
            must(replaced or place_of(old) == place_of(new), "a coding's time is that of its place", (old, new))
            self.model.given[key[0]] = (new["coder"], new["transcript"], new["time"])

    def is_known(self, window: Window) -> bool:
        """Whether the file holds the last decision that a window knows of."""
        return all(self.state.log.get(number) == time for number, time in window.known.items())

    def owner_of(self, key: Key, row: Row | None) -> str:
        """Whose a row is; "" for what two coders settled."""
        return "" if key[0] == "resolution" or row is None else self.state.coders.get(row["coder"], "?")

    def made(self) -> Changes:
        """Read the project's file again, and find what changed since it was last read."""
        before, self.state = self.state, state_of(self.folder)
        return changes(before.facts, self.state.facts)

    def decided(self, window: Window, made: Changes) -> None:
        """Note a decision that was taken: it can be undone, and nothing undone before can be done again."""
        coder = self.state.coder(window.coder)
        if made:
            self.model.steps.setdefault(coder, []).append(Own(made))
            self.model.undone[coder] = []

    def codable(self) -> set[str]:
        """The codes that can be given."""
        return set(Codebook.from_yaml(self.state.codebook, may_be_empty=True).codable)

    def rewritten(self) -> None:
        """The log was written anew: no older file is put back. Where it forgot what was brought in, that can stay as it is."""
        self.kept = None
        self.state = state_of(self.folder)
        if not self.state.imports:
            self.model.brought = []
            for stack in (*self.model.steps.values(), *self.model.undone.values()):
                stack[:] = [one for one in stack if not one.brought]
        self.opened()

    def without(self, number: int) -> None:
        """An interview is gone: what was done in it can be neither undone nor done again."""
        gone = self.dead(number)

        def left(made: Changes) -> Changes:
            return {key: pair for key, pair in made.items() if not is_about(key, pair[0] or pair[1], number, gone)}

        for stack in (*self.model.steps.values(), *self.model.undone.values()):
            for own in stack:
                own.made = left(own.made)
            stack[:] = [own for own in stack if own.made]
        for one in self.model.brought:
            one.made = left(one.made)
            one.texts &= {*self.state.texts.values()}
        empty = [one for one in self.model.brought if not one.made and not one.texts]
        lost = (
            len(self.model.brought) - self.state.imports
        )  # an import of which nothing is left may stand, and do nothing
        for one in empty[: max(0, lost)]:
            self.model.brought.remove(one)

    def dead(self, transcript: int) -> set[int]:
        """The numbers of all codings that an interview ever had."""
        return {number for number, (_coder, own, _time) in self.model.given.items() if own == transcript}

    # commands

    def command(self, *words: str, project: Path | None = None) -> tuple[int, str]:
        """Give a command, and get its status and all that it says."""
        with contextlib.redirect_stdout(io.StringIO()) as said, contextlib.redirect_stderr(said):
            status = run([*words, "--project", str(project or self.folder)])
        must(status in (0, 1, 2), "every command ends in words", (words, status))
        must("Traceback" not in said.getvalue(), "no command ends in a traceback", (words, said.getvalue()))
        return status, said.getvalue()

    # steps

    def act(self, kind: str, number: int) -> None:
        """Take one step, and look at what must hold after any."""
        self.choose, self.done, self.imports = random.Random(number), kind, self.state.imports
        if (self.state.texts or kind in EMPTY) and KINDS[kind].act(self) is not False:
            self.tried[kind] += 1
        if self.closed:
            return
        self.state = state_of(self.folder)
        self.holds()

    def holds(self) -> None:
        """What holds at every moment."""
        must(not twice(self.state.facts), "no coding is there twice", twice(self.state.facts))
        for row in self.state.rows("coding"):
            own = (row["coder"], row["transcript"], row["time"])
            before = self.model.given.setdefault(row["id"], own)
            must(before == own, "no number is given again", (row, before))
        mode = stat.S_IMODE((self.folder / "autokode.db").stat().st_mode)
        must(mode == 0o600, "the file is its owner's alone", oct(mode))

    def ended(self) -> None:
        """What holds at the end: the project is sound, and the log amounts to the rows."""
        if self.closed:
            return
        faults = check(self.folder)
        must(not faults, "the project is sound", faults)
        project = Project.open(self.folder)
        with project.database.reading() as connection:
            must(replayed(connection) == facts(connection), "the log amounts to the rows")


def suggested(project: Project, coder: Coder, **_options: object) -> Any:
    """Suggest makt and språk, or the first two codes, for every answer, in place of a training."""
    codes = project.codebook.codable[:2]
    rows = []
    for source in project.sources:
        transcript = project.transcript(source.name)
        for index in transcript.answers:
            one = transcript.utterances[index]
            rows += [
                (source.id, index, code, one.start, one.end, p) for code, p in zip(codes, (0.8, 0.4), strict=False)
            ]
    about = {"codes": list(codes), "order": [], "news": {}, "learnt_from": 0, "suggestions": len(rows), "given": ""}
    with project.database.reading() as connection:
        last = connection.execute("SELECT max(id) FROM decision").fetchone()[0] or 0
    number = write_round(
        project, coder, ("prøve", project.codebook.sha256, "2026-01-01T00:00:00.000+00:00", last), about, rows
    )
    show(project, coder, number, about, marks={})
    return training_round.Round(number, "prøve", 0, len(rows), {}, 0.0)


_read_codebook = functools.lru_cache(1000)(Codebook.from_yaml)
"""Reads a codebook's text once, which takes a command most of its time; a codebook never changes."""


@contextlib.contextmanager
def without_training() -> Iterator[None]:
    """Let nothing train and no process start: suggestions are put in (`suggested`). A codebook's text is read once."""
    with contextlib.ExitStack() as stack:
        patch: Callable[..., Any] = mock.patch.object
        for name in ("nudge", "nudge_soon", "turn"):
            stack.enter_context(patch(Learner, name, lambda *_args, **_named: False))
        stack.enter_context(patch(training_round, "learn", suggested))
        stack.enter_context(patch(training_round, "suggest_again", lambda *_args: None))
        stack.enter_context(mock.patch("autokode.project.active_learning.evidence.explain", lambda *_a, **_n: None))
        stack.enter_context(patch(Codebook, "from_yaml", _read_codebook))
        stack.enter_context(mock.patch.dict("os.environ", {"AUTOKODE_LANG": "nb"}))
        yield


def pattern_in(place: Path) -> Path:
    """Make the project to begin with, by commands: three interviews, and suggestions for Anne and Berit."""
    texts, folder = place / "tekster", place / "mønster"
    texts.mkdir(parents=True)
    for name, said in SAID.items():
        lines = "".join(f"Intervjuer: Hva mer da?\nKari: {one}\n" for one in said)
        (texts / f"{name}.txt").write_text(lines, encoding="utf-8")
    folder.mkdir(mode=0o700)
    (folder / "codebook.yaml").write_text(BOOK, encoding="utf-8")  # a person's own, with comments
    with contextlib.redirect_stdout(io.StringIO()):
        assert run(["init", str(folder)]) == 0
        first = [str(texts / f"{name}.txt") for name in FIRST]
        assert run(["add", *first, "--project", str(folder), "--office", "Kontor A"]) == 0
        assert run(["coders", "--add", ANNE, "--add", BERIT, "--project", str(folder)]) == 0
    project = Project.open(folder)
    for name in (ANNE, BERIT):
        suggested(project, project.coder(name))
    return folder


def copied_model(model: Model) -> Model:
    return deepcopy(model)
