"""Speaker labels of every shape in the field, and text that only looks like a label."""

import re
from collections import Counter
from pathlib import Path

import pytest

from autokode.base.errors import DataError
from autokode.corpus.interviewers import interviewers_of
from autokode.corpus.readers import Source
from autokode.corpus.speaker_labels import find_turns
from autokode.corpus.transcript import from_source, read_transcript

SHAPES = {
    "I: Hva tenker du?\nBerit: Ja, det.\nI: Og så?\nBerit: Nei.": ("colon", ["I", "Berit"]),
    "Int.: Hva da?\nInf 3: Ja.\nInt.: Og?\nInf 3: Nei.": ("colon", ["Int.", "Inf 3"]),
    "Intervjuar: Kva då?\nAnne-Grete: Ja.\nIntervjuar: Og?\nAnne-Grete: Nei.": ("colon", ["Intervjuar", "Anne-Grete"]),
    "Moderator: Hei?\nKari N.: Ja.\nModerator: Og?\nKari N.: Nei.": ("colon", ["Moderator", "Kari N."]),
    "SPEAKER_00: hva da\nSPEAKER_01: ja\nSPEAKER_00: og\nSPEAKER_01: nei": ("colon", ["SPEAKER_00", "SPEAKER_01"]),
    "Taler 1: hva da\nTaler 2: ja\nTaler 1: og\nTaler 2: nei": ("colon", ["Taler 1", "Taler 2"]),
    "S00: hva da\nP07: ja\nS00: og\nP07: nei": ("colon", ["S00", "P07"]),
    "02:06 T: Ja, så du har sett det før?\n02:09 K: Ja.\n02:11 T: Når?": ("colon", ["T", "K"]),
    "[00:02:03]Deltaker: Jeg tror det.\n[00:02:09]Forsker: Hvorfor?": ("colon", ["Deltaker", "Forsker"]),
    "00:03:40.5Zack: Jo.\n00:03:44.1Anna: Nei.\n00:03:48.0Zack: Jo.": ("colon", ["Zack", "Anna"]),
    "1 I: Hva da?\n2 Åse: Ja.\n3 I: Og?\n4 Åse: Nei.": ("colon", ["I", "Åse"]),
    "I:\u00a0Hva da?\n\u00a0A\u030ase\u00a0: Ja.\nI: Og?\nÅse (ler): Nei.": ("colon", ["I", "Åse"]),
    "[00:00:01 --> 00:00:05] Per: Hei.\n[00:06 - 00:07] Anne: Ja.\nPer [00:08]: Jo.": ("colon", ["Per", "Anne"]),
    "#Berit: Ja.\n#Anne: Nei.\n#Berit: Jo.": ("colon", ["Berit", "Anne"]),
    "@Berit: Ja.\n@Anne: Nei.\n@Berit: Jo.": ("colon", ["Berit", "Anne"]),
    "[id1] hei, jeg likte kurset.\n[id2] ikke jeg.\n[id1] nei vel.": ("brackets", ["id1", "id2"]),
    "{Berit} Ja.\n{Anne} Nei.\n{Berit} Jo.": ("brackets", ["Berit", "Anne"]),
    "BSR01  00:00\nHei på deg.\n\nBSR02  00:07\nHei.\n\nBSR01  00:09\nJa.": ("own line", ["BSR01", "BSR02"]),
    "Berit Hansen   0:03\nDa begynner vi.\nAnne Lie   0:09\nJa.\nBerit Hansen   0:12\nBra.": (
        "own line",
        ["Berit Hansen", "Anne Lie"],
    ),
    "Berit\tDa begynner vi.\nAnne\tJa.\nBerit\tBra.": ("tab", ["Berit", "Anne"]),
    "00:01\tBerit\tDa begynner vi.\n00:04\tAnne\tJa.\n00:05\tBerit\tBra.": ("tab", ["Berit", "Anne"]),
}


@pytest.mark.parametrize("text", SHAPES)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_shape_of_label_is_found(text: str, line_end: str) -> None:
    grammar, speakers = SHAPES[text]
    found = find_turns(text.replace("\n", line_end))
    assert found.grammar == grammar
    assert list(dict.fromkeys(turn.label for turn in found.turns)) == speakers


