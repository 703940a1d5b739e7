"""The tokens of rich text: groups, control words, and letters in their code page (Rich Text Format 1.9.1)."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_TOKEN = re.compile(
    rb"(?P<brace>[{}])|\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|\\'(?P<byte>[0-9a-fA-F]{2})|"
    rb"\\(?P<symbol>[^a-zA-Z])|(?P<text>[^\\{}\r\n]+)|[\r\n]+|\\"
)
_CHARSETS = {77: "mac_roman", 128: "cp932", 129: "cp949", 134: "cp936", 136: "cp950", 161: "cp1253", 162: "cp1254"}
_CHARSETS |= {163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250"}
"""A font's character set (\\fcharset) → its code page; others are in the document's own."""
_CODE_PAGES = {"ansi": "cp1252", "mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
MAX_DEPTH = 500
"""Deepest nesting of groups."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token: its kind is "open", "close", "word" (with its number, 1 if it states none), "symbol" or "text"."""

    kind: str
    value: str = field(default="", repr=False)
    number: int = 1


class _Letters:
    """Turns bytes into letters: by the code page of the font, or else of the document."""

    def __init__(self, data: bytes) -> None:
        self._raw = "utf-8" if _is_utf8(data) else ""
        self._page = "cp1252"
        self._charsets: dict[int, str] = {}
        self._defined = -1  # the font that the table of fonts is at
        self._groups = [(1, -1)]  # of each open group: how many letters stand for one that cannot be read, and the font
        self.skip = 0
        self._half = ""

    def text(self, data: bytes, *, is_raw: bool = False) -> str:
        own = self._charsets.get(self._groups[-1][1], self._page)
        return data.decode(self._raw if is_raw and self._raw else own, "replace")

    def unit(self, number: int) -> str:
        """The character of a UTF-16 unit (\\u); of a pair, "" for the first and the character for the second."""
        self.skip = self._groups[-1][0]
        letters = (self._half + chr(number % 65536)).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
        is_first = 0xD800 <= number % 65536 < 0xDC00
        self._half = chr(number % 65536) if is_first else ""
        return letters if letters or is_first else "\ufffd"

    def brace(self, is_open: bool) -> None:
        self.skip = 0
        if len(self._groups) > MAX_DEPTH:
            raise ValueError(f"> {MAX_DEPTH} {{")
        if is_open:
            self._groups.append(self._groups[-1])
        elif len(self._groups) > 1:
            self._groups.pop()

    def follow(self, word: str, number: int) -> Token:
        """The token of a control word, which may change how letters are read from there on."""
        count, font = self._groups[-1]
        if word == "uc":
            self._groups[-1] = (min(max(0, number), 10), font)
        elif word == "f":
            self._groups[-1] = (count, number)
            self._defined = number
        elif word == "plain":
            self._groups[-1] = (count, -1)
        elif word == "fcharset" and number in _CHARSETS:
            self._charsets[self._defined] = _CHARSETS[number]
        elif word in _CODE_PAGES:
            self._page = _CODE_PAGES[word]
        elif word == "ansicpg":
            self._page = "mac_roman" if number == 10000 else _known(f"cp{number}") or self._page
        return Token("word", word, number)


def tokens(data: bytes) -> Iterator[Token]:
    """Yield the tokens of a file, with letters in Unicode.

    Raises:
        ValueError: groups nest deeper than `MAX_DEPTH`.
    """
    letters = _Letters(data)
    waiting = bytearray()  # bytes that may be parts of one letter
    position = 0
    while match := _TOKEN.match(data, position):
        position = match.end()
        kind, own = match.lastgroup, match[match.lastgroup or 0]
        if match["byte"] and not letters.skip:
            waiting.append(int(own, 16))
            continue
        if waiting:
            yield Token("text", letters.text(bytes(waiting)))
            waiting.clear()
        if kind == "brace":
            letters.brace(own == b"{")
            yield Token("open" if own == b"{" else "close")
        elif kind == "text":
            skipped = min(letters.skip, len(own))
            letters.skip -= skipped
            yield Token("text", letters.text(own[skipped:], is_raw=True))
        elif match["word"] == b"bin":
            position += max(0, int(match["number"] or 0))
        elif match["word"] == b"u" and match["number"]:
            yield Token("text", letters.unit(int(match["number"])))
        elif kind and letters.skip:
            letters.skip -= 1
        elif match["word"]:
            yield letters.follow(match["word"].decode("ascii"), int(match["number"] or 1))
        elif kind == "symbol":
            yield Token("symbol", own.decode("latin-1"))
    if waiting:
        yield Token("text", letters.text(bytes(waiting)))


def _is_utf8(data: bytes) -> bool:
    """Whether letters stand in the file as UTF-8, which some programs write though rich text has no such thing."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not data.isascii()


def _known(page: str) -> str:
    try:
        return codecs.lookup(page).name
    except LookupError:
        return ""
