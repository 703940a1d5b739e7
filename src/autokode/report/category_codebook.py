"""A codebook with suggested categories, for a person to edit."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from autokode.base.messages import say
from autokode.corpus.codebook import Code, Codebook, folded
from autokode.report.category_headings import Words, free_name


@dataclass(frozen=True, slots=True)
class Group:
    """Codes that may form one category.

    Attributes:
        codes: in the order of the codebook.
        heading: a first name, made of its most distinctive words; unlike that of every other group and code.
        words: those words, the most distinctive first; () without quotes.
        pair: the two of its codes with most answers in common, or None if no two have one.
        shared: the number of these answers.
    """

    codes: tuple[str, ...]
    heading: str
    words: Words
    pair: tuple[str, str] | None
    shared: int


def with_categories(codebook: Codebook, groups: Sequence[Group]) -> Codebook:
    """Make the groups uncodable categories over their codes, for a person to edit.

    A code keeps all its texts, and its place under another code of the same group. Codes in no group stay at the top. The texts
    of a former category go to the group with most of its codes, after the category's name, in the same field (definition,
    use_when, not_when); so does its colour if the group has none.
    """
    group_of = {code: i for i, group in enumerate(groups) for code in group.codes}
    taken = {folded(code.name) for code in codebook}
    heads = [Code(free_name(g.heading, taken), codable=False, definition=_definition_of(g)) for g in groups]
    under: list[list[Code]] = [[] for _ in groups]
    rest: list[Code] = []
    at_top = -1

    def move(code: Code, above: int | None) -> tuple[Code, ...]:
        """Move a code and those below it to their groups; return the codes that stay where they are, below group `above`."""
        own = group_of.get(code.name)
        if own is None and not code.codable:
            homes = Counter(group_of[c.name] for c in code.walk() if c.name in group_of)
            if homes:
                home = min(homes, key=lambda i: (-homes[i], i))
                heads[home] = _with_texts(heads[home], code)
                return tuple(kept for child in code.codes for kept in move(child, above))
        kept = tuple(left for child in code.codes for left in move(child, own))
        moved = replace(code, codes=kept)
        if own == above:
            return (moved,)
        (rest if own is None else under[own]).append(moved)
        return ()

    for code in codebook.codes:
        move(code, at_top)
    categories = (replace(head, codes=tuple(own)) for head, own in zip(heads, under, strict=True) if own)
    return replace(codebook, codes=(*categories, *rest))


def _definition_of(group: Group) -> str:
    """The definition of a suggested category: where it comes from."""
    if group.pair is None:
        return say("Forslag til kategori.", "Suggested category.")
    a, b = group.pair
    return say(
        f"Forslag til kategori. «{a}» og «{b}» har flest ytringer felles: {group.shared}.",
        f"Suggested category. «{a}» and «{b}» have most utterances in common: {group.shared}.",
    )


def _with_texts(head: Code, former: Code) -> Code:
    """Add the texts and the colour of a former category to a category."""
    name = former.name if former.number is None else f"{former.number} {former.name}"

    def both(mine: str, theirs: str) -> str:
        return "\n".join(filter(None, (mine, theirs and f"{name}: {theirs}")))

    return replace(
        head,
        colour=head.colour or former.colour,
        definition=both(head.definition, former.definition or "–"),
        use_when=both(head.use_when, former.use_when),
        not_when=both(head.not_when, former.not_when),
        examples=(*head.examples, *former.examples),
        keywords=(*head.keywords, *former.keywords),
    )
