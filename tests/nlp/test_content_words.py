"""Words that carry content, answers without any, and evidence that people find believable."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autokode import AutoCoder, read_transcript, suggest
from autokode.nlp.content_words import _AGREEING, carries_content, function_words, may_say_nothing, says_nothing
from conftest import ROOT


@pytest.mark.parametrize(
    "said",
    [
        "",
        "…",
        "Ja.",
        "Nei, nei.",
        "Mm, mhm.",
        "Ja, ikke sant!",
        "Ja, ikkje sant",
        "Det er jeg helt enig i.",
        "Yeah, right.",
        "Klart det.",
    ],
)
def test_agreement_alone_says_nothing(said: str) -> None:
    assert says_nothing(said)
    assert may_say_nothing(said.encode())


@given(
    st.text(max_size=12), st.sampled_from(sorted(_AGREEING)), st.text(max_size=3), st.sampled_from(["", "Åja", "'s"])
)
def test_the_quick_look_rules_out_nothing_that_says_nothing(before: str, word: str, between: str, after: str) -> None:
    for said in (f"{before}{word}{between}{after}", f"{word.upper()}{between}{after}", f"{word}{between}{word}"):
        assert may_say_nothing(said.encode()) or not says_nothing(said)


@pytest.mark.parametrize(
    "said", ["To.", "Ja, to.", "Nei, aldri alene.", "Fordi de er redde.", "ja " * 7, "Ja, men pengene, da.", "ja" * 60]
)
def test_a_word_of_content_or_a_long_answer_says_something(said: str) -> None:
    assert not says_nothing(said)


def test_words_of_content_are_those_of_the_theme() -> None:
    told = "Jo, altså, jeg tenker liksom at tillit er litt sånn viktig, da, og tre ganger viktigere for brukerne i NAV".lower()
    words = [word.strip(",") for word in told.split()]
    assert [word for word in words if carries_content(word, "nb")] == [
        "tillit",
        "viktig",
        "viktigere",
        "brukerne",
        "nav",
    ]
    assert not any(carries_content(word, "nn") for word in ("ikkje", "korleis", "eg", "dei", "noko"))
    assert carries_content("trust", "en") and not carries_content("because", "en")
    assert function_words("xx") == frozenset() and carries_content("jo", "xx")


def test_evidence_is_words_of_content_and_others_only_where_there_are_none(tmp_path: Path) -> None:
    texts = [
        "Didrik har tillit til oss, altså.",
        "Hun har altså tillit, Didrik.",
        "Bussen kom for seint.",
        "Kaffen var kald.",
    ] * 3
    coder = AutoCoder().fit(texts, [["tillit"], ["tillit"], [], []] * 3)
    path = tmp_path / "a.txt"
    path.write_text(
        "I: Hva nå?\nAnne: Ja, altså, jeg tror Didrik har tillit til oss.\nI: Ja?\nAnne: Altså, altså.",
        encoding="utf-8",
    )
    first, *others = suggest(coder, read_transcript(path), threshold=0.0)
    assert [word.word for word in first.evidence] == ["tillit"]
    assert {part.token for part in coder.explain("Altså, Didrik har tillit.", "tillit")} >= {
        "Altså",
        "Didrik",
        "har",
        "tillit",
    }
    (second,) = others
    assert [word.word for word in second.evidence] == ["Altså"]  # nothing else was said


def test_evidence_of_the_shipped_model_is_believable() -> None:
    """In three interviews, no evidence is a function word, name or number where there is a word of content."""
    from autokode import load_model

    coder = load_model("nav-nb")
    shown = [
        s for name in ("o", "s") for s in suggest(coder, read_transcript(ROOT / "training_data" / f"kontor_{name}.txt"))
    ]
    alone = 0
    for suggestion in shown:
        telling = [carries_content(word.word.lower(), "nb") for word in suggestion.evidence]
        assert all(telling) or not any(telling)
        alone += not any(telling)
    assert len(shown) > 150
    assert alone < len(shown) / 5  # short answers, that the question speaks for
