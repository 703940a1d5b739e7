"""Corrects a transcript: other words in a turn, another speaker, a turn that becomes two, or two that become one.

A correction knows its own edits, so nothing is guessed: what lies outside an edit keeps exactly its words.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from autokode.base.errors import failure
from autokode.base.formatting import one_line
from autokode.base.messages import say
from autokode.corpus.alignment import Alignment, Span
from autokode.corpus.edits import Edit, Edits
from autokode.corpus.overlap import overlapped
from autokode.corpus.transcript import Transcript
from autokode.corpus.utterance import UNKNOWN, Utterance, with_roles


class Correction(Alignment):
    """Where each place of a text is after known edits.

    A segment that ends where words are inserted ends before them, and one that begins there begins after them. A segment that
    begins or ends inside a replacement holds all of it.
    """

    def __init__(self, old: str, edits: Edits) -> None:
        super().__init__(old, edits.apply(old), edits)

    def moved(self, start: int, end: int) -> Span | None:
        """Where a segment is in the new text; None if nothing of it is left."""
        grown = grown_end = 0
        to_start, to_end = start, end
        for edit in self.edits.edits:
            more = len(edit.new) - len(edit.old)
            if edit.end <= start:
                grown += more
            elif edit.start < start:
                to_start = edit.start
            if edit.end <= end and edit.start < end:
                grown_end += more
            elif edit.start < end < edit.end:
                to_end, grown_end = edit.start, grown_end + len(edit.new)
        found = to_start + grown, to_end + grown_end
        said = self.new[slice(*found)]
        if said == self.old[start:end]:
            return found
        left, right = len(said) - len(said.lstrip()), len(said.rstrip())
        return (found[0] + left, found[0] + right) if said.strip() else None


@dataclass(frozen=True, slots=True)
class Corrected:
    """A corrected transcript, and the edits that made its text; there are none where only the turns are others."""

    transcript: Transcript
    edits: Edits


def with_words(transcript: Transcript, index: int, said: str) -> Corrected:
    """Correct the words of a turn.

    Args:
        transcript: the transcript.
        index: the turn's.
        said: all of its words as they are to be; white space alone is no change.

    Raises:
        DataError: there are no words, or none is another, or a time or a label inside the turn would go.
    """
    one = _turn(transcript, index)
    if not said.strip():
        raise failure("en ytring må ha ord; ingenting er endret", "an utterance must have words; nothing was changed")
    found = Alignment(one.text, said.strip()).edits.edits
    own = [edit for edit in found if edit.old.strip() or edit.new.strip()]
    if not own:
        raise failure("ordene er de samme; ingenting er endret", "the words are the same; nothing was changed")
    raw = transcript.text[one.start : one.end]
    if any(raw[edit.start : edit.end] != edit.old for edit in own):
        raise failure(
            "et tidsmerke eller en taler står midt i det som rettes; ingenting er endret",
            "a time or a label stands inside what is corrected; nothing was changed",
            try_next=say("rett ordene før og etter hver for seg", "correct the words before and after it one by one"),
        )
    edits = Edits(Edit(one.start + edit.start, one.start + edit.end, edit.old, edit.new) for edit in own)
    turns = list(transcript.utterances)
    turns[index] = replace(one, text=Edits(own).apply(one.text))
    return _corrected(transcript, turns, edits)


def with_speaker(transcript: Transcript, index: int, name: str, *, everywhere: bool = False) -> Corrected:
    """Give a turn another speaker, or all turns of its speaker; the label in the text follows where it stands there.

    Raises:
        DataError: the name is empty or the same.
    """
    one, new = _turn(transcript, index), one_line(name)
    if not new or new == one.speaker:
        raise failure(
            f"taleren må få et annet navn enn «{one.speaker}»; ingenting er endret",
            f"the speaker must get another name than «{one.speaker}»; nothing was changed",
        )
    turns, edits, at = [], [], 0
    for number, turn in enumerate(transcript.utterances):
        if number == index or (everywhere and turn.speaker == one.speaker):
            edits += _label_edits(transcript.text, at, turn, new)
            turns.append(replace(turn, speaker=new))
        else:
            turns.append(turn)
        at = turn.end
    interviewers = transcript.interviewers
    if everywhere and one.speaker in interviewers:
        interviewers = tuple(dict.fromkeys(new if label == one.speaker else label for label in interviewers))
    left = {turn.speaker for turn in turns}
    kept = tuple(label for label in interviewers if label in left)
    return _corrected(replace(transcript, interviewers=kept), turns, Edits(edits))


def with_words_and_speaker(
    transcript: Transcript, index: int, said: str, name: str, *, everywhere: bool = False
) -> Corrected:
    """Correct the words of a turn, its speaker, or both at once; what is the same as before is left alone.

    Raises:
        DataError: as `with_words` and `with_speaker`, or both are the same.
    """
    one = _turn(transcript, index)
    if one_line(name) == one.speaker:
        return with_words(transcript, index, said)
    first = with_speaker(transcript, index, name, everywhere=everywhere)
    if said.split() == one.text.split():
        return first
    second = with_words(first.transcript, index, said)
    back = one.start - first.transcript.utterances[index].start  # labels stand outside of the turn's own words
    own = [Edit(edit.start + back, edit.end + back, edit.old, edit.new) for edit in second.edits.edits]
    return Corrected(second.transcript, Edits([*first.edits.edits, *own]))


def after_words(transcript: Transcript, index: int, before: str) -> int:
    """Where a turn's words go on after the first ones of it, as a code point of its text; white space does not count.

    Raises:
        DataError: the turn does not begin with these words.
    """
    text, left, at = _turn(transcript, index).text, "".join(before.split()), 0
    while left and at < len(text):
        if not text[at].isspace():
            if text[at] != left[0]:
                break
            left = left[1:]
        at += 1
    if left:
        raise failure(
            "ytringen har andre ord; ingenting er endret", "the utterance has other words; nothing was changed"
        )
    return at


def _label_edits(text: str, at: int, turn: Utterance, new: str) -> list[Edit]:
    """The edit of a turn's label, if the text has it between `at` and the turn, with no other word after it."""
    place = text.rfind(turn.speaker, at, turn.start) if turn.speaker else -1
    end = place + len(turn.speaker)
    beside = text[max(place - 1, at) : max(place, at)] + text[end : turn.start]
    if place < 0 or any(letter.isalpha() for letter in beside):
        return []
    return [Edit(place, end, turn.speaker, new)]


