"""A theme book as a Word file: real headings, quotes, captions and lists, to be edited and given a table of contents."""

import io
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from autokode.base.archive import undated
from autokode.base.formatting import for_xml, number, one_line, percent
from autokode.base.messages import LANGUAGES, language, say
from autokode.report.book import Book
from autokode.report.material import Place, Quote
from autokode.report.methods import Methods
from autokode.report.methods_text import TITLES, paragraphs
from autokode.report.plots import Picture
from autokode.report.themes import Theme

if TYPE_CHECKING:
    from docx.document import Document

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LANG = {"nb": "nb-NO", "en": "en-GB"}
WIDE, FIRST = 15.2, 5.5
"""Width of a table and of its first column, in cm."""

QUOTED = 3
"""Heading levels above the parts of a theme; Word has nine."""


def docx_bytes(book: Book) -> bytes:
    """Return the report as a .docx file; the same bytes for the same book."""
    document = _document(book.title)
    document.add_paragraph(_subtitle(book), style="Subtitle")
    document.add_heading(say("Oversikt", "Overview"), 1)
    _overview(document, book)
    _picture(document, book.pictures.bars)
    links = _Links(document)
    for theme in book.themes:
        _theme(document, book, theme, links)
    document.add_heading(say("Koder som står sammen", "Codes that fall together"), 1)
    _together(document, book)
    if book.proposal is not None and book.pictures.tree is not None:
        document.add_heading(say("Forslag til kategorier", "Suggested categories"), 1)
        _picture(document, book.pictures.tree)
        heads = (say("gruppe (ord som går igjen)", "group (words that recur)"), say("koder", "codes"))
        _table(document, heads, [(group.heading, "; ".join(group.codes)) for group in book.proposal.groups])
    _methods(document, book.methods)
    _cited(document, book, links)
    return _saved(document)


def methods_docx(methods: Methods, title: str) -> bytes:
    """Return the methods section alone, in both languages, as a .docx file."""
    document = _document(title)
    _methods(document, methods)
    return _saved(document)


def _document(title: str) -> "Document":
    import docx

    document = docx.Document()
    document.core_properties.title = for_xml(title)
    document.core_properties.author = ""
    document.core_properties.comments = ""
    document.core_properties.created = document.core_properties.modified = datetime(2000, 1, 1)  # noqa: DTZ001
    for element in document.styles.element.iter(f"{WORD}lang"):
        element.set(f"{WORD}val", LANG[language()])
    document.add_paragraph(for_xml(title), style="Title")
    return document


def _saved(document: "Document") -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return undated(buffer.getvalue())


def _subtitle(book: Book) -> str:
    m = book.methods
    return say(
        f"Temabok: {m.interviews} intervjuer, {m.speakers} informanter, {len(book.material.codings)} kodinger. Sitater og "
        "sammendrag er valgt av programmet ut fra ordene; les dem som forslag.",
        f"Theme book: {m.interviews} interviews, {m.speakers} informants, {len(book.material.codings)} codings. Quotes and "
        "summaries were chosen by the program from the words; read them as suggestions.",
    )


def _overview(document: "Document", book: Book) -> None:
    heads = (
        say("kode", "code"),
        say("svar", "answers"),
        say("sitater", "quotes"),
        say("intervjuer", "interviews"),
        say("kontorer", "offices"),
        say("informanter", "informants"),
    )
    rows = [
        (
            theme.name,
            str(sum(one.utterances for one in theme.interviews)),
            str(len(theme.quotes)),
            _of(theme.interviews),
            _of(theme.offices),
            _of(theme.speakers),
        )
        for theme in book.themes
    ]
    _table(document, heads, rows)


def _of(counts: Sequence[Any]) -> str:
    return f"{sum(bool(one.utterances) for one in counts)} {say('av', 'of')} {len(counts)}"


def _theme(document: "Document", book: Book, theme: Theme, links: "_Links") -> None:
    depth = _depth(book, theme.name)
    document.add_heading(for_xml(theme.name), depth)
    if theme.name in book.material.codebook and book.material.codebook[theme.name].definition:
        document.add_paragraph(for_xml(book.material.codebook[theme.name].definition))
    for memo in book.memos.get(theme.name, ()):
        document.add_paragraph(f"{say('Notat', 'Memo')}: {for_xml(memo)}")
    if not theme.quotes:
        document.add_paragraph(say("Ingen informant er kodet slik.", "No informant was coded so."))
        return
    document.add_paragraph(_told(theme))
    if theme.summary:
        document.add_heading(say("Utkast til sammendrag, i informantenes ord", "Draft of a summary"), depth + 1)
        for sentence in theme.summary:
            paragraph = document.add_paragraph(for_xml(one_line(sentence.text)) + " ", style="List Bullet")
            links.to(paragraph, sentence)
    for title, quote in (
        (say("Typisk", "Typical"), theme.typical),
        (say("Utypisk", "Atypical"), theme.atypical),
        (say("Kan motsi det typiske", "May contradict the typical"), theme.opposite.quote if theme.opposite else None),
    ):
        if quote is not None:
            document.add_heading(title, depth + 1)
            _quoted(document, quote)
    document.add_heading(say("Hvem snakker om dette", "Who speaks of it"), depth + 1)
    heads = (say("kontor", "office"), say("svar", "answers"), say("andel", "share"))
    _table(document, heads, [(one.name, f"{one.utterances}", percent(one.share)) for one in theme.offices])
    if theme.silent:
        names = ", ".join(f"{one.name} ({one.office})" for one in theme.silent)
        document.add_paragraph(f"{say('Ikke kodet slik', 'Not coded so')}: {for_xml(names)}.")


