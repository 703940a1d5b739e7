"""The tree of codes on both sides: in autokode's codebook a name is one code's, in an exchange file it need not be."""

import itertools
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from autokode.base.messages import say
from autokode.corpus.codebook import Code, Codebook, folded
from autokode.exchange.package.contents import CodeNode, Package, guid_of

_PARTS = {
    "use_when": "Brukes når",
    "not_when": "Brukes ikke når",
    "examples": "Eksempler",
    "keywords": "Nøkkelord",
    "number": "Nummer",
}
"""What a code has beside its definition → the heading it has in an exchange file's description."""

_LISTS = {"examples": "\n– ", "keywords": "; "}
"""What stands between the members of a list."""

_FORMER = {"Eksempel": "examples"}
_HEADING = re.compile(rf"(?:^|\n\n)({'|'.join([*_PARTS.values(), *_FORMER])}): ")


def codebook_of(package: Package) -> tuple[Codebook, dict[str, str]]:
    """Return a package's codes as a codebook, and id → name in it; a name met twice is told apart by the code above it."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    numbers: set[int] = set()
    codes = tuple(_code(node, "", names, taken, numbers) for node in package.codes)
    return Codebook(package.name, codes), names


def merged(own: Codebook, package: Package) -> tuple[Codebook, dict[str, str]]:
    """Return a codebook with a package's codes added under the same parents, and the package's ids → names in it.

    A code that the codebook has already, by name or by number, stays as it is there.
    """
    other, names = codebook_of(package)
    there = {str(code.number): code.name for code in own if code.number is not None}
    there |= {folded(code.name): code.name for code in own}
    numbers = {code.number for code in own if code.number is not None}
    codes = own.codes
    for code in other.codes:
        codes = _added(codes, code, there, numbers)
    return replace(own, codes=codes), {guid: there.get(folded(name), name) for guid, name in names.items()}


def nodes_of(
    codebook: Codebook, carried: Mapping[str, Mapping[str, str]], notes: Mapping[str, tuple[str, ...]]
) -> tuple[CodeNode, ...]:
    """Return a codebook's codes for a package.

    Args:
        codebook: the codes.
        carried: name → what it had in the file it came from: `guid`, `name`.
        notes: name → ids of its notes.
    """
    return tuple(_node(code, carried, notes) for code in codebook.codes)


def guids_of(codebook: Codebook, carried: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Return name → id of every code."""
    return {code.name: carried.get(code.name, {}).get("guid") or guid_of("code", code.name) for code in codebook}


def described(code: Code) -> str:
    """Return all that is said of a code as one text; `undescribed` is its inverse."""
    texts = {name: getattr(code, name) or "" for name in _PARTS}
    parts = {
        _PARTS[name]: _LISTS[name].join(text) if name in _LISTS and text else str(text or "")
        for name, text in texts.items()
    }
    more = [f"{heading}: {text}" for heading, text in parts.items() if text]
    return "\n\n".join([part for part in (code.definition, *more) if part])


def undescribed(text: str) -> dict[str, Any]:
    """Return what a description says of a code: definition, use_when, not_when, examples, keywords, number."""
    definition, *parts = _HEADING.split(text)
    names = {heading: name for name, heading in _PARTS.items()} | _FORMER
    found: dict[str, Any] = {"definition": definition.strip()}
    for heading, said in zip(parts[::2], parts[1::2], strict=True):
        name = names[heading]
        found[name] = tuple(filter(None, map(str.strip, said.split(_LISTS[name])))) if name in _LISTS else said.strip()
    return found


def _code(node: CodeNode, above: str, names: dict[str, str], taken: set[str], numbers: set[int]) -> Code:
    name = _free(node.name, above, taken)
    names[node.guid] = name
    said = undescribed(node.description)
    stated = said.pop("number", "")
    number = int(stated) if re.fullmatch(r"\d{1,6}", stated) and int(stated) not in numbers else None
    if number is not None:
        numbers.add(number)
    return Code(
        name=name,
        number=number,
        **said,
        colour=node.colour,
        codable=node.codable,
        codes=tuple(_code(child, name, names, taken, numbers) for child in node.codes),
    )


def _free(name: str, above: str, taken: set[str]) -> str:
    """Return a name that no code has yet: as it is, with the code above it, or with a number."""
    name = name.strip() or say("uten navn", "unnamed")
    numbered = (f"{name} ({number})" for number in itertools.count(2))
    tries = itertools.chain([name], [f"{name} ({above})"] if above else [], numbered)
    chosen = next(one for one in tries if folded(one) not in taken)
    taken.add(folded(chosen))
    return chosen


def _added(codes: tuple[Code, ...], new: Code, there: dict[str, str], numbers: set[int]) -> tuple[Code, ...]:
    """Return codes with a new one and those under it; where one is there already, what is under it goes there."""
    if folded(new.name) not in there:
        fresh = [child for child in new.codes if folded(child.name) not in there]
        moved = [child for child in new.codes if folded(child.name) in there]
        number = None if new.number in numbers else new.number
        there[folded(new.name)] = new.name
        own = replace(new, codes=(), number=number)
        for child in fresh:
            own = replace(own, codes=_added(own.codes, child, there, numbers))
        codes = (*codes, own)
        for child in moved:
            codes = _added(codes, child, there, numbers)
        return codes
    for child in new.codes:
        if folded(child.name) in there:
            codes = _added(codes, child, there, numbers)
        else:
            codes = tuple(_under(code, there[folded(new.name)], child, there, numbers) for code in codes)
    return codes


def _under(code: Code, parent: str, child: Code, there: dict[str, str], numbers: set[int]) -> Code:
    if code.name == parent:
        return replace(code, codes=_added(code.codes, child, there, numbers))
    return replace(code, codes=tuple(_under(one, parent, child, there, numbers) for one in code.codes))


def _node(code: Code, carried: Mapping[str, Mapping[str, str]], notes: Mapping[str, tuple[str, ...]]) -> CodeNode:
    before = carried.get(code.name, {})
    return CodeNode(
        guid=before.get("guid") or guid_of("code", code.name),
        name=before.get("name") or code.name,
        codable=code.codable,
        colour=code.colour,
        description=described(code),
        notes=notes.get(code.name, ()),
        codes=tuple(_node(child, carried, notes) for child in code.codes),
    )
