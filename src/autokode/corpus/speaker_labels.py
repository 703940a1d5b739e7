"""Find who speaks in a text: the grammar of labels that explains most lines, and the labels that are speakers.

A label stands at the start of a line, recurs, and answers somebody else's; `kl. 12:30`, `https:`, `NB:` and «Problemet: …» are
not labels. Notes tell people what was inferred, and callers can state the grammar and the speakers instead.
"""

import difflib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from autokode.base.errors import failure
from autokode.base.messages import say
from autokode.corpus import nobodys_lines
from autokode.corpus.label_evidence import Evidence
from autokode.corpus.label_forms import NOT_LABELS, ROLES, Form, plain
from autokode.corpus.label_grammars import (
    GRAMMARS,
    ON_ITS_OWN,
    UNMARKED,
    Candidate,
    Line,
    Turn,
    bold_candidates,
    candidates,
    heads_table,
    lines_of,
    sentences_of,
    stated_candidates,
)
from autokode.corpus.readers.source import LeftOut
from autokode.corpus.turn_pieces import pieces_of

__all__ = ["GRAMMARS", "NOT_LABELS", "ROLES", "Labelling", "Turn", "find_turns"]

SHOWN = 5
"""Largest number of doubtful labels that a note names."""
_FORMER = {"name and role": "colon"}
"""Former name of a grammar → its name."""
FEW, MOST_ABOVE = 4, 3
"""Fewer labels than this, and a part of the text above them larger than one third, are no labels at all."""
LONGEST_INITIALS = 2
_FRAMED = 0.8
"""The share of paragraphs of several lines that begin with a name alone on the first, from which on such lines are labels."""


@dataclass(frozen=True, slots=True)
class Labelling:
    """The turns of a text, and what of it nobody says.

    Attributes:
        grammar: the grammar that found the turns, or "none".
        turns: in order, each with its end.
        notes: sentences that tell people what was inferred.
        silent: spans of lines that nobody says, in order.
        left_out: the lines that nobody says, with the reason; without those before the first turn.
    """

    grammar: str
    turns: tuple[Turn, ...]
    notes: tuple[str, ...] = field(default=(), repr=False)
    silent: tuple[tuple[int, int], ...] = ()
    left_out: tuple[LeftOut, ...] = ()


def find_turns(
    text: str,
    *,
    grammar: str | None = None,
    speakers: Collection[str] | None = None,
    headings: Collection[int] = (),
    titles: Collection[int] = (),
    bold_starts: Collection[tuple[int, int]] = (),
) -> Labelling:
    """Find the turns of a text.

    Args:
        text: the transcript text.
        grammar: one of `GRAMMARS`, or "none"; None to take the one that explains most lines.
        speakers: the only labels to accept, wherever a line begins with one; None to find them.
        headings: positions where a line in bold starts; a name alone on such a line can open a turn.
        titles: positions where a line starts that the file states to be a heading; nobody says it, but it may be a label.
        bold_starts: (start, end) of the beginnings in bold of lines whose other words are not; a name there can open a turn.

    Raises:
        DataError: no such grammar, or the given speakers or grammar fit no line.
    """
    if grammar is not None and grammar not in (*GRAMMARS, *_FORMER, "none"):
        raise failure(
            f"ukjent merkemåte «{grammar}»",
            f"unknown label grammar «{grammar}»",
            try_next="--labels " + " | ".join([f'"{name}"' for name in (*GRAMMARS, "none")]),
        )
    page = _Page(text, lines_of(text), headings, titles, bold_starts)
    wanted = [_FORMER.get(grammar, grammar)] if grammar else list(GRAMMARS)
    if grammar == "none":
        return page.labelled("none", [])
    if speakers is not None:
        return page.stated(speakers, wanted)
    best = page.inferred(wanted, any_heading=grammar is not None)
    if len(page.lines) < FEW and len(best.turns) < FEW and "colon" in wanted:
        sentences = _Page(text, sentences_of(text, page.lines))
        best = max(best, sentences.inferred(["colon"], any_heading=False), key=lambda found: len(found.turns))
    if grammar and not best.turns:
        what = (
            f"ingen linje har talere etter merkemåten «{grammar}»",
            f"no line has speakers by label grammar «{grammar}»",
        )
        raise failure(*what, try_next="autokode transcript FILE")
    return best


