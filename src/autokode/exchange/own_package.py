"""What is to be taken in of a file that autokode wrote: nothing where it came from, and no suggestion as a coding."""

from dataclasses import replace

from autokode.base.messages import say
from autokode.exchange.package.contents import Package
from autokode.exchange.package.digest import digest_of
from autokode.project.store.project import Project
from autokode.project.store.project_state import state_in, was_in


def without_suggestions(package: Package) -> Package:
    """A package without the suggestions that nobody has decided about: they are nobody's codings."""
    suggested = package.own.suggested if package.own is not None else frozenset()
    if not suggested:
        return package
    documents = []
    for document in package.documents:
        segments = [
            replace(one, codings=tuple(given for given in one.codings if given.guid not in suggested))
            for one in document.segments
        ]
        kept = [new for new, old in zip(segments, document.segments, strict=True) if new.codings or not old.codings]
        documents.append(replace(document, segments=tuple(kept)))
    said = say(
        f"{len(suggested)} forslag som ingen har avgjort, er ikke tatt inn; lær på nytt: autokode learn",
        f"{len(suggested)} suggestions that nobody decided on are not taken in; learn anew: autokode learn",
    )
    return replace(package, documents=tuple(documents), remarks=(*package.remarks, said))


def is_own(project: Project, package: Package) -> bool:
    """Whether a package is as it was written from an earlier state of this project."""
    if package.own is None or package.own.digest != digest_of(package):
        return False
    state = state_in(package.own.state)
    return state is not None and was_in(project, state)
