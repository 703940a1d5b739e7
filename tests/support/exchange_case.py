"""Packages by Hypothesis to send through files and projects, compared without regard to order where there is none."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from lxml import etree

from autokode.base.formatting import BLANK
from autokode.exchange.package.contents import (
    KINDS,
    Case,
    CodeNode,
    Document,
    Note,
    Package,
    PackageCoding,
    PackageSegment,
    PackageSet,
    User,
    Value,
    Variable,
    guid_of,
)
from autokode.exchange.package_export import package_of
from autokode.project import Project
from conftest import SHARED


def whole(project: Project) -> Package:
    """The package of a project with everybody's memos."""
    return package_of(project, memos=[coder.name for coder in project.coders])


QUALCODER = """
CREATE TABLE project (databaseversion text, date text, memo text, about text,
    bookmarkfile integer, bookmarkpos integer, codername text);
CREATE TABLE source (id integer primary key, name text, fulltext text, mediapath text, memo text, owner text, date text);
CREATE TABLE code_name (cid integer primary key, name text, memo text, catid integer, owner text, date text, color text);
CREATE TABLE code_cat (catid integer primary key, name text, owner text, date text, memo text, supercatid integer);
CREATE TABLE code_text (ctid integer primary key, cid integer, fid integer, seltext text, pos0 integer, pos1 integer,
    owner text, date text, memo text, avid integer, important integer);
CREATE TABLE annotation (anid integer primary key, fid integer, pos0 integer, pos1 integer, memo text, owner text, date text);
CREATE TABLE cases (caseid integer primary key, name text, memo text, owner text, date text);
CREATE TABLE case_text (id integer primary key, caseid integer, fid integer, pos0 integer, pos1 integer, owner text, date text,
    memo text);
CREATE TABLE attribute_type (name text primary key, date text, owner text, memo text, caseOrFile text, valuetype text);
CREATE TABLE attribute (attrid integer primary key, name text, attr_type text, value text, id integer, date text, owner text);
CREATE TABLE journal (jid integer primary key, name text, jentry text, date text, owner text);
"""
"""The tables of QualCoder's own projects, as version 3.6 makes them."""

_letters = st.sampled_from([*"abdeiknorstæøåÆØÅ", " ", "-", "&", "<", '"', "😀", "e\u0301", "漢"])
names = st.lists(_letters, min_size=1, max_size=12).map(lambda name: " ".join("".join(name).split())).filter(bool)
_pieces = st.sampled_from(
    [
        *"aeinrstæøå .,?",
        "\n",
        "\r\n",
        "\r",
        "\t",
        "😀",
        "👩‍👧",
        "e\u0301",
        "\u00a0",
        "\u2028",
        "\x0c",
        "\x85",
        "漢",
        "Anne: ",
        "\nI: ",
        "<b>",
        "&amp;",
    ]
)
bodies = st.lists(_pieces, min_size=3, max_size=120).map("".join).filter(lambda text: text.strip(BLANK) != "")
said = st.lists(_letters, max_size=20).map("".join).map(str.strip)
times = st.sampled_from(["", "2026-03-02T10:15:00", "2026-03-02T10:15:00.250Z", "2025-12-31T23:59:59+01:00"])


