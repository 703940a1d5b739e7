"""Suggested categories, against distances, merges and words computed by hand."""

import itertools
import math
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autokode.base.arrays import Floats
from autokode.base.errors import DataError
from autokode.corpus.codebook import Code, Codebook, folded
from autokode.corpus.study import read_study
from autokode.model import features
from autokode.model.features import forms_of
from autokode.nlp.tokenizer import tokenize
from autokode.report.category_codebook import Group
from autokode.report.category_headings import PRIOR
from autokode.report.grouping import AS_QUOTES, RARE, CategoryProposal, distances, propose
from autokode.report.material import Material, vectors_of
from conftest import FOURTEEN, ROOT
from counting import calls_of
from material_case import CODES, coding, every, interview, materials


@pytest.fixture(scope="module")
def shipped() -> Material:
    return Material.of(read_study(ROOT / "training_data", names=FOURTEEN))


def length_one(vector: list[float]) -> list[float]:
    length = math.sqrt(sum(x * x for x in vector))
    return [x / length for x in vector] if length > 1e-12 else vector


def apart_in_use(material: Material, a: int, b: int) -> float:
    """The formula for two codes, by counting."""
    rows = material.coded.tolist()
    n_a, n_b, both = sum(r[a] for r in rows), sum(r[b] for r in rows), sum(r[a] and r[b] for r in rows)
    if both == 0:
        npmi = -1.0
    elif both == len(rows):
        npmi = 1.0
    else:
        npmi = math.log(both * len(rows) / (n_a * n_b)) / -math.log(both / len(rows))
    rarer = min(n_a, n_b)
    return (1 - npmi * rarer / (rarer + RARE)) / 2


def apart_in_meaning(material: Material, names: tuple[str, ...]) -> list[list[float]]:
    """The formula for all codes, in loops over plain numbers."""
    spans = {q.span: q.text for quotes in material.quotes.values() for q in quotes}
    said = [length_one(v) for v in vectors_of(list(spans.values()), "nb").tolist()]
    middle = [sum(column) / len(said) for column in zip(*said, strict=True)]
    row = {
        span: length_one([x - m for x, m in zip(v, middle, strict=True)]) for span, v in zip(spans, said, strict=True)
    }
    meant = [length_one(v) for v in vectors_of(list(names), "nb").tolist()]
    middle = [sum(column) / len(meant) for column in zip(*meant, strict=True)]
    means = []
    for name, vector in zip(names, meant, strict=True):
        own = length_one([x - m for x, m in zip(vector, middle, strict=True)])
        rows = [[AS_QUOTES * x for x in own], *(row[q.span] for q in material.quotes[name])]
        means.append(length_one([sum(column) for column in zip(*rows, strict=True)]))
    return [[(1 - sum(x * y for x, y in zip(a, b, strict=True))) / 2 for b in means] for a in means]


@settings(max_examples=40)
@given(materials())
def test_distances_equal_those_of_plain_loops(material: Material) -> None:
    use, meaning = distances(material, by_meaning=0), distances(material, by_meaning=1)
    meant = apart_in_meaning(material, CODES)
    for a, b in itertools.permutations(range(len(CODES)), 2):
        assert use[a, b] == pytest.approx(apart_in_use(material, a, b))
        assert meaning[a, b] == pytest.approx(meant[a][b], abs=1e-6)
    mixed = distances(material)
    assert mixed == pytest.approx((use + meaning) / 2) and (mixed == mixed.T).all() and not mixed.diagonal().any()
    assert mixed.min() >= 0 and mixed.max() <= 1


def merged_by_hand(apart: np.ndarray, count: int) -> list[list[int]]:
    """Average linkage: merge the two groups with the smallest mean distance until `count` are left."""
    groups = [[i] for i in range(len(apart))]
    while len(groups) > count:
        pairs = itertools.combinations(range(len(groups)), 2)
        i, j = min(pairs, key=lambda ij: float(np.mean([apart[a, b] for a in groups[ij[0]] for b in groups[ij[1]]])))
        groups[i] = sorted(groups[i] + groups.pop(j))
    return sorted(groups)


