"""Splits a Norwegian chunk into the tokens that spaCy splits it into, over patterns taken from it, without importing spaCy.

`norwegian_patterns.json` holds spaCy's patterns for "nb"; `benchmarks/build/norwegian_rules.py` took them from it.
"""

import functools
import json
import re
from importlib.resources import files
from typing import Any

from autokode.base.extras import lacking

LANG = "nb"
"""The language whose patterns come along."""


@functools.cache
def is_spacy_here() -> bool:
    """Whether spaCy is installed; it is not imported."""
    return lacking("spacy") is None


@functools.cache
def shipped() -> dict[str, Any]:
    """What comes along: "spacy", the version it was taken from; "fingerprint" and "patterns", as `tokenizer` gives them."""
    found: dict[str, Any] = json.loads(files("autokode.nlp").joinpath("norwegian_patterns.json").read_text("utf-8"))
    return found


@functools.cache
def shipped_patterns() -> "Patterns":
    """The patterns that come along, ready to split with."""
    return Patterns(**shipped()["patterns"])


class Patterns:
    """spaCy's algorithm (`Tokenizer.explain` and `_apply_special_cases`, 3.8) over patterns taken from it.

    Args:
        prefix, suffix, infix, url: regular expressions.
        specials: special cases, each with its tokens.
        found: special cases that tokens side by side may join into, each with the tokens it would be otherwise.
    """

    def __init__(
        self,
        *,
        prefix: str,
        suffix: str,
        infix: str,
        url: str,
        specials: dict[str, list[str]],
        found: dict[str, list[str]],
    ) -> None:
        self._prefix, self._suffix = re.compile(prefix).search, re.compile(suffix).search
        self._infix, self._url = re.compile(infix).finditer, re.compile(url).match
        self._specials = specials
        self._found = {tuple(tokens): text for text, tokens in found.items()}
        self._longest = max(map(len, self._found), default=0)

    def __call__(self, chunk: str) -> list[str]:
        front, rest, back = self._affixes(chunk)
        whole = [rest] if self._url(rest) else None
        middle = self._specials.get(rest) or whole or self._cut(rest)
        return self._joined([*front, *(token for token in middle if token), *reversed(back)])

    def _affixes(self, rest: str) -> tuple[list[str], str, list[str]]:
        front: list[str] = []
        back: list[str] = []
        size = -1
        while rest and len(rest) != size and rest not in self._specials:
            size = len(rest)
            before = _length(self._prefix(rest))
            if before and rest[before:] in self._specials:
                front.append(rest[:before])
                return front, rest[before:], back
            behind = _length(self._suffix(rest[before:]))
            if behind and rest[:-behind] in self._specials:
                back.append(rest[-behind:])
                return front, rest[:-behind], back
            if before:
                front.append(rest[:before])
            if behind:
                back.append(rest[-behind:])
            rest = rest[before : len(rest) - behind]
        return front, rest, back

    def _cut(self, rest: str) -> list[str]:
        tokens: list[str] = []
        start = 0
        for match in self._infix(rest):
            if match.start() == 0:
                continue
            tokens += [rest[start : match.start()], match[0]]
            start = match.end()
        return [*tokens, rest[start:]]

    def _joined(self, tokens: list[str]) -> list[str]:
        """Join tokens that together are a special case: the longest first, of equally long ones the first."""
        spans = [
            (size, start)
            for start in range(len(tokens))
            for size in range(1, min(self._longest, len(tokens) - start) + 1)
            if tuple(tokens[start : start + size]) in self._found
        ]
        taken: set[int] = set()
        joined: dict[int, int] = {}
        for size, start in sorted(spans, key=lambda span: (-span[0], span[1])):
            if start not in taken and start + size - 1 not in taken:
                joined[start] = size
            taken.update(range(start, start + size))
        result: list[str] = []
        at = 0
        while at < len(tokens):
            size = joined.get(at, 0)
            result += self._specials["".join(tokens[at : at + size])] if size else [tokens[at]]
            at += max(1, size)
        return result


def _length(match: re.Match[str] | None) -> int:
    return len(match[0]) if match else 0
