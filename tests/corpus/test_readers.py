"""Files as researchers have them, made from real speech where it is available, and plain errors for broken files."""

import gzip
import json
import zipfile
from pathlib import Path

import docx
import pytest

from autokode.base.errors import DataError
from autokode.corpus.readers.source import seconds
from autokode.corpus.transcript import read_transcript
from conftest import SHARED, needs_shared

TEXT = "Intervjuer: Får dere tid?\nÅse: Nei, ikke på høsten.\nIntervjuer: Så når?\nÅse: Aldri."


@pytest.mark.parametrize(
    "encoded",
    [
        TEXT.encode("utf-8"),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.encode("windows-1252"),
    ],
    ids=["utf-8", "BOM", "utf-16", "utf-16-le", "utf-16-be", "windows-1252"],
)
def test_text_files_of_every_encoding_give_the_same_text(encoded: bytes, tmp_path: Path) -> None:
    (tmp_path / "intervju.txt").write_bytes(encoded)
    assert read_transcript(tmp_path / "intervju.txt").text == TEXT


def test_line_ends_stay_as_they_are(tmp_path: Path) -> None:
    for line_end in ("\r\n", "\r"):
        (tmp_path / "a.txt").write_bytes(TEXT.replace("\n", line_end).encode())
        transcript = read_transcript(tmp_path / "a.txt")
        assert transcript.text == TEXT.replace("\n", line_end)
        assert [u.text for u in transcript.utterances][1] == "Nei, ikke på høsten."


