"""A project in its own .qdpx: into an empty project it brings all that autokode knows, and into itself it changes nothing."""

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autokode.cli import run
from autokode.corpus.codebook import Code, Codebook
from autokode.exchange.code_trees import codebook_of
from autokode.exchange.package.contents import Package, guid_of
from autokode.exchange.package_export import package_of
from autokode.exchange.package_import import import_package
from autokode.exchange.refi.reading import read_qdpx
from autokode.exchange.refi.writing import write_qdpx
from autokode.project import Project, Reviewer
from autokode.project.store import integrity
from autokode.project.store.codebook_rename import rename_code
from autokode.project.store.decision_rows import memos
from known_case import known
from removal_case import CODERS, CODES, KINDS, LEFT, Action, World, transcript_of
from review_case import copied
from trace_case import dump

actions = st.builds(
    Action,
    kind=st.sampled_from(KINDS),
    coder=st.sampled_from(CODERS),
    names=st.permutations(LEFT).map(tuple),
    answer=st.integers(0, 2),
    code=st.sampled_from(CODES),
    number=st.integers(0, 3),
    flag=st.booleans(),
)


def exported(project: Project, folder: Path, *, suggestions: bool = False) -> Package:
    """The project's package, from a file."""
    path = folder / "ut.qdpx"
    write_qdpx(path, package_of(project, suggestions=suggestions, memos=[one.name for one in project.coders]))
    return read_qdpx(path)


def acted(folder: Path, done: Sequence[Action]) -> Project:
    world = World(folder, LEFT)
    for action in done:
        world.act(action)
    return world.project


