"""Interviews and codings by Hypothesis, for the tests of the report."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from autokode.corpus.codebook import Code, Codebook
from autokode.corpus.coding import Coding, Segment
from autokode.corpus.transcript import Transcript
from autokode.corpus.utterance import INFORMANT, INTERVIEWER, Place, Utterance
from autokode.report.material import Material

CODES = ("makt", "språk", "tillit", "å høre")
BOOK = Codebook("Prøve", (Code("relasjon", codable=False, codes=(Code("makt"), Code("språk"))), *map(Code, CODES[2:])))


def whole_overlap(material: Material, one: Coding, place: Place) -> int:
    utterance = material.transcripts[place[0]].utterances[place[1]]
    positions = set(range(one.segment.start, one.segment.end)) if one.segment.transcript == place[0] else set()
    return len(positions & set(range(utterance.start, utterance.end)))


def interview(name: str, turns: list[tuple[str, str]]) -> Transcript:
    """A transcript of «Anne: …» lines; the interviewer is I."""
    text, utterances = "", []
    for speaker, said in turns:
        start = len(text) + len(speaker) + 2
        text += f"{speaker}: {said}\n"
        role = INTERVIEWER if speaker == "I" else INFORMANT
        utterances.append(Utterance(speaker, start, start + len(said), said, role))
    return Transcript(name, text, tuple(utterances))


def coding(transcript: Transcript, start: int, end: int, code: str, coder: str = "") -> Coding:
    return Coding(Segment(transcript.name, start, end, transcript.text[start:end]), code, coder)


@st.composite
def materials(draw: Callable[..., Any]) -> Material:
    """Small material: none to seven interviews of a few turns, with codings of any segment by two coders."""
    said = st.lists(
        st.sampled_from("ja nei vi ikke makta språket der. Nå trygg æ kem?".split()), min_size=1, max_size=6
    )
    turn = st.tuples(st.sampled_from(["I", "Anne", "Bo"]), said.map(" ".join))
    turns = draw(st.lists(st.lists(turn, max_size=7), max_size=7))
    transcripts = {f"i{i}": interview(f"i{i}", own) for i, own in enumerate(turns)}
    codings = []
    for transcript in transcripts.values():
        ends = st.integers(0, len(transcript.text))
        rows = st.tuples(ends, ends, st.sampled_from(CODES), st.sampled_from(["k1", "k2"]))
        spans = draw(st.lists(rows, max_size=8)) if transcript.text else []
        codings += [coding(transcript, min(a, b), max(a, b), code, coder) for a, b, code, coder in spans if a != b]
    return Material(BOOK, transcripts, {name: f"Kontor {i % 2}" for i, name in enumerate(transcripts)}, tuple(codings))


def has(material: Material, place: Place, code: str) -> bool:
    return any(one.code == code and whole_overlap(material, one, place) for one in material.codings)


def every(material: Material, step: int) -> Material:
    """The material of some interviews (every second, for example) alone, with nothing cached."""
    names = list(material.transcripts)[::step]
    return Material(
        material.codebook,
        {name: material.transcripts[name] for name in names},
        {name: material.offices[name] for name in names if name in material.offices},
        tuple(coding for coding in material.codings if coding.segment.transcript in names),
    )
