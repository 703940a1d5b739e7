"""A quote, and how a report says whose it is and where it stands."""

from collections.abc import Collection
from dataclasses import dataclass, field

from autokode.base.messages import say
from autokode.corpus.codebook import folded
from autokode.corpus.model_coder import is_model

Span = tuple[str, int, int]
"""(transcript's name, start, end), in code points of its text."""


def attributed(speaker: str, place: str, *, outside: bool = False) -> str:
    """A speaker and what else names them (a group, or an interview), each named once, as a thesis writes them.

    >>> attributed("Astrid", "gruppe A"), attributed("Astrid", "astrid"), attributed("", "intervju 3")
    ('– Astrid, gruppe A', '– Astrid', '– intervju 3')
    """
    names = {folded(name): name for name in (place, speaker) if name}  # of two spellings the speaker's
    named = [names.pop(folded(name)) for name in (speaker, place) if folded(name) in names]
    return "– " + ", ".join([say("uten taler", "no speaker")] * outside + named)


def group_named(group: str) -> str:
    """What a group is called in a sentence: a letter or a number gets the word «gruppe» before it.

    >>> group_named("A"), group_named("Kontor A")
    ('gruppe A', 'Kontor A')
    """
    return say(f"gruppe {group}", f"group {group}") if group and (len(group) == 1 or group.isdecimal()) else group


def located(transcript: str, number: int | None, named: Collection[str]) -> str:
    """An utterance's number, after its transcript's name unless that is named already.

    >>> located("kontor_a", 11, ["Astrid", "Kontor A"]), located("intervju_3", 11, ["Astrid", "Kontor A"])
    ('#12', 'intervju_3 #12')
    """
    at = say("utenfor ytringene", "outside the utterances") if number is None else f"#{number + 1}"
    return at if folded(transcript) in map(folded, named) else f"{transcript} {at}"


@dataclass(frozen=True, slots=True)
class Quote:
    """A coded segment of one informant's utterance, or of text outside the utterances, as a report shows it.

    Attributes:
        transcript, utterance: the transcript's name and the index of the utterance in it, as the material has it.
        number: the index among what somebody says; None outside the utterances.
        speaker: the speaker's label ("" if the transcript names none).
        group: the group of the interview; "" if it has none.
        place: what an attribution names beside the speaker; see `Material.place_of`.
        start, end: code points into the transcript's text, half-open.
        text: the text there.
        codes: all codes of codings that overlap it, in the order of `Material.codes`.
        coder: who coded it.
    """

    transcript: str
    utterance: int
    number: int | None
    speaker: str
    group: str
    place: str
    start: int
    end: int
    text: str = field(repr=False)
    codes: tuple[str, ...]
    coder: str

    @property
    def span(self) -> Span:
        """Its position: (transcript, start, end)."""
        return self.transcript, self.start, self.end

    @property
    def attribution(self) -> str:
        """The speaker and the group, as a thesis writes them: – Berit, gruppe B; and the model, if nobody else coded it."""
        by = say(f" (kodet av {self.coder})", f" (coded by {self.coder})") if is_model(self.coder) else ""
        return attributed(self.speaker, self.place, outside=self.number is None) + by

    @property
    def location(self) -> str:
        """Where it stands, beside the attribution: «intervju_3 #12», or «#12» where the attribution names the interview."""
        return located(self.transcript, self.number, (self.speaker, self.place))
