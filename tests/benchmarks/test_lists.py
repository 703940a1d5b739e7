"""The files and tests that mutants and versions name exist."""

import pytest

from benchmarks.qa import mutants, versions
from conftest import ROOT


@pytest.mark.parametrize("room", mutants.ROOMS)
def test_a_room_of_mutants_names_files_and_tests_that_exist(room: str) -> None:
    one = mutants.ROOMS[room]
    for name in one.files.split():
        assert list((ROOT / "src" / "autokode").glob(f"{name}.py")), name
    tests = [ROOT / name for name in one.test_files()]
    assert tests and all(path.exists() for path in tests)
    text = "".join(path.read_text(encoding="utf-8") for path in tests)
    assert one.without == "nothing" or all(name in text for name in one.without.split(" or "))


def test_versions_are_tried_with_tests_that_exist() -> None:
    assert versions.TESTED
    assert all((ROOT / name).exists() for name in versions.TESTED)
    deselected = versions.OF_LOWEST[-1].partition("::")[0]
    assert (ROOT / deselected).exists()
