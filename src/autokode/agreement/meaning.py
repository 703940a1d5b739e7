"""Says in two plain sentences what the figures of a comparison mean, and how little few answers say."""

from autokode.agreement.results import FEWEST, Agreement, Figure
from autokode.base.formatting import counted, number
from autokode.base.messages import say

GOOD, TENTATIVE = 0.8, 0.667
"""Krippendorff's own limits of alpha: for conclusions, and for tentative ones."""

FEW_UNITS = 50
"""Number of units below which the sentences say that they are few."""


def meaning(found: Agreement) -> tuple[str, str]:
    """Two sentences: how often the coders gave the same codes, and what alpha of whole sets of codes allows one to say."""
    sets = found.row("sets")
    return _how_often(found, sets.agreed, sets.units), _what_it_allows(found, sets.alpha, sets.units)


def is_little(found: Agreement) -> bool:
    """Whether the figures rest on so few interviews or units that they may be chance."""
    return found.interviews < FEWEST or found.row("sets").units < FEW_UNITS


def _how_often(found: Agreement, agreed: Figure, units: int) -> str:
    nb, en = _UNITS[found.of]
    interviews = say(
        counted(found.interviews, "intervju", "intervjuer"), counted(found.interviews, "interview", "interviews")
    )
    read, share = say(counted(units, *nb), counted(units, *en)), round(100 * agreed.value)
    if len(found.coders) > 2:
        return say(
            f"Minst to kodere har lest {read} i {interviews}, og to av dem ga de samme kodene {share} av 100 ganger.",
            f"At least two coders read {read} in {interviews}, and two of them gave the same codes {share} times in 100.",
        )
    first, second = found.coders
    return say(
        f"{first} og {second} har begge lest {read} i {interviews}, og ga nøyaktig de samme kodene {share} av 100 ganger.",
        f"{first} and {second} both read {read} in {interviews}, and gave exactly the same codes {share} times in 100.",
    )


_UNITS = {
    "utterance": (("ytring", "ytringer"), ("utterance", "utterances")),
    "sentence": (("setning", "setninger"), ("sentence", "sentences")),
    "character": (("tegn", "tegn"), ("character", "characters")),
}


def _what_it_allows(found: Agreement, alpha: Figure | None, units: int) -> str:
    if alpha is None:
        return say(
            "Alfa kan ikke regnes ut, fordi alle svarene fikk de samme kodene; da er det ingenting å skille på.",
            "Alpha cannot be computed, since all answers got the same codes: there is nothing to tell apart.",
        )
    value = say(
        f"Alfa for hele kodesett er {_with_interval(alpha)}", f"Alpha of whole sets of codes is {_with_interval(alpha)}"
    )
    return f"{value}: {_verdict(alpha)}{_caution(found, units)}."


def _with_interval(figure: Figure) -> str:
    if figure.interval is None:
        return number(figure.value)
    low, high = figure.interval
    return f"{number(figure.value)} [{number(low)}–{number(high)}]"


def _verdict(alpha: Figure) -> str:
    """What a value allows, by the lower end of its interval where there is one."""
    least = alpha.value if alpha.interval is None else alpha.interval[0]
    if least >= GOOD:
        return say("så enige at andre kan bygge på kodingen", "agreement that others can build on")
    if alpha.value >= GOOD:
        return say(
            "høyt, men intervallet er bredt, så regn det som foreløpig",
            "high, but the interval is wide, so take it as tentative",
        )
    if alpha.value >= TENTATIVE:
        return say(
            "nok til foreløpige slutninger; kodene med lavest tall bør få klarere definisjoner",
            "enough for tentative conclusions; the codes with the lowest figures need clearer definitions",
        )
    if alpha.value > 0:
        return say(
            "bedre enn tilfeldig, men for lavt til å trekke slutninger; gå gjennom uenighetene og gjør definisjonene klarere",
            "better than chance, but too low to conclude from; go through the disagreements and make definitions clearer",
        )
    return say(
        "ikke bedre enn om kodene var delt ut tilfeldig; snakk sammen om hva kodene betyr",
        "no better than codes dealt out at random; talk about what the codes mean",
    )


def _caution(found: Agreement, units: int) -> str:
    if not is_little(found):
        return ""
    nb, en = _UNITS[found.of]
    few = say(f"bare {counted(units, *nb)}", f"only {counted(units, *en)}")
    interviews = say(
        f"{counted(found.interviews, 'intervju', 'intervjuer')}",
        f"{counted(found.interviews, 'interview', 'interviews')}",
    )
    return say(
        f"; det bygger på {few if units < FEW_UNITS else interviews}, og kan være tilfeldig",
        f"; it rests on {few if units < FEW_UNITS else interviews}, and may be chance",
    )
