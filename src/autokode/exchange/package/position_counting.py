"""How a program counted its positions: found out by what stands at them, never by the program's name.

The standard says characters. Programs count code points or UTF-16 units, a line end as it is stored, as one or as two, and some
count the byte order mark that the file began with. People mark words and sentences, so in the right way of counting most marks
begin where a word begins and end where one ends; in a wrong one they are anywhere. The evidence for a way is the logarithm of how
much likelier its ends are as a person's than as places taken at random from the text, so that chance alone reaches `NEEDED` less
than once in five thousand (by Markov's inequality), whatever the text.
"""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from autokode.base.messages import say

NEEDED = math.log(5000)
"""Evidence from which another way of counting than the standard's is believed."""
NEEDED_WHERE_BROKEN = math.log(20)
"""The same where the standard's way leaves the text or splits a character, so that it cannot be right."""
OUTSIDE = 8.0
"""Evidence against a way that leads out of the text, and for one in which a quote stands where it should."""
HUMAN = ((0.90, 0.08, 0.02), (0.85, 0.13, 0.02))
"""How often people's marks begin, and end: with a word, at another edge, anywhere else."""
OPENING = "«\"'“”‘(–—-["


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch as a file states it; `quote` is how its text is said to begin, or ""."""

    start: int
    end: int
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Counting:
    """A way of counting.

    Attributes:
        utf16: UTF-16 units instead of code points.
        ends: what a line end counts: "stored" (what it has), "one" (CRLF is one), "two" (a lone LF or CR is two).
        mark: the byte order mark was counted.
    """

    utf16: bool = False
    ends: str = "stored"
    mark: bool = False

    def offsets(self, text: str) -> npt.NDArray[np.int64]:
        """Return where this way of counting puts each code point of a text, and its end: int64 (len(text) + 1,)."""
        points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        width = np.ones(len(points), np.int64)
        if self.utf16:
            width += points > 0xFFFF
        joined = (points == 10) & (np.concatenate(([0], points[:-1])) == 13)
        if self.ends != "stored":
            width[joined] = 0
        if self.ends == "two":
            width[((points == 10) | (points == 13)) & ~joined] = 2
        return np.concatenate(([0], np.cumsum(width))) + int(self.mark)

    def said(self) -> str:
        """Return the ways in which this is not the standard's, in words."""
        ways = [
            say("UTF-16-enheter", "UTF-16 units") if self.utf16 else "",
            {
                "one": say("CRLF som ett tegn", "CRLF as one"),
                "two": say("linjeskift som to tegn", "line ends as two"),
            }.get(self.ends, ""),
            say("med BOM-merket", "the byte order mark too") if self.mark else "",
        ]
        return ", ".join(way for way in ways if way)


STANDARD = Counting()
WAYS = tuple(
    Counting(utf16, ends, mark)
    for mark, utf16, ends in itertools.product((False, True), (False, True), ("stored", "one", "two"))
)


@dataclass(frozen=True, slots=True)
class Marked:
    """A document's text (without a byte order mark), what is marked in it, and whether its file began with the mark."""

    text: str
    spans: tuple[Span, ...]
    mark: bool = False


def find_countings(documents: Sequence[Marked]) -> list[Counting]:
    """Return for each document of a file how its positions are counted; the standard's way, unless evidence is against it.

    A document's own evidence decides where there is enough of it, else that of all of them together.
    """
    evidence = [_evidence(document) for document in documents]
    pooled = {way: sum(own[way][0] for own in evidence) for way in WAYS}
    broken = any(own[STANDARD][1] for own in evidence)
    together = _chosen(pooled, broken=broken)
    return [
        _chosen({way: found[0] for way, found in own.items()}, broken=own[STANDARD][1]) or together or STANDARD
        for own in evidence
    ]


def _chosen(evidence: Mapping[Counting, float], *, broken: bool) -> Counting | None:
    """Return the way other than the standard's that the evidence is for, or None; `broken`: the standard's leaves the text."""
    best = max(WAYS, key=lambda way: (evidence[way], -WAYS.index(way)))
    needed = NEEDED_WHERE_BROKEN if broken else NEEDED
    surely = evidence[best] >= needed and evidence[best] - evidence[STANDARD] >= needed
    return best if surely and best != STANDARD else None


def _evidence(document: Marked) -> dict[Counting, tuple[float, bool]]:
    """Return for each way of counting its evidence, and whether an end is outside the text or within a character."""
    text, spans = document.text, document.spans
    kinds = np.array([_kinds(text, position) for position in range(len(text) + 1)] if spans else [(0, 0)])
    gains = [
        np.log(np.array(HUMAN[side]) / np.maximum(np.bincount(kinds[:, side], minlength=3) / len(kinds), 1e-9))
        for side in (0, 1)
    ]
    found: dict[Counting, tuple[float, bool]] = {}
    for way in WAYS:
        offsets = way.offsets(text)
        if way.mark and not document.mark:
            found[way] = found[STANDARD]
            continue
        total, broken = 0.0, False
        for span in spans:
            start, end = place(offsets, span.start), place(offsets, span.end)
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
    """Return what a place is as a beginning and as an end: 0 of a word, 1 another edge, 2 within a word or white space."""
    before, after = text[position - 1 : position], text[position : position + 1]
    if before.isalnum() and after.isalnum():
        return 2, 2
    opening = (not before or before.isspace() or before in OPENING) and bool(after) and not after.isspace()
    closing = (not after or after.isspace() or not after.isalnum()) and bool(before) and not before.isspace()
    return int(not opening), int(not closing)


def place(offsets: npt.NDArray[np.int64], position: int) -> int:
    """Return the code point at a position; inside a character, the next one; outside, the nearest end."""
    if position <= offsets[0]:
        return 0
    if position >= offsets[-1]:
        return len(offsets) - 1
    index = int(np.searchsorted(offsets, position, "right")) - 1
    return index if offsets[index] == position else index + 1
