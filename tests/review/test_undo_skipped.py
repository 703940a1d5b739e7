"""An undo that no longer fits: said on the page, passed over by choice, with what is older within reach."""

from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from autokode.corpus.coding import Coding, Segment
from autokode.project import Project, Reviewer
from autokode.project.store.foreign_data import take_notes
from review_case import OPEN, first_card, post, rows


def people(project: Project) -> tuple[Reviewer, Reviewer]:
    return Reviewer(project, project.coder("Anne").id), Reviewer(project, project.coder("Berit").id)


def test_two_people_who_settled_the_same(client: FlaskClient, project: Project) -> None:
    anne, berit = people(project)
    number = project.source(OPEN).id
    before = rows(project, "coding")
    anne.code(number, 0, 4, "makt")
    anne.resolve(berit.coder, number, 1, {"makt": True})
    berit.resolve(anne.coder, number, 1, {"makt": False})
    status, answer = post(client, "undo", {})
    assert status == 409 and "en annen koder" in str(answer["error"])
    assert rows(project, "resolution")[0]["given"] == 0
    status, answer = post(client, "undo", {"skip": answer["stuck"]})
    assert (status, answer["message"]) == (200, "Angret: kodet")
    assert rows(project, "resolution")[0]["given"] == 0 and rows(project, "coding") == before


def test_a_memo_that_an_import_wrote_on(client: FlaskClient, project: Project) -> None:
    anne, _berit = people(project)
    before = rows(project, "coding")
    anne.code(project.source(OPEN).id, 0, 4, "makt")
    anne.memo("project", "mitt")
    take_notes(project, "Anne", {"project": "hentet"})
    status, answer = post(client, "undo", {})
    assert status == 409
    status, again = post(client, "undo", {})
    assert (status, again["stuck"]) == (409, answer["stuck"])
    assert post(client, "undo", {"skip": answer["stuck"]})[0] == 200
    assert rows(project, "coding") == before and rows(project, "memo")[0]["text"] == "mitt\n\nhentet"


def test_a_card_that_was_judged_in_another_window(client: FlaskClient, project: Project) -> None:
    _interview, number = first_card(client, project)
    (suggested,) = project.database.rows("SELECT code FROM suggestion WHERE id = ?", (number,))
    first, second, *_ = (code for code in project.codebook.codable if code != suggested["code"])
    assert post(client, f"suggestion/{number}", {"said": "change", "code": first, "saw": ""})[0] == 200
    before = rows(project, "coding")
    for body in ({"said": "reject"}, {"said": "accept"}, {"said": "change", "code": second}):
        status, answer = post(client, f"suggestion/{number}", {**body, "saw": ""})
        assert status == 409 and "et annet vindu" in str(answer["error"])
    assert post(client, "same", {"suggestions": [number], "said": "reject"})[0] == 200
    assert rows(project, "coding") == before
    assert post(client, f"suggestion/{number}", {"said": "accept", "saw": "changed"})[0] == 200


def test_a_memo_on_what_is_not_there_is_refused(client: FlaskClient, project: Project) -> None:
    for about, said in (
        ("code/finnes ikke", "er ikke i kodeboken"),
        ("transcript/999", "finnes ikke lenger"),
        ("turn/1/99999", "denne ytringen finnes ikke"),
    ):
        status, answer = post(client, "memo", {"about": about, "text": "noe", "was": ""})
        assert status == 409 and said in str(answer["error"])


def test_the_page_offers_to_pass_over_it(page: Page, project: Project) -> None:
    anne, berit = people(project)
    number, before = project.source(OPEN).id, project.codings("Anne")
    anne.code(number, 0, 4, "makt")
    anne.resolve(berit.coder, number, 1, {"makt": True})
    berit.resolve(anne.coder, number, 1, {"makt": False})
    page.keyboard.press("z")
    expect(page.locator("#wrong")).to_contain_text("steget kan ikke angres")
    page.get_by_role("button", name="Hopp over").click()
    expect(page.locator("#said")).to_have_text("Angret: kodet")
    expect(page.locator("#wrong p")).to_have_count(0)
    assert project.codings("Anne") == before


def test_an_import_is_undone_on_the_page_as_one_step(page: Page, project: Project) -> None:
    text = project.transcript(OPEN).text
    own = project.transcript(OPEN).utterances
    found = [Coding(Segment(OPEN, one.start, one.end, text[one.start : one.end]), "makt", "Anne") for one in own[1:4:2]]
    project.add_codings(found, complete=False)
    page.reload()
    expect(page.locator(".coding")).to_have_count(2)
    page.keyboard.press("z")
    expect(page.locator("#said")).to_contain_text("Angret: import")
    expect(page.locator(".coding")).to_have_count(0)
    page.keyboard.press("y")
    expect(page.locator(".coding")).to_have_count(2)
