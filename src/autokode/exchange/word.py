"""Word documents coded by hand: comments and coloured highlights become codings.

The places are found by marks that no text holds: they are put into the document in memory, read along with it by the one reader
of Word documents, and taken out again. So a place is right wherever that reader finds text: in tables, lists, tracked changes.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from autokode.base.errors import failure, quoted
from autokode.base.files import read_bytes
from autokode.base.formatting import one_line
from autokode.base.messages import say
from autokode.corpus.codebook import folded
from autokode.corpus.readers.word import open_docx, parsed, source_of
from autokode.corpus.transcript import name_of
from autokode.exchange.package.contents import CodeNode, Document, Given, Note, Package, Passage, User, guid_of

_OPEN, _CLOSE, _STOP = (chr(0x10FFF0 + i) for i in range(3))
_MARK = re.compile(f"([{_OPEN}{_CLOSE}])(\\d+){_STOP}")
LONGEST = 8
"""Words of a code's name in a comment, at the most; a longer comment is a memo."""

COLOURS = {
    "yellow": ("gul", "yellow", "#ffff00"),
    "green": ("grønn", "green", "#00ff00"),
    "cyan": ("turkis", "turquoise", "#00ffff"),
    "magenta": ("rosa", "pink", "#ff00ff"),
    "blue": ("blå", "blue", "#0000ff"),
    "red": ("rød", "red", "#ff0000"),
    "darkBlue": ("mørkeblå", "dark blue", "#000080"),
    "darkCyan": ("blågrønn", "teal", "#008080"),
    "darkGreen": ("mørkegrønn", "dark green", "#008000"),
    "darkMagenta": ("fiolett", "violet", "#800080"),
    "darkRed": ("mørkerød", "dark red", "#800000"),
    "darkYellow": ("oker", "dark yellow", "#808000"),
    "darkGray": ("mørkegrå", "dark grey", "#808080"),
    "lightGray": ("lysegrå", "light grey", "#c0c0c0"),
    "black": ("svart", "black", "#000000"),
}
"""Word's name of a highlight → its name as a code, in Norwegian and English, and its colour."""


@dataclass(frozen=True, slots=True)
class _Said:
    """What was said of a place: codes, or a memo; by whom and when."""

    codes: tuple[str, ...]
    memo: str = ""
    author: str = ""
    time: str = ""


@dataclass
class _Marking:
    """A document being marked: what each mark says, and the runs that hold text."""

    runs: list[Any]
    said: list[_Said] = field(default_factory=list)

    def mark(self, first: int, last: int, said: _Said) -> None:
        """Put a pair of marks around runs `first` to `last`."""
        number = len(self.said)
        self.said.append(said)
        _put(self.runs[first], f"{_OPEN}{number}{_STOP}", first=True)
        _put(self.runs[last], f"{_CLOSE}{number}{_STOP}", first=False)


def read_marked_docx(path: str | Path, *, codebook_names: tuple[str, ...] = ()) -> Package:
    """Read a Word document and its codings.

    A comment's text is the names of codes (with `;` or a line end between them, or `,` where each part is a code by itself
    elsewhere); of more than `LONGEST` words it is a memo. A highlight's colour is a code.

    Args:
        path: the file.
        codebook_names: names that are codes for certain.

    Raises:
        DataError: no Word document, no text, or neither comments nor highlights.
    """
    path = Path(path)
    document = open_docx(read_bytes(path), str(path))
    body = document.element.body
    with parsed(str(path)):
        marking = _Marking([run for run in body.iter(qn("w:r")) if _read(run)])
    with parsed(str(path)):
        lost = _mark_comments(document, body, marking, {folded(name) for name in codebook_names})
        _mark_highlights(marking)
    if not marking.said and not lost:
        raise failure(
            "har verken kommentarer eller fargemarkeringer",
            "has neither comments nor highlights",
            where=path,
            try_next=f"autokode add {quoted(path)}",
        )
    with parsed(str(path)):
        text, spans = _unmarked(source_of(body, str(path)).text)
    return _package(name_of(path), text, spans, marking.said, lost)


def _mark_comments(document: Any, body: Any, marking: _Marking, known: set[str]) -> int:
    """Mark the runs that each comment is about; return how many comments are about no text."""
    comments = {str(comment.comment_id): comment for comment in document.comments}
    places = {run: i for i, run in enumerate(marking.runs)}
    opened: dict[str, int] = {}
    ranges: dict[str, tuple[int, int]] = {}
    following = 0
    for element in body.iter(qn("w:r"), qn("w:commentRangeStart"), qn("w:commentRangeEnd")):
        if element in places:
            following = places[element] + 1
        elif element.tag == qn("w:commentRangeStart"):
            opened[element.get(qn("w:id"))] = following
        elif element.tag == qn("w:commentRangeEnd"):
            first = opened.get(element.get(qn("w:id")))
            if first is not None and first < following:
                ranges[element.get(qn("w:id"))] = (first, following - 1)
    texts = {number: "\n".join(p.text for p in comment.paragraphs).strip() for number, comment in comments.items()}
    alone = known | {folded(part) for text in texts.values() for part in re.split(r"[;\n]", text) if "," not in part}
    for number, (first, last) in ranges.items():
        if number not in comments:
            continue
        stamp = comments[number].timestamp
        codes = tuple(dict.fromkeys(part for part in _codes(texts[number], alone) if part))
        long = any(len(code.split()) > LONGEST for code in codes)
        said = _Said(
            codes=() if long else codes,
            memo=texts[number] if long else "",
            author=comments[number].author or "",
            time=stamp.isoformat(timespec="seconds") if stamp else "",
        )
        marking.mark(first, last, said)
    return len(comments) - len(set(ranges) & set(comments))


