"""Lists suggestions and codings of a whole project by filter, a page at a time, and the answers that are still to be read."""

from collections.abc import Mapping
from dataclasses import replace

from autokode.base.formatting import shortened
from autokode.project.store.coders import Coder
from autokode.project.store.filtered_rows import Filter, Line, filtered_lines, undecided_through
from autokode.project.store.project import Project
from autokode.project.store.utterance_rows import UtteranceId, unread_answers
from autokode.project.views.similar_utterances import SHORT

STATES = ("undecided", "accepted", "rejected", "hand", "good")
PAGE = 100
"""Most rows on a page of the list."""


def filter_in(given: Mapping[str, str]) -> Filter:
    """Read a filter from a page's address; values that make no sense are ignored."""
    texts = {
        name: given.get(name, "").strip() for name in ("code", "interview", "speaker", "office", "having", "state")
    }
    if texts["state"] not in STATES:
        texts["state"] = ""
    return Filter(**texts, least=_share(given.get("least", "")), most=_share(given.get("most", "")))


def lines(project: Project, coder: Coder, wanted: Filter, *, page: int = 0) -> tuple[list[Line], int]:
    """The rows of a page that a filter lets through, the least sure first, and how many there are in all."""
    found, whole = filtered_lines(project, coder, wanted, first=page * PAGE, rows=PAGE)
    return [replace(line, quote=shortened(line.quote, SHORT)) for line in found], whole


def open_places(project: Project, coder: Coder, wanted: Filter | None = None) -> list[UtteranceId]:
    """The answers a coder has not read yet; with a filter only those with an undecided suggestion it lets through."""
    left = unread_answers(project, coder)
    if wanted is None or not wanted.given:
        return left
    through = undecided_through(project, coder, wanted)
    return [place for place in left if place in through]


def _share(text: str) -> float | None:
    try:
        value = float(text.replace(",", ".").rstrip("% "))
    except ValueError:
        return None
    value = value / 100 if value > 1 else value
    return value if 0 <= value <= 1 else None
