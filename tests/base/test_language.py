"""English in Python, Norwegian on the command line, and one switch between them."""

import os
import subprocess
import sys

import pytest

from autokode import set_language
from autokode.base.messages import language, say

PROGRAM = """
import autokode
from autokode import DataError
for chosen in ("", "nb", "nn", "en"):
    if chosen:
        autokode.set_language(chosen)
    try:
        autokode.load_model("nav-nb").predict([1])
    except DataError as error:
        print(str(error).splitlines()[0])
"""


def own_environment(**more: str) -> dict[str, str]:
    return {**{name: value for name, value in os.environ.items() if name != "AUTOKODE_LANG"}, **more}


def test_python_has_english_unless_one_chooses() -> None:
    command = [sys.executable, "-c", PROGRAM]
    said = subprocess.run(  # noqa: S603 - ours
        command, capture_output=True, text=True, check=True, env=own_environment()
    ).stdout.splitlines()
    norwegian, english = "texts, rad 1: fant int, ventet str", "texts, row 1: found int, expected str"
    assert said == [english, norwegian, norwegian, english]
    said = subprocess.run(  # noqa: S603 - ours
        command, capture_output=True, text=True, check=True, env=own_environment(AUTOKODE_LANG="nb")
    ).stdout.splitlines()
    assert said[0] == norwegian


@pytest.mark.parametrize(("words", "shown"), [([], "Bruk"), (["--english"], "Usage")])
def test_the_command_line_has_norwegian_unless_one_says_english(words: list[str], shown: str) -> None:
    command = [sys.executable, "-m", "autokode", *words, "learn", "--help"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, env=own_environment())  # noqa: S603 - ours
    assert ran.stdout.startswith(shown)


def test_a_language_is_chosen_for_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOKODE_LANG", "nb")
    assert say("ja", "yes") == "ja"
    set_language("en")
    assert (say("ja", "yes"), language()) == ("yes", "en")
    with pytest.raises(ValueError, match="found 'de', expected one of nb, nn, en"):
        set_language("de")
