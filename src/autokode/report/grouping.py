"""Suggested categories: which codes may stand under one heading, by where they fall together and by what is said under them.

A proposal is a tree of merges that can be cut at any number of groups; a person names the groups and moves what is wrong.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.cluster.hierarchy import cut_tree, leaves_list, linkage
from scipy.spatial.distance import squareform

from autokode.base.arrays import Floats
from autokode.base.errors import failure
from autokode.base.messages import say
from autokode.corpus.codebook import Code, Codebook, folded
from autokode.model.features import forms_of
from autokode.nlp.content_words import function_words
from autokode.report.material import Material, unit, vectors_of

FEWEST = 3
"""Codes that there must be for groups of them to say anything."""

RARE = 5.0
"""Answers of a pair's rarer code at which what its co-occurrence says counts half."""

AS_QUOTES = 3.0
"""Quotes that a code's definition counts as in its mean vector."""

WORDS, PRIOR = 3, 0.1
"""Words of a heading; what the words of the whole material count beside a group's own, as a share of all."""

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Codes that may be one category.

    Attributes:
        codes: in the order of the codebook.
        heading: a name to begin with, of its most telling words; unlike that of every other group and code.
        words: those words, the most telling first; () where nothing was said.
        pair: the two of its codes with most answers in common, or None where none has one in common.
        shared: these answers.
    """

    codes: tuple[str, ...]
    heading: str
    words: Words
    pair: tuple[str, str] | None
    shared: int


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What headings are made of.

    Attributes:
        both: answers that two codes have in common, int64 (k, k).
        words: the words that may tell something, by alphabet.
        told: quotes of each code that have each word, float64 (k, n_words).
    """

    both: npt.NDArray[np.int64]
    words: Words
    told: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Proposal:
    """A tree of merges of k codes, cut into groups.

    Attributes:
        codes: the codes, in the order of the codebook.
        distances: between them, 0-1, symmetrical, float64 (k, k).
        linkage: the merges as scipy gives them, float64 (k - 1, 4).
        order: the codes as the leaves of the tree stand, alike ones beside each other.
        silhouettes: number of groups → mean silhouette, -1 to 1.
        groups: by the first code of each.
        evidence: what the headings are made of.
    """

    codes: tuple[str, ...]
    distances: Floats
    linkage: Floats
    order: tuple[str, ...]
    silhouettes: dict[int, float]
    groups: tuple[Group, ...]
    evidence: Evidence

    def cut(self, count: int) -> "Proposal":
        """Return the proposal at another number of groups.

        Raises:
            DataError: there are not so many codes.
        """
        if not 1 <= count <= len(self.codes):
            n = len(self.codes)
            raise failure(
                f"kan ikke dele {n} koder i {count} grupper",
                f"cannot part {n} codes into {count} groups",
                try_next=say(f"et tall fra 1 til {n}", f"a number from 1 to {n}"),
            )
        members = _members(self.linkage, count)
        groups: list[Group] = []
        taken = {folded(code) for code in self.codes}
        for own in members:
            words = _telling(self.evidence, own)
            base = ", ".join(words) or say(f"gruppe {len(groups) + 1}", f"group {len(groups) + 1}")
            heading = free_name(base, taken)
            groups.append(Group(tuple(self.codes[i] for i in own), heading, words, *self._strongest(own)))
        return replace(self, groups=tuple(groups))

    def _strongest(self, own: Sequence[int]) -> tuple[tuple[str, str] | None, int]:
        pairs = [(int(self.evidence.both[i, j]), i, j) for i in own for j in own if i < j]
        shared, i, j = max(pairs, key=lambda pair: pair[0], default=(0, 0, 0))
        return ((self.codes[i], self.codes[j]) if shared else None), shared

    def codebook(self, codebook: Codebook) -> Codebook:
        """Return a codebook in which the groups are categories that are not codable, over their codes, for a person to edit.

        A code keeps all it has, and its place under another code of the same group. What no group has stays at the top. The
        former categories' texts are kept: each stands, after its category's name, in the same field (definition, use_when,
        not_when) of the group that has most of its codes; the group has its colour if it has none yet.
        """
        group_of = {code: i for i, group in enumerate(self.groups) for code in group.codes}
        taken = {folded(code.name) for code in codebook}
        made = [Code(free_name(g.heading, taken), codable=False, definition=_said_of(g)) for g in self.groups]
        under: list[list[Code]] = [[] for _ in self.groups]
        rest: list[Code] = []
        at_top = -1

        def move(code: Code, above: int | None) -> tuple[Code, ...]:
            """Put a code and those below it where they belong; return what stays under the code above it, of group `above`."""
            own = group_of.get(code.name)
            if own is None and not code.codable:
                homes = Counter(group_of[c.name] for c in code.walk() if c.name in group_of)
                if homes:
                    home = min(homes, key=lambda i: (-homes[i], i))
                    made[home] = _with_texts(made[home], code)
                    return tuple(kept for child in code.codes for kept in move(child, above))
            kept = tuple(left for child in code.codes for left in move(child, own))
            moved = replace(code, codes=kept)
            if own == above:
                return (moved,)
            (rest if own is None else under[own]).append(moved)
            return ()

        for code in codebook.codes:
            move(code, at_top)
        groups = (replace(head, codes=tuple(own)) for head, own in zip(made, under, strict=True) if own)
        return replace(codebook, codes=(*groups, *rest))


