"""A theme book as one HTML page without outside resources; numbers and summaries link to the answers behind them."""

import base64
import math
from typing import Any

from autokode.base.formatting import number, one_line, percent
from autokode.base.messages import interface_language, say
from autokode.corpus.utterance import Place
from autokode.report.book import Book, CitedAnswer
from autokode.report.methods_text import sections
from autokode.report.plots import Picture
from autokode.report.quote import Quote
from autokode.report.render.html_templates import html_templates
from autokode.report.render.theme_text import (
    counts_of,
    how_chosen,
    material_text,
    none_together,
    of_all,
    person,
    spread_text,
)

SHADES = 6
"""Shades of grey in the grid of codes."""


def page(book: Book) -> str:
    """Make the HTML page of a report."""
    environment = html_templates()
    numbers = {name: i for i, name in enumerate(book.material.transcripts)}

    def anchor(place: Place | Quote) -> str:
        name, index = (place.transcript, place.utterance) if isinstance(place, Quote) else place
        return f"u{numbers[name]}-{index}"

    environment.globals.update(
        anchor=anchor,
        one_line=one_line,
        number=number,
        percent=percent,
        source=_source,
        shade=_shade(book),
        counts_of=counts_of,
        spread_text=spread_text,
        of_all=of_all,
        named_group=lambda one: one.name,
        named_person=lambda one: person(book, one) or say("uten navn", "no name"),
        material_text=material_text(book),
        how_chosen=how_chosen(),
        none_together=none_together(book.reach),
        grouped=len(book.material.groups) > 1,
    )
    return environment.get_template("report.html").render(
        book=book,
        language=interface_language(),
        depth=book.depths,
        colour=book.material.codebook.colours,
        places=[CitedAnswer(book.material, place) for place in book.cited],
        methods=sections(book.methods),
    )


def _shade(book: Book) -> Any:
    top = max((pair.both for pair in book.pairs), default=1)

    def shade(count: int) -> int:
        return 0 if not count else 1 + round((SHADES - 2) * math.sqrt(count / top))

    return shade


def _source(picture: Picture) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(picture.svg).decode("ascii")
