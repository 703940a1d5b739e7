"""The material of a report and co-occurrence, against slow and obvious loops."""

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autokode.base.errors import DataError
from autokode.corpus.codebook import Code, Codebook
from autokode.corpus.coding import Coding, Segment
from autokode.corpus.study import Study, read_study
from autokode.corpus.utterance import Place
from autokode.report.co_occurrence import FEWEST, CoOccurrences, Pair, co_occurrences, co_occurrences_by
from autokode.report.material import Material
from conftest import FOURTEEN, ROOT
from counting import calls_of
from material_case import BOOK, CODES, coding, every, has, interview, materials, whole_overlap


@pytest.fixture(scope="module")
def shipped() -> Material:
    return Material.of(read_study(ROOT / "training_data", names=FOURTEEN))


@given(materials())
def test_an_answer_has_the_codes_whose_segments_overlap_it(material: Material) -> None:
    answers = [
        (name, i)
        for name, transcript in material.transcripts.items()
        for i, utterance in enumerate(transcript.utterances)
        if utterance.speaker != "I"
    ]
    assert list(material.answers) == answers
    expected = [[has(material, place, code) for code in CODES] for place in answers]
    assert material.coded.tolist() == expected and material.coded.shape == (len(answers), len(CODES))
    assert [list(places) for places in material.places] == [
        [place for place in answers if whole_overlap(material, one, place)] for one in material.codings
    ]


@given(materials())
def test_a_quote_is_the_text_at_its_position_by_one_informant(material: Material) -> None:
    for code, quotes in material.quotes.items():
        for quote in quotes:
            transcript = material.transcripts[quote.transcript]
            utterance = transcript.utterances[quote.utterance]
            assert transcript.text[quote.start : quote.end] == quote.text == material.spoken_text(quote)
            assert utterance.start <= quote.start < quote.end <= utterance.end and utterance.speaker == quote.speaker
            assert quote.speaker != "I" and quote.group == material.offices[quote.transcript]
            over = {c.code for c in material.codings if _touches(c, quote.span)}
            assert code in quote.codes and quote.codes == tuple(c for c in CODES if c in over)
        assert sorted(quotes, key=lambda q: (list(material.transcripts).index(q.transcript), q.start)) == list(quotes)


@given(materials())
def test_every_coding_of_speech_is_quoted_once_or_lies_under_a_longer_one(material: Material) -> None:
    left = {code: list(quotes) for code, quotes in material.quotes.items()}
    for one in material.codings:
        over = {place: whole_overlap(material, one, place) for place in material.answers}
        most = max(over.values(), default=0)
        place = next((place for place in over if over[place] == most > 0), None)
        if place is None:
            continue
        own = [q for q in material.quotes[one.code] if (q.transcript, q.utterance) == place and _touches(one, q.span)]
        assert own and max(q.end - q.start for q in own) >= most
        left[one.code] = [q for q in left[one.code] if q not in own]
    assert not any(left.values())
    for quotes in material.quotes.values():
        for a, b in itertools.pairwise(quotes):
            assert a.transcript != b.transcript or a.end <= b.start


def _touches(one: Coding, span: tuple[str, int, int]) -> bool:
    return one.segment.transcript == span[0] and one.segment.start < span[2] and one.segment.end > span[1]


def test_a_coding_across_turns_is_quoted_where_most_of_it_lies_and_of_two_coders_the_longer() -> None:
    talk = interview("i", [("Anne", "kort"), ("I", "Hva mener du med det egentlig?"), ("Bo", "det er makt i ordene")])
    across = coding(talk, talk.text.index("ort"), talk.text.index(" i ordene"), "makt", "k1")
    longer = coding(talk, talk.text.index("er makt"), len(talk.text) - 1, "makt", "k2")
    material = Material(BOOK, {"i": talk}, {"i": "Kontor B"}, (across, longer))
    (quote,) = material.quotes["makt"]
    assert (quote.text, quote.coder, quote.attribution) == ("er makt i ordene", "k2", "– Bo, Kontor B")
    assert material.places[0] == (("i", 0), ("i", 2)) and material.coded[:, 0].tolist() == [True, True]
    alone = Material(BOOK, {"i": talk}, {"i": "Kontor B"}, (across,))
    assert [quote.text for quote in alone.quotes["makt"]] == ["det er makt"]


