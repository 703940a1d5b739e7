"""Targets of small transcripts in every format, as programs write them; how to put them in place, and read them."""

import contextlib
import io
import json
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import docx
import openpyxl
from docx.enum.text import WD_COLOR_INDEX

from autokode.base.errors import DataError
from autokode.corpus.speaker_labels import GRAMMARS
from autokode.corpus.transcript import Transcript, read_transcript
from fuzz_case import Target, as_file, as_json, words
from transcript_case import from_json

SAID = (
    "Hva gjør dere da?",
    "Vi må ta oss tid 😀, sa hen (ler).",
    "Og så?",
    "Jeg har pengene; det er makt [00:02:14] det.",
)
SHAPES = (
    "I: {0}\nÅse: {1}\nI: {2}\nÅse: {3}\n",
    "02:06 Intervjuer: {0}\n02:09 Inf 3: {1}\n02:11 Intervjuer: {2}\n02:12 Inf 3: {3}\n",
    "[00:00:01 --> 00:00:05] Per: {0}\r\n[00:06 - 00:07] Anne: {1}\r\nPer [00:08]: {2}\r\nAnne [00:09]: {3}\r\n",
    "Intervjuer: {0} #00:02:06-3#\nÅse: {1} #00:02:09-0#\n1 Intervjuer: {2}\n2. Åse: {3}\n",
    "{{Berit}} {0}\n[id1] {1}\n{{Berit}} {2}\n[id1] {3}\n",
    "(Intervjuer): {0}\n(Åse): {1}\n(Intervjuer): {2}\n(Åse): {3}\n",
    "Kari, forsker: {0}\nÅse, veileder: {1}\nKari, forsker: {2}\nÅse, veileder: {3}\n",
    "0:0:6.0 --> 0:0:8.0\nKari\n{0}\n0:0:9.0 --> 0:0:10.5\nÅse\n{1}\n0:0:11.0 --> 0:0:12.0\nKari\n{2}\n",
    "Berit Hansen   0:03\n{0}\n\nAnne Lie   0:09\n{1}\n\nBerit Hansen   0:12\n{2}\n",
    "Kari\n{0}\nÅse\n{1}\n\nKari\n{2}\nÅse\n{3}\n",
    "00:01\tKari\t{0}\n00:04\tÅse\t{1}\n00:05\tKari\t{2}\n3\tÅse\t{3}\n",
    "{0}\n\n{1}\n\n{2}\n",
)
"""One or more texts of each label grammar, and one without labels."""


def texts() -> list[bytes]:
    """Texts in the shapes and encodings that transcripts have."""
    plain = [shape.format(*SAID) for shape in SHAPES]
    return [
        *(text.encode() for text in plain),
        *(plain[0].encode("utf-16"), plain[1].encode("utf-16-le"), plain[4].encode("utf-8-sig")),
        plain[1].replace(" 😀", "").encode("windows-1252"),
    ]


def vtt() -> list[bytes]:
    cues = "".join(
        f"{i}\n00:00:0{i}.000 --> 00:00:0{i + 1}.500 align:start\n<v {'Kari' if i % 2 else 'Åse (gjest)'}>{said}</v>\n\n"
        for i, said in enumerate(SAID, 1)
    )
    return [
        f"WEBVTT\n\nNOTE en merknad\n\nSTYLE\n::cue {{}}\n\n{cues}".encode(),
        b"WEBVTT - fil\r\n\r\n00:01.000 --> 00:02.000\r\n<i>Ja</i> &amp; nei\r\n- Jo\r\n",
    ]


def srt() -> list[bytes]:
    return [
        "".join(f"{i}\n00:00:0{i},000 --> 00:00:0{i},900\n{said}\n\n" for i, said in enumerate(SAID, 1)).encode(),
        b"00:00:01,000 --> 00:00:02,000\nJa.\n\n2\n00:00:02,000 --> 00:00:03,000\n<b>Nei</b>\n",
    ]


