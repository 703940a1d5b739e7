"""Coders, agreement, reports, exports and imports, asked for as the page does."""

import io
import json
import re
import stat
import zipfile
from pathlib import Path
from urllib.parse import unquote

import docx
import pytest
from flask.testing import FlaskClient

from autokode.exchange.refi.reading import read_qdpx
from autokode.project import Project, Reviewer
from autokode.review.door import Door
from autokode.review.guard import COOKIE
from autokode.review.screens.coders import OPENS
from autokode.review.session import Session
from review_case import HOST, KEY, OPEN, ORIGIN, TOKEN, client_of, copied, get, post, waited


def page_of(project: Project, name: str) -> tuple[FlaskClient, Session]:
    session = Session(project, project.known_coder(name))
    session.learner.nudge = lambda **_options: False  # type: ignore[method-assign]
    return client_of(session), session


def made(client: FlaskClient, path: str) -> str:
    """Wait until the work that a page asked for is done, and give the page."""
    waited(lambda: "data-errand=" not in get(client, path)[1])
    return get(client, path)[1]


def downloads(client: FlaskClient, page: str) -> dict[str, bytes]:
    """Download every file that a page offers: name → bytes."""
    found = {}
    for address in re.findall(r'download href="([^"]+)"', page):
        answer = client.get(address, base_url=f"http://{HOST}", buffered=True)
        assert answer.status_code == 200
        name = re.search(r"filename=(\S+)", answer.headers["Content-Disposition"])
        assert name
        found[name[1]] = answer.get_data()
        answer.close()
    return found


def brought(client: FlaskClient, name: str, content: bytes) -> str:
    _status, answer = post(client, "incoming", {"name": name, "size": len(content)})
    sign = str(answer["sign"])
    for at in range(0, len(content), 100_000):
        piece = content[at : at + 100_000]
        sent = client.post(f"/{TOKEN}/incoming/{sign}?at={at}", base_url=f"http://{HOST}", data=piece, headers=ORIGIN)
        assert sent.status_code == 200
    return sign


def second_coder(project: Project, *, blind: bool = False) -> Project:
    """Kari has read and coded two of the answers that Anne read, one of them otherwise."""
    kari = Reviewer(project, project.coder("Kari", blind=blind).id)
    source = project.source("kontor_a")
    transcript = project.transcript("kontor_a")
    for number in transcript.answers[:3]:
        utterance = transcript.utterances[number]
        kari.code(source.id, utterance.start, utterance.end, "makt")
        kari.read(source.id, number)
    return project


def test_a_coder_is_added_renamed_and_taken_away(client: FlaskClient, project: Project) -> None:
    assert post(client, "coders/add", {"name": "Kari", "blind": True})[0] == 200
    kari = project.known_coder("Kari")
    assert kari.blind
    status, asked = post(client, "coders/add", {"name": "Karin"})
    assert (status, "question" in asked, len(project.coders)) == (200, True, 2)
    post(client, "coders/add", {"name": "Karin", "sure": True})
    assert [one.name for one in project.coders] == ["Anne", "Kari", "Karin"]
    assert post(client, "coders/add", {"name": " Kari "})[0] == 409
    assert post(client, "coders/add", {"name": " "})[0] == 409
    post(client, f"coders/{project.known_coder('Karin').id}/remove", {})
    assert post(client, f"coders/{kari.id}/rename", {"name": "Anne"})[0] == 409
    post(client, f"coders/{kari.id}/rename", {"name": "Berit"})
    assert [one.name for one in project.coders] == ["Anne", "Berit"]
    page = get(client, "coders")[1]
    assert "Berit" in page and "koder blindt" in page
    assert post(client, f"coders/{project.known_coder('Anne').id}/remove", {})[0] == 400


def test_who_has_decided_something_stays(project: Project) -> None:
    second_coder(project)
    client, _session = page_of(project, "Anne")
    status, answer = post(client, f"coders/{project.known_coder('Kari').id}/remove", {})
    assert status == 409 and "kan ikke fjernes" in str(answer["error"])


