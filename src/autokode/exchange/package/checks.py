"""Checks of a project beyond its XML schema: ids are unique, references have targets, segments lie within their text."""

from collections import Counter
from collections.abc import Iterator

from autokode.base.messages import say
from autokode.exchange.package.contents import KINDS, Document, Package, PackageCoding


def faults(package: Package) -> tuple[str, ...]:
    """The faults of a package, in sentences; empty if every program can read it."""
    return tuple(_faults(package))


def _faults(package: Package) -> Iterator[str]:
    ids = {
        "code": {code.guid for code in package.walk()},
        "user": {user.guid for user in package.users},
        "note": {note.guid for note in package.notes},
        "variable": {variable.guid for variable in package.variables},
        "source": {document.guid for document in package.documents},
        "selection": {segment.guid for document in package.documents for segment in document.segments},
    }
    for guid, count in Counter(_guids(package)).items():
        if count > 1:
            yield say(f"GUID-en {guid} er brukt {count} ganger", f"the GUID {guid} is used {count} times")
    for kind, name, wanted in _references(package):
        if wanted and wanted not in ids[kind]:
            yield say(
                f"{name} viser til {kind} {wanted}, som ikke finnes",
                f"{name} refers to {kind} {wanted}, which is not there",
            )
    for document in package.documents:
        yield from _segment_faults(document)
    for kind in {value.kind for document in package.documents for value in document.values} - set(KINDS):
        yield say(f"ukjent slags variabel «{kind}»", f"unknown kind of variable «{kind}»")


def _segment_faults(document: Document) -> Iterator[str]:
    for segment in document.segments:
        if not 0 <= segment.start < segment.end <= len(document.text):
            where = f"{segment.start}–{segment.end}"
            yield say(f"{document.name}: {where} er ikke i teksten", f"{document.name}: {where} is not in the text")
    try:
        document.text.encode("utf-8")
    except UnicodeEncodeError:
        yield say(f"{document.name}: har halve tegn", f"{document.name}: has half of a surrogate pair")


def _guids(package: Package) -> Iterator[str]:
    for things in (package.users, package.walk(), package.notes, package.variables, package.cases, package.sets):
        yield from (thing.guid for thing in things)
    for document in package.documents:
        yield document.guid
        for segment in document.segments:
            yield segment.guid
        yield from (coding.guid for coding in _codings(document))


def _codings(document: Document) -> Iterator[PackageCoding]:
    yield from document.codings
    for segment in document.segments:
        yield from segment.codings


def _references(package: Package) -> Iterator[tuple[str, str, str]]:
    """Yield (kind of target, who refers, target)."""
    for code in package.walk():
        yield from (("note", code.name, note) for note in code.notes)
    for note in package.notes:
        yield "user", note.guid, note.user
    for document in package.documents:
        for segment in document.segments:
            yield "user", document.name, segment.user
            yield from (("note", document.name, note) for note in segment.notes)
        for coding in _codings(document):
            yield "code", document.name, coding.code
            yield "user", document.name, coding.user
            yield from (("note", document.name, note) for note in coding.notes)
        yield "user", document.name, document.user
        yield from (("note", document.name, note) for note in document.notes)
        yield from (("variable", document.name, value.variable) for value in document.values)
    for case in package.cases:
        yield from (("code", case.name, code) for code in case.codes)
        yield from (("variable", case.name, value.variable) for value in case.values)
        yield from (("source", case.name, document) for document in case.documents)
        yield from (("selection", case.name, segment) for segment in case.segments)
    for member_set in package.sets:
        yield from (("code", member_set.name, code) for code in member_set.codes)
        yield from (("source", member_set.name, document) for document in member_set.documents)
        yield from (("note", member_set.name, note) for note in member_set.notes)
    yield from (("note", package.name, note) for note in package.own_notes)
