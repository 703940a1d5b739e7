"""The screen of the interviews: files brought in, looked at, mended, taken in; interviews named, grouped and mended later."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from autokode.project import Project
from autokode.project.store.decision_log import facts, replayed
from autokode.project.store.integrity import check
from autokode.project.store.steps import take_back_step
from autokode.review.session import Session
from review_case import HOST, ORIGIN, TOKEN

ASKED = "Kari: Hva gjør du på jobb?\nOla: Jeg hjelper folk.\nKari: Hvordan går det?\nOla: Fint, takk.\n" * 3
HEADED = (
    "Samtale på biblioteket\n\nEva: Vi har god tid her.\nNB: båndet stoppet\nEva: Ja, det har vi.\nNB: det gikk igjen\n"
    "Pål: Nettopp.\n"
)


class Page:
    """Anne's page, with what the tests ask of it."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        session = client.application.config["SESSION"]
        assert isinstance(session, Session)
        self.session = session

    def bring(self, name: str, content: str | bytes, *, version: int | None = None) -> str:
        """Bring a file in one piece, as a new version of an interview or its own, and give its sign."""
        data = content.encode() if isinstance(content, str) else content
        sign = self.post("incoming", {"name": name, "size": len(data)})["sign"]
        answer = self.client.post(
            f"/{TOKEN}/incoming/{sign}?at=0", data=data, base_url=f"http://{HOST}", headers=ORIGIN
        )
        assert answer.status_code == 200
        self.post("interviews/read", {"sign": sign, "version": version})
        return str(sign)

    def post(self, path: str, body: dict[str, object], status: int = 200) -> dict[str, object]:
        answer = self.client.post(f"/{TOKEN}/{path}", json=body, base_url=f"http://{HOST}", headers=ORIGIN)
        assert answer.status_code == status, answer.get_data(as_text=True)
        found = answer.get_json()
        assert isinstance(found, dict)
        return found

    def get(self, path: str = "interviews") -> str:
        answer = self.client.get(f"/{TOKEN}/{path}", base_url=f"http://{HOST}")
        assert answer.status_code == 200
        return answer.get_data(as_text=True)

    def mend(self, sign: str, do: str, label: str = "", **more: str) -> None:
        mark = self.session.understanding.of(sign).mark
        self.post("interviews/mend", {"sign": sign, "mark": mark, "do": do, "label": label, **more})

    def saw(self) -> list[list[str]]:
        """What the button that takes all in says the page shows."""
        found = re.search(r"data-saw='\[(.*)\]'", self.get())
        return [list(pair) for pair in re.findall(r'\["(\w+)","(\w+)"\]', found[1])] if found else []


@pytest.fixture
def page(client: FlaskClient) -> Page:
    return Page(client)


def test_what_is_understood_is_shown_mended_and_taken_in(page: Page, project: Project) -> None:
    asked, headed = page.bring("Ola.txt", ASKED), page.bring("Mappe/Eva.txt", HEADED)
    shown = page.get(f"interviews?file={asked}")
    assert "spør mest: 6 av 6 ytringer er spørsmål" in shown
    assert 'aria-pressed="true"' in shown
    page.mend(asked, "interviewer", "Ola")
    page.mend(asked, "interviewer", "Kari")
    assert page.session.understanding.of(asked).understood.interviewers == ("Ola",)
    assert "du har sagt det" in page.get(f"interviews?file={asked}")
    page.mend(headed, "words", name="Eva, bok", office="Biblioteket")
    page.post("interviews/take-in", {"saw": page.saw(), "pseudonymised": True})
    there = {one.name: one.office for one in project.sources}
    assert (there["Ola"], there["Eva, bok"]) == ("Ola", "Biblioteket")
    assert project.transcript("Ola").interviewers == ("Ola",)
    assert {"Ola", "Eva, bok"} <= project.pseudonymised
    assert not page.session.incoming.files
    assert not page.session.incoming.folder.exists()
    assert take_back_step(project).interviews == 2  # one step
    assert check(project.folder) == []


