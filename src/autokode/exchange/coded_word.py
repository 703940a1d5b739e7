"""Read Word documents coded by hand: comments and coloured highlights become codings.

To find positions, we put markers (characters that no text holds) into the document in memory, let the ordinary reader of Word
documents read them with the text, and take them out again. So positions are right wherever that reader finds text: in tables,
lists and tracked changes.
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
from autokode.exchange.package.contents import (
    CodeNode,
    Document,
    Note,
    Package,
    PackageCoding,
    PackageSegment,
    User,
    guid_of,
)

_OPEN, _CLOSE, _STOP = (chr(0x10FFF0 + i) for i in range(3))
_MARK = re.compile(f"([{_OPEN}{_CLOSE}])(\\d+){_STOP}")
LONGEST = 8
"""Most words of a code's name in a comment; a longer comment is a memo."""

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
"""Word's name of a highlight → the code's name in Norwegian and English, and its colour."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """A comment or a highlight: its codes or its memo, the author and the time."""

    codes: tuple[str, ...]
    memo: str = ""
    author: str = ""
    time: str = ""


@dataclass
class _Marking:
    """A document under marking: its runs of text, and its marks, numbered from 0."""

    runs: list[Any]
    marks: list[_Mark] = field(default_factory=list)

    def mark(self, first: int, last: int, mark: _Mark) -> None:
        """Put a pair of markers around runs `first` to `last`."""
        number = len(self.marks)
        self.marks.append(mark)
        _put(self.runs[first], f"{_OPEN}{number}{_STOP}", first=True)
        _put(self.runs[last], f"{_CLOSE}{number}{_STOP}", first=False)


def read_marked_docx(path: str | Path, *, codebook_names: tuple[str, ...] = ()) -> Package:
    """Read a Word document and its codings.

    A comment holds names of codes, separated by `;` or line ends, or by `,` if each part also stands alone in another comment.
    A comment with a name of more than `LONGEST` words is a memo. A highlight's colour is a code.

    Args:
        path: the file.
        codebook_names: names known to be codes.

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
    if not marking.marks and not lost:
        raise failure(
            "har verken kommentarer eller fargemarkeringer",
            "has neither comments nor highlights",
            where=path,
            try_next=f"autokode add {quoted(path)}",
        )
    with parsed(str(path)):
        text, spans = _without_markers(source_of(document, str(path)).text)
    return _package(name_of(path), text, spans, marking.marks, lost)


def _mark_comments(document: Any, body: Any, marking: _Marking, known: set[str]) -> int:
    """Mark the runs of each comment; return the number of comments that cover no text."""
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
        mark = _Mark(
            codes=() if long else codes,
            memo=texts[number] if long else "",
            author=comments[number].author or "",
            time=stamp.isoformat(timespec="seconds") if stamp else "",
        )
        marking.mark(first, last, mark)
    return len(comments) - len(set(ranges) & set(comments))


def _codes(text: str, alone: set[str]) -> Iterator[str]:
    for part in re.split(r"[;\n]", text):
        pieces = [one_line(piece) for piece in part.split(",")]
        if len(pieces) > 1 and all(not piece or folded(piece) in alone for piece in pieces):
            yield from pieces
        else:
            yield one_line(part).strip(" ,.")


def _mark_highlights(marking: _Marking) -> None:
    """Mark neighbouring runs of one paragraph and one colour together."""
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
                marking.mark(first, i - 1, _Mark((say(*COLOURS[colours[first]][:2]),)))
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


def _without_markers(marked: str) -> tuple[str, dict[int, tuple[int, int]]]:
    """Take out the markers; return the text, and number of a mark → (start, end) in it, without surrounding white space."""
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


def _package(name: str, text: str, spans: dict[int, tuple[int, int]], marks: list[_Mark], lost: int) -> Package:
    document = guid_of("word", name)
    spellings = Counter(code for one in marks for code in one.codes)
    names: dict[str, str] = {}
    for code, _count in spellings.most_common():
        names.setdefault(folded(code), code)
    hexes = {say(*shown[:2]): shown[2] for shown in COLOURS.values()}
    authors = sorted({one.author for one in marks if one.author})
    users = {author: User(guid_of("word user", author), author) for author in authors}
    by_span: dict[tuple[int, int], list[_Mark]] = {}
    for number in sorted(spans):
        by_span.setdefault(spans[number], []).append(marks[number])
    notes: list[Note] = []
    segments = []
    for span, about in sorted(by_span.items()):
        codings: dict[tuple[str, str], PackageCoding] = {}
        own: list[str] = []
        for one in about:
            user = users[one.author].guid if one.author else ""
            for code in one.codes:
                key = (names[folded(code)], one.author)
                codings.setdefault(
                    key,
                    PackageCoding(guid_of("word", document, *span, *key), guid_of("word code", key[0]), user, one.time),
                )
            if one.memo:
                notes.append(Note(guid_of("word note", document, *span, len(notes)), one.memo, "", user, one.time))
                own.append(notes[-1].guid)
        guid = guid_of("word", document, *span)
        segments.append(PackageSegment(guid, *span, codings=tuple(codings.values()), notes=tuple(own)))
    return Package(
        name=name,
        origin="Word",
        users=tuple(users.values()),
        codes=tuple(
            CodeNode(guid_of("word code", code), code, True, hexes.get(code, "")) for code in sorted(names.values())
        ),
        documents=(Document(document, name, text, tuple(segments)),),
        notes=tuple(notes),
        remarks=_remarks(lost, len(notes)),
    )


def _remarks(lost: int, memos: int) -> tuple[str, ...]:
    found = (
        (lost, say(f"{lost} kommentarer uten tekst de gjelder, utelatt", f"{lost} comments about no text, left out")),
        (memos, say(f"{memos} lange kommentarer er tatt som notater", f"{memos} long comments were taken as memos")),
    )
    return tuple(remark for count, remark in found if count)
