"""Shards: the same bytes whoever wrote them and however often it was broken off, on this machine and elsewhere."""

import json
import logging
import multiprocessing
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import csv as arrow_csv
from pyarrow import parquet

from autokode import load_model, score
from autokode.base.errors import DataError
from autokode.cli import run as call
from autokode.scoring.batch import shard_plan, shard_runner
from autokode.scoring.batch.formats import ReadOptions
from autokode.scoring.batch.shard_plan import Shard, plan
from autokode.scoring.batch.shard_runner import Done, run
from autokode.scoring.batch.storage import place
from autokode.scoring.batch.stream import Wanted
from conftest import ROOT

ALL, SCORE = Wanted(), shard_runner._score
WORDS = "vi bygde tillit over tid språket var vanskelig jeg ringte bedriften på mandag makt og penger æ ø å".split()


def rows(count: int, seed: int) -> pa.Table:
    choose = random.Random(seed)
    texts = [" ".join(choose.choices(WORDS, k=choose.randint(1, 12))) for _ in range(count)]
    return pa.table({"id": range(count), "text": texts})


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    """A folder of tables: CSV, lines of JSON, Parquet in many row groups, and a table without rows."""
    folder = tmp_path / "inn"
    (folder / "under").mkdir(parents=True)
    arrow_csv.write_csv(rows(700, 1), folder / "a.csv")
    arrow_csv.write_csv(rows(300, 2), folder / "under" / "a.csv")
    parquet.write_table(rows(2000, 3), folder / "mange grupper æ.parquet", row_group_size=100)
    parquet.write_table(rows(0, 4), folder / "tom.parquet")
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows(50, 5).to_pylist())
    (folder / "c.jsonl").write_text(lines, encoding="utf-8")
    return folder


def small(monkeypatch: pytest.MonkeyPatch, count: int = 500) -> None:
    monkeypatch.setattr(shard_plan, "SHARD_ROWS", count)


def planned(inputs: Path | str, out: Path | str, wanted: Wanted = ALL, *, skip: bool = False) -> list[Shard]:
    return plan([str(inputs)], str(out), "nav-nb", wanted, ReadOptions(skip=skip))


def scored(inputs: Path | str, out: Path | str, threads: int = 2, dask: str | None = None) -> list[Done]:
    done: list[Done] = []
    run(planned(inputs, out), threads=threads, dask=dask, told=done.append)
    return done


def content(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.name != ".lock"}


def test_the_rows_are_those_of_one_file(inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch)
    scored(inputs, tmp_path / "ut")
    manifest = json.loads((tmp_path / "ut" / "manifest.json").read_text(encoding="utf-8"))
    assert [(one["input"], one["row_groups"], one["rows"]) for one in manifest["shards"]] == [
        ("a.csv", None, 700),
        ("c.jsonl", None, 50),
        ("mange grupper æ.parquet", [0, 5], 500),
        ("mange grupper æ.parquet", [5, 10], 500),
        ("mange grupper æ.parquet", [10, 15], 500),
        ("mange grupper æ.parquet", [15, 20], 500),
        ("tom.parquet", [0, 1], 0),
        ("under/a.csv", None, 300),
    ]
    assert (manifest["rows"], manifest["skipped"]) == (3050, 0)
    for name in ("a.csv", "mange grupper æ.parquet", "under/a.csv"):
        assert call(["score", str(inputs / name), "--out", str(tmp_path / "en.parquet")]) == 0
        parts = [one["part"] for one in manifest["shards"] if one["input"] == name]
        together = pa.concat_tables([parquet.read_table(tmp_path / "ut" / part) for part in parts])
        assert together.equals(parquet.read_table(tmp_path / "en.parquet"))
        assert parts and all((tmp_path / "ut" / part).stat().st_mode & 0o077 == 0 for part in parts)