@pytest.mark.parametrize(
    "line",
    [
        'Jeg sa: "nei"',
        "kl. 12:30 kom hen",
        "https://nav.no er stedet",
        "NB: husk dette",
        "Spørsmål 3: hva da",
        "(latter)",
        "[uhørlig] ja",
        "(...)",
        "<pause 3 s>",
        "Og så tenkte jeg: nei.",
        "Dato: 12.3.2026",
    ],
)
def test_what_looks_like_a_label_and_is_none_stays_in_the_turn(line: str) -> None:
    text = "\n".join(["I: Hva da?", "Berit: Jo.", line, "I: Ja?", "Berit: Nei.", line, "Berit: Ja."])
    found = find_turns(text)
    assert {turn.label for turn in found.turns} == {"I", "Berit"}
    assert len(found.turns) == 5


def test_one_spelling_of_a_label_in_other_case_is_the_same_speaker() -> None:
    found = find_turns("Anne: ja\nBerit: nei\nANNE: jo\nAnne: ja\nBerit: nei")
    assert [turn.label for turn in found.turns] == ["Anne", "Berit", "Anne", "Anne", "Berit"]


def test_a_speaker_who_speaks_once_is_found_and_named_as_doubtful() -> None:
    found = find_turns("Anne: ja\nBerit: nei\nAre: jo\nAnne: ja\nBerit: nei")
    assert [turn.label for turn in found.turns] == ["Anne", "Berit", "Are", "Anne", "Berit"]
    assert found.notes == ("har ordet bare én gang, taler likevel? «Are»",)


def test_speakers_can_be_given() -> None:
    text = "Anne: ja\nKonklusjonen: ja\nKonklusjonen: nei\nAnne: jo"
    assert {turn.label for turn in find_turns(text, speakers=["Anne"]).turns} == {"Anne"}


def test_a_grammar_can_be_given() -> None:
    text = "[Anne] sa: ja\n[Berit] sa: nei\n[Anne] jo"
    assert find_turns(text, grammar="brackets").grammar == "brackets"
    assert find_turns(text, grammar="none").turns == ()


def test_an_unknown_grammar_or_speaker_says_what_there_is() -> None:
    with pytest.raises(DataError, match=r"ukjent merkemåte «kolon»\nPrøv: --labels \"colon\""):
        find_turns("Anne: ja", grammar="kolon")
    with pytest.raises(DataError, match="ingen linje begynner med «Ola»"):
        find_turns("Anne: ja\nAnne: nei", speakers=["Ola"])


@pytest.mark.parametrize(
    ("labels", "asks", "interviewers"),
    [
        ("Intervjuer Anne Atle", "", ("Intervjuer",)),
        ("Forsker I1 I2", "", ("Forsker",)),
        ("I Anne Berit", "", ("I",)),
        ("F D1 D2", "", ("F",)),
        ("F M A", "M", ("M",)),
        ("Anne Berit", "Anne", ()),
        ("SPEAKER_00 SPEAKER_01", "SPEAKER_00", ()),
    ],
)
def test_interviewers_are_known_by_their_labels(labels: str, asks: str, interviewers: tuple[str, ...]) -> None:
    assert interviewers_of(Counter(labels.split()), Counter(asks.split())) == interviewers


def test_a_name_alone_in_bold_opens_a_turn_but_only_in_bold() -> None:
    text = "Berit\nDa begynner vi.\nAnne\nJa.\nBerit\nBra."
    starts = [0, text.index("Anne"), text.index("Berit", 5)]
    bold = Source(text, headings=tuple((start, start + 4) for start in starts))
    assert [u.speaker for u in from_source(bold, "x").utterances] == ["Berit", "Anne", "Berit"]
    assert from_source(Source(text), "x").labels == "none"


@pytest.mark.parametrize(
    ("labels", "asks", "heading", "interviewers"),
    [
        ("Kari (intervjuer)|Ola", "", "", ("Kari (intervjuer)",)),
        ("Kari, forsker|Ola", "", "", ("Kari, forsker",)),
        ("K|B", "", "Intervjuer: Kari Berg\nDato: 3. mars", ("K",)),
        ("Kari|Bjørn", "", "Intervjuere: Kari Berg", ("Kari",)),
        ("KB|Ola", "", "Interviewer: Kari Berg", ("KB",)),
        ("Ola|Bjørn", "", "Intervjuer: Kari Berg", ()),
    ],
)
def test_a_label_or_the_heading_says_who_interviews(
    labels: str, asks: str, heading: str, interviewers: tuple[str, ...]
) -> None:
    assert interviewers_of(Counter(labels.split("|")), Counter(asks.split()), heading) == interviewers


