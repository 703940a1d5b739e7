"""Interviews taken out of a project for good: what is left is what there would be if it had never had them, in every byte."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from autokode import DataError
from autokode.project import Project, Reviewer
from autokode.project.store import project_files
from autokode.project.store.database import Database
from autokode.project.store.decision_log import REMOVAL, facts, replayed
from autokode.project.store.integrity import check
from autokode.project.store.log_rewriting import NOBODY
from autokode.project.store.removal import close_project, contents, contents_of, remove_interviews
from autokode.project.store.repair import repair
from removal_case import (
    BOOK,
    CODERS,
    CODES,
    GONE,
    KINDS,
    LEFT,
    SAID,
    Action,
    Plain,
    World,
    both,
    needles,
    transcript_of,
    undo,
)
from review_case import copied, rows
from trace_case import plain_sqlite, traces


@pytest.fixture(autouse=True, scope="module")
def _plain_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with plain_sqlite() as patch:
        patch.setenv("AUTOKODE_CACHE", str(tmp_path_factory.mktemp("cache")))  # not this machine's own
        yield


actions = st.builds(
    Action,
    kind=st.sampled_from(KINDS),
    coder=st.sampled_from(CODERS),
    names=st.permutations(tuple(SAID)).map(tuple),
    answer=st.integers(0, 2),
    code=st.sampled_from(CODES),
    number=st.integers(0, 3),
    flag=st.booleans(),
)


DANGLING = (
    "SELECT * FROM decision WHERE transcript NOT IN (SELECT id FROM transcript)",
    "SELECT * FROM decision WHERE kind IN ('undo', 'redo') AND of NOT IN (SELECT id FROM decision)",
    "SELECT * FROM undone WHERE decision NOT IN (SELECT id FROM decision)",
)


@settings(max_examples=6, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(st.lists(actions, min_size=8, max_size=25))
def test_what_is_left_is_what_there_would_be_without_it(
    tmp_path_factory: pytest.TempPathFactory, done: list[Action]
) -> None:
    folder = tmp_path_factory.mktemp("p")
    with_it, without = World(folder / "a", tuple(SAID)), World(folder / "b", LEFT)
    for action in done:
        both(with_it, without, action)
    assert set(traces(needles(), folder / "a")) == needles()
    project = with_it.project
    taken = contents_of(project, [GONE])
    assert set(traces(needles(), folder / "a")) == needles()
    assert remove_interviews(project, [GONE], by="Kari") == taken
    assert traces(needles() | {GONE}, folder / "a") == {}
    assert check(project.folder) == []
    with project.database.reading() as connection:
        assert replayed(connection) == facts(connection)
        for dangling in DANGLING:
            assert connection.execute(dangling).fetchall() == []
    assert Plain(with_it).state() == Plain(without).state()
    for coder in CODERS:  # and undo goes on through the same decisions
        while undone := undo(with_it, coder):
            assert undo(without, coder) == undone
        assert undo(without, coder) == undone
    assert Plain(with_it).state() == Plain(without).state()
    assert check(project.folder) == []


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project in which something was done of every kind, in the interview that goes and in another one."""
    world = World(tmp_path_factory.mktemp("pattern") / "p", tuple(SAID))
    for kind in dict.fromkeys(KINDS):
        for names in ((GONE, *LEFT), (*LEFT, GONE)):
            world.act(Action(kind, "Anne", names, 1, "språk", 1, flag=True))
    return world.project.folder


@pytest.fixture
def project(pattern: Path, tmp_path: Path) -> Project:
    return copied(pattern, tmp_path / "p")