def test_a_label_that_is_none_and_one_that_is(page: Page) -> None:
    sign = page.bring("eva.txt", HEADED)

    def labels() -> set[str]:
        return {one.label for one in page.session.understanding.of(sign).understood.speakers}

    page.mend(sign, "one", "NB")
    assert labels() >= {"Eva", "NB"}
    page.mend(sign, "none", "NB")
    assert "NB" not in labels()
    before = page.session.understanding.of(sign).mark
    answer = page.post("interviews/mend", {"sign": sign, "mark": before, "do": "interviewer", "label": "Petter"}, 409)
    assert "ingen heter «Petter»" in str(answer["error"])
    assert page.session.understanding.of(sign).mark == before
    page.mend(sign, "guess")
    assert page.session.understanding.corrections(sign).speakers is None


def test_files_that_cannot_be_read_stay_listed_and_do_not_stop_the_others(page: Page, project: Project) -> None:
    page.bring("bilde.png", b"\x89PNG\r\n\x1a\n\0\0")
    page.bring("codings.csv", "transcript,start,end,code\nkontor_a,0,4,makt\n")
    page.bring("tom.txt", "")
    once = page.bring("Ola.txt", ASKED)
    page.bring("Kopi av Ola.txt", ASKED)
    page.bring("kontor_a.txt", ASKED + "Ola: Ja.\n")
    shown = page.get()
    for told in ("tabell med kodinger", "samme tekst som «Ola.txt»", "med en annen tekst", "bilde.png", "tom.txt"):
        assert told in shown
    assert [sign for sign, _mark in page.saw()] == [once]
    page.post("interviews/take-in", {"saw": page.saw()})
    assert "Ola" in {one.name for one in project.sources}
    assert len(page.session.incoming.files) == 5
    page.post("interviews/drop-all", {})
    assert not page.session.incoming.folder.exists()


def test_what_was_not_shown_is_not_taken_in(page: Page, project: Project) -> None:
    sign = page.bring("Ola.txt", ASKED)
    saw = page.saw()
    page.mend(sign, "interviewer", "Ola")  # in another window
    assert "annet vindu" in str(page.post("interviews/take-in", {"saw": saw}, 409)["error"])
    assert len(project.sources) == 3
    page.post("interviews/mend", {"sign": sign, "mark": saw[0][1], "do": "interviewer", "label": "Kari"}, 409)


def test_folders_are_groups_where_there_are_several(page: Page) -> None:
    first = page.bring("Alt/Kontor A/Ola.txt", ASKED)
    assert page.session.understanding.of(first).understood.office == ""
    page.bring("Alt/Kontor B/Eva.txt", HEADED)
    assert page.session.understanding.of(first).understood.office == "Kontor A"


def test_an_interview_is_renamed_grouped_and_mended_and_all_is_undone(page: Page, project: Project) -> None:
    source = project.source("kontor_a")
    before, coded = project.transcript("kontor_a"), project.codings("Anne")
    own = f"interviews/{source.id}"
    page.post(f"{own}/name", {"name": "Kontor A, første", "saw": "kontor_a"})
    page.post(f"{own}/office", {"office": "Øst", "saw": source.office})
    page.post(f"{own}/interviewers", {"names": ["Anne"], "saw": list(before.interviewers)})
    now = project.transcript("Kontor A, første")
    assert (now.interviewers, now.text) == (("Anne",), before.text)
    assert [(c.segment.start, c.code) for c in project.codings("Anne")] == [(c.segment.start, c.code) for c in coded]
    assert "kontor_a" not in page.get(own)
    page.post(f"{own}/name", {"name": "kontor_b", "saw": "Kontor A, første"}, 409)
    page.post(f"{own}/name", {"name": "noe", "saw": "kontor_a"}, 409)  # what another window shows
    for _ in range(3):
        page.post("undo", {})
    assert project.transcript("kontor_a") == before
    for _ in range(3):
        page.post("redo", {})
    assert project.source("Kontor A, første").office == "Øst"
    for _ in range(3):
        page.post("undo", {})
    assert project.sources == sorted(project.sources, key=lambda one: one.name)
    assert project.transcript("kontor_a") == before
    with project.database.reading() as connection:
        assert replayed(connection) == facts(connection)
    assert check(project.folder) == []


