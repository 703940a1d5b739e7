"""`autokode close-project`: delete all that autokode has of a project."""

from pathlib import Path

from autokode.base.messages import say
from autokode.cli.consent import asked_twice, show_contents, show_files, show_what_stays
from autokode.cli.group import Command
from autokode.cli.options import flag, project_option
from autokode.cli.output import tell
from autokode.cli.projects import opened


def _close(folder: Path, yes: bool) -> None:
    from autokode.project.store.project_files import not_own
    from autokode.project.store.removal import close_project, contents
    from autokode.project.views.removal_preview import files_given
    from autokode.review.page_locks import no_page_open

    project = opened(folder, strays=False)
    names = [source.name for source in project.sources]
    with no_page_open(folder):
        tell(
            f"Dette slettes for godt, alt autokode har i {folder}:",
            f"This is deleted for good, all of autokode's in {folder}:",
        )
        if names:
            tell(f"  {len(names)} intervjuer", f"  {len(names)} interviews")
        show_contents(contents(project))
        show_files(folder)
        show_what_stays([*not_own(folder), *files_given(project, names)])
        if not yes and not asked_twice():
            return
        close_project(project)
    tell(f"Prosjektet i {folder} er lukket.", f"The project in {folder} is closed.")


command = Command(
    "close-project",
    callback=_close,
    help=say(
        "Lukk et prosjekt: slett alt autokode har av det, når forskningen er ferdig. Kodeboken og dine egne filer blir. Viser "
        "først hva som slettes og hva som blir, og spør to ganger.",
        "Close a project: delete all that autokode has of it, when the research is done. The codebook and your own files stay. "
        "Shows first what is deleted and what stays, and asks twice.",
    ),
    short_help=say("Slett alt autokode har av et prosjekt.", "Delete all that autokode has of a project."),
    params=[project_option(), flag("--yes", "Slett uten å spørre.", "Delete without asking.")],
    example="autokode close-project --project prosjekt",
)
