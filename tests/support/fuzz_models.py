"""Targets of models, rows to score and project files: small ones, how to put them in place, and read them."""

import contextlib
import gzip
import hashlib
import io
import json
import shutil
import tempfile
import warnings
import zlib
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from autokode import AutoCoder, load_model
from autokode.base.errors import AutokodeWarning, DataError
from autokode.corpus.codebook import Code, Codebook
from autokode.model.model_files import load, sha256_of_facts
from autokode.project import Project
from autokode.project.store.decision_log import facts, replayed
from autokode.project.store.decision_rows import memos
from autokode.project.store.foreign_data import kept, made, undecided
from autokode.project.store.integrity import check
from autokode.project.store.project_files import FILE
from autokode.scoring.batch.formats import ReadOptions
from autokode.scoring.batch.inputs import find_inputs, read_parts
from autokode.scoring.batch.stream import Wanted, scored
from autokode.scoring.engine.compiled import CompiledScorer
from autokode.scoring.engine.scorer import Texts
from fuzz_case import Target, as_file, as_json, words
from fuzz_exchange import project_bytes

MANIFEST = "manifest.json"
TEXTS = ["vedtaket kom, og ordene i brevet", "æ e redd 😀\u00a0for pengene", ""]


@cache
def model_files() -> dict[str, bytes]:
    """The files of a small model."""
    book = Codebook("b", (Code("makt og penger", definition="vedtak"), Code("språk", definition="ord")))
    texts = ["vedtaket", "pengene", "ordene", "brevet"] * 3
    codes = [["makt og penger"], ["makt og penger"], ["språk"], ["språk"]] * 3
    with tempfile.TemporaryDirectory() as place:
        AutoCoder().fit(texts, codes, codebook=book).save(Path(place) / "m")
        return {path.name: path.read_bytes() for path in sorted((Path(place) / "m").iterdir())}


def put_model(folder: Path, changed: dict[str, bytes]) -> Path:
    """Write the model with other files in place of its own and a manifest with their hashes, as an attacker would."""
    place = folder / "m"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    files = {**model_files(), **changed}
    try:
        told = json.loads(files[MANIFEST])
    except (ValueError, RecursionError):
        told = None
    if isinstance(told, dict):
        for listed, ending in (("arrays", ".npy"), ("texts", "")):
            for name in told[listed] if isinstance(told.get(listed), dict) else ():
                if name + ending in changed:
                    told[listed][name] = hashlib.sha256(changed[name + ending]).hexdigest()
        told["sha256"] = sha256_of_facts(told)
        files[MANIFEST] = json.dumps(told).encode()
    for name, data in files.items():
        (place / name).write_bytes(data)
    return place


def _put_part(folder: Path, data: bytes) -> Path:
    parts = [name for name in model_files() if name != MANIFEST]
    return put_model(folder, {parts[data[0] % len(parts)]: data[1:]} if data else {})


def _parts() -> list[bytes]:
    found = [
        bytes([i]) + model_files()[name] for i, name in enumerate(name for name in model_files() if name != MANIFEST)
    ]
    sink = io.BytesIO()
    np.savez(sink, a=np.zeros(2))
    return [*found, b"\x00" + sink.getvalue()]


def _put_manifest(folder: Path, data: bytes) -> Path:
    return put_model(folder, {MANIFEST: data})


def _model(path: Path) -> None:
    """Load a model and use it, both ways: whatever it says, its answers are numbers."""
    model = load(path)
    fast = (
        CompiledScorer(model).probabilities(Texts.of(TEXTS), Texts.of(TEXTS[::-1]))
        if not len(model.encoder_weights)
        else None
    )
    coder = load_model(path)
    slow = coder.predict_proba(TEXTS, TEXTS[::-1])
    assert fast is None or fast.shape == slow.shape
    with warnings.catch_warnings():  # of a model whose words are damaged it says that it knows none of these
        warnings.simplefilter("ignore", AutokodeWarning)
        coder.predict(TEXTS)
    if model.codes:
        coder.explain(TEXTS[0], model.codes[0])


# rows to score

_ROWS = {"id": ["007", "8", None], "text": TEXTS, "spørsmål": ["Hva?", None, "Og?"]}


def _table() -> pa.Table:
    return pa.table(
        {**_ROWS, "n": [1, 2, 3], "liste": [[1], [], None], "slag": pa.array(["a", "b", "a"]).dictionary_encode()}
    )


def parquet() -> list[bytes]:
    found = []
    for compression in ("none", "snappy", "zstd"):
        sink = io.BytesIO()
        pq.write_table(_table(), sink, compression=compression, row_group_size=2)
        found.append(sink.getvalue())
    return found


