"""Trees of codes, to and from exchange files. Names are unique in autokode's codebook; in an exchange file they need not be."""

import contextlib
import itertools
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from autokode.base.errors import DataError
from autokode.base.messages import say
from autokode.corpus.codebook import Code, Codebook, folded
from autokode.exchange.package.contents import CodeNode, Package, guid_of
from autokode.project.store.code_names import Names, then_called

_PARTS = {
    "use_when": "Brukes når",
    "not_when": "Brukes ikke når",
    "examples": "Eksempler",
    "keywords": "Nøkkelord",
    "number": "Nummer",
}
"""Field of a code beside its definition → its heading in the description of an exchange file."""

_LISTS = {"examples": "\n– ", "keywords": "; "}
"""Field with several members → the separator between them."""

_FORMER = {"Eksempel": "examples"}
_HEADING = re.compile(rf"(?:^|\n\n)({'|'.join([*_PARTS.values(), *_FORMER])}): ")


def codebook_of(package: Package) -> tuple[Codebook, dict[str, str]]:
    """Make a codebook of a package's codes, and id → name in it.

    Of two codes with the same name, the second gets its parent's name added.
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    numbers: set[int] = set()
    codes = tuple(_code(node, "", names, taken, numbers) for node in package.codes)
    return _stated(package, set(names.values())) or Codebook(package.name, codes), names


def _stated(package: Package, names: set[str]) -> Codebook | None:
    """The codebook that a file of autokode's states as it was, if it has these codes and no others."""
    with contextlib.suppress(DataError):
        if package.own is not None and package.own.codebook:
            stated = Codebook.from_yaml(package.own.codebook)
            return stated if {code.name for code in stated} == names else None
    return None


def add_codes(
    own: Codebook,
    package: Package,
    renamed: Mapping[str, str] | None = None,
    *,
    ids: Mapping[str, str] | None = None,
    earlier: Collection[Codebook] = (),
) -> tuple[Codebook, dict[str, str]]:
    """Add a package's codes to a codebook, under the same parents; also give the package's ids → names in the result.

    A code that the codebook already has, by name and branch, stays as it is there; one of the same name in another branch is
    another code, and gets its parent's name added.

    Args:
        own: the codebook.
        package: the package.
        renamed: former name of a code of `own` → its name.
        ids: id of a code in files → its name in `own`, for the codes of which that is known; the others are known by their names
            first, and by the ids that such names give where no code has the name.
        earlier: versions of `own` before it, in which a code may have lain in another branch.
    """
    apart = _Apart(own, renamed or {}, ids or {}, earlier)
    other, names = codebook_of(replace(package, codes=tuple(apart.node(node, "") for node in package.codes)))
    there = {str(code.number): code.name for code in own if code.number is not None}
    there |= {folded(former): name for former, name in (renamed or {}).items() if name in own}
    there |= {folded(code.name): code.name for code in own}
    numbers = {code.number for code in own if code.number is not None}
    codes = own.codes
    for code in other.codes:
        codes = _added(codes, code, there, numbers)
    return replace(own, codes=codes), {guid: there.get(folded(name), name) for guid, name in names.items()}


class _Apart:
    """Gives the codes of a package the names that they have, or are to have, beside a codebook's."""

    def __init__(
        self, own: Codebook, renamed: Mapping[str, str], ids: Mapping[str, str], earlier: Collection[Codebook]
    ) -> None:
        self._renamed = {folded(former): name for former, name in renamed.items() if name in own}
        self._ids = ids
        self._names = {folded(code.name): code.name for code in own}
        self._first = {guid_of("code", code.name): code.name for code in own if code.name not in ids.values()}
        self._above = _ancestors(own)
        self._once: dict[str, set[str]] = {}
        for version in earlier:
            for name, above in _ancestors(version).items():
                self._once.setdefault(name, set()).update(above[-1:])

    def node(self, node: CodeNode, above: str) -> CodeNode:
        """A code and those below it; `above`: the name of the code above it, as it is beside the codebook's."""
        name = self._named(node, above)
        return replace(node, name=name, codes=tuple(self.node(child, name) for child in node.codes))

    def _named(self, node: CodeNode, above: str) -> str:
        wanted = folded(node.name)
        known = self._ids.get(node.guid) or (self._first.get(node.guid) if wanted not in self._names else None)
        if known is not None and (folded(known) != wanted or node.guid != guid_of("code", node.name)):
            return known  # its own id, whatever it is called there and wherever it lies
        here = self._renamed.get(wanted) or self._names.get(wanted)
        return node.name if here is None or self._in_one_branch(folded(here), above) else f"{node.name} ({above})"

    def _in_one_branch(self, name: str, above: str) -> bool:
        """Whether a code of the codebook and one below `above` can be the same: one has no parent, or they have the same."""
        own, parent = self._above.get(name, ()), folded(above)
        if not own or not parent or parent in own or parent in self._once.get(name, ()):
            return True
        return own[-1] in self._above.get(parent, ())


