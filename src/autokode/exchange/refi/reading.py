"""Read REFI-QDA: .qdpx projects and .qdc codebooks of every dialect, tolerantly, with a remark for every repair."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from lxml import etree

from autokode.base.archive import Archive, parse_json, parse_xml
from autokode.base.errors import failure
from autokode.base.files import read_bytes
from autokode.base.formatting import one_line
from autokode.base.messages import say
from autokode.base.yaml_files import MAX_DEPTH
from autokode.exchange.package import own_data
from autokode.exchange.package.contents import Case, CodeNode, Note, Package, PackageSet, User, Variable, colour_in
from autokode.exchange.refi.documents import DocumentReader
from autokode.exchange.refi.elements import id_of, local, one_of, text_of, under
from autokode.exchange.refi.names import CODEBOOK, PROJECT, VALUES

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
        reader.remark(f"prosjektfilen heter {inner[0]}", f"the project file is called {inner[0]}")
    for other in inner[1:]:
        reader.remark(f"{other}: enda en prosjektfil, ikke lest", f"{other}: another project file, not read")
    if local(root) == "CodeBook":
        return reader.codebook(root, path.stem)
    if local(root) != "Project":
        raise failure(
            f"fant <{local(root)}>, ventet <Project>",
            f"found <{local(root)}>, expected <Project>",
            where=f"{path}: {inner[0]}",
            try_next="autokode import PROSJEKT.qdpx",
        )
    return _with_own_data(reader.project(root, path.stem), archive, path)


def _with_own_data(package: Package, archive: Archive, path: Path) -> Package:
    """A package with what only a file of autokode's holds, if it is one."""
    if not package.origin.startswith("autokode") or own_data.FILE not in archive.names:
        return package
    again = say("eksporter på nytt", "export it again")
    plain = parse_json(archive.read(own_data.FILE), f"{path}: {own_data.FILE}", again)
    own, wrong = own_data.own_data_in(plain, {document.guid: document.text for document in package.documents})
    remark = say(
        f"{wrong} opplysninger om ytringer og lesing passer ikke til tekstene, og er utelatt",
        f"{wrong} facts on utterances and reading do not fit the texts, and were left out",
    )
    return replace(package, own=own, remarks=(*package.remarks, *([remark] if wrong else [])))


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


class _Reader(DocumentReader):
    """Reads the parts of a package from their elements."""

    # the two kinds of file

    def project(self, root: Any, name: str) -> Package:
        self._namespace(root, PROJECT)
        users = tuple(
            User(self.unique_id(element, "user"), element.get("name") or element.get("id") or say("ukjent", "unknown"))
            for element in under(root, "Users", "User")
        )
        codes = tuple(self.code(element) for element in under(root, "CodeBook", "Codes", "Code"))
        known = {code.guid for top in codes for code in top.walk()}
        variables = tuple(
            Variable(
                self.unique_id(element, "variable"),
                element.get("name", ""),
                one_of(element.get("typeOfVariable"), tuple(VALUES.values())),
                text_of(element, "Description"),
            )
            for element in under(root, "Variables", "Variable")
        )
        self.origin = root.get("origin", "")
        documents = self.documents(under(root, "Sources"), known)
        notes = tuple(note for element in under(root, "Notes", "Note") for note in self.notes(element))
        there = {guid for document in documents for guid in (document.guid, *(p.guid for p in document.segments))}
        cases = tuple(self.case(element, known, there) for element in under(root, "Cases", "Case"))
        sets = tuple(self.package_set(element, known, there) for element in under(root, "Sets", "Set"))
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
        sets = tuple(self.package_set(element, known, set()) for element in under(root, "Sets", "Set"))
        empty = [element for element in root if local(element) in ("Sets", "Codes") and not len(element)]
        for element in empty:
            self.remark(
                f"tom <{local(element)}/>, som standarden ikke tillater",
                f"empty <{local(element)}/>, against the standard",
            )
        return Package(name, root.get("origin", ""), codes=codes, sets=sets, remarks=self.all_remarks())

    def _namespace(self, root: Any, expected: str) -> None:
        found = etree.QName(root).namespace or ""
        if found != expected:
            self.remark(
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
        return CodeNode(
            guid=self.unique_id(element, "code"),
            name=name,
            codable=(element.get("isCodable") or "true").strip().lower() not in ("false", "0"),
            colour=colour_in(element.get("color") or ""),
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
        yield Note(
            self.unique_id(element, "note"), text, element.get("name", ""), id_of(element.get("creatingUser")), time
        )

    def case(self, element: Any, codes: set[str], ids: set[str]) -> Case:
        return Case(
            guid=self.unique_id(element, "case"),
            name=element.get("name", ""),
            description=text_of(element, "Description"),
            codes=self.known(self.refs(element, "CodeRef"), codes),
            values=self.values(element),
            documents=self.known(self.refs(element, "SourceRef"), ids),
            segments=self.known(self.refs(element, "SelectionRef"), ids),
        )

    def package_set(self, element: Any, codes: set[str], ids: set[str]) -> PackageSet:
        return PackageSet(
            guid=self.unique_id(element, "set"),
            name=element.get("name", ""),
            description=text_of(element, "Description"),
            codes=self.known(self.refs(element, "MemberCode"), codes),
            documents=self.known(self.refs(element, "MemberSource"), ids),
            notes=self.refs(element, "MemberNote"),
        )
