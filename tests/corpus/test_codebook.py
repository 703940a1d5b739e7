"""The codebook: it is read as the researcher wrote it, and errors name their lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autokode.base.errors import DataError
from autokode.corpus.codebook import Code, Codebook
from conftest import ROOT, words

SHIPPED = ROOT / "training_data" / "codebook.yaml"

names = st.lists(words, min_size=1, max_size=3).map(" ".join)
sentences = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60).map(str.strip)


@st.composite
def codebooks(draw: st.DrawFn) -> Codebook:
    unique = iter(draw(st.lists(names, min_size=12, max_size=12, unique_by=lambda n: " ".join(n.casefold().split()))))

    numbers = iter(range(1, 99))

    def code(depth: int) -> Code:
        below = draw(st.integers(0, 2)) if depth < 2 else 0
        return Code(
            name=next(unique),
            number=draw(st.none() | st.just(next(numbers))),
            definition=draw(sentences),
            use_when=draw(sentences),
            not_when=draw(sentences),
            examples=tuple(draw(st.lists(sentences.filter(bool), max_size=3))),
            keywords=tuple(draw(st.lists(words, max_size=3))),
            colour=draw(st.sampled_from(["", "#12abEF"])),
            codable=draw(st.booleans()),
            codes=tuple(code(depth + 1) for _ in range(below)),
        )

    return Codebook(draw(sentences) or "bok", tuple(code(1) for _ in range(draw(st.integers(1, 2)))))


@given(codebooks())
def test_a_codebook_survives_its_file(book: Codebook) -> None:
    assert Codebook.from_yaml(book.to_yaml()) == book


def test_the_shipped_codebook_is_the_studys() -> None:
    book = Codebook.read(SHIPPED)
    numbers = {code.number: code.name for code in book if code.number}
    assert sorted(numbers) == list(range(1, 19))
    assert (numbers[10], numbers[17]) == ("relasjonsarbeid", "brukerbegrepet")
    assert {"tillit_og_trygghet", "språk", "makt"} <= set(book.categories["relasjonsarbeid"])
    assert len(book.codable) == 21
    assert not book["faktiske forhold"].codable
    assert all(code.definition for code in book)
    assert all(
        code.use_when and code.not_when and len(code.examples) == 8 and code.keywords for code in book if code.codable
    )
    assert len({code.colour for code in book}) == len(list(book))


@pytest.mark.parametrize("written", ["språk", "SPRÅK", "spra\u030ak", "tillit og trygghet", "10"])
def test_a_code_is_found_however_it_is_written(written: str) -> None:
    found = Codebook.read(SHIPPED).find(written)
    assert found in {"språk", "tillit_og_trygghet", "relasjonsarbeid"}


def test_a_heading_is_no_code_to_give() -> None:
    assert Codebook.read(SHIPPED).find("faktiske forhold") is None


def test_english_keys_are_read_too() -> None:
    book = Codebook.from_yaml(
        'name: b\ncodes:\n  - name: makt\n    colour: "#aabbcc"\n    codable: yes\n    use_when: alltid\n'
    )
    assert book["makt"] == Code("makt", use_when="alltid", colour="#aabbcc")


BROKEN = {
    "koder:\n  - navn: makt\n  - navn: Makt\n": "b.yaml:3: navnet «Makt» er brukt to ganger .også på linje 2.",
    "koder:\n  - navn: makt\n    defnisjon: x\n": "b.yaml:3: ukjent nøkkel «defnisjon»; ventet navn, nummer",
    "koder:\n  - navn: 'makt\n": "b.yaml:3: kan ikke leses som YAML",
    "koder:\n  - navn: makt\n   definisjon: x\n": "b.yaml:3: kan ikke leses som YAML",
    "koder:\n  - navn: makt\n    navn: språk\n": "b.yaml:3: kan ikke leses som YAML",
    "koder:\n  - definisjon: x\n": "b.yaml:2: en kode uten navn",
    "koder:\n  - makt\n": "b.yaml:2: fant «makt», ventet «navn: …»",
    "koder:\n  - navn: makt\n    farge: rød\n": "b.yaml:2: fargen «rød»; ventet «#rrggbb»",
    "koder:\n  - navn: makt\n    kodbar: kanskje\n": "b.yaml:2: kodbar: «kanskje»; ventet ja eller nei",
    "koder:\n  - navn: makt\n    nummer: ti\n": "b.yaml:2: nummer: «ti»; ventet et helt tall",
    "koder:\n  - navn: a\n    nummer: 1\n  - navn: b\n    nummer: 1\n": "b.yaml:4: nummeret 1 er brukt to ganger",
    "koder: makt\n": "b.yaml:1: ventet en liste med koder",
    "navn: tom\n": "b.yaml:1: har ingen koder",
    "- makt\n": "b.yaml:1: fant CommentedSeq, ventet «nøkkel: verdi» øverst",
    "": "b.yaml:1: fant tom fil",
}


@pytest.mark.parametrize("text", BROKEN)
def test_a_wrong_codebook_is_named_by_its_line(text: str) -> None:
    with pytest.raises(DataError, match=BROKEN[text]):
        Codebook.from_yaml(text, "b.yaml")


def test_all_problems_are_shown_together() -> None:
    with pytest.raises(DataError) as caught:
        Codebook.from_yaml("koder:\n  - navn: a\n    farge: x\n  - navn: a\n    kodbr: x\n", "b.yaml")
    assert [problem.line for problem in caught.value.problems] == [2, 4, 5]


def test_a_tree_too_deep_is_refused() -> None:
    text = "koder:\n" + "".join(f"{'  ' * i}- navn: k{i}\n{'  ' * i}  koder:\n" for i in range(60))
    with pytest.raises(DataError):
        Codebook.from_yaml(text)


def test_examples_and_keywords_are_lists_and_a_single_text_is_one() -> None:
    book = Codebook.from_yaml(
        "koder:\n  - navn: makt\n    eksempel: Det er jeg som bestemmer.\n"
        "  - navn: språk\n    eksempler: [Vi sier det enkelt., 7]\n"
        "    nøkkelord: tolk\n  - navn: tomt\n    eksempler:\n"
    )
    assert book["makt"].examples == ("Det er jeg som bestemmer.",)
    assert book["språk"].examples == ("Vi sier det enkelt.", "7") and book["språk"].keywords == ("tolk",)
    assert book["tomt"].examples == ()
    assert book["språk"].texts == ("språk", "tolk", "Vi sier det enkelt.", "7")
    with pytest.raises(DataError, match=r"linje 3.*ventet en liste med tekster|ventet en liste med tekster"):
        Codebook.from_yaml("koder:\n  - navn: makt\n    nøkkelord:\n      a: b\n")
