"""Turns of cues: one voice over many cues stays in pieces that one can code, and a question goes with all of its answer."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autokode.corpus.cue_turns import LONG_PAUSE_S, LONGEST_S, LONGEST_WORDS, PAUSE_S, labelled_pieces, voice_pieces
from autokode.corpus.readers import Cue, Source
from autokode.corpus.readers.source import source_of_cues
from autokode.corpus.transcript import Transcript, from_source, read_transcript

Said = tuple[str | None, str, float | None, float | None]


def source(*cues: Said) -> Source:
    return source_of_cues((words, Cue(0, 0, begin, end, name)) for name, words, begin, end in cues)


def pieces(*cues: Said) -> list[str]:
    made = source(*cues)
    return [
        " ".join(made.text[start:end] for start, end in spans) for _speaker, spans in voice_pieces(made.text, made.cues)
    ]


JON: Said = ("Jon", "Ja.", 900.0, 901.0)
"""Another speaker, so that the others' cues are turns."""


def test_cues_of_a_turn_are_joined() -> None:
    assert pieces(("Siv", "Vi gikk", 0, 2), ("Siv", "hjem. Og så", 2, 4), ("Siv", "sov vi.", 4.5, 6), JON) == [
        "Vi gikk hjem. Og så sov vi.",
        "Ja.",
    ]


@pytest.mark.parametrize(
    ("words", "pause", "parted"),
    [
        ("Vi gikk hjem.", PAUSE_S - 0.5, False),
        ("Vi gikk hjem.", PAUSE_S, True),
        ("Vi gikk «hjem».", PAUSE_S, True),
        ("Han sa: «Gå hjem.»", PAUSE_S, True),
        ("Vi gikk. Og så", PAUSE_S, False),
        ("Vi gikk. Og så", LONG_PAUSE_S, True),
    ],
)
def test_a_pause_ends_a_piece_after_a_sentence_and_a_long_one_anywhere(words: str, pause: float, parted: bool) -> None:
    found = pieces(("Siv", words, 0, 10), ("Siv", "Så sov vi.", 10 + pause, 20 + pause), JON)
    assert (len(found) == 3) is parted


def test_a_long_turn_goes_on_in_a_new_piece_after_a_sentence() -> None:
    cues: list[Said] = [
        ("Siv", f"Setning {i} er" if i % 4 else f"lang, nr. {i}. Ja.", 10.0 * i, 10.0 * i + 10) for i in range(90)
    ]
    made = source(*cues, JON)
    turns = [spans for _speaker, spans in voice_pieces(made.text, made.cues)]
    assert 8 <= len(turns) <= 10
    assert max(map(len, turns)) <= LONGEST_S / 10 + 4
    assert all(made.text[: spans[-1][1]].endswith("Ja.") for spans in turns[:-2])


def test_a_turn_without_times_is_parted_by_words() -> None:
    found = pieces(*[("Siv", "Vi gikk opp til setra.", None, None)] * 200, ("Jon", "Ja.", None, None))
    assert len(found) == 5
    assert all(LONGEST_WORDS <= len(piece.split()) < LONGEST_WORDS + 5 for piece in found[:-2])


def test_in_a_text_without_full_stops_any_pause_will_do() -> None:
    cues: list[Said] = [
        ("Siv", "vi gikk og så", 0, 2),
        ("Siv", "sov vi", 2, 4),
        ("Siv", "til kvelds", 4 + PAUSE_S, 9),
        ("Jon", "ja", 9, 10),
    ]
    assert pieces(*cues) == ["vi gikk og så sov vi", "til kvelds", "ja"]


@pytest.mark.parametrize("words", ["uten tegn", "Aldri. Noe"])
def test_half_an_hour_is_never_one_utterance(words: str) -> None:
    found = pieces(*[("Siv", words, 10.0 * i, 10.0 * i + 10) for i in range(180)], JON)
    assert 180 / 20 <= len(found) - 1 <= 180 / 10


