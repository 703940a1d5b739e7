"""Files that a person brings to the page: in pieces, bounded, owner-only, gone after use."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from autokode.base.errors import DataError
from autokode.project import Project
from autokode.review.errands import Errands
from autokode.review.incoming_files import Incoming
from autokode.review.page_locks import clear_stranded, only_one
from autokode.review.session import Session
from review_case import HOST, ORIGIN, TOKEN


def _post(client: FlaskClient, path: str, **given: object) -> dict[str, object]:
    answer = client.post(f"/{TOKEN}/{path}", base_url=f"http://{HOST}", headers=ORIGIN, **given)
    found = answer.get_json()
    assert isinstance(found, dict)
    return {**found, "status": answer.status_code}


def test_a_file_comes_in_pieces_and_goes_when_it_is_dropped(client: FlaskClient, project: Project) -> None:
    content = "Vi må snakke om språket på åsen.\n".encode() * 20_000
    sign = _post(client, "incoming", json={"name": "Mappe/Åse Berg.TXT", "size": len(content)})["sign"]
    for at in range(0, len(content), 100_000):
        answer = _post(client, f"incoming/{sign}?at={at}", data=content[at : at + 100_000])
    assert (answer["here"], answer["whole"]) == (len(content), True)
    session: Session = client.application.config["SESSION"]
    (file,) = session.incoming.files.values()
    assert (file.name, file.folder, file.path.suffix) == ("Åse Berg.TXT", "Mappe", ".txt")
    assert file.path.read_bytes() == content
    assert file.path.stat().st_mode & 0o777 == 0o600
    assert "Åse" not in str(file.path.relative_to(project.folder))
    assert _post(client, f"incoming/{sign}/drop", json={})["status"] == 200
    assert not file.path.exists()
    assert not file.path.parent.exists()


def test_a_piece_sent_twice_is_kept_once_and_a_lost_one_is_said(tmp_path: Path) -> None:
    incoming = Incoming(tmp_path, "Anne")
    sign = incoming.begin("a.txt", 6)
    incoming.add(sign, 0, b"abc")
    incoming.add(sign, 0, b"abc")
    with pytest.raises(DataError, match="prøv igjen"):
        incoming.add(sign, 4, b"f")
    with pytest.raises(DataError, match="prøv igjen"):
        incoming.add(sign, 3, b"defg")
    assert incoming.add(sign, 3, b"def").is_whole
    assert incoming.file(sign).path.read_bytes() == b"abcdef"


def test_what_a_killed_server_left_is_cleared(tmp_path: Path) -> None:
    Incoming(tmp_path, "Anne").begin("a.txt", 6)
    Incoming(tmp_path, "Bente").begin("b.txt", 6)
    Incoming(tmp_path, "Anne").clear()
    assert len(list(tmp_path.iterdir())) == 1
    Incoming(tmp_path, "Bente").clear()
    assert not list(tmp_path.iterdir())


def test_what_killed_servers_left_goes_when_anybody_opens_the_project(tmp_path: Path) -> None:
    for coder in ("Anne", "Bente"):
        Incoming(tmp_path, coder).begin("a.txt", 6)
        made = Errands(tmp_path, coder).folder
        made.mkdir()
        (made / "rapport.docx").write_text("Kåre", encoding="utf-8")
        with only_one(tmp_path, coder):
            pass
    with only_one(tmp_path, "Bente"):
        clear_stranded(tmp_path)
        left = {path for path in tmp_path.iterdir() if path.is_dir()}
        assert left == {Incoming(tmp_path, "Bente").folder, Errands(tmp_path, "Bente").folder}


@pytest.mark.parametrize("name", ["../../ut.txt", "/etc/passwd", "C:\\ut\\av.txt", "a\0b.txt", ".txt", "", "æ" * 5000])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    incoming = Incoming(tmp_path, "Anne")
    path = incoming.file(incoming.begin(name, 1)).path
    assert path.parent == incoming.folder
    assert path.exists()


def test_too_much_is_refused(tmp_path: Path) -> None:
    incoming = Incoming(tmp_path, "Anne")
    with pytest.raises(DataError, match="for mye på én gang"):
        incoming.begin("a.txt", 1 << 31)
    with pytest.raises(DataError, match="for mye på én gang"):
        incoming.begin("a.txt", -1)
    with pytest.raises(DataError, match="venter ikke lenger"):
        incoming.add("ukjent", 0, b"a")
