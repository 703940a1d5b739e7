"""Learning in the background, in a process of its own: the page never waits for it, and its end may come at any time."""

import subprocess
import sys
import threading

from autokode.project.heard import FEWEST
from autokode.project.project import Coder, Project

AFTER = 8
"""Decisions after which the model learns anew."""

_TEACH = ("accept", "reject", "change", "same", "code", "remove", "recode", "done", "undo", "redo", "import")


class Learner:
    """Starts `autokode learn` when there is enough new to learn from."""

    def __init__(self, project: Project, coder: Coder) -> None:
        self.project = project
        self.coder = coder
        self.failed = ""
        self._process: subprocess.Popen[str] | None = None
        self._from = -1
        self._tried = 0
        self._lock = threading.Lock()

    @property
    def learning(self) -> bool:
        """Whether a model is being learnt; not while only evidence is filled in."""
        return self._process is not None and self._process.poll() is None and self._round() <= self._from

    def nudge(self, *, least: int = AFTER) -> bool:
        """Begin to learn if at least so many decisions are new and nothing is being learnt; return whether it began."""
        with self._lock:
            new, utterances = self._new()
            if self.coder.blind or self.learning or new < least or (least and utterances < FEWEST):
                return False
            self._stop()
            self.failed = ""
            self._from, self._tried = self._round(), self._last()
            command = [
                sys.executable,
                "-m",
                "autokode",
                "learn",
                "--project",
                str(self.project.folder),
                "--coder",
                self.coder.name,
            ]
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and command
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                encoding="utf-8",
            )
            threading.Thread(target=self._watch, args=(self._process,), daemon=True).start()
            return True

    def nudge_soon(self) -> None:
        """Do the same in a thread of its own: a decision is not to wait for a process to start."""
        threading.Thread(target=self.nudge, daemon=True).start()

    def stop(self) -> None:
        """End what is running; what it had not finished is made again the next time."""
        with self._lock:
            self._stop()

    def _stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait()

    def _watch(self, process: "subprocess.Popen[str]") -> None:
        _out, said = process.communicate()
        if process.returncode not in (0, 143, -15) and process is self._process:
            lines = [line for line in said.splitlines() if line.startswith("autokode: ")]
            self.failed = lines[-1].removeprefix("autokode: ") if lines else f"autokode learn: {process.returncode}"

    def _round(self) -> int:
        with self.project.database.reading() as connection:
            row = connection.execute("SELECT round FROM coder WHERE id = ?", (self.coder.id,)).fetchone()
        return int(row["round"] or 0)

    def _last(self) -> int:
        with self.project.database.reading() as connection:
            return int(connection.execute("SELECT coalesce(max(id), 0) FROM decision").fetchone()[0])

    def _new(self) -> tuple[int, int]:
        """Return how many decisions are new since the model learnt (or tried to), and of how many utterances there are any."""
        marks = ", ".join("?" * len(_TEACH))
        with self.project.database.reading() as connection:
            row = connection.execute(
                f"SELECT count(*) FILTER (WHERE id > max(?, coalesce((SELECT decision FROM round JOIN coder ON "  # noqa: S608 - marks
                "coder.round = round.id WHERE coder.id = ?), 0))) AS new, count(DISTINCT transcript || '/' || utterance) + "
                "1000 * count(*) FILTER (WHERE kind = 'import') AS utterances "
                f"FROM decision WHERE coder = ? AND kind IN ({marks})",
                (self._tried, self.coder.id, self.coder.id, *_TEACH),
            ).fetchone()
        return int(row["new"]), int(row["utterances"])
