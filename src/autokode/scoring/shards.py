"""Very many texts as shards that do not depend on each other: each whole or not there, in any order, by any worker."""

import contextlib
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Any

from autokode import __version__, shipped
from autokode.errors import DataError, Problem, command_for
from autokode.files import read_bytes
from autokode.language import say
from autokode.model import Model
from autokode.scoring.inputs import KINDS, Reading, is_hidden, kind_of, read_parts
from autokode.scoring.parallel import in_any_order
from autokode.scoring.places import Local, Remote, place
from autokode.scoring.scorer import Scorer, check_words_alone
from autokode.scoring.stream import Part, Wanted, empty, scored

MANIFEST = "manifest.json"
FORMAT = 1
SHARD_ROWS = 1 << 20
"""Rows that a shard of a Parquet file has at least, where the file has so many."""
_AS: Any = {"compression": "zstd", "write_page_checksum": True}
"""How parts are written: a letter changed in one is seen."""
_EDGE = 1 << 20
"""Bytes at each end of a file that tell it from another of its size and name."""


@dataclass(frozen=True, slots=True)
class Shard:
    """One piece of work, all a worker on any machine needs to know.

    Attributes:
        source: path or address of the file.
        given: the file's path from what was named, in any folder on any machine.
        kind: a key of `KINDS`.
        size: of the file, in bytes.
        groups: the row groups, first and after the last; None: the whole file.
        out: the folder's path or address.
        part: the name of its result.
        model: the model's folder, or the name of one that comes with autokode; and `model_sha256` of its manifest.
        wanted, encoding, skip: as in `Wanted` and `Reading`.
    """

    source: str
    given: str
    kind: str
    size: int
    groups: tuple[int, int] | None
    out: str
    part: str
    model: str
    model_sha256: str
    wanted: Wanted
    encoding: str | None
    skip: bool


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a shard: rows written and left out, its file's bytes and SHA-256; `before` where it was there already."""

    part: str
    rows: int
    skipped: int
    size: int
    sha256: str
    before: bool
    problems: tuple[Problem, ...] = ()


def plan(inputs: Iterable[str], out: str, model: str, wanted: Wanted, reading: Reading) -> list[Shard]:
    """Return the shards of files and folders, in order: a file, or some row groups of a large Parquet file.

    A part's name tells what it is of: the file, the model, what was asked, the version of autokode. So what is there
    already under its name need not be made again.

    Raises:
        DataError: there is nothing to read, or it is of a kind that is not known; no such model.
    """
    folder = shipped.model_folder(model)
    check_words_alone(Model.load(folder))  # what is wrong with it is said before a worker starts
    known = model if shipped.model(model) == folder else str(folder.resolve())
    digest = _model_sha256(folder)
    about = Shard("", "", "", 0, None, out, "", known, digest, wanted, reading.encoding, reading.skip)
    shards: list[Shard] = []
    taken: set[str] = set()
    for source, given, kind in _found(inputs):
        for shard in _of_file(replace(about, source=source, given=given, kind=kind)):
            name = shard.part
            number = 1
            while name in taken:  # the same file by the same name from two folders
                number += 1
                name = f"{shard.part.removesuffix('.parquet')}-{number}.parquet"
            taken.add(name)
            shards.append(replace(shard, part=name))
    return shards


