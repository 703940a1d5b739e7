"""Shared by all tests: real data where it is there, generated Norwegian text, a small study, golden files."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from autokode.corpus.study import Study, read_study

ROOT = Path(__file__).parents[1]
FOURTEEN = tuple(f"kontor_{letter}" for letter in "abcdefghijklmn")
"""The first interviews of the training set: those by one hand."""

SHARED = Path(os.environ.get("AUTOKODE_SHARED_DATA", ROOT.parent / "shared" / "data"))
GOLDEN = Path(__file__).parent / "golden"

settings.register_profile(
    "autokode",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=not os.environ.get("AUTOKODE_SEARCH"),  # the same examples each time, unless one looks for new ones
)
settings.load_profile("autokode")

needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason=f"real data is not here: {SHARED}")

NORWEGIAN = "abcdefghijklmnopqrstuvwxyzæøåÆØÅéô .,?!…–«»()-"
words = st.text("abdefgijklmnoprstuvyæøå", min_size=1, max_size=12)
speech = st.lists(words, min_size=1, max_size=30).map(" ".join)
"""Words with single blanks: what somebody says, without punctuation."""

pieces = st.sampled_from([*NORWEGIAN, "\n", "\r\n", "\t", "😀", "e\u0301", "\u00a0", "\u200b", "漢", "Anne: ", "\nI: "])
texts = st.lists(pieces, max_size=200).map("".join)
"""Any text of a transcript: line ends of both kinds, emoji, combining marks, odd spaces."""

sentences_with_codes = st.lists(
    st.tuples(speech, st.sampled_from([["språk"], ["makt", "språk"], []])), max_size=12
).map(lambda rows: [*rows, ("vedtaket kom", ["makt"]), ("ordene i brevet", ["språk"]), ("ja", ["makt", "språk"])])
"""At least two examples of each of two codes."""


@pytest.fixture(scope="session")
def three_offices() -> Study:
    """The shipped interviews of offices A, B and C with their codings."""
    return read_study(ROOT / "training_data", names=("kontor_a", "kontor_b", "kontor_c"))


@pytest.fixture(autouse=True, scope="session")
def _own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what autokode keeps of a user apart from what it keeps of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTOKODE_HOME", str(tmp_path_factory.mktemp("own")))
        patch.setenv("AUTOKODE_LANG", "nb")  # for what fixtures make that last longer than a test
        yield


@pytest.fixture(autouse=True)
def _norwegian(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOKODE_LANG", "nb")


def golden(name: str, found: str) -> None:
    """Compare with a golden file; AUTOKODE_GOLDEN=write makes it anew, to be looked at in the diff."""
    path = GOLDEN / name
    if os.environ.get("AUTOKODE_GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(found, encoding="utf-8")
    assert found == path.read_text(encoding="utf-8"), f"{name} changed; AUTOKODE_GOLDEN=write, then look at the diff"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that open a browser."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
