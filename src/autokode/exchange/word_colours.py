"""The colour that a person gave to a run of text in Word: a highlight, or a shading, as Google Docs writes its highlights."""

import colorsys
import re
from dataclasses import dataclass
from typing import Any

from docx.oxml.ns import qn

from autokode.base.messages import say

COLOURS = {
    "yellow": ("gul", "yellow", "#ffff00"),
    "green": ("grønn", "green", "#00ff00"),
    "cyan": ("turkis", "turquoise", "#00ffff"),
    "magenta": ("rosa", "pink", "#ff00ff"),
    "blue": ("blå", "blue", "#0000ff"),
    "red": ("rød", "red", "#ff0000"),
    "darkBlue": ("mørkeblå", "dark blue", "#000080"),
    "darkCyan": ("blågrønn", "teal", "#008080"),
    "darkGreen": ("mørkegrønn", "dark green", "#008000"),
    "darkMagenta": ("fiolett", "violet", "#800080"),
    "darkRed": ("mørkerød", "dark red", "#800000"),
    "darkYellow": ("oker", "dark yellow", "#808000"),
    "darkGray": ("mørkegrå", "dark grey", "#808080"),
    "lightGray": ("lysegrå", "light grey", "#c0c0c0"),
    "black": ("svart", "black", "#000000"),
}
"""Word's name of a highlight → the code's name in Norwegian and English, and its colour."""

PALE, GREY = 0.93, 0.08
"""Least brightness and most saturation (0–1) of a shading that is paper or layout, no highlight."""

DARK = 0.3
"""What a difference of all brightness counts against one of all hue, where a shading gets the name of a highlight."""


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour as a code: its name and "#rrggbb"."""

    name: str
    rgb: str


def colour_of(run: Any) -> Colour | None:
    """The colour behind a run of text, a `w:r` element; None without one."""
    if run.rPr is None:
        return None
    highlight, shading = run.rPr.find(qn("w:highlight")), run.rPr.find(qn("w:shd"))
    named = highlight.get(qn("w:val")) if highlight is not None else ""
    if named in COLOURS:
        nb, en, rgb = COLOURS[named]
        return Colour(say(nb, en), rgb)
    return _shade(shading.get(qn("w:fill")) or "") if shading is not None else None


def _shade(fill: str) -> Colour | None:
    """The colour of a shading: one of Word's highlights has its name, another the name of the nearest and its own value."""
    if not re.fullmatch(r"[0-9a-fA-F]{6}", fill):
        return None  # "auto"
    own = f"#{fill.lower()}"
    hue, saturation, value = _hsv(own)
    if saturation <= GREY and value >= PALE:
        return None
    near = [one for one in COLOURS.values() if (_hsv(one[2])[1] <= GREY) == (saturation <= GREY)]

    def apart(rgb: str) -> float:
        there, _saturation, bright = _hsv(rgb)
        round_ = abs(there - hue)
        return (0.0 if saturation <= GREY else min(round_, 1 - round_)) + DARK * abs(bright - value)

    nb, en, nearest = min(near, key=lambda one: apart(one[2]))
    name = say(nb, en)
    return Colour(name if nearest == own else f"{name} {own}", own)


def _hsv(rgb: str) -> tuple[float, float, float]:
    """Hue, saturation and brightness of «#rrggbb», 0–1."""
    return colorsys.rgb_to_hsv(*(int(rgb[i : i + 2], 16) / 255 for i in (1, 3, 5)))
