"""The process of an errand: reads from standard input what to do, does it, and writes lines of JSON on how it went."""

import json
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from autokode.base.errors import DataError
from autokode.base.messages import reading_in
from autokode.project import Project
from autokode.project.store.project_state import one_state
from autokode.review import errand_work, proposal_work, standing_work

Told = Callable[[str, int, int], None]
Work = Callable[[Project, Path, Mapping[str, Any], Told], dict[str, Any]]

WORK: dict[str, Work] = {
    "report": errand_work.report,
    "methods": errand_work.methods,
    "export": errand_work.export,
    "agreement": errand_work.agreement,
    "foresee": errand_work.foresee,
    "take_in": errand_work.take_in,
    "standing_out": standing_work.standing_out,
    "propose": proposal_work.propose,
}
"""Kind of an errand → what does it: (project, folder for files, what is given, told how far it is) → what came of it."""

READS = ("report", "methods", "export", "agreement")
"""Those that only read a project: all of it as it was at one moment."""


def _main() -> None:
    asked = json.load(sys.stdin)
    say, sys.stdout = sys.stdout, sys.stderr  # nothing else may write between the lines

    def tell(**about: object) -> None:
        say.write(json.dumps(about) + "\n")
        say.flush()

    def told(now: str, done: int, whole: int) -> None:
        tell(far=[now, done, whole])

    with reading_in(asked["language"]):
        try:
            project = Project.open(asked["project"], read=False)
            reads = one_state(project) if asked["kind"] in READS else nullcontext()
            with reads:  # whoever codes meanwhile does not wait for it
                tell(result=WORK[asked["kind"]](project, Path(asked["folder"]), asked["given"], told))
        except DataError as error:
            said = "\n".join(map(str, error.problems[: DataError.SHOWN]))
            for folder in (asked["folder"], asked["project"]):  # paths of the machine tell a reader of the page nothing
                said = said.replace(f"{folder}{os.sep}", "").replace(f"{folder}: ", "")
            tell(failed=said)


if __name__ == "__main__":
    _main()
