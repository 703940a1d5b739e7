"""The guide: the same chapters in both languages, whole links and pictures, the same text on the page."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from autokode.base.resources import guide
from autokode.review.guide_text import PICTURES, chapters
from review_case import HOST, TOKEN

LINKS = re.compile(r"!?\[[^\]]*\]\(([^)]+)\)")


def test_every_chapter_is_in_both_languages_with_the_same_pictures_and_links() -> None:
    norwegian, english = chapters("nb"), chapters("en")
    assert [one.name for one in norwegian] == [one.name for one in english]
    assert len(norwegian) > 8
    for nb, en in zip(norwegian, english, strict=True):
        assert LINKS.findall(nb.text) == LINKS.findall(en.text), nb.name
        assert nb.text.count("\n## ") == en.text.count("\n## "), nb.name
        assert nb.title != en.title


@pytest.mark.parametrize("language", ["nb", "en"])
def test_every_link_of_the_guide_leads_somewhere(language: str) -> None:
    folder = guide() / language
    for chapter in chapters(language):
        for target in LINKS.findall(chapter.text):
            assert target.startswith("https://") or (folder / target).exists(), (chapter.name, target)


def test_every_picture_is_shown_somewhere() -> None:
    shown = {Path(target).name for one in chapters("nb") for target in LINKS.findall(one.text) if ".png" in target}
    assert shown == {path.name for path in (guide() / PICTURES).iterdir()}


def test_the_page_shows_each_chapter_and_its_pictures(client: FlaskClient) -> None:
    def get(path: str) -> tuple[int, bytes]:
        answer = client.get(path, base_url=f"http://{HOST}", buffered=True)
        return answer.status_code, answer.data

    for chapter in chapters("nb"):
        status, page = get(f"/{TOKEN}/guide/{chapter.name}")
        assert status == 200
        assert f"<h1>{chapter.title}</h1>" in page.decode()
        assert b".md" not in page
        for address in re.findall(r'(?:src|href)="([^"]*/guide/[^"]*)"', page.decode()):
            assert get(address)[0] == 200, address
    assert get(f"/{TOKEN}/guide/picture/../../../README.md")[0] == 404
    assert get(f"/{TOKEN}/guide/ukjent")[0] == 404
