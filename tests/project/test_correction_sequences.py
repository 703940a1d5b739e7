"""Two people at random: one corrects, brings versions and undoes, the other codes meanwhile; no coding moves to other words."""

import contextlib
import random
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from test_new_version import sound, state

from autokode import DataError
from autokode.corpus.correction import Corrected, join, split, with_words_and_speaker
from autokode.corpus.readers import Source
from autokode.corpus.transcript import Transcript, from_source
from autokode.project.store.new_version import bring_version, following
from autokode.project.store.text_marks import text_mark_of
from autokode.project.store.transcript_correction import Way, correct_seen, looked_at
from autokode.project.store.undoing import NoLongerFitsError
from removal_case import CODES, World

NAME = "fjøset"
WORDS = ("ku", "stemme", "naboen 🐄", "ja da,", "Kyrne")
ACTS = (
    "words",
    "words",
    "speaker",
    "split",
    "join",
    "version",
    "undo",
    "redo",
    "code",
    "code",
    "memo",
    "read",
    "berit undo",
)


def way_of(act: str, at: int, choose: random.Random) -> Way:
    """A correction of an utterance by chance."""

    def way(text: Transcript) -> Corrected:
        one = text.utterances[at]
        if act == "split":
            return split(text, at, choose.choice([i for i, letter in enumerate(one.text) if letter == " "] or [0]))
        if act == "join":
            return join(text, at)
        if act == "speaker":
            name = choose.choice(("Kari", "Ola", "Intervjuer", "Åse"))
            return with_words_and_speaker(text, at, one.text, name, everywhere=choose.random() < 0.5)
        words = one.text.split(" ")
        first = choose.randrange(len(words))
        words[first : first + choose.randrange(3)] = choose.sample(WORDS, choose.randrange(3))
        return with_words_and_speaker(text, at, " ".join(words), one.speaker)

    return way


class Two:
    """A project in which Anne changes the text, but for the last answer, and Berit codes and writes in all of it."""

    def __init__(self, folder: Path, choose: random.Random) -> None:
        self.world, self.choose = World(folder, [NAME]), choose
        self.number, self.project = self.world.ids[NAME], self.world.project
        self.anne, self.berit = self.world.reviewer("Anne"), self.world.reviewer("Berit")

    @property
    def text(self) -> Transcript:
        return self.project.transcript(NAME)

    def quotes(self) -> list[str]:
        """Berit's quotes in the last answer, which nobody corrects."""
        start = self.text.utterances[-1].start
        return sorted(one.segment.quote.strip() for one in self.project.codings("Berit") if one.segment.start >= start)

    def act(self, act: str) -> None:
        if act in ("undo", "redo"):
            getattr(self.anne, act)()
        elif act == "berit undo":
            self.berit.undo()
        elif act == "version":
            made = from_source(Source(f"Kari: {self.choose.choice(WORDS)}\n{self.text.text}"), "ny")
            saw = following(self.project, self.number, made).mark
            bring_version(self.project, self.project.coder("Anne"), self.number, made, saw=saw)
        elif act in ("code", "memo", "read"):
            self.berits(act)
        else:
            way = way_of(act, self.choose.randrange(max(1, len(self.text.utterances) - 2)), self.choose)
            seed = self.choose.getstate()
            told = looked_at(self.project, self.number, way)
            self.choose.setstate(seed)  # the same correction again
            mark = text_mark_of(self.project, self.number)
            anne = self.project.coder("Anne")
            done = correct_seen(self.project, anne, self.number, way, mark=mark, follows=told.mark)
            assert done == told

    def berits(self, act: str) -> None:
        at = self.choose.randrange(len(self.text.utterances))
        one = self.text.utterances[at if self.choose.random() < 0.5 else -1]
        if act == "read":
            self.berit.read(self.number, at)
        elif act == "memo":
            self.berit.memo(f"turn/{self.number}/{at}", "Om dette.")
        else:
            start = one.start + self.choose.randrange(len(one.text))
            end = start + 1 + self.choose.randrange(12)
            self.berit.code(self.number, start, min(end, len(self.text.text)), self.choose.choice(CODES))


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**9), st.lists(st.sampled_from(ACTS), min_size=4, max_size=14))
def test_whatever_two_people_do_codings_stay_on_their_words(seed: int, acts: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        two = Two(Path(folder) / "p", random.Random(seed))
        before, berits = state(two.project), 0
        for act in acts:
            was = two.quotes()
            with contextlib.suppress(DataError):  # nothing to split, a word that is the same: said, and nothing done
                two.act(act)
                berits += act in ("code", "memo", "read")
            if act not in ("code", "berit undo"):
                assert two.quotes() == was, act
            sound(two.project)
        with contextlib.suppress(NoLongerFitsError):  # something that Berit did since stands in what would go
            while two.anne.undo() is not None:
                sound(two.project)
            if not berits:
                assert state(two.project) == before
