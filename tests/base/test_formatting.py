"""Texts on one line, cut to a length."""

from hypothesis import given
from hypothesis import strategies as st

from autokode.base.formatting import one_line, shortened


@given(st.text(max_size=60), st.integers(1, 40))
def test_a_shortened_text_is_one_line_and_never_too_long(text: str, longest: int) -> None:
    short = shortened(text, longest)
    assert short == one_line(short) and len(short) <= longest
    assert short == one_line(text) or (short[-1] == "…" and one_line(text).startswith(short[:-1]))
