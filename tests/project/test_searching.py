"""Search: it finds words in their forms, phrases and beginnings; the index follows the texts and holds no word that is gone."""

import itertools
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autokode import Codebook, DataError
from autokode.corpus.transcript import Transcript
from autokode.corpus.utterance import Utterance
from autokode.project import Project, Reviewer
from autokode.project.store.coding_several import code_several, parted
from autokode.project.store.corrections import correct
from autokode.project.store.integrity import check
from autokode.project.store.removal import close_project, contents_of, remove_interviews
from autokode.project.store.repair import repair
from autokode.project.store.search_query import read_query
from autokode.project.store.searching import Within, all_places
from autokode.project.store.steps import take_back_step
from autokode.project.store.text_correction import correct_texts
from autokode.project.store.vocabulary import Vocabulary
from autokode.project.views.search_results import PAGE, Results, by_words, places_of
from project_case import older_file

SAID = {
    "bakeriet": [
        ("Ingrid", "Kan du stole på dem du jobber med?"),
        ("Åse", "Vi stolte på hverandre. Ikke på sjefen, men på hverandre."),
        ("Ingrid", "Hva med lånet?"),
        ("Åse", "Lånene gikk til huset, og NAV-kontoret hjalp oss med a\u030arsoppgjøret."),
    ],
    "fjøset": [("Ingrid", "Og du?"), ("Bør", "Jeg er trygg. På hverandre stolte vi ikke.")],
}


def transcript_of(name: str, said: list[tuple[str, str]]) -> Transcript:
    text, turns = "", []
    for speaker, one in said:
        asks = speaker == "Ingrid"
        start = len(text)
        role = "interviewer" if asks else "informant"
        turns.append(
            Utterance(speaker, start, start + len(one), one, role, None, None, None if asks else len(turns) - 1)
        )
        text += one + "\n"
    return Transcript(name, text, tuple(turns), interviewers=("Ingrid",))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project.create(tmp_path / "p", Codebook.from_yaml("koder:\n  - navn: tillit\n  - navn: makt\n"))
    for name, said in SAID.items():
        made.add(transcript_of(name, said), office="nord" if name == "fjøset" else "sør")
    made.coder("Anne")
    return made


def found(project: Project, text: str, within: Within | None = None) -> Results:
    return by_words(project, project.known_coder("Anne"), text, Vocabulary.of(project), within)


def places(project: Project, text: str, within: Within | None = None) -> list[tuple[int, int]]:
    return [hit.row.place for hit in found(project, text, within).hits]


def words_of(project: Project) -> set[str]:
    return {word for (word,) in project.database.rows("SELECT term FROM said_term")}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("stole på", [(1, 0), (1, 1), (2, 1)]),
        ("«stole på»", [(1, 0), (1, 1)]),
        ('"på hverandre"', [(1, 1), (2, 1)]),
        ("=stolte", [(1, 1), (2, 1)]),
        ("stolt*", [(1, 1), (2, 1)]),
        ('"stolte på hver*"', [(1, 1)]),
        ("lån", [(1, 2), (1, 3)]),
        ("lan", []),
        ("gå", [(1, 3)]),
        ("NAV-kontor", [(1, 3)]),
        ("årsoppgjør*", [(1, 3)]),
        ("Å\u030aRSOPPGJØRET ELLER A\u030aRSOPPGJØRET", [(1, 3)]),
        ("trygg ELLER lån", [(1, 2), (1, 3), (2, 1)]),
        ("trygg | lån", [(1, 2), (1, 3), (2, 1)]),
        ("hverandre UTEN trygg", [(1, 1)]),
        ("hverandre -trygg", [(1, 1)]),
        ("eller", []),
        ("TRYGG", [(2, 1)]),
        ("", list(itertools.chain(((1, i) for i in range(4)), ((2, i) for i in range(2))))),
    ],
)
def test_what_a_query_finds(project: Project, text: str, wanted: list[tuple[int, int]]) -> None:
    assert places(project, text) == wanted


def test_hits_are_marked_and_stand_in_context(project: Project) -> None:
    results = found(project, "«stole på»")
    assert [[piece for piece, is_hit in hit.pieces if is_hit] for hit in results.hits] == [["stole på"], ["stolte på"]]
    assert all("".join(piece for piece, _ in hit.pieces) == hit.row.text for hit in results.hits)
    answer = results.hits[1].row
    assert (answer.interview, answer.speaker, answer.question) == ("bakeriet", "Åse", SAID["bakeriet"][0][1])
    assert (dict(results.interviews), dict(results.speakers)) == ({1: 2}, {"Ingrid": 1, "Åse": 1})
    assert results.forms == {"stole på": ("stolte",)}
    (parted_letters,) = found(project, "årsoppgjøret").hits
    assert [piece for piece, is_hit in parted_letters.pieces if is_hit] == ["a\u030arsoppgjøret"]


