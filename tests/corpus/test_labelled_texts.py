"""Transcripts in every grammar of labels, with labels and sentences of all kinds, are read back as they were written."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autokode.corpus.readers import Source
from autokode.corpus.transcript import Transcript, from_source

SURE = (
    *(
        "Intervjuer",
        "Informant 2",
        "Deltaker nr 3",
        "Ukjent taler",
        "Taler 1",
        "SPEAKER_00",
        "S01",
        "KB",
        "P07",
        "Inf. 4",
    ),
    *(
        "Kari Berg (she/her)",
        "Berg, Kari",
        "Ola Nordmann | UiO",
        "ola.lie@uio.no",
        "Anne-Grete Lie",
        "Kari N.",
        "Dr. Berg",
    ),
    *(
        "Kari Anne van der Berg Lie",
        "Mina Dahl (hun/henne) | OsloMet",
        "Moderator",
        "Elev 14",
        "Lærer B2",
        "Åse Øy Ærø",
    ),
)
"""Labels that show by their form alone that they are somebody's."""
WORDS = ("Kari", "Åse", "Anne-Grete", "Tuva 🌸", "Jordmor", "O’Brien", "Dag", "Bjørn", "Vår")
"""Labels of one word, which may be a word of speech too."""
PHRASES = ("Ola sin iPhone", "iPhone til Roar", "kari", "Åse, veileder", "åse lie", "Nils fra NAV")
"""Labels with words in small letters, which only their place shows to be somebody's."""

SAID = (
    *("Hva tenker du om det?", "Ja.", "Vi har det travelt, og det er greit nok.", "Jeg sa det sånn: vi venter.", "mm"),
    *(
        "Møtet er kl. 12:30, tror jeg.",
        "Det er to ting: tid og ro.",
        "Se https://example.no/a for mer.",
        "(ler) Nei da.",
    ),
    *(
        "Å, jeg vet ikke … kanskje.",
        "«Kom inn», sa hun.",
        "Ti år - minst - har det gått.",
        "Han heter Ola Lie, og hun heter Åse.",
    ),
)
MORE = (
    *(
        "Problemet: penger.",
        "Problemet: folk.",
        "Det viktigste: tillit.",
        "Dernest: tid.",
        "Ledelsen sier alltid: vent.",
    ),
    *(
        "Og så var det ferdig.",
        "Utfordringen: Det tar tid.",
        "NB: husk det.",
        "Jeg tenkte: nei.",
        "Klokka 12:30 gikk vi.",
    ),
    *("Kort sagt: ja.", "Spørsmål 3: det husker jeg ikke.", "[uhørlig] og så videre.", "Helt ærlig: jeg vet ikke."),
)
"""Further lines of a turn; some look like labels."""


def clock(seconds: int, hours: bool = True) -> str:
    return f"{seconds // 3600:02d}:" * hours + f"{seconds // 60 % 60:02d}:{seconds % 60:02d}"


Writer = Callable[[int, str, str], str]
"""(number of the turn, label, words) → the turn as a program writes it."""
WRITERS: dict[str, Writer] = {
    "colon": lambda i, name, said: f"{name}: {said}\n",
    "colon, blank lines": lambda i, name, said: f"{name}: {said}\n\n",
    "colon, words below": lambda i, name, said: f"{name}:\n{said}\n\n",
    "colon, in Markdown": lambda i, name, said: f"**{name}:** {said}\n\n",
    "colon, time before": lambda i, name, said: f"[{clock(9 * i)}] {name}: {said}\n",
    "colon, bare time before": lambda i, name, said: f"{clock(9 * i)} {name}: {said}\n",
    "colon, span before": lambda i, name, said: f"[{clock(9 * i)}.000 --> {clock(9 * i + 8)}.500] {name}: {said}\n",
    "colon, time between": lambda i, name, said: f"{name} ({clock(9 * i, hours=False)}):\n{said}\n\n",
    "colon, time after": lambda i, name, said: f"{name}: {said} #{clock(9 * i)}-3#\n",
    "colon, number before": lambda i, name, said: f"{i + 1}. {name}: {said}\n",
    "time behind": lambda i, name, said: f"{name} [{clock(9 * i)}] {said}\n",
    "span behind": lambda i, name, said: f"{name} ({clock(9 * i)} - {clock(9 * i + 9)}) {said}\n",
    "own line": lambda i, name, said: f"{name}   {clock(9 * i, hours=False)}\n{said}\n\n",
    "own line, in brackets": lambda i, name, said: f"{name} [{clock(9 * i)}]\n{said}\n",
    "own line, a span": lambda i, name, said: f"{name} ({clock(9 * i)} - {clock(9 * i + 9)})\n{said}\n\n",
    "own line, time first": lambda i, name, said: f"{clock(9 * i)} {name}\n{said}\n",
    "own line, time first, a dash": lambda i, name, said: f"[{clock(9 * i)}.50] - {name}\n{said}\n\n",
    "three lines": lambda i, name, said: f"{clock(9 * i)}:12 - {clock(9 * i + 8)}:03\n{name}\n{said}\n\n",
    "three lines, an arrow": lambda i, name, said: f"0:{i}:0.0 --> 0:{i}:8.25\n{name}\n{said}\n",
    "brackets": lambda i, name, said: f"[{name}] {said}\n",
    "braces": lambda i, name, said: f"{{{name}}} {said}\n",
    "brackets and colon": lambda i, name, said: f"[{name}]: {said}\n",
    "alone": lambda i, name, said: f"{name}\n{said}\n\n",
    "alone, times in the words": lambda i, name, said: f"{name}\n[{clock(9 * i)}] - {said}\n\n",
}
CELLS: dict[str, Writer] = {
    "tab": lambda i, name, said: f"{name}\t{said}\n",
    "tab, time first": lambda i, name, said: f"{clock(9 * i, hours=False)}\t{name}\t{said}\n",
    "table": lambda i, name, said: (
        "\tTimespan\tContent\tSpeaker\n" * (not i)
        + f"{i + 1}\t{clock(9 * i)},0 - {clock(9 * i + 8)},5\t{said}\t{name}\n"
    ),
    "dash": lambda i, name, said: f"{name} – {said}\n",
}
"""Ways of writing a turn on one line."""


