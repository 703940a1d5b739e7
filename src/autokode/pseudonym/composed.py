"""Text with its letters composed (NFC), as names are searched and compared, and where each place of it stands in the text.

Some programs write «å» as an «a» and a ring. Texts are stored as they are, so what is found is led back to them.
"""

import re
import unicodedata
from dataclasses import dataclass, field

_MARKED = re.compile(r"(?s).[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]*")
"""A letter with the marks that follow it."""


def composed(text: str) -> str:
    """A text with its letters composed.

    >>> composed("A\u030ase") == "Åse"
    True
    """
    return unicodedata.normalize("NFC", text)


@dataclass(frozen=True, slots=True)
class Composed:
    """A composed text.

    Attributes:
        text: as it is searched.
        starts: where each of its characters begins in the text as it stands, and where that ends; None if both are the same.
    """

    text: str = field(repr=False)
    starts: tuple[int, ...] | None = None

    @classmethod
    def of(cls, text: str) -> "Composed":
        """Compose a text."""
        if unicodedata.is_normalized("NFC", text):
            return cls(text)
        parts: list[str] = []
        starts: list[int] = []
        for match in _MARKED.finditer(text):
            parts.append(composed(match[0]))
            starts += [match.start()] * len(parts[-1])
        return cls("".join(parts), (*starts, len(text)))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a span of the composed text, half-open, stands in the text."""
        if self.starts is None:
            return start, end
        while start < end < len(self.text) and self.starts[end] == self.starts[end - 1]:
            end += 1  # marks that no letter takes in
        return self.starts[start], self.starts[end]
