"""A codebook as a Word file: the tree with colours and counts, then each code with its texts, to read aloud and to hand in."""

from collections.abc import Iterator

from autokode.base.formatting import counted
from autokode.base.messages import say
from autokode.corpus.codebook import Code
from autokode.report.code_colours import colours_of, line, tint
from autokode.report.coded_project import CodebookText
from autokode.report.coded_text import Written
from autokode.report.render.coded_word import INK, PAPER
from autokode.report.render.word_document import GREY, new_document, saved
from autokode.report.render.word_parts import POINTS
from autokode.report.render.word_xml import (
    RULES,
    append_xml,
    cell_xml,
    in_cell,
    paragraph_xml,
    row_xml,
    run_xml,
    table_xml,
)

SWATCH, NAME, COUNT = 0.8, 10.2, 2.5
"""Widths of the tree's columns, in cm; those of counts are there for a project's codebook alone."""
STEP = 0.6
"""Indent of each level of the tree, in cm."""
DEEPEST = 4
"""Deepest level of headings."""


def codebook_docx(text: CodebookText) -> bytes:
    """Make the .docx file of a codebook; the same bytes for the same codebook."""
    book = text.codebook
    document = new_document(book.name or say("Kodebok", "Codebook"), subject=say("Kodebok", "Codebook"))
    colours = colours_of(book)
    placed = [(code, depth) for top in book.codes for code, depth in _walk(top, 0)]
    parts = [
        paragraph_xml(run_xml(_about(text)), style="Subtitle"),
        _tree(text, placed, colours),
        *(part for code, depth in placed for part in _code(text, code, depth, colours[code.name])),
    ]
    append_xml(document, "".join(parts))
    return saved(document)


def _walk(code: Code, depth: int) -> Iterator[tuple[Code, int]]:
    yield code, depth
    for child in code.codes:
        yield from _walk(child, depth + 1)


def _about(text: CodebookText) -> str:
    book = text.codebook
    codes, tops = len(book.codable), len(book.codes)
    said = say(
        f"Kodebok: {counted(codes, 'kode', 'koder')} i {counted(tops, 'kategori', 'kategorier')}",
        f"Codebook: {counted(codes, 'code', 'codes')} in {counted(tops, 'category', 'categories')}",
    )
    if not text.is_counted:
        return f"{said}."
    count = text.codings.total()
    return f"{said}, {say(counted(count, 'koding', 'kodinger'), counted(count, 'coding', 'codings'))}."


def _tree(text: CodebookText, placed: list[tuple[Code, int]], colours: dict[str, str]) -> str:
    counts = [(say("Kodinger", "Codings"), text.codings), (say("Intervjuer", "Interviews"), text.interviews)]
    shown = counts if text.is_counted else []
    widths = [POINTS * one for one in (SWATCH, NAME, *([COUNT] * len(shown)))]
    heads = [
        in_cell(run_xml(head, look="<w:b/>"))
        for head in ("", say("Kategori eller kode", "Category or code"), *(head for head, _count in shown))
    ]
    rows = [row_xml(map(cell_xml, heads, widths), head=True)]
    for code, depth in placed:
        fill = tint(colours[code.name], paper=PAPER, ink=INK).lstrip("#")
        look = "" if depth else "<w:b/>"
        named = in_cell(run_xml(code.name, look=look), look=f'<w:ind w:left="{round(20 * POINTS * STEP * depth)}"/>')
        cells = [
            cell_xml(in_cell(""), widths[0], look=f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>'),
            cell_xml(named, widths[1]),
        ]
        numbers = [str(count[code.name]) if code.codable else "" for _head, count in shown]
        cells += [cell_xml(in_cell(run_xml(one)), width) for one, width in zip(numbers, widths[2:], strict=True)]
        rows.append(row_xml(cells))
    return table_xml(rows, widths, rules=RULES) + paragraph_xml("")


def _code(text: CodebookText, code: Code, depth: int, colour: str) -> Iterator[str]:
    """Yield the paragraphs of a code: its name beside its colour, and whatever is written of it."""
    stripe = line(colour, paper=PAPER, ink=INK).lstrip("#")
    look = f'<w:pBdr><w:left w:val="single" w:sz="36" w:space="6" w:color="{stripe}"/></w:pBdr>'
    yield paragraph_xml(run_xml(code.name), style=f"Heading{min(DEEPEST, depth + 2)}", look=look)
    facts = ", ".join(_facts(text, code))
    if facts:
        yield paragraph_xml(run_xml(facts, look=f'<w:color w:val="{GREY}"/>'))
    if code.definition:
        yield paragraph_xml(run_xml(code.definition))
    for label, said in (
        (say("Brukes når", "Use when"), code.use_when),
        (say("Brukes ikke når", "Not when"), code.not_when),
        (say("Nøkkelord", "Keywords"), ", ".join(code.keywords)),
    ):
        if said:
            yield paragraph_xml(run_xml(f"{label}: ", look="<w:b/>") + run_xml(said))
    if code.examples:
        yield paragraph_xml(run_xml(say("Eksempler", "Examples"), look="<w:b/>"), look="<w:keepNext/>")
    yield from (paragraph_xml(run_xml(example), style="Quote") for example in code.examples)
    yield from (paragraph_xml(_memo(memo)) for memo in text.memos.get(code.name, ()))


def _memo(memo: Written) -> str:
    return run_xml(say(f"Notat av {memo[0]}: ", f"Memo by {memo[0]}: "), look="<w:b/>") + run_xml(memo[1])


def _facts(text: CodebookText, code: Code) -> Iterator[str]:
    if code.number is not None:
        yield say(f"spørsmål {code.number}", f"question {code.number}")
    if not code.codable:
        yield say("bare overskrift", "heading only")
    elif text.is_counted:
        count, among = text.codings[code.name], text.interviews[code.name]
        yield say(counted(count, "koding", "kodinger"), counted(count, "coding", "codings"))
        yield say(f"i {counted(among, 'intervju', 'intervjuer')}", f"in {counted(among, 'interview', 'interviews')}")
