"""What is to be taken in of a file that autokode wrote: nothing where it came from, and no suggestion as a coding."""

from dataclasses import replace

from autokode.base.messages import say
from autokode.exchange.package.contents import Package
from autokode.exchange.package.digest import digest_of
from autokode.exchange.package.own_data import OwnData
from autokode.project.store.project import Project
from autokode.project.store.project_state import state_in, was_added, was_in


def without_suggestions(package: Package) -> Package:
    """A package without the suggestions that nobody has decided about: they are nobody's codings."""
    suggested = package.own.suggested if package.own is not None else frozenset()
    if not suggested:
        return package
    dropped, documents = [], []
    for document in package.documents:
        segments = []
        for one in document.segments:
            dropped += [given for given in one.codings if given.guid in suggested]
            left = tuple(given for given in one.codings if given.guid not in suggested)
            if left or not one.codings:
                segments.append(replace(one, codings=left))
        documents.append(replace(document, segments=tuple(segments)))
    told = {guid for given in dropped for guid in given.notes}
    notes = tuple(note for note in package.notes if note.guid not in told)
    working = {given.user for document in documents for one in document.segments for given in one.codings}
    models = {given.user for given in dropped} - working - {note.user for note in notes}
    users = tuple(user for user in package.users if user.guid not in models)
    said = say(
        f"{len(suggested)} forslag som ingen har avgjort, er ikke tatt inn; lær på nytt: autokode learn",
        f"{len(suggested)} suggestions that nobody decided on are not taken in; learn anew: autokode learn",
    )
    return replace(package, documents=tuple(documents), notes=notes, users=users, remarks=(*package.remarks, said))


def is_own(project: Project, package: Package) -> bool:
    """Whether a package is as it was written from an earlier state of this project."""
    if package.own is None or package.own.digest != digest_of(package):
        return False
    state = state_in(package.own.state)
    return state is not None and was_in(project, state)


def news_of(project: Project, package: Package) -> Package:
    """What of a package written from an earlier state of a project that project never had: interviews, codes and coders.

    A copy of the project may have got them without any decision.
    """
    own = package.own or OwnData()
    fresh = tuple(
        document
        for document in package.documents
        if document.guid in own.added
        and not was_added(project, own.added[document.guid][0], own.added[document.guid][1])
    )
    names = {code.name for book in project.codebooks(until=project.codebook) for code in book}
    lacks_codes = any(node.name not in names for node in package.walk())
    here = {one.name for one in project.coders}
    coders = tuple(name for name in own.coders if name not in here)
    said = say(
        "skrevet fra dette prosjektet; det som er endret her siden, er ikke rørt",
        "written from this project; what was changed here since was not touched",
    )
    return replace(
        package,
        codes=package.codes if lacks_codes else (),
        documents=fresh,
        notes=(),
        own_notes=(),
        users=(),
        own=replace(own, coders=coders, turn_notes={}, read={}, verdicts=(), settled=(), variables=(), values=()),
        remarks=(*package.remarks, said),
    )
