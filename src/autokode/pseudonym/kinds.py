"""Kinds of personal data, and findings of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from autokode.corpus.overlap import longest


class Kind(StrEnum):
    """A kind of personal data; the value is its Norwegian name, which people see."""

    PERSON = "person"
    PLACE = "sted"
    ORGANISATION = "virksomhet"
    ADDRESS = "adresse"
    PHONE = "telefon"
    EMAIL = "epost"
    WEB = "nettadresse"
    NATIONAL_ID = "fødselsnummer"
    DUF = "dufnummer"
    ACCOUNT = "kontonummer"
    COMPANY_ID = "orgnummer"
    CASE = "saksnummer"
    PLATE = "kjennemerke"
    NUMBER = "nummer"
    BIRTH_DATE = "fødselsdato"
    TITLE = "tittel"
    PRONOUN = "pronomen"


NUMBERS = (Kind.PHONE, Kind.NATIONAL_ID, Kind.DUF, Kind.ACCOUNT, Kind.COMPANY_ID, Kind.CASE, Kind.PLATE, Kind.NUMBER)
"""The kinds that are numbers."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A span of a text with personal data.

    Attributes:
        start, end: code points, half-open.
        kind: the kind of data.
        text: the text there.
        score: how sure it is, from 0 to 1; no probability.
    """

    start: int
    end: int
    kind: Kind
    text: str = field(repr=False)
    score: float = field(default=1.0, compare=False)


def without_overlap(findings: Iterable[Finding]) -> list[Finding]:
    """Sort findings and keep one of those that overlap: the longest, or else the first given."""
    return longest(findings, lambda finding: (finding.start, finding.end))
