"""What the page of the codebook shows: the tree with counts, where each code can be moved, and what a person changed by hand."""

from collections.abc import Iterator
from dataclasses import dataclass

from autokode.base.formatting import counted
from autokode.base.messages import say
from autokode.corpus.code_renames import likely_renames
from autokode.corpus.codebook import Code, Codebook
from autokode.corpus.codebook_tree import TOP, Tree, code_mark
from autokode.project.store.code_usage import coding_counts
from autokode.project.store.coders import Coder
from autokode.project.store.decision_rows import codes_used
from autokode.project.store.project import Project

FIELDS = {
    "number": ("nummer", "number"),
    "definition": ("definisjon", "definition"),
    "use_when": ("brukes når", "use when"),
    "not_when": ("brukes ikke når", "not when"),
    "examples": ("eksempler", "examples"),
    "keywords": ("nøkkelord", "keywords"),
    "colour": ("farge", "colour"),
    "codable": ("kodbar", "codable"),
}
"""Fields of a code → their names for people."""


@dataclass(frozen=True, slots=True)
class Node:
    """A code in the tree.

    Attributes:
        code: the code.
        depth: how many codes it stands below.
        above: the name of the code above it, or "".
        mark: of the code as it is now (`code_mark`).
        own, all: how many codings the coder, and everybody, gave it.
        moves: "up", "down", "in" or "out" → the code above, and the one before which it is put; those that are possible.
    """

    code: Code
    depth: int
    above: str
    mark: str
    own: int
    all: int
    moves: dict[str, tuple[str, str]]


def nodes(project: Project, coder: Coder) -> list[Node]:
    """The codes in the order of the tree, parents first; one who codes blind is told of their own codings alone."""
    codebook, counts = project.codebook, coding_counts(project)
    tree = Tree.of(codebook)

    def walk(above: str, depth: int) -> Iterator[Node]:
        for name in tree.under[above]:
            given = counts.get(name, {})
            own = given.get(coder.name, 0)
            every = own if coder.blind else sum(given.values())
            mark = code_mark(codebook, name)
            yield Node(codebook_code[name], depth, above, mark, own, every, moves(tree, name))
            yield from walk(name, depth + 1)

    codebook_code = {code.name: code for code in codebook}
    return list(walk(TOP, 0))


def moves(tree: Tree, name: str) -> dict[str, tuple[str, str]]:
    """Where a code can be moved by one step: up or down among its neighbours, into the one before it, or out of its parent."""
    above = tree.above(name)
    names = tree.under[above]
    at = names.index(name)
    found: dict[str, tuple[str, str]] = {}
    if at > 0:
        found["up"] = (above, names[at - 1])
        found["in"] = (names[at - 1], "")
    if at + 1 < len(names):
        found["down"] = (above, names[at + 2] if at + 2 < len(names) else "")
    if above != TOP:
        outer = tree.under[tree.above(above)]
        after = outer.index(above) + 1
        found["out"] = (tree.above(above), outer[after] if after < len(outer) else "")
    return found


def what_goes(project: Project, coder: Coder, code: str) -> tuple[int, str]:
    """How many codings a code has, of everybody, and a sentence on what is about it and of whom."""
    given = coding_counts(project).get(code, {})
    used = codes_used(project).get(code)
    whole = sum(given.values())
    own = given.get(coder.name, 0)
    if coder.blind:
        given = {say("deg", "you"): own, say("andre", "others"): whole - own}
    whose = ", ".join(f"{count} {say('av', 'by')} {name}" for name, count in given.items() if count)
    parts = [
        say(counted(whole, "koding", "kodinger"), counted(whole, "coding", "codings"))
        + (f" ({whose})" if whose else "")
    ]
    if used is not None and used.verdicts:
        parts.append(
            say(
                counted(used.verdicts, "avgjort forslag", "avgjorte forslag"),
                counted(used.verdicts, "suggestion decided on", "suggestions decided on"),
            )
        )
    if used is not None and used.memos:
        parts.append(say(counted(used.memos, "notat", "notater"), counted(used.memos, "memo", "memos")))
    return whole, ", ".join(parts)


@dataclass(frozen=True, slots=True)
class ByHand:
    """What a person changed in codebook.yaml.

    Attributes:
        sha256: of the codebook in the file.
        gone: (name, codings, the new name that it probably has or "") of codes that are gone.
        new: names of codes that are new.
        changed: (name, what changed) of codes that are other than before.
    """

    sha256: str
    gone: tuple[tuple[str, int, str], ...]
    new: tuple[str, ...]
    changed: tuple[tuple[str, str], ...]


def by_hand(project: Project, found: Codebook) -> ByHand:
    """Compare the codebook in the file with that in use."""
    before, after = Tree.of(project.codebook), Tree.of(found)
    counts, now = coding_counts(project), likely_renames(project.codebook, found)
    gone = [
        (name, sum(counts.get(name, {}).values()), now.get(name, "")) for name in before.own if name not in after.own
    ]
    new = tuple(name for name in after.own if name not in before.own)
    both = [name for name in after.own if name in before.own]
    changed = [(name, what) for name in both if (what := ", ".join(_changes(before, after, name)))]
    return ByHand(found.sha256, tuple(gone), new, tuple(changed))


def _changes(before: Tree, after: Tree, name: str) -> Iterator[str]:
    for field, words in FIELDS.items():
        if getattr(before.own[name], field) != getattr(after.own[name], field):
            yield say(*words)
    order = [
        [one for one in tree.under[tree.above(name)] if one in other.own]
        for tree, other in ((before, after), (after, before))
    ]
    if before.above(name) != after.above(name) or order[0] != order[1]:
        yield say("plass i treet", "place in the tree")
