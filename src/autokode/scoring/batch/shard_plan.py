"""Divide files into shards that do not depend on each other, each with the name of its result."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from autokode import __version__
from autokode.base import resources
from autokode.base.errors import DataError, failure
from autokode.base.hashing import sha256_of
from autokode.base.messages import say
from autokode.model import model_files
from autokode.scoring.batch.formats import KINDS, ReadOptions
from autokode.scoring.batch.inputs import kind_of, nothing_in, readable
from autokode.scoring.batch.storage import place
from autokode.scoring.batch.stream import Wanted
from autokode.scoring.engine.scorer import check_words_alone

FORMAT = 1
SHARD_ROWS = 1 << 20
"""Smallest number of rows in a shard of a Parquet file that has that many."""
_EDGE = 1 << 20
"""Bytes hashed at each end of a file, to tell it from another of its size and name."""


@dataclass(frozen=True, slots=True)
class Shard:
    """One piece of work, with everything a worker on any machine needs to know.

    Attributes:
        source: path or address of the file.
        given: the file's path relative to the input that was named; the same on any machine.
        kind: a key of `KINDS`.
        size: of the file, in bytes.
        groups: the row groups, the first and the one after the last; None: the whole file.
        out: the folder's path or address.
        part: the name of its result.
        model: the model's folder, or the name of one that comes with autokode; and `model_sha256` of its manifest.
        wanted, encoding, skip: as in `Wanted` and `ReadOptions`.
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


def plan(inputs: Iterable[str], out: str, model: str, wanted: Wanted, reading: ReadOptions) -> list[Shard]:
    """The shards of files and folders, in order: each a file, or some row groups of a large Parquet file.

    A part's name holds a hash of all it depends on: the file, the model, the options, the version of autokode. So a part that
    is there under its name need not be made again.

    Raises:
        DataError: there is nothing to read, a file is of an unknown kind, or there is no such model.
    """
    folder = resources.model_folder(model)
    check_words_alone(model_files.load(folder))  # raise before a worker starts
    known = model if resources.model(model) == folder else str(folder.resolve())
    digest = model_files.manifest_sha256(folder)
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


def _found(inputs: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Yield (path or address, path relative to the input named, kind) of each file; those of a folder sorted by name."""
    expected = ", ".join(KINDS)
    for given in inputs:
        where = place(given)
        if where.is_folder():
            inside = readable(where.files())
            if not inside:
                raise DataError(nothing_in(given), try_next="autokode score --help")
            yield from ((str(where / name), name, kind) for name, kind in inside)
        elif where.stamp() is None:
            raise failure(
                "filen finnes ikke",
                "there is no such file",
                where=given,
                try_next=say("se etter navnet", "check the name"),
            )
        else:
            kind = kind_of(Path(where.name), in_folder=False)
            if kind is None:
                raise failure(
                    f"ukjent filtype; ventet {expected}",
                    f"unknown file type; expected {expected}",
                    where=given,
                    try_next="autokode score --help",
                )
            yield str(where), where.name, kind


def _of_file(shard: Shard) -> Iterator[Shard]:
    if shard.kind == ".docx" and shard.wanted.question is None:  # a transcript holds its own questions
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
        options = (asdict(shard.wanted), shard.encoding, shard.skip)
        key = sha256_of(json.dumps([facts, options], sort_keys=True))[:16]
        stem = re.sub(r"[^\w-]+", "-", shard.given.rsplit(".", 1)[0]).strip("-")[-60:]
        which = f"-{groups[0]:05d}" if groups else ""
        yield replace(shard, size=size, groups=groups, part=f"{stem}{which}-{key}.parquet")


def _row_groups(stream: Any, name: str) -> list[tuple[int, int] | None]:
    """Divide a file's row groups into runs of SHARD_ROWS rows or more, in order."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        about = parquet.ParquetFile(stream).metadata
    except (pa.ArrowException, OSError) as error:
        reason = str(error).split("\n")[0][:200]
        raise failure(
            f"kan ikke leses: {reason}",
            f"cannot be read: {reason}",
            where=name,
            try_next=say("lag filen på nytt", "make the file again"),
        ) from error
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
