"""Plan the replacements in a study. A person sees the plan before anything is written."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autokode.base.errors import DataError, Problem, failure, quoted
from autokode.base.formatting import one_line
from autokode.base.messages import say
from autokode.corpus.readers import Source, read_source
from autokode.corpus.speaker_labels import NOT_LABELS
from autokode.corpus.study_file import encoding_of, given_of, list_transcripts, no_transcripts, pseudonyms
from autokode.corpus.transcript import Transcript, from_source, name_of
from autokode.nlp.sentences import sentences
from autokode.pseudonym.edits import Edit, Edits
from autokode.pseudonym.finding import find_all, find_known
from autokode.pseudonym.kinds import Finding, Kind, without_overlap
from autokode.pseudonym.lists import ROLE, WORD, lists
from autokode.pseudonym.naming import KEPT, NEUTRAL
from autokode.pseudonym.register import Mention, Register

if TYPE_CHECKING:
    from autokode.nlp.pipeline import Pipeline

AROUND = 25
"""How many characters of the sentence are shown on each side of a finding."""

_OFFICE = re.compile(r"^(?:kontor|office|gruppe|group)[\s_-]+([A-ZÆØÅ])$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Searched:
    """A transcript of the study with its findings.

    Attributes:
        entry: its entry in study.yaml, with English keys.
        path: the file.
        source, transcript: its content.
        findings: in order and without overlaps.
    """

    entry: dict[str, Any]
    path: Path
    source: Source
    transcript: Transcript
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The planned replacements; nothing is written yet.

    Attributes:
        register: who is who.
        transcripts: all with their findings.
        offices: name of an office → «Kontor A».
        alone: whether the plan covers one transcript only, and leaves the other files of its folder alone.
    """

    register: Register
    transcripts: tuple[Searched, ...]
    offices: Mapping[str, str]
    alone: bool = False

    def edits(self, one: Searched) -> Edits:
        """The changes in a transcript; a replacement equal to the old text is left out."""
        made = (
            edit
            for finding in one.findings
            for edit in _line_by_line(one.source.text, finding, self.register.replacement(finding))
        )
        return Edits(edit for edit in made if edit.new != edit.old)


def _line_by_line(text: str, finding: Finding, new: str) -> Iterator[Edit]:
    """Yield the edits that replace a finding; a name broken over lines is replaced on the first and removed from the next."""
    for number, line in enumerate(re.finditer(r"[^\r\n]+", finding.text)):
        start, end = finding.start + line.start(), finding.start + line.end()
        if number:
            end += text[end : end + 1] == " "
            alone = not text[end : end + 1].strip()
        yield Edit(start, end, text[start:end], "" if number and not alone else new)


def plan(
    place: Path,
    nlp: "Pipeline",
    *,
    register: Register | None = None,
    also: Collection[str] = (),
    gender: str = KEPT,
    progress: Callable[[str, int, int], None] | None = None,
) -> Plan:
    """Find the personal data in a study's folder or in one transcript, and choose replacements.

    Args:
        place: the folder or the file.
        nlp: a pipeline with names, such as `autokode.norwegian()`.
        register: known entities, from a key or a list that a person edited.
        also: more names of people to replace.
        gender: "kept": invented names of the same gender; "neutral": neutral names, and `hen` for han and hun.
        progress: called with (transcript name, number of transcripts searched, number of all).

    Raises:
        DataError: the folder or a transcript cannot be read; all problems together.
    """
    register = register or Register()
    folder, entries = _entries(place)
    register = Register(register.entities, {*register.leave, *pseudonyms(folder)})
    read = _read_all(folder, entries)
    roles = {label for _entry, _source, t in read for label in t.speakers if ROLE.match(label)}
    register = Register(register.entities, {*register.leave, *roles, *(label.rstrip(".") for label in roles)})
    found = []
    for number, (_entry, source, transcript) in enumerate(read):
        if progress:
            progress(transcript.name, number, len(read))
        found.append(_found(source, transcript, nlp, pronouns=gender == NEUTRAL))
    found = _without_everyday(found, [transcript for _entry, _source, transcript in read])
    offices = _offices(office_of(entry, transcript) for entry, _source, transcript in read)
    mentions = [Mention(Finding(0, 0, Kind.PERSON, name)) for name in also]
    mentions += [
        mention
        for (entry, _source, transcript), findings in zip(read, found, strict=True)
        for mention in _mentions(transcript, findings, offices[office_of(entry, transcript)])
    ]
    words = {word.casefold() for _entry, source, _transcript in read for word in WORD.findall(source.text)}
    register = register.extended(mentions, gender=gender, words=words, offices=offices)
    transcripts = tuple(
        Searched(entry, folder / entry["file"], source, transcript, tuple(_settled(source.text, findings, register)))
        for (entry, source, transcript), findings in zip(read, found, strict=True)
    )
    register = register.counted(f for one in transcripts for f in one.findings)
    shown = register.shown(lambda text, form: _in_its_sentence(text, form, nlp))
    return Plan(shown, transcripts, offices, place.is_file())


