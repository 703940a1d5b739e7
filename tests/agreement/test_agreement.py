"""Agreement, checked against published examples, two independent libraries, and cases for mental arithmetic."""

import itertools
import json
import math
from dataclasses import replace
from pathlib import Path

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.metrics.agreement import AnnotationTask
from nltk.metrics.distance import masi_distance
from sklearn.metrics import cohen_kappa_score

from autokode.agreement import Reading, agreement, units_of
from autokode.agreement.coefficients import (
    cohen_kappa,
    gwet_ac1,
    krippendorff_alpha,
    masi,
    nominal,
    share_agreed,
)
from autokode.agreement.results import FEWEST, warning
from autokode.agreement.tables import tables_of
from autokode.base.errors import DataError
from autokode.cli import run
from autokode.corpus.codebook import Code, Codebook
from autokode.corpus.coding import Coding, Segment
from autokode.corpus.readers import Source
from autokode.corpus.transcript import Transcript, from_source
from autokode.project import Project
from autokode.project.store.reviewing import Reviewer
from autokode.project.views.coder_readings import model_reading, reading
from conftest import ROOT

BOOK = Codebook("b", (Code("relasjon", codable=False, codes=(Code("makt"), Code("språk"))), Code("penger")))


def counted(*columns: str) -> tuple[np.ndarray, np.ndarray]:
    """Patterns from one string of digits per coder, «.» for a unit not read; each unit is a pattern that occurs once."""
    values = [[-1 if mark == "." else int(mark) for mark in column] for column in columns]
    return np.array(values, np.int64).T, np.ones((1, len(columns[0])))


def test_krippendorffs_worked_examples() -> None:
    """Krippendorff 2011, "Computing Krippendorff's alpha-reliability", A (binary), B (nominal) and C (four, some missing)."""
    binary = counted("0100000010", "1110010000")
    assert krippendorff_alpha(*binary, nominal(2))[0] == pytest.approx(0.095, abs=5e-4)
    letters = ("aabbdcccedda", "babbbccceddd")
    many = counted(*(column.translate(str.maketrans("abcde", "01234")) for column in letters))
    assert krippendorff_alpha(*many, nominal(5))[0] == pytest.approx(0.692, abs=5e-4)
    four = counted("123321412...", "1233224125.3", ".3332342251.", "12332441251.")
    assert krippendorff_alpha(*four, nominal(6))[0] == pytest.approx(0.743, abs=5e-4)


def test_cohens_and_gwets_worked_examples() -> None:
    """Of 125 units 118 are yes to both, 7 to one: kappa -0.02, AC1 0.94 (Gwet 2002, "Kappa statistic is not satisfactory …")."""
    patterns = np.array([[1, 1], [1, 0], [0, 1], [0, 0]], np.int64)
    counts = np.array([[118.0, 5.0, 2.0, 0.0]])
    agreed = 118 / 125
    assert share_agreed(patterns, counts)[0] == pytest.approx(agreed)
    yes = (123 + 120) / 250
    chance = 2 * yes * (1 - yes)
    assert gwet_ac1(patterns, counts)[0] == pytest.approx((agreed - chance) / (1 - chance))
    assert gwet_ac1(patterns, counts)[0] == pytest.approx(0.9408, abs=5e-4)
    by_chance = (123 * 120 + 2 * 5) / 125**2
    assert cohen_kappa(patterns, counts)[0] == pytest.approx((agreed - by_chance) / (1 - by_chance))
    assert cohen_kappa(patterns, counts)[0] == pytest.approx(-0.0234, abs=5e-4)


marks = st.sampled_from(["0", "1", "2", "."])