@pytest.mark.parametrize("path", ["agreement", "compare/1", "report", "report?what=export", "import"])
def test_who_codes_blind_sees_nothing_of_the_others(project: Project, path: str) -> None:
    second_coder(project, blind=True)
    client, session = page_of(project, "Kari")
    status, page = get(client, path)
    assert status == 403 and "koder blindt" in page
    for action in ("report/export", "agreement", "import/look", "import/take"):
        assert post(client, action, {"kind": ".qdpx"})[0] == 403
    assert post(client, f"coders/{project.known_coder('Anne').id}/blind", {"blind": False})[0] == 403
    assert session.errands.last("export") is None


def test_the_end_of_blind_coding_is_in_the_log_and_holds_at_once(project: Project) -> None:
    second_coder(project, blind=True)
    client, _session = page_of(project, "Kari")
    kari = project.known_coder("Kari")
    assert get(client, "agreement")[0] == 403
    before = len(project.decisions())
    assert post(client, f"coders/{kari.id}/blind", {"blind": False})[0] == 200
    assert [one.kind for one in project.decisions()[before:]] == ["sighted"]
    assert get(client, "coders")[1].count("blindt til") == 1
    assert get(client, "compare/1")[0] == 200
    assert post(client, "undo", {})[1]["decision"] is not None  # her last decision, and not the line about blindness
    assert not project.known_coder("Kari").blind


def test_the_page_is_handed_over(project: Project) -> None:
    second_coder(project)
    client, _session = page_of(project, "Anne")
    kari = project.known_coder("Kari")
    assert post(client, f"coders/{kari.id}/open", {})[0] == 400
    assert "Kod som" not in get(client, "coders")[1]
    door = Door(path="karis", key="karisnokkel")
    client.application.config[OPENS] = lambda coder: {"Kari": door}[coder.name]
    assert "Kod som Kari" in get(client, "coders")[1]
    address = f"/{TOKEN}/coders/{kari.id}/open"
    answer = client.post(address, base_url=f"http://{HOST}", json={}, headers=ORIGIN)
    assert answer.get_json()["go"] == "/karis/"
    cookies = answer.headers.getlist("Set-Cookie")
    assert any(f"{COOKIE}=karisnokkel" in one and "Path=/karis/" in one and "HttpOnly" in one for one in cookies)
    assert any("Max-Age=0" in one and f"Path=/{TOKEN}/" in one for one in cookies)
    assert not any(KEY in one for one in cookies)
    assert get(client, "coders")[0] == 403  # Anne's key is no longer in this browser


def test_agreement_waits_for_a_second_coder_who_codes(project: Project) -> None:
    client = client_of(Session(project, project.coder("Anne")))
    assert "Legg til en koder på" in get(client, "agreement")[1]
    post(client, "coders/add", {"name": "Kari Bø", "blind": True})
    page = get(client, "agreement")[1]
    assert "Har ikke kodet noe ennå: Kari Bø." in page
    assert "Legg til en koder på" not in page


def test_agreement_is_computed_said_and_downloaded(project: Project) -> None:
    second_coder(project)
    client, session = page_of(project, "Anne")
    page = made(client, "agreement")
    assert "Anne og Kari har begge lest" in page
    assert "få svar" in page and "uenighetene med Kari" in page
    assert "Noe er avgjort siden" not in page
    files = downloads(client, page)
    assert set(files) == {"enighet.xlsx", "enighet.csv", "enighet-uenigheter.csv"}
    assert zipfile.is_zipfile(io.BytesIO(files["enighet.xlsx"]))
    assert downloads(client, get(client, "agreement")[1]) == {}  # a file goes when it is sent
    assert post(client, "agreement", {"coders": ["Anne"]})[0] == 409
    assert post(client, "agreement", {"coders": ["Anne", "Kari"], "of": "character"})[0] == 200
    assert "tegn i 1 intervju" in made(client, "agreement")
    Reviewer(project, project.coder("Kari").id).undo()
    assert "Noe er avgjort siden" in get(client, "agreement")[1]
    session.errands.clear()


def test_disagreements_are_listed_by_code_until_they_are_settled(project: Project) -> None:
    second_coder(project)
    client, _session = page_of(project, "Anne")
    kari = project.known_coder("Kari").id
    page = get(client, f"compare/{kari}?state=open")[1]
    numbers = re.findall(r'data-transcript="(\d+)" data-number="(\d+)"', page)
    assert numbers and "Avgjort <b>0</b>" in page
    codes = re.findall(r'data-settle="([^"]+)"', page.split("</article>")[0])
    transcript, number = numbers[0]
    post(client, f"resolve/{kari}/{transcript}/{number}", {"given": dict.fromkeys(codes, True)})
    left = get(client, f"compare/{kari}?state=open")[1]
    assert "Avgjort <b>1</b>" in left
    assert re.findall(r'data-transcript="(\d+)" data-number="(\d+)"', left) == numbers[1:]
    assert "Ingen uenighet her" in get(client, f"compare/{kari}?code=avslutning&state=open")[1]
    post(client, "undo", {})
    assert "Avgjort <b>0</b>" in get(client, f"compare/{kari}")[1]


