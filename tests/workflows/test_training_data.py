"""The shipped interviews keep what their datasheet promises."""

import re
import statistics
from collections import Counter, defaultdict

import pytest

from autokode import Codebook, read_codings, read_study
from autokode.corpus.study import Study
from conftest import ROOT

DATA = ROOT / "training_data"


@pytest.fixture(scope="module")
def study() -> Study:
    return read_study(DATA)


def test_it_is_large_enough(study: Study) -> None:
    utterances = [u for t in study.transcripts.values() for u in t.utterances]
    interviews = {name: t for name, t in study.transcripts.items() if name.startswith("kontor_")}
    assert len(interviews) >= 26 and len(utterances) >= 5000
    assert sum(len(u.text.split()) for u in utterances) >= 300_000
    for transcript in interviews.values():
        assert 3 <= len(transcript.speakers) - 1 <= 4


def test_the_new_texts_are_many_and_quotes_have_no_question(study: Study) -> None:
    new = study.examples([name for name in study.transcripts if name >= "kontor_o" and name.startswith("kontor_")])
    quotes = study.examples([name for name in study.transcripts if name.startswith("sitater_")])
    assert len(set(new.groups or ())) >= 12 and len(new.texts) >= 1300
    assert len(quotes.texts) >= 700 and not any(quotes.contexts)
    given = Counter(code for own in (*new.codes, *quotes.codes) for code in own)
    assert all(given[code] >= 60 for code in study.codebook.codable)
    assert 0.15 <= sum(not own for own in new.codes) / len(new.codes) <= 0.4  # off the topic, or a mere «mm»


def test_the_new_texts_are_spoken_as_real_advisors_speak(study: Study) -> None:
    from benchmarks.build import register

    for trait, new, _old in register.counted(study):
        low, high = trait.real
        assert low * (1 - register.WITHIN) <= new <= high * (1 + register.WITHIN), f"{trait.name}: {new}"


def test_the_register_is_counted_as_it_says() -> None:
    from benchmarks.build import register

    said = [
        "Ja, altså, det er jo viktig, da. Vi har litt …",
        "Hun ringte to ganger, og han sa nei. Det var en gang.",
        "Vi ser dem.",
    ]
    found = {trait.name.partition(",")[0].partition(" (")[0]: trait.count(said) for trait in register.TRAITS}
    assert found["mest i fortid"] == found["forteller om én hendelse eller person"] == pytest.approx(100 / 3)
    assert found["bryter av"] == found["begynner med ja"] == found["begynner med vi + verb"] == pytest.approx(100 / 3)
    words = sum(len(register.words(text)) for text in said)
    assert found["han"] == pytest.approx(100 * 2 / words) and found["tall"] == pytest.approx(100 / words)
    assert found["jo"] == pytest.approx(100 * 4 / words)  # jo, altså, litt, da


def test_no_anchor_example_is_a_sentence_of_the_texts(study: Study) -> None:
    said = " ".join(re.sub(r"\W+", " ", t.text.lower()) for t in study.transcripts.values())
    for code in study.codebook:
        for example in code.examples:
            assert re.sub(r"\W+", " ", example.lower()).strip() not in said, example


def test_turns_are_as_long_as_real_ones(study: Study) -> None:
    lengths = [len(t.utterances[i].text.split()) for t in study.transcripts.values() for i in t.answers]
    assert 40 <= statistics.median(lengths) <= 70
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
    from benchmarks.build import datasheet

    units = datasheet.double_coded()
    answers = sum(len(t.answers) for t in study.transcripts.values())
    assert len(units) >= 0.22 * answers
    assert {name for name, _index in units} == set(study.transcripts)


def shared_runs(study: Study, length: int) -> tuple[list[tuple[str, str, str]], int]:
    """The runs of so many words that stand in two texts, with both names, and how many runs there are."""
    home: dict[str, str] = {}
    shared, runs = [], 0
    for name, transcript in study.transcripts.items():
        for i in transcript.answers:
            words = re.findall(r"\w+", transcript.utterances[i].text.lower())
            for k in range(len(words) - length + 1):
                run, runs = " ".join(words[k : k + length]), runs + 1
                if home.setdefault(run, name) != name:
                    shared.append((home[run], name, run))
    return shared, runs


def test_no_text_has_another_ones_sentences(study: Study) -> None:
    """Eight equal words in a row may be a turn of phrase, if rarely; thirteen would be a copied sentence."""
    eight, runs = shared_runs(study, 8)
    assert len(eight) < runs / 1000
    first = re.compile(r"kontor_[a-n]")
    assert not [pair for pair in eight if first.fullmatch(pair[0]) and first.fullmatch(pair[1])]
    assert shared_runs(study, 13)[0] == []


def test_formats_and_varieties_are_there(study: Study) -> None:
    endings = Counter(path.suffix for path in DATA.glob("kontor_*"))
    assert set(endings) == {".docx", ".txt", ".vtt", ".srt"}

    def share(name: str, *words: str) -> float:
        found = re.findall(r"\w+", study.transcripts[name].text.lower())
        return 1000 * sum(word in words for word in found) / len(found)

    nynorsk = {name: share(name, "eg", "ikkje", "noko", "korleis", "dei") for name in study.transcripts}
    assert set(sorted(nynorsk, key=lambda name: -nynorsk[name])[:2]) == {"kontor_g", "kontor_u"}
    assert share("kontor_i", "æ", "mæ", "ho", "førr", "ka") > 20
    assert share("kontor_f", "je", "itte", "hu", "dom", "mæ", "e", "ikkje", "de") > 10
    recognised = [study.transcripts["kontor_j"].utterances[i].text for i in study.transcripts["kontor_j"].answers]
    assert not re.search(r"[.,?!A-ZÆØÅ]", "".join(recognised))


@pytest.mark.slow
def test_the_datasheet_is_generated_from_the_data() -> None:
    from benchmarks.build import datasheet
    from benchmarks.generated import filled

    written = (DATA / "SOURCE.md").read_text(encoding="utf-8")
    assert filled(written, datasheet.parts()) == written
