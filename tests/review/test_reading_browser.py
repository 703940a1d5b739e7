"""The reading page in a browser: how high, what is seen of codings that overlap, what does not move, what is printed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from autokode.corpus.transcript import read_transcript
from autokode.project import Project, Reviewer
from autokode.review.menu import ENTRIES
from review_case import serving, suggest_by_hand, waited, window

SAID = "Vi tar en kaffe og blir kjent, og så ringer jeg arbeidsgiveren hver uke, selv om det er langt å kjøre."
LINE = 40
"""Pixels that a line of a card may take."""


@pytest.fixture
def short(tmp_path: Path, made: Path) -> Project:
    """A short interview: three suggestions for each answer, and in the second answer three codings that overlap."""
    file = tmp_path / "kort.txt"
    file.write_text(f"I: Hva gjør dere da?\nKari: Å, stakkar!\nI: Og så?\nKari: {SAID}\n", encoding="utf-8")
    project = Project.create(tmp_path / "prosjekt", Project.open(made).codebook)
    project.add(read_transcript(file), file=file)
    suggest_by_hand(project, "kort")
    with project.database.writing() as connection:
        columns = "round, transcript, utterance, start, end, part_start, part_end, probability, evidence"
        connection.execute(
            f"INSERT INTO suggestion (code, {columns}) SELECT 'oppfølging', {columns} FROM suggestion WHERE code = 'makt'"  # noqa: S608 - our own names
        )
    return project


@pytest.fixture
def read(short: Project, browser: Browser) -> Iterator[Page]:
    with serving(short.folder, "--coder", "Anne") as (address, _process):
        page = window(browser, address, viewport={"width": 1300, "height": 850})
        page.goto(f"{address}interview/1?turn=1")
        yield page
        page.context.close()


def height(element: Locator) -> float:
    box = element.bounding_box()
    assert box is not None
    return box["height"]


def coded(project: Project, *quotes: tuple[str, str]) -> None:
    reviewer = Reviewer(project, project.coder("Anne").id)
    text = project.transcript("kort").text
    for code, quote in quotes:
        start = text.index(quote)
        reviewer.code(1, start, start + len(quote), code)


def test_a_suggestion_is_one_line_until_it_has_the_focus(read: Page) -> None:
    cards = read.locator("#t1 .card")
    expect(cards).to_have_count(3)
    expect(read.locator("#t1 .item.here")).to_have_count(1)
    assert height(cards.nth(0)) < 3.5 * LINE  # the open one: its buttons, and a line
    assert [height(cards.nth(i)) < LINE for i in (1, 2)] == [True, True]
    assert height(read.locator("#t1")) < 240
    expect(cards.nth(0).get_by_role("button", name="Snevre inn")).to_be_visible()
    expect(cards.nth(1).get_by_role("button", name="Snevre inn")).to_be_hidden()
    expect(read.locator("#t1 .text .e")).to_have_count(2)  # of the one in focus
    read.locator("#t3").focus()
    expect(read.locator("#t1 .text .e")).to_have_count(0)
    assert height(read.locator("#t1")) < 3 * LINE


def test_codings_that_overlap_are_all_seen_in_the_text(short: Project, read: Page) -> None:
    coded(short, ("makt", SAID), ("språk", "blir kjent, og så ringer"), ("oppfølging", "ringer jeg arbeidsgiveren"))
    read.reload()
    stripes = read.locator("#t3 .stripe")
    expect(stripes).to_have_count(3)
    boxes = [stripes.nth(i).bounding_box() for i in range(3)]
    assert len({box["x"] for box in boxes if box}) == 3  # side by side
    text = read.locator("#t3 .text").bounding_box()
    assert text and all(box and text["y"] - 2 < box["y"] < text["y"] + text["height"] for box in boxes)
    lines = read.locator("#t3 .text span", has_text="ringer").first.evaluate(
        "one => [0, 1, 2].map((line) => getComputedStyle(one).getPropertyValue(`--u${line}`) !== '')"
    )
    assert lines == [True, True, True]
    second = read.locator("#t3 .stripe[aria-label=språk]")
    second.hover()
    lit = read.locator("#t3 .text .lit").all_inner_texts()
    assert "".join(lit) == "blir kjent, og så ringer"
    assert second.evaluate("one => getComputedStyle(one, '::after').content") == '"språk"'
    second.click()
    expect(read.locator("#t3 .item.here")).to_have_attribute("data-code", "språk")
    read.set_viewport_size({"width": 700, "height": 850})
    read.wait_for_function("y => document.querySelector('#t3 .stripe').offsetHeight > y", arg=boxes[0]["height"])  # type: ignore[index]


def test_the_list_of_codes_does_not_move_under_the_pointer(read: Page) -> None:
    codes = read.locator("#codes .code")
    before = [codes.nth(i).bounding_box() for i in range(6)]
    meant = set()
    for i in range(6):
        codes.nth(i).hover()
        meant.add(read.locator("#meaning").inner_text())
        assert [codes.nth(k).bounding_box() for k in range(6)] == before
    assert len(meant) == 6
    codes.nth(0).focus()
    assert codes.nth(0).inner_text() in read.locator("#meaning").inner_text()
    assert [codes.nth(k).bounding_box() for k in range(6)] == before


def drag(page: Page, first: str, last: str, *, alt: bool = False) -> str:
    """Select with the mouse from the middle of one word to the middle of another; returns what is selected then."""
    places = page.evaluate(
        """(words) => words.map((word) => {
          const node = document.querySelector('#t3 .text span').firstChild;
          const range = document.createRange();
          const at = node.data.indexOf(word) + Math.floor(word.length / 2);
          range.setStart(node, at);
          range.setEnd(node, at + 1);
          const box = range.getBoundingClientRect();
          return [box.left + 1, box.top + box.height / 2];
        })""",
        [first, last],
    )
    if alt:
        page.keyboard.down("Alt")
    page.mouse.move(*places[0])
    page.mouse.down()
    page.mouse.move(*places[1], steps=4)
    page.mouse.up()
    if alt:
        page.keyboard.up("Alt")
    page.wait_for_timeout(50)
    return str(page.evaluate("getSelection().toString()"))


def test_a_selection_snaps_to_words_unless_alt_is_held(short: Project, read: Page) -> None:
    with short.database.writing() as connection:
        connection.execute("DELETE FROM suggestion")  # the text in one piece
    read.reload()
    assert drag(read, "kaffe", "ringer") == "kaffe og blir kjent, og så ringer"
    read.locator("#codes button[data-code=makt]").click()
    expect(read.locator("#t3 .coding")).to_have_count(1)
    assert [c.segment.quote for c in short.codings("Anne")] == ["kaffe og blir kjent, og så ringer"]
    read.keyboard.press("z")
    expect(read.locator("#t3 .coding")).to_have_count(0)
    assert drag(read, "kaffe", "ringer", alt=True) == "ffe og blir kjent, og så rin"


def test_what_is_printed_is_the_text_with_the_codes_names(short: Project, read: Page) -> None:
    coded(short, ("makt", SAID), ("språk", "blir kjent"))
    read.reload()
    expect(read.locator("#t3 .stripe")).to_have_count(2)
    read.emulate_media(media="print")
    for gone in (".top", ".codebook", ".card", ".stripe", "button", ".more"):
        assert not [one for one in read.locator(gone).all() if one.is_visible()], gone
    assert read.locator("#t3 .coding .name:visible").all_inner_texts() == ["makt", "språk"]
    assert read.locator("#t3 .coded").first.evaluate("one => getComputedStyle(one).backgroundImage") == "none"
    expect(read.locator("#t3 .text")).to_be_visible()


def test_it_says_whether_all_is_stored(read: Page) -> None:
    stored = read.locator("#stored")
    expect(stored).to_have_text("Lagret")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    read.route("**/suggestion/*", hold)
    read.keyboard.press("a")
    expect(stored).to_have_text("Lagrer …")
    expect(stored).to_have_text("Ikke lagret")  # the answer is late
    waited(lambda: held)
    held[0].continue_()
    expect(stored).to_have_text("Lagret")
    expect(read.locator(".coding")).to_have_count(1)


@pytest.mark.parametrize("width", [800, 380])
def test_it_can_be_read_and_coded_on_a_small_screen(short: Project, browser: Browser, width: int) -> None:
    with serving(short.folder, "--coder", "Anne") as (address, _process):
        page = window(browser, address, viewport={"width": width, "height": 600}, has_touch=True)
        page.goto(f"{address}interview/1?turn=1")
        for button in page.locator("#t1 .item.here button:visible, #t1 .foot button:visible").all():
            assert height(button) >= 24
        expect(page.locator(".menu nav")).to_be_hidden()
        page.locator(".menu summary").tap()
        expect(page.locator(".menu nav a").first).to_be_visible()
        page.locator(".menu summary").tap()
        page.locator("#t1 .card").nth(1).get_by_role("button", name="Godta").tap()
        expect(page.locator("#t1 .coding")).to_have_count(1)
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        page.context.close()


def test_the_name_of_the_project_stands_whole_beside_the_menu(read: Page) -> None:
    read.locator(".top .project").evaluate("name => { name.textContent = 'Kystbrannvesenet 2026' }")
    for width in (1300, 1440, 1000):
        read.set_viewport_size({"width": width, "height": 850})
        assert read.locator(".top .project").evaluate("name => name.scrollWidth <= name.clientWidth"), width
        assert height(read.locator(".top")) < 48, width


def test_a_menu_of_all_screens_is_one_line_or_folded(read: Page) -> None:
    names = [nb for _endpoint, nb, _en in ENTRIES]
    read.evaluate(
        """(names) => document.querySelector('.menu nav').replaceChildren(...names.map((name) => {
          const entry = document.createElement('a');
          Object.assign(entry, { href: '#', textContent: name });
          return entry;
        }))""",
        names,
    )
    for width in (1300, 1000, 380):
        read.set_viewport_size({"width": width, "height": 850})
        assert height(read.locator(".top")) < 48, width
        assert read.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), width
        for button in read.locator(".top [data-do=undo], .top #stored").all():
            box = button.bounding_box()
            assert box and box["x"] + box["width"] <= width
        assert read.locator(".menu nav").is_visible() == (width == 1300)
    read.locator(".menu summary").click()
    expect(read.get_by_role("link", name=names[-1])).to_be_visible()
    read.locator("main").click(position={"x": 5, "y": 300})
    expect(read.locator(".menu nav")).to_be_hidden()
