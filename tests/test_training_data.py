"""The shipped interviews keep what their datasheet promises."""

import re
import statistics
import sys
from collections import Counter, defaultdict

import pytest

from autokode import Codebook, read_codings, read_study
from autokode.study import Study
from conftest import ROOT

DATA = ROOT / "training_data"
sys.path.insert(0, str(ROOT / "benchmarks"))


@pytest.fixture(scope="module")
def study() -> Study:
    return read_study(DATA)


def test_it_is_large_enough(study: Study) -> None:
    utterances = [u for t in study.transcripts.values() for u in t.utterances]
    assert len(study.transcripts) >= 12
    assert len(utterances) >= 1500
    assert sum(len(u.text.split()) for u in utterances) >= 70_000
    for transcript in study.transcripts.values():
        assert 3 <= len(transcript.speakers) - 1 <= 4


def test_turns_are_as_long_as_real_ones(study: Study) -> None:
    lengths = [len(t.utterances[i].text.split()) for t in study.transcripts.values() for i in t.answers]
    assert 40 <= statistics.median(lengths) <= 60
    assert min(lengths) <= 3
    assert max(lengths) >= 200


def test_every_code_has_enough_segments_in_enough_interviews(study: Study) -> None:
    count, interviews = Counter(), defaultdict(set)
    for coding in study.codings:
        count[coding.code] += 1
        interviews[coding.code].add(coding.segment.transcript)
    for code in study.codebook.codable:
        assert count[code] >= 40, code
        assert len(interviews[code]) >= 8, code
    assert all(count[code] >= 80 for code in ("tillit_og_trygghet", "språk", "makt"))


def test_many_utterances_have_several_codes_and_a_fifth_none(study: Study) -> None:
    codes = study.codes_by_utterance()
    total = sum(len(t.utterances) for t in study.transcripts.values())
    assert (total - len(codes)) / total >= 0.2
    answers = sum(len(t.answers) for t in study.transcripts.values())
    assert (answers - len(codes)) / answers >= 0.1
    assert sum(len(given) > 1 for given in codes.values()) >= 200


def test_every_quote_of_every_coder_stands_at_its_offset(study: Study) -> None:
    for name in ("codings", "codings_first", "codings_second"):
        assert len(read_codings(DATA / f"{name}.csv", transcripts=study.transcripts, codebook=study.codebook)) > 500
    theory = Codebook.read(DATA / "codebook_theory.yaml")
    codings = read_codings(DATA / "codings_theory.csv", transcripts=study.transcripts, codebook=theory)
    assert len({coding.segment.transcript for coding in codings}) >= 4
    assert {coding.code for coding in codings} == set(theory.codable)
    assert set(theory.codable) == {
        *("anerkjennelse", "brukermedvirkning", "myndiggjøring", "helhetsperspektiv", "ikke-vitende posisjon"),
        *("å starte der personen er", "styrkeperspektiv", "kritisk refleksjon", "maktbevissthet"),
    }


def test_interviewers_are_never_coded(study: Study) -> None:
    asked = {(n, i) for n, t in study.transcripts.items() for i in range(len(t.utterances)) if i not in t.answers}
    assert not asked & set(study.codes_by_utterance())


def test_a_quarter_is_coded_twice(study: Study) -> None:
    import datasheet

    units = datasheet.double_coded()
    answers = sum(len(t.answers) for t in study.transcripts.values())
    assert len(units) >= 0.22 * answers
    assert {name for name, _index in units} == set(study.transcripts)


def test_no_two_interviews_share_eight_words_in_a_row(study: Study) -> None:
    home: dict[str, str] = {}
    shared = []
    for name, transcript in study.transcripts.items():
        for i in transcript.answers:
            words = re.findall(r"\w+", transcript.utterances[i].text.lower())
            for k in range(len(words) - 7):
                run = " ".join(words[k : k + 8])
                if home.setdefault(run, name) != name:
                    shared.append((home[run], name, run))
    assert shared == []


def test_formats_and_varieties_are_there(study: Study) -> None:
    endings = Counter(path.suffix for path in DATA.glob("kontor_*"))
    assert set(endings) == {".docx", ".txt", ".vtt", ".srt"}

    def share(name: str, *words: str) -> float:
        found = re.findall(r"\w+", study.transcripts[name].text.lower())
        return 1000 * sum(word in words for word in found) / len(found)

    nynorsk = {name: share(name, "eg", "ikkje", "noko", "korleis", "dei") for name in study.transcripts}
    assert max(nynorsk, key=lambda name: nynorsk[name]) == "kontor_g"
    assert share("kontor_i", "æ", "mæ", "ho", "førr", "ka") > 20
    assert share("kontor_f", "je", "itte", "hu", "dom", "mæ", "e", "ikkje", "de") > 10
    recognised = [study.transcripts["kontor_j"].utterances[i].text for i in study.transcripts["kontor_j"].answers]
    assert not re.search(r"[.,?!A-ZÆØÅ]", "".join(recognised))


def test_the_datasheet_is_generated_from_the_data() -> None:
    import datasheet
    from generated import filled

    written = (DATA / "SOURCE.md").read_text(encoding="utf-8")
    assert filled(written, datasheet.parts()) == written
