"""Rolling captions, as YouTube makes them: a cue shows again the last words of the one before it, and each word counts once."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

from autokode.corpus.readers.cue_lines import RawCue

ADJACENT_S = 0.5
"""Longest pause between two cues of which the second shows the first one's words again; they may be on the screen together."""
MOST_WORDS = 500
"""Most words of a cue that are compared; a screen holds far fewer."""
FEWEST, REPEATS, GROWS = 2, 0.5, 1 / 3
"""What makes captions rolling, at least: number of cues that repeat words, their share, and the share that then go on.

People say things twice, and a speech recogniser may repeat a sentence for minutes; neither goes on in the same cue that often.
"""


def unrolled(cues: Sequence[RawCue]) -> tuple[list[RawCue], list[int]] | None:
    """Drop the repeated words of rolling captions, whose lines are plain text; None if these are no rolling captions.

    Returns the cues that hold words of their own, and the timing lines of the cues that repeated some.
    """
    words = [" ".join(cue.lines).split() for cue in cues]
    repeated = [0] + [
        _repeated(before, after, cue) if _adjacent(previous, cue) else 0
        for (before, after), (previous, cue) in zip(pairwise(words), pairwise(cues), strict=True)
    ]
    grow = sum(0 < count < len(said) for count, said in zip(repeated, words, strict=True))
    pairs, rolled = len(cues) - 1, sum(map(bool, repeated))
    if rolled < FEWEST or rolled < REPEATS * pairs or grow < GROWS * pairs:
        return None
    kept: list[RawCue] = []
    for number, (cue, count) in enumerate(zip(cues, repeated, strict=True)):
        lines = _without(cue.lines, count)
        if not count:
            kept.append(cue)
        elif lines and kept and count == len(words[number - 1]) and _within_line(cue.lines, count):
            last = kept[-1]  # the same line has grown by some words
            grown = (*last.lines[:-1], " ".join([*last.lines[-1:], lines[0]]), *lines[1:])
            kept[-1] = replace(last, lines=grown, end_s=cue.end_s)
        elif lines:
            kept.append(replace(cue, lines=lines))
    return kept, [cue.line for cue, count in zip(cues, repeated, strict=True) if count]


def _adjacent(before: RawCue, after: RawCue) -> bool:
    if before.begin_s is None or before.end_s is None or after.begin_s is None:
        return False
    return before.begin_s < after.begin_s <= before.end_s + ADJACENT_S


def _repeated(before: list[str], after: list[str], cue: RawCue) -> int:
    """How many words at the start of a cue are the last ones of the cue before it; a single word must be a line, or all."""
    for count in range(min(len(before), len(after), MOST_WORDS), 0, -1):
        if before[-count] == after[0] and before[-count:] == after[:count]:
            lines_end = count == len(cue.lines[0].split()) if cue.lines else False
            return count if count > 1 or lines_end or count == len(before) else 0
    return 0


def _within_line(lines: Sequence[str], count: int) -> bool:
    """Whether the first `count` words of some lines end within one of them."""
    return count not in accumulate(len(line.split()) for line in lines)


def _without(lines: Sequence[str], count: int) -> tuple[str, ...]:
    """Drop the first `count` words of some lines."""
    left: list[str] = []
    for line in lines:
        words = line.split()
        if count < len(words):
            left.append(line if count == 0 else " ".join(words[count:]))
        count = max(0, count - len(words))
    return tuple(left)