def test_a_category_means_its_codes_and_codes_outside_the_codebook_count() -> None:
    talk = interview("i", [("Anne", "kort"), ("", "uten navn")])
    rows = (
        coding(talk, 6, 10, "makt"),
        coding(talk, 6, 10, "gammel"),
        coding(talk, len(talk.text) - 3, len(talk.text), "makt"),
    )
    material = Material(BOOK, {"i": talk}, {}, rows)
    assert material.codes == (*CODES, "gammel") and material.quotes["gammel"][0].codes == ("makt", "gammel")
    assert material.under("relasjon") == ("makt", "språk") and material.under("gammel") == ("gammel",)
    parent = Material(Codebook("", (Code("tillit", codes=(Code("ro"),)),)), {}, {}, ())
    assert (parent.under("tillit"), parent.under("tillit", below=True)) == (("tillit",), ("tillit", "ro"))
    assert material.under("makt", below=True) == ("makt",) and material.under("finnes ikke") == ()
    assert material.quotes["makt"][1].attribution == "– i" and material.units("speaker") == [("Anne", "i"), ("", "i")]
    with pytest.raises(DataError, match="«borte» er kodet, men ikke her"):
        Material(BOOK, {"i": talk}, {}, (Coding(Segment("borte", 0, 1, "x"), "makt"),))


def reference(material: Material, a: str, b: str, reach: int, places: list[Place] | None = None) -> dict[str, Any]:
    """The definitions in loops: answers with a, with b within reach, and the expected number."""
    places = list(material.answers) if places is None else places

    def near(place: Place, code: str) -> bool:
        close = [p for p in places if p[0] == place[0] and abs(p[1] - place[1]) <= reach]
        return any(has(material, p, code) for p in close)

    n = {x: sum(has(material, p, x) for p in places) for x in (a, b)}
    m = {x: sum(near(p, x) for p in places) for x in (a, b)}
    ab = [p for p in places if has(material, p, a) and near(p, b)]
    ba = [p for p in places if has(material, p, b) and near(p, a)]
    met = [p for p in places if p in ab or p in ba]
    either = [p for p in places if has(material, p, a) or has(material, p, b)]
    expected = (n[a] * m[b] + n[b] * m[a]) / len(places) if places else 0
    return {
        "counts": (n[a], n[b], len(met)),
        "shares": (len(ab) / n[a] if n[a] else 0, len(ba) / n[b] if n[b] else 0),
        "jaccard": len(met) / len(either) if either else 0,
        "lift": (len(ab) + len(ba)) / expected if expected else None,
        "places": tuple(met),
    }


def held(table: CoOccurrences, a: str, b: str) -> dict[str, Any]:
    pair = table.pair(a, b)
    return {
        "counts": (pair.count_a, pair.count_b, pair.both),
        "shares": (pair.share_a, pair.share_b),
        "jaccard": pair.jaccard,
        "lift": pair.lift if pair.lift is None else pytest.approx(pair.lift),
        "places": pair.places,
    }


@given(materials(), st.integers(0, 9))
def test_tables_equal_those_of_plain_loops(material: Material, reach: int) -> None:
    for on, far in (("utterance", 0), ("near", reach)):
        table = co_occurrences(material, on=on, reach=reach, resamples=20)  # type: ignore[arg-type]
        for a in CODES:
            for b in CODES:
                if a != b:
                    assert held(table, a, b) == reference(material, a, b, far)
        assert (table.matrix == table.matrix.T).all() and table.matrix.diagonal().tolist() == table.counts.tolist()
        assert table.answers == len(material.answers) and len(table.pairs) == 6


@given(materials(), st.sampled_from(["interview", "office", "speaker"]))
def test_a_table_of_some_answers_uses_no_others(material: Material, by: Any) -> None:
    tables = co_occurrences_by(material, by, on="near", resamples=20)
    units = [unit or (None, None) for unit in material.units(by)]
    spoken = [place for place in material.answers if by != "speaker" or not material.is_outside(place)]
    assert sum(table.answers for table in tables.values()) == len(spoken)
    for key, table in tables.items():
        own = [
            p for p, (name, office) in zip(material.answers, units, strict=True) if key in (name, f"{name}, {office}")
        ]
        assert table.interviews == len({name for name, _ in own})
        assert held(table, "makt", "tillit") == reference(material, "makt", "tillit", 1, own)


def made_up(rows: np.ndarray, interviews: int) -> Material:
    """Material from flags (n, 2): whether answer i has «makt» and «språk»."""
    transcripts, codings = {}, []
    for i, own in enumerate(np.array_split(rows, interviews)):
        talk = interview(f"i{i}", [("Anne", "ord")] * len(own))
        transcripts[talk.name] = talk
        for utterance, codes in zip(talk.utterances, own, strict=True):
            codings += [coding(talk, utterance.start, utterance.end, CODES[k]) for k in (0, 1) if codes[k]]
    return Material(BOOK, transcripts, {}, tuple(codings))


