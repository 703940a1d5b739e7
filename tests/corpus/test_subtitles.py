"""Subtitle files as people and programs leave them: one bad cue costs that cue its time, and no word is lost."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autokode.base.errors import DataError
from autokode.corpus.transcript import Transcript, read_transcript


def read(folder: Path, content: str, ending: str = ".vtt") -> Transcript:
    path = folder / f"intervju{ending}"
    path.write_bytes(content.encode())
    return read_transcript(path)


def said(transcript: Transcript) -> list[tuple[str, str]]:
    assert all(transcript.text[u.start : u.end] == u.text for u in transcript.utterances)
    return [(u.speaker, u.text) for u in transcript.utterances]


def times(transcript: Transcript) -> list[tuple[float | None, float | None]]:
    return [(u.begin_s, u.end_s) for u in transcript.utterances]


def cue(number: int, words: str, timing: str = "") -> str:
    return f"{number}\n{timing or f'00:00:{number:02}.000 --> 00:00:{number:02}.900'}\n{words}\n\n"


# What programs write


def test_teams(tmp_path: Path) -> None:
    transcript = read(
        tmp_path,
        "WEBVTT\n\nNOTE laget av Teams\n\n8f1c-guid/12-0\n00:00:00.000 --> 00:00:05.000\n"
        "<v Berit Hansen>Da begynner vi.</v>\n\n00:00:05.000 --> 00:00:06.500\n<v Berit Hansen>Hva sier <i>dere</i>?\n\n"
        "00:00:07.000 --> 00:00:09.000\n<v Anne Lie (Guest)>Ja &amp; nei.</v>\n<v Are>Jo.</v>\n",
    )
    assert transcript.labels == "cues"
    assert said(transcript) == [
        ("Berit Hansen", "Da begynner vi.\nHva sier dere?"),
        ("Anne Lie", "Ja & nei."),
        ("Are", "Jo."),
    ]
    assert times(transcript) == [(0.0, 6.5), (7.0, 9.0), (7.0, 9.0)]
    assert transcript.cues[0].identifier == "8f1c-guid/12-0"
    assert "utelatt: 1 linjer i filens kommentarer (NOTE) («laget av Teams»)" in transcript.notes


@pytest.mark.parametrize("head", ["WEBVTT\n\n", ""])
def test_teams_without_attribution_has_its_words_after_a_blank_line(head: str, tmp_path: Path) -> None:
    transcript = read(
        tmp_path,
        head + "00:00:02.000 --> 00:00:04.000\n\nSkal vi ta saken om båthavna?\n\n"
        "00:00:05.000 --> 00:00:09.000\n\nJa, og så den om veien\nopp til skolen.\n",
    )
    assert said(transcript) == [
        ("", "Skal vi ta saken om båthavna?"),
        ("", "Ja, og så den om veien\nopp til skolen."),
    ]
    assert times(transcript) == [(2.0, 4.0), (5.0, 9.0)]
    assert "undertekster med blanke linjer i, alle ordene er med: 2 (linje" in " ".join(transcript.notes)
    assert ("mangler «WEBVTT» på første linje, lest likevel" in transcript.notes) is not head


@pytest.mark.parametrize("voice", ["<v >", "<v ->", "<v>", "<v.loud>", "<v Speaker?>", "<v -></v>"])
def test_a_voice_tag_that_names_nobody(voice: str, tmp_path: Path) -> None:
    transcript = read(tmp_path, "WEBVTT\n\n" + cue(1, f"{voice}Da er vi i gang."))
    assert said(transcript) == [("", "Da er vi i gang.")]


def test_zoom_writes_the_name_in_the_words(tmp_path: Path) -> None:
    turns = [("Kari Berg", "Hva dyrker du?"), ("Ola", "Poteter."), ("Kari Berg", "Bare det?"), ("Ola", "Løk også.")]
    transcript = read(tmp_path, "WEBVTT\n\n" + "".join(cue(i, f"{n}: {s}") for i, (n, s) in enumerate(turns, 1)))
    assert said(transcript) == turns
    assert [u.begin_s for u in transcript.utterances] == [1.0, 2.0, 3.0, 4.0]


def test_a_name_in_the_words_of_every_cue_parts_no_turn(tmp_path: Path) -> None:
    turns = [
        ("Siv", "Hva fikk dere"),
        ("Siv", "på garnet?"),
        ("Jon", "Sei,"),
        ("Jon", "og en"),
        ("Jon", "Jon: krabbe."),
    ]
    transcript = read(tmp_path, "WEBVTT\n\n" + "".join(cue(i, f"{n}: {s}") for i, (n, s) in enumerate(turns, 1)))
    assert [(u.speaker, " ".join(u.text.split())) for u in transcript.utterances] == [
        ("Siv", "Hva fikk dere på garnet?"),
        ("Jon", "Sei, og en Jon: krabbe."),
    ]
    assert times(transcript) == [(1.0, 2.9), (3.0, 5.9)]
    assert all(len(u.text) == u.end - u.start for u in transcript.utterances)


def test_whisper_cpp_with_two_channels(tmp_path: Path) -> None:
    transcript = read(
        tmp_path,
        "WEBVTT\n\n"
        + cue(1, "<v Speaker0> Hva gjør du?")
        + cue(2, "<v Speaker?> Jo.")
        + cue(3, "<v Speaker1> Fisker."),
    )
    assert said(transcript) == [("Speaker0", "Hva gjør du?"), ("", "Jo."), ("Speaker1", "Fisker.")]


@pytest.mark.parametrize("mark", [" [SPEAKER_TURN] ", "\n>> ", "\n&gt;&gt; "])
def test_a_mark_of_the_next_speaker_parts_the_utterances(mark: str, tmp_path: Path) -> None:
    transcript = read(
        tmp_path, "1\n00:00:01,000 --> 00:00:02,000\nHvor gammel er båten?" + mark + "Fra før krigen.\n", ".srt"
    )
    assert said(transcript) == [("", "Hvor gammel er båten?"), ("", "Fra før krigen.")]


@pytest.mark.parametrize(
    "words",
    [
        '<font color="#ffff00">Vi så</font> <b>elgen</b> igjen.',
        "{\\an8}Vi så {\\i1}elgen{\\i0} igjen.",
        "<c.yellow.bg_blue>Vi så</c> <00:00:01.500><c>elgen</c> igjen.",
        "Vi så&nbsp;elgen igjen.&#8203;",
        "<lang nb>Vi så <ruby>elgen<rt></rt></ruby></lang> igjen.",
        "{b}Vi så{/b} <u>elgen</u>\u200b igjen.\ufeff",
    ],
)
@pytest.mark.parametrize("ending", [".vtt", ".srt"])
def test_tags_are_not_said(words: str, ending: str, tmp_path: Path) -> None:
    assert said(read(tmp_path, cue(1, words), ending)) == [("", "Vi så elgen igjen.")]


def test_what_only_looks_like_a_tag_is_said(tmp_path: Path) -> None:
    words = "Det ble <uhørlig> fra A --> B, 3 < 4 og {alt det}."
    assert said(read(tmp_path, "WEBVTT\n\n" + cue(1, words))) == [("", words)]


def test_names_in_voice_tags(tmp_path: Path) -> None:
    voices = {
        "<v.loud.first Tor Vik>": "Tor Vik",
        "<v Berg, Kari (she/her)>": "Berg, Kari (she/her)",
        "<v Siv &amp; Jon>": "Siv & Jon",
        "<v Liv Ås (Unverified)>": "Liv Ås",
        "<v Pål External unfamiliar>": "Pål",
        "&lt;v Åse&gt;": "Åse",
    }
    transcript = read(tmp_path, "WEBVTT\n\n" + "".join(cue(i, f"{tag}Ja vel.") for i, tag in enumerate(voices, 1)))
    assert [u.speaker for u in transcript.utterances] == list(voices.values())


def test_an_unclosed_voice_tag_keeps_its_words_and_a_known_name(tmp_path: Path) -> None:
    transcript = read(
        tmp_path, "WEBVTT\n\n" + cue(1, "<v Siv>Hei.") + cue(2, "<v Siv Er du der?") + cue(3, "<v Jon jeg er her")
    )
    assert said(transcript) == [("Siv", "Hei."), ("Siv", "Er du der?"), ("", "Jon jeg er her")]
    assert "talermerker uten «>», ordene er med: 2 (linje 8, 12)" in transcript.notes


@pytest.mark.parametrize(
    "parts",
    [
        ("Kari: ", "[00:00:16]", " Vi plukket blåbær."),
        ("Kari ", "[00:00:16]", ": Vi plukket blåbær."),
        ("Kari: ", "Vi plukket ", "blåbær."),
        ("Kari: Vi plukket blåbær.",),
    ],
)
def test_a_name_corrected_in_noscribes_editor(parts: tuple[str, ...], tmp_path: Path) -> None:
    timing = "00:00:16.000 --> 00:00:20.000"
    transcript = read(
        tmp_path,
        "WEBVTT Bærtur\n\nNOTE\nTranscribed with noScribe\n\nNOTE media: /a.mp4\n\n"
        + cue(1, "<v >(..)", "00:00:00.000 --> 00:00:16.000")
        + "".join(cue(2, f"<v S04>{part}", timing) for part in parts)
        + cue(5, "<v S01>Ola: Hvor da?", "00:00:20.000 --> 00:00:22.000")
        + cue(6, "<v S01>I fjor?", "00:00:22.000 --> 00:00:23.000")
        + cue(7, "<v S04>Kari: I år.", "00:00:23.000 --> 00:00:24.000"),
    )
    assert said(transcript)[0] == ("", "(..)")
    assert [(u.speaker, " ".join(u.text.split())) for u in transcript.utterances[1:]] == [
        ("Kari", "Vi plukket blåbær."),
        ("Ola", "Hvor da? I fjor?"),
        ("Kari", "I år."),
    ]
    assert times(transcript)[1:] == [(16.0, 20.0), (20.0, 23.0), (23.0, 24.0)]


def test_noscribes_overlaps_are_the_other_speakers(tmp_path: Path) -> None:
    transcript = read(
        tmp_path,
        "WEBVTT\n\n"
        + cue(1, "<v S00>Vi gikk opp til vannet")
        + cue(2, "<v //S01>//S01: i regnvær, ja")
        + cue(3, "<v S00>// og fisket der.")
        + cue(4, "<v S00>Det var //S01: ikke/aldri // kaldt."),
    )
    assert said(transcript) == [
        ("S00", "Vi gikk opp til vannet"),
        ("S01", "i regnvær, ja"),
        ("S00", "og fisket der.\nDet var"),
        ("S01", "ikke/aldri"),
        ("S00", "kaldt."),
    ]


def test_words_with_a_colon_are_no_name_where_the_file_names_the_voice(tmp_path: Path) -> None:
    words = ("Problemet: det er for dyrt.", "Problemet: ingen vil.", "Problemet: det haster.")
    transcript = read(
        tmp_path, "WEBVTT\n\n" + "".join(cue(i, f"<v Siv>{w}\n<v Jon>Ja.") for i, w in enumerate(words, 1))
    )
    assert transcript.speakers == {"Siv": 3, "Jon": 3}
    assert [u.text for u in transcript.utterances][::2] == list(words)


# YouTube


ROLLING = """00:00:00.100 --> 00:00:02.000 align:start position:0%
_
vi<00:00:00.500><c> skal</c><00:00:01.000><c> tjære</c><00:00:01.500><c> båten</c>

