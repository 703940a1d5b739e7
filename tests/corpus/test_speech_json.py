"""The JSON of recognisers, as each of them writes it: who says what, and when."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from autokode.base.errors import DataError
from autokode.corpus.readers.speech_json import read_recognised
from autokode.corpus.transcript import Transcript, from_source

WORDS = (("A", "Hvordan", 0.5, 1.0), ("A", "gikk", 1.0, 1.4), ("A", "øvelsen?", 1.4, 2.0))
WORDS += (("B", "Ganske", 3.0, 3.5), ("B", "bra.", 3.5, 4.0), ("B", "Alle", 4.2, 4.6), ("B", "kom.", 4.6, 5.0))
SAID = [("A", "Hvordan gikk øvelsen?", 0.5), ("B", "Ganske bra. Alle kom.", 3.0)]


def word(i: int, **names: str) -> dict[str, Any]:
    """A word under the names that a program gives speaker, text, start and end."""
    own = dict(zip(("speaker", "text", "start", "end"), WORDS[i], strict=True))
    return {new: own[old] for old, new in names.items()}


def ms(i: int) -> dict[str, Any]:
    speaker, text, start, end = WORDS[i]
    return {"speaker": speaker, "text": text, "start": int(1000 * start), "end": int(1000 * end), "confidence": 0.9}


def amazon(i: int, labelled: bool) -> dict[str, Any]:
    speaker, text, start, end = WORDS[i]
    own = {"start_time": str(start), "end_time": str(end), "type": "pronunciation"}
    own["alternatives"] = [
        {"confidence": "0.9", "content": text.rstrip(".?")},
        {"confidence": "0.1", "content": "feil"},
    ]
    return own | ({"speaker_label": speaker} if labelled else {})


def amazon_items(labelled: bool) -> list[dict[str, Any]]:
    found = []
    for i in range(len(WORDS)):
        found.append(amazon(i, labelled))
        if WORDS[i][1][-1] in ".?":
            found.append({"type": "punctuation", "alternatives": [{"confidence": "0.0", "content": WORDS[i][1][-1]}]})
            found[-1] |= {"speaker_label": WORDS[i][0]} if labelled else {}
    return found


ALL = range(7)
TEXT = " ".join(one[1] for one in WORDS)
PROGRAMS: dict[str, Any] = {
    "whisper with speakers": {
        "text": TEXT,
        "segments": [
            {"id": 0, "start": 0.5, "end": 2.0, "text": " Hvordan gikk øvelsen?", "speaker": "A"},
            {"id": 1, "start": 3.0, "end": 5.0, "text": " Ganske bra. Alle kom.", "speaker": "B"},
        ],
    },
    "whisperX: words with speakers of their own": {
        "segments": [
            {
                "start": 0.5,
                "end": 5.0,
                "text": TEXT,
                "speaker": "A",
                "words": [word(i, text="word", start="start", end="end", speaker="speaker") for i in ALL],
            }
        ],
        "word_segments": [word(i, text="word", start="start", end="end", speaker="speaker") for i in ALL],
    },
    "Hugging Face, diarised": {
        "speakers": [
            {"speaker": "A", "timestamp": [0.5, 2.0], "text": "Hvordan gikk øvelsen?"},
            {"speaker": "B", "timestamp": [3.0, 5.0], "text": "Ganske bra. Alle kom."},
        ],
        "chunks": [{"timestamp": [0.5, 5.0], "text": " " + TEXT}],
        "text": " " + TEXT,
    },
    "whisper.cpp": {
        "model": {"type": "large", "text": {"ctx": 448}},
        "transcription": [
            {
                "timestamps": {"from": "00:00:00,500", "to": "00:00:02,000"},
                "offsets": {"from": 500, "to": 2000},
                "text": " Hvordan gikk øvelsen?",
                "speaker": "A",
            },
            {
                "timestamps": {"from": "00:00:03,000", "to": "00:00:05,000"},
                "offsets": {"from": 3000, "to": 5000},
                "text": " Ganske bra. Alle kom.",
                "speaker": "B",
            },
        ],
    },
    "AssemblyAI": {
        "id": "x",
        "text": TEXT,
        "audio_duration": 5,
        "words": [ms(i) for i in ALL],
        "utterances": [
            {
                "speaker": "A",
                "start": 500,
                "end": 2000,
                "text": "Hvordan gikk øvelsen?",
                "words": [ms(i) for i in range(3)],
            },
            {
                "speaker": "B",
                "start": 3000,
                "end": 5000,
                "text": "Ganske bra. Alle kom.",
                "words": [ms(i) for i in (3, 4, 5, 6)],
            },
        ],
        "chapters": [{"summary": TEXT + TEXT, "start": 500, "end": 5000}],
    },
    "AssemblyAI without utterances": {"text": TEXT, "utterances": None, "words": [ms(i) for i in ALL]},
    "Azure batch": {
        "durationInTicks": 50_000_000,
        "combinedRecognizedPhrases": [{"channel": 0, "lexical": TEXT.lower(), "display": TEXT}],
        "recognizedPhrases": [
            {
                "speaker": "A",
                "channel": 0,
                "offset": "PT0.5S",
                "duration": "PT1.5S",
                "offsetInTicks": 5_000_000,
                "durationInTicks": 15_000_000,
                "nBest": [{"lexical": "x", "display": "Hvordan gikk øvelsen?"}, {"display": "Hvor dan gikk det?"}],
            },
            {"speaker": "B", "offset": "PT3S", "duration": "PT2S", "nBest": [{"display": "Ganske bra. Alle kom."}]},
        ],
    },
    "Azure fast": {
        "combinedPhrases": [{"text": TEXT}],
        "phrases": [
            {"speaker": "A", "offsetMilliseconds": 500, "durationMilliseconds": 1500, "text": "Hvordan gikk øvelsen?"},
            {"speaker": "B", "offsetMilliseconds": 3000, "durationMilliseconds": 2000, "text": "Ganske bra. Alle kom."},
        ],
    },
    "AWS, labels in the items": {"results": {"transcripts": [{"transcript": TEXT}], "items": amazon_items(True)}},
    "AWS, labels beside": {
        "results": {
            "transcripts": [{"transcript": TEXT}],
            "items": amazon_items(False),
            "speaker_labels": {
                "speakers": 2,
                "segments": [
                    {
                        "speaker_label": WORDS[part[0]][0],
                        "start_time": str(WORDS[part[0]][2]),
                        "end_time": str(WORDS[part[-1]][3]),
                        "items": [
                            {"start_time": str(WORDS[i][2]), "end_time": str(WORDS[i][3]), "speaker_label": WORDS[i][0]}
                            for i in part
                        ],
                    }
                    for part in ((0, 1, 2), (3, 4, 5, 6))
                ],
            },
        }
    },
    "Google": {
        "results": [
            {
                "alternatives": [
                    {"transcript": TEXT, "words": [{"word": w, "startTime": f"{s}s"} for _n, w, s, _e in WORDS]}
                ]
            },
            {
                "alternatives": [
                    {
                        "words": [
                            {"startTime": f"{s}s", "endTime": f"{e}s", "word": w, "speakerTag": " AB".index(n)}
                            for n, w, s, e in WORDS
                        ]
                    }
                ]
            },
        ]
    },
    "Google, second version": {
        "results": [
            {
                "alternatives": [
                    {
                        "transcript": TEXT,
                        "words": [
                            {"startOffset": f"{s}s", "endOffset": f"{e}s", "word": w, "speakerLabel": n}
                            for n, w, s, e in WORDS
                        ],
                    }
                ],
                "resultEndOffset": "5s",
            }
        ]
    },
    "Deepgram": {
        "metadata": {"duration": 5.0},
        "results": {
            "channels": [
                {
                    "alternatives": [
                        {
                            "transcript": TEXT,
                            "words": [
                                {
                                    "word": w.lower(),
                                    "punctuated_word": w,
                                    "start": s,
                                    "end": e,
                                    "speaker": "AB".index(n),
                                }
                                for n, w, s, e in WORDS
                            ],
                            "paragraphs": {
                                "transcript": "\nSpeaker 0: " + TEXT,
                                "paragraphs": [
                                    {
                                        "speaker": 0,
                                        "start": 0.5,
                                        "end": 2.0,
                                        "sentences": [{"text": "Hvordan gikk øvelsen?", "start": 0.5, "end": 2.0}],
                                    },
                                    {
                                        "speaker": 1,
                                        "sentences": [
                                            {"text": "Ganske bra.", "start": 3.0, "end": 4.0},
                                            {"text": "Alle kom.", "start": 4.2, "end": 5.0},
                                        ],
                                    },
                                ],
                            },
                        }
                    ]
                }
            ]
        },
    },
    "Rev": {
        "speakers": [{"id": 0, "name": "A"}, {"id": 1, "name": "B"}],
        "monologues": [
            {
                "speaker": "AB".index(part[0][0]),
                "elements": [
                    one
                    for _n, w, s, e in part
                    for one in (
                        {"type": "text", "value": w.rstrip(".?"), "ts": s, "end_ts": e, "confidence": 1},
                        {"type": "punct", "value": (w[-1] if w[-1] in ".?" else "") + " "},
                    )
                ],
            }
            for part in (WORDS[:3], WORDS[3:])
        ],
    },
    "Amberscript": {
        "id": "x",
        "language": "no",
        "speakers": [{"spkid": "spk1", "name": "A"}, {"spkid": "spk2", "name": "B"}],
        "segments": [
            {"speaker": "spk1", "words": [word(i, text="text", start="start", end="end") for i in (0, 1, 2)]},
            {"speaker": "spk2", "words": [word(i, text="text", start="start", end="end") for i in (3, 4, 5, 6)]},
        ],
    },
    "Speechmatics": {
        "format": "2.9",
        "results": [
            {
                "type": "word",
                "start_time": s,
                "end_time": e,
                "alternatives": [{"content": w, "speaker": n, "confidence": 1.0}],
            }
            for n, w, s, e in WORDS
        ],
    },
    "Soniox": {
        "text": TEXT,
        "tokens": [
            {"text": (" " if i else "") + w, "start_ms": int(1000 * s), "end_ms": int(1000 * e), "speaker": n}
            for i, (n, w, s, e) in enumerate(WORDS)
        ],
    },
    "Premiere": {
        "language": "nb-no",
        "speakers": [{"id": "0a-1", "name": "A"}, {"id": "0b-2", "name": "B"}],
        "segments": [
            {
                "start": part[0][2],
                "duration": part[-1][3] - part[0][2],
                "speaker": "0a-1" if part[0][0] == "A" else "0b-2",
                "words": [
                    {"text": w, "start": s, "duration": e - s, "type": "word", "eos": False} for _n, w, s, e in part
                ],
            }
            for part in (WORDS[:3], WORDS[3:])
        ],
    },
    "ElevenLabs": {
        "language_code": "nob",
        "text": TEXT,
        "words": [
            one
            for n, w, s, e in WORDS
            for one in (
                {"text": w, "start": s, "end": e, "type": "word", "speaker_id": n},
                {"text": " ", "start": e, "end": e, "type": "spacing", "speaker_id": n},
            )
        ],
    },
    "Fireflies": [
        {
            "sentence": "Hvordan gikk øvelsen?",
            "startTime": "00:00.5",
            "endTime": "00:02",
            "speaker_name": "A",
            "speaker_id": 0,
        },
        {
            "sentence": "Ganske bra. Alle kom.",
            "startTime": "00:03",
            "endTime": "00:05",
            "speaker_name": "B",
            "speaker_id": 1,
        },
    ],
}


def heard(data: Any, folder: Path) -> Transcript:
    path = folder / "opptak.json"
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return from_source(read_recognised(path), "opptak")


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_recogniser_tells_who_says_what_and_when(program: str, tmp_path: Path) -> None:
    transcript = heard(PROGRAMS[program], tmp_path)
    found = [
        (utterance.speaker, " ".join(utterance.text.split()), utterance.begin_s) for utterance in transcript.utterances
    ]
    # labels of the program's own, in the order in which they are heard
    order = {label: "AB"[i] for i, label in enumerate(dict.fromkeys(speaker for speaker, _text, _begin in found))}
    assert [(order[speaker], text) for speaker, text, _begin in found] == [(name, text) for name, text, _begin in SAID]
    assert [begin for _name, _text, begin in found] == pytest.approx([begin for _name, _text, begin in SAID])
    assert not transcript.left_out
    if "speakers" in PROGRAMS[program]:
        assert set(order) == {"A", "B"}  # names, not the numbers that stand for them


def test_captions_of_a_video_have_each_word_once(tmp_path: Path) -> None:
    events = [
        {"tStartMs": 500, "dDurationMs": 1500, "segs": [{"utf8": "hvordan"}, {"utf8": " gikk", "tOffsetMs": 400}]},
        {"tStartMs": 2000, "dDurationMs": 10, "segs": [{"utf8": "\n"}]},
        {"tStartMs": 3000, "dDurationMs": 2000, "segs": [{"utf8": "ganske"}, {"utf8": " bra"}]},
    ]
    transcript = heard({"wireMagic": "pb3", "events": events}, tmp_path)
    assert [(u.text, u.begin_s) for u in transcript.utterances] == [("hvordan gikk", 0.5), ("ganske bra", 3.0)]


def test_a_segment_a_token_makes_words_again(tmp_path: Path) -> None:
    tokens = [" Vi", " fort", "satte", " å", " ro", "."]
    rows = [{"text": text, "offsets": {"from": 500 * i, "to": 500 * i + 400}} for i, text in enumerate(tokens)]
    assert [u.text for u in heard({"transcription": rows}, tmp_path).utterances] == ["Vi fortsatte å ro."]


def test_two_channels_are_two_speakers(tmp_path: Path) -> None:
    rows = [
        {"channel": 0, "start": 0.5, "end": 2.0, "text": "Hvordan gikk øvelsen?"},
        {"channel": 1, "start": 3.0, "end": 5.0, "text": "Ganske bra."},
    ]
    assert list(heard({"utterances": rows}, tmp_path).speakers) == ["kanal 0", "kanal 1"]


def test_what_stands_beside_the_speakers_is_read_in_its_place(tmp_path: Path) -> None:
    data = {
        "speakers": [{"speaker": "A", "timestamp": [0.0, 2.0], "text": "Hvordan gikk øvelsen?"}],
        "chunks": [
            {"timestamp": [0.0, 2.0], "text": " Hvordan gikk øvelsen?"},
            {"timestamp": [3.0, None], "text": " Ganske bra."},
        ],
    }
    transcript = heard(data, tmp_path)
    assert [(u.speaker, u.text, u.begin_s) for u in transcript.utterances][1:] == [("", "Ganske bra.", 3.0)]
    assert "uten taler i filen: 1 utsagn" in transcript.notes


def test_a_file_without_speech_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="fant språk, varighet; ventet segments"):
        heard({"språk": "no", "varighet": 3}, tmp_path)


SENTENCE = st.lists(st.sampled_from("vi øver båten kl 12 ærlig talt på havna igår Åse".split()), min_size=1, max_size=9)


@given(st.lists(st.tuples(st.sampled_from(["A", "Bård", None]), SENTENCE, st.integers(0, 40)), min_size=1, max_size=12))
@example([("A", ["øver", "12"], 0), ("A", ["vi"], 0), ("A", ["øver", "12"], 0)])
def test_every_word_is_read_or_said_to_be_left_out(said: list[tuple[str | None, list[str], int]]) -> None:
    from autokode.corpus.readers.recognised_lists import lists_of
    from autokode.corpus.readers.speech_json import read_data

    rows, words, now = [], [], 0.0
    for speaker, sentence, pause in said:
        begin = now = now + pause / 10
        for one in sentence:
            words.append({"word": one, "start": now, "end": now + 0.3} | ({"speaker": speaker} if speaker else {}))
            now += 0.4
        rows.append(
            {"start": begin, "end": now, "text": " ".join(sentence)} | ({"speaker": speaker} if speaker else {})
        )
    for data in ({"segments": rows}, {"words": words}, {"segments": rows, "word_segments": words}, rows):
        assert lists_of(data)
        transcript = from_source(read_data(data), "opptak")
        read = [word for utterance in transcript.utterances for word in utterance.text.split()]
        left = [word for part in transcript.left_out for word in part.text.split()]
        assert sorted(read + left) == sorted(word for _speaker, sentence, _pause in said for word in sentence)
        assert all(transcript.text[u.start : u.end] == u.text for u in transcript.utterances)
