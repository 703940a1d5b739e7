"""Evaluations as a terminal shows them: figures, reliability, learning curves, promises of precision and recall."""

from collections.abc import Callable, Sequence

import click
from rich.console import Console
from rich.table import Table

from autokode.autocoder import AutoCoder
from autokode.base.formatting import number
from autokode.base.messages import say
from autokode.cli.output import print_on, tell
from autokode.evaluation.cross_validation import Evaluation, Figures
from autokode.evaluation.learning_curve import MORE, Curve, curves
from autokode.evaluation.reliability import Promise

SHOWN = 5
"""Learning curves shown, steepest first."""

NARROW = 90
"""Columns of a terminal; a narrower one gets a table with fewer figures."""


def print_evaluation(out: Console, evaluation: Evaluation) -> None:
    """Print an evaluation: figures per code, per category and overall."""
    for title, rows in (
        (say("Kode", "Code"), evaluation.codes),
        (say("Kategori", "Category"), evaluation.categories),
    ):
        out.print(_figures_table(title, rows, out.width))
        out.print()
    over = f" {_interval(evaluation.interval)}" if evaluation.interval else ""
    mean, f1 = number(evaluation.macro_average_precision), number(evaluation.macro_f1)
    print_on(out, f"Gjennomsnitt over kodene: AP {mean}{over}, F1 {f1}.", f"Mean over codes: AP {mean}{over}, F1 {f1}.")
    shares = (evaluation.micro_precision, evaluation.micro_recall, evaluation.micro_f1)
    precision, recall, f1 = (number(share) for share in shares)
    print_on(
        out,
        f"Alle forslag: presisjon {precision}, dekning {recall}, F1 {f1}.",
        f"All suggestions: precision {precision}, recall {recall}, F1 {f1}.",
    )
    for found in evaluation.promises:
        out.print(_promise(found))
    _reliability(out, evaluation)
    _curves(out, evaluation.curves)
    print_on(
        out,
        f"Holdt utenfor, ett om gangen: {', '.join(evaluation.interviews)} ({evaluation.texts} svar). "
        "AP = gjennomsnittlig presisjon når svarene rangeres etter sannsynlighet.",
        f"Held out, one at a time: {', '.join(evaluation.interviews)} ({evaluation.texts} answers). "
        "AP = average precision of the answers ranked by probability.",
        style="dim",
    )


def _promise(found: Promise) -> str:
    """Promised and achieved precision or recall, in a sentence."""
    name = say({"precision": "presisjon", "recall": "dekning"}[found.kind], found.kind)
    if found.achieved is None or found.interval is None:
        return say(
            f"Lovet {name} {number(found.promised)}: ingen kode kan love det ennå.",
            f"Promised {name} {number(found.promised)}: no code can promise it yet.",
        )
    kept = f"{number(found.achieved)} {_interval(found.interval)}"
    not_yet = len(found.not_yet)
    codes = say("kode" if not_yet == 1 else "koder", "code" if not_yet == 1 else "codes")
    return say(
        f"Lovet {name} {number(found.promised)}, oppnådd {kept}: {found.shown} forslag"
        + (f"; {not_yet} {codes} kan ikke love det ennå." if not_yet else "."),
        f"Promised {name} {number(found.promised)}, achieved {kept}: {found.shown} suggestions"
        + (f"; {not_yet} {codes} cannot promise it yet." if not_yet else "."),
    )


def _interval(ends: tuple[float, float]) -> str:
    return f"[{number(ends[0])}–{number(ends[1])}]"


def _reliability(out: Console, evaluation: Evaluation) -> None:
    """Print the mean probability and the coded share of each bin of probability, in two lines that fit a narrow window."""
    print_on(
        out,
        f"Sannsynlighetene bommer med {number(evaluation.calibration_error, 3)} i gjennomsnitt (ECE). "
        "Av det som fikk så mange prosent, var så mange prosent kodet slik:",
        f"The probabilities are off by {number(evaluation.calibration_error, 3)} on average (ECE). "
        "For each mean probability, the share that was coded so:",
    )
    for name, share in ((say("fikk", "given"), "probability"), (say("kodet", "coded"), "coded")):
        figures = "".join(f"{100 * getattr(part, share):5.0f}" for part in evaluation.reliability)
        out.print(f"  {name:<6}{figures}", highlight=False)


def _curves(out: Console, curves: Sequence[Curve]) -> None:
    """Print the codes that would gain most from more examples, and the saturated codes."""
    growing = sorted((c for c in curves if not c.saturated), key=lambda c: c.average_precision - c.with_more())
    for curve in growing[:SHOWN]:
        now, then = number(curve.average_precision), number(curve.with_more())
        print_on(
            out,
            f"{MORE} eksempler til av {curve.code}: AP {now} → omtrent {then}.",
            f"{MORE} more examples of {curve.code}: AP {now} → about {then}.",
        )
    saturated = [curve.code for curve in curves if curve.saturated]
    if saturated:
        print_on(out, f"Mettet: {', '.join(saturated)}.", f"Saturated: {', '.join(saturated)}.")


def print_unkept_promises(coder: AutoCoder, precision: float | None, recall: float | None) -> None:
    """Print the codes that cannot keep a promise yet, and how many more examples each needs by its learning curve."""
    limits = coder.limits(precision, recall)
    able = [code for code, limit in zip(coder.codes_, limits, strict=True) if limit <= 1]
    unable = [code for code in coder.codes_ if code not in able]
    if not unable:
        return
    known = curves(coder.model_.manifest.get("curve", {}))
    enough = min((known[code].average_precision for code in able if code in known), default=precision or recall or 1.0)
    tell("Kan ikke holde løftet ennå:", "Cannot keep the promise yet:")
    for code in unable:
        more = known[code].more_for(enough) if code in known else None
        click.echo(f"  {code}: " + _more(more))


def _more(more: int | None) -> str:
    if more is None:
        return say(
            "flere eksempler trengs, hvor mange lar seg ikke si", "more examples needed, how many cannot be told"
        )
    if more == 0:
        return say("har nok eksempler, men er for usikker", "has examples enough, but is too unsure")
    return say(f"omtrent {more} eksempler til", f"about {more} more examples")


def _figures_table(title: str, rows: Sequence[Figures], width: int) -> Table:
    """The table of figures; only the main columns in a terminal narrower than `NARROW`."""

    def share(value: float | None) -> str:
        return "–" if value is None else number(value)

    columns: dict[str, Callable[[Figures], str]] = {
        say("segmenter", "segments"): lambda row: str(row.segments),
        say("svar", "answers"): lambda row: str(row.texts),
        "AP": lambda row: share(row.average_precision),
        say("presisjon", "precision"): lambda row: share(row.precision),
        say("dekning", "recall"): lambda row: share(row.recall),
        "F1": lambda row: share(row.f1),
    }
    if width < NARROW:
        columns = {name: cell for name, cell in columns.items() if name in (say("svar", "answers"), "AP", "F1")}
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(title)
    for name in columns:
        table.add_column(name, justify="right", no_wrap=True)
    for row in rows:
        table.add_row(row.name, *(cell(row) for cell in columns.values()))
    return table
