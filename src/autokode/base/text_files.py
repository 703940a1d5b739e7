"""Decode text files: UTF-8 with or without BOM, UTF-16, Windows-1252 and MacRoman; refuse files that are not text."""

import codecs
import re
from pathlib import Path

from autokode.base.errors import DataError, failure, quoted
from autokode.base.file_kinds import kind_of, refusal
from autokode.base.files import read_bytes
from autokode.base.messages import say

_UTF8_LETTER = re.compile(rb"[\xc3-\xc5][\x80-\xbf]|[\xe2][\x80-\xbf]{2}")
"""Letters and quotation marks of Norwegian text in UTF-8; read as Windows-1252 they would be «Ã¥», which nobody writes."""

CODE_PAGES = ("windows-1252", "mac-roman")
"""Encodings of one byte a letter that are told apart; the first one is taken where both fit."""
_LETTERS = frozenset("æøåéèêëíïîóòôöõäüûàáâãñçßšžÆØÅÉÖÄÜŠŽ")
_OPENING, _CLOSING = frozenset("«“„‘"), frozenset("»”’…")
_MARKS = _CLOSING | frozenset("–—•·°§½€£´\u00a0\u00ad")
_BOMS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def encodings() -> str:
    """The encodings that Norwegian text mostly has, with where they come from, in words."""
    return say(
        "utf-8, utf-16, windows-1252 (eldre Windows), iso-8859-1 (eldre Linux) eller mac-roman (eldre Mac)",
        "utf-8, utf-16, windows-1252 (older Windows), iso-8859-1 (older Linux) or mac-roman (older Mac)",
    )


def read_text(path: Path, encoding: str | None = None) -> str:
    """Read a text file; line ends stay as they are, a byte order mark is left out.

    The encoding follows from the byte order mark; without one UTF-16 and UTF-8 are tried, and then the code page of Windows or of
    older Macs in which the letters are those of Norwegian words.

    Raises:
        DataError: the file is missing, empty, not text (a picture, an old Word file), or mixes encodings.
    """
    data = read_bytes(path)
    text = decode(data, str(path), encoding) if data.strip(b" \t\r\n\x00") else ""
    if not text.strip():
        what = "filen er tom; ventet tekst", "the file is empty; expected text"
        raise failure(*what, where=path, try_next=f"ls -l {quoted(path)}")
    return text


def decode(data: bytes, name: str, encoding: str | None = None) -> str:
    """Decode bytes as `read_text` does; `name` is the file to name in an error."""
    kind = kind_of(data)
    if kind is not None:
        raise refusal(kind, name)
    for bom, known in _BOMS.items():
        if data.startswith(bom):
            data = data[len(bom) :]
            encoding = known if encoding is None or encoding.lower().startswith("utf") else encoding
            break
    if encoding is not None:
        return _decode_as(data, name, encoding)
    found = encoding_of(data)
    if found in CODE_PAGES:
        _refuse_mixed(data, name)
    text = _decode_as(data, name, found)
    if not found.startswith("utf-16"):
        _refuse_control_characters(text, name)
    return text


def encoding_of(data: bytes) -> str:
    """The encoding of a file's bytes, as `read_text` finds it; "utf-8" if they are ASCII."""
    stated = next((known for bom, known in _BOMS.items() if data.startswith(bom)), None) or _utf16_without_bom(data)
    if stated is not None:
        return stated
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return code_page_of(data)
    return "utf-8"


def code_page_of(data: bytes) -> str:
    """The code page, of `CODE_PAGES`, in which the letters outside ASCII are those of Norwegian words, in their places."""
    return max(CODE_PAGES, key=lambda page: _fit(data.decode(page, "replace")))


def _fit(text: str) -> int:
    """How many of the letters and marks outside ASCII stand as they do in Norwegian, minus how many do not."""
    fit = 0
    for match in re.finditer(r"[^\x00-\x7f]", text):
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        own = match[0]
        if own in _LETTERS:
            is_alone = not before.isalpha() and not after.isalpha()
            fits = own in "åÅøØ" if is_alone else own.islower() or not before.islower()
        elif own in _OPENING:
            fits = not before.isalpha() and not after.isspace()
        else:
            fits = own in _MARKS and (own not in _CLOSING or not before.isspace())
        fit += 1 if fits else -1
    return fit


def _utf16_without_bom(data: bytes) -> str | None:
    sample = data[:4000]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if half and odd > 0.6 * half and even < 0.1 * half:
        return "utf-16-le"
    if half and even > 0.6 * half and odd < 0.1 * half:
        return "utf-16-be"
    return None


def _decode_as(data: bytes, name: str, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except LookupError as error:
        raise failure(
            f"ukjent tegnkoding «{encoding}»; ventet {encodings()}",
            f"unknown encoding «{encoding}»; expected {encodings()}",
            where=name,
            try_next="--encoding utf-8",
        ) from error
    except UnicodeDecodeError as error:
        byte = f"{encoding}: byte 0x{data[error.start]:02x}"
        what = f"er ikke {byte} gir ikke noe tegn", f"is not {byte} is not a character"
        raise _not_text(name, *what, line=data.count(b"\n", 0, error.start) + 1) from error


def _refuse_mixed(data: bytes, name: str) -> None:
    """Refuse a file pasted together of lines in UTF-8 and lines in Windows-1252, and say which lines are which."""
    utf8, other = [], []
    for number, line in enumerate(re.split(rb"\r\n|\n|\r", data), 1):
        if _UTF8_LETTER.search(line):
            utf8.append(number)
        if not _UTF8_LETTER.sub(b"", line).isascii():
            other.append(number)
    if utf8 and other:
        raise failure(
            f"blander tegnkodinger: linje {_some(utf8)} er UTF-8, linje {_some(other)} er det ikke (Windows-1252?)",
            f"mixes encodings: line {_some(utf8)} is UTF-8, line {_some(other)} is not (Windows-1252?)",
            where=name,
            line=other[0],
            try_next=say("lagre filen på nytt som UTF-8, eller", "save the file again as UTF-8, or")
            + " --encoding windows-1252",
        )


def _some(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers[:3])) + (" …" if len(numbers) > 3 else "")


def _refuse_control_characters(text: str, name: str) -> None:
    found = next((c for c in text[:100_000] if c < " " and c not in "\t\n\r\x0b\x0c\x1c\x1d\x1e\x1f"), None)
    if found is not None:
        code = f"U+{ord(found):04X}"
        what = f"er ikke ren tekst: tegn {code} i filen", f"is not plain text: character {code}"
        raise _not_text(name, *what, line=text.count("\n", 0, text.index(found)) + 1)


def _not_text(name: str, norwegian: str, english: str, *, line: int | None = None) -> DataError:
    return failure(norwegian, english, where=name, line=line, try_next=f"file {quoted(name)}")
