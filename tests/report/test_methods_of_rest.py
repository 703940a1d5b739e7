"""The methods section says what a model coded without a person: what was promised, drawn, judged and proved."""

from pathlib import Path

import pytest

from autokode.corpus.coding import Coding, Segment
from autokode.corpus.model_coder import model_coder
from autokode.project.active_learning import rest_sampling
from autokode.project.active_learning.rest_sampling import Promise, draw_sample
from autokode.project.active_learning.rest_standing import code_rest
from autokode.project.store.rest_rows import PRECISION, RECALL
from autokode.project.store.reviewing import Reviewer
from autokode.report.methods import methods_of
from autokode.report.methods_text import paragraphs
from rest_case import CODE, LIMIT, MODEL, judge_all, rest_project


@pytest.fixture(autouse=True)
def limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rest_sampling, "_threshold", lambda *_given: LIMIT)


@pytest.mark.parametrize("language", ["nb", "en"])
def test_it_has_the_numbers_of_precision(tmp_path: Path, language: str) -> None:
    project = rest_project(tmp_path / "p", given=200, wrong=0)
    kari = project.known_coder("Kari")
    assert CODE not in "".join(paragraphs(methods_of(project), language))
    made = draw_sample(project, kari, CODE, Promise(PRECISION, 0.9, 0.9), seed=7, size=60)
    said = " ".join(paragraphs(methods_of(project), language))
    assert ("trukket 1 stikkprøve uten" if language == "nb" else "1 sample was drawn without") in said
    judge_all(project, kari)
    count = code_rest(project, kari, CODE)
    said = " ".join(paragraphs(methods_of(project), language))
    drawn = len(made.among("given"))
    for part in (
        f"modell {MODEL[:12]}",
        f"{count} ",
        f"{drawn} ",
        "200 ",
        "7)",
        "90\u00a0%" if language == "nb" else "90%",
    ):
        assert part in said, part
    assert ("stikkprøve uten" if language == "nb" else "drawn without") not in said
    Reviewer(project, kari.id).undo()
    assert MODEL[:12] not in " ".join(paragraphs(methods_of(project), language)).replace(MODEL, "")


def test_it_has_the_numbers_of_recall(tmp_path: Path) -> None:
    project = rest_project(tmp_path / "p", wrong=0, hidden=1)
    kari = project.known_coder("Kari")
    draw_sample(project, kari, CODE, Promise(RECALL, 0.8), seed=7, size=35)
    judge_all(project, kari)
    code_rest(project, kari, CODE)
    said = " ".join(paragraphs(methods_of(project), "nb"))
    assert "gjenfinning på minst 80\u00a0%" in said and "Av 40 svar som ikke ville få den, ble 35 trukket" in said


def test_codings_of_a_model_that_came_from_elsewhere_are_said_to(tmp_path: Path) -> None:
    project = rest_project(tmp_path / "p")
    one = project.transcript("en").utterances[0]
    model = model_coder(MODEL)
    project.add_codings([Coding(Segment("en", one.start, one.end, one.text), CODE, model)])
    said = " ".join(paragraphs(methods_of(project), "nb"))
    assert f"1 koding av «{model}» ble tatt inn fra et annet prosjekt" in said