def test_groups_equal_merges_by_hand_and_the_best_cut_is_chosen(shipped: Material) -> None:
    proposal = propose(shipped)
    for count in range(1, len(shipped.codes) + 1):
        members = [[shipped.codes.index(code) for code in group.codes] for group in proposal.cut(count).groups]
        assert sorted(members) == merged_by_hand(proposal.distances, count)
    assert list(proposal.silhouettes) == [5, 6, 7, 8, 9, 10]
    best = max(proposal.silhouettes.values())
    assert proposal.silhouettes[len(proposal.groups)] == best
    assert sorted(proposal.order) == sorted(shipped.codes)
    with pytest.raises(DataError, match="kan ikke dele 21 koder i 22 grupper"):
        proposal.cut(22)


def silhouette_by_hand(apart: Floats, members: list[list[int]]) -> float:
    """The mean silhouette of groups of rows of a distance matrix; a group of one counts 0."""
    scores = []
    for own in members:
        others = [other for other in members if other is not own]
        for i in own:
            inside = sum(apart[i, j] for j in own) / max(len(own) - 1, 1)
            outside = min(float(np.mean(apart[i, other])) for other in others)
            scores.append((outside - inside) / max(inside, outside) if len(own) > 1 else 0.0)
    return float(np.mean(scores))


def test_silhouettes_equal_those_by_hand(shipped: Material) -> None:
    proposal = propose(shipped)
    for count in (5, 7, 10):
        expected = silhouette_by_hand(proposal.distances, merged_by_hand(proposal.distances, count))
        assert proposal.silhouettes[count] == pytest.approx(expected)


@settings(max_examples=40)
@given(materials(), st.integers(1, 4))
def test_any_material_gives_groups_of_all_codes(material: Material, count: int) -> None:
    proposal = propose(material, count)
    assert sorted(code for group in proposal.groups for code in group.codes) == sorted(CODES)
    assert len(proposal.groups) == count
    names = [folded(name) for name in (*CODES, *(group.heading for group in proposal.groups))]
    assert len(set(names)) == len(names)
    for group in proposal.groups:
        shared = {pair: common(material, *pair) for pair in itertools.combinations(group.codes, 2)}
        assert group.shared == max(shared.values(), default=0)
        assert group.pair is None if not group.shared else shared[group.pair] == group.shared  # type: ignore[index]
    assert_nothing_lost(proposal, material.codebook)


def common(material: Material, a: str, b: str) -> int:
    i, j = material.codes.index(a), material.codes.index(b)
    return sum(bool(row[i] and row[j]) for row in material.coded)


def assert_nothing_lost(proposal: CategoryProposal, before: Codebook) -> None:
    after = proposal.codebook(before)
    assert Codebook.from_yaml(after.to_yaml()) == after
    assert sorted(bare(code) for code in before if code.codable) == sorted(bare(code) for code in after if code.codable)
    for code in before:
        for field in ("definition", "use_when", "not_when"):
            text = getattr(code, field)
            assert not text or any(text in getattr(other, field) for other in after)
        assert all(any(text in other.texts for other in after) for text in code.examples)
        assert code.codable or any(code.name in (other.name + other.definition) for other in after)
    for group in proposal.groups:
        (category,) = [c for c in after.codes if set(group.codes) <= {own.name for own in c.walk()}]
        assert not category.codable and {c.name for c in category.walk() if c.codable} == set(group.codes)


def bare(code: Code) -> tuple[str, str]:
    return code.name, repr(
        [getattr(code, field) for field in Code.__dataclass_fields__ if field not in ("codes", "name")]
    )


