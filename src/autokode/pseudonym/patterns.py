"""Personal data with a fixed form: numbers, e-mail, web and street addresses, birth dates."""

import re
from collections.abc import Iterator

from autokode.pseudonym.codes import find_codes
from autokode.pseudonym.kinds import Finding, Kind
from autokode.pseudonym.lists import either
from autokode.pseudonym.numbers import find_numbers

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


def find_patterns(text: str) -> Iterator[Finding]:
    """Yield personal data recognised by its form alone; findings may overlap."""
    yield from find_codes(text)
    yield from find_numbers(text)
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
