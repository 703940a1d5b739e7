"""Pictures of a report, readable in grey, with their numbers in place and a description in words."""

import io
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autokode.base.extras import require
from autokode.base.formatting import counted, number
from autokode.base.messages import say
from autokode.report.co_occurrence import CoOccurrences, Pair
from autokode.report.grouping import CategoryProposal
from autokode.report.quote import group_named
from autokode.report.shares import Shares
from autokode.report.themes import Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DPI = 200
"""Dots per inch of a PNG."""

WIDE, TALL = 6.2, 8.6
"""Width of a picture, and its greatest height, in inches: it fits a page of A4 without being scaled."""

DARKEST = 2.4
"""What the darkest grey is drawn as black for: the numbers in it stay readable."""

LINE, SMALL = 30, 8
"""Most characters of a line of a code's name, of two lines; and the size of text, in points."""

MOST_COLUMNS, MOST_PAIRED = 12, 26
"""Most groups in a table of shares, of more each becomes a dot; and most codes in the grid of pairs."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in two formats, with a caption and a description.

    Attributes:
        svg, png: the files; the same bytes for the same numbers and versions.
        caption: the title.
        lesson: one sentence on what a reader takes from it.
        alt: a description for people who cannot see it.
    """

    svg: bytes
    png: bytes
    caption: str
    lesson: str
    alt: str


def bars(themes: Sequence[Theme]) -> Picture:
    """Draw the number of answers with each code, most first."""
    require("report")
    from matplotlib.ticker import MaxNLocator

    counted_codes = [(sum(one.utterances for one in theme.interviews), theme.name) for theme in themes]
    ranked = sorted(counted_codes, key=lambda one: -one[0])
    figure = _figure(_height(len(ranked)))
    axes = figure.subplots()
    drawn = axes.barh(range(len(ranked)), [count for count, _ in ranked], color="0.6", height=0.65)
    axes.bar_label(drawn, padding=3, fontsize=SMALL)
    _codes_down(axes, [name for _, name in ranked])
    axes.set_xlabel(say("svar", "answers"), fontsize=SMALL)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.margins(x=0.1)
    _plain(axes)
    most, name = max(counted_codes, key=lambda one: one[0], default=(0, ""))
    return _picture(
        figure,
        say("Svar med hver kode", "Answers with each code"),
        say(
            f"Mest sagt er det om «{name}»: {counted(most, 'svar', 'svar')}.",
            f"Most is said about «{name}»: {counted(most, 'answer', 'answers')}.",
        ),
        say(
            f"Liggende stolper, én for hver av {len(ranked)} koder. Flest svar har {name}: {most}. Tallene står i tabellen.",
            f"Horizontal bars, one for each of {len(ranked)} codes. Most answers have {name}: {most}. The table has the "
            "numbers.",
        ),
    )


def by_group(found: Shares) -> Picture:
    """Draw the share of each group's answers that have each code: a table in grey, or dots where there are many groups."""
    figure = _figure(_height(len(found.codes), 1.1))
    axes = figure.subplots()
    if len(found.units) <= MOST_COLUMNS:
        _shares_in_grey(axes, found)
    else:
        _shares_as_dots(axes, found)
    _plain(axes)
    if found.by == "group":
        all_of_them = say(f"{len(found.units)} grupper", f"{len(found.units)} groups")
        caption = say(
            "Koder etter gruppe, i prosent av svarene i hver gruppe",
            "Codes by group, as a percentage of the answers of each",
        )
    else:
        all_of_them = say(f"{len(found.units)} intervjuer", f"{len(found.units)} interviews")
        caption = say(
            "Koder etter intervju, i prosent av svarene i hvert intervju",
            "Codes by interview, as a percentage of the answers of each",
        )
    return _picture(
        figure,
        caption,
        found.lesson(),
        say(
            f"{len(found.codes)} koder mot {all_of_them}: hvor stor del av svarene som har koden. {found.lesson()}",
            f"{len(found.codes)} codes against {all_of_them}: the share of answers with the code. {found.lesson()}",
        ),
    )


