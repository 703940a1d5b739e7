"""Pictures of a report, readable in grey, with their numbers in place and a description in words."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autokode.base.formatting import number
from autokode.base.messages import say
from autokode.report.co_occurrence import CoOccurrences
from autokode.report.grouping import CategoryProposal
from autokode.report.themes import Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DPI = 160
"""Dots per inch of a PNG."""

LONGEST = 34
"""Most characters of a code's name in a picture; a longer name ends in «…»."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in two formats, with a caption and a description.

    Attributes:
        svg, png: the files; the same bytes for the same numbers and versions.
        caption: the title.
        alt: a description for people who cannot see it.
    """

    svg: bytes
    png: bytes
    caption: str
    alt: str


def bars(themes: Sequence[Theme]) -> Picture:
    """Draw the number of answers with each code, in the order given."""
    from matplotlib.ticker import MaxNLocator

    names = [_short(theme.name) for theme in themes]
    counts = [sum(one.utterances for one in theme.interviews) for theme in themes]
    figure = _figure(7, 0.9 + 0.27 * len(names))
    axes = figure.subplots()
    drawn = axes.barh(names, counts, color="0.55", height=0.7)
    axes.bar_label(drawn, padding=3, fontsize=8)
    axes.invert_yaxis()
    axes.set_xlabel(say("svar", "answers"))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.margins(x=0.1)
    _plain(axes)
    most = max(zip(counts, names, strict=True), default=(0, ""))
    return _picture(
        figure,
        say("Svar med hver kode", "Answers with each code"),
        say(
            f"Liggende stolper, én for hver av {len(names)} koder. Flest svar har {most[1]}: {most[0]}. Tallene står i tabellen.",
            f"Horizontal bars, one for each of {len(names)} codes. Most answers have {most[1]}: {most[0]}. The table has the "
            "numbers.",
        ),
    )


def heat_map(found: CoOccurrences) -> Picture:
    """Draw the number of answers that each pair of codes has in common, darker for more."""
    import numpy as np

    names, table = [_short(code) for code in found.codes], found.matrix.astype(float)
    np.fill_diagonal(table, np.nan)
    side = 1.8 + 0.32 * len(names)
    figure = _figure(side + 1.2, side)
    axes = figure.subplots()
    top = max(1.0, float(np.nanmax(table, initial=0.0)))
    axes.imshow(table, cmap="Greys", vmin=0, vmax=1.3 * top)
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=7)
    axes.set_yticks(range(len(names)), names, fontsize=7)
    for i, row in enumerate(table):
        for j, value in enumerate(row):
            if value > 0:
                colour = "white" if value > 0.75 * top else "black"
                axes.text(j, i, f"{value:.0f}", ha="center", va="center", fontsize=6, color=colour)
    _plain(axes)
    axes.spines[:].set_visible(False)
    strongest = sorted(found.pairs, key=lambda pair: -pair.both)[:3]
    named = "; ".join(f"{pair.a} + {pair.b}: {pair.both}" for pair in strongest if pair.both)
    return _picture(
        figure,
        say("Koder som står sammen", "Codes that fall together"),
        say(
            f"Rutenett av {len(names)} koder mot hverandre, mørkere der flere svar har begge. Oftest sammen: {named or 'ingen'}.",
            f"Grid of {len(names)} codes against each other, darker where more answers have both. Most often: {named or 'none'}.",
        ),
    )


def tree(proposal: CategoryProposal) -> Picture:
    """Draw the tree of merges, with a line where it is cut."""
    from scipy.cluster.hierarchy import dendrogram

    figure = _figure(7, 0.9 + 0.27 * len(proposal.codes))
    axes = figure.subplots()
    names = [_short(code) for code in proposal.codes]
    drawn = dendrogram(
        proposal.linkage, orientation="right", labels=names, ax=axes, color_threshold=0, above_threshold_color="0.25"
    )
    axes.tick_params(axis="y", labelsize=8)
    axes.set_xlabel(
        say("avstand (0 = alltid sammen og like, 1 = aldri)", "distance (0 = always together and alike, 1 = never)")
    )
    count = len(proposal.groups)
    heights = proposal.linkage[:, 2]
    if 1 < count <= len(heights):
        cut = float(heights[-count] + heights[1 - count]) / 2
        axes.axvline(cut, color="black", linestyle="--", linewidth=1)
    axes.invert_xaxis()
    axes.xaxis.set_major_formatter(lambda value, _place: number(value, 1))
    axes.yaxis.tick_right()
    _plain(axes)
    axes.spines["left"].set_visible(False)
    groups = "; ".join(", ".join(group.codes) for group in proposal.groups)
    assert len(drawn["leaves"]) == len(names)  # noqa: S101 - every code is a leaf
    return _picture(
        figure,
        say("Forslag til kategorier som et tre", "Suggested categories as a tree"),
        say(
            f"Dendrogram der koder som ligner, møtes tidlig. Kuttet ved den stiplede linjen gir det {count} grupper: {groups}.",
            f"Dendrogram in which codes that are alike meet early. Cut at the dashed line it gives {count} groups: {groups}.",
        ),
    )


def _figure(width: float, height: float) -> "Figure":
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def _plain(axes: Any) -> None:
    axes.tick_params(length=0)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _picture(figure: "Figure", caption: str, alt: str) -> Picture:
    import matplotlib

    svg, png = io.BytesIO(), io.BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": "autokode", "font.family": "DejaVu Sans"}):
        figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
        figure.savefig(png, format="png", dpi=DPI, metadata={"Software": None})
    return Picture(svg.getvalue(), png.getvalue(), caption, alt)


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else name[: LONGEST - 1].rstrip() + "…"
