"""Holds how a transcript was read against what a person expects of the file (`expected.json` of a folder of cases)."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from autokode.corpus.transcript import Transcript

WITHIN_S = 0.06
"""Seconds by which a begin may differ."""


def differences(transcript: Transcript, wanted: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for everything that is not as wanted.

    Args:
        transcript: as it was read.
        wanted: any of speakers, not_speakers, min_speakers, utterances, min_utterances, max_utterances, begins (in seconds, of
            the first utterances), interviewers, and texts that are to stand `within` the words, `without` them, or `once`.
    """
    speakers = sorted({utterance.speaker for utterance in transcript.utterances if utterance.speaker})
    found = {
        "speakers": speakers,
        "interviewers": sorted(transcript.interviewers),
        "utterances": len(transcript.utterances),
    }
    for name, own in found.items():
        if name in wanted and own != (sorted(wanted[name]) if isinstance(own, list) else wanted[name]):
            yield f"{name} {own}, wanted {wanted[name]}"
    if set(speakers) & set(wanted.get("not_speakers", ())):
        yield f"speakers {speakers}, wanted none of {wanted['not_speakers']}"
    if len(speakers) < wanted.get("min_speakers", 0):
        yield f"speakers {speakers}, wanted {wanted['min_speakers']} or more"
    number = len(transcript.utterances)
    if not wanted.get("min_utterances", 0) <= number <= wanted.get("max_utterances", number):
        yield f"{number} utterances"
    begins = [utterance.begin_s for utterance in transcript.utterances]
    if not all(_same(own, begin) for own, begin in zip(begins, wanted.get("begins", ()), strict=False)):
        yield f"begins {begins}, wanted {wanted['begins']}"
    yield from _of_words("\n".join(utterance.text for utterance in transcript.utterances), wanted)


def _of_words(words: str, wanted: Mapping[str, Any]) -> Iterator[str]:
    flat = _flat(words)
    for text in wanted.get("within", ()):
        if _flat(text).strip() not in flat:
            yield f"lacks «{text}»"
    for text in wanted.get("without", ()):
        if text in words if "\n" in text else _flat(text) in flat:
            yield f"holds «{text}»"
    for text in wanted.get("once", ()):
        if flat.count(_flat(text).strip()) != 1:
            yield f"«{text}» {flat.count(text)} times"


def _same(own: float | None, wanted: float | None) -> bool:
    return wanted is None or (own is not None and abs(own - wanted) <= WITHIN_S)


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)
