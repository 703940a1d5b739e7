"""Stores what somebody decided in a file on a suggestion that a later training no longer makes."""

from dataclasses import dataclass

from autokode.project.store.decision_log import Change, decide, row_of
from autokode.project.store.project import Project
from autokode.project.store.review_changes import ACCEPTED, CHANGED, REJECTED, new_coding


@dataclass(frozen=True, slots=True)
class Gone:
    """A suggestion as it was shown.

    Attributes:
        coder, transcript: by id.
        utterance: the utterance's number.
        start, end, code: what was suggested.
        probability: as it was shown; None if it is not known.
    """

    coder: int
    transcript: int
    utterance: int
    start: int
    end: int
    code: str
    probability: float | None


def decide_late(project: Project, gone: Gone, *, given: str) -> bool:
    """Give the code that was suggested or another one, or reject it where `given` is ""; False if that was decided already."""
    said = REJECTED if not given else ACCEPTED if given == gone.code else CHANGED
    key = {"coder": gone.coder, "transcript": gone.transcript, "utterance": gone.utterance, "code": gone.code}
    with project.database.writing() as connection:
        if row_of(connection, "verdict", *key.values()) is not None:
            return False
        verdict = {**key, "said": said, "suggestion": None, "probability": gone.probability}
        changes = [Change("verdict", None, verdict)]
        if given:
            changes += new_coding(connection, gone.coder, gone.transcript, (gone.start, gone.end), given)
        kind = {REJECTED: "reject", ACCEPTED: "accept", CHANGED: "change"}[said]
        unknown = dict.fromkeys(("suggestion", "evidence", "model", "round"))
        shown = {**{name: getattr(gone, name) for name in ("code", "start", "end", "probability")}, **unknown}
        place = (gone.transcript, gone.utterance)
        decide(connection, gone.coder, kind, changes, place=place, shown={"suggestions": [shown]})
    return True
