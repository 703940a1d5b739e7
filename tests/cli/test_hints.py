"""The hint of an error leads further: it is never the command that was just run, nor options that it had already."""

import re
import shlex
from pathlib import Path

import pytest

from autokode.base.errors import DataError, Problem
from autokode.cli import run
from autokode.cli.usage import with_new_hint
from autokode.project import Project
from conftest import ROOT
from project_case import small

SHIPPED = str(ROOT / "training_data")


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with everything that can be wrong: broken, empty and missing files, beside a project with one coder."""
    tmp_path = tmp_path_factory.mktemp("feil")
    (tmp_path / "tom mappe").mkdir()
    (tmp_path / "tom.txt").write_text("", encoding="utf-8")
    (tmp_path / "bok.yaml").write_text("koder:\n  - navn: tur\n  - navn: tur\n", encoding="utf-8")
    (tmp_path / "uten koder.yaml").write_text("koder: []\n", encoding="utf-8")
    (tmp_path / "brukket.yaml").write_text("koder: [\n", encoding="utf-8")
    (tmp_path / "tur.txt").write_text("I: Hvor går dere?\nSiv: Til skogen.\n" * 3, encoding="utf-8")
    (tmp_path / "bilde.png").write_bytes(b"\x89PNG\r\n")
    (tmp_path / "gammel.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    (tmp_path / "ikke.docx").write_text("ren tekst", encoding="utf-8")
    (tmp_path / "ikke.qdpx").write_text("ren tekst", encoding="utf-8")
    (tmp_path / "ikke.json").write_text("{", encoding="utf-8")
    (tmp_path / "codings.csv").write_text("hva,som,helst\n1,2,3\n", encoding="utf-8")
    for name in ("studie", "en studie"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "codebook.yaml").write_text("koder:\n  - navn: tur\n", encoding="utf-8")
    (tmp_path / "studie" / "tur.txt").write_text("I: Hvor går dere?\nSiv: Til skogen.\n" * 3, encoding="utf-8")
    small(tmp_path / "p")
    brukket = Project.create(tmp_path / "brukket", small(tmp_path / "q").codebook)
    (brukket.folder / "codebook.yaml").write_text("koder: [\n", encoding="utf-8")
    return tmp_path


COMMANDS = [
    "transcript finnes-ikke.txt",
    "transcript tom.txt",
    "transcript 'tom mappe'",
    "transcript bilde.png",
    "transcript gammel.doc",
    "transcript ikke.docx",
    "transcript ikke.json",
    "transcript tur.txt --speaker Ingen",
    "transcript tur.txt --interviewer Ingen",
    "transcript tur.txt --interviewer I --interviewer Ingen",
    "transcript tur.txt --labels ukjent",
    "transcript tur.txt --labels heading",
    "transcript tur.txt --encoding klingon",
    "codebook bok.yaml",
    "codebook 'uten koder.yaml'",
    "codebook brukket.yaml",
    "codebook brukket/codebook.yaml",
    "codebook finnes-ikke.yaml",
    "init p",
    "init ny --codebook bok.yaml",
    "init ny --codebook finnes-ikke.yaml",
    "add finnes-ikke.docx --project p",
    "add 'tom mappe' --project p",
    "add tur.txt --project ingen",
    "add tur.txt --interviewer Ingen --project p",
    "add codings.csv --project p",
    "add codings.csv --coder '' --project p",
    "add studie 'en studie' --project p",
    "review --project ingen",
    "codebook --rename makt styring --project brukket",
    "review --coder ane --project p",
    "learn --project p",
    "learn --coder Ny --project p",
    "learn --precision 0.8 --project ingen",
    "learn --precision 99 --project p",
    "learn --model finnes-ikke --project p",
    "learn --model nav-nb --project p",
    "status --project ingen",
    "status --coder Ane --project p",
    "coders --remove Ingen --project p",
    "export --project p",
    "export --project p --qdpx p.zip",
    "import finnes-ikke.qdpx --project p",
    "import ikke.qdpx --project p",
    "import studie --project p",
    "import bilde.png --project p",
    "import codings.csv --project p",
    "agreement --project p",
    "agreement Ingen Anne --project p",
    "agreement --project ingen",
    "agreement --unit sentence --with-model --project p",
    "report --project p",
    "report --project p --out rapport.pdf",
    "report --coder Ingen --project p",
    "methods --project ingen",
    "methods --repeat ikke.json --project p",
    "methods --repeat finnes-ikke.json --project p",
    "train studie --out modell",
    "train 'en studie' --out modell",
    "train 'tom mappe' --out modell",
    "train finnes-ikke --out modell",
    "train tur.txt --out modell",
    "evaluate studie",
    "evaluate finnes-ikke",
    "evaluate 'tom mappe'",
    "suggest tur.txt --model finnes-ikke",
    "suggest tur.txt --threshold 7",
    "suggest tur.txt --out forslag.pdf",
    "score tur.txt --out koder.pdf",
    "score finnes-ikke.csv --out koder.csv",
    "score codings.csv --out koder.csv",
    "score codings.csv --out codings.csv",
    "pseudonymise finnes-ikke",
    "pseudonymise 'tom mappe' --yes",
    "pseudonymise studie --undo",
    "strender",
    "review --prosjekt p",
]


IN_BOTH = [("nb", command) for command in COMMANDS] + [("en", command) for command in COMMANDS[::6]]


@pytest.mark.parametrize(("language", "command"), IN_BOTH)
def test_a_hint_is_not_what_was_just_typed(
    wrong: Path, capsys: pytest.CaptureFixture[str], command: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(wrong)  # what fails changes nothing there
    monkeypatch.setenv("AUTOKODE_LANG", language)
    words = shlex.split(command)
    status = run(words)
    out, err = capsys.readouterr()
    assert status in (1, 2), out
    assert "Traceback" not in err
    hints = re.findall(r"^ *(?:Prøv|Try): (.+)$", out + err, re.MULTILINE)
    assert hints or status == 1, err
    for hint in hints:
        for way in re.split(r", eller |, or |; ", hint):
            typed = sorted(shlex.split(way.replace("'", " ") if way.count("'") % 2 else way))
            assert typed != sorted(["autokode", *words]), hint
            assert not (way.startswith("--") and set(typed) <= set(words)), hint


FILE = Problem("er feil", "min bok.yaml", 3)


@pytest.mark.parametrize(
    ("hint", "typed", "wanted"),
    [
        ("autokode status", "learn", "autokode status"),
        ("autokode learn --project p", "learn --project p", "autokode learn --help"),
        ("autokode learn --project p", "learn --project p --english", "autokode learn --help"),
        ("autokode learn --coder A --project p", "learn --project p --coder A", "autokode learn --help"),
        ("autokode learn --project .", "learn", "autokode learn --help"),
        ("autokode learn", "learn --project .", "autokode learn --help"),
        ("autokode doctor --repair, eller en sikkerhetskopi", "doctor --repair", "en sikkerhetskopi"),
        ("autokode a; autokode b; autokode c", "b", "autokode a; autokode c"),
        ("--threads 2", "score x --threads 2", "autokode score --help"),
        ("--threads 2", "score x --threads 4", "--threads 2"),
        ("don't", "learn", "don't"),
        (None, "learn", None),
    ],
)
def test_a_hint_that_was_typed_gives_way(hint: str | None, typed: str, wanted: str | None) -> None:
    assert with_new_hint(DataError(Problem("er feil"), try_next=hint), typed.split()).try_next == wanted


def test_the_line_that_is_wrong_is_a_better_hint_than_the_help() -> None:
    error = DataError([Problem("er feil"), FILE], try_next='autokode codebook "min bok.yaml"')
    assert with_new_hint(error, ["codebook", "min bok.yaml"]).try_next == 'rett linje 3 i "min bok.yaml"'