def split(transcript: Transcript, index: int, at: int, speaker: str = "") -> Corrected:
    """Make two turns of one; the text stays as it is.

    Args:
        transcript: the transcript.
        index: the turn's.
        at: where the second one begins, as a code point of the turn's text.
        speaker: who says the second one; "" for the same as before.

    Raises:
        DataError: one of the two would have no words, or a word would be cut.
    """
    one = _turn(transcript, index)
    head, tail = one.text[: max(at, 0)], one.text[max(at, 0) :]
    cut = bool(head and tail) and not (head[-1].isspace() or tail[0].isspace())
    if not head.strip() or not tail.strip() or cut:
        raise failure(
            "ytringen må deles mellom to ord; ingenting er endret",
            "the utterance must be split between two words; nothing was changed",
        )
    end = one.start + len(head.rstrip())
    start = one.end - len(tail.lstrip())
    inside = overlapped(transcript.cues, start, start + 1)
    time = transcript.cues[inside[0]].begin_s if inside else None
    first = replace(one, end=end, text=head.rstrip(), end_s=time)
    second = replace(one, speaker=one_line(speaker) or one.speaker, start=start, text=tail.lstrip(), begin_s=time)
    return _corrected(
        transcript, [*transcript.utterances[:index], first, second, *transcript.utterances[index + 1 :]], Edits([])
    )


def join(transcript: Transcript, index: int) -> Corrected:
    """Make one turn of a turn and the next one; the text stays as it is, and the first one's speaker says all of it.

    Raises:
        DataError: there is no next one, or words that nobody says stand between them.
    """
    one = _turn(transcript, index)
    if index + 1 == len(transcript.utterances):
        raise failure(
            "dette er den siste ytringen; det er ingen å slå den sammen med",
            "this is the last utterance; there is none to join it with",
        )
    other = transcript.utterances[index + 1]
    between = transcript.text[one.end : other.start]
    if any(letter.isalpha() for letter in between.replace(other.speaker, "", 1)):
        raise failure(
            "mellom de to ytringene står det ord som ingen sier; ingenting er endret",
            "words that nobody says stand between the two utterances; nothing was changed",
        )
    text = one.text + " " * len(between) + other.text
    whole = replace(one, end=other.end, text=text, end_s=other.end_s)
    turns = [*transcript.utterances[:index], whole, *transcript.utterances[index + 2 :]]
    return _corrected(transcript, turns, Edits([]))


def _turn(transcript: Transcript, index: int) -> Utterance:
    if not 0 <= index < len(transcript.utterances):
        most = len(transcript.utterances)
        raise failure(
            f"intervjuet har ytringene 1 til {most}, ikke {index + 1}",
            f"the interview has utterances 1 to {most}, not {index + 1}",
        )
    return transcript.utterances[index]


def _corrected(transcript: Transcript, turns: Sequence[Utterance], edits: Edits) -> Corrected:
    """Put the turns, whose places are those of the old text, where they are in the new one, with roles and questions."""
    spoken = [
        replace(
            turn,
            start=turn.start + _grown(edits.edits, turn.start, before=True),
            end=turn.end + _grown(edits.edits, turn.end, before=False),
            role=UNKNOWN,
            question=None,
        )
        for turn in turns
    ]
    cues = []
    for cue in transcript.cues:
        start, end = edits.segment(cue.start, cue.end)
        cues.append(replace(cue, start=start, end=max(start, end)))
    there = {turn.speaker for turn in turns}
    interviewers = tuple(label for label in transcript.interviewers if label in there)
    made = replace(
        transcript,
        text=edits.apply(transcript.text),
        utterances=tuple(with_roles(spoken, interviewers)),
        interviewers=interviewers,
        cues=tuple(cues),
    )
    return Corrected(made, edits)


def _grown(edits: Iterable[Edit], position: int, *, before: bool) -> int:
    """How much the text grew before a turn's start, or up to its end: what is inserted at either edge is the turn's own."""
    return sum(
        len(edit.new) - len(edit.old)
        for edit in edits
        if (edit.end <= position and (edit.start < position or not before))
    )
