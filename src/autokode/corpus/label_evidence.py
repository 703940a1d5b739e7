"""Which labels of a text are speakers: how often they stand, where, and what follows them."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import pairwise

from autokode.corpus.label_forms import Form, is_common_noun
from autokode.corpus.label_grammars import Candidate, Line, label_within

ALWAYS, FEWEST_OF_HABIT = 0.95, 5
"""The share of the other speakers' lines, and their number, from which on what they have in common is a habit of the file."""
MOSTLY = 0.5
"""The share of a text's lines that open turns from which on even who speaks once is a speaker."""
NESTED = 1 / 3
"""The share of a label's places behind somebody else's label («B: Problemet: …») from which on it belongs to the words."""
TWICE, THRICE = 2, 3


class Evidence:
    """What speaks for and against the labels of one grammar's candidates.

    What counts most is whether a label answers: whether it stands between two turns of one other speaker. One that never does
    is doubted for its form, for what it breaks of the file's habits, and for standing among the words elsewhere.
    """

    def __init__(self, text: str, lines: Sequence[Line], found: Sequence[Candidate]) -> None:
        self.text = text
        self.lines = lines
        self.found = found
        self.places: dict[str, list[Candidate]] = defaultdict(list)
        for candidate in found:
            self.places[candidate.key].append(candidate)
        self.form = {key: max(candidate.form for candidate in own) for key, own in self.places.items()}
        self._take_pairs()
        blocks = sum(1 for line in lines if line.after_blank)
        framed = len(found) >= ALWAYS * blocks and all(candidate.turn.stamp for candidate in found)
        self.mostly = len(found) >= MOSTLY * len(lines) or framed

    def speakers(self) -> tuple[set[str], set[str]]:
        """The keys of the labels that are speakers, and of those among them that speak only once."""
        sure = {key for key in self.places if self._is_sure(key)}
        once = set()
        if self.mostly or len(sure) >= TWICE:
            once = {
                key for key, own in self.places.items() if len(own) == 1 and key not in sure and self._speaks_once(key)
            }
        alone = len(sure | once) == 1 and not self.mostly and self.form[next(iter(sure | once))] <= Form.WORD
        return (set(), set()) if alone else (sure | once, once)

    def doubted(self) -> list[str]:
        """The keys of the words and names that recur as labels do, and are taken for a part of what is said."""
        speakers, _once = self.speakers()
        own = (key for key, form in self.form.items() if form in (Form.WORD, Form.NAME) and key not in speakers)
        return [key for key in own if len(self.places[key]) >= TWICE]

    def _is_sure(self, key: str) -> bool:
        form, count, answers = self.form[key], len(self.places[key]), key in self._answering
        if form in (Form.ROLE, Form.PAIR):
            return form == Form.ROLE
        if form == Form.PHRASE:
            every_line = len(self.found) == len(self.lines) and not self._stands_out(key)
            return (answers or every_line) and count >= (TWICE if self.mostly else THRICE)
        doubted = self._is_doubtful(key) or self._stands_out(key)
        return count >= TWICE and (form == Form.CODE or answers or not doubted)

    def _speaks_once(self, key: str) -> bool:
        form = self.form[key]
        if form in (Form.NAME, Form.WORD):
            doubted = self._is_doubtful(key) or self._is_listed(key) or self._stands_out(key)
            return key in self._answering or not doubted
        return form == Form.CODE

    def _stands_out(self, key: str) -> bool:
        """Whether a word is none of the two that talk, in a file where two do.

        «Penger: …» is of another kind than «I» and «B». Where Kari and Ola take turns, a common noun is what Ola says if it
        stands always between an answer of his and Kari's next question, more than once; a name there is a third who talks. What
        stands first of all is nobody's answer, and what stands last is before nobody's question.
        """
        others = [candidate.key for candidate in self.found if candidate.key in self._firm - {key}]
        taking_turns = all(a != b for a, b in pairwise(others))
        if self.form[key] > Form.WORD or self.found[0].key == key or len(set(others)) != TWICE:
            return False
        if all(self.form[other] > Form.WORD for other in others) and self.form[key] == Form.WORD:
            return True
        if not is_common_noun(key):
            return False
        fewest = min(Counter(others).values())
        between = self._neighbours(key)
        return taking_turns and TWICE <= len(between) <= len(self.places[key]) < fewest and len(set(between)) == 1

    def _neighbours(self, key: str) -> list[tuple[str, str]]:
        """The firm labels before and after each place of a label that has both."""
        found = []
        last, open_after = "", ""
        for candidate in self.found:
            if candidate.key == key:
                open_after = last
            elif candidate.key in self._firm:
                if open_after:
                    found.append((open_after, candidate.key))
                last, open_after = candidate.key, ""
        return found

    def _is_listed(self, key: str) -> bool:
        """Whether a word stands among others that stand only once, as in a list: «Oslo: …», «Bergen: …»."""
        if self.form[key] != Form.WORD or 2 * len(self._single) > len(self.found):
            return False
        line = self.places[key][0].line
        return bool({line - 1, line + 1} & self._single)

    @cached_property
    def _single(self) -> set[int]:
        """The lines of the words that stand only once."""
        words = (own for key, own in self.places.items() if self.form[key] == Form.WORD)
        return {own[0].line for own in words if len(own) == 1}

    def _take_pairs(self) -> None:
        """Questions and answers are speakers where there are both."""
        pairs = [key for key, form in self.form.items() if form == Form.PAIR]
        answers = [key for key in pairs if key in ("svar", "answer")]
        if answers and len(answers) < len(pairs) and sum(len(self.places[key]) for key in pairs) > TWICE:
            self.form.update(dict.fromkeys(pairs, Form.ROLE))

    @cached_property
    def _answering(self) -> set[str]:
        """The labels that stand, at least once, between two turns of one other speaker."""
        firm = self._firm or {key for key, own in self.places.items() if len(own) >= TWICE}
        found: set[str] = set()
        since: set[str] = set()  # labels since the last firm one
        last = before_last = ""
        for key in (candidate.key for candidate in self.found):
            if key not in firm:
                since.add(key)
            elif key == last:
                found |= since
                since = set()
            else:
                found |= {last} if key == before_last else set()
                before_last, last, since = last, key, set()
        return found - {""}

    @cached_property
    def _firm(self) -> set[str]:
        """The labels that their form, or their recurring without any doubt, shows to be speakers."""
        words = (key for key, own in self.places.items() if self.form[key] == Form.WORD and len(own) >= TWICE)
        return {key for key, form in self.form.items() if form >= Form.NAME} | {
            key for key in words if not self._is_doubtful(key)
        }

    def _is_doubtful(self, key: str) -> bool:
        """Whether a label that never answers is rather a part of what is said."""
        own = self.places[key]
        if any(self._breaks(key, kept) for kept in (self._follows_blank, self._has_stamp)):
            return True
        if self.form[key] == Form.NAME and len(own) >= TWICE:
            return False
        among_words = key in self._said_small and not any(self.lines[one.line].after_blank for one in own)
        nested = self._nested[key] >= NESTED * len(own)
        return is_common_noun(key) or nested or among_words or self._breaks(key, self._begins_large)

    def _breaks(self, key: str, kept: Callable[[Candidate], bool | None]) -> bool:
        """Whether a label never keeps what the other speakers' lines nearly always keep."""
        if any(kept(candidate) is not False for candidate in self.places[key]):
            return False
        others = [
            value for candidate in self._reference if candidate.key != key and (value := kept(candidate)) is not None
        ]
        return len(others) >= FEWEST_OF_HABIT and sum(others) >= ALWAYS * len(others)

    @cached_property
    def _reference(self) -> list[Candidate]:
        """The lines whose habits count: those of names, codes and roles, or else of all labels that recur."""
        named = [candidate for candidate in self.found if self.form[candidate.key] >= Form.NAME]
        recurring = [candidate for candidate in self.found if len(self.places[candidate.key]) >= TWICE]
        return named if len(named) >= FEWEST_OF_HABIT else recurring

    def _follows_blank(self, candidate: Candidate) -> bool | None:
        return self.lines[candidate.line].after_blank if candidate.line else None

    def _has_stamp(self, candidate: Candidate) -> bool | None:
        return candidate.turn.stamp is not None

    def _begins_large(self, candidate: Candidate) -> bool | None:
        """Whether the words begin with a capital; None if they do not begin with a letter."""
        first = self.text[candidate.turn.start : candidate.turn.start + 1]
        return first.isupper() if first.isalpha() else None

    @cached_property
    def _nested(self) -> Counter[str]:
        """How often each label stands directly behind another speaker's label, as a part of the words."""
        inner = ((candidate, label_within(self.text, candidate.turn.start)) for candidate in self.found)
        return Counter(label for candidate, label in inner if label and label != candidate.key)

    @cached_property
    def _said_small(self) -> set[str]:
        """The words that the text has in small letters."""
        return set(re.findall(r"\b[^\W\d_A-ZÆØÅ][^\W\d_]+", self.text))
