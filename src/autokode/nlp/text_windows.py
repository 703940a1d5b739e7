"""Parts of a text by what anybody sees: sentences, and windows of words where speech has no marks. Cheap."""

import re

_SENTENCE = re.compile(r"\S.*?(?:[.!?…](?=\s)|$)", re.DOTALL)
WINDOW = 25
"""Words of a part where a sentence has twice as many or more, as speech without punctuation has."""


def text_parts(text: str) -> list[tuple[int, int]]:
    """Return the sentences of a text, (start, end), and windows of words where a sentence is very long.

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
