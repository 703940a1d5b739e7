"""Transcripts as they are searched: their utterances, what stands outside them, and the names in their labels."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autokode.base.errors import DataError, Problem
from autokode.base.extras import MissingLibraryError
from autokode.base.messages import say
from autokode.corpus.readers import Source, read_source
from autokode.corpus.study_file import encoding_of, given_of
from autokode.corpus.transcript import Transcript, from_source, name_of
from autokode.pseudonym.kinds import Finding, Kind
from autokode.pseudonym.labels import is_role, names_in
from autokode.pseudonym.who import Mention

_MYSELF = re.compile(
    r"\b(?:(?:jeg|eg|æ|je) (?:heter|heiter|heite|hete|er|e)|(?:mitt navn|navnet mitt|namnet mitt) (?:er|e)),? $",
    re.IGNORECASE,
)
"""What somebody says before their own name."""

NO_OFFICE = ""
"""The office of notes, which belong to no interview."""


@dataclass(frozen=True, slots=True)
class Read:
    """A transcript as it was read.

    Attributes:
        entry: its entry in study.yaml, with English keys.
        source, transcript: its content.
    """

    entry: dict[str, Any]
    source: Source
    transcript: Transcript

    def texts(self) -> list[tuple[int, str]]:
        """What is searched, in order, each with its place: utterances, and the lines outside them without their labels."""
        found = []
        end = 0
        for utterance in self.transcript.utterances:
            found += [*self._lines(end, utterance.start, utterance.speaker), (utterance.start, utterance.text)]
            end = utterance.end
        return [*found, *self._lines(end, len(self.source.text), "")]

    def _lines(self, start: int, end: int, label: str) -> Iterator[tuple[int, str]]:
        outside = self.source.text[start:end]
        for match in _standing(label, outside)[-1:]:
            outside = outside[: match.start()] + " " * len(match[0]) + outside[match.end() :]
        for line in re.finditer(r"[^\r\n]+", outside):
            if any(map(str.isalnum, line[0])):
                yield start + line.start(), line[0]

    def placed(self, found: list[list[Finding]]) -> Iterator[Finding]:
        """Yield the findings of each text where they stand in the transcript."""
        for (at, _text), findings in zip(self.texts(), found, strict=True):
            yield from (replace(f, start=at + f.start, end=at + f.end) for f in findings)

    def labels(self, small: Collection[str]) -> Iterator[Finding]:
        """Yield the names in the labels where they stand; those outside the text (in subtitles), at their utterance."""
        end = 0
        for utterance in self.transcript.utterances:
            for named in () if is_role(utterance.speaker, small) else names_in(utterance.speaker, small):
                stands = _standing(utterance.speaker, self.source.text[end : utterance.start])
                at = end + stands[-1].start() if stands else utterance.start
                start, stop = (at + named.start, at + named.end) if stands else (at, at)
                yield Finding(start, stop, Kind.PERSON, named.name)
            end = utterance.end

    def mentions(self, number: int, findings: list[Finding], letters: Mapping[str, str]) -> Iterator[Mention]:
        """Make a mention of each finding but the pronouns; `number` is the transcript's, `letters` those of offices."""
        letter = letters[office_of(self.entry, self.transcript)].rsplit(" ", 1)[-1]
        labels = {named.name for speaker in self.transcript.speakers for named in names_in(speaker)}
        for finding in findings:
            if finding.kind == Kind.PRONOUN:
                continue
            index = self.transcript.utterance_at(finding.start)
            if index is None or finding.start == finding.end:
                label = finding.kind == Kind.PERSON and finding.text in labels
                yield Mention(finding, letter, label, f"{finding.text}: …" if label else finding.text, number)
            else:
                inside = self.transcript.utterances[index]
                before = inside.text[max(0, finding.start - inside.start - 30) : finding.start - inside.start]
                myself = _MYSELF.search(before) is not None
                yield Mention(finding, letter, False, inside.text, number, inside.speaker, myself)


def _standing(label: str, text: str) -> list[re.Match[str]]:
    """The places where a label stands in a text, in whatever case and spacing."""
    words = r"\s+".join(map(re.escape, label.split()))
    return list(re.finditer(rf"(?<!\w){words}(?!\w)", text, re.IGNORECASE)) if words else []


def office_of(entry: dict[str, Any], transcript: Transcript) -> str:
    """The office of a transcript; its own name without one."""
    return str(entry.get("group") or transcript.name)


def read_transcripts(folder: Path, entries: list[dict[str, Any]]) -> list[Read]:
    """Read the transcripts that study.yaml lists.

    Raises:
        DataError: one cannot be read; all problems together.
    """
    read = []
    problems: list[Problem] = []
    for entry in entries:
        try:
            path = folder / entry["file"]
            source = read_source(path, encoding_of(entry))
            read.append(Read(entry, source, from_source(source, name_of(path), **given_of(entry))))
        except MissingLibraryError:  # no file to mend
            raise
        except DataError as error:
            problems += error.problems
    if problems:
        mend = say("rett filene og kjør kommandoen igjen", "mend the files, then try again")
        raise DataError(problems, try_next=mend)
    return read
