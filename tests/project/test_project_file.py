"""The project's file: what goes in comes out, and no kill, full disk, second program or strange file loses what was confirmed."""

import random
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autokode import Codebook, DataError
from autokode.corpus.transcript import Transcript
from autokode.corpus.utterance import Utterance
from autokode.project import Project, Reviewer
from autokode.project.store import database
from autokode.project.store.decision_log import facts, now, replayed
from autokode.project.store.foreign_data import kept
from project_case import older_file, small

CODEBOOK = Codebook.from_yaml("koder:\n  - navn: makt\n")
texts = st.text(st.characters(codec="utf-8"), max_size=30) | st.sampled_from(
    ["æøå", "e\u0301", "👩🏽‍💻", "\r\n", "\0", "a\0b", ""]
)


def sound(project: Project) -> int:
    """Check a project's file; return how many decisions it holds."""
    with project.database.reading() as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert replayed(connection) == facts(connection)
        return int(connection.execute("SELECT count(*) FROM decision").fetchone()[0])


@settings(max_examples=40, deadline=None)
@given(st.lists(texts, min_size=1, max_size=5))
def test_a_transcript_comes_out_as_it_went_in(tmp_path_factory: pytest.TempPathFactory, said: list[str]) -> None:
    text, utterances = "", []
    for one in said:
        utterances.append(Utterance("Åse", len(text), len(text) + len(one), one, "informant", 1.5, None, None))
        text += one + "\n"
    transcript = Transcript("møte æøå", text, tuple(utterances), notes=("en",))
    project = Project.create(tmp_path_factory.mktemp("p") / "p", CODEBOOK)
    assert project.add(transcript)
    assert not project.add(transcript)
    assert Project.open(project.folder).transcript("møte æøå") == transcript


def test_file_and_folder_are_their_owners_alone(tmp_path: Path) -> None:
    project = small(tmp_path / "p")
    assert oct(project.folder.stat().st_mode & 0o777) == "0o700"
    assert [oct(path.stat().st_mode & 0o777) for path in project.folder.iterdir()] == ["0o600"] * 2


def test_the_codebook_is_read_again_when_it_was_edited(tmp_path: Path) -> None:
    project = small(tmp_path / "p")
    (project.folder / "codebook.yaml").write_text("koder:\n  - navn: tillit\n", encoding="utf-8")
    assert Project.open(project.folder).codebook.codable == ("tillit",)
    (project.folder / "codebook.yaml").write_text("koder: [", encoding="utf-8")
    with pytest.raises(DataError, match=r"codebook\.yaml"):
        Project.open(project.folder)
    assert project.codebook.codable == ("tillit",)
    (project.folder / "codebook.yaml").unlink()
    assert Project.open(project.folder).codebook.codable == ("tillit",)


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"", "er ikke et autokode-prosjekt"), (b"ikke en database, men tekst" * 50, "skadet eller ikke et prosjekt")],
)
def test_a_file_that_is_no_project_is_named(tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / "autokode.db").write_bytes(content)
    with pytest.raises(DataError, match=told):
        Project.open(tmp_path)
    assert (tmp_path / "autokode.db").read_bytes() == content


def test_a_newer_format_is_refused_untouched(tmp_path: Path) -> None:
    project = small(tmp_path / "p")
    with project.database.writing() as connection:
        connection.execute(f"PRAGMA user_version = {database.FORMAT + 1}")
    before = project.database.path.read_bytes()
    with pytest.raises(DataError, match="pip install --upgrade autokode"):
        Project.open(project.folder)
    assert project.database.path.read_bytes() == before


