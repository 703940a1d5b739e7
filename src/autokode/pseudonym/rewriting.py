"""Write a pseudonymised study anew in its own folder, after a list of names was mended."""

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from autokode.base.errors import failure, quoted
from autokode.base.hashing import sha256_of_file
from autokode.corpus.coding import Coding, read_codings, write_codings
from autokode.corpus.transcript import name_of
from autokode.pseudonym.folder import Written, coding_files, write
from autokode.pseudonym.key import Kept, Key, read_key
from autokode.pseudonym.replacement_plan import Plan
from autokode.pseudonym.restoring import restored


def is_written(out: Path, key: Path) -> bool:
    """Whether a folder holds transcripts that this key restores."""
    return out.is_dir() and key.is_file() and any(one.edits is not None for one in _ours(out, key).values())


def rewrite(plan: Plan, out: Path, key: Path) -> Written:
    """Write a study anew in the folder that the key restores. Codings made there since follow; other files stay.

    Raises:
        DataError: a transcript there was changed by hand, or cannot be written as planned. Nothing is written then.
    """
    ours = _ours(out, key)
    theirs = [path for path in coding_files(out) if not _is_as_written(path, ours)]
    changed = [name for name in ours if not _is_as_written(out / name, ours) and out / name not in theirs]
    texts = [name for name in changed if not name.startswith("codebook")]
    if texts:
        raise failure(
            f"endret etter at de ble skrevet: {', '.join(texts)}; ingenting er skrevet",
            f"changed since they were written: {', '.join(texts)}; nothing was written",
            where=out,
            try_next=f"--out {quoted(f'{out}-2')} --key {quoted(key)}",
        )
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as place:
        new, new_key = Path(place) / "ny", Path(place) / key.name
        shutil.copyfile(key, new_key)
        written = write(plan, new, new_key)
        for path in theirs:
            write_codings(new / path.name, _led_over(path, plan, ours, read_key(new_key)))
        names = {path.name for path in new.iterdir()}
        keeps = {path.name for path in theirs} | {name for name in changed if name not in texts}
        new_key.replace(key)
        for path in sorted(new.iterdir()):
            if path.name not in keeps or path.name in {one.name for one in theirs}:
                path.replace(out / path.name)
        for name in ours.keys() - names:
            (out / name).unlink(missing_ok=True)
    return replace(written, folder=out, key=key)


def _led_over(path: Path, plan: Plan, before: dict[str, Kept], key: Key) -> list[Coding]:
    """Codings made in the folder as it was, on the same words of the folder as it will be."""
    texts = {one.transcript.name: one.transcript.text for one in plan.transcripts}
    back = {
        name_of(Path(one.new_name)): (name_of(Path(one.name)), one.edits.inverse(), texts[name_of(Path(one.name))])
        for one in before.values()
        if one.edits is not None and name_of(Path(one.name)) in texts
    }
    new_names = {name_of(Path(one.name)): name_of(Path(one.new_name)) for one in key.files}
    edits = {one.transcript.name: plan.edits(one) for one in plan.transcripts}
    found = []
    for coding in (restored(coding, back) for coding in read_codings(path)):
        segment = coding.segment
        start, end = edits[segment.transcript].segment(segment.start, segment.end)
        quote = edits[segment.transcript].apply(texts[segment.transcript])[start:end]
        moved = replace(segment, transcript=new_names[segment.transcript], start=start, end=end, quote=quote)
        found.append(replace(coding, segment=moved))
    return found


def _ours(out: Path, key: Path) -> dict[str, Kept]:
    """The files of the key that are in a folder, by their names there."""
    return {one.new_name: one for one in read_key(key).files if (out / one.new_name).is_file()}


def _is_as_written(path: Path, ours: dict[str, Kept]) -> bool:
    return path.name in ours and ours[path.name].new_sha256 == sha256_of_file(path)
