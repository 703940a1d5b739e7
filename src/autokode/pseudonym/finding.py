"""Find all personal data in a text: patterns, people, organisations, places, titles, and names known before."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from autokode.base.formatting import one_line
from autokode.pseudonym.kinds import Finding, Kind, without_overlap
from autokode.pseudonym.lists import bases, lists
from autokode.pseudonym.patterns import find_patterns
from autokode.pseudonym.people import find_people, find_pronouns
from autokode.pseudonym.places import find_places, find_titles
from autokode.pseudonym.tagged_text import TaggedText, read_all

if TYPE_CHECKING:
    from autokode.nlp.pipeline import Pipeline

PLACEHOLDER = re.compile(r"\[[a-zæøå-]+ \d+\](?:s\b)?|\bKontor [A-ZÆØÅ]+\b")
"""A placeholder of an earlier replacement, which is not searched."""


def find(text: str, nlp: "Pipeline") -> list[Finding]:
    """Find the personal data in a text, in order and without overlaps.

    Args:
        text: an utterance, a line, a note.
        nlp: a pipeline with names, such as `autokode.norwegian()`.
    """
    return find_all([text], nlp)[0]


def find_all(texts: Sequence[str], nlp: "Pipeline", *, pronouns: bool = False) -> list[list[Finding]]:
    """Find the personal data in each of several texts, as `find`; `pronouns` adds pronouns that tell a gender."""
    return [_find(reading, pronouns) for reading in read_all(texts, nlp)]


def _find(reading: TaggedText, pronouns: bool) -> list[Finding]:
    text = reading.text
    patterns = list(find_patterns(text))
    formed = without_overlap(finding for finding in patterns if finding.kind != Kind.PLACE)
    named = [*(f for f in patterns if f.kind == Kind.PLACE), *find_people(reading), *find_places(reading)]
    settled = without_overlap(
        f for f in named if not any(f.start < other.end and other.start < f.end for other in formed)
    )
    gendered = find_pronouns(reading) if pronouns else ()
    found = without_overlap([*formed, *settled, *find_titles(reading, settled), *gendered])
    taken = [match.span() for match in PLACEHOLDER.finditer(text)]
    return [f for f in found if not any(f.start < end and start < f.end for start, end in taken)]


def find_known(text: str, forms: Mapping[str, Kind]) -> Iterator[Finding]:
    """Yield every occurrence of the known names: as given, in the genitive, in lower or upper case.

    A name that is also an everyday word is found only with a capital. Where several forms fit, the longest wins.
    """
    if not forms:
        return
    kinds = {_plain(form): kind for form, kind in forms.items()}
    longest = sorted(kinds, key=len, reverse=True)
    either = "|".join(r"\s+".join(map(re.escape, form.split())) for form in longest)
    for match in re.finditer(rf"(?<![\w@])({either})(?:s|['’])?(?!\w)", text, re.IGNORECASE):
        everyday = match[0].islower() and lists().is_word(match[1])
        if not everyday and _plain(match[1]) in map(_plain, (match[0], *bases(match[0]))):
            yield Finding(match.start(), match.end(), kinds[_plain(match[1])], match[0])


def _plain(form: str) -> str:
    return one_line(form.casefold())
