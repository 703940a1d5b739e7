"""A theme book as a Word file with real headings, quotes, captions and lists, for a person to edit."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from autokode.base.formatting import for_xml, number, one_line, percent
from autokode.base.messages import say
from autokode.report.book import Book, CitedAnswer
from autokode.report.material import Quote
from autokode.report.methods import Methods
from autokode.report.methods_text import sections
from autokode.report.render.word_parts import (
    LANG,
    AnswerLinks,
    add_picture,
    add_table,
    new_document,
    saved,
    set_language,
)
from autokode.report.themes import Theme

if TYPE_CHECKING:
    from docx.document import Document

DEEPEST = 3
"""Deepest heading level of a theme; its parts lie one level below."""


def docx_bytes(book: Book) -> bytes:
    """Make the .docx file of a report; the same bytes for the same book."""
    document = new_document(book.title)
    document.add_paragraph(_subtitle(book), style="Subtitle")
    for remark in book.remarks:
        document.add_paragraph(for_xml(remark))
    document.add_heading(say("Oversikt", "Overview"), 1)
    _overview(document, book)
    add_picture(document, book.pictures.bars)
    links = AnswerLinks(document)
    for theme in book.themes:
        _theme(document, book, theme, links)
    document.add_heading(say("Koder som står sammen", "Codes that fall together"), 1)
    _co_occurrences(document, book)
    if book.proposal is not None and book.pictures.tree is not None:
        document.add_heading(say("Forslag til kategorier", "Suggested categories"), 1)
        add_picture(document, book.pictures.tree)
        heads = (say("gruppe (ord som går igjen)", "group (words that recur)"), say("koder", "codes"))
        add_table(document, heads, [(group.heading, "; ".join(group.codes)) for group in book.proposal.groups])
    _methods(document, book.methods)
    _cited(document, book, links)
    return saved(document)


def methods_docx(methods: Methods, title: str) -> bytes:
    """Make a .docx file of the methods section alone, in both languages."""
    document = new_document(title)
    _methods(document, methods)
    return saved(document)


def _subtitle(book: Book) -> str:
    m = book.methods
    return say(
        f"Temabok: {m.interviews} intervjuer, {m.speakers} informanter, {len(book.material.codings)} kodinger. Sitater og "
        "sammendrag er valgt av programmet ut fra ordene; les dem som forslag.",
        f"Theme book: {m.interviews} interviews, {m.speakers} informants, {len(book.material.codings)} codings. Quotes and "
        "summaries were chosen by the program from the words; read them as suggestions.",
    )


def _overview(document: "Document", book: Book) -> None:
    heads = say(
        "kode, svar, sitater, intervjuer, kontorer, informanter",
        "code, answers, quotes, interviews, offices, informants",
    ).split(", ")
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
    add_table(document, heads, rows)


def _of(counts: Sequence[Any]) -> str:
    return f"{sum(bool(one.utterances) for one in counts)} {say('av', 'of')} {len(counts)}"


def _theme(document: "Document", book: Book, theme: Theme, links: "AnswerLinks") -> None:
    depth = min(DEEPEST, 1 + book.depths.get(theme.name, 0))
    document.add_heading(for_xml(theme.name), depth)
    if theme.name in book.material.codebook and book.material.codebook[theme.name].definition:
        document.add_paragraph(for_xml(book.material.codebook[theme.name].definition))
    for memo in book.memos.get(theme.name, ()):
        document.add_paragraph(f"{say('Notat', 'Memo')}: {for_xml(memo)}")
    if not theme.quotes:
        document.add_paragraph(say("Ingen informant er kodet slik.", "No informant was coded so."))
        return
    document.add_paragraph(_counts(theme))
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
    add_table(document, heads, [(one.name, f"{one.utterances}", percent(one.share)) for one in theme.offices])
    if theme.silent:
        names = ", ".join(f"{one.name} ({one.office})" for one in theme.silent)
        document.add_paragraph(f"{say('Ikke kodet slik', 'Not coded so')}: {for_xml(names)}.")


def _counts(theme: Theme) -> str:
    answers = sum(one.utterances for one in theme.interviews)
    return say(
        f"{answers} svar i {_of(theme.interviews)} intervjuer; {_of(theme.speakers)} informanter snakker om dette.",
        f"{answers} answers in {_of(theme.interviews)} interviews; {_of(theme.speakers)} informants speak of it.",
    )


def _quoted(document: "Document", quote: Quote) -> None:
    """Add a quote with its speaker."""
    paragraph = document.add_paragraph(for_xml(one_line(quote.text)), style="Quote")
    paragraph.paragraph_format.keep_with_next = True
    document.add_paragraph(f"{for_xml(quote.attribution)} ({for_xml(quote.location)})")


def _co_occurrences(document: "Document", book: Book) -> None:
    if book.pictures.heat_map is not None:
        add_picture(document, book.pictures.heat_map)
    heads = say(
        "par, svar, andel av første, andel av andre, løft, 95 %",
        "pair, answers, share of first, share of second, lift, 95 %",
    ).split(", ")
    rows = []
    for pair in book.pairs:
        interval = f"{number(pair.interval[0], 1)}–{number(pair.interval[1], 1)}" if pair.interval else ""
        lift = "–" if pair.lift is None else number(pair.lift, 1)
        shares = (percent(pair.share_a), percent(pair.share_b))
        rows.append((f"{pair.a} + {pair.b}", str(pair.both), *shares, lift, interval))
    add_table(document, heads, rows)


def _methods(document: "Document", methods: Methods) -> None:
    for code, title, texts in sections(methods):
        document.add_heading(title, 1)
        for text in texts:
            paragraph = document.add_paragraph(for_xml(text))
            for run in paragraph.runs:
                set_language(run, LANG[code])


def _cited(document: "Document", book: Book, links: "AnswerLinks") -> None:
    """Add the answers behind the summaries, each with its bookmark."""
    if links.bookmarks:
        document.add_heading(say("Svarene sammendragene er hentet fra", "The answers that summaries are from"), 1)
    for place, bookmark in links.bookmarks.items():
        one = CitedAnswer(book.material, place)
        if one.question:
            document.add_paragraph().add_run(for_xml(one_line(one.question))).italic = True
        links.bookmark(document.add_paragraph(for_xml(one_line(one.text)), style="Quote"), bookmark)
        document.add_paragraph(for_xml(f"{one.attribution} ({one.location})"))
