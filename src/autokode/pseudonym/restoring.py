"""Restore a pseudonymised study with its key: the original files, and codings made since."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from autokode.base.errors import failure, quoted
from autokode.base.files import folder_whole
from autokode.base.hashing import sha256_of_file
from autokode.base.messages import say
from autokode.corpus.coding import Coding, read_codings, write_codings
from autokode.corpus.edits import Edits
from autokode.corpus.transcript import name_of, read_transcript
from autokode.pseudonym.folder import coding_files, exists_already
from autokode.pseudonym.key import read_key


def undo(folder: Path, key_path: Path, out: Path) -> tuple[str, ...]:
    """Restore a pseudonymised study's original files in a new folder, byte for byte, and translate codings made since.

    Returns:
        sentences about files that were changed since and cannot be restored.

    Raises:
        DataError: the folder or key cannot be read, or the new folder exists.
    """
    if not folder.is_dir():
        raise failure("er ingen mappe", "is not a folder", where=folder, try_next=f"ls {quoted(folder.parent)}")
    key = read_key(key_path)
    if out.exists():
        raise exists_already(out)
    notes: list[str] = []
    present = {path.name: path for path in folder.iterdir() if path.is_file()}
    ours = [file for file in key.files if file.new_name in present]
    if not any(file.edits is not None for file in ours):
        raise failure(
            "ingen av filene i mappen er nøkkelens",
            "the key fits none of the files in the folder",
            where=folder,
            try_next=say("bruk nøkkelen til denne mappen", "use this folder's key"),
        )
    with folder_whole(out) as new:
        for file in ours:
            (new / file.name).write_bytes(file.data)
            (new / file.name).chmod(0o600)
        back = {
            name_of(Path(f.new_name)): (name_of(Path(f.name)), f.edits.inverse(), read_transcript(new / f.name).text)
            for f in ours
            if f.edits is not None
        }
        for name, path in sorted(present.items()):
            if any(file.new_name == name and file.new_sha256 == sha256_of_file(path) for file in ours):
                continue
            if path in coding_files(folder):
                write_codings(new / name, [restored(coding, back) for coding in read_codings(path)])
            else:
                said = say(
                    "endret eller laget etterpå, og ikke ført tilbake", "changed or made since, and not restored"
                )
                notes.append(f"{name}: {said}")
    return tuple(notes)


def restored(coding: Coding, back: Mapping[str, tuple[str, Edits, str]]) -> Coding:
    """Translate a coding of the pseudonymised text to the original; `back` is new name → old name, edits, old text."""
    segment = coding.segment
    if segment.transcript not in back:
        raise failure(f"nøkkelen har ikke «{segment.transcript}»", f"the key does not have «{segment.transcript}»")
    name, edits, text = back[segment.transcript]
    start, end = edits.segment(segment.start, segment.end)
    return replace(coding, segment=replace(segment, transcript=name, start=start, end=end, quote=text[start:end]))
