"""What notebooks and interpreters show of a study, step by step: tables, and what was said only where it is asked for."""

import re

import pytest

from autokode import load_model, read_study, read_transcript, set_language, suggest
from autokode.agreement.comparing import agreement
from autokode.agreement.units import Reading
from autokode.base.notebook import MOST_ROWS, Shown
from autokode.corpus.study import Study
from autokode.evaluation.cross_validation import evaluate
from conftest import ROOT


@pytest.fixture(scope="module")
def study() -> Study:
    return read_study(ROOT / "training_data", names={"kontor_a", "kontor_b", "kontor_c"})


def cells(html: str) -> list[list[str]]:
    """The cells of a table's rows, the headings first, without their marks."""
    rows = re.findall(r"<tr>(.*?)</tr>", html)
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows]


def test_a_study_a_codebook_and_a_transcript_are_tables(study: Study) -> None:
    shown = cells(study._repr_html_())
    assert shown[0] == ["transkripsjon", "gruppe", "ytringer", "svar", "kodinger"]
    assert shown[1] == ["kontor_a", "Kontor A", "181", "149", "145"]
    tree = study.codebook._repr_html_()
    assert 'padding-left:1.7em">språk</td>' in tree and 'padding-left:0.5em">relasjonsarbeid</td>' in tree
    transcript = study.transcripts["kontor_c"]
    speakers = cells(transcript._repr_html_())[1:]
    assert {row[0]: int(row[2]) for row in speakers} == transcript.speakers
    assert [row[1] for row in speakers if row[0] == "Intervjuer"] == ["intervjueren"]
    assert sum(int(row[3]) for row in speakers) == sum(len(one.text.split()) for one in transcript.utterances)


def test_what_was_said_is_shown_only_where_asked_for(study: Study) -> None:
    transcript = study.transcripts["kontor_c"]
    found = suggest(load_model("nav-nb"), transcript)
    said, definition = transcript.utterances[5].text, study.codebook["makt"].definition
    assert said[:30] not in transcript._repr_html_() + repr(transcript.show()) + repr(transcript)
    assert said[:30] in transcript.show(text=True)._repr_html_() and said[:30] in repr(transcript.show(text=True))
    assert definition not in study.codebook._repr_html_() and definition in repr(study.codebook.show(text=True))
    assert found[0].quote[:30] not in found._repr_html_() + repr(found)
    assert found[0].quote[:30] in repr(found.show(text=True)) and found[0].evidence[0].word in repr(
        found.show(text=True)
    )
    assert cells(found._repr_html_())[1][:2] == [str(found[0].utterance + 1), found[0].speaker]
    assert f"… og {len(found) - MOST_ROWS} til" in found._repr_html_()


def test_an_evaluation_is_a_table(study: Study) -> None:
    found = evaluate(study, hold_out=["kontor_c"])
    frame = found.to_pandas()
    assert frame["level"].value_counts().to_dict() == {"code": 21, "category": 8, "mean": 1, "all": 1}
    assert frame.loc[frame["level"] == "mean", "average_precision"].item() == found.macro_average_precision
    by_code = dict(zip(frame["name"], frame["f1"], strict=True))
    assert by_code["språk"] == next(one.f1 for one in found.codes if one.name == "språk")
    assert found.to_polars().shape == frame.shape == (31, len(found.columns()))
    assert found.to_csv().splitlines()[0] == ",".join(found.columns())
    assert repr(found).startswith("<Evaluation: 1 interviews held out, 21 codes, mean average precision 0.")
    assert cells(found._repr_html_())[-1][0] == "alle forslag"
    assert "kategori: relasjonsarbeid" in repr(found.show())


def test_an_agreement_is_a_table(study: Study) -> None:
    name, answers = "kontor_a", study.transcripts["kontor_a"].answers
    read = frozenset((name, i) for i in answers)
    own = [one for one in study.codings if one.segment.transcript == name]
    found = agreement(
        study.codebook,
        {name: study.transcripts[name]},
        [Reading("Anne", tuple(own), read), Reading("kappa", tuple(own[::2]), read)],
    )
    frame = found.to_pandas()
    assert list(frame.columns[:5]) == ["level", "name", "units", "Anne", "kappa'"]
    row = found.row("code", "språk")
    assert frame.loc[frame["name"] == "språk", "Anne"].item() == row.given[0]
    assert row.alpha is not None and frame.loc[frame["name"] == "språk", "alpha"].item() == row.alpha.value
    quote = found.disagreements[0].quote
    assert quote[:30] not in repr(found) + found._repr_html_() and quote[:30] in repr(found.show(text=True))
    assert cells(found._repr_html_())[0] == ["kode", "Anne", "kappa", "enige", "kappa", "AC1", "alfa"]
    assert len(repr(found)) < 200


def test_names_cannot_be_marks_of_the_page() -> None:
    shown = Shown("<b>", ("<i>",), (("<script>alert(1)</script>\nog mer",),), "<u>")
    html = shown._repr_html_()
    assert not re.search("<(script|i|u)>", html) and "&lt;script&gt;alert(1)&lt;/script&gt; og mer" in html
    assert repr(Shown("ingen", ("kode",), ())) == "ingen\nkode"


def test_it_is_in_the_language_that_was_chosen() -> None:
    transcript = read_transcript(ROOT / "training_data" / "kontor_c.vtt")
    try:
        set_language("en")
        assert cells(transcript._repr_html_())[0] == ["speaker", "role", "utterances", "words"]
    finally:
        set_language("nb")
