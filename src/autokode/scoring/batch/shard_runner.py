"""Score shards, in any order and by any worker; a shard's result is there whole or not at all."""

import contextlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from threading import Event, Lock
from typing import Any

from autokode import __version__
from autokode.base import resources
from autokode.base.errors import Problem, command_for, failure
from autokode.base.hashing import sha256_of_file
from autokode.base.log import log
from autokode.base.messages import say
from autokode.model import model_files
from autokode.scoring.batch.formats import ReadOptions
from autokode.scoring.batch.inputs import is_hidden, read_parts
from autokode.scoring.batch.parallel import in_any_order
from autokode.scoring.batch.parts import Part
from autokode.scoring.batch.shard_plan import FORMAT, Shard
from autokode.scoring.batch.storage import Local, Remote, place
from autokode.scoring.batch.stream import empty, scored
from autokode.scoring.engine.compiled import CompiledScorer

MANIFEST = "manifest.json"
_AS: Any = {"compression": "zstd", "write_page_checksum": True}
"""Options for writing parts; the checksums show a changed byte."""


@dataclass(frozen=True, slots=True)
class Done:
    """The result of a shard: rows written and left out, its file's bytes and SHA-256; `before` if an earlier run made it."""

    part: str
    rows: int
    skipped: int
    size: int
    sha256: str
    before: bool
    problems: tuple[Problem, ...] = ()


