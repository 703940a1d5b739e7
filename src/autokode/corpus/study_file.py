"""study.yaml, which says what a study's folder cannot say by itself.

It lists the transcripts with their office (`group`), interviewers and label grammar, and a pseudonymised study's invented names.
Without it, every file of a known ending is a transcript.
"""

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypedDict

from autokode.base import yaml_files
from autokode.base.errors import DataError, Problem, failure, quoted
from autokode.base.files import is_there
from autokode.base.messages import say
from autokode.base.text_files import read_text
from autokode.corpus.readers import ENDINGS

DESCRIPTION = "study.yaml"
TOP_KEYS = {"navn": "name", "transkripter": "transcripts", "pseudonymer": "pseudonyms"}
"""Norwegian → English keys at the top; `pseudonymer` lists the invented names."""

KEYS = {
    "fil": "file",
    "gruppe": "group",
    "intervjuere": "interviewers",
    "merker": "labels",
    "talere": "speakers",
    "tegnkoding": "encoding",
}
"""Norwegian → English keys of a transcript."""


class Given(TypedDict):
    """What study.yaml says about a transcript's speakers; `read_transcript` infers what is None."""

    labels: str | None
    speakers: list[str] | None
    interviewers: list[str] | None


def list_transcripts(folder: Path) -> list[dict[str, Any]]:
    """List the transcripts of a folder: those in study.yaml, or every file with a known ending, sorted by name.

    Raises:
        DataError: lists all problems of study.yaml.
    """
    path = folder / DESCRIPTION
    if not is_there(path):
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


def no_transcripts(folder: Path) -> DataError:
    """Make the error for a folder without transcripts."""
    endings = ", ".join(ENDINGS)
    what = f"ingen transkripter ({endings})", f"no transcripts ({endings})"
    return failure(*what, where=folder, try_next=f"ls {quoted(folder)}")


def pseudonyms(folder: Path) -> frozenset[str]:
    """The invented names that a folder's study.yaml lists; empty without such a file or list."""
    path = folder / DESCRIPTION
    listed = _description(path)[0].get("pseudonyms") if is_there(path) else None
    return frozenset(map(str, listed)) if isinstance(listed, list) else frozenset()


def is_pseudonymised(path: Path) -> bool:
    """Whether a folder's study.yaml lists invented names; for a file, whether study.yaml also lists that file."""
    folder = path if path.is_dir() else path.parent
    if not is_there(folder / DESCRIPTION) or "pseudonyms" not in _description(folder / DESCRIPTION)[0]:
        return False
    return path.is_dir() or any(entry["file"] == path.name for entry in list_transcripts(folder))


def key_beside(folder: Path) -> Path:
    """Where the key to a pseudonymised folder lies, if nobody chose another place."""
    return folder.with_name(f"{folder.name}-nøkkel.json")


def _description(path: Path) -> tuple[dict[str, Any], list[Problem]]:
    return yaml_files.in_english(_loaded(read_text(path), str(path)), TOP_KEYS, str(path))


@functools.lru_cache(maxsize=1)
def _loaded(text: str, name: str) -> Mapping[str, Any]:
    """Load study.yaml; the last one is remembered, because adding a folder asks once per file. Do not change the result."""
    return yaml_files.load_mapping(text, name)


def encoding_of(entry: dict[str, Any]) -> str | None:
    """The encoding that study.yaml states for a transcript, or None."""
    return str(entry["encoding"]) if entry.get("encoding") else None


def given_of(entry: dict[str, Any]) -> Given:
    """What study.yaml says about a transcript's speakers, as keyword arguments of `read_transcript`."""
    return Given(
        labels=str(entry["labels"]) if entry.get("labels") else None,
        speakers=_names(entry.get("speakers")),
        interviewers=_names(entry.get("interviewers")),
    )


def _names(value: Any) -> list[str] | None:
    if value is None:
        return None
    return [str(name) for name in value] if isinstance(value, list) else [str(value)]
