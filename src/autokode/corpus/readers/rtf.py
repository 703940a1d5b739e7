"""Read rich text (.rtf, as f4 and f5 transkript, TextEdit and Word write it)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autokode.base.errors import failure, unreadable
from autokode.base.files import read_bytes
from autokode.base.messages import say
from autokode.corpus.readers.blocks import CONTENTS, PAGE_END, TITLE, Grid, Line, Piece, Words, lines_of
from autokode.corpus.readers.document_text import source_of_blocks
from autokode.corpus.readers.rtf_tables import Rows
from autokode.corpus.readers.rtf_tokens import Token, tokens
from autokode.corpus.readers.source import Source, with_text

MAX_BYTES = 50_000_000
_BOXES = frozenset(("shptxt", "dptxbxtext"))
"""Groups of text boxes: what stands in them is read, although it stands within a drawing."""
_OPEN = frozenset(("ud", "nesttableprops", "shpinst", "fldrslt", "result"))
"""Groups that may be marked as unknown (\\*), but are read as what they stand in."""
_KINDS = {"footnote": "note", "annotation": "comment"} | dict.fromkeys(("xe", "tc", "tcn"), "hidden")
_KINDS |= {f"{name}{page}": "margin" for name in ("header", "footer") for page in ("", "l", "r", "f")}
"""Groups whose words nobody says → their kind."""
_DRAWINGS = frozenset(("do", "shp", "upr"))
"""Groups of which only a text box, or the letters in Unicode, are read."""
_CODES = frozenset(
    "fonttbl colortbl info pict objdata fldinst datafield listtable listoverridetable revtbl rsidtbl listtext pntext "
    "nonesttables shprslt ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn atnid atnauthor bkmkstart bkmkend filetbl template".split()
)
"""Groups without words: tables of the document, pictures, codes of fields, numbers of lists."""
_LETTERS = {"tab": "\t", "line": "\n", "lbr": "\n", "page": PAGE_END, "column": PAGE_END, "emdash": "—", "endash": "–"}
_LETTERS |= {"bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "nestcell": "\t"}
_LETTERS |= {"nestrow": "\n"} | dict.fromkeys(("emspace", "enspace", "qmspace"), " ")
_SYMBOLS = {"~": "\u00a0", "_": "-", "\\": "\\", "{": "{", "}": "}", "\t": "\t"}
_BODY = 9
"""The outline level of what is no heading."""
_CHANGES: dict[str, Callable[[int], dict[str, Any]]] = {
    "b": lambda number: {"is_bold": number != 0},
    "v": lambda number: {"is_hidden": number != 0},
    "deleted": lambda number: {"is_deleted": number != 0},
    "mvf": lambda number: {"is_moved": number != 0},
    "plain": lambda _number: {"is_bold": False, "is_hidden": False, "is_deleted": False, "is_moved": False},
    "pard": lambda _number: {"style": 0, "level": _BODY, "in_table": False},
    "s": lambda number: {"style": number},
    "outlinelevel": lambda number: {"level": number},
    "intbl": lambda _number: {"in_table": True},
    "ud": lambda _number: {"unread": ""},
}
"""Control word → what it changes for the rest of its group."""


def read_rtf(path: Path) -> Source:
    """Read a .rtf without deleted and hidden text, notes, comments, headers and footers.

    Raises:
        DataError: not RTF, too large, or without text.
    """
    data = read_bytes(path)
    mend = say("lagre den som .docx eller .txt", "save it as .docx or .txt")
    if len(data) > MAX_BYTES:
        raise failure("er over 50 MB", "is larger than 50 MB", where=path, try_next=mend)
    if not data.lstrip().startswith(b"{\\rtf"):
        what = "er ikke RTF (ventet {\\rtf først)", "is no RTF (expected {\\rtf first)"
        raise failure(*what, where=path, try_next=mend)
    reader = _Reader()
    try:
        for token in tokens(data.lstrip()):
            reader.read(token)
    except ValueError as error:
        raise unreadable("RTF", error, where=path, try_next=say("lagre den på nytt", "save it again")) from error
    return with_text(source_of_blocks(reader.blocks(), reader.words.all()), path, "Word")


@dataclass(frozen=True, slots=True)
class _Group:
    """What holds for the text of a group and of those in it.

    Attributes:
        unread: "codes" if it has no words, "drawing" if only text boxes in it have, "styles" in the table of styles, or "".
        kind: the kind of its words, where nobody says them, or "".
        style, level, in_table: of the paragraph.
    """

    unread: str = ""
    kind: str = ""
    is_bold: bool = False
    is_hidden: bool = False
    is_deleted: bool = False
    is_moved: bool = False
    style: int = 0
    level: int = _BODY
    in_table: bool = False


class _Reader:
    """Reads tokens into lines and grids; `words` gathers what is left out."""

    def __init__(self) -> None:
        self.words = Words()
        self._blocks: list[Line | Grid] = []
        self._rows = Rows()
        self._groups = [_Group()]
        self._is_starred = False
        self._pieces: list[Piece] = []
        self._outside: list[
            tuple[int, list[Piece]]
        ] = []  # of each open text box: its depth, and the paragraph it stands in
        self._boxes: list[Line] = []
        self._last_kind = ""
        self._count = 0
        self._styles: dict[int, str] = {}

    def read(self, token: Token) -> None:
        """Read the next token."""
        if token.kind == "open":
            self._groups.append(self._groups[-1])
        elif token.kind == "close":
            self._close()
        elif token.kind == "text":
            self._say(token.value)
        elif token.kind == "symbol" and token.value in "\r\n":
            self._end_paragraph()
        elif token.kind == "symbol":
            self._is_starred = token.value == "*"
            self._say(_SYMBOLS.get(token.value, ""))
        else:
            self._word(token.value, token.number)

    def blocks(self) -> list[Line | Grid]:
        """The blocks, after the last token."""
        if self._pieces:
            self._end_paragraph()
        self._end_table()
        return self._blocks

    def _word(self, word: str, number: int) -> None:
        group = self._groups[-1]
        is_starred, self._is_starred = self._is_starred, False
        if group.unread == "codes":
            return
        if word in _LETTERS:
            self._say(_LETTERS[word])
        elif word in _CHANGES:
            self._groups[-1] = replace(group, **_CHANGES[word](number))
        elif word in ("par", "sect"):
            self._end_paragraph()
        elif word == "cell":
            self._end_paragraph(ends_cell=True)
        elif word == "row":
            self._rows.end_row()
        elif word in _BOXES or word in _KINDS or word in _DRAWINGS or word in _CODES or word == "stylesheet":
            self._enter(word)
        elif is_starred and word not in _OPEN:
            self._groups[-1] = replace(group, unread="codes")
        else:
            self._rows.follow(word, number)

    def _enter(self, word: str) -> None:
        """Begin a group that is not read as other text is."""
        group = self._groups[-1]
        if word in _BOXES:
            self._outside.append((len(self._groups), self._pieces))
            self._pieces = []
            self._groups[-1] = replace(_Group(), kind=group.kind)
        elif word in _KINDS:
            self._last_kind = ""
            self._groups[-1] = replace(group, kind=_KINDS[word])
        else:
            unread = "styles" if word == "stylesheet" else "drawing" if word in _DRAWINGS else "codes"
            self._groups[-1] = replace(group, unread=unread)

    def _close(self) -> None:
        if self._outside and len(self._groups) == self._outside[-1][0]:
            self._end_paragraph()
            self._pieces = self._outside.pop()[1]
        if len(self._groups) > 1:
            self._groups.pop()

    def _say(self, text: str) -> None:
        group = self._groups[-1]
        if group.unread == "styles":
            self._styles[group.style] = self._styles.get(group.style, "") + text
        if group.unread or group.is_moved or not text:
            return
        kind = group.kind or ("deleted" if group.is_deleted else "hidden" if group.is_hidden else "")
        if kind:
            self.words.add(kind, text, joins=kind == self._last_kind)
        else:
            self._pieces.append((text.replace("\u00ad", ""), group.is_bold))
        self._last_kind = kind

    def _end_paragraph(self, *, ends_cell: bool = False) -> None:
        group = self._groups[-1]
        if group.kind:
            self._say(" ")
            return
        name = self._styles.get(group.style, "").strip(" ;").casefold()
        lines = list(lines_of(self._pieces, is_title=group.level < _BODY or TITLE.fullmatch(name) is not None))
        if CONTENTS.fullmatch(name):
            self.words.add("contents", "".join(text for text, _bold in self._pieces))
            lines = []
        elif not any(line.text.strip() for line in lines) and (self._boxes or self.words.count > self._count):
            lines = []
        self._pieces, self._last_kind, self._count = [], "", self.words.count
        if self._outside:
            self._boxes += lines
            return
        lines += self._boxes
        self._boxes = []
        if ends_cell or group.in_table:
            self._rows.add(lines, ends_cell=ends_cell)
        else:
            self._end_table()
            self._blocks += lines

    def _end_table(self) -> None:
        grid = self._rows.take()
        if grid is not None:
            self._blocks.append(grid)
