"""The command line: golden output, exit status, stdout and stderr, errors in plain words."""

import csv
import errno
import json
import os
import shlex
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from autokode.base.errors import quoted
from autokode.cli import evaluation_display, main, run, suggestion_display
from autokode.cli.group import COMMANDS
from autokode.corpus.codebook import Code, Codebook
from autokode.corpus.readers import Source
from autokode.corpus.transcript import from_source
from autokode.evaluation.cross_validation import Evaluation, Figures
from autokode.evaluation.learning_curve import Curve
from autokode.evaluation.reliability import Bin, Promise
from autokode.suggestion import Evidence, Suggestion
from conftest import ROOT, golden

INTERVIEW = "I: Hvem bestemmer?\nÅse: Jeg har pengene, og hen er redd.\nI: Mm.\nÅse: Hurra.\n"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run a command in an empty folder; return exit status, stdout, stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")

    def calling(*arguments: str) -> tuple[int, str, str]:
        status = run(list(arguments))
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return calling


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A study of three tiny interviews."""
    folder = tmp_path / "studie"
    folder.mkdir()
    (folder / "codebook.yaml").write_text("koder:\n  - navn: makt\n  - navn: tillit og trygghet\n", encoding="utf-8")
    rows = ["transcript,start,end,quote,code,coder,time"]
    for name in "abc":
        text = INTERVIEW.replace("Hurra", f"Hurra {name}")
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
        for quote, code in (("Jeg har pengene", "makt"), ("hen er redd", "tillit og trygghet")):
            start = text.index(quote)
            rows.append(f"{name},{start},{start + len(quote)},{quote},{code},meg,")
    (folder / "codings.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize("language", ["nb", "en"])
def test_help(language: str) -> None:
    env = {**os.environ, "AUTOKODE_LANG": language, "COLUMNS": "100"}
    shown = []
    for arguments in ([], *[[name] for name in COMMANDS]):
        command = [sys.executable, "-m", "autokode", *arguments, "--help"]
        ran = subprocess.run(command, env=env, capture_output=True, check=True)  # noqa: S603 - our own interpreter
        assert ran.stderr == b""
        shown.append(f"$ autokode {' '.join([*arguments, '--help'])}\n{ran.stdout.decode('utf-8')}")
    golden(f"help_{language}.txt", "\n".join(shown))


def test_english_is_one_switch_away(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "autokode", "--english", "transcript", "finnes-ikke.txt"]
    ran = subprocess.run(command, capture_output=True, check=False, cwd=tmp_path)  # noqa: S603 - our own interpreter
    assert ran.returncode == 2
    assert ran.stderr.decode("utf-8") == "autokode: finnes-ikke.txt: there is no such file\nTry: ls .\n"


def test_without_a_command_it_shows_help(call: Run) -> None:
    status, out, _ = call()
    assert (status, out.startswith("Bruk: autokode")) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["sugest"], "autokode: ukjent kommando «sugest»; mente du «suggest»?\nPrøv: autokode --help\n"),
        (["suggest", "--modell", "x", "y"], "autokode: ukjent valg «--modell»; mente du «--model»?"),
        (["train", "x"], "autokode: mangler --out\nPrøv: autokode train --help\n"),
        (["train"], "autokode: mangler MAPPE"),
        (
            ["evaluate", "x", "--seed", "a"],
            "autokode: --seed passer ikke: «a»; ventet et helt tall fra 0 til 4294967295\n",
        ),
        (["evaluate", "x", "--precision", "høy"], "autokode: --precision passer ikke: «høy»; ventet et tall som 0.8\n"),
        (["agreement", "--unit", "side"], "--unit passer ikke: «side»; ventet utterance, sentence, character\n"),
        (["report", "--out"], "autokode: --out må følges av noe\nPrøv: autokode report --help\n"),
        (["report", "mappen min"], "«mappen min» er for mye her; et prosjekt oppgis med --project\n"),
        (
            ["codebook", "a", "b"],
            "autokode: «b» er for mye her; et prosjekt oppgis med --project\nPrøv: autokode codebook --help\n",
        ),
        (["train", "x", "--out", "m", "--seed", "-1"], "autokode: --seed passer ikke"),
        (["train", "ingen", "--out", "m"], "autokode: ingen: finnes ikke\nPrøv: autokode train training_data\n"),
        (["codebook", "bok.yaml"], "autokode: bok.yaml: filen finnes ikke\n"),
        (["suggest", "a.txt", "--model", "m"], "autokode: a.txt: filen finnes ikke"),
    ],
)
def test_a_wrong_call_says_what_was_meant_and_exits_2(call: Run, arguments: list[str], message: str) -> None:
    status, out, err = call(*arguments)
    assert (status, out) == (2, "")
    assert message in err
    assert "Traceback" not in err


def test_transcript_shows_how_a_file_is_read(call: Run, tmp_path: Path) -> None:
    (tmp_path / "intervju.txt").write_text("Kontor A\n\n" + INTERVIEW, encoding="utf-8")
    status, out, err = call("transcript", "intervju.txt")
    assert (status, err) == (0, "")
    golden("transcript.txt", out)
    (shown,) = json.loads(call("transcript", "intervju.txt", "--json")[1])
    assert [u["speaker"] for u in shown["utterances"]] == ["I", "Åse", "I", "Åse"]
    status, out, _ = call("transcript", "intervju.txt", "--interviewer", "Åse", "--labels", "colon")
    assert "Åse (intervjuer)" in out


def test_codebook_shows_the_tree(call: Run) -> None:
    status, out, _ = call("codebook", str(ROOT / "training_data" / "codebook.yaml"))
    assert status == 0
    golden("codebook.txt", out)
    assert call("codebook")[1] == out
    assert json.loads(call("codebook", "--json")[1])["codes"][0]["name"] == "faktiske forhold"


def test_train_then_suggest_then_evaluate(call: Run, study: Path, tmp_path: Path) -> None:
    status, out, _ = call("train", str(study), "--out", "modell")
    assert status == 0
    assert out.startswith("modell: 2 koder lært av 6 svar i 3 intervjuer")
    status, out, _err = call(
        "suggest", str(study / "a.txt"), "--model", "modell", "--out", "forslag.csv", "--threshold", "0.3"
    )
    assert status == 0
    assert out.endswith("ytringer → forslag.csv\n")
    with Path("forslag.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert {row["code"] for row in rows} == {"makt", "tillit og trygghet"}
    assert rows[0]["quote"] == "Jeg har pengene, og hen er redd."
    found = json.loads(call("suggest", str(study / "a.txt"), "--model", "modell", "--threshold", "0.3", "--json")[1])
    assert len(found) == len(rows)
    status, out, _ = call("suggest", str(study / "a.txt"), "--model", "modell", "--threshold", "0.3")
    assert "Jeg har" in out.replace("*", "")
    assert "→ makt" in out
    status, out, _ = call("evaluate", str(study), "--out", "tall.json")
    assert (status, "makt" in out) == (0, True)
    assert "ventet .json" in call("evaluate", str(study), "--out", "tall.csv")[2]
    assert json.loads(Path("tall.json").read_text(encoding="utf-8")) == json.loads(
        call("evaluate", str(study), "--json")[1]
    )


def test_a_promise_that_cannot_be_kept_is_announced(call: Run, study: Path) -> None:
    call("train", str(study), "--out", "modell")
    status, out, _ = call("suggest", str(study / "a.txt"), "--model", "modell", "--precision", "0.95")
    assert status == 0
    assert "0 forslag til 0 av 2 ytringer" in out
    assert "Kan ikke holde løftet ennå:\n  makt: flere eksempler trengs" in out
    status, _, err = call("suggest", str(study / "a.txt"), "--model", "modell", "--precision", "95")
    assert (status, "ventet ett løfte, fra 0,05 til 0,95" in err) == (2, True)
    status, _, err = call("suggest", str(study / "a.txt"), "--precision", "0.9", "--recall", "0.9")
    assert (status, "velg én av dem" in err) == (2, True)


def test_bad_data_leaves_nothing_half_written(call: Run, study: Path, tmp_path: Path) -> None:
    (study / "b.txt").write_bytes(b"\x89PNG")
    status, out, err = call("train", str(study), "--out", "modell")
    assert (status, out) == (2, "")
    assert "b.txt: er PNG, et bilde" in err
    assert not (tmp_path / "modell").exists()
    (study / "a.txt").write_text("Åse: ja\n", encoding="utf-8")
    status, _, err = call("suggest", str(study / "a.txt"), "--model", "modell", "--out", "x.csv")
    assert (status, Path("x.csv").exists()) == (2, False)


def test_thin_codes_are_announced_on_stderr(call: Run, study: Path) -> None:
    book = study / "codebook.yaml"
    book.write_text(
        book.read_text(encoding="utf-8") + "  - navn: språk\n    definisjon: ord i brev\n", encoding="utf-8"
    )
    status, out, err = call("train", str(study), "--out", "m")
    assert status == 0
    assert "uten eksempler, foreslås bare ut fra definisjonen: språk" in err
    assert "språk" not in out


BOOK = Codebook("b", (Code("makt", colour="#8e2f4f"), Code("tillit", colour="#d9644f")))


def suggestions_of(text: str) -> tuple[Suggestion, ...]:
    start, end = text.index("Jeg har"), text.index("redd.") + 5

    def word(said: str, strength: float) -> Evidence:
        return Evidence(said, text.index(said), text.index(said) + len(said), strength)

    place = ("a", 1, "Åse", start, end, text[start:end])
    return (
        Suggestion(
            *place, "makt", "code", 0.912, 5, 20, (word("pengene", 2.1), word("har", 0.4)), "Hvem bestemmer?", 0.8
        ),
        Suggestion(*place, "tillit", "code", 0.331, 5, 20, (word("redd", 1.2),), "Hvem bestemmer?", 0.1),
    )


def test_suggestions_in_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    transcript = from_source(Source(INTERVIEW), "a")
    for name, out in (
        ("suggestions_plain.txt", Console(width=60, highlight=False, color_system=None)),
        ("suggestions_colour.txt", Console(width=60, highlight=False, force_terminal=True, color_system="truecolor")),
    ):
        with out.capture() as captured:
            suggestion_display.print_utterances(out, transcript, suggestions_of(INTERVIEW), BOOK, range(4))
        golden(name, captured.get())


def test_figures_in_a_terminal() -> None:
    rows = (Figures("makt", 4, 3, 0.75, 0.5, 1.0, 0.6667), Figures("språk", 0, 0, None, None, None, None))
    promises = (
        Promise("precision", 0.8, 50, 41, 60, 0.82, (0.69, 0.9), ("makt",)),
        Promise("recall", 0.9, 0, 0, 0, None, None, ("makt", "tillit")),
    )
    bins = (Bin(20, 0.0412, 0.05), Bin(9, 0.5533, 0.44), Bin(4, 0.9712, 1.0))
    curves = (Curve("makt", 12.0, 0.41, 0.4), Curve("tillit", 60.0, 0.9, 0.0))
    evaluation = Evaluation(
        ("a", "b"), 12, rows, rows[:1], 0.75, 0.6667, 0.5, 1.0, 0.6667, (0.6, 0.9), 0, promises, bins, 0.0312, curves
    )
    for width in (90, 50):
        out = Console(width=width, highlight=False, color_system=None)
        with out.capture() as captured:
            evaluation_display.print_evaluation(out, evaluation)
        golden(f"figures_{width}.txt", captured.get())


def test_the_demo_codes_an_interview_and_measures_it(call: Run) -> None:
    status, out, err = call("demo")
    assert status == 0
    for part in (
        "Kontor C",
        "Caroline",
        "→ ",
        "%",
        "Hvor godt gikk det",
        "tillit_og_trygghet",
        "Neste: autokode train",
    ):
        assert part in out
    assert "1/4 Leser intervjuene" in err
    rows = Path("autokode-demo/forslag.csv").read_text(encoding="utf-8")
    assert rows.startswith(
        "transcript,utterance,speaker,start,end,quote,code,level,probability,part_start,part_end,evidence,question\n"
    )
    assert rows.count('"kontor_c",') > 50


def test_a_closed_pipe_and_an_interrupt_end_quietly(tmp_path: Path) -> None:
    command = f"{sys.executable} -m autokode transcript {ROOT}/training_data/kontor_b.txt --json | head -1"
    ran = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, check=False)  # noqa: S603, S607
    assert ran.stdout == b"[\n"
    assert ran.stderr == b""


def test_a_full_disk_is_reported_in_words() -> None:
    command = f"{sys.executable} -m autokode transcript {ROOT}/training_data/kontor_b.txt > /dev/full"
    ran = subprocess.run(["bash", "-c", command], capture_output=True, check=False)  # noqa: S603, S607
    assert ran.returncode == 2
    assert "Traceback" not in ran.stderr.decode("utf-8")


def test_training_without_codings_raises(call: Run, study: Path) -> None:
    (study / "codings.csv").unlink()
    (study / "~$a.docx").write_bytes(b"Words own lock")
    status, _, err = call("train", str(study), "--out", "modell")
    assert (status, "ingen kodinger å lære av" in err) == (2, True)


@pytest.mark.parametrize("path", ["prosjekt/a.csv", "C:\\x\\a.csv", "s3://b/a", "bjørk/å.docx"])
def test_a_plain_path_is_typed_as_it_is(path: str) -> None:
    assert quoted(path) == path


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\\"), min_size=1))
def test_any_path_comes_through_a_shell_as_one_word(path: str) -> None:
    assert shlex.split(f"ls {quoted(path)}") == ["ls", path]


def test_a_thread_without_memory_leaves_the_word_to_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[BaseException | None] = []
    monkeypatch.setattr(threading, "excepthook", lambda met: told.append(met.exc_value))
    monkeypatch.setattr(sys, "unraisablehook", lambda met: told.append(met.exc_value))

    def threads(_arguments: list[str]) -> int:
        for error in (MemoryError(), SystemError("error return without exception set"), ValueError("en feil")):
            thread = threading.Thread(target=_raise, args=(error,))
            thread.start()
            thread.join()
            sys.unraisablehook(SimpleNamespace(exc_value=error))
        return 0

    monkeypatch.setattr("signal.signal", lambda *_: None)
    monkeypatch.setattr("autokode.cli.run", threads)
    with pytest.raises(SystemExit):
        main(["status"])
    assert [str(error) for error in told] == ["en feil", "en feil"]


def test_an_error_is_lack_of_memory_where_none_can_be_had(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A library that did not fit may call itself not installed."""

    def none_left(*_given: object) -> None:
        raise OSError(errno.ENOMEM, "Cannot allocate memory")

    monkeypatch.setattr("autokode.cli.group.autokode", lambda *_given, **_options: _raise(ValueError("needs blis")))
    with pytest.raises(ValueError, match="needs blis"):
        run(["status"])
    monkeypatch.setattr("mmap.mmap", none_left)
    assert run(["status"]) == 2
    assert "for lite minne; ingenting halvskrevet" in capsys.readouterr().err


def _raise(error: Exception) -> None:
    raise error
