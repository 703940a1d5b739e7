"""Personal data with a fixed form: numbers with check digits, phone numbers, e-mail, web and street addresses, birth dates."""

import re
from collections.abc import Iterator

import phonenumbers
from phonenumbers import Leniency, PhoneNumberMatcher
from stdnum.no import fodselsnummer, kontonr, orgnr

from autokode.pseudonym.kinds import Finding, Kind
from autokode.pseudonym.lists import either

_NOT_IN_NUMBER = r"(?<![\d.,:/-])(?<!\d )"
_END = r"(?![\d/]|[.,:-]\d| \d)"
_ELEVEN = re.compile(
    rf"{_NOT_IN_NUMBER}(\d{{6}} ?\d{{5}}|\d{{4}}[. ]?\d{{2}}[. ]?\d{{5}}|\d{{6}} ?\d{{3}} ?\d{{2}}){_END}"
)
_NINE = re.compile(rf"{_NOT_IN_NUMBER}(\d{{3}} ?\d{{3}} ?\d{{3}})(?: ?MVA)?{_END}")
_PHONE = re.compile(
    rf"{_NOT_IN_NUMBER}(?:(?:\+|00)47 ?)?(?:\d{{8}}|\d{{2}}(?: \d{{2}}){{3}}|\d{{3}} \d{{2}} \d{{3}}|\d{{4}} \d{{4}}){_END}"
)

_PAIR = rf"(?:(?:{either('tens')}) ?(?:{either('ones')})?|(?:{either('teens')})|null ?(?:{either('ones')}|null))"
_SPOKEN_PHONE = re.compile(rf"(?<!\w){_PAIR}(?: {_PAIR}){{3}}(?!\w)", re.IGNORECASE)
_LOCAL = r"[\w.+-]+"
_EMAIL = re.compile(rf"{_LOCAL}@[\w-]+(?:\.[\w-]+)*\.\w{{2,}}")
_SPOKEN_DOT, _SPOKEN_AT = r"(?:punktum|punkt|dot)", r"(?:krøllalfa|alfakrøll|krållalfa|krøll alfa|alfa krøll)"
_SPOKEN_EMAIL = re.compile(
    rf"\w+(?: (?:{_SPOKEN_DOT}|bindestrek|understrek) \w+)* {_SPOKEN_AT} \w+(?: {_SPOKEN_DOT} \w+)+", re.IGNORECASE
)
_TOP = "no|com|net|org|se|dk|eu|info|io|nu|biz|online|app|uk|de|pl|fi|is"
_WEB = re.compile(
    rf"(?:https?://\S+?|www\.[\w-]+(?:\.[\w-]+)+(?:/[^\s,;)»\"]*)?|(?<![@\w.])[\w-]+(?:\.[\w-]+)*\.(?:{_TOP})(?:/[^\s,;)»\"]*)?)"
    r"(?=[.,;:!?)»\"]*(?:\s|$))",
    re.IGNORECASE,
)
_SPOKEN_WEB = re.compile(
    rf"(?:www|ve ve ve|dobbeltve dobbeltve dobbeltve) {_SPOKEN_DOT} \w+(?: {_SPOKEN_DOT} \w+)+", re.IGNORECASE
)

_STREET = either("streets")
_NUMBER = r"\d{1,4}(?: ?[a-zA-ZæøåÆØÅ](?![\w-]))?"
_TOWN = r"(?:,? (?:i )?\d{4} [A-ZÆØÅa-zæøå][\w-]+(?: [A-ZÆØÅ][\w-]+)?)"
_WORD = r"[^\W\d_][\w.'’-]*"
_CAPITAL = r"[A-ZÆØÅ][\w.'’-]*"
_ADDRESS = re.compile(
    rf"(?<!\w)((?:(?i:{either('modifiers')}) |(?:{_CAPITAL} ){{0,3}}?)"
    rf"(?:{_WORD}(?i:{_STREET})|{_CAPITAL}s? (?i:{_STREET})|{_WORD}s (?:gate|gata|vei|veg)) {_NUMBER}"
    rf"(?:(?:,? (?:leilighet|leil\.?|oppgang) \w+)?{_TOWN})?)"
)
_LIVES = re.compile(
    rf"\b(?:bor|budde|bodde|flytta|flyttet|adressen? er) (?:i|på|te|til) ((?:{_CAPITAL} ){{1,3}}{_NUMBER}{_TOWN}?)(?!\w)"
)
_STREET_ALONE = re.compile(rf"(?<!\w)((?:{_CAPITAL} )?[A-ZÆØÅ][\w'’-]*(?:{either('sure_streets')}))s?(?!\w)")
_POSTBOX = re.compile(rf"(?<!\w)(post(?:boks|box) \d+(?: \w+)?{_TOWN}?)", re.IGNORECASE)

