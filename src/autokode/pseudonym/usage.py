"""How the material uses its words: with capitals and without, and what speaks for and against each being somebody's name."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from autokode.pseudonym.cues import OF_THINGS, weighed
from autokode.pseudonym.lists import among, bases, lists
from autokode.pseudonym.tagged_text import TaggedText, Word

MOST = 4.0
"""Most that what is said of a word elsewhere counts, for or against."""

DECISIVE = 2.0
"""What the cues of one place must weigh to outdo that a word is said to be a thing."""

SHARE = 0.6
"""What a cue elsewhere counts, beside one right there."""


class Usage:
    """The words of a material."""

    def __init__(self, readings: Sequence[TaggedText]) -> None:
        """Count the words and cues of all texts."""
        self.small: Counter[str] = Counter()
        self.inside: Counter[str] = Counter()
        self._places: Counter[str] = Counter()
        self._strongest: defaultdict[str, float] = defaultdict(float)
        self._things: defaultdict[str, bool] = defaultdict(bool)
        self._cues: defaultdict[str, float] = defaultdict(float)
        for reading in readings:
            for word in reading.words:
                form = word.form.casefold()
                if not word.capital and not reading.small:
                    self.small[form] += 1
                elif word.capital and not word.opens and not word.form.isupper():
                    self.inside[form] += 1
        for reading in readings:
            for index, word in enumerate(reading.words):
                if word.capital or reading.small:
                    base = self.base(word)
                    own = list(weighed(reading, index))
                    value = sum(weight for _cue, weight in own)
                    self._things[base] |= any(cue in OF_THINGS for cue, _weight in own)
                    self._cues[base] += max(value, 0.0) if self.is_everyday(base) else value
                    self._strongest[base] = max(self._strongest[base], value)
                    self._places[base] += 1

    def is_everyday(self, form: str) -> bool:
        """Whether a word is an everyday word, by lists or because the material has it in small letters."""
        return any(lists().is_word(base) or self._is_small(base.casefold()) for base in bases(form))

    def _is_small(self, form: str) -> bool:
        named = lists().is_norwegian(form) and self.inside[form] > 0
        return self.small[form] > 0 and not named

    def standing(self, replaced: Iterable[str]) -> tuple[str, ...]:
        """The words that stand with a capital within sentences, that no list explains, and that are not replaced."""
        gone = {form.casefold().rstrip(".'’") for word in replaced for form in (word, *bases(word))}
        known = gone.union(
            *(among(key) for key in ("public", "brands", "talk", "roles", "before_names", "months", "address"))
        )
        stands = (
            form for form, _count in self.inside.most_common() if form not in known and not self.is_everyday(form)
        )
        return tuple(
            form.capitalize()
            for form in stands
            if form not in lists().seen and not lists().is_country(form) and len(form) > 1
        )

    def base(self, word: Word) -> str:
        """The word without its genitive where the material, or a list, has it so."""
        first, *others = (form.casefold() for form in bases(word.form))
        return next((other for other in others if other in self.inside and first not in self.small), first)

    def is_told(self, word: Word) -> bool:
        """Whether the words around it say somewhere, strongly, that a word is a person's name."""
        return self._strongest[self.base(word)] >= DECISIVE

    def elsewhere(self, word: Word, own: float) -> float:
        """What the other places of a word say for its being a name (or against: below 0); `own` is what this one says."""
        base = self.base(word)
        others = max(self._places[base] - 1, 1)
        if self._things[base] and self._strongest[base] < DECISIVE and not self.is_everyday(base):
            return -MOST  # it is said to be a thing, and nowhere a person
        if self.is_everyday(base):
            own = max(own, 0.0)
        return max(-MOST, min(MOST, SHARE * (self._cues[base] - own) / math.sqrt(others)))