def test_a_report_is_made_looked_at_and_downloaded(project: Project) -> None:
    client, session = page_of(project, "Anne")
    asked = {"kinds": [".docx"], "coders": ["Anne"], "memos": [], "as_is": False, "reach": "0", "groups": ""}
    assert "ikke merket som pseudonymisert" in get(client, "report")[1]
    post(client, "report/report", asked)
    assert "er ikke merket som pseudonymisert, og siteres ikke" in made(client, "report")
    Reviewer(project, project.coder("Anne").id).memo("code/makt", "Ring Per Olav Hansen.")
    post(client, "report/report", {**asked, "as_is": True})
    page = made(client, "report")
    assert "Laget, og ikke lastet ned" in page
    view = re.search(r'href="([^"]+/view)"', page)
    assert view
    shown = client.get(view[1], base_url=f"http://{HOST}", buffered=True)
    policy = shown.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox") and "connect-src" not in policy and "'self'" not in policy
    assert "<h1" in shown.get_data(as_text=True) and "Hansen" not in shown.get_data(as_text=True)
    errand = session.errands.last("report")
    assert errand
    assert [stat.S_IMODE(path.stat().st_mode) for path in (errand.folder, *errand.folder.iterdir())] == [
        0o700,
        *[0o600] * len(list(errand.folder.iterdir())),
    ]
    files = downloads(client, page)
    assert set(files) == {"rapport.docx"}
    text = "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(files["rapport.docx"])).paragraphs)
    assert "makt" in text and "Hansen" not in text
    assert not (errand.folder / "rapport.docx").exists()
    post(client, "report/report", {**asked, "as_is": True, "memos": ["Anne"]})
    page = made(client, "report")
    view = re.search(r'href="([^"]+/view)"', page)
    assert view and "Hansen" in client.get(view[1], base_url=f"http://{HOST}", buffered=True).get_data(as_text=True)
    assert post(client, "report/report", {**asked, "kinds": []})[0] == 409
    assert post(client, "report/report", {**asked, "reach": "mye"})[0] == 409
    session.errands.clear()
    assert not session.errands.folder.exists()


def test_a_methods_section_is_shown_and_downloaded(taught: Path, tmp_path: Path) -> None:
    client, session = page_of(copied(taught, tmp_path / "lært"), "Anne")
    post(client, "report/methods", {"kinds": [".docx", ".md"], "manifest": True})
    page = made(client, "report?what=methods")
    assert "På norsk" in page and "På engelsk" in page
    files = downloads(client, page)
    assert set(files) == {"metode.docx", "metode.md", "manifest.json"}
    assert json.loads(files["manifest.json"])["format"]
    session.errands.clear()


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (".qdc", {"kodebok.qdc"}),
        (".csv", {"kodinger.csv", "kodinger-forslag.csv"}),
        (".xlsx", {"kodinger.xlsx"}),
    ],
)
def test_exports_say_what_is_in_them(project: Project, kind: str, names: set[str]) -> None:
    client, session = page_of(project, "Anne")
    assert post(client, "report/export", {"kind": ".exe"})[0] == 400
    post(client, "report/export", {"kind": kind, "suggestions": True, "memos": []})
    page = made(client, "report?what=export")
    assert ("kontor_a" in page.split('id="made"')[1]) == (kind != ".qdc")
    assert ("de første 50 av" in page) == (kind != ".qdc")
    assert set(downloads(client, page)) == names
    session.errands.clear()


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("coded.docx", "kodede intervjuer.docx"),
        ("coded.html", "kodede intervjuer.html"),
        ("commented.docx", "kodede intervjuer.docx"),
        ("codebook.docx", "kodebok.docx"),
    ],
)
def test_documents_to_read_are_refused_with_names_and_shown_before_they_go(
    project: Project, kind: str, name: str
) -> None:
    client, session = page_of(second_coder(project), "Anne")
    asked = {"kind": kind, "interviews": ["kontor_a"], "coders": ["Anne"], "memos": []}
    post(client, "report/export", asked)
    page = made(client, "report?what=export")
    assert ("kan være personlig" in page) == (kind == "codebook.docx")
    assert ("ikke merket som pseudonymisert, og siteres ikke" in page) == (kind != "codebook.docx")
    post(client, "report/export", {**asked, "as_is": True})
    page = made(client, "report?what=export")
    shown = page.split('id="made"')[1]
    if kind == "codebook.docx":
        assert "Kategori eller kode" in shown and "makt" in shown
    else:
        assert "kontor_a" in shown and "kontor_b" not in shown and "Kari" not in shown and "hele intervjuene" in shown
        view = re.search(r'href="([^"]+/view)"', page)
        answer = client.get(view[1], base_url=f"http://{HOST}", buffered=True) if view else None
        assert answer is not None and 'class="codes"' in answer.get_data(as_text=True)
    files = re.findall(r'download href="([^"]+)"', page)
    assert len(files) == 1
    answer = client.get(files[0], base_url=f"http://{HOST}", buffered=True)
    assert name in unquote(answer.headers["Content-Disposition"])
    assert answer.get_data().startswith(b"PK" if name.endswith("docx") else b"<!doctype html>")
    answer.close()
    session.errands.clear()


