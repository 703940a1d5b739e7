"""Changes the name of a code in the text of a codebook's file, and nothing else: comments and order stay as they are."""

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from autokode.base.errors import DataError
from autokode.base.yaml_files import nodes_of, scalar
from autokode.corpus.codebook import Code, Codebook

_NAME, _CODES = ("navn", "name"), ("koder", "codes")


def with_renamed(codebook: Codebook, old: str, new: str) -> Codebook:
    """A codebook in which one code has another name."""

    def walk(codes: tuple[Code, ...]) -> tuple[Code, ...]:
        return tuple(
            replace(code, name=new if code.name == old else code.name, codes=walk(code.codes)) for code in codes
        )

    return replace(codebook, codes=walk(codebook.codes))


def renamed_text(text: str, old: str, new: str) -> str:
    """The text of a codebook's file in which one code has another name.

    A file in which the name does not stand plainly is written anew; that loses its comments.
    """
    wanted = with_renamed(Codebook.from_yaml(text), old, new)
    named = [node for node in _names(nodes_of(text)) if node.value.strip() == old]
    if len(named) == 1:
        start, end = named[0].start_mark.index, named[0].end_mark.index
        edited = text[:start] + scalar(new) + text[end:]
        with contextlib.suppress(DataError):  # the name stood in a way that others refer to
            if Codebook.from_yaml(edited) == wanted:
                return edited
    return wanted.to_yaml()


def _names(top: Any) -> Iterator[Any]:
    """The nodes that hold names of codes: every `navn` but the codebook's own."""
    waiting = [node for key, value in top.value if key.value in _CODES for node in value.value]
    while waiting:
        for key, value in waiting.pop(0).value:
            if key.value in _NAME:
                yield value
            elif key.value in _CODES and isinstance(value.value, list):
                waiting += value.value
