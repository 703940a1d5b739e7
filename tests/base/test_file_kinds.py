"""Files that hold no text to read: each is named, with what to do about it."""

import io
import zipfile
from pathlib import Path

import docx
import pytest

from autokode.base.errors import DataError
from autokode.base.file_kinds import KINDS
from autokode.corpus.readers import BY_NAME, ENDINGS, read_source
from autokode.corpus.transcript import read_transcript

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500


def words(name: str) -> bytes:
    return OLE + name.encode("utf-16-le") + b"\0" * 100


def zipped(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "what", "mend"),
    [
        ("a.pdf", b"%PDF-1.7", "er PDF", "åpne den i Word (Fil > Åpne)"),
        ("a.txt", b"%PDF-1.7", "er PDF", "a.docx"),
        (
            "a.doc",
            words("WordDocument"),
            "er Words gamle format",
            "Fil > Lagre som > Word-dokument (.docx), og så: autokode",
        ),
        ("a.docx", words("WordDocument"), "er Words gamle format", "Fil > Lagre som > Word-dokument (.docx)"),
        ("a.doc", b"hva som helst", "er Words gamle format", "a.docx"),
        ("a.docx", words("EncryptedPackage"), "er låst med passord", "Beskytt dokument"),
        ("a.xlsx", words("Workbook"), "er et regneark i et eldre format", "Excel (.xlsx)"),
        ("a.xls", words("Workbook"), "er et regneark i et eldre format", "a.xlsx"),
        ("a.pages", zipped("Index/Document.iwa"), "er fra Pages", "Eksporter til > Word"),
        ("a.wpd", b"\xffWPC", "er fra WordPerfect", "LibreOffice"),
        ("a.docm", zipped("word/document.xml"), "med makroer", "a.docx"),
        ("a.gdoc", b"{}", "en lenke til Google", "Last ned"),
        ("a.m4a", b"\0\0\0 ftypM4A ", "er et opptak", "aTrain, noScribe eller Word"),
        ("a.txt", b"\0\0\0 ftypmp42", "er et opptak", "a.docx"),
        ("a.wav", b"RIFF\0\0\0\0WAVE", "er et opptak", "a.docx"),
        ("a.MP3", b"", "er et opptak", "a.docx"),
        ("a.png", b"\x89PNG\r\n", "er PNG, et bilde", "a.docx"),
        ("a.heic", b"\0\0\0 abcd", "et bilde", "a.docx"),
        ("a.zip", zipped("b.txt"), "er en pakket fil", "pakk den ut"),
        ("a.txt", zipped("b.txt"), "er en pakket fil", "pakk den ut"),
        ("a.qdpx", zipped("project.qde"), "er et prosjekt", "autokode import"),
        ("a.nvpx", b"x", "er et prosjekt fra et annet program", "REFI-QDA"),
        ("a.ost", b"x", "ukjent filtype «.ost»", "lagre utskriften som .docx eller .txt"),
    ],
)
def test_a_file_without_text_is_named_with_what_to_do(
    name: str, data: bytes, what: str, mend: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(DataError) as caught:
        read_source(tmp_path / name)
    said, tried = str(caught.value).split("\nPrøv: ")
    assert what in said
    assert mend in tried
    assert not tried.endswith(f"autokode transcript {tmp_path / name}")


def test_a_missing_file_is_missing_whatever_its_ending(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="finnes ikke"):
        read_source(tmp_path / "a.pdf")


def test_a_folder_from_pages(tmp_path: Path) -> None:
    (tmp_path / "a.pages").mkdir()
    with pytest.raises(DataError, match="er fra Pages"):
        read_source(tmp_path / "a.pages")


def test_no_ending_is_both_read_and_refused() -> None:
    endings = [*ENDINGS, *BY_NAME, *(ending for kind in KINDS for ending in kind.endings)]
    assert len(endings) == len(set(endings))


TURNS = [("I", "Hvor lå tunet?"), ("Borghild", "Nede ved elva."), ("I", "Og nå?"), ("Borghild", "Alt er borte.")]


def word() -> bytes:
    document = docx.Document()
    for who, said in TURNS:
        document.add_paragraph(f"{who}: {said}")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


CONTENT = {
    ".rtf": ("{\\rtf1\\ansi " + "\\par ".join(f"{w}: {s}" for w, s in TURNS) + "}").encode("cp1252"),
    ".html": ("\ufeff<!DOCTYPE html><html><body>" + "".join(f"<p>{w}: {s}" for w, s in TURNS) + "</html>").encode(),
    ".docx": word(),
}


@pytest.mark.parametrize("ending", [".txt", ".docx", ".odt", ".rtf", ".html"])
@pytest.mark.parametrize("real", CONTENT)
def test_a_document_with_another_ending_is_read_by_its_content(real: str, ending: str, tmp_path: Path) -> None:
    (tmp_path / f"t{ending}").write_bytes(CONTENT[real])
    found = read_transcript(tmp_path / f"t{ending}")
    assert [(u.speaker, u.text) for u in found.utterances] == TURNS
    assert (f"innholdet er {real[1:]}, og lest som det" in found.notes) == (real != ending)


def test_macroman_is_told(tmp_path: Path) -> None:
    (tmp_path / "t.txt").write_bytes("\r".join(f"{w}: {s}" for w, s in TURNS).encode("mac-roman"))
    found = read_transcript(tmp_path / "t.txt")
    assert [(u.speaker, u.text) for u in found.utterances] == TURNS
    assert any("MacRoman" in note for note in found.notes)
    assert not any("MacRoman" in note for note in read_transcript(tmp_path / "t.txt", encoding="mac-roman").notes)
