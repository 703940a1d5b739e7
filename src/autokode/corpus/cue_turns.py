"""From the cues of a file to turns: who a cue's own words say is speaking, and pieces of a turn that one can code."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from autokode.corpus.overlap import overlapped
from autokode.corpus.readers import Cue
from autokode.corpus.speaker_labels import find_turns

Spans = list[tuple[int, int]]
"""The words of a piece: (start, end) in code points of the text, in order; what is between them, such as a label, nobody says."""

PAUSE_S, LONG_PAUSE_S = 2.0, 5.0
"""Seconds of silence that end a piece after a whole sentence, and anywhere."""
LONGEST_S, LONGEST_WORDS = 100.0, 250
"""Length from which a turn goes on in a new piece after the next sentence, and at twice that anywhere. Three of the 4,851 turns
in the example interviews are longer than 250 words, so what people say in a conversation stays whole."""
WORDS_OF_A_SENTENCE = 60
"""Most words to a full stop, question or exclamation mark in a text that marks its sentences; a recogniser may leave them out."""

_GENERIC = re.compile(
    r"(?:s|speaker|spk|taler|talar|sprecher(?:in)?|deltaker|person|stemme|voice)[ _-]?\d{1,3}", re.IGNORECASE
)
"""A name that a program gave a voice; a name in the words knows better."""
_MARKS, _CLOSING = (".", "!", "?", "…"), "\"»”’')]"
_PUNCTUATION = re.compile(r"[.!?…](?=\s|$)")


def voice_pieces(text: str, cues: Sequence[Cue]) -> Iterator[tuple[str, Spans]]:
    """Yield the speaker and the words of each piece of what each voice says; the speaker is "" where nobody is named."""
    named = list(_named_by_words(text, cues))
    several = len({cue.speaker for cue in named if cue.speaker}) > 1
    marked = _marks_sentences(text)
    for speaker, group in groupby(named, lambda cue: cue.speaker):
        run = [cue for cue in group if text[cue.start : cue.end].strip()]
        for piece in _pieces(text, run, marked, is_turn=several and speaker is not None):
            yield speaker or "", [(cue.start, cue.end) for cue in piece]


def labelled_pieces(
    text: str, cues: Sequence[Cue], turns: Iterable[tuple[str, int, int]]
) -> Iterator[tuple[str, Spans]]:
    """Yield the speaker and the words of each piece of the turns that labels open, (label, start, end) of their words.

    Without cues each turn is one piece. With them neighbouring turns of one speaker are one turn, since programs that write the
    speaker into the words of a cue often do so in every cue.
    """
    turns = list(turns)
    if not cues:
        yield from ((label, [(start, end)]) for label, start, end in turns)
        return
    marked, several = _marks_sentences(text), len({label for label, _start, _end in turns}) > 1
    for label, group in groupby(turns, lambda turn: turn[0]):
        spans = [(start, end) for _label, start, end in group]
        inside = [
            replace(cues[i], start=max(cues[i].start, start), end=min(cues[i].end, end))
            for start, end in spans
            for i in overlapped(cues, start, end)
        ]
        pieces = list(_pieces(text, inside, marked, is_turn=several))
        bounds = [spans[0][0], *(piece[0].start for piece in pieces[1:]), spans[-1][1]]
        for first, last in pairwise(bounds):
            parts = [(max(start, first), min(end, last)) for start, end in spans if start < last and end > first]
            yield label, parts or [(first, last)]


def _pieces(text: str, cues: Iterable[Cue], marked: bool, *, is_turn: bool) -> Iterator[list[Cue]]:
    """Part the cues of one speaker.

    Args:
        marked: whether the text marks its sentences; a piece may end anywhere in a text that does not.
        is_turn: whether others speak too, so that these cues are a turn. A file's only voice may be several people in one room:
            their sentences stay apart, as where no speaker is stated.
    """
    piece: list[Cue] = []
    for cue in cues:
        if piece and _ends(text, piece, cue, marked, is_turn):
            yield piece
            piece = []
        piece.append(cue)
    if piece:
        yield piece


def _ends(text: str, piece: list[Cue], following: Cue, marked: bool, is_turn: bool) -> bool:
    said = text[piece[0].start : piece[-1].end]
    silence = _between(piece[-1].end_s, following.begin_s)
    length = max(_between(piece[0].begin_s, piece[-1].end_s) / LONGEST_S, len(said.split()) / LONGEST_WORDS)
    if silence >= LONG_PAUSE_S or length >= (2 if is_turn else 1):
        return True
    whole = not marked or said.rstrip().rstrip(_CLOSING).endswith(_MARKS)
    return whole and (not is_turn or silence >= PAUSE_S or length >= 1)


def _marks_sentences(text: str) -> bool:
    return len(_PUNCTUATION.findall(text)) * WORDS_OF_A_SENTENCE >= len(text.split())


def _between(begin_s: float | None, end_s: float | None) -> float:
    return 0.0 if begin_s is None or end_s is None else end_s - begin_s


def _named_by_words(text: str, cues: Sequence[Cue]) -> Iterator[Cue]:
    """Yield the cues, without the labels in their words («Kari: …»); a label's name wins over a voice that a program named.

    noScribe's editor writes so: who corrects «S04» to «Kari» there corrects the words, not the voice.
    """
    spoken, position = [], 0
    for cue in cues:
        spoken.append(re.sub(r"[^\r\n]", " ", text[position : cue.start]) + text[cue.start : cue.end])
        position = cue.end
    turns = {turn.begin: turn for turn in find_turns("".join(spoken)).turns}
    openings = [turns.get(text.rfind("\n", 0, cue.start) + 1) for cue in cues]
    voices = {cue.speaker.casefold() for cue in cues if cue.speaker}
    changes = [i for i, cue in enumerate(cues) if cue.speaker and (i == 0 or cue.speaker != cues[i - 1].speaker)]
    labelled = sum(openings[i] is not None for i in changes)
    believed = 2 * labelled >= len(changes) and (len(voices) == 1 or all(map(_GENERIC.fullmatch, voices)))
    names: dict[str | None, str | None] = {}
    for cue, turn in zip(cues, openings, strict=True):
        if turn and (believed or turn.label.casefold() in voices) and _leaves_words(text, cue, turn.start):
            names[cue.speaker] = turn.label
            yield replace(cue, start=min(max(turn.start, cue.start), cue.end), speaker=turn.label)
        else:
            yield replace(cue, speaker=names.get(cue.speaker, cue.speaker))


def _leaves_words(text: str, cue: Cue, start: int) -> bool:
    """Whether something is said in a cue behind a label that ends here; a name with a colon may stand alone in its cue."""
    return bool(text[start : cue.end].strip()) or text[cue.start : cue.end].rstrip().endswith(":")