def test_an_older_format_is_copied_and_led_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = small(tmp_path / "p")
    Reviewer(project, project.coder("Anne").id).accept(1)
    before = project.database.path.read_bytes()
    codings = project.codings()
    now = database.FORMAT
    monkeypatch.setattr(database, "FORMAT", now + 2)
    monkeypatch.setitem(database.UPGRADES, now, "ALTER TABLE coder ADD COLUMN colour TEXT NOT NULL DEFAULT '';")
    monkeypatch.setitem(database.UPGRADES, now + 1, "CREATE TABLE more (id INTEGER);\nCREATE TABLE most (id INTEGER);")
    led = Project.open(project.folder)
    assert led.codings() == codings
    with led.database.reading() as connection:
        assert connection.execute("PRAGMA user_version").fetchone()[0] == now + 2
        assert connection.execute("SELECT colour FROM coder").fetchall()
        assert not connection.execute("SELECT * FROM most").fetchall()
    kept = project.folder / f"autokode.db.format-{now}"
    assert kept.read_bytes() == before
    assert oct(kept.stat().st_mode & 0o777) == "0o600"


def test_a_step_up_that_fails_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = small(tmp_path / "p")
    before = project.database.path.read_bytes()
    monkeypatch.setitem(
        database.UPGRADES, database.FORMAT, "CREATE TABLE more (id INTEGER);\nALTER TABLE nowhere ADD COLUMN x TEXT;"
    )
    monkeypatch.setattr(database, "FORMAT", database.FORMAT + 1)
    with pytest.raises(DataError):
        Project.open(project.folder)
    assert project.database.path.read_bytes() == before


def test_a_damaged_page_is_named(tmp_path: Path) -> None:
    project = small(tmp_path / "p")
    content = bytearray(project.database.path.read_bytes())
    content[4096 : 4096 * 6] = b"\xff" * (4096 * 5)
    project.database.path.write_bytes(bytes(content))
    with pytest.raises(DataError, match="skadet"):
        project.transcript("møte")


def test_a_file_that_may_not_be_written_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = small(tmp_path / "p")
    connect = sqlite3.connect

    def read_only(address: str, **options: object) -> sqlite3.Connection:
        return connect(address.replace("mode=rw", "mode=ro"), uri=True, isolation_level=None)

    monkeypatch.setattr(database.sqlite3, "connect", read_only)
    with pytest.raises(DataError, match="readonly"):
        Reviewer(project, 1).accept(1)


DECIDING = """
import os, sys
from autokode.project import Reviewer, Project
project = Project.open(sys.argv[1])
reviewer = Reviewer(project, project.coder(sys.argv[2]).id)
number = 0
while True:
    number += 1
    made = reviewer.memo(f"turn/1/{number % 4}", f"notat {number} av {os.getpid()} " + "x" * 2000)
    print(made.decision, flush=True)
"""


def deciding(project: Project, who: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", DECIDING, str(project.folder), who],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def first_lines(process: "subprocess.Popen[str]", count: int) -> list[str]:
    """Wait until a process has told of so many decisions, however long that takes."""
    assert process.stdout is not None
    return [process.stdout.readline() for _line in range(count)]


def ended(process: "subprocess.Popen[str]", by: signal.Signals) -> list[str]:
    """End a process by a signal; return what it had told of beside what was read."""
    assert process.stdout is not None
    process.send_signal(by)
    lines = process.stdout.readlines()
    process.communicate()
    assert process.returncode == -by
    return lines


def numbers_of(lines: list[str]) -> list[int]:
    return [int(line) for line in lines if line.strip().isdigit()]


def test_killed_at_any_moment_nothing_confirmed_is_lost(tmp_path: Path) -> None:
    project = small(tmp_path / "p")
    chance = random.Random(7)
    told = 0
    for _kill in range(12):
        process = deciding(project, "Anne")
        least = chance.randint(1, 5)
        lines = first_lines(process, least)
        time.sleep(chance.uniform(0, 0.05))  # some moment of one of the next
        confirmed = numbers_of([*lines, *ended(process, signal.SIGKILL)])
        assert len(confirmed) >= least
        sound(project)
        numbers = {decision.id for decision in project.decisions()}
        assert set(confirmed) <= numbers
        told += len(confirmed)
    assert told > 12


def test_two_programs_at_once_lose_nothing(tmp_path: Path) -> None:
    project = small(tmp_path / "p")
    both = [deciding(project, who) for who in ("Anne", "Kari")]
    lines = [line for process in both for line in first_lines(process, 1)]  # both have begun
    lines += [line for process in both for line in first_lines(process, 8)]
    lines += [line for process in both for line in ended(process, signal.SIGTERM)]
    confirmed = numbers_of(lines)
    assert len(confirmed) >= 18
    assert len(set(confirmed)) == len(confirmed)
    assert set(confirmed) <= {decision.id for decision in project.decisions()}
    sound(project)


def test_on_a_full_disk_what_was_confirmed_stays(tmp_path: Path) -> None:
    project = small(tmp_path / "p")
    room = project.database.path.stat().st_size + 60_000
    process = subprocess.Popen(  # noqa: S603 - our own interpreter
        [
            sys.executable,
            "-c",
            "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n" + DECIDING,
            str(project.folder),
            "Anne",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)),  # noqa: PLW1509 - no threads here
    )
    out, err = process.communicate(timeout=600)
    assert "disken er full" in err
    assert "DataError" in err
    confirmed = [int(line) for line in out.splitlines()]
    assert confirmed
    assert sound(project) >= len(confirmed)
    assert set(confirmed) <= {decision.id for decision in project.decisions()}
    Reviewer(project, project.coder("Anne").id).accept(1)


