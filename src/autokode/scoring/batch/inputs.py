"""Which files to score, and their rows as batches."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa

from autokode.base.errors import DataError, Problem
from autokode.base.files import nearest_name
from autokode.base.messages import say
from autokode.scoring.batch.formats import KINDS, ReadOptions, ending_of
from autokode.scoring.batch.parts import NOTHING, Part

TRANSCRIPTS = (".docx", ".vtt", ".srt")


def find_inputs(paths: tuple[Path, ...]) -> list[tuple[Path, str]]:
    """The files to read, each with its kind, in the order given; those of a folder sorted by name.

    Raises:
        DataError: a path does not exist, is of an unknown kind, or is a folder without a file that we read.
    """
    found: list[tuple[Path, str]] = []
    problems: list[Problem] = []
    for path in paths:
        if path.is_dir():
            names = [file.relative_to(path).as_posix() for file in sorted(path.rglob("*")) if file.is_file()]
            inside = readable(names)
            found += [(path / name, kind) for name, kind in inside]
            problems += [] if inside else [nothing_in(str(path))]
        elif not path.exists():
            problems.append(Problem(say("filen finnes ikke", "there is no such file"), str(path)))
        elif kind := kind_of(path, in_folder=False):
            found.append((path, kind))
        else:
            what = say(f"ukjent filtype «{path.suffix}»; ventet", f"unknown file type «{path.suffix}»; expected")
            problems.append(Problem(f"{what} {', '.join(KINDS)}", str(path)))
    if problems:
        raise DataError(problems, try_next=nearest_name(Path(str(problems[0].file))))
    return found


def readable(names: Iterable[str]) -> list[tuple[str, str]]:
    """The files to read of those in a folder, by their paths relative to it: (path, kind).

    Beside transcripts, tables are codings and the like: they are left out.
    """
    own = [(name, kind) for name in names if not is_hidden(name) and (kind := kind_of(Path(name), in_folder=True))]
    return [(name, kind) for name, kind in own if kind == ".docx"] or own


def nothing_in(folder: str) -> Problem:
    """The problem of a folder without a file that we read."""
    what = say("mappen har ingen fil som kan leses", "the folder has no file that can be read")
    return Problem(f"{what} ({', '.join(KINDS)})", folder)


def read_parts(files: list[tuple[Path, str]], reading: ReadOptions) -> Iterator[Part]:
    """Yield the rows of files in batches; `done` counts bytes over all of them.

    Raises:
        DataError: a file is damaged or a row cannot be read; with `reading.skip` it is in `skipped` instead.
    """
    before = 0
    for path, kind in files:
        size = path.stat().st_size if reading.stream is None else 0
        row = 0
        try:
            for part in KINDS[kind](path, reading):
                row = part.row + part.batch.num_rows
                "".join(part.batch.schema.names)  # a name that is no UTF-8 is found here
                yield Part(part.batch, str(path), part.row, before + min(part.done, size), part.skipped)
        except (pa.ArrowException, OSError, EOFError, UnicodeError) as error:
            problem = _unreadable(path, row, error)
            if not reading.skip:
                mend = say("--on-error skip for å hoppe over den", "--on-error skip to leave it out")
                raise DataError(problem, try_next=mend) from error
            yield Part(NOTHING, str(path), row, before + size, (problem,))
        except DataError as error:
            if not reading.skip:
                raise
            yield Part(NOTHING, str(path), row, before + size, error.problems)
        before += size


def _unreadable(path: Path, row: int, error: BaseException) -> Problem:
    reason = str(error).split("\n")[0][:200] or type(error).__name__
    after = say("kan ikke leses", "cannot be read") + (say(f" etter rad {row}", f" after row {row}") if row else "")
    return Problem(f"{after}: {reason}", str(path), row + 1 if row else None)


def is_hidden(path: str) -> bool:
    """Whether a file, by its path relative to the folder, is one that programs keep for themselves."""
    return any(part.startswith((".", "~$")) for part in path.split("/"))


def kind_of(path: Path, *, in_folder: bool) -> str | None:
    """The kind of a file by its name, a key of KINDS, or None. In a folder, .txt is a transcript."""
    ending = ending_of(path)
    ending = {".pq": ".parquet", ".feather": ".arrow", ".ipc": ".arrow", ".ndjson": ".jsonl"}.get(ending, ending)
    if ending in TRANSCRIPTS or (in_folder and ending == ".txt"):
        return ".docx"
    return ending if ending in KINDS else None
