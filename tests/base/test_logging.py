"""What the library has to say goes to the logger «autokode»: it prints nothing, and no text of an interview is logged."""

import ast
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from autokode import load_model, read_study, read_transcript, suggest
from autokode.autocoder import AutoCoder
from conftest import ROOT

SOURCE = ROOT / "src" / "autokode"
ANSWERS = {"names_work.py"}
"""Programs of their own, which write their answer to what started them."""

LIBRARY = sorted(path for path in SOURCE.rglob("*.py") if "cli" not in path.relative_to(SOURCE).parts)


def calls_in(path: Path) -> list[ast.Call]:
    return [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]


def named(call: ast.Call) -> str:
    return ast.unparse(call.func)


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: str(path.relative_to(SOURCE)))
def test_the_library_prints_nothing_and_has_one_logger(path: Path) -> None:
    spoken = {"print", "sys.stderr.write", "logging.basicConfig"} | (
        {"sys.stdout.write"} if path.name not in ANSWERS else set()
    )
    for call in calls_in(path):
        assert named(call) not in spoken
        assert not named(call).startswith(("logging.info", "logging.warning", "logging.debug", "logging.error"))
        if named(call) == "logging.getLogger" and "waitress" not in ast.unparse(call):
            assert path.name == "log.py"


def test_there_are_messages_to_find() -> None:
    assert sum(named(call).startswith("log.") for path in LIBRARY for call in calls_in(path)) >= 8


def test_who_sets_up_no_logging_sees_none() -> None:
    code = "import logging, autokode.base.log; logging.getLogger('autokode').error('x')"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - ours
    assert (ran.stdout, ran.stderr) == ("", "")


def test_no_text_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    study = read_study(ROOT / "training_data")
    own = study.examples(["kontor_a", "kontor_b"])
    with caplog.at_level(logging.DEBUG, "autokode"):
        AutoCoder().fit(own.texts, own.codes, contexts=own.contexts, groups=own.groups)
        transcript = read_transcript(ROOT / "training_data" / "kontor_c.vtt")
        suggest(load_model("nav-nb"), transcript)
    said = "\n".join(record.getMessage() for record in caplog.records)
    assert "learnt" in said
    words = {word for text in own.texts for word in text.split() if len(word) > 7}
    assert not [word for word in words if word in said]
