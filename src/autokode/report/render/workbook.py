"""A theme book as a workbook, one sheet per subject."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from autokode.base.extras import require
from autokode.base.messages import say
from autokode.base.tables import Layout, xlsx_bytes
from autokode.report.book import Book
from autokode.report.methods_text import paragraphs, section_languages
from autokode.report.quote import Quote
from autokode.report.render.theme_text import person
from autokode.report.themes import Theme

if TYPE_CHECKING:
    import pyarrow as pa


COUNTED_FROM, PRINTED = 4, 7
"""The column of the sheet on who speaks from which on each counts a code; columns of a quote that are printed."""


def xlsx_of(book: Book) -> bytes:
    """Make the .xlsx file of a report; the same bytes for the same book."""
    layouts = {
        say("Hvem", "Who"): Layout(on_end=COUNTED_FROM),
        say("Sitater", "Quotes"): Layout(printed=PRINTED),
        say("Sammendrag", "Summaries"): Layout(printed=PRINTED - 1),
    }
    return xlsx_bytes(sheets_of(book), layouts=layouts)


def sheets_of(book: Book) -> "dict[str, pa.Table]":
    """Name of a sheet → Arrow table: themes, who speaks, quotes, summaries, pairs, categories, methods."""
    require("tables")
    import pyarrow as pa

    themes = book.themes
    tables = {
        say("Temaer", "Themes"): [_theme(book, theme) for theme in themes],
        say("Hvem", "Who"): list(_who(book)),
        say("Sitater", "Quotes"): [row for theme in _quoted_once(themes) for row in _quotes(theme)],
        say("Sammendrag", "Summaries"): [
            {"code": theme.name, "sentence": one.text, **_said(one), **_span(one)}
            for theme in themes
            for one in theme.summary
        ],
        say("Sammen", "Together"): list(_pairs(book)),
        say("Kategorier", "Categories"): [
            {"proposal": group.heading, "codes": "; ".join(group.codes)}
            for group in (book.proposal.groups if book.proposal else ())
        ],
        say("Metode", "Methods"): [
            {"language": code, "text": text} for code in section_languages() for text in paragraphs(book.methods, code)
        ],
    }
    return {name: pa.Table.from_pylist(rows) for name, rows in tables.items() if rows}


def _theme(book: Book, theme: Theme) -> dict[str, Any]:
    known = theme.name in book.material.codebook
    return {
        "code": theme.name,
        "definition": book.material.codebook[theme.name].definition if known else "",
        "answers": sum(one.utterances for one in theme.interviews),
        "quotes": len(theme.quotes),
        "interviews": sum(bool(one.utterances) for one in theme.interviews),
        "offices": sum(bool(one.utterances) for one in theme.offices),
        "speakers": len(theme.speaking),
    }


def _who(book: Book) -> Iterator[dict[str, Any]]:
    """A row for each group, interview and informant: the answers with each code."""
    groups = set(book.material.groups)
    kinds = (
        (say("gruppe", "group"), [[one for one in theme.offices if one.name in groups] for theme in book.themes]),
        (say("intervju", "interview"), [theme.interviews for theme in book.themes]),
        (say("informant", "informant"), [theme.speakers for theme in book.themes]),
    )
    for kind, counts in kinds:
        for one in zip(*counts, strict=True):
            first = one[0]
            group = first.office if first.office in groups else ""
            who = person(book, first) if counts is kinds[2][1] and not group else first.name
            about = {"kind": kind, "name": who or say("uten navn", "no name"), "office": group}
            coded = {theme.name: count.utterances for theme, count in zip(book.themes, one, strict=True)}
            yield {**about, "answers": first.answers, **{f" {name}": count for name, count in coded.items()}}


def _quoted_once(themes: Sequence[Theme]) -> list[Theme]:
    """The themes but for those whose quotes are those of the codes under them, which have themes of their own."""
    own = {theme.name for theme in themes if theme.codes == (theme.name,)}
    return [theme for theme in themes if theme.name in own or not own.issuperset(theme.codes)]


def _quotes(theme: Theme) -> Iterator[dict[str, Any]]:
    kinds = {}
    for quote, kind in (
        (theme.opposite.quote if theme.opposite else None, say("kan motsi det typiske", "may contradict the typical")),
        (theme.atypical, say("utypisk", "atypical")),
        (theme.typical, say("typisk", "typical")),
    ):
        if quote is not None:
            kinds[quote.span] = kind
    for quote in theme.quotes:
        row = {"code": theme.name, "kind": kinds.get(quote.span, ""), "quote": quote.text}
        yield {**row, **_said(quote), "codes": "; ".join(quote.codes), "coder": quote.coder, **_span(quote)}


def _said(quote: Quote) -> dict[str, Any]:
    return {
        "speaker": quote.speaker,
        "office": quote.group,
        "transcript": quote.transcript,
        "utterance": quote.number,
    }


def _span(quote: Quote) -> dict[str, Any]:
    return {"start": quote.start, "end": quote.end}


def _pairs(book: Book) -> Iterator[dict[str, Any]]:
    for pair in book.pairs:
        low, high = pair.interval or (None, None)
        yield {
            "first": pair.a,
            "second": pair.b,
            "both": pair.both,
            "answers of first": pair.count_a,
            "answers of second": pair.count_b,
            "share of first": round(pair.share_a, 4),
            "share of second": round(pair.share_b, 4),
            "jaccard": round(pair.jaccard, 4),
            "lift": None if pair.lift is None else round(pair.lift, 4),
            "from": low,
            "to": high,
        }
