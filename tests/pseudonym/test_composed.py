"""Names are found and replaced however their letters are encoded, in capitals too, and nobody gets a coder's name."""

import unicodedata
from pathlib import Path

import pytest

from autokode import Codebook, norwegian
from autokode.corpus.readers import Source
from autokode.corpus.transcript import from_source
from autokode.project import Project, Reviewer
from autokode.project.store.pseudonym_plan import plan_project
from autokode.project.store.pseudonymising import invented_in, pseudonymise
from autokode.project.store.restored_names import restore
from autokode.pseudonym import Kind, find_all
from autokode.pseudonym.composed import Composed
from autokode.pseudonym.finding import find_known
from autokode.pseudonym.key import Key, read_key
from autokode.pseudonym.labels import is_role, names_in
from autokode.pseudonym.register import Entity, Register
from autokode.pseudonym.writing import renamed
from autokode.report.book import code_memos
from autokode.report.data_checks import check_memos, material_of

SAID = (
    "Intervjuer: Hvem bestemmer?\n"
    "Kåre Ødegård: Kåre Ødegård bestemmer, sier Åshild. René Åsheim og Åshild fra Bodø sa det til meg.\n"
    "Intervjuer: Takk, Ødegård.\n"
)
LOUD = "HUSK KÅRE ØDEGÅRD OG ÅSHILD. RING DEM FØR FREDAG."


def apart(text: str) -> str:
    return unicodedata.normalize("NFD", text)


@pytest.mark.parametrize("text", ["", "Åse", "En énkel\ng\u0323a\u030al 👩‍🦰, Å", "x\u0323\u0301y"])
def test_a_span_of_composed_text_stands_on_the_same_letters(text: str) -> None:
    for given in (text, apart(text)):
        one = Composed.of(given)
        assert one.text == unicodedata.normalize("NFC", given)
        for start in range(len(one.text)):
            for end in range(start + 1, len(one.text) + 1):
                first, last = one.span(start, end)
                assert one.text[start:end] in unicodedata.normalize("NFC", given[first:last])


def test_known_names_are_found_in_parted_letters() -> None:
    register = Register([Entity(Kind.PERSON, ("Kåre Ødegård",), "Bjørn")])
    text = apart("Så kom Ødegårds bror, og KÅRE ØDEGÅRD lo. Få sa noe.")
    found = list(find_known(text, register.forms()))
    assert [text[one.start : one.end] for one in found] == [apart("Ødegårds"), apart("KÅRE ØDEGÅRD")]
    assert renamed(text, register) == apart("Så kom ") + "Bjørns" + apart(" bror, og ") + "BJØRN" + apart(
        " lo. Få sa noe."
    )


def test_labels_are_read_in_parted_letters() -> None:
    (named,) = names_in(apart("Moderator Kåre Ødegård"))
    assert (named.name, apart("Moderator Kåre Ødegård")[named.start : named.end]) == (
        "Kåre Ødegård",
        apart("Kåre Ødegård"),
    )
    assert is_role(apart("Rådgiver"))


def test_a_line_in_capitals_names_nobody_new() -> None:
    found = [one.text for one in find_all([LOUD], norwegian(own=True))[0]]
    assert found == ["KÅRE ØDEGÅRD", "ÅSHILD"]


@pytest.fixture(params=["NFC", "NFD"])
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Project:
    """An interview, a memo in capitals, and a coder who has the name that somebody would else be given."""
    made = Project.create(tmp_path / "p", Codebook.from_yaml("koder:\n  - navn: makt\n"))
    made.add(from_source(Source(unicodedata.normalize(request.param, SAID)), "møte"))
    reviewer = Reviewer(made, made.coder("Tale").id)
    reviewer.memo("project", unicodedata.normalize(request.param, LOUD))
    reviewer.code(made.sources[0].id, 0, 10, "makt")
    reviewer.memo("code/makt", "Se Åshild")
    return made


def test_a_project_is_pseudonymised_and_its_memos_may_be_reported(project: Project, tmp_path: Path) -> None:
    key = Key(Register())
    plan = plan_project(project, norwegian(own=True), key=key)
    people = [one for one in plan.found.register.entities if one.kind == Kind.PERSON]
    assert sorted(one.forms[0] for one in people) == ["Kåre Ødegård", "René Åsheim", "Åshild"]
    assert "Tale" not in {one.becomes for one in people}
    before = project.transcript("møte").text
    pseudonymise(project, plan, key, tmp_path / "nøkkel.json", by="Tale")
    text = project.transcript("møte").text + "".join(row["text"] for row in project.database.rows("SELECT * FROM memo"))
    assert [part for part in ("deg", "DEG", "sheim", "Ren", "shild", "SHILD") if part in text] == []
    assert "[" not in project.database.rows("SELECT text FROM memo WHERE about = 'project'")[0]["text"]
    assert {one.becomes for one in people} <= invented_in(project)
    check_memos(material_of(project), code_memos(project, ["Tale"]), invented=invented_in(project))
    restore(project, read_key(tmp_path / "nøkkel.json"), by="Tale")
    assert project.transcript("møte").text == before
    assert not invented_in(project)