def test_independent_codes_have_a_lift_near_one_within_its_interval() -> None:
    within = 0
    for seed in range(40):
        rows = np.random.default_rng(seed).random((600, 2)) < 0.3
        pair = co_occurrences(made_up(rows, 12), seed=seed).pair("makt", "språk")
        assert pair.lift is not None and abs(pair.lift - 1) < 0.35 and pair.interval is not None
        within += pair.interval[0] <= 1 <= pair.interval[1]
    assert 34 <= within <= 40


def test_the_interval_equals_that_of_interviews_drawn_one_by_one() -> None:
    material = made_up(np.random.default_rng(3).random((90, 2)) < 0.4, 6)
    pair = co_occurrences(material, resamples=300, seed=5).pair("makt", "språk")
    draw = np.random.default_rng(5).multinomial(6, [1 / 6] * 6, 300)
    lifts = []
    for times in draw:
        cells = [material.coded[i] for i, (name, _) in enumerate(material.answers) for _ in range(times[int(name[1:])])]
        a, b = (sum(bool(c[k]) for c in cells) for k in (0, 1))
        lifts.append(sum(bool(c[0] and c[1]) for c in cells) * len(cells) / (a * b))
    assert pair.interval == pytest.approx(tuple(np.percentile(lifts, [2.5, 97.5])))
    assert (
        co_occurrences(material, resamples=300, seed=5).pairs == co_occurrences(material, resamples=300, seed=5).pairs
    )


def test_few_interviews_or_no_codings_give_no_interval() -> None:
    rows = np.ones((20, 2), bool)
    assert co_occurrences(made_up(rows, FEWEST)).pair("makt", "språk").interval == (1, 1)
    assert co_occurrences(made_up(rows, FEWEST - 1)).pair("makt", "språk").interval is None
    never = co_occurrences(made_up(np.eye(2, dtype=bool).repeat(10, axis=0), 5)).pair("makt", "språk")
    assert (never.lift, never.interval, never.places) == (0, None, ())
    absent = co_occurrences(made_up(rows, 5)).pair("makt", "tillit")
    assert (absent.lift, absent.interval, absent.jaccard, absent.share_b) == (None, None, 0, 0)


def test_no_material_one_code_and_bad_arguments() -> None:
    assert co_occurrences(Material(BOOK, {}, {}, ())).pair("makt", "språk").count_a == 0
    assert co_occurrences_by(Material(BOOK, {}, {}, ()), "office") == {}
    one = co_occurrences(Material(Codebook("Én", (Code("makt"),)), {}, {}, ()))
    assert one.pairs == () and one.matrix.tolist() == [[0]]
    with pytest.raises(KeyError):
        one.pair("makt", "makt")
    with pytest.raises(ValueError, match="reach=-1"):
        co_occurrences(Material(BOOK, {}, {}, ()), on="near", reach=-1)
    assert Pair("a", "b", 1, 2, 1, 1.0, 0.5, 0.5, 1.0, None, ()).turned.share_a == 0.5


def test_twice_the_interviews_cost_at_most_twice_as_much_and_no_speaker_more_than_all(shipped: Material) -> None:
    co_occurrences(every(shipped, 4), on="near")  # what is loaded on first use is loaded now
    half, whole = every(shipped, 2), every(shipped, 1)
    cost = [calls_of(lambda given=given: co_occurrences(given, on="near")) for given in (half, whole)]
    assert cost[1] / cost[0] < 1.5 * max(len(whole.answers) / len(half.answers), len(whole.codings) / len(half.codings))
    assert cost[1] < 20 * (len(whole.answers) + len(whole.codings)) + 200 * len(whole.codes) ** 2
    tables = len(co_occurrences_by(whole, "speaker"))
    assert calls_of(lambda: co_occurrences_by(whole, "speaker")) < tables * calls_of(
        lambda: co_occurrences(whole, on="near")
    )


def test_the_shipped_interviews(shipped: Material, three_offices: Study) -> None:
    table = co_occurrences(shipped, on="near")
    by = co_occurrences_by(shipped, "speaker")
    assert table.interviews == 14 and "Berit, Kontor B" in by and len(table.pairs) == 21 * 20 / 2
    pair = table.pair("relasjonsarbeid", "tillit_og_trygghet")
    assert pair.lift is not None and pair.interval is not None and pair.interval[0] < pair.lift < pair.interval[1]
    assert sum(map(len, shipped.quotes.values())) == len(shipped.codings)  # nothing is coded twice in the shipped file
    for quotes in shipped.quotes.values():
        assert all(shipped.transcripts[q.transcript].text[q.start : q.end] == q.text for q in quotes)
    small = Material.of(three_offices)
    assert held(co_occurrences(small, on="near"), "makt", "språk") == reference(small, "makt", "språk", 1)