def _shares_in_grey(axes: Any, found: Shares) -> None:
    import numpy as np

    table = np.column_stack([found.shares, found.whole])
    top = max(0.01, float(table.max(initial=0.0)))
    axes.imshow(table, cmap="Greys", vmin=0, vmax=DARKEST * top, aspect="auto")
    for (row, column), value in np.ndenumerate(table):
        weight = "bold" if column == len(found.units) else "normal"
        axes.text(column, row, f"{100 * value:.0f}", ha="center", va="center", fontsize=SMALL, fontweight=weight)
    axes.axvline(len(found.units) - 0.5, color="white", linewidth=4)
    answers = [*found.answers.tolist(), int(found.answers.sum())]
    upright = len(found.units) > 6  # then a name stands on end, on one line
    named = [
        _lines(name, LINE if upright else 12, 1 if upright else 3)
        for name in (*map(group_named, found.units), say("alle", "all"))
    ]
    heads = [f"{name}{' ' if upright else chr(10)}(n = {n})" for name, n in zip(named, answers, strict=True)]
    axes.set_xticks(range(len(heads)), heads, fontsize=SMALL, rotation=90 if upright else 0)
    axes.xaxis.tick_top()
    _codes_down(axes, found.codes, inverted=False)
    axes.spines[:].set_visible(False)


def _shares_as_dots(axes: Any, found: Shares) -> None:
    for row, (shares, whole) in enumerate(zip(found.shares, found.whole, strict=True)):
        axes.plot(100 * shares, [row] * len(shares), "o", color="0.35", alpha=0.45, markersize=5, markeredgewidth=0)
        axes.plot([100 * whole] * 2, [row - 0.32, row + 0.32], color="black", linewidth=1.6)
    axes.grid(axis="x", color="0.9", linewidth=0.6)
    axes.set_axisbelow(True)
    _codes_down(axes, found.codes)
    if found.by == "group":
        label = say(
            "prosent av svarene; en prikk er én gruppe, streken alle svar samlet",
            "per cent of the answers; a dot is one group, the line all answers together",
        )
    else:
        label = say(
            "prosent av svarene; en prikk er ett intervju, streken alle svar samlet",
            "per cent of the answers; a dot is one interview, the line all answers together",
        )
    axes.set_xlabel(label, fontsize=SMALL)
    axes.tick_params(axis="x", labelsize=SMALL)


def heat_map(found: CoOccurrences) -> Picture:
    """Draw the number of answers that each pair of codes has in common, darker for more: of the codes in most pairs."""
    import numpy as np

    whole = found.matrix.astype(float)
    np.fill_diagonal(whole, 0)
    paired = whole.sum(axis=1)
    kept = np.sort([i for i in np.argsort(-paired, kind="stable")[:MOST_PAIRED] if paired[i]]).astype(int)
    table = whole[np.ix_(kept, kept)]
    np.fill_diagonal(table, np.nan)
    codes = [found.codes[i] for i in kept]
    size = SMALL if len(codes) <= 16 else 6
    figure = _figure(min(TALL, 1.9 + 0.22 * len(codes)))
    axes = figure.subplots()
    top = max(1.0, float(np.nanmax(table, initial=0.0)))
    axes.imshow(table, cmap="Greys", vmin=0, vmax=DARKEST * top, aspect="auto")
    few = len(codes) <= 6  # then their names lie
    names = [_lines(code, *((12, 3) if few else (LINE, 1))) for code in codes]
    axes.set_xticks(range(len(codes)), names, rotation=0 if few else 90, fontsize=size)
    axes.set_yticks(range(len(codes)), [_lines(code, LINE, 1) for code in codes], fontsize=size)
    for (i, j), value in np.ndenumerate(table):
        if value > 0:
            axes.text(j, i, f"{value:.0f}", ha="center", va="center", fontsize=size)
    axes.set_xticks(np.arange(len(codes)) + 0.5, minor=True)
    axes.set_yticks(np.arange(len(codes)) + 0.5, minor=True)
    axes.grid(which="minor", color="0.85", linewidth=0.6)
    axes.tick_params(which="minor", length=0)
    _plain(axes)
    axes.spines[:].set_visible(False)
    strongest = [pair for pair in sorted(found.pairs, key=lambda pair: -pair.both)[:3] if pair.both]
    named = "; ".join(f"{pair.a} + {pair.b}: {pair.both}" for pair in strongest)
    return _picture(
        figure,
        say("Koder som står sammen, i antall svar", "Codes that fall together, in numbers of answers"),
        _paired(strongest[0]) if strongest else say("Ingen koder står sammen.", "No codes fall together."),
        say(
            f"Rutenett av {len(codes)} koder mot hverandre, mørkere der flere svar har begge. Oftest sammen: {named or 'ingen'}.",
            f"Grid of {len(codes)} codes against each other, darker where more answers have both. Most often: {named or 'none'}.",
        ),
    )