def test_each_part_is_told_of_in_the_log(
    inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    small(monkeypatch)
    with caplog.at_level(logging.INFO, "autokode"):
        made = scored(inputs, tmp_path / "ut")
    told = [record.getMessage() for record in caplog.records if record.msg.startswith("coded part")]
    assert len(told) == len(made) and all(any(one.part in line for line in told) for one in made)


def test_threads_change_nothing(inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch)
    for threads in (1, 2, 5, 40):  # 40: fewer shards than threads, which then share one
        scored(inputs, tmp_path / str(threads), threads)
    first = content(tmp_path / "1")
    assert len(first) == 9
    assert all(content(tmp_path / str(threads)) == first for threads in (2, 5, 40))


def test_a_rerun_does_only_what_is_missing(inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch)
    out = tmp_path / "ut"
    scored(inputs, out)
    whole = content(out)
    shard_parts = planned(inputs, out)
    (out / shard_parts[0].part).unlink()
    (out / shard_parts[2].part).write_bytes(whole[shard_parts[2].part][:-100])  # torn by a full disk, say
    middle = len(whole[shard_parts[3].part]) // 3
    flipped = bytearray(whole[shard_parts[3].part])
    flipped[middle] ^= 1
    (out / shard_parts[3].part).write_bytes(flipped)
    (out / "manifest.json").unlink()
    (out / f".{shard_parts[0].part}.abc").write_bytes(b"left by one that was killed")
    again = scored(inputs, out)
    assert {done.part for done in again if not done.before} == {shard_parts[i].part for i in (0, 2, 3)}
    assert content(out) == whole


def test_a_letter_changed_anywhere_in_a_part_is_seen_by_the_manifest(inputs: Path, tmp_path: Path) -> None:
    out = tmp_path / "ut"
    scored(inputs, out)
    whole = content(out)
    part = next(name for name in sorted(whole) if name.startswith("a-"))
    for at in range(
        len(whole[part]) - 300, len(whole[part]), 7
    ):  # in the part's own description, which has no checksum
        damaged = bytearray(whole[part])
        damaged[at] ^= 1
        (out / part).write_bytes(damaged)
        assert [done.part for done in scored(inputs, out) if not done.before] == [part], at
        assert content(out) == whole


@pytest.mark.parametrize("manifest", ["", "[]", "{", '{"shards": [1]}', "[" * 100_000, '{"shards": {"part": "x"}}'])
def test_a_manifest_that_is_none_is_written_anew(manifest: str, inputs: Path, tmp_path: Path) -> None:
    out = tmp_path / "ut"
    scored(inputs, out)
    whole = content(out)
    (out / "manifest.json").write_text(manifest, encoding="utf-8")
    again = scored(inputs, out)
    assert again and all(done.before for done in again)
    assert content(out) == whole


def test_a_file_that_changed_is_scored_anew(inputs: Path, tmp_path: Path) -> None:
    out = tmp_path / "ut"
    scored(inputs, out)
    later = (inputs / "a.csv").stat().st_mtime + 5
    os.utime(inputs / "a.csv", (later, later))  # as many bytes, another time: it may have been mended in the middle
    assert [done.part[:2] for done in scored(inputs, out) if not done.before] == ["a-"]
    arrow_csv.write_csv(rows(701, 9), inputs / "a.csv")
    with pytest.raises(DataError, match="har filer som ikke er av dette"):
        scored(inputs, out)


def test_other_options_are_not_mixed_in(inputs: Path, tmp_path: Path) -> None:
    scored(inputs, tmp_path / "ut")
    with pytest.raises(DataError, match="en annen modell, andre valg"):
        run(planned(inputs, tmp_path / "ut", Wanted(top=1)), threads=1, told=lambda _done: None)


def test_a_part_is_named_by_its_file_and_by_what_is_at_both_ends_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shard_plan, "_EDGE", 8)
    file = tmp_path / f"{'å' * 61}.csv"
    parts = []
    for text in (
        "text\nen ytring\nslutt",
        "TEXT\nen ytring\nslutt",
        "text\nen ytring\nSLUTT",
        "text\nen lang ytring\nslutt",
    ):
        file.write_text(text, encoding="utf-8")
        parts += [shard.part for shard in planned(file, tmp_path / "ut")]
    assert len(set(parts)) == 4
    assert all(re.fullmatch(r"å{60}-[0-9a-f]{16}\.parquet", part) for part in parts)


