"""Numbers and text as readers and their programs take them."""

import re

from autokode.base.messages import say

BLANK = " \t\r\n\x00"
"""What a text without any text may hold; a text of other spaces is kept, since there may be codings in it."""

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def number(value: float, decimals: int = 2) -> str:
    """Return a number with so many decimals, with the reader's decimal mark.

    >>> number(0.5)
    '0,50'
    """
    return say(f"{value:.{decimals}f}".replace(".", ","), f"{value:.{decimals}f}")


def whole(value: int) -> str:
    """Return a whole number, thousands apart.

    >>> whole(1234567).split()
    ['1', '234', '567']
    """
    return f"{value:,}".replace(",", say("\u00a0", ","))


def percent(value: float) -> str:
    """Return a share as a percentage.

    >>> percent(0.25).split()
    ['25', '%']
    """
    return say(f"{100 * value:.0f}\u00a0%", f"{100 * value:.0f}%")


def one_line(text: str) -> str:
    """A text on one line: each run of white space becomes one space, none at the ends.

    >>> one_line("Vi tok\\n  en kaffe.")
    'Vi tok en kaffe.'
    """
    return " ".join(text.split())


def shortened(text: str, longest: int) -> str:
    """A text on one line, cut to so many code points; the last is «…» where something is left out.

    >>> shortened("Vi tok en kaffe.", 8)
    'Vi tok…'
    """
    line = one_line(text)
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def for_xml(text: str) -> str:
    """Return text without the characters that no XML file can hold, each replaced by U+FFFD.

    >>> for_xml("en\\x00to")
    'en�to'
    """
    return _NOT_XML.sub("\ufffd", text)
