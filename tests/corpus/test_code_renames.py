"""Codes that are gone from a codebook's file and those that came: which are the same, and the file with one name changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autokode.corpus.code_renames import likely_renames
from autokode.corpus.codebook import Codebook
from autokode.corpus.codebook_edit import renamed_text, with_renamed

BEFORE = """
navn: Fjellet
koder:
  - navn: vær
    nummer: 1
    koder:
      - navn: vind
        definisjon: Når det blåser.
      - navn: tåke
        farge: '#aabbcc'
  - navn: ferdsel
    koder:
      - navn: ski
      - navn: til fots
"""


def renames(*changes: tuple[str, str]) -> dict[str, str]:
    after = BEFORE
    for old, new in changes:
        assert old in after
        after = after.replace(old, new)
    return likely_renames(Codebook.from_yaml(BEFORE), Codebook.from_yaml(after))


def test_nothing_is_renamed_where_nothing_is_gone_or_nothing_came() -> None:
    assert renames() == {}
    assert renames(("      - navn: ski\n", "")) == {}
    assert renames(("      - navn: ski\n", "      - navn: ski\n      - navn: truger\n")) == {}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("navn: vind\n", "navn: storm og kuling\n"),  # the definition
        ("navn: tåke\n", "navn: dårlig sikt\n"),  # the colour
        ("navn: vær\n", "navn: hva himmelen gjør\n"),  # the number; what is below follows
        ("navn: ski\n", "navn: Ski\n"),  # the spelling
        ("navn: til fots\n", "navn: gå\n"),  # the only one in its place
        ("navn: ferdsel\n", "navn: å komme fram\n"),  # a category
    ],
)
def test_one_that_is_gone_is_the_one_that_came(old: str, new: str) -> None:
    names = [part.removeprefix("navn: ").strip() for part in (old, new)]
    assert renames((old, new)) == {names[0]: names[1]}


def test_several_at_once() -> None:
    both = renames(("navn: vind\n", "navn: kuling\n"), ("navn: tåke\n", "navn: skodde\n"))
    assert both == {"vind": "kuling", "tåke": "skodde"}
    alike = renames(("navn: ski\n", "navn: skitur\n"), ("navn: til fots\n", "navn: til fots i snø\n"))
    assert alike == {"ski": "skitur", "til fots": "til fots i snø"}
    unlike = renames(("navn: ski\n", "navn: påske\n"), ("navn: til fots\n", "navn: sommer\n"))
    assert unlike == {}  # who is to say which is which
    family = renames(("navn: ferdsel\n", "navn: reise\n"), ("navn: ski\n", "navn: slalåm\n"))
    assert family == {"ferdsel": "reise", "ski": "slalåm"}


def test_a_move_in_the_tree_is_no_rename() -> None:
    moved = BEFORE.replace("      - navn: ski\n", "").replace(
        "  - navn: ferdsel\n", "  - navn: ski\n  - navn: ferdsel\n"
    )
    assert likely_renames(Codebook.from_yaml(BEFORE), Codebook.from_yaml(moved)) == {}


COMMENTED = """# vår kodebok
navn: vind   # bokens navn, ikke kodens
koder:
- navn: "vind"     # den gamle
  definisjon: vind er luft
  koder:
    - {navn: 'bris', definisjon: lett}
    - name: stiv kuling
"""


def test_a_name_is_changed_and_all_else_stays() -> None:
    assert renamed_text(COMMENTED, "vind", "storm") == COMMENTED.replace('"vind"', "storm")
    assert renamed_text(COMMENTED, "bris", "Hva nå: 'ja'?") == COMMENTED.replace("'bris'", "'Hva nå: ''ja''?'")
    assert renamed_text(COMMENTED, "stiv kuling", "nei") == COMMENTED.replace("stiv kuling", "'nei'")


def test_a_name_that_does_not_stand_plainly_is_written_anew() -> None:
    text = "koder:\n  - navn: &v vind\n    definisjon: *v\n"
    assert Codebook.from_yaml(renamed_text(text, "vind", "storm")) == with_renamed(
        Codebook.from_yaml(text), "vind", "storm"
    )


@given(st.text("abæø :'\"#-?{}[]&*!|>%@`,.0123", min_size=1, max_size=12).map(str.strip).filter(bool))
def test_any_name_can_be_given(name: str) -> None:
    if name.casefold().replace("_", " ") in ("bris", "stiv kuling"):
        return
    found = Codebook.from_yaml(renamed_text(COMMENTED, "vind", name))
    assert found == with_renamed(Codebook.from_yaml(COMMENTED), "vind", name)
