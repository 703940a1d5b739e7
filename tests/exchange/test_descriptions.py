"""A description of a selection or a text is a comment there (MAXQDA, ATLAS.ti): a memo here, and a description again outside."""

from pathlib import Path

import pytest

from autokode.cli import run
from autokode.exchange.code_trees import codebook_of
from autokode.exchange.package.contents import (
    CodeNode,
    Document,
    Note,
    Package,
    PackageCoding,
    PackageSegment,
    User,
    guid_of,
)
from autokode.exchange.package_import import import_package
from autokode.exchange.refi.reading import read_qdpx
from autokode.exchange.refi.writing import write_qdpx
from autokode.project import Project
from autokode.project.store.decision_rows import memos
from autokode.project.store.foreign_data import made
from autokode.project.store.forgotten_memos import forget_memos, old_memos
from autokode.project.store.removal import remove_interviews
from autokode.project.store.reviewing import Reviewer
from exchange_case import whole

TEXT = "Ane: Vi plukket tyttebær.\nAne: Så kom regnet.\n"
ANE, PER = User(guid_of("u", 1), "Liv"), User(guid_of("u", 2), "Per")
CODE = CodeNode(guid_of("c", 1), "høst")


def package(*segments: PackageSegment, notes: tuple[Note, ...] = (), description: str = "") -> Package:
    document = Document(guid_of("d"), "skog", TEXT, segments, description=description, user=ANE.guid)
    return Package("Bær", "MAXQDA 2024", users=(ANE, PER), codes=(CODE,), documents=(document,), notes=notes)


def segment(quote: str, description: str, *coders: User, notes: tuple[str, ...] = ()) -> PackageSegment:
    start = TEXT.index(quote)
    codings = tuple(PackageCoding(guid_of("g", quote, who.name), CODE.guid, who.guid) for who in coders)
    end = start + len(quote)
    return PackageSegment(guid_of("p", quote), start, end, "", description, codings, notes, ANE.guid)


def taken_in(folder: Path, given: Package) -> Project:
    project = Project.create(folder, codebook_of(given)[0])
    import_package(project, given)
    return project


def described(project: Project) -> list[str]:
    return [one.description for document in whole(project).documents for one in document.segments]


def test_it_is_a_memo_on_the_coding_and_goes_out_as_it_came(tmp_path: Path) -> None:
    project = taken_in(tmp_path / "p", package(segment("tyttebær", "Husk: bare i år ", PER)))
    (coding,) = made(project)
    assert [(one.coder, one.about, one.text) for one in memos(project)] == [
        ("Liv", f"coding/{coding.id}", "Husk: bare i år")
    ]
    assert described(project) == ["Husk: bare i år "] and whole(project).notes == ()


def test_a_changed_memo_is_the_new_description_and_a_removed_one_is_gone(tmp_path: Path) -> None:
    project = taken_in(tmp_path / "p", package(segment("tyttebær", "gammelt", ANE)))
    liv, about = Reviewer(project, project.coder("Liv").id), memos(project)[0].about
    liv.memo(about, "nytt")
    assert described(project) == ["nytt"] and whole(project).notes == ()
    liv.memo(about, "")
    assert described(project) == [""] and whole(project).notes == ()


def test_beside_a_note_it_goes_out_as_both_until_the_memo_is_changed(tmp_path: Path) -> None:
    note = Note(guid_of("n"), "en tanke", "", ANE.guid)
    project = taken_in(tmp_path / "p", package(segment("tyttebær", "kort", ANE, notes=(note.guid,)), notes=(note,)))
    assert [one.text for one in memos(project)] == ["kort\n\nen tanke"]
    assert described(project) == ["kort"] and whole(project).notes == (note,)
    Reviewer(project, project.coder("Liv").id).memo(memos(project)[0].about, "kort, og en lengre tanke")
    out = whole(project)
    assert described(project) == [""] and [one.text for one in out.notes] == ["kort, og en lengre tanke"]
    assert out.documents[0].segments[0].notes == (note.guid,)


def test_without_a_coding_it_is_a_memo_on_the_utterance_and_of_a_text_on_the_interview(tmp_path: Path) -> None:
    given = package(segment("regnet", "se her"), description="Tatt opp ute.")
    project = taken_in(tmp_path / "p", given)
    assert {(one.about, one.text) for one in memos(project)} == {
        ("turn/1/1", "se her"),
        ("transcript/1", "Tatt opp ute."),
    }
    out = whole(project)
    assert (out.documents[0].description, described(project)) == ("Tatt opp ute.", ["se her"])
    Reviewer(project, project.coder("Liv").id).memo("transcript/1", "Tatt opp i skogen.")
    assert whole(project).documents[0].description == "Tatt opp i skogen."


def test_the_command_counts_it_and_a_second_import_adds_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_qdpx(tmp_path / "inn.qdpx", package(segment("tyttebær", "Husk dette", ANE)))
    folder = str(tmp_path / "p")
    for wanted in ("1 nye kodinger, 1 nye notater", "0 nye kodinger, 0 nye notater"):
        assert run(["import", str(tmp_path / "inn.qdpx"), "--project", folder]) == 0
        assert wanted in capsys.readouterr().out
    assert run(["export", "--project", folder, "--qdpx", str(tmp_path / "ut.qdpx"), "--memos", "alle"]) == 0
    assert read_qdpx(tmp_path / "ut.qdpx").documents[0].segments[0].description == "Husk dette"


def held(project: Project) -> str:
    """All that the project's file holds, as bytes."""
    return (project.folder / "autokode.db").read_bytes().decode("utf-8", "replace")


def test_it_is_gone_with_its_interview_and_with_its_memo(tmp_path: Path) -> None:
    given = package(segment("tyttebær", "Ane gråt her", ANE), segment("regnet", "og lo her"), description="Ane hjemme")
    project = taken_in(tmp_path / "p", given)
    assert all(text in held(project) for text in ("Ane gråt her", "og lo her", "Ane hjemme"))
    remove_interviews(project, ["skog"], by="Liv")
    assert not any(text in held(project) for text in ("Ane gråt her", "og lo her", "Ane hjemme"))
    other = taken_in(tmp_path / "q", package(segment("tyttebær", "Ane gråt her", ANE)))
    Reviewer(other, other.coder("Liv").id).memo(memos(other)[0].about, "hun var rørt")
    forget_memos(other, [one.key for one in old_memos(other)], by="Liv")
    assert "Ane gråt her" not in held(other) and described(other) == ["hun var rørt"]
