"""The data and models that come with autokode: in the installed package, or beside it in the source tree."""

import os
from pathlib import Path

_PACKAGE = Path(__file__).parents[1]
_TREE = _PACKAGE.parents[1]

EXAMPLE_CODED, EXAMPLE_OPEN = ("kontor_a", "kontor_b"), "kontor_c"
"""The example interviews of the demo: those it learns from, and the one it codes."""


def training_data() -> Path:
    """The folder of example interviews with their codebook and codings."""
    return _first_existing("training_data")


def icon(name: str) -> Path:
    """A file with autokode's icon."""
    return _PACKAGE / "base" / "icons" / name


def guide() -> Path:
    """The folder of the guide for people who code: a folder of chapters a language, and pictures."""
    installed = _PACKAGE / "guide"
    return installed if installed.is_dir() else _TREE / "docs" / "veileder"


def model(name: str) -> Path | None:
    """The folder of a model that comes with autokode, or None if there is none of that name."""
    if not name or Path(name).name != name:
        return None
    folder = _first_existing("models") / name
    return folder if os.path.exists(folder / "manifest.json") else None  # noqa: PTH110 - a name may be too long for Path


def pipeline(name: str) -> Path | None:
    """The folder of a spaCy pipeline that comes with autokode, or None if there is none of that name."""
    folder = _first_existing("models") / name
    return folder if (folder / "meta.json").exists() else None


def model_folder(folder_or_name: str | Path) -> Path:
    """The folder of a model, given as a folder or as the name of one that comes with autokode."""
    folder = Path(folder_or_name)
    return folder if os.path.exists(folder) else model(str(folder_or_name)) or folder  # noqa: PTH110 - the same


def is_shipped(folder: Path) -> bool:
    """Whether a folder is that of a model or pipeline that comes with autokode, by whatever path it is named."""
    models = _first_existing("models")
    return folder.is_dir() and models.is_dir() and any(folder.samefile(one) for one in models.iterdir())


def _first_existing(name: str) -> Path:
    installed = _PACKAGE / name
    return installed if installed.is_dir() else _TREE / name
