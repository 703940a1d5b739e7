"""Long work on the names of a project, as a process of its own.

It reads what to do as JSON from its input, and writes lines of JSON: {"step": [n, of]}, and at last {"found": …} or
{"failed": …}. What it finds goes to the page that started it, and to files for their owner alone.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from autokode.base.errors import DataError, failure
from autokode.base.messages import reading_in, say
from autokode.corpus.study_file import key_beside
from autokode.nlp.pipeline import norwegian
from autokode.project import Project
from autokode.project.store.file_mark import file_mark
from autokode.project.store.names_check import check_project
from autokode.project.store.names_plan import list_beside, list_names, project_plan
from autokode.project.store.names_preview import preview_of
from autokode.project.store.pseudonymising import Pseudonymised, check_place, pseudonymise
from autokode.project.store.restored_names import restore
from autokode.pseudonym import Key, Register, read_key
from autokode.pseudonym.names_list import read_names_list
from autokode.review.page_locks import no_page_open

Found = dict[str, Any]


def search(project: Project, given: Found) -> Found:
    """Search for names, and write the list; what was decided on the one before still holds."""
    path = list_beside(project.folder)
    before = read_names_list(path) if path.exists() else None
    made = list_names(
        project, norwegian(own=True), key=_key(project), before=before, gender=given["gender"], progress=_step
    )
    made.write(path)
    return {"entries": len(made.heads), "places": len(made.places)}


def preview(project: Project, _given: Found) -> Found:
    """Find out what the list as it is now would change."""
    mark, listed, key = file_mark(project), read_names_list(list_beside(project.folder)), _key(project)
    return {**asdict(preview_of(project, project_plan(project, listed, key), key)), "sign": listed.sign, "mark": mark}


def write(project: Project, given: Found) -> Found:
    """Pseudonymise the project as the preview showed, if nothing is other than it was then."""
    path, key_path, key = list_beside(project.folder), key_beside(project.folder), _key(project)
    check_place(project.folder, key_path)
    listed = read_names_list(path)
    with no_page_open(project.folder, but=given["page"]):
        if listed.sign != given["sign"] or file_mark(project) != given["mark"]:
            raise failure(
                "listen eller prosjektet er endret siden forhåndsvisningen; ingenting er skrevet",
                "the list or the project was changed since the preview; nothing was written",
                try_next=say("se på forhåndsvisningen igjen", "look at the preview again"),
            )
        plan = project_plan(project, listed, key)
        done = pseudonymise(project, plan, key, key_path, by=given["by"], coder=given["coder"])
        path.unlink(missing_ok=True)
    return _told(done)


def undo(project: Project, given: Found) -> Found:
    """Give the project its names back."""
    with no_page_open(project.folder, but=given["page"]):
        return _told(restore(project, read_key(key_beside(project.folder)), by=given["by"], coder=given["coder"]))


def check(project: Project, _given: Found) -> Found:
    """Say what seems personal still."""
    key = key_beside(project.folder)
    found = check_project(project, norwegian(own=True), key=read_key(key) if key.exists() else None)
    return asdict(found)


TASKS: dict[str, Callable[[Project, Found], Found]] = {
    "search": search,
    "preview": preview,
    "write": write,
    "undo": undo,
    "check": check,
}


def _key(project: Project) -> Key:
    path = key_beside(project.folder)
    return read_key(path) if path.exists() else Key(Register())


def _told(done: Pseudonymised) -> Found:
    return {**asdict(done), "people": dict(done.people), "codes": dict(done.codes)}


def _step(_name: str, done: int, whole: int) -> None:
    _say({"step": [done, whole]})


def _say(line: Found) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def _too_little_memory() -> str:
    return say(
        "minnet strakk ikke til; lukk andre programmer, og prøv igjen",
        "too little memory; close other programs, and try again",
    )


def main() -> None:
    """Do a task, and say what came of it."""
    asked = json.load(sys.stdin)
    with reading_in(asked["language"]):
        try:
            project = Project.open(Path(asked["folder"]).resolve())
            _say({"found": TASKS[asked["task"]](project, asked["given"])})
        except DataError as error:
            _say({"failed": str(error)})
        except MemoryError:
            _say({"failed": _too_little_memory()})
        except Exception as error:  # noqa: BLE001 - said on the page, and nothing of a text with it
            kind = type(error).__name__
            _say({"failed": say(f"noe gikk galt i autokode ({kind})", "something went wrong in autokode")})


if __name__ == "__main__":
    main()