@settings(max_examples=150)
@given(st.lists(st.tuples(marks, marks, marks), min_size=2, max_size=40))
def test_alpha_is_the_librarys_with_gaps_and_three_coders(rows: list[tuple[str, ...]]) -> None:
    columns = ["".join(column) for column in zip(*rows, strict=True)]
    patterns, counts = counted(*columns)
    said = [[m for m in row if m != "."] for row in rows]
    pairable = [m for row in said if len(row) > 1 for m in row]
    found = krippendorff_alpha(patterns, counts, nominal(3))[0]
    if len(set(pairable)) < 2:
        assert math.isnan(found)
        return
    table = np.where(patterns < 0, np.nan, patterns.astype(np.float64)).T
    assert found == pytest.approx(krippendorff.alpha(table, level_of_measurement="nominal", value_domain=[0, 1, 2]))


@settings(max_examples=150)
@given(st.lists(st.tuples(marks, marks, marks), min_size=2, max_size=40))
def test_kappa_is_scikit_learns_mean_over_pairs(rows: list[tuple[str, ...]]) -> None:
    patterns, counts = counted(*("".join(column) for column in zip(*rows, strict=True)))
    expected = []
    for one, other in itertools.combinations(range(3), 2):
        both = [(row[one], row[other]) for row in rows if row[one] != "." and row[other] != "."]
        if len({m for pair in both for m in pair}) > 1:
            expected.append(cohen_kappa_score(*zip(*both, strict=True)))
    found = cohen_kappa(patterns, counts)[0]
    assert math.isnan(found) if not expected else found == pytest.approx(np.mean(expected))


@settings(max_examples=100)
@given(st.lists(st.tuples(marks, marks, marks), min_size=2, max_size=30))
def test_percent_and_ac1_are_as_the_loops_say(rows: list[tuple[str, ...]]) -> None:
    read = [[m for m in row if m != "."] for row in rows]
    read = [row for row in read if len(row) > 1]
    patterns, counts = counted(*("".join(column) for column in zip(*rows, strict=True)))
    if not read:
        assert math.isnan(share_agreed(patterns, counts)[0]) and math.isnan(gwet_ac1(patterns, counts, 3)[0])
        return
    agreed = np.mean([np.mean([a == b for a, b in itertools.permutations(row, 2)]) for row in read])
    assert share_agreed(patterns, counts)[0] == pytest.approx(agreed)
    share = {m: float(np.mean([row.count(m) / len(row) for row in read])) for m in "012"}
    chance = sum(p * (1 - p) for p in share.values()) / 2
    found = gwet_ac1(patterns, counts, 3)[0]
    assert math.isnan(found) if max(share.values()) == 1 else found == pytest.approx((agreed - chance) / (1 - chance))


codesets = st.frozensets(st.sampled_from(["makt", "språk", "penger"]))


@given(codesets, codesets)
def test_masi_is_nltks_but_for_its_rounding(a: frozenset[str], b: frozenset[str]) -> None:
    expected = masi_distance(a or frozenset({""}), b or frozenset({""}))
    assert masi(a, b) == pytest.approx(expected, abs=0.004)  # NLTK has 0.67 and 0.33 for 2/3 and 1/3
    assert masi(a, b) == masi(b, a) and 0 <= masi(a, b) <= 1


def interview(name: str, turns: int = 10) -> Transcript:
    text = "I: Hva?\n" + "\n".join(f"{'Anne' if i % 2 else 'Berit'}: ord {i}. Mer om {i}." for i in range(turns))
    return from_source(Source(text), name)


def coded(transcript: Transcript, index: int, code: str, part: slice = slice(None)) -> Coding:
    utterance = transcript.utterances[index]
    start, end, _ = part.indices(utterance.end - utterance.start)
    start, end = utterance.start + start, utterance.start + end
    return Coding(Segment(transcript.name, start, end, transcript.text[start:end]), code)


def everything(transcripts: dict[str, Transcript]) -> frozenset[tuple[str, int]]:
    return frozenset((name, i) for name, transcript in transcripts.items() for i in transcript.answers)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9), st.booleans(), codesets), max_size=60))
