"""Formats of transcripts: speakers, words and times, from small files in the style of each program."""

import io
import json
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autokode.base.errors import DataError
from autokode.corpus.readers import BY_NAME, ENDINGS
from autokode.corpus.transcript import Transcript, read_transcript
from conftest import SHARED, needs_shared

TURNS = [
    ("Intervjuer", "Kossen e det på jobb?"),
    ("Åse", "Jo, det går så det suser 😀"),
    ("Intervjuer", "Ja vel?"),
    ("Åse", "Æ trives."),
]


def heard(transcript: Transcript) -> list[tuple[str, str]]:
    assert all(
        transcript.text[u.start : u.end].split() == u.text.split() or "#" in transcript.text
        for u in transcript.utterances
    )
    return [(u.speaker, " ".join(u.text.split())) for u in transcript.utterances]


def written(folder: Path, name: str, content: str | bytes) -> Transcript:
    data = content.encode() if isinstance(content, str) else content
    (folder / name).write_bytes(data)
    return read_transcript(folder / name)


TEXTS = {
    "oTranscribe": "02:06 Intervjuer: {0}\n02:09 Åse: {1}\n02:11 Intervjuer: {2}\n02:12 Åse: {3}\n",
    "f4": "Intervjuer: {0} #00:02:06-3#\r\nÅse: {1} #00:02:09-0#\r\nIntervjuer: {2} #00:02:11-0#\r\nÅse: {3} #00:02:12-9#\r\n",
    "ATLAS.ti": "[00:02:06]Intervjuer: {0}\n[00:02:09]Åse: {1}\n[00:02:11]Intervjuer: {2}\n[00:02:12]Åse: {3}\n",
    "MAXQDA": "00:02:06.5Intervjuer: {0}\n00:02:09.5Åse: {1}\n00:02:11.0Intervjuer: {2}\n00:02:12.0Åse: {3}\n",
    "Otter": "Intervjuer  02:06\n{0}\n\nÅse  02:09\n{1}\n\nIntervjuer  02:11\n{2}\n\nÅse  02:12\n{3}\n",
    "QualCoder, braces": "{{Intervjuer}} {0}\n{{Åse}} {1}\n{{Intervjuer}} {2}\n{{Åse}} {3}\n",
    "QualCoder, hash": "#Intervjuer: {0}\n#Åse: {1}\n#Intervjuer: {2}\n#Åse: {3}\n",
    "QualCoder, at": "@Intervjuer: {0}\n@Åse: {1}\n@Intervjuer: {2}\n@Åse: {3}\n",
    "Zoom, saved": "[Intervjuer] 10:02:06\n{0}\n\n[Åse] 10:02:09\n{1}\n\n[Intervjuer] 10:02:11\n{2}\n\n[Åse] 10:02:12\n{3}\n",
    "Teams, older": (
        "0:0:6.0 --> 0:0:8.0\nIntervjuer\n{0}\n0:0:9.0 --> 0:0:10.5\nÅse\n{1}\n"
        "0:0:11.0 --> 0:0:12.0\nIntervjuer\n{2}\n0:0:12.0 --> 0:0:13.0\nÅse\n{3}\n"
    ),
    "aTrain": "[00:02:06] - Intervjuer: {0}\n[00:02:09] - Åse: {1}\n[00:02:11] - Intervjuer: {2}\n[00:02:12] - Åse: {3}\n",
    "in brackets": "(Intervjuer): {0}\n(Åse): {1}\n(Intervjuer): {2}\n(Åse): {3}\n",
    "with a role": "Intervjuer, forsker: {0}\nÅse, veileder: {1}\nIntervjuer, forsker: {2}\nÅse, veileder: {3}\n",
}


@pytest.mark.parametrize("source", TEXTS)
def test_plain_texts_as_programs_write_them(source: str, tmp_path: Path) -> None:
    transcript = written(tmp_path, "t.txt", TEXTS[source].format(*(said for _speaker, said in TURNS)))
    expected = (
        [(f"{name}, {'forsker' if name[0] == 'I' else 'veileder'}", said) for name, said in TURNS]
        if "role" in source
        else TURNS
    )
    assert heard(transcript) == expected
    if source in ("oTranscribe", "ATLAS.ti", "Otter", "aTrain"):
        assert [u.begin_s for u in transcript.utterances] == [126.0, 129.0, 131.0, 132.0]
    if source == "f4":
        assert [u.end_s for u in transcript.utterances] == [126.3, 129.0, 131.0, 132.9]
    assert len(transcript.interviewers) == 1


