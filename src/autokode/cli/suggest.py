"""`autokode suggest`: suggest codes for transcripts."""

import warnings
from pathlib import Path
from typing import Any

import click

from autokode.base.messages import say
from autokode.cli.group import Command
from autokode.cli.options import files_argument, json_option, model_option, option, path_option, reading_options
from autokode.cli.output import tell
from autokode.cli.transcript import read_all


def _suggest(
    files: tuple[Path, ...],
    model: str,
    out: Path | None,
    threshold: float | None,
    precision: float | None,
    recall: float | None,
    as_json: bool,
    **given: Any,
) -> None:
    from autokode.autocoder import load_model
    from autokode.base.errors import AutokodeWarning
    from autokode.cli import evaluation_display, suggestion_display, terminal
    from autokode.model.coverage import told_of
    from autokode.suggestion import suggest, to_json, write_suggestions

    transcripts = read_all(files, given)
    coder = load_model(model)
    found = []
    with terminal.progress(say("Koder", "Coding")) as step:
        for done, transcript in enumerate(transcripts):
            step(transcript.name, done, len(transcripts))
            with warnings.catch_warnings():  # told below, of all files together
                warnings.simplefilter("ignore", AutokodeWarning)
                found.append(suggest(coder, transcript, threshold=threshold, precision=precision, recall=recall))
    flat = [suggestion for suggestions in found for suggestion in suggestions]
    if out is not None:
        write_suggestions(out, flat)
    if as_json:
        click.echo(to_json(flat), nl=False)
        return
    if out is None:
        display = terminal.console()
        for transcript, suggestions in zip(transcripts, found, strict=True):
            wanted = range(len(transcript.utterances))
            suggestion_display.print_utterances(display, transcript, suggestions, coder.model_.codebook, wanted)
    answers = sum(len(transcript.answers) for transcript in transcripts)
    coded = len({(suggestion.transcript, suggestion.utterance) for suggestion in flat})
    place = "" if out is None else f" → {out}"
    tell(
        f"{len(flat)} forslag til {coded} av {answers} ytringer{place}",
        f"{len(flat)} suggestions for {coded} of {answers} utterances{place}",
    )
    if little := told_of(coder.coverage([one.utterances[i].text for one in transcripts for i in one.answers])):
        tell(f"{little}.", f"{little}.")
    if precision is not None or recall is not None:
        evaluation_display.print_unkept_promises(coder, precision, recall)


command = Command(
    "suggest",
    callback=_suggest,
    help=say(
        "Foreslå koder i transkripsjoner. Uten --out vises de i terminalen, med ordene som talte for dem.",
        "Suggest codes for transcripts. Without --out they are shown in the terminal, with the words that spoke for them.",
    ),
    short_help=say("Foreslå koder i transkripsjoner.", "Suggest codes for transcripts."),
    params=[
        files_argument(),
        model_option(),
        path_option("--out FIL", "Skriv forslagene som .csv eller .json.", "Write suggestions as .csv or .json."),
        option(
            "--threshold TALL",
            "Sannsynlighet fra 0 til 1 å foreslå fra; ellers modellens egen regel.",
            "Probability from which to suggest; else by the model's own rule.",
            type=float,
        ),
        option(
            "--precision TALL",
            "Andelen av forslagene som skal være riktige, 0,05–0,95: høyere gir færre og sikrere, lavere flere.",
            "The share of suggestions that is to be right, 0.05–0.95: higher for fewer and surer, lower for more.",
            type=float,
        ),
        option(
            "--recall TALL",
            "Vis så mye at minst denne andelen av det som skulle hatt koden, er med.",
            "Show so much that at least this share of what should have the code is there.",
            type=float,
        ),
        json_option(),
        *reading_options(),
    ],
    example="autokode suggest training_data/kontor_c.vtt --out forslag.csv",
)
