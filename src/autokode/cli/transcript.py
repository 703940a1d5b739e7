"""`autokode transcript`: show how autokode reads a transcript file."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autokode.base.messages import say
from autokode.cli.group import Command

if TYPE_CHECKING:
    from autokode.corpus.transcript import Transcript

SHOWN = 5
"""Utterances shown."""


def add_reading_options(command: click.Command) -> None:
    """Add to a command the options that correct a wrong guess about a transcript."""
    command.params += [
        click.Option(
            ["--labels"],
            metavar="NAVN",
            help=say(
                "Merkemåten for talere: colon, brackets, own line, heading, tab eller none.",
                "The label grammar: colon, brackets, own line, heading, tab or none.",
            ),
        ),
        click.Option(
            ["--speaker", "speakers"],
            multiple=True,
            metavar="NAVN",
            help=say("En taler i filen; gjenta for flere.", "A speaker in the file; repeat for more."),
        ),
        click.Option(
            ["--interviewer", "interviewers"],
            multiple=True,
            metavar="NAVN",
            help=say("En taler som er intervjuer; gjenta for flere.", "A speaker who interviews; repeat for more."),
        ),
        click.Option(
            ["--encoding"], metavar="NAVN", help=say("Filens tegnkoding, f.eks. utf-8.", "The file's encoding.")
        ),
    ]


def read_all(files: tuple[Path, ...], given: dict[str, Any]) -> "list[Transcript]":
    """Read transcripts with the options above."""
    from autokode.corpus.transcript import read_transcript

    return [read_transcript(path, **{name: value or None for name, value in given.items()}) for path in files]


def _show(files: tuple[Path, ...], as_json: bool, by_sentence: bool, **given: Any) -> None:
    from autokode.base.formatting import shortened

    found = read_all(files, given)
    if as_json:
        click.echo(json.dumps([transcript.to_dict() for transcript in found], ensure_ascii=False, indent=2))
        return
    for transcript in found:
        click.echo(f"{transcript.name}: {len(transcript.text)} " + say("tegn", "characters"))
        for note in transcript.notes:
            click.echo(f"  {note}")
        for speaker, count in transcript.speakers.items():
            role = "" if speaker not in transcript.interviewers else say(" (intervjuer)", " (interviewer)")
            turns = say("ytringer", "utterances")
            click.echo(f"  {count:5d} {turns}  {speaker or say('uten navn', 'unnamed')}{role}")
        if by_sentence:
            _sentences(transcript)
            continue
        for utterance in transcript.utterances[:SHOWN]:
            time = "" if utterance.begin_s is None else f" {utterance.begin_s:.1f} s"
            click.echo(
                f"  [{utterance.start}–{utterance.end}]{time} {utterance.speaker}: {shortened(utterance.text, 80)}"
            )


def _sentences(transcript: "Transcript") -> None:
    """Print every utterance, one sentence per line, with its position."""
    from autokode.base.formatting import one_line
    from autokode.nlp.pipeline import norwegian
    from autokode.nlp.sentences import sentences

    nlp = norwegian()
    for utterance in transcript.utterances:
        click.echo(f"  {utterance.speaker}:")
        for start, end in sentences(utterance.text, nlp):
            said = one_line(utterance.text[start:end])
            click.echo(f"    [{utterance.start + start}–{utterance.start + end}] {said}")


command = Command(
    "transcript",
    callback=_show,
    help=say(
        "Vis hva som ble forstått av en transkripsjon: talere, intervjuer og de første ytringene. Gjettet jeg feil, retter "
        "ett av valgene det.",
        "Show what was understood of a transcript: speakers, interviewer, first utterances. One option mends a wrong guess.",
    ),
    short_help=say("Vis hva som ble forstått av en transkripsjon.", "Show what was understood of a transcript."),
    params=[
        click.Argument(["files"], nargs=-1, required=True, metavar="FIL...", type=click.Path(path_type=Path)),
        click.Option(
            ["--sentences", "by_sentence"],
            is_flag=True,
            help=say("Vis alle ytringer, en setning per linje.", "Show all utterances, a sentence a line."),
        ),
        click.Option(["--json", "as_json"], is_flag=True, help=say("Skriv alt som JSON.", "Write all of it as JSON.")),
    ],
    example="autokode transcript training_data/kontor_a.docx",
)
add_reading_options(command)
