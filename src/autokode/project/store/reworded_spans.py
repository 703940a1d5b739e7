"""Moves spans to a text with other words in it, and keeps two codings of one coder apart where the new words are shorter."""

from collections.abc import Iterator, Mapping

from autokode.corpus.edits import Edits

Span = tuple[int, int]
"""Start and end, half-open."""

Owner = tuple[int, int, str]
"""Coder and transcript, by id, and the code, or "" where a coder's spans are kept apart whatever their codes."""


class Spans:
    """Where spans are after edits. A span that begins or ends inside an edit gets all of the new words.

    Args:
        edits: transcript's id → what changes in its text.
        lengths: transcript's id → how long its text is then.
    """

    def __init__(self, edits: Mapping[int, Edits], lengths: Mapping[int, int]) -> None:
        self._edits = edits
        self._lengths = lengths
        self._back: dict[int, Edits] = {}
        self._known: dict[tuple[int, Span], Span] = {}
        self._moved: dict[Owner, dict[Span, Span]] = {}
        self._taken: dict[Owner, set[Span]] = {}

    def moved(self, transcript: int, start: int, end: int) -> Span:
        """Where a span is now; it is empty only if it was."""
        edits = self._edits.get(transcript)
        if edits is None:
            return start, end
        found = edits.segment(start, end)
        if start >= end or found[0] < found[1]:
            return found
        return next(self._beside(transcript, found))

    def cuts(self, transcript: int, span: Span) -> bool:
        """Whether a span begins or ends inside an edit, so that its place among the new words is not told by the old ones."""
        if transcript not in self._edits:
            return False
        if transcript not in self._back:
            self._back[transcript] = self._edits[transcript].inverse()
        return self._back[transcript].segment(*self._edits[transcript].segment(*span)) != span

    def know(self, coding: int, span: Span, now: Span) -> None:
        """Say where a coding, by its number, is now if it was there."""
        self._known[coding, span] = now

    def knows(self, coding: int, span: Span) -> bool:
        """Whether somebody said where a coding is now if it was there."""
        return (coding, span) in self._known

    def of_coding(self, owner: Owner, coding: int, span: Span) -> Span:
        """As `moved`, for a coding: two different spans of an owner stay two, if need be by some letters of a new word."""
        transcript = owner[1]
        if transcript not in self._edits:
            return span
        moved, taken = self._moved.setdefault(owner, {}), self._taken.setdefault(owner, set())
        if self.knows(coding, span):
            taken.add(self._known[coding, span])
            return self._known[coding, span]
        if span not in moved:
            now = self.moved(transcript, *span)
            if now in taken and span[0] < span[1]:
                now = next((one for one in self._beside(transcript, now) if one not in taken), now)
            moved[span] = now
            taken.add(now)
        return moved[span]

    def _beside(self, transcript: int, span: Span) -> Iterator[Span]:
        """Yield the spans around one, the nearest first, the shorter before the longer."""
        (start, end), whole = span, self._lengths[transcript]
        for far in range(1, whole + 1):
            for one in ((start, end - far), (start + far, end), (start, end + far), (start - far, end)):
                if 0 <= one[0] < one[1] <= whole:
                    yield one
