"""Plan the replacements in a study. A person sees the plan before anything is written."""

import itertools
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autokode.base.errors import failure, quoted
from autokode.base.formatting import one_line
from autokode.corpus.edits import Edit, Edits
from autokode.corpus.readers import Source
from autokode.corpus.study_file import list_transcripts, no_transcripts, pseudonyms
from autokode.corpus.transcript import Transcript
from autokode.nlp.sentences import sentences
from autokode.pseudonym.composed import composed
from autokode.pseudonym.finding import find_in, find_known
from autokode.pseudonym.kinds import Finding, Kind, without_overlap
from autokode.pseudonym.labels import is_role
from autokode.pseudonym.lists import WORD, bases
from autokode.pseudonym.material import NO_OFFICE, Read, office_of, read_transcripts
from autokode.pseudonym.naming import KEPT, NEUTRAL
from autokode.pseudonym.register import Entity, Register
from autokode.pseudonym.tagged_text import read_all
from autokode.pseudonym.usage import Usage
from autokode.pseudonym.who import Mention, plain

if TYPE_CHECKING:
    from autokode.nlp.pipeline import Pipeline

AROUND = 25
"""How many characters of the sentence are shown on each side of a finding."""

_OFFICE = re.compile(r"^(kontor|office|gruppe|group)[\s_-]+([A-ZÆØÅ])$", re.IGNORECASE)
"""A group that a letter names; it keeps the letter, and the word «kontor»."""


