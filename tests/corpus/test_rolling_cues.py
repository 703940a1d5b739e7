"""Rolling captions hold each word once, and what people say twice is said twice."""

from pathlib import Path

import pytest

from cue_case import captions, read, said, times

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
