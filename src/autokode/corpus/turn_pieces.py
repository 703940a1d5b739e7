"""Cut turns into the pieces that are one speaker's words: without lines that nobody says, and where another falls in."""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from autokode.corpus.label_forms import Form, cleaned, form_of
from autokode.corpus.label_grammars import Turn

_FALLS_IN = re.compile(r"(?<![:\w])//[ ]?(?P<label>[^:/\r\n\[\]]{1,40}):[ ]?(?P<words>[^/]*(?:/(?!/)[^/]*)*)(?://|\Z)")
"""Speech at the same time, within somebody's turn: `//S01: Ti år.//` (noScribe)."""


def pieces_of(text: str, turns: Sequence[Turn], silent: Sequence[tuple[int, int]]) -> Iterator[Turn]:
    """Yield the pieces of turns, in order, each with its end; a turn without words stays, empty.

    Args:
        turns: in order.
        silent: spans, in order, of lines that nobody says.
    """
    following = [*(turn.begin for turn in turns[1:]), *([len(text)] if turns else [])]
    known = {turn.label.casefold() for turn in turns}
    for turn, after in zip(turns, following, strict=True):
        whole = replace(turn, end=min(after, after if turn.end is None else turn.end))
        parts = [part for piece in _without(whole, silent) for part in _fallen_in(text, piece, known)]
        yield from [part for part in parts if text[part.start : part.end].strip()] or [parts[0] if parts else whole]


def _without(turn: Turn, silent: Sequence[tuple[int, int]]) -> Iterator[Turn]:
    """Yield what is left of a turn outside the silent spans; only the first piece has the stamp beside the label."""
    position, end = turn.start, turn.end or turn.start
    i = bisect_left(silent, (position, position))
    while i < len(silent) and silent[i][0] < end:
        yield _piece(turn, position, silent[i][0])
        position = silent[i][1]
        i += 1
    if position <= end:
        yield _piece(turn, position, end)


def _fallen_in(text: str, turn: Turn, known: Collection[str]) -> Iterator[Turn]:
    """Yield the pieces of a turn before, within and after what others say at the same time."""
    position, end = turn.start, turn.end or turn.start
    for match in _FALLS_IN.finditer(text, position, end):
        label = cleaned(match["label"])
        if label.casefold() in known or (form_of(label) or Form.PAIR) > Form.PHRASE:
            yield _piece(turn, position, match.start())
            yield Turn(label, match.start(), match.start("words"), end=match.end("words"))
            position = match.end()
    yield _piece(turn, position, end)


def _piece(turn: Turn, start: int, end: int) -> Turn:
    if start == turn.start:
        return replace(turn, end=end)
    return Turn(turn.label, start, start, end=end)
