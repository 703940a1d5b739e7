"""Links an interview to its recording, which lies outside the project and is never copied: its path, size and fingerprint.

Linking, moving and unlinking are decisions about the interview, with a step that holds the row as it was.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autokode.base.errors import DataError, failure
from autokode.base.messages import say
from autokode.base.recording_files import ENDINGS, FoundRecording, found_recording, opened_recording
from autokode.corpus.readers.stated_media import stated_media
from autokode.project.store.coders import Coder
from autokode.project.store.decision_log import RECORDING
from autokode.project.store.interview_changes import changing, check_seen
from autokode.project.store.project import Project
from autokode.project.store.transcripts import Source

LONGEST_OFFSET_S = 86_400.0
"""Longest time, in seconds, between the beginnings of a recording and of its transcript."""


@dataclass(frozen=True, slots=True)
class Recording:
    """The recording that an interview is linked to.

    Attributes:
        transcript: the interview's id.
        path: where it was when it was linked.
        size: in bytes.
        fingerprint: by `base.recording_files.fingerprint_of`.
        kind: its media type.
        offset_s: seconds into the recording at which the transcript's time 0 is; negative if the recording begins later.
    """

    transcript: int
    path: Path
    size: int
    fingerprint: str
    kind: str
    offset_s: float

    def problem(self) -> DataError | None:
        """What is wrong with its file; None if it is there and the same."""
        try:
            with opened_recording(self.path, self.size, self.fingerprint):
                return None
        except DataError as error:
            return error


def recordings(project: Project) -> dict[int, Recording]:
    """Interview's id → its recording, of those that have one."""
    rows = project.database.rows("SELECT * FROM recording ORDER BY transcript")
    return {row["transcript"]: Recording(**{**dict(row), "path": Path(row["path"])}) for row in rows}


def link_recording(
    project: Project, who: Coder, number: int, path: Path, *, offset_s: float | None = None, saw: str | None = None
) -> bool:
    """Link an interview to a recording, in place of the one before; say whether that is something new.

    Args:
        project: the project.
        who: decides it.
        number: the interview's id.
        path: the recording.
        offset_s: as in `Recording`; None for what the link had, or 0.
        saw: the path that the person sees as linked, "" for none; None to link whatever there was.

    Raises:
        DataError: there is no such interview or recording, no browser plays it, or another path than the one seen is linked.
    """
    found: FoundRecording = found_recording(path)
    try:
        str(found.path).encode("utf-8")
    except UnicodeEncodeError as error:
        raise failure(
            "navnet på filen eller mappen har tegn som ikke kan lagres",
            "the name of the file or folder has characters that cannot be stored",
            try_next=say("gi filen et annet navn", "give the file another name"),
        ) from error
    with changing(project, who, number, RECORDING) as own:
        before = recordings(project).get(number)
        _check(before, saw)
        offset = _offset(offset_s if offset_s is not None else before.offset_s if before else 0.0)
        row = (number, str(found.path), found.size, found.fingerprint, found.kind, offset)
        after = Recording(number, found.path, *row[2:])
        if after == before:
            return False
        own.connection.execute("DELETE FROM recording WHERE transcript = ?", (number,))
        own.connection.execute("INSERT INTO recording VALUES (?, ?, ?, ?, ?, ?)", row)
    return True


def move_recording(project: Project, who: Coder, number: int, offset_s: float, *, saw: str | None = None) -> bool:
    """Say where in its recording an interview begins, in seconds; else as `link_recording`.

    Raises:
        DataError: no recording is linked, or the offset is none.
    """
    offset = _offset(offset_s)
    with changing(project, who, number, RECORDING) as own:
        before = recordings(project).get(number)
        _check(before, saw)
        if before is None:
            raise _none_linked()
        if before.offset_s == offset:
            return False
        own.connection.execute("UPDATE recording SET offset_s = ? WHERE transcript = ?", (offset, number))
    return True


def unlink_recording(project: Project, who: Coder, number: int, *, saw: str | None = None) -> Recording:
    """Forget which recording an interview has, and give it; the file itself is not touched.

    Raises:
        DataError: none is linked.
    """
    with changing(project, who, number, RECORDING) as own:
        before = recordings(project).get(number)
        _check(before, saw)
        if before is None:
            raise _none_linked()
        own.connection.execute("DELETE FROM recording WHERE transcript = ?", (number,))
    return before


def likely_recordings(source: Source) -> list[Path]:
    """Files that may be an interview's recording: those its own file names, and those of its name beside it.

    They are offered; nobody takes one without being asked.
    """
    if not source.file:
        return []
    file = Path(source.file)
    return list(dict.fromkeys(path for path in (*stated_media(file), *_namesakes(file)) if _is_recording(path)))


def _namesakes(file: Path) -> Iterator[Path]:
    try:
        beside = sorted(file.parent.iterdir())
    except OSError:
        return
    yield from (one for one in beside if one.stem.casefold() == file.stem.casefold() and one.suffix.lower() in ENDINGS)


def _is_recording(path: Path) -> bool:
    try:
        return bool(found_recording(path).kind)
    except DataError:
        return False


def _offset(seconds: float) -> float:
    if not abs(seconds) <= LONGEST_OFFSET_S:  # also what is no number
        raise failure(
            f"fant {seconds:g} sekunder; ventet mellom −24 og 24 timer",
            f"found {seconds:g} seconds; expected between −24 and 24 hours",
            try_next=say("skriv sekunder, som 12.5", "write seconds, such as 12.5"),
        )
    return round(float(seconds), 3)


def _check(before: Recording | None, saw: str | None) -> None:
    if saw is not None:
        check_seen(saw, str(before.path) if before else "")


def _none_linked() -> DataError:
    return failure(
        "intervjuet er ikke knyttet til noe opptak",
        "the interview is linked to no recording",
        try_next=say("autokode listen INTERVJU FIL", "autokode listen INTERVIEW FILE"),
    )
