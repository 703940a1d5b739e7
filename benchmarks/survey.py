"""Times a survey of ten thousand respondents: `make bench-survey` writes results/survey.json and the tables of docs/survey.md.

The answers are utterances of the example interviews, drawn at random. A third of them is coded, and suggestions are made up, so
that every screen has what it would have in the middle of the work. A time is that from a request to its whole answer, alone.
"""

import csv
import json
import random
import statistics
import tempfile
import time
from functools import partial
from pathlib import Path

from autokode import read_study
from autokode.corpus.utterance import INTERVIEWER
from autokode.exchange.survey_file import read_survey
from autokode.exchange.survey_import import planned_survey, take_survey
from autokode.project import Project
from autokode.project.active_learning.similarity import keep_vectors
from autokode.project.store.steps import take_back_step
from autokode.project.store.variables import values_of
from benchmarks import RESULTS, ROOT
from benchmarks.generated import fill, table
from benchmarks.review import suggest
from benchmarks.review_clicks import AGAIN, Asker, clicks, code_a_third, list_names, milliseconds, screens
from review_case import serving  # the tests' own way to start it

OUT, PAGE = RESULTS / "survey.json", ROOT / "docs" / "survey.md"
RESPONDENTS, SUGGESTIONS = 10_000, 20_000
QUESTIONS = ("Hva er bra med tilbudet, og hvorfor?", "Hva bør bli bedre?", "Er det noe mer du vil si?")
CLOSED = {
    "Alder": ("18–29", "30–49", "50+"),
    "Kjønn": ("kvinne", "mann"),
    "Hvor ofte bruker du tilbudet?": ("daglig", "ukentlig", "sjelden"),
    "Hvor enig er du: Jeg trives": ("1", "2", "3", "4", "5"),
    "Hvor enig er du: Jeg blir hørt": ("1", "2", "3", "4", "5"),
}
OWN = {
    "variables": "variables",
    "variables, last page": "variables?page=49",
    "values of a text": "variables/of/{text}",
    "codes by a variable": "variables/table/{variable}",
}


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        found = measured(Path(place))
    OUT.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    fill(PAGE, tables(found))
    print(*tables(found).values(), sep="\n\n")


def measured(folder: Path) -> dict[str, dict[str, float]]:
    """Seconds of taking the survey in and back, and milliseconds of each screen and click."""
    project = Project.create(folder / "prosjekt", read_study(ROOT / "training_data").codebook)
    path = folder / "tilbud.csv"
    write_survey(path, RESPONDENTS)
    who, took = project.coder("Anne"), {}
    with timing(took, "read the file, and guess what its columns are"):
        survey = read_survey(path)
    with timing(took, "see what it would become"):
        plan = planned_survey(project, survey, survey.guess, "tilbud")
    with timing(took, "take it in"):
        take_survey(project, who, plan)
    with timing(took, "take it back"):
        take_back_step(project)
    take_survey(project, who, plan)
    keep_vectors(project, "nb")
    code_a_third(project)
    suggest(project, SUGGESTIONS, random.Random(0))  # noqa: S311 - no secret
    list_names(project)
    first = min(source.id for source in project.sources)
    with serving(project.folder, "--coder", "Anne") as (address, _process):
        ask = Asker(address)
        paths = {
            name: path.format(text=first, variable=values_of(project).variables[0].id) for name, path in OWN.items()
        }
        own = {name: median(partial(ask.get, path)) for name, path in paths.items()}
        page = {**screens(ask, first), **own, **clicks(ask, project, first)}
    size = project.database.path.stat().st_size / 2**20
    return {"import": took, "page": page, "file": {"megabytes": size}}


def median(work: partial[str]) -> float:
    return statistics.median([milliseconds(work) for _time in range(AGAIN)][1:])


class timing:  # noqa: N801 - a block
    """Keeps the seconds of a block under a name."""

    def __init__(self, into: dict[str, float], name: str) -> None:
        self.into, self.name = into, name

    def __enter__(self) -> None:
        self.began = time.perf_counter()

    def __exit__(self, *_what: object) -> None:
        self.into[self.name] = time.perf_counter() - self.began


def write_survey(path: Path, respondents: int) -> None:
    """Write answers as Nettskjema's CSV has them: a byte order mark, semicolons, headings that begin with $."""
    study = read_study(ROOT / "training_data")
    said = [one.text for text in study.transcripts.values() for one in text.utterances if one.role != INTERVIEWER]
    said = [one for one in said if len(one.split()) > 3]
    chance = random.Random(1)  # noqa: S311 - no secret
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, delimiter=";", quoting=csv.QUOTE_ALL)
        writer.writerow(["$submission_id", "$created", *QUESTIONS, *CLOSED, "$answer_time_ms"])
        for number in range(respondents):
            answers = [f"{chance.choice(said)} {number}" if chance.random() < 0.9 else "" for _ in QUESTIONS]
            closed = [chance.choice(values) for values in CLOSED.values()]
            about = (27_000_000 + 7 * number, "2026-03-01T10:00:00")
            writer.writerow([*about, *answers, *closed, chance.randint(10_000, 90_000)])


def tables(found: dict[str, dict[str, float]]) -> dict[str, str]:
    """The tables of docs/survey.md."""
    taking = [(what, f"{seconds:.1f}") for what, seconds in found["import"].items()]
    page = [(what, f"{took:.0f}") for what, took in found["page"].items()]
    return {"taking in": table(("what", "seconds"), taking), "page": table(("what", "milliseconds"), page)}


if __name__ == "__main__":
    main()