def test_filters(project: Project) -> None:
    anne = Reviewer(project, project.coder("Anne").id)
    anne.code(1, 36, 60, "tillit")
    anne.memo("turn/2/1", "Se nærmere på dette.")
    anne.read(1, 3)
    for within, wanted in (
        (Within(role="answers"), [(1, 1), (1, 3), (2, 1)]),
        (Within(role="questions"), [(1, 0), (1, 2), (2, 0)]),
        (Within(speaker="Bør"), [(2, 1)]),
        (Within(office="sør", role="answers"), [(1, 1), (1, 3)]),
        (Within(interview=2), [(2, 0), (2, 1)]),
        (Within(code="tillit"), [(1, 1)]),
        (Within(code="makt"), []),
        (Within(decided="coded"), [(1, 1)]),
        (Within(decided="uncoded", role="answers"), [(1, 3), (2, 1)]),
        (Within(decided="read"), [(1, 3)]),
        (Within(decided="unread", role="answers"), [(1, 1), (2, 1)]),
        (Within(memo=True), [(2, 1)]),
    ):
        assert places(project, "", within) == wanted, within
        query, own = read_query("hverandre"), Vocabulary.of(project)
        both = all_places(project, project.known_coder("Anne"), query, own, within)
        assert both == {place for place in wanted if place in {(1, 1), (2, 1)}}
    anne.memo("coding/1", "Om kodingen.")
    assert places(project, "", Within(memo=True)) == [(1, 1), (2, 1)]
    assert found(project, "", Within(code="tillit")).hits[0].row.codes == ("tillit",)


typed = st.sampled_from([*"\"'«»*()-=:^+|{}[]\\\0\ud800😀 ", "OR", "AND", "NEAR", "UTEN", "ELLER", "stole", "på"])


@settings(max_examples=60, deadline=None)
@given(st.lists(typed | st.text(max_size=4), max_size=12))
def test_whatever_is_typed_is_a_query(hostile: Project, pieces: list[str]) -> None:
    for text in ("".join(pieces), " ".join(pieces)):
        for hit in found(hostile, text).hits:
            assert "".join(piece for piece, _ in hit.pieces) == hit.row.text


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Project:
    made = Project.create(tmp_path_factory.mktemp("p") / "p", Codebook.from_yaml("koder:\n  - navn: makt\n"))
    made.add(transcript_of("en", [("Å", 'Vi "stoler" på \0 NEAR(dem) OR (ikke) 😀 a*b_c.')]))
    return made


@pytest.mark.parametrize(
    "text", ["a " * 5000, '"' + "stole på " * 400, "(" * 3000, "stole " * 31 + "stole", "*" * 2000]
)
def test_a_very_long_query_is_cut(project: Project, text: str) -> None:
    assert found(project, text).count >= 0


