"""Package: the content of one exchange file, whichever program wrote it. Objects refer to each other by id."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

from autokode.exchange.package.own_data import OwnData

_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:autokode")


def guid_of(*parts: object) -> str:
    """The id made of some parts: the same parts give the same id (RFC 9562, version 5), so that two exports can be compared.

    >>> guid_of("code", "makt") == guid_of("code", "makt")
    True
    """
    return str(uuid.uuid5(_SPACE, "\x1f".join(map(str, parts))))


def colour_in(stated: str) -> str:
    """A colour as «#rrggbb» in small letters, from that or from «#rgb»; "" for anything else.

    >>> colour_in("#F8E0E0"), colour_in("#0af"), colour_in("rød")
    ('#f8e0e0', '#00aaff', '')
    """
    short = re.fullmatch(r"#[0-9a-fA-F]{3}", stated)
    whole = "#" + "".join(2 * digit for digit in stated[1:]) if short else stated
    return whole.lower() if re.fullmatch(r"#[0-9a-fA-F]{6}", whole) else ""


@dataclass(frozen=True, slots=True)
class User:
    """A coder: a person or a model."""

    guid: str
    name: str


@dataclass(frozen=True, slots=True)
class Note:
    """A memo or a note; `user` and `time` are "" where the file does not say."""

    guid: str
    text: str = field(repr=False)
    name: str = ""
    user: str = ""
    time: str = ""


@dataclass(frozen=True, slots=True)
class CodeNode:
    """A code of the tree; `notes` are ids of notes about it."""

    guid: str
    name: str
    codable: bool = True
    colour: str = ""
    description: str = field(default="", repr=False)
    notes: tuple[str, ...] = field(default=(), repr=False)
    codes: tuple["CodeNode", ...] = ()

    def walk(self) -> Iterator["CodeNode"]:
        """Yield this code and all below it, parents first."""
        yield self
        for code in self.codes:
            yield from code.walk()


@dataclass(frozen=True, slots=True)
class PackageCoding:
    """The fact that a user applied a code to a segment, or to a whole document."""

    guid: str
    code: str
    user: str = ""
    time: str = ""
    notes: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class PackageSegment:
    """A segment of a document with its codings, if any; `start` and `end` are code points, half-open."""

    guid: str
    start: int
    end: int
    name: str = field(default="", repr=False)
    description: str = field(default="", repr=False)
    codings: tuple[PackageCoding, ...] = ()
    notes: tuple[str, ...] = field(default=(), repr=False)
    user: str = ""
    time: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """The value of a variable for a case or a document; `kind` is one of `KINDS`."""

    variable: str
    kind: str
    text: str = field(repr=False)


KINDS = ("Text", "Boolean", "Integer", "Float", "Date", "DateTime")


@dataclass(frozen=True, slots=True)
class Document:
    """A transcript: its text, never changed, and its segments; `codings` are those of the whole document."""

    guid: str
    name: str
    text: str = field(repr=False)
    segments: tuple[PackageSegment, ...] = field(default=(), repr=False)
    codings: tuple[PackageCoding, ...] = field(default=(), repr=False)
    notes: tuple[str, ...] = field(default=(), repr=False)
    values: tuple[Value, ...] = field(default=(), repr=False)
    description: str = field(default="", repr=False)
    user: str = ""
    time: str = ""


@dataclass(frozen=True, slots=True)
class Variable:
    """A property that cases or documents have."""

    guid: str
    name: str
    kind: str = "Text"
    description: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Case:
    """A person, an office or another unit: its values, documents and segments."""

    guid: str
    name: str
    description: str = field(default="", repr=False)
    codes: tuple[str, ...] = ()
    values: tuple[Value, ...] = field(default=(), repr=False)
    documents: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PackageSet:
    """A set of codes, documents and notes."""

    guid: str
    name: str
    description: str = field(default="", repr=False)
    codes: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Package:
    """A whole file.

    Attributes:
        remarks: sentences on what the reader inferred, repaired or could not keep.
        own: what only a file of autokode's holds; None in all others.
    """

    name: str
    origin: str = ""
    description: str = field(default="", repr=False)
    users: tuple[User, ...] = ()
    codes: tuple[CodeNode, ...] = field(default=(), repr=False)
    documents: tuple[Document, ...] = field(default=(), repr=False)
    notes: tuple[Note, ...] = field(default=(), repr=False)
    own_notes: tuple[str, ...] = field(default=(), repr=False)
    variables: tuple[Variable, ...] = ()
    cases: tuple[Case, ...] = field(default=(), repr=False)
    sets: tuple[PackageSet, ...] = field(default=(), repr=False)
    time: str = ""
    modified: str = ""
    remarks: tuple[str, ...] = field(repr=False, default=(), compare=False)
    own: OwnData | None = field(default=None, compare=False)

    def walk(self) -> Iterator[CodeNode]:
        """Yield every code, parents first."""
        for code in self.codes:
            yield from code.walk()