def _codes(text: str, alone: set[str]) -> Iterator[str]:
    for part in re.split(r"[;\n]", text):
        pieces = [one_line(piece) for piece in part.split(",")]
        if len(pieces) > 1 and all(not piece or folded(piece) in alone for piece in pieces):
            yield from pieces
        else:
            yield one_line(part).strip(" ,.")


def _mark_highlights(marking: _Marking) -> None:
    """Mark neighbouring runs of one paragraph and colour together."""
    first = 0
    colours = [_colour(run) for run in marking.runs]
    for i in range(1, len(marking.runs) + 1):
        same = (
            i < len(marking.runs)
            and colours[i] == colours[first]
            and marking.runs[i].getparent() is marking.runs[first].getparent()
        )
        if not same:
            if colours[first] and any(run.text.strip() for run in marking.runs[first:i]):
                marking.mark(first, i - 1, _Said((say(*COLOURS[colours[first]][:2]),)))
            first = i


def _colour(run: Any) -> str:
    found = run.rPr.find(qn("w:highlight")) if run.rPr is not None else None
    name = found.get(qn("w:val")) if found is not None else ""
    return name if name in COLOURS else ""


def _read(run: Any) -> bool:
    deleted = (qn("w:del"), qn("w:moveFrom"))
    return bool(run.text) and not any(one.tag in deleted for one in run.iterancestors())


def _put(run: Any, mark: str, *, first: bool) -> None:
    text = OxmlElement("w:t")
    text.text = mark
    text.set(qn("xml:space"), "preserve")
    if first:
        run.insert(0 if run.rPr is None else 1, text)
    else:
        run.append(text)


def _unmarked(marked: str) -> tuple[str, dict[int, tuple[int, int]]]:
    """Return the text without the marks, and mark → (start, end) in it without white space at its ends."""
    parts: list[str] = []
    starts: dict[int, int] = {}
    ends: dict[int, int] = {}
    position = before = 0
    for match in _MARK.finditer(marked):
        parts.append(marked[before : match.start()])
        position += match.start() - before
        before = match.end()
        (starts if match[1] == _OPEN else ends)[int(match[2])] = position
    parts.append(marked[before:])
    text = "".join(parts)
    spans = {}
    for number in starts.keys() & ends.keys():
        said = text[starts[number] : ends[number]]
        start = starts[number] + len(said) - len(said.lstrip())
        if said.strip():
            spans[number] = (start, start + len(said.strip()))
    return text, spans


def _package(name: str, text: str, spans: dict[int, tuple[int, int]], said: list[_Said], lost: int) -> Package:
    document = guid_of("word", name)
    spellings = Counter(code for one in said for code in one.codes)
    names: dict[str, str] = {}
    for code, _count in spellings.most_common():
        names.setdefault(folded(code), code)
    hexes = {say(*shown[:2]): shown[2] for shown in COLOURS.values()}
    authors = sorted({one.author for one in said if one.author})
    users = {author: User(guid_of("word user", author), author) for author in authors}
    by_span: dict[tuple[int, int], list[_Said]] = {}
    for number in sorted(spans):
        by_span.setdefault(spans[number], []).append(said[number])
    notes: list[Note] = []
    passages = []
    for span, about in sorted(by_span.items()):
        given: dict[tuple[str, str], Given] = {}
        own: list[str] = []
        for one in about:
            user = users[one.author].guid if one.author else ""
            for code in one.codes:
                key = (names[folded(code)], one.author)
                given.setdefault(
                    key, Given(guid_of("word", document, *span, *key), guid_of("word code", key[0]), user, one.time)
                )
            if one.memo:
                notes.append(Note(guid_of("word note", document, *span, len(notes)), one.memo, "", user, one.time))
                own.append(notes[-1].guid)
        passages.append(Passage(guid_of("word", document, *span), *span, given=tuple(given.values()), notes=tuple(own)))
    remarks = (
        [say(f"{lost} kommentarer uten tekst de gjelder, utelatt", f"{lost} comments about no text, left out")]
        if lost
        else []
    )
    memos = len(notes)
    if memos:
        remarks.append(
            say(f"{memos} lange kommentarer er tatt som notater", f"{memos} long comments were taken as memos")
        )
    return Package(
        name=name,
        origin="Word",
        users=tuple(users.values()),
        codes=tuple(
            CodeNode(guid_of("word code", code), code, True, hexes.get(code, "")) for code in sorted(names.values())
        ),
        documents=(Document(document, name, text, tuple(passages)),),
        notes=tuple(notes),
        remarks=tuple(remarks),
    )
