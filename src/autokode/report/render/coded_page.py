"""Coded interviews as one HTML page without scripts or outside resources, for a screen, a phone, and paper."""

import re

from autokode.base.messages import interface_language
from autokode.report.code_colours import line, tint
from autokode.report.coded_text import CodedText
from autokode.report.render.coded_words import about_interview, about_text, coders_in_margin, goes_on, how_shown
from autokode.report.render.html_templates import html_templates

LIGHT, DARK = ("#ffffff", "#1b1f24"), ("#15181c", "#e4e7ea")
"""Paper and ink of the two themes, as the template has them."""
_BLANKS = re.compile(r"[^\S\n\t]{2,}")


def coded_page(text: CodedText) -> str:
    """Make the HTML page of coded interviews."""
    environment = html_templates()
    numbers = {one.code: i for i, one in enumerate(text.legend)}
    environment.globals.update(
        number_of=numbers.__getitem__,
        about=about_text(text),
        how=how_shown(),
        about_interview=about_interview,
        whose=lambda one: coders_in_margin(text, one),
        goes_on=goes_on(),
        styles=_styles(text),
        shown=lambda said: _BLANKS.sub(" ", said.replace("\r\n", "\n").replace("\r", "\n")),
    )
    return environment.get_template("coded.html").render(text=text, language=interface_language())


def _styles(text: CodedText) -> str:
    """The style sheet of the codes' colours: behind words, and in stripes and lines."""
    light, dark = (
        "".join(
            f".c{i}{{--t:{tint(one.colour, paper=paper, ink=ink)};--k:{line(one.colour, paper=paper, ink=ink)}}}"
            f".v{i}{{--v:{line(one.colour, paper=paper, ink=ink)}}}\n"
            for i, one in enumerate(text.legend)
        )
        for paper, ink in (LIGHT, DARK)
    )
    return f"{light}@media screen and (prefers-color-scheme: dark) {{\n{dark}}}"
