"""Splits a text without a pipeline: into sentences by their marks, and into windows of words in speech without marks."""

import re

_SENTENCE = re.compile(r"\S.*?(?:[.!?…](?=\s)|$)", re.DOTALL)
WINDOW = 25
"""Words in a window. A sentence of at least twice as many, as in speech without punctuation, is cut into windows."""


def text_parts(text: str) -> list[tuple[int, int]]:
    """Split a text into sentences, and very long ones into windows of words: (start, end) in code points.

    >>> text_parts("Ja. Vi tok en kaffe.")
    [(0, 3), (4, 20)]
    """
    found = []
    for match in _SENTENCE.finditer(text):
        words = [(word.start(), word.end()) for word in re.finditer(r"\S+", match[0])]
        step = WINDOW if len(words) >= 2 * WINDOW else len(words)
        for first in range(0, len(words), step):
            own = words[first : first + step]
            found.append((match.start() + own[0][0], match.start() + own[-1][1]))
    return found or [(0, len(text))]