_MONTH, _ORDINAL = either("months"), either("ordinals")
_WORDS_YEAR = rf"(?:nitten ?(?:hundre ?(?:og ?)?)?)?(?:{either('tens')}) ?(?:{either('ones')})?"
_YEAR = rf"(?:'?\d{{4}}|'?\d{{2}}|{_WORDS_YEAR}|to ?tusen(?: og)?(?: \w+)?)"
_DATE = (
    r"(?:\d{1,2}[./ -]+\d{1,2}[./ -]+\d{2,4}|\d{4}-\d{2}-\d{2}"
    rf"|(?:den )?\d{{1,2}}\.? ?(?:{_MONTH})\.?(?:,? {_YEAR}(?!\w))?"
    rf"|(?:{_ORDINAL}) (?:{_MONTH}|(?:i )?(?:{_ORDINAL}))(?:,? {_YEAR}(?!\w))?)"
)
_BIRTH = r"fød[dt]?e?|fødselsda(?:to|g)\w*|g?e?bursdag\w*|fødd\w*|kom til verden"
_BORN = re.compile(rf"(?:\b(?:{_BIRTH})\b|\bf\.)[^.?!\n]{{0,40}}?(?<![\w.])({_DATE})(?!\w)", re.IGNORECASE)
_LONG_AGO = re.compile(r"(?<![\d.])\d{1,2}[./]\d{1,2}[./ -]?19\d\d(?!\d)|(?<![\d.])\d{1,2}/\d{1,2}[- ][4-9]\d(?!\d)")
"""A date in the last century, which is most likely a birthday."""

_ID_WORDS = re.compile(r"(fødselsnumme\w*|personnumme\w*|fødselsnr|personnr|p-numme\w*)", re.IGNORECASE)
_ACCOUNT_WORDS = re.compile(r"(konto\w*)", re.IGNORECASE)
_COMPANY_WORDS = re.compile(r"(org\w*numme\w*|org\.? ?nr|orgnr|foretaksnumme\w*)", re.IGNORECASE)
_NEAR = 60
"""How many characters before a number a word may stand that tells its kind."""


def find_patterns(text: str) -> Iterator[Finding]:
    """Yield personal data recognised by its form alone; findings may overlap."""
    yield from _numbers(text)
    yield from _of(Kind.PHONE, _SPOKEN_PHONE, text)
    yield from _of(Kind.EMAIL, _EMAIL, text)
    yield from _of(Kind.EMAIL, _SPOKEN_EMAIL, text)
    yield from _of(Kind.WEB, _WEB, text)
    yield from _of(Kind.WEB, _SPOKEN_WEB, text)
    yield from _of(Kind.ADDRESS, _POSTBOX, text, 1)
    yield from _of(Kind.ADDRESS, _ADDRESS, text, 1)
    yield from _of(Kind.ADDRESS, _LIVES, text, 1)
    yield from _of(Kind.PLACE, _STREET_ALONE, text)
    yield from _of(Kind.BIRTH_DATE, _BORN, text, 1)
    yield from _of(Kind.BIRTH_DATE, _LONG_AGO, text)


def _of(kind: Kind, pattern: re.Pattern[str], text: str, group: int = 0) -> Iterator[Finding]:
    for match in pattern.finditer(text):
        yield Finding(match.start(group), match.end(group), kind, match[group])


def _numbers(text: str) -> Iterator[Finding]:
    taken: list[tuple[int, int]] = []
    for match in _ELEVEN.finditer(text):
        kind = _eleven(match[1], text[max(0, match.start() - _NEAR) : match.start()])
        if kind:
            taken.append(match.span(1))
            yield Finding(*match.span(1), kind, match[1])
    for match in _NINE.finditer(text):
        before = text[max(0, match.start() - _NEAR) : match.start()]
        if orgnr.is_valid(match[1]) or _COMPANY_WORDS.search(before):
            taken.append(match.span(1))
            yield Finding(*match.span(1), Kind.COMPANY_ID, match[1])
    spans = [match.span() for match in _PHONE.finditer(text) if _may_be_phone(match[0])]
    spans += [(m.start, m.end) for m in PhoneNumberMatcher(text, "NO", leniency=Leniency.VALID, max_tries=10_000)]
    for start, end in spans:
        if not any(start < other_end and other_start < end for other_start, other_end in taken):
            yield Finding(start, end, Kind.PHONE, text[start:end])


def _eleven(digits: str, before: str) -> Kind | None:
    """The kind of an eleven-digit number, by its check digits or, since digits may be misheard, by the word before it."""
    by_word = {Kind.NATIONAL_ID: _last(_ID_WORDS, before), Kind.ACCOUNT: _last(_ACCOUNT_WORDS, before)}
    told = max(by_word, key=lambda kind: by_word[kind])
    if by_word[told] >= 0:
        return told
    if fodselsnummer.is_valid(digits):
        return Kind.NATIONAL_ID
    return Kind.ACCOUNT if kontonr.is_valid(digits) else None


def _last(words: re.Pattern[str], before: str) -> int:
    return max((match.start() for match in words.finditer(before)), default=-1)


def _may_be_phone(digits: str) -> bool:
    try:
        number = phonenumbers.parse(digits, "NO")
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_possible_number(number) and str(number.national_number)[0] in "23456789"
