"""Takes many interviews into a project as one step, each as it was understood and corrected on its own."""

from collections.abc import Iterator, Mapping, Sequence

from autokode.base.errors import DataError, Problem
from autokode.base.messages import say
from autokode.corpus.understood import Understood
from autokode.project.store.project import Project


def take_in(project: Project, files: Sequence[Understood], *, pseudonymised: bool = False) -> int:
    """Take in what was understood of files, all or nothing, and count the interviews.

    Args:
        project: the project.
        files: as `understand` gave them.
        pseudonymised: whether all names in them are invented.

    Raises:
        DataError: one of them cannot be taken in (`obstacles`); nothing is stored.
    """
    with project.step("add"):
        found = obstacles(project, files)
        problems = [
            Problem(what, one.file) for one, own in zip(files, found, strict=True) for what in (*one.problems, *own)
        ]
        if problems:
            raise DataError(problems)
        for one in files:
            assert one.transcript is not None  # noqa: S101 - it has no problems
            project.add(one.transcript, office=one.office, pseudonymised=pseudonymised)
    return len(files)


def obstacles(project: Project, files: Sequence[Understood]) -> list[tuple[str, ...]]:
    """Why each of some files cannot be taken in beside the interviews that are there and the files before it; () if it can."""
    rows = project.database.rows("SELECT name, sha256 FROM transcript")
    there = {row["name"]: row["sha256"] for row in rows}
    texts = {row["sha256"]: row["name"] for row in rows}
    before: dict[str, Understood] = {}
    found = []
    for one in files:
        found.append(tuple(_obstacles(one, there, texts, before)))
        if one.transcript is not None:
            before.setdefault(one.transcript.sha256, one)
            before.setdefault(f"name {one.name}", one)
    return found


def _obstacles(
    one: Understood, there: Mapping[str, str], texts: Mapping[str, str], before: Mapping[str, Understood]
) -> Iterator[str]:
    if one.transcript is None:
        return
    text = one.transcript.sha256
    if text in texts:
        yield say(f"er i prosjektet alt, som «{texts[text]}»", f"is in the project already, as «{texts[text]}»")
    elif text in before:
        yield say(f"er samme tekst som «{before[text].file}»", f"is the same text as «{before[text].file}»")
    elif one.name in there:
        yield say(
            f"prosjektet har et intervju «{one.name}» med en annen tekst: gi dette et annet navn, eller hent det inn som en ny "
            "utgave av det",
            f"the project has an interview «{one.name}» with another text: give this one another name, or bring it in as a "
            "new version of that one",
        )
    elif f"name {one.name}" in before:
        yield say(
            f"«{before[f'name {one.name}'].file}» har samme navn: gi det ene et annet",
            f"«{before[f'name {one.name}'].file}» has the same name: give one of them another",
        )