def propose(material: Material, count: int | None = None, *, by_meaning: float = 0.5) -> Proposal:
    """Return groups of all codes of the material, by average linkage (Sokal and Michener 1958) over `distances`.

    Args:
        material: the codings; a code without any is placed by its definition.
        count: how many groups; None for the best mean silhouette (Rousseeuw 1987) among cuts of two to five codes a group.
        by_meaning: what meaning counts, 0-1; the rest is where codes fall together.

    Raises:
        DataError: there are fewer than 3 codes, or than `count`.
    """
    if not 0 <= by_meaning <= 1:
        raise ValueError(f"by_meaning={by_meaning}; expected 0 to 1")
    k = len(material.codes)
    if k < FEWEST:
        raise failure(
            f"kodeboken har {k} koder; forslag til kategorier trenger minst {FEWEST}",
            f"the codebook has {k} codes; suggested categories need {FEWEST} or more",
            try_next=say("legg til koder i kodeboken", "add codes to the codebook"),
        )
    apart = distances(material, by_meaning=by_meaning)
    tree = linkage(squareform(apart, checks=False), "average", optimal_ordering=True)
    sizes = range(max(2, -(-k // 5)), max(2, k // 2) + 1)
    fits = {n: silhouette(apart, _members(tree, n)) for n in sizes}
    order = tuple(material.codes[i] for i in leaves_list(tree))
    proposal = Proposal(material.codes, apart, np.asarray(tree), order, fits, (), _evidence(material))
    return proposal.cut(max(fits, key=lambda n: (fits[n], -n)) if count is None else count)


def distances(material: Material, *, by_meaning: float = 0.5) -> Floats:
    """Return how far apart codes are, 0-1, symmetrical with a zero diagonal, float64 (n_codes, n_codes).

    Two parts, each (1 - s) / 2: of falling together s is the normalised pointwise mutual information (Bouma, GSCL 2009), -1 where
    two never do and 1 where they always do, times r / (r + RARE) with r answers of the rarer code; of meaning s is the cosine of
    the codes' mean vectors, in which the definition counts as AS_QUOTES quotes, and each kind is told apart by its own mean.
    """
    given = material.given.astype(np.float64)
    n, both, size = given.sum(axis=0), given.T @ given, max(len(given), 1)
    rarer = np.minimum.outer(n, n)
    met = (both > 0) & (both < size)
    lift = np.divide(both * size, np.outer(n, n), out=np.ones_like(both), where=met)
    shared = np.divide(np.log(lift), -np.log(both / size, out=np.full_like(both, -1.0), where=met))
    together = np.where(both == 0, -1.0, np.where(met, shared, 1.0)) * rarer / (rarer + RARE)
    codes = [_definition(material.codebook, code) for code in material.codes]
    defined = unit(vectors_of(codes, material.codebook.language))
    defined = unit(defined - defined.mean(axis=0)) if codes else defined
    quoted = [material.meaning.of(material.quotes[code]).sum(axis=0) for code in material.codes]
    means = unit(np.array(quoted).reshape(defined.shape) + AS_QUOTES * defined)
    apart = ((1 - by_meaning) * (1 - together) + by_meaning * (1 - means @ means.T)) / 2
    np.fill_diagonal(apart, 0)
    return np.asarray(np.clip((apart + apart.T) / 2, 0, 1))


def silhouette(apart: Floats, members: Sequence[Sequence[int]]) -> float:
    """Return the mean silhouette, -1 to 1, of groups given as lists of rows of a distance matrix; one alone counts 0."""
    scores = []
    for own in members:
        others = [other for other in members if other is not own]
        for i in own:
            if len(own) > 1 and others:
                inside = apart[i, own].sum() / (len(own) - 1)
                outside = min(apart[i, other].mean() for other in others)
                scores.append((outside - inside) / max(inside, outside, 1e-12))
            else:
                scores.append(0.0)
    return float(np.mean(scores))


def free_name(name: str, taken: set[str]) -> str:
    """Return a name that is not among those taken (folded names), with a number behind it if need be; it is taken then."""
    free, number = name, 2
    while folded(free) in taken:
        free, number = f"{name} {number}", number + 1
    taken.add(folded(free))
    return free


def _members(tree: Floats, count: int) -> list[list[int]]:
    labels = cut_tree(tree, count).ravel()
    return sorted(np.flatnonzero(labels == label).tolist() for label in range(count))


def _definition(codebook: Codebook, name: str) -> str:
    code = codebook[name] if name in codebook else Code(name)
    return " ".join(code.texts)


def _evidence(material: Material) -> Evidence:
    """Count in how many quotes of each code words stand that two interviews have at least, if there are two."""
    lang, k = material.codebook.language, len(material.codes)
    names = {label for t in material.transcripts.values() for label in t.speakers} | {*material.offices.values()}
    silent = function_words(lang).union(*(forms_of(name, lang) for name in names))
    heard: dict[str, set[str]] = {}
    told: list[Counter[str]] = [Counter() for _ in range(k)]
    for own, code in zip(told, material.codes, strict=True):
        for quote in material.quotes[code]:
            said = [word for word in forms_of(material.said(quote), lang) if len(word) > 3 and word.isalpha()]
            own.update(said)
            for word in said:
                heard.setdefault(word, set()).add(quote.transcript)
    least = min(2, len({name for spoken in heard.values() for name in spoken}))
    words = tuple(sorted(word for word, spoken in heard.items() if len(spoken) >= least and word not in silent))
    table = np.array([[own[word] for word in words] for own in told], np.float64).reshape(k, len(words))
    given = material.given.astype(np.int64)
    return Evidence(given.T @ given, words, table)


def _telling(evidence: Evidence, own: Sequence[int]) -> Words:
    """Return the words that most set a group's quotes apart, by z of the log odds with a Dirichlet prior.

    Monroe, Colaresi and Quinn, Fightin' Words, Political Analysis 2008, equations 15, 19 and 22.
    """
    here = evidence.told[own].sum(axis=0)
    there = evidence.told.sum(axis=0) - here
    prior = PRIOR * (here + there)
    a, b = here + prior, there + prior
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (np.log(a / (a.sum() - a)) - np.log(b / (b.sum() - b))) / np.sqrt(1 / a + 1 / b)
    chosen: list[str] = []
    for i in np.argsort(-np.nan_to_num(z), kind="stable"):
        word = evidence.words[i]
        if len(chosen) < WORDS and here[i] >= 2 and z[i] > 0 and all(word[:5] != other[:5] for other in chosen):
            chosen.append(word)
    return tuple(chosen)


def _said_of(group: Group) -> str:
    """Say in the definition of a suggested category where it comes from."""
    if group.pair is None:
        return say("Forslag til kategori.", "Suggested category.")
    a, b = group.pair
    return say(
        f"Forslag til kategori. «{a}» og «{b}» har flest ytringer felles: {group.shared}.",
        f"Suggested category. «{a}» and «{b}» have most utterances in common: {group.shared}.",
    )


def _with_texts(head: Code, former: Code) -> Code:
    """Return a category with the texts and the colour of a former one added."""

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