def _told(theme: Theme) -> str:
    answers = sum(one.utterances for one in theme.interviews)
    return say(
        f"{answers} svar i {_of(theme.interviews)} intervjuer; {_of(theme.speakers)} informanter snakker om dette.",
        f"{answers} answers in {_of(theme.interviews)} interviews; {_of(theme.speakers)} informants speak of it.",
    )


def _depth(book: Book, name: str) -> int:
    """Return the heading level of a code: 1 at the top of the tree, 3 at the most."""

    def walk(codes: Sequence[Any], level: int) -> int | None:
        for code in codes:
            if code.name == name:
                return level
            below = walk(code.codes, level + 1)
            if below is not None:
                return below
        return None

    return min(QUOTED, walk(book.material.codebook.codes, 1) or 1)


def _quoted(document: "Document", quote: Quote) -> None:
    """Add a quote and who said it."""
    paragraph = document.add_paragraph(for_xml(one_line(quote.text)), style="Quote")
    paragraph.paragraph_format.keep_with_next = True
    document.add_paragraph(f"{for_xml(quote.attribution)} ({quote.transcript} #{quote.utterance + 1})")


def _together(document: "Document", book: Book) -> None:
    if book.pictures.heat_map is not None:
        _picture(document, book.pictures.heat_map)
    heads = (
        say("par", "pair"),
        say("svar", "answers"),
        say("andel av første", "share of first"),
        say("andel av andre", "share of second"),
        say("løft", "lift"),
        "95 %",
    )
    rows = []
    for pair in book.pairs:
        interval = f"{number(pair.interval[0], 1)}–{number(pair.interval[1], 1)}" if pair.interval else ""
        lift = "–" if pair.lift is None else number(pair.lift, 1)
        shares = (percent(pair.share_a), percent(pair.share_b))
        rows.append((f"{pair.a} + {pair.b}", str(pair.both), *shares, lift, interval))
    _table(document, heads, rows)


def _methods(document: "Document", methods: Methods) -> None:
    for code in sorted(LANGUAGES, key=lambda code: code != language()):
        document.add_heading(TITLES[code], 1)
        for text in paragraphs(methods, code):
            paragraph = document.add_paragraph(for_xml(text))
            for run in paragraph.runs:
                _set_language(run, LANG[code])


def _set_language(run: Any, tag: str) -> None:
    from docx.oxml import OxmlElement

    element = OxmlElement("w:lang")
    element.set(f"{WORD}val", tag)
    run._element.get_or_add_rPr().append(element)


def _picture(document: "Document", picture: Picture) -> None:
    from docx.shared import Cm

    shape = document.add_picture(io.BytesIO(picture.png), width=Cm(picture.width_cm))
    about = shape._inline.docPr
    about.set("descr", for_xml(picture.alt))
    about.set("title", for_xml(picture.caption))
    document.add_paragraph(for_xml(picture.caption), style="Caption")


def _table(document: "Document", heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Add a table whose heading is repeated on each page."""
    from docx.oxml import OxmlElement
    from docx.shared import Cm

    table = document.add_table(1 + len(rows), len(heads), style="Light List")
    cells = iter(table._cells)
    for text in [*heads, *(cell for row in rows for cell in row)]:
        next(cells).text = for_xml(text)
    table.autofit = False
    others = (WIDE - FIRST) / max(1, len(heads) - 1)
    for row in table.rows:
        for i, cell in enumerate(row.cells):
            cell.width = Cm(others if i else FIRST)
    repeated = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    document.add_paragraph()


def _cited(document: "Document", book: Book, links: "_Links") -> None:
    """Add the answers that summaries are from, each with the mark that their links lead to."""
    if links.names:
        document.add_heading(say("Svarene sammendragene er hentet fra", "The answers that summaries are from"), 1)
    material = book.material
    for (name, index), mark in links.names.items():
        transcript = material.transcripts[name]
        utterance = transcript.utterances[index]
        asked = transcript.question_of(utterance)
        if asked:
            document.add_paragraph().add_run(for_xml(one_line(asked))).italic = True
        paragraph = document.add_paragraph(
            for_xml(one_line(transcript.text[utterance.start : utterance.end])), style="Quote"
        )
        links.mark(paragraph, mark)
        names = f"«{utterance.speaker}», «{material.office(name)}»"
        document.add_paragraph(for_xml(f"- {names} ({name} #{index + 1})"))


class _Links:
    """Links from summaries to answers, and the marks at these."""

    def __init__(self, document: "Document") -> None:
        self.document = document
        self.names: dict[Place, str] = {}

    def to(self, paragraph: Any, sentence: Quote) -> None:
        """Add who says a sentence, as a link to the answer it is from."""
        from docx.oxml import OxmlElement

        place = (sentence.transcript, sentence.utterance)
        link = OxmlElement("w:hyperlink")
        link.set(f"{WORD}anchor", self.names.setdefault(place, f"svar{len(self.names) + 1}"))
        run = paragraph.add_run(for_xml(f"{sentence.attribution} ({sentence.transcript} #{sentence.utterance + 1})"))
        run.font.underline = True
        paragraph._p.append(link)
        link.append(run._r)

    def mark(self, paragraph: Any, name: str) -> None:
        """Put the mark that links lead to around a paragraph."""
        from docx.oxml import OxmlElement

        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        for element in (start, end):
            element.set(f"{WORD}id", name.removeprefix("svar"))
        start.set(f"{WORD}name", name)
        paragraph._p.pPr.addnext(start)
        paragraph._p.append(end)
