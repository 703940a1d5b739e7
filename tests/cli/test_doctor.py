"""`autokode doctor`: it finds and names every damage, mends what it can, and never uses the network."""

import random
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from autokode.base.errors import DataError
from autokode.base.extras import EXTRAS
from autokode.cli import run
from autokode.cli.installation import checks
from autokode.project import Project
from autokode.project.store.decision_log import Change, decide, facts, log
from autokode.project.store.integrity import check
from autokode.project.store.repair import repair
from autokode.project.store.reviewing import Reviewer
from autokode.project.store.undoing import NoLongerFitsError
from report_case import decided, study
from review_case import copied


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = study(tmp_path_factory.mktemp("project") / "p")
    decided(project)
    return project.folder


@pytest.fixture
def project(made: Path, tmp_path: Path) -> Project:
    return copied(made, tmp_path / "p")


def sql(project: Project, *statements: str) -> None:
    """Change the database without the project."""
    with closing(sqlite3.connect(project.database.path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def kinds(project: Project) -> list[str]:
    return [fault.kind for fault in check(project.folder)]


def state(project: Project) -> Any:
    with project.database.reading() as connection:
        return facts(connection)


def test_a_project_in_use_is_sound(project: Project) -> None:
    assert check(project.folder) == []
    assert repair(project.folder)[0] == []
    assert check(project.folder) == []


DAMAGE: dict[str, tuple[str, ...]] = {
    "rows": ("UPDATE coding SET code = 'noe annet' WHERE id = 1",),
    "rows ": ("DELETE FROM coding WHERE id = 2", "DELETE FROM verdict"),
    "stray": ("UPDATE suggestion SET transcript = 999 WHERE id = 1",),
    "stray   ": ("UPDATE vector SET vectors = randomblob(length(vectors))",),
    "stray    ": ("UPDATE vector SET vectors = x'01' WHERE transcript = 1",),
    "stray     ": ("UPDATE likely SET probabilities = randomblob(length(probabilities))",),
    "stray      ": ("UPDATE likely SET probabilities = x'013c01'",),
    "stray ": ("UPDATE suggestion SET end = 1000000 WHERE id = 1",),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_repair_mends_what_it_can(kind: str, project: Project) -> None:
    before = state(project)
    sql(project, *DAMAGE[kind])
    whole = project.database.path.read_bytes()
    assert kinds(project) == [kind.strip()]
    done, copy = repair(project.folder)
    assert len(done) == 1
    assert (copy.read_bytes(), copy.stat().st_mode & 0o077) == (whole, 0)
    assert check(project.folder) == []
    assert state(project) == before


@pytest.mark.parametrize(
    ("kind", "statement"),
    [
        ("text", "UPDATE transcript SET text = replace(text, 'Det', 'Den') WHERE id = 1"),
        ("utterance", "UPDATE utterance SET start = start + 1 WHERE transcript = 1 AND number = 2"),
        ("utterance", "UPDATE utterance SET text = upper(text) WHERE transcript = 1 AND number = 2"),
    ],
)
def test_damage_that_needs_a_backup_is_named_and_left(kind: str, statement: str, project: Project) -> None:
    sql(project, statement)
    (fault, *_more) = [fault for fault in check(project.folder) if fault.kind == kind]
    assert fault.mend == ""
    assert project.sources[0].name in fault.what
    repair(project.folder)
    assert kind in kinds(project)


def test_a_lost_decision_is_found(project: Project) -> None:
    sql(project, "DROP TRIGGER decision_remains", "DELETE FROM decision WHERE id = 2")
    before = state(project)
    assert [(fault.kind, fault.mend) for fault in check(project.folder)] == [("log", "")]
    repair(project.folder)
    assert state(project) == before  # what people decided is not thrown away because its history is torn


def test_a_coding_outside_its_text_is_removed_by_a_decision(project: Project) -> None:
    who = project.coders[0]
    with project.database.writing() as connection:
        row = {"id": 999, "coder": who.id, "transcript": 1, "start": 10**6, "end": 10**6 + 5, "code": "x", "good": 0}
        decide(connection, who.id, "code", [Change("coding", None, {**row, "suggestion": None, "time": ""})])
    assert kinds(project) == ["coding"]
    done, _copy = repair(project.folder)
    assert done == ["1 kodinger uten plass i teksten er tatt ut; loggen har dem"]
    assert check(project.folder) == []
    with project.database.reading() as connection:
        assert log(connection)[-1].kind == "repair"
    with pytest.raises(NoLongerFitsError) as found:  # the decision whose coding is gone
        Reviewer(project, who.id).undo()
    Reviewer(project, who.id).undo(skip=found.value.decision)
    assert check(project.folder) == []


def test_others_rights_and_half_written_files(project: Project) -> None:
    project.database.path.chmod(0o644)
    left = project.folder / ".autokode.db.abc123"
    left.write_bytes(b"x")
    assert kinds(project) == ["rights", "left"]
    repair(project.folder)
    assert kinds(project) == []
    assert not left.exists()


def test_a_damaged_page_is_found_and_readable_rows_are_saved(project: Project) -> None:
    path = project.database.path
    whole = path.read_bytes()
    names = [source.name for source in project.sources]
    choose = random.Random(0)
    found = refused = 0
    for _ in range(30):
        data = bytearray(whole)
        page = choose.randrange(4096, len(data) - 512)
        data[page : page + 200] = choose.randbytes(200)
        path.write_bytes(data)
        try:
            faults = check(project.folder)
        except DataError as error:  # the page that says where the tables are
            assert "sikkerhetskopi" in str(error)
            refused += 1
            continue
        found += any(fault.kind == "page" for fault in faults)
        _done, copy = repair(project.folder)
        assert copy.read_bytes() == bytes(data)
        copy.unlink()
        after = check(project.folder)
        assert not any(fault.mend for fault in after), after
        readable = Project.open(project.folder)
        assert {source.name for source in readable.sources} <= set(names)
    assert found > 3
    assert refused < 5


def test_a_torn_first_page_raises_with_the_next_step(project: Project) -> None:
    path = project.database.path
    path.write_bytes(b"\x00" * 4096 + path.read_bytes()[4096:])
    with pytest.raises(DataError, match="sikkerhetskopi"):
        check(project.folder)


def test_the_command_reports_everything(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["doctor", "--project", str(project.folder)]
    assert run(where) == 0
    shown = capsys.readouterr().out
    for part in ("✓ nav-nb: 21 koder", "✓ nb-vectors", "✓ regnekjernen: virker", "ingenting sendes", "er i orden"):
        assert part in shown
    sql(project, *DAMAGE["rows"])
    assert run(where) == 1
    assert "✗ radene er ikke det loggen sier\n  --repair lager dem på nytt av loggen" in capsys.readouterr().out
    assert run([*where, "--repair"]) == 0
    assert "✓ radene er laget på nytt av loggen\n  Filen som den var: " in capsys.readouterr().out
    assert run(["--help"]) == 0
    assert run(["doctor", "--project", str(project.folder / "nei")]) == 0
    assert "Ingen prosjekt i" in capsys.readouterr().out


def test_a_damaged_model_is_reported_with_the_next_step(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import shutil

    from autokode.base import resources

    folder = resources.model("nav-nb")
    assert folder is not None
    shutil.copytree(folder, tmp_path / "m")
    (tmp_path / "m" / "bias.npy").write_bytes(b"x")
    monkeypatch.setattr(resources, "model_folder", lambda _name: tmp_path / "m")
    lines = {line.what: line for line in checks()}
    assert not lines["nav-nb"].works
    assert "modellfilen er skadet" in lines["nav-nb"].found
    assert "autokode train" in lines["nav-nb"].mend


def test_missing_packages_have_no_tick(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(EXTRAS, "rar", {"finnes_ikke": "finnes-ikke"})
    monkeypatch.setattr("autokode.cli.installation.PURPOSES", {"rar": ("noe", "something")})
    assert run(["doctor", "--project", str(project.folder)]) == 0
    assert "– autokode[rar]: ikke installert (noe)\n" in capsys.readouterr().out
