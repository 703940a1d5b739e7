"""Read the JSON of speech recognisers, whichever wrote it: Whisper and its kin, Azure, AWS, Google, Deepgram, Rev and others.

Such a file holds the same speech several times: in segments, in words, in one text. Each list of pieces is gathered by its
path in the file (`recognised_lists`), and the one that tells most is read: speakers, times, the most changes of speaker.
"""

import itertools
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from autokode.base.archive import parse_json
from autokode.base.errors import failure
from autokode.base.formatting import one_line
from autokode.base.messages import say
from autokode.base.text_files import read_text
from autokode.corpus.readers.recognised_lists import lists_of, with_names
from autokode.corpus.readers.source import Cue, LeftOut, Source, source_of_cues
from autokode.corpus.readers.spoken_words import Piece, sentences_of
from autokode.corpus.readers.times import in_seconds

HALF = 0.5
"""Least share of the pieces with a speaker, or a time, for a list to count as having them, and of the words to be considered."""
LONG = 40
"""Words on average from which pieces are so long that their single words are read instead."""
Timed = tuple[Piece, float | None, float | None]
"""A piece with its begin and end in seconds."""


def read_recognised(path: Path, encoding: str | None = None) -> Source:
    """Read a recogniser's JSON: what was said, with times, and speakers if there are any.

    Raises:
        DataError: not JSON, or without text.
    """
    return read_data(
        parse_json(read_text(path, encoding), str(path), say("lagre filen på nytt", "save the file again")), str(path)
    )


def read_data(data: Any, name: str = "") -> Source:
    """Read what a recogniser's JSON holds; raises as `read_recognised`, naming the file `name`."""
    lists = [with_names(_tagged_once(pieces), data) for pieces in lists_of(data).values()]
    if not lists:
        keys = ", ".join(list(data)[:8]) if isinstance(data, dict) else type(data).__name__
        mend = say("ta ut .vtt eller .txt i stedet", "export .vtt or .txt instead")
        raise failure(
            f"fant {keys or 'ingenting'}; ventet segments med text, start og end",
            f"found {keys or 'nothing'}; expected segments with text, start and end",
            where=name,
            try_next=mend,
        )
    most = max(map(_word_count, lists))
    whole = [pieces for pieces in lists if _word_count(pieces) >= HALF * most]
    best = max(whole, key=_worth)
    fullest = max(whole, key=lambda pieces: (_timed_share(pieces) >= HALF, _word_count(pieces)))
    read, notes = _timed(best)
    beside, left_out = _not_in(read, fullest) if fullest is not best else ([], [])
    if beside:
        notes.append(
            say(f"uten taler i filen: {len(beside)} utsagn", f"without a speaker in the file: {len(beside)} pieces")
        )
    return source_of_cues(map(_cue, _in_order([*read, *beside])), notes, left_out)


def _worth(pieces: list[Piece]) -> tuple[bool, bool, int, bool, int]:
    """What a list tells: speakers, times, changes of speaker; then pieces that are not too long, and as few as may be."""
    named = sum(piece.speaker is not None for piece in pieces)
    changes = sum(one.speaker != other.speaker for one, other in itertools.pairwise(pieces) if one.speaker)
    short = _word_count(pieces) <= LONG * len(pieces)
    return named >= HALF * len(pieces), _timed_share(pieces) >= HALF, changes, short, -len(pieces)


def _timed_share(pieces: list[Piece]) -> float:
    return sum(piece.begin is not None for piece in pieces) / len(pieces)


def _word_count(pieces: Iterable[Piece]) -> int:
    return sum(len(piece.text.split()) for piece in pieces)


def _tagged_once(pieces: list[Piece]) -> list[Piece]:
    """Drop the words without a speaker if those with one hold them again, as in Google's last result."""
    named = [piece for piece in pieces if piece.speaker is not None]
    nameless = Counter((piece.text, str(piece.begin)) for piece in pieces if piece.speaker is None)
    return pieces if nameless - Counter((piece.text, str(piece.begin)) for piece in named) else named


def _timed(pieces: list[Piece]) -> tuple[list[Timed], list[str]]:
    """Give pieces their times in seconds, and join single words into sentences."""
    unit = next((piece.unit for piece in pieces if piece.unit), None)
    times, notes = in_seconds([(p.begin, p.end) for p in pieces], [len(p.text.split()) for p in pieces], unit)
    timed = [(piece, *time) for piece, time in zip(pieces, times, strict=True)]
    if all(piece.is_word for piece in pieces) or _are_tokens(pieces):
        timed = [
            (replace(pieces[first], text=text), times[first][0], next((e for _b, e in times[last:first:-1] if e), None))
            for first, last, text in sentences_of(pieces, times)
        ]
    return timed, notes


def _are_tokens(pieces: list[Piece]) -> bool:
    """Whether segments are single words and parts of words: «fort» and «satt», only the first with a blank in front."""
    blanks = {piece.text[:1].isspace() for piece in pieces[1:]}
    return len(blanks) > 1 and all(len(piece.text.split()) <= 1 for piece in pieces)


def _not_in(read: list[Timed], fullest: list[Piece]) -> tuple[list[Timed], list[LeftOut]]:
    """The pieces of the fullest list that are not read: those at a time when no other begins or goes on, or else their words."""
    missing = _words(fullest) - _words(piece for piece, _begin, _end in read)
    if not missing:
        return [], []
    timed, _notes = _timed(fullest)
    spans = [(begin, end if end is not None else begin) for _piece, begin, end in read if begin is not None]
    beside: list[Timed] = [
        (piece, begin, end)
        for piece, begin, end in timed
        if begin is not None and spans and not any(a <= begin < b or a == begin for a, b in spans)
    ]
    missing -= _words(piece for piece, _begin, _end in beside)
    reason = say("ord uten tid eller taler i filen", "words without time or speaker in the file")
    return beside, [LeftOut(reason, " ".join(missing.elements()), is_speech=True)] if missing else []


def _words(pieces: Iterable[Piece]) -> Counter[str]:
    """The words of pieces without the marks around them, and how often each is said."""
    return Counter(word for piece in pieces for word in re.findall(r"\w+", piece.text.casefold()))


def _in_order(timed: list[Timed]) -> list[Timed]:
    return sorted(timed, key=lambda one: one[1] or 0.0) if all(one[1] is not None for one in timed) else timed


def _cue(timed: Timed) -> tuple[str, Cue]:
    piece, begin, end = timed
    return one_line(piece.text), Cue(0, 0, begin, end, piece.speaker, piece.identifier)
