"""Codings: every quote fits its offsets, or the error names the line."""

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autokode.base.errors import DataError
from autokode.corpus.codebook import Code, Codebook
from autokode.corpus.coding import Coding, Segment, read_codings, write_codings
from autokode.corpus.readers import Source
from autokode.corpus.transcript import from_source
from conftest import texts, words

BOOK = Codebook("b", (Code("makt"), Code("tillit_og_trygghet"), Code("tema", codable=False)))
TEXT = "I: Hva da?\nÅse: Det er jeg som bestemmer over pengene."
TRANSCRIPTS = {"a": from_source(Source(TEXT), "a")}
HEADER = "transcript,start,end,quote,code,coder,time\n"


def read(text: str, tmp_path: Path) -> tuple[Coding, ...]:
    path = tmp_path / "codings.csv"
    path.write_text(text, encoding="utf-8")
    return read_codings(path, transcripts=TRANSCRIPTS, codebook=BOOK)


codings = st.builds(
    Coding,
    st.builds(
        lambda name, start, quote: Segment(name, start, start + max(1, len(quote)), quote),
        words,
        st.integers(0, 10**6),
        texts,
    ),
    words,
    words,
    st.just("2026-03-02T10:15:00"),
)


@given(st.lists(codings, max_size=8))
def test_codings_survive_their_file(tmp_path_factory: pytest.TempPathFactory, several: list[Coding]) -> None:
    path = tmp_path_factory.mktemp("c") / "codings.csv"
    write_codings(path, several)
    assert list(read_codings(path)) == several
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_coding_is_read_with_its_code_as_the_codebook_spells_it(tmp_path: Path) -> None:
    start = TEXT.index("Det")
    (coding,) = read(f"{HEADER}a,{start},{start + 10},Det er jeg,Tillit og trygghet,meg,\n", tmp_path)
    assert coding == Coding(Segment("a", start, start + 10, "Det er jeg"), "tillit_og_trygghet", "meg", "")


def test_a_file_as_excel_saves_it_is_read(tmp_path: Path) -> None:
    start = TEXT.index("Det")
    text = f"\ufeff{HEADER}a,{start},{start + 10},Det er jeg,makt,meg,\n".replace(",", ";")
    assert len(read(text, tmp_path)) == 1


WRONG = {
    "a,16,26,Det var du,makt,meg,\n": ":2: sitatet er «Det var du», men på 16–26 i a står «Det er jeg»",
    "a,17,27,Det er jeg,makt,meg,\n": ":2: .*; sitatet står på 16–26",
    "a,17,20,som,makt,meg,\n": ":2: .*; sitatet står på 27–30",
    f"a,16,26,{'å' * 40},makt,meg,\n": ":2: sitatet er «å{40}», men",
    f"a,16,26,{'å' * 41},makt,meg,\n": ":2: sitatet er «å{39}…», men",
    "a,16,26,Det er jeg,mak,meg,\n": ":2: koden «mak» er ikke i kodeboken; mente du «makt»?",
    "a,16,26,Det er jeg,tema,meg,\n": ":2: «tema» er ikke kodbar",
    "b,16,26,Det er jeg,makt,meg,\n": ":2: transkripsjonen «b» finnes ikke; fant a",
    "a,x,26,Det er jeg,makt,meg,\n": ":2: start «x» og end «26»; ventet hele tall",
    "a,26,16,Det er jeg,makt,meg,\n": ":2: start 26, end 16; ventet 0 ≤ start < end",
    "a,16,26,Det er jeg,,meg,\n": ":2: mangler code",
    'a,16,26,"Det er" jeg,makt,meg,\n': ":2: kan ikke leses som CSV",
}


@pytest.mark.parametrize("row", WRONG)
def test_a_wrong_coding_is_named_by_its_line(row: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=WRONG[row]):
        read(HEADER + row, tmp_path)


def test_all_wrong_lines_are_shown_together_and_counted_through_long_quotes(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        read(HEADER + 'a,0,2,"to\nlinjer",makt,,\na,0,1,x,ukjent,,\n', tmp_path)
    assert [problem.line for problem in caught.value.problems] == [2, 4, 4]


def test_a_lone_carriage_return_and_a_whole_interview_survive_their_file(tmp_path: Path) -> None:
    several = [Coding(Segment("a", 0, 7, "en\rto, 3"), "makt"), Coding(Segment("a", 0, 300_000, "å" * 300_000), "makt")]
    write_codings(tmp_path / "codings.csv", several)
    assert list(read_codings(tmp_path / "codings.csv")) == several


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"codings.csv:1: mangler kolonne quote; fant transcript, start, end, code"):
        read("transcript,start,end,code\n", tmp_path)


def test_a_place_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="kan ikke skrives"):
        write_codings(tmp_path / "ingen" / "codings.csv", [])
    assert list(tmp_path.iterdir()) == []


def test_a_transcript_that_is_not_there_is_named_once(tmp_path: Path) -> None:
    rows = "c,1,2,x,makt,meg,\n" * 2 + "b,1,2,x,mak,meg,\n" + "d,1,2,x,makt,meg,\n"
    with pytest.raises(DataError) as caught:
        read(HEADER + rows, tmp_path)
    assert [(one.line, one.what) for one in caught.value.problems] == [
        (2, "transkripsjonen «c» finnes ikke; fant a (2 kodinger)"),
        (4, "transkripsjonen «b» finnes ikke; fant a"),
        (4, "koden «mak» er ikke i kodeboken; mente du «makt»?"),
        (5, "transkripsjonen «d» finnes ikke; fant a"),
    ]
    assert "legg til de intervjuene først" in str(caught.value)
