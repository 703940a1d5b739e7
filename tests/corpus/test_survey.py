"""A survey: what its columns are taken for, and the texts that its answers become. All answers are invented."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autokode.corpus.survey import (
    LABELS,
    LARGEST,
    TEXTS,
    Role,
    Survey,
    question_label,
    respondents_of,
    survey_of,
    texts_of,
)
from autokode.corpus.understood import understand
from autokode.corpus.utterance import INFORMANT, INTERVIEWER

HEAD = ["$submission_id", "$created", "Hva er bra?", "Alder", "E-post", "Enig: Jeg trives", "Skjema", "$answer_time_ms"]
A, V, R, L = Role.ANSWERS, Role.VARIABLE, Role.RESPONDENT, Role.LEFT


def row(number: int, said: str | None = None) -> list[str]:
    said = f"de tok seg tid den {number}. gangen" if said is None else said
    age, agrees = ("18–29", "50+")[number % 2], str(1 + number % 5)
    return [str(900 + number), "2026-03-01", said, age, f"p{number}@eksempel.no", agrees, "123", str(7 * number)]


def survey(count: int) -> Survey:
    return survey_of([HEAD, *map(row, range(count))])


def test_columns_are_told_by_what_they_hold() -> None:
    found = survey(12)
    assert found.guess == (R, L, A, V, L, V, L, L)
    age = found.columns[3]
    assert (age.heading, age.filled, age.different, age.examples) == ("Alder", 12, 2, ("18–29", "50+"))


@pytest.mark.parametrize(
    ("heading", "cells", "role"),
    [
        ("Kommentar", ["nei"] * 5 + ["det kunne vært flere som svarte i telefonen"] * 3, V),
        ("Kommentar", [f"flere burde svare i telefonen på dag {n}" for n in range(8)], A),
        ("Navn", ["Ola Nordmann fra Bø", "Kari Nordmann i Moss", "Per"], L),
        ("Kallenavn", ["Ola", "Kari", "Per"], L),
        ("Alder i år", ["31", "42", "53"], V),
        ("Yrke", [f"yrke{n}" for n in range(90)], L),
        ("Tom", ["", "", ""], L),
        ("Krysset av", ["ja", "", "ja"], V),
        ("Samme for alle", ["ja", "ja", "ja"], L),
    ],
)
def test_a_column_is_guessed(heading: str, cells: list[str], role: Role) -> None:
    found = survey_of([["nr. i køen", heading], *([str(n % 2), cell] for n, cell in enumerate(cells))])
    assert found.columns[1].guess is role


def test_qualtrics_has_three_rows_of_headings() -> None:
    rows = [["ResponseId", "Q1"], ["Response ID", "What is good here?"], ['{"ImportId":"_r"}', '{"ImportId":"QID1"}']]
    found = survey_of([*rows, *([f"R_{n}", f"they took their time, number {n}"] for n in range(5))])
    assert [column.heading for column in found.columns] == ["Response ID", "What is good here?"]
    assert found.guess == (R, A) and len(found.rows) == 5


def test_answers_stand_under_their_question() -> None:
    head = ["id", "Hva er bra?", "Hva er dårlig?"]
    found = survey_of(
        [head, ["7", "De hører på meg.", "Køen er lang\r\nog treg."], ["8", " ", "Ingen svarte meg."], ["9", "", ""]]
    )
    made = texts_of(found, (R, A, A), "tilbud")
    assert [text.name for text in made.texts] == ["tilbud 1", "tilbud 2"] and made.without == 1
    assert made.rows == {"7": 0, "8": 1}
    first = made.texts[0]
    assert (
        first.text
        == "Spørsmål: Hva er bra?\n7: De hører på meg.\n\nSpørsmål: Hva er dårlig?\n7: Køen er lang\nog treg.\n"
    )
    assert first.labels == LABELS and first.interviewers == ("Spørsmål",)
    assert [(one.speaker, one.role, one.question) for one in first.utterances] == [
        ("Spørsmål", INTERVIEWER, None),
        ("7", INFORMANT, 0),
        ("Spørsmål", INTERVIEWER, None),
        ("7", INFORMANT, 2),
    ]
    assert [first.question_of(first.utterances[i]) for i in first.answers] == ["Hva er bra?", "Hva er dårlig?"]
    assert made.texts[1].text.startswith("Spørsmål: Hva er dårlig?\n8:")


def test_texts_are_so_many_that_they_can_be_held_out_and_so_short_that_they_can_be_read() -> None:
    few, many = texts_of(survey(50), survey(50).guess, "s"), texts_of(survey(9000), survey(9000).guess, "s")
    assert len(few.texts) == 17 and few.texts[0].name == "s 1–3" and few.texts[-1].name == "s 49–50"
    assert len(many.texts) == 9000 // LARGEST > TEXTS and {len(text.answers) for text in many.texts} == {LARGEST}


def test_respondents_who_are_there_already_are_left_out_and_count_in_the_names() -> None:
    made = texts_of(survey(5), survey(5).guess, "s", known=["900", "901"])
    assert [text.name for text in made.texts] == ["s 3", "s 4", "s 5"] and list(made.rows) == ["902", "903", "904"]


def test_labels_are_such_as_a_text_can_have() -> None:
    found = survey_of([["hvem", "svar"], *([who, "x"] for who in ("a", "a", "", "a: b", question_label()))])
    assert respondents_of(found, (R, A)) == ["a", "a (2)", "R3", "R4", "R5"]
    assert respondents_of(found, (L, A)) == ["R1", "R2", "R3", "R4", "R5"]


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=8))
def test_every_answer_stands_where_it_says(rows: list[tuple[str, str, str]]) -> None:
    found = survey_of([["id", "Hva?", "Hvorfor?"], *map(list, rows)])
    made = texts_of(found, (R, A, A), "s")
    said = [one for text in made.texts for one in text.utterances if one.role == INFORMANT]
    assert all(text.text[one.start : one.end] == one.text for text in made.texts for one in text.utterances)
    wanted = [cell.replace("\r\n", "\n").replace("\r", "\n") for row in found.rows for cell in row[1:] if cell]
    assert sorted(one.text for one in said) == sorted(wanted)
    assert len(made.rows) + made.without == len(found.rows)


def test_a_survey_that_is_brought_as_an_interview_is_called_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "svar.csv"
    path.write_text("id;Hva er bra?\n1;De tar seg tid.\n", encoding="utf-8")
    (problem,) = understand(path).problems
    assert "autokode survey" in problem
    path.write_text("transcript;start;end;code\na;0;1;b\n", encoding="utf-8")
    assert "tabell med kodinger" in understand(path).problems[0]
