"""What a .qdpx of autokode's holds beside the standard, in a file of its own: how texts were read, who read and rejected what.

Other programs pass that file over and do not write it; then all of it is inferred anew. A file may come from a stranger, so what
does not fit its text is left out.
"""

import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from autokode.corpus.readers import Cue
from autokode.corpus.transcript import Transcript
from autokode.corpus.utterance import INFORMANT, INTERVIEWER, UNKNOWN, Utterance

FILE = "sources/autokode.json"
FORMAT = 1

_BAD = (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError)
"""Errors of data that is not in the form in which `json_of` writes it."""


StatedVariables = tuple[tuple[str, tuple[str, ...]], ...]
StatedValues = tuple[StatedVariables, tuple[tuple[str, str, str, str], ...]]
"""Variables and values, as `OwnData` has them."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a coder said of a suggested code in an utterance: "accepted", "rejected" or "changed"; see `decision_rows.Verdict`."""

    coder: str
    document: str
    utterance: int
    code: str
    said: str
    probability: float | None


@dataclass(frozen=True, slots=True)
class Settled:
    """That two coders who differed settled whether an utterance is to have a code."""

    first: str
    second: str
    document: str
    utterance: int
    code: str
    given: bool


@dataclass(frozen=True, slots=True)
class OwnData:
    """What a project knows and the standard has no place for. Documents, codes and notes are named by their ids.

    Attributes:
        transcripts: document → the transcript with its utterances, roles and times.
        added: document → the transcript's number in the project, and when it was added.
        pseudonymised: the documents that hold no real names.
        coders: the names of all coders.
        blind: the coders who code blind.
        read: (coder, document) → numbers of the utterances read, in order.
        verdicts: on suggestions.
        turn_notes: note on a document → number of the utterance it is about.
        settled: what two coders settled where they differed.
        suggested: the codings that are suggestions nobody has decided about.
        codebook: the codebook as YAML.
        variables: (variable's id in the package, the order of its values), in the order of the variables.
        values: (document, speaker's label or "", variable's id, value).
        state: the project and its state from which the file was written; see `project_state`.
        digest: of what the package holds beside this, to tell whether somebody changed it since.
    """

    transcripts: Mapping[str, Transcript] = field(default_factory=dict)
    added: Mapping[str, list[Any]] = field(default_factory=dict)
    pseudonymised: frozenset[str] = frozenset()
    coders: tuple[str, ...] = ()
    blind: frozenset[str] = frozenset()
    read: Mapping[tuple[str, str], tuple[int, ...]] = field(default_factory=dict)
    verdicts: tuple[Verdict, ...] = ()
    turn_notes: Mapping[str, int] = field(default_factory=dict)
    settled: tuple[Settled, ...] = ()
    suggested: frozenset[str] = frozenset()
    codebook: str = ""
    variables: StatedVariables = ()
    values: tuple[tuple[str, str, str, str], ...] = ()
    state: str = ""
    digest: str = ""


def json_of(own: OwnData) -> bytes:
    """The file's bytes; the same data gives the same bytes."""
    plain = {
        "format": FORMAT,
        "transcripts": {guid: _plain(one) for guid, one in own.transcripts.items()},
        "added": dict(own.added),
        "pseudonymised": sorted(own.pseudonymised),
        "coders": list(own.coders),
        "blind": sorted(own.blind),
        "read": sorted([coder, guid, list(numbers)] for (coder, guid), numbers in own.read.items()),
        "verdicts": [list(asdict(one).values()) for one in own.verdicts],
        "turn_notes": dict(own.turn_notes),
        "settled": [list(asdict(one).values()) for one in own.settled],
        "suggested": sorted(own.suggested),
        "codebook": own.codebook,
        "variables": [[guid, list(levels)] for guid, levels in own.variables],
        "values": [list(row) for row in own.values],
        "state": own.state,
        "digest": own.digest,
    }
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def own_data_in(plain: Any, texts: Mapping[str, str]) -> tuple[OwnData, int]:
    """Read what `json_of` wrote, and count the parts that do not fit.

    Args:
        plain: the parsed JSON.
        texts: document's id → text.
    """
    if not isinstance(plain, dict) or plain.get("format") != FORMAT:
        return OwnData(), 1
    reader = _Reader(plain)
    transcripts = {
        guid: found
        for guid, one in reader.items("transcripts")
        if guid in texts and (found := reader.tried(lambda: _transcript(one, texts[guid]))) is not None  # noqa: B023
    }
    sizes = {guid: len(one.utterances) for guid, one in transcripts.items()}
    read = [found for row in reader.rows("read") if (found := reader.tried(lambda: _read(row, sizes))) is not None]  # noqa: B023
    verdicts = [
        found
        for row in reader.rows("verdicts")
        if (found := reader.tried(lambda: _verdict(row, sizes))) is not None  # noqa: B023
    ]
    settled = [
        found
        for row in reader.rows("settled")
        if (found := reader.tried(lambda: _settled(row, sizes))) is not None  # noqa: B023
    ]
    own = OwnData(
        transcripts=transcripts,
        added={
            guid: one
            for guid, one in reader.items("added")
            if isinstance(one, list) and list(map(type, one)) == [int, str]
        },
        pseudonymised=frozenset(guid for guid in reader.rows("pseudonymised") if isinstance(guid, str)),
        coders=tuple(name for name in reader.rows("coders") if isinstance(name, str)),
        blind=frozenset(name for name in reader.rows("blind") if isinstance(name, str)),
        read=dict(read),
        verdicts=tuple(verdicts),
        turn_notes={guid: number for guid, number in reader.items("turn_notes") if type(number) is int and number >= 0},
        settled=tuple(settled),
        suggested=frozenset(guid for guid in reader.rows("suggested") if isinstance(guid, str)),
        codebook=reader.text("codebook"),
        variables=tuple(
            found
            for row in reader.rows("variables")
            if (found := reader.tried(lambda: _variable(row))) is not None  # noqa: B023
        ),
        values=tuple(
            found
            for row in reader.rows("values")
            if (found := reader.tried(lambda: _value(row, texts))) is not None  # noqa: B023
        ),
        state=reader.text("state"),
        digest=reader.text("digest"),
    )
    return own, reader.wrong


