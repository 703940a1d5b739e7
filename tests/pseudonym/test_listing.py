"""What was found is listed with the surest first, the doubtful apart, and what was left; a person's corrections come back."""

from collections.abc import Callable
from pathlib import Path

import pytest

from autokode import norwegian
from autokode.cli import run
from autokode.pseudonym import Kind, Register, plan, read_list, write_list
from autokode.pseudonym.register import Entity

SAID = (
    "Moderator: Hei Solfrid. Hva sa Bernt Ekre?\n"
    "Solfrid Myhre: Bernt sa at Knerta kommer. Nummeret er 412 07 655.\n"
    "Moderator: Og Skrapla?\n"
    "Solfrid Myhre: Skrapla er fin, og den Kvarsen vi kjøpte, den bruker vi.\n"
)
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def interview(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    path = tmp_path / "intervju.txt"
    path.write_text(SAID, encoding="utf-8")
    return path


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Run:
    def calling(*arguments: str) -> tuple[int, str, str]:
        status = run(["pseudonymise", *arguments])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return calling


def test_the_surest_come_first() -> None:
    scores = (0.6, 1.0, 0.99, 0.8)
    register = Register(Entity(Kind.PERSON, (f"N{score}",), "Tale", 1, "", score) for score in scores)
    assert [entity.score for entity in register.in_order()] == sorted(scores, reverse=True)
    assert [entity.sure for entity in register.in_order()] == [True, True, False, False]


def test_what_is_doubtful_is_folded_and_what_stands_is_told(call: Run, interview: Path) -> None:
    status, out, _err = call("intervju.txt")
    assert status == 0
    table, _mark, rest = out.partition("Tvilsomme")
    assert "Solfrid Myhre · Solfrid" in table
    assert "Bernt Ekre · Bernt" in table
    assert "Skrapla" not in table
    assert "Skrapla" in rest
    assert "--doubtful show" in rest
    assert "Står igjen" in rest
    assert "Kvarsen" in rest
    assert "Skrapla" in call("intervju.txt", "--doubtful", "show")[1]
    assert "Tvilsomme" not in call("intervju.txt", "--doubtful", "leave")[1]


def test_the_doubtful_may_stay(call: Run, interview: Path, tmp_path: Path) -> None:
    assert call("intervju.txt", "--doubtful", "leave", "--yes", "--out", "ut")[0] == 0
    text = (tmp_path / "ut" / "intervju.txt").read_text(encoding="utf-8")
    assert "Skrapla" in text
    assert "Solfrid" not in text
    assert call("ut", "--check", "--key", "ut-nøkkel.json")[0] == 0  # the key knows that it is to stay


def test_a_list_is_in_order_marks_the_doubtful_and_takes_corrections(interview: Path, tmp_path: Path) -> None:
    path = tmp_path / "navn.yaml"
    found = plan(interview, norwegian(own=True))
    write_list(path, found.register, found.standing)
    text = path.read_text(encoding="utf-8")
    assert text.index("\nfunn:") < text.index("\ntvilsomme:") < text.index("Skrapla") < text.index("\nla_stå:")
    assert "Kvarsen" in text.partition("\nstår_igjen:")[2]
    again = plan(interview, norwegian(own=True), register=read_list(path))
    assert again.edits(again.transcripts[0]).edits == found.edits(found.transcripts[0]).edits

    mended = text.replace("funn:\n", "funn:\n  - slag: person\n    former: [Kvarsen]\n").replace(
        "la_stå:\n", "la_stå:\n  - Skrapla\n"
    )
    path.write_text(mended, encoding="utf-8")
    mended_plan = plan(interview, norwegian(own=True), register=read_list(path))
    new = mended_plan.edits(mended_plan.transcripts[0]).apply(SAID)
    assert "Kvarsen" not in new
    assert "Skrapla er fin" in new
    (added,) = [entity for entity in mended_plan.register.entities if entity.forms == ("Kvarsen",)]
    assert added.becomes
    assert added.becomes in new


def test_a_listed_word_that_nothing_finds_is_replaced_wherever_it_has_a_capital(interview: Path) -> None:
    known = Register([Entity(Kind.PERSON, ("Fin",), "Tale")])
    interview.write_text("Moderator: Hei.\nB: Fin er her, og det er fint å være fin, sa Fin.\n", encoding="utf-8")
    found = plan(interview, norwegian(own=True), register=known)
    assert found.edits(found.transcripts[0]).apply(interview.read_text(encoding="utf-8")).count("Tale") == 2
