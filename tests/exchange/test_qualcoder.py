"""Reading QualCoder's own projects."""

import sqlite3
from pathlib import Path

import pytest

from autokode.base.errors import DataError
from autokode.exchange.code_trees import codebook_of
from autokode.exchange.package.checks import faults
from autokode.exchange.package_import import import_package
from autokode.exchange.qualcoder import read_qualcoder
from autokode.project import Project
from exchange_case import QUALCODER, quotes

TEXT = "[id1] Ja 😀, vi må ta oss tid.\n[id2] Jeg har pengene. Det er makt, det."


def made(folder: Path, *statements: str, shift: int = 0) -> Path:
    """Write a project as QualCoder does; `shift` moves the positions of codings, like another way of counting."""
    (folder / "prøve.qda").mkdir()
    connection = sqlite3.connect(folder / "prøve.qda" / "data.qda")
    connection.executescript(QUALCODER)
    connection.execute(
        "INSERT INTO project VALUES ('v11', '2026-03-02', 'om prosjektet', 'QualCoder 3.6', 0, 0, 'Kari')"
    )
    connection.execute(
        "INSERT INTO source VALUES (1, 'intervju 1', ?, '', 'et notat', 'Kari', '2026-03-02 10:00:00')", (TEXT,)
    )
    connection.execute("INSERT INTO source VALUES (2, 'bilde', '', '/b.png', '', 'Kari', '')")
    connection.execute("INSERT INTO code_cat VALUES (1, 'relasjon', 'Kari', '', 'en kategori', NULL)")
    connection.execute("INSERT INTO code_name VALUES (1, 'tid', 'å ta seg tid', 1, 'Kari', '', '#F8E0E0')")
    connection.execute("INSERT INTO code_name VALUES (2, 'makt', '', NULL, 'Kari', '', '#00FF00')")
    for number, (code, said) in enumerate(
        [(1, "vi må ta oss tid"), (2, "Jeg har pengene"), (2, "Det er makt, det")], 1
    ):
        start = TEXT.index(said)
        values = (number, code, said, start + shift, start + len(said) + shift)
        connection.execute(
            "INSERT INTO code_text VALUES (?, ?, 1, ?, ?, ?, 'Ola', '2026-03-03 11:12:13', 'godt sagt', NULL, NULL)",
            values,
        )
    connection.execute("INSERT INTO annotation VALUES (1, 1, 6, 8, 'hm', 'Ola', '')")
    connection.execute("INSERT INTO cases VALUES (1, 'Kontor A', '', 'Kari', '')")
    connection.execute("INSERT INTO case_text VALUES (1, 1, 1, 0, 10, 'Kari', '', '')")
    connection.execute("INSERT INTO attribute_type VALUES ('alder', '', 'Kari', '', 'case', 'numeric')")
    connection.execute("INSERT INTO attribute VALUES (1, 'alder', 'case', '47', 1, '', 'Kari')")
    connection.execute("INSERT INTO journal VALUES (1, 'dagbok', 'i dag kodet jeg', '', 'Kari')")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
    return folder / "prøve.qda"


WANTED = [
    ("intervju 1", "Det er makt, det", "makt"),
    ("intervju 1", "Jeg har pengene", "makt"),
    ("intervju 1", "vi må ta oss tid", "tid"),
]


@pytest.mark.parametrize("shift", [0, 1])
def test_a_project_is_imported_completely(shift: int, tmp_path: Path) -> None:
    package = read_qualcoder(made(tmp_path, shift=shift))
    assert quotes(package) == WANTED
    assert faults(package) == ()
    assert [(node.name, node.codable, node.colour) for node in package.walk()] == [
        ("relasjon", False, ""),
        ("tid", True, "#f8e0e0"),
        ("makt", True, "#00ff00"),
    ]
    assert package.cases[0].values[0].text == "47"
    assert {note.text for note in package.notes} == {"et notat", "godt sagt", "hm", "i dag kodet jeg"}
    assert {given.time for one in package.documents[0].segments for given in one.codings} == {"2026-03-03T11:12:13"}
    assert "1 filer uten tekst, utelatt" in package.remarks
    assert (len(package.remarks) > 1) == bool(shift)
    project = Project.create(tmp_path / "p", codebook_of(package)[0])
    taken = import_package(project, package)
    assert (taken.transcripts, taken.codings, project.source("intervju 1").office) == (1, 3, "Kontor A")


def test_positions_in_utf_16_are_inferred_from_the_quotes(tmp_path: Path) -> None:
    folder = made(tmp_path)
    with sqlite3.connect(folder / "data.qda") as connection:
        for number, said in connection.execute("SELECT ctid, seltext FROM code_text").fetchall():
            start = len(TEXT[: TEXT.index(said)].encode("utf-16-le")) // 2
            connection.execute(
                "UPDATE code_text SET pos0 = ?, pos1 = ? WHERE ctid = ?", (start, start + len(said), number)
            )
    package = read_qualcoder(folder / "data.qda")
    assert quotes(package) == WANTED


def test_a_coding_beside_its_quote_moves_to_the_quote(tmp_path: Path) -> None:
    package = read_qualcoder(made(tmp_path, "UPDATE code_text SET pos0 = pos0 + 2, pos1 = pos1 + 3 WHERE ctid = 2"))
    assert quotes(package) == WANTED
    assert "1 kodinger flyttet dit sitatet deres står" in package.remarks


def test_circular_categories_and_foreign_rows_are_remarked(tmp_path: Path) -> None:
    package = read_qualcoder(
        made(
            tmp_path,
            "INSERT INTO code_cat VALUES (7, 'a', '', '', '', 8)",
            "INSERT INTO code_cat VALUES (8, 'b', '', '', '', 7)",
            "INSERT INTO code_name VALUES (9, 'borte', '', 7, '', '', '')",
            "INSERT INTO code_text VALUES (9, 99, 1, '', 0, 5, '', '', '', NULL, NULL)",
            "INSERT INTO code_text VALUES (10, 1, 1, '', -3, 'x', '', '', '', NULL, NULL)",
            "INSERT INTO code_text VALUES (11, 1, 1, '', 3, 'x', '', '', '', NULL, NULL)",
            "INSERT INTO code_text VALUES (12, 1, 1, '', 'x', 3, '', '', '', NULL, NULL)",
        )
    )
    assert quotes(package) == WANTED
    assert "1 koder i kategorier som går i ring, utelatt" in package.remarks
    assert "4 kodinger uten sted eller kode, utelatt" in package.remarks


def test_files_that_are_not_qualcoders_raise(tmp_path: Path) -> None:
    (tmp_path / "tom.qda").mkdir()
    with pytest.raises(DataError, match=r"har ingen data.qda"):
        read_qualcoder(tmp_path / "tom.qda")
    (tmp_path / "x.qda").write_bytes(b"ikke SQLite " * 100)
    with pytest.raises(DataError, match="kan ikke leses som SQLite"):
        read_qualcoder(tmp_path / "x.qda")
    sqlite3.connect(tmp_path / "y.qda").execute("CREATE TABLE t (x)").connection.close()
    with pytest.raises(DataError, match="er ikke fra QualCoder"):
        read_qualcoder(tmp_path / "y.qda")
