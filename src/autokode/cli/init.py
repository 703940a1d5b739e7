"""`autokode init`: create a project."""

from pathlib import Path

import click

from autokode.base.errors import failure, quoted
from autokode.base.messages import say
from autokode.cli.group import Command
from autokode.cli.options import FILE, path_option
from autokode.cli.output import tell, tell_next


def _init(folder: Path, codebook: Path | None) -> None:
    from autokode.corpus.codebook import Codebook
    from autokode.corpus.readers import ENDINGS
    from autokode.project import Project
    from autokode.project.store.project_files import CODEBOOK
    from autokode.project.views.next_steps import starter

    if folder.suffix.lower() in ENDINGS and not folder.is_dir():
        raise failure(
            "heter som et intervju; et prosjekt er en mappe, og intervjuene tas inn etterpå",
            "is named as an interview; a project is a folder, and interviews are taken in afterwards",
            where=folder,
            try_next=f"autokode init {quoted(folder.with_suffix(''))}",
        )
    there = folder / CODEBOOK
    if codebook is not None:
        own = Codebook.read(codebook)
    elif there.exists():
        own = Codebook.read(there)
    else:
        own = starter()
    project = Project.create(folder, own)
    tell(
        f"{project.folder}: nytt prosjekt med {len(own.codable)} koder; kodeboken er {there}.",
        f"{project.folder}: a new project with {len(own.codable)} codes; the codebook is {there}.",
    )
    if own.codes == starter().codes:
        tell(
            "  Den har to eksempler på koder; bytt dem ut med dine egne.",
            "  It has two example codes; put your own in their place.",
        )
    tell_next(f"add INTERVJU.docx --project {quoted(folder)}")


command = Command(
    "init",
    callback=_init,
    help=say(
        "Lag et prosjekt: en mappe med én fil for alt som bestemmes (autokode.db) og en kodebok du retter selv.",
        "Make a project: a folder with one file for all that is decided (autokode.db) and a codebook that you edit.",
    ),
    short_help=say("Lag et prosjekt å kode i.", "Make a project to code in."),
    params=[
        click.Argument(["folder"], metavar="MAPPE", type=FILE),
        path_option(
            "--codebook FIL",
            "Kodeboken; ellers codebook.yaml i mappen, eller en å begynne med.",
            "The codebook; else codebook.yaml in the folder, or one to begin with.",
        ),
    ],
    example="autokode init prosjekt --codebook training_data/codebook.yaml",
)
