"""Settings: each is this coder's own, a new name takes all along, and the backup is whole."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from autokode.project import Project
from autokode.project.store.backup import restore_backup
from autokode.project.store.project_files import copies
from autokode.review.session import Session
from pseudonym_case import dump
from review_case import HOST, ORIGIN, TOKEN, client_of


def shown(client: FlaskClient) -> str:
    answer = client.get(f"/{TOKEN}/settings", base_url=f"http://{HOST}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def send(client: FlaskClient, path: str, **body: Any) -> tuple[int, dict[str, Any]]:
    answer = client.post(f"/{TOKEN}/{path}", json=body, headers=ORIGIN, base_url=f"http://{HOST}")
    return answer.status_code, answer.get_json()


@pytest.mark.parametrize(
    ("name", "value", "seen"),
    [
        ("language", "nn", 'value="nn" autocomplete="off" checked'),
        ("theme", "dark", 'data-theme="dark"'),
        ("order", "teaching", 'value="teaching" autocomplete="off" checked'),
        ("keys", "off", 'data-keys="off"'),
    ],
)
def test_a_choice_is_this_coders_own(client: FlaskClient, project: Project, name: str, value: str, seen: str) -> None:
    assert seen not in shown(client)
    assert send(client, "setting", **{name: value})[0] == 200
    assert seen in shown(client)
    assert project.setting(f"{name} – Anne") == value
    assert seen not in shown(client_of(Session(project, project.coder("Bo"))))


def test_from_english_the_button_leads_back_to_the_norwegian_of_before(client: FlaskClient) -> None:
    for norwegian in ("nb", "nn"):
        send(client, "setting", language=norwegian)
        assert 'data-set="language" data-value="en"' in shown(client)
        send(client, "setting", language="en")
        assert f'data-set="language" data-value="{norwegian}"' in shown(client)


def test_a_new_name_takes_all_along(client: FlaskClient, project: Project) -> None:
    send(client, "setting", theme="dark")
    before = len(project.codings("Anne"))
    status, answer = send(client, "settings/coder", name=" Anne  Berg ")
    assert (status, answer["message"]) == (200, "Du koder som Anne Berg.")
    assert len(project.codings("Anne Berg")) == before > 0
    page = shown(client)
    assert 'data-theme="dark"' in page
    assert 'value="Anne Berg"' in page
    assert "Anne" not in {coder.name for coder in project.coders}
    assert project.setting("theme – Anne") == ""


@pytest.mark.parametrize("name", ["", "  ", "…", "Bo", "x" * 81, "A\x07nne"])
def test_a_name_that_is_none_or_taken_is_refused(client: FlaskClient, project: Project, name: str) -> None:
    project.coder("Bo")
    before = dump(project.folder)
    assert send(client, "settings/coder", name=name)[0] == 409
    assert dump(project.folder) == before


def test_a_newcomer_codes_under_the_name_they_write(project: Project) -> None:
    client = client_of(Session(project, project.known_coder("ola")))
    assert send(client, "settings/coder", name="Ola Nordmann")[0] == 200
    assert "Ola Nordmann" in shown(client)
    assert "Ola Nordmann" not in {coder.name for coder in project.coders}


def test_the_backup_is_whole_and_leaves_nothing_behind(client: FlaskClient, project: Project, tmp_path: Path) -> None:
    answer = client.get(f"/{TOKEN}/settings/backup", base_url=f"http://{HOST}")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=prosjekt-sikkerhetskopi-")
    assert answer.headers["Content-Length"] == str(len(answer.get_data()))
    data = answer.get_data()
    answer.close()
    assert copies(project.folder) == []
    assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None
    (tmp_path / "kopi.zip").write_bytes(data)
    assert dump(restore_backup(tmp_path / "kopi.zip", tmp_path / "ny").folder) == dump(project.folder)


def test_the_places_of_the_files_are_shown(client: FlaskClient, project: Project) -> None:
    page = shown(client)
    assert str(project.folder / "codebook.yaml") in page
    assert "nøkkelen til pseudonymene" not in page
    project.folder.with_name("prosjekt-nøkkel.json").write_text("{}", encoding="utf-8")
    assert "nøkkelen til pseudonymene" in shown(client)
