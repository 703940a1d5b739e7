"""`autokode demo`: learn from two offices, code the third, show the suggestions and how good they are."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from autokode.base.messages import say
from autokode.cli.group import Command
from autokode.cli.options import flag, path_option
from autokode.cli.output import print_on

if TYPE_CHECKING:
    from autokode.cli.terminal import Terminal

SHOWN = range(20, 50)
"""Utterances shown without --all: those after the introductions."""


def run_demo(out: Path, everything: bool, display: "Terminal | None" = None) -> None:
    """Run the demo; its output goes to `display`, the terminal if None."""
    from autokode.autocoder import AutoCoder
    from autokode.base import resources
    from autokode.base.files import write_whole
    from autokode.base.resources import EXAMPLE_CODED, EXAMPLE_OPEN
    from autokode.cli import evaluation_display, suggestion_display, terminal
    from autokode.corpus.study import read_study
    from autokode.evaluation.cross_validation import evaluate
    from autokode.suggestion import suggest, to_csv

    with terminal.progress(say("1/4 Leser intervjuene", "1/4 Reading the interviews")) as step:
        study = read_study(resources.training_data(), names=(*EXAMPLE_CODED, EXAMPLE_OPEN), progress=step)
    with terminal.progress(say("2/4 Lærer av kontor A og B", "2/4 Learning from offices A and B")):
        examples = study.examples(EXAMPLE_CODED)
        coder = AutoCoder().fit(**examples.for_fit(), codebook=study.codebook)
    transcript = study.transcripts[EXAMPLE_OPEN]
    with terminal.progress(say("3/4 Koder kontor C", "3/4 Coding office C")):
        suggestions = suggest(coder, transcript)
    with terminal.progress(say("4/4 Måler", "4/4 Measuring")):
        evaluation = evaluate(study, hold_out=[EXAMPLE_OPEN])
    out.mkdir(parents=True, exist_ok=True)
    write_whole(out / "forslag.csv", to_csv(suggestions))

    display = display or terminal.console()
    total = len(transcript.utterances)
    wanted = range(total) if everything else SHOWN
    display.rule(say("Kontor C, som modellen aldri har sett", "Office C, which the model never saw"))
    display.print()
    suggestion_display.print_utterances(display, transcript, suggestions, study.codebook, wanted)
    if not everything:
        shown = f"{SHOWN.start + 1}–{SHOWN.stop}"
        print_on(
            display,
            f"Viste ytring {shown} av {total}. Alle: autokode demo --all",
            f"Showed utterances {shown} of {total}. All: autokode demo --all",
            style="dim",
        )
        display.print()
    display.rule(say("Hvor godt gikk det på kontor C?", "How well did it do on office C?"))
    evaluation_display.print_evaluation(display, evaluation)
    display.print()
    print_on(
        display,
        f"{len(suggestions)} forslag skrevet til {out / 'forslag.csv'}. Intervjuene er oppdiktet; ingen i dem finnes.",
        f"{len(suggestions)} suggestions written to {out / 'forslag.csv'}. The interviews are invented.",
    )
    data = min(str(resources.training_data()), os.path.relpath(resources.training_data()), key=len)
    display.print(say("Neste: ", "Next: ") + f"autokode train {data} --out min-modell", soft_wrap=True)


command = Command(
    "demo",
    callback=run_demo,
    help=say(
        "Les tre oppdiktede gruppeintervjuer, lær av to, kod det tredje, og vis forslagene og hvor gode de er.",
        "Read three invented group interviews, learn from two, code the third, show the suggestions and how good they are.",
    ),
    short_help=say("Se et intervju bli kodet.", "Watch an interview being coded."),
    params=[
        path_option(
            "--out MAPPE",
            "Hvor forslagene skrives som CSV.",
            "Where the suggestions go as CSV.",
            default="autokode-demo",
        ),
        flag("--all", "Vis alle ytringene.", "Show every utterance.", into="everything"),
    ],
    example="autokode demo --all",
)
