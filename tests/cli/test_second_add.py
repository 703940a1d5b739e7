"""What a second `autokode add` says counts: who coded, who interviews, which office; nothing is ignored in silence."""

from collections.abc import Callable
from pathlib import Path

import pytest

from autokode.cli import run
from autokode.project import Project
from autokode.project.store import integrity

TEXT = "I: Hva fisker du?\nSiv: Mest torsk om vinteren.\nAsk: Sei og litt hyse.\n"
BOOK = "navn: b\nkoder:\n  - navn: fisk\n  - navn: vinter\n"
Call = Callable[..., str]


def coded(*rows: tuple[str, str, str]) -> str:
    lines = ["transcript,start,end,quote,code,coder"]
    for quote, code, coder in rows:
        start = TEXT.index(quote)
        lines.append(f"kai,{start},{start + len(quote)},{quote},{code},{coder}")
    return "\n".join(lines) + "\n"


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    monkeypatch.chdir(tmp_path)
    Path("kai.txt").write_text(TEXT, encoding="utf-8")
    Path("bok.yaml").write_text(BOOK, encoding="utf-8")
    Path("k.csv").write_text(
        coded(("torsk", "fisk", "Anne"), ("vinteren", "vinter", ""), ("Sei", "fisk", "Per")), encoding="utf-8"
    )

    def called(*words: str) -> str:
        assert run([*words, *(["--project", "p"] if words[0] != "init" else [])]) == 0
        captured = capsys.readouterr()
        return captured.out + captured.err

    called("init", "p", "--codebook", "bok.yaml")
    called("add", "kai.txt", "--interviewer", "I")
    return called


def by_coder() -> set[tuple[str, str, str]]:
    return {(one.coder, one.segment.quote, one.code) for one in Project.open("p").codings()}


@pytest.mark.parametrize("command", ["add", "import"])
def test_the_codings_of_others_stay_theirs(call: Call, command: str) -> None:
    said = call(command, "k.csv", "--coder", "Anne")
    assert by_coder() == {("Anne", "torsk", "fisk"), ("Anne", "vinteren", "vinter"), ("Per", "Sei", "fisk")}
    assert "1 kodinger er av andre enn Anne, og står som deres: Per (1). --coder gjelder dem uten navn" in said


@pytest.mark.parametrize("command", ["add", "import"])
def test_without_a_name_nobody_is_made_up(call: Call, command: str) -> None:
    call(command, "k.csv")
    assert {coder for coder, *_rest in by_coder()} == {"Anne", "Per", "ukjent"}


def test_a_study_keeps_the_names_of_its_coders(call: Call) -> None:
    Path("s").mkdir()
    Path("s/kai.txt").write_text(TEXT, encoding="utf-8")
    Path("s/codings.csv").write_text(Path("k.csv").read_text(encoding="utf-8"), encoding="utf-8")
    Path("s/codebook.yaml").write_text(BOOK, encoding="utf-8")
    assert "Per (1)" in call("add", "s", "--coder", "Kari")
    assert {coder for coder, *_rest in by_coder()} == {"Anne", "Per", "Kari"}


def roles() -> dict[str, str]:
    return {one.speaker: one.role for one in Project.open("p").transcript("kai").utterances}


def test_another_interviewer_and_office_at_a_second_add(call: Call) -> None:
    call("add", "k.csv")
    before = by_coder()
    said = call("add", "kai.txt", "--interviewer", "Ask", "--office", "Kontor B")
    assert "gruppe: kai → Kontor B" in said and "intervjuer: Ask" in said
    assert roles()["Ask"] == "interviewer" and roles()["I"] != "interviewer"
    assert Project.open("p").source("kai").office == "Kontor B" and by_coder() == before
    assert integrity.check(Path("p")) == []


@pytest.mark.parametrize("named", ["s", "s/kai.txt"])
def test_what_a_study_says_at_a_second_add(call: Call, named: str) -> None:
    Path("s").mkdir()
    Path("s/kai.txt").write_text(TEXT, encoding="utf-8")
    Path("s/codebook.yaml").write_text(BOOK, encoding="utf-8")
    Path("s/study.yaml").write_text(
        "transkripter:\n  - fil: kai.txt\n    gruppe: Kontor A\n    intervjuere: [Siv]\n", encoding="utf-8"
    )
    call("add", "k.csv")
    before = by_coder()
    said = call("add", named)
    assert "gruppe: kai → Kontor A" in said and "intervjuer: Siv" in said
    assert roles()["Siv"] == "interviewer" and by_coder() == before
    assert "gruppe: Kontor A → Kontor C" in call("add", named, "--office", "Kontor C")
    assert Project.open("p").source("kai").office == "Kontor C"
    assert "study.yaml" in call("add", "s", "--interviewer", "I")
