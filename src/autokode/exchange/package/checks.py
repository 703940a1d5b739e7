"""What an XSD cannot say of a project: each id is one thing's, references lead somewhere, passages are in their text."""

from collections import Counter
from collections.abc import Iterator

from autokode.base.messages import say
from autokode.exchange.package.contents import KINDS, Document, Given, Package


def faults(package: Package) -> tuple[str, ...]:
    """Return what is wrong with a package, in sentences; nothing for one that every program can read."""
    return tuple(_faults(package))


def _faults(package: Package) -> Iterator[str]:
    there = {
        "code": {code.guid for code in package.walk()},
        "user": {user.guid for user in package.users},
        "note": {note.guid for note in package.notes},
        "variable": {variable.guid for variable in package.variables},
        "source": {document.guid for document in package.documents},
        "selection": {passage.guid for document in package.documents for passage in document.passages},
    }
    for guid, count in Counter(_guids(package)).items():
        if count > 1:
            yield say(f"GUID-en {guid} er brukt {count} ganger", f"the GUID {guid} is used {count} times")
    for kind, name, wanted in _references(package):
        if wanted and wanted not in there[kind]:
            yield say(
                f"{name} viser til {kind} {wanted}, som ikke finnes",
                f"{name} refers to {kind} {wanted}, which is not there",
            )
    for document in package.documents:
        yield from _placed(document)
    for kind in {value.kind for document in package.documents for value in document.values} - set(KINDS):
        yield say(f"ukjent slags variabel «{kind}»", f"unknown kind of variable «{kind}»")


def _placed(document: Document) -> Iterator[str]:
    for passage in document.passages:
        if not 0 <= passage.start < passage.end <= len(document.text):
            where = f"{passage.start}–{passage.end}"
            yield say(f"{document.name}: {where} er ikke i teksten", f"{document.name}: {where} is not in the text")
    try:
        document.text.encode("utf-8")
    except UnicodeEncodeError:
        yield say(f"{document.name}: har halve tegn", f"{document.name}: has half characters")


def _guids(package: Package) -> Iterator[str]:
    for things in (package.users, package.walk(), package.notes, package.variables, package.cases, package.sets):
        yield from (thing.guid for thing in things)
    for document in package.documents:
        yield document.guid
        for passage in document.passages:
            yield passage.guid
        yield from (given.guid for given in _given(document))


def _given(document: Document) -> Iterator[Given]:
    yield from document.given
    for passage in document.passages:
        yield from passage.given


def _references(package: Package) -> Iterator[tuple[str, str, str]]:
    """Yield (kind of target, who refers, target)."""
    for code in package.walk():
        yield from (("note", code.name, note) for note in code.notes)
    for note in package.notes:
        yield "user", note.guid, note.user
    for document in package.documents:
        for passage in document.passages:
            yield "user", document.name, passage.user
            yield from (("note", document.name, note) for note in passage.notes)
        for given in _given(document):
            yield "code", document.name, given.code
            yield "user", document.name, given.user
            yield from (("note", document.name, note) for note in given.notes)
        yield "user", document.name, document.user
        yield from (("note", document.name, note) for note in document.notes)
        yield from (("variable", document.name, value.variable) for value in document.values)
    for case in package.cases:
        yield from (("code", case.name, code) for code in case.codes)
        yield from (("variable", case.name, value.variable) for value in case.values)
        yield from (("source", case.name, document) for document in case.documents)
        yield from (("selection", case.name, passage) for passage in case.passages)
    for gathering in package.sets:
        yield from (("code", gathering.name, code) for code in gathering.codes)
        yield from (("source", gathering.name, document) for document in gathering.documents)
        yield from (("note", gathering.name, note) for note in gathering.notes)
    yield from (("note", package.name, note) for note in package.own_notes)