def run(shards: list[Shard], *, threads: int, dask: str | None = None, told: Callable[[Done], None]) -> dict[str, Any]:
    """Score what is not done, and write the manifest when all of it is; return the manifest.

    Broken off at any moment it leaves whole parts, and no manifest; the same call goes on from there. What is written is
    the same bytes however many threads or workers wrote it.

    Args:
        shards: of one `plan`.
        threads: how many shards are scored at a time; where there are fewer, the threads share a shard.
        dask: address of a Dask scheduler whose workers score instead. They need autokode, and what paths and addresses
            name must be theirs too.
        told: called with each shard's result, in any order.

    Raises:
        DataError: a shard cannot be read or written, or the folder holds parts of something else; what is done stays.
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


# planning


def _found(inputs: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Yield (path or address, the same from what was named, kind) of the files to read, those of a folder by name."""
    expected = ", ".join(KINDS)
    for given in inputs:
        where = place(given)
        if where.is_folder():
            names = [name for name in where.files() if not is_hidden(name)]
            own = [(name, kind) for name in names if (kind := kind_of(Path(name), in_folder=True))]
            spoken = [(name, kind) for name, kind in own if kind == ".docx"]
            if not own:
                what = say("mappen har ingen fil som kan leses", "the folder has no file that can be read")
                raise DataError(Problem(f"{what} ({expected})", given), try_next="autokode score --help")
            yield from ((str(where / name), name, kind) for name, kind in spoken or own)
        elif where.stamp() is None:
            what = say("filen finnes ikke", "there is no such file")
            raise DataError(Problem(what, given), try_next=say("se etter navnet", "look at the name"))
        else:
            kind = kind_of(Path(where.name), in_folder=False)
            if kind is None:
                what = say(f"ukjent filtype; ventet {expected}", f"unknown file type; expected {expected}")
                raise DataError(Problem(what, given), try_next="autokode score --help")
            yield str(where), where.name, kind


def _of_file(shard: Shard) -> Iterator[Shard]:
    if shard.kind == ".docx" and shard.wanted.question is None:  # a transcript says itself what was asked
        shard = replace(shard, wanted=replace(shard.wanted, question="question"))
    source = place(shard.source)
    stamp = source.stamp()
    size = stamp.size if stamp else 0
    with source.opened() as stream:
        edges = hashlib.sha256(stream.read(_EDGE))
        stream.seek(max(0, size - _EDGE))
        edges.update(stream.read(_EDGE))
        cuts = [None] if shard.kind != ".parquet" else _row_groups(stream, shard.given)
    for groups in cuts:
        facts = (__version__, FORMAT, shard.model_sha256, shard.given, size, edges.hexdigest(), groups)
        asked = (asdict(shard.wanted), shard.encoding, shard.skip)
        key = hashlib.sha256(json.dumps([facts, asked], sort_keys=True).encode()).hexdigest()[:16]
        stem = re.sub(r"[^\w-]+", "-", shard.given.rsplit(".", 1)[0]).strip("-")[-60:]
        which = f"-{groups[0]:05d}" if groups else ""
        yield replace(shard, size=size, groups=groups, part=f"{stem}{which}-{key}.parquet")


def _row_groups(stream: Any, name: str) -> list[tuple[int, int] | None]:
    """Return runs of row groups with SHARD_ROWS rows or more, all of a file in order."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        about = parquet.ParquetFile(stream).metadata
    except (pa.ArrowException, OSError) as error:
        reason = str(error).split("\n")[0][:200]
        what = say(f"kan ikke leses: {reason}", f"cannot be read: {reason}")
        raise DataError(Problem(what, name), try_next=say("lag filen på nytt", "make the file again")) from error
    cuts: list[tuple[int, int] | None] = []
    first = rows = 0
    for i in range(about.num_row_groups):
        rows += about.row_group(i).num_rows
        if rows >= SHARD_ROWS:
            cuts.append((first, i + 1))
            first, rows = i + 1, 0
    if first < about.num_row_groups or not cuts:
        cuts.append((first, about.num_row_groups))
    return cuts


# one shard, on whatever machine


def _score(job: tuple[Shard, int, str | None]) -> Done:
    shard, threads, stated = job
    out = place(shard.out) / shard.part
    before = _before(shard, out, stated)
    if before is not None:
        return before
    scorer = _scorer(shard.model, shard.model_sha256)
    with out.written() as temporary:
        rows, problems = _write(shard, scorer, temporary, threads)
        digest, size = _sha256(temporary), temporary.stat().st_size
    return Done(shard.part, rows, len(problems), size, digest, before=False, problems=problems)


def _write(shard: Shard, scorer: Scorer, path: Path, threads: int) -> tuple[int, tuple[Problem, ...]]:
    import pyarrow as pa
    from pyarrow import parquet

    from autokode.scoring.outputs import fitted

    problems: list[Problem] = []
    with _read(shard) as parts, contextlib.ExitStack() as ending:
        writer: parquet.ParquetWriter | None = None
        rows = 0
        for part in scored(parts, scorer, shard.wanted, threads=threads, skip=shard.skip):
            problems += part.skipped
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
    return rows, tuple(problems)


@contextlib.contextmanager
def _read(shard: Shard) -> Iterator[Iterator[Part]]:
    source = place(shard.source)
    reading = Reading(shard.encoding, shard.skip, shard.groups)
    if isinstance(source, Remote) and shard.kind == ".parquet":
        with source.opened() as stream:
            yield read_parts([(Path(shard.given), shard.kind)], replace(reading, stream=stream))
    else:
        with source.here() as path:
            yield read_parts([(path, shard.kind)], reading)


def _before(shard: Shard, out: Local | Remote, stated: str | None) -> Done | None:
    """Return what is known of a part that is there, whole, and younger than its source; None where it must be made.

    Whole it is by the SHA-256 that a manifest states of it; without one, by the checksums of its pages.
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
        digest = _sha256(path)
    if stated not in (None, digest):
        return None
    return Done(shard.part, about.num_rows, skipped, there.size, digest, before=True)


