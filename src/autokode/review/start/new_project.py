"""Makes a project where a person asks for it: an empty one with a codebook, or the example."""

import shutil
from dataclasses import replace
from pathlib import Path

from autokode.base import resources
from autokode.base.errors import failure
from autokode.base.files import folder_whole, make_folder
from autokode.base.messages import say
from autokode.corpus.codebook import Codebook
from autokode.project import Project
from autokode.review.start.known_projects import is_project

LONGEST = 100
"""Most characters of a project's name."""

UNWRITTEN = frozenset('/\\:*?"<>|')
"""Characters that some system allows in no file's name."""
DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{i}" for port in ("com", "lpt") for i in range(1, 10))})
"""Names that Windows keeps for devices."""

EXAMPLE = "autokode-eksempel"
INTERVIEWS = "intervjuer"
"""The folder in the example with the files of its interviews."""

CODEBOOKS = {"nav": "codebook.yaml", "theory": "codebook_theory.yaml"}
"""The codebooks that come along: the page's word → the file beside the example interviews."""
FILES = (".yaml", ".yml", ".qdc", ".qdpx")
"""Endings of files that a codebook is read from."""


def place_for(parent: Path, name: str) -> Path:
    """The folder of a new project in another folder.

    Raises:
        DataError: no folder can be called so, or it is there and holds something.
    """
    own = name.strip().rstrip(".")
    if not own or len(own) > LONGEST or own.startswith(".") or own.split(".")[0].lower() in DEVICES:
        raise failure(
            f"«{name}» kan ikke være navnet på en mappe; velg et annet",
            f"«{name}» cannot be a folder's name; choose another one",
        )
    wrong = sorted({letter for letter in own if letter in UNWRITTEN or not letter.isprintable()})
    if wrong:
        shown = " ".join(letter if letter.isprintable() else repr(letter) for letter in wrong)
        raise failure(
            f"navnet på en mappe kan ikke ha {shown}; velg et annet",
            f"a folder's name cannot have {shown}; choose another one",
        )
    place = parent / own
    if is_project(place):
        raise failure(
            f"det finnes alt et prosjekt i {place}; velg et annet navn, eller åpne det",
            f"there is a project in {place} already; choose another name, or open it",
        )
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        raise failure(
            f"{place} finnes alt og er ikke tom; velg et annet navn",
            f"{place} is there already and is not empty; choose another name",
        )
    return place


def codebook_in(path: Path, name: str) -> Codebook:
    """The codebook of a file that a person brought: a codebook of autokode's, or one of another program's (REFI-QDA).

    Args:
        path: the file.
        name: what its owner calls it.

    Raises:
        DataError: its kind is unknown, it cannot be read, or it has no codes.
    """
    from autokode.exchange.code_trees import codebook_of
    from autokode.exchange.package_files import read_package

    ending = path.suffix.lower()
    if ending in (".yaml", ".yml"):
        return Codebook.read(path)
    if ending not in FILES:
        known = ", ".join(FILES)
        raise failure(
            f"«{name}» er ingen kodebok autokode kan lese; ventet {known}",
            f"«{name}» is no codebook that autokode can read; expected {known}",
        )
    found, _names = codebook_of(read_package(path))
    if not found.codes:
        raise failure(f"«{name}» har ingen koder", f"«{name}» has no codes")
    return found


def shipped_codebook(word: str) -> Codebook:
    """One of the codebooks that come along, by the page's word for it."""
    return Codebook.read(resources.training_data() / CODEBOOKS[word])


def make_project(place: Path, codebook: Codebook) -> Project:
    """Make a project in a new folder, whole or not at all."""
    with folder_whole(place) as made:
        Project.create(made, codebook)
    return Project.open(place)


def make_example(home: Path, coder: str) -> Project:
    """Make a project of the demo's offices in the home directory, two of them coded by a coder; open it if it is there.

    Raises:
        DataError: it cannot be written.
    """
    from autokode.corpus.study import read_study

    place, data = home / EXAMPLE, resources.training_data()
    project = Project.open(place, read=False) if is_project(place) else None
    if project is not None and project.sources:
        return project
    study = read_study(data, names=(*resources.EXAMPLE_CODED, resources.EXAMPLE_OPEN))
    project = project or make_project(place_for(home, EXAMPLE), study.codebook)
    files = place / INTERVIEWS
    make_folder(files)
    with project.step("add"):
        for name, transcript in study.transcripts.items():
            original = next(path for path in sorted(data.glob(f"{name}.*")) if path.suffix != ".csv")
            copy = Path(shutil.copyfile(original, files / original.name))
            project.add(transcript, office=study.offices[name], file=copy, pseudonymised=True)
        coded = [one for one in study.codings if one.segment.transcript in resources.EXAMPLE_CODED]
        project.add_codings([replace(one, coder=coder) for one in coded])
    return project


def codebook_names() -> dict[str, str]:
    """The page's word for each codebook that comes along → what it is, as a person reads it."""
    return {
        "nav": say("NAV-studien: intervjuguidens spørsmål", "the NAV study: the interview guide's questions"),
        "theory": say("sosialt arbeid: teoretiske begreper", "social work: theoretical concepts"),
    }