def test_a_files_only_voice_may_be_several_people() -> None:
    cues: list[Said] = [
        ("Møterom", words, 2.0 * i, 2.0 * i + 2) for i, words in enumerate(["Hva", "nå?", "Vi drar.", "Ja", "vel."])
    ]
    assert pieces(*cues) == ["Hva nå?", "Vi drar.", "Ja vel."]
    assert pieces(*((None, *cue[1:]) for cue in cues), JON, ("Siv", "Hm.", None, None))[:3] == [
        "Hva nå?",
        "Vi drar.",
        "Ja vel.",
    ]


def test_times_are_those_of_the_first_and_the_last_cue() -> None:
    made = from_source(
        source(("Siv", "Vi gikk", 1, 2), ("Siv", "hjem.", 2, 4), ("Jon", "Ja.", 4, None), ("Siv", "Hm.", None, 9)), "t"
    )
    assert [(u.speaker, u.begin_s, u.end_s) for u in made.utterances] == [
        ("Siv", 1, 4),
        ("Jon", 4, None),
        ("Siv", None, 9),
    ]


def written(folder: Path, name: str, content: str) -> Transcript:
    (folder / name).write_text(content, encoding="utf-8")
    return read_transcript(folder / name, interviewers=["Siv"])


LONG = [
    ("Siv", "Hvordan begynte det?"),
    ("Siv", "Ta deg god tid nå."),
    *[("Jon", f"Vi fisket år {i}.") for i in range(60)],
    ("Siv", "Ja?"),
    ("Jon", "Ja."),
]


@pytest.mark.parametrize("ending", ["voices.vtt", "labels.srt", "only the first.srt", ".json", ".csv"])
def test_every_piece_of_an_answer_has_the_question(ending: str, tmp_path: Path) -> None:
    rows = [(name, words, 10 * i, 10 * i + (6 if i == 0 else 10)) for i, (name, words) in enumerate(LONG)]
    stamp = "00:{:02}:{:02}.000 --> 00:{:02}:{:02}.000".format
    if ending == ".json":
        names = ("speaker", "text", "start", "end")
        content = json.dumps({"segments": [dict(zip(names, row, strict=True)) for row in rows]})
    elif ending == ".csv":
        content = "taler;tekst;start;slutt\n" + "".join(
            f"{n};{w};00:{b // 60:02}:{b % 60:02};00:{e // 60:02}:{e % 60:02}\n" for n, w, b, e in rows
        )
    else:
        content = "WEBVTT\n\n" if ending.endswith(".vtt") else ""
        before = ""
        for name, words, begin, end in rows:
            label = f"<v {name}>" if ending.startswith("voices") else f"{name}: "
            label = "" if ending.startswith("only") and name == before else label
            content += f"{stamp(*divmod(begin, 60), *divmod(end, 60))}\n{label}{words}\n\n"
            before = name
    found = written(tmp_path, f"t{ending}", content)
    answers = [u for u in found.utterances if u.speaker == "Jon"]
    assert len(answers) == 7
    assert {found.question_of(answer) for answer in answers[:-1]} == {"Hvordan begynte det?"}
    assert [u.begin_s for u in found.utterances[:3]] == [0.0, 10.0, 20.0]
    assert " ".join(u.text for u in found.utterances).split() == " ".join(words for _name, words in LONG).split()


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Siv", "Jon", None]),
            st.sampled_from(["Ja.", "og så", "Vi gikk. Da", "hm?", "…", "(ler)"]),
            st.one_of(st.none(), st.floats(0, 300)),
            st.one_of(st.none(), st.floats(0, 300)),
        ),
        max_size=30,
    )
)
def test_pieces_hold_every_cue_once_in_order(cues: list[Said]) -> None:
    made = source(*cues)
    spoken = [(speaker, span) for speaker, spans in voice_pieces(made.text, made.cues) for span in spans]
    assert spoken == [(cue.speaker or "", (cue.start, cue.end)) for cue in made.cues]
    halves = [("Siv", 0, len(made.text) // 2), ("Siv", len(made.text) // 2, len(made.text))]
    parts = [span for _speaker, spans in labelled_pieces(made.text, made.cues, halves) for span in spans]
    assert "".join(made.text[start:end] for start, end in parts) == made.text
