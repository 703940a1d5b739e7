"""A project that lacks something opens, and says what to do, in both languages."""

import re
from pathlib import Path

from flask.testing import FlaskClient
from markupsafe import escape

from autokode import Codebook
from autokode.corpus.transcript import read_transcript
from autokode.project import Project
from autokode.project.views.next_steps import lacks, starter
from autokode.review.session import Session
from review_case import HOST, TOKEN, client_of, get, one_turn, post

OWN = Codebook.from_yaml("koder:\n  - navn: uteliv\n")


def page_of(project: Project) -> FlaskClient:
    return client_of(Session(project, project.known_coder("Siv")))


def leads_on(page: str, project: Project) -> bool:
    """Whether the page leads to the screen of the first step, or names its command where there is no such screen."""
    (step,) = lacks(project)
    return f">{step.button}</a>" in page or f'<code class="small">{escape(step.command)}</code>' in page


def test_without_interviews(tmp_path: Path) -> None:
    folder = tmp_path / "mitt prosjekt"
    project = Project.create(folder, OWN)
    client = page_of(project)
    page = get(client, "")[1]
    assert "Prosjektet har ingen intervjuer ennå." in page
    assert [step.command for step in lacks(project)] == [f'autokode add INTERVJU.docx --project "{folder}"']
    assert leads_on(page, project)
    assert "Begynn å lese" not in page
    for path in ("list", "missed", "news"):
        assert get(client, path)[0] == 200
    assert not re.search("<table|Hvor ofte forslagene stemte|noe å lese", page)
    read = client.get(f"/{TOKEN}/next", base_url=f"http://{HOST}", follow_redirects=True)
    assert "Det er ikke noe å lese ennå." in read.get_data(as_text=True)
    assert post(client, "learn", {})[1]["message"] == "Kod noen svar først."
    post(client, "setting", {"language": "en"})
    assert "The project has no interviews yet." in get(client, "")[1]


def test_interviews_taken_in_while_the_page_is_open_are_there_at_the_next_look(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "p", OWN)
    client = page_of(project)
    Project.open(project.folder).add(one_turn("tur"))
    page = get(client, "")[1]
    assert "ingen intervjuer" not in page
    assert "Begynn å lese" in page


def test_without_codes(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "p", Codebook("", ()))
    project.add(one_turn())
    client = page_of(project)
    page = get(client, "")[1]
    assert "Kodeboken har ingen koder ennå." in page
    assert not re.search("Hvor ofte forslagene stemte|<th.*Godtatt", page)
    read = get(client, "interview/1")[1]
    assert "og trykk «Ny kode»" in read
    assert "Pek på en kode" not in read
    assert leads_on(page, project)
    assert get(client, "interview/1")[0] == 200
    assert Project.open(project.folder).codebook.codes == ()
    (project.folder / "codebook.yaml").write_text("koder:\n  - navn: uteliv\n", encoding="utf-8")
    page = get(client, "")[1]
    assert "uteliv" in page
    assert "ingen koder" not in page


def test_with_nothing_but_the_example_codes(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "p", starter())
    project.add(one_turn())
    assert "Kodeboken er bare et eksempel ennå" in get(page_of(project), "")[1]
    assert [step.command for step in lacks(project)] == [f"autokode codebook {project.folder / 'codebook.yaml'}"]


def test_without_a_codebook_file(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "p", OWN)
    project.add(one_turn())
    (project.folder / "codebook.yaml").unlink()
    page = get(page_of(Project.open(project.folder)), "")[1]
    assert "codebook.yaml var borte, og er skrevet igjen" in page
    assert "uteliv" in (project.folder / "codebook.yaml").read_text(encoding="utf-8")


def test_a_codebook_emptied_by_mistake_is_said_for_as_long_as_it_is_so(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "p", OWN)
    project.add(one_turn())
    client = page_of(project)
    (project.folder / "codebook.yaml").write_text("koder:\n", encoding="utf-8")
    for _look in range(2):
        page = get(client, "")[1]
        assert "Kodeboken kan ikke leses; den forrige brukes:" in page
        assert "har ingen koder" in page
        assert "uteliv" in page


def test_without_answers(tmp_path: Path) -> None:
    file = tmp_path / "tur.txt"
    file.write_text("Intervjuer: Hva gjør dere ute?\nSiv: Vi går tur.\n" * 3, encoding="utf-8")
    project = Project.create(tmp_path / "p", OWN)
    project.add(read_transcript(file, interviewers=["Intervjuer", "Siv"]), file=file)
    page = get(page_of(project), "")[1]
    assert "Ingen svar å lese" in page
    assert '--interviewer "NAVN"' in lacks(project)[0].command
    assert leads_on(page, project)


def test_with_everything_read(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "p", OWN)
    project.add(one_turn())
    client = page_of(project)
    post(client, "read/1/0", {})
    page = get(client, "")[1]
    assert "Alle svar er lest." in page
    assert "Lag rapporten" in page or "autokode report" in page
    assert lacks(project) == ()
