"""Replacements in a text: from the old text to the new and back, and where each position moves."""

import bisect
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """One replacement.

    Attributes:
        start, end: code points of the old text, half-open.
        old: the text there before.
        new: the text there now.
    """

    start: int
    end: int
    old: str = field(repr=False)
    new: str = field(repr=False)


class Edits:
    """Replacements in one text, in order and without overlaps."""

    def __init__(self, edits: Iterable[Edit]) -> None:
        """Sort the replacements; of two insertions at one position, the first given comes first.

        Raises:
            ValueError: two of them overlap.
        """
        self.edits = tuple(sorted(edits, key=lambda edit: (edit.start, edit.end)))
        grown = 0
        new_starts: list[int] = []
        for before, edit in zip((None, *self.edits), self.edits, strict=False):
            if before is not None and edit.start < before.end:
                raise ValueError(f"edits overlap: {before} and {edit}")
            new_starts.append(edit.start + grown)
            grown += len(edit.new) - len(edit.old)
        self._starts = [edit.start for edit in self.edits]
        self._new_starts = new_starts

    def apply(self, text: str) -> str:
        """Make the new text from the old one.

        Raises:
            ValueError: it is another text.
        """
        parts: list[str] = []
        position = 0
        for edit in self.edits:
            if text[edit.start : edit.end] != edit.old:
                raise ValueError(f"«{edit.old}» does not stand at {edit.start}")
            parts += (text[position : edit.start], edit.new)
            position = edit.end
        return "".join((*parts, text[position:]))

    def inverse(self) -> "Edits":
        """The edits that turn the new text back into the old one."""
        return Edits(
            Edit(start, start + len(edit.new), edit.new, edit.old)
            for start, edit in zip(self._new_starts, self.edits, strict=True)
        )

    def segment(self, start: int, end: int) -> tuple[int, int]:
        """Map a segment of the old text, (start, end), to the new one.

        A boundary outside all edits moves with the text around it; one inside an edit moves to its edge, so that the segment
        holds the whole replacement.
        """
        return self._moved(start, at_end=False), self._moved(end, at_end=True)

    def _moved(self, position: int, *, at_end: bool) -> int:
        index = bisect.bisect_right(self._starts, position) - 1
        if index < 0:
            return position
        edit, new_start = self.edits[index], self._new_starts[index]
        if position >= edit.end:
            return position - edit.end + new_start + len(edit.new)
        if position == edit.start:
            return new_start
        return new_start + (len(edit.new) if at_end else 0)
