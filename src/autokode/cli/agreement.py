"""`autokode agreement`: measure how far coders agree, and list where they disagree."""

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autokode.base.messages import say
from autokode.cli.group import Command
from autokode.cli.options import flag, json_option, option, path_option, project_option, seed_option
from autokode.cli.output import check_kind, json_text, tell
from autokode.cli.projects import opened

if TYPE_CHECKING:
    from rich.table import Table

    from autokode.agreement import Agreement, Disagreement, Figure

KINDS = (".xlsx", ".csv", ".parquet", ".json")
SHOWN, NARROW = 5, 90
"""Most disagreements shown; columns of a terminal from which intervals are shown too."""


def _agreement(
    coders: tuple[str, ...], folder: Path, of: str, with_model: bool, out: Path | None, seed: int, as_json: bool
) -> None:
    from autokode.cli import terminal
    from autokode.project.views.coder_agreement import coders_agreement

    if out is not None:
        check_kind(out, KINDS)
    project = opened(folder)
    bar = terminal.progress(say("Holder utenfor", "Holding out")) if with_model else nullcontext()
    with bar as step:
        found = coders_agreement(
            project,
            coders,
            of=of,  # type: ignore[arg-type]
            with_model=with_model,
            seed=seed,
            progress=step,
        )
    if out is not None:
        _write(out, found)
    if as_json:
        click.echo(json_text(found.to_dict()))
        return
    display = terminal.console()
    display.print(_table(found, display.width))
    _explain(found)
    for one in found.disagreements[:SHOWN]:
        _show(found, one)
    left = len(found.disagreements) - SHOWN
    if left > 0 and out is None:
        click.echo(say(f"… og {left} til; alle: ", f"… and {left} more; all of them: ") + "--out enighet.xlsx")
    elif out is not None:
        click.echo(str(out))


def _write(out: Path, found: "Agreement") -> None:
    from autokode.agreement.tables import write_agreement
    from autokode.base.files import write_whole

    if out.suffix.lower() == ".json":
        write_whole(out, json_text(found.to_dict()) + "\n")
    else:
        write_agreement(out, found)


def _table(found: "Agreement", width: int) -> "Table":
    from rich.table import Table
    from rich.text import Text

    from autokode.agreement.results import LEVELS, MEASURES, name_of

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(say("Kode", "Code"), min_width=18)
    shown = width >= NARROW
    for coder in found.coders if shown else ():
        table.add_column(coder, justify="right", overflow="fold")
    for heading in MEASURES.values():
        table.add_column(say(*heading), justify="right", no_wrap=True)
    level = "code"
    for row in found.rows:
        if row.level != level:
            level = row.level
            head = say(*LEVELS["category"]).capitalize() if level == "category" else ""
            table.add_row(Text(head, style="bold"))
        counts = (str(n) for n in row.given) if shown else ()
        figures = [_figure(getattr(row, name), with_interval=shown and name == "alpha") for name in MEASURES]
        mark = " *" if row.warnings else ""
        table.add_row(name_of(row) + mark, *counts, *figures)
    return table


def _figure(figure: "Figure | None", *, with_interval: bool = False) -> str:
    from autokode.base.formatting import number

    if figure is None:
        return "–"
    if not with_interval or figure.interval is None:
        return number(figure.value)
    low, high = figure.interval
    return f"{number(figure.value)} [{number(low)}–{number(high)}]"


def _explain(found: "Agreement") -> None:
    from autokode.agreement import Row
    from autokode.agreement.results import name_of, warning

    units = {
        "utterance": ("ytringer", "utterances"),
        "sentence": ("setninger", "sentences"),
        "character": ("tegn", "characters"),
    }
    unit, count = say(*units[found.of]), found.rows[0].units
    tell(
        f"\n{count} {unit} i {found.interviews} intervjuer er lest av minst to. Intervaller: 95 %, over intervjuer.",
        f"\n{count} {unit} in {found.interviews} interviews were read by two or more. Intervals: 95 %, over interviews.",
    )
    _tell_of_outside(found)
    by_kind: dict[str, list[Row]] = {}
    for row in found.rows:
        for kind in row.warnings:
            by_kind.setdefault(kind, []).append(row)
    for kind, rows in by_kind.items():
        names = [name_of(row) for row in rows]
        if len(names) > SHOWN:
            names = [*names[:SHOWN], say(f"og {len(names) - SHOWN} til", f"and {len(names) - SHOWN} more")]
        click.echo(f"* {warning(kind)}" + ("" if kind == "few interviews" else f" ({', '.join(names)})"))
    if found.disagreements:
        tell("\nUenigheter:", "\nDisagreements:")