def test_the_log_says_when_and_by_whom_and_nothing_of_what(project: Project) -> None:
    anne = project.coder("Anne")
    taken = remove_interviews(project, [GONE], by="Anne", coder=anne.id)
    (removal,) = project.removals
    assert (removal.by, removal.counts) == ("Anne", taken.counts)
    assert taken.interviews == 1
    assert taken.utterances == 6
    assert set(taken.codings) == {"Anne"}
    last = project.decisions()[-1]
    assert (last.kind, last.coder, last.transcript, last.changes) == (REMOVAL, anne.id, None, ())
    remove_interviews(project, [LEFT[0]], by="root")
    assert project.decisions()[-1].coder == NOBODY
    assert [one.by for one in project.removals] == ["Anne", "root"]
    assert check(project.folder) == []


def test_the_log_is_append_only_afterwards(project: Project) -> None:
    remove_interviews(project, [GONE], by="Anne")
    for statement in ("UPDATE decision SET time = ''", "DELETE FROM decision"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"), project.database.writing() as connection:
            connection.execute(statement)


def test_a_missing_decision_is_still_found_after_a_removal(project: Project) -> None:
    remove_interviews(project, [GONE], by="Anne")
    with project.database.writing() as connection:
        connection.execute("DROP TRIGGER decision_remains")
        connection.execute("DELETE FROM decision WHERE id = (SELECT min(id) FROM decision)")
    assert [fault.kind for fault in check(project.folder)] == ["log"]


def test_no_number_is_given_again(project: Project) -> None:
    tables = ("transcript", "coding", "decision", "suggestion", "round")
    last = {table: project.database.number(f"SELECT max(id) FROM {table}") for table in tables}  # noqa: S608 - our own names
    remove_interviews(project, [*SAID], by="Anne")
    repair(project.folder)
    project.add(transcript_of(GONE))
    source, reviewer = project.source(GONE), Reviewer(project, project.coder("Anne").id)
    reviewer.code(source.id, 20, 30, "makt")
    assert source.id > last["transcript"]
    assert rows(project, "coding")[0]["id"] > last["coding"]  # type: ignore[operator]
    assert project.decisions()[-1].id > last["decision"] + 1
    assert check(project.folder) == []


def test_an_unknown_interview_changes_nothing(project: Project) -> None:
    before = project.database.path.read_bytes()
    for what in (contents_of, lambda own, names: remove_interviews(own, names, by="Anne")):
        with pytest.raises(DataError, match="har ingen «sjøen»; fant bakeriet"):
            what(project, [GONE, "sjøen"])
    assert project.database.path.read_bytes() == before


def test_a_project_that_is_not_sound_is_left_alone(project: Project, tmp_path: Path) -> None:
    with project.database.writing() as connection:
        connection.execute("DELETE FROM verdict")
    with pytest.raises(DataError, match="doctor"):
        remove_interviews(project, [GONE], by="Anne")
    assert project.source(GONE)
    repair(project.folder)
    remove_interviews(project, [GONE], by="Anne")
    assert traces(needles(), tmp_path) == {}


def quoting(folder: Path) -> Project:
    """A project whose codebook, an earlier version of it, and memos quote the interviews."""
    code = BOOK["makt"]
    own, shared, other = SAID[GONE][0], SAID[GONE][1], SAID[LEFT[0]][0]
    examples = ("Skrudde girkassen", own, shared, other, "Mine egne ord om makt.")
    first = replace(code, examples=examples, definition=f"Om noen sier «{own.upper()}», som her.")
    project = World(folder, tuple(SAID)).project
    for named in (first, replace(first, keywords=("makt",))):
        project.replace_codebook(replace(BOOK, codes=(named, *BOOK.codes[1:])))
    reviewer = Reviewer(project, project.coder("Anne").id)
    reviewer.memo("project", f"Se: {own} Og: {other}")
    reviewer.memo("project", f"Se heller: {own} Og: {other}")
    reviewer.memo("code/makt", "Skrudde girkassen er fire ord for lite til å kjennes igjen i et notat.")
    return project


def test_quotes_elsewhere_go_too(tmp_path: Path) -> None:
    project = quoting(tmp_path / "p")
    assert contents_of(project, [GONE]).quotes == 2  # a code, and a memo
    remove_interviews(project, [GONE], by="Anne")
    left = project.codebook["makt"]
    assert left.examples == (SAID[GONE][1], SAID[LEFT[0]][0], "Mine egne ord om makt.")
    assert left.definition == "Om noen sier «[…].», som her."
    assert Project.open(project.folder).codebook == project.codebook
    texts = [str(row["text"]) for row in rows(project, "memo")]
    assert f"Se heller: […]. Og: {SAID[LEFT[0]][0]}" in texts
    assert traces(needles() - {"girkassen", "Skrudde", "skrudde"}, tmp_path) == {}
    assert check(project.folder) == []


def test_a_codebook_that_quotes_nothing_is_not_touched(project: Project) -> None:
    path = project.folder / "codebook.yaml"
    path.write_text("# mine ord\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    remove_interviews(Project.open(project.folder), [GONE], by="Anne")
    assert path.read_text(encoding="utf-8").startswith("# mine ord")


STEPS = ("copies", "models", "cached", "pack", "note")


def cut_off(monkeypatch: pytest.MonkeyPatch, at: str) -> None:
    """Let a removal end before one of its steps, as a kill would."""

    def killed(*_given: object) -> None:
        raise KeyboardInterrupt

    if at == "pack":
        monkeypatch.setattr(Database, "pack", killed)
    elif at == "note":
        pack = Database.pack

        def packed(database: Database) -> None:
            pack(database)
            raise KeyboardInterrupt

        monkeypatch.setattr(Database, "pack", packed)
    else:
        monkeypatch.setattr(project_files, at, killed)


@pytest.fixture
def littered(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project with everything autokode puts beside its file, all of it with the interview's text, and files of others."""
    folder, cache = project.folder, tmp_path / "cache"
    text = transcript_of(GONE).text.encode()
    monkeypatch.setenv("AUTOKODE_CACHE", str(cache))
    cached = [cache / "embeddings" / "e5" / "a.rows", cache / "teachers" / "stubb" / "a.json"]
    for path in cached:
        path.parent.mkdir(parents=True)
    copies = ("autokode.db.format-1", "autokode.db.før-reparasjon-1", "autokode.db.før-retting-2", "codebook.yaml.bak")
    names = (*copies, ".autokode.db.abcd1234")
    for path in (*cached, *(folder / name for name in names)):
        path.write_bytes(text)
    for name in ("model", "model-2", ".model.old.abcd1234/model", ".model.abcd_123"):
        (folder / name).mkdir(parents=True)
        (folder / name / "top_words.tsv").write_bytes(text)
    for name in ("rapport.docx", "model-x", "autokode.db.min-kopi", ".codebook.yaml.swp"):
        (folder / name).write_bytes(b"mitt eget")
    (folder / "model-3").mkdir()
    (folder / "model-3" / "notater.txt").write_bytes(b"mitt eget")
    return project


OTHERS = [".codebook.yaml.swp", "autokode.db.min-kopi", "codebook.yaml", "model-3", "model-x", "rapport.docx"]


def test_copies_models_and_embeddings_go_and_other_files_stay(littered: Project, tmp_path: Path) -> None:
    assert set(traces(needles(), tmp_path)) == needles()
    own = [str(path.relative_to(littered.folder)) for path in project_files.not_own(littered.folder)]
    assert own == ["model-3/notater.txt" if name == "model-3" else name for name in OTHERS]
    remove_interviews(littered, [GONE], by="Anne")
    assert traces(needles(), tmp_path) == {}
    assert sorted(path.name for path in littered.folder.iterdir()) == sorted(["autokode.db", *OTHERS])
    assert littered.database.rows("SELECT * FROM coder WHERE round IS NOT NULL") == []


def test_what_was_deleted_long_before_goes_from_the_pages_too(project: Project, tmp_path: Path) -> None:
    with project.database.writing() as connection:
        rows = [("note", str(i), SAID[GONE][0] * 50) for i in range(20)]
        connection.executemany("INSERT INTO carried VALUES (?, ?, ?)", rows)
    with project.database.writing() as connection:
        connection.execute("DELETE FROM carried")
    assert set(traces(needles(), tmp_path)) == needles()
    remove_interviews(project, [GONE], by="Anne")
    assert traces(needles(), tmp_path) == {}


def test_rows_are_overwritten_even_before_the_file_is_packed(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.database.pack()
    with monkeypatch.context() as cut:
        cut_off(cut, "pack")
        with pytest.raises(KeyboardInterrupt):
            remove_interviews(project, [GONE], by="Anne")
    assert traces(needles(), tmp_path) == {}


@pytest.mark.parametrize("at", STEPS)
@pytest.mark.parametrize("doctor", [False, True])
def test_a_removal_cut_off_is_finished_when_next_opened(
    littered: Project, at: str, doctor: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as cut:
        cut_off(cut, at)
        with pytest.raises(KeyboardInterrupt):
            remove_interviews(littered, [GONE], by="Anne")
    assert "removal" in [fault.kind for fault in check(littered.folder)]
    if doctor:
        repairs, copy = repair(littered.folder)
        assert "resten av det som ble fjernet, er slettet" in repairs
        assert traces(needles(), copy.parent) == {}
        copy.unlink()
    else:
        Project.open(littered.folder)
    assert traces(needles(), tmp_path) == {}
    assert check(littered.folder) == []


def test_a_codebook_edited_after_the_cut_stays_as_the_person_wrote_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = quoting(tmp_path / "p")
    with monkeypatch.context() as cut:
        cut_off(cut, "copies")
        with pytest.raises(KeyboardInterrupt):
            remove_interviews(project, [GONE], by="Anne")
    (project.folder / "codebook.yaml").write_text("koder:\n  - navn: ny\n", encoding="utf-8")
    assert Project.open(project.folder).codebook.codable == ("ny",)


def test_a_closed_project_leaves_only_what_is_others(littered: Project, tmp_path: Path) -> None:
    assert contents(littered).interviews == 3
    assert contents(littered).decisions == len(littered.decisions())
    close_project(littered)
    assert sorted(path.name for path in littered.folder.iterdir()) == sorted(OTHERS)
    assert traces(needles() | {*SAID[LEFT[0]]}, tmp_path) == {}


@pytest.mark.parametrize("at", STEPS)
def test_closing_cut_off_is_finished_when_next_opened(
    littered: Project, at: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as cut:
        cut_off(cut, at)
        with pytest.raises(KeyboardInterrupt):
            close_project(littered)
    finish: Callable[[Path], object] = repair if at == "pack" else Project.open
    with pytest.raises(DataError, match="prosjektet er lukket"):
        finish(littered.folder)
    assert sorted(path.name for path in littered.folder.iterdir()) == sorted(OTHERS)
    assert traces(needles() | {*SAID[LEFT[0]]}, tmp_path) == {}


def test_what_was_learnt_meanwhile_is_deleted(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from autokode.project.active_learning import training_round

    def learnt(*given: object) -> object:
        (project.folder / "model").mkdir()
        remove_interviews(project, [GONE], by="Anne")
        (project.folder / "model").mkdir()
        (project.folder / "model" / "top_words.tsv").write_text(transcript_of(GONE).text, encoding="utf-8")
        with project.database.writing() as connection:
            connection.execute("INSERT INTO vector VALUES (3, '', x'00')")
        return None

    monkeypatch.setattr(training_round, "_learn", learnt)
    with pytest.raises(DataError, match="fjernet eller pseudonymisert mens det ble lært"):
        training_round.learn(project, project.coder("Anne"))
    assert traces(needles(), tmp_path) == {}
    assert check(project.folder) == []
