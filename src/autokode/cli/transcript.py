"""`autokode transcript`: show how autokode reads a transcript file."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autokode.base.messages import say
from autokode.cli.group import Command
from autokode.cli.options import files_argument, flag, reading_options
from autokode.cli.output import json_text, unused

if TYPE_CHECKING:
    from autokode.corpus.transcript import Transcript

SHOWN = 5
"""Utterances shown."""


def read_all(files: tuple[Path, ...], given: dict[str, Any]) -> "list[Transcript]":
    """Read transcripts with `reading_options`."""
    from autokode.corpus.several_files import Given, read_transcripts

    return read_transcripts(files, Given(**given))


def _show(files: tuple[Path, ...], as_json: bool, by_sentence: bool, **given: Any) -> None:
    from autokode.base.formatting import shortened

    found = read_all(files, given)
    if as_json:
        if by_sentence:
            unused("--sentences", "--json skriver ytringene hele", "--json writes whole utterances")
        click.echo(json_text([transcript.to_dict() for transcript in found]))
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
        files_argument(),
        flag(
            "--sentences",
            "Vis alle ytringer, en setning per linje.",
            "Show all utterances, a sentence a line.",
            into="by_sentence",
        ),
        flag("--json", "Skriv alt som JSON.", "Write all of it as JSON.", into="as_json"),
        *reading_options(),
    ],
    example="autokode transcript training_data/kontor_a.docx",
)