def rtf() -> list[bytes]:
    return [
        rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fswiss Arial;}}{\colortbl;\red0\green0\blue0;}{\*\generator f4}\pard\f0 "
        rb"\b I:\b0  Hva gj\'f8r dere da?\par\u197?se: Vi m\u229\'e5 ta oss tid \u-10179?\u-8704?\tab og\line s\'e5\par}",
        rb"{\rtf1\mac\uc0 I: {\field{\*\fldinst HYPERLINK}{\fldrslt lenke}} \emdash\par{\*\shppict{\pict\bin5 abcde}}\'8a}",
    ]


def eaf() -> list[bytes]:
    slots = "".join(f'<TIME_SLOT TIME_SLOT_ID="ts{i}" TIME_VALUE="{i * 500}"/>' for i in range(1, 5))

    def tier(name: str, first: int, said: str, parent: str = "") -> str:
        marked = f'ANNOTATION_ID="a{first}" TIME_SLOT_REF1="ts{first}" TIME_SLOT_REF2="ts{first + 1}"'
        return (
            f'<TIER TIER_ID="{name}" PARTICIPANT="{name}"{parent}><ANNOTATION><ALIGNABLE_ANNOTATION {marked}>'
            f"<ANNOTATION_VALUE>{said}</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER>"
        )

    inner = tier("Kari", 1, SAID[0]) + tier("Åse", 3, SAID[1]) + tier("oversatt", 2, "x", ' PARENT_REF="Åse"')
    return [
        f'<?xml version="1.0" encoding="UTF-8"?><ANNOTATION_DOCUMENT><TIME_ORDER>{slots}</TIME_ORDER>{inner}'
        "</ANNOTATION_DOCUMENT>".encode()
    ]


_PAGE = (
    "<!DOCTYPE html><html><head><title>t</title><style>p{}</style></head><body><p><a name='ts_10_2000_S01'>Kari: Hva?</a></p>"
    "<p><a name='ts_2000_4000_S02'>Åse: Vi må&nbsp;ta oss tid &#128512;<br>og så</a></p><table><tr><td>a<td>b</table>"
    "<ul><li>en<li>to</ul><pre> x\n y</pre><script>alert(1)</script></body></html>"
)


def html() -> list[bytes]:
    return [_PAGE.encode(), b"<p>I: Hva da?<p>Berit: Ja.<p>I: Og?<p>Berit: Nei."]


def otr() -> list[bytes]:
    page = '<p><span class="timestamp" data-timestamp="2">00:02</span> I: Hva da?</p><p>Åse: Ja. \ud83d\ude00</p>'
    return [json.dumps({"text": page, "media": "a.mp3", "media-time": 1.5}).encode()]


def recognised() -> list[bytes]:
    rows = [{"id": i, "start": i, "end": i + 0.5, "text": said, "speaker": f"S{i % 2}"} for i, said in enumerate(SAID)]
    chunks = [{"timestamp": [i, None], "text": said} for i, said in enumerate(SAID)]
    return [
        as_json({"text": "alt", "segments": rows, "language": "no"}),
        json.dumps({"chunks": chunks}).encode(),
        as_json({"transcription": {"results": [{"transcript": "Ja da.", "name": 7, "timestamps": ["0", "1"]}]}}),
        as_json([{"tekst": "Nei.", "taler": "Åse"}]),
    ]


def table(delimiter: str) -> list[bytes]:
    rows = [f'Kari{delimiter}0:0{i}{delimiter}{i + 1},5{delimiter}"{said}, ""ja"""' for i, said in enumerate(SAID)]
    first = delimiter.join(("taler", "start", "slutt", "tekst"))
    return [
        "\n".join([first, *rows]).encode(),
        "\n".join([f"sep={delimiter}", first, *rows]).encode("utf-16"),
        "\r\n".join(f"{'Kari' if i % 2 else 'Åse'}{delimiter}{said}" for i, said in enumerate(SAID)).encode(),
    ]


