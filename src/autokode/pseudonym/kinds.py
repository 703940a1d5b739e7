"""What is personal, and where it stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """A kind of personal data; the value is the word people read."""

    PERSON = "person"
    PLACE = "sted"
    ORGANISATION = "virksomhet"
    ADDRESS = "adresse"
    PHONE = "telefon"
    EMAIL = "epost"
    WEB = "nettadresse"
    NATIONAL_ID = "fødselsnummer"
    ACCOUNT = "kontonummer"
    COMPANY_ID = "orgnummer"
    BIRTH_DATE = "fødselsdato"
    TITLE = "tittel"
    PRONOUN = "pronomen"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A stretch of a text that says something personal.

    Attributes:
        start, end: code points, half-open.
        kind: what it says.
        text: what stands there.
    """

    start: int
    end: int
    kind: Kind
    text: str


def without_overlap(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings in the order of the text; of two that overlap the longer, then the one given first."""
    kept: list[Finding] = []
    for finding in sorted(findings, key=lambda f: f.start - f.end):
        if all(finding.end <= other.start or finding.start >= other.end for other in kept):
            kept.append(finding)
    return sorted(kept)
