"""The site of documents: built without a warning, linked right, loaded from nowhere else; and its notebooks, run."""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from test_docs import PAGES

import autokode
import autokode.agreement
from benchmarks.build.site.links import check
from conftest import ROOT

HOME = "<!doctype html><html><head>{head}</head><body><h1 id='top'>A</h1>{body}</body></html>"


def checked(folder: Path, body: str = "", head: str = "") -> list[str]:
    (folder / "b.html").write_text(HOME.format(head="", body="<h2 id='æ-1'>Æ</h2>"), encoding="utf-8")
    (folder / "index.html").write_text(HOME.format(head=head, body=body), encoding="utf-8")
    return check(folder).wrong


@pytest.mark.parametrize(
    "body", ["<a href='b.html#%C3%A6-1'>", "<a href='#top'>", "<a href='https://a.example/'>", "<a href='.'>"]
)
def test_links_that_lead_somewhere_are_right(tmp_path: Path, body: str) -> None:
    assert checked(tmp_path, body) == []


@pytest.mark.parametrize(
    "body",
    [
        "<a href='c.html'>",
        "<a href='b.html#o'>",
        "<a href='#bottom'>",
        "<a href='../../index.html'>",
        "<img src='picture.png'>",
        "<img src='https://a.example/a.png'>",
        "<img srcset='//a.example/a.png 2x'>",
        "<script src='https://a.example/a.js'></script>",
        "<iframe src='http://a.example'></iframe>",
        "<style>@import 'https://a.example/a.css'</style>",
    ],
)
def test_links_that_lead_nowhere_and_what_others_send_are_found(tmp_path: Path, body: str) -> None:
    assert len(checked(tmp_path, body)) == 1


def test_fonts_and_styles_of_others_are_found(tmp_path: Path) -> None:
    (tmp_path / "own.css").write_text("a { background: url('//a.example/a.woff2') }", encoding="utf-8")
    assert len(checked(tmp_path, head="<link rel='stylesheet' href='https://a.example/a.css'>")) == 2


def test_a_docstring_has_an_entry_for_each_name() -> None:
    pytest.importorskip("griffe")
    from benchmarks.build.site.docstrings import rewritten

    before = "One.\n\nArgs:\n    start, end: code points,\n        half-open.\n    name: its.\n\n>>> 1 + 1\n2\n"
    after = rewritten(before)
    assert (
        "    start: code points,\n        half-open.\n    end: code points,\n        half-open.\n    name: its."
        in after
    )
    assert "```pycon\n>>> 1 + 1\n2\n```" in after


