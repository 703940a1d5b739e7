"""A study's folder, its examples, and suggestions and evaluation with them."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from autokode import AutoCoder, DataError, evaluate, read_study, suggest
from autokode.corpus.codebook import Code, Codebook
from autokode.corpus.coding import Coding, Segment
from autokode.corpus.readers import Source
from autokode.corpus.study import Study
from autokode.corpus.transcript import from_source
from autokode.evaluation.cross_validation import Evaluation
from autokode.nlp.text_windows import text_parts
from autokode.suggestion import to_csv, to_json, write_suggestions
from conftest import ROOT

BOOK = """\
koder:
  - navn: relasjon
    kodbar: nei
    koder:
      - navn: makt
      - navn: tillit
  - navn: oppfølging
"""
TURNS = {"a": "I: Hvem bestemmer?\nAnne: Jeg har pengene. Og hen er redd.\nI: Mm.\nAnne: Hurra.\n"}
TURNS |= {name: TURNS["a"].replace("Hurra", word) for name, word in (("b", "Fint"), ("c", "Ja vel"))}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "studie"
    place.mkdir()
    (place / "codebook.yaml").write_text(BOOK, encoding="utf-8")
    rows = ["transcript,start,end,quote,code,coder,time"]
    for name, text in TURNS.items():
        (place / f"{name}.txt").write_text(text, encoding="utf-8")
        money, fear = text.index("Jeg har"), text.index("hen er")
        rows.append(f"{name},{money},{money + 15},Jeg har pengene,makt,meg,")
        rows.append(f"{name},{fear},{fear + 12},hen er redd.,tillit,meg,")
    (place / "codings.csv").write_text("\n".join(rows).replace("pengene,", "pengene,") + "\n", encoding="utf-8")
    return place


def test_answers_carry_the_codes_that_overlap_them(folder: Path) -> None:
    examples = read_study(folder).examples()
    assert examples.texts[:2] == ["Jeg har pengene. Og hen er redd.", "Hurra."]
    assert examples.codes[:2] == [("makt", "tillit"), ()]
    assert examples.contexts[:2] == ["Hvem bestemmer?"] * 2
    assert examples.groups == ["a", "a", "b", "b", "c", "c"]
    assert read_study(folder).examples(["b"]).groups == ["b", "b"]


def test_a_segment_over_several_turns_codes_them_all() -> None:
    text = "I: Hva?\nAnne: En.\nBerit: To.\nI: Ja?\nAnne: Tre."
    transcript = from_source(Source(text), "a")
    coding = Coding(
        Segment("a", text.index("En"), text.index("Tre") + 1, text[text.index("En") : text.index("Tre") + 1]), "makt"
    )
    study = Study(Codebook.from_yaml(BOOK), {"a": transcript}, {"a": "A"}, (coding,))
    assert study.examples().codes == [("makt",), ("makt",), ("makt",)]


def test_a_study_file_names_groups_interviewers_and_grammar(folder: Path) -> None:
    (folder / "study.yaml").write_text(
        'transkripter:\n  - fil: a.txt\n    gruppe: Kontor A\n    intervjuere: ["Anne"]\n    merker: colon\n',
        encoding="utf-8",
    )
    (folder / "codings.csv").unlink()
    study = read_study(folder)
    assert (list(study.transcripts), study.offices) == (["a"], {"a": "Kontor A"})
    assert study.transcripts["a"].interviewers == ("Anne",)


def test_all_problems_of_all_files_are_shown_together(folder: Path) -> None:
    (folder / "codebook.yaml").write_text(BOOK + "  - navn: makt\n", encoding="utf-8")
    (folder / "a.txt").write_bytes(b"\x89PNG")
    with pytest.raises(DataError) as caught:
        read_study(folder)
    assert [problem.what.split()[0] for problem in caught.value.problems] == ["navnet", "er"]


def test_codings_that_do_not_fit_are_named(folder: Path) -> None:
    path = folder / "codings.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("a,", "x,", 1).replace("tillit", "tilit", 1), encoding="utf-8"
    )
    with pytest.raises(DataError) as caught:
        read_study(folder)
    assert "transkripsjonen «x» finnes ikke; fant a, b, c" in str(caught.value)
    assert "koden «tilit» er ikke i kodeboken; mente du «tillit»?" in str(caught.value)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (shutil.rmtree, "finnes ikke"),
        (lambda folder: (shutil.rmtree(folder), folder.mkdir()), "mappen er tom; ventet codebook.yaml, transkripter"),
        (lambda folder: (folder / "codebook.yaml").unlink(), "codebook.yaml: filen finnes ikke"),
        (
            lambda folder: [p.unlink() for p in folder.glob("*.txt")],
            "transkripsjonen «a» finnes ikke|ingen transkripter",
        ),
        (lambda folder: (folder / "a.docx").write_bytes(b"x"), "a.docx: er ikke et Word-dokument"),
        (
            lambda folder: (folder / "study.yaml").write_text("transkripter: []"),
            "ventet «transkripter:» med «- fil: …»",
        ),
        (
            lambda folder: (folder / "study.yaml").write_text("transkripter:\n  - gruppe: A"),
            "study.yaml:2: en transkript uten",
        ),
    ],
)
def test_a_folder_that_is_no_study_says_so(folder: Path, make: object, message: str) -> None:
    make(folder)  # type: ignore[operator]
    with pytest.raises(DataError, match=message):
        read_study(folder)


def test_a_suggestion_names_the_sentence_that_speaks_most_for_it() -> None:
    text = (
        "Veileder: Vi drakk kaffe i går. Hun bestemmer over pengene mine. Så dro bussen.\nKari: Ja.\nVeileder: Nei.\n"
    )
    transcript = from_source(Source(text), "a", interviewers=["Kari"])
    said = ["hun bestemmer over pengene", "de bestemmer over pengene", "vi drakk kaffe", "bussen dro"] * 3
    coder = AutoCoder().fit(said, [["makt"], ["makt"], [], []] * 3)
    (found,) = [s for s in suggest(coder, transcript, threshold=0.0, top=1) if s.utterance == 0]
    assert text[found.part_start : found.part_end] == "Hun bestemmer over pengene mine."


def test_unsure_between_siblings_the_category_is_suggested() -> None:
    book = Codebook("b", (Code("forhold", codable=False, codes=(Code("tillit"), Code("makt"))),))
    said = ["vi snakker sammen om alt", "vi snakker sammen om alt", "bussen kom for seint i dag"] * 6
    given = [["tillit"], ["makt"], []] * 6
    coder = AutoCoder().fit(said, given, codebook=book)
    text = "Kari: Hei?\nAnne: vi snakker sammen om alt\nKari: Ja?\nAnne: bussen kom i dag\n"
    transcript = from_source(Source(text), "a", interviewers=["Kari"])
    unsure = suggest(coder, transcript, precision=0.7)
    assert [(s.code, s.level, s.utterance) for s in unsure] == [("forhold", "category", 1)]
    one, other = coder.predict_proba([unsure[0].quote], [unsure[0].question])[0][:2]
    assert unsure[0].probability == pytest.approx(1 - (1 - one) * (1 - other), abs=1e-3)
    assert {word.word for word in unsure[0].evidence} <= {"vi", "snakker", "sammen", "om", "alt"}
    assert "category" in to_csv(unsure)
    assert {s.level for s in suggest(coder, transcript, threshold=0.3)} == {"code"}
    assert not [s for s in suggest(coder, transcript, recall=0.9) if s.level == "category"]


def test_speech_without_punctuation_is_cut_into_windows() -> None:
    spans = text_parts(" ".join(f"ord{i}" for i in range(70)))
    assert [len(" ".join(f"ord{i}" for i in range(70))[a:b].split()) for a, b in spans] == [25, 25, 20]
    assert text_parts("") == [(0, 0)]
    assert text_parts("Ja! Nei … kanskje?") == [(0, 3), (4, 9), (10, 18)]


def test_suggestions_name_their_place_probability_and_words(three_offices: Study, tmp_path: Path) -> None:
    examples = three_offices.examples(("kontor_a", "kontor_b"))
    coder = AutoCoder().fit(
        examples.texts,
        examples.codes,
        contexts=examples.contexts,
        groups=examples.groups,
        codebook=three_offices.codebook,
    )
    transcript = three_offices.transcripts["kontor_c"]
    found = suggest(coder, transcript)
    assert len(found) > 50
    for suggestion in found:
        assert transcript.text[suggestion.start : suggestion.end] == suggestion.quote
        assert suggestion.speaker != "Intervjuer"
        assert 0 < suggestion.probability < 1
        for word in suggestion.evidence:
            assert transcript.text[word.start : word.end] == word.word
            assert word.contribution > 0
        strengths = [word.contribution for word in suggestion.evidence]
        assert strengths == sorted(strengths, reverse=True)
    said = {(s.utterance, s.code) for s in found}
    rows = [transcript.utterances[i] for i in transcript.answers]
    predicted = coder.predict([u.text for u in rows], [transcript.question_of(u) for u in rows])
    assert said == {(i, code) for i, codes in zip(transcript.answers, predicted, strict=True) for code in codes}
    assert len(suggest(coder, transcript, threshold=0.0, top=2)) == 2 * len(transcript.answers)
    assert suggest(coder, transcript, threshold=1.0) == ()
    with pytest.raises(DataError, match="terskel 7; ventet et tall fra 0 til 1"):
        suggest(coder, transcript, threshold=7)
    assert len(to_csv(found).splitlines()) >= len(found) + 1
    assert len(json.loads(to_json(found))) == len(found)
    write_suggestions(tmp_path / "f.csv", found)
    assert (tmp_path / "f.csv").read_text(encoding="utf-8") == to_csv(found)
    with pytest.raises(DataError, match=r"ukjent filtype «.xls»; ventet .csv eller .json"):
        write_suggestions(tmp_path / "f.xls", found)


@pytest.fixture(scope="session")
def evaluation(three_offices: Study) -> Evaluation:
    return evaluate(three_offices)


def test_each_interview_is_held_out_once_and_whole(evaluation: Evaluation, three_offices: Study) -> None:
    assert evaluation.interviews == ("kontor_a", "kontor_b", "kontor_c")
    assert evaluation.texts == sum(len(t.answers) for t in three_offices.transcripts.values())
    assert [figures.name for figures in evaluation.codes] == list(three_offices.codebook.codable)
    assert [figures.name for figures in evaluation.categories] == [code.name for code in three_offices.codebook.codes]
    assert sum(figures.segments for figures in evaluation.codes) == len(three_offices.codings)


def test_figures_are_what_they_say(evaluation: Evaluation) -> None:
    present = [f for f in evaluation.codes if f.texts]
    assert evaluation.macro_average_precision == pytest.approx(
        np.mean([f.average_precision for f in present]), abs=1e-3
    )
    assert evaluation.interval[0] < evaluation.interval[1]
    for figures in present:
        assert figures.precision is None or 0 <= figures.precision <= 1
        if figures.precision and figures.recall:
            harmonic = 2 * figures.precision * figures.recall / (figures.precision + figures.recall)
            assert figures.f1 == pytest.approx(harmonic, abs=1e-3)
    assert json.loads(evaluation.to_json())["seed"] == 0


def test_it_is_better_than_chance_by_far(evaluation: Evaluation) -> None:
    chance = np.mean([f.texts / evaluation.texts for f in evaluation.codes])
    assert evaluation.macro_average_precision > 5 * chance


def test_evaluation_gives_the_same_however_often_and_by_part(evaluation: Evaluation, three_offices: Study) -> None:
    alone = evaluate(three_offices, hold_out=["kontor_c"])
    assert alone.interviews == ("kontor_c",)
    assert alone.texts == len(three_offices.transcripts["kontor_c"].answers)
    assert evaluate(three_offices, hold_out=["kontor_c"]) == alone


def test_too_little_to_evaluate_says_so(three_offices: Study) -> None:
    one = {"kontor_a": three_offices.transcripts["kontor_a"]}
    with pytest.raises(DataError, match="bare ett intervju; ventet minst to"):
        evaluate(Study(three_offices.codebook, one, {}, ()))
    with pytest.raises(DataError, match="ingen kodinger å måle mot"):
        evaluate(Study(three_offices.codebook, three_offices.transcripts, {}, ()))


def test_codings_are_checked_also_where_only_some_transcripts_are_read(folder: Path) -> None:
    path = folder / "codings.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("a,", "nope,", 1), encoding="utf-8")
    with pytest.raises(DataError, match="«nope» finnes ikke"):
        read_study(folder, names=("a", "b"))
    path.write_text(text, encoding="utf-8")
    assert {c.segment.transcript for c in read_study(folder, names=("a", "b")).codings} == {"a", "b"}


def test_what_cannot_be_held_out_says_so(three_offices: Study) -> None:
    for wrong in (["nope"], []):
        with pytest.raises(DataError, match="ingen intervjuer heter"):
            evaluate(three_offices, hold_out=wrong)


def test_codes_in_one_interview_alone_give_no_interval() -> None:
    transcripts = {name: from_source(Source(text), name) for name, text in TURNS.items()}
    codings = (Coding(Segment("a", 0, 40, TURNS["a"][:40]), "makt"),)
    found = evaluate(Study(Codebook("b", (Code("makt"), Code("ord"))), transcripts, {}, codings), hold_out=["b", "c"])
    assert found.interval is None
    assert json.loads(found.to_json())["interval"] is None


def test_a_code_never_used_has_no_figures() -> None:
    book = Codebook("b", (Code("makt", definition="penger"), Code("ord", definition="ord")))
    transcripts = {name: from_source(Source(text), name) for name, text in TURNS.items()}
    codings = tuple(Coding(Segment(name, 0, 40, text[:40]), "makt") for name, text in TURNS.items())
    unused = evaluate(Study(book, transcripts, {}, codings)).codes[1]
    assert (unused.texts, unused.average_precision, unused.recall, unused.f1) == (0, None, None, None)


def test_the_shipped_study_is_read_whole() -> None:
    study = read_study(ROOT / "training_data")
    assert len(study.transcripts) >= 26
    assert all(t.interviewers for name, t in study.transcripts.items() if not name.startswith("sitater_"))


def test_a_segment_that_begins_in_a_label_leaves_the_turn_before_it_alone() -> None:
    text = "I: Hva?\nAnne: En.\nBerit: To.\nI: Ja?\nAnne: Tre."
    coding = Coding(Segment("a", text.index("Berit"), text.index("To") + 3, "Berit: To."), "makt")
    study = Study(Codebook.from_yaml(BOOK), {"a": from_source(Source(text), "a")}, {}, (coding,))
    assert study.examples().codes == [(), ("makt",), ()]


def test_what_is_held_out_is_never_learnt_from() -> None:
    book = Codebook("b", (Code("makt"), Code("hemmelig")))
    common = "I: Hva?\nAnne: pengene stanset\nBerit: en tur\nAnne: {}\nBerit: hei"
    texts = {"a": common.format("ja"), "b": common.format("nei"), "c": common.format("sjiraff")}
    transcripts = {name: from_source(Source(text), name) for name, text in texts.items()}
    money, giraffe = common.index("pengene"), texts["c"].index("sjiraff")
    codings = [Coding(Segment(name, money, money + 7, "pengene"), "makt") for name in texts]
    codings.append(Coding(Segment("c", giraffe, giraffe + 7, "sjiraff"), "hemmelig"))  # a code and a word of c alone
    found = evaluate(Study(book, transcripts, {}, tuple(codings)))
    assert found.codes[0].average_precision == 1.0
    assert found.codes[1].average_precision is not None
    assert found.codes[1].average_precision < 0.5
