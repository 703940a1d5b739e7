"""ELAN's tiers: which of them are speech, whose it is, and the times of annotations that state none."""

from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autokode.base.errors import DataError
from autokode.corpus.readers import read_source
from autokode.corpus.readers.source import Source
from autokode.corpus.transcript import read_transcript

Times = tuple[int | None, int | None]


class File:
    """An .eaf under construction; times are in milliseconds, None for a slot without one."""

    def __init__(self) -> None:
        self.slots = ""
        self.tiers = ""
        self._number = count(1)

    def slot(self, value: int | None) -> str:
        name = f"ts{next(self._number)}"
        self.slots += f'<TIME_SLOT TIME_SLOT_ID="{name}"' + (f' TIME_VALUE="{value}"/>' if value is not None else "/>")
        return name

    def aligned(self, text: str, first: str, last: str) -> tuple[str, str]:
        name = f"a{next(self._number)}"
        slots = f'TIME_SLOT_REF1="{first}" TIME_SLOT_REF2="{last}"'
        return name, f'<ALIGNABLE_ANNOTATION ANNOTATION_ID="{name}" {slots}>{value(text)}</ALIGNABLE_ANNOTATION>'

    def timed(self, name: str, said: list[tuple[str, int, int]], more: str = "") -> list[str]:
        """A tier whose annotations have times; returns their ids."""
        own = [self.aligned(text, self.slot(begin), self.slot(end)) for text, begin, end in said]
        self.tier(name, [one for _id, one in own], more)
        return [one for one, _xml in own]

    def refers(self, text: str, to: str, after: str = "") -> tuple[str, str]:
        name = f"a{next(self._number)}"
        previous = f' PREVIOUS_ANNOTATION="{after}"' if after else ""
        own = f'<REF_ANNOTATION ANNOTATION_ID="{name}" ANNOTATION_REF="{to}"{previous}>{value(text)}</REF_ANNOTATION>'
        return name, own

    def tier(self, name: str, annotations: list[str], more: str = "") -> None:
        rows = "".join(f"<ANNOTATION>{one}</ANNOTATION>" for one in annotations)
        self.tiers += f'<TIER TIER_ID="{name}" {more}>{rows}</TIER>'

    def write(self, folder: Path) -> Path:
        document = f"<ANNOTATION_DOCUMENT><TIME_ORDER>{self.slots}</TIME_ORDER>{self.tiers}</ANNOTATION_DOCUMENT>"
        (folder / "t.eaf").write_text(f'<?xml version="1.0" encoding="UTF-8"?>{document}', encoding="utf-8")
        return folder / "t.eaf"


def value(text: str) -> str:
    return f"<ANNOTATION_VALUE>{text}</ANNOTATION_VALUE>"


def cues(found: Source) -> list[tuple[str | None, str, float | None, float | None]]:
    return [(cue.speaker, found.text[cue.start : cue.end], cue.begin_s, cue.end_s) for cue in found.cues]


@pytest.mark.parametrize(
    "names", [("ref@{}", "tx@{}"), ("{}_ref", "{}_orth"), ("seg-{}", "Tekst {}"), ("{}", "{} transkripsjon")]
)
def test_words_under_references_are_read_with_their_times(names: tuple[str, str], tmp_path: Path) -> None:
    file = File()
    for who, begin in (("Tora", 1000), ("Leif", 2500)):
        top, below = (name.format(who) for name in names)
        ids = file.timed(top, [(f"{who}_00{i}", begin + 5000 * i, begin + 5000 * i + 900) for i in range(2)])
        said = [file.refers(f"{who} sa nr {i} der", one)[1] for i, one in enumerate(ids)]
        file.tier(below, said[::-1], f'PARENT_REF="{top}"')
        file.tier(f"ft@{who}", [file.refers("he said", ids[0])[1]], f'PARENT_REF="{below}"')
    found = read_source(file.write(tmp_path))
    assert cues(found) == [
        ("Tora", "Tora sa nr 0 der", 1.0, 1.9),
        ("Leif", "Leif sa nr 0 der", 2.5, 3.4),
        ("Tora", "Tora sa nr 1 der", 6.0, 6.9),
        ("Leif", "Leif sa nr 1 der", 7.5, 8.4),
    ]
    assert [part.text for part in found.left_out] == ["he said", "he said"]


def test_words_of_a_tier_that_divides_another_are_joined_in_their_order(tmp_path: Path) -> None:
    file = File()
    ids = file.timed("Tora", [("", 0, 3000), ("", 3000, 4000)], 'PARTICIPANT="Tora Vik"')
    first, one = file.refers("vi", ids[0])
    second, two = file.refers("dro", ids[0], first)
    _third, three = file.refers("ut", ids[0], second)
    _fourth, four = file.refers("tidlig", ids[1])
    file.tier("ord@Tora", [four, three, two, one], 'PARENT_REF="Tora"')
    assert cues(read_source(file.write(tmp_path))) == [
        ("Tora Vik", "vi dro ut", 0.0, 3.0),
        ("Tora Vik", "tidlig", 3.0, 4.0),
    ]


def test_sentences_that_divide_an_annotation_share_its_time(tmp_path: Path) -> None:
    file = File()
    (top,) = file.timed("s1", [("s1.1", 2000, 8000)])
    first, one = file.refers("Vi dro ut.", top)
    second, two = file.refers("Så kom det vind.", top, first)
    _third, three = file.refers("Vi snudde da.", top, second)
    file.tier("tx@s1", [two, three, one], 'PARENT_REF="s1"')
    found = read_source(file.write(tmp_path))
    assert [(text, begin, end) for _who, text, begin, end in cues(found)] == [
        ("Vi dro ut.", 2.0, 4.0),
        ("Så kom det vind.", 4.0, 6.0),
        ("Vi snudde da.", 6.0, 8.0),
    ]