def test_sets_and_codes_against_nltk(given_: list[tuple[int, int, bool, frozenset[str]]]) -> None:
    """From codings to figures, against a library that gets the labels of each unit."""
    transcripts = {f"i{n}": interview(f"i{n}") for n in range(6)}
    rows: dict[bool, dict[tuple[str, int], set[str]]] = {False: {}, True: {}}
    for n, index, who, codes in given_:
        rows[who].setdefault((f"i{n}", index + 1), set()).update(codes)
    readings = [
        Reading(
            str(who),
            tuple(coded(transcripts[n], i, c) for (n, i), own in rows[who].items() for c in own),
            everything(transcripts),
        )
        for who in (False, True)
    ]
    found = agreement(BOOK, transcripts, readings)
    units = sorted(everything(transcripts))
    labels = {who: [frozenset(rows[who].get(unit, ())) for unit in units] for who in (False, True)}
    task = [(str(who), str(u), own) for who in (False, True) for u, own in enumerate(labels[who])]
    if len({own for _, _, own in task}) > 1:
        expected = AnnotationTask(task, distance=masi).alpha()
        alpha = found.row("sets").alpha
        assert alpha is not None and alpha.value == pytest.approx(expected, abs=1e-4)
    assert found.row("sets").agreed.value == pytest.approx(
        np.mean([a == b for a, b in zip(*labels.values(), strict=True)]), abs=1e-4
    )
    for name, codes in (("penger", {"penger"}), ("relasjon", {"makt", "språk"})):
        one, other = ([bool(own & codes) for own in labels[who]] for who in (False, True))
        row = found.row("category" if name == "relasjon" else "code", name)
        assert row.given == (sum(one), sum(other))
        if any(one) or any(other):
            assert row.kappa is not None and row.kappa.value == pytest.approx(cohen_kappa_score(one, other), abs=1e-4)
        else:
            assert (row.kappa, row.ac1, row.alpha, row.warnings) == (None, None, None, ("nobody",))


def test_same_codings_agree_and_intervals_need_interviews() -> None:
    transcripts = {name: interview(name) for name in "abcdef"}
    own = tuple(coded(transcripts[name], i, "makt") for name in transcripts for i in (1, 4))
    same = agreement(BOOK, transcripts, [Reading(who, own, everything(transcripts)) for who in ("Anne", "Bo")])
    row = same.row("code", "makt")
    assert (row.units, row.given, row.agreed.value) == (60, (12, 12), 1.0)
    assert row.alpha is not None and row.kappa is not None and row.ac1 is not None
    assert (row.alpha.value, row.alpha.interval, row.kappa.value, row.ac1.value) == (1.0, (1.0, 1.0), 1.0, 1.0)
    assert same.disagreements == () and row.warnings == ()
    few = {name: transcripts[name] for name in "ab"}
    own = tuple(coding for coding in own if coding.segment.transcript in few)
    found = agreement(BOOK, few, [Reading(who, own, everything(few)) for who in ("Anne", "Bo")])
    assert len(few) < FEWEST and found.row("code", "makt").agreed.interval is None
    assert found.row("sets").warnings == ("few interviews",) and found.row("code", "makt").warnings == ("rare",)


def test_a_rare_code_is_warned_of_and_disagreements_are_quoted() -> None:
    transcripts = {name: interview(name, 40) for name in "abcdef"}
    first = tuple(coded(transcripts[name], i, "makt") for name in transcripts for i in (1, 2, 3, 4))
    second = tuple(coded(transcripts[name], i, "makt") for name in transcripts for i in (4, 5))
    found = agreement(
        BOOK,
        transcripts,
        [Reading("Anne", first, everything(transcripts)), Reading("Bo", second, everything(transcripts))],
    )
    row = found.row("code", "makt")
    assert set(row.warnings) == {"skewed", "uneven"} and row.agreed.value > 0.8
    assert row.alpha is not None and row.alpha.value < 0.4 and row.alpha.interval is not None
    assert len(found.disagreements) == 6 * 4
    one = found.disagreements[0]
    assert (one.transcript, one.utterance, one.given) == ("a", 1, (("makt",), ()))
    assert one.quote == transcripts["a"].text[one.start : one.end] == "ord 0. Mer om 0."
    assert {warning(kind) for kind in ("nobody", "rare", "skewed", "uneven", "few interviews")} >= {warning("rare")}
    figures, rows = tables_of(found).values()
    assert figures.num_rows == len(found.rows) and rows.num_rows == 24
    assert rows.to_pylist()[0]["Anne"] == "makt" and rows.to_pylist()[0]["Bo"] == ""
    assert json.loads(json.dumps(found.to_dict()))["rows"][0]["name"] == "makt"


