"""Subtitle files as programs write them: who speaks, when, and every word once."""

from pathlib import Path

import pytest
from hypothesis import given, settings

from cue_case import cue, cue_files, read, said, times


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


@given(cue_files())
@settings(max_examples=150)
def test_every_word_is_read_once_under_its_speaker_and_time(
    tmp_path_factory: pytest.TempPathFactory, made: tuple[str, str, list[tuple[str, str, float | None]]]
) -> None:
    ending, text, spoken = made
    transcript = read(tmp_path_factory.getbasetemp(), text, ending)
    assert [(u.speaker, " ".join(u.text.split()), u.begin_s) for u in transcript.utterances] == spoken