@cache
def word() -> bytes:
    """A Word file with what interviews have in them: tables, headings, links, comments, highlights."""
    document = docx.Document()
    document.add_heading("Intervju 1", 1)
    for who, said in zip(("I", "Åse", "I", "Åse"), SAID, strict=True):
        paragraph = document.add_paragraph()
        paragraph.add_run(f"{who}: ").bold = True
        run = paragraph.add_run(said)
        run.font.highlight_color = WD_COLOR_INDEX.YELLOW if who == "Åse" else None
        document.add_comment([run], text="tid; makt" if who == "Åse" else "spørsmål", author="Kari", initials="K")
    cells = document.add_table(rows=2, cols=2)
    cells.cell(0, 0).text, cells.cell(0, 1).text = "Berit:", "de er   redde"
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


@cache
def odt() -> bytes:
    names = "".join(
        f' xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{u}:1.0"'
        for n, u in (
            ("office", "office"),
            ("text", "text"),
            ("table", "table"),
            ("style", "style"),
            ("fo", "xsl-fo-compatible"),
        )
    )
    body = "".join(
        f'<text:p text:style-name="P1"><text:span text:style-name="T1">{who}:</text:span> {said}<text:s text:c="3"/>'
        "<text:tab/>x<text:line-break/>y</text:p>"
        for who, said in zip(("I", "Åse", "I", "Åse"), SAID, strict=True)
    )
    more = "<table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell></table:table-row></table:table>"
    content = (
        f'<office:document-content{names}><office:automatic-styles><style:style style:name="T1"><style:text-properties '
        f'fo:font-weight="bold"/></style:style></office:automatic-styles><office:body><office:text><text:h>H</text:h>{body}{more}'
        "<text:list><text:list-item><text:p>punkt</text:p></text:list-item></text:list></office:text></office:body>"
        "</office:document-content>"
    )
    return zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": content.encode()})