_scorers: dict[tuple[str, str], Scorer] = {}
_one_at_a_time = Lock()


def _scorer(model: str, sha256: str) -> Scorer:
    """Return the scorer of a model, read once in a process."""
    with _one_at_a_time:
        if (model, sha256) not in _scorers:
            folder = shipped.model_folder(model)
            loaded = Model.load(folder)
            if _model_sha256(folder) != sha256:
                what = say(
                    "modellen er en annen her enn der arbeidet begynte", "the model is another here than where it began"
                )
                raise DataError(
                    Problem(what, model),
                    try_next=say("legg samme modell på alle maskiner", "give all machines the same model"),
                )
            _scorers.clear()
            _scorers[model, sha256] = Scorer(loaded)
        return _scorers[model, sha256]


def _model_sha256(folder: Path) -> str:
    return hashlib.sha256(read_bytes(folder / "manifest.json")).hexdigest()


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


# the whole


@contextlib.contextmanager
def _alone(out: Local | Remote) -> Iterator[None]:
    """Hold a folder of this machine for one run, and take away what runs that were killed have left half written."""
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
        what = say("en annen autokode skriver hit nå", "another autokode is writing here now")
        raise DataError(
            Problem(what, str(out)), try_next=say("vent til den er ferdig", "wait until it is done")
        ) from error
    except OSError as error:
        what = say(f"kan ikke skrives ({error.strerror})", f"cannot be written ({error.strerror})")
        raise DataError(Problem(what, str(out)), try_next=command_for(error, out)) from error


def _sweep(out: Local) -> None:
    for left in out.path.glob(".*.parquet.*"):
        left.unlink(missing_ok=True)


def _check_strange(out: Local | Remote, shards: list[Shard]) -> None:
    """Refuse a folder that has parts of something else, so that nobody reads two runs as one."""
    own = {shard.part for shard in shards} | {MANIFEST}
    strange = [name for name in out.files() if name not in own and not is_hidden(name)]
    if strange:
        shown = ", ".join(strange[:3]) + (" …" if len(strange) > 3 else "")
        what = say(
            f"har filer som ikke er av dette ({shown}): en annen modell, andre valg eller en fil som er endret",
            f"has files that are not of this ({shown}): another model, other options or a file that changed",
        )
        mend = say("en ny mappe, eller ta dem bort", "a new folder, or remove them")
        raise DataError(Problem(what, str(out)), try_next=mend)


def _stated(out: Local | Remote) -> dict[str, str]:
    """Return part → SHA-256 as the manifest of a run before has them; nothing where there is none that can be read."""
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
