"""A survey on the page: read from a file that does not stay, its columns said to be something else, taken in, taken back."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from autokode.project import Project
from autokode.project.store.integrity import check
from autokode.project.store.variables import values_of
from browser_case import accessible, arrived, fits
from review_case import HOST, ORIGIN, TOKEN, Address, get, post

ROWS = (
    "$submission_id;Alder;Hva er bra med kantina?;Hva bør endres?\n"
    '1;20-29;"Maten er god, og køen er kort hver dag";"Mer grønt og mindre kjøtt, takk"\n'
    '2;30-39;"Prisene er greie for oss som spiser der ofte";\n'
    '3;20-29;"Hyggelige folk bak disken hele uka";"Åpne tidligere om morgenen, jeg begynner klokka sju"\n'
)
"""Invented answers."""


def brought(client: FlaskClient, name: str, data: bytes) -> str:
    sign = str(post(client, "incoming", {"name": name, "size": len(data)})[1]["sign"])
    headers = {**ORIGIN, "Content-Type": "application/octet-stream"}
    path = f"/{TOKEN}/incoming/{sign}?at=0"
    assert client.post(path, data=data, headers=headers, base_url=f"http://{HOST}").status_code == 200
    return sign


def looked_at(client: FlaskClient, rows: str = ROWS, name: str = "kantina.csv") -> tuple[int, dict[str, object]]:
    return post(client, "survey/look", {"sign": brought(client, name, rows.encode("utf-8"))})


def mark(client: FlaskClient) -> str:
    return get(client, "survey")[1].partition('name="saw" value="')[2].partition('"')[0]


def test_a_survey_is_taken_in_and_back_whole(client: FlaskClient, project: Project) -> None:
    before = [source.name for source in project.sources]
    assert looked_at(client)[0] == 200
    assert not list(project.folder.glob(".autokode.db.inn*/*"))
    page = get(client, "survey")[1]
    assert "Hva er bra med kantina?" in page
    assert "Ta inn (5)" in " ".join(page.split())
    assert [source.name for source in project.sources] == before
    status, said = post(client, "survey/take", {"saw": mark(client), "pseudonymised": False})
    assert status == 200, said
    new = [source for source in project.sources if source.name not in before]
    assert new
    assert {source.office for source in new} == {"kantina"}
    assert [one.name for one in values_of(project).variables] == ["Alder"]
    step = int(get(client, "survey")[1].partition('name="step" value="')[2].partition('"')[0])
    assert post(client, "survey/back", {"step": step})[0] == 200
    assert [source.name for source in project.sources] == before
    assert not values_of(project).variables
    assert check(project.folder) == []


def test_columns_are_said_to_be_something_else(client: FlaskClient, project: Project) -> None:
    looked_at(client)
    said = {"name": "Kantina 2026", "role": ["left", "left", "answers", "left"]}
    assert post(client, "survey/columns", said)[0] == 200
    page = get(client, "survey")[1]
    assert 'value="Kantina 2026"' in page
    assert post(client, "survey/take", {"saw": mark(client)})[0] == 200
    assert not values_of(project).variables
    assert any(source.office == "Kantina 2026" for source in project.sources)


@pytest.mark.parametrize("roles", [["left"], ["left", "left", "left", "odd"], "left", None])
def test_odd_columns_are_refused(client: FlaskClient, roles: object) -> None:
    looked_at(client)
    assert post(client, "survey/columns", {"name": "x", "role": roles})[0] == 400


def test_what_cannot_be_taken_in_is_said_and_nothing_is(client: FlaskClient, project: Project) -> None:
    before = len(project.sources)
    status, said = looked_at(client, "bare overskrifter\n")
    assert status == 409
    assert "tabellen har ingen svar" in str(said)
    looked_at(client)
    post(client, "survey/columns", {"name": "x", "role": ["left"] * 4})
    assert "ingen kolonne er svar med egne ord" in get(client, "survey")[1]
    assert post(client, "survey/take", {"saw": "0"})[0] == 409
    looked_at(client)
    assert post(client, "survey/take", {"saw": "another"})[0] == 409
    assert len(project.sources) == before


@pytest.mark.slow
def test_a_survey_in_a_browser(page: Page, project: Project, address: Address, tmp_path: Path) -> None:
    file = tmp_path / "kantina.csv"
    file.write_text(ROWS, encoding="utf-8")
    before = len(project.sources)
    page.goto(f"{address}interviews")
    page.get_by_role("link", name="Svar fra en undersøkelse …").click()
    arrived(page, page.get_by_role("heading", name="Svar fra en undersøkelse", exact=True))
    page.locator("#survey-file").set_input_files(file)
    expect(page.locator("#plan tbody tr")).to_have_count(4)
    for width in (1280, 380):
        page.set_viewport_size({"width": width, "height": 700})
        fits(page)
    accessible(page, page.locator("#plan"))
    page.get_by_label("Alder").select_option("left")
    page.get_by_role("button", name="Slik er kolonnene").click()
    expect(page.locator("#plan")).to_contain_text("Variabler: –")
    page.get_by_role("button", name="Ta inn (5)").click()
    expect(page.get_by_role("button", name="Ta tilbake undersøkelsen")).to_be_visible()
    assert len(project.sources) > before
    page.get_by_role("button", name="Ta tilbake undersøkelsen").click()
    expect(page.locator("#said")).to_contain_text("Undersøkelsen er tatt tilbake")
    assert len(project.sources) == before