def test_sentences_and_characters() -> None:
    transcripts = {"a": interview("a", 4)}
    whole = Reading("Anne", (coded(transcripts["a"], 1, "makt"),), everything(transcripts))
    part = Reading("Bo", (coded(transcripts["a"], 1, "makt", slice(0, 6)),), everything(transcripts))
    assert agreement(BOOK, transcripts, [whole, part]).row("code", "makt").given == (1, 1)
    by_sentence = agreement(BOOK, transcripts, [whole, part], of="sentence")
    assert by_sentence.row("code", "makt").given == (2, 1) and by_sentence.row("code", "makt").units == 8
    assert [one.quote for one in by_sentence.disagreements] == ["Mer om 0."]
    by_character = agreement(BOOK, transcripts, [whole, part], of="character")
    row = by_character.row("code", "makt")
    assert row.given == (16, 6) and row.units == sum(u.end - u.start for u in transcripts["a"].utterances[1:])
    assert [one.quote for one in by_character.disagreements] == [" Mer om 0."]
    assert row.agreed.value == round(1 - 10 / row.units, 4)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.booleans(), st.integers(0, 60), st.integers(1, 20), st.sampled_from(["makt", "språk"])),
        max_size=12,
    )
)
def test_characters_are_those_that_are_covered(spans: list[tuple[bool, int, int, str]]) -> None:
    transcript = interview("a", 4)
    readings = []
    for who in (False, True):
        own = [
            Coding(Segment("a", start, start + n, transcript.text[start : start + n]), code)
            for coder, start, n, code in spans
            if coder == who and start + n <= len(transcript.text)
        ]
        readings.append(Reading(str(who), tuple(own), everything({"a": transcript})))
    units = units_of({"a": transcript}, readings, "character")
    at = {place: unit for unit in units for place in range(unit.start, unit.end)}
    answers = {
        p for i in transcript.answers for p in range(transcript.utterances[i].start, transcript.utterances[i].end)
    }
    assert answers <= set(at)
    for one in (coding for reading_ in readings for coding in reading_.codings):
        places = range(one.segment.start, one.segment.end)
        assert not one.segment.quote.strip() or not set(at).isdisjoint(places)
    for place, unit in at.items():
        for reading_, codes in zip(readings, unit.given, strict=True):
            assert codes == {c.code for c in reading_.codings if c.segment.start <= place < c.segment.end}


def test_only_what_two_read_is_compared() -> None:
    transcripts = {name: interview(name) for name in "ab"}
    one = Reading("Anne", (coded(transcripts["a"], 1, "makt"),), frozenset({("a", 1), ("a", 2), ("b", 1)}))
    two = Reading("Bo", (), frozenset({("a", 1), ("b", 2)}))
    three = Reading("Cam", (), frozenset({("a", 2), ("b", 2)}))
    units = units_of(transcripts, [one, two, three])
    assert [(u.transcript, u.utterance, u.given) for u in units] == [
        ("a", 1, ({"makt"}, set(), None)),
        ("a", 2, (set(), None, set())),
        ("b", 2, (None, set(), set())),
    ]
    for readings in ([one], [one, Reading("Dag", (), frozenset())]):
        with pytest.raises(DataError, match="ingen ytringer er lest ferdig av to kodere"):
            agreement(BOOK, transcripts, readings)
    with pytest.raises(KeyError):
        agreement(BOOK, transcripts, [one, two]).row("code", "ingen slik")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project.create(tmp_path / "p", BOOK)
    for name in "ab":
        made.add(interview(name))
    return made


