"""The Norwegian pipeline: which one is loaded, what it predicts, and that scores are the same with either."""

import json
import sys
import tomllib
from pathlib import Path

import pytest
import spacy
from hypothesis import given
from hypothesis import settings as limited

from autokode import norwegian
from autokode.base.errors import DataError
from autokode.nlp import pipeline
from autokode.nlp.tokenizer import tokenize
from benchmarks import generated
from benchmarks.build.pipeline import evaluate, pipeline_card, treebanks
from conftest import ROOT, needs_shared, texts

FOLDER = ROOT / "models" / "nb_autokode_sm"
RESULTS = json.loads((ROOT / "benchmarks" / "results" / "pipeline.json").read_text(encoding="utf-8"))
NAMES = {"PER", "ORG", "GPE_LOC", "GPE_ORG", "LOC", "PROD", "EVT", "DRV", "MISC"}


def test_it_says_that_it_suits_every_spacy_that_autokode_may_have() -> None:
    """Otherwise spaCy warns whenever it is loaded."""
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"][
        "spacy"
    ]
    (lowest,) = (line.removeprefix("spacy").split(",")[0] for line in asked if line.startswith("spacy"))
    assert json.loads((FOLDER / "meta.json").read_text(encoding="utf-8"))["spacy_version"].startswith(f"{lowest},")


def test_it_is_a_spacy_pipeline_of_at_most_20_megabytes() -> None:
    nlp = spacy.load(FOLDER)
    assert nlp.pipe_names == ["tok2vec", "morphologizer", "senter", "lemmatizer", "attribute_ruler", "ner"]
    assert set(nlp.get_pipe("ner").labels) == NAMES
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) <= 20_000_000
    assert nlp.meta["lang"] == "nb"
    assert {source["license"] for source in nlp.meta["sources"]} == {"CC0 1.0", "CC BY-SA 4.0", "MIT"}
    shipped = RESULTS["pipeline"]["nb"]
    assert {name: nlp.meta["performance"][name] for name in shipped} == pytest.approx(shipped)


def test_it_says_what_words_are() -> None:
    doc = norwegian(own=True)("Berit ringte de to lærerne i Oslo i går. Eg veit ikkje kvifor.")
    said = {token.text: (token.pos_, token.lemma_) for token in doc}
    assert said["ringte"] == ("VERB", "ringe")
    assert said["lærerne"] == ("NOUN", "lærer")
    assert said["ikkje"][0] in ("PART", "ADV")
    assert doc[4].morph.get("Number") == ["Plur"]
    assert {(span.text, span.label_) for span in doc.ents} >= {("Berit", "PER"), ("Oslo", "GPE_LOC")}
    assert len(list(doc.sents)) == 2
    assert norwegian(own=True)("a \n b")[1].pos_ == "SPACE"


def test_it_hears_names_without_capitals() -> None:
    doc = norwegian(own=True)("da ringte berit til meg fra drammen")
    assert {span.text for span in doc.ents} >= {"berit", "drammen"}


@limited(max_examples=100)
@given(texts)
def test_it_tokenises_as_the_scorer_does_so_that_scores_are_the_same_with_either(text: str) -> None:
    ours = [(token.text, token.idx) for token in norwegian(own=True).make_doc(text) if not token.is_space]
    assert ours == [(token.text, token.start) for token in tokenize(text)]


def test_the_published_pipeline_is_taken_where_it_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / pipeline.PUBLISHED
    package.mkdir()
    (package / "__init__.py").write_text(
        "import spacy\ndef load(**_):\n    nlp = spacy.blank('nb')\n    nlp.meta['name'] = 'core_news_sm'\n    return nlp\n",
        encoding="utf-8",
    )
    info = tmp_path / f"{pipeline.PUBLISHED}-3.8.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: nb_core_news_sm\nVersion: 3.8.0\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    try:
        assert norwegian().meta["name"] == "core_news_sm"
        assert norwegian(own=True).meta["name"] == "autokode_sm"
    finally:  # what was imported would pass for installed in later tests
        sys.modules.pop(pipeline.PUBLISHED, None)
        pipeline._load.cache_clear()


def test_without_either_it_is_said_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline.resources, "pipeline", lambda _name: None)
    pipeline._load.cache_clear()
    with pytest.raises(DataError, match="nb_autokode_sm mangler"):
        norwegian(own=True)
    pipeline._load.cache_clear()


def test_the_figures_aimed_at_are_met_in_the_committed_results() -> None:
    ours, published = RESULTS["pipeline"]["nb"], RESULTS["published"]
    for name in ("pos_acc", "morph_acc", "lemma_acc", "sents_f", "ents_f"):
        assert ours[name] >= published[name] - 0.00005, name


@needs_shared
@pytest.mark.slow  # reads the treebanks, and tags and parses their development part
def test_the_committed_figures_are_those_of_the_model() -> None:
    nlp = norwegian(own=True)
    found = evaluate.scores(nlp, list(treebanks.documents(nlp.vocab, treebanks.split("nb").dev)))
    committed = RESULTS["pipeline"]["nb"]
    assert found == pytest.approx(committed, abs=0.0005)


def test_the_cards_tables_are_those_of_the_results() -> None:
    document = (ROOT / "models" / "nb_autokode_sm.md").read_text(encoding="utf-8")
    assert generated.filled(document, pipeline_card.parts(RESULTS)) == document, (
        "python -m benchmarks.build.pipeline.pipeline_card"
    )
