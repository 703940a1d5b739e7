"""A name changed in codebook.yaml is told of by the next command, wherever it is, with the command that helps."""

from collections.abc import Callable
from pathlib import Path

import pytest

from autokode.cli import run
from autokode.project import Project

BOOK = "koder:\n  - navn: vann\n    definisjon: Elv og sjø.\n  - navn: is\n"
CODINGS = (
    "transcript,start,end,quote,code,coder,time\nisen,5,18,Isen er trygg,is,Ida,\nisen,5,18,Isen er trygg,vann,Ida,\n"
)
Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    monkeypatch.chdir(tmp_path)
    Path("bok.yaml").write_text(BOOK, encoding="utf-8")
    Path("isen.txt").write_text("Siv: Isen er trygg nå.\nAsk: Ikke ved osen.\n", encoding="utf-8")
    Path("codings.csv").write_text(CODINGS, encoding="utf-8")

    def called(*words: str) -> tuple[int, str, str]:
        status = run([*words, "--project", "p"] if words[0] != "init" else [*words])
        return status, *capsys.readouterr()

    assert called("init", "p", "--codebook", "bok.yaml")[0] == 0
    assert called("add", "isen.txt", "codings.csv", "--pseudonymised")[0] == 0
    return called


def edit(old: str, new: str) -> None:
    path = Path("p/codebook.yaml")
    assert old in path.read_text(encoding="utf-8")
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


TOLD = "✗ koden «vann» har 1 koding, men er ikke i kodeboken; den ser ut til å hete «vassdrag» nå\n"
MEND = "autokode codebook --rename vann vassdrag --project p"


@pytest.mark.parametrize("command", ["add isen.txt", "export --csv ut.csv", "methods", "agreement", "report", "learn"])
def test_every_command_that_opens_the_project_says_it(command: str, call: Call) -> None:
    edit("navn: vann", "navn: vassdrag")
    _status, out, err = call(*command.split())
    assert f"{TOLD}  Prøv: {MEND}\n" in err and TOLD not in out


def test_status_tells_it_among_the_rest(call: Call) -> None:
    edit("navn: vann", "navn: vassdrag")
    status, out, err = call("status")
    assert (status, err) == (0, "") and f"{TOLD}  Prøv: {MEND}\n" in out


def test_doctor_does_not_call_it_sound(call: Call) -> None:
    assert call("doctor")[0] == 0
    edit("navn: vann", "navn: vassdrag")
    status, out, _err = call("doctor")
    assert status == 1 and f"{TOLD}  Prøv: {MEND}" in out and "prosjektet er i orden" not in out
    assert call(*MEND.split()[1:-2])[0] == 0
    assert call("doctor")[0] == 0


def test_the_command_renames_and_says_how_to_go_back(call: Call) -> None:
    status, out, err = call("codebook", "--rename", "vann", "elver og hav")
    assert (status, err) == (0, "")
    assert "«vann» heter «elver og hav»: 1 kodinger, 0 avgjorte forslag og 0 notater følger med." in out
    assert 'Tilbake: autokode codebook --rename "elver og hav" vann --project p' in out
    assert {one.code for one in Project.open("p").codings()} == {"elver og hav", "is"}
    assert "elver og hav" in call("codebook")[1]
    assert call("codebook", "--rename", "elver og hav", "vann")[0] == 0
    assert Path("p/codebook.yaml").read_text(encoding="utf-8").count("navn: vann") == 1


def test_wrong_calls_are_answered_in_words(call: Call) -> None:
    status, _out, err = call("codebook", "--rename", "vnn", "elv")
    assert status == 2 and "ingen kode heter «vnn»; mente du «vann»?" in err
    status, _out, err = call("codebook", "bok.yaml", "--rename", "vann", "elv")
    assert status == 2 and "--rename gjelder et prosjekt, ikke en fil" in err
    assert "--project endret ingenting" in call("codebook", "bok.yaml")[2]
    assert "is" in call("codebook")[1]  # the project's own


def test_several_codes_and_one_that_nobody_can_tell(call: Call) -> None:
    edit(BOOK.partition("koder:\n")[2], "  - navn: sten\n  - navn: jord\n")
    _status, out, _err = call("status")
    assert 'autokode codebook --rename is "NYTT NAVN" --project p' in out and out.count("✗") == 2
