"""Write strict REFI-QDA, .qdpx and .qdc: the same bytes for the same package."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

from lxml import etree

from autokode import __version__
from autokode.base.errors import DataError, Problem, failure
from autokode.base.files import write_whole
from autokode.base.formatting import for_xml
from autokode.exchange.package import own_data
from autokode.exchange.package.checks import faults
from autokode.exchange.package.contents import (
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
)
from autokode.exchange.refi.names import CODEBOOK, FOLDER, PROJECT, VALUES, moment

T = TypeVar("T", User, Variable, Case, Document, Note, PackageSet)
_DATE = (1980, 1, 1, 0, 0, 0)
"""Time of every file in the archive: a fixed one, so that two exports are the same bytes."""
_ELEMENT = {kind: element for element, kind in VALUES.items()}


def write_qdpx(path: str | Path, package: Package) -> None:
    """Write a project; whole or not at all.

    Raises:
        DataError: the place cannot be written, or the package has references without targets or segments outside their text.
    """
    write_whole(Path(path), qdpx_bytes(package))


def write_qdc(path: str | Path, package: Package) -> None:
    """Write a package's codes as a codebook; whole or not at all.

    Raises:
        DataError: there are no codes, or the place cannot be written.
    """
    write_whole(Path(path), qdc_bytes(package))


def qdpx_bytes(package: Package) -> bytes:
    """The bytes of a package's .qdpx file; the same package gives the same bytes."""
    found = faults(package)
    if found:
        problems = [Problem(fault, package.name) for fault in found]
        raise DataError(problems, try_next="autokode status")
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        _put(archive, "project.qde", _serialised(_project(package)))
        for document in sorted(package.documents, key=lambda one: one.guid):
            _put(archive, f"{FOLDER}/{document.guid}.txt", document.text.encode("utf-8"))
        if package.own is not None:
            _put(archive, own_data.FILE, own_data.json_of(package.own))
    return buffer.getvalue()


def qdc_bytes(package: Package) -> bytes:
    """The bytes of a .qdc file with a package's codes."""
    if not package.codes:
        raise failure(
            "har ingen koder å skrive", "has no codes to write", where=package.name, try_next="autokode codebook"
        )
    root = etree.Element(f"{{{CODEBOOK}}}CodeBook", nsmap=_default(CODEBOOK))
    root.set("origin", f"autokode {__version__}")
    codes = _sub(root, "Codes")
    for code in package.codes:
        _code(codes, code, notes=False)
    sets = [member_set for member_set in package.sets if member_set.codes]
    if sets:
        under = _sub(root, "Sets")
        for member_set in sets:
            element = _sub(under, "Set", guid=member_set.guid, name=member_set.name)
            _description(element, member_set.description)
            for member in member_set.codes:
                _sub(element, "MemberCode", guid=member)
    return _serialised(root)


def _project(package: Package) -> Any:
    root = etree.Element(f"{{{PROJECT}}}Project", nsmap=_default(PROJECT))
    _set(root, name=package.name, origin=f"autokode {__version__}")
    _set(root, creationDateTime=moment(package.time) or None, modifiedDateTime=moment(package.modified) or None)
    _set(root, basePath="" if package.documents else None)
    _each(root, "Users", "User", package.users, _user)
    if package.codes:
        under = _sub(_sub(root, "CodeBook"), "Codes")
        for node in package.codes:
            _code(under, node)
    _each(root, "Variables", "Variable", package.variables, _variable)
    _each(root, "Cases", "Case", package.cases, _case)
    _each(root, "Sources", "TextSource", package.documents, _document)
    _each(root, "Notes", "Note", package.notes, _note)
    _each(root, "Sets", "Set", package.sets, _package_set)
    _description(root, package.description)
    _refs(root, "NoteRef", package.own_notes)
    return root


def _default(namespace: str) -> Any:
    return {None: namespace}  # lxml's stubs know no default namespace


def _each(root: Any, container: str, tag: str, things: tuple[T, ...], write: Callable[[Any, T], None]) -> None:
    """Write objects of one kind as elements of a container; no container if there are none."""
    under = _sub(root, container) if things else None
    for thing in things:
        write(_sub(under, tag, guid=thing.guid), thing)


