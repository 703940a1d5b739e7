"""Infer how a program counted positions from the text at those positions, never from the program's name.

The standard says characters. Programs count code points or UTF-16 units; they count a line end as stored, as one or as two; some
count the byte order mark at the beginning of the file. People select words and sentences, so if we count as the program did, most
segments begin where a word begins and end where one ends; otherwise they lie anywhere. The evidence for a way of counting is a
log likelihood ratio: the boundaries as a person's choice against places drawn at random from the text. Chance alone reaches
`NEEDED` less than once in five thousand (Markov's inequality), whatever the text.
"""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from autokode.base.messages import say

NEEDED = math.log(5000)
"""Evidence needed to believe in another way of counting than the standard's."""
NEEDED_WHERE_BROKEN = math.log(20)
"""Evidence needed where the standard's way cannot be right, because it leaves the text or splits a character."""
OUTSIDE = 8.0
"""Evidence against a way for each position outside the text; for or against it for each quote found or missed at its position."""
HUMAN = ((0.90, 0.08, 0.02), (0.85, 0.13, 0.02))
"""Shares of people's segments that begin, and that end, at the edge of a word, at another edge, anywhere else."""
OPENING = "«\"'“”‘(–—-["


@dataclass(frozen=True, slots=True)
class StatedSpan:
    """A span as a file states it; `quote` is the beginning of its text according to the file, or ""."""

    start: int
    end: int
    quote: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Counting:
    """A way of counting.

    Attributes:
        utf16: UTF-16 units instead of code points.
        line_ends: how a line end counts: "stored" (its own length), "one" (CRLF is one), "two" (a lone LF or CR is two).
        bom: the byte order mark was counted.
    """

    utf16: bool = False
    line_ends: str = "stored"
    bom: bool = False

    def offsets(self, text: str) -> npt.NDArray[np.int64]:
        """The position of each code point of a text, and of its end, in this way of counting: int64 (len(text) + 1,)."""
        points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        width = np.ones(len(points), np.int64)
        if self.utf16:
            width += points > 0xFFFF
        joined = (points == 10) & (np.concatenate(([0], points[:-1])) == 13)
        if self.line_ends != "stored":
            width[joined] = 0
        if self.line_ends == "two":
            width[((points == 10) | (points == 13)) & ~joined] = 2
        return np.concatenate(([0], np.cumsum(width))) + int(self.bom)

    def differences(self) -> str:
        """The differences from the standard's way, in words."""
        ways = [
            say("UTF-16-enheter", "UTF-16 units") if self.utf16 else "",
            {
                "one": say("CRLF som ett tegn", "CRLF as one"),
                "two": say("linjeskift som to tegn", "line ends as two"),
            }.get(self.line_ends, ""),
            say("med BOM-merket", "the byte order mark too") if self.bom else "",
        ]
        return ", ".join(way for way in ways if way)


STANDARD = Counting()
WAYS = tuple(
    Counting(utf16, line_ends, bom)
    for bom, utf16, line_ends in itertools.product((False, True), (False, True), ("stored", "one", "two"))
)


@dataclass(frozen=True, slots=True)
class TextWithSpans:
    """A document's text (without a byte order mark), the spans that its file states, and whether the file began with the mark."""

    text: str = field(repr=False)
    spans: tuple[StatedSpan, ...] = field(repr=False)
    bom: bool = False


def find_countings(documents: Sequence[TextWithSpans]) -> list[Counting]:
    """Infer the way of counting of each document of a file; the standard's way, unless the evidence is against it.

    A document's own evidence decides if there is enough of it; otherwise the evidence of all documents together.
    """
    evidence = [_evidence(document) for document in documents]
    pooled = {way: sum(own[way][0] for own in evidence) for way in WAYS}
    broken = any(own[STANDARD][1] for own in evidence)
    joint = _chosen(pooled, broken=broken)
    return [
        _chosen({way: found[0] for way, found in own.items()}, broken=own[STANDARD][1]) or joint or STANDARD
        for own in evidence
    ]


def _chosen(evidence: Mapping[Counting, float], *, broken: bool) -> Counting | None:
    """The other way of counting that the evidence supports, or None; `broken`: the standard's way cannot be right."""
    best = max(WAYS, key=lambda way: (evidence[way], -WAYS.index(way)))
    needed = NEEDED_WHERE_BROKEN if broken else NEEDED
    surely = evidence[best] >= needed and evidence[best] - evidence[STANDARD] >= needed
    return best if surely and best != STANDARD else None


def _evidence(document: TextWithSpans) -> dict[Counting, tuple[float, bool]]:
    """The evidence for each way of counting, and whether a boundary lies outside the text or within a character."""
    text, spans = document.text, document.spans
    kinds = np.array([_kinds(text, position) for position in range(len(text) + 1)] if spans else [(0, 0)])
    gains = [
        np.log(np.array(HUMAN[side]) / np.maximum(np.bincount(kinds[:, side], minlength=3) / len(kinds), 1e-9))
        for side in (0, 1)
    ]
    found: dict[Counting, tuple[float, bool]] = {}
    for way in WAYS:
        offsets = way.offsets(text)
        if way.bom and not document.bom:
            found[way] = found[STANDARD]
            continue
        total, broken = 0.0, False
        for span in spans:
            start, end = code_point_at(offsets, span.start), code_point_at(offsets, span.end)
            if (
                not offsets[0] <= span.start <= span.end <= offsets[-1]
                or offsets[start] != span.start
                or offsets[end] != span.end
            ):
                broken, total = True, total - OUTSIDE
                continue
            total += gains[0][kinds[start, 0]] + gains[1][kinds[end, 1]]
            if span.quote:
                total += OUTSIDE * (1 if text.startswith(span.quote, start) else -1)
        found[way] = (float(total), broken)
    return found


def _kinds(text: str, position: int) -> tuple[int, int]:
    """Classify a place as a beginning and as an end: 0 at the edge of a word, 1 elsewhere outside words, 2 within a word."""
    before, after = text[position - 1 : position], text[position : position + 1]
    if before.isalnum() and after.isalnum():
        return 2, 2
    opening = (not before or before.isspace() or before in OPENING) and bool(after) and not after.isspace()
    closing = (not after or after.isspace() or not after.isalnum()) and bool(before) and not before.isspace()
    return int(not opening), int(not closing)


def code_point_at(offsets: npt.NDArray[np.int64], position: int) -> int:
    """The code point at a position; the next one if the position is inside a character, the nearest end if it is outside."""
    if position <= offsets[0]:
        return 0
    if position >= offsets[-1]:
        return len(offsets) - 1
    index = int(np.searchsorted(offsets, position, "right")) - 1
    return index if offsets[index] == position else index + 1
