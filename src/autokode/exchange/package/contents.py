"""Package: what one exchange file holds, whichever program wrote it. Things name each other by their ids."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:autokode")


def guid_of(*parts: object) -> str:
    """Return the id of a thing: the same parts give the same id (RFC 9562, version 5), so that two exports compare.

    >>> guid_of("code", "makt") == guid_of("code", "makt")
    True
    """
    return str(uuid.uuid5(_SPACE, "\x1f".join(map(str, parts))))


@dataclass(frozen=True, slots=True)
class User:
    """Who coded: a person, or a model."""

    guid: str
    name: str


@dataclass(frozen=True, slots=True)
class Note:
    """A memo or a note; `user` and `time` are "" where the file does not say."""

    guid: str
    text: str
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
    description: str = ""
    notes: tuple[str, ...] = ()
    codes: tuple["CodeNode", ...] = ()

    def walk(self) -> Iterator["CodeNode"]:
        """Yield this code and all below it, parents first."""
        yield self
        for code in self.codes:
            yield from code.walk()


@dataclass(frozen=True, slots=True)
class Given:
    """That a user gave a code to a passage."""

    guid: str
    code: str
    user: str = ""
    time: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a document: code points, half-open; with the codes given to it, or none."""

    guid: str
    start: int
    end: int
    name: str = ""
    description: str = ""
    given: tuple[Given, ...] = ()
    notes: tuple[str, ...] = ()
    user: str = ""
    time: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """What a variable says of a case or a document; `kind` is one of `KINDS`."""

    variable: str
    kind: str
    text: str


KINDS = ("Text", "Boolean", "Integer", "Float", "Date", "DateTime")


@dataclass(frozen=True, slots=True)
class Document:
    """A transcript: its text, never changed, and what is marked in it; `given` are codes of the whole of it."""

    guid: str
    name: str
    text: str
    passages: tuple[Passage, ...] = ()
    given: tuple[Given, ...] = ()
    notes: tuple[str, ...] = ()
    values: tuple[Value, ...] = ()
    description: str = ""
    user: str = ""
    time: str = ""


@dataclass(frozen=True, slots=True)
class Variable:
    """A property that cases or documents have."""

    guid: str
    name: str
    kind: str = "Text"
    description: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """A person, an office, …: what is said of it, and where it is met."""

    guid: str
    name: str
    description: str = ""
    codes: tuple[str, ...] = ()
    values: tuple[Value, ...] = ()
    documents: tuple[str, ...] = ()
    passages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gathering:
    """A set of codes, documents and notes."""

    guid: str
    name: str
    description: str = ""
    codes: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Package:
    """All of a file. `remarks` says what was inferred, repaired or could not be kept, in sentences."""

    name: str
    origin: str = ""
    description: str = ""
    users: tuple[User, ...] = ()
    codes: tuple[CodeNode, ...] = ()
    documents: tuple[Document, ...] = ()
    notes: tuple[Note, ...] = ()
    own_notes: tuple[str, ...] = ()
    variables: tuple[Variable, ...] = ()
    cases: tuple[Case, ...] = ()
    sets: tuple[Gathering, ...] = ()
    time: str = ""
    modified: str = ""
    remarks: tuple[str, ...] = field(default=(), compare=False)

    def walk(self) -> Iterator[CodeNode]:
        """Yield every code, parents first."""
        for code in self.codes:
            yield from code.walk()
