"""Sentences within an utterance, in speech too: without capitals or punctuation, with quotes in it, with (ler)."""

import re
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from autokode.nlp.pipeline import Pipeline

_ASIDE = re.compile(r"\([^()\n]{0,40}\)")
"""What a transcriber notes: (ler), (pause), (…); it belongs to what was said before it."""

_CLOSING = frozenset(".,;:!?…)]}»”’")
_ENDS = re.compile(r"[.!?…][»”\"')\]]*\s+(?=[«“\"–-]?\s?[A-ZÆØÅ])")
"""The end of a sentence that anybody sees: a mark, and a capital after it."""

MAY_BEGIN = 0.2
"""Probability from which a sentence begins in text without marks: best on files of the treebanks held out of training."""

_MARK = re.compile(r"[.!?…]")
_ABBREVIATED = re.compile(r"(?:^|\W)(?:\w|\d+|nr|kl|ca|dvs|osv|jf|pkt|tlf|dr|st)\.\s*$", re.IGNORECASE)
"""What ends in a full stop that ends nothing: initials, ordinals, abbreviations."""


def sentences(text: str, nlp: "Pipeline") -> list[tuple[int, int]]:
    """Return the sentences of an utterance: (start, end) in code points, half-open, without the white space around them.

    The pipeline says where sentences begin; what people see settles the rest: a mark with a capital after it ends a sentence; a
    colon, an open quotation or a note such as «(ler)» does not. In an utterance without any mark, as speech recognition gives
    it, a sentence begins wherever the pipeline thinks it may (`MAY_BEGIN`).

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
        stretch = text[start:end]
        if stretch.strip():
            spans.append((start + len(stretch) - len(stretch.lstrip()), start + len(stretch.rstrip())))
    return spans


def _begins(doc: Any, nlp: "Pipeline") -> list[int]:
    """Return where sentences begin by the pipeline; where no mark helps it, also where it is less sure."""
    if "senter" not in nlp.pipe_names or _MARK.search(doc.text):
        return [sentence.start_char for sentence in doc.sents]
    scores = np.asarray(nlp.get_pipe("senter").model.predict([doc])[0], np.float64)  # type: ignore[attr-defined]
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    begins = shares[:, 1] / shares.sum(axis=1) > MAY_BEGIN
    return [token.idx for token, begin in zip(doc, begins.tolist(), strict=True) if begin]


def _may_begin(text: str, start: int) -> bool:
    """Return whether a sentence may begin here: not in the middle of a quotation's opening or before what closes one."""
    before = text[:start].rstrip()
    if text[start : start + 1] in _CLOSING or before.endswith((":", ",", "«", "“", "(")):
        return False
    return not (before.endswith("…") and text[start : start + 1].islower())
