"""Find speaker labels, with the one grammar that explains most lines of a file.

A label is short, recurs, and stands at the start of a line; `kl. 12:30`, `https:`, `NB:` and `(latter)` are not labels. Notes
tell people what was inferred, and callers can state the grammar and the speakers instead.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from autokode.base.errors import failure
from autokode.base.formatting import one_line
from autokode.base.messages import say
from autokode.corpus.readers.source import CLOCK, STAMP

SHOWN = 5
"""Largest number of doubtful labels that a note names."""

BRACKETED_STAMP = rf"[\[(#<{{]{STAMP}(?:[ ]*(?:-->|–|-)[ ]*{STAMP})?[\])#>}}]"
_ANY_STAMP = rf"(?:{BRACKETED_STAMP}|{STAMP})"
_BLANK = r"[ \t\u00a0\u200b\ufeff]"
_WORD = r"[^\W_][\w\u0300-\u036f.'’&-]*"
_END = r"(?:\r\n|\n|\r)"
_NAME = rf"{_WORD}(?:[ /]{_WORD}){{0,3}}(?: ?\([\w .-]{{1,20}}\))?"

GRAMMARS: dict[str, re.Pattern[str]] = {
    "colon": re.compile(
        rf"{_BLANK}*(?:(?P<time>{_ANY_STAMP}){_BLANK}*(?:[-–]{_BLANK}+)?)?(?:\d{{1,4}}[.)]?{_BLANK}+)?[#@]?(?P<label>{_NAME}){_BLANK}*(?:(?P<time2>{BRACKETED_STAMP}){_BLANK}*)?"
        rf":(?!//|\d){_BLANK}*"
    ),
    "brackets": re.compile(r"[ \t]*[\[{](?P<label>[^\W\d][\w .'’-]{0,30})[\]}][ \t]*:?[ \t]*"),
    "parentheses": re.compile(rf"[ \t]*\((?P<label>{_NAME})\)[ \t]*:{_BLANK}*"),
    "name and role": re.compile(
        rf"{_BLANK}*(?P<label>{_NAME},[ ]{_WORD}(?:[ ]{_WORD}){{0,2}}){_BLANK}*:(?!//|\d){_BLANK}*"
    ),
    "three lines": re.compile(
        rf"[ \t]*(?P<time>{CLOCK})[ \t]*-->[ \t]*{CLOCK}[ \t]*{_END}[ \t]*(?P<label>{_NAME})[ \t]*{_END}"
    ),
    "own line": re.compile(rf"[ \t]*(?P<label>{_NAME})[ \t]+\(?(?P<time>{STAMP})\)?[ \t]*(?:\r\n|\n|\r|\Z)"),
    "heading": re.compile(rf"[ \t]*(?P<label>{_NAME})[ \t]*:?[ \t]*(?:\r\n|\n|\r|\Z)"),
    "tab": re.compile(
        rf"[ ]*(?:\d{{1,4}}[.)]?[ ]*\t[ ]*)?(?:(?P<time>{_ANY_STAMP})[ ]*\t)?[ ]*(?P<label>{_NAME})[ ]*:?[ ]*\t[ \t]*"
    ),
}
"""Grammar name → the pattern of a turn's beginning, with the groups `label`, `time` and `time2`."""

