"""REFI-QDA in: .qdpx projects and .qdc codebooks of every dialect, read tolerantly; what was mended is said."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from autokode.base.archive import Archive, parse_xml
from autokode.base.errors import failure
from autokode.base.files import read_bytes
from autokode.base.formatting import BLANK, one_line
from autokode.base.messages import say
from autokode.base.yaml_files import MAX_DEPTH
from autokode.exchange.package.contents import (
    Case,
    CodeNode,
    Document,
    Gathering,
    Given,
    Note,
    Package,
    Passage,
    User,
    Value,
    Variable,
    guid_of,
)
from autokode.exchange.package.position_counting import STANDARD, Counting, Marked, Span, find_countings, place
from autokode.exchange.refi.elements import Elements, id_of, local, number, one_of, quoted, text_of, under
from autokode.exchange.refi.names import CODEBOOK, PROJECT, SILENT, VALUES

_LOST = {"Links": ("lenker", "links"), "Graphs": ("kart", "graphs")}


def read_qdpx(path: str | Path) -> Package:
    """Read a project.

    Raises:
        DataError: no zip archive, no project in it, or one that is unsafe to read.
    """
    path = Path(path)
    archive = Archive(path)
    inner = [name for name in archive.names if name.lower().endswith(".qde")]
    inner.sort(key=lambda name: (name.count("/"), name.lower() != "project.qde", name))
    if not inner:
        shown = ", ".join(sorted(archive.names)[:3]) or say("ingenting", "nothing")
        mend = say("eksporter på nytt som REFI-QDA-prosjekt", "export it again as a REFI-QDA project")
        raise failure(
            f"har ingen project.qde (inneholder {shown})",
            f"has no project.qde (it holds {shown})",
            where=path,
            try_next=mend,
        )
    root = parse_xml(archive.read(inner[0]), f"{path}: {inner[0]}")
    reader = _Reader(str(path), archive)
    if inner[0] != "project.qde":
        reader.note(f"prosjektfilen heter {inner[0]}", f"the project file is called {inner[0]}")
    for other in inner[1:]:
        reader.note(f"{other}: enda en prosjektfil, ikke lest", f"{other}: another project file, not read")
    if local(root) == "CodeBook":
        return reader.codebook(root, path.stem)
    if local(root) != "Project":
        raise failure(
            f"fant <{local(root)}>, ventet <Project>",
            f"found <{local(root)}>, expected <Project>",
            where=f"{path}: {inner[0]}",
            try_next="autokode import PROSJEKT.qdpx",
        )
    return reader.project(root, path.stem)


def read_qdc(path: str | Path) -> Package:
    """Read a codebook.

    Raises:
        DataError: no XML, or no codebook.
    """
    path = Path(path)
    root = parse_xml(read_bytes(path), str(path))
    reader = _Reader(str(path), None)
    if local(root) == "Project":
        return reader.project(root, path.stem)
    if local(root) != "CodeBook":
        raise failure(
            f"fant <{local(root)}>, ventet <CodeBook>",
            f"found <{local(root)}>, expected <CodeBook>",
            where=path,
            try_next=say("eksporter kodeboken på nytt", "export it again"),
        )
    return reader.codebook(root, path.stem)


@dataclass(frozen=True)
class _Raw:
    """A text as it stands in a file, with what is marked in it, by positions as the file counts them."""

    element: Any
    name: str
    text: str
    spans: tuple[tuple[Any, Span], ...]
    mark: bool

    def marked(self) -> Marked:
        return Marked(self.text, tuple(span for _element, span in self.spans), self.mark)


class _Reader(Elements):
    """Turns elements into a package."""

    # the two kinds of file

    def project(self, root: Any, name: str) -> Package:
        self._namespace(root, PROJECT)
        users = tuple(
            User(self.new(element, "user"), element.get("name") or element.get("id") or say("ukjent", "unknown"))
            for element in under(root, "Users", "User")
        )
        codes = tuple(self.code(element) for element in under(root, "CodeBook", "Codes", "Code"))
        known = {code.guid for top in codes for code in top.walk()}
        variables = tuple(
            Variable(
                self.new(element, "variable"),
                element.get("name", ""),
                one_of(element.get("typeOfVariable"), tuple(VALUES.values())),
                text_of(element, "Description"),
            )
            for element in under(root, "Variables", "Variable")
        )
        self.origin = root.get("origin", "")
        documents = self.documents(under(root, "Sources"), known)
        notes = tuple(note for element in under(root, "Notes", "Note") for note in self.notes(element))
        there = {guid for document in documents for guid in (document.guid, *(p.guid for p in document.passages))}
        cases = tuple(self.case(element, known, there) for element in under(root, "Cases", "Case"))
        sets = tuple(self.gathering(element, known, there) for element in under(root, "Sets", "Set"))
        for element in root:
            if local(element) in _LOST and len(element):
                nb, en = _LOST[local(element)]
                self.count(f"{nb}, som ikke kan beholdes", f"{en}, which cannot be kept", len(element))
        return Package(
            name=root.get("name") or name,
            origin=root.get("origin", ""),
            description=text_of(root, "Description"),
            users=users,
            codes=codes,
            documents=documents,
            notes=notes,
            own_notes=self.refs(root, "NoteRef"),
            variables=variables,
            cases=cases,
            sets=sets,
            time=self.time(root.get("creationDateTime")),
            modified=self.time(root.get("modifiedDateTime")),
            remarks=self.all_remarks(),
        )

    def codebook(self, root: Any, name: str) -> Package:
        self._namespace(root, CODEBOOK)
        codes = tuple(self.code(element) for element in under(root, "Codes", "Code"))
        known = {code.guid for top in codes for code in top.walk()}
        sets = tuple(self.gathering(element, known, set()) for element in under(root, "Sets", "Set"))
        empty = [element for element in root if local(element) in ("Sets", "Codes") and not len(element)]
        for element in empty:
            self.note(
                f"tom <{local(element)}/>, som standarden ikke tillater",
                f"empty <{local(element)}/>, against the standard",
            )
        return Package(name, root.get("origin", ""), codes=codes, sets=sets, remarks=self.all_remarks())

    def _namespace(self, root: Any, expected: str) -> None:
        found = etree.QName(root).namespace or ""
        if found != expected:
            self.note(
                f"navnerommet er «{found}», ventet «{expected}»", f"the namespace is «{found}», expected «{expected}»"
            )

    # codes, notes, cases

    def code(self, element: Any, depth: int = 1) -> CodeNode:
        if depth > MAX_DEPTH:
            mend = say(
                "gjør kodetreet flatere, og eksporter på nytt", "make the tree of codes flatter, and export it again"
            )
            raise failure(
                f"koder i mer enn {MAX_DEPTH} nivåer",
                f"codes in more than {MAX_DEPTH} levels",
                where=self.file,
                try_next=mend,
            )
        name = one_line(element.get("name") or "")
        if not name:
            self.count("koder uten navn fikk et", "codes without a name were given one")
            name = say("uten navn", "unnamed")
        colour = element.get("color") or ""
        if re.fullmatch(r"#[0-9a-fA-F]{3}", colour):
            colour = "#" + "".join(2 * digit for digit in colour[1:])
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
            colour = ""
        return CodeNode(
            guid=self.new(element, "code"),
            name=name,
            codable=(element.get("isCodable") or "true").strip().lower() not in ("false", "0"),
            colour=colour.lower(),
            description=text_of(element, "Description"),
            notes=self.refs(element, "NoteRef"),
            codes=tuple(self.code(child, depth + 1) for child in element if local(child) == "Code"),
        )

    def notes(self, element: Any) -> Iterator[Note]:
        text = self.content(element)
        if text is None:
            self.count("notater uten tekst, utelatt", "notes without a text, left out")
            return
        time = self.time(element.get("creationDateTime"))
        yield Note(self.new(element, "note"), text, element.get("name", ""), id_of(element.get("creatingUser")), time)

    def case(self, element: Any, codes: set[str], there: set[str]) -> Case:
        return Case(
            guid=self.new(element, "case"),
            name=element.get("name", ""),
            description=text_of(element, "Description"),
            codes=self.known(self.refs(element, "CodeRef"), codes),
            values=self.values(element),
            documents=self.known(self.refs(element, "SourceRef"), there),
            passages=self.known(self.refs(element, "SelectionRef"), there),
        )

    def gathering(self, element: Any, codes: set[str], there: set[str]) -> Gathering:
        return Gathering(
            guid=self.new(element, "set"),
            name=element.get("name", ""),
            description=text_of(element, "Description"),
            codes=self.known(self.refs(element, "MemberCode"), codes),
            documents=self.known(self.refs(element, "MemberSource"), there),
            notes=self.refs(element, "MemberNote"),
        )

    def values(self, element: Any) -> tuple[Value, ...]:
        found = []
        for value in (child for child in element if local(child) == "VariableValue"):
            variable = "".join(self.refs(value, "VariableRef")[:1])
            for child in value:
                if local(child) in VALUES and variable:
                    found.append(Value(variable, VALUES[local(child)], child.text or ""))
        return tuple(found)

    # documents

    def documents(self, sources: Iterable[Any], codes: set[str]) -> tuple[Document, ...]:
        """Return the documents of all sources; how positions are counted is found out from all of them together."""
        raw = [one for element in sources for one in self.texts(element)]
        trusted = self.origin.startswith("autokode")
        counted = [STANDARD] * len(raw) if trusted else find_countings([one.marked() for one in raw])
        return tuple(self.document(one, counting, codes) for one, counting in zip(raw, counted, strict=True))

    def texts(self, element: Any) -> Iterator["_Raw"]:
        """Yield every text that a source has: its own, transcripts of sound and film, what pages and pictures say."""
        kind = local(element)
        inside = ("Transcript", "Representation", "TextDescription")
        own = [element] if kind == "TextSource" else [child for child in element if local(child) in inside]
        for child in own:
            yield from self.text(child, child.get("name") or element.get("name", ""))
        if kind in SILENT and not own:
            self.count(f"{SILENT[kind][0]}, som ikke kan beholdes", f"{SILENT[kind][1]}, which cannot be kept")
        drawn = sum(
            local(child) in ("PDFSelection", "PictureSelection", "AudioSelection", "VideoSelection")
            for child in element
        )
        if drawn:
            self.count(
                "merker på sider, bilder og lyd, som ikke kan beholdes",
                "selections on pages, pictures and sound, which cannot be kept",
                drawn,
            )

    def text(self, element: Any, name: str) -> Iterator["_Raw"]:
        written = [c for c in element if local(c) in ("PlainTextSelection", "TranscriptSelection")]
        raw = self.content(element)
        shown = name or Path(element.get("plainTextPath") or "").stem or say("uten navn", "unnamed")
        if raw is None or not raw.removeprefix("\ufeff").strip(BLANK):
            self.note(
                f"{shown}: har ingen tekst" + (f"; {len(written)} merker går tapt" if written else ""),
                f"{shown}: has no text" + (f"; {len(written)} selections are lost" if written else ""),
            )
            return
        text = raw.removeprefix("\ufeff")
        points = {
            id_of(c.get("guid")): c.get("position") for c in element if local(c) == "SyncPoint" and c.get("position")
        }
        spans = []
        for one in written:
            start = number(one.get("startPosition") or points.get(id_of(one.get("fromSyncPoint"))))
            end = number(one.get("endPosition") or points.get(id_of(one.get("toSyncPoint"))))
            if start is None or end is None:
                self.count("merker uten lesbare posisjoner, utelatt", "selections without readable positions, left out")
                continue
            if end < start:
                self.count(
                    "merker med slutt før begynnelse, snudd", "selections that end before they begin, turned round"
                )
                start, end = end, start
            spans.append((one, Span(start, end, quoted(one, text))))
        yield _Raw(element, shown, text, tuple(spans), raw.startswith("\ufeff"))

    def document(self, raw: "_Raw", counting: Counting, codes: set[str]) -> Document:
        element = raw.element
        if counting != STANDARD and counting.offsets(raw.text).tolist() != list(range(len(raw.text) + 1)):
            self.note(
                f"{raw.name}: posisjonene teller {counting.said()}; regnet om",
                f"{raw.name}: positions count {counting.said()}; converted",
            )
        return Document(
            guid=self.new(element, "source"),
            name=raw.name,
            text=raw.text,
            passages=tuple(self.passages(raw, counting, codes)),
            given=tuple(self.given(element, codes)),
            notes=self.refs(element, "NoteRef"),
            values=self.values(element),
            description=text_of(element, "Description"),
            user=id_of(element.get("creatingUser")),
            time=self.time(element.get("creationDateTime")),
        )

    def passages(self, raw: "_Raw", counting: Counting, codes: set[str]) -> Iterator[Passage]:
        offsets = counting.offsets(raw.text)
        for one, span in raw.spans:
            start, end = place(offsets, span.start), place(offsets, span.end)
            if span.start > offsets[-1] or span.start < offsets[0]:
                self.count("merker utenfor teksten, utelatt", "selections outside the text, left out")
                continue
            if span.end > offsets[-1]:
                self.count("merker forbi tekstens slutt, kortet av", "selections past the end of the text, shortened")
            if start == end:
                self.count("tomme merker, utelatt", "empty selections, left out")
                continue
            yield Passage(
                guid=self.new(one, "selection", raw.name, start, end),
                start=start,
                end=end,
                name=one.get("name", ""),
                description=text_of(one, "Description"),
                given=tuple(self.given(one, codes)),
                notes=self.refs(one, "NoteRef"),
                user=id_of(one.get("creatingUser")),
                time=self.time(one.get("creationDateTime")),
            )

    def given(self, element: Any, codes: set[str]) -> Iterator[Given]:
        """Yield what codes an element was given: by Coding elements, or by a CodeRef right under it as some write."""
        user = "" if local(element) == "TextSource" else id_of(element.get("creatingUser"))
        for child in element:
            if local(child) == "Coding":
                targets = self.refs(child, "CodeRef")
                if len(targets) > 1:
                    self.count("kodinger med flere koder, delt opp", "codings with several codes, split up")
                for number, code in enumerate(self.known(targets, codes)):
                    yield Given(
                        guid=self.new(child, "coding", number) if not number else guid_of(child.get("guid"), number),
                        code=code,
                        user=id_of(child.get("creatingUser")) or user,
                        time=self.time(child.get("creationDateTime")),
                        notes=self.refs(child, "NoteRef"),
                    )
            elif local(child) == "CodeRef":
                self.count(
                    "koder rett under et merke, lest som kodinger", "codes right under a selection, read as codings"
                )
                for code in self.known((id_of(child.get("targetGUID")),), codes):
                    time = self.time(element.get("creationDateTime"))
                    yield Given(guid_of("coding", element.get("guid"), code), code, user, time)
