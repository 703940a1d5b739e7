"""What a model coded without a person stays the model's: nobody bears its name, nothing learns from it, every file says so."""

import io
from dataclasses import replace
from pathlib import Path

import docx
import pytest

from autokode import read_study
from autokode.base.errors import DataError
from autokode.cli import run
from autokode.corpus.coding import Coding, Segment, read_codings
from autokode.corpus.model_coder import is_model, model_coder
from autokode.corpus.study import Study
from autokode.exchange.package_export import package_of
from autokode.exchange.refi.writing import write_qdpx
from autokode.exchange.table_export import write_tables
from autokode.project import Project, Reviewer
from autokode.project.active_learning.coded_utterances import coded_utterances_now
from autokode.project.store.coder_changes import add_coder
from autokode.project.store.coder_rows import coders_at_work
from autokode.project.store.coders import Coder
from autokode.project.store.decision_rows import coders_who_decided
from autokode.project.views.coder_agreement import coders_agreement
from autokode.report.book import CitedAnswer, book_of
from autokode.report.coded_project import coded_text_of
from autokode.report.data_checks import material_of
from autokode.report.methods import methods_of
from autokode.report.render.coded_word import coded_docx
from conftest import ROOT
from report_case import study

MODEL = model_coder("0123456789abcdef" * 4)
"""A model's name as a coder."""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Kari's and Per's study, in which a model gave «ro» to Anna's first answer, as Kari did, and to her third, as nobody did."""
    made = study(tmp_path / "p")
    anna = made.transcript("anna")
    told = [anna.utterances[anna.answers[n]] for n in (0, 2)]
    spans = [Segment("anna", one.start, one.end, one.text) for one in told]
    made.add_codings([Coding(span, "ro", MODEL, "2026-03-03T12:00:00") for span in spans])
    return made


def test_a_model_is_no_person_of_the_project_and_has_read_nothing(project: Project) -> None:
    assert [one.name for one in project.everyone] == ["Kari", "Per", MODEL]
    people = [one.name for one in project.coders]
    assert people == ["Kari", "Per"] == [one.name for one in coders_who_decided(project)]
    assert [one.coder.name for one in coders_at_work(project)] == people
    with project.database.reading() as connection:
        model = next(one.id for one in project.everyone if is_model(one.name))
        assert connection.execute("SELECT count(*) FROM done WHERE coder = ?", (model,)).fetchone()[0] == 0
    assert len(project.codings(MODEL)) == 2


@pytest.mark.parametrize(
    "name", [MODEL, MODEL.upper(), f" {MODEL}", "modell\u00a00123456789ab", "ｍodell 0123456789ab"]
)
def test_nobody_may_have_the_name_of_a_model(project: Project, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(DataError, match="navnet på en modell"):
        project.coder(name)
    with pytest.raises(DataError, match="navnet på en modell"):
        project.known_coder(name)
    with pytest.raises(DataError, match="navnet på en modell"):
        add_coder(project, name)
    with pytest.raises(DataError, match="navnet på en modell"):
        Reviewer(project, 0, newcomer=Coder(0, name))
    folder = str(project.folder)
    for command in (["learn", "--coder", name], ["status", "--coder", name], ["coders", "--add", name]):
        assert run([*command, "--project", folder]) != 0
        assert "navnet på en modell" in capsys.readouterr().err


def test_agreement_is_of_people(project: Project) -> None:
    found = methods_of(project)
    assert found.agreement is not None and found.agreement.coders == ("Kari", "Per")
    assert [one.coder for one in found.coders] == ["Kari", "Per"]
    with pytest.raises(DataError, match="ingen koder heter"):
        coders_agreement(project, ["Kari", MODEL])


def test_nothing_learns_from_it(project: Project) -> None:
    kari = project.known_coder("Kari")
    third = project.transcript("anna").answers[2]
    place = (project.source("anna").id, third)
    assert next(one for one in coded_utterances_now(project, kari) if one.place == place).codes == frozenset()
    whole = {source.name: project.transcript(source.name) for source in project.sources}
    offices = {source.name: source.office for source in project.sources}
    people = [coding for coding in project.codings() if not is_model(coding.coder)]
    anna = whole["anna"]
    alone = [one for one in people if one.segment.transcript != "anna"]  # only the model coded Anna
    mixed = Study(project.codebook, whole, offices, (*alone, *project.codings(MODEL)))
    texts = mixed.examples(["anna"]).texts
    told = [anna.utterances[anna.answers[n]].text for n in (0, 2)]
    assert len(texts) == len(anna.answers) - 2 and not set(told) & set(texts)
    assert ("anna", third) not in mixed.codes_by_utterance()
    with_model = Study(project.codebook, whole, offices, project.codings()).examples()
    without = Study(project.codebook, whole, offices, tuple(people)).examples()
    lost = len(without.texts) - len(with_model.texts)
    assert lost == 1  # the third answer, which nobody gave a code
    assert set(with_model.texts) | {told[1]} == set(without.texts)


def test_a_folder_s_study_learns_the_same_with_and_without_a_model_s_codings(tmp_path: Path) -> None:
    found = read_study(ROOT / "training_data", names={"kontor_a", "kontor_b"})
    doubled = replace(found, codings=(*found.codings, *(replace(one, coder=MODEL) for one in found.codings)))
    assert doubled.examples().sha256 == found.examples().sha256


def test_it_is_marked_in_tables_and_comes_home_as_the_model_s(project: Project, tmp_path: Path) -> None:
    csv = write_tables(project, tmp_path / "k.csv")[0]
    whole = {source.name: project.transcript(source.name) for source in project.sources}
    told = [one for one in read_codings(csv, transcripts=whole) if one.coder == MODEL]
    assert [one.segment for one in told] == [one.segment for one in project.codings(MODEL)]
    qdpx = tmp_path / "p.qdpx"
    write_qdpx(qdpx, package_of(project))
    assert run(["import", str(qdpx), "--project", str(tmp_path / "q")]) == 0
    other = Project.open(tmp_path / "q")
    assert other.codings(MODEL) == project.codings(MODEL)
    assert [one.name for one in other.coders] == ["Kari", "Per"]


def test_it_is_marked_in_the_coded_documents(project: Project) -> None:
    text = coded_text_of(project)
    assert text.coders == ("Kari", "Per", MODEL)
    document = docx.Document(io.BytesIO(coded_docx(text)))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert MODEL in "\n".join([*cells, *(one.text for one in document.paragraphs)])


def test_the_report_quotes_a_person_where_one_gave_the_code_and_marks_what_a_model_alone_gave(project: Project) -> None:
    material = material_of(project)
    anna = project.transcript("anna")
    ro = {quote.utterance: quote for quote in material.quotes["ro"] if quote.transcript == "anna"}
    first, third = (ro[anna.answers[n]] for n in (0, 2))
    assert first.coder == "Kari" and MODEL not in first.attribution
    assert third.coder == MODEL and third.attribution.endswith(f"(kodet av {MODEL})")
    assert CitedAnswer(material, ("anna", anna.answers[2])).codes == ["ro (modell)"]
    assert "ro" in CitedAnswer(material, ("anna", anna.answers[0])).codes
    book = book_of(project, material, methods_of(project))
    assert f"2 av {len(material.codings)} kodinger er gitt av en modell" in book.remarks[0]
