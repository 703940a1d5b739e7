"""`autokode doctor`: check the installation and a project."""

from pathlib import Path

import click

from autokode.base.messages import say
from autokode.cli.group import Command
from autokode.cli.options import flag, project_option
from autokode.cli.output import tell
from autokode.cli.projects import opened, tell_of_stray_codes


def _doctor(folder: Path, repair: bool) -> int:
    from autokode.base.files import is_there
    from autokode.cli.installation import checks
    from autokode.project.store import integrity
    from autokode.project.store.project_files import FILE
    from autokode.project.store.repair import repair as repair_project

    broken = 0
    for check in checks():
        mark = "✗" if not check.works else "✓" if check.there else "–"
        click.echo(f"{mark} {check.what}: {check.found}")
        if not check.works:
            broken += 1
            click.echo(say("  Prøv: ", "  Try: ") + check.mend)
    click.echo()
    if not is_there(folder / FILE):
        tell(f"Ingen prosjekt i {folder}.", f"No project in {folder}.")
        return min(broken, 1)
    faults = integrity.check(folder)
    if repair and any(fault.mend for fault in faults):
        done, copy = repair_project(folder)
        for what in done:
            click.echo(f"✓ {what}")
        tell(f"  Filen som den var: {copy}", f"  The file as it was: {copy}")
        faults = integrity.check(folder)
    for fault in faults:
        click.echo(f"✗ {fault.what}")
        mend = say("hent tilbake en sikkerhetskopi", "restore a backup")
        click.echo("  --repair " + fault.mend if fault.mend else say("  Prøv: ", "  Try: ") + mend)
    stray = 0
    if not faults:
        project = opened(folder, strays=False)
        stray = tell_of_stray_codes(project, err=False) + bool(project.codebook_problem())
    if not faults and not stray:
        tell(
            f"✓ {folder}: prosjektet er i orden: sider, tekster, plasser, logg",
            f"✓ {folder}: the project is sound: pages, texts, places, log",
        )
    return 1 if broken or faults or stray else 0


command = Command(
    "doctor",
    callback=_doctor,
    help=say(
        "Se hva som er installert og virker, at ingenting forlater maskinen, og om et prosjekt er i orden: filens sider, "
        "tekstenes hasher, ytringer og kodinger på sine plasser, radene mot loggen, kodene mot kodeboken. Status 1 om noe er "
        "galt.",
        "See what is installed and works, that nothing leaves the machine, and whether a project is sound: the file's pages, the "
        "texts' hashes, utterances and codings in their places, the rows against the log, the codes against the codebook. Status "
        "1 if anything is wrong.",
    ),
    short_help=say("Se om alt er i orden.", "See whether all is well."),
    params=[
        project_option(),
        flag(
            "--repair",
            "Rett det som kan rettes; filen som den var, blir liggende ved siden av.",
            "Mend what can be mended; the file as it was stays beside it.",
        ),
    ],
    example="autokode doctor --project prosjekt",
)
