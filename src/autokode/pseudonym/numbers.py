"""Numbers that belong to somebody: national identity, DUF, account, organisation and phone numbers, however they are grouped.

A run is a series of groups of digits with little between them: «120385-10183», «12 03 85 10183», «8601.11.17947». Its digits, its
groups, its check digits and the word before it say what it is. The word counts most, since digits may be misheard.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from autokode.base.extras import missing
from autokode.pseudonym.kinds import Finding, Kind

try:
    import phonenumbers
    from phonenumbers import Leniency, PhoneNumberMatcher
    from stdnum import luhn
    from stdnum.no import fodselsnummer, kontonr, orgnr
except ModuleNotFoundError as error:
    raise missing("pseudonymise", error) from error

_GAP = r"[ \u00a0\u2009\u202f\n./\u2010-\u2015-]"
_RUN = re.compile(rf"(?<![\d:])\d+(?:(?:{_GAP}|,)(?: ?{_GAP} ?| )?\d+)*(?!\d)(?!:\d)")
_IBAN = re.compile(
    rf"(?<!\w)(?:(?i:NO){_GAP}?\d{{2}}(?:{_GAP}?\d){{11}}"
    r"|[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?)(?!\w)"
)
_CLEAN = re.compile(_GAP)
_TOLD = {
    Kind.NATIONAL_ID: re.compile(
        r"fødselsnu\w*|personnu\w*|person-?nr|fødselsnr|f\.?nr\b|p-numme\w*|d-numme\w*|d-nr\b|dnumme\w*|dnr\b|id-?numme\w*",
        re.IGNORECASE,
    ),
    Kind.DUF: re.compile(r"duf\w*|utlendingsnumme\w*|udi-numme\w*|imdi-numme\w*", re.IGNORECASE),
    Kind.ACCOUNT: re.compile(r"konto(?!r)\w*|\bkto\b|\biban\b|kort(?:et|numme\w*)\b", re.IGNORECASE),
    Kind.COMPANY_ID: re.compile(r"org\w*numme\w*|org\.? ?n(?:umme)?r\w*|orgnr|foretaksnumme\w*", re.IGNORECASE),
    Kind.PHONE: re.compile(r"telefon\w*|\btlf\b|mobil\w*|\bring(?:e|er|te)?\b|\bsms\b", re.IGNORECASE),
}
"""Kind → the words that tell it before a number."""

_NEAR = 60
"""How many characters before a number a word may stand that tells its kind."""

_LEAST = {Kind.NATIONAL_ID: 9, Kind.DUF: 9, Kind.ACCOUNT: 9, Kind.COMPANY_ID: 9, Kind.PHONE: 8}
"""Kind → the fewest digits of a number that its word tells, whatever its form."""

_MOST = 16
"""Most digits that a word tells; a longer run is several numbers."""

_UNIT = re.compile(r" ?(?:kroner|kr\b|,-|millioner|euro|dollar|prosent|%)", re.IGNORECASE)
_LAST_FIVE = re.compile(
    r"(?<!\w)(?:personnumme\w*|(?:de )?(?:fem )?siste (?:fem )?(?:sifre\w*|siffer|tall\w*))\D{0,25}?"
    r"(?<!\d)(\d{5}|\d{3}[ -]\d{2})(?![\d-])(?! \d)",
    re.IGNORECASE,
)
_FOREIGN = re.compile(r"(?<![\w+])(?:\+|00)\d{1,3}(?:[ -]?\(?\d{1,4}\)?){2,6}(?!\w)")


@dataclass(frozen=True, slots=True)
class _Number:
    """Neighbouring groups of a run.

    Attributes:
        start, end: code points, half-open.
        groups: the digits of each group.
        gaps: what stands between them.
        told: the kind that the last word before it tells, if any.
    """

    start: int
    end: int
    groups: tuple[str, ...]
    gaps: tuple[str, ...]
    told: Kind | None

    @property
    def digits(self) -> str:
        return "".join(self.groups)

    @property
    def shape(self) -> str:
        """The lengths of the groups, if they stand as one number: "6-5"; "" where a comma or more stands between."""
        clean = all(_CLEAN.fullmatch(gap) for gap in self.gaps)
        return "-".join(str(len(group)) for group in self.groups) if clean else ""


def find_numbers(text: str) -> Iterator[Finding]:
    """Yield numbers that belong to somebody, without overlaps."""
    taken: list[tuple[int, int]] = []

    def free(start: int, end: int) -> bool:
        return not any(start < other_end and other_start < end for other_start, other_end in taken)

    for start, end, kind in _spans(text):
        if free(start, end):
            taken.append((start, end))
            yield Finding(start, end, kind, text[start:end])


def _spans(text: str) -> Iterator[tuple[int, int, Kind]]:
    """Yield (start, end, kind), the surest first; they may overlap."""
    for match in _IBAN.finditer(text):
        if sum(character.isdigit() for character in match[0]) >= _LEAST[Kind.ACCOUNT]:
            yield *match.span(), Kind.ACCOUNT
    for run in _RUN.finditer(text):
        yield from _in_run(text, run)
    for match in _LAST_FIVE.finditer(text):
        yield *match.span(1), Kind.NATIONAL_ID
    for found in PhoneNumberMatcher(text, "NO", leniency=Leniency.VALID, max_tries=10_000):
        if sum(map(str.isdigit, found.raw_string)) >= _LEAST[Kind.PHONE]:
            yield found.start, found.end, Kind.PHONE
    for match in _FOREIGN.finditer(text):
        if phonenumbers.is_possible_number_string(re.sub(r"^00", "+", match[0]), "NO"):
            yield *match.span(), Kind.PHONE


def _in_run(text: str, run: re.Match[str]) -> Iterator[tuple[int, int, Kind]]:
    groups = list(re.finditer(r"\d+", run[0]))
    first = 0
    while first < len(groups):
        for last in range(len(groups) - 1, first - 1, -1):
            number = _number(text, run, groups[first : last + 1])
            kind = _kind(number, whole=first == 0 and last == len(groups) - 1)
            if kind and not _UNIT.match(text, number.end):
                yield number.start - (text[number.start - 1 : number.start] == "+"), number.end, kind
                first = last
                break
        first += 1


def _number(text: str, run: re.Match[str], groups: list[re.Match[str]]) -> _Number:
    start, end = run.start() + groups[0].start(), run.start() + groups[-1].end()
    gaps = tuple(run[0][a.end() : b.start()] for a, b in itertools.pairwise(groups))
    return _Number(start, end, tuple(group[0] for group in groups), gaps, told_before(text, start))


def told_before(text: str, start: int) -> Kind | None:
    """The kind that the last word before a number tells, if any."""
    before = text[max(0, start - _NEAR) : start]
    words = {kind: max((m.start() for m in pattern.finditer(before)), default=-1) for kind, pattern in _TOLD.items()}
    told = max(words, key=lambda kind: words[kind])
    return told if words[told] >= 0 else None


def _kind(number: _Number, *, whole: bool) -> Kind | None:
    """The kind of a number; None if it is nobody's. `whole` says that it is all of its run."""
    count, told = len(number.digits), number.told
    if told and count == _DIGITS[told] and not _years(number):
        return told
    by_form = _BY_COUNT.get(count)
    found = by_form(number) if by_form else None
    if (
        found is None
        and whole
        and told
        and told != Kind.PHONE
        and _LEAST[told] <= count <= _MOST
        and not _years(number)
    ):
        return told
    return found


