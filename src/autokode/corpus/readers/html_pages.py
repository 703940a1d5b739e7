"""Read web pages (.html, as noScribe writes them) and oTranscribe's files (.otr): one line per paragraph."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autokode.base.archive import parse_json
from autokode.base.errors import failure, unreadable
from autokode.base.messages import say
from autokode.base.text_files import read_text
from autokode.corpus.readers.source import Cue, Source, with_text

_BLOCKS = frozenset("p div br li tr h1 h2 h3 h4 h5 h6 blockquote section article ul ol table body pre hr dt dd".split())
_SILENT = frozenset("script style head title template noscript iframe object svg".split())
_ANCHOR = re.compile(r"ts_(\d{1,10})_(\d{1,10})(?:_(\w{1,20}))?")
"""noScribe's anchors: begin and end in milliseconds, and the speaker."""
MAX_CHARACTERS = 30_000_000


def read_html(path: Path, encoding: str | None = None) -> Source:
    """Read a page; the times in noScribe's anchors become cues.

    Raises:
        DataError: the page has no text, or more than 30 million characters.
    """
    return _source(read_text(path, encoding), path)


def read_otr(path: Path, encoding: str | None = None) -> Source:
    """Read oTranscribe's file, a web page inside JSON. Time stamps stay in the text, where `find_utterances` recognises them.

    Raises:
        DataError: not JSON, or without text.
    """
    mend = say("lagre den på nytt i oTranscribe", "save it again")
    data = parse_json(read_text(path, encoding), str(path), mend)
    text = data.get("text") if isinstance(data, dict) else None
    if not isinstance(text, str):
        raise failure("har ikke feltet «text»", "lacks the field «text»", where=path, try_next=mend)
    return _source(text, path)


def _source(markup: str, path: Path) -> Source:
    from lxml import etree, html

    if len(markup) > MAX_CHARACTERS:
        what = "er over 30 millioner tegn", "has more than 30 million characters"
        raise failure(*what, where=path, try_next=say("del opp filen", "split the file"))
    markup = re.sub(r"^\s*<\?xml[^>]*\?>", "", markup)
    try:
        root = html.document_fromstring(
            markup, parser=html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True)
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise unreadable("HTML", error, where=path, try_next=say("lagre den som .txt", "save it as .txt")) from error
    page = _Page()
    page.read(root)
    return with_text(page.done(), path, say("en nettleser", "a browser"))


class _Page:
    """Gathers the text of an HTML tree and the positions of its anchors."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.cues: list[Cue] = []

    def read(self, root: Any) -> None:
        for event, element in _walked(root):
            if event == "text":
                self.add(re.sub(r"[ \t\r\n\f]+", " ", element))
            elif event == "break":
                self.line()
            elif event == "open":
                self.opened(element)
            elif self.cues and self.cues[-1].end < 0:
                self.closed()

    def opened(self, name: str) -> None:
        match = _ANCHOR.fullmatch(name)
        if match:
            self.cues.append(Cue(self.length, -1, int(match[1]) / 1000, int(match[2]) / 1000))

    def closed(self) -> None:
        cue = self.cues.pop()
        said = self._since(cue.start)
        start = cue.start + len(said) - len(said.lstrip())
        if said.strip():
            self.cues.append(Cue(start, start + len(said.strip()), cue.begin_s, cue.end_s))

    def _since(self, start: int) -> str:
        found: list[str] = []
        position = self.length
        for part in reversed(self.parts):
            if position <= start:
                break
            position -= len(part)
            found.insert(0, part)
        return "".join(found)[max(0, start - position) :]

    def add(self, text: str) -> None:
        if not self.parts or self.parts[-1].endswith(("\n", " ")):
            text = text.lstrip(" ")
        if text:
            self.parts.append(text)
            self.length += len(text)

    def line(self) -> None:
        if self.parts and not self.parts[-1].endswith("\n"):
            self.parts.append("\n")
            self.length += 1

    def done(self) -> Source:
        text = "".join(self.parts).rstrip("\n ")
        cues = tuple(
            Cue(c.start, min(c.end, len(text)), c.begin_s, c.end_s)
            for c in self.cues
            if c.end >= 0 and c.start < len(text)
        )
        return Source(text, cues)


def _walked(root: Any) -> Iterator[tuple[str, str]]:
    """Yield text, line breaks, and the opening and closing of anchors, in order; without recursion."""
    stack: list[tuple[str, Any]] = [("element", root)]
    while stack:
        kind, thing = stack.pop()
        if kind != "element":
            yield kind, thing
            continue
        if not isinstance(thing.tag, str) or thing.tag in _SILENT:
            continue
        block = thing.tag in _BLOCKS
        name = thing.get("name", "") if thing.tag == "a" else ""
        if block:
            yield "break", ""
        if name:
            yield "open", name
        after: list[tuple[str, Any]] = [("text", thing.text or "")]
        for child in thing:
            after += [("element", child), ("text", child.tail or "")]
        after += [("close", "")] * bool(name) + [("break", "")] * block
        stack.extend(reversed([one for one in after if one[0] != "text" or one[1]]))
