"""A survey into a project: read as Nettskjema writes it, planned, stored as one step, taken back. All answers are invented."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from autokode import Codebook, DataError
from autokode.corpus.survey import Role, Survey, survey_of
from autokode.exchange.survey_file import read_survey
from autokode.exchange.survey_import import planned_survey, take_survey
from autokode.project import Project, Reviewer
from autokode.project.store.decision_log import facts, replayed
from autokode.project.store.integrity import check
from autokode.project.store.steps import take_back_step
from autokode.project.store.variables import counts_of, values_of
from autokode.report.variable_table import variable_table

HEADS = (
    "$submission_id",
    "$created",
    "Hva er bra, og hvorfor, og for hvem?",
    "Alder",
    "Hvor enig: Jeg trives",
    "$answer_time_ms",
)


def line(*cells: object) -> str:
    return ";".join(f'"{cell}"' for cell in cells) + "\r\n"


def answered(number: int) -> str:
    said = f'De tar seg tid;\r\nsærlig dag {number}, sier ""folk""'
    return line(27000 + number, "2026-03-01T10:00:00", said, ("18–29", "50+")[number % 2], number % 5, number)


NETTSKJEMA = "\ufeff" + line(*HEADS) + "".join(map(answered, range(40)))
LONG = "Hvor ofte har du i løpet av de siste tolv månedene vært i kontakt med tilbudet: på telefon"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project.create(tmp_path / "p", Codebook.from_yaml("koder:\n  - navn: tid\n"))


def written(folder: Path, text: str, encoding: str = "utf-8", name: str = "svar.csv") -> Survey:
    (folder / name).write_bytes(text.encode(encoding))
    return read_survey(folder / name)


def taken(project: Project, survey: Survey, name: str = "tilbud") -> int:
    return take_survey(project, project.known_coder("Anne"), planned_survey(project, survey, survey.guess, name))


@pytest.mark.parametrize(
    ("before", "after", "encoding"),
    [(";", ";", "utf-8"), (";", ",", "utf-8"), (";", "\t", "utf-16"), ("\r\n", "\n", "windows-1252")],
)
def test_nettskjemas_file_is_read_with_any_delimiter(tmp_path: Path, before: str, after: str, encoding: str) -> None:
    text = (
        NETTSKJEMA.replace(f'"{before}"', f'"{after}"')
        if before == ";"
        else NETTSKJEMA.lstrip("\ufeff").replace(before, after)
    )
    found = written(tmp_path, text, encoding)
    assert [column.heading for column in found.columns][2] == "Hva er bra, og hvorfor, og for hvem?"
    assert found.guess == (Role.RESPONDENT, Role.LEFT, Role.ANSWERS, Role.VARIABLE, Role.VARIABLE, Role.LEFT)
    assert len(found.rows) == 40 and found.rows[3][2].replace("\r", "") == 'De tar seg tid;\nsærlig dag 3, sier "folk"'


def test_the_largest_sheet_of_a_workbook_is_the_survey(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["Om skjemaet", "2026"])
    sheet = book.create_sheet("Svar")
    for row in (["Løpenummer", "Hva er bra?", "Alder"], *([n, f"De tar seg tid dag {n}", n % 3] for n in range(9))):
        sheet.append(row)
    book.save(tmp_path / "svar.xlsx")
    found = read_survey(tmp_path / "svar.xlsx")
    assert found.guess == (Role.RESPONDENT, Role.ANSWERS, Role.VARIABLE) and found.rows[4] == (
        "4",
        "De tar seg tid dag 4",
        "1",
    )


def test_answers_become_texts_and_columns_values_in_one_step(project: Project, tmp_path: Path) -> None:
    assert taken(project, written(tmp_path, NETTSKJEMA)) == 20
    assert {source.office for source in project.sources} == {"tilbud"} and project.sources[-1].name == "tilbud 39–40"
    assert {one.name: counts for one, counts in counts_of(project).items()} == {
        "Alder": {"18–29": 20, "50+": 20},
        "Hvor enig: Jeg trives": dict.fromkeys("01234", 8),
    }
    source = project.sources[0]
    one = project.transcript(source.name).utterances[1]
    Reviewer(project, project.coder("Anne").id).code(source.id, one.start, one.end, "tid")
    age = values_of(project).variables[0]
    columns = variable_table(project, age).columns
    assert [(column.value, column.answers, column.interviews) for column in columns] == [
        ("18–29", 20, 20),
        ("50+", 20, 20),
    ]
    with project.database.reading() as connection:
        assert replayed(connection) == facts(connection)
    assert check(project.folder) == []


def test_it_is_taken_back_whole_and_in_again(project: Project, tmp_path: Path) -> None:
    survey = written(tmp_path, NETTSKJEMA)
    taken(project, survey)
    assert take_back_step(project).interviews == 20
    assert project.sources == [] and values_of(project).variables == () and check(project.folder) == []
    assert taken(project, survey) == 20


def test_only_new_respondents_come_in_later(project: Project, tmp_path: Path) -> None:
    taken(project, written(tmp_path, NETTSKJEMA))
    more = written(tmp_path, NETTSKJEMA + '"28000";"2026-03-02";"Nå er det greit.";"50+";"4";"9"\r\n')
    plan = planned_survey(project, more, more.guess, "tilbud")
    assert plan.known == 40 and [text.name for text in plan.found.texts] == ["tilbud 41"]
    assert take_survey(project, project.known_coder("Anne"), plan) == 1
    assert counts_of(project)[values_of(project).variables[0]] == {"18–29": 20, "50+": 21}


def test_names_that_mean_something_or_are_long_or_twice_are_made_to_fit(project: Project) -> None:
    head = ["svar", "Kontor", "Alder", "Alder", LONG, LONG + "en"]
    found = survey_of([head, ["x", "A", "1", "2", "3", "4"], ["y", "B", "1", "2", "3", "x" * 300]])
    roles = (Role.ANSWERS, *[Role.VARIABLE] * 5)
    plan = planned_survey(project, found, roles, "s")
    assert (
        plan.variables[:3] == ("Kontor (2)", "Alder", "Alder (2)") and len(set(plan.variables)) == 5 and plan.long == 1
    )
    assert all(len(name) <= 80 for name in plan.variables) and plan.variables[3].endswith("tilbudet: på telefon")
    take_survey(project, project.known_coder("Anne"), plan)
    assert [one.name for one in values_of(project).variables] == list(plan.variables)


def test_what_cannot_be_taken_in_is_said_and_nothing_is_stored(project: Project, tmp_path: Path) -> None:
    found = survey_of([["svar", "hvem", "nr"], ["x", "a", "1"], ["y", "b", "2"]])
    answers, left, who = Role.ANSWERS, Role.LEFT, Role.RESPONDENT
    for roles, name, words in (
        ((left, left, left), "s", "ingen kolonne er svar"),
        ((answers, who, who), "s", "to kolonner sier"),
        ((answers, left, left), " ", "må ha et navn"),
    ):
        with pytest.raises(DataError, match=words):
            planned_survey(project, found, roles, name)
    plan = planned_survey(project, found, (answers, left, left), "s")
    take_survey(project, project.known_coder("Anne"), plan)
    with pytest.raises(DataError, match="er i prosjektet alt"):
        take_survey(project, project.known_coder("Anne"), plan)
    with pytest.raises(DataError, match="ingen kolonne sier hvem"):
        planned_survey(project, found, (answers, left, left), "s")
    assert len(project.sources) == 2
    for name, text, words in (
        ("a.csv", "bare en\n", "ingen svar"),
        ("b.csv", 'a;b\n"x;y\n', "CSV"),
        ("c.docx", "x", "ikke en tabell"),
    ):
        with pytest.raises(DataError, match=words):
            written(tmp_path, text, name=name)
