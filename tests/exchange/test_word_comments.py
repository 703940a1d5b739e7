"""Comments of a Word document that are no codes (replies, questions, prose), and shadings that are highlights."""

from pathlib import Path

import docx
import pytest
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from autokode.base.errors import DataError
from autokode.cli import run
from autokode.exchange.coded_word import read_marked_docx
from autokode.exchange.package.contents import Package
from autokode.project import Project
from autokode.project.store.decision_rows import memos
from autokode.project.store.foreign_data import made
from exchange_case import quotes

PARAGRAPH = "{http://schemas.microsoft.com/office/word/2010/wordml}paraId"
EXTENDED = "http://schemas.microsoft.com/office/2011/relationships/commentsExtended"
SAID = "Vi rodde ut før sola kom opp."


def commented(path: Path, *comments: tuple[str, str, int | None], ranges: bool = True) -> Path:
    """Write a document of one utterance with comments on it: (author, text, number of the comment that it replies to or None)."""
    document = docx.Document()
    spoken = document.add_paragraph("Jon: ").add_run(SAID)
    rows = []
    for i, (author, text, above) in enumerate(comments):
        comment = document.add_comment([spoken], text=text, author=author)
        comment.paragraphs[-1]._p.set(PARAGRAPH, f"{i + 1:08X}")
        parent = "" if above is None else f' w15:paraIdParent="{above + 1:08X}"'
        rows.append(f'<w15:commentEx w15:paraId="{i + 1:08X}"{parent} w15:done="0"/>')
        if above is not None and not ranges:
            for tag in ("w:commentRangeStart", "w:commentRangeEnd"):
                for element in list(document.element.body.iter(qn(tag))):
                    if element.get(qn("w:id")) == str(comment.comment_id):
                        element.getparent().remove(element)
    xml = f'<w15:commentsEx xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml">{"".join(rows)}</w15:commentsEx>'
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.commentsExtended+xml"
    package = document.part.package
    document.part.relate_to(Part(PackURI("/word/commentsExtended.xml"), kind, xml.encode(), package), EXTENDED)
    document.save(str(path))
    return path


def codes_of(package: Package) -> set[str]:
    return {code for _document, _quote, code in quotes(package)}


@pytest.mark.parametrize("ranges", [True, False])
def test_a_reply_is_a_memo_on_what_it_replies_about(ranges: bool, tmp_path: Path) -> None:
    path = commented(
        tmp_path / "k.docx", ("Liv", "slit", None), ("Odd", "Heller håp", 0), ("Liv", "enig", 0), ranges=ranges
    )
    package = read_marked_docx(path)
    assert codes_of(package) == {"slit"}
    assert [(note.text, user.name) for note in package.notes for user in package.users if user.guid == note.user] == [
        ("Heller håp", "Odd"),
        ("enig", "Liv"),
    ]
    assert package.remarks == ("2 svar på kommentarer er tatt som notater",)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Er dette håp?", "1 spørsmål i kommentarer er tatt som notater"),
        ("Håp, eller slit?", "1 spørsmål i kommentarer er tatt som notater"),
        ("slit?", "1 spørsmål i kommentarer er tatt som notater"),
        ("Se på dette. Det går igjen.", "1 lange kommentarer er tatt som notater"),
        ("Husk dette!", "1 lange kommentarer er tatt som notater"),
        ("Dette minner om forrige intervju.", "1 lange kommentarer er tatt som notater"),
        ("her snakker han om hvor tungt det egentlig var å ro", "1 lange kommentarer er tatt som notater"),
    ],
)
def test_a_question_and_prose_are_memos(text: str, kind: str, tmp_path: Path) -> None:
    package = read_marked_docx(commented(tmp_path / "k.docx", ("Liv", text, None), ("Odd", "slit", None)))
    assert codes_of(package) == {"slit"} and package.remarks == (kind,)
    assert [note.text for note in package.notes] == [text]


@pytest.mark.parametrize("text", ["slit.", "Slit; håp", "St. Hans", "f.eks. slit", "det å ro ut tidlig om morgenen"])
def test_names_stay_codes(text: str, tmp_path: Path) -> None:
    package = read_marked_docx(commented(tmp_path / "k.docx", ("Liv", text, None)))
    assert package.notes == () and len(codes_of(package)) == (2 if ";" in text else 1)