names = st.sampled_from(["bo", "jobb", "penger", "vei", "språk", "makt", "tillit", "hjem", "lov", "tid", "sak", "mål"])


@st.composite
def trees(draw: Callable[..., Any]) -> Codebook:
    """A tree of categories and codes, up to three levels, some with texts and numbers."""
    free = iter(draw(st.lists(names, unique=True, min_size=8, max_size=12)))

    def level(depth: int) -> tuple[Code, ...]:
        found = []
        for _ in range(draw(st.integers(1, 3))):
            name = next(free, None)
            if name:
                codable, text = draw(st.booleans()), draw(st.sampled_from(["", f"om {name}, i korte trekk"]))
                number = draw(st.sampled_from([None, len(name) * 100 + sum(map(ord, name))]))
                below = level(depth + 1) if depth < 3 and draw(st.booleans()) else ()
                found.append(Code(name, number, text, use_when=text, codable=codable, codes=below))
        return tuple(found)

    return Codebook("Tre", level(1))


@given(trees(), trees(), st.integers(1, 12))
def test_no_code_and_no_definition_is_lost_in_the_new_codebook(before: Codebook, other: Codebook, count: int) -> None:
    if len(before.codable) < 3:
        with pytest.raises(DataError, match="trenger minst 3"):
            propose(Material(before, {}, {}, ()))
        return
    proposal = propose(Material(before, {}, {}, ()), min(count, len(before.codable)))
    assert_nothing_lost(proposal, before)
    after = proposal.codebook(other)
    assert sorted(after.codable) == sorted(other.codable)
    assert all(text in after.to_yaml().replace("\n", " ") for text in {code.definition for code in other} if text)


def test_a_code_stays_under_another_of_its_group_with_its_former_category_named() -> None:
    sub = Code("bo", codes=(Code("hjem"), Code("penger")))
    book = Codebook(
        "", (Code("vilkår", 7, "Det ytre.", examples=("Et hus.",), colour="#aabbcc", codable=False, codes=(sub,)),)
    )
    groups = (Group(("bo", "hjem"), "tak", (), ("bo", "hjem"), 3), Group(("penger",), "Penger", (), None, 0))
    empty = np.zeros((0, 0))
    proposal = CategoryProposal(("bo", "hjem", "penger"), empty, empty, (), {}, groups, None)  # type: ignore[arg-type]
    first, second = proposal.codebook(book).codes
    assert [code.name for code in first.walk()] == ["tak", "bo", "hjem"] and first.colour == "#aabbcc"
    assert first.definition == (
        "Forslag til kategori. «bo» og «hjem» har flest ytringer felles: 3.\n7 vilkår: Det ytre."
    )
    assert first.examples == ("Et hus.",) and second.name == "Penger 2" and second.codes == (Code("penger"),)


def test_headings_are_the_words_that_set_a_group_apart(shipped: Material) -> None:
    proposal = propose(shipped, 7)
    assert [group.words for group in proposal.groups if group.codes == ("avslutning",)] == [("takk", "fint", "lykke")]
    for group in proposal.groups[:2]:
        z = telling(quoted_words(shipped, proposal.evidence.words), group.codes)
        ranked = [word for word in sorted(z, key=lambda word: -z[word][0]) if z[word][1] >= 2]
        apart = [word for i, word in enumerate(ranked[:20]) if all(word[:5] != other[:5] for other in ranked[:i])]
        assert list(group.words) == apart[:3] and group.heading == ", ".join(group.words)
    people = {speaker.lower() for transcript in shipped.transcripts.values() for speaker in transcript.speakers}
    assert not people & set(proposal.evidence.words)


Quoted = dict[str, dict[str, int]]


def quoted_words(material: Material, words: tuple[str, ...]) -> Quoted:
    """Word → code → quotes of it with the word."""
    found: Quoted = {word: {} for word in words}
    for code, quotes in material.quotes.items():
        for quote in quotes:
            for word in set(forms_of(quote.text, "nb")) & set(found):
                found[word][code] = found[word].get(code, 0) + 1
    return found