class _Page:
    """The lines of a text, and which of them may open turns."""

    def __init__(
        self,
        text: str,
        lines: list[Line],
        headings: Collection[int] = (),
        titles: Collection[int] = (),
        bold_starts: Collection[tuple[int, int]] = (),
    ) -> None:
        self.text = text
        self.lines = lines
        self.bold_starts = dict(bold_starts)
        self.titled = {n for n, line in enumerate(self.lines) if line.start in titles or heads_table(text, line)}
        self.bold = {n for n, line in enumerate(self.lines) if line.start in headings} | self.titled
        self.programs = nobodys_lines.by_programs(text, self.lines)
        self.marked = nobodys_lines.marked_headings(text, self.lines)
        self.facts = nobodys_lines.facts(text, self.lines) - self.programs

    def inferred(self, grammars: Sequence[str], *, any_heading: bool) -> Labelling:
        """Label by the one grammar that explains most lines; other lines follow if they begin with the same labels."""
        found = {name: self._candidates(name, any_heading=any_heading) for name in grammars}
        best, most, rare, notes = "none", list[Candidate](), set[str](), list[str]()
        for name in sorted(grammars, key=lambda name: name != "table"):
            evidence = Evidence(self.text, self.lines, found[name])
            speakers, once = evidence.speakers()
            opening = self._with_words([one for one in found[name] if one.key in speakers])
            if len(opening) > len(most):
                best, most, rare = name, opening, once
                notes = list(_doubted(found[name], evidence.doubted()))
        if len(most) < FEW and len(self.text) < MOST_ABOVE * self._words_above(most):
            best, most, notes = "none", [], []
        own = {one.key for one in most}
        if best not in ON_ITS_OWN and "heading" in found:
            found["heading"] = [one for one in found["heading"] if one.line in self.bold]
        alike = [one for name in grammars if name not in (best, *UNMARKED) for one in found[name] if one.key in own]
        return self.labelled(best, [*most, *alike], notes, rare)

    def _words_above(self, opening: list[Candidate]) -> int:
        """Characters above the first turn that are neither facts nor a program's lines."""
        first = min((one.line for one in opening), default=0)
        known = self.programs | self.facts | self.marked | self.titled
        return sum(line.end - line.start for n, line in enumerate(self.lines[:first]) if n not in known)

    def stated(self, speakers: Collection[str], grammars: Sequence[str]) -> Labelling:
        """Label with the speakers that somebody stated; says which of them were not found, and what there is like them."""
        opening = list(stated_candidates(self.text, self.lines, speakers, grammars))
        if "bold" in grammars:
            keys = {plain(label).casefold() for label in speakers}
            opening += [one for one in self._candidates("bold", any_heading=False) if one.key in keys]
        if not opening:
            wanted = ", ".join(speakers)
            what = f"ingen linje begynner med «{wanted}»", f"no line starts with «{wanted}»"
            raise failure(*what, try_next="autokode transcript FILE")
        said = {one.key for one in opening}
        missing = [label for label in speakers if plain(label).casefold() not in said]
        labels = Counter(
            one.turn.label for name in grammars if missing for one in self._candidates(name, any_heading=False)
        )
        most_used = Counter(one.grammar for one in opening).most_common(1)[0][0]
        return self.labelled(most_used, opening, [_not_found(label, labels) for label in missing])

    def labelled(
        self, grammar: str, found: Iterable[Candidate], notes: Sequence[str] = (), rare: Collection[str] = ()
    ) -> Labelling:
        """The turns that candidates open, in pieces, and what of the text is in none of them."""
        opening = list(_one_a_line(found))
        opened = {one.line for one in opening}
        first = nobodys_lines.talk_begins(self.text, self.lines, opened)
        last = nobodys_lines.talk_ends(self.text, self.lines, opened, self.bold)
        opening = [one for one in opening if first <= one.line < last]
        opened = {one.line for one in opening}
        reasons = self._silent(grammar, opened, first, last)
        silent = [(self.lines[n].start, self.lines[n].end) for n in sorted(reasons)]
        turns = tuple(pieces_of(self.text, _with_one_spelling(opening), silent))
        above = turns[0].begin if turns else 0
        by_reason: dict[str, list[str]] = {}
        for (start, end), n in zip(silent, sorted(reasons), strict=True):
            if start >= above:
                by_reason.setdefault(reasons[n], []).append(self.text[start:end].strip())
        return Labelling(
            grammar if turns else "none",
            turns,
            (*_rare(opening, rare), *notes),
            tuple(silent),
            tuple(LeftOut(reason, "\n".join(lines)) for reason, lines in by_reason.items()),
        )

    def _silent(self, grammar: str, opened: set[int], first: int, last: int) -> dict[int, str]:
        """The numbers of the lines that nobody says, each with the reason."""
        heads = self.titled | self.marked | nobodys_lines.headings(self.text, self.lines, opened)
        if grammar in ON_ITS_OWN:  # a line in bold above a speaker's name is a heading
            heads |= {n for n in self.bold if n + 1 in opened}
        reasons = dict.fromkeys(range(last, len(self.lines)), say("linjer i sammendraget", "lines of the summary"))
        reasons |= dict.fromkeys(heads, say("overskrifter", "headings"))
        reasons |= dict.fromkeys(self.facts, say("opplysninger om intervjuet", "facts about the interview"))
        reasons |= dict.fromkeys(self.programs, say("linjer fra et program", "lines by a program"))
        reasons |= dict.fromkeys(range(first), say("linjer over transkripsjonen", "lines above the transcript"))
        return {n: reason for n, reason in reasons.items() if n not in opened}

    def _candidates(self, grammar: str, *, any_heading: bool) -> list[Candidate]:
        may_open = [n for n in range(len(self.lines)) if n not in self.programs | self.facts | self.marked]
        if grammar not in ON_ITS_OWN:
            may_open = [n for n in may_open if n not in self.titled]
        if grammar == "bold":
            return list(bold_candidates(self.text, self.lines, may_open, self.bold_starts))
        found = list(candidates(grammar, self.text, self.lines, may_open))
        return found if grammar != "heading" or any_heading else list(self._set_off(found))

    def _set_off(self, found: list[Candidate]) -> Iterator[Candidate]:
        """Yield labels alone on a line that are more than a short answer: in bold, roles and codes, or above each paragraph."""
        silent = self.programs | self.facts | self.marked
        starts = {n for n, line in enumerate(self.lines[:-1]) if line.after_blank and not self.lines[n + 1].after_blank}
        starts = {n for n in starts if n not in silent and n + 1 not in silent}
        framed = [one for one in found if one.line in starts]
        starts = {n for n in starts if framed and framed[0].line <= n <= framed[-1].line}
        all_framed = len(framed) >= _FRAMED * len(starts) and len(framed) >= 2 * len({one.key for one in framed})
        often = Counter(one.key for one in found)
        for one in found:
            numbered = one.form == Form.CODE and any(map(str.isdigit, one.turn.label))
            role = one.form == Form.ROLE or (numbered and often[one.key] > 1)
            named = role and len(one.turn.label) > LONGEST_INITIALS
            if one.line in self.bold or named or (all_framed and one.line in starts):
                yield one

    def _with_words(self, opening: list[Candidate]) -> list[Candidate]:
        """The candidates but for labels alone on a line that never have words below; none if few have."""
        if not opening or opening[0].grammar not in ON_ITS_OWN:
            return opening
        ends = [*(one.turn.begin for one in opening[1:]), len(self.text)]
        speaking = [one for one, end in zip(opening, ends, strict=True) if self.text[one.turn.start : end].strip()]
        keys = {one.key for one in speaking}
        return [one for one in opening if one.key in keys] if 2 * len(speaking) >= len(opening) else []


