"""`autokode status`: show how far a project has come, and files that have changed."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from autokode.base.errors import quoted
from autokode.base.messages import say
from autokode.cli.coder_choice import existing_coder
from autokode.cli.group import Command
from autokode.cli.options import coder_option, project_option
from autokode.cli.output import tell, tell_next
from autokode.cli.projects import opened, tell_of_stray_codes

if TYPE_CHECKING:
    from autokode.project.store.log_rewriting import Removal


def _status(folder: Path, coder: str | None) -> None:
    from autokode.project.store.decision_log import REMOVAL
    from autokode.project.store.rewritings import rewritings
    from autokode.project.views.next_steps import lacks
    from autokode.project.views.progress import progress

    project = opened(folder, strays=False)
    for person in project.coders if coder is None else [existing_coder(project, coder)]:
        state = progress(project, person)
        click.echo(
            f"{person.name}"
            + say(" (koder blindt)", " (codes blind)") * person.blind
            + say(
                f": {state.read} av {state.answers} svar lest, {state.codings} kodinger, {state.left} forslag igjen",
                f": {state.read} of {state.answers} answers read, {state.codings} codings, {state.left} suggestions left",
            )
        )
        width = max((len(one.name) for one in state.interviews), default=0)
        for one in state.interviews:
            tell(
                f"  {one.name:<{width}}  {one.read:5d} av {one.answers:5d} lest  {one.codings:5d} kodinger  "
                f"{one.left:5d} igjen",
                f"  {one.name:<{width}}  {one.read:5d} of {one.answers:5d} read  {one.codings:5d} codings  "
                f"{one.left:5d} left",
            )
    tell_of_stray_codes(project, err=False)
    for problem in project.changed_files():
        click.echo(f"  {problem}")
    if project.codebook_was_gone:
        tell(
            "codebook.yaml var borte, og er skrevet igjen slik prosjektet husker den",
            "codebook.yaml was gone, and is written again as the project remembers it",
        )
    for rewriting in rewritings(project):
        (_tell_removal if rewriting.kind == REMOVAL else _tell_other_names)(rewriting)
    for step in lacks(project) if project.sources else ():
        click.echo(f"{step.what}\n  {step.command}")
    if not project.coders:
        answers = sum(len(project.transcript(source.name).answers) for source in project.sources)
        tell(
            f"{len(project.sources)} intervjuer, {answers} svar; ingen har kodet ennå",
            f"{len(project.sources)} interviews, {answers} answers; nobody has coded yet",
        )
        next_ = "review" if project.sources else "add INTERVJU.docx"
        tell_next(f"{next_} --project {quoted(folder)}")


def _tell_other_names(rewriting: "Removal") -> None:
    """Say when the project was pseudonymised, or got its names back."""
    from autokode.project.store.decision_log import RESTORED

    count = rewriting.counts["interviews"]
    what = (
        ("ført tilbake", "given their names back")
        if rewriting.kind == RESTORED
        else ("pseudonymisert", "pseudonymised")
    )
    tell(
        f"  {rewriting.time[:10]}: {what[0]} av {rewriting.by}: {count} intervjuer",
        f"  {rewriting.time[:10]}: {count} interviews {what[1]} by {rewriting.by}",
    )


def _tell_removal(removal: "Removal") -> None:
    day, by = removal.time[:10], removal.by
    if interviews := removal.counts.get("interviews", 0):
        tell(
            f"  {day}: slettet av {by}: {interviews} intervjuer",
            f"  {day}: deleted by {by}: {interviews} interviews",
        )
    else:
        memos = removal.counts.get("memos", 0)
        tell(
            f"  {day}: slettet av {by}: gammel tekst av {memos} notater",
            f"  {day}: deleted by {by}: old texts of {memos} memos",
        )


command = Command(
    "status",
    callback=_status,
    help=say(
        "Vis hvor langt et prosjekt er kommet: lest, kodet og igjen, per intervju; og filer som er endret siden.",
        "Show how far a project has come: read, coded and left, per interview; and files changed since.",
    ),
    short_help=say("Vis hvor langt et prosjekt er kommet.", "Show how far a project has come."),
    params=[project_option(), coder_option()],
    example="autokode status --project prosjekt",
)