@dataclass
class _Reader:
    """Reads parts of the file; counts those that are wrong."""

    plain: Mapping[str, Any]
    wrong: int = 0

    def items(self, name: str) -> Iterator[tuple[str, Any]]:
        found = self.plain.get(name)
        yield from found.items() if isinstance(found, dict) else ()

    def rows(self, name: str) -> Iterator[Any]:
        found = self.plain.get(name)
        yield from found if isinstance(found, list) else ()

    def text(self, name: str) -> str:
        found = self.plain.get(name)
        return found if isinstance(found, str) else ""

    def tried(self, read: Callable[[], Any]) -> Any:
        try:
            return read()
        except _BAD:
            self.wrong += 1
            return None


def _plain(transcript: Transcript) -> dict[str, Any]:
    return {
        "labels": transcript.labels,
        "interviewers": list(transcript.interviewers),
        "notes": list(transcript.notes),
        "cues": [list(asdict(cue).values()) for cue in transcript.cues],
        "utterances": [
            [*(value for name, value in asdict(one).items() if name != "text"), _said(transcript.text, one)]
            for one in transcript.utterances
        ],
    }


def _said(text: str, one: Utterance) -> str | None:
    """An utterance's text where it is not the transcript's, because time stamps are blanked in it."""
    return None if one.text == text[one.start : one.end] else one.text


def _transcript(plain: Mapping[str, Any], text: str) -> Transcript:
    """The transcript, without a name.

    Raises:
        ValueError: an utterance does not stand where it should; and the errors in `_BAD`.
    """
    utterances: list[Utterance] = []
    for speaker, start, end, role, begin_s, end_s, question, said in plain["utterances"]:
        stands = text[start:end]
        own = Utterance(
            str(speaker), start, end, stands if said is None else said, role, _time(begin_s), _time(end_s), question
        )
        _check(own, stands, utterances)
        utterances.append(own)
    cues = tuple(
        Cue(_place(start, text), _place(end, text), _time(begin_s), _time(end_s), speaker, str(identifier))
        for start, end, begin_s, end_s, speaker, identifier in plain["cues"]
    )
    names, notes = (tuple(map(str, plain[name])) for name in ("interviewers", "notes"))
    return Transcript("", text, tuple(utterances), str(plain["labels"]), names, cues, notes)


def _check(one: Utterance, stands: str, before: list[Utterance]) -> None:
    blanked = len(one.text) == len(stands) and all(b in (a, " ") for a, b in zip(stands, one.text, strict=True))
    in_order = type(one.start) is type(one.end) is int and (before[-1].end if before else 0) <= one.start <= one.end
    asked = one.question is None or (type(one.question) is int and 0 <= one.question < len(before))
    known = one.role in (INTERVIEWER, INFORMANT, UNKNOWN)
    if not (blanked and in_order and asked and known and len(stands) == one.end - one.start):
        raise ValueError(f"An utterance at {one.start}–{one.end} does not fit the text")


def _time(value: Any) -> float | None:
    if value is not None and not math.isfinite(value):
        raise ValueError("A time is not finite")
    return None if value is None else float(value)


def _place(value: Any, text: str) -> int:
    if type(value) is not int or not 0 <= value <= len(text):
        raise ValueError(f"{value!r} is no place in the text")
    return value


def _read(row: Any, sizes: Mapping[str, int]) -> tuple[tuple[str, str], tuple[int, ...]]:
    coder, guid, numbers = row
    if not isinstance(coder, str) or not all(type(n) is int and 0 <= n < sizes[guid] for n in numbers):
        raise ValueError("Utterances read that are not there")
    return (coder, guid), tuple(sorted(set(numbers)))


def _verdict(row: Any, sizes: Mapping[str, int]) -> Verdict:
    found = Verdict(*row)
    known = found.said in ("accepted", "rejected", "changed") and all(
        isinstance(one, str) for one in (found.coder, found.code)
    )
    sure = found.probability is None or 0 <= found.probability <= 1
    if not known or not sure or type(found.utterance) is not int or not 0 <= found.utterance < sizes[found.document]:
        raise ValueError("A verdict on something that is not there")
    return found


def _variable(row: Any) -> tuple[str, tuple[str, ...]]:
    guid, levels = row
    if not isinstance(guid, str) or not isinstance(levels, list) or not all(isinstance(one, str) for one in levels):
        raise ValueError("A variable that is not in the form written")
    return guid, tuple(levels)


def _value(row: Any, texts: Mapping[str, str]) -> tuple[str, str, str, str]:
    document, speaker, variable, text = row
    if not all(isinstance(one, str) for one in row) or document not in texts or not text.strip():
        raise ValueError("A value that is not in the form written")
    return document, speaker, variable, text


def _settled(row: Any, sizes: Mapping[str, int]) -> Settled:
    found = Settled(*row)
    named = all(isinstance(one, str) for one in (found.first, found.second, found.code)) and found.first != found.second
    if not named or type(found.given) is not bool or type(found.utterance) is not int:
        raise ValueError("Something settled that is not in the form written")
    if not 0 <= found.utterance < sizes[found.document]:
        raise ValueError("Something settled about an utterance that is not there")
    return found
