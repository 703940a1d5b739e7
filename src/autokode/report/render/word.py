"""A theme book as a Word file with Word's own headings, quotes, captions and lists, for a person to edit and hand in."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from autokode.base.formatting import for_xml, number, one_line, percent
from autokode.base.messages import say
from autokode.report.book import Book, CitedAnswer
from autokode.report.methods import Methods
from autokode.report.methods_text import sections
from autokode.report.quote import Quote
from autokode.report.render.page_numbers import pages_of
from autokode.report.render.theme_text import (
    counts_of,
    how_chosen,
    material_text,
    none_together,
    of_all,
    silent_text,
    spread_text,
)
from autokode.report.render.word_document import LANG, new_document, saved
from autokode.report.render.word_parts import (
    Captions,
    Contents,
    References,
    add_picture,
    add_table,
    bookmark,
    set_language,
)
from autokode.report.themes import Theme

if TYPE_CHECKING:
    from docx.document import Document

DEEPEST = 4
"""Deepest heading level of a theme."""


@dataclass(frozen=True, eq=False)
class _Word:
    """A Word file that is being written, and what it counts as it goes."""

    document: "Document"
    captions: Captions
    references: References

    def heading(self, text: str, level: int) -> None:
        self.document.add_heading(for_xml(text), level)

    def text(self, text: str, style: str = "Normal", *, leads: bool = False) -> None:
        """Add a paragraph; one that leads to the next stays on its page."""
        self.document.add_paragraph(for_xml(text), style=style).paragraph_format.keep_with_next = leads or None

    def label(self, text: str) -> None:
        """Say what comes next, in bold."""
        paragraph = self.document.add_paragraph()
        paragraph.add_run(text, style="Strong")
        paragraph.paragraph_format.keep_with_next = True

    def quote(self, quote: Quote) -> None:
        """Add a quote, with its speaker under it."""
        paragraph = self.document.add_paragraph(for_xml(one_line(quote.text)), style="Quote")
        paragraph.add_run().add_break()
        paragraph.add_run(for_xml(quote.attribution))
        self.references.to(paragraph, quote)


def docx_bytes(book: Book) -> bytes:
    """Make the .docx file of a report; the same bytes for the same book."""
    document = new_document(book.title, subject=say("Temabok", "Theme book"))
    document.add_paragraph(f"{say('Temabok', 'Theme book')}: {for_xml(material_text(book))}", style="Subtitle")
    for remark in book.remarks:
        document.add_paragraph(for_xml(remark))
    contents = Contents(document)
    word = _Word(document, Captions(document), References())
    word.heading(say("Oversikt", "Overview"), 1)
    _overview(word, book)
    word.heading(say("Temaer", "Themes"), 1)
    word.text(how_chosen())
    for theme in book.themes:
        _theme(word, book, theme)
    word.heading(say("Koder som står sammen", "Codes that fall together"), 1)
    _co_occurrences(word, book)
    if book.proposal is not None and book.pictures.tree is not None:
        word.heading(say("Forslag til kategorier", "Suggested categories"), 1)
        _proposal(word, book)
    _methods(document, book.methods)
    _cited(word, book)
    contents.fill(pages_of(document))
    return saved(document)


def methods_docx(methods: Methods, title: str) -> bytes:
    """Make a .docx file of the methods section alone, in both languages."""
    document = new_document(title)
    _methods(document, methods)
    for paragraph in document.paragraphs:
        paragraph.paragraph_format.page_break_before = False
    return saved(document)


def _overview(word: _Word, book: Book) -> None:
    grouped = len(book.material.groups) > 1
    heads = say("kode, svar, sitater, intervjuer", "code, answers, quotes, interviews").split(", ")
    heads += [say("grupper", "groups")] * grouped + [say("informanter", "informants")]
    rows = [
        (
            theme.name,
            str(sum(one.utterances for one in theme.interviews)),
            str(len(theme.quotes)),
            of_all(theme.interviews),
            *[of_all(theme.offices)] * grouped,
            of_all(theme.speakers),
        )
        for theme in book.themes
    ]
    add_table(
        word.captions,
        say("Kodene, og hvor mange som snakker om dem", "The codes, and how many speak of them"),
        heads,
        rows,
    )
    add_picture(word.captions, book.pictures.first)


def _theme(word: _Word, book: Book, theme: Theme) -> None:
    word.heading(theme.name, min(DEEPEST, 2 + book.depths.get(theme.name, 0)))
    if theme.name in book.material.codebook and book.material.codebook[theme.name].definition:
        word.text(book.material.codebook[theme.name].definition, leads=True)
    for memo in book.memos.get(theme.name, ()):
        word.text(f"{say('Notat', 'Memo')}: {memo}")
    if not theme.quotes:
        word.text(say("Ingen informant er kodet slik.", "No informant was coded so."))
        return
    word.text(" ".join(filter(None, (counts_of(theme), spread_text(book, theme), silent_text(book, theme)))))
    if theme.summary:
        word.label(say("Utkast til sammendrag, i informantenes ord", "Draft of a summary, in the informants' words"))
        for sentence in theme.summary:
            paragraph = word.document.add_paragraph(for_xml(one_line(sentence.text)), style="List Bullet")
            word.references.to(paragraph, sentence)
    for title, quote in (
        (say("Typisk", "Typical"), theme.typical),
        (say("Utypisk", "Atypical"), theme.atypical),
        (say("Kan motsi det typiske", "May contradict the typical"), theme.opposite.quote if theme.opposite else None),
    ):
        if quote is not None:
            word.label(title)
            word.quote(quote)


def _co_occurrences(word: _Word, book: Book) -> None:
    if book.pictures.heat_map is not None:
        add_picture(word.captions, book.pictures.heat_map)
    if not book.pairs:
        word.text(none_together(book.reach))
        return
    word.text(
        say(
            "Andelene er av svarene med den ene koden, som også har den andre. Løftet sier hvor mange ganger så ofte kodene står "
            "sammen som om de ikke hadde noe med hverandre å gjøre, med 95 % intervall over intervjuer.",
            "The shares are of the answers with one code, which also have the other. The lift says how many times as often the "
            "codes fall together as if they had nothing to do with each other, with a 95% interval over interviews.",
        )
    )
    heads = say(
        "første kode, andre kode, svar, av første, av andre, løft, 95\u00a0%",
        "first code, second code, answers, of first, of second, lift, 95%",
    ).split(", ")
    shown = book.pairs[:MOST_PAIRS]
    rows = []
    for pair in shown:
        interval = f"{number(pair.interval[0], 1)}–{number(pair.interval[1], 1)}" if pair.interval else ""
        lift = "–" if pair.lift is None else number(pair.lift, 1)
        rows.append((pair.a, pair.b, str(pair.both), percent(pair.share_a), percent(pair.share_b), lift, interval))
    title = say("Koder som oftest står sammen", "Codes that most often fall together")
    if len(shown) < len(book.pairs):
        title += say(f" ({len(shown)} av {len(book.pairs)} par)", f" ({len(shown)} of {len(book.pairs)} pairs)")
    add_table(word.captions, title, heads, rows, texts=(0, 1))


MOST_PAIRS = 20
"""Most pairs in the table; the page and the workbook have all of them."""


def _proposal(word: _Word, book: Book) -> None:
    assert book.proposal is not None and book.pictures.tree is not None  # noqa: S101 - asked for there alone
    word.text(
        say(
            "Koder som brukes sammen og handler om det samme, er samlet. Det er et forslag: gi gruppene navn, og flytt det som "
            "står feil.",
            "Codes that are used together and are about the same are gathered. It is a proposal: name the groups, and move what "
            "is wrong.",
        )
    )
    add_picture(word.captions, book.pictures.tree)
    heads = (say("ord som går igjen", "words that recur"), say("koder", "codes"))
    rows = [(group.heading, "; ".join(group.codes)) for group in book.proposal.groups]
    add_table(word.captions, say("Forslag til kategorier", "Suggested categories"), heads, rows, texts=(0, 1))


def _methods(document: "Document", methods: Methods) -> None:
    for code, title, texts in sections(methods):
        for paragraph in (
            document.add_heading(title, 1),
            *(document.add_paragraph(for_xml(text)) for text in texts),
        ):
            for run in paragraph.runs:
                set_language(run, LANG[code])


def _cited(word: _Word, book: Book) -> None:
    """List the places that small numbers lead to, with the answer where no quote has all of it."""
    cited = word.references.cited
    if not cited:
        return
    word.heading(say("Steder i intervjuene", "Places in the interviews"), 1)
    word.text(
        say(
            "Tallene bak sitatene viser hit. Spørsmålet står i kursiv, og svaret der det er lengre enn sitatet.",
            "The numbers behind quotes lead here. The question is in italics; the answer follows where it is longer than the "
            "quote.",
        )
    )
    for i, place in enumerate(cited, 1):
        one = CitedAnswer(book.material, place)
        paragraph = word.document.add_paragraph(style="endnote text")
        paragraph.add_run(f"{i}\t")
        bookmark(paragraph, f"sted{i}", i)
        paragraph.add_run(for_xml(f"{one.where}. "))
        if one.question:
            paragraph.add_run(for_xml(f"{one_line(one.question)} "), style="Emphasis")
        if not word.references.is_whole(place, one.text):
            paragraph.add_run(for_xml(one_line(one.text)))
