"""The key to a pseudonymised study or project: who is who, and what was there before, without which nobody can restore it."""

import base64
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autokode.base.archive import parse_json
from autokode.base.errors import failure
from autokode.base.files import read_bytes, write_whole
from autokode.base.messages import say
from autokode.corpus.edits import Edit, Edits
from autokode.pseudonym.kinds import Kind
from autokode.pseudonym.register import Entity, Register

FORMAT = 1
MAX_UNPACKED = 500_000_000
"""Largest size, in bytes, that a file in a key may unpack to."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An original file.

    Attributes:
        name, new_name: its old name, and its name in the pseudonymised folder.
        data: its bytes.
        new_sha256: of the pseudonymised file, in hexadecimal.
        edits: the changes in its text; None for a file that is not a transcript.
    """

    name: str
    new_name: str
    data: bytes
    new_sha256: str
    edits: Edits | None


KeptRow = tuple[str, dict[str, Any], dict[str, Any]]
"""(table, the row as it was, the columns of it that are others now)."""


@dataclass(frozen=True, slots=True)
class Run:
    """A pseudonymising of a coded project where it is.

    Attributes:
        id: the name by which the project remembers it.
        edits: transcript's number in the project → the changes in its text.
        names: kind of name ("codes", "people" or "transcripts") → name before → name now, for those that changed.
        codebook: codebook.yaml as it was; "" if it was not changed.
        rows: every row of the project that holds words or places.
    """

    id: str
    edits: Mapping[int, Edits]
    names: Mapping[str, Mapping[str, str]]
    codebook: str
    rows: tuple[KeptRow, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Key:
    """Who is who in a study, and its original files; or, of projects, what each pseudonymising changed."""

    register: Register
    files: tuple[Kept, ...] = ()
    runs: tuple[Run, ...] = ()


def write_key(path: Path, key: Key) -> None:
    """Write a key as JSON, readable by its owner alone; whole or not at all."""
    register = key.register
    data = {
        "format": FORMAT,
        "entities": [{"kind": e.kind, "forms": e.forms, "becomes": e.becomes} for e in register.entities],
        "leave": sorted(register.leave),
        "files": [
            {
                "name": file.name,
                "new_name": file.new_name,
                "new_sha256": file.new_sha256,
                "edits": None if file.edits is None else _plain_edits(file.edits),
                "data": base64.b64encode(zlib.compress(file.data, 9)).decode("ascii"),
            }
            for file in key.files
        ],
    }
    if key.runs:
        data["runs"] = _packed([_plain(run) for run in key.runs])
    write_whole(path, json.dumps(data, ensure_ascii=False, indent=1) + "\n")


def read_key(path: Path) -> Key:
    """Read a key.

    Raises:
        DataError: the key is missing, damaged, or of a later version.
    """
    raw = read_bytes(path)
    try:
        data: dict[str, Any] = parse_json(raw, str(path), "")
        if data["format"] != FORMAT:
            raise ValueError(f"format {data['format']}")
        entities = [Entity(Kind(e["kind"]), tuple(map(str, e["forms"])), str(e["becomes"])) for e in data["entities"]]
        files = tuple(
            Kept(
                str(file["name"]),
                str(file["new_name"]),
                _unpacked(base64.b64decode(file["data"], validate=True)),
                str(file["new_sha256"]),
                None if file["edits"] is None else Edits(_edit(*edit) for edit in file["edits"]),
            )
            for file in data["files"]
        )
        leave = [str(form) for form in data.get("leave") or ()]
        runs = tuple(map(_run, json.loads(_unpacked(base64.b64decode(data["runs"])))) if "runs" in data else ())
    except (ValueError, KeyError, TypeError, AttributeError, zlib.error, RecursionError) as error:
        what = "er ingen nøkkel som kan leses, eller er skadet", "is not a readable key, or is damaged"
        mend = "bruk nøkkelen som ble skrevet av autokode pseudonymise", "use the key that autokode pseudonymise wrote"
        raise failure(*what, where=path, try_next=say(*mend)) from error
    names = [name for file in files for name in (file.name, file.new_name)]
    if any(Path(name).name != name or name in ("", "..") or "\0" in name for name in names):
        raise failure("nøkkelen peker ut av mappen", "the key points out of the folder", where=path)
    return Key(Register(entities, leave), files, runs)


def _plain(run: Run) -> dict[str, Any]:
    edits = {number: _plain_edits(own) for number, own in run.edits.items()}
    return {"id": run.id, "edits": edits, "names": run.names, "codebook": run.codebook, "rows": run.rows}


def _run(plain: dict[str, Any]) -> Run:
    """Read a run.

    Raises:
        ValueError, KeyError, TypeError: it is not as `_plain` writes it.
    """
    edits = {int(number): Edits(_edit(*edit) for edit in own) for number, own in plain["edits"].items()}
    rows = tuple((str(table), dict(old), dict(new)) for table, old, new in plain["rows"])
    return Run(
        str(plain["id"]), edits, {kind: dict(own) for kind, own in plain["names"].items()}, plain["codebook"], rows
    )


def _plain_edits(edits: Edits) -> list[tuple[int, int, str, str]]:
    return [(e.start, e.end, e.old, e.new) for e in edits.edits]


def _packed(data: Any) -> str:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    return base64.b64encode(zlib.compress(text, 6)).decode("ascii")


def _unpacked(data: bytes) -> bytes:
    """Unpack a file, with a limit on the bytes that come out.

    Raises:
        ValueError: there are more than any interview has.
    """
    unpacking = zlib.decompressobj()
    found = unpacking.decompress(data, MAX_UNPACKED + 1)
    if len(found) > MAX_UNPACKED or not unpacking.eof:
        raise ValueError(f"{len(found)} bytes, and more")
    return found


def _edit(start: int, end: int, old: str, new: str) -> Edit:
    """Read one edit.

    Raises:
        ValueError: its positions or texts are invalid.
    """
    kinds = tuple(map(type, (start, end, old, new)))
    if kinds != (int, int, str, str) or not 0 <= start <= end:
        raise ValueError(f"{start}–{end}")
    return Edit(start, end, old, new)