TALK = """Kirsten: Hva gjør dere her?
Anne: Vi hjelper folk med å komme i jobb, og det er ikke alltid så lett.
Bente: Det er mye penger og vedtak, egentlig.
Kirsten: Hvordan merker dere det?
Anne: At de er redde? Ja, det merker vi jo godt.
Kirsten: Kan dere si mer om det?
Bente: De sier lite."""


@pytest.mark.parametrize("marks", [True, False])
def test_who_asks_most_is_taken_for_the_interviewer_and_it_is_said(marks: bool, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TALK if marks else re.sub(r"[.?,]", "", TALK), encoding="utf-8")
    found = read_transcript(path)
    assert found.interviewers == ("Kirsten",)
    assert [found.utterances[i].speaker for i in found.answers] == ["Anne", "Bente", "Anne", "Bente"]
    assert found.question_of(found.utterances[1]).startswith("Hva gjør dere her")
    assert 'tok «Kirsten» for intervjuer, som spør mest: --interviewer "NAVN" for å endre' in found.notes
    assert read_transcript(path, interviewers=["Bente"]).interviewers == ("Bente",)


def test_where_all_ask_or_nobody_does_nobody_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    for text in (
        re.sub(r"\.(?=\n|$)", "?", TALK),
        TALK.replace("?", ".").replace("Hva ", "Det ").replace("Hvordan", "Sånn"),
    ):
        path.write_text(text, encoding="utf-8")
        found = read_transcript(path)
        assert found.interviewers == ()
        assert any(note.startswith("fant ingen intervjuer") for note in found.notes)


def test_facts_listed_at_the_top_are_nobodys_speech(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(
        "Intervjuer: Kari Berg\nYrke: veileder\nAlder: 45\n\nK: Hva gjør du?\nB: Jeg er veileder.\nK: Ja?\nB: Ja.",
        encoding="utf-8",
    )
    found = read_transcript(path)
    assert found.speakers == {"K": 2, "B": 2} and found.interviewers == ("K",)


@pytest.mark.parametrize(
    ("layout", "begins"),
    [
        ("[00:00:00 -> 00:00:04] Kari:\n{0}\n\n[00:00:04 -> 00:00:09] Ola:\n{1}\n", [0, 4]),
        ("Kari\n0 minutter 5 sekunder\n{0}\n\nOla\n1 time 2 minutter 4 sekunder\n{1}\n", [5, 3724]),
        ("Kari\n0 minutes 3 seconds\n0:03\n{0}\nOla\n0 minutes 8 seconds\n0:08\n{1}\n", [3, 8]),
        ("0.5\t4.0\t[[Kari]]{0}\n4.25\t11.0\t[[Ola]]{1}\n", [0.5, 4.25]),
        ("00:00:01.5 --> 00:00:04.0\nKari:\n{0}\n\n00:00:05.0 --> 00:00:09.0\nOla:\n{1}\n", [1.5, 5]),
    ],
)
def test_times_beside_the_names_in_the_ways_of_programs(layout: str, begins: list[float], tmp_path: Path) -> None:
    file = tmp_path / "samtale.txt"
    file.write_text(layout.format("Hvor står båten?", "I naustet."), encoding="utf-8")
    found = read_transcript(file).utterances
    assert [(u.speaker, u.text) for u in found] == [("Kari", "Hvor står båten?"), ("Ola", "I naustet.")]
    assert [u.begin_s for u in found] == begins


def test_a_mark_that_somebody_else_speaks_is_no_word(tmp_path: Path) -> None:
    file = tmp_path / "samtale.txt"
    file.write_text("Hvor står båten? [SPEAKER_TURN]\nI naustet.\n", encoding="utf-8")
    assert [u.text.strip() for u in read_transcript(file).utterances] == ["Hvor står båten?", "I naustet."]


@pytest.mark.parametrize("text", [".\t.\ta", "-\t*\tx\nKari: Hei.", "*\t.\u00a0\tb"])
def test_a_table_row_without_a_letter_in_its_first_cell_is_no_fact(text: str) -> None:
    assert find_turns(text) is not None
