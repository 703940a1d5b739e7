"""What a report calls interviews. The name of a file may be a person's, so it is shown only where it gives nobody away."""

import re
from collections.abc import Collection

from autokode.base.messages import say
from autokode.corpus.codebook import folded
from autokode.project import Project
from autokode.pseudonym.lists import among, lists

_LETTERS = re.compile(r"[^\W\d_]+")
_DATE, _DIGIT = re.compile(r"(?<!\d)20\d\d([-_. ]?)[01]\d\1[0-3]\d(?!\d)"), re.compile(r"\d")
MOST_DIGITS = 4
"""Most digits of a name beside a date: more may be somebody's number."""


def names_in_report(project: Project) -> dict[str, str]:
    """Interview's name → what a report calls it: the same, or «Intervju 3» by its number in the project.

    The number is of this interview alone, so it is called the same in every report.
    """
    taken = {folded(source.name) for source in project.sources}
    shown = {}
    for source in project.sources:
        labels = {utterance.speaker for utterance in project.transcript(source.name).utterances}
        office = source.office if folded(source.office) != folded(source.name) else ""
        shown[source.name] = source.name
        if may_give_away(source.name, {*labels, office}):
            shown[source.name] = _numbered(source.id, taken)
    return shown


def may_give_away(name: str, known: Collection[str] = ()) -> bool:
    """Whether a name may be a person's, a place's or a number of somebody's.

    Letters alone, everyday words that are no names, and the words of what is known (speakers' labels, the office) give nobody
    away.

    >>> may_give_away("intervju 3"), may_give_away("Kari Nordmann"), may_give_away("anne_2", ["Anne"])
    (False, True, False)
    """
    told = {folded(word) for text in known for word in _LETTERS.findall(text)}
    words = _LETTERS.findall(_DATE.sub(" ", name))
    digits = len(_DIGIT.findall(_DATE.sub(" ", name)))
    return digits > MOST_DIGITS or any(folded(word) not in told and not _is_plain(word) for word in words)


def _is_plain(word: str) -> bool:
    plain = word.casefold() in among("files") or word.casefold() in among("roles")
    return plain or len(word) == 1 or (not lists().is_unknown(word) and not lists().is_named(word))


def _numbered(number: int, taken: Collection[str]) -> str:
    """«Intervju 3»; where another interview's own name begins so, a name that nobody takes for that one."""
    name = say(f"Intervju {number}", f"Interview {number}")
    if not any(re.match(rf"{folded(name)}(?!\d)", " ".join(re.split(r"[\W_]+", own))) for own in taken):
        return name
    return say(f"Intervju uten navn, nr. {number}", f"Interview without a name, no. {number}")
