"""Finds which code here each code of another file is, and lists what differs between the two.

Of copies of one project a code is the same however it was renamed or merged since; otherwise a code is known by its name, or a
name that it had. The codebook here decides: names, places and definitions here stay, and codes that are new come to it.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace

from autokode.corpus.codebook import Code, Codebook, folded
from autokode.corpus.codebook_tree import TOP, Tree
from autokode.project.store.code_names import Names, names_after, now_called, then_called
from autokode.project.store.merge_past import Past
from autokode.project.store.project import Project

NEW_CODE, BACK, NAME, ABOVE, JOINED = "new", "back", "name", "above", "joined"
"""What is told of a code: it is new here; it was deleted here and comes back, since codings have it; it is called or placed
otherwise there; two codes there are one here. What else differs is told by the names of `Code`'s fields."""

_FIELDS = ("definition", "use_when", "not_when", "examples", "keywords", "number", "colour", "codable")


@dataclass(frozen=True, slots=True)
class CodeMet:
    """What is to be told of a code.

    Attributes:
        code: as it is called here.
        what: one of the constants above, or the name of a field of `Code`.
        here, there: how it is in each file, in words; "" for nothing.
    """

    code: str
    what: str
    here: str = ""
    there: str = ""


@dataclass
class Codes:
    """The codes of another file beside those here.

    Attributes:
        own, other: the codebooks.
        was: the codebook where the two parted; None for none.
        renamed_here, renamed_there: the renames since.
        met: what is to be told.
    """

    own: Codebook
    other: Codebook
    was: Codebook | None
    renamed_here: Names
    renamed_there: Names
    met: list[CodeMet] = field(default_factory=list)

    @classmethod
    def of(cls, project: Project, other: Project, past: Past) -> "Codes":
        with project.database.reading() as connection:
            here = names_after(connection, decision=past.parted, merged=True)
        with other.database.reading() as connection:
            there = names_after(connection, decision=past.parted)
        return cls(project.codebook, other.codebook, past.codebook, here, there)

    def __post_init__(self) -> None:
        self._names = {folded(code.name): code.name for code in self.own}

    def called(self, code: str) -> str:
        """What a code of the other file is called here, or will be if it is not here yet."""
        first = then_called(code, self.renamed_there)
        if self.was is not None and first in self.was:
            return self._here(now_called(first, self.renamed_here))
        for name in (code, now_called(code, self.renamed_here), first):
            if folded(name) in self._names:
                return self._names[folded(name)]
        return self._here(code)

    def _here(self, name: str) -> str:
        return self._names.get(folded(name), name)

    def met_with(self, used: Collection[str]) -> Codebook:
        """The codebook here with the codes of the other file that it lacks, and what is to be told.

        Args:
            used: the codes, as called here, of everything that comes.
        """
        tree, theirs = Tree.of(self.own), Tree.of(self.other)
        numbers = {code.number for code in self.own if code.number is not None}
        named: dict[str, str] = {}
        for code in self.other:
            name = self.called(code.name)
            if name in named:
                self.met.append(CodeMet(name, JOINED, name, f"{named[name]}, {code.name}"))
                continue
            named[name] = code.name
            above = next(
                (self.called(one) for one in self._above(theirs, code.name) if self.called(one) in tree.own), TOP
            )
            if name in tree.own:
                self.met += self._differing(tree, name, code, above)
                continue
            if self._is_deleted(code.name) and name not in used:
                continue
            number = None if code.number in numbers else code.number
            tree.own[name], tree.under[name] = replace(code, name=name, number=number, codes=()), ()
            tree.put(name, above)
            if number is not None:
                numbers.add(number)
            self.met.append(CodeMet(name, BACK if self._is_deleted(code.name) else NEW_CODE, "", above))
        for name in sorted(set(used) - set(tree.own)):  # a code that codings have, and neither codebook
            tree.own[name], tree.under[name] = Code(name), ()
            tree.put(name, TOP)
            self.met.append(CodeMet(name, BACK))
        return tree.codebook(self.own)

    def _is_deleted(self, code: str) -> bool:
        """Whether a code was here where the two parted, and is not now."""
        return self.was is not None and then_called(code, self.renamed_there) in self.was

    def _above(self, theirs: Tree, code: str) -> Iterator[str]:
        """Yield the codes above one in the other file, the nearest first."""
        above = theirs.above(code)
        while above != TOP:
            yield above
            above = theirs.above(above)

    def _differing(self, tree: Tree, name: str, code: Code, above: str) -> Iterator[CodeMet]:
        """Yield what differs of a code that both have; what is here stays."""
        own = tree.own[name]
        if name != code.name:
            yield CodeMet(name, NAME, name, code.name)
        if name in self.own and tree.above(name) != above:
            yield CodeMet(name, ABOVE, tree.above(name), above)
        for one in _FIELDS:
            here, there = getattr(own, one), getattr(code, one)
            if here != there and not (one == "number" and there is None):
                yield CodeMet(name, one, _said(here), _said(there))


def _said(value: object) -> str:
    if isinstance(value, tuple):
        return "; ".join(value)
    return "" if value is None else str(value)
