"""Numbers with letters, marks or words in them: number plates, case numbers, other numbers said to be one, and spoken digits."""

import itertools
import re
from collections.abc import Iterator

from autokode.pseudonym.kinds import Finding, Kind
from autokode.pseudonym.lists import either, words
from autokode.pseudonym.numbers import begins_with_birth, told_before

_YEAR = r"(?:19|20)\d\d"
_PLATE = re.compile(
    r"(?<![\w-])(?:[A-ZÆØÅ]{2} ?\d{5}|[A-ZÆØÅ]{1,3}-\d{1,4}-[A-ZÆØÅ]{1,2})(?![\w-])(?! ?(?:kr|kroner)\b)"
)
_PLATE_TOLD = re.compile(
    r"(?<!\w)(?:skilt|reg(?:istrerings)?\.? ?n(?:umme)?r|registreringsnumme|kjennemerke|bilnumme)\w*\W{1,3}(?:\w+\W{1,3}){0,2}?"
    r"([A-ZÆØÅ]{2} ?\d{2} ?\d{2,3})(?!\w)",
    re.IGNORECASE,
)
_CASE = re.compile(
    rf"(?<![\w/-])(?:{_YEAR}/\d{{3,7}}(?:-\d+)?|\d\d/\d{{4,6}}(?:-\d+)?|\d{{7,8}} \d{{3,5}}/\d\d(?:-\d+)?"
    r"|\d\d-\d{5,6}[A-ZÆØÅ]{2,4}-[A-ZÆØÅ]{3,5}(?:/\d+)?)(?![\w/])"
)
"""Numbers of cases in archives (2021/1234-5), at the police and in courts (21-114207TVI-TOBU/03)."""

_IP = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w]|\.\d)")
_SCHOOL_YEAR = re.compile(rf"({_YEAR})/({_YEAR})")
_CODE = r"(?:[A-ZÆØÅ]{1,4}[ -]?)?\d(?:[\d./–-]|(?<=\d) (?=\d))*(?:[A-ZÆØÅ]+(?:-[A-ZÆØÅ]+)?(?:/\d+)?)?"
_SAID = re.compile(
    r"(?<!\w)(?:(?P<case>sak(?:a|en)?|(?:saks?-?|sakn|journal|anmeldelses?)n(?:umme)?r\w*|ref(?:eranse)?\w*)"
    rf"|(?:{either('numbered')})-?n(?:umme)?r\w*|(?:{either('numbered')})-?id)\.?[ :]{{1,2}}"
    r"(?:(?:mitt|hans|hennes|min|er|var|på|det|som|altså|heter|med)[ :,]{1,2}){0,3}"
    rf"(?P<code>{_CODE})(?!\w)",
    re.IGNORECASE,
)
"""A number said to be one: «kundenummeret mitt er 4471203», «sak RK 21-388»."""

_ONE = rf"(?:null|ett|ein|{either('ones')})"
_WORD = rf"(?:(?:{either('tens')}) ?(?:{either('ones')})?|{either('teens')}|{_ONE})"
_SPOKEN = re.compile(rf"(?<!\w){_WORD}(?:(?: og)?[ ,-]{{1,2}}{_WORD})+(?!\w)", re.IGNORECASE)
_TOKEN = re.compile(rf"(?<!\w){_WORD}(?!\w)", re.IGNORECASE)
_ONES = {
    "null": "0",
    **dict.fromkeys(("en", "ein", "én", "ett"), "1"),
    "to": "2",
    "tre": "3",
    "fire": "4",
    "fem": "5",
    "seks": "6",
    **dict.fromkeys(("sju", "syv"), "7"),
    "åtte": "8",
    "ni": "9",
}
_LEAST_SPOKEN, _LEAST_TOLD = 6, 4
"""Fewest spoken words that make a number; and where the word before says what it is."""


def find_codes(text: str) -> Iterator[Finding]:
    """Yield numbers that are not just digits; findings may overlap."""
    for match in _CASE.finditer(text):
        years = _SCHOOL_YEAR.fullmatch(match[0])
        if not years or int(years[2]) != int(years[1]) + 1:
            yield Finding(*match.span(), Kind.CASE, match[0])
    for match in _IP.finditer(text):
        yield Finding(*match.span(), Kind.NUMBER, match[0])
    for match in _PLATE.finditer(text):
        yield Finding(*match.span(), Kind.PLATE, match[0])
    for match in _PLATE_TOLD.finditer(text):
        yield Finding(*match.span(1), Kind.PLATE, match[1])
    for match in _SAID.finditer(text):
        code = match["code"].rstrip(".")
        digits = sum(character.isdigit() for character in code)
        if digits >= 5 or (digits >= 3 and not code.isdigit()) or (digits == 4 and not match["case"]):
            start = match.start("code")
            yield Finding(start, start + len(code), Kind.CASE if match["case"] else Kind.NUMBER, code)
    yield from _spoken(text)


def _spoken(text: str) -> Iterator[Finding]:
    """Yield numbers said in words: «ni fire åtte tolv tre tre seks ni»."""
    for match in _SPOKEN.finditer(text):
        parts = [_digits(part) for part in _TOKEN.findall(match[0])]
        digits = "".join(parts)
        told = told_before(text, match.start())
        pairs = (
            all(len(part) == 2 for part in parts) and len(parts) == 4 and "," not in match[0] and " og " not in match[0]
        )
        counted = all(int(b) == int(a) + 1 for a, b in itertools.pairwise(parts))
        enough = len(parts) >= _LEAST_SPOKEN or (told and len(parts) >= _LEAST_TOLD and len(digits) >= 8)
        if (pairs or enough) and not counted:
            born = len(digits) == 11 and begins_with_birth(digits)
            by_count = Kind.NATIONAL_ID if born else Kind.ACCOUNT if len(digits) == 11 else Kind.PHONE
            yield Finding(*match.span(), told or by_count, match[0])


def _digits(spoken: str) -> str:
    """The digits of one spoken word: «åttifem» → "85"."""
    folded = spoken.casefold().replace(" ", "")
    lists = words()
    if folded in _ONES:
        return _ONES[folded]
    if folded in lists["teens"]:
        return str(10 + lists["teens"].index(folded))
    ten = next(word for word in lists["tens"] if folded.startswith(word))
    return f"{lists['tens'].index(ten) + 2}{_ONES.get(folded.removeprefix(ten), '0')}"
