"""The colours of codes in documents: the codebook's or, as on the page, one for each category; and their tints behind text."""

from autokode.corpus.codebook import Codebook

PALETTE = ("#1f6f8b", "#8a4b08", "#6a3d9a", "#2d6a2f", "#a3245a", "#5b5f16", "#37499c", "#6b4f4f")
"""The colours of categories to which the codebook gives none, in order; in `review.css` they are `--k0` to `--k7`."""
STRAY = "#59636b"
"""The colour of a code that is not in the codebook."""
READABLE = 7.0
"""Least contrast of text to the tint behind it: WCAG 2.2, level AAA."""
TINT, PALER = 0.34, 0.9
"""Largest share of the colour in its tint, and what the share is multiplied with until text is readable on it."""
LINE = 3.0
"""Least contrast of a line or a stripe to the paper: WCAG 2.2, 1.4.11."""


def colours_of(codebook: Codebook) -> dict[str, str]:
    """Code → its colour, «#rrggbb»: the codebook's, else that of the top of its tree on the page."""
    given = codebook.colours
    return {
        code.name: given[code.name] or PALETTE[index % len(PALETTE)]
        for index, top in enumerate(codebook.codes)
        for code in top.walk()
    }


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21 (WCAG 2.2).

    >>> contrast("#000000", "#ffffff")
    21.0
    """
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return round((light + 0.05) / (dark + 0.05), 4)


def mixed(colour: str, other: str, share: float) -> str:
    """A colour with another one.

    >>> mixed("#ff0000", "#ffffff", 0.5)
    '#ff8080'
    """
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(share * a + (1 - share) * b):02x}" for a, b in pairs)


def tint(colour: str, *, paper: str, ink: str) -> str:
    """A colour mixed with the paper so much that the ink is readable on it."""
    share = TINT
    while contrast(ink, mixed(colour, paper, share)) < READABLE and share > 0.01:
        share *= PALER
    return mixed(colour, paper, share)


def line(colour: str, *, paper: str, ink: str) -> str:
    """A colour mixed with the ink so much that a line of it is seen on the paper."""
    share = 1.0
    while contrast(paper, mixed(colour, ink, share)) < LINE and share > 0.01:
        share *= PALER
    return mixed(colour, ink, share)


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))


def _luminance(colour: str) -> float:
    shares = (channel / 255 for channel in _channels(colour))
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
