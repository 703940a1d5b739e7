"""study.yaml, which says what a study's folder cannot say by itself.

It lists the transcripts with their group, interviewers and label grammar, and the invented names of a pseudonymised study.
Without it, every file of a known ending is a transcript.
"""

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypedDict

from autokode.base import yaml_files
from autokode.base.errors import DataError, Problem
from autokode.base.messages import say
from autokode.base.text_files import read_text
from autokode.corpus.readers import ENDINGS

DESCRIPTION = "study.yaml"
TOP_KEYS = {"navn": "name", "transkripter": "transcripts", "pseudonymer": "pseudonyms"}
"""What study.yaml may say of the study; `pseudonymer` are the invented names in it."""

KEYS = {
    "fil": "file",
    "gruppe": "group",
    "intervjuere": "interviewers",
    "merker": "labels",
    "talere": "speakers",
    "tegnkoding": "encoding",
}


class Given(TypedDict):
    """What a person says of a transcript's speakers; None is inferred."""

    labels: str | None
    speakers: list[str] | None
    interviewers: list[str] | None


def list_transcripts(folder: Path) -> list[dict[str, Any]]:
    """The transcripts of a folder: as study.yaml lists them, or every file of a known ending, by name.

    Raises:
        DataError: study.yaml is not as it should be, every problem of it.
    """
    path = folder / DESCRIPTION
    if not path.exists():
        files = sorted(
            p.name for p in folder.iterdir() if p.suffix.lower() in ENDINGS and not p.name.startswith((".", "~$"))
        )
        return [{"file": name} for name in files]
    top, problems = _description(path)
    entries = []
    listed = top.get("transcripts")
    for node in listed if isinstance(listed, list) else []:
        entry, unknown = yaml_files.in_english(node, KEYS, str(path)) if isinstance(node, dict) else ({}, [])
        problems.extend(unknown)
        if not entry.get("file"):
            what = say("en transkript uten «fil:»", "a transcript without «file:»")
            problems.append(Problem(what, str(path), yaml_files.line_of(node)))
        else:
            entries.append({**entry, "file": str(entry["file"])})
    if problems or not entries:
        what = say("ventet «transkripter:» med «- fil: …»", "expected «transcripts:» with «- file: …»")
        raise DataError(problems or Problem(what, str(path), 1), try_next=say(f"rett {path}", f"mend {path}"))
    return entries


def pseudonyms(folder: Path) -> frozenset[str]:
    """The invented names that a folder's study.yaml lists; none where there is no such file or list."""
    path = folder / DESCRIPTION
    listed = _description(path)[0].get("pseudonyms") if path.exists() else None
    return frozenset(map(str, listed)) if isinstance(listed, list) else frozenset()


def is_pseudonymised(path: Path) -> bool:
    """Whether a folder's study.yaml says which names in it are invented; of a file, whether it is listed there too."""
    folder = path if path.is_dir() else path.parent
    if not (folder / DESCRIPTION).exists() or "pseudonyms" not in _description(folder / DESCRIPTION)[0]:
        return False
    return path.is_dir() or any(entry["file"] == path.name for entry in list_transcripts(folder))


def _description(path: Path) -> tuple[dict[str, Any], list[Problem]]:
    return yaml_files.in_english(_loaded(read_text(path), str(path)), TOP_KEYS, str(path))


@functools.lru_cache(maxsize=1)
def _loaded(text: str, name: str) -> Mapping[str, Any]:
    """A study.yaml as it was loaded, which is asked for once a file that is added; nothing in it is changed."""
    return yaml_files.load_mapping(text, name)


def encoding_of(entry: dict[str, Any]) -> str | None:
    """The encoding that study.yaml gives a transcript, or None."""
    return str(entry["encoding"]) if entry.get("encoding") else None


def given_of(entry: dict[str, Any]) -> Given:
    """Return what study.yaml says of a transcript's speakers, as `read_transcript` takes it."""
    return Given(
        labels=str(entry["labels"]) if entry.get("labels") else None,
        speakers=_names(entry.get("speakers")),
        interviewers=_names(entry.get("interviewers")),
    )


def _names(value: Any) -> list[str] | None:
    if value is None:
        return None
    return [str(name) for name in value] if isinstance(value, list) else [str(value)]
