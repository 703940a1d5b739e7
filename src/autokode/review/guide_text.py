"""The guide: the chapters of docs/veileder, as the page shows them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from autokode.base.resources import guide

PICTURES = "bilder"


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter of the guide.

    Attributes:
        name: its file's, without the ending; the same in all languages.
        title: its first heading.
        text: in Markdown.
    """

    name: str
    title: str
    text: str = field(repr=False)


@cache
def chapters(language: str) -> tuple[Chapter, ...]:
    """The guide's chapters in a language, "nb" or "en", in their order."""
    texts = [(path.stem, path.read_text(encoding="utf-8")) for path in sorted((guide() / language).glob("*.md"))]
    return tuple(Chapter(name, text.splitlines()[0].removeprefix("# ").strip(), text) for name, text in texts)


def picture(name: str) -> Path | None:
    """The file of a picture in the guide; None if there is none of that name."""
    return next((path for path in (guide() / PICTURES).glob("*.png") if path.name == name), None)


def html_of(chapter: Chapter, address: Callable[[str], str], picture_address: Callable[[str], str]) -> str:
    """A chapter as HTML; chapters that it links to, by name, and its pictures get the addresses of the page."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(chapter.text)
    for token in (one for block in tokens for one in (block.children or ())):
        _place(token, address, picture_address)
    return str(reader.renderer.render(tokens, reader.options, {}))


def _place(token: Token, address: Callable[[str], str], picture_address: Callable[[str], str]) -> None:
    target = str(token.attrGet("href") or "")
    name, ending, place = target.partition(".md")
    if token.type == "link_open" and ending and "/" not in name:
        token.attrSet("href", address(name) + place)
    if token.type == "image":
        token.attrSet("src", picture_address(str(token.attrGet("src")).rpartition("/")[2]))
        token.attrSet("loading", "lazy")
