"""Cues as they should not be: one bad cue costs that cue its time, and no word is lost."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autokode.base.errors import DataError
from cue_case import FAULTS, captions, cue, read, said, times


@pytest.mark.parametrize("ending", [".vtt", ".srt"])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_bad_timing_line_costs_its_cue_no_word(fault: str, ending: str, tmp_path: Path) -> None:
    timing, expected, note = FAULTS[fault]
    header = "WEBVTT\n\n" if ending == ".vtt" else ""
    transcript = read(
        tmp_path,
        header + cue(1, "Siv: Når kom du?") + cue(2, "Jon: I fjor.", timing) + cue(3, "Siv: Så seint?"),
        ending,
    )
    assert said(transcript) == [("Siv", "Når kom du?"), ("Jon", "I fjor."), ("Siv", "Så seint?")]
    assert times(transcript)[1] == expected
    line = 6 + header.count("\n")
    mended = [one for one in transcript.notes if f" (linje {line})" in one]
    assert (len(mended) == 1 and note in mended[0] and ": 1 (" in mended[0]) if note else not mended


def test_words_on_the_timing_line_are_kept(tmp_path: Path) -> None:
    content = "1 00:00:01,000 --> 00:00:02,000 Vi bor\nved sjøen.\n\n[00:00:02.000 --> 00:00:03.000]  Alle sammen.\n"
    assert said(read(tmp_path, content, ".srt")) == [("", "Vi bor\nved sjøen."), ("", "Alle sammen.")]


@pytest.mark.parametrize("blank", ["\n\n", "\n \n", "\n\n\n\n"])
def test_a_blank_line_within_a_cue_loses_no_word(blank: str, tmp_path: Path) -> None:
    transcript = read(
        tmp_path, "WEBVTT\n\n" + cue(1, f"Siv: Tillit tar tid.{blank}Den kommer til fots.") + cue(2, "Jon: Og går?")
    )
    assert said(transcript) == [("Siv", "Tillit tar tid.\nDen kommer til fots."), ("Jon", "Og går?")]
    assert any(note.startswith("undertekster med blanke linjer i") for note in transcript.notes) == (blank != "\n \n")


@pytest.mark.parametrize("ending", [".vtt", ".srt"])
@pytest.mark.parametrize("first", [0, 1, 41])
def test_numbers_are_no_words_where_the_blank_lines_are_missing(first: int, ending: str, tmp_path: Path) -> None:
    words = ("Hvor mange sauer?", "200", "I år?", "Ja.\n1999 var verre.")
    cues = "".join(cue(i, w) for i, w in enumerate(words, first)).replace("\n\n", "\n")
    transcript = read(tmp_path, "WEBVTT\n" * (ending == ".vtt") + cues, ending)
    assert [text for _, text in said(transcript)] == list(words)
    assert [c.identifier for c in transcript.cues] == [str(first + i) for i in range(4)]
    assert "undertekster uten blank linje foran, skilt likevel: 3 (linje" in " ".join(transcript.notes)


def test_a_number_that_somebody_says_is_a_word(tmp_path: Path) -> None:
    content = captions("Hvor mange barn?", "3", "Og sauer?\n2", "Ja.")
    assert [text for _, text in said(read(tmp_path, "WEBVTT\n\n" + content))] == [
        "Hvor mange barn?",
        "3",
        "Og sauer?\n2",
        "Ja.",
    ]


@pytest.mark.parametrize("name", ["intro", "cue-{}", "Scene {}", "7f0d3c1e-58b6-4b0e-9f0e-2b7f4a1c9d11/{}-0", "{}"])
def test_names_of_cues_are_not_said(name: str, tmp_path: Path) -> None:
    count = 1 if name == "intro" else 4
    cues = "".join(f"{name.format(i)}\n00:00:0{i}.000 --> 00:00:0{i}.900\nDet regner {i}.\n\n" for i in range(count))
    transcript = read(tmp_path, "WEBVTT\n\n" + cues)
    assert [text for _, text in said(transcript)] == [f"Det regner {i}." for i in range(count)]
    assert [c.identifier for c in transcript.cues] == [name.format(i) for i in range(count)]


@pytest.mark.parametrize(
    ("header", "note"),
    [
        ("WebVTT\n\n", "begynner med «WebVTT», ikke «WEBVTT», lest likevel"),
        ("webvtt\n", "begynner med «webvtt», ikke «WEBVTT», lest likevel"),
        ("\ufeffWEBVTT\r\n\r\n", ""),
        ("WEBVTT FILE\n\n", ""),
        ("", "mangler «WEBVTT» på første linje, lest likevel"),
        ("\n\n", "mangler «WEBVTT» på første linje, lest likevel"),
    ],
)
def test_headers_of_every_kind(header: str, note: str, tmp_path: Path) -> None:
    transcript = read(tmp_path, header + cue(1, "Siv: Ja?") + cue(2, "Jon: Nei."))
    assert said(transcript) == [("Siv", "Ja?"), ("Jon", "Nei.")]
    assert [one for one in transcript.notes if "WEBVTT" in one] == ([note] if note else [])


def test_subtitles_without_numbers_and_with_any_line_end(tmp_path: Path) -> None:
    content = "00:00:01,000 --> 00:00:02,000\nÅse: ja\n\n00:00:02,000 --> 00:00:04,000\nI: jo?\n"
    for line_end in ("\n", "\r\n", "\r"):
        assert said(read(tmp_path, content.replace("\n", line_end), ".srt")) == [("Åse", "ja"), ("I", "jo?")]


def test_cues_without_words_and_cues_written_twice_are_told(tmp_path: Path) -> None:
    transcript = read(
        tmp_path,
        "WEBVTT\n\n" + cue(1, "Det regnet.") + cue(2, "") + cue(3, "♪ ♪") + cue(4, "<i> </i>") + cue(5, "Lenge.") * 2,
    )
    assert said(transcript) == [("", "Det regnet."), ("", "Lenge.")]
    assert "undertekster uten ord: 3 (linje 8, 12, 16)" in transcript.notes
    assert "undertekster som står to ganger, lest én gang: 1 (linje 24)" in transcript.notes


def test_a_cue_commented_out_is_not_said(tmp_path: Path) -> None:
    note = "NOTE\n00:00:01.000 --> 00:00:02.000\ngammelt\n\n00:00:03.000 --> 00:00:04.000\nnytt\n"
    transcript = read(tmp_path, "WEBVTT\n\n" + note)
    assert said(transcript) == [("", "nytt")]
    assert [part.text for part in transcript.left_out] == ["00:00:01.000 --> 00:00:02.000\ngammelt"]


def test_a_comment_without_a_blank_line_after_it_takes_no_cue(tmp_path: Path) -> None:
    transcript = read(tmp_path, "WEBVTT\n\nNOTE skrevet av Siv\n" + cue(1, "Hei.") + cue(2, "Hå."))
    assert said(transcript) == [("", "Hei."), ("", "Hå.")]


def test_styles_and_comments_are_not_said(tmp_path: Path) -> None:
    transcript = read(
        tmp_path,
        "WEBVTT - Om båten\nKind: captions\n\nSTYLE\n::cue { color: white }\n\nREGION\nid:fred\n\n"
        + cue(1, "Hei.")
        + "NOTE Her er det\nmye støy.\n\n"
        + cue(2, "Hå."),
    )
    assert said(transcript) == [("", "Hei."), ("", "Hå.")]
    assert [(part.text, part.is_speech) for part in transcript.left_out] == [
        ("Om båten", False),
        ("Her er det\nmye støy.", False),
    ]


def test_words_before_the_first_cue_are_told_and_too_many_refused(tmp_path: Path) -> None:
    head = "Dette er notatene mine fra den lange kvelden på hytta.\n\n"
    transcript = read(tmp_path, head + cue(1, "Vi satt lenge ute på trammen og snakket om alt mulig."), ".srt")
    assert [(part.text, part.is_speech) for part in transcript.left_out] == [(head.strip(), True)]
    assert any(
        note.startswith("utelatt: 1 linjer før første undertekst («Dette er notatene") for note in transcript.notes
    )
    with pytest.raises(DataError, match="bare 1 av 11 ord ble lest"):
        read(tmp_path, head + cue(1, "Hei."), ".srt")


def test_no_cue_or_no_word_at_all_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="ingen undertekster i filen; ventet tidslinjer med -->"):
        read(tmp_path, "WEBVTT\n\nBare tekst her.\n")
    with pytest.raises(DataError, match="bare 0 av 0 ord"):
        read(tmp_path, "WEBVTT\n\n" + cue(1, ""))


def test_cues_before_the_first_name_are_read(tmp_path: Path) -> None:
    transcript = read(
        tmp_path, cue(1, "(musikk)") + cue(2, "Siv: Hva nå?") + cue(3, "Jon: Mat.") + cue(4, "Siv: Ja?"), ".srt"
    )
    assert said(transcript) == [("", "(musikk)"), ("Siv", "Hva nå?"), ("Jon", "Mat."), ("Siv", "Ja?")]
    assert transcript.left_out == ()


def test_subtitles_without_speakers_are_one_utterance_a_cue_and_say_so(tmp_path: Path) -> None:
    transcript = read(
        tmp_path,
        "1\n00:00:01,000 --> 00:00:02,000\nja det er\n\n2\n00:00:02,000 --> 00:00:04,000\nsånn det er\n",
        ".srt",
    )
    assert [(u.text, u.begin_s) for u in transcript.utterances] == [("ja det er", 1.0), ("sånn det er", 2.0)]
    assert transcript.notes == ("fant ingen talere: én ytring per undertekst, 2 i alt",)


@st.composite
def damaged_files(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A file in which lines are missing, blank or cut, and the words that are left in it, each of them once."""
    words = iter(f"{a}{b}{c}" for a in "bdfgklmnrst" for b in "aeiouyæøå" for c in "bdfgklmnrst")
    lines, kept = ["WEBVTT", ""] * draw(st.booleans()), []
    labelled = draw(st.booleans())
    for i in range(1, draw(st.integers(3, 8))):
        said = [next(words) for _ in range(draw(st.integers(1, 6)))]
        body = " ".join(said[:3]), " ".join(said[3:])
        label = f"{'Siv' if i % 2 else 'Jon'}: " * labelled
        timing = f"00:00:{i:02}.000 --> 00:00:{i + 1:02}.000"
        timing = draw(st.sampled_from([timing] * 4 + [timing[:18], timing[:-3] + "xx", timing.replace("--", "-"), ""]))
        block = [str(i), timing, label + body[0], body[1], ""]
        for at in (0, 4):
            if draw(st.integers(0, 3)) == 0:
                block[at] = draw(st.sampled_from(["", " ", "NOTE"])) if at else ""
        lines += [line for at, line in enumerate(block) if line or at > 2]
        kept += said
    return "\n".join(lines) + "\n", kept


@given(damaged_files())
@settings(max_examples=150)
def test_whatever_lines_are_missing_every_word_is_read_or_told(
    tmp_path_factory: pytest.TempPathFactory, made: tuple[str, list[str]]
) -> None:
    text, words = made
    for ending in (".vtt", ".srt"):
        try:
            transcript = read(tmp_path_factory.getbasetemp(), text, ending)
        except DataError as error:
            assert "ingen undertekster" in str(error) or "ord ble lest" in str(error)
            continue
        told = " ".join([*(u.text for u in transcript.utterances), *(part.text for part in transcript.left_out)])
        assert sorted(word for word in told.split() if word in words) == sorted(words)
