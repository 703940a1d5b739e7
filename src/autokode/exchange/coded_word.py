"""Read Word documents coded by hand: comments and coloured highlights become codings.

To find positions, we put markers (characters that no text holds) into the document in memory, let the ordinary reader of Word
documents read them with the text, and take them out again. So positions are right wherever that reader finds text: in tables,
lists and tracked changes.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from autokode.base.errors import failure, quoted
from autokode.base.files import read_bytes
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
from autokode.exchange.word_colours import colour_of
from autokode.exchange.word_comments import PROSE, QUESTION, REPLY, Comment, Meaning, comments_of, meanings

_OPEN, _CLOSE, _STOP = (chr(0x10FFF0 + i) for i in range(3))
_MARK = re.compile(f"([{_OPEN}{_CLOSE}])(\\d+){_STOP}")


@dataclass(frozen=True, slots=True)
class _Mark:
    """A comment or a highlight: its codes, its memo, the author and the time, and the colour of a highlight."""

    codes: tuple[str, ...]
    memo: str = field(default="", repr=False)
    author: str = ""
    time: str = ""
    rgb: str = ""


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


def read_marked_docx(path: str | Path, *, codes: Collection[str] = ()) -> Package:
    """Read a Word document and its codings.

    A comment holds names of codes, or is a memo (see `word_comments`). A highlight's colour is a code.

    Args:
        path: the file.
        codes: names that are codes, however they are written.

    Raises:
        DataError: no Word document, no text, or neither comments nor highlights.
    """
    path = Path(path)
    document = open_docx(read_bytes(path), str(path))
    body = document.element.body
    with parsed(str(path)):
        marking = _Marking([run for run in body.iter(qn("w:r")) if _read(run)])
    with parsed(str(path)):
        comments = comments_of(document, str(path))
        said = meanings(comments, {folded(name) for name in codes})
        lost = _mark_comments(body, marking, comments, said)
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
    kinds = Counter(one.kind for number, one in said.items() if number not in lost)
    return _package(name_of(path), text, spans, marking.marks, _remarks(len(lost), kinds))


def _mark_comments(
    body: Any, marking: _Marking, comments: Mapping[str, Comment], said: Mapping[str, Meaning]
) -> set[str]:
    """Mark the runs of each comment; return the ids of the comments that cover no text."""
    ranges = _ranges(body, marking)
    for number, comment in comments.items():  # a reply may have no place of its own
        if number not in ranges and comment.replies_to in ranges:
            ranges[number] = ranges[comment.replies_to]
    for number in (number for number in comments if number in ranges):
        one, meaning = comments[number], said[number]
        marking.mark(*ranges[number], _Mark(meaning.codes, meaning.memo, one.author, one.time))
    return set(comments) - set(ranges)


def _ranges(body: Any, marking: _Marking) -> dict[str, tuple[int, int]]:
    """Id of a comment → the first and the last run of text that it covers."""
    places = {run: i for i, run in enumerate(marking.runs)}
    opened: dict[str, int] = {}
    found: dict[str, tuple[int, int]] = {}
    following = 0
    for element in body.iter(qn("w:r"), qn("w:commentRangeStart"), qn("w:commentRangeEnd")):
        if element in places:
            following = places[element] + 1
        elif element.tag == qn("w:commentRangeStart"):
            opened[element.get(qn("w:id"))] = following
        elif element.tag == qn("w:commentRangeEnd"):
            first = opened.get(element.get(qn("w:id")))
            if first is not None and first < following:
                found[element.get(qn("w:id"))] = (first, following - 1)
    return found


def _mark_highlights(marking: _Marking) -> None:
    """Mark neighbouring runs of one paragraph and one colour together."""
    first = 0
    colours = [colour_of(run) for run in marking.runs]
    for i in range(1, len(marking.runs) + 1):
        same = (
            i < len(marking.runs)
            and colours[i] == colours[first]
            and marking.runs[i].getparent() is marking.runs[first].getparent()
        )
        if not same:
            colour = colours[first]
            if colour and any(run.text.strip() for run in marking.runs[first:i]):
                marking.mark(first, i - 1, _Mark((colour.name,), rgb=colour.rgb))
            first = i


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


def _package(
    name: str, text: str, spans: dict[int, tuple[int, int]], marks: list[_Mark], remarks: tuple[str, ...]
) -> Package:
    document = guid_of("word", name)
    spellings = Counter(code for one in marks for code in one.codes)
    names: dict[str, str] = {}
    for code, _count in spellings.most_common():
        names.setdefault(folded(code), code)
    hexes = {code: one.rgb for one in marks for code in one.codes if one.rgb}
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
        remarks=remarks,
    )


def _remarks(lost: int, kinds: Counter[str]) -> tuple[str, ...]:
    """Sentences on the comments that are no codes."""
    found = (
        (lost, say(f"{lost} kommentarer uten tekst de gjelder, utelatt", f"{lost} comments about no text, left out")),
        (
            kinds[PROSE],
            say(
                f"{kinds[PROSE]} lange kommentarer er tatt som notater",
                f"{kinds[PROSE]} long comments were taken as memos",
            ),
        ),
        (
            kinds[REPLY],
            say(
                f"{kinds[REPLY]} svar på kommentarer er tatt som notater",
                f"{kinds[REPLY]} replies to comments were taken as memos",
            ),
        ),
        (
            kinds[QUESTION],
            say(
                f"{kinds[QUESTION]} spørsmål i kommentarer er tatt som notater",
                f"{kinds[QUESTION]} questions in comments were taken as memos",
            ),
        ),
    )
    return tuple(remark for count, remark in found if count)
