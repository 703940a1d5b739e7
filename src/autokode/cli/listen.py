"""`autokode listen`: link an interview to its recording, so that the page plays it from each utterance."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from autokode.base.errors import quoted
from autokode.base.messages import say
from autokode.cli.coder_choice import coder_named
from autokode.cli.group import Command
from autokode.cli.options import FILE, coder_option, flag, option, project_option
from autokode.cli.output import tell, tell_next
from autokode.cli.projects import opened

if TYPE_CHECKING:
    from autokode.project import Coder, Project
    from autokode.project.store.recordings import Recording
    from autokode.project.store.transcripts import Source


def _listen(
    interview: str | None, file: Path | None, folder: Path, coder: str | None, offset: float | None, remove: bool
) -> None:
    from autokode.project.store.recordings import recordings

    if remove and (file is not None or offset is not None):
        raise click.UsageError(say("--remove står alene", "--remove stands alone"))
    if interview is None and (remove or offset is not None):
        raise click.UsageError(say("si hvilket intervju", "say which interview"))
    project = opened(folder, strays=False)
    if interview is None:
        _show_all(project)
        return
    source = project.source(interview)
    if remove or file is not None or offset is not None:
        _change(project, coder_named(project, coder), source, file, offset)
    elif (linked := recordings(project).get(source.id)) is not None:
        _show(source, linked)
    else:
        _offer(project, source)


def _change(project: "Project", who: "Coder", source: "Source", file: Path | None, offset: float | None) -> None:
    """Link, move or, where neither a file nor an offset is given, unlink."""
    from autokode.project.store.recordings import link_recording, move_recording, recordings, unlink_recording

    if file is None and offset is None:
        gone = unlink_recording(project, who, source.id)
        tell(
            f"Glemt. Opptaket ligger utenfor prosjektet, og er ikke slettet: {gone.path}",
            f"Forgotten. The recording lies outside the project, and was not deleted: {gone.path}",
        )
        return
    if file is not None:
        new = link_recording(project, who, source.id, file, offset_s=offset)
    else:
        new = move_recording(project, who, source.id, offset or 0.0)
    if not new:
        tell("Det var slik fra før.", "It was so before.")
    _show(source, recordings(project)[source.id])
    if not any(one.begin_s is not None for one in project.transcript(source.name).utterances):
        tell(
            "Teksten har ingen tider, så opptaket kan spilles, men ikke fra en ytring.",
            "The text has no times, so the recording can be played, but not from an utterance.",
        )
    tell("Ingenting er kopiert; prosjektet husker bare hvor filen er.", "Nothing was copied; only its place is kept.")
    tell_next(f"review --project {quoted(project.folder)}")


def _show_all(project: "Project") -> None:
    from autokode.project.store.recordings import recordings

    found = recordings(project)
    for source in project.sources:
        if source.id in found:
            _show(source, found[source.id])
        else:
            tell(f"{source.name}: ikke knyttet til noe opptak", f"{source.name}: linked to no recording")
    if not project.sources:
        tell("Ingen intervjuer i prosjektet ennå.", "No interviews in the project yet.")


def _show(source: "Source", linked: "Recording") -> None:
    from autokode.base.formatting import number

    tell(f"{source.name}: {linked.path}", f"{source.name}: {linked.path}")
    if linked.offset_s:
        shown = number(linked.offset_s, 3 if linked.offset_s % 1 else 0)
        tell(f"  teksten begynner {shown} s inn i opptaket", f"  the text begins {shown} s into the recording")
    if problem := linked.problem():
        click.echo(f"  ✗ {problem}")


def _offer(project: "Project", source: "Source") -> None:
    """Show what may be the recording, with the command that links it."""
    from autokode.project.store.recordings import likely_recordings

    found = likely_recordings(source)
    tell(f"{source.name}: ikke knyttet til noe opptak", f"{source.name}: linked to no recording")
    if found:
        tell("Dette kan være det; ingenting er knyttet ennå:", "This may be it; nothing is linked yet:")
    for path in found:
        click.echo(f"  {path}")
    file = quoted(found[0]) if found else say("FIL", "FILE")
    tell_next(f"listen {quoted(source.name)} {file} --project {quoted(project.folder)}")


command = Command(
    "listen",
    callback=_listen,
    help=say(
        "Knytt et intervju til opptaket av det, som siden spiller fra ytringen du står i. Opptaket blir der det er; ingenting "
        "kopieres. Uten FIL vises hva som er knyttet, eller hva som kan være opptaket. Angres med z på siden.",
        "Link an interview to its recording, which the page plays from the utterance you are at. The recording stays where it "
        "is; nothing is copied. Without FILE it shows what is linked, or what may be the recording. z on the page undoes it.",
    ),
    short_help=say("Knytt et intervju til opptaket, og hør ytringen.", "Link an interview to its recording."),
    params=[
        click.Argument(["interview"], required=False, metavar="[INTERVJU]"),
        click.Argument(["file"], required=False, metavar="[FIL]", type=FILE),
        project_option(),
        coder_option(),
        option(
            "--offset SEKUNDER",
            "Hvor i opptaket teksten begynner, om det ikke er ved 0; negativt om opptaket begynner senere.",
            "Where in the recording the text begins, if not at 0; negative if the recording begins later.",
            type=float,
        ),
        flag("--remove", "Glem hvor opptaket er; selve opptaket blir.", "Forget where the recording is; it stays."),
    ],
    example="autokode listen kontor_a --project prosjekt",
)