def test_a_coder_now_and_then(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    anne = Reviewer(project, project.coder("Anne").id)
    source = project.source("a")
    spans = [project.transcript("a").utterances[i] for i in (1, 2)]
    anne.code(source.id, spans[0].start, spans[0].end, "makt")
    anne.read(source.id, 1)
    anne.read(source.id, 2)
    with project.database.writing() as connection:  # everything until now happened in March
        connection.execute("DROP TRIGGER decision_stays")
        connection.execute("UPDATE decision SET time = '2026-03-01T10:00:00.000+00:00'")
    anne.code(source.id, spans[1].start, spans[1].end, "språk")
    then, now = reading(project, "Anne@2026-03-01"), reading(project, "Anne")
    assert ([c.code for c in then.codings], [c.code for c in now.codings]) == (["makt"], ["makt", "språk"])
    assert then.read == now.read == {("a", 1), ("a", 2)} and then.coder == "Anne@2026-03-01"
    assert reading(project, "Anne@2026-02-28").read == frozenset()
    assert reading(project, "Anne@2026-03-01T09:00+00:00").codings == ()
    folder = str(project.folder)
    assert run(["agreement", "Anne@2026-03-01", "Anne", "--project", folder]) == 0
    shown = capsys.readouterr().out
    assert "a #3 Anne" in shown and "ingen kode" in shown and "ingen intervaller" in shown
    for wrong, said in (("Anne@i går", "er ingen dato"), ("Ane", "ingen koder heter «Ane»; fant Anne")):
        assert run(["agreement", wrong, "Anne", "--project", folder]) == 2
        assert said in capsys.readouterr().err
    assert run(["agreement", "--project", folder]) == 2
    assert "bare Anne har kodet" in capsys.readouterr().err
    assert run(["agreement", "--project", folder, "--with-model", "--unit", "character"]) == 2
    assert "hele ytringer" in capsys.readouterr().err
    assert run(["agreement", "--project", folder, "--with-model"]) == 2
    assert "færre enn to intervjuer" in capsys.readouterr().err


@pytest.mark.slow
def test_a_model_that_has_not_read_the_interview(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(tmp_path / "p")
    data = ROOT / "training_data"
    assert run(["init", folder, "--codebook", str(data / "codebook.yaml")]) == 0
    for name in ("kontor_a.docx", "kontor_b.txt", "kontor_c.vtt"):
        assert run(["add", str(data / name), "--project", folder]) == 0
    project = Project.open(folder)
    from autokode.corpus.study import read_study

    names = {"kontor_a", "kontor_b", "kontor_c"}
    every = [replace(coding, coder="Anne") for coding in read_study(data, names=names).codings]
    project.add_codings(every)
    own = "Anne"
    model = model_reading(project, reading(project, own))
    found = agreement(project.codebook, {n: project.transcript(n) for n in names}, [reading(project, own), model])
    alpha = found.row("sets").alpha
    assert alpha is not None and 0.02 < alpha.value < 0.9  # better than chance on answers it has not seen
    assert model.codings == model_reading(project, reading(project, own)).codings
    for kind in ("xlsx", "csv", "parquet", "json"):
        assert run(["agreement", "--project", folder, "--with-model", "--out", str(tmp_path / f"enighet.{kind}")]) == 0
    names_ = {path.name for path in tmp_path.iterdir()}
    assert {
        "enighet.xlsx",
        "enighet.csv",
        "enighet-uenigheter.csv",
        "enighet-uenigheter.parquet",
        "enighet.json",
    } <= names_
    assert "modellen" in capsys.readouterr().out
    assert run(["agreement", "--project", folder, "--out", "enighet.doc"]) == 2
    assert "--out enighet.xlsx" in capsys.readouterr().err
