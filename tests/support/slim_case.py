"""A study that is read without any extra."""

import shutil
from pathlib import Path

from autokode.corpus.coding import read_codings, write_codings
from conftest import ROOT


def small_study(folder: Path) -> Path:
    """A study of transcripts that are plain text."""
    folder.mkdir()
    for name in ("codebook.yaml", "kontor_b.txt", "kontor_c.vtt", "kontor_e.txt"):
        shutil.copy(ROOT / "training_data" / name, folder)
    names = {path.stem for path in folder.iterdir()}
    codings = read_codings(ROOT / "training_data" / "codings.csv")
    write_codings(folder / "codings.csv", [one for one in codings if one.segment.transcript in names])
    return folder
