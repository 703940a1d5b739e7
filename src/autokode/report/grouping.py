"""Suggested categories: clusters of codes by co-occurrence and by the meaning of their quotes and definitions.

A proposal is a tree of merges, cut at any number of groups; a person names the groups and moves codes that are in the wrong one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from autokode.base.arrays import Floats
from autokode.base.errors import failure
from autokode.base.messages import say
from autokode.corpus.codebook import Code, Codebook, folded
from autokode.report.category_codebook import Group, with_categories
from autokode.report.category_headings import HeadingEvidence, distinctive_words, free_name, heading_evidence
from autokode.report.material import Material, unit, vectors_of

FEWEST = 3
"""Fewest codes for a proposal."""

RARE = 5.0
"""Answers of a pair's rarer code at which their co-occurrence counts half."""

AS_QUOTES = 3.0
"""Weight of a code's definition in its mean vector, in quotes."""


@dataclass(frozen=True, slots=True, eq=False)
class CategoryProposal:
    """A tree of merges of k codes, cut into groups.

    Attributes:
        codes: the codes, in the order of the codebook.
        distances: between them, 0-1, symmetrical, float64 (k, k).
        linkage: the merges in scipy's form, float64 (k - 1, 4).
        order: the codes in the order of the tree's leaves, similar ones side by side.
        silhouettes: number of groups → mean silhouette, -1 to 1.
        groups: in the order of their first codes.
        evidence: for the headings.
    """

    codes: tuple[str, ...]
    distances: Floats
    linkage: Floats
    order: tuple[str, ...]
    silhouettes: dict[int, float]
    groups: tuple[Group, ...]
    evidence: HeadingEvidence

    def cut(self, count: int) -> "CategoryProposal":
        """Cut the tree at another number of groups.

        Raises:
            DataError: `count` is below 1 or above the number of codes.
        """
        if not 1 <= count <= len(self.codes):
            n = len(self.codes)
            raise failure(
                f"kan ikke dele {n} koder i {count} grupper",
                f"cannot divide {n} codes into {count} groups",
                try_next=say(f"et tall fra 1 til {n}", f"a number from 1 to {n}"),
            )
        members = _members(self.linkage, count)
        groups: list[Group] = []
        taken = {folded(code) for code in self.codes}
        for own in members:
            words = distinctive_words(self.evidence, own)
            base = ", ".join(words) or say(f"gruppe {len(groups) + 1}", f"group {len(groups) + 1}")
            heading = free_name(base, taken)
            groups.append(Group(tuple(self.codes[i] for i in own), heading, words, *self._strongest(own)))
        return replace(self, groups=tuple(groups))

    def _strongest(self, own: Sequence[int]) -> tuple[tuple[str, str] | None, int]:
        pairs = [(int(self.evidence.both[i, j]), i, j) for i in own for j in own if i < j]
        shared, i, j = max(pairs, key=lambda pair: pair[0], default=(0, 0, 0))
        return ((self.codes[i], self.codes[j]) if shared else None), shared

    def codebook(self, codebook: Codebook) -> Codebook:
        """A codebook with the groups as categories, for a person to edit; see `with_categories`."""
        return with_categories(codebook, self.groups)


def propose(material: Material, count: int | None = None, *, by_meaning: float = 0.5) -> CategoryProposal:
    """Group all codes of the material by average linkage (Sokal and Michener 1958) of `distances`.

    Args:
        material: the codings; a code without any is compared by its definition.
        count: number of groups; None for the best mean silhouette (Rousseeuw 1987) among cuts with two to five codes per group.
        by_meaning: weight of meaning, 0-1; the rest is the weight of co-occurrence.

    Raises:
        DataError: there are fewer than 3 codes, or fewer than `count`.
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
    from scipy.cluster.hierarchy import cut_tree, leaves_list, linkage
    from scipy.spatial.distance import squareform
    from sklearn.metrics import silhouette_score

    apart = distances(material, by_meaning=by_meaning)
    tree = linkage(squareform(apart, checks=False), "average", optimal_ordering=True)
    sizes = range(max(2, -(-k // 5)), max(2, k // 2) + 1)
    fits = {n: float(silhouette_score(apart, cut_tree(tree, n).ravel(), metric="precomputed")) for n in sizes}
    order = tuple(material.codes[i] for i in leaves_list(tree))
    proposal = CategoryProposal(material.codes, apart, np.asarray(tree), order, fits, (), heading_evidence(material))
    return proposal.cut(max(fits, key=lambda n: (fits[n], -n)) if count is None else count)


def distances(material: Material, *, by_meaning: float = 0.5) -> Floats:
    """Distances between codes, 0-1, symmetrical with a zero diagonal, float64 (n_codes, n_codes).

    A weighted sum of two parts, each (1 - s) / 2. For co-occurrence, s is the normalised pointwise mutual information (Bouma,
    GSCL 2009; -1 for never, 1 for always) times r / (r + RARE), with r answers of the rarer code. For meaning, s is the cosine of
    the codes' mean vectors, in which the definition counts as AS_QUOTES quotes; quotes and definitions have their own means
    subtracted.
    """
    coded = material.coded.astype(np.float64)
    n, both, size = coded.sum(axis=0), coded.T @ coded, max(len(coded), 1)
    rarer = np.minimum.outer(n, n)
    partly = (both > 0) & (both < size)
    lift = np.divide(both * size, np.outer(n, n), out=np.ones_like(both), where=partly)
    shared = np.divide(np.log(lift), -np.log(both / size, out=np.full_like(both, -1.0), where=partly))
    co_occurrence = np.where(both == 0, -1.0, np.where(partly, shared, 1.0)) * rarer / (rarer + RARE)
    definitions = [_definition(material.codebook, code) for code in material.codes]
    defined = unit(vectors_of(definitions, material.codebook.language))
    defined = unit(defined - defined.mean(axis=0)) if definitions else defined
    quoted = [material.meaning.of(material.quotes[code]).sum(axis=0) for code in material.codes]
    means = unit(np.array(quoted).reshape(defined.shape) + AS_QUOTES * defined)
    apart = ((1 - by_meaning) * (1 - co_occurrence) + by_meaning * (1 - means @ means.T)) / 2
    np.fill_diagonal(apart, 0)
    return np.asarray(np.clip((apart + apart.T) / 2, 0, 1))


def _members(tree: Floats, count: int) -> list[list[int]]:
    from scipy.cluster.hierarchy import cut_tree

    labels = cut_tree(tree, count).ravel()
    return sorted(np.flatnonzero(labels == label).tolist() for label in range(count))


def _definition(codebook: Codebook, name: str) -> str:
    code = codebook[name] if name in codebook else Code(name)
    return " ".join(code.texts)
