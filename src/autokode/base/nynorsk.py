"""The Nynorsk of the interface: a catalogue from Bokmål texts, in which {} stands for what is filled in."""

import json
import re
from functools import cache, lru_cache
from pathlib import Path

CATALOGUE = Path(__file__).with_name("nynorsk.json")
GAP = "{}"
_NUMBER_OF = re.compile(r"(\d[\d\s]*\s)([a-zæøå]+)")


@cache
def catalogue() -> dict[str, str]:
    """Bokmål text → Nynorsk text."""
    found: dict[str, str] = json.loads(CATALOGUE.read_text(encoding="utf-8"))
    return found


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """The texts with gaps, those that say most first."""
    filled = [text for text in catalogue() if GAP in text]
    filled.sort(key=lambda text: -len(text.replace(GAP, "")))
    return [
        (re.compile("(.*?)".join(map(re.escape, text.split(GAP))), re.DOTALL), catalogue()[text]) for text in filled
    ]


@lru_cache(maxsize=2048)
def in_nynorsk(text: str) -> str:
    """The Nynorsk form of a Bokmål text, with what is filled in as it was; the text itself if the catalogue lacks it."""
    known = catalogue().get(text)
    if known is not None:
        return known
    for pattern, form in _patterns():
        found = pattern.fullmatch(text)
        if found:
            parts, filled = form.split(GAP), map(_counted, found.groups())
            return "".join(a + b for a, b in zip(parts, (*filled, ""), strict=True))
    return text


def _counted(filled: str) -> str:
    """What stands in a gap, with the word in Nynorsk if it is a number of something («3 intervjuer»)."""
    found = _NUMBER_OF.fullmatch(filled)
    return found[1] + catalogue().get(found[2], found[2]) if found else filled