def real_speech(count: int) -> list[dict[str, object]]:
    with gzip.open(SHARED / "speech" / "npsc_eval.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for _number, line in zip(range(count), lines, strict=False)]


def clock(value: float, sep: str) -> str:
    ms = round(value * 1000)
    return f"{ms // 3600000:02d}:{ms // 60000 % 60:02d}:{ms // 1000 % 60:02d}{sep}{ms % 1000:03d}"


def turns_of(rows: list[dict[str, object]]) -> list[tuple[str, str]]:
    joined: list[tuple[str, str]] = []
    for row in rows:
        speaker, text = str(row["speaker"]), " ".join(str(row["text"]).replace("<", "(").replace(">", ")").split())
        if joined and joined[-1][0] == speaker:
            joined[-1] = (speaker, f"{joined[-1][1]} {text}")
        else:
            joined.append((speaker, text))
    return joined


@needs_shared
@pytest.mark.parametrize("ending", [".txt", ".docx", ".vtt", ".srt"])
def test_real_speech_comes_back_from_every_format(ending: str, tmp_path: Path) -> None:
    rows = real_speech(300)
    path = tmp_path / f"tale{ending}"
    turns = turns_of(rows)
    if ending == ".txt":
        path.write_text("\n".join(f"{speaker}: {text}" for speaker, text in turns), encoding="utf-8")
    elif ending == ".docx":
        document = docx.Document()
        for speaker, text in turns:
            document.add_paragraph(f"{speaker}: {text}")
        document.save(str(path))
    else:
        cues = ["WEBVTT\n"] if ending == ".vtt" else []
        before = None
        for number, row in enumerate(rows, 1):
            sep = "." if ending == ".vtt" else ","
            times = f"{clock(float(str(row['start'])), sep)} --> {clock(float(str(row['end'])), sep)}"
            text = str(row["text"]).replace("<", "(").replace(">", ")")
            label = "" if row["speaker"] == before else f"{row['speaker']}: "
            body = f"<v {row['speaker']}>{text}</v>" if ending == ".vtt" else label + text
            before = row["speaker"]
            cues.append(f"{number}\n{times}\n{body}\n")
        path.write_text("\n".join(cues), encoding="utf-8")
    transcript = read_transcript(path)
    said = [{"speaker": u.speaker, "text": u.text} for u in transcript.utterances]
    assert turns_of(said) == turns
    assert len(said) == len(turns) or ending in (".vtt", ".srt")
    assert all(transcript.text[u.start : u.end] == u.text for u in transcript.utterances)
    if ending in (".vtt", ".srt"):
        assert transcript.utterances[0].begin_s == rows[0]["start"]
        assert len(transcript.cues) == len(rows)
        assert transcript.cues[4].identifier == ("5" if ending == ".vtt" else transcript.cues[4].identifier)


@needs_shared
def test_real_project_files_are_read_right(tmp_path: Path) -> None:
    with zipfile.ZipFile(SHARED / "qda" / "qc_demo.qdpx") as archive:
        for name in archive.namelist():
            if name.endswith(".txt"):
                (tmp_path / Path(name).name).write_bytes(archive.read(name))
    admin = read_transcript(tmp_path / "admin-1.txt", interviewers=["Max Bigman"])
    assert admin.speakers == {"admin-1": 55, "Max Bigman": 30, "Automation": 1}
    assert admin.question_of(admin.utterances[2]).endswith("documents to sign after we hang up?")
    board = read_transcript(tmp_path / "board_2017.txt")
    assert board.labels == "colon"
    assert board.speakers["Moderator"] == 16
    qualcoder = read_transcript(SHARED / "qda" / "transcript.txt")
    assert (qualcoder.labels, qualcoder.speakers) == ("brackets", {"id1": 3, "id2": 2, "id3": 2})
    assert qualcoder.utterances[1].text.startswith("I am struggling with the lecture slides.")
    word = read_transcript(SHARED / "qda" / "ID1.docx")
    assert (len(word.utterances), word.labels) == (3, "none")
    assert word.utterances[0].text.startswith("I really like learning new things.")


def test_a_messy_word_document(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("Intervju 3", 1)
    paragraph = document.add_paragraph()
    paragraph.add_run("Intervjuer: ").bold = True
    paragraph.add_run("Hva sier du?").add_break()
    paragraph.add_run("Sånn ellers?")
    document.add_paragraph("Anne: Ja, altså.")
    document.add_paragraph("Det er en ting til.")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Anne:", "Nei, ikke mer."
    document.add_paragraph("Intervjuer: Takk.")
    document.save(str(tmp_path / "m.docx"))
    transcript = read_transcript(tmp_path / "m.docx")
    assert [(u.speaker, u.text) for u in transcript.utterances] == [
        ("Intervjuer", "Hva sier du?\nSånn ellers?"),
        ("Anne", "Ja, altså.\nDet er en ting til."),
        ("Anne", "Nei, ikke mer."),
        ("Intervjuer", "Takk."),
    ]


def test_names_in_bold_and_word_tables(tmp_path: Path) -> None:
    document = docx.Document()
    for name, text in (("Berit", "Da begynner vi."), ("Anne", "Ja."), ("Berit", "Bra.")):
        document.add_paragraph().add_run(name).bold = True
        document.add_paragraph(text)
    document.save(str(tmp_path / "b.docx"))
    assert read_transcript(tmp_path / "b.docx").speakers == {"Berit": 2, "Anne": 1}
    document = docx.Document()
    table = document.add_table(rows=0, cols=3)
    for row in (("00:01", "Berit", "Da begynner vi."), ("00:04", "Anne", "Ja."), ("00:09", "Berit", "Bra.")):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.save(str(tmp_path / "t.docx"))
    transcript = read_transcript(tmp_path / "t.docx")
    assert [(u.speaker, u.text, u.begin_s) for u in transcript.utterances][1] == ("Anne", "Ja.", 4.0)


def test_text_inserted_by_tracked_changes_is_kept_and_deleted_text_left_out(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Anne: det er BORTE her")
    document.save(str(tmp_path / "x.docx"))
    with zipfile.ZipFile(tmp_path / "x.docx") as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    xml = files["word/document.xml"].decode("utf-8")
    xml = xml.replace(
        "<w:r><w:t>Anne: det er BORTE her</w:t></w:r>",
        '<w:r><w:t xml:space="preserve">Anne: det er </w:t></w:r><w:ins w:id="1" w:author="x"><w:r><w:t>nytt</w:t></w:r></w:ins>'
        '<w:del w:id="2" w:author="x"><w:r><w:delText>BORTE</w:delText></w:r></w:del>'
        '<w:r><w:t xml:space="preserve"> her</w:t></w:r>',
    )
    with zipfile.ZipFile(tmp_path / "x.docx", "w") as archive:
        for name, data in files.items():
            archive.writestr(name, xml.encode("utf-8") if name == "word/document.xml" else data)
    assert read_transcript(tmp_path / "x.docx").text == "Anne: det er nytt her"


VTT = "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nAnne: ja\n"
BROKEN = {
    "tom.txt": (b"", "tom.txt: filen er tom; ventet tekst"),
    "blank.txt": (b" \n\r\n", "blank.txt: filen er tom"),
    "bilde.txt": (b"\x89PNG\r\n\x1a\n\0\0", "bilde.txt: er PNG, et bilde"),
    "gammel.txt": (b"\xd0\xcf\x11\xe0\xa1\xb1", "gammel.txt: er Words gamle format, Word 97"),
    "styr.txt": (b"Anne: ja\nBerit: \x00\x01\x02", "styr.txt:2: er ikke ren tekst: tegn U\\+0000"),
    "blandet.txt": (
        "Åse: ja\n".encode() + "Åse: nei på bånd\n".encode("windows-1252"),
        "blandet.txt:2: blander tegnkodinger: linje 1 er UTF-8, linje 2 er det ikke",
    ),
    "bom.txt": (b"\xef\xbb\xbf", "bom.txt: filen er tom"),
    "mac.txt": ("Åse: ja".encode() + b"\r" + "Åse: nei".encode("windows-1252"), "mac.txt:2: blander tegnkodinger"),
    "linje.txt": ("Åse: blå".encode() + "bær".encode("windows-1252"), "linje.txt:1: blander tegnkodinger"),
    "tom.docx": (b"", "tom.docx: filen er tom"),
    "ikke.docx": (b"Anne: ja", r"ikke.docx: er ikke et Word-dokument \(.docx er et zip-arkiv\)"),
    "tom.vtt": (b"\n", "tom.vtt: filen er tom"),
    "uten_ord.vtt": (VTT.replace("Anne: ja", "").encode(), "uten_ord.vtt: bare 0 av 0 ord ble lest som ytringer"),
    "ingen.srt": (b"Bare tekst her.\n", "ingen.srt: ingen undertekster i filen"),
    "notat.abc": (b"Anne: ja", "notat.abc: ukjent filtype «.abc»; ventet .txt, .docx, .vtt, .srt"),
    "lyd.mp3": (b"ID3", "lyd.mp3: er et opptak, og ikke det som ble sagt"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_in_plain_words_with_a_next_step(name: str, tmp_path: Path) -> None:
    data, message = BROKEN[name]
    (tmp_path / name).write_bytes(data)
    with pytest.raises(DataError, match=message) as caught:
        read_transcript(tmp_path / name)
    assert "\nPrøv: " in str(caught.value)


def test_a_zip_that_is_no_word_document_says_what_it_holds(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "z.docx", "w") as archive:
        archive.writestr("bilde.png", b"x")
    with pytest.raises(DataError, match=r"men ikke et Word-dokument .det inneholder bilde.png."):
        read_transcript(tmp_path / "z.docx")


def test_a_word_document_cut_short_is_refused(tmp_path: Path) -> None:
    docx.Document().save(str(tmp_path / "hel.docx"))
    with zipfile.ZipFile(tmp_path / "hel.docx") as archive, zipfile.ZipFile(tmp_path / "halv.docx", "w") as half:
        for name in archive.namelist():
            if name != "word/document.xml":
                half.writestr(name, archive.read(name))
    with pytest.raises(DataError, match="kan ikke tolkes"):
        read_transcript(tmp_path / "halv.docx")


def test_a_file_that_is_not_there_names_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "kontor_a.txt").write_text(TEXT, encoding="utf-8")
    with pytest.raises(DataError, match=r"finnes ikke\nPrøv: .*kontor_a.txt"):
        read_transcript(tmp_path / "kontr_a.txt")
    for name in ("mappe.txt", "mappe"):
        (tmp_path / name).mkdir()
        with pytest.raises(DataError, match="er en mappe; ventet en fil"):
            read_transcript(tmp_path / name)


def test_a_wrong_or_unknown_encoding_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("Åse: ja".encode("windows-1252"))
    with pytest.raises(DataError, match="er ikke utf-8: byte 0xc5"):
        read_transcript(tmp_path / "a.txt", encoding="utf-8")
    with pytest.raises(DataError, match="ukjent tegnkoding «utf-88»"):
        read_transcript(tmp_path / "a.txt", encoding="utf-88")


def test_stamps_in_seconds() -> None:
    assert [seconds(stamp) for stamp in ("02:06", "00:03:40.5", "00:00:12-3", "1:00:00,25")] == [
        126,
        220.5,
        12.3,
        3600.25,
    ]


def test_a_byte_order_mark_knows_better_than_utf_16(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_bytes(b"\xfe\xff" + TEXT.encode("utf-16-be"))
    assert read_transcript(tmp_path / "b.txt", encoding="utf-16").text == TEXT


def test_a_table_within_a_table_is_read_once(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text = "Anne:"
    table.cell(0, 1).add_table(rows=1, cols=1).cell(0, 0).text = "indre"
    document.save(str(tmp_path / "n.docx"))
    assert read_transcript(tmp_path / "n.docx").text.split() == ["Anne:", "indre"]
