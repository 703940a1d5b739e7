"""Places in a text: what a browser says of a selection, and spans made wider or narrower."""

from hypothesis import given
from hypothesis import strategies as st

from autokode.review.text_places import moved, place_of, tidy


@given(st.text(alphabet="aå👩🏽‍💻é\u0301\r\n 中", max_size=40), st.data())
def test_a_browsers_place_is_the_code_point_it_means(text: str, data: st.DataObject) -> None:
    """The browser counts in UTF-16 from the start of a piece, in which a line end of any kind is one unit."""
    from autokode.project.views.utterance_view import pieces

    cut = list(pieces(text, 0, (), ()))
    assert "".join(piece.text for piece in cut) == text.replace("\r\n", "\n").replace("\r", "\n")
    if not cut:
        return
    piece = data.draw(st.sampled_from(cut))
    end = next((other.start for other in cut if other.start > piece.start), len(text))
    units = len(piece.text.encode("utf-16-le")) // 2
    assert place_of(text, piece.start, 0) == piece.start
    assert place_of(text, piece.start, units) == end
    for n, at in enumerate(range(piece.start, end)) if piece.text != "\n" else ():
        before = len(piece.text[:n].encode("utf-16-le")) // 2
        assert place_of(text, piece.start, before) == at


def test_a_selection_takes_whole_letters_and_no_white_space() -> None:
    text = "  Hei e\u0301 👩🏽‍💻 der "
    start, end = tidy(text, 0, text.index("\u0301"))
    assert text[start:end] == "Hei e\u0301"
    start, end = tidy(text, text.index("👩"), text.index("👩") + 1)
    assert text[start:end] == "👩🏽‍💻"
    assert tidy("   ", 0, 3)[0] >= tidy("   ", 0, 3)[1]


def test_wider_and_narrower_go_by_word_sentence_and_utterance() -> None:
    text = "Ja. Vi tok en kaffe. Det var fint."
    turn = (0, len(text))
    shown = lambda span: text[span[0] : span[1]]  # noqa: E731
    sentence = moved(text, turn, turn, "narrower", anchor=4)
    assert shown(sentence) == "Vi tok en kaffe."
    word = moved(text, sentence, turn, "narrower", anchor=7)
    assert shown(word) == "tok"
    assert moved(text, word, turn, "wider") == sentence
    assert moved(text, sentence, turn, "wider") == turn
    assert shown(moved(text, word, turn, "end_later")) == "tok en"
    assert shown(moved(text, word, turn, "begin_earlier")) == "Vi tok"
    assert shown(moved(text, sentence, turn, "end_earlier")) == "Vi tok en"
    assert shown(moved(text, sentence, turn, "begin_later")) == "tok en kaffe."
    assert moved(text, word, turn, "end_earlier") == word


@given(
    st.text(min_size=1, max_size=60),
    st.integers(0, 60),
    st.integers(0, 60),
    st.sampled_from(["wider", "narrower", "end_later", "end_earlier", "begin_earlier", "begin_later"]),
)
def test_a_moved_span_stays_in_its_utterance(text: str, a: int, b: int, step: str) -> None:
    start, end = sorted((min(a, len(text)), min(b, len(text))))
    first, last = moved(text, (start, end), (0, len(text)), step)
    assert 0 <= first < last <= len(text)