def telling(counts: Quoted, codes: tuple[str, ...]) -> dict[str, tuple[float, int]]:
    """Word → how much it sets the codes apart, by the formula, and the number of their quotes with it."""
    every = sum(sum(own.values()) for own in counts.values())
    all_here = sum(own.get(code, 0) for own in counts.values() for code in codes)
    found = {}
    for word, own in counts.items():
        here, whole = sum(own.get(code, 0) for code in codes), sum(own.values())
        a, b = here + PRIOR * whole, whole - here + PRIOR * whole
        n_a, n_b = all_here + PRIOR * every, every - all_here + PRIOR * every
        found[word] = (math.log(a / (n_a - a)) - math.log(b / (n_b - b))) / math.sqrt(1 / a + 1 / b), here
    return found


def test_codes_without_quotes_are_grouped_by_their_definitions() -> None:
    book = Codebook(
        "",
        (
            Code("penger", definition="Lønn, gjeld, regninger og penger til mat."),
            Code("lønn", definition="Hva noen tjener: lønn, inntekt og penger i måneden."),
            Code("søvn", definition="Å sove om natta, å være trøtt, å legge seg tidlig."),
            Code("hvile", definition="Å hvile og sove ut, å legge seg nedpå når en er trøtt."),
        ),
    )
    proposal = propose(Material(book, {}, {}, ()), 2)
    assert [group.codes for group in proposal.groups] == [("penger", "lønn"), ("søvn", "hvile")]
    assert [group.heading for group in proposal.groups] == ["gruppe 1", "gruppe 2"]
    talk = interview("i", [("Anne", "vi snakka om lønna hele dagen"), ("Bo", "lønna var lav")])
    rows = tuple(coding(talk, u.start, u.end, "søvn") for u in talk.utterances)
    together = (*rows, *(coding(talk, u.start, u.end, "lønn") for u in talk.utterances))
    assert propose(Material(book, {"i": talk}, {}, together), 3, by_meaning=0).groups[1].codes == ("lønn", "søvn")
    with pytest.raises(ValueError, match="expected 0 to 1"):
        propose(Material(book, {}, {}, ()), by_meaning=2)


def test_twice_the_words_cost_twice_as_much_and_what_is_known_next_to_nothing(
    shipped: Material, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut: Counter[str] = Counter()

    def counting(text: str, lang: str) -> Any:
        cut[text] += 1
        return tokenize(text, lang)

    monkeypatch.setattr(features, "tokenize", counting)
    propose(every(shipped, 8))  # what is loaded on first use is loaded now
    cost, words = [], []
    for step in (4, 2):
        forms_of.cache_clear()
        cut.clear()
        material = every(shipped, step)
        cost.append(calls_of(lambda given=material: propose(given)))
        assert set(cut.values()) == {1}  # no text is cut into words twice
        words.append(sum(len(quote.text.split()) for quotes in material.quotes.values() for quote in quotes))
        assert calls_of(lambda given=material: propose(given)) < cost[-1] / 5
    assert cost[1] / cost[0] < 1.5 * words[1] / words[0]
    assert cost[1] < 100 * words[1]


def test_the_shipped_codes_are_grouped_better_than_by_chance(shipped: Material) -> None:
    from sklearn.metrics import adjusted_rand_score

    proposal = propose(shipped)
    assert_nothing_lost(proposal, shipped.codebook)
    studied = {code: i for i, own in enumerate(shipped.codebook.categories.values()) for code in own}
    found = {code: i for i, group in enumerate(proposal.groups) for code in group.codes}
    pairs = [(studied[code], found[code]) for code in shipped.codes]
    assert adjusted_rand_score(*zip(*pairs, strict=True)) > 0.15  # 0 by chance; 0.2 with seven groups