def _one_a_line(found: Iterable[Candidate]) -> Iterator[Candidate]:
    """Yield candidates in the order of the text, the first of each line; none within the label of another."""
    position = -1
    for one in sorted(found, key=lambda one: one.line):
        if one.turn.begin > position or (one.turn.begin == position == 0):
            yield one
            position = max(one.turn.begin, one.turn.start - 1)


def _with_one_spelling(opening: list[Candidate]) -> list[Turn]:
    """The turns, each label as it is spelt most often."""
    spelt: dict[str, str] = {}
    for label, _count in Counter(one.turn.label for one in opening).most_common():
        spelt.setdefault(label.casefold(), label)
    return [replace(one.turn, label=spelt[one.key]) for one in opening]


def _rare(opening: list[Candidate], once: Collection[str]) -> Iterator[str]:
    labels = sorted({one.turn.label for one in opening if one.key in once}, key=str.casefold)
    if labels:
        named = ", ".join(f"«{label}»" for label in labels[:SHOWN])
        named += f" … ({len(labels)})" if len(labels) > SHOWN else ""
        yield say(f"har ordet bare én gang, taler likevel? {named}", f"speaks only once; really a speaker? {named}")


def _doubted(found: list[Candidate], keys: Collection[str]) -> Iterator[str]:
    counts = Counter(one.turn.label for one in found if one.key in keys)
    if counts:
        named = ", ".join(f"«{label}» ({count})" for label, count in counts.most_common(SHOWN))
        yield say(
            f"lest som ord i en ytring, ikke som taler: {named}; er det en taler: --speaker NAVN for hver taler",
            f"read as words of an utterance, not as a speaker: {named}; if it is one: --speaker NAME for each speaker",
        )


def _not_found(label: str, labels: Counter[str]) -> str:
    by_key = {other.casefold(): other for other in labels}
    like = difflib.get_close_matches(plain(label).casefold(), by_key, n=3, cutoff=0.5)
    shown = [by_key[key] for key in like] or [other for other, _count in labels.most_common(3)]
    named = ", ".join(f"«{other}»" for other in shown)
    return say(f"fant ikke taleren «{label}»", f"did not find the speaker «{label}»") + (
        say(f"; ligner: {named}", f"; like it: {named}") if named else ""
    )
