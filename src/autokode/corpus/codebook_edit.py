"""Changes the text of a codebook's file to hold another codebook: comments, and what did not change, stay as they are."""

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from autokode.base.errors import DataError
from autokode.base.yaml_files import dump, empty_mapping, load_mapping, nodes_of, scalar
from autokode.corpus.codebook import KEYS, Code, Codebook, fields_of

_NAME, _CODES = ("navn", "name"), ("koder", "codes")
_OTHER_KEYS = {key: english for key, english in KEYS.items() if key not in _CODES}
"""Keys of a code in the file, but for the codes under it."""


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


def edited_text(text: str, before: Codebook, wanted: Codebook) -> str:
    """The text of a codebook's file, which holds one codebook, changed so that it holds another one.

    A comment stays with the code that it follows. A file that cannot be changed so is written anew, without its comments.
    """
    with contextlib.suppress(DataError):
        data = load_mapping(text, "codebook")
        nodes = {str(node[_key(node, _NAME)]).strip(): node for node in _codes_in(data)}
        plain = {code.name: fields_of(replace(code, codes=())) for code in before}
        for names, value in ((_NAME, wanted.name), (("språk", "language"), wanted.language)):
            key = _key(data, names)
            if str(data.get(key, "nb" if key in ("språk", "language") else "")) != value:
                data[key] = value
        _put_codes(data, wanted.codes, nodes, plain)
        edited = dump(data)
        if Codebook.from_yaml(edited, may_be_empty=True) == wanted:
            return edited
    return wanted.to_yaml()


def _key(node: Any, names: tuple[str, ...]) -> str:
    """The one of some keys that a mapping has; the first if it has none."""
    return next((name for name in names if name in node), names[0])


def _codes_in(node: Any) -> Iterator[Any]:
    for child in node.get(_key(node, _CODES)) or ():
        yield child
        yield from _codes_in(child)


def _put_codes(node: Any, codes: tuple[Code, ...], nodes: dict[str, Any], plain: dict[str, dict[str, Any]]) -> None:
    """Put codes into the mapping of what is above them, each with the mapping that it has in the file."""
    key = _key(node, _CODES)
    found = node.get(key)
    if not codes:
        node.pop(key, None)
        return
    if not isinstance(found, list):
        node[key] = found = []
    for code in codes:
        own = nodes.get(code.name)
        if own is None:
            own = nodes[code.name] = empty_mapping()
        _put_fields(own, fields_of(replace(code, codes=())), plain.get(code.name, {}))
    children = [nodes[code.name] for code in codes]
    if len(found) != len(children) or any(a is not b for a, b in zip(found, children, strict=True)):
        while found:
            found.pop()
        found.extend(children)
    for code, own in zip(codes, children, strict=True):
        _put_codes(own, code.codes, nodes, plain)


def _put_fields(node: Any, wanted: dict[str, Any], before: dict[str, Any]) -> None:
    """Give the mapping of a code other fields, each where it belongs among those there."""
    if wanted.get("eksempler") != before.get("eksempler"):  # of an older file, which has one example under another key
        for key in ("eksempel", "example"):
            node.pop(key, None)
    for at, (key, english) in enumerate(_OTHER_KEYS.items()):
        if wanted.get(key) == before.get(key):
            continue
        own = _key(node, (key, english))
        if key not in wanted:
            node.pop(own, None)
        elif own in node:
            node[own] = wanted[key]
        else:
            earlier = {name for pair in list(_OTHER_KEYS.items())[:at] for name in pair}
            node.insert(sum(name in earlier for name in node), own, wanted[key])


def _names(top: Any) -> Iterator[Any]:
    """The nodes that hold names of codes: every `navn` but the codebook's own."""
    waiting = [node for key, value in top.value if key.value in _CODES for node in value.value]
    while waiting:
        for key, value in waiting.pop(0).value:
            if key.value in _NAME:
                yield value
            elif key.value in _CODES and isinstance(value.value, list):
                waiting += value.value