def _paired(pair: Pair) -> str:
    return say(
        f"Oftest sammen står «{pair.a}» og «{pair.b}»: i {counted(pair.both, 'svar', 'svar')}.",
        f"Most often together are «{pair.a}» and «{pair.b}»: in {counted(pair.both, 'answer', 'answers')}.",
    )


def tree(proposal: CategoryProposal) -> Picture:
    """Draw the tree of merges, with a line where it is cut."""
    from scipy.cluster.hierarchy import dendrogram

    figure = _figure(_height(len(proposal.codes)))
    axes = figure.subplots()
    names = [_lines(code) for code in proposal.codes]
    drawn = dendrogram(
        proposal.linkage, orientation="right", labels=names, ax=axes, color_threshold=0, above_threshold_color="0.25"
    )
    axes.tick_params(axis="both", labelsize=SMALL)
    axes.set_xlabel(
        say("avstand (0 = alltid sammen og like, 1 = aldri)", "distance (0 = always together and alike, 1 = never)"),
        fontsize=SMALL,
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
            f"Kodene faller i {counted(count, 'gruppe', 'grupper')} der treet er kuttet (stiplet).",
            f"The codes fall into {counted(count, 'group', 'groups')} where the tree is cut (dashed).",
        ),
        say(
            f"Dendrogram der koder som ligner, møtes tidlig. Kuttet ved den stiplede linjen gir det {count} grupper: {groups}.",
            f"Dendrogram in which codes that are alike meet early. Cut at the dashed line it gives {count} groups: {groups}.",
        ),
    )


def _figure(height: float) -> "Figure":
    require("report")
    from matplotlib.figure import Figure

    return Figure(figsize=(WIDE, height), layout="constrained")


def _height(codes: int, beside: float = 0.7) -> float:
    return min(TALL, beside + 0.28 * max(2, codes))


def _codes_down(axes: Any, names: Sequence[str], *, inverted: bool = True) -> None:
    """Name the rows after codes, the first on top (as in an image, which is turned already)."""
    axes.set_yticks(range(len(names)), [_lines(name) for name in names], fontsize=SMALL, linespacing=0.9)
    if inverted:
        axes.set_ylim(len(names) - 0.4, -0.6)


def _plain(axes: Any) -> None:
    axes.tick_params(length=0)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _picture(figure: "Figure", caption: str, lesson: str, alt: str) -> Picture:
    import matplotlib

    svg, png = io.BytesIO(), io.BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": "autokode", "font.family": "DejaVu Sans"}):
        figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
        figure.savefig(png, format="png", dpi=DPI, metadata={"Software": None})
    return Picture(svg.getvalue(), png.getvalue(), caption, lesson, alt)


def _lines(name: str, width: int = LINE, lines: int = 2) -> str:
    """A name on a few lines; what has no room there ends in «…»."""
    return "\n".join(textwrap.wrap(name, width, max_lines=lines, placeholder="…")) or name[: width - 1] + "…"
