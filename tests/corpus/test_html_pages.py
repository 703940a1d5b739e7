"""Web pages: tables, looks, anchors with times, and what nobody says."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autokode.corpus.readers import read_source
from autokode.corpus.readers.source import Source
from autokode.corpus.transcript import Transcript, read_transcript


def write(folder: Path, body: str, head: str = "") -> Path:
    (folder / "t.html").write_text(
        f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>", encoding="utf-8"
    )
    return folder / "t.html"


def read(folder: Path, body: str, head: str = "") -> Source:
    return read_source(write(folder, body, head))


def heard(transcript: Transcript) -> list[tuple[str, str]]:
    return [(u.speaker, u.text) for u in transcript.utterances]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<p>en <a href='https://gard.no'>gård</a>\n  oppe</p>", "en gård oppe"),
        ("<p>fjøs&shy;lukt&nbsp;ja<wbr>da &amp; så</p>", "fjøslukt\u00a0jada & så"),
        ("<p>en<br>to</p>tre<div>fire</div>", "en\nto\ntre\nfire"),
        ("<p>en<br><br>to<br></p><p>&nbsp;</p><p>tre</p>", "en\nto\ntre"),
        ("<ul><li>en<li>to</ul><dl><dt>tre<dd>fire</dl>", "en\nto\ntre\nfire"),
        ("<pre>I: en\n  to\r\ntre</pre>", "I: en\n  to\ntre"),
        ("<p>k<b>u</b></p><script>x()</script><style>p{}</style><!-- borte --><p>ok</p>", "ku\nok"),
        ("<ruby>漢<rt>kan</rt></ruby>", "漢"),
        ("<table><caption>Samtale</caption><tr><td>I<td>Hva?</table>", "Samtale\nI\tHva?"),
    ],
)
def test_the_text_of_a_page(body: str, text: str, tmp_path: Path) -> None:
    assert read(tmp_path, body).text == text


@pytest.mark.parametrize(
    ("gone", "reason"),
    [
        ("<del>uten dette</del>", "slettede"),
        ("<s>uten <i>dette</i></s>", "slettede"),
        ("<span style='text-decoration: line-through'>uten dette</span>", "slettede"),
        ("<span class='borte'>uten dette</span>", "skjulte"),
        ("<span hidden>uten dette</span>", "skjulte"),
        ("<p style='color:red;display:none'>uten dette</p>", "skjulte"),
        ("<p><a href='#cmnt_ref1' id='cmnt1'>[a]</a><span>&nbsp;uten dette</span></p>", "kommentarer"),
        ("<div><p><a href='#ftnt_ref1' id='ftnt1'>[1]</a> uten dette</p></div>", "fotnoter"),
        ("<p><a href='#_ftnref1' name='_ftn1'><span>[1]</span></a> uten dette</p>", "fotnoter"),
    ],
)
def test_what_nobody_says_is_told_and_not_said(gone: str, reason: str, tmp_path: Path) -> None:
    found = read(tmp_path, f"<p>B: Kua</p>{gone}<p>I: Og?</p>", "<style>p.a, .borte {display:none}</style>")
    assert found.text == "B: Kua\nI: Og?"
    (part,) = found.left_out
    assert part.reason.startswith(reason)
    assert part.text.removeprefix("[a]").removeprefix("[1]").strip() == "uten dette"


def test_the_numbers_of_notes_and_comments_are_not_said(tmp_path: Path) -> None:
    body = (
        "<p>B: Seks<sup><a href='#cmnt1' id='cmnt_ref1'>[a]</a></sup> kyr<a href='#_ftn1' name='_ftnref1'>[1]</a>.</p>"
    )
    assert read(tmp_path, body).text == "B: Seks kyr."


@pytest.mark.parametrize(
    ("line", "is_bold"),
    [
        ("<p><b>Signe</b></p>", True),
        ("<p><strong>Signe</strong>:</p>", True),
        ("<p><span class='c3'>Signe</span></p>", True),
        ("<p style='font-weight: 600'>Signe</p>", True),
        ("<p style='font-weight:700'><span style='font-weight:normal'>Signe</span></p>", False),
        ("<p><b>Signe</b> sa</p>", False),
    ],
)
def test_bold_follows_tags_and_styles(line: str, is_bold: bool, tmp_path: Path) -> None:
    found = read(tmp_path, line, "<style type='text/css'>.c3{color:#000;font-weight:700}</style>")
    assert [found.text[a:b] for a, b in found.headings] == ([found.text] if is_bold else [])


def test_headings_are_titles(tmp_path: Path) -> None:
    found = read(tmp_path, "<h2>Del 2</h2><p>Ja</p><p class='c1 subtitle'>Om gården</p>")
    assert [found.text[a:b] for a, b in found.titles] == ["Del 2", "Om gården"]


def test_a_table_of_utterances_with_heads_and_spans(tmp_path: Path) -> None:
    rows = (
        "<thead><tr><th>Tid<th>Deltaker<th>Ytring<th>Kode</tr></thead>"
        "<tr><td>0:02<td rowspan=2>Gunvor<td>Vi flytta dyra opp i juni.<td>seter"
        "<tr><td>0:08<td>Og hjem igjen i september."
        "<tr><td colspan=4>Del 2"
        "<tr><td>0:15<td>I<td>Hvem var <i>med</i>?<td>"
    )
    found = read_transcript(write(tmp_path, f"<p>Opptak 3</p><table>{rows}</table>"))
    assert [(cue.speaker, found.text[cue.start : cue.end], cue.begin_s) for cue in found.cues] == [
        ("Gunvor", "Vi flytta dyra opp i juni.", 2.0),
        ("Gunvor", "Og hjem igjen i september.", 8.0),
        ("I", "Hvem var med?", 15.0),
    ]
    assert [part.text for part in found.left_out] == ["seter", "Opptak 3\nDel 2"]


def test_a_layout_of_cells_is_read_cell_by_cell(tmp_path: Path) -> None:
    inner = "<p>I: Hvor mange sauer?</p><p>B: Førti.</p><p>I: Og lam?</p><p>B: Seksti.</p>"
    found = read_transcript(write(tmp_path, f"<table><tr><td>{inner}</td><td>Notat: fin dag</td></tr></table>"))
    assert heard(found)[:3] == [("I", "Hvor mange sauer?"), ("B", "Førti."), ("I", "Og lam?")]


def test_times_of_anchors_follow_their_words(tmp_path: Path) -> None:
    body = (
        "<p><b>opptak.wav</b></p><p><a name='ts_500_2000_S00'>S00: Hva skjer om våren?</a></p>"
        "<p><a name='ts_2100_4000_S01'>S01: Da kommer lamma,</a><a name='ts_4000_6500_S01'> og så<br>gjetinga.</a></p>"
    )
    found = read_transcript(write(tmp_path, body))
    assert [(u.speaker, u.text.splitlines(), u.begin_s, u.end_s) for u in found.utterances] == [
        ("S00", ["Hva skjer om våren?"], 0.5, 2.0),
        ("S01", ["Da kommer lamma, og så", "gjetinga."], 2.1, 6.5),
    ]


def test_anchors_without_speakers_tell_what_stands_outside_them(tmp_path: Path) -> None:
    body = "<p>Om opptaket</p><p><a name='ts_0_900_'>vi slapp dyra</a></p><p><a name='ts_900_2000'>og gikk hjem</a></p>"
    (tmp_path / "t.otr").write_text(json.dumps({"text": body}), encoding="utf-8")
    found = read_transcript(tmp_path / "t.otr")
    assert [u.text for u in found.utterances][-1] == "og gikk hjem"
    assert "Om opptaket" in " ".join(u.text for u in found.utterances) + found.left_out[0].text


PLACES = {
    "said": "{0}",
    "bold": "<b>{0}</b>",
    "struck": "<del>{0}</del>",
    "hidden": "<i hidden>{0}</i>",
    "paragraph": "<p>{0}</p>",
    "link": "<a href='x'>{0}</a>",
    "list": "<ul><li>{0}<li>{0}</ul>",
    "timed": "<a name='ts_1_2_S01'>{0}</a>",
    "table": "<table><tr><td>{0}</td><td>{0}</td></tr></table>",
    "nested": "<table><tr><td><table><tr><td>{0}</table></td><td>{0}</td></tr></table>",
}
WORDS = st.lists(st.sampled_from("søye vær Åse lam bukk kje 😀 ull".split()), min_size=1, max_size=4)


@given(st.lists(st.tuples(st.sampled_from(sorted(PLACES)), WORDS), min_size=1, max_size=8))
@settings(max_examples=60)
def test_every_letter_is_in_the_text_or_told(
    tmp_path_factory: pytest.TempPathFactory, parts: list[tuple[str, list[str]]]
) -> None:
    body, wanted = "ja ", ["ja"]
    for i, (place, words) in enumerate(parts):
        said = " ".join((*words, f"n{i}"))
        body += PLACES[place].format(said) + " "
        wanted += said.split() * PLACES[place].count("{0}")
    found = read(tmp_path_factory.getbasetemp(), body)
    told = " ".join(part.text for part in found.left_out)
    assert sorted(f"{found.text} {told}".split()) == sorted(wanted)
    assert all(found.text[cue.start : cue.end].strip() == found.text[cue.start : cue.end] != "" for cue in found.cues)