class _Parts:
    """Draws the parts of one package; a note belongs to at most one part."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        coders = draw(st.lists(names, min_size=1, max_size=3, unique=True))
        self.users = tuple(User(guid_of("u", i), name) for i, name in enumerate(coders))
        self.notes = tuple(
            Note(guid_of("n", i), draw(said) + "x", draw(st.sampled_from(["", "tanke"])), self.user(), draw(times))
            for i in range(draw(st.integers(0, 4)))
        )
        self._free = list(draw(st.permutations([note.guid for note in self.notes])))
        self.nodes = self._tree()
        self.codes = [node.guid for top in self.nodes for node in top.walk()]
        self.variables = tuple(
            Variable(guid_of("v", i), name, draw(st.sampled_from(KINDS)))
            for i, name in enumerate(draw(st.lists(names, max_size=2, unique=True)))
        )
        self.values = tuple(Value(one.guid, one.kind, _VALID[one.kind]) for one in self.variables)

    def user(self) -> str:
        return self.draw(st.sampled_from([one.guid for one in self.users]))

    def some_notes(self) -> tuple[str, ...]:
        return (self._free.pop(),) if self._free and self.draw(st.booleans()) else ()

    def _tree(self) -> tuple[CodeNode, ...]:
        unlike = st.lists(
            names, min_size=1, max_size=5, unique_by=lambda name: re.sub(r"\W", "", name).casefold() or name
        )
        nodes: list[CodeNode] = []
        for i, name in enumerate(self.draw(unlike)):
            under = tuple(nodes[-1:]) if nodes and self.draw(st.booleans()) else ()
            nodes = nodes[: len(nodes) - len(under)]
            colour = self.draw(st.sampled_from(["", "#a0b1c2"]))
            nodes.append(CodeNode(guid_of("c", i), name, True, colour, self.draw(said), self.some_notes(), under))
        return tuple(nodes)

    def segment(self, d: int, i: int, start: int, end: int) -> PackageSegment:
        draw, user = self.draw, st.sampled_from([one.guid for one in self.users])
        pairs = draw(st.lists(st.tuples(st.sampled_from(self.codes), user), max_size=3, unique=True))
        codings = tuple(
            PackageCoding(guid_of("g", d, i, j), code, who, draw(times), self.some_notes())
            for j, (code, who) in enumerate(pairs)
        )
        described = (draw(said), draw(said), codings, self.some_notes(), self.user(), draw(times))
        return PackageSegment(guid_of("p", d, i), start, end, *described)

    def document(self, d: int) -> Document:
        draw, text = self.draw, self.draw(bodies)
        places = st.tuples(st.integers(0, len(text) - 1), st.integers(1, len(text)))
        spans = sorted({(min(a, b - 1), max(a + 1, b)) for a, b in draw(st.lists(places, max_size=6, unique=True))})
        segments = tuple(self.segment(d, i, *span) for i, span in enumerate(spans))
        whole = (PackageCoding(guid_of("w", d), self.codes[0], self.users[0].guid),) if draw(st.booleans()) else ()
        told = (self.some_notes(), self.values, draw(said), self.users[0].guid, draw(times))
        return Document(guid_of("d", d), f"{draw(names)} {d}", text, segments, whole, *told)


@st.composite
def packages(draw: st.DrawFn) -> Package:
    """Any project of another program: ids of its own, and references with targets."""
    parts = _Parts(draw)
    documents = tuple(map(parts.document, range(draw(st.integers(1, 2)))))
    first, segments = (documents[0].guid,), tuple(one.guid for document in documents for one in document.segments)
    cases: tuple[Case, ...] = ()
    if draw(st.booleans()):
        own = (tuple(parts.codes[:1]), parts.values, first, segments[:2])
        cases = (Case(guid_of("k", 0), draw(names), draw(said), *own),)
    sets: tuple[PackageSet, ...] = ()
    if draw(st.booleans()):
        sets = (PackageSet(guid_of("s", 0), draw(names), draw(said), tuple(parts.codes[:2]), first, ()),)
    held = (parts.users, parts.nodes, documents, parts.notes, parts.some_notes(), parts.variables, cases, sets)
    return Package(draw(names), "", draw(said), *held, draw(times), "")


_VALID = {
    "Text": "æ",
    "Boolean": "true",
    "Integer": "7",
    "Float": "2.5",
    "Date": "2026-03-02",
    "DateTime": "2026-03-02T10:15:00",
}


def ordered(package: Package) -> Package:
    """A package with its unordered parts sorted, and without the parts that a project adds."""
    documents = [
        replace(
            document,
            segments=tuple(
                sorted(
                    (replace(one, codings=tuple(sorted(one.codings, key=_guid))) for one in document.segments),
                    key=lambda one: (one.start, one.end, one.guid),
                )
            ),
        )
        for document in package.documents
    ]
    return replace(
        package,
        origin="",
        modified="",
        users=tuple(sorted(package.users, key=_guid)),
        documents=tuple(sorted(documents, key=_guid)),
        notes=tuple(sorted(package.notes, key=_guid)),
        variables=tuple(sorted(package.variables, key=_guid)),
        cases=tuple(sorted(package.cases, key=_guid)),
        sets=tuple(sorted(package.sets, key=_guid)),
    )


def _guid(thing: Any) -> str:
    return str(thing.guid)


def schema(name: str) -> Any:
    """The standard's own schema, from the shared data."""
    return etree.XMLSchema(etree.parse(str(SHARED / "qda" / name)))


def quotes(package: Package) -> list[tuple[str, str, str]]:
    """(document, quote, code) of every coding."""
    code = {node.guid: node.name for node in package.walk()}
    return sorted(
        (document.name, document.text[one.start : one.end], code[given.code])
        for document in package.documents
        for one in document.segments
        for given in one.codings
    )


def written(folder: Path, inner: str, files: dict[str, bytes], name: str = "project.qde") -> Path:
    """Write an archive by hand, as another program would."""
    import zipfile

    path = folder / "p.qdpx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, inner)
        for file, data in files.items():
            archive.writestr(file, data)
    return path
