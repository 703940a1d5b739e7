"""Which names are taken for a slip of a known one, and when a coder comes into a project and goes out of it."""

from pathlib import Path

import pytest

from autokode.project.store.coders import enrolling, likeliest
from project_case import small

KNOWN = ["Anne", "Kari Berg", "Koder 1", "Koder A", "Øystein", "B"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("anne", "Anne"),
        ("Ane", "Anne"),
        ("ØYSTEIN", "Øystein"),
        ("Oystein", "Øystein"),
        ("O\u0308ystein", "Øystein"),
        ("kari berg", "Kari Berg"),
        ("Kari  Berg", "Kari Berg"),
        ("Kari", "Kari Berg"),
        ("Anne Lie", "Anne"),
        ("koder 1", "Koder 1"),
        ("Anne", ""),  # known: nothing to ask
        ("Koder 2", ""),
        ("Koder 11", ""),
        ("Koder B", ""),
        ("A", ""),
        ("Ola", ""),
        ("Nina", ""),
        ("", ""),
    ],
)
def test_a_name_like_a_known_one_is_taken_for_a_slip(written: str, meant: str) -> None:
    assert likeliest(written, KNOWN) == meant


def test_one_who_stores_nothing_is_not_kept_and_one_who_was_there_is(tmp_path: Path) -> None:
    project = small(tmp_path / "p")
    project.coder("Siv", blind=True)
    for name in ("Ola", "Siv", "Anne"):
        with project.database.writing() as connection, enrolling(connection, name):
            pass
    assert [(coder.name, coder.blind) for coder in project.coders] == [("Anne", False), ("Siv", True)]


def test_a_coder_with_suggestions_alone_is_not_removed(tmp_path: Path) -> None:
    project = small(tmp_path / "p")  # Anne was suggested something
    assert not project.remove_coder(project.known_coder("Anne"))
    assert project.remove_coder(project.coder("Ola"))
    assert [coder.name for coder in project.coders] == ["Anne"]
