"""Proposed codes: groups of uncoded answers, their names, typical answers, and what is left out."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from autokode.base.errors import DataError
from autokode.cli.suggest_codes import command
from autokode.corpus.codebook import Codebook
from autokode.corpus.transcript import read_transcript
from autokode.model import encoder
from autokode.model.encoder import Embeddings
from autokode.report.open_code_words import content_words
from autokode.report.open_codes import Answer, answer_vectors, answers_of, propose_codes
from conftest import ROOT

SAID = {
    "lønn": (
        "Lønna rekker ikke til husleia",
        "Vi får dårlig lønn for husleia er dyr",
        "Lønna og husleia går ikke i hop",
    ),
    "tur": ("Hunden skal på skogstur hver morgen", "Skogstur med hunden gir ro", "Hunden elsker lange skogsturer"),
}
"""Invented answers on two things."""


def answers(*, names: tuple[str, ...] = ("a", "b")) -> list[Answer]:
    found = []
    for name in names:
        for texts in SAID.values():
            found += [Answer(name, len(found) + i, f"{text}, {name}", "") for i, text in enumerate(texts)]
    return [*found, Answer("a", 900, "Ja.", ""), Answer("b", 901, "Mm, ikke sant.", "")]


def test_answers_that_say_the_same_are_a_group_named_in_their_words() -> None:
    found = propose_codes(answers(), count=2)
    groups = [{"hund" in answer.text.lower() for answer in one.answers} for one in found.codes]
    assert sorted(groups, key=str) == [{False}, {True}]
    dog = next(one for one in found.codes if "hunden" in one.answers[0].text.lower())
    assert "hunden" in dog.name.split(", ")
    assert set(dog.words) <= {word for answer in dog.answers for word in content_words(answer.text, "nb")}


def test_short_answers_are_left_out_and_counted() -> None:
    found = propose_codes(answers(), count=2)
    assert found.too_short == 2
    assert sum(len(one.answers) for one in found.codes) + found.alone + found.too_short == len(answers())


def test_typical_answers_are_of_different_interviews() -> None:
    for one in propose_codes(answers(), count=2).codes:
        assert len({answer.interview for answer in one.typical}) == 2


def test_the_same_answers_give_the_same_proposals() -> None:
    assert propose_codes(answers()) == propose_codes(answers())


def test_a_speakers_name_is_no_name_of_a_code() -> None:
    found = propose_codes(answers(), count=2, unnamed=frozenset({"hunden"}))
    assert not any("hunden" in one.name or "hunden" in one.words for one in found.codes)


def test_too_few_answers_and_a_wrong_count_are_said() -> None:
    with pytest.raises(DataError, match="12"):
        propose_codes(answers()[:3])
    for count in (1, 7):
        with pytest.raises(DataError, match=r"grupper|groups"):
            propose_codes(answers(), count=count)


def test_the_command_writes_a_codebook_and_codes_nothing(tmp_path: Path) -> None:
    file, out, rows = ROOT / "training_data" / "kontor_c.vtt", tmp_path / "forslag.yaml", tmp_path / "forslag.csv"
    for path in (out, rows):
        done = CliRunner().invoke(command, [str(file), "--out", str(path)])
        assert done.exit_code == 0, done.output
    book = Codebook.read(out)
    said = {" ".join(answer.text.split()) for answer in answers_of([read_transcript(file)])}
    assert book.codable and all(set(code.examples) <= said for code in book)
    assert rows.read_text(encoding="utf-8").startswith("code,interview,utterance,typical,text\n")


def test_the_command_names_an_ending_it_does_not_write(tmp_path: Path) -> None:
    done = CliRunner().invoke(command, [str(ROOT / "training_data" / "kontor_c.vtt"), "--out", str(tmp_path / "x.txt")])
    assert done.exit_code == 2 and ".yaml" in done.output


class Knowing:
    """An encoder that knows which answers are about pay, whatever their words."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> Embeddings:
        self.asked += texts
        return np.array(
            [[1.0, 0.3] if "krone" in text or "Penge" in text else [0.1, 0.7] for text in texts], np.float32
        )


def test_an_encoder_looks_at_answers_and_questions_too_each_once() -> None:
    pay = ("Hver krone telles før helga kommer", "Pengene mangler når barna skal på leir")
    walk = ("Fjellet er best når høsten kommer", "Barna skal på leir ved vannet")
    own = [Answer(name, i, text, "Hva er viktig?") for name in "abc" for i, text in enumerate((*pay, *walk))]
    knowing = Knowing()
    bare, seen = answer_vectors(own, "nb"), answer_vectors(own, "nb", knowing)
    assert sorted(knowing.asked) == sorted([*pay, *walk, "Hva er viktig?"])
    of_pay = [i for i, one in enumerate(own) if one.text in pay]
    together = [float(np.mean((rows @ rows.T)[np.ix_(of_pay, of_pay)])) for rows in (bare, seen)]
    assert together[1] > together[0] + 0.1
    np.testing.assert_allclose(np.linalg.norm(seen, axis=1), 1, rtol=1e-6)


def test_the_command_takes_an_encoder_or_none(monkeypatch: pytest.MonkeyPatch) -> None:
    used: list[object] = []
    monkeypatch.setattr(encoder, "installed", lambda: "e5")
    monkeypatch.setattr(encoder, "of", used.append)
    path = str(ROOT / "training_data" / "kontor_a.docx")
    for words in ([], ["--encoder", "ingen"], ["--encoder", "none"], ["--encoder", "min/mappe"]):
        assert CliRunner().invoke(command, [path, *words]).exit_code == 0
    assert used == ["e5", None, None, "min/mappe"]
