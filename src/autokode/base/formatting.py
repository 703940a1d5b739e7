"""Numbers and text as people and other programs expect them."""

import re
from datetime import datetime

from autokode.base.messages import say

BLANK = " \t\r\n\x00"
"""Characters that do not count as content. A text of other white space is kept: codings may point into it."""

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def number(value: float, decimals: int = 2) -> str:
    """A number with a fixed count of decimals and the decimal mark of the language.

    >>> number(0.5)
    '0,50'
    """
    return say(f"{value:.{decimals}f}".replace(".", ","), f"{value:.{decimals}f}")


def whole(value: int) -> str:
    """A whole number with its thousands separated.

    >>> whole(1234567).split()
    ['1', '234', '567']
    """
    return f"{value:,}".replace(",", say("\u00a0", ","))


def counted(count: int, one: str, several: str) -> str:
    """A whole number with the noun that goes with it.

    >>> counted(1, "koding", "kodinger"), counted(3, "koding", "kodinger")
    ('1 koding', '3 kodinger')
    """
    return f"{whole(count)} {one if count == 1 else several}"


def percent(value: float) -> str:
    """A share as a percentage.

    >>> percent(0.25).split()
    ['25', '%']
    """
    return say(f"{100 * value:.0f}\u00a0%", f"{100 * value:.0f}%")


def day(time: str, *, clock: bool = False) -> str:
    """A moment (ISO 8601) as the day it was here, with the hour and minute if wanted.

    >>> day("2026-12-02T12:00:00+00:00")
    '02.12.2026'
    """
    here = datetime.fromisoformat(time).astimezone()
    return say(f"{here:%d.%m.%Y}", f"{here:%Y-%m-%d}") + f" {here:%H:%M}" * clock


def one_line(text: str) -> str:
    """A text on one line: one space for each run of white space, none at the ends.

    >>> one_line("Vi tok\\n  en kaffe.")
    'Vi tok en kaffe.'
    """
    return " ".join(text.split())


def shortened(text: str, longest: int) -> str:
    """A text on one line, cut to at most `longest` code points with «…» at the end.

    >>> shortened("Vi tok en kaffe.", 8)
    'Vi tok…'
    """
    line = one_line(text)
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def natural(name: str) -> list[tuple[str, int]]:
    """A key that sorts names as people do, with the numbers in them by size.

    >>> sorted(["intervju 10", "Intervju_2", "intervju1", "Anne"], key=natural)
    ['Anne', 'intervju1', 'Intervju_2', 'intervju 10']
    """
    parts = re.findall(r"(\D*)(\d*)", name)
    return [(re.sub(r"[\W_]+", " ", text).strip().casefold(), int(digits or 0)) for text, digits in parts]


def for_xml(text: str) -> str:
    """A text with U+FFFD in place of each character that XML cannot hold.

    >>> for_xml("en\\x00to")
    'en�to'
    """
    return _NOT_XML.sub("\ufffd", text)
