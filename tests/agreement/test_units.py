"""Codings that stand in no answer are compared where they stand, or said not to be."""

from collections.abc import Collection
from dataclasses import replace

import pytest

from autokode.agreement import Agreement, Reading, agreement
from autokode.agreement.units import OF, Of
from autokode.base.errors import DataError
from autokode.corpus.codebook import Code, Codebook
from autokode.corpus.coding import Coding, Segment
from autokode.corpus.readers import Source
from autokode.corpus.transcript import Transcript, from_source

BOOK = Codebook("b", (Code("relasjon", codable=False, codes=(Code("makt"), Code("språk"))), Code("penger")))
NOTED = "I fjæra. Da rev vinden i teltet.\n\nI: Hva?\nBerit: Vi fisker.\nI: Alltid?\nBerit: Ikke om vinteren.\n"


def quoted(transcript: Transcript, quote: str, code: str) -> Coding:
    start = transcript.text.index(quote)
    return Coding(Segment(transcript.name, start, start + len(quote), quote), code)


def noted(anne: dict[str, str], bo: dict[str, str], *, read: Collection[int] = (1, 3)) -> list[Reading]:
    """What two coders gave: quote → code; both have read these utterances."""
    whole = frozenset(("n", i) for i in read)
    transcript = from_source(Source(NOTED), "n", interviewers=["I"])
    return [
        Reading(name, tuple(quoted(transcript, *one) for one in own.items()), whole)
        for name, own in (("Anne", anne), ("Bo", bo))
    ]


def noted_agreement(readings: list[Reading], of: Of = "utterance") -> Agreement:
    return agreement(BOOK, {"n": from_source(Source(NOTED), "n", interviewers=["I"])}, readings, of=of)


@pytest.mark.parametrize("of", OF)
def test_codings_before_the_first_speaker_are_compared(of: Of) -> None:
    found = noted_agreement(noted({"vinden": "makt", "teltet": "penger"}, {"vinden": "språk"}), of)
    counts = {row.name: row.given for row in found.rows if row.level == "code"}
    size = {"character": (6, 0), "utterance": (1, 0), "sentence": (1, 0)}[of]
    assert counts == {"makt": size, "penger": size, "språk": size[::-1]}
    assert not any("nobody" in row.warnings for row in found.rows)
    assert (found.outside, found.uncounted) == (3, (0, 0))
    one = found.disagreements[0]
    assert (one.utterance, one.speaker) == (None, "") and "vinden" in one.quote


def test_a_question_that_somebody_coded_is_compared_too() -> None:
    found = noted_agreement(noted({"Alltid?": "makt"}, {}))
    assert (found.row("code", "makt").given, found.row("code", "makt").units) == ((1, 0), 3)
    assert [(one.utterance, one.speaker) for one in found.disagreements] == [(2, "I")]
    both = noted_agreement(noted({"Alltid?\nBerit: Ikke om": "makt"}, {}))  # it stands in an answer, and counts there
    assert (both.row("code", "makt").units, both.disagreements[0].utterance) == (2, 3)


def test_what_stands_outside_is_read_with_the_answer_after_it() -> None:
    found = noted_agreement(noted({"vinden": "makt"}, {}, read=[3]))
    assert (found.row("code", "makt").warnings, found.uncounted, found.outside) == (("elsewhere",), (1, 0), 0)
    assert noted_agreement(noted({"vinden": "makt"}, {}, read=[1])).row("code", "makt").given == (1, 0)
    assert noted_agreement(noted({"Alltid?": "makt"}, {}, read=[1])).uncounted == (1, 0)


def test_a_model_is_not_asked_what_it_cannot_answer() -> None:
    anne, model = noted({"vinden": "makt"}, {})
    found = noted_agreement([anne, replace(model, answers_alone=True)])
    assert found.disagreements == () and found.uncounted == (1, 0)


def test_who_coded_but_read_nothing_is_told_what_to_do() -> None:
    with pytest.raises(DataError, match=r"(?s)Anne, Bo har gitt 2 kodinger, men .*uten --partly"):
        noted_agreement([replace(one, read=frozenset()) for one in noted({"vinden": "makt"}, {"vinden": "makt"})])
