"""Find all personal data in a text: patterns, people, organisations, places, titles, and names known before."""

import functools
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from autokode.corpus.speaker_labels import NOT_LABELS
from autokode.pseudonym.composed import Composed
from autokode.pseudonym.kinds import Finding, Kind, without_overlap
from autokode.pseudonym.lists import WORD, bases, lists
from autokode.pseudonym.patterns import find_patterns
from autokode.pseudonym.people import find_people, find_pronouns
from autokode.pseudonym.places import find_places, find_titles
from autokode.pseudonym.tagged_text import TaggedText, opens, read_all
from autokode.pseudonym.usage import Usage
from autokode.pseudonym.who import plain

if TYPE_CHECKING:
    from autokode.nlp.pipeline import Pipeline

PLACEHOLDER = re.compile(r"\[[A-ZÆØÅa-zæøå-]+ \d+\](?:s\b)?|\b(?:Gruppe|Kontor) [A-ZÆØÅ]{1,2}\b")
"""A placeholder of an earlier replacement, which is not searched."""


def find(text: str, nlp: "Pipeline") -> list[Finding]:
    """Find the personal data in a text, in order and without overlaps.

    Args:
        text: an utterance, a line, a note.
        nlp: a pipeline with names, such as `autokode.norwegian()`.
    """
    return find_all([text], nlp)[0]


def find_all(texts: Sequence[str], nlp: "Pipeline", *, pronouns: bool = False) -> list[list[Finding]]:
    """Find the personal data in each of several texts that belong together: how one uses a word says what it is in another.

    Args:
        texts: utterances, lines, notes.
        nlp: a pipeline with names.
        pronouns: find pronouns that tell a gender, too.
    """
    readings = list(read_all(texts, nlp))
    return find_in(readings, Usage(readings), pronouns=pronouns)


def find_in(readings: Sequence[TaggedText], usage: Usage, *, pronouns: bool = False) -> list[list[Finding]]:
    """Find the personal data in texts that were read, by how their material uses its words; as `find_all`."""
    return [
        [_led_back(finding, reading.composed) for finding in _find(reading, usage, pronouns)] for reading in readings
    ]


def _led_back(finding: Finding, composed: Composed) -> Finding:
    """A finding where it stands in the text as it was given."""
    start, end = composed.span(finding.start, finding.end)
    return replace(finding, start=start, end=end, text=composed.text[finding.start : finding.end])


def _find(reading: TaggedText, usage: Usage, pronouns: bool) -> list[Finding]:
    text = reading.text
    patterns = list(find_patterns(text))
    formed = without_overlap(finding for finding in patterns if finding.kind != Kind.PLACE)
    places = [*(f for f in patterns if f.kind == Kind.PLACE), *find_places(reading)]
    named = [*find_people(reading, usage), *(f for f in places if not _is_word(f, usage))]
    settled = without_overlap(
        f for f in named if not any(f.start < other.end and other.start < f.end for other in formed)
    )
    gendered = find_pronouns(reading) if pronouns else ()
    found = without_overlap([*formed, *settled, *find_titles(reading, settled), *gendered])
    taken = [match.span() for match in PLACEHOLDER.finditer(text)]
    return [f for f in found if not any(f.start < end and start < f.end for start, end in taken)]


def _is_word(finding: Finding, usage: Usage) -> bool:
    """Whether a place is a single word that no list has as a name and that the material has in small letters or as a heading."""
    words = WORD.findall(finding.text)
    if len(words) != 1 or lists().is_named(words[0]):
        return False
    return words[0].lower() in NOT_LABELS or usage.small[words[0].lower()] > 0


def find_known(text: str, forms: Mapping[str, Kind], *, anywhere: Collection[str] = ()) -> Iterator[Finding]:
    """Yield every occurrence of the known names: as given, in the genitive, in lower or upper case.

    A name that is also an everyday word is found only with a capital that does not just begin a sentence; one of `anywhere`
    (compared as `plain`) with any capital. Where several forms fit, the longest wins.
    """
    if not forms:
        return
    kinds = {plain(form): kind for form, kind in forms.items()}
    composed = Composed.of(text)
    for match in _any_of(tuple(kinds)).finditer(composed.text):
        everyday = " " not in match[1] and lists().is_word(match[1])
        capital = match[0][0].isupper() and (plain(match[1]) in anywhere or not opens(composed.text, match.start()))
        if (capital or not everyday) and plain(match[1]) in map(plain, (match[0], *bases(match[0]))):
            start, end = composed.span(*match.span())
            yield Finding(start, end, kinds[plain(match[1])], match[0], 0.0)  # it makes nothing surer


@functools.lru_cache(maxsize=8)
def _any_of(forms: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern of forms, the longest first, each perhaps in the genitive."""
    longest = sorted(forms, key=len, reverse=True)
    either = "|".join(r"\s+".join(map(re.escape, form.split())) for form in longest)
    return re.compile(rf"(?<![\w@])({either})(?:s|['’])?(?!\w)", re.IGNORECASE)
