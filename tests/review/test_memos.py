"""Memos in one place: what each is about, also where that is gone; found, written, given out as files."""

import io
from pathlib import Path

import pytest
from docx import Document
from flask.testing import FlaskClient

from autokode import Codebook, DataError
from autokode.base.csv_files import csv_rows
from autokode.exchange.memo_files import memos_csv, memos_docx, memos_markdown
from autokode.project import Project, Reviewer
from autokode.project.store.integrity import check
from autokode.project.store.memo_rows import memos_of
from autokode.project.store.removal import remove_interviews
from autokode.project.views.memo_list import about_said, with_words
from project_case import small
from review_case import TOKEN, get, post

ALL = [*range(6)]


@pytest.fixture
def noted(tmp_path: Path) -> Project:
    """Memos of every kind; the second coding that has one is removed."""
    made = small(tmp_path / "p")
    anne = Reviewer(made, made.coder("Anne").id)
    anne.code(1, 0, 6, "makt")
    anne.code(1, 0, 8, "språk")
    anne.memo("coding/2", "Om språket deres.")
    anne.remove(2)
    anne.memo("coding/1", "Usikker her.")
    anne.memo("turn/1/2", "Hun snakket stille.")
    anne.memo("transcript/1", "Dårlig lyd.")
    anne.memo("code/makt", "Hva er makt?")
    anne.memo("project", "=SUM(1) Husk søknaden.")
    Reviewer(made, made.coder("Berit").id).memo("project", "Berits eget.")
    return made


def about(project: Project) -> list[str]:
    return [about_said(memo) for memo in memos_of(project, project.coder("Anne"))]


def test_each_says_what_it_is_about_and_those_of_what_is_gone_are_there(noted: Project) -> None:
    assert about(noted) == [
        "Prosjektet",
        "Koden «makt»",
        "Intervjuet møte",
        "Ytring i møte, Kari",
        "Kodingen «makt», i møte, Kari",
        "Kodingen «språk», som er fjernet, i møte, Kari",
    ]
    gone = memos_of(noted, noted.coder("Anne"))[-1]
    assert (gone.transcript, gone.utterance, gone.quote, gone.gone) == (1, 0, "Ytring 0", True)
    assert check(noted.folder) == []


def test_a_memo_on_what_is_gone_is_mended_and_deleted_but_never_begun(noted: Project) -> None:
    anne, berit = (Reviewer(noted, noted.coder(name).id) for name in ("Anne", "Berit"))
    anne.memo("coding/2", "Nytt om språket.", was="Om språket deres.")
    assert memos_of(noted, noted.coder("Anne"))[-1].text == "Nytt om språket."
    noted.use_codebook(Codebook.from_yaml("koder:\n  - navn: språk\n"))
    assert "Koden «makt», som er fjernet" in about(noted)
    anne.memo("code/makt", "Makt, likevel.")
    for reviewer, what in ((berit, "coding/2"), (berit, "code/makt"), (anne, "coding/77"), (anne, "code/ingen")):
        with pytest.raises(DataError):
            reviewer.memo(what, "Ny.")
    anne.memo("coding/2", "")
    assert len(about(noted)) == 5
    anne.undo()
    assert len(about(noted)) == 6
    assert check(noted.folder) == []
    remove_interviews(noted, ["møte"], by="Anne")
    assert about(noted) == ["Prosjektet", "Koden «makt», som er fjernet"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("snakke", [3]),
        ("«dårlig lyd»", [2]),
        ("søknad*", [0]),
        ("møte UTEN språk", [2, 3, 4]),
        ("", ALL),
        ("(*", ALL),
    ],
)
def test_memos_are_found_by_words_in_any_form(noted: Project, text: str, wanted: list[int]) -> None:
    every = memos_of(noted, noted.coder("Anne"))
    assert [every.index(one) for one in with_words(every, text)] == wanted


def test_files_have_every_memo_with_what_it_is_about(noted: Project) -> None:
    every = memos_of(noted, noted.coder("Anne"))
    rows = [row for _line, row in csv_rows(memos_csv(every).decode("utf-8-sig"), "notater.csv")]
    assert [row["memo"] for row in rows] == [memo.text for memo in every]
    assert b"'=SUM" in memos_csv(every)  # no spreadsheet runs it
    assert [row["gone"] for row in rows] == ["false"] * 5 + ["true"]
    text = memos_markdown(every, "Notater").decode("utf-8")
    word = "\n".join(one.text for one in Document(io.BytesIO(memos_docx(every, "Notater"))).paragraphs)
    for memo in every:
        for made in (text, word):
            assert memo.text in made
            assert about_said(memo) in made
    assert "Berits eget" not in text + word


def test_the_page_shows_finds_and_gives_them(client: FlaskClient, project: Project) -> None:
    assert "Ingen notater ennå" in get(client, "memos")[1]
    assert get(client, "memos/file.csv")[0] == 404
    post(client, "memo", {"about": "project", "text": "Jeg stolte ikke på opptaket.", "was": ""})
    post(client, "memo", {"about": "code/makt", "text": "<b>Makt</b>", "was": ""})
    html = get(client, "memos")[1]
    assert "Jeg stolte ikke på opptaket." in html
    assert "&lt;b&gt;Makt" in html
    assert "stolte" not in get(client, "memos?kind=code")[1].split("<article")[1]
    found = [
        str(post(client, "memos/find", {"text": text})[1]["go"]).removeprefix(f"/{TOKEN}/")
        for text in ("stole", "kvernhus")
    ]
    assert "stole" not in found[0]
    assert get(client, found[0])[1].count("<article") == 1
    assert "Ingen notater passer" in get(client, found[1])[1]
    for ending in ("csv", "md", "docx"):
        answer = client.get(f"/{TOKEN}/memos/file.{ending}", base_url="http://127.0.0.1:8123")
        assert answer.status_code == 200
        assert "attachment" in answer.headers["Content-Disposition"]
    assert post(client, "memo", {"about": "project", "text": "Annet", "was": "noe eldre"})[0] == 409
