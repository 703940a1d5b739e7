"""Write a study's folder without anybody's name: transcripts, codings, codebooks and study.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from autokode.base import yaml_files
from autokode.base.csv_files import csv_cells
from autokode.base.errors import DataError, failure, quoted
from autokode.base.files import folder_whole, read_bytes, write_whole
from autokode.base.hashing import sha256_of_file
from autokode.base.messages import say
from autokode.base.text_files import read_text
from autokode.corpus.codebook import Codebook
from autokode.corpus.coding import COLUMNS, Coding, read_codings, write_codings
from autokode.corpus.edits import Edits
from autokode.corpus.study_file import DESCRIPTION, KEYS, TOP_KEYS, given_of, pseudonyms
from autokode.corpus.transcript import Transcript, read_transcript
from autokode.pseudonym.key import Kept, Key, read_key, write_key
from autokode.pseudonym.kinds import Kind
from autokode.pseudonym.register import Register
from autokode.pseudonym.replacement_plan import Plan, Searched
from autokode.pseudonym.writing import WRITTEN, relabelled, renamed, written


@dataclass(frozen=True, slots=True)
class Written:
    """The result of writing a pseudonymised study.

    Attributes:
        folder, key: the paths.
        transcripts, codings: their numbers.
        left_behind: files of the old folder that are not in the new one; of a transcript alone, none are named.
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
    folder = plan.transcripts[0].path.parent
    names = _new_names(plan)
    edits = {one.transcript.name: plan.edits(one) for one in plan.transcripts}
    kept: list[Kept] = []
    codings = 0
    with folder_whole(out) as new:
        transcripts = {}
        for one in plan.transcripts:
            path, changes = new / names[one.path.name], edits[one.transcript.name]
            transcripts[one.transcript.name] = _write_transcript(one, plan.register, changes, path)
            kept.append(_kept(one.path, path, changes))
        write_whole(new / DESCRIPTION, _description(plan, names))
        if (folder / DESCRIPTION).exists():
            kept.append(_kept(folder / DESCRIPTION, new / DESCRIPTION, None))
        for path in sorted(folder.glob("codebook*.yaml")):
            write_whole(new / path.name, renamed(read_text(path), plan.register))
            Codebook.read(new / path.name)
            kept.append(_kept(path, new / path.name, None))
        for path in coding_files(folder):
            moved = [_moved(coding, plan.register, edits, transcripts) for coding in _codings(path, plan)]
            write_codings(new / path.name, moved)
            codings += len(moved)
            kept.append(_kept(path, new / path.name, None))
        before = read_key(key) if key.exists() else Key(plan.register)
        ours = {file.name for file in kept}
        files = (*(file for file in before.files if file.name not in ours), *kept)
        write_key(key, Key(plan.register, files, before.runs))
    ours |= {path.name for path in (out, key) if path.resolve().parent == folder.resolve()}
    left = (p.name for p in sorted(folder.iterdir()) if p.name not in ours and not p.name.startswith("."))
    return Written(out, key, len(plan.transcripts), codings, () if plan.alone else tuple(left))


def _check_places(out: Path, key: Path) -> None:
    if out.exists():
        raise exists_already(out)
    if out.resolve() in key.resolve().parents:
        raise failure(
            "nøkkelen kan ikke ligge i mappen den låser opp",
            "the key must not lie in the folder that it restores",
            where=key,
            try_next=f"--key {out.parent / (out.name + '-nøkkel.json')}",
        )


def exists_already(out: Path) -> DataError:
    """The error for a new folder that exists already."""
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
    for one in plan.transcripts:
        stem, ending = one.path.stem, one.path.suffix if one.path.suffix.lower() in WRITTEN else ".txt"
        spaced = stem.replace("_", " ").replace("-", " ")
        new = renamed(spaced, plan.register, title=True)
        if new != spaced:
            stem, ending = new.replace(" ", "_"), ending.lower()
        name, number = f"{stem}{ending}", 2
        while name in names.values():
            name, number = f"{stem}_{number}{ending}", number + 1
        names[one.path.name] = name
    return names


def _write_transcript(one: Searched, register: Register, edits: Edits, path: Path) -> Transcript:
    """Write a transcript and read it again, to check that its text and utterances are those of the plan.

    Raises:
        DataError: they are not.
    """
    write_whole(path, written(one.source, path.suffix.lower(), edits, register))
    given = given_of(one.entry)
    again = read_transcript(
        path,
        labels=given["labels"],
        speakers=None if given["speakers"] is None else [relabelled(s, register) for s in given["speakers"]],
        interviewers=[relabelled(name, register) for name in one.transcript.interviewers] or None,
    )
    places = [(u.start, u.end) for u in again.utterances]
    planned = [edits.segment(u.start, u.end) for u in one.transcript.utterances]
    if again.text != edits.apply(one.transcript.text) or places != planned:
        mend = say("lagre filen som .txt og prøv igjen", "save the file as .txt and try again")
        raise failure(
            "kan ikke skrives slik at ytringene står der de stod; ingenting er skrevet",
            "cannot be written with every utterance in its place; nothing was written",
            where=one.path,
            try_next=mend,
        )
    return again


def _description(plan: Plan, names: Mapping[str, str]) -> str:
    """The study.yaml of the pseudonymised folder, which lists the invented names."""
    norwegian = {english: norsk for norsk, english in (KEYS | TOP_KEYS).items()}
    entries = []
    for one in plan.transcripts:
        given = given_of(one.entry)
        entry = {
            "file": names[one.path.name],
            "group": plan.offices.get(str(one.entry.get("group"))),
            "interviewers": [relabelled(name, plan.register) for name in one.transcript.interviewers],
            "labels": given["labels"],
            "speakers": [relabelled(name, plan.register) for name in given["speakers"] or ()],
        }
        entries.append({norwegian[key]: value for key, value in entry.items() if value})
    people = {e.becomes for e in plan.register.entities if e.kind == Kind.PERSON and not e.becomes.startswith("[")}
    invented = sorted(people | pseudonyms(plan.transcripts[0].path.parent))
    return yaml_files.dump({norwegian["transcripts"]: entries, norwegian["pseudonyms"]: invented})


def coding_files(folder: Path) -> list[Path]:
    """Find the files of codings in a folder by their header."""
    return [path for path in sorted(folder.glob("*.csv")) if _is_codings(path)]


def _is_codings(path: Path) -> bool:
    header = next(iter(csv_cells(read_text(path).split("\n", 1)[0].lower())), [])
    return set(COLUMNS[:5]) <= {name.strip().strip('"') for name in header}


def _codings(path: Path, plan: Plan) -> tuple[Coding, ...]:
    transcripts = {one.transcript.name: one.transcript for one in plan.transcripts}
    others = {c.segment.transcript for c in read_codings(path)} - set(transcripts) if plan.alone else set()
    return read_codings(path, transcripts=transcripts, leave_out=others)


def _moved(
    coding: Coding, register: Register, edits: Mapping[str, Edits], transcripts: Mapping[str, Transcript]
) -> Coding:
    segment = coding.segment
    new = transcripts[segment.transcript]
    start, end = edits[segment.transcript].segment(segment.start, segment.end)
    moved = replace(segment, transcript=new.name, start=start, end=end, quote=new.text[start:end])
    return replace(
        coding, segment=moved, code=renamed(coding.code, register), coder=renamed(coding.coder, register, title=True)
    )
