"""What is counted in the log is read once, however much there is of it: a query must not look at everything for everything."""

from pathlib import Path

from autokode import Codebook, Transcript
from autokode.corpus.coding import Coding, Segment
from autokode.corpus.utterance import Utterance
from autokode.project import Project
from autokode.project.store.decision_rows import codings_from_elsewhere

STEP = 100
"""How many of SQLite's instructions pass between two counts."""


def imported(folder: Path, count: int) -> Project:
    """A project into which that many codings of as many utterances were taken in."""
    project = Project.create(folder, Codebook.from_yaml("koder:\n  - navn: makt\n"))
    said = tuple(Utterance("Kari", 10 * n, 10 * n + 9, "Ja da, ja.", "informant") for n in range(count))
    project.add(Transcript("samtale", "Ja da, ja." * count, said))
    project.add_codings([Coding(Segment("samtale", one.start, one.end, "Ja da, ja"), "makt", "Anne") for one in said])
    return project


def instructions(project: Project) -> int:
    """How many hundreds of instructions SQLite needs to count what Anne took in, which is all of it."""
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += 1
        return 0

    with project.database.connected() as connection:
        connection.set_progress_handler(count, STEP)
        found = codings_from_elsewhere(project, project.coder("Anne"))
        connection.set_progress_handler(None, STEP)
    assert found == len(project.codings())
    return counted


def test_four_times_as_much_takes_four_times_as_long(tmp_path: Path) -> None:
    few, many = imported(tmp_path / "få", 200), imported(tmp_path / "mange", 800)
    assert instructions(many) < 6 * instructions(few)
