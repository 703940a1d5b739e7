"""Make the material of a report from a project, and check that its transcripts may be quoted."""

from collections.abc import Collection

from autokode.base.errors import DataError, Problem, failure, quoted
from autokode.base.messages import say
from autokode.project import Project
from autokode.project.store.coders import likeliest
from autokode.report.material import Material


def material_of(project: Project, *, coders: Collection[str] = (), as_is: bool = False) -> Material:
    """The codings of a project with their transcripts.

    Args:
        project: the project.
        coders: whose codings to take; all coders' if empty.
        as_is: also allow transcripts that are not marked as pseudonymised.

    Raises:
        DataError: there are no codings, a coder is unknown, or transcripts are not marked as pseudonymised.
    """
    known = [coder.name for coder in project.coders]
    for name in coders:
        if name not in known:
            meant = likeliest(name, known)
            asked = say(f". Mente du «{meant}»?", f". Did you mean «{meant}»?") if meant else ""
            found = ", ".join(known) or say("ingen", "nobody")
            raise failure(
                f"ingen koder heter «{name}»; fant {found}{asked}",
                f"no coder «{name}»; found {found}{asked}",
                where=project.folder,
                try_next=f'--coder "{meant}"' if meant else f"autokode coders --project {quoted(project.folder)}",
            )
    codings = tuple(coding for coding in project.codings() if not coders or coding.coder in coders)
    if not codings:
        raise failure(
            "ingenting er kodet ennå",
            "nothing is coded yet",
            where=project.folder,
            try_next=f"autokode review --project {quoted(project.folder)}",
        )
    sources = project.sources
    if not as_is:
        _check_pseudonymised(project, [source.name for source in sources])
    return Material(
        project.codebook,
        {source.name: project.transcript(source.name) for source in sources},
        {source.name: source.office for source in sources},
        codings,
    )


def _check_pseudonymised(project: Project, names: list[str]) -> None:
    unmarked = [name for name in names if name not in project.pseudonymised]
    if not unmarked:
        return
    what = say(
        "er ikke merket som pseudonymisert, og siteres ikke i en rapport",
        "is not marked as pseudonymised, and is not quoted in a report",
    )
    mend = say(
        "autokode pseudonymise MAPPE --out NY, og ta inn den; er navnene oppdiktet: autokode add FIL --pseudonymised; "
        "ellers --as-is",
        "autokode pseudonymise FOLDER --out NEW, and add that; if the names are invented: autokode add FILE --pseudonymised; "
        "else --as-is",
    )
    raise DataError([Problem(what, name) for name in unmarked], try_next=mend)
