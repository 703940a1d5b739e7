"""What a project keeps for other programs, without what belongs to a removed interview: through a REFI package, as it comes."""

from pathlib import Path

import pytest

from autokode.exchange.package.contents import (
    Case,
    CodeNode,
    Document,
    Note,
    Package,
    PackageCoding,
    PackageSegment,
    PackageSet,
    User,
    Value,
    Variable,
)
from autokode.exchange.package_import import import_package
from autokode.project import Project
from autokode.project.store.integrity import check
from autokode.project.store.removal import contents_of, remove_interviews
from exchange_case import whole
from removal_case import BOOK, GONE, LEFT, SAID, needles, transcript_of
from trace_case import traces


def document(name: str) -> Document:
    """A document with a coded segment, an uncoded one, a code of the whole, and a note on each."""
    text = transcript_of(name).text
    coded = PackageSegment(
        f"{name}-1",
        30,
        50,
        codings=(PackageCoding(f"{name}-c", "makt", "u", "", (f"{name}-n3",)),),
        notes=(f"{name}-n1",),
    )
    uncoded = PackageSegment(f"{name}-2", 60, 70, name=SAID[name][2], notes=(f"{name}-n2",), user="u")
    whole = PackageCoding(f"{name}-w", "makt", "u", "", (f"{name}-n5",))
    return Document(f"{name}-d", name, text, (coded, uncoded), (whole,), (f"{name}-n4",), (Value("v", "Text", name),))


def package(*names: str) -> Package:
    notes = [Note(f"{name}-n{i}", f"Om {name}: {SAID[name][0]}", "", "u") for name in names for i in range(1, 6)]
    notes.append(Note("felles", "Vi ser at " + "; ".join(SAID[name][0] for name in names), "", "u"))
    together = Case("alle", "Alle", documents=tuple(f"{name}-d" for name in names))
    cases = [
        Case(f"{name}-k", SAID[name][2], SAID[name][0], (), (Value("v", "Text", "ja"),), (f"{name}-d",))
        for name in names
    ]
    return Package(
        "prøve",
        users=(User("u", "Anne"),),
        codes=(CodeNode("makt", "makt"),),
        documents=tuple(map(document, names)),
        notes=tuple(notes),
        own_notes=("felles",),
        variables=(Variable("v", "Sted"),),
        cases=(together, *cases, Case("tom", "Uten tekst")),
        sets=(
            PackageSet(
                "s", "Sett", documents=tuple(f"{name}-d" for name in names), notes=("felles", f"{names[-1]}-n1")
            ),
        ),
    )


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv("AUTOKODE_CACHE", str(tmp_path / "cache"))  # not this machine's own
    made = Project.create(tmp_path / "p", BOOK)
    import_package(made, package(*LEFT, GONE))
    return made


def test_what_belongs_to_a_removed_interview_goes(project: Project, tmp_path: Path) -> None:
    assert set(traces(needles(), tmp_path)) == needles()
    assert contents_of(project, [GONE]).carried == 13
    remove_interviews(project, [GONE], by="Anne")
    assert traces(needles() | {GONE}, tmp_path) == {}
    assert check(project.folder) == []


def test_what_goes_out_again_is_a_package_without_it(project: Project, tmp_path: Path) -> None:
    remove_interviews(project, [GONE], by="Anne")
    found = whole(project)
    assert [one.name for one in found.cases] == ["Alle", SAID[LEFT[0]][2], SAID[LEFT[1]][2], "Uten tekst"]
    assert found.cases[0].documents == tuple(f"{name}-d" for name in LEFT)
    assert found.sets[0].documents == tuple(f"{name}-d" for name in LEFT)
    assert {note.guid for note in found.notes if GONE in note.guid} == set()
    shared = next(note for note in found.notes if note.guid == "felles")
    assert shared.text == f"Vi ser at {SAID[LEFT[0]][0]}; {SAID[LEFT[1]][0]}; […]."
    other = Project.create(tmp_path / "ny", BOOK)
    import_package(other, found)
    assert [source.name for source in other.sources] == list(LEFT)