NOT_LABELS = frozenset(
    "kl http https nb ps obs merk spørsmål spm tema del kapittel dato sted tid varighet kilde eks eksempel f.eks ca jf "
    "konklusjon oppsummering notat transkripsjon transkribert opptak fil tittel deltakere deltagere tilstede til intervju "
    "note question date place time file title topic participants present latter ler uhørlig utydelig pause stille hoster "
    "avbrudd avbryter sukker støy musikk laughter laughs inaudible crosstalk silence music ja nei og men så altså".split()
)
"""Words at the start of a line or of a transcript that look like labels but name nobody."""
ROLES = (
    "intervjuer|intervjuar|interviewer|int|forsker|forskar|moderator|informant|inf|ip|deltaker|deltakar|respondent|resp|"
    "speaker|taler|talar|person|stemme|i|f|m|r|d|s|a|p"
)
"""Labels that name a role instead of a person, as alternatives of a pattern."""
_ROLE = re.compile(rf"({ROLES})[._ ]?\d{{0,3}}\.?", re.IGNORECASE)
_SAID_WITH = re.compile(
    r" ?\((?:ler|latter|smiler|gråter|hvisker|sukker|avbryter|laughs|laughing)[^)]*\)$", re.IGNORECASE
)
_BLANK_LINE = re.compile(rf"{_END}[ \t]*{_END}")
_LINE_START = re.compile(r"(?:\A|(?<=\n)|(?<=\r)(?!\n))(?=[^\r\n])")


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn opened by a label: the label starts at `begin`, the words at `start`."""

    label: str
    begin: int
    start: int
    stamp: str | None = None


@dataclass(frozen=True, slots=True)
class Labelling:
    """The turns of a text, the grammar that found them ("none" without labels), and notes on what was inferred."""

    grammar: str
    turns: tuple[Turn, ...]
    notes: tuple[str, ...] = ()


def find_turns(
    text: str,
    *,
    grammar: str | None = None,
    speakers: Collection[str] | None = None,
    headings: Collection[int] = (),
) -> Labelling:
    """Find the turns of a text.

    Args:
        text: the transcript text.
        grammar: one of `GRAMMARS`, or "none"; None to take the one that explains most lines.
        speakers: the only labels to accept; None to find them.
        headings: positions where a line in bold starts; only these can open a turn of grammar "heading".

    Raises:
        DataError: no such grammar, or the given speakers or grammar fit no line.
    """
    if grammar is not None and grammar not in (*GRAMMARS, "none"):
        raise failure(
            f"ukjent merkemåte «{grammar}»",
            f"unknown label grammar «{grammar}»",
            try_next="--labels " + " | ".join([f'"{name}"' for name in (*GRAMMARS, "none")]),
        )
    if grammar == "none":
        return Labelling("none", ())
    starts = [match.start() for match in _LINE_START.finditer(text)]
    best = Labelling("none", ())
    for name, pattern in GRAMMARS.items():
        if grammar not in (None, name):
            continue
        places = [start for start in starts if start in headings] if name == "heading" and not grammar else starts
        candidates = _without_facts(list(_candidates(pattern, text, places)), text)
        found = _accept(candidates, len(starts), speakers, name)
        if len(found.turns) > len(best.turns):
            best = found
    if not best.turns and (speakers or grammar):
        wanted = ", ".join(speakers or ()) or str(grammar)
        what = f"ingen linje begynner med «{wanted}»", f"no line starts with «{wanted}»"
        raise failure(*what, try_next="autokode transcript FILE")
    return best


def _candidates(pattern: re.Pattern[str], text: str, starts: list[int]) -> Iterator[Turn]:
    for begin in starts:
        match = pattern.match(text, begin)
        if match is None:
            continue
        parts = match.groupdict()
        label = _SAID_WITH.sub("", unicodedata.normalize("NFC", one_line(parts["label"])))
        if _could_be_name(label):
            yield Turn(label, begin, match.end(), parts.get("time") or parts.get("time2"))


def _without_facts(candidates: list[Turn], text: str) -> list[Turn]:
    """Drop the facts at the top («Yrke: veileder»): lines before the first blank line whose labels never recur."""
    blank = _BLANK_LINE.search(text)
    facts = [turn for turn in candidates if turn.begin < (blank.start() if blank else 0)]
    counts = Counter(turn.label.casefold() for turn in candidates)
    lines = sum(1 for line in re.split(r"[\r\n]+", text[: blank.start() if blank else 0]) if line.strip())
    once = all(counts[turn.label.casefold()] == 1 for turn in facts)
    return (
        candidates[len(facts) :] if once and 2 <= len(facts) < len(candidates) and lines >= len(facts) else candidates
    )


def _could_be_name(label: str) -> bool:
    label = label.partition(",")[0]  # «Åse, veileder»
    first = label.split(maxsplit=1)[0].rstrip(".").casefold()
    if first in NOT_LABELS or len(label) > 40:
        return False
    return bool(_ROLE.fullmatch(label)) or all(_is_name_word(word) for word in label.split()) or " " not in label


def _is_name_word(word: str) -> bool:
    return (
        word[0].isupper() or word[-1].isdigit() or word[0] in "(0123456789" or word in ("van", "von", "de", "der", "af")
    )


def _accept(candidates: list[Turn], lines: int, speakers: Collection[str] | None, grammar: str) -> Labelling:
    if speakers is not None:
        wanted = {unicodedata.normalize("NFC", speaker).strip(" :").casefold() for speaker in speakers}
        return Labelling(grammar, tuple(turn for turn in candidates if turn.label.casefold() in wanted))
    counts = Counter(turn.label.casefold() for turn in candidates)
    forms = Counter(turn.label for turn in candidates)
    mostly_labelled = len(candidates) >= 0.5 * lines
    accepted, once = set(), set()
    for folded, count in counts.items():
        form = max((label for label in forms if label.casefold() == folded), key=lambda label: forms[label])
        named = all(_is_name_word(word) for word in form.partition(",")[0].split())
        if _ROLE.fullmatch(form) or count >= (2 if named else 3):
            accepted.add(folded)
        elif named and len(form.split()) <= 3:
            once.add(folded)
    if mostly_labelled or len(accepted) >= 2:
        accepted |= once
    if grammar == "tab" and not mostly_labelled:
        accepted = set()
    canonical: dict[str, str] = {}
    for label, _count in forms.most_common():
        canonical.setdefault(label.casefold(), label)
    turns = tuple(
        Turn(canonical[turn.label.casefold()], turn.begin, turn.start, turn.stamp)
        for turn in candidates
        if turn.label.casefold() in accepted
    )
    named_once = [f"«{canonical[folded]}»" for folded in sorted(once & accepted)]
    rare = ", ".join(named_once[:SHOWN]) + (f" … ({len(named_once)})" if len(named_once) > SHOWN else "")
    note = say(f"har ordet bare én gang, taler likevel? {rare}", f"speaks only once; really a speaker? {rare}")
    return Labelling(grammar, turns, (note,) if rare else ())
