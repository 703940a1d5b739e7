"""A theme book as one HTML page without outside resources; numbers and summaries link to the answers behind them."""

import base64
import math
from collections.abc import Sequence
from typing import Any

from autokode.base.formatting import number, one_line, percent
from autokode.base.messages import LANGUAGES, language, say
from autokode.report.book import Book
from autokode.report.material import Place, Quote
from autokode.report.methods_text import TITLES, paragraphs
from autokode.report.plots import Picture

SHADES = 6
"""Shades of grey in the grid of codes."""


def page(book: Book) -> str:
    """Make the HTML page of a report."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("autokode.report.render", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    numbers = {name: i for i, name in enumerate(book.material.transcripts)}

    def anchor(place: Place | Quote) -> str:
        name, index = (place.transcript, place.utterance) if isinstance(place, Quote) else place
        return f"u{numbers[name]}-{index}"

    environment.globals.update(
        say=say,
        anchor=anchor,
        one_line=one_line,
        number=number,
        percent=percent,
        source=_source,
        shade=_shade(book),
    )
    return environment.get_template("report.html").render(
        book=book,
        language=language(),
        depth=_depths(book),
        places=[_CitedAnswer(book, place) for place in book.cited],
        methods=[(code, TITLES[code], paragraphs(book.methods, code)) for code in _languages()],
    )


def _languages() -> Sequence[str]:
    """Both languages, the chosen one first."""
    return sorted(LANGUAGES, key=lambda code: code != language())


class _CitedAnswer:
    """An answer with a code, for the list at the end of the page."""

    def __init__(self, book: Book, place: Place) -> None:
        material = book.material
        self.place = place
        transcript = material.transcripts[place[0]]
        utterance = transcript.utterances[place[1]]
        self.name = place[0]
        self.number = place[1] + 1
        self.speaker = utterance.speaker
        self.office = material.office(place[0])
        self.question = transcript.question_of(utterance)
        self.text = transcript.text[utterance.start : utterance.end]
        row = material.coded[material.row[place]]
        self.codes = [code for code, given in zip(material.codes, row, strict=True) if given]


def _depths(book: Book) -> dict[str, int]:
    """Each code's level in the tree, 0 at the top."""
    found: dict[str, int] = {}

    def walk(codes: Sequence[Any], depth: int) -> None:
        for code in codes:
            found[code.name] = depth
            walk(code.codes, depth + 1)

    walk(book.material.codebook.codes, 0)
    return found


def _shade(book: Book) -> Any:
    top = max((pair.both for pair in book.pairs), default=1)

    def shade(count: int) -> int:
        return 0 if not count else 1 + round((SHADES - 2) * math.sqrt(count / top))

    return shade


def _source(picture: Picture) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(picture.svg).decode("ascii")
