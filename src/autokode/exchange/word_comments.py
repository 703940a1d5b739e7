"""What the comments of a Word document say: codes, or memos.

A comment is the name of a code, or several names. A reply to a comment, a question and prose are no codes; they are memos.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from autokode.base.archive import parse_xml
from autokode.base.formatting import one_line
from autokode.corpus.codebook import folded

LONGEST = 8
"""Most words of a code's name in a comment; a longer comment is a memo."""
_SENTENCES = re.compile(r"\w\w[.!…]\s+[«\"(]?[A-ZÆØÅ]")
"""The end of a sentence with another one after it."""
_SHORT = 4
"""Most words that are a name even with a full stop in them, as in «makt.» and «St. Olav»."""

_W15 = "http://schemas.microsoft.com/office/word/2012/wordml"
_W14_PARAGRAPH = "{http://schemas.microsoft.com/office/word/2010/wordml}paraId"

MEMO = re.compile(r"\s*(?:notat|memo):\s+(?=\S)", re.IGNORECASE)
"""Stands before a memo in a comment, also a short one, which would else be read as a code."""

CODE, REPLY, QUESTION, PROSE, MEMO_STATED = "code", "reply", "question", "prose", "memo"
"""Kinds of a comment."""


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment: its text, author and time ("" where the file says none), and the id of the comment it replies to, or ""."""

    text: str = field(repr=False)
    author: str
    time: str
    replies_to: str = ""


@dataclass(frozen=True, slots=True)
class Meaning:
    """The meaning of a comment: the codes it gives, the memo it is ("" for none), and its kind."""

    codes: tuple[str, ...]
    memo: str = field(repr=False)
    kind: str


def comments_of(document: Any, name: str) -> dict[str, Comment]:
    """The comments of a document of python-docx by their ids.

    Raises:
        DataError: the list of replies is no XML.
    """
    parents = _parents(document, name)
    paragraphs: dict[str, str] = {}
    found: dict[str, Comment] = {}
    for comment in document.comments:
        number = str(comment.comment_id)
        ids = [p._p.get(_W14_PARAGRAPH) or "" for p in comment.paragraphs]
        paragraphs |= {own.upper(): number for own in ids if own}
        stamp = comment.timestamp
        text = "\n".join(p.text for p in comment.paragraphs).strip()
        above = next((parents[own.upper()] for own in ids if own.upper() in parents), "")
        time = stamp.isoformat(timespec="seconds") if stamp else ""
        found[number] = Comment(text, comment.author or "", time, above)
    return {
        number: Comment(one.text, one.author, one.time, paragraphs.get(one.replies_to, one.replies_to))
        for number, one in found.items()
    }


def _parents(document: Any, name: str) -> dict[str, str]:
    """Id of a comment's last paragraph → that of the comment it replies to, as commentsExtended.xml has them."""
    parts = [one.target_part for one in document.part.rels.values() if one.reltype.endswith("/commentsExtended")]
    found = {}
    for part in parts:
        for element in parse_xml(part.blob, f"{name}: commentsExtended.xml").iter(f"{{{_W15}}}commentEx"):
            own, above = (element.get(f"{{{_W15}}}{key}") for key in ("paraId", "paraIdParent"))
            if own and above:
                found[own.upper()] = above.upper()
    return found


def meanings(comments: Mapping[str, Comment], known: Collection[str]) -> dict[str, Meaning]:
    """Id of a comment → what it means.

    A known code's whole name is that code, and a comment that begins with «Notat:» or «Memo:» is a memo. In others, names are
    separated by `;` or line ends, or by `,` if each part also stands alone in another comment. Of a comment that is prose,
    only the parts that are known as codes are codes.

    Args:
        comments: of one document, by id.
        known: names of codes, as `folded` gives them.
    """
    heads = {number: one for number, one in comments.items() if not one.replies_to}
    stated = {number: match.end() for number, one in heads.items() if (match := MEMO.match(one.text))}
    named = {number: one_line(one.text) for number, one in heads.items() if folded(one.text) in known}
    own = {number: one for number, one in heads.items() if number not in stated and number not in named}
    parts = {number: [part for part in re.split(r"[;\n]", one.text) if part.strip()] for number, one in own.items()}
    alone = {*known, *(folded(part) for each in parts.values() for part in each if "," not in part)}
    whole = {
        *known,
        *(folded(each[0].strip(" ,.")) for each in parts.values() if len(each) == 1 and not _is_prose(each[0])),
    }
    found = {number: Meaning((), one.text, REPLY) for number, one in comments.items() if one.replies_to}
    found |= {number: Meaning((name,), "", CODE) for number, name in named.items()}
    found |= {number: Meaning((), comments[number].text[end:], MEMO_STATED) for number, end in stated.items()}
    for number, each in parts.items():
        prose = [part for part in each if _is_prose(part) and folded(part.strip(" ,.")) not in known]
        if not prose:
            codes = tuple(dict.fromkeys(code for part in each for code in _names(part, alone) if code))
            found[number] = Meaning(codes, "", CODE)
            continue
        codes = tuple(one_line(part).strip(" ,.") for part in each if folded(part.strip(" ,.")) in whole)
        kind = QUESTION if all(part.rstrip().endswith("?") for part in prose) else PROSE
        found[number] = Meaning(tuple(dict.fromkeys(codes)), own[number].text, kind)
    return found


def _names(part: str, alone: Collection[str]) -> Iterator[str]:
    pieces = [one_line(piece) for piece in part.split(",")]
    if len(pieces) > 1 and all(not piece or folded(piece) in alone for piece in pieces):
        yield from pieces
    else:
        yield one_line(part).strip(" ,.")


def _is_prose(part: str) -> bool:
    """Whether a part of a comment is a question, a sentence, or longer than a name."""
    text, words = part.strip(), len(part.split())
    return (
        "?" in text
        or words > LONGEST
        or text.endswith("!")
        or (words > _SHORT and (text.endswith(".") or bool(_SENTENCES.search(text))))
    )