@given(st.lists(actions, max_size=14), st.booleans(), st.booleans())
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
def test_all_comes_home(done: list[Action], suggestions: bool, blind: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        project = acted(folder / "p", done)
        if blind:
            project.coder("Berit", blind=True)
        package = exported(project, folder, suggestions=suggestions)
        other = Project.create(folder / "q", codebook_of(package)[0])
        import_package(other, package)
        assert known(other) == known(project)
        assert exported(other, folder) == exported(project, folder)
        assert integrity.check(other.folder) == []
        before = dump(project.database.path)
        for target in (project, other):
            again = exported(target, folder, suggestions=suggestions)
            own = dump(target.database.path)
            done_again = import_package(target, again)
            assert (done_again.codes, done_again.transcripts, done_again.codings, done_again.memos) == (0, 0, 0, 0)
            assert dump(target.database.path) == own
        assert dump(project.database.path) == before
        assert known(other) == known(project)


def test_what_was_changed_since_stays_as_it_is(tmp_path: Path) -> None:
    world = World(tmp_path / "p", LEFT)
    project, anne = world.project, world.reviewer("Anne")
    place = world.ids["bakeriet"]
    for start in (0, 5, 12):
        anne.code(place, start, start + 4, "makt")
    removed, moved, recoded = world.codings("Anne", "bakeriet")
    anne.memo(f"transcript/{place}", "før")
    anne.read(place, 1)
    package = exported(project, tmp_path)
    anne.remove(removed)
    anne.span(moved, 5, 10)
    anne.recode(recoded, "språk")
    anne.memo(f"transcript/{place}", "etter")
    anne.read(place, 1, read=False)
    before = dump(project.database.path)
    done = import_package(project, package)
    assert dump(project.database.path) == before
    assert done.codings == done.memos == 0 and "skrevet fra dette prosjektet" in done.remarks[-1]


def test_a_file_that_another_program_changed_is_taken_in(tmp_path: Path) -> None:
    world = World(tmp_path / "p", LEFT)
    world.reviewer("Anne").code(world.ids["bakeriet"], 0, 4, "makt")
    package = exported(world.project, tmp_path)
    first = package.documents[0]
    (segment,) = first.segments
    other = replace(
        segment, guid=guid_of("ny"), start=5, end=9, codings=(replace(segment.codings[0], guid=guid_of("n2")),)
    )
    changed = replace(package, documents=(replace(first, segments=(segment, other)), *package.documents[1:]))
    assert import_package(world.project, changed).codings == 1
    assert len(world.project.codings()) == 2


def test_the_codebook_comes_as_it_was(tmp_path: Path) -> None:
    text = (
        "navn: Bok\nkoder:\n  - navn: makt\n    nummer: 7\n    definisjon: |-\n      Hvem bestemmer.\n\n      Eksempler: ingen\n"
        "    eksempler: ['a – b', 'c; d']\n    nøkkelord: [sjef]\n    farge: '#aa3300'\n    koder:\n      - navn: avmakt\n"
    )
    project = Project.create(tmp_path / "p", Codebook.from_yaml(text))
    project.add(transcript_of("bakeriet"))
    package = exported(project, tmp_path)
    assert codebook_of(package)[0].to_yaml() == project.codebook.to_yaml()


def test_what_a_copy_got_without_any_decision_comes_in(tmp_path: Path) -> None:
    project = acted(tmp_path / "p", [])
    copy = copied(project.folder, tmp_path / "kopi")
    copy.add(transcript_of("verkstedet"), office="Sør")
    copy.replace_codebook(replace(copy.codebook, codes=(*copy.codebook.codes, Code("frukt"))))
    copy.coder("Cato", blind=True, new=True)
    done = import_package(project, exported(copy, tmp_path))
    assert (done.transcripts, done.codes) == (1, 1) and "frukt" in project.codebook
    assert [(one.name, one.blind) for one in project.coders][-1] == ("Cato", True)
    assert known(project) == known(copy)
    import_package(project, exported(copy, tmp_path))
    assert known(project) == known(copy)


@pytest.mark.parametrize("options", [["--interviewer", "Intervjuer"], ["--encoding", "utf-8"]])
def test_options_about_speakers_take_nothing_else_away(tmp_path: Path, options: list[str]) -> None:
    world = World(tmp_path / "p", LEFT)
    project, anne = world.project, world.reviewer("Anne")
    place = world.ids["bakeriet"]
    anne.code(place, 0, 4, "makt")
    anne.read(place, 1)
    anne.reject(world.suggestion("Anne", "bakeriet", 1, "makt"))
    anne.resolve(world.people["Berit"], place, 1, {"makt": True})
    anne.memo(f"turn/{place}/1", "her")
    project.coder("Berit", blind=True)
    path = tmp_path / "ut.qdpx"
    write_qdpx(path, package_of(project, memos=["Anne"]))
    assert run(["import", str(path), "--project", str(tmp_path / "q"), *options]) == 0
    assert known(Project.open(tmp_path / "q")) == known(project)


def test_another_interviewer_is_taken_for_interviews_that_are_there(tmp_path: Path) -> None:
    project = acted(tmp_path / "p", [])
    write_qdpx(tmp_path / "ut.qdpx", package_of(project))
    for folder in ("q", "p"):
        for name in ("Intervjuer", "Kari"):
            assert (
                run(["import", str(tmp_path / "ut.qdpx"), "--project", str(tmp_path / folder), "--interviewer", name])
                == 0
            )
            assert Project.open(tmp_path / folder).transcript("bakeriet").interviewers == (name,)


@pytest.mark.parametrize("swapped", [True, False])
def test_codes_that_changed_names_come_as_they_are_called(tmp_path: Path, swapped: bool) -> None:
    """Two that exchanged names; one renamed, and a new one under the name that was free."""
    world = World(tmp_path / "p", LEFT)
    project, anne = world.project, world.reviewer("Anne")
    place = world.ids["bakeriet"]
    for start, code in ((0, "makt"), (5, "språk")):
        anne.code(place, start, start + 4, code)
        anne.memo(f"code/{code}", f"om {code}")
    for old, new in (("makt", "x"), ("språk", "makt"), ("x", "språk")) if swapped else (("makt", "styring"),):
        rename_code(project, old, new)
    if not swapped:
        project.replace_codebook(replace(project.codebook, codes=(*project.codebook.codes, Code("makt"))))
        anne.code(place, 10, 14, "makt")
    package = exported(project, tmp_path)
    other = Project.create(tmp_path / "q", codebook_of(package)[0])
    import_package(other, package)
    assert known(other) == known(project)


def test_a_memo_within_another_ones_words_is_a_memo_of_its_own(tmp_path: Path) -> None:
    project, other = acted(tmp_path / "p", []), acted(tmp_path / "q", [])
    for one, text in ((project, "Hele gjengen er uenig"), (other, "uenig")):
        Reviewer(one, one.known_coder("Anne").id).memo("project", text)
    assert import_package(project, exported(other, tmp_path)).memos == 1
    assert [memo.text for memo in memos(project)] == ["Hele gjengen er uenig\n\nuenig"]
    assert import_package(project, exported(other, tmp_path)).memos == 0


@pytest.mark.parametrize("swapped", [True, False])
def test_codes_of_a_file_that_change_names_keep_an_id_each(tmp_path: Path, swapped: bool) -> None:
    """The project came from a file, so its codes keep the ids of that file."""
    world = World(tmp_path / "p", LEFT)
    world.reviewer("Anne").code(world.ids["bakeriet"], 0, 4, "makt")
    package = exported(world.project, tmp_path)
    project = Project.create(tmp_path / "q", codebook_of(package)[0])
    import_package(project, package)
    for old, new in (("makt", "x"), ("språk", "makt"), ("x", "språk")) if swapped else (("makt", "styring"),):
        rename_code(project, old, new)
    if not swapped:
        project.replace_codebook(replace(project.codebook, codes=(*project.codebook.codes, Code("makt"))))
    again = exported(project, tmp_path)
    other = Project.create(tmp_path / "r", codebook_of(again)[0])
    import_package(other, again)
    assert known(other) == known(project)
