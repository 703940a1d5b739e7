"""A theme book as a workbook, one sheet per subject."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from autokode.base.messages import LANGUAGES, say
from autokode.report.book import Book
from autokode.report.material import Quote
from autokode.report.methods_text import paragraphs
from autokode.report.themes import Theme

if TYPE_CHECKING:
    import pyarrow as pa


def sheets_of(book: Book) -> "dict[str, pa.Table]":
    """Name of a sheet → Arrow table: themes, who speaks, quotes, summaries, pairs, categories, methods."""
    import pyarrow as pa

    themes = book.themes
    tables = {
        say("Temaer", "Themes"): [_theme(book, theme) for theme in themes],
        say("Hvem", "Who"): [row for theme in themes for row in _who(theme)],
        say("Sitater", "Quotes"): [row for theme in themes for row in _quotes(theme)],
        say("Sammendrag", "Summaries"): [
            {"code": theme.name, "sentence": one.text, **_place(one)} for theme in themes for one in theme.summary
        ],
        say("Sammen", "Together"): list(_pairs(book)),
        say("Kategorier", "Categories"): [
            {"group": group.heading, "codes": "; ".join(group.codes)}
            for group in (book.proposal.groups if book.proposal else ())
        ],
        say("Metode", "Methods"): [
            {"language": code, "text": text} for code in LANGUAGES for text in paragraphs(book.methods, code)
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


def _who(theme: Theme) -> Iterator[dict[str, Any]]:
    kinds = (
        (say("intervju", "interview"), theme.interviews),
        (say("kontor", "office"), theme.offices),
        (say("informant", "informant"), theme.speakers),
    )
    for kind, counts in kinds:
        for one in counts:
            about = {"code": theme.name, "kind": kind, "name": one.name, "office": one.office}
            yield {
                **about,
                "utterances": one.utterances,
                "answers": one.answers,
                "share": round(one.share, 4),
                "quotes": one.quotes,
            }


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
        row = {"code": theme.name, "kind": kinds.get(quote.span, ""), "quote": quote.text, **_place(quote)}
        yield {**row, "codes": "; ".join(quote.codes), "coder": quote.coder}


def _place(quote: Quote) -> dict[str, Any]:
    return {
        "speaker": quote.speaker,
        "office": quote.office,
        "transcript": quote.transcript,
        "utterance": quote.number,
        "start": quote.start,
        "end": quote.end,
    }


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