def _tell_of_outside(found: "Agreement") -> None:
    """Say what stands outside the utterances, and what no figure counts."""
    from autokode.base.formatting import counted

    if found.outside:
        stand = say(
            f"{counted(found.outside, 'koding', 'kodinger')} står utenfor ytringene",
            f"{counted(found.outside, 'coding stands', 'codings stand')} outside the utterances",
        )
        tell(
            f"{stand} (før første taler, i en overskrift eller annet som ingen sier); slik tekst er sammenlignet som om den "
            "var en ytring.",
            f"{stand} (before the first speaker, in a heading or elsewhere); such text is compared as if it were an utterance.",
        )
    if any(found.uncounted):
        each = ", ".join(f"{coder} {n}" for coder, n in zip(found.coders, found.uncounted, strict=True) if n)
        count = sum(found.uncounted)
        tell(
            f"{counted(count, 'koding', 'kodinger')} er ikke sammenlignet, siden færre enn to har lest ferdig der ({each}).",
            f"{counted(count, 'coding is', 'codings are')} not compared, since fewer than two have read to the end there "
            f"({each}).",
        )


def _show(found: "Agreement", one: "Disagreement") -> None:
    from autokode.base.formatting import shortened
    from autokode.project.views.similar_utterances import SHORT

    outside = say(" utenfor ytringene", " outside the utterances")
    where = outside if one.utterance is None else f" #{one.utterance + 1} {one.speaker}"
    click.echo(f"  {one.transcript}{where}: {shortened(one.quote, SHORT)}")
    for coder, codes in zip(found.coders, one.given, strict=True):
        if codes is not None:
            click.echo(f"    {coder}: {', '.join(codes) or say('ingen kode', 'no code')}")


command = Command(
    "agreement",
    callback=_agreement,
    help=say(
        "Mål hvor enige kodere er, kode for kode, i kategorier og samlet, og list det de er uenige om. Uten navn: alle som "
        "koder i prosjektet. «Anne@2026-03-01» er Anne slik hun hadde kodet den dagen. Med --with-model er modellen en koder "
        "til: den lærer av den første koderens andre intervjuer og koder det som holdes utenfor. Hva tallene betyr, står i "
        "docs/agreement.md.",
        "Measure how far coders agree, code by code, in categories and overall, and list what they disagree on. Without names: "
        "all who code in the project. «Anne@2026-03-01» is Anne as she had coded by that day. With --with-model a model is one "
        "more coder: it learns from the first coder's other interviews and codes the one held out. What the figures mean is in "
        "docs/agreement.md.",
    ),
    short_help=say("Mål hvor enige kodere er.", "Measure how far coders agree."),
    params=[
        click.Argument(["coders"], nargs=-1, metavar="[KODER[@DATO]]..."),
        project_option(),
        option(
            "--unit",
            "Hva som sammenlignes: ytring, setning eller tegn.",
            "What is compared.",
            into="of",
            type=click.Choice(("utterance", "sentence", "character")),
            default="utterance",
        ),
        flag("--with-model", "Ta med modellen som en koder til.", "With the model as one more coder."),
        path_option(
            "--out FIL",
            "Skriv tall og alle uenigheter til en fil (.xlsx, .csv, .parquet, .json).",
            "Write figures and all disagreements to a file (.xlsx, .csv, .parquet, .json).",
        ),
        seed_option(),
        json_option(),
    ],
    example="autokode agreement --project prosjekt --with-model",
)
