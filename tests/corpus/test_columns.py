"""Tables of utterances: which column holds what, and nothing left out in silence."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autokode.corpus.readers.columns import has_heads, read_rows
from autokode.corpus.readers.source import source_of_cues
from autokode.corpus.transcript import from_source

ROWS = [("Kari", "Hva gjør du på bruket?", 0), ("Ola", "Jeg steller sauene.", 4), ("Kari", "Hele året?", 9)]


@pytest.mark.parametrize(
    ("heads", "order"),
    [
        (["Taler", "Tekst", "Start"], (0, 1, 2)),
        (["Start Time", "Speaker Name", "Transcript"], (2, 0, 1)),
        (["id", "role", "content"], (None, 0, 1)),
        (["Nr.", "Deltaker", "Ytring"], (None, 0, 1)),
        (["tid", "hvem", "dialog"], (2, 0, 1)),
        (["TimeStart", "SpeakerName", "Text"], (2, 0, 1)),
        (["start_time", "speaker_label", "text"], (2, 0, 1)),
        ([None, "Navn:", "Innhold"], (None, 0, 1)),
    ],
)
def test_columns_are_told_by_their_heads(heads: list[Any], order: tuple[int | None, ...]) -> None:
    rows = [[number + 1 if i is None else row[i] for i in order] for number, row in enumerate(ROWS)]
    table = read_rows([heads, *rows])
    assert table is not None
    assert [(cue.speaker, text) for text, cue in table.parts] == [(row[0], row[1]) for row in ROWS]
    if 2 in order:
        assert [cue.begin_s for _text, cue in table.parts] == [0, 4, 9]
    assert not table.left_out
    assert has_heads(heads)


@pytest.mark.parametrize(
    ("rows", "speakers"),
    [
        ([["Kari", "Hva gjør du på bruket?"], ["Ola", "Jeg steller sauene."]], ["Kari", "Ola"]),
        ([[1, "Kari", "Hva gjør du på bruket?"], [2, "Ola", "Jeg steller sauene."]], ["Kari", "Ola"]),
        ([["00:00", "Kari:", "Hva gjør du på bruket?"], ["00:04", "Ola:", "Jeg steller sauene."]], ["Kari", "Ola"]),
        ([["00:00", "Hva gjør du på bruket?"], ["00:04", "Jeg steller sauene."]], [None, None]),
        (
            [["1", "0:00", "0:03", "Kari", "Hva gjør du?"], ["2", "0:04", "0:06", "Ola", "Jeg steller."]],
            ["Kari", "Ola"],
        ),
    ],
)
def test_columns_without_heads_are_told_by_what_they_hold(rows: list[list[Any]], speakers: list[Any]) -> None:
    table = read_rows(rows)
    assert table is not None
    assert [cue.speaker for _text, cue in table.parts] == speakers


def test_a_span_a_role_and_an_unused_column(tmp_path: Any) -> None:
    heads = ["Nr", "Timespan", "Speaker", "Role", "Content", "Kommentar"]
    rows = [["1", "0:00,0 - 0:04,5", "Kari", "Intervjuer", "Hva gjør du?", ""]]
    rows += [
        ["2", "0:04,5 - 0:09,0", "Ola", "Informant", "Steller sauene.", "nølte"],
        ["3", "", "Ola", "", "", "stille"],
    ]
    table = read_rows([heads, *rows])
    assert table is not None
    assert [(cue.begin_s, cue.end_s) for _text, cue in table.parts] == [(0, 4.5), (4.5, 9)]
    assert dict(table.roles) == {"Kari": "Intervjuer", "Ola": "Informant"}
    assert [part.reason for part in table.left_out] == [
        "rader uten ord",
        "celler i kolonne «Kommentar», som ikke er brukt",
    ]
    path = tmp_path / "gård.tsv"
    path.write_text("\n".join("\t".join(row) for row in [heads, *rows]), encoding="utf-8")
    from autokode.corpus.transcript import read_transcript

    assert read_transcript(path).interviewers == ("Kari",)
    assert read_transcript(path, interviewers=["Ola"]).interviewers == ("Ola",)


@pytest.mark.parametrize("rows", [[], [["alder", "by"], ["47", "Bodø"]], [["Tekst"]], [["Yrke", "Bonde"]]])
def test_what_is_no_table_of_utterances(rows: list[list[Any]]) -> None:
    table = read_rows(rows)
    assert table is None or not table.parts


SENTENCE = st.text("abcæøå ?", min_size=8, max_size=30).filter(str.strip)


@given(
    st.lists(
        st.tuples(st.sampled_from(["Kari", "Ola", ""]), st.one_of(st.just(""), SENTENCE), SENTENCE),
        min_size=1,
        max_size=9,
    )
)
def test_every_cell_is_read_or_said_to_be_left_out(rows: list[tuple[str, str, str]]) -> None:
    table = read_rows([["taler", "tekst", "notat"], *rows])
    assert table is not None
    read = from_source(source_of_cues(table.parts, table.notes, table.left_out), "tabell")
    words = [word for utterance in read.utterances for word in utterance.text.split()]
    words += [word for part in read.left_out for word in part.text.split()]
    written = [word for _speaker, text, note in rows for word in (text + " " + note).split()]
    assert all(words.count(word) >= written.count(word) for word in written)