def test_a_project_goes_out_and_home_again_by_the_page_alone(project: Project, tmp_path: Path) -> None:
    client, session = page_of(project, "Anne")
    post(client, "report/export", {"kind": ".qdpx", "suggestions": False, "memos": []})
    content = downloads(client, made(client, "report?what=export"))["prosjekt.qdpx"]
    session.errands.clear()
    (tmp_path / "ut.qdpx").write_bytes(content)
    package = read_qdpx(tmp_path / "ut.qdpx")
    empty = Project.create(tmp_path / "nytt", project.codebook)
    other, held = page_of(empty, "Berit")
    sign = brought(other, "ut.qdpx", content)
    before = sorted(path.name for path in empty.folder.iterdir())
    post(other, "import/look", {"sign": sign, "coder": "Berit"})
    page = made(other, "import")
    assert "Dette vil skje" in page and "nye intervjuer" in page
    assert (empty.sources, empty.codings()) == ([], ())
    assert set(before) <= {path.name for path in empty.folder.iterdir()}
    number = held.errands.last("import")
    assert number
    post(other, "import/take", {"number": number.number})
    page = made(other, "import")
    assert "Tatt inn" in page and "Ta tilbake importen" in page
    assert [one.name for one in empty.sources] == [one.name for one in project.sources]
    given = [[(c.segment, c.code, c.coder) for c in one.codings()] for one in (empty, project)]
    assert given[0] == given[1]
    assert len(empty.codings()) == sum(len(p.codings) for d in package.documents for p in d.segments)
    assert not held.incoming.files
    last = held.errands.last("import")
    assert last
    status, answer = post(other, "import/back", {"number": last.number})
    assert status == 200 and "tatt tilbake" in str(answer["message"])
    assert (empty.sources, empty.codings()) == ([], ())
    held.errands.clear()


def test_what_changed_since_it_was_foreseen_is_not_taken_in(project: Project) -> None:
    client, session = page_of(project, "Anne")
    quote = project.transcript(OPEN).text[:10]
    table = f"transcript,start,end,quote,code,coder\n{OPEN},0,10,{json.dumps(quote)},makt,Kari\n"
    sign = brought(client, "kodinger.csv", table.encode())
    post(client, "import/look", {"sign": sign, "coder": ""})
    assert "ny koding" in made(client, "import")
    Reviewer(project, project.coder("Kari").id).code(project.source(OPEN).id, 0, 10, "makt")
    errand = session.errands.last("import")
    assert errand
    post(client, "import/take", {"number": errand.number})
    assert "endret siden du så" in made(client, "import")
    assert len(project.codings("Kari")) == 1
    post(client, "import/drop", {})
    assert not session.incoming.files and "Velg en fil" in get(client, "import")[1]
    sign = brought(client, "brev.txt", b"Hei")
    post(client, "import/look", {"sign": sign, "coder": ""})
    page = made(client, "import")
    assert "brev.txt: ukjent filtype" in page and str(project.folder) not in page
    session.errands.clear()