def test_a_known_code_beside_prose_is_still_given(tmp_path: Path) -> None:
    path = commented(
        tmp_path / "k.docx", ("Liv", "slit\nHer er det tydelig. Se også forrige.", None), ("Odd", "slit", None)
    )
    package = read_marked_docx(path)
    assert sorted(quotes(package)) == [("k", SAID, "slit")] * 2 and len(package.notes) == 1
    question = commented(tmp_path / "q.docx", ("Liv", "Hvordan ror dere?", None))
    assert codes_of(read_marked_docx(question, codes=["Hvordan ror dere?"])) == {"Hvordan ror dere?"}


def test_the_command_keeps_them_as_memos_on_the_coding_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = commented(tmp_path / "k.docx", ("Liv", "slit", None), ("Odd", "Er dette slit?", None), ("Odd", "nei", 0))
    assert run(["import", str(path), "--project", str(tmp_path / "p")]) == 0
    said = capsys.readouterr().out
    assert "1 nye kodinger, 1 nye notater" in said and "1 svar på kommentarer" in said and "1 spørsmål" in said
    project = Project.open(tmp_path / "p")
    (coding,) = made(project)
    assert [(one.coder, one.about, one.text) for one in memos(project)] == [
        ("Odd", f"coding/{coding.id}", "Er dette slit?\n\nnei")
    ]
    assert run(["import", str(path), "--project", str(tmp_path / "p")]) == 0
    assert "0 nye kodinger, 0 nye notater" in capsys.readouterr().out


def test_a_damaged_list_of_replies_is_an_error_in_words(tmp_path: Path) -> None:
    document = docx.Document()
    spoken = document.add_paragraph("Jon: ").add_run(SAID)
    document.add_comment([spoken], text="slit", author="Liv")
    part = Part(PackURI("/word/commentsExtended.xml"), "application/xml", b"<w15:comm", document.part.package)
    document.part.relate_to(part, EXTENDED)
    document.save(str(tmp_path / "d.docx"))
    with pytest.raises(DataError, match=r"commentsExtended\.xml"):
        read_marked_docx(tmp_path / "d.docx")


def shaded(path: Path, *fills: str) -> Path:
    document = docx.Document()
    for i, fill in enumerate(fills):
        one = document.add_paragraph("Jon: ").add_run(f"Sagt {i}.")
        shade = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", fill)):
            shade.set(qn(f"w:{name}"), value)
        one._r.get_or_add_rPr().append(shade)
    document.save(str(path))
    return path


def test_a_shading_is_a_highlight(tmp_path: Path) -> None:
    package = read_marked_docx(
        shaded(tmp_path / "s.docx", "FFFF00", "ffff00", "00FF00", "FFF2CC", "auto", "FFFFFF", "F3F3F3")
    )
    assert quotes(package) == [
        ("s", "Sagt 0.", "gul"),
        ("s", "Sagt 1.", "gul"),
        ("s", "Sagt 2.", "grønn"),
        ("s", "Sagt 3.", "gul #fff2cc"),
    ]
    assert {node.name: node.colour for node in package.codes} == {
        "gul": "#ffff00",
        "grønn": "#00ff00",
        "gul #fff2cc": "#fff2cc",
    }
    fills = {"A4C2F4": "blå", "93C47D": "grønn", "660000": "mørkerød", "EA9999": "rød", "999999": "mørkegrå"}
    other = read_marked_docx(shaded(tmp_path / "o.docx", *fills))
    assert [code for _d, _q, code in quotes(other)] == [f"{name} #{fill.lower()}" for fill, name in fills.items()]
    with pytest.raises(DataError, match="verken kommentarer eller fargemarkeringer"):
        read_marked_docx(shaded(tmp_path / "t.docx", "auto", "FFFFFF"))


def test_a_known_name_is_a_code_and_a_stated_memo_is_none(tmp_path: Path) -> None:
    named = "å ro; eller <seile>, helst"
    path = commented(tmp_path / "x.docx", ("Liv", named, None), ("Liv", "Notat: kort", None), ("Liv", "kort", None))
    package = read_marked_docx(path, codes=[named])
    assert {one.name for one in package.codes} == {named, "kort"}
    assert [one.text for one in package.notes] == ["kort"]
    assert {one.name for one in read_marked_docx(path).codes} == {"å ro", "eller <seile>, helst", "kort"}