def test_a_phrase_of_many_forms_is_looked_for_in_pairs_of_words(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autokode.project.store.vocabulary.MOST_PHRASES", 1)
    assert places(project, '"stole på hverandre"') == [(1, 1)]


def test_pages_follow_the_order_of_names_and_of_the_text(project: Project) -> None:
    said = [("Eva", f"Svar {i} om brød.") for i in range(PAGE + 10)]
    for name in ("intervju 10", "intervju 9"):
        project.add(transcript_of(name, said))
    anne, own = project.known_coder("Anne"), Vocabulary.of(project)
    ids = [project.source(name).id for name in ("intervju 9", "intervju 10")]
    every = [(one, i) for one in ids for i in range(len(said))]
    pages = [by_words(project, anne, "brød", own, page=page) for page in range(4)]
    assert [hit.row.place for page in pages for hit in page.hits] == every
    assert [len(page.hits) for page in pages] == [PAGE, PAGE, 20, 0]
    assert list(pages[0].interviews.items()) == [(one, len(said)) for one in ids]


def test_the_index_follows_every_change_and_keeps_no_word_that_is_gone(project: Project) -> None:
    def sound(there: str, gone: str) -> None:
        assert (there in words_of(project), gone in words_of(project)) == (True, False)
        assert check(project.folder) == []

    sound("trygg", "saueull")
    known = Vocabulary.of(project)
    assert Vocabulary.of(project, known) is known
    contents_of(project, ["fjøset"])  # only looks
    sound("trygg", "saueull")
    project.add(transcript_of("nytt", [("Eva", "Saueull og dugnadsånd.")]))
    sound("saueull", "borte")
    assert Vocabulary.of(project, known) is not known
    assert places(project, "dugnadsånd")
    take_back_step(project)
    sound("trygg", "saueull")
    new = [("Ingrid", "Og du?"), ("Bør", "Jeg er rolig. På hverandre stolte vi ikke.")]
    correct_texts(project, [(transcript_of("fjøset", new), Path(__file__))])
    sound("rolig", "trygg")
    correct(project, Transcript("fjøset", project.transcript("fjøset").text, ()))
    sound("stolte", "rolig")
    remove_interviews(project, ["bakeriet"], by="Anne")
    assert words_of(project) == set()
    assert check(project.folder) == []


def test_no_byte_of_the_index_has_a_word_that_is_gone(project: Project) -> None:
    """Words in the index share their beginnings, so look where one word alone begins so."""
    project.add(transcript_of("nytt", [("Eva", "Zwingliansk xylofonkvartett.")]))
    assert b"xylofonkvartett" in project.database.path.read_bytes()
    take_back_step(project)
    data = project.database.path.read_bytes()
    assert b"xylofonkvartett" not in data
    assert b"zwingliansk" not in data


def test_the_doctor_finds_and_mends_an_index_out_of_step(project: Project) -> None:
    with project.database.writing() as connection:
        connection.execute("INSERT INTO said (rowid, text) VALUES (77, 'gjenganger')")
    assert [fault.kind for fault in check(project.folder)] == ["words"]
    repair(project.folder)
    assert check(project.folder) == []
    assert "gjenganger" not in words_of(project)
    with project.database.writing() as connection:
        connection.execute("INSERT INTO said (said) VALUES ('delete-all')")
    assert [fault.kind for fault in check(project.folder)] == ["words"]
    repair(project.folder)
    assert places(project, "trygg") == [(2, 1)]


def test_a_project_of_the_fourth_format_is_led_up(project: Project) -> None:
    with older_file(project) as connection:
        connection.execute("PRAGMA user_version = 4")
    led = Project.open(project.folder)
    assert check(led.folder) == []
    assert places(led, "trygg") == [(2, 1)]


def test_a_closed_project_leaves_nothing(project: Project) -> None:
    close_project(project)
    assert not project.database.path.exists()


def test_several_places_are_coded_in_one_step_and_those_that_have_the_code_are_left(project: Project) -> None:
    anne = project.coder("Anne")
    reviewer = Reviewer(project, anne.id)
    hits = found(project, "stole på").hits
    whole, sentences = places_of(hits, sentences=False), places_of(hits, sentences=True)
    text = {source.id: project.transcript(source.name).text for source in project.sources}
    assert [text[t][a:b] for t, a, b in sentences][1:3] == [
        "Vi stolte på hverandre.",
        "Ikke på sjefen, men på hverandre.",
    ]
    assert [text[t][a:b] for t, a, b in whole] == [hit.row.text for hit in hits]
    reviewer.code(1, 40, 45, "tillit")
    before = project.codings("Anne")
    seen = parted(project, anne, whole, "tillit")
    assert ([place for place, _words in seen.new], list(seen.left)) == ([whole[0], whole[2]], [whole[1]])
    outcome = code_several(reviewer, whole, "tillit", saw=seen.mark)
    assert outcome.left == 1
    assert len(project.codings("Anne")) == len(before) + 2
    assert len(project.decisions()) == 2
    reviewer.undo()
    assert project.codings("Anne") == before
    reviewer.redo()
    assert len(project.codings("Anne")) == len(before) + 2
    assert code_several(reviewer, whole, "tillit", saw=parted(project, anne, whole, "tillit").mark).decision is None
    assert check(project.folder) == []


def test_nothing_is_coded_where_something_changed_since_it_was_shown(project: Project) -> None:
    anne = project.coder("Anne")
    reviewer = Reviewer(project, anne.id)
    whole = places_of(found(project, "trygg").hits, sentences=False)
    seen = parted(project, anne, whole, "makt")
    reviewer.code(*whole[0], "makt")
    with pytest.raises(DataError, match="endret i mellomtiden"):
        code_several(reviewer, whole, "makt", saw=seen.mark)
    with pytest.raises(DataError, match="ikke i kodeboken"):
        code_several(reviewer, whole, "finnes ikke", saw=seen.mark)
    assert len(project.codings("Anne")) == 1
