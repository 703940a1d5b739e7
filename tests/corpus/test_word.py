"""Word documents: styles, tables, text boxes, changes, fields, and what nobody says."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autokode.corpus.readers import read_source
from autokode.corpus.readers.source import Source
from autokode.corpus.transcript import Transcript, read_transcript
from word_case import box, cell, field, paragraph, row, run, table, write_word

STYLES = """
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>
<w:style w:type="character" w:styleId="Sterk"><w:name w:val="Strong"/><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Sterkere"><w:name w:val="X"/><w:basedOn w:val="Sterk"/></w:style>
<w:style w:type="character" w:styleId="Svak"><w:basedOn w:val="Sterk"/><w:rPr><w:b w:val="0"/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Runde"><w:basedOn w:val="Runde2"/></w:style>
<w:style w:type="character" w:styleId="Runde2"><w:basedOn w:val="Runde"/></w:style>
<w:style w:type="character" w:styleId="Borte"><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Taler"><w:name w:val="Taler"/><w:basedOn w:val="Normal"/><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Taler2"><w:basedOn w:val="Taler"/></w:style>
<w:style w:type="paragraph" w:styleId="Overskrift2"><w:name w:val="heading 2"/></w:style>
<w:style w:type="paragraph" w:styleId="Mitt"><w:name w:val="Mitt mellomrom"/><w:basedOn w:val="Overskrift2"/></w:style>
<w:style w:type="paragraph" w:styleId="Tittel"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="Niv"><w:name w:val="Tema"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="INNH1"><w:name w:val="toc 1"/></w:style>
"""


def read(folder: Path, body: str, **parts: str) -> Source:
    return read_source(write_word(folder, body, STYLES, **parts))


def heard(transcript: Transcript) -> list[tuple[str, str]]:
    return [(u.speaker, u.text) for u in transcript.utterances]


def styled(name: str) -> str:
    return f'<w:rStyle w:val="{name}"/>'


@pytest.mark.parametrize(
    ("line", "is_bold"),
    [
        (paragraph(run("Arvid", "<w:b/>")), True),
        (paragraph(run("Arvid", '<w:b w:val="true"/>'), run(":")), True),
        (paragraph(run("Arvid", '<w:b w:val="0"/>')), False),
        (paragraph(run("Arvid", styled("Sterk"))), True),
        (paragraph(run("Arvid", styled("Sterkere"))), True),
        (paragraph(run("Arvid", styled("Svak"))), False),
        (paragraph(run("Arvid", styled("Runde"))), False),
        (paragraph(run("Arvid", styled("Ukjent"))), False),
        (paragraph("Arvid", style="Taler"), True),
        (paragraph("Arvid", style="Taler2"), True),
        (paragraph(run("Arvid", '<w:b w:val="off"/>'), style="Taler"), False),
        (paragraph(run("Arvid", styled("Sterk")), style="Taler"), False),  # a toggle on a toggle (17.7.3)
        (paragraph(run("Ar", "<w:b/>"), run("vid", styled("Sterk"))), True),
        (paragraph(run("Arvid", "<w:b/>"), run(" sa")), False),
        (paragraph(run("Arvid", "<w:bCs/>")), False),
    ],
)
def test_bold_follows_the_styles(line: str, is_bold: bool, tmp_path: Path) -> None:
    found = read(tmp_path, line)
    assert [found.text[a:b] for a, b in found.headings] == ([found.text] if is_bold else [])


def test_the_default_of_a_document_may_be_bold(tmp_path: Path) -> None:
    styles = "<w:docDefaults><w:rPrDefault><w:rPr><w:b/></w:rPr></w:rPrDefault></w:docDefaults>"
    assert read_source(write_word(tmp_path, paragraph("Arvid"), styles)).headings == ((0, 5),)


def test_a_name_in_bold_over_a_line_end(tmp_path: Path) -> None:
    found = read(tmp_path, paragraph(run("Arvid", "<w:b/>"), "<w:r><w:br/></w:r>", "Vi hogde ved."))
    assert found.text == "Arvid\nVi hogde ved."
    assert found.headings == ((0, 5),)


@pytest.mark.parametrize(
    "line",
    [
        paragraph("Del 2", style="Overskrift2"),
        paragraph("Del 2", style="Mitt"),
        paragraph("Del 2", style="Tittel"),
        paragraph("Del 2", style="Niv"),
        paragraph("Del 2", style="Heading3"),  # not defined in the file
        paragraph("Del 2", style="Overskrift 1"),
        paragraph("Del 2", properties='<w:outlineLvl w:val="0"/>'),
    ],
)
def test_headings_are_titles(line: str, tmp_path: Path) -> None:
    found = read(tmp_path, line + paragraph("Ja.", style="Taler"))
    assert [found.text[a:b] for a, b in found.titles] == ["Del 2"]


def test_body_text_in_a_heading_style_is_none(tmp_path: Path) -> None:
    line = paragraph("Vi hogde ved.", style="Overskrift2", properties='<w:outlineLvl w:val="9"/>')
    assert read(tmp_path, line).titles == ()


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("<w:r><w:t>skog</w:t><w:tab/><w:t>og</w:t><w:br/><w:t>li</w:t><w:cr/></w:r>", "skog\tog\nli\n"),
        ("<w:r><w:t>tøm</w:t><w:softHyphen/><w:t>mer</w:t><w:noBreakHyphen/><w:t>hus\u00adet</w:t></w:r>", "tømmer-huset"),
        ('<w:r><w:t>ja</w:t><w:br w:type="page"/><w:t>da</w:t><w:br w:type="page"/></w:r>', "ja\nda"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F04A"/><w:sym w:font="Arial" w:char="00E5"/></w:r>', "☺å"),
        (f"<w:hyperlink>{run('nettsida')}</w:hyperlink>", "nettsida"),
        (f"<w:ins>{run('nytt')}</w:ins><w:moveTo>{run(' sted')}</w:moveTo><w:moveFrom>{run('sted')}</w:moveFrom>", "nytt sted"),
        (f"<w:smartTag>{run('Lom')}</w:smartTag><w:customXml>{run(' kommune')}</w:customXml>", "Lom kommune"),
        (f"<w:sdt><w:sdtPr/><w:sdtContent>{run('valgt')}</w:sdtContent></w:sdt>", "valgt"),
        (f"<w:fldSimple>{run('7')}</w:fldSimple>", "7"),
        (field("PAGEREF _Toc1", "12") + field('HYPERLINK "https://x.no"', "lenke"), "12lenke"),
        (field("IF </w:instrText></w:r>" + field("DATE", "i dag") + "<w:r><w:instrText>", "x"), "x"),
        (f"<w:r><w:ruby><w:rt>{run('kan')}</w:rt><w:rubyBase>{run('漢')}</w:rubyBase></w:ruby></w:r>", "漢"),
        ("<m:oMath><m:r><m:t>x=2</m:t></m:r></m:oMath>", "x=2"),
        (f"<w:nyttMerke>{run('ukjent')}</w:nyttMerke>", "ukjent"),
        ("<w:r><w:t>en\n  to</w:t></w:r>", "en   to"),
        ("<w:r><w:footnoteReference w:id='2'/><w:t>ja</w:t><w:annotationRef/></w:r>", "ja"),
    ],
)  # fmt: skip
def test_the_letters_of_a_paragraph(content: str, text: str, tmp_path: Path) -> None:
    assert read(tmp_path, paragraph(content)).text == text


@pytest.mark.parametrize(
    "gone",
    [
        run("ikke ", "<w:vanish/>") + run("dette", "<w:vanish/>"),
        run("ikke dette", styled("Borte")),
        "<w:del><w:r><w:delText>ikke dette</w:delText></w:r></w:del>",
        f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('ikke dette')}</w:sdtContent></w:sdt>",
    ],
)
def test_what_nobody_says_leaves_no_line_and_is_told(gone: str, tmp_path: Path) -> None:
    found = read(tmp_path, paragraph("A: Før.") + paragraph(gone) + paragraph("B: Etter."))
    assert found.text == "A: Før.\nB: Etter."
    assert [part.text for part in found.left_out] == ["ikke dette"]


def test_a_paragraph_whose_end_is_deleted_goes_on_in_the_next(tmp_path: Path) -> None:
    first = paragraph("A: Vi hogde ", properties="<w:rPr><w:del/></w:rPr>")
    assert (
        read(tmp_path, first + paragraph("hele vinteren.") + paragraph("B: Ja.")).text
        == "A: Vi hogde hele vinteren.\nB: Ja."
    )


def test_parts_beside_the_text_are_told(tmp_path: Path) -> None:
    line = '<w:footnote w:type="separator"><w:p/></w:footnote>'
    found = read(
        tmp_path,
        paragraph("A: Vi hogde ved.") + paragraph("Innhold 1", style="INNH1"),
        footnotes=line + f"<w:footnote>{paragraph('Bjørk')}</w:footnote>",
        endnotes=f"<w:endnote>{paragraph('Gran')}</w:endnote>",
        comments=f"<w:comment>{paragraph('Sjekk')}{paragraph('dette')}</w:comment>",
        header=paragraph("Utkast") + paragraph("Utkast"),
        footer=paragraph(field("PAGE", "3")),
    )
    assert found.text == "A: Vi hogde ved."
    assert [part.text for part in found.left_out] == ["Innhold 1", "Bjørk\nGran", "Sjekk dette", "Utkast"]


def test_a_text_box_is_read_once_after_its_paragraph(tmp_path: Path) -> None:
    inner = paragraph("B: I boksen.") + table(row("C:", "I tabellen."))
    found = read(tmp_path, paragraph("A: Før ", box(inner), "og etter.") + paragraph(box(paragraph("B: Alene."))))
    assert found.text == "A: Før og etter.\nB: I boksen.\nC:\tI tabellen.\nB: Alene."


HEADS = row("Nr.", "Tidspunkt", "Hvem", "Ytring", "Notat")


def test_a_table_by_its_heads(tmp_path: Path) -> None:
    rows = [
        row(cell("Intervju på setra", '<w:gridSpan w:val="5"/>')),
        HEADS,
        row("1", "0:02", cell("Arvid", '<w:vMerge w:val="restart"/>'), "Vi gikk opp i mai.", "trøtt"),
        row("2", "0:07", cell("", "<w:vMerge/>"), paragraph("Snøen lå.") + paragraph("Ennå."), ""),
        HEADS,
        row(cell("Del 2: Hjemturen", '<w:gridSpan w:val="5"/>')),
        row("3", "0:15", "I", "Og ned?", ""),
        row("4", "0:18", "", "Hvem gikk?", ""),
    ]  # fmt: skip
    found = read_transcript(write_word(tmp_path, paragraph("Før") + table(*rows) + paragraph("Takk"), STYLES))
    assert [(cue.speaker, found.text[cue.start : cue.end], cue.begin_s) for cue in found.cues] == [
        ("Arvid", "Vi gikk opp i mai.", 2.0),
        ("Arvid", "Snøen lå. Ennå.", 7.0),
        ("I", "Og ned?", 15.0),
        ("I", "Hvem gikk?", 18.0),
    ]
    assert [part.text for part in found.left_out] == ["trøtt", "Før\nIntervju på setra\nDel 2: Hjemturen\nTakk"]
    assert any(note.startswith("1 rader uten taler") for note in found.notes)


TURNS = [
    ("I", "Hva het hesten?"),
    ("Arvid", "Blakken, hele livet."),
    ("I", "Og hunden?"),
    ("Arvid", "Det husker jeg ikke."),
]


@pytest.mark.parametrize(
    "rows",
    [
        [row(w, s) for w, s in TURNS],
        [row(f"{i}.", f"{w}:", s) for i, (w, s) in enumerate(TURNS, 1)],
        [row(f"00:0{i}", w, s) for i, (w, s) in enumerate(TURNS)],
        [row(w, s, f"[00:0{i}]") for i, (w, s) in enumerate(TURNS)],
        [row(w, s, "") for w, s in TURNS],
        [row("Taler", "Tekst", properties="<w:tblHeader/>"), *(row(w, s) for w, s in TURNS)],
    ],
    ids=["two columns", "numbered", "timed", "time last", "padded", "headed"],
)
def test_a_table_without_known_heads(rows: list[str], tmp_path: Path) -> None:
    facts = table(row("Navn", "Arvid Moen"), row("Alder", "81 år"), row("Yrke", "tømmerhogger"))
    assert heard(read_transcript(write_word(tmp_path, table(*rows), STYLES))) == TURNS
    found = read_transcript(write_word(tmp_path, facts + paragraph("") + table(*rows), STYLES))
    assert heard(found) == TURNS
    assert "81 år" in found.left_out[-1].text


def test_a_table_goes_on_in_another_with_the_same_speakers(tmp_path: Path) -> None:
    more = [("Arvid", "Jo, Passopp het hunden."), ("Kona", "Nei, det var før.")]
    body = table(*(row(w, s) for w, s in TURNS)) + paragraph("Del 2") + table(*(row(w, s) for w, s in more))
    found = read_transcript(write_word(tmp_path, body, STYLES))
    assert [word for _who, said in heard(found) for word in said.split()] == [
        word for _who, said in TURNS + more for word in said.split()
    ]


def test_one_table_for_each_utterance(tmp_path: Path) -> None:
    body = "".join(table(row(w, s)) + paragraph("") for w, s in TURNS)
    assert heard(read_transcript(write_word(tmp_path, body, STYLES))) == TURNS


def test_a_table_of_facts_is_no_speech(tmp_path: Path) -> None:
    facts = table(row("Navn", "Arvid Moen"), row("Alder", "81 år"), row("Kommune", "Trysil, og før det Engerdal"))
    said = "".join(paragraph(f"{w}: {s}") for w, s in TURNS)
    found = read_transcript(write_word(tmp_path, facts + paragraph("") + said, STYLES))
    assert heard(found) == TURNS
    assert "Trysil" in found.left_out[0].text


def test_cells_side_by_side_that_hold_a_whole_interview(tmp_path: Path) -> None:
    said = "".join(paragraph(f"{w}: {s}") for w, s in TURNS)
    found = read_transcript(write_word(tmp_path, table(row(said, "Notat: fin dag")), STYLES))
    assert heard(found)[:3] == TURNS[:3]
    framed = read_transcript(write_word(tmp_path, table(row(table(*(row(w, s) for w, s in TURNS)))), STYLES))
    assert heard(framed) == TURNS


WORDS = st.lists(st.sampled_from("bjørk gran Åse ved øks slede 😀 hest".split()), min_size=1, max_size=4)
PLACES = {
    "said": "{0}",
    "bold": run("{0}", "<w:b/>"),
    "hidden": run("{0}", "<w:vanish/>"),
    "deleted": "<w:del><w:r><w:delText>{0}</w:delText></w:r></w:del>",
    "inserted": f"<w:ins>{run('{0}')}</w:ins>",
    "moved": f"<w:moveFrom>{run('{0}')}</w:moveFrom><w:moveTo>{run('{0}')}</w:moveTo>",
    "link": f"<w:hyperlink>{run('{0}')}</w:hyperlink>",
    "field": field("REF x", "{0}"),
    "box": box(paragraph("{0}")),
    "control": f"<w:sdt><w:sdtContent>{run('{0}')}</w:sdtContent></w:sdt>",
    "paragraph": "</w:p>" + paragraph("{0}") + "<w:p>",
    "heading": "</w:p>" + paragraph("{0}", style="Overskrift2") + "<w:p>",
    "contents": "</w:p>" + paragraph("{0}", style="INNH1") + "<w:p>",
    "table": "</w:p>" + table(row("{0}", "{0}"), row("{0}", "")) + "<w:p>",
    "headed": "</w:p>" + table(HEADS, row("1", "0:01", "{0}", "{0}", "{0}")) + "<w:p>",
    "nested": "</w:p>" + table(row(table(row("{0}", "{0}")), "{0}")) + "<w:p>",
}
LABELS = {"Nr.", "Tidspunkt", "Hvem", "Ytring", "Notat", "1", "0:01"}


@given(st.lists(st.tuples(st.sampled_from(sorted(PLACES)), WORDS), min_size=1, max_size=8), WORDS)
@settings(max_examples=80)
def test_every_letter_is_in_the_text_or_told(
    tmp_path_factory: pytest.TempPathFactory, parts: list[tuple[str, list[str]]], note: list[str]
) -> None:
    body, wanted = "<w:p>" + run("ja "), ["ja", *note]
    for i, (place, words) in enumerate(parts):
        said = " ".join((*words, f"n{i}"))
        own = PLACES[place].format(said)
        body += (own if own.startswith("<") else run(own)) + run(" ")
        wanted += said.split() * (1 if place in ("moved", "box") else PLACES[place].count("{0}"))
    notes = f"<w:footnote>{paragraph(' '.join(note))}</w:footnote>"
    found = read(tmp_path_factory.getbasetemp(), body + "</w:p>", footnotes=notes)
    told = " ".join(part.text for part in found.left_out)
    read_words = [word.rstrip(":") if word.startswith("n") else word for word in f"{found.text} {told}".split()]
    assert sorted(word for word in read_words if word not in LABELS) == sorted(wanted)
    assert all(found.text[cue.start : cue.end].strip() for cue in found.cues)
    assert all(found.text[a - 1 : a] in ("", "\n") for a, _b in (*found.headings, *found.titles))


BOLD = "<w:b/>"


@pytest.mark.parametrize("between", [" ", "  ", ": ", " – "])
def test_a_name_in_bold_before_the_words(between: str, tmp_path: Path) -> None:
    names = {"I": "Ragnhild Moe", "Arvid": "Arvid"}
    body = "".join(paragraph(run(names[w], BOLD), between + s) for w, s in TURNS)
    path = write_word(tmp_path, paragraph(run("Intervju", BOLD), " på Moen") + body, STYLES)
    assert heard(read_transcript(path)) == [(names[w], s) for w, s in TURNS]
    assert read_transcript(path, speakers=["Arvid"]).speakers == {"Arvid": 2}


def test_words_in_bold_are_no_names(tmp_path: Path) -> None:
    said = [
        ("I: ", "Hva var verst?"),
        ("Alltid", " kulda, og så mørket."),
        ("Arvid: ", "Snøen."),
        ("Alltid", " snøen."),
        ("I: ", "Ja?"),
    ]
    body = "".join(paragraph(run(a, BOLD), b) for a, b in said)
    assert read_transcript(write_word(tmp_path, body, STYLES)).speakers.keys() == {"I", "Arvid"}
    alone = "".join(paragraph(run("Helt sant", BOLD), f" var det ikke, nummer {i} det.") for i in range(4))
    assert read_transcript(write_word(tmp_path, alone, STYLES)).labels == "none"
