"""`autokode evaluate`: measure suggestions against codings, in interviews held out."""

from pathlib import Path

import click

from autokode.base.messages import say
from autokode.cli.group import Command, seed_option


def _evaluate(folder: Path, out: Path | None, precision: float, recall: float, seed: int, as_json: bool) -> None:
    from autokode.base.files import write_whole
    from autokode.cli import evaluation_display, terminal
    from autokode.cli.output_kinds import check_kind
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
        click.Argument(["folder"], metavar="MAPPE", type=click.Path(path_type=Path)),
        click.Option(
            ["--out"],
            metavar="FIL",
            type=click.Path(path_type=Path),
            help=say("Skriv tallene som JSON til en fil.", "Write the figures as JSON to a file."),
        ),
        click.Option(
            ["--precision"],
            type=float,
            default=0.8,
            show_default=True,
            metavar="TALL",
            help=say(
                "Presisjonen som loves, for å se om den holdes.", "The precision to promise, to see if it is kept."
            ),
        ),
        click.Option(
            ["--recall"],
            type=float,
            default=0.9,
            show_default=True,
            metavar="TALL",
            help=say("Dekningen som loves, for å se om den holdes.", "The recall to promise, to see if it is kept."),
        ),
        seed_option(),
        click.Option(["--json", "as_json"], is_flag=True, help=say("Skriv JSON til stdout.", "Write JSON to stdout.")),
    ],
    example="autokode evaluate training_data --json",
)
