"""Batch scoring from file to file and from Arrow to Arrow: every format, order, threads, and what cannot be read."""

import bz2
import csv
import gzip
import json
import os
import pickle
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import csv as arrow_csv
from pyarrow import feather, parquet

from autokode import DataError, load_model, read_transcript, score
from autokode.autocoder import AutoCoder
from autokode.cli import run
from autokode.model.calibration import sigmoid
from autokode.nlp.content_words import says_nothing
from autokode.scoring.batch import outputs, stream
from autokode.scoring.batch import parts as batches
from autokode.scoring.batch.formats import ReadOptions
from autokode.scoring.batch.inputs import read_parts
from autokode.scoring.batch.parallel import in_any_order, in_order, thread_count
from autokode.scoring.batch.parts import NOTHING, Part
from autokode.scoring.batch.stream import Wanted, scored
from autokode.scoring.engine.object_cache import is_kept
from autokode.scoring.engine.scorer_choice import COMPILED_FROM
from conftest import ROOT
from counting import GUARD_S
from model_case import logits

TEXTS = [
    "Vi bygde tillit over tid, f.eks. ved å ringe.",
    "",
    None,
    "Jeg ringte bedriften på mandag …",
    "Språket var vanskelig",
]
ASKED = ["Hvordan bygger du tillit?", "", None, "Hva gjør du?", None]
TABLE = pa.table({"id": range(5), "text": TEXTS, "spurt": ASKED})
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def coder() -> AutoCoder:
    return load_model("nav-nb")


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)

    def calling(*arguments: str) -> tuple[int, str, str]:
        status = run(["score", *arguments])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return calling


def expected(coder: AutoCoder, texts: list[str | None], asked: list[str | None] | None = None) -> np.ndarray:
    """The probabilities by the slow path."""
    questions = [q or "" for q in asked] if asked else [""] * len(texts)
    return sigmoid(logits(coder.model_, [t or "" for t in texts], questions)).astype(np.float32)


def all_of(table: pa.Table, coder: AutoCoder) -> np.ndarray:
    return np.column_stack([table[f"p_{code}"].to_numpy() for code in coder.codes_])


def csv_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_table_gets_the_probabilities_of_predict_proba(coder: AutoCoder) -> None:
    found = score(TABLE, coder, question="spurt", top=None)
    assert found.column_names == ["id", *(f"p_{code}" for code in coder.codes_)]
    assert found["id"].to_pylist() == [0, 1, 2, 3, 4]
    assert found.schema.field(1).type == pa.float32()
    np.testing.assert_allclose(all_of(found, coder), expected(coder, TEXTS, ASKED), atol=1e-5)
    without = score(TABLE, coder, top=None)
    np.testing.assert_allclose(all_of(without, coder), expected(coder, TEXTS), atol=1e-5)
    assert np.array_equal(all_of(without, coder)[1], all_of(without, coder)[2])


@pytest.mark.parametrize("threshold", [None, 0.0, 0.05, 1.0])
def test_the_top_codes_are_those_over_the_threshold_most_probable_first(
    coder: AutoCoder, threshold: float | None
) -> None:
    answers = [t.text for t in read_transcript(ROOT / "training_data" / "kontor_c.vtt").utterances][:200]
    found = score(pa.table({"text": answers}), coder, top=4, threshold=threshold).append_column(
        "text", pa.array(answers)
    )
    probabilities = expected(coder, answers)
    limits = coder.model_.thresholds if threshold is None else np.full(len(coder.codes_), threshold, np.float32)
    for row, chances in zip(found.to_pylist(), probabilities, strict=True):
        over = [k for k in np.argsort(-chances, kind="stable") if chances[k] >= limits[k]][:4]
        if threshold is None:
            over = [] if says_nothing(row["text"]) else over[: coder.model_.most]
        names = [coder.codes_[k] for k in over] + [None] * (4 - len(over))
        assert [row[f"code_{k}"] for k in range(1, 5)] == names
        own = [row[f"probability_{k}"] for k in range(1, len(over) + 1)]
        assert own == pytest.approx(chances[over].tolist(), abs=1e-5)
        assert all(row[f"probability_{k}"] is None for k in range(len(over) + 1, 5))