def test_slots_without_times_lie_evenly_between_their_neighbours(tmp_path: Path) -> None:
    file = File()
    slots = [file.slot(value) for value in (1000, None, None, 4000, None)]
    own = [file.aligned(f"del {i} her", slots[i], slots[i + 1])[1] for i in range(4)]
    file.tier("Leif", own[::-1])
    file.timed("Tora", [("imens det", 2500, 3000)])
    assert cues(read_source(file.write(tmp_path))) == [
        ("Leif", "del 0 her", 1.0, 2.0),
        ("Leif", "del 1 her", 2.0, 3.0),
        ("Tora", "imens det", 2.5, 3.0),
        ("Leif", "del 2 her", 3.0, 4.0),
        ("Leif", "del 3 her", 4.0, None),
    ]


def test_a_file_without_any_time_is_read_in_the_order_of_its_slots(tmp_path: Path) -> None:
    file = File()
    slots = [file.slot(None) for _ in range(4)]
    file.tier(
        "B", [file.aligned("så dette", slots[2], slots[3])[1], file.aligned("først dette", slots[0], slots[1])[1]]
    )
    assert [(text, begin) for _who, text, begin, _end in cues(read_source(file.write(tmp_path)))] == [
        ("først dette", None),
        ("så dette", None),
    ]


@pytest.mark.parametrize(
    "name", ["oversettelse", "Tora-kommentar", "ft@Tora", "Engelsk oversettelse", "notater", "gloss"]
)
def test_tiers_that_nobody_says_are_told(name: str, tmp_path: Path) -> None:
    file = File()
    file.timed("Tora", [("Vi hadde lite fisk.", 0, 2000)])
    file.timed(name, [("ikke sagt", 0, 2000)])
    found = read_source(file.write(tmp_path))
    assert [text for _who, text, _begin, _end in cues(found)] == ["Vi hadde lite fisk."]
    assert [(part.text, f"«{name}»" in part.reason) for part in found.left_out] == [("ikke sagt", True)]


def test_initials_are_people_and_a_file_of_comments_alone_is_read(tmp_path: Path) -> None:
    file = File()
    file.timed("PS", [("Hvor gikk dere?", 0, 1000)])
    file.timed("NT", [("Ut til skjæra.", 1000, 2000)])
    assert read_transcript(file.write(tmp_path)).speakers == {"PS": 1, "NT": 1}
    file = File()
    file.timed("notat", [("Ut til skjæra.", 1000, 2000)])
    assert read_transcript(file.write(tmp_path)).speakers == {"notat": 1}
    file = File()
    (top,) = file.timed("ref@Tora", [("T.001", 1000, 2000)])
    file.tier("ft@Tora", [file.refers("Out to the rocks.", top)[1]], 'PARENT_REF="ref@Tora"')
    assert [(text, begin) for _who, text, begin, _end in cues(read_source(file.write(tmp_path)))] == [
        ("Out to the rocks.", 1.0)
    ]


def test_tiers_that_depend_on_each_other_in_a_circle(tmp_path: Path) -> None:
    file = File()
    file.timed("Tora", [("Ja da.", 0, 1000)])
    name, one = file.refers("Nei da.", "a99")
    file.tier("x", [one, file.refers("Jo da.", name, "a77")[1]], 'PARENT_REF="y"')
    file.tier("y", [], 'PARENT_REF="x"')
    found = read_source(file.write(tmp_path))
    assert [text for _who, text, _begin, _end in cues(found)] == ["Ja da."]
    assert [part.text.split("\n") for part in found.left_out] == [["Nei da.", "Jo da."]]


def test_a_file_without_words_is_refused(tmp_path: Path) -> None:
    file = File()
    file.timed("Tora", [("", 0, 1000)])
    with pytest.raises(DataError, match="ingen annoteringer"):
        read_source(file.write(tmp_path))


WORDS = st.lists(st.sampled_from("fisk båt Åse vind hav 😀 garn".split()), min_size=1, max_size=4)
TIERS = st.lists(
    st.tuples(st.sampled_from(["tale", "ref", "ord", "ft"]), st.lists(WORDS, min_size=1, max_size=4)), min_size=1
)


@given(TIERS)
@settings(max_examples=60)
def test_every_letter_is_in_a_cue_or_told(
    tmp_path_factory: pytest.TempPathFactory, tiers: list[tuple[str, list[list[str]]]]
) -> None:
    file, wanted = File(), []
    for i, (kind, said) in enumerate(tiers):
        texts = [" ".join((*words, f"n{i}x{j}")) for j, words in enumerate(said)]
        wanted += [word for text in texts for word in text.split()]
        if kind == "tale":
            file.timed(f"P{i}", [(text, 1000 * j, 1000 * j + 900) for j, text in enumerate(texts)])
            continue
        ids = file.timed(f"P{i}", [(f"P{i}.{j:03}", 1000 * j, 1000 * j + 900) for j in range(len(texts))])
        own: list[str] = []
        for text, to in zip(texts, ids, strict=True):
            after = ""
            for piece in text.split() if kind == "ord" else [text]:
                after, one = file.refers(piece, to, after)
                own.append(one)
        file.tier({"ref": "tx", "ord": "word", "ft": "ft"}[kind] + f"@P{i}", own, f'PARENT_REF="P{i}"')
    found = read_source(file.write(tmp_path_factory.getbasetemp()))
    told = " ".join(part.text for part in found.left_out)
    read = " ".join(text for _who, text, _begin, _end in cues(found))
    assert sorted(word for word in f"{read} {told}".split() if not word.startswith("P")) == sorted(wanted)