def _code(parent: Any, code: CodeNode, *, notes: bool = True) -> None:
    element = _sub(parent, "Code", guid=code.guid, name=code.name, isCodable="true" if code.codable else "false")
    _set(element, color=code.colour or None)
    _description(element, code.description)
    if notes:
        _refs(element, "NoteRef", code.notes)
    for child in code.codes:
        _code(element, child, notes=notes)


def _user(element: Any, user: User) -> None:
    _set(element, name=user.name)


def _variable(element: Any, variable: Variable) -> None:
    _set(element, name=variable.name, typeOfVariable=variable.kind)
    _description(element, variable.description)


def _case(element: Any, case: Case) -> None:
    _set(element, name=case.name)
    _description(element, case.description)
    _refs(element, "CodeRef", case.codes)
    _values(element, case.values)
    _refs(element, "SourceRef", case.documents)
    _refs(element, "SelectionRef", case.segments)


def _package_set(element: Any, member_set: PackageSet) -> None:
    _set(element, name=member_set.name)
    _description(element, member_set.description)
    _refs(element, "MemberCode", member_set.codes)
    _refs(element, "MemberSource", member_set.documents)
    _refs(element, "MemberNote", member_set.notes)


def _document(element: Any, document: Document) -> None:
    _set(element, name=document.name)
    _set(element, plainTextPath=f"internal://{document.guid}.txt")
    _set(element, creatingUser=document.user or None, creationDateTime=moment(document.time) or None)
    _description(element, document.description)
    for segment in document.segments:
        _segment(element, segment)
    for coding in document.codings:
        _coding(element, coding)
    _refs(element, "NoteRef", document.notes)
    _values(element, document.values)


def _segment(parent: Any, segment: PackageSegment) -> None:
    element = _sub(parent, "PlainTextSelection", guid=segment.guid)
    _set(element, name=segment.name or None, startPosition=str(segment.start), endPosition=str(segment.end))
    _set(element, creatingUser=segment.user or None, creationDateTime=moment(segment.time) or None)
    _description(element, segment.description)
    for coding in segment.codings:
        _coding(element, coding)
    _refs(element, "NoteRef", segment.notes)


def _coding(parent: Any, coding: PackageCoding) -> None:
    element = _sub(parent, "Coding", guid=coding.guid)
    _set(element, creatingUser=coding.user or None, creationDateTime=moment(coding.time) or None)
    _refs(element, "CodeRef", (coding.code,))
    _refs(element, "NoteRef", coding.notes)


def _note(element: Any, note: Note) -> None:
    _set(element, name=note.name or None, creatingUser=note.user or None, creationDateTime=moment(note.time) or None)
    _sub(element, "PlainTextContent").text = for_xml(note.text)


def _values(parent: Any, values: tuple[Value, ...]) -> None:
    for value in values:
        element = _sub(parent, "VariableValue")
        _refs(element, "VariableRef", (value.variable,))
        _sub(element, _ELEMENT[value.kind]).text = for_xml(value.text)


def _refs(parent: Any, tag: str, targets: tuple[str, ...]) -> None:
    for target in targets:
        _sub(parent, tag, targetGUID=target)


def _description(parent: Any, text: str) -> None:
    if text:
        _sub(parent, "Description").text = for_xml(text)


def _sub(parent: Any, tag: str, **attributes: str) -> Any:
    element = etree.SubElement(parent, f"{{{etree.QName(parent).namespace}}}{tag}")
    _set(element, **attributes)
    return element


def _set(element: Any, **attributes: str | None) -> None:
    for name, value in attributes.items():
        if value is not None and (value or name in ("name", "basePath")):
            element.set(name, for_xml(value))


def _serialised(root: Any) -> bytes:
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")  # type: ignore[no-any-return, unused-ignore]


def _put(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    info = zipfile.ZipInfo(name, _DATE)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    info.create_system = 3
    archive.writestr(info, data, compresslevel=6)