def test_a_time_that_is_said_is_no_stamp(tmp_path: Path) -> None:
    transcript = written(
        tmp_path, "t.txt", "Åse: vi møttes (14:00) der, og [00:01:02] så gikk vi (15:30)\nI: ja\nÅse: ja\n"
    )
    assert transcript.utterances[0].text.startswith("vi møttes (14:00) der, og ")
    assert "[00:01:02]" not in transcript.utterances[0].text


def test_rtf(tmp_path: Path) -> None:
    body = "".join(f"{name}: {said} #00:02:0{i}-3#\\par\n" for i, (name, said) in enumerate(TURNS))
    body = (
        body.replace("Å", "\\'c5")
        .replace("å", "\\u229\\'e5")
        .replace("Æ", "\\'c6")
        .replace("😀", "\\u-10179?\\u-8704?")
    )
    transcript = written(
        tmp_path, "t.rtf", "{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0 Arial;}}\\f0 " + body + "}"
    )
    assert heard(transcript) == TURNS
    assert [u.end_s for u in transcript.utterances] == [120.3, 121.3, 122.3, 123.3]


ODT = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"><office:automatic-styles>'
    '<style:style style:name="F"><style:text-properties fo:font-weight="bold"/></style:style></office:automatic-styles>'
    "<office:body><office:text>{}</office:text></office:body></office:document-content>"
)


def odt(folder: Path, body: str) -> Transcript:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("content.xml", ODT.format(body))
    return written(folder, "t.odt", stream.getvalue())


def test_odt(tmp_path: Path) -> None:
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>Åse: BORTE</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes><text:p>Intervjuer: Kossen e det<text:s/>på "
        "<text:span>jobb</text:span>?<text:note>"
        "<text:p>fotnote"
        "</text:p></text:note></text:p><text:list><text:list-item><text:p>Åse:<text:tab/>Jo, det går så det suser 😀</text:p>"
        "</text:list-item></text:list><table:table><table:table-row><table:table-cell>"
        "<text:p>Intervjuer:</text:p></table:table-cell>"
        "<table:table-cell><text:p>Ja vel?</text:p></table:table-cell></table:table-row></table:table>"
        "<text:p>Åse: Æ trives.</text:p>"
    )
    assert heard(odt(tmp_path, body)) == TURNS
    names = "".join(
        f'<text:p><text:span text:style-name="F">{n}</text:span></text:p><text:p>{s}</text:p>' for n, s in TURNS
    )
    assert heard(odt(tmp_path, names)) == TURNS


@needs_shared
def test_a_real_odt() -> None:
    transcript = read_transcript(SHARED / "qda" / "ID2.odt")
    assert transcript.utterances[0].text.startswith("I have not studied much before, but my father Joe Bloggs")
    assert "€200.00" in transcript.text


def test_elan(tmp_path: Path) -> None:
    slots = "".join(f'<TIME_SLOT TIME_SLOT_ID="ts{i}" TIME_VALUE="{1500 * i}"/>' for i in range(1, 9))

    def tier(name: str, numbers: list[int]) -> str:
        rows = "".join(
            f"<ANNOTATION>"
            f'<ALIGNABLE_ANNOTATION ANNOTATION_ID="a{i}" TIME_SLOT_REF1="ts{2 * i + 1}" TIME_SLOT_REF2="ts{2 * i + 2}">'
            f"<ANNOTATION_VALUE>{TURNS[i][1]}</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>"
            for i in numbers
        )
        return f'<TIER TIER_ID="{name[0]}" PARTICIPANT="{name}">{rows}</TIER>'

    dependent = (
        '<TIER TIER_ID="oversettelse" PARENT_REF="I"><ANNOTATION><REF_ANNOTATION ANNOTATION_ID="r" ANNOTATION_REF="a0">'
    )
    dependent += "<ANNOTATION_VALUE>How is it</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION></TIER>"
    body = f"<TIME_ORDER>{slots}</TIME_ORDER>{tier('Åse', [1, 3])}{tier('Intervjuer', [0, 2])}{dependent}"
    transcript = written(
        tmp_path, "t.eaf", f'<?xml version="1.0" encoding="UTF-8"?><ANNOTATION_DOCUMENT>{body}</ANNOTATION_DOCUMENT>'
    )
    assert heard(transcript) == TURNS
    assert [(u.begin_s, u.end_s) for u in transcript.utterances] == [(1.5, 3.0), (4.5, 6.0), (7.5, 9.0), (10.5, 12.0)]
    assert [part.text for part in transcript.left_out] == ["How is it"]


