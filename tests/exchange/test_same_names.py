"""Two codes of one name in two branches are two codes: kept apart and said, or refused where a person wrote the file."""

from pathlib import Path

import pytest

from autokode.base.errors import DataError
from autokode.cli import run
from autokode.corpus.codebook import Codebook
from autokode.exchange.code_trees import add_codes
from autokode.exchange.package.contents import CodeNode, Package
from autokode.exchange.package_export import package_of
from autokode.exchange.package_import import import_package
from autokode.exchange.refi.reading import read_qdc
from autokode.exchange.refi.writing import write_qdc
from autokode.project import Project
from autokode.project.store.codebook_rename import rename_code

TWO = (
    "koder:\n  - navn: Bruker\n    koder:\n      - navn: Tillit\n  - navn: Kollega\n    koder:\n      - navn: tillit\n"
)


def node(guid: str, name: str, *codes: CodeNode) -> CodeNode:
    return CodeNode(guid, name, True, "", "", (), codes)


BOTH = Package(
    name="b",
    codes=(node("1", "Bruker", node("2", "Tillit")), node("3", "Kollega", node("4", "Tillit"))),
)


def project(folder: Path, yaml: str) -> Project:
    return Project.create(folder, Codebook.from_yaml(yaml, may_be_empty=True))


def tree(codebook: Codebook) -> dict[str, list[str]]:
    return {top.name: [code.name for code in top.codes] for top in codebook.codes}


def test_a_person_is_told_what_to_write(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "b.yaml").write_text(TWO, encoding="utf-8")
    assert run(["init", str(tmp_path / "p"), "--codebook", str(tmp_path / "b.yaml")]) == 2
    said = capsys.readouterr().err
    assert "b.yaml:7: navnet «tillit» er brukt to ganger (også på linje 4); skriv «tillit (Kollega)»" in said
    Codebook.from_yaml(TWO.replace("navn: tillit", "navn: tillit (Kollega)"))
    with pytest.raises(DataError, match="skriv «makt 2»"):
        Codebook.from_yaml("koder:\n  - navn: makt\n  - navn: makt\n")


@pytest.mark.parametrize("branch", ["Bruker", "Kollega"])
def test_a_package_and_a_project_with_one_of_them(tmp_path: Path, branch: str) -> None:
    other = "Kollega" if branch == "Bruker" else "Bruker"
    own = project(tmp_path / "p", f"koder:\n  - navn: {branch}\n    koder:\n      - navn: tillit\n")
    taken = import_package(own, BOTH)
    assert tree(own.codebook) == {branch: ["tillit"], other: [f"Tillit ({other})"]}
    assert f"1 koder har navn som en annen kode har: «Tillit» → «Tillit ({other})»" in taken.remarks
    before = own.codebook
    assert import_package(own, BOTH).codes == 0 and own.codebook == before
    assert import_package(own, package_of(own)).codes == 0 and own.codebook == before


def test_a_new_project_and_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_qdc(tmp_path / "b.qdc", BOTH)
    assert run(["import", str(tmp_path / "b.qdc"), "--project", str(tmp_path / "p")]) == 0
    assert "«Tillit» → «Tillit (Kollega)»" in capsys.readouterr().out
    own = Project.open(tmp_path / "p")
    assert tree(own.codebook) == {"Bruker": ["Tillit"], "Kollega": ["Tillit (Kollega)"]}
    write_qdc(tmp_path / "ut.qdc", package_of(own))
    again = project(tmp_path / "q", "koder: []\n")
    import_package(again, read_qdc(tmp_path / "ut.qdc"))
    assert tree(again.codebook) == tree(own.codebook)
    assert run(["import", str(tmp_path / "b.qdc"), "--project", str(tmp_path / "p")]) == 0
    assert tree(Project.open(tmp_path / "p").codebook) == tree(own.codebook)


def test_a_code_that_was_moved_here_since_is_the_same(tmp_path: Path) -> None:
    own = project(tmp_path / "p", "koder:\n  - navn: Bruker\n    koder:\n      - navn: tillit\n  - navn: Kollega\n")
    out = package_of(own)
    own.replace_codebook(
        Codebook.from_yaml("koder:\n  - navn: Bruker\n  - navn: Kollega\n    koder:\n      - navn: tillit\n")
    )
    before = own.codebook
    assert import_package(own, out).codes == 0 and own.codebook == before


@pytest.mark.parametrize(
    "yaml", ["koder:\n  - navn: Tillit\n", "koder:\n  - navn: R\n    koder:\n      - navn: Tillit\n"]
)
def test_codes_without_branches_are_the_same(tmp_path: Path, yaml: str) -> None:
    own = project(tmp_path / "p", yaml)
    flat = Package(name="b", codes=(node("9", "tillit"),))
    before = own.codebook
    assert import_package(own, flat).codes == 0 and own.codebook == before


def test_a_name_given_in_another_program_is_known_by_its_id(tmp_path: Path) -> None:
    own = project(tmp_path / "p", "koder:\n  - navn: makt\n  - navn: språk\n")
    out = package_of(own)
    (makt, *rest) = out.codes
    renamed = Package(name="b", codes=(node(makt.guid, "avmakt"), *rest))
    taken = import_package(own, renamed)
    assert taken.codes == 0 and own.codebook.codable == ("makt", "språk")
    assert "1 koder heter noe annet her, og beholder det: «avmakt» → «makt»" in taken.remarks
    rename_code(own, "makt", "maktbruk")
    assert import_package(own, renamed).codes == 0 and import_package(own, out).codes == 0
    assert own.codebook.codable == ("maktbruk", "språk")


def test_trees_alone(tmp_path: Path) -> None:
    own = Codebook.from_yaml(
        "koder:\n  - navn: A\n    koder:\n      - navn: B\n        koder:\n          - navn: tillit\n"
    )
    deeper = Package(name="b", codes=(node("1", "A", node("2", "tillit")),))
    assert add_codes(own, deeper)[0] == own  # the same branch, one level up
