"""Addresses and titles: browsers show and keep them, so they name no speaker, no interview and no office."""

import re
from pathlib import Path
from urllib.parse import unquote_plus

import pytest
from flask.testing import FlaskClient

from autokode import Codebook
from autokode.corpus.readers.source import Source
from autokode.corpus.transcript import from_source
from autokode.project import Project
from autokode.review.addresses import Veil
from autokode.review.session import Session
from review_case import HOST, TOKEN, client_of, get, suggest_by_hand

NAMES = ("Solveig Øverås", "Bydel Fjordgløtt", "Torgeir")
TEXT = "I: Hvordan går det i fjøset?\nTorgeir: Vi melker tidlig.\nI: Og ellers?\nMarit: Det går i ett.\n"


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    project = Project.create(tmp_path / "p", Codebook.from_yaml("koder:\n  - navn: makt\n  - navn: språk\n"))
    for name, office in ((NAMES[0], NAMES[1]), ("intervju_2", "annet")):
        made = from_source(Source(TEXT), name, interviewers=["I"])
        project.add(made, office=office)
    suggest_by_hand(project, NAMES[0])
    return client_of(Session(project, project.coder("Anne")))


def signs(client: FlaskClient, field: str) -> dict[str, str]:
    """What a filter's field offers: name → the value that goes into an address."""
    form = re.search(rf'<select name="{field}">(.*?)</select>', get(client, "list")[1])
    assert form
    return {name: value for value, name in re.findall(r'<option value="([^"]+)"[^>]*>([^<]+)', form[1])}


def addresses(page: str) -> list[str]:
    """All that may come into an address bar or a window's title from a page."""
    found = re.findall(r'(?:href|action|data-root|data-wanted|value)=["\']([^"\']*)["\']', page)
    return [*map(unquote_plus, found), *re.findall(r"<title>(.*?)</title>", page)]


def test_no_page_leads_to_an_address_with_a_name(client: FlaskClient) -> None:
    asked = {
        "interview": signs(client, "interview")[NAMES[0]],
        "speaker": signs(client, "speaker")[NAMES[2]],
        "office": signs(client, "office")[NAMES[1]],
    }
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    for path in ("", "interview/1", f"interview/1?{query}&turn=1", "list", f"list?{query}", "missed"):
        page = get(client, path)[1]
        assert any(name in page for name in NAMES) or path == "missed"  # on the page they stand
        assert not [one for one in addresses(page) for name in NAMES if name in one]
    at = client.get(f"/{TOKEN}/next?{query}", base_url=f"http://{HOST}").headers["Location"]
    assert "speaker=" in at
    assert not [name for name in NAMES if name in unquote_plus(at)]
    assert "Intervju 1 · autokode" in get(client, "interview/1")[1]


@pytest.mark.parametrize(
    ("field", "name", "rows"), [("interview", NAMES[0], 4), ("speaker", NAMES[2], 2), ("office", NAMES[1], 4)]
)
def test_a_sign_filters_as_the_name_does(client: FlaskClient, field: str, name: str, rows: int) -> None:
    whole = r"<h1>[^<]*<small>(\d+)</small>"
    found = [re.findall(whole, get(client, f"list?{field}={value}")[1]) for value in (signs(client, field)[name], name)]
    assert found == [[str(rows)]] * 2
    assert re.findall(whole, get(client, f"list?{field}={'0' * 16}")[1]) == [
        "0"
    ]  # a sign of another time shows nothing


def test_a_sign_tells_nothing_and_differs_from_server_to_server() -> None:
    first, second = Veil(), Veil()
    assert first.sign("Torgeir") == first.sign("Torgeir") != second.sign("Torgeir")
    assert first.sign("") == ""