@st.composite
def talks(draw: st.DrawFn, lines: int) -> list[tuple[str, str]]:
    """(label, words) of turns: every speaker answers the first one at least three times."""
    first = draw(st.sampled_from(SURE))
    others = draw(st.lists(st.sampled_from((*SURE, *WORDS, *PHRASES)), min_size=1, max_size=4, unique_by=str.casefold))
    others = [name for name in others if name.casefold() != first.casefold()] or ["Informant"]
    order = [name for _ in range(3) for other in others for name in (first, other)]
    order += draw(st.lists(st.sampled_from([first, *others]), max_size=6))
    more = st.lists(st.sampled_from(MORE), max_size=lines).map(lambda texts: "".join(f"\n{text}" for text in texts))
    return [(name, draw(st.sampled_from(SAID)) + draw(more)) for name in order]


def assert_read_back(transcript: Transcript, talk: list[tuple[str, str]]) -> None:
    assert [(u.speaker, u.text) for u in transcript.utterances] == talk
    assert all(one.end <= two.start for one, two in pairwise(transcript.utterances))
    assert all(len(u.text) == u.end - u.start for u in transcript.utterances)


@pytest.mark.parametrize("writer", WRITERS)
@given(talk=talks(3), end=st.sampled_from(["\n", "\r\n", "\r"]))
@settings(max_examples=60)
def test_a_talk_is_read_back_in_every_grammar(writer: str, talk: list[tuple[str, str]], end: str) -> None:
    text = "".join(WRITERS[writer](i, name, said) for i, (name, said) in enumerate(talk)).replace("\n", end)
    assert_read_back(from_source(Source(text), "t"), [(name, said.replace("\n", end)) for name, said in talk])


@pytest.mark.parametrize("writer", CELLS)
@given(talk=talks(0))
@settings(max_examples=60)
def test_a_talk_of_single_lines_is_read_back(writer: str, talk: list[tuple[str, str]]) -> None:
    text = "".join(CELLS[writer](i, name, said) for i, (name, said) in enumerate(talk))
    assert_read_back(from_source(Source(text), "t"), talk)


def test_a_bar_within_a_name_of_a_table_parts_nothing() -> None:
    talk = [("Ola Nordmann | UiO", "Hva tenker du om det?"), ("Mina Dahl | OsloMet", "Jeg vet ikke.")] * 3
    text = "".join(CELLS["tab, time first"](i, name, said) for i, (name, said) in enumerate(talk))
    assert_read_back(from_source(Source(text), "t"), talk)


ABOVE = (
    "Intervju 3\n\n",
    "Dato: 12.03.2026\nIntervjuer: Kari Berg\nYrke: veileder\n\n",
    "Gruppeintervju ved kontoret\nInformant: Kvinne, 45 år\nVarighet: 42 min\nTranskribert av: Ola\n\n",
    "Prosjekt: Unge\n\nI: intervjuer\nK: Kari (informant)\n\n",
    "Transcription for 2509181443-intervju\n\n",
    "Samtale\n\nTranscribed with noScribe vers. 0.7\nAudio file: ./Samtale.m4a\n(Language: Norwegian (no) | Timestamps: 1)\n\n",
    "Sammendrag\nVi snakket om penger.\nBudsjett: Ola lager et nytt.\n\nTranskripsjon\n\n",
    "Kari Berg startet transkripsjonen\n\n",
)
BETWEEN = (
    "\nDel 2: Arbeid\n\n",
    "\nTema 1 – Ledelse\n\n",
    "\nSpørsmål 3: Hva er viktig?\n\n",
    "\nKapittel IV\n\n",
    "\nSide 3 av 12\n\n",
)
BELOW = (
    *(
        "\nKari Berg stoppet transkripsjonen\n",
        "\nTranscription ended after 00:42:05\n",
        "\nTranscribed by https://otter.ai\n",
    ),
    *(
        "\nSlutt på opptaket\n",
        "\nTranskribert av: Ola\nDato: 1. mai\n",
        "\nSammendrag\nVi snakket om penger.\nBudsjett: nytt i mai.\n",
    ),
)


@given(
    writer=st.sampled_from(
        ["colon", "colon, blank lines", "own line", "own line, in brackets", "time behind", "alone", "brackets"]
    ),
    talk=talks(1),
    above=st.sampled_from(ABOVE),
    between=st.dictionaries(st.integers(2, 5), st.sampled_from(BETWEEN), max_size=2),
    below=st.sampled_from(BELOW),
)
@settings(max_examples=150)
def test_what_nobody_says_is_left_out_and_said_to_be(
    writer: str, talk: list[tuple[str, str]], above: str, between: dict[int, str], below: str
) -> None:
    turns = [WRITERS[writer](i, name, said) for i, (name, said) in enumerate(talk)]
    text = above + "".join(between.get(i, "") + turn for i, turn in enumerate(turns)) + below
    transcript = from_source(Source(text), "t")
    assert_read_back(transcript, talk)
    told = "\n".join(part.text for part in transcript.left_out).splitlines()
    silent = "\n".join((above, *(own for i, own in between.items() if i < len(turns)), below))
    assert {line.strip() for line in silent.splitlines() if line.strip()} == {
        line.strip() for line in told if line.strip()
    }
