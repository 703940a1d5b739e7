"""`autokode train`: learn a model from a folder of coded interviews."""

import warnings
from pathlib import Path

import click

from autokode.base.messages import say
from autokode.cli.group import Command
from autokode.cli.options import FILE, path_option, seed_option
from autokode.cli.output import tell, tell_next


def _train(folder: Path, out: Path, seed: int) -> None:
    from autokode.autocoder import AutoCoder
    from autokode.base.errors import AutokodeWarning, failure, quoted
    from autokode.cli import terminal
    from autokode.corpus.study import read_study
    from autokode.model.model_files import check_place

    check_place(out)
    with terminal.progress(say("Leser", "Reading")) as step:
        study = read_study(folder, progress=step)
    if not study.codings:
        raise failure(
            "ingen kodinger å lære av (codings.csv)",
            "no codings to learn from (codings.csv)",
            where=folder,
            try_next="autokode demo",
        )
    examples = study.examples()
    with warnings.catch_warnings(record=True) as caught, terminal.progress(say("Lærer", "Learning")):
        warnings.simplefilter("always", AutokodeWarning)
        coder = AutoCoder(random_state=seed).fit(**examples.for_fit(), codebook=study.codebook)
    for warning in caught:
        click.echo(f"autokode: {warning.message}", err=True)
    coder.save(out)
    held_out = coder.model_.manifest["held_out"].get("macro_average_precision")
    shown = "–" if held_out is None else f"{held_out:.2f}"
    tell(
        f"{out}: {len(coder.codes_)} koder lært av {len(examples.texts)} svar i {len(study.transcripts)} intervjuer; "
        f"AP {shown} på det som ble holdt utenfor.",
        f"{out}: {len(coder.codes_)} codes learnt from {len(examples.texts)} answers in {len(study.transcripts)} "
        f"interviews; AP {shown} on what was held out.",
    )
    tell_next(f"suggest {quoted(next(iter(folder.glob('*.docx')), 'FIL'))} --model {quoted(out)}")


command = Command(
    "train",
    callback=_train,
    help=say(
        "Lær en modell av en mappe med kodede intervjuer: codebook.yaml, transkripsjoner og codings.csv.",
        "Learn a model from a folder of coded interviews: codebook.yaml, transcripts and codings.csv.",
    ),
    short_help=say("Lær en modell av kodede intervjuer.", "Learn a model from coded interviews."),
    params=[
        click.Argument(["folder"], metavar="MAPPE", type=FILE),
        path_option("--out MAPPE", "Hvor modellen skal ligge.", "Where the model goes.", required=True),
        seed_option(),
    ],
    example="autokode train training_data --out min-modell",
)