def arrow() -> list[bytes]:
    found = []
    for make, options in (
        (pa.ipc.new_file, None),
        (pa.ipc.new_stream, None),
        (pa.ipc.new_file, pa.ipc.IpcWriteOptions(compression="lz4")),
    ):
        sink = io.BytesIO()
        with make(sink, _table().schema, options=options) as writer:
            for _ in range(2):
                writer.write_table(_table())
        found.append(sink.getvalue())
    return found


def rows_csv() -> list[bytes]:
    sink = io.BytesIO()
    pyarrow.csv.write_csv(pa.table(_ROWS), sink)
    return [sink.getvalue(), b'id;text\r\n1;"en; to\r\nlinjer ""ja"""\r\n2;tre\r\n', b"text\nen\n"]


def jsonl() -> list[bytes]:
    rows = [{"id": i, "text": text, "mer": {"a": [1, None]}} for i, text in enumerate(TEXTS)]
    return [b"\n".join(map(as_json, rows)), b'\xef\xbb\xbf{"text": "en"}\r\n\r\n{"text": null, "x": "\\u00e5"}\r\n']


def lines() -> list[bytes]:
    return ["\n".join(TEXTS).encode(), "\r\n".join(TEXTS).encode("utf-8-sig")]


@cache
def _scorer() -> CompiledScorer:
    return CompiledScorer(load_model("nav-nb").model_)


def _scored(path: Path) -> None:
    skip = path.stat().st_size % 2 == 1
    files = find_inputs((path,))
    for part in scored(read_parts(files, ReadOptions(skip=skip)), _scorer(), Wanted(top=2), threads=1, skip=skip):
        part.batch.validate(full=True)


def _put_compressed(folder: Path, data: bytes) -> Path:
    """Put lines of JSON in gzip: every other input is what is packed, the rest the file as it is."""
    path = folder / "r.jsonl.gz"
    path.write_bytes(gzip.compress(data[1:], 1, mtime=0) if data[:1] == b"p" else data)
    return path


def compressed() -> list[bytes]:
    return [
        *(b"p" + one for one in jsonl()),
        *(gzip.compress(one, mtime=0) for one in jsonl()),
        b"\x1f\x8b" + zlib.compress(b"x"),
    ]


# project files


def _put_project(folder: Path, data: bytes) -> Path:
    shutil.rmtree(folder / "p", ignore_errors=True)
    (folder / "p").mkdir()
    path = folder / "p" / FILE
    path.touch(0o600)
    path.write_bytes(data)
    return path.parent


def _project(path: Path) -> None:
    """Open a project's file and read all of it, whatever is wrong with it; then let it be looked through."""
    for read in (_all, check):
        with contextlib.suppress(DataError):
            read(path)


def _all(path: Path) -> None:
    project = Project.open(path)
    (
        project.codebook,
        project.coders,
        project.codings(),
        made(project),
        undecided(project),
        memos(project),
        kept(project, "case"),
    )
    for source in project.sources:
        project.transcript(source.name)
    with project.database.reading() as connection:
        facts(connection), replayed(connection)


_ARRAY = (
    *words(
        "'descr': '|O'¦'<f2'¦'<f4'¦'>u8'¦'fortran_order': True¦'shape': (4611686018427387904,)¦(2, 2)¦(0, 2)¦()¦cos\nsystem\n"
    ),
    *(b"\x93NUMPY\x01\x00", b"\x00\x7c", b"\x00\x7e", b"\x80\x04\x95", b"PK\x03\x04", b"cos\nsystem\n"),
)
_FACTS = words(
    '"lang": "nb"¦"codes": []¦"arrays": {}¦"texts": {"../x": "0"}¦"encoder": "e5"¦"encoder": "/"¦"seed": ¦"..'
)
_JSON = (*words('"text": ¦{"¦": ¦\n¦\\ud800¦{"a": 1, "a": 2}'), b"\xff")
_SQL = words('CREATE TABLE ¦CREATE VIEW ¦CREATE TRIGGER ¦{"¦null')

TARGETS = (
    Target("model: its manifest", lambda: [model_files()[MANIFEST]], _put_manifest, _model, _FACTS),
    Target("model: its arrays and texts", _parts, _put_part, _model, _ARRAY),
    Target("rows, .parquet", parquet, as_file("r.parquet"), _scored),
    Target("rows, .arrow", arrow, as_file("r.arrow"), _scored),
    Target("rows, .csv", rows_csv, as_file("r.csv"), _scored, words('text¦""¦;¦\t¦,')),
    Target("rows, .jsonl", jsonl, as_file("r.jsonl"), _scored, _JSON),
    Target("rows, .txt", lines, as_file("r.txt"), _scored),
    Target("rows, .jsonl.gz", compressed, _put_compressed, _scored, _JSON),
    Target("project file", lambda: [project_bytes()], _put_project, _project, _SQL),
)
"""Models, rows to score, and a project's own file."""
