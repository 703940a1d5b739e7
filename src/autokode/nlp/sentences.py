"""Sentences within an utterance, also in speech without capitals or punctuation, with quotations, or with notes such as (ler)."""

import re
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from autokode.nlp.pipeline import Pipeline

_ASIDE = re.compile(r"\([^()\n]{0,40}\)")
"""A transcriber's note: (ler), (pause), (…); it belongs to the sentence before it."""

_CLOSING = frozenset(".,;:!?…)]}»”’")
_ENDS = re.compile(r"[.!?…][»”\"')\]]*\s+(?=[«“\"–-]?\s?[A-ZÆØÅ])")
"""The plain end of a sentence: a mark followed by a capital."""

MAY_BEGIN = 0.2
"""Smallest probability at which a sentence begins in text without marks; chosen on treebank files held out of training."""

_MARK = re.compile(r"[.!?…]")
_ABBREVIATED = re.compile(r"(?:^|\W)(?:\w|\d+|nr|kl|ca|dvs|osv|jf|pkt|tlf|dr|st)\.\s*$", re.IGNORECASE)
"""Initials, ordinals and abbreviations, whose full stop does not end a sentence."""


def sentences(text: str, nlp: "Pipeline") -> list[tuple[int, int]]:
    """Split an utterance into sentences: (start, end) in code points, half-open, without the white space around them.

    The pipeline predicts where sentences begin, and punctuation corrects it: a mark followed by a capital ends a sentence; a
    colon, an open quotation or a note such as «(ler)» does not. In an utterance without any marks, as speech recognition
    writes it, a sentence begins wherever the pipeline's probability exceeds `MAY_BEGIN`.

    Args:
        text: an utterance.
        nlp: a pipeline with sentences, such as `autokode.norwegian()`.
    """
    flat = re.sub(r"\s", " ", text)
    begins = _begins(nlp(flat), nlp) if flat.strip() else []
    starts = {start for start in begins if _may_begin(flat, start)}
    starts |= {m.end() for m in _ENDS.finditer(flat) if not _ABBREVIATED.search(flat[: m.start() + 1])}
    starts -= {place for aside in _ASIDE.finditer(flat) for place in range(aside.start(), aside.end())}
    first = len(text) - len(text.lstrip())
    places = sorted(start for start in {first, *starts} if start >= first)
    spans = []
    for start, end in zip(places, [*places[1:], len(text)], strict=True):
        found = text[start:end]
        if found.strip():
            spans.append((start + len(found) - len(found.lstrip()), start + len(found.rstrip())))
    return spans


def _begins(doc: Any, nlp: "Pipeline") -> list[int]:
    """Find where the pipeline begins sentences; in text without marks, also where it is less sure."""
    if "senter" not in nlp.pipe_names or _MARK.search(doc.text):
        return [sentence.start_char for sentence in doc.sents]
    scores = np.asarray(nlp.get_pipe("senter").model.predict([doc])[0], np.float64)  # type: ignore[attr-defined]
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    begins = shares[:, 1] / shares.sum(axis=1) > MAY_BEGIN
    return [token.idx for token, begin in zip(doc, begins.tolist(), strict=True) if begin]


def _may_begin(text: str, start: int) -> bool:
    """Whether a sentence may begin here: not within the opening of a quotation or before its closing mark."""
    before = text[:start].rstrip()
    if text[start : start + 1] in _CLOSING or before.endswith((":", ",", "«", "“", "(")):
        return False
    return not (before.endswith("…") and text[start : start + 1].islower())