SEGMENTS = [
    {"id": i, "start": 1.5 * i, "end": 1.5 * i + 1, "text": f" {said}", "speaker": name}
    for i, (name, said) in enumerate(TURNS)
]


@pytest.mark.parametrize(
    "data",
    [
        {"text": "alt", "segments": SEGMENTS, "language": "no"},
        SEGMENTS,
        {
            "chunks": [
                {"timestamp": [s["start"], s["end"]], "text": s["text"], "speaker": s["speaker"]} for s in SEGMENTS
            ]
        },
        {"transcription": {"segments": SEGMENTS}},
    ],
    ids=["Whisper", "a list", "Hugging Face", "nested"],
)
def test_recognisers_json(data: object, tmp_path: Path) -> None:
    transcript = written(tmp_path, "t.json", json.dumps(data, ensure_ascii=False))
    assert heard(transcript) == TURNS
    assert [u.begin_s for u in transcript.utterances] == [0.0, 1.5, 3.0, 4.5]


def test_json_without_speakers_is_a_cue_a_segment(tmp_path: Path) -> None:
    data = {
        "segments": [
            {"start": float("nan"), "end": 1e99, "text": "ja det er"},
            {"start": 2, "end": 4, "text": "sånn"},
            {"text": 7},
        ]
    }
    transcript = written(tmp_path, "t.json", json.dumps(data))
    assert [(u.text, u.begin_s) for u in transcript.utterances] == [("ja det er", None), ("sånn", 2.0)]


def test_noscribe(tmp_path: Path) -> None:
    names = {"Intervjuer": "S00", "Åse": "S01"}
    rows = "".join(
        f'<p style="x"><a name="ts_{1000 * i}_{1000 * i + 900}_{names[n]}" >{names[n]}: {s}</a></p>\n'
        for i, (n, s) in enumerate(TURNS)
    )
    page = f"<!DOCTYPE html><html><head><title>T</title></head><body><script>x()</script>{rows}</body></html>"
    transcript = written(tmp_path, "t.html", page)
    assert heard(transcript) == [(names[n], s) for n, s in TURNS]
    assert [(u.begin_s, u.end_s) for u in transcript.utterances] == [(0.0, 0.9), (1.0, 1.9), (2.0, 2.9), (3.0, 3.9)]
    assert "x()" not in transcript.text


def test_otranscribes_own_files(tmp_path: Path) -> None:
    rows = "".join(
        f'<p><span class="timestamp" data-timestamp="{126 + i}.5">02:0{6 + i}</span>&nbsp;{n}: {s}<br></p>'
        for i, (n, s) in enumerate(TURNS)
    )
    transcript = written(tmp_path, "t.otr", json.dumps({"text": rows, "media": "a.mp3", "media-time": 3}))
    assert heard(transcript) == TURNS
    assert [u.begin_s for u in transcript.utterances] == [126.0, 127.0, 128.0, 129.0]