def test_text_files_of_a_folder_are_transcripts_and_one_named_alone_is_lines(tmp_path: Path) -> None:
    (tmp_path / "inn").mkdir()
    file = tmp_path / "inn" / "a.txt"
    file.write_text("I: Hva?\nÅse: Ja.\n", encoding="utf-8")
    kinds = [shard.kind for named in (file.parent, file) for shard in planned(named, tmp_path / "ut")]
    assert kinds == [".docx", ".txt"]


@pytest.mark.parametrize(("names", "shown"), [("a b c", "(a, b, c)"), ("a b c d", "(a, b, c …)")])
def test_files_of_something_else_are_named_three_at_most(names: str, shown: str, inputs: Path, tmp_path: Path) -> None:
    (tmp_path / "ut").mkdir()
    for name in names.split():
        (tmp_path / "ut" / name).touch()
    with pytest.raises(DataError, match=re.escape(shown)):
        scored(inputs, tmp_path / "ut")


def test_what_is_wrong_stops_there_and_keeps_the_rest(inputs: Path, tmp_path: Path) -> None:
    (inputs / "b.csv").write_text("id,text\n1,en\n2,to,tre\n3,fire\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"b\.csv"):
        scored(inputs, tmp_path / "ut", threads=1)
    there = content(tmp_path / "ut")
    assert [name[:2] for name in there] == ["a-"]
    parquet.read_table(tmp_path / "ut" / next(iter(there)))
    problems: list[str] = []
    run(
        planned(inputs, tmp_path / "hopp", skip=True),
        threads=2,
        told=lambda done: problems.extend(str(one) for one in done.problems),
    )
    manifest = json.loads((tmp_path / "hopp" / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["skipped"], len(problems)) == (1, 1)
    assert "fant 3 kolonner, ventet 2" in problems[0]


def test_one_run_at_a_time_in_a_folder(inputs: Path, tmp_path: Path) -> None:
    from filelock import FileLock

    (tmp_path / "ut").mkdir()
    with FileLock(tmp_path / "ut" / ".lock"), pytest.raises(DataError, match="en annen autokode skriver hit nå"):
        scored(inputs, tmp_path / "ut")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nei.csv", "--out", "ut/"], "nei.csv: filen finnes ikke"),
        (["tom", "--out", "ut/"], "tom: mappen har ingen fil som kan leses"),
        (["a.exe", "--out", "ut/"], "a.exe: ukjent filtype; ventet .parquet"),
        (["a.parquet", "--out", "ut/"], "a.parquet: kan ikke leses"),
        (["s3://b/a.csv", "--out", "ut.csv"], "adresser og --dask skriver til en mappe\nPrøv: --out ut/"),
        (["a.csv", "--out", "ut.csv", "--dask", "tcp://127.0.0.1:1"], "adresser og --dask skriver til en mappe"),
        (["a.csv", "--out", "ut/", "--dask", "tcp://127.0.0.1:1"], "finner ingen Dask-planlegger her"),
        (["a.csv", "--out", "ut/", "--dask", "ikke en adresse"], "finner ingen Dask-planlegger her"),
        (["a.csv", "--out", "fil/"], "fil: er en fil; ventet en mappe"),
        (["rart://x/y.csv", "--out", "ut/"], "rart://x/y.csv: får ikke brukt adressen"),
    ],
)
def test_a_wrong_call_says_what_to_do(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("autokode.scoring.batch.parallel.PATIENCE", "1s")
    Path("tom").mkdir()
    for name in ("a.exe", "a.parquet", "fil"):
        Path(name).write_bytes(b"x")
    Path("a.csv").write_text("text\nja\n", encoding="utf-8")
    assert call(["score", *arguments]) == 2
    assert message in capsys.readouterr().err


KILLED = r"""
import itertools, os, re, signal, sys, time
from autokode.cli import main
from autokode.scoring.batch import shard_plan

shard_plan.SHARD_ROWS = 100
last, late, part = int(sys.argv[1]), float(sys.argv[2]), re.escape(sys.argv[3]) + r"/\.[^/]*\.parquet\."
steps = itertools.count(1)


def hear(event, about):
    if event in ("tempfile.mkstemp", "os.rename") and re.match(part, str(about[0])):
        step = next(steps)
        if step >= last:  # the other thread goes on with its part, and not to the next
            time.sleep(late if step == last else 600)
            os.kill(os.getpid(), signal.SIGKILL)


sys.addaudithook(hear)
main(sys.argv[4:])
"""
"""Scores, and is killed when it has begun, or is to name, so many parts."""


@pytest.mark.slow
def test_killed_at_any_moment_it_goes_on_to_the_same_bytes(
    inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small(monkeypatch, 100)
    scored(inputs, tmp_path / "hel")
    whole = content(tmp_path / "hel")
    choose = random.Random(0)
    out = tmp_path / "brutt"
    command = ["score", str(inputs), "--out", f"{out}/", "--threads", "2"]
    killed = 0
    for _ in range(40):
        moment = [str(choose.randint(4, 12)), str(choose.random() * 0.01), str(out)]
        ran = subprocess.run(  # noqa: S603 - our own interpreter
            [sys.executable, "-c", KILLED, *moment, *command], capture_output=True, text=True, check=False
        )
        assert ran.returncode in (0, -signal.SIGKILL), ran.stderr
        killed += ran.returncode == -signal.SIGKILL
        for file in out.glob("[!.]*.parquet"):  # what has its name is whole
            assert file.read_bytes() == whole[file.name]
        if (out / "manifest.json").exists():
            break
    assert killed >= 2
    scored(inputs, out)
    assert content(out) == whole


# elsewhere


def test_in_and_out_of_an_object_store(inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fsspec

    small(monkeypatch)
    store = fsspec.filesystem("memory")
    store.put(str(inputs), "/lager/inn", recursive=True)
    scored(inputs, tmp_path / "ut")
    try:
        first = scored("memory://lager/inn", "memory://lager/ut")
        assert first and not any(done.before for done in first)
        found = {name: store.cat_file(f"/lager/ut/{name}") for name in place("memory://lager/ut").files()}
        assert found == content(tmp_path / "ut")
        again = scored("memory://lager/inn", "memory://lager/ut")
        assert len(again) == len(first) and all(done.before for done in again)
    finally:
        store.rm("/lager", recursive=True)


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A bucket on an S3-compatible server on the loopback."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    _host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    import boto3

    boto3.client("s3").create_bucket(Bucket="intervjuer")
    yield "s3://intervjuer"
    server.stop()


@pytest.mark.slow
def test_in_and_out_of_s3(inputs: Path, tmp_path: Path, bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import s3fs

    small(monkeypatch)
    store = s3fs.S3FileSystem()
    store.put(str(inputs), f"{bucket}/inn", recursive=True)
    scored(inputs, tmp_path / "ut")
    assert call(["score", f"{bucket}/inn", "--out", f"{bucket}/ut"]) == 0
    scored(f"{bucket}/inn", f"{bucket}/delt")
    found = {name: store.cat_file(f"{bucket}/delt/{name}") for name in place(f"{bucket}/delt").files()}
    assert found == content(tmp_path / "ut")
    store.rm(f"{bucket}/delt/{next(name for name in found if name.startswith('a-'))}")
    assert sum(not done.before for done in scored(f"{bucket}/inn", f"{bucket}/delt")) == 1
    with pytest.raises(DataError, match="s3://finnes-ikke/inn: filen finnes ikke"):
        scored("s3://finnes-ikke/inn", tmp_path / "nei")
    with pytest.raises(
        DataError, match=r"s3://finnes-ikke/ut.*: får ikke brukt adressen: The specified bucket does not exist"
    ):
        scored(inputs, "s3://finnes-ikke/ut")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    s3fs.S3FileSystem.clear_instance_cache()
    with pytest.raises(DataError, match="får ikke brukt adressen"):
        scored(f"{bucket}/inn", tmp_path / "nei")


@pytest.mark.slow
def test_a_lost_dask_worker_loses_nothing(inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dask.distributed import LocalCluster

    monkeypatch.setattr("autokode.scoring.batch.parallel.PATIENCE", "600s")
    for i in range(60):
        parquet.write_table(rows(3000, 100 + i), inputs / f"stor {i:02d}.parquet")
    scored(inputs, tmp_path / "hel")
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
    ) as cluster:
        victims = [worker.pid for worker in cluster.workers.values()]
        done: list[Done] = []

        def told(one: Done) -> None:
            done.append(one)
            if len(done) == 10:
                os.kill(victims[0], signal.SIGKILL)

        run(planned(inputs, tmp_path / "dask"), threads=2, dask=cluster.scheduler_address, told=told)
    assert len(done) == len({one.part for one in done}) == 65
    assert content(tmp_path / "dask") == content(tmp_path / "hel")


@pytest.mark.slow
def test_one_dask_worker_does_it_itself_and_none_is_said(
    inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dask.distributed import LocalCluster
    from distributed import Client

    def shortly(self: Client, count: int, timeout: str) -> None:
        assert timeout == "600s"
        wait(self, count, "1s")

    wait = Client.wait_for_workers
    monkeypatch.setattr("autokode.scoring.batch.parallel.PATIENCE", "600s")
    scored(inputs, tmp_path / "hel")
    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None, host="127.0.0.1") as cluster:
        monkeypatch.setattr(shard_runner, "_score", in_another_process)
        scored(inputs, tmp_path / "dask", dask=cluster.scheduler_address)
        assert content(tmp_path / "dask") == content(tmp_path / "hel")
        cluster.scale(0)
        while cluster.workers:
            time.sleep(0.05)
        monkeypatch.setattr(Client, "wait_for_workers", shortly)
        with pytest.raises(DataError, match="planleggeren har ingen arbeidere"):
            scored(inputs, tmp_path / "ingen", dask=cluster.scheduler_address)


def in_another_process(job: tuple[Shard, int, str | None], ended: None) -> Done:
    """Score a shard, anywhere but here."""
    assert multiprocessing.parent_process() is not None
    return SCORE(job, ended)


@pytest.mark.slow
def test_the_recipe_for_spark_gives_the_same_codes(tmp_path: Path) -> None:
    pytest.importorskip("pyspark", reason="Spark is not installed: pip install -e '.[spark]', and Java")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java, which is not here")
    table = rows(5000, 7)
    parquet.write_table(table, tmp_path / "intervjuer.parquet", row_group_size=500)
    document = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
    (recipe,) = (block for block in re.findall(r"```python\n(.*?)```", document, re.DOTALL) if "pyspark" in block)
    own = {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    ran = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", recipe], cwd=tmp_path, env=os.environ | own, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    found = parquet.read_table(tmp_path / "koder").sort_by("id")
    expected = score(table, load_model("nav-nb"))
    assert found.column_names == expected.column_names
    for k in (1, 2, 3):
        assert found[f"code_{k}"].to_pylist() == expected[f"code_{k}"].to_pylist()
        assert np.array_equal(
            found[f"probability_{k}"].to_numpy(), expected[f"probability_{k}"].to_numpy(), equal_nan=True
        )