def _ancestors(codebook: Codebook) -> dict[str, tuple[str, ...]]:
    """Code → the codes above it, from the top; all names folded."""
    found: dict[str, tuple[str, ...]] = {}

    def walk(codes: tuple[Code, ...], above: tuple[str, ...]) -> None:
        for code in codes:
            found[folded(code.name)] = above
            walk(code.codes, (*above, folded(code.name)))

    walk(codebook.codes, ())
    return found


def nodes_of(
    codebook: Codebook, imported: Mapping[str, Mapping[str, str]], notes: Mapping[str, tuple[str, ...]]
) -> tuple[CodeNode, ...]:
    """Convert a codebook's codes for a package.

    Args:
        codebook: the codes.
        imported: name → the code's `guid` and `name` in the file that it was imported from.
        notes: name → ids of its notes.
    """
    return tuple(_node(code, imported, notes) for code in codebook.codes)


def guids_of(codebook: Codebook, imported: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Name → id of every code."""
    return {code.name: imported.get(code.name, {}).get("guid") or guid_of("code", code.name) for code in codebook}


def set_apart(codebook: Codebook, imported: Mapping[str, Mapping[str, str]]) -> dict[str, Mapping[str, str]]:
    """The ids of codes, with another id for a code that would have the one of a code before it, which once had its name."""
    found, taken = dict(imported), {imported[code.name]["guid"] for code in codebook if code.name in imported}
    for code in codebook:
        if code.name not in imported and guid_of("code", code.name) in taken:
            found[code.name] = {"guid": guid_of("code", code.name, "again"), "name": code.name}
    return found


def first_ids(codebook: Codebook, since: Names) -> dict[str, dict[str, str]]:
    """Code that was renamed here → the id that it had under its first name, so that other programs know it again.

    Args:
        codebook: the codebook.
        since: all renames.
    """
    first = {code.name: then_called(code.name, since) for code in codebook}
    return {
        name: {"guid": guid_of("code", one), "name": name}
        for name, one in first.items()
        if one != name and one not in codebook
    }


def other_names(own: Mapping[str, str], here: Mapping[str, str], former: Collection[str]) -> Iterator[str]:
    """Yield sentences on the codes of a package that have other names in the project.

    Args:
        own: id → name in the package.
        here: id → name in the project.
        former: the names that codes of the project had before somebody renamed them.
    """
    other = [guid for guid, name in here.items() if folded(own[guid]) != folded(name)]

    def kind(guid: str) -> str:
        return (
            "former" if own[guid] in former else "apart" if here[guid].startswith(f"{own[guid].strip()} (") else "there"
        )

    for anew, nb, en in (
        ("apart", "koder har navn som en annen kode har", "codes have another code's name"),
        ("former", "koder har fått nytt navn her", "codes were given another name here"),
        ("there", "koder heter noe annet her, og beholder det", "codes have other names here, and keep them"),
    ):
        found = [guid for guid in other if kind(guid) == anew]
        shown = ", ".join(f"«{own[guid]}» → «{here[guid]}»" for guid in found[:5]) + " …" * (len(found) > 5)
        if found:
            yield say(f"{len(found)} {nb}: {shown}", f"{len(found)} {en}: {shown}")


def description_of(code: Code) -> str:
    """All fields of a code as one text; `parse_description` is the inverse."""
    texts = {name: getattr(code, name) or "" for name in _PARTS}
    parts = {
        _PARTS[name]: _LISTS[name].join(text) if name in _LISTS and text else str(text or "")
        for name, text in texts.items()
    }
    more = [f"{heading}: {text}" for heading, text in parts.items() if text]
    return "\n\n".join([part for part in (code.definition, *more) if part])


def parse_description(text: str) -> dict[str, Any]:
    """Split a description into the fields of a code: definition, use_when, not_when, examples, keywords, number."""
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
    said = parse_description(node.description)
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
    """A name that no code has yet: the name itself, with its parent's name, or with a number."""
    name = name.strip() or say("uten navn", "unnamed")
    numbered = (f"{name} ({number})" for number in itertools.count(2))
    tries = itertools.chain([name], [f"{name} ({above})"] if above else [], numbered)
    chosen = next(one for one in tries if folded(one) not in taken)
    taken.add(folded(chosen))
    return chosen


def _added(codes: tuple[Code, ...], new: Code, there: dict[str, str], numbers: set[int]) -> tuple[Code, ...]:
    """Add a code and its children to `codes`; the children of a code that is there already go under that code."""
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
            codes = tuple(_added_under(code, there[folded(new.name)], child, there, numbers) for code in codes)
    return codes


def _added_under(code: Code, parent: str, child: Code, there: dict[str, str], numbers: set[int]) -> Code:
    if code.name == parent:
        return replace(code, codes=_added(code.codes, child, there, numbers))
    return replace(code, codes=tuple(_added_under(one, parent, child, there, numbers) for one in code.codes))


def _node(code: Code, imported: Mapping[str, Mapping[str, str]], notes: Mapping[str, tuple[str, ...]]) -> CodeNode:
    before = imported.get(code.name, {})
    return CodeNode(
        guid=before.get("guid") or guid_of("code", code.name),
        name=before.get("name") or code.name,
        codable=code.codable,
        colour=code.colour,
        description=description_of(code),
        notes=notes.get(code.name, ()),
        codes=tuple(_node(child, imported, notes) for child in code.codes),
    )