def test_a_new_version_that_was_left_is_no_interview_of_its_own(page: Page, project: Project) -> None:
    source = project.source("kontor_a")
    text = "INT: Hva heter du?\nKari: Jeg heter Kari.\n" * 3
    sign = page.bring("rettet.txt", text, version=source.id)
    shown = page.get()
    assert f'interviews/{source.id}/version?file={sign}">kontor_a</a>, ikke tatt inn ennå' in shown
    assert page.saw() == []
    own = page.bring("nytt.txt", text)  # the same text as an interview of its own is in nobody's way
    assert [one for one, _mark in page.saw()] == [own]
    page.post("interviews/take-in", {"saw": page.saw()})
    assert list(page.session.incoming.files) == [sign]


def test_what_to_do_with_a_file_that_cannot_be_read_is_said_without_a_command(page: Page) -> None:
    page.bring("skannet.pdf", b"%PDF-1.4\n")
    shown = page.get()
    assert "er PDF" in shown
    assert "Lagre som" in shown
    assert "OCR" in shown
    assert "autokode transcript" not in shown


def test_no_name_is_in_an_address_or_a_path(page: Page, project: Project) -> None:
    page.bring("Åse Berg.txt", ASKED)
    for address in re.findall(r'(?:href|data-send)="([^"]*)"', page.get()):
        assert "Åse" not in address
        assert "kontor_a" not in address
    assert not [path for path in Path(project.folder).rglob("*") if "Åse" in path.name]


def test_a_new_version_is_shown_brought_in_and_undone(page: Page, project: Project) -> None:
    source, before = project.source("kontor_a"), project.transcript("kontor_a")
    coded = len([one for one in project.codings("Anne") if one.segment.transcript == "kontor_a"])
    first = before.utterances[before.answers[0]]
    rest = before.text.replace(first.text, "Skal vi bare snakke i vei, da? Ja, hvorfor ikke.", 1)
    sign = page.bring("rettet.txt", rest)
    shown = page.get(f"interviews/{source.id}/version?file={sign}")
    assert "kodinger står på de samme ordene" in shown
    assert "Intervjuer: <b>Intervjuer</b>" in shown
    warning = "Navnene i dette intervjuet er byttet ut"
    assert warning not in shown
    body = {"sign": sign, "mark": page.session.understanding.of(sign).mark}
    page.post(f"interviews/{source.id}/version", {**body, "saw": "0" * 16}, 409)
    saw = re.findall(r'name="saw" value="(\w+)"', shown)[0]
    answer = page.post(f"interviews/{source.id}/version", {**body, "saw": saw, "pseudonymised": True})
    assert project.pseudonymised == {"kontor_a"}
    again = page.bring("rettet.txt", rest.replace("Ja", "Jo", 1))
    assert warning in page.get(f"interviews/{source.id}/version?file={again}")
    page.session.understanding.drop(again)
    assert str(answer["go"]).endswith(f"interviews/{source.id}")
    assert not page.session.incoming.files
    assert project.transcript("kontor_a").text == rest
    step = re.findall(rf"interviews/{source.id}/before/(\d+)", page.get(f"interviews/{source.id}"))[0]
    assert "Ja, hvorfor ikke." not in page.get(f"interviews/{source.id}/before/{step}")
    assert page.post("undo", {})["again"] is True
    assert project.transcript("kontor_a") == before
    assert len([one for one in project.codings("Anne") if one.segment.transcript == "kontor_a"]) == coded
    assert check(project.folder) == []
