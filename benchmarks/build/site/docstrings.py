"""An extension of Griffe, which reads docstrings for the reference: two things that Google's style does not know.

One entry may describe several names, as in `start, end: code points, half-open`; the reference has a row for each, so that each
stands beside its type. And an example may stand in the text, without a heading; the reference shows it as code.
"""

import re

import griffe

_ENTRY = re.compile(r"^(?P<indent> +)(?P<names>\w+(?:, \w+)+):(?P<text> .*(?:\n(?P=indent) +\S.*)*)", re.MULTILINE)
_EXAMPLE = re.compile(r"^(?P<indent> *)>>> .*(?:\n(?P=indent)\S.*)*", re.MULTILINE)


class Docstrings(griffe.Extension):
    """Rewrites each docstring before it is parsed."""

    def on_object(self, *, obj: griffe.Object, **_rest: object) -> None:
        """Rewrite the docstring of an object that was read."""
        if obj.docstring is not None:
            obj.docstring.value = rewritten(obj.docstring.value)


def rewritten(text: str) -> str:
    """A docstring with an entry for each name, and its examples in fences."""
    return _EXAMPLE.sub(r"\g<indent>```pycon\n\g<0>\n\g<indent>```", _ENTRY.sub(_each, text))


def _each(entry: re.Match[str]) -> str:
    return "\n".join(f"{entry['indent']}{name}:{entry['text']}" for name in entry["names"].split(", "))
