"""Kinds of files that hold no text to read, told by their first bytes or their ending, and what people can do with them."""

import re
from dataclasses import dataclass
from pathlib import Path

from autokode.base.archive import Archive
from autokode.base.errors import DataError, failure, quoted
from autokode.base.messages import say

HEAD = 4096
"""How many bytes at the beginning of a file tell its kind."""


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file.

    Attributes:
        what: what such a file is, in Norwegian and in English, after «er».
        mend: what to do with it, in Norwegian and in English.
        becomes: the ending of what comes of that, for the next command; or "".
        endings: of such files.
        signatures: (offset, bytes) that such files have, one of them.
    """

    what: tuple[str, str]
    mend: tuple[str, str]
    becomes: str = ".docx"
    endings: tuple[str, ...] = ()
    signatures: tuple[tuple[int, bytes], ...] = ()


_SAVE = (
    "åpne den i Word eller LibreOffice, og velg Fil > Lagre som > Word-dokument (.docx)",
    "open it in Word or LibreOffice, and choose File > Save as > Word document (.docx)",
)
_WRITE_DOWN = (
    "la et program skrive det ut, for eksempel aTrain, noScribe eller Word på nettet (Hjem > Dikter > Transkriber)",
    "have a program write it down, for example aTrain, noScribe or Word on the web (Home > Dictate > Transcribe)",
)
_TYPE = ("skriv teksten inn i Word", "type the text into Word")
PASSWORD = FileKind(
    ("er låst med passord", "is locked with a password"),
    (
        "åpne den, velg Fil > Info > Beskytt dokument > Krypter med passord, tøm feltet og lagre",
        "open it, choose File > Info > Protect document > Encrypt with password, empty the field and save",
    ),
    "",
)
_OLD_WORD = FileKind(
    ("er Words gamle format, Word 97–2003 (.doc)", "is Word's old format, Word 97–2003 (.doc)"),
    _SAVE,
    endings=(".doc", ".dot", ".wps"),
    signatures=((0, b"\xd0\xcf\x11\xe0"), (0, b"\xdb\xa5-\0")),
)
_OLD_SHEET = FileKind(
    ("er et regneark i et eldre format", "is a spreadsheet in an older format"),
    (
        "åpne den i Excel, og velg Fil > Lagre som > Excel (.xlsx)",
        "open it in Excel, and choose File > Save as > Excel (.xlsx)",
    ),
    ".xlsx",
    endings=(".xls", ".ods"),
)
PACKED = FileKind(
    ("er en pakket fil (zip)", "is a packed file (zip)"),
    ("pakk den ut, og les filene i den", "unpack it, and read the files in it"),
    "",
    endings=(".zip",),
    signatures=((0, b"PK\3\4"),),
)
KINDS = (
    FileKind(
        (
            "er PDF, som ikke sier hva som er avsnitt og linjer",
            "is PDF, which does not say what paragraphs and lines are",
        ),
        (
            "åpne den i Word (Fil > Åpne), se over teksten, og velg Fil > Lagre som > Word-dokument (.docx); "
            "er den skannet, må den gjennom tekstgjenkjenning (OCR) først",
            "open it in Word (File > Open), look through the text, and choose File > Save as > Word document (.docx); "
            "a scan needs text recognition (OCR) first",
        ),
        endings=(".pdf",),
        signatures=((0, b"%PDF"),),
    ),
    _OLD_WORD,
    FileKind(
        ("er et Word-dokument med makroer, eller en mal", "is a Word document with macros, or a template"),
        _SAVE,
        endings=(".docm", ".dotx", ".dotm"),
    ),
    FileKind(
        ("er fra WordPerfect eller et annet eldre program", "is from WordPerfect or another older program"),
        _SAVE,
        endings=(".wpd", ".wp", ".wri", ".sxw", ".ott", ".fodt"),
        signatures=((0, b"\xffWPC"),),
    ),
    FileKind(
        ("er fra Pages på Mac", "is from Pages on a Mac"),
        (
            "åpne den i Pages, og velg Arkiv > Eksporter til > Word",
            "open it in Pages, and choose File > Export to > Word",
        ),
        endings=(".pages",),
    ),
    FileKind(
        ("er bare en lenke til Google Dokumenter", "is only a link to Google Docs"),
        (
            "åpne den på nettet, og velg Fil > Last ned > Microsoft Word (.docx)",
            "open it on the web, and choose File > Download > Microsoft Word (.docx)",
        ),
        endings=(".gdoc",),
    ),
    FileKind(
        ("er et opptak, og ikke det som ble sagt, skrevet ned", "is a recording, and not what was said, written down"),
        _WRITE_DOWN,
        endings=(
            *(
                ".mp3",
                ".m4a",
                ".mp4",
                ".wav",
                ".wma",
                ".aac",
                ".ogg",
                ".opus",
                ".flac",
                ".aif",
                ".aiff",
                ".amr",
                ".3gp",
            ),
            *(".dss", ".ds2", ".mov", ".avi", ".mkv", ".webm", ".wmv", ".mts", ".m4v"),
        ),
        signatures=(
            *((4, b"ftyp"), (8, b"WAVE"), (8, b"AVI "), (0, b"OggS"), (0, b"fLaC"), (0, b"\x30\x26\xb2\x75")),
            *((0, b"\x1a\x45\xdf\xa3"), (0, b"\xff\xfb"), (0, b"\xff\xf3"), (0, b"#!AMR")),
            *((0, b"ID3\2"), (0, b"ID3\3"), (0, b"ID3\4")),  # with the version: a transcript may begin with «ID3: ja»
        ),
    ),
    *(
        FileKind((f"er {name}, et bilde", f"is {name}, a picture"), _TYPE, endings=endings, signatures=((0, first),))
        for name, first, endings in (
            ("PNG", b"\x89PNG", (".png",)),
            ("JPEG", b"\xff\xd8\xff", (".jpg", ".jpeg", ".heic")),
            ("GIF", b"GIF8", (".gif",)),
            ("TIFF", b"II*\0", (".tif", ".tiff")),
        )
    ),
    _OLD_SHEET,
    FileKind(
        ("er et prosjekt fra et annet program", "is a project of another program"),
        (
            "eksporter prosjektet derfra som REFI-QDA (.qdpx), og så: autokode import PROSJEKT.qdpx",
            "export the project from there as REFI-QDA (.qdpx), and then: autokode import PROJECT.qdpx",
        ),
        "",
        endings=(".nvp", ".nvpx", ".nvpz", ".mx20", ".mx22", ".mx24", ".mqda", ".atlproj", ".atlproj22", ".atlproj23"),
    ),
    FileKind(
        ("er et prosjekt eller en kodebok", "is a project or a codebook"),
        ("autokode import --help", "autokode import --help"),
        "",
        endings=(".qdpx", ".qde", ".qdc", ".qda"),
    ),
    PACKED,
)
"""All kinds; the first that fits counts."""


def kind_of(data: bytes, ending: str = "") -> FileKind | None:
    """The kind of a file by its first bytes, or else by its ending, such as ".pdf"; None if it is none of these."""
    stated = next((kind for kind in KINDS if ending.lower() in kind.endings), None)
    found = next((kind for kind in KINDS if any(data.startswith(first, at) for at, first in kind.signatures)), None)
    if found is _OLD_WORD and "EncryptedPackage".encode("utf-16-le") in data:
        return PASSWORD
    if found is _OLD_WORD and "Workbook".encode("utf-16-le") in data:
        return _OLD_SHEET
    return found if stated is None or found not in (None, PACKED) else stated


def refusal(kind: FileKind, where: object, path: Path | None = None) -> DataError:
    """Make the error for a file of a kind: what it is, what to do, and the command to give then."""
    mend = say(*kind.mend)
    if path is not None and kind.becomes and path.suffix.lower() != kind.becomes:
        mend += say(", og så: ", ", and then: ") + f"autokode transcript {quoted(path.with_suffix(kind.becomes))}"
    return failure(*kind.what, where=where, try_next=mend)


def real_ending(path: Path, data: bytes) -> str:
    """The ending that a document should have by its content: ".docx", ".odt", ".xlsx", ".rtf" or ".html"; "" if it is none."""
    start = data[:HEAD].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"{\\rtf"):
        return ".rtf"
    if re.match(rb"<!doctype html|<html[\s>]", start):
        return ".html"
    if not start.startswith(b"pk\3\4"):
        return ""
    try:
        names = Archive(path, data).names
    except DataError:
        return ""
    known = {"word/document.xml": ".docx", "xl/workbook.xml": ".xlsx", "content.xml": ".odt"}
    return next((ending for name, ending in known.items() if name in names), "")