def test_a_writer_that_waits_in_vain_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = small(tmp_path / "p")
    monkeypatch.setattr(database, "WAIT_S", 0.05)
    with project.database.writing(), pytest.raises(DataError, match="et annet program"):
        Reviewer(project, 1).accept(1)


def test_learning_killed_halfway_leaves_the_round_before(tmp_path: Path) -> None:
    from autokode.project.store.round_writing import write_round

    project = small(tmp_path / "p")
    anne = project.coder("Anne")
    with project.database.reading() as connection:
        before = connection.execute("SELECT round FROM coder WHERE id = ?", (anne.id,)).fetchone()["round"]
    write_round(
        project, anne, ("ny", "", now(), 0), {"codes": []}, [(1, 0, "makt", 0, 5, 0.9)]
    )  # and then it was killed
    with project.database.reading() as connection:
        after = connection.execute("SELECT round FROM coder WHERE id = ?", (anne.id,)).fetchone()["round"]
    assert after == before
    assert Reviewer(project, anne.id).accept(1).decision is not None


def test_a_project_of_the_first_format_is_led_up(tmp_path: Path) -> None:
    project = small(tmp_path / "p")
    with older_file(project) as connection:
        for table in ("carried", "step"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("PRAGMA user_version = 1")
    assert kept(Project.open(project.folder), "case") == {}
    assert (project.folder / "autokode.db.format-1").exists()


def test_a_project_of_the_second_format_never_gives_a_number_twice(tmp_path: Path) -> None:
    project = small(tmp_path / "p")
    with older_file(project) as connection:  # as format 2 had it
        connection.execute(
            "CREATE TABLE old (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, office, file, file_sha256, "
            "sha256, text, about, added)"
        )
        connection.execute("INSERT INTO old SELECT * FROM transcript")
        connection.execute("DROP TABLE transcript")
        connection.execute("ALTER TABLE old RENAME TO transcript")
        connection.execute("DROP TABLE step")
        connection.execute("PRAGMA user_version = 2")
    before = project.transcript("møte")
    led = Project.open(project.folder)
    assert led.transcript("møte") == before
    with led.database.writing() as connection:
        last = connection.execute("SELECT max(id) FROM transcript").fetchone()[0]
        connection.execute("DELETE FROM transcript")
    led.add(Transcript("et annet", "Hei.", ()))
    assert led.source("et annet").id == last + 1


def test_what_is_deleted_is_overwritten_whatever_the_build_of_sqlite(tmp_path: Path) -> None:
    """Also without a removal: a setting, an undone import, old suggestions."""
    project = small(tmp_path / "p")
    assert [tuple(row) for row in project.database.rows("PRAGMA secure_delete")] == [(1,)]
    for query in ("INSERT INTO setting VALUES ('x', 'kvernhusnaustet')", "DELETE FROM setting WHERE name = 'x'"):
        with project.database.writing() as connection:
            connection.execute(query)
        there = b"kvernhusnaustet" in project.database.path.read_bytes()
        assert there == query.startswith("INSERT")
