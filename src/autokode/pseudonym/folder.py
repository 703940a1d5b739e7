"""Write a study's folder without anybody's name, and restore it: transcripts, codings, codebooks and study.yaml."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from autokode.base import yaml_files
from autokode.base.errors import DataError, failure, quoted
from autokode.base.files import folder_whole, read_bytes, write_whole
from autokode.base.hashing import sha256_of_file
from autokode.base.messages import say
from autokode.base.text_files import read_text
from autokode.corpus.codebook import Codebook
from autokode.corpus.coding import COLUMNS, Coding, read_codings, write_codings
from autokode.corpus.study_file import DESCRIPTION, KEYS, TOP_KEYS, given_of, pseudonyms
from autokode.corpus.transcript import Transcript, name_of, read_transcript
from autokode.pseudonym.edits import Edits
from autokode.pseudonym.key import Kept, Key, read_key, write_key
from autokode.pseudonym.kinds import Kind
from autokode.pseudonym.register import Register
from autokode.pseudonym.replacement_plan import Part, Plan, group_of
from autokode.pseudonym.writing import WRITTEN, renamed, written


@dataclass(frozen=True, slots=True)
class Written:
    """The result of writing a pseudonymised study.

    Attributes:
        folder, key: the paths.
        transcripts, codings: their numbers.
        left_behind: files of the old folder that are not in the new one.
    """

    folder: Path
    key: Path
    transcripts: int
    codings: int
    left_behind: tuple[str, ...]


def write(plan: Plan, out: Path, key: Path) -> Written:
    """Write a study to a new folder with the plan's replacements, and its key.

    The new files are read again and compared with the plan before the folder appears.

    Raises:
        DataError: the folder exists, the key is inside it, or a new file is not read as planned. Nothing is written then.
    """
    _check_places(out, key)
    folder = plan.parts[0].path.parent
    names = _new_names(plan)
    edits = {part.transcript.name: plan.edits(part) for part in plan.parts}
    kept: list[Kept] = []
    codings = 0
    with folder_whole(out) as new:
        transcripts = {}
        for part in plan.parts:
            file = names[part.path.name]
            transcripts[part.transcript.name] = _write_transcript(
                part, plan.register, edits[part.transcript.name], new / file
            )
            kept.append(_kept(part.path, new / file, edits[part.transcript.name]))
        write_whole(new / DESCRIPTION, _description(plan, names))
        taken = {part.path.name for part in plan.parts}
        if (folder / DESCRIPTION).exists():
            kept.append(_kept(folder / DESCRIPTION, new / DESCRIPTION, None))
            taken.add(DESCRIPTION)
        for path in sorted(folder.glob("codebook*.yaml")):
            write_whole(new / path.name, renamed(read_text(path), plan.register))
            Codebook.read(new / path.name)
            kept.append(_kept(path, new / path.name, None))
            taken.add(path.name)
        for path in _coding_files(folder):
            moved = [_moved(coding, plan.register, edits, transcripts) for coding in _codings(path, plan)]
            write_codings(new / path.name, moved)
            codings += len(moved)
            kept.append(_kept(path, new / path.name, None))
            taken.add(path.name)
        before = read_key(key).files if key.exists() else ()
        ours = {file.name for file in kept}
        write_key(key, Key(plan.register, (*(file for file in before if file.name not in ours), *kept)))
    left = (p.name for p in sorted(folder.iterdir()) if p.name not in taken and not p.name.startswith("."))
    return Written(out, key, len(plan.parts), codings, tuple(left))


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
        raise _exists(out)
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
            if path in _coding_files(folder):
                write_codings(new / name, [_restored(coding, back) for coding in read_codings(path)])
            else:
                notes.append(
                    say(
                        f"{name}: endret eller laget etterpå, og ikke ført tilbake",
                        f"{name}: changed or made since, and not restored",
                    )
                )
    return tuple(notes)


def _check_places(out: Path, key: Path) -> None:
    if out.exists():
        raise _exists(out)
    if out.resolve() in key.resolve().parents:
        raise failure(
            "nøkkelen kan ikke ligge i mappen den låser opp",
            "the key cannot lie in the folder it unlocks",
            where=key,
            try_next=f"--key {out.parent / (out.name + '-nøkkel.json')}",
        )


def _exists(out: Path) -> DataError:
    return failure(
        "finnes fra før; ingenting er skrevet",
        "already exists; nothing was written",
        where=out,
        try_next=f"--out {quoted(f'{out}-2')}",
    )


def _kept(path: Path, new: Path, edits: Edits | None) -> Kept:
    return Kept(path.name, new.name, read_bytes(path), sha256_of_file(new), edits)


def _new_names(plan: Plan) -> dict[str, str]:
    """File of a transcript → its new name, in which names of people are replaced too."""
    names: dict[str, str] = {}
    for part in plan.parts:
        stem = renamed(part.path.stem.replace("_", " ").replace("-", " "), plan.register)
        if stem == part.path.stem.replace("_", " ").replace("-", " "):
            stem = part.path.stem
        ending = part.path.suffix if part.path.suffix.lower() in WRITTEN else ".txt"
        if stem != part.path.stem:
            stem, ending = stem.replace(" ", "_"), ending.lower()
        name, number = f"{stem}{ending}", 2
        while name in names.values():
            name, number = f"{stem}_{number}{ending}", number + 1
        names[part.path.name] = name
    return names


def _write_transcript(part: Part, register: Register, edits: Edits, path: Path) -> Transcript:
    """Write a transcript and read it again, to check that its text and utterances are those of the plan.

    Raises:
        DataError: they are not.
    """
    write_whole(path, written(part.source, path.suffix.lower(), edits, register))
    given = given_of(part.entry)
    again = read_transcript(
        path,
        labels=given["labels"],
        speakers=None if given["speakers"] is None else [renamed(s, register) for s in given["speakers"]],
        interviewers=[renamed(name, register) for name in part.transcript.interviewers] or None,
    )
    places = [(u.start, u.end) for u in again.utterances]
    if again.text != edits.apply(part.transcript.text) or places != [
        edits.segment(u.start, u.end) for u in part.transcript.utterances
    ]:
        mend = say("lagre filen som .txt og prøv igjen", "save the file as .txt and try again")
        raise failure(
            "kan ikke skrives slik at ytringene står der de stod; ingenting er skrevet",
            "cannot be written with every utterance in its place; nothing was written",
            where=part.path,
            try_next=mend,
        )
    return again


def _description(plan: Plan, names: Mapping[str, str]) -> str:
    """The study.yaml of the pseudonymised folder, which lists the invented names."""
    norwegian = {english: norsk for norsk, english in (KEYS | TOP_KEYS).items()}
    entries = []
    for part in plan.parts:
        entry: dict[str, object] = {
            norwegian["file"]: names[part.path.name],
            norwegian["group"]: plan.groups[group_of(part.entry, part.transcript)],
        }
        given = given_of(part.entry)
        if part.transcript.interviewers:
            entry[norwegian["interviewers"]] = [renamed(name, plan.register) for name in part.transcript.interviewers]
        if given["labels"]:
            entry[norwegian["labels"]] = given["labels"]
        if given["speakers"]:
            entry[norwegian["speakers"]] = [renamed(name, plan.register) for name in given["speakers"]]
        entries.append(entry)
    people = {e.becomes for e in plan.register.entities if e.kind == Kind.PERSON and not e.becomes.startswith("[")}
    invented = sorted(people | pseudonyms(plan.parts[0].path.parent))
    return yaml_files.dump({norwegian["transcripts"]: entries, norwegian["pseudonyms"]: invented})


def _coding_files(folder: Path) -> list[Path]:
    """Find the files of codings in a folder by their header."""
    return [path for path in sorted(folder.glob("*.csv")) if _is_codings(path)]


def _is_codings(path: Path) -> bool:
    header = read_text(path).split("\n", 1)[0].lower()
    columns = {
        name.strip().strip('"') for name in next(csv.reader([header], delimiter=max(",;\t", key=header.count)), [])
    }
    return set(COLUMNS[:5]) <= columns


def _codings(path: Path, plan: Plan) -> tuple[Coding, ...]:
    transcripts = {part.transcript.name: part.transcript for part in plan.parts}
    others = {c.segment.transcript for c in read_codings(path)} - set(transcripts) if plan.alone else set()
    return read_codings(path, transcripts=transcripts, leave_out=others)


def _moved(
    coding: Coding, register: Register, edits: Mapping[str, Edits], transcripts: Mapping[str, Transcript]
) -> Coding:
    segment = coding.segment
    new = transcripts[segment.transcript]
    start, end = edits[segment.transcript].segment(segment.start, segment.end)
    moved = replace(segment, transcript=new.name, start=start, end=end, quote=new.text[start:end])
    return replace(coding, segment=moved, code=renamed(coding.code, register), coder=renamed(coding.coder, register))


def _restored(coding: Coding, back: Mapping[str, tuple[str, Edits, str]]) -> Coding:
    """Translate a coding of the pseudonymised text to the original; `back` is new name → old name, edits, old text."""
    segment = coding.segment
    if segment.transcript not in back:
        raise failure(f"nøkkelen har ikke «{segment.transcript}»", f"the key does not have «{segment.transcript}»")
    name, edits, text = back[segment.transcript]
    start, end = edits.segment(segment.start, segment.end)
    return replace(coding, segment=replace(segment, transcript=name, start=start, end=end, quote=text[start:end]))
