"""On which page each heading of a Word document is likely to fall, so that its contents are listed before Word has counted.

Lines are broken by the widths of Calibri, and blocks are set as Word sets them: what is kept together moves to the next page. An
update of the field in Word counts anew.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autokode.report.render.word_document import BODY, STYLES, TABLE, TEXT_HEIGHT, TEXT_WIDTH, WORD
from autokode.report.render.word_parts import BESIDE, level_of, listed

if TYPE_CHECKING:
    from docx.document import Document

POINTS, EMU = 72 / 2.54, 12700
CALIBRI = (
    (221, "'"),
    (229, "il"),
    (239, "j"),
    (250, ","),
    (252, ".I"),
    (268, ":;"),
    (291, "`"),
    (303, "()"),
    (305, "f"),
    (306, "-"),
    (307, "[]"),
    (314, "{}"),
    (319, "J"),
    (326, "!"),
    (335, "t"),
    (349, "r"),
    (386, "/\\"),
    (391, "s"),
    (395, "z"),
    (401, '"'),
    (420, "L"),
    (423, "c"),
    (433, "x"),
    (452, "v"),
    (453, "y"),
    (455, "k"),
    (459, "FS"),
    (460, "|"),
    (463, "?"),
    (468, "Z"),
    (471, "g"),
    (479, "aåä"),
    (487, "TY"),
    (488, "E"),
    (498, "#*+<=>^_e~éèê–§"),
    (507, "$0123456789"),
    (512, "«»"),
    (517, "P"),
    (519, "X"),
    (520, "K"),
    (525, "bdhnpquü"),
    (527, "oöóòô"),
    (529, "ø"),
    (533, "C"),
    (543, "R"),
    (544, "B"),
    (567, "V"),
    (579, "AÅ"),
    (615, "D"),
    (623, "H"),
    (631, "G"),
    (642, "U"),
    (646, "N"),
    (662, "O"),
    (664, "Ø"),
    (673, "Q"),
    (682, "&"),
    (690, "…"),
    (715, "%w"),
    (763, "Æ"),
    (773, "æ"),
    (799, "m"),
    (855, "M"),
    (890, "W"),
    (894, "@"),
    (905, "—"),
)
"""Width in thousandths of an em → the characters of Calibri that are so wide."""
_WIDTHS = {character: width / 1000 for width, characters in CALIBRI for character in characters}
_WIDTHS["\u00a0"] = 0.226
LINE = 1.2207
"""Height of a line of Calibri, in em."""
TOGETHER = 2
"""Fewest lines of a paragraph on either side of a page break."""
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph, a picture or a row of a table.

    Attributes:
        lines: heights of its lines, in points.
        before, after: space around it.
        page: whether a page begins with it; follows: whether it stays with what comes next; whole: whether it stays on one page.
        heading: whether it is a heading that is listed.
    """

    lines: tuple[float, ...]
    before: float
    after: float
    page: bool = False
    follows: bool = False
    whole: bool = False
    heading: bool = False

    @property
    def least(self) -> float:
        """The height of what must stand on the page that it begins on."""
        split = not self.whole and len(self.lines) >= 2 * TOGETHER
        return sum(self.lines[:TOGETHER] if split else self.lines)


def pages_of(document: "Document") -> list[int]:
    """The pages of the headings that the table of contents lists, whose lines are not in the document yet."""
    blocks = list(_blocks(document))
    height = TEXT_HEIGHT * POINTS
    found, page, at, gap = [], 1, _height_of_contents(document), 0.0
    for i, block in enumerate(blocks):
        space = (
            max(gap, block.before) if at else 0.0
        )  # the greater of two spaces counts, and none at the head of a page
        if at and (block.page or at + space + _needed(blocks, i) > height):
            page, at, space = page + 1, 0.0, 0.0
        at += space
        for k, line in enumerate(block.lines):
            if at + line > height and k and not block.whole:
                page, at = page + 1, 0.0
            at += line
        gap = block.after
        if block.heading:
            found.append(page)
    return found


def _needed(blocks: Sequence[_Block], start: int) -> float:
    """The height of a block's beginning with all that it is kept with."""
    needed, i = 0.0, start
    while i < len(blocks) and blocks[i].follows:
        needed += sum(blocks[i].lines) + max(blocks[i].after, blocks[i + 1].before if i + 1 < len(blocks) else 0.0)
        i += 1
    return needed + (blocks[i].least if i < len(blocks) else 0.0)


def _height_of_contents(document: "Document") -> float:
    total = 0.0
    for heading in listed(document):
        look = STYLES[f"toc {level_of(heading)}"]
        total += BODY * LINE * look.get("line", 1.0) + look.get("before", 0) + look.get("after", 0)
    return total % (TEXT_HEIGHT * POINTS)


def _blocks(document: "Document") -> Iterator[_Block]:
    from docx.table import Table
    from docx.text.paragraph import Paragraph

    for child in document.element.body:
        if child.tag == f"{WORD}p":
            yield _paragraph(Paragraph(child, document))
        elif child.tag == f"{WORD}tbl":
            yield from _rows(Table(child, document))


def _paragraph(paragraph: Any) -> _Block:
    look, own = STYLES.get(paragraph.style.name, {}), paragraph.paragraph_format
    extent = paragraph._p.find(f".//{DRAWING}extent")
    size = look.get("size", BODY)
    room = TEXT_WIDTH - look.get("left", 0.0) - look.get("right", 0.0)
    room -= 0.63 if paragraph.style.name == "List Bullet" else 0.0
    shown = "".join(
        node.text or "" if node.tag == f"{WORD}t" else "\n" for node in paragraph._p.iter(f"{WORD}t", f"{WORD}br")
    )
    line = size * LINE * look.get("line", 1.0)
    lines = (int(extent.get("cy")) / EMU + 2,) if extent is not None else (line,) * _count(shown, size, room * POINTS)
    follows = own.keep_with_next if own.keep_with_next is not None else look.get("follows", False)
    return _Block(
        lines,
        own.space_before.pt if own.space_before is not None else look.get("before", 0),
        own.space_after.pt if own.space_after is not None else look.get("after", 0),
        page=look.get("page", False),
        follows=follows,
        whole=look.get("whole", False),
        heading=1 <= level_of(paragraph) <= 3,
    )


def _rows(table: Any) -> Iterator[_Block]:
    widths = [column.width.pt - BESIDE + 2 for column in table.columns]
    line, cells = TABLE * LINE, table._cells
    for number in range(len(table.rows)):
        row = cells[number * len(widths) : (number + 1) * len(widths)]
        count = max(_count(cell.text, TABLE, width) for cell, width in zip(row, widths, strict=True))
        follows = bool(row[0].paragraphs[0].paragraph_format.keep_with_next)
        yield _Block((count * line + 4.5,), 0, 0, follows=follows, whole=True)


def _count(text: str, size: float, room: float) -> int:
    """The number of lines that a text takes."""
    lines = 0
    for paragraph in text.split("\n"):
        lines, at = lines + 1, 0.0
        for word in paragraph.split(" "):
            width = size * sum(_WIDTHS.get(character, 0.5) for character in word)
            if at and at + width > room:
                lines, at = lines + 1, 0.0
            at += width + size * _WIDTHS["\u00a0"]
    return lines
