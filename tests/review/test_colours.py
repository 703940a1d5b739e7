"""The colours of the codebook on the page: its own where it gives any, else one for each category."""

import re
from pathlib import Path

from autokode.corpus.codebook import Codebook
from autokode.corpus.readers import Source
from autokode.corpus.transcript import from_source
from autokode.project import Project
from autokode.review.session import Session, colours_of
from review_case import client_of, get, post

BOOK = Codebook.from_yaml(
    "koder:\n"
    "  - navn: hav\n    kodbar: nei\n    farge: '#1144AA'\n    koder:\n"
    "      - navn: fisk\n        farge: '#ffee00'\n        koder:\n          - navn: torsk\n"
    "      - navn: skjell\n"
    "  - navn: fjell\n    koder:\n      - navn: rype\n        farge: '#00aa55'\n"
)


def test_a_code_has_its_own_colour_or_the_nearest_above_it(tmp_path: Path) -> None:
    session = Session(project := Project.create(tmp_path / "p", BOOK), project.coder("Ida"))
    assert colours_of(session.entries()) == {
        "hav": "rgb-1144aa",
        "fisk": "rgb-ffee00",
        "torsk": "rgb-ffee00",
        "skjell": "rgb-1144aa",
        "fjell": "k1",
        "rype": "rgb-00aa55",
    }


def test_the_pages_style_sheet_has_them_and_codings_wear_them(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "p", BOOK)
    project.add(from_source(Source("Ola: Vi fikk torsk.\nEli: Jeg også.\n"), "tur"))
    client = client_of(Session(project, project.coder("Ida")))
    utterance = project.transcript("tur").utterances[0]
    post(client, "code/1", {"code": "torsk", "start": utterance.start, "end": utterance.end})
    page = get(client, "interview/1")[1]
    assert re.search(r'<link rel="stylesheet" href="[^"]*/colours.css">', page)
    assert 'class="item coding rgb-ffee00"' in page and 'class="coded u0-rgb-ffee00"' in page
    status, styles = get(client, "colours.css")
    assert status == 200 and ".rgb-ffee00 { --k: #ffee00;" in styles and ".rgb-1144aa {" in styles
    project.replace_codebook(Codebook.from_yaml("koder:\n  - navn: torsk\n"))
    assert "rgb-" not in get(client, "colours.css")[1] and 'class="item coding k0"' in get(client, "interview/1")[1]