def test_notebooks_are_sources_without_outputs() -> None:
    names = [
        path.name for path in sorted((ROOT / "docs" / "notebooks").iterdir()) if path.suffix not in (".md", ".toml")
    ]
    assert [name[:2] for name in names] == ["1-", "2-", "3-", "4-", "5-"]
    assert all(name.endswith(".py") for name in names)
    told = (ROOT / "docs" / "notebooks" / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"\((\d-[^)]+)\)", told) == names


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as `make docs` builds it, with fewer texts in the notebook of a million."""
    pytest.importorskip("mkdocs", reason="make docs installs it")
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(  # noqa: S603 - Python itself
        [sys.executable, "-m", "benchmarks.build.site", str(folder)],
        cwd=ROOT,
        env={**os.environ, "AUTOKODE_NOTEBOOK_TEXTS": "20000"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARNING" not in done.stderr
    assert "Documentation built" in done.stderr  # --strict counts what is shown: quietly, no warning would be an error
    return folder


def shown(site: Path, name: str) -> str:
    """All that the cells of a notebook gave, as text."""
    (path,) = (site / "docs" / "notebooks").glob(f"{name}-*.ipynb")
    cells: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", ())]
    assert not any(output["output_type"] == "error" for output in outputs)
    texts = [output.get("text") or output["data"].get("text/plain", "") for output in outputs]
    return "\n".join(text if isinstance(text, str) else "".join(text) for text in texts)


@pytest.mark.slow
def test_every_document_is_a_page_and_every_link_holds(site: Path) -> None:
    found = check(site)
    assert found.wrong == []
    assert found.pages > 100 and found.links > 10_000
    for page in PAGES:
        name = page.relative_to(ROOT).with_suffix(".html").as_posix()
        assert (site / name).exists() or (site / name.replace("README", "index")).exists(), name


@pytest.mark.slow
def test_the_reference_has_every_public_name_and_what_documents_import(site: Path) -> None:
    pages = "".join(path.read_text(encoding="utf-8") for path in (site / "api").glob("*.html"))
    anchors = {anchor.rpartition(".")[2] for anchor in re.findall(r'id="(autokode\.[\w.]+)"', pages)}
    imported = {
        name.name
        for page in PAGES
        for block in re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
        for node in ast.walk(ast.parse(block))
        if isinstance(node, ast.ImportFrom) and re.match(r"autokode(?!\.base\b)", node.module or "")
        for name in node.names
    }
    assert len(imported) > 10
    public = {*autokode.__all__, *autokode.agreement.__all__, *imported}
    assert public - anchors == set()


@pytest.mark.slow
def test_the_reference_shows_arguments_beside_their_types(site: Path) -> None:
    from lxml import html

    page = html.parse(site / "api" / "index.html").getroot()
    (fit,) = page.xpath("//div[contains(@class,'doc-object')][h3[@id='autokode.autocoder.AutoCoder.fit']]")
    rows = [[" ".join(cell.text_content().split()) for cell in row.xpath("td")] for row in fit.xpath(".//tbody/tr")]
    names = [row[0] for row in rows]
    assert names[:4] == ["texts", "codes", "contexts", "groups"]
    assert {"unlabelled", "unlabelled_contexts", "rejected", "DataError"} <= set(names)
    assert all(all(row[:3]) for row in rows if row[0] != "DataError")  # name, type, words


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "told"),
    [
        (
            "1",
            [
                "<Study: 3 transcripts, 481 codings, 21 codes>",
                "precision=0.8",
                "True",
                "modellen har ikke koden «tillitt»",
            ],
        ),
        (
            "2",
            [
                "<Study: 3 transcripts, 14 codings, 3 codes>",
                "transcript,utterance,speaker,start,end",
            ],
        ),
        (
            "3",
            ["6 interviews held out in turn", "macro average precision 0.", "precision 0.80", "calibration error 0."],
        ),
        ("4", ["20,000 texts", "million words a second", "of them without a code", "True"]),
        ("5", ["first and second both read", "Alpha of whole sets of codes is", "no code", "kontor_"]),
    ],
)
def test_each_notebook_shows_what_it_says(site: Path, name: str, told: list[str]) -> None:
    given = shown(site, name)
    assert [one for one in told if one not in given] == []


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_site_opens_from_the_disk_in_a_browser(site: Path, scheme: Any) -> None:
    playwright = pytest.importorskip("playwright.sync_api")
    names = [
        "index",
        "docs/veileder/nb/05-koding",
        "docs/notebooks/3-reading-the-evaluation",
        "api/index",
        "docs/quality",
    ]
    asked: list[str] = []
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path="/usr/bin/chromium")
        for width in (1280, 390):
            page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
            page.on("request", lambda request: asked.append(request.url))
            page.on("pageerror", lambda error: asked.append(f"error: {error}"))
            for name in names:
                page.goto((site / f"{name}.html").as_uri())
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        page.set_viewport_size({"width": 1280, "height": 800})
        page.get_by_role("textbox", name="Search").fill("krippendorff")
        page.locator(".md-search-result__item").first.wait_for()
        assert page.locator("html").get_attribute("lang") == "en"
        page.goto((site / "docs/veileder/nb/05-koding.html").as_uri())
        assert page.locator("html").get_attribute("lang") == "nb"
        browser.close()
    assert [address for address in asked if not address.startswith(("file:", "data:", "blob:"))] == []
