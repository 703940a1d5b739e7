"""Checks a built site: links and anchors lead somewhere, and nothing is loaded from another host."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lxml import html

LOADED = {
    "audio": "src",
    "embed": "src",
    "iframe": "src",
    "img": "src",
    "input": "src",
    "link": "href",
    "object": "data",
    "script": "src",
    "source": "src",
    "track": "src",
    "video": "src",
}
"""Element → its attribute whose address a browser loads by itself."""
_IN_CSS = re.compile(r"(?:url\(|@import)\s*[\"']?((?:https?:)?//[^\"')\s]+)")


@dataclass
class Found:
    """What is wrong with a site, and where it leads. `pages` says how much was checked.

    Attributes:
        wrong: links that lead nowhere, and what would be loaded from another host, each with its file.
        outside: addresses of other hosts that a person may follow; nobody fetched them.
        pages, links: numbers of pages and of links inside the site.
    """

    wrong: list[str] = field(default_factory=list)
    outside: set[str] = field(default_factory=set)
    pages: int = 0
    links: int = 0


def check(site: Path) -> Found:
    """Check every page and style sheet of a built site."""
    found = Found()
    pages = {
        path: html.parse(path, html.HTMLParser(encoding="utf-8")).getroot() for path in sorted(site.rglob("*.html"))
    }
    anchors = {path: {*tree.xpath("//@id"), *tree.xpath("//a/@name")} for path, tree in pages.items()}
    for path, tree in pages.items():
        found.pages += 1
        told = path.relative_to(site)
        for element in tree.iter(html.etree.Element):
            for address, loaded in _addresses(element):
                _follow(found, site, path, address, anchors, loaded=loaded, told=f"{told}: {address}")
            if element.tag == "style" and element.text:
                found.wrong += [f"{told}: loads {address}" for address in _IN_CSS.findall(element.text)]
    for path in sorted(site.rglob("*.css")):
        loads = _IN_CSS.findall(path.read_text(encoding="utf-8"))
        found.wrong += [f"{path.relative_to(site)}: loads {address}" for address in loads]
    return found


def _addresses(element: html.HtmlElement) -> Iterator[tuple[str, bool]]:
    """The addresses of an element, and whether a browser loads each by itself."""
    own = element.get(LOADED.get(element.tag, "no address"))
    if own is not None:
        yield own, True
    for candidate in (element.get("srcset") or "").split(","):
        if candidate.strip():
            yield candidate.split()[0], True
    if element.tag == "a" and element.get("href") is not None:
        yield element.get("href"), False


def _follow(
    found: Found, site: Path, page: Path, address: str, anchors: dict[Path, set[str]], *, loaded: bool, told: str
) -> None:
    parts = urlsplit(address)
    if parts.scheme == "data":
        return
    if parts.scheme or parts.netloc:
        if loaded:
            found.wrong.append(f"{told}: loaded from another host")
        else:
            found.outside.add(address)
        return
    found.links += 1
    name = unquote(parts.path)
    start = site if name.startswith("/") else page.parent  # 404.html knows its place from the root alone
    target = (start / name.lstrip("/")).resolve() if name else page
    if target.is_dir():
        target /= "index.html"
    if not target.is_file() or not target.is_relative_to(site):
        found.wrong.append(f"{told}: no such file")
    elif parts.fragment and target in anchors and unquote(parts.fragment) not in anchors[target]:
        found.wrong.append(f"{told}: no such heading")
