"""Lays a new version of a text beside the old one, word by word, and tells where a place of the old one is in the new."""

import bisect
import difflib
import re
from collections.abc import Iterator, Sequence

from autokode.base.extras import require
from autokode.corpus.edits import Edit, Edits

HALF = 0.5
"""Share of its letters that a place must keep to be found in the new text; with less it is another place."""

CAREFUL = 4_000_000
"""Words times words up to which two pieces of text are laid beside each other in the careful way, which is slow on long ones."""

_WORDS = re.compile(r"\w+|[^\w\s]")
Span = tuple[int, int]


class Alignment:
    """What changed between two versions of a text.

    Attributes:
        old, new: the texts.
        edits: the replacements that make the new one, whole words each.
    """

    def __init__(self, old: str, new: str, edits: Edits | None = None) -> None:
        """Find the edits between two texts, unless they are known."""
        self.old, self.new = old, new
        self.edits = Edits(_by_lines(old, new)) if edits is None else edits
        ends = [(0, 0), *((edit.end, edit.start) for edit in self.edits.edits)]
        starts = [edit.start for edit in self.edits.edits] + [len(old)]
        self._same = [(end[0], start) for end, start in zip(ends, starts, strict=True) if end[0] < start]
        self._ends = [end for _start, end in self._same]

    def kept(self, start: int, end: int) -> float:
        """The share of a span's characters, white space aside, that the new text has at the same place; 1 for an empty one."""
        every = _letters(self.old[start:end])
        return sum(_letters(self.old[a:b]) for a, b in self._kept(start, end)) / every if every else 1.0

    def moved(self, start: int, end: int) -> Span | None:
        """Where a span is in the new text; None if less than half of it is there."""
        own = [(a, b) for a, b in self._kept(start, end) if self.old[a:b].strip()]
        if not own or self.kept(start, end) < HALF:
            return None
        inside = [edit for edit in self.edits.edits if start <= edit.start and edit.end <= end]
        first, last = own[0][0], own[-1][1]
        if any(edit.start == start and edit.old for edit in inside):  # a first word that was corrected
            first = start
        if any(edit.end == end and edit.old for edit in inside):
            last = end
        found = self.edits.segment(first, first + 1)[0], self.edits.segment(last - 1, last)[1]
        said = self.new[found[0] : found[1]]
        left, right = len(said) - len(said.lstrip()), len(said.rstrip())
        return (found[0] + left, found[0] + right) if said.strip() else None

    def _kept(self, start: int, end: int) -> Iterator[Span]:
        """Yield the parts of a span that are in the new text as they were."""
        for a, b in self._same[bisect.bisect_right(self._ends, start) :]:
            if a >= end:
                return
            yield max(a, start), min(b, end)


def _letters(text: str) -> int:
    return sum(not letter.isspace() for letter in text)


def _by_lines(old: str, new: str) -> Iterator[Edit]:
    """Yield the edits between two texts: lines that are the same are laid beside each other first, then words between them."""
    lines, others = old.splitlines(keepends=True), new.splitlines(keepends=True)
    starts, others_starts = _starts(lines), _starts(others)
    for kind, a, b, c, d in difflib.SequenceMatcher(None, lines, others, autojunk=False).get_opcodes():
        if kind != "equal":
            at, to = starts[a], starts[b]
            yield from _by_words(old[at:to], new[others_starts[c] : others_starts[d]], at)


def _by_words(old: str, new: str, at: int) -> Iterator[Edit]:
    """Yield the edits between two pieces of text, whole words each; `at` is where the old one begins."""
    words, others = list(_WORDS.finditer(old)), list(_WORDS.finditer(new))
    a = b = 0
    for i, j in (*_same_words([one[0] for one in words], [one[0] for one in others]), (len(words), len(others))):
        start = words[i].start() if i < len(words) else len(old)
        other = others[j].start() if j < len(others) else len(new)
        before, after = old[a:start], new[b:other]
        if before != after:
            left = _common(before, after)
            right = _common(before[left:][::-1], after[left:][::-1])
            end = len(before) - right
            yield Edit(at + a + left, at + a + end, before[left:end], after[left : len(after) - right])
        if i < len(words):
            a, b = words[i].end(), others[j].end()


def _same_words(words: Sequence[str], others: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the places of words that are the same in both, in order."""
    if len(words) * len(others) <= CAREFUL:  # by the longest runs first, as a person would
        for i, j, size in difflib.SequenceMatcher(None, words, others, autojunk=False).get_matching_blocks():
            yield from ((i + k, j + k) for k in range(size))
        return
    require("review")
    from rapidfuzz.distance import Indel

    for one in Indel.opcodes(words, others):
        if one.tag == "equal":
            pairs = zip(range(one.src_start, one.src_end), range(one.dest_start, one.dest_end), strict=True)
            yield from pairs


def _common(one: str, other: str) -> int:
    """How much white space two texts begin with in common."""
    count = 0
    while count < min(len(one), len(other)) and one[count] == other[count] and one[count].isspace():
        count += 1
    return count


def _starts(parts: Sequence[str]) -> list[int]:
    """Where each part begins, and where the last one ends."""
    found = [0]
    for part in parts:
        found.append(found[-1] + len(part))
    return found
