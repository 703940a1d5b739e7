"""`autokode coders`: list who codes in a project; add, rename and remove coders."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from autokode.base.messages import say
from autokode.cli.coder_choice import existing_coder
from autokode.cli.group import Command
from autokode.cli.options import flag, option, project_option
from autokode.cli.output import tell, tell_next
from autokode.cli.projects import opened

if TYPE_CHECKING:
    from autokode.project import Project


def _coders(
    folder: Path, added: tuple[str, ...], blind: bool, renamed: tuple[str, str] | None, removed: str | None
) -> None:
    from autokode.project.store.coder_changes import add_coder, remove_coder, rename_coder
    from autokode.project.store.coders import as_known

    project = opened(folder, strays=False)
    if blind and not added:
        raise click.UsageError(say("--blind gjelder dem som --add nevner", "--blind is for those whom --add names"))
    for name in added:
        known = [coder.name for coder in project.coders]
        if as_known(name.strip(), known) in known:
            project.coder(name.strip(), blind=blind or None)
        else:
            add_coder(project, name, blind=blind)
    if renamed is not None:
        rename_coder(project, existing_coder(project, renamed[0]), renamed[1])
    if removed is not None:
        remove_coder(project, existing_coder(project, removed))
    _show(project)


def _show(project: "Project") -> None:
    from autokode.base.errors import quoted
    from autokode.project.views.progress import progress

    for person in project.coders:
        state = progress(project, person)
        mark = say(" (koder blindt)", " (codes blind)") * person.blind
        tell(
            f"{person.name}{mark}: {state.codings} kodinger, {state.read} av {state.answers} svar lest",
            f"{person.name}{mark}: {state.codings} codings, {state.read} of {state.answers} answers read",
        )
    if not project.coders:
        tell("Ingen har kodet ennå.", "Nobody has coded yet.")
        tell_next(f'review --coder "{say("NAVN", "NAME")}" --project {quoted(project.folder)}')


command = Command(
    "coders",
    callback=_coders,
    help=say(
        "List hvem som koder i et prosjekt. Den som koder på siden, kommer med av seg selv fra sin første koding; --add tar "
        "noen med før det, og sier at et navn som ligner et annet, er et nytt.",
        "List who codes in a project. Who codes on the page is there from their first coding; --add takes somebody in before "
        "that, and says that a name like another one is a new one.",
    ),
    short_help=say("Se hvem som koder, og rett navnene deres.", "See who codes, and mend their names."),
    params=[
        project_option(),
        option("--add NAVN...", "En ny koder; gjenta for flere.", "A new coder; repeat for more.", into="added"),
        flag("--blind", "De nye koder blindt.", "The new ones code blind."),
        option(
            "--rename GAMMELT NYTT",
            "Gi en koder et annet navn; kodingene følger med.",
            "Give a coder another name; the codings come along.",
            into="renamed",
            nargs=2,
        ),
        option(
            "--remove NAVN",
            "Ta bort en koder som ikke har bestemt noe.",
            "Take away a coder who decided nothing.",
            into="removed",
        ),
    ],
    example="autokode coders --project prosjekt",
)