def sheet(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


ROWS: list[list[object]] = [[name, said, 1.5 * i] for i, (name, said) in enumerate(TURNS)]


@pytest.mark.parametrize(
    ("name", "content", "timed"),
    [
        (
            "t.csv",
            "Taler;Tekst;Start\r\n" + "".join(f'{n};"{s}";{str(t).replace(".", ",")}\r\n' for n, s, t in ROWS),
            True,
        ),
        ("t.csv", "sep=;\r\n" + "".join(f'{n};"{s}"\r\n' for n, s, _t in ROWS), False),
        ("t.csv", ("speaker,text,begin\n" + "".join(f'{n},"{s}",{t}\n' for n, s, t in ROWS)).encode("utf-16"), True),
        ("t.tsv", "".join(f"{n}:\t{s}\n" for n, s, _t in ROWS), False),
        ("t.csv", "".join(f'00:0{i},{n},"{s}"\n' for i, (n, s) in enumerate(TURNS)), None),
        ("t.xlsx", sheet([["Navn", "Ytring", "Tid"], *ROWS]), True),
        ("t.xlsx", sheet([row[:2] for row in ROWS]), False),
    ],
)
def test_tables_of_utterances(name: str, content: str | bytes, timed: bool | None, tmp_path: Path) -> None:
    transcript = written(tmp_path, name, content)
    assert heard(transcript) == TURNS
    if timed is not None:
        assert [u.begin_s for u in transcript.utterances] == ([0.0, 1.5, 3.0, 4.5] if timed else [None] * 4)
    assert any(note.startswith("kolonner: ") for note in transcript.notes)


def test_word_tables_with_the_time_last_or_a_number_first(tmp_path: Path) -> None:
    for rows in (
        [[n, s, f"00:0{i}"] for i, (n, s) in enumerate(TURNS)],
        [[str(i + 1), n, s] for i, (n, s) in enumerate(TURNS)],
        [[f"00:0{i}", n, s] for i, (n, s) in enumerate(TURNS)],
    ):
        document = docx.Document()
        table = document.add_table(rows=0, cols=3)
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
        document.save(str(tmp_path / "t.docx"))
        assert heard(read_transcript(tmp_path / "t.docx")) == TURNS


def test_names_as_headings_in_word(tmp_path: Path) -> None:
    document = docx.Document()
    for name, said in TURNS:
        document.add_heading(name, 2)
        document.add_paragraph(said)
    document.save(str(tmp_path / "t.docx"))
    assert heard(read_transcript(tmp_path / "t.docx")) == TURNS


def test_hidden_text_is_not_said(tmp_path: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Åse: ja ")
    paragraph.add_run("hemmelig").font.hidden = True
    document.add_paragraph("I: jo")
    document.save(str(tmp_path / "t.docx"))
    assert "hemmelig" not in read_transcript(tmp_path / "t.docx").text


BROKEN = {
    "a.rtf": (b"Aase: ja", "er ikke RTF"),
    "b.rtf": (b"{\\rtf1 }", "har ingen tekst"),
    "a.odt": (b"PK", "er ikke et zip-arkiv"),
    "a.eaf": (b"<html/>", "fant <html>, ventet <ANNOTATION_DOCUMENT>"),
    "b.eaf": (b"<!DOCTYPE x [<!ENTITY e 'x'>]><ANNOTATION_DOCUMENT>&e;</ANNOTATION_DOCUMENT>", "dokumenttype"),
    "c.eaf": (b"<ANNOTATION_DOCUMENT/>", "ingen annoteringer"),
    "a.json": (b'{"navn": 1}', "fant navn; ventet segments"),
    "b.json": (b"[" * 100_000, "er ikke gyldig JSON"),
    "a.otr": (b'{"tekst": ""}', "har ikke feltet «text»"),
    "a.html": (b"<html><script>x</script></html>", "har ingen tekst"),
    "a.csv": (b"alder;by\n47;Oslo\n", "fant kolonnene alder, by; ventet en «tekst»"),
    "a.xlsx": (b"ikke", "er ikke et zip-arkiv"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_files_are_refused_in_words(name: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=BROKEN[name][1]) as caught:
        written(tmp_path, name, BROKEN[name][0])
    assert "\nPrøv: " in str(caught.value)


HEADS = [
    b"",
    b"{\\rtf1 ",
    b"<html><p>",
    b"[{",
    b"<ANNOTATION_DOCUMENT><TIER>",
    b'{"segments":[',
    b"WEBVTT\n\n",
    b"a;b\n",
    b"\xff\xfe",
]


@given(st.sampled_from([*ENDINGS, *BY_NAME]), st.sampled_from(HEADS), st.binary(max_size=300))
@settings(max_examples=600)
def test_any_bytes_give_a_transcript_or_words(
    tmp_path_factory: pytest.TempPathFactory, ending: str, head: bytes, rest: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / f"x{ending}"
    path.write_bytes(head + rest)
    try:
        transcript = read_transcript(path)
    except DataError as error:
        assert str(error).strip()
        return
    assert all(0 <= u.start <= u.end <= len(transcript.text) for u in transcript.utterances)
    transcript.text.encode("utf-8")
