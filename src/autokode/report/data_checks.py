"""Make the material of a report from a project, and check that its transcripts may be quoted and its memos shown."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from autokode.base.errors import DataError, Problem, failure, quoted
from autokode.base.messages import say
from autokode.project import Project
from autokode.project.store.coders import as_known, likeliest
from autokode.project.store.decision_rows import Memo
from autokode.report.interview_names import names_in_report
from autokode.report.material import Material


def material_of(project: Project, *, coders: Collection[str] = (), as_is: bool = False) -> Material:
    """The codings of a project with their transcripts, which have the names that a report calls them by (`interview_names`).

    Args:
        project: the project.
        coders: whose codings to take; all coders' if empty.
        as_is: also allow transcripts that are not marked as pseudonymised.

    Raises:
        DataError: there are no codings, a coder is unknown, or transcripts are not marked as pseudonymised.
    """
    coders = known_coders(project, coders)
    codings = tuple(coding for coding in project.codings() if not coders or coding.coder in coders)
    if not codings:
        raise failure(
            "ingenting er kodet ennå",
            "nothing is coded yet",
            where=project.folder,
            try_next=f"autokode review --project {quoted(project.folder)}",
        )
    if not as_is:
        check_pseudonymised(project, [source.name for source in project.sources])
    called = names_in_report(project)
    return Material(
        project.codebook,
        {called[name]: replace(project.transcript(name), name=called[name]) for name in called},
        {called[one.name]: called[one.name] if one.office == one.name else one.office for one in project.sources},
        tuple(replace(one, segment=replace(one.segment, transcript=called[one.segment.transcript])) for one in codings),
    )


def known_coders(project: Project, coders: Collection[str]) -> tuple[str, ...]:
    """The names of coders as the project has them.

    Raises:
        DataError: a coder is unknown.
    """
    known = [coder.name for coder in project.everyone]
    coders = tuple(as_known(name, known) for name in coders)
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
    return coders


def check_memos(material: Material, memos: Sequence[Memo], *, invented: Iterable[str] = ()) -> None:
    """Check that memos name nobody but those whom the material names, and those whose names are `invented`.

    Raises:
        DataError: they may.
    """
    speakers = (word for one in material.transcripts.values() for word in one.speakers)
    personal_in(memos, allowed=[*invented, *speakers])


def personal_in(memos: Sequence[Memo], *, allowed: Iterable[str]) -> None:
    """Check that texts name nobody but those whose names are allowed.

    Raises:
        DataError: they may; says whose text it is, and what it is about.
    """
    from autokode.nlp.pipeline import norwegian
    from autokode.pseudonym.finding import find_all

    said = _words(allowed)
    found = find_all([memo.text for memo in memos], norwegian(own=True)) if memos else []
    problems = [
        Problem(
            say(f"kan være personlig: «{one.text}»", f"may be personal: «{one.text}»"), f"{memo.coder}: {memo.about}"
        )
        for memo, findings in zip(memos, found, strict=True)
        for one in findings
        if not _words([one.text]) or not _words([one.text]) <= said
    ]
    if problems:
        mend = say(
            "rett teksten på siden, eller --as-is om den kan stå slik",
            "mend the text on the page, or --as-is if it may stand so",
        )
        raise DataError(problems, try_next=mend)


def _words(texts: Iterable[str]) -> set[str]:
    return {word.casefold() for text in texts for word in re.findall(r"[^\W\d_]+", text)}


def check_pseudonymised(project: Project, names: Collection[str]) -> None:
    """Check that interviews are marked as pseudonymised.

    Raises:
        DataError: some are not.
    """
    unmarked = [name for name in names if name not in project.pseudonymised]
    if not unmarked:
        return
    what = say(
        "er ikke merket som pseudonymisert, og siteres ikke i en rapport",
        "is not marked as pseudonymised, and is not quoted in a report",
    )
    command = f"autokode pseudonymise --project {quoted(project.folder)}"
    mend = say(
        f"{command}; er navnene oppdiktet: autokode add FIL --pseudonymised; ellers --as-is",
        f"{command}; if the names are invented: autokode add FILE --pseudonymised; else --as-is",
    )
    raise DataError([Problem(what, name) for name in unmarked], try_next=mend)
