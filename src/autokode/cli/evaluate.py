"""`autokode evaluate`: measure suggestions against codings, in interviews held out."""

from pathlib import Path

import click

from autokode.base.messages import say
from autokode.cli.group import Command
from autokode.cli.options import FILE, json_option, option, path_option, seed_option
from autokode.cli.output import check_kind


def _evaluate(folder: Path, out: Path | None, precision: float, recall: float, seed: int, as_json: bool) -> None:
    from autokode.base.files import write_whole
    from autokode.cli import evaluation_display, terminal
    from autokode.corpus.study import read_study
    from autokode.evaluation.cross_validation import evaluate

    if out is not None:
        check_kind(out, (".json",))
    study = read_study(folder)
    with terminal.progress(say("Holder utenfor", "Holding out")) as step:
        evaluation = evaluate(study, seed=seed, precision=precision, recall=recall, progress=step)
    if out is not None:
        write_whole(out, evaluation.to_json())
    if as_json:
        click.echo(evaluation.to_json(), nl=False)
    else:
        evaluation_display.print_evaluation(terminal.console(), evaluation)


command = Command(
    "evaluate",
    callback=_evaluate,
    help=say(
        "Hold ett og ett intervju utenfor, lær av resten, og sammenlign forslagene med det som er kodet.",
        "Hold out one interview at a time, learn from the rest, and compare the suggestions with what was coded.",
    ),
    short_help=say("Mål forslagene mot det som er kodet.", "Measure suggestions against what was coded."),
    params=[
        click.Argument(["folder"], metavar="MAPPE", type=FILE),
        path_option("--out FIL", "Skriv tallene som JSON til en fil.", "Write the figures as JSON to a file."),
        option(
            "--precision TALL",
            "Presisjonen som loves, for å se om den holdes.",
            "The precision to promise, to see if it is kept.",
            type=float,
            default=0.8,
        ),
        option(
            "--recall TALL",
            "Dekningen som loves, for å se om den holdes.",
            "The recall to promise, to see if it is kept.",
            type=float,
            default=0.9,
        ),
        seed_option(),
        json_option(),
    ],
    example="autokode evaluate training_data --json",
)
