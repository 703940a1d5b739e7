"""Reading QualCoder's own projects."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from autokode.base.errors import DataError
from autokode.corpus.codebook import Code
from autokode.exchange.code_trees import codebook_of
from autokode.exchange.package.checks import faults
from autokode.exchange.package.contents import CodeNode
from autokode.exchange.package_export import package_of
from autokode.exchange.package_import import import_package
from autokode.exchange.qualcoder import read_qualcoder
from autokode.exchange.refi.reading import read_qdc, read_qdpx
from autokode.exchange.refi.writing import write_qdc, write_qdpx
from autokode.project import Project
from autokode.project.store.foreign_data import made as of_project
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


SUB_CODES = (
    "ALTER TABLE code_name ADD COLUMN supercid integer",
    "INSERT INTO code_name VALUES (3, 'utålmod', '', NULL, 'Kari', '', '#0000FF', 1)",
    "INSERT INTO code_name VALUES (4, 'hast', 'skynde seg', NULL, 'Kari', '', '', 3)",
    "INSERT INTO code_name VALUES (5, 'ro', '', 1, 'Kari', '', '', 77)",
    "INSERT INTO code_text VALUES (9, 4, 1, 'Ja', 6, 8, 'Ola', '2026-03-03 11:12:13', '', NULL, 1)",
)
"""QualCoder 4: «hast» under «utålmod» under «tid» in the category «relasjon»; «ro» is below a code that is gone."""


def tree(codes: Iterable[Code | CodeNode]) -> dict[str, Any]:
    return {code.name: tree(code.codes) for code in codes}


def test_sub_codes_stay_where_they_are_in_and_out(tmp_path: Path) -> None:
    wanted = {"relasjon": {"ro": {}, "tid": {"utålmod": {"hast": {}}}}, "makt": {}}
    package = read_qualcoder(made(tmp_path, *SUB_CODES))
    assert tree(package.codes) == wanted and faults(package) == ()
    assert {node.name: node.colour for node in package.walk()}["utålmod"] == "#0000ff"
    project = Project.create(tmp_path / "p", codebook_of(package)[0])
    import_package(project, package)
    assert tree(project.codebook.codes) == wanted
    assert project.codebook.categories == {"relasjon": ("ro", "tid", "utålmod", "hast"), "makt": ("makt",)}
    assert ("hast", "Ja") in {(one.code, one.segment.quote) for one in project.codings()}
    write_qdpx(tmp_path / "ut.qdpx", package_of(project))
    write_qdc(tmp_path / "ut.qdc", package_of(project))
    for back in (read_qdpx(tmp_path / "ut.qdpx"), read_qdc(tmp_path / "ut.qdc")):
        assert tree(back.codes) == wanted


def test_sub_codes_in_a_circle_are_kept_side_by_side(tmp_path: Path) -> None:
    package = read_qualcoder(
        made(
            tmp_path, *SUB_CODES, "UPDATE code_name SET supercid = 4 WHERE cid = 1", "UPDATE code_name SET supercid = 2"
        )
    )
    assert tree(package.codes) == {"relasjon": {}, "makt": {"hast": {}, "ro": {}, "tid": {}, "utålmod": {}}}
    circle = ("UPDATE code_name SET supercid = 4 WHERE cid = 1",)
    (tmp_path / "b").mkdir()
    package = read_qualcoder(made(tmp_path / "b", *SUB_CODES, *circle))
    assert tree(package.codes) == {"relasjon": {"ro": {}, "tid": {}}, "hast": {}, "makt": {}, "utålmod": {}}
    assert "3 koder står under hverandre i ring; de er lagt ved siden av hverandre" in package.remarks
    assert ("intervju 1", "Ja", "hast") in quotes(package)


def test_a_deep_tree_of_sub_codes_is_refused_with_the_way_out(tmp_path: Path) -> None:
    row = "INSERT INTO code_name VALUES ({0}, 'k{0}', '', NULL, '', '', '', {1})"
    rows = (row.format(n, n - 1) for n in range(10, 80))
    with pytest.raises(DataError, match="i mer enn 50 nivåer"):
        read_qualcoder(made(tmp_path, SUB_CODES[0], *rows))


def test_an_important_coding_is_a_good_quote(tmp_path: Path) -> None:
    package = read_qualcoder(made(tmp_path, *SUB_CODES))
    project = Project.create(tmp_path / "p", codebook_of(package)[0])
    import_package(project, package)
    assert [(one.code, one.good) for one in of_project(project) if one.good] == [("hast", True)]


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
