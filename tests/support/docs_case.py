"""The commands of a document, run in a tree of their own."""

import shutil
from pathlib import Path

import pytest

from autokode.corpus.coding import read_codings, write_codings
from conftest import ROOT


def stems(place: Path) -> set[Path]:
    return {path.with_suffix("") for path in place.iterdir()}


def in_a_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand where a reader of the README stands: beside training_data, here cut to three interviews, and a small survey."""
    place = tmp_path / "training_data"
    place.mkdir()
    names = ("kontor_a.docx", "kontor_b.txt", "kontor_c.vtt")
    for name in ("codebook.yaml", *names):
        shutil.copy(ROOT / "training_data" / name, place)
    listed = "".join(f"  - fil: {name}\n    gruppe: Kontor {name[7].upper()}\n" for name in names)
    (place / "study.yaml").write_text(f"transkripter:\n{listed}pseudonymer: [Anne, Berit, Camilla]\n", encoding="utf-8")
    codings = read_codings(ROOT / "training_data" / "codings.csv")
    write_codings(
        place / "codings.csv", [c for c in codings if (place / c.segment.transcript).with_suffix("") in stems(place)]
    )
    answers = "id;Hva er bra?\n1;De tar seg god tid.\n2;Det er aldri lang kø.\n"
    (tmp_path / "svar.csv").write_text(answers, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "menu"))  # no entry in the menu of whoever runs the tests
