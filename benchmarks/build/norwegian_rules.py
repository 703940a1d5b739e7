"""Asks spaCy what its Norwegian rules do with each plain character → src/autokode/scoring/engine/norwegian.json.

What it splits all other chunks by goes to src/autokode/nlp/norwegian_patterns.json, for where spaCy is not installed.

A character is plain when each rule treats it alike whatever stands beside it, but for what the flags say:
    prefix, suffix   split off at a chunk's begin or end
    infix            split off between two letters
    icon             split off wherever it stands
    amount           split off at the end after a digit
    stop             a full stop after it is split off at the end
The compiled scorer splits chunks of plain characters by these flags, and leaves every other chunk to spaCy.
"""

from benchmarks import ROOT
import json
import unicodedata
from importlib.metadata import version
from pathlib import Path

from spacy.lang.char_classes import LIST_UNITS

from autokode.nlp.tokenizer import fingerprint, patterns, tokenizer


RANGES = [(0x21, 0x250), (0x391, 0x3CA), (0x410, 0x450), (0x2010, 0x2070), (0x20A0, 0x20C0)]
RANGES += [(0x2100, 0x2150), (0x2190, 0x2600)]
BY_NAME = ".'…+°"
"""Characters with rules of their own in `plain`."""

LEFT_OUT = "µ²³¹ªºΣ␧␨␩"
"""Characters that `lower` or the units treat in a way of their own, and those that older Pythons do not know."""

rules = tokenizer("nb")
prefix, suffix = rules.prefix_search, rules.suffix_search
SOFT_HYPHEN = "\u00ad"
AROUND = "aAå5-"


def infix(text: str) -> bool:
    return any(match.end() > match.start() for match in rules.infix_finditer(text))


def same(answers: list[bool]) -> bool | None:
    return answers[0] if len(set(answers)) == 1 else None


def flags(char: str) -> str | None:
    """The flags of a character, or None where it is not plain."""
    low = char.lower()
    if len(low) != 1 or unicodedata.normalize("NFC", char) != char or unicodedata.normalize("NFC", low) != low:
        return None
    if char != SOFT_HYPHEN and unicodedata.category(char) in (
        "Mn",
        "Cc",
        "Cn",
        "Co",
        "Lo",
        "Lt",
        "Lm",
        "No",
        "Zs",
        "Zl",
        "Zp",
    ):
        return None
    begins = same([prefix(char + after) is not None for after in AROUND])
    ends = same([suffix(before + char) is not None for before in "aAåx-"])
    between = [
        same([infix(f"{a}{char}{b}") for a in left for b in right]) for left, right in (("aå", "bø"), ("AB", "CÅ"))
    ]
    among_digits = same([infix(f"{a}{char}{b}") for a, b in ("15", "a5", "5a", "-a", "a-")])
    stops = same([suffix(f"{before}{char}.") is not None for before in "aå5-"])
    if None in (begins, ends, *between, among_digits, stops) or between[0] != between[1]:
        return None
    if among_digits and not (begins and ends and between[0]):
        return None
    icon = bool(among_digits)
    names = {"prefix": begins, "suffix": ends, "infix": between[0] and not icon, "icon": icon, "stop": stops}
    names |= {"amount": not ends and char not in LIST_UNITS and suffix(f"5{char}") is not None}
    lower, upper = infix(f"{char}.A"), infix(f"a.{char}")
    if icon:  # split off itself, before and after the full stop
        lower = upper = False
    if (lower, upper) != (unicodedata.category(char) == "Ll", unicodedata.category(char) == "Lu"):
        return None
    names |= {"lower": lower, "upper": upper}
    names |= {"digit": char in "0123456789"}
    return " ".join(name for name, on in names.items() if on)


def fits(special: str) -> bool:
    return len(special.encode()) <= 16 and not special.isspace()


def main() -> None:
    found: dict[str, str] = {}
    for low, high in RANGES:
        for char in map(chr, range(low, high)):
            kind = None if char in LEFT_OUT or char in BY_NAME else flags(char)
            if kind is not None:
                found[kind] = found.get(kind, "") + char
    units = [unit for unit in LIST_UNITS if all(any(char in chars for chars in found.values()) for char in unit)]
    facts = {
        "spacy": version("spacy"),
        "fingerprint": fingerprint("nb"),
        "plain": found,
        "units": units,
        "specials": [text for text, tokens in rules.rules.items() if len(tokens) == 1 and fits(text)],
    }
    taken = {"spacy": facts["spacy"], "fingerprint": facts["fingerprint"], "patterns": patterns("nb")}
    package = ROOT / "src" / "autokode"
    for path, written in (("scoring/engine/norwegian.json", facts), ("nlp/norwegian_patterns.json", taken)):
        (package / path).write_text(json.dumps(written, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
