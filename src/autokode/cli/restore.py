"""`autokode restore`: restore a backup into a new folder."""

from pathlib import Path

import click

from autokode.base.messages import say
from autokode.cli.group import Command
from autokode.cli.options import FILE
from autokode.cli.output import tell, tell_next


def _restore(archive: Path, folder: Path) -> None:
    from autokode.base.errors import quoted
    from autokode.project.store.backup import restore_backup

    project = restore_backup(archive, folder)
    count = len(project.sources)
    tell(
        f"Prosjektet er tilbake i {folder}: {count} intervjuer", f"The project is back in {folder}: {count} interviews"
    )
    tell_next(f"review --project {quoted(folder)}")


command = Command(
    "restore",
    callback=_restore,
    help=say(
        "Legg en sikkerhetskopi i en ny mappe. Ingenting skrives over.",
        "Put a backup into a new folder. Nothing is written over.",
    ),
    short_help=say("Legg en sikkerhetskopi i en ny mappe.", "Put a backup into a new folder."),
    params=[
        click.Argument(["archive"], metavar="ARKIV", type=FILE),
        click.Argument(["folder"], metavar="MAPPE", type=FILE),
    ],
    example="autokode restore prosjekt-kopi.zip prosjekt-2",
)