@pytest.mark.parametrize(
    "kind", [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string())]
)
@pytest.mark.parametrize("cut", [0, 2])
def test_every_kind_of_arrow_string_is_read_alike(coder: AutoCoder, kind: pa.DataType, cut: int) -> None:
    column = pa.array(TEXTS, pa.string()).cast(kind).slice(cut)
    found = score(pa.table({"text": column}), coder, top=None)
    np.testing.assert_allclose(all_of(found, coder), expected(coder, TEXTS[cut:]), atol=1e-5)


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.dictionary(pa.int8(), pa.string())])
def test_a_question_that_many_answer_is_that_of_each(coder: AutoCoder, kind: pa.DataType) -> None:
    texts, asked = TEXTS * 7, [ASKED[i % 3] for i in range(35)]
    table = pa.table({"text": texts, "spurt": pa.array(asked, pa.string()).cast(kind)}).slice(2)
    found = score(table, coder, question="spurt", top=None)
    np.testing.assert_allclose(all_of(found, coder), expected(coder, texts[2:], asked[2:]), atol=1e-5)


def test_a_null_over_bytes_that_mean_something_is_empty(coder: AutoCoder) -> None:
    offsets = pa.py_buffer(np.array([0, 6, 12], np.int32).tobytes())
    hidden = pa.StringArray.from_buffers(2, offsets, pa.py_buffer(b"tillittillit"), pa.py_buffer(b"\x01"))
    found = score(pa.table({"text": hidden}), coder, top=None)
    np.testing.assert_allclose(all_of(found, coder), expected(coder, ["tillit", None]), atol=1e-5)


def test_a_stream_is_read_as_it_comes_and_an_empty_one_has_its_columns(coder: AutoCoder) -> None:
    batches = [TABLE.slice(i, 1).to_batches()[0] for i in range(5)]
    reader = pa.RecordBatchReader.from_batches(TABLE.schema, iter(batches))
    assert score(reader, coder).equals(score(TABLE, coder))
    nothing = score(TABLE.slice(0, 0), coder)
    assert nothing.num_rows == 0
    assert nothing.schema.names == score(TABLE, coder).schema.names


@pytest.mark.parametrize(
    ("source", "options", "words"),
    [
        (iter(["hei"]), {}, "Arrow"),
        (TABLE, {"text": "tekst"}, "har ingen kolonne «tekst»"),
        (TABLE, {"text": "id"}, "ventet tekst"),
        (TABLE, {"question": "nei"}, "«nei»"),
        (TABLE, {"keep": ("nr",)}, "«nr»"),
        (TABLE, {"threads": 0}, "tråder"),
        (TABLE, {"top": 0}, "top=0"),
        (TABLE, {"threshold": float("nan")}, "terskel"),
        (TABLE.rename_columns(["code_1", "text", "spurt"]), {}, "«code_1»"),
        (TABLE.rename_columns(["spurt", "text", "spurt"]), {}, "flere kolonner heter «spurt»"),
    ],
)
def test_a_wrong_table_is_refused_in_words(coder: AutoCoder, source: object, options: dict, words: str) -> None:
    with pytest.raises(DataError, match=words):
        score(source, coder, **options)


