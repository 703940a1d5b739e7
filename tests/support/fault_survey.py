"""Surveys that are taken in while the process may be killed at any moment: how to begin, and what must hold after."""

from pathlib import Path

from autokode.project.store.variables import counts_of
from fault_screens import sound, work_of

_SURVEYS = """
def work(folder):
    from pathlib import Path
    from autokode.corpus.survey import survey_of
    from autokode.exchange.survey_import import planned_survey, take_survey
    from autokode.project import Project

    project = Project.open(Path(folder))
    for step in range(40):
        rows = [["id", "Hva er bra?", "Alder"], *([f"{n}", f"De tar seg tid dag {n}", f"{n % 2}"] for n in range(30))]
        survey = survey_of(rows)
        plan = planned_survey(project, survey, survey.guess, f"skjema {step}")
        print("survey", take_survey(project, project.coder("Kari"), plan), flush=True)
"""


def taking_surveys(folder: Path) -> list[str]:
    return work_of(_SURVEYS, str(folder / "p"))


def surveys_taken(folder: Path, printed: str) -> None:
    """Of a survey all texts and all values are in, or none; what was told of is there, and at most one survey more."""
    project = sound(folder)
    texts = [source for source in project.sources if source.office.startswith("skjema ")]
    surveys = {source.office for source in texts}
    assert len(texts) == 15 * len(surveys)
    values = [counts for one, counts in counts_of(project).items() if one.name == "Alder"]
    assert values == ([{"0": 15 * len(surveys), "1": 15 * len(surveys)}] if surveys else [])
    assert 0 <= len(surveys) - len(printed.splitlines()) <= 1, (surveys, printed)
