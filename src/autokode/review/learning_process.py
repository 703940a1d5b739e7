"""Learns in the background, in a process of its own: the page never waits for it, and may end it at any time.

When the dial is moved nothing is learnt: a thread chooses other suggestions within a second, and a process finds their words.
"""

import subprocess
import threading
import time

from autokode.base.errors import DataError
from autokode.project.active_learning.coded_utterances import FEWEST
from autokode.project.store.coders import Coder
from autokode.project.store.decision_rows import last_decision, new_decisions, utterances_with_decisions
from autokode.project.store.project import Project
from autokode.project.store.rest_rows import is_being_judged
from autokode.project.store.round_rows import follows_dial, lacks_evidence, round_shown
from autokode.review.work_apart import running

AFTER = 8
"""Number of new decisions after which the model learns again."""

PAUSE_S = 0.2
"""Seconds between two tries to suggest while a process is replacing the model."""

_TEACHING = (
    "accept",
    "reject",
    "change",
    "same",
    "code",
    "remove",
    "recode",
    "done",
    "undo",
    "redo",
    "import",
    "codebook",
)
"""Kinds of decision, as the log names them, that a model learns from."""


class Learner:
    """Starts `autokode learn` when there is enough new to learn from."""

    def __init__(self, project: Project, coder: Coder) -> None:
        self.project = project
        self.coder = coder
        self.failed = ""
        self._process: subprocess.Popen[str] | None = None
        self._from = -1  # the round that was shown when the process began to learn; -1 if it only finds words
        self._tried = 0  # the last decision when a process last began to learn
        self._lock = threading.Lock()
        self._turns, self._one_turn = 0, threading.Lock()  # moves of the dial that suggestions do not follow yet

    @property
    def learning(self) -> bool:
        """Whether a process is learning; False while it only finds words."""
        return self._process is not None and self._process.poll() is None and self._learnt_in() <= self._from

    @property
    def busy(self) -> bool:
        """Whether a process is learning or finding words, or suggestions do not follow the dial yet."""
        return self.turning or (self._process is not None and self._process.poll() is None)

    @property
    def turning(self) -> bool:
        """Whether the dial was moved and the suggestions do not follow it yet."""
        return self._turns > 0

    def nudge(self, *, least: int = AFTER) -> bool:
        """Begin to learn if at least `least` decisions are new and no process is learning; say whether it began."""
        with self._lock:
            if self.coder.blind or self.learning or not self._due(least) or (least and not self._can_learn()):
                return False
            self._stop()
            self.failed = ""
            self._from, self._tried = self._learnt_in(), last_decision(self.project)
            self._begin()
            return True

    def with_teacher(self, address: str, model: str) -> bool:
        """Begin to learn from a language model on this machine too; say whether it began: too little may be coded."""
        with self._lock:
            if self.coder.blind or not self._can_learn():
                return False
            self._stop()
            self.failed = ""
            self._from, self._tried = self._learnt_in(), last_decision(self.project)
            self._begin("--teacher", address, "--teacher-model", model)
            return True

    def nudge_soon(self) -> None:
        """Call `nudge` in a thread, if enough decisions are new: a decision does not wait for a process to start."""
        if self._due(AFTER):
            threading.Thread(target=self.nudge, daemon=True).start()

    def turn(self) -> None:
        """Suggest as much as the dial says, in a thread; after several quick moves the last one counts."""
        if self.coder.blind:
            return
        with self._lock:
            self._turns += 1
            self.failed = ""
        threading.Thread(target=self._follow, daemon=True).start()

    def _follow(self) -> None:
        try:
            with self._one_turn:
                self._suggest_again()
        finally:
            with self._lock:
                self._turns -= 1
        self._find_words()

    def _suggest_again(self) -> None:
        if follows_dial(self.project, round_shown(self.project, self.coder)):
            return  # before the model's libraries are loaded, which takes a second from whoever clicks meanwhile
        from autokode.project.active_learning.training_round import suggest_again

        while True:
            learning = self.learning
            try:
                suggest_again(self.project, self.coder)
                return
            except DataError as error:
                if not learning:
                    self.failed = "; ".join(problem.what for problem in error.problems)
                    return
            # The process has replaced the model of the round shown; try again until it shows its own round.
            time.sleep(PAUSE_S)

    def _find_words(self) -> None:
        """Start a process that finds the words still lacking, unless one is learning: that one finds them too."""
        lacking = lacks_evidence(self.project, self.coder)
        with self._lock:
            if lacking and not self.learning and not self.failed and not self.turning:
                self._stop()
                self._from = -1
                self._begin("--words")

    def begin_anew(self, coder: Coder) -> None:
        """End the process, and count every decision as new: the log is another one, with its own number for the coder."""
        with self._lock:
            self._stop()
            self.coder, self._tried = coder, 0

    def stop(self) -> None:
        """End the process; the next one does again what it leaves unfinished."""
        with self._lock:
            self._stop()

    def _stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait()

    def _begin(self, *options: str) -> None:
        where = ("--project", str(self.project.folder), "--coder", self.coder.name)
        command = ("autokode", "learn", "--from-page", *options, *where)
        self._process = running(*command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        threading.Thread(target=self._watch, args=(self._process,), daemon=True).start()

    def _watch(self, process: "subprocess.Popen[str]") -> None:
        _out, said = process.communicate()
        if process.returncode not in (0, 143, -15) and process is self._process:
            lines = [line for line in said.splitlines() if line.startswith("autokode: ")]
            self.failed = lines[-1].removeprefix("autokode: ") if lines else f"autokode learn: {process.returncode}"

    def _learnt_in(self) -> int:
        """The round in which the model shown learnt; the dial makes later rounds from the same model."""
        row = round_shown(self.project, self.coder)
        return row.learnt_in if row else 0

    def _due(self, least: int) -> bool:
        """Whether at least `least` decisions are new since a process last learnt or tried to, and no sample is being judged."""
        is_held = least > 0 and is_being_judged(self.project, self.coder)
        return not is_held and new_decisions(self.project, self.coder, _TEACHING, after=self._tried) >= least

    def _can_learn(self) -> bool:
        return utterances_with_decisions(self.project, self.coder, _TEACHING, enough=FEWEST)