@dataclass(frozen=True, slots=True)
class Searched:
    """A transcript of the study with its findings.

    Attributes:
        entry: its entry in study.yaml, with English keys.
        path: the file.
        source, transcript: its content.
        findings: in order and without overlaps.
        owners: the entity of each finding; None for a pronoun.
    """

    entry: dict[str, Any]
    path: Path
    source: Source
    transcript: Transcript
    findings: tuple[Finding, ...]
    owners: tuple[Entity | None, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The planned replacements; nothing is written yet.

    Attributes:
        register: who is who.
        transcripts: all with their findings.
        offices: name of a group → «Gruppe A»; an interview without a group has none.
        alone: whether the plan covers one transcript only, and leaves the other files of its folder alone.
        standing: words with a capital that are not replaced although no list knows them as words, the most frequent first.
    """

    register: Register
    transcripts: tuple[Searched, ...]
    offices: Mapping[str, str]
    alone: bool = False
    standing: tuple[str, ...] = ()

    def edits(self, one: Searched) -> Edits:
        """The changes in a transcript; a replacement equal to the old text is left out."""
        return edits_of(one.source.text, self.register, zip(one.findings, one.owners, strict=True))


def edits_of(text: str, register: Register, found: Iterable[tuple[Finding, Entity | None]]) -> Edits:
    """The changes that replace findings in a text, each of an entity; a replacement equal to the old text is left out."""
    made = (
        edit for finding, owner in found for edit in _line_by_line(text, finding, register.replacement(finding, owner))
    )
    return Edits(edit for edit in made if edit.new != edit.old)


def _line_by_line(text: str, finding: Finding, new: str) -> Iterator[Edit]:
    """Yield the edits that replace a finding; a name broken over lines is replaced on the first and removed from the next."""
    for number, line in enumerate(re.finditer(r"[^\r\n]+", text[finding.start : finding.end])):
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
    doubtful: bool = True,
    progress: Callable[[str, int, int], None] | None = None,
) -> Plan:
    """Find the personal data in a study's folder or in one transcript, and choose replacements.

    Args:
        place: the folder or the file.
        nlp: a pipeline with names, such as `autokode.norwegian()`.
        register: known entities, from a key or a list that a person edited.
        also: more names of people to replace.
        gender: "kept": invented names of the same gender; "neutral": neutral names, and `hen` for han and hun.
        doubtful: whether what is doubtful is replaced, too.
        progress: called with (transcript name, number of transcripts searched, number of all).

    Raises:
        DataError: the folder or a transcript cannot be read; all problems together.
    """
    folder, entries = _entries(place)
    read = read_transcripts(folder, entries)
    known = register or Register()
    known = Register(known.entities, {*known.leave, *pseudonyms(folder)})
    found = plan_read(read, nlp, register=known, also=also, gender=gender, doubtful=doubtful, progress=progress)
    return replace(
        found, transcripts=tuple(replace(s, path=folder / s.path) for s in found.transcripts), alone=place.is_file()
    )


def plan_read(
    read: list[Read],
    nlp: "Pipeline",
    *,
    register: Register,
    notes: Read | None = None,
    invented: Collection[str] = (),
    also: Collection[str] = (),
    gender: str = KEPT,
    doubtful: bool = True,
    offices: Collection[str] = (),
    avoid: Collection[str] = (),
    progress: Callable[[str, int, int], None] | None = None,
) -> Plan:
    """As `plan`, in transcripts that were read already.

    Args:
        read: the transcripts; a path of the plan is what the entry says, without a folder.
        nlp, also, gender, doubtful, progress: as in `plan`.
        register: known entities.
        notes: what others wrote about them, whose names are searched for too; the plan has no edits of it.
        invented: names in the notes that are invented.
        offices: offices that have letters before these transcripts'.
        avoid: names, such as coders', of which no invented name may have a word.
    """
    groups = [*offices, *(str(one.entry["group"]) for one in read if one.entry.get("group"))]
    letters = _offices([*groups, *(office_of(one.entry, one.transcript) for one in read)])
    named = {group: letters[group] for group in groups}
    every = [*read, *([notes] if notes else [])]
    readings = []
    for number, one in enumerate(every):
        if progress and number < len(read):
            progress(one.transcript.name, number, len(read))
        readings.append(list(read_all([text for _at, text in one.texts()], nlp)))
    usage = Usage([reading for of_one in readings for reading in of_one])
    found = [
        [*one.labels(usage.small), *one.placed(find_in(of_one, usage, pronouns=gender == NEUTRAL))]
        for one, of_one in zip(every, readings, strict=True)
    ]
    if notes:
        found[-1] = [finding for finding in found[-1] if not Register((), invented).is_left(finding.text)]
    known = Register(register.entities, {*register.leave, *_roles(read, usage)})
    registered, owners, found = _who_is_who(
        known,
        every,
        found,
        also=also,
        gender=gender,
        letters={**letters, NO_OFFICE: NO_OFFICE},
        offices=named,
        avoid=avoid,
    )
    searched = tuple(
        Searched(one.entry, Path(one.entry["file"]), one.source, one.transcript, *_kept(of_one, its, doubtful=doubtful))
        for one, of_one, its in zip(every, found, owners, strict=True)
    )
    if not doubtful:
        unsure = {form for entity in registered.entities if not entity.sure for form in entity.forms}
        registered = Register((e for e in registered.entities if e.sure), {*registered.leave, *unsure})
    standing = usage.standing(word for one in searched for finding in one.findings for word in finding.text.split())
    registered = registered.counted(owner for one in searched for owner in one.owners if owner)
    shown = registered.shown(lambda text, form: _in_its_sentence(text, form, nlp))
    return Plan(shown, searched[: len(read)], named, standing=standing)


def _who_is_who(
    known: Register,
    read: list[Read],
    found: list[list[Finding]],
    *,
    also: Collection[str],
    gender: str,
    letters: Mapping[str, str],
    offices: Mapping[str, str],
    avoid: Collection[str],
) -> tuple[Register, list[list[Entity | None]], list[list[Finding]]]:
    """The register of all that is found, and the entities of the findings, to which every other occurrence of a name is added."""
    texts = [*(one.source.text for one in read), *avoid]
    words = {word.casefold() for text in texts for word in WORD.findall(composed(text))}
    added = [Mention(Finding(0, 0, Kind.PERSON, name)) for name in also]

    def joined(found: list[list[Finding]]) -> tuple[Register, list[list[Entity | None]]]:
        mentions = [
            list(one.mentions(number, findings, letters))
            for number, (one, findings) in enumerate(zip(read, found, strict=True))
        ]
        every = [*added, *itertools.chain.from_iterable(mentions)]
        register, owners = known.extended(every, gender=gender, words=words, offices=offices)
        of = iter(owners[len(added) :])
        return register, [[next(of) for _mention in of_one] for of_one in mentions]

    seen = {plain(base) for findings in found for finding in findings for base in bases(finding.text)}
    missed = {plain(form) for entity in known.entities for form in entity.forms} - seen
    known, _owners = joined(found)
    found = [_with_known(one.source.text, of_one, known, missed) for one, of_one in zip(read, found, strict=True)]
    return *joined(found), found


def _roles(read: list[Read], usage: Usage) -> set[str]:
    """The labels that name roles, with and without a full stop."""
    labels = {label for one in read for label in one.transcript.speakers if is_role(label, usage.small)}
    return labels | {label.rstrip(".") for label in labels}


def _in_its_sentence(text: str, form: str, nlp: "Pipeline") -> str:
    """The sentence in which a form stands, cut to `AROUND` characters on each side."""
    text = composed(text)
    at = max(text.casefold().find(form.casefold()), 0)
    start, end = next(((a, b) for a, b in sentences(text, nlp) if a <= at < b), (0, len(text)))
    first, last = max(start, at - AROUND), min(end, at + len(form) + AROUND)
    around = one_line(text[first:last])
    return "… " * (first > start) + around + " …" * (last < end)


def _entries(place: Path) -> tuple[Path, list[dict[str, Any]]]:
    if place.is_file():
        return place.parent, [{"file": place.name}]
    if not place.is_dir():
        raise failure("finnes ikke", "does not exist", where=place, try_next=f"ls {quoted(place.parent)}")
    entries = list_transcripts(place)
    if not entries:
        raise no_transcripts(place)
    return place, entries


def _offices(names: Iterable[str]) -> dict[str, str]:
    """Name of a group → its replacement: «Gruppe A», by the letter that the group has or the next free one."""
    distinct = list(dict.fromkeys(names))
    own = {name: match for name in distinct if (match := _OFFICE.match(name))}
    taken = {match[2].upper() for match in own.values()}
    free = (letter for letter in _letters() if letter not in taken)
    return {name: _lettered(own[name]) if name in own else f"Gruppe {next(free)}" for name in distinct}


def _lettered(match: re.Match[str]) -> str:
    """What a group that a letter names already is called: «kontor_b» → «Kontor B»."""
    return f"{'Kontor' if match[1].casefold() == 'kontor' else 'Gruppe'} {match[2].upper()}"


def _letters() -> Iterator[str]:
    alphabet = "ABCDEFGHIJKLMNOPRSTUVY"
    yield from alphabet
    yield from (first + second for first in alphabet for second in alphabet)


def _with_known(text: str, findings: list[Finding], register: Register, missed: Collection[str]) -> list[Finding]:
    """Merge the findings with every other occurrence of known names; those of `missed` were listed, but found nowhere."""
    known = (f for f in find_known(text, register.forms(), anywhere=missed) if not register.is_left(f.text))
    labels = [f for f in findings if f.start == f.end]
    return sorted([*labels, *without_overlap([*(f for f in findings if f.start < f.end), *known])])


def _kept(
    findings: list[Finding], owners: list[Entity | None], *, doubtful: bool
) -> tuple[tuple[Finding, ...], tuple[Entity | None, ...]]:
    """The findings that are to be replaced, each with its entity."""
    of = iter(owners)
    pairs = [(f, None if f.kind == Kind.PRONOUN else next(of)) for f in findings]
    kept = [
        (f, owner)
        for f, owner in pairs
        if f.start < f.end and (f.kind == Kind.PRONOUN or (owner and (doubtful or owner.sure)))
    ]
    return tuple(f for f, _owner in kept), tuple(owner for _f, owner in kept)