def run(shards: list[Shard], *, threads: int, dask: str | None = None, told: Callable[[Done], None]) -> dict[str, Any]:
    """Score the shards that no earlier run has scored, then write the manifest; returns the manifest.

    A run that is killed leaves whole parts and no manifest, and the same call goes on from there. The bytes written do not
    depend on the number of threads or workers.

    Args:
        shards: of one `plan`.
        threads: shards scored at a time; where there are fewer shards, the threads share one.
        dask: address of a Dask scheduler whose workers score instead. They need autokode, and the same paths and addresses.
        told: gets each shard's result, in any order.

    Raises:
        DataError: a shard cannot be read or written, or the folder holds parts of something else; finished parts stay.
    """
    out = place(shards[0].out)
    out.make()
    with _alone(out):
        _check_strange(out, shards)
        results: dict[str, Done] = {}
        alone = 1 if dask or len(shards) >= threads else threads
        stated = _stated(out)
        jobs = ((shard, alone, stated.get(shard.part)) for shard in shards)
        for done in in_any_order(_score, jobs, 1 if alone > 1 else threads, dask):
            results[done.part] = done
            told(done)
        manifest = _manifest(shards, results)
        (out / MANIFEST).write(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")
        return manifest


# one shard, on whatever machine


def _score(job: tuple[Shard, int, str | None], ended: Event | None) -> Done:
    shard, threads, stated = job
    out = place(shard.out) / shard.part
    before = _before(shard, out, stated)
    if before is not None:
        return before
    scorer = _scorer(shard.model, shard.model_sha256)
    with out.written() as temporary:
        rows, problems = _write(shard, scorer, temporary, threads, ended)
        digest, size = sha256_of_file(temporary), temporary.stat().st_size
    return Done(shard.part, rows, len(problems), size, digest, before=False, problems=problems)


def _write(
    shard: Shard, scorer: CompiledScorer, path: Path, threads: int, ended: Event | None
) -> tuple[int, tuple[Problem, ...]]:
    import pyarrow as pa
    from pyarrow import parquet

    from autokode.scoring.batch.outputs import fitted

    problems: list[Problem] = []
    with _read(shard) as parts, contextlib.ExitStack() as ending:
        writer: parquet.ParquetWriter | None = None
        rows = 0
        for part in scored(parts, scorer, shard.wanted, threads=threads, skip=shard.skip):
            problems += part.skipped
            if ended is not None and ended.is_set():  # another shard failed; the next run makes this one
                raise InterruptedError
            if part.batch.num_columns:
                if writer is None:
                    writer = parquet.ParquetWriter(path, part.batch.schema, **_AS)
                    ending.callback(writer.close)
                writer.write_batch(fitted(part.batch, writer.schema))
                rows += part.batch.num_rows
        if writer is None:
            nothing = empty(
                pa.schema([(shard.wanted.text, pa.string())]), scorer, replace(shard.wanted, question=None, keep=())
            )
            writer = parquet.ParquetWriter(path, nothing.schema, **_AS)
            ending.callback(writer.close)
        writer.add_key_value_metadata({"autokode.skipped": str(len(problems))})
    log.info("coded part %s: %d rows, %d skipped", shard.part, rows, len(problems))
    return rows, tuple(problems)


@contextlib.contextmanager
def _read(shard: Shard) -> Iterator[Iterator[Part]]:
    source = place(shard.source)
    reading = ReadOptions(shard.encoding, shard.skip, shard.groups)
    if isinstance(source, Remote) and shard.kind == ".parquet":
        with source.opened() as stream:
            yield read_parts([(Path(shard.given), shard.kind)], replace(reading, stream=stream))
    else:
        with source.here() as path:
            yield read_parts([(path, shard.kind)], reading)


def _before(shard: Shard, out: Local | Remote, stated: str | None) -> Done | None:
    """The result of an earlier run, if its part is whole and younger than its source; else None.

    The SHA-256 in a manifest says whether a part is whole; without a manifest, the checksums of its pages do.
    """
    import pyarrow as pa
    from pyarrow import parquet

    there, source = out.stamp(), place(shard.source).stamp()
    if there is None or source is None or there.changed < source.changed:
        return None
    try:
        with out.opened() as stream:
            part = parquet.ParquetFile(stream, page_checksum_verification=True)
            about = part.metadata
            for _batch in part.iter_batches():  # reads, and so checks, every page
                pass
            skipped = int((about.metadata or {})[b"autokode.skipped"])
    except (pa.ArrowException, OSError, KeyError, ValueError):
        return None
    with out.here() as path:
        digest = sha256_of_file(path)
    if stated not in (None, digest):
        return None
    return Done(shard.part, about.num_rows, skipped, there.size, digest, before=True)


_scorers: dict[tuple[str, str], CompiledScorer] = {}
_one_at_a_time = Lock()


def _scorer(model: str, sha256: str) -> CompiledScorer:
    """The scorer of a model; a process loads it once."""
    with _one_at_a_time:
        if (model, sha256) not in _scorers:
            folder = resources.model_folder(model)
            loaded = model_files.load(folder)
            if model_files.manifest_sha256(folder) != sha256:
                raise failure(
                    "modellen er en annen her enn der arbeidet begynte",
                    "the model here is not the one that the run began with",
                    where=model,
                    try_next=say("legg samme modell på alle maskiner", "give all machines the same model"),
                )
            _scorers.clear()
            _scorers[model, sha256] = CompiledScorer(loaded)
        return _scorers[model, sha256]


# the whole run: its lock, earlier parts, the manifest


@contextlib.contextmanager
def _alone(out: Local | Remote) -> Iterator[None]:
    """Lock a folder of this machine for one run, and delete temporary files of runs that were killed."""
    if isinstance(out, Remote):
        yield
        return
    from filelock import FileLock, Timeout

    try:
        with FileLock(out.path / ".lock", timeout=0, mode=0o600):
            _sweep(out)
            yield
            _sweep(out)
    except Timeout as error:
        raise failure(
            "en annen autokode skriver hit nå",
            "another autokode is writing here now",
            where=out,
            try_next=say("vent til den er ferdig", "wait until it is done"),
        ) from error
    except OSError as error:
        raise failure(
            f"kan ikke skrives ({error.strerror})",
            f"cannot be written ({error.strerror})",
            where=out,
            try_next=command_for(error, out),
        ) from error


def _sweep(out: Local) -> None:
    for left in out.path.glob(".*.parquet.*"):
        left.unlink(missing_ok=True)


def _check_strange(out: Local | Remote, shards: list[Shard]) -> None:
    """Raise an error for a folder with parts of something else, so that nobody reads two runs as one."""
    own = {shard.part for shard in shards} | {MANIFEST}
    strange = [name for name in out.files() if name not in own and not is_hidden(name)]
    if strange:
        shown = ", ".join(strange[:3]) + (" …" if len(strange) > 3 else "")
        mend = say("en ny mappe, eller ta dem bort", "a new folder, or remove them")
        raise failure(
            f"har filer som ikke er av dette ({shown}): en annen modell, andre valg eller en fil som er endret",
            f"has files of another run ({shown}): another model, other options or a file that changed",
            where=out,
            try_next=mend,
        )


def _stated(out: Local | Remote) -> dict[str, str]:
    """Part → SHA-256 by the manifest of an earlier run; {} where there is no readable one."""
    manifest = out / MANIFEST
    if manifest.stamp() is None:
        return {}
    try:
        with manifest.opened() as stream:
            return {shard["part"]: shard["sha256"] for shard in json.load(stream)["shards"]}
    except (ValueError, KeyError, TypeError, RecursionError):
        return {}


def _manifest(shards: list[Shard], results: dict[str, Done]) -> dict[str, Any]:
    first = shards[0]
    rows = [
        {
            "input": shard.given,
            "question": shard.wanted.question,
            "row_groups": list(shard.groups) if shard.groups else None,
            "part": shard.part,
            "rows": results[shard.part].rows,
            "skipped": results[shard.part].skipped,
            "bytes": results[shard.part].size,
            "sha256": results[shard.part].sha256,
        }
        for shard in shards
    ]
    options = asdict(first.wanted) | {"encoding": first.encoding, "skip": first.skip}
    options.pop("question")  # each file has its own
    return {
        "format": FORMAT,
        "autokode": __version__,
        "model_sha256": first.model_sha256,
        "options": options,
        "rows": sum(done.rows for done in results.values()),
        "skipped": sum(done.skipped for done in results.values()),
        "shards": rows,
    }