_DIGITS = {Kind.NATIONAL_ID: 11, Kind.DUF: 12, Kind.ACCOUNT: 11, Kind.COMPANY_ID: 9, Kind.PHONE: 8}


def _eleven(number: _Number) -> Kind | None:
    """A number of eleven digits: of a person, if it begins with a date or its groups do; of an account otherwise."""
    digits, shape = number.digits, number.shape
    if fodselsnummer.is_valid(digits):
        return Kind.NATIONAL_ID
    born = begins_with_birth(digits)
    if born and shape in _OF_PEOPLE:
        return Kind.NATIONAL_ID
    if kontonr.is_valid(digits) or shape in ("4-2-5", "4-7", "4-4-3"):
        return Kind.ACCOUNT
    if shape == "11":
        return Kind.NATIONAL_ID if born else Kind.ACCOUNT
    return Kind.ACCOUNT if shape == "6-5" else None


_OF_PEOPLE = ("6-5", "2-2-2-5", "6-3-2", "2-2-2-3-2", "2-4-5")
"""Shapes in which people write their own number."""


def _twelve(number: _Number) -> Kind | None:
    """A DUF number: a year, six digits and two check digits; or a phone number with its country's code."""
    if number.digits.startswith("0047") and _may_be_phone(number.digits[4:]):
        return Kind.PHONE
    if not re.match(r"(?:19[89]|20[0-4])\d", number.digits):
        return None
    return Kind.DUF if number.shape in ("12", "4-8", "4-6-2", "6-6", "10-2") else None


def _nine(number: _Number) -> Kind | None:
    valid = number.shape in ("9", "3-3-3") and orgnr.is_valid(number.digits)
    return Kind.COMPANY_ID if valid else None


def _eight(number: _Number) -> Kind | None:
    phone = number.shape in ("8", "2-2-2-2", "3-2-3") or (number.shape == "4-4" and not _years(number))
    same = len(set(number.gaps)) < 2 and (number.gaps[:1] in ((), (" ",), ("\u00a0",)) or number.shape != "4-4")
    return Kind.PHONE if phone and same and _may_be_phone(number.digits) else None


def _ten(number: _Number) -> Kind | None:
    """A Norwegian phone number with its country's code."""
    told = number.digits.startswith("47") and len(number.groups[0]) in (2, 10)
    return Kind.PHONE if told and number.shape and _may_be_phone(number.digits[2:]) else None


def _sixteen(number: _Number) -> Kind | None:
    """The number of a bank card."""
    return Kind.ACCOUNT if number.shape in ("16", "4-4-4-4") and luhn.is_valid(number.digits) else None


_BY_COUNT = {8: _eight, 9: _nine, 10: _ten, 11: _eleven, 12: _twelve, 16: _sixteen}
"""Number of digits → the rule for such numbers."""


def begins_with_birth(digits: str) -> bool:
    """Whether digits begin with a date of birth, also as in D-numbers (day + 40) and made-up numbers (month + 40, 65 or 80).

    >>> begins_with_birth("52038510183"), begins_with_birth("86011117947")
    (True, False)
    """
    day, month = int(digits[:2]), int(digits[2:4])
    day -= 40 * (day > 40)
    month -= next((added for added in (80, 65, 40) if month > added), 0)
    try:
        date(2000, month, day)
    except ValueError:
        return False
    return True


def _years(number: _Number) -> bool:
    """Whether the groups are years: «2019 2020»."""
    return len(number.groups) > 1 and all(re.fullmatch(r"(?:19|20)\d\d", group) for group in number.groups)


def _may_be_phone(digits: str) -> bool:
    try:
        number = phonenumbers.parse(digits, "NO")
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_possible_number(number) and str(number.national_number)[0] in "23456789"