def _read_all(folder: Path, entries: list[dict[str, Any]]) -> list[tuple[dict[str, Any], Source, Transcript]]:
    """Read all transcripts, each beside its entry; raises all problems together."""
    read = []
    problems: list[Problem] = []
    for entry in entries:
        try:
            path = folder / entry["file"]
            source = read_source(path, encoding_of(entry))
            read.append((entry, source, from_source(source, name_of(path), **given_of(entry))))
        except DataError as error:
            problems += error.problems
    if problems:
        mend = say("rett filene og kjør kommandoen igjen", "mend the files, then try again")
        raise DataError(problems, try_next=mend)
    return read


def _in_its_sentence(text: str, form: str, nlp: "Pipeline") -> str:
    """The sentence in which a form stands, cut to `AROUND` characters on each side."""
    at = max(text.casefold().find(form.casefold()), 0)
    start, end = next(((a, b) for a, b in sentences(text, nlp) if a <= at < b), (0, len(text)))
    first, last = max(start, at - AROUND), min(end, at + len(form) + AROUND)
    around = one_line(text[first:last])
    return "… " * (first > start) + around + " …" * (last < end)


def office_of(entry: dict[str, Any], transcript: Transcript) -> str:
    """The office of a transcript; its own name without one."""
    return str(entry.get("group") or transcript.name)


def _entries(place: Path) -> tuple[Path, list[dict[str, Any]]]:
    if place.is_file():
        return place.parent, [{"file": place.name}]
    if not place.is_dir():
        raise failure("finnes ikke", "does not exist", where=place, try_next=f"ls {quoted(place.parent)}")
    entries = list_transcripts(place)
    if not entries:
        raise no_transcripts(place)
    return place, entries


def _found(source: Source, transcript: Transcript, nlp: "Pipeline", *, pronouns: bool) -> list[Finding]:
    """Find the personal data in the utterances and in the text before the first one."""
    first = min((u.start for u in transcript.utterances), default=len(source.text))
    heading = list(re.finditer(r"[^\r\n]+", source.text[:first]))
    places = [line.start() for line in heading] + [u.start for u in transcript.utterances]
    texts = [line[0] for line in heading] + [u.text for u in transcript.utterances]
    by_text = find_all(texts, nlp, pronouns=pronouns)
    return [
        Finding(at + f.start, at + f.end, f.kind, f.text)
        for at, findings in zip(places, by_text, strict=True)
        for f in findings
    ]


def _without_everyday(found: list[list[Finding]], transcripts: list[Transcript]) -> list[list[Finding]]:
    """Drop single words that are on no list of names and that the material also has in lower case or as headings («Sted:»).

    Utterances without any capital, as speech recognition writes them, do not count for this.
    """
    said = [u.text for transcript in transcripts for u in transcript.utterances if any(map(str.isupper, u.text))]
    small = NOT_LABELS | {word for text in said for word in WORD.findall(text) if word.islower()}

    def named(finding: Finding) -> bool:
        words = WORD.findall(finding.text)
        if finding.kind not in (Kind.PERSON, Kind.PLACE, Kind.ORGANISATION) or len(words) != 1:
            return True
        return lists().is_named(words[0]) or words[0].lower() not in small

    return [[finding for finding in findings if named(finding)] for findings in found]


def _mentions(transcript: Transcript, findings: list[Finding], office: str) -> Iterator[Mention]:
    letter = office.rsplit(" ", 1)[-1]
    for speaker in transcript.speakers:
        if speaker and not ROLE.match(speaker):
            yield Mention(Finding(0, 0, Kind.PERSON, speaker), letter, True, f"{speaker}: …")
    for finding in findings:
        if finding.kind != Kind.PRONOUN:
            index = transcript.utterance_at(finding.start)
            around = finding.text if index is None else transcript.utterances[index].text
            yield Mention(finding, letter, False, around)


def _offices(names: Iterator[str]) -> dict[str, str]:
    """Name of an office → its replacement: «Kontor A», by the letter the office has or the next free one."""
    distinct = list(dict.fromkeys(names))
    own = {name: match[1].upper() for name in distinct if (match := _OFFICE.match(name))}
    free = (letter for letter in _letters() if letter not in own.values())
    return {name: f"Kontor {own.get(name) or next(free)}" for name in distinct}


def _letters() -> Iterator[str]:
    alphabet = "ABCDEFGHIJKLMNOPRSTUVY"
    yield from alphabet
    yield from (first + second for first in alphabet for second in alphabet)


def _settled(text: str, findings: Collection[Finding], register: Register) -> list[Finding]:
    """Merge the findings with every occurrence of known names, without those that are to stay."""
    known = find_known(text, register.forms())
    own = (f for f in findings if f.kind == Kind.PRONOUN or register.entity_of(f.text))
    return [f for f in without_overlap([*own, *known]) if not register.is_left(f.text)]
