"""`autokode backup`: write a backup of a project."""

from pathlib import Path

import click

from autokode.base.messages import say
from autokode.cli.group import Command
from autokode.cli.options import flag, path_option, project_option
from autokode.cli.output import tell, tell_next
from autokode.cli.projects import opened


def _backup(folder: Path, out: Path | None, models: bool) -> None:
    from autokode.base.errors import quoted
    from autokode.base.formatting import counted
    from autokode.project.store.backup import back_up, backup_name
    from autokode.project.views.recording_words import recordings_not_in_backup

    project = opened(folder, strays=False)
    made = back_up(project, out or Path(backup_name(project)), with_models=models)
    size = f"{max(1, made.size >> 10)} kB"
    tell(
        f"Sikkerhetskopien, som bare du kan lese: {made.archive} ({size}, {counted(len(made.files), 'fil', 'filer')})",
        f"The backup, which only you can read: {made.archive} ({size}, {counted(len(made.files), 'file', 'files')})",
    )
    tell(
        "Den har alt som er i prosjektet nå, også det du senere fjerner. Nøkkelen til pseudonymene er ikke med.",
        "It has all that is in the project now, also what you remove later. The key to the pseudonyms is not in it.",
    )
    for line in recordings_not_in_backup(project):
        click.echo(line)
    tell_next(f"restore {quoted(made.archive)} {say('NY-MAPPE', 'NEW-FOLDER')}")


command = Command(
    "backup",
    callback=_backup,
    help=say(
        "Skriv en sikkerhetskopi av et prosjekt: ett arkiv med prosjektets fil og kodeboken, som prøves før det får navnet sitt. "
        "Siden kan være åpen.",
        "Write a backup of a project: one archive with the project's file and the codebook, tried before it gets its name. The "
        "page may be open.",
    ),
    short_help=say("Skriv en sikkerhetskopi av et prosjekt.", "Write a backup of a project."),
    params=[
        project_option(),
        path_option("--out FIL", "Arkivet; ellers med prosjektets navn og dato her.", "The archive; else named here."),
        flag(
            "--models", "Ta med modellene, som også kan læres på nytt.", "Take along models; they can be learnt again."
        ),
    ],
    example="autokode backup --project prosjekt --out prosjekt-kopi.zip",
)
