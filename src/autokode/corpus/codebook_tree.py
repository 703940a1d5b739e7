"""A codebook as one edits it: each code by its name, and the order of the codes under each. Every edit gives a new codebook."""

from collections.abc import Iterator
from dataclasses import astuple, dataclass, replace
from typing import Any, TypeVar

from autokode.base.hashing import sha256_of
from autokode.base.yaml_files import MAX_DEPTH
from autokode.corpus.codebook import Code, Codebook, folded

Value = TypeVar("Value")
TOP = ""
"""Stands for what is above the codes at the top of the tree."""


@dataclass
class Tree:
    """The codes of a codebook.

    Attributes:
        own: name → the code, without those under it.
        under: name, or `TOP` → the names of the codes right under it, in order.
    """

    own: dict[str, Code]
    under: dict[str, tuple[str, ...]]

    @classmethod
    def of(cls, codebook: Codebook) -> "Tree":
        own = {code.name: replace(code, codes=()) for code in codebook}
        under = {code.name: tuple(child.name for child in code.codes) for code in codebook}
        return cls(own, {TOP: tuple(code.name for code in codebook.codes), **under})

    def above(self, name: str) -> str:
        """The name of the code above one, or `TOP`."""
        return next((above for above, names in self.under.items() if name in names), TOP)

    def below(self, name: str) -> Iterator[str]:
        """Yield a code and all that are below it."""
        yield name
        for child in self.under[name]:
            yield from self.below(child)

    def put(self, name: str, above: str, before: str = "") -> None:
        """Put a code that stands nowhere under another one, before one that is there or last."""
        names = list(self.under[above])
        names.insert(names.index(before) if before in names else len(names), name)
        self.under[above] = tuple(names)

    def take(self, name: str) -> None:
        """Take a code, with those below it, from where it stands."""
        above = self.above(name)
        self.under[above] = tuple(one for one in self.under[above] if one != name)

    def replaced(self, name: str, names: tuple[str, ...]) -> None:
        """Put codes in the place of another one."""
        above = self.above(name)
        at = self.under[above].index(name)
        self.under[above] = (*self.under[above][:at], *names, *self.under[above][at + 1 :])

    def codebook(self, like: Codebook) -> Codebook:
        """The codebook of these codes, with the name and language of another one."""

        def built(names: tuple[str, ...]) -> tuple[Code, ...]:
            return tuple(replace(self.own[name], codes=built(self.under[name])) for name in names)

        return replace(like, codes=built(self.under[TOP]))


def with_code(codebook: Codebook, code: Code, above: str = TOP, before: str = "") -> Codebook:
    """A codebook with one code more: under another one, before one of those there, or last."""
    tree = Tree.of(codebook)
    tree.own[code.name], tree.under[code.name] = replace(code, codes=()), ()
    tree.put(code.name, above, before)
    return tree.codebook(codebook)


def with_moved(codebook: Codebook, name: str, above: str, before: str = "") -> Codebook:
    """A codebook in which a code, with those below it, stands under another one, which is not below it."""
    tree = Tree.of(codebook)
    tree.take(name)
    tree.put(name, above, before)
    return tree.codebook(codebook)


def with_changed(codebook: Codebook, name: str, **fields: Any) -> Codebook:
    """A codebook in which a code has other fields; the name is none of them."""
    tree = Tree.of(codebook)
    tree.own[name] = replace(tree.own[name], **fields)
    return tree.codebook(codebook)


def with_merged(codebook: Codebook, name: str, into: str) -> Codebook:
    """A codebook in which one code is part of another.

    The other gets its examples and keywords, the texts and the number that it lacks itself, and the codes under it. If it stood
    below it, it takes its place.
    """
    tree = Tree.of(codebook)
    if into in tree.below(name):
        tree.take(into)
        tree.replaced(name, (into,))
    else:
        tree.take(name)
    one, other = tree.own.pop(name), tree.own[into]
    tree.under[into] = (*tree.under[into], *tree.under.pop(name))
    texts = {field: getattr(other, field) or getattr(one, field) for field in ("definition", "use_when", "not_when")}
    tree.own[into] = replace(
        other,
        **texts,
        number=one.number if other.number is None else other.number,
        examples=tuple(dict.fromkeys((*other.examples, *one.examples))),
        keywords=tuple(dict.fromkeys((*other.keywords, *one.keywords))),
    )
    return tree.codebook(codebook)


def without_code(codebook: Codebook, name: str) -> Codebook:
    """A codebook with one code less; those right under it take its place."""
    tree = Tree.of(codebook)
    tree.replaced(name, tree.under[name])
    del tree.own[name], tree.under[name]
    return tree.codebook(codebook)


def patched(now: Codebook, before: Codebook, after: Codebook) -> Codebook | None:
    """The codebook that is there now, with what was changed between two others; None if that does not fit any more.

    Each code, and each order of codes, that was changed must be there as it was before the change.
    """
    tree, old, new = Tree.of(now), Tree.of(before), Tree.of(after)
    if not (_put_over(tree.own, old.own, new.own) and _put_over(tree.under, old.under, new.under)):
        return None
    about = {
        field: getattr(after, field)
        for field in ("name", "language")
        if getattr(before, field) != getattr(after, field)
    }
    if any(getattr(now, field) != getattr(before, field) for field in about):
        return None
    return replace(tree.codebook(now), **about) if _is_sound(tree) else None


def _put_over(now: dict[str, Value], before: dict[str, Value], after: dict[str, Value]) -> bool:
    """Change what differs between `before` and `after`; say whether it was as before."""
    for name in {**before, **after}:
        if before.get(name) == after.get(name):
            continue
        if now.get(name) != before.get(name):
            return False
        now.pop(name, None)
        if name in after:
            now[name] = after[name]
    return True


def _is_sound(tree: Tree) -> bool:
    """Whether every code stands in one place, and no two have a name or a number in common."""
    placed = [name for names in tree.under.values() for name in names]
    numbers = [code.number for code in tree.own.values() if code.number is not None]
    return (
        sorted(placed) == sorted(tree.own)
        and set(tree.under) == {TOP, *tree.own}
        and len(list(tree.below(TOP))) == len(placed) + 1
        and len({folded(name) for name in placed}) == len(placed)
        and len(set(numbers)) == len(numbers)
    )


def depth(codebook: Codebook) -> int:
    """How many levels a codebook has; `yaml_files.MAX_DEPTH` can be read."""

    def levels(codes: tuple[Code, ...]) -> int:
        return 1 + max((levels(code.codes) for code in codes), default=0) if codes else 0

    return levels(codebook.codes)


def is_too_deep(codebook: Codebook) -> bool:
    """Whether a codebook has more levels than can be read."""
    return depth(codebook) > MAX_DEPTH


def code_mark(codebook: Codebook, name: str) -> str:
    """A mark of a code as it is: its name, its fields and the code above it. Another mark means that it was changed."""
    tree = Tree.of(codebook)
    return sha256_of(repr((tree.above(name), astuple(tree.own[name]))))[:16]