def test_threads_and_batch_sizes_change_nothing(coder: AutoCoder, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [u.text for name in "abc" for u in _answers(name)] * 5
    table = pa.table({"n": range(len(answers)), "text": answers})
    one = score(table, coder, top=None, threads=1)
    monkeypatch.setattr(batches, "BATCH_BYTES", 20_000)
    monkeypatch.setattr(batches, "BATCH_ROWS", 64)
    for threads in (1, 2, 5):
        fresh = AutoCoder()
        fresh.model_ = coder.model_
        assert score(table, fresh, top=None, threads=threads).equals(one)


def _answers(name: str) -> Iterator:
    path = next((ROOT / "training_data").glob(f"kontor_{name}.*"))
    transcript = read_transcript(path)
    return (transcript.utterances[i] for i in transcript.answers)


def test_large_predict_proba_uses_the_compiled_scorer_and_gives_the_same_bits(coder: AutoCoder) -> None:
    answers = [u.text for name in "ab" for u in _answers(name)]
    many = answers * (COMPILED_FROM // sum(map(len, answers)) + 1)
    fresh = AutoCoder()
    fresh.model_ = coder.model_
    slowly = fresh.predict_proba(answers[:50])
    assert fresh._scorers()._compiled is None
    found = fresh.predict_proba(many)
    assert fresh._scorers()._compiled is not None
    assert found[:50].tobytes() == slowly.tobytes()
    assert found.dtype == np.float32
    assert found.flags["C_CONTIGUOUS"]
    assert "_kept_scorers" not in pickle.loads(pickle.dumps(fresh)).__dict__  # noqa: S301 - our own, made a moment ago
    assert np.array_equal(found[-len(answers) :], found[: len(answers)])


@pytest.mark.parametrize("many", [1, COMPILED_FROM])
def test_half_a_surrogate_pair_is_refused_in_words(coder: AutoCoder, many: int) -> None:
    with pytest.raises(DataError, match="surrogat"):
        coder.predict_proba(["a" * many, "\ud800"])


def write(path: Path, name: str) -> None:
    """Write TABLE in the format its name says."""
    rows = TABLE.to_pylist()
    if ".jsonl" in name or ".ndjson" in name:
        content = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
    elif ".csv" in name or ".tsv" in name:
        mark = "\t" if ".tsv" in name else ";"
        quoted = [[str(r["id"]), r["text"] or "", r["spurt"] or ""] for r in rows]
        content = "\r\n".join([mark.join(TABLE.column_names), *(mark.join(row) for row in quoted)]).encode() + b"\r\n"
    elif ".txt" in name:
        content = "\n".join(text or "" for text in TEXTS).encode()
    elif ".feather" in name:
        return feather.write_feather(TABLE, path / name)
    elif ".arrow" in name:
        with pa.OSFile(str(path / name), "wb") as file, pa.ipc.new_stream(file, TABLE.schema) as writer:
            return writer.write_table(TABLE, max_chunksize=2)
    else:
        return parquet.write_table(TABLE, path / name, row_group_size=2)
    if name.endswith((".zst", ".lz4")):
        with pa.output_stream(str(path / name), compression="zstd" if name.endswith("zst") else "lz4") as file:
            file.write(content)
        return None
    squeeze = gzip.compress if name.endswith(".gz") else bz2.compress if name.endswith(".bz2") else bytes
    (path / name).write_bytes(squeeze(content))
    return None


FORMATS = "a.parquet a.pq a.feather a.arrow a.csv a.csv.gz a.tsv a.csv.zst a.jsonl a.ndjson a.jsonl.gz a.txt a.txt.bz2"


@pytest.mark.parametrize("name", FORMATS.split())
def test_every_format_gives_the_same_codes_in_the_same_order(
    call: Run, coder: AutoCoder, tmp_path: Path, name: str
) -> None:
    write(tmp_path, name)
    asked = [] if ".txt" in name else ["--question", "spurt"]
    status, out, err = call(name, "--all", "--out", "ut.parquet", *asked)
    assert (status, err) == (0, ""), err
    assert "5 ytringer" in out
    found = parquet.read_table("ut.parquet")
    np.testing.assert_allclose(all_of(found, coder), expected(coder, TEXTS, ASKED if asked else None), atol=1e-5)
    first = "line" if ".txt" in name else "id"
    start = 1 if first == "line" else 0
    assert [int(value) for value in found[first].to_pylist()] == list(range(start, start + 5))


@pytest.mark.parametrize("out", ["ut.parquet", "ut.csv", "ut.csv.gz", "ut.jsonl", "ut.jsonl.zst"])
def test_every_output_holds_the_same_and_is_the_owners_alone(
    call: Run, coder: AutoCoder, tmp_path: Path, out: str
) -> None:
    write(tmp_path, "a.parquet")
    assert (
        call("a.parquet", "--out", out, "--top", "2", "--threshold", "0.01", "--keep", "text", "--keep", "id")[0] == 0
    )
    if ".parquet" in out:
        rows = parquet.read_table(out).to_pylist()
    elif ".csv" in out:
        rows = arrow_csv.read_csv(out, convert_options=arrow_csv.ConvertOptions(strings_can_be_null=True)).to_pylist()
    else:
        rows = [json.loads(line) for line in pa.input_stream(out).read().decode().splitlines()]
    wanted = score(TABLE, coder, top=2, threshold=0.01, keep=("text", "id")).to_pylist()
    assert [list(row) for row in rows] == [list(row) for row in wanted]
    for row, own in zip(rows, wanted, strict=True):
        assert (row["id"], row["text"] or None, row["code_1"]) == (own["id"], own["text"] or None, own["code_1"])
        assert row["probability_1"] == pytest.approx(own["probability_1"], abs=1e-6)
    assert Path(out).stat().st_mode & 0o077 == 0
    assert not list(tmp_path.glob(".ut*"))


def test_no_line_of_json_is_lost_or_changed_wherever_a_block_ends(call: Run, tmp_path: Path) -> None:
    rows = [{"id": i, "text": "hei " * 30, "d": "2020-01-01", "v": 1} for i in range(12_000)]
    rows[9000] |= {"d": "ukjent", "v": 1.5, "ny": [1, "å"]}
    lines = ["BAD"] * 9000 + [json.dumps(row, ensure_ascii=False) for row in rows]
    lines[20_000] = "BAD"
    (tmp_path / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    status, out, err = call("a.jsonl", "--out", "ut.jsonl", "--on-error", "skip", "--top", "1")
    assert (status, "11999 ytringer" in out, "9001 hoppet over" in err) == (0, True, True)
    assert "a.jsonl:20001: " in err
    found = [json.loads(line) for line in Path("ut.jsonl").read_text("utf-8").splitlines()]
    assert [int(row["id"]) for row in found] == [row["id"] for row in rows if row["id"] != 11_000]
    assert {key: found[9000][key] for key in ("d", "v", "ny")} == {"d": "ukjent", "v": "1.5", "ny": '[1, "å"]'}
    assert found[0]["d"] == "2020-01-01"


def test_a_quote_that_is_never_closed_is_told(call: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('id,text\n1,ja\n2,"hei\n3,nei\n', encoding="utf-8")
    status, _out, err = call("a.csv", "--out", "ut.csv")
    assert (status, "anførselstegn" in err) == (2, True)


def test_zeros_in_front_stay_whatever_the_header_looks_like(call: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('\n"nr\nto",text\n007,hei\n1e3,1\n', encoding="utf-8")
    assert call("a.csv", "--out", "ut.csv")[0] == 0
    assert [row["nr\nto"] for row in csv_rows(Path("ut.csv"))] == ["007", "1e3"]


@pytest.mark.parametrize("out", ["ut.parquet", "ut.csv", "ut.jsonl"])
def test_columns_of_every_type_are_carried_over(call: Run, out: str) -> None:
    when = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    odd = {
        "l": [[1, 2], None],
        "s": [{"a": "å"}, None],
        "d": [Decimal("1.20"), None],
        "t": [when, None],
        "b": [b"\xff", None],
    }
    parquet.write_table(pa.table({"text": ["hei", "ja"], **odd, "n": pa.nulls(2)}), "a.parquet")
    status, _out, err = call("a.parquet", "--out", out)
    assert status == 0, err
    if out == "ut.parquet":
        assert parquet.read_table(out).select([*odd]).to_pydict() == odd
    else:
        row = csv_rows(Path(out))[0] if out == "ut.csv" else json.loads(Path(out).read_text("utf-8").splitlines()[0])
        assert (row["b"], row["d"]) == ("/w==", "1.20")
        assert row["s"] == ('{"a": "å"}' if out == "ut.csv" else {"a": "å"})


def test_a_field_of_megabytes_is_read(call: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('text,id\n"' + "ord " * 1_500_000 + '",1\nhei,2\n', encoding="utf-8")
    assert call("a.csv", "--out", "ut.csv")[0] == 0
    assert [row["id"] for row in csv_rows(Path("ut.csv"))] == ["1", "2"]


def test_a_folder_of_transcripts_is_read_with_its_questions(call: Run, coder: AutoCoder) -> None:
    status, _out, _err = call(str(ROOT / "training_data"), "--out", "ut.csv", "--all")
    assert status == 0
    rows = csv_rows(Path("ut.csv"))
    for name in ("a", "c"):
        own = [row for row in rows if row["transcript"] == f"kontor_{name}"]
        transcript = read_transcript(next((ROOT / "training_data").glob(f"kontor_{name}.*")))
        answers = [transcript.utterances[i] for i in transcript.answers]
        assert [int(row["start"]) for row in own] == [answer.start for answer in answers]
        right = expected(coder, [a.text for a in answers], [transcript.question_of(a) for a in answers])
        found = [[float(row[f"p_{code}"]) for code in coder.codes_] for row in own]
        np.testing.assert_allclose(found, right, atol=1e-5)
    assert "text" not in rows[0]


NOT_UTF8 = pa.StringArray.from_buffers(
    2, pa.py_buffer(np.array([0, 2, 5], np.int32).tobytes()), pa.py_buffer(b"ja\xff\xfe\xe6")
)
JSON_LINES = '{"text": "hei", "n": 1}\n{"text": "hei"\n\n{"text": 5, "n": 1}\n[1]\n{"text": "ja", "n": 2}\n'
SPOILT: dict[str, tuple[bytes, list[int], int]] = {
    "kort.csv": (b"id,text\n1,hei\n2,hei,ja\n3,ja\n4\n5,ja\n", [3, 5], 3),
    "latin.csv": ("id,text\n1,hei\n2,gård\n3,ja\n".encode("cp1252"), [2], 2),
    "latin.txt": ("hei\ngård\nja\n".encode("cp1252"), [2], 2),
    "linjer.jsonl": (JSON_LINES.encode(), [2, 5], 3),
    "latin.jsonl": (b'{"text": "hei"}\n{"text": "g\xe5rd"}\n', [2], 1),
}
"""File → its bytes, the rows that cannot be read, the number of those that can."""


@pytest.mark.parametrize("name", SPOILT)
def test_a_row_that_cannot_be_read_is_named_and_can_be_skipped(call: Run, tmp_path: Path, name: str) -> None:
    content, bad, good = SPOILT[name]
    (tmp_path / name).write_bytes(content)
    status, out, err = call(name, "--out", "ut.csv")
    assert (status, out) == (2, "")
    assert f"{name}:{bad[0]}: " in err
    assert "--on-error skip" in err
    assert not list(tmp_path.glob("*ut*"))
    status, out, err = call(name, "--out", "ut.csv", "--on-error", "skip")
    assert status == 0, err
    assert f"{good} ytring" in out
    assert f"{len(bad)} hoppet over" in err
    assert all(f"{name}:{row}: " in err for row in bad)
    assert len(csv_rows(Path("ut.csv"))) == good
    assert "gård" not in err


def test_a_damaged_parquet_file_is_refused_or_skipped_and_the_next_is_read(call: Run, tmp_path: Path) -> None:
    write(tmp_path, "god.parquet")
    parquet.write_table(pa.table({"id": [7, 8], "text": NOT_UTF8, "spurt": ["", ""]}), "skadd.parquet")
    whole = Path("god.parquet").read_bytes()
    Path("halv.parquet").write_bytes(whole[: len(whole) // 2])
    Path("tom.parquet").write_bytes(b"")
    middle = bytearray(whole)
    middle[40:200] = bytes(160)
    Path("midt.parquet").write_bytes(middle)
    for name in ("halv", "tom", "midt", "skadd"):
        status, _out, err = call(f"{name}.parquet", "--out", "ut.csv")
        assert status == 2
        assert f"{name}.parquet" in err
        assert "Traceback" not in err
    names = ("halv.parquet", "tom.parquet", "skadd.parquet", "god.parquet")
    status, out, err = call(*names, "--out", "ut.csv", "--on-error", "skip")
    assert (status, "6 ytringer" in out, "3 hoppet over" in err) == (0, True, True)
    assert [row["id"] for row in csv_rows(Path("ut.csv"))] == ["7", "0", "1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["a.parquet"], "--out"),
        (["a.parquet", "--out", "ut.xlsx"], ".parquet, .csv, .jsonl"),
        (["a.parquet", "--out", "a.parquet"], "både"),
        (["a.parket", "--out", "ut.csv"], "a.parquet"),
        (["tom", "--out", "ut.csv"], "ingen fil"),
        (["a.parquet", "--out", "ut.csv", "--texts", "t"], "--text"),
        (["a.parquet", "--out", "ut.csv", "--text", "tekst"], "id, text, spurt"),
        (["a.parquet", "--out", "ut.csv", "--text", "id"], "--text text"),
        (["a.parquet", "--out", "ut.csv", "--threshold", "2"], "--threshold"),
        (["a.parquet", "--out", "ut.csv", "--model", "ingen"], "modellmappe"),
        (["a.parquet", "--out", "mangler/ut.csv"], "mangler/ut.csv"),
        (["a.parquet", "b.csv", "--out", "ut.csv"], "samme kolonnene"),
        (["tom.txt", "--out", "ut.csv"], "ingen rader"),
        (["b.csv", "--out", "ut.csv", "--encoding", "latin-99"], "latin-99"),
    ],
)
def test_a_wrong_call_says_what_and_writes_nothing(call: Run, tmp_path: Path, arguments: list[str], words: str) -> None:
    write(tmp_path, "a.parquet")
    (tmp_path / "b.csv").write_text("navn,text\nhei,hei\n", encoding="utf-8")
    (tmp_path / "tom").mkdir()
    (tmp_path / "tom.txt").touch()
    status, out, err = call(*arguments)
    assert (status, out) == (2, "")
    assert words in err
    assert not list(tmp_path.glob("*ut.*"))


def test_an_encoding_can_be_named(call: Run, tmp_path: Path, coder: AutoCoder) -> None:
    (tmp_path / "a.csv").write_bytes("id;text\n1;språket på gården\n".encode("cp1252"))
    assert call("a.csv", "--out", "ut.csv", "--encoding", "cp1252", "--all")[0] == 0
    row = csv_rows(Path("ut.csv"))[0]
    right = expected(coder, ["språket på gården"])[0]
    assert [float(row[f"p_{code}"]) for code in coder.codes_] == pytest.approx(right.tolist(), abs=1e-5)


def test_a_full_disk_leaves_what_stood_there(call: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "a.parquet")
    (tmp_path / "ut.parquet").write_text("fra før")

    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(parquet.ParquetWriter, "write_batch", full)
    status, _out, err = call("a.parquet", "--out", "ut.parquet")
    assert status == 2
    assert "No space left" in err
    assert "df -h" in err
    assert (tmp_path / "ut.parquet").read_text() == "fra før"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.parquet", "ut.parquet"]


def test_an_interrupted_run_leaves_no_file(call: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "a.parquet")
    several = stream.scored

    def interrupted(*args: object, **options: object) -> Iterator[Part]:
        yield from several(*args, **options)
        raise KeyboardInterrupt

    monkeypatch.setattr(stream, "scored", interrupted)
    for out in ("ut.parquet", "ut.csv", "ut.jsonl.gz"):
        assert call("a.parquet", "--out", out)[0] == 130
    assert [p.name for p in tmp_path.iterdir()] == ["a.parquet"]


def test_results_come_in_order_a_few_at_a_time_and_an_error_comes_through() -> None:
    taken, over, on = [], [threading.Event() for _ in range(200)], threading.Event()

    def items() -> Iterator[int]:
        for i in range(200):
            taken.append(i)
            yield i

    def slow(i: int) -> int:
        assert i < 3 or on.wait(GUARD_S)
        assert i % 3 or over[i + 1].wait(GUARD_S)  # every third is done after the one behind it
        over[i].set()
        return i * i

    found = in_order(slow, items(), 3)
    assert next(found) == 0
    assert len(taken) <= 3 + 3 * 3  # three are done, and a thread has one, and two to come
    on.set()
    assert list(found) == [i * i for i in range(1, 200)]

    def broken() -> Iterator[int]:
        yield 1
        raise DataError([])

    for threads in (1, 2):
        with pytest.raises(DataError):
            list(in_order(slow, broken(), threads))


def test_what_is_left_out_is_in_no_dictionary_either(coder: AutoCoder) -> None:
    letters = pa.Array.from_buffers(
        pa.string(), 2, [None, pa.py_buffer(b"\0\0\0\0\2\0\0\0\3\0\0\0"), pa.py_buffer(b"ab\xff")]
    )
    places = pa.array([0, 1, 0, 7], pa.int8())  # there is no eighth
    office = pa.DictionaryArray.from_arrays(places, letters, safe=False)
    texts = pa.array(["en", "to", "tre", "fire"])
    rows = Part(pa.RecordBatch.from_arrays([texts, office], names=["text", "kontor"]))
    (part,) = scored([rows], coder.scorer(), Wanted(), threads=1, skip=True)
    part.batch.validate(full=True)
    assert part.batch.column("kontor").to_pylist() == ["ab", "ab"]
    assert [problem.line for problem in part.skipped] == [2, 4]


def test_an_error_waits_for_the_threads_that_are_still_at_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python that ends around a thread in a library's code may be ended by a signal."""
    begun, waited, done = threading.Event(), threading.Event(), []

    class Telling(threading.Condition):
        def wait_for(self, *given: Any, **named: Any) -> bool:
            waited.set()
            return super().wait_for(*given, **named)

    def work(i: int, ended: threading.Event | None = None) -> int:
        if i == 0:
            begun.wait(GUARD_S)
            raise ValueError("nei")
        begun.set()
        done.append(i if ended is None else ended.wait(GUARD_S))
        waited.wait(GUARD_S)  # the error waits for this thread, which only then goes on
        done.append("over")
        return i

    monkeypatch.setattr(threading, "Condition", Telling)
    with pytest.raises(ValueError, match="nei"):
        list(in_order(work, range(2), 2))
    assert done == [1, "over"]
    begun.clear()
    waited.clear()
    done.clear()
    with pytest.raises(ValueError, match="nei"):
        list(in_any_order(work, range(2), 2))
    assert done == [True, "over"]  # it was told that nobody waits


def test_threads_are_decided_in_one_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOKODE_THREADS", "3")
    assert (thread_count(), thread_count(1)) == (3, 1)
    monkeypatch.setenv("AUTOKODE_THREADS", "mange")
    with pytest.raises(DataError, match="mange"):
        thread_count()


@pytest.mark.parametrize(("counted", "threads"), [(3, 3), (None, 1)])
def test_a_system_that_says_less_of_its_processors_has_threads_too(
    counted: int | None, threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AUTOKODE_THREADS", raising=False)
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: counted)
    assert thread_count() == threads


def test_what_was_skipped_in_small_parts_is_not_lost(coder: AutoCoder) -> None:
    bad = pa.RecordBatch.from_arrays([NOT_UTF8], ["text"])
    good = pa.RecordBatch.from_pydict({"text": ["hei"]})
    parts = [Part(good, "a"), Part(bad, "a", 1), Part(good, "b"), Part(bad, "b", 1)]
    found = list(scored(parts, coder.scorer(), Wanted(), threads=2, skip=True))
    assert [(p.file, p.line) for part in found for p in part.skipped] == [("a", 3), ("b", 3)]
    assert sum(part.batch.num_rows for part in found) == 4


def test_small_parts_of_a_file_are_scored_together_and_what_stands_between_keeps_its_place(coder: AutoCoder) -> None:
    one = pa.RecordBatch.from_pydict({"text": ["hei"]})
    parts = [Part(one, "a"), Part(one, "a", 1), Part(NOTHING, "a", 2), Part(one, "a", 2), Part(one, "b")]
    found = [(part.file, part.batch.num_rows) for part in scored(parts, coder.scorer(), Wanted(), threads=1)]
    assert found == [("a", 2), ("a", 0), ("a", 1), ("b", 1)]


@pytest.mark.parametrize("name", ["a.parquet", "a.feather", "a.csv", "a.jsonl", "a.txt"])
def test_how_far_a_file_is_read_ends_at_its_size(name: str, tmp_path: Path) -> None:
    write(tmp_path, name)
    path = tmp_path / name
    done = [part.done for part in read_parts([(path, name[1:].replace("feather", "arrow"))] * 2, ReadOptions())]
    assert done == sorted(done)
    assert done[-1] == 2 * path.stat().st_size


def test_a_stream_of_arrow_says_how_far_it_is_read(tmp_path: Path) -> None:
    write(tmp_path, "a.arrow")
    done = [part.done for part in read_parts([(tmp_path / "a.arrow", ".arrow")], ReadOptions())]
    assert done == sorted({*done})
    assert len(done) == 3
    assert done[-1] == (tmp_path / "a.arrow").stat().st_size - 8  # that there are no more batches is eight bytes


@pytest.mark.parametrize(("name", "better"), [("svar.exe", "--out svar.parquet"), ("", "--out koder.parquet")])
def test_an_unknown_ending_is_answered_with_a_known_one(name: str, better: str) -> None:
    with pytest.raises(DataError, match=better):
        outputs.check_ending(Path(name))


def test_the_first_run_on_a_machine_says_that_it_compiles(
    call: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "a.txt")
    assert is_kept()
    monkeypatch.setattr("autokode.scoring.engine.object_cache.is_kept", lambda: False)
    assert "første gang" in call("a.txt", "--out", "ut.csv")[2]


def test_every_ending_that_is_offered_can_be_written() -> None:
    for ending in outputs.ENDINGS:
        outputs.check_ending(Path(f"ut{ending}"))