00:00:02.000 --> 00:00:02.010 align:start position:0%
vi skal tjære båten
_

00:00:02.010 --> 00:00:04.000 align:start position:0%
vi skal tjære båten
båten<00:00:03.000><c> ligger</c><00:00:03.500><c> ved</c><00:00:03.600><c> naustet</c>

00:00:04.000 --> 00:00:04.010 align:start position:0%
båten ligger ved naustet
_

00:00:04.010 --> 00:00:06.000 align:start position:0%
båten ligger ved naustet
ja<00:00:05.000><c> ja</c>
""".replace("_", " ")
"""As YouTube writes them; a line of one space is a blank line on the screen."""


@pytest.mark.parametrize("ending", [".vtt", ".srt"])
def test_rolling_captions_hold_each_word_once(ending: str, tmp_path: Path) -> None:
    content = "WEBVTT\nKind: captions\nLanguage: no\n\n" + ROLLING if ending == ".vtt" else ROLLING
    transcript = read(tmp_path, content, ending)
    assert said(transcript) == [("", "vi skal tjære båten"), ("", "båten ligger ved naustet"), ("", "ja ja")]
    assert times(transcript) == [(0.1, 2.0), (2.01, 4.0), (4.01, 6.0)]
    assert any(note.startswith("rullende undertekster, hvert ord lest én gang: 4 (linje ") for note in transcript.notes)


def captions(*shown: str) -> str:
    return "".join(f"00:00:{i:02}.000 --> 00:00:{i + 1:02}.000\n{lines}\n\n" for i, lines in enumerate(shown))


def test_three_lines_that_roll_and_one_line_that_rolls(tmp_path: Path) -> None:
    three = captions("en to", "en to\ntre", "en to\ntre\nfire fem", "tre\nfire fem\nseks", "fire fem\nseks\nsju åtte")
    assert " ".join(text for _, text in said(read(tmp_path, three))) == "en to tre fire fem seks sju åtte"
    one = captions(
        "vi gikk opp til setra", "opp til setra og melket", "setra og melket kyrne der", "melket kyrne der oppe"
    )
    assert " ".join(text for _, text in said(read(tmp_path, one))) == "vi gikk opp til setra og melket kyrne der oppe"


def test_a_line_that_grows_is_one_utterance(tmp_path: Path) -> None:
    transcript = read(tmp_path, captions("vi", "vi gikk", "vi gikk opp til setra", "og melket", "og melket kyrne"))
    assert said(transcript) == [("", "vi gikk opp til setra"), ("", "og melket kyrne")]
    assert times(transcript) == [(0.0, 3.0), (3.0, 5.0)]


@pytest.mark.parametrize(
    "shown",
    [
        ("Ja.", "Ja.", "Ja.", "Nei.", "Nei.", "Ja."),
        ("Takk for meg.", "Takk for meg.", "Takk for meg.", "Takk for meg.", "Takk for meg."),
        ("Vi gikk og gikk", "gikk og gikk", "hele natta", "uten mat", "til det lysnet", "over fjorden"),
    ],
)
def test_what_people_say_twice_is_said_twice(shown: tuple[str, ...], tmp_path: Path) -> None:
    assert [text for _, text in said(read(tmp_path, captions(*shown)))] == list(shown)


# Faults


FAULTS = {
    "ends before it begins": ("00:00:09.000 --> 00:00:05.000", (9.0, None), "slutter før de begynner, lest uten slutt"),
    "no milliseconds": ("00:00:09 --> 00:00:10", (9.0, 10.0), "skrevet på uvanlig vis, lest likevel"),
    "one digit": ("00:00:09.5 --> 00:00:10.5", (9.5, 10.5), "uvanlig vis"),
    "four digits": ("00:00:09.5000 --> 00:00:10.2500", (9.5, 10.25), "uvanlig vis"),
    "comma and dot": ("00:00:09,500 --> 00:00:10.500", (9.5, 10.5), "uvanlig vis"),
    "colon": ("00:00:09:500 --> 00:00:10:500", (9.5, 10.5), "uvanlig vis"),
    "no padding": ("0:0:9,5 --> 0:0:10,5", (9.5, 10.5), "uvanlig vis"),
    "spaces": ("00: 00: 09, 500 -> 00: 00: 10, 500", (9.5, 10.5), "uvanlig vis"),
    "arrow of one dash": ("00:00:09.500 -> 00:00:10.500", (9.5, 10.5), "uvanlig vis"),
    "arrow of a dash": ("00:00:09.500 –> 00:00:10.500", (9.5, 10.5), "uvanlig vis"),
    "arrow as an entity": ("00:00:09.500 --&gt; 00:00:10.500", (9.5, 10.5), "uvanlig vis"),
    "arrow of its own": ("00:00:09.500 → 00:00:10.500", (9.5, 10.5), "uvanlig vis"),
    "no spaces": ("00:00:09.500-->00:00:10.500", (9.5, 10.5), "uvanlig vis"),
    "no arrow": ("00:00:09,500 00:00:10,500", (9.5, 10.5), "uvanlig vis"),
    "in brackets": ("[00:00:09.500 --> 00:00:10.500]", (9.5, 10.5), "uvanlig vis"),
    "a letter": (
        "00:00:0x.000 --> 00:00:10.500",
        (None, 10.5),
        "tidslinjer som ikke kan leses, ordene er med uten tid",
    ),
    "cut short": ("00:00:09.500 --> 00:", (9.5, None), "ikke kan leses"),
    "end lost": ("00:00:09.500 -->", (9.5, None), "ikke kan leses"),
    "settings": ("00:00:09.500 --> 00:00:10.500 align:start position:0%,line-left line:-1", (9.5, 10.5), ""),
    "places": ("00:00:09,500 --> 00:00:10,500  X1:100 X2:200 Y1:10 Y2:20", (9.5, 10.5), ""),
    "hours left out": ("00:09.500 --> 00:10.500", (9.5, 10.5), ""),
    "tabs": ("00:00:09.500\t-->\t00:00:10.500", (9.5, 10.5), ""),
}


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


# Other formats of cues


def test_youtubes_own_format(tmp_path: Path) -> None:
    content = "0:00:01.000,0:00:03.500\nVelkommen om bord.\nTa på vest.\n\n0:00:04.000,0:00:06.000\nHvor går turen?\n"
    transcript = read(tmp_path, content, ".sbv")
    assert said(transcript) == [("", "Velkommen om bord.\nTa på vest."), ("", "Hvor går turen?")]
    assert times(transcript) == [(1.0, 3.5), (4.0, 6.0)]
    assert len(transcript.notes) == 1


def test_lyrics_as_whisper_cpp_writes_them(tmp_path: Path) -> None:
    content = "[by:whisper.cpp]\n[00:01.50](speaker 0) Hva nå?\n[00:03.25]Vi drar.\ntil byen\n\n[01:00.00]\n"
    transcript = read(tmp_path, content, ".lrc")
    assert [(c.begin_s, c.end_s) for c in transcript.cues] == [(1.5, None), (3.25, None)]
    assert transcript.text.endswith("Vi drar.\ntil byen")
    assert "undertekster uten ord: 1 (linje 6)" in transcript.notes
    assert [part.text for part in transcript.left_out] == ["[by:whisper.cpp]"]


# Every word once


WORDS = st.text("abcæøåÆØÅ", min_size=1, max_size=6)
LINES = st.lists(WORDS, min_size=1, max_size=5).map(" ".join)
TIMINGS = st.sampled_from([*(timing for timing, _times, _note in FAULTS.values())])
BETWEEN = st.sampled_from(["\n\n", "\n", "\n\n\n", "\n\nNOTE laget for hånd\n\n", "\n \n"])
TAGS = st.sampled_from(["{}", "<i>{}</i>", "<c>{}</c>", "{{\\an8}}{}", '<font color="red">{}</font>'])


@st.composite
def cue_files(draw: st.DrawFn) -> tuple[str, str, list[tuple[str, str, float | None]]]:
    """An ending, a file with faults, and (speaker, words, begin) of what is said in it."""
    ending = draw(st.sampled_from([".vtt", ".srt"]))
    names = draw(st.sampled_from([(), ("Siv", "Jon"), ("Siv", "Jon", "Åse Lie")]))
    numbered = draw(st.booleans())
    text, spoken = (
        draw(st.sampled_from(["WEBVTT\n\n", "WebVTT\n\n", "\ufeffWEBVTT Tittel\n\n"])) * (ending == ".vtt"),
        [],
    )
    for i in range(draw(st.integers(2, 8))):
        lines = ["nr " + "abcdefgh"[i], *draw(st.lists(LINES, max_size=2))]
        begin, timing = float(20 * i + 20), f"00:{(20 * i + 20) // 60:02}:{(20 * i + 20) % 60:02}.000 --> 00:59:00.000"
        if draw(st.integers(0, 3)) == 0:
            timing = draw(TIMINGS)
            begin = next(times[0] for one, times, _note in FAULTS.values() if one == timing)
        name = names[i % len(names)] if names else ""
        tagged = draw(st.sampled_from(["\n", "\n\n"])).join(draw(TAGS).format(line) for line in lines)
        text += f"{i + 1}\n" * numbered + timing + draw(st.sampled_from(["\n", "\n\n"]))
        text += (
            f"<v {name}>" * bool(name) + tagged + draw(BETWEEN if ending == ".vtt" else st.sampled_from(["\n\n", "\n"]))
        )
        spoken.append((name, " ".join(lines), begin))
    return ending, text, spoken


@given(cue_files())
@settings(max_examples=150)
def test_every_word_is_read_once_under_its_speaker_and_time(
    tmp_path_factory: pytest.TempPathFactory, made: tuple[str, str, list[tuple[str, str, float | None]]]
) -> None:
    ending, text, spoken = made
    transcript = read(tmp_path_factory.getbasetemp(), text, ending)
    assert [(u.speaker, " ".join(u.text.split()), u.begin_s) for u in transcript.utterances] == spoken
