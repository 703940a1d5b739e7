"""«Mine prosjekter» and the projects it opens: one server, a key for each, folders of the home directory and no others."""

import json
import os
import re
import stat
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client

from autokode import Codebook
from autokode.project import Project
from autokode.review.page_locks import only_one
from autokode.review.start.known_projects import Kept, KnownProjects
from autokode.review.start.life import GONE_S, Life
from conftest import ROOT
from review_case import HOST, ORIGIN
from start_case import House, empty_project, key_in, unlearning


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home directory."""
    folder = tmp_path / "hjem"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("AUTOKODE_HOME", str(tmp_path / "eget"))
    unlearning(monkeypatch)
    return folder


@pytest.fixture
def house(home: Path, tmp_path: Path) -> Iterator[House]:
    """The start page of Kari."""
    own = tmp_path / "eget" / "data"
    own.mkdir(parents=True, mode=0o700)
    KnownProjects(own).choose(name="Kari")
    found = House(own)
    yield found
    found.projects.close_all()


def sealed(text: str) -> None:
    assert "default-src 'none'" in text


# keys


def test_each_project_has_a_path_and_a_key_of_its_own(house: House, home: Path) -> None:
    a, b = (house.projects.open(p, p.known_coder("Kari")) for p in (empty_project(home / n) for n in ("a", "b")))
    places = {"start": house.root, "a": f"/{a.door.path}/", "b": f"/{b.door.path}/"}
    keys = {"start": house.projects.door.key, "a": a.door.key, "b": b.door.key}
    assert len(set(places.values()) | set(keys.values())) == 6
    for own, key in keys.items():
        for other, place in places.items():
            client = Client(house.projects)
            client.set_cookie("autokode", key, domain="127.0.0.1", path="/")  # as wide as a browser could send it
            answer = house.get(place, client)
            assert answer.status_code == (200 if own == other else 403)
            assert (f">{other}</b>" in answer.text) is (own == other != "start")
            sealed(answer.headers["Content-Security-Policy"])


def test_no_other_path_is_answered(house: House) -> None:
    for path in ("/feil/", "/.", f"{house.root[:-2]}/", "/static/review.css", house.root + "nowhere"):
        answer = house.get(path)
        assert answer.status_code == 404
        sealed(answer.headers["Content-Security-Policy"])


def test_a_page_that_was_closed_says_how_to_come_back_and_looks_like_the_others(house: House, home: Path) -> None:
    found = house.projects.open(empty_project(home / "a"), Project.open(home / "a").known_coder("Kari"))
    place = f"/{found.door.path}/"
    house.projects.close(home / "a")
    answer = house.get(place)
    assert answer.status_code == 404
    text = answer.text
    assert "Denne siden er lukket" in text
    assert "Start autokode igjen fra programmenyen" in text
    assert not re.search(rf"{house.projects.door.path}|{home.name}|Kari", text)
    policy = answer.headers["Content-Security-Policy"]
    for tag in ("style", "script"):  # nothing else of the server is answered without a key
        (own,) = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        assert f"{tag}-src 'sha256-{b64encode(sha256(own.encode()).digest()).decode()}'" in policy
    assert not re.search(r'(src|href)="/', text)
    assert house.post(f"{place}open", project="x").status_code == 404


def test_only_the_start_page_itself_acts(house: House, home: Path) -> None:
    project = house.sign(empty_project(home / "a").folder)
    for headers in (
        {},
        {"Origin": "null"},
        {"Origin": "https://ond.example"},
        {**ORIGIN, "Sec-Fetch-Site": "cross-site"},
    ):
        assert house.post("open", headers, project=project).status_code == 403
    wrong_host = house.client.get(house.root, base_url="http://ond.example:8123")
    assert wrong_host.status_code == 404
    assert house.projects.of(home / "a") is None


def test_a_code_opens_what_its_file_leads_to_and_the_way_back(house: House, home: Path) -> None:
    found = house.projects.open(empty_project(home / "a"), Project.open(home / "a").known_coder("Kari"))
    stranger = Client(house.projects)
    assert house.get(house.root, stranger).status_code == 403
    answer = stranger.post("/", base_url=f"http://{HOST}", data={"code": found.door.code()})
    assert list(key_in(answer)) == [f"/{found.door.path}/", house.root]
    assert f'href="/{found.door.path}/"' in answer.text
    assert f'href="{house.root}"' in house.get(f"/{found.door.path}/", stranger).text
    again = stranger.post("/", base_url=f"http://{HOST}", data={"code": house.projects.door.code()})
    assert list(key_in(again)) == [house.root]


# who codes


def test_the_name_is_asked_for_once_and_kept_for_its_owner_alone(house: House) -> None:
    known = house.projects.known
    known.path.unlink()
    assert "Hva heter du?" in house.get().text
    assert house.get("new").status_code == 302
    assert house.post("choose", name=" ").status_code == 400
    assert house.post("choose", name="x" * 101).status_code == 409
    assert house.post("choose", name="  Åse   Bø ").get_json() == {"go": house.root}
    assert known.read().name == "Åse Bø"
    assert "Hva heter du?" not in house.get().text
    assert stat.S_IMODE(known.path.stat().st_mode) == 0o600


def test_language_and_theme_are_kept(house: House) -> None:
    house.post("choose", language="en")
    house.post("choose", theme="dark")
    page = house.get().text
    assert 'lang="en"' in page
    assert 'data-theme="dark"' in page
    assert "My projects" in page
    assert house.post("choose", theme="rød").status_code == 400


def test_somebody_whom_the_project_does_not_know_is_asked_who_they_are(house: House, home: Path) -> None:
    sign = house.sign(empty_project(home / "a", coder="Anne").folder)
    go = house.post("open", project=sign).get_json()["go"]
    assert go == f"{house.root}who/{sign}"
    page = house.get(go).text
    assert "Anne" in page
    assert 'value="Kari"' in page
    answer = house.post("open", project=sign, coder="Anne")
    (found,) = house.projects._open.values()
    assert (found.session.coder.name, found.session.coder.id) == ("Anne", 1)
    assert key_in(answer) == {f"/{found.door.path}/": found.door.key}


# opening


def test_a_project_that_is_opened_twice_is_one_app_and_another_coders_is_another(house: House, home: Path) -> None:
    sign = house.sign(empty_project(home / "a").folder)
    first, second = (house.post("open", project=sign) for _ in range(2))
    assert first.get_json() == second.get_json()
    assert key_in(first) == key_in(second)
    other = house.post("open", project=sign, coder="Ola")
    assert other.get_json() != first.get_json()
    assert len(house.projects._open) == 2
    assert "Åpne som Ola" in house.get().text  # who had it last, and not the one who sits here
    house.keep(house.projects.doors()[0])
    assert "Mine prosjekter" in house.get(first.get_json()["go"]).text


def test_the_key_comes_again_with_an_answer_that_was_lost(house: House, home: Path) -> None:
    sign = house.sign(empty_project(home / "a").folder)
    headers = {**ORIGIN, "Autokode-Once": "1"}
    first, again = (house.post("open", headers, project=sign) for _ in range(2))
    assert first.get_json() == again.get_json()
    assert key_in(first) == key_in(again) != {}


def test_a_project_that_another_server_has_is_said_so(house: House, home: Path) -> None:
    sign = house.sign(empty_project(home / "a").folder)
    with only_one(home / "a", "Kari") as place:
        answer = house.post("open", project=sign)
        assert answer.status_code == 409
        assert "Kari har siden åpen alt" in answer.get_json()["error"]
        assert str(place / "side.html") in answer.get_json()["error"]
        assert house.post("open", project=sign, coder="Ola").status_code == 200
    assert house.post("open", project=sign).status_code == 200


def test_closing_lets_another_program_have_the_project(house: House, home: Path) -> None:
    sign = house.sign(empty_project(home / "a").folder)
    go = house.post("open", project=sign).get_json()["go"]
    assert list(home.glob("a/.review-*/side.html"))
    assert house.post("close", project=sign).status_code == 200
    assert not list(home.glob("a/.review-*/side.html"))
    assert house.get(go).status_code == 404
    with only_one(home / "a", "Kari"):
        pass


def test_a_project_that_is_gone_is_said_so_and_can_be_taken_off_the_list(house: House, home: Path) -> None:
    sign = house.sign(empty_project(home / "a").folder)
    house.post("open", project=sign)
    house.post("close", project=sign)
    (home / "a").rename(home / "b")
    assert "ikke der lenger" in house.get().text
    assert house.post("open", project=sign).status_code == 409
    assert house.post("forget", project=sign).status_code == 200
    assert "ikke der lenger" not in house.get().text
    assert house.projects.known.read().projects == ()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"name": 1}', '{"projects": [{"folder": 3}]}', '{"projects": 7}'])
def test_a_damaged_list_keeps_nothing_and_stops_nothing(tmp_path: Path, text: str) -> None:
    known = KnownProjects(tmp_path)
    known.path.write_text(text, encoding="utf-8")
    assert known.read() == Kept()
    known.note(tmp_path, "Kari")
    assert [one.folder for one in known.read().projects] == [tmp_path.resolve()]


# making


def test_a_new_project_is_made_whole_for_its_owner_alone_and_opened(house: House, home: Path) -> None:
    answer = house.post("new", name="Min studie æøå", folder="", codebook="empty")
    place = home / "Min studie æøå"
    (found,) = house.projects._open.values()
    assert answer.get_json() == {"go": f"/{found.door.path}/"}
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    assert Project.open(place).codebook.codes == ()
    house.keep(found.door)
    assert ">Min studie æøå</b>" in house.get(answer.get_json()["go"]).text
    assert re.search("Min studie æøå.*åpent nå", house.get().text, re.DOTALL)
    assert house.post("new", name="Min studie æøå", folder="", codebook="empty").status_code == 409
    assert [path.name for path in home.iterdir()] == ["Min studie æøå"]


@pytest.mark.parametrize(
    "name",
    [
        "..",
        ".",
        "../x",
        "/etc/x",
        "a/b",
        "a\\b",
        "C:x",
        "x\0y",
        "x\ny",
        ".skjult",
        "con",
        "LPT1.txt",
        "x" * 101,
        "<b>",
        "x\u202ey",
    ],
)
def test_no_name_leads_elsewhere(house: House, home: Path, name: str) -> None:
    assert house.post("new", name=name, folder="", codebook="empty").status_code == 409
    assert list(home.iterdir()) == []
    assert house.projects._open == {}


def test_a_folder_that_holds_something_is_left_alone(house: House, home: Path) -> None:
    (home / "full").mkdir()
    (home / "full" / "brev.txt").write_text("kjære", encoding="utf-8")
    assert "ikke tom" in house.post("new", name="full", folder="", codebook="empty").get_json()["error"]
    assert [path.name for path in (home / "full").iterdir()] == ["brev.txt"]
    (home / "tom").mkdir()
    assert house.post("new", name="tom", folder="", codebook="nav").status_code == 200
    assert "makt" in Project.open(home / "tom").codebook


def brought(house: House, name: str, content: bytes) -> str:
    """Bring a file to the start page in one piece; its sign."""
    sign = str(house.post("incoming", name=name, size=len(content)).get_json()["sign"])
    place = f"{house.root}incoming/{sign}?at=0"
    answer = house.client.post(place, base_url=f"http://{HOST}", data=content, headers=ORIGIN)
    assert answer.get_json()["whole"]
    return sign


def test_a_codebook_comes_from_a_file(house: House, home: Path) -> None:
    from autokode.exchange.package_export import package_of
    from autokode.exchange.refi.writing import qdc_bytes

    yaml = (ROOT / "training_data" / "codebook_theory.yaml").read_bytes()
    sign = brought(house, "min kodebok.yaml", yaml)
    assert house.post("new", name="a", folder="", codebook="file", file=sign).status_code == 200
    first = Project.open(home / "a")
    assert first.codebook.codes == Codebook.from_yaml(yaml.decode()).codes
    sign = brought(house, "bok.qdc", qdc_bytes(package_of(first)))
    assert house.post("new", name="b", folder="", codebook="file", file=sign).status_code == 200
    assert [code.name for code in Project.open(home / "b").codebook] == [code.name for code in first.codebook]


@pytest.mark.parametrize(
    ("name", "content"), [("x.docx", b"PK"), ("x.yaml", b"koder: ["), ("x.qdpx", b"nei"), ("x.qdc", b"<a/>")]
)
def test_a_file_that_is_no_codebook_makes_no_project(house: House, home: Path, name: str, content: bytes) -> None:
    sign = brought(house, name, content)
    answer = house.post("new", name="a", folder="", codebook="file", file=sign)
    assert answer.status_code == 409
    assert answer.get_json()["error"]
    assert list(home.iterdir()) == []


def test_the_example_is_made_once_and_two_of_its_offices_are_coded(house: House, home: Path) -> None:
    first = house.post("example")
    place = home / "autokode-eksempel"
    project = Project.open(place)
    assert [source.name for source in project.sources] == ["kontor_a", "kontor_b", "kontor_c"]
    assert {coding.segment.transcript for coding in project.codings("Kari")} == {"kontor_a", "kontor_b"}
    assert list(project.changed_files()) == []
    assert all(Path(source.file).is_relative_to(place) for source in project.sources)
    assert house.post("example").get_json() == first.get_json()
    assert "~/autokode-eksempel" in house.get().text


# folders


def listing(house: House, sign: str = "", mode: str = "open") -> dict[str, str]:
    """Name → sign of the folders that the dialogue lists in one; projects have theirs, too."""
    html = house.post("folders", folder=sign, mode=mode).get_json()["html"]
    rows = re.findall(r"<li>(.*?)</li>", html, re.DOTALL)
    found = {}
    for row in rows:
        name = re.search(r">([^<>]+)</button>", row)
        mark = re.search(r'(?:data-folder="|"project": ")(\w+)"', row)
        if name and mark:
            found[name[1]] = mark[1]
    return found


def test_the_dialogue_lists_folders_of_the_home_directory_alone(house: House, home: Path, tmp_path: Path) -> None:
    outside = tmp_path / "et annet sted"
    outside.mkdir()
    for name in ("Åpen", "b", ".skjult", "<i>"):
        (home / name).mkdir()
    (home / "fil.txt").write_text("x", encoding="utf-8")
    (home / "ut").symlink_to(outside)
    (home / "opp").symlink_to("..")
    (home / "ring").symlink_to("ring")
    (home / "skjult vei").symlink_to(home / ".skjult")
    (home / "snarvei").symlink_to(home / "b")
    empty_project(home / "b" / "prosjekt")
    found = listing(house)
    assert set(found) == {"&lt;i&gt;", "Åpen", "b", "snarvei"}
    assert found["snarvei"] == found["b"]
    inner = listing(house, found["b"])
    assert set(inner) == {"prosjekt"}
    assert house.post("open", project=inner["prosjekt"]).status_code == 200
    page = house.get("open").text
    assert outside.name not in found
    assert str(tmp_path) not in page


@pytest.mark.parametrize(
    "folder",
    ["..", "../", "../../etc", "/", "/etc", "/etc/passwd", "~", "~root", ".skjult", "b/..", "%2e%2e", "%2e%2e%2f", "..%00", "b\0",
     "file:///etc", "C:\\", "\\\\server\\share", "//server/share", "b"],
)  # fmt: skip
def test_no_path_is_taken_for_a_folder(house: House, home: Path, folder: str) -> None:
    (home / "b").mkdir()
    (home / ".skjult").mkdir()
    for path, body in (
        ("folders", {"folder": folder, "mode": "open"}),
        ("new", {"folder": folder, "name": "x", "codebook": "empty"}),
        ("open", {"project": folder}),
        ("forget", {"project": folder}),
    ):
        answer = house.post(path, **body)
        assert answer.status_code == 409
        assert "etc" not in answer.text.replace(json.dumps(folder)[1:-1], "")
    assert {path.name for path in home.iterdir()} == {"b", ".skjult"}


def test_a_folder_that_leads_out_since_it_was_listed_is_refused(house: House, home: Path, tmp_path: Path) -> None:
    outside = tmp_path / "utenfor"
    (outside / "hemmelig").mkdir(parents=True)
    (home / "b").mkdir()
    sign = listing(house)["b"]
    (home / "b").rmdir()
    (home / "b").symlink_to(outside)
    answer = house.post("folders", folder=sign, mode="open")
    assert answer.status_code == 409
    assert "hemmelig" not in answer.text
    assert house.post("new", folder=sign, name="x", codebook="empty").status_code == 409
    assert [path.name for path in outside.iterdir()] == ["hemmelig"]


@pytest.mark.skipif(os.getuid() == 0, reason="root reads every folder")
def test_a_folder_that_may_not_be_read_is_said_so(house: House, home: Path) -> None:
    (home / "b").mkdir(mode=0)
    assert house.post("folders", folder=listing(house)["b"], mode="open").status_code == 409


# life


def test_pages_tell_that_they_are_open_and_left(house: House, home: Path) -> None:
    now = [0.0]
    house.projects.life = life = Life(lambda: now[0])
    project = empty_project(home / "a")
    found = house.projects.open(project, project.known_coder("Kari"))
    house.keep(found.door)
    alive = f"/{found.door.path}/alive"
    assert house.post(alive, page="p").status_code == 204
    assert house.post(alive, page="p", gone=True).status_code == 204
    for wrong in ({}, {"page": 3}, {"page": "x" * 200}):
        assert house.post(alive, **wrong).status_code == 400
    assert house.post(alive, {}, page="q").status_code == 403
    for _ in range(int(GONE_S)):
        now[0] += 1
        assert life.is_over() is (now[0] >= GONE_S)


def test_it_does_not_end_while_something_is_written_or_learnt(
    house: House, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    house.projects.life = Life(lambda: now[0])
    project = empty_project(home / "a")
    found = house.projects.open(project, project.known_coder("Kari"))
    house.projects.life.goodbye("p")
    for _ in range(int(GONE_S)):
        now[0] += 1
        house.projects.life.is_over()
    assert house.projects.is_over()
    with monkeypatch.context() as patch:
        patch.setattr(type(found.session.learner), "busy", True)
        assert not house.projects.is_over()
    answering: list[bool] = []

    def app(_environ: object, start_response: Any) -> list[bytes]:
        answering.append(house.projects.is_over())
        start_response("200 OK", [])
        return [b""]

    monkeypatch.setattr(house.projects, "_start", app)
    house.client.get("/", base_url=f"http://{HOST}", buffered=True)
    assert answering == [False]
    assert house.projects.is_over()


def test_the_guide_is_on_the_start_page(house: House) -> None:
    page = house.get("guide").text
    assert "Kom i gang" in page
    assert house.get("guide/02-prosjekt").status_code == 200
    assert house.get("guide/..%2f..%2fREADME").status_code == 404