@cache
def excel() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["taler", "start", "slutt", "tekst"])
    for i, said in enumerate(SAID):
        sheet.append(["Åse" if i % 2 else "Kari", i / 86400, f"0:0{i}", said])
    book.create_sheet("mer").append([True, 1.5, None, "=1+1"])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    """A zip archive, its files as they are."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return buffer.getvalue()


@cache
def unzipped(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def inside(
    name: str,
    whole: Callable[[], bytes],
    *members: str,
    file: str,
    read: Callable[[Path], object],
    words: tuple[bytes, ...],
) -> Target:
    """The target of what lies in an archive: an input is a member, and its first byte says which; its checksum is right.

    Members are named by the ends of their names.
    """

    def named(ending: str) -> str:
        return next(one for one in unzipped(whole()) if one.endswith(ending))

    def seeds() -> list[bytes]:
        return [bytes([i]) + unzipped(whole())[named(ending)] for i, ending in enumerate(members)]

    def put(folder: Path, data: bytes) -> Path:
        member = named(members[data[0] % len(members)] if data else members[0])
        (folder / file).write_bytes(zipped({**unzipped(whole()), member: data[1:]}))
        return folder / file

    return Target(name, seeds, put, read, words)


def read(path: Path) -> Transcript:
    """Read a transcript, and assert that it is sound and can be kept."""
    transcript = read_transcript(path)
    _sound(transcript)
    labels = (*GRAMMARS, "none")[path.stat().st_size % (len(GRAMMARS) + 1)]
    if path.suffix == ".txt":
        with contextlib.suppress(DataError):
            _sound(read_transcript(path, labels=labels))
    return transcript


def _sound(transcript: Transcript) -> None:
    text = transcript.text
    text.encode("utf-8")
    before = 0
    for one in transcript.utterances:
        assert 0 <= one.start <= one.end <= len(text)
        assert len(one.text) == one.end - one.start
        assert before <= one.start or transcript.cues
        before = one.end
    if len(text) % 8 == 0:
        assert from_json(json.dumps(transcript.to_dict())).sha256 == transcript.sha256


_XML = tuple(
    f"<{a}w:{name}{b}>".encode()
    for name in (
        "p r t tbl tr tc sdt sdtContent hyperlink ins del body b rPr pPr vanish highlight comment commentRangeStart "
        "drawing txbxContent fldChar instrText gridSpan vMerge tblHeader sym basedOn outlineLvl moveFrom".split()
    )
    for a, b in (("", ""), ("/", ""), ("", "/"))
)
_OF_SHEETS = '<c r="XFD1" t="inlineStr"><is><t>x</t></is></c>¦<row r="1048576">¦t="s"¦t="d"¦t="e"¦<v>'
_OF_TIERS = (
    "<TIER ¦<ALIGNABLE_ANNOTATION ¦TIME_VALUE=\"¦<!DOCTYPE a [¦<!ENTITY b 'c'>¦&b;¦PARENT_REF=\"¦<REF_ANNOTATION "
    '¦ANNOTATION_REF="¦PREVIOUS_ANNOTATION="'
)
_OF_PAGES = (
    "<p>¦<a name='ts_1_2'>¦</a>¦<table>¦<pre>¦&nbsp;¦<svg>¦<div>¦<tr>¦<td rowspan=9>¦<th colspan=3>¦<del>¦<p hidden>"
    "¦class='title'"
)
_OF_RTF = (
    r"\par ¦\u8364?¦\'e5¦{\*\x ¦}¦\bin¦\uc2¦\ansicpg¦\cell ¦\row ¦\trowd\cellx9 ¦{\shptxt ¦{\v ¦\deleted ¦{\stylesheet "
    r"¦\intbl "
)
_OF_JSON = '"segments": [¦"text": ¦"speaker": ¦"timestamp": [1, 2]¦"start": '
_OF_CUES = "WEBVTT¦00:00:01.000 --> ¦<v ¦</v>¦NOTE ¦<00:00:01.000>"
_WORD = ("word/document.xml", "word/styles.xml", "[Content_Types].xml", "word/_rels/document.xml.rels")
_SHEETS = ("sheet1.xml", "xl/workbook.xml", "styles.xml", "sheet2.xml", "xl/_rels/workbook.xml.rels")

TARGETS = (
    Target(".txt", texts, as_file("a.txt"), read, words("I: ¦\nÅse: ¦[00:01:02] ¦#00:02:06-3#¦ --> ¦\t")),
    Target(".docx, the archive", lambda: [word()], as_file("a.docx"), read),
    inside(".docx, the text", word, *_WORD, file="a.docx", read=read, words=_XML),
    Target(".odt, the archive", lambda: [odt()], as_file("a.odt"), read),
    inside(
        *(".odt, the text", odt, "content.xml"),
        file="a.odt",
        read=read,
        words=words(
            '<text:s text:c="¦<text:p>¦<table:table>¦<text:note>¦<table:covered-table-cell/>¦table:number-columns-repeated="9'
            '¦style:parent-style-name="T1"¦<draw:text-box>¦text:display="none"'
        ),
    ),
    Target(".rtf", rtf, as_file("a.rtf"), read, words(_OF_RTF)),
    Target(".vtt", vtt, as_file("a.vtt"), read, words(_OF_CUES)),
    Target(".srt", srt, as_file("a.srt"), read, words("00:00:01,000 --> 00:00:02,000¦\n\n2\n¦{\\an8}")),
    Target(".eaf", eaf, as_file("a.eaf"), read, words(_OF_TIERS)),
    Target(".html", html, as_file("a.html"), read, words(_OF_PAGES)),
    Target(".otr", otr, as_file("a.otr"), read, words('"text": "¦<p>¦\\u003c')),
    Target(".json", recognised, as_file("a.json"), read, words(_OF_JSON)),
    Target(".csv", lambda: table(";"), as_file("a.csv"), read, words('sep=¦""¦;¦tekst¦taler')),
    Target(".tsv", lambda: table("\t"), as_file("a.tsv"), read, words('"¦\t¦text¦speaker')),
    Target(".xlsx, the archive", lambda: [excel()], as_file("a.xlsx"), read),
    inside(".xlsx, the sheets", excel, *_SHEETS, file="a.xlsx", read=read, words=words(_OF_SHEETS)),
)
"""Every format a transcript may have."""
