"""Import a package into a project: codes, transcripts, codings and memos; keep the rest of its data for the next export."""

import itertools
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from autokode.base.errors import failure
from autokode.base.messages import say
from autokode.corpus.coding import Coding, Segment
from autokode.corpus.outside import outside_remark
from autokode.corpus.readers import Source
from autokode.corpus.transcript import Transcript, from_source
from autokode.exchange.code_trees import add_codes, first_ids, other_names
from autokode.exchange.kept_data import GOOD, OFFICE, SUGGESTED, TAKEN, descriptions_in, noted_on, to_kept, undescribed
from autokode.exchange.offices import office_of
from autokode.exchange.own_package import is_own, news_of, without_suggestions
from autokode.exchange.own_readings import places_of, take_own_data
from autokode.exchange.package.contents import Case, Document, Package, PackageCoding, PackageSegment, guid_of
from autokode.exchange.package.own_data import OwnData
from autokode.exchange.variable_import import ValuesIn
from autokode.project.store.code_names import now_called
from autokode.project.store.corrections import correct
from autokode.project.store.foreign_data import keep, kept, made, take_notes
from autokode.project.store.project import Project

TranscriptReader = Callable[[Document, str], Transcript]
"""Makes a transcript of a document, under a name."""


@dataclass(frozen=True, slots=True)
class Imported:
    """Result of an import: the numbers of new items, and remarks on everything inferred, repaired or lost."""

    codes: int
    transcripts: int
    codings: int
    memos: int
    remarks: tuple[str, ...]


def import_package(
    project: Project,
    package: Package,
    *,
    coder: str = "",
    complete: bool = True,
    pseudonymised: bool = False,
    reading: TranscriptReader | None = None,
) -> Imported:
    """Import a package into a project. The same package imported again adds nothing.

    Args:
        project: the project.
        package: the package.
        coder: coder of the codings that name none.
        complete: whether coders read all of every transcript in which they coded; a file of autokode's says that itself.
        pseudonymised: whether all names in the transcripts are invented.
        reading: makes a transcript of a document, by what somebody states of its speakers; if None, it is as in the project that
            a file of autokode's came from, or else inferred.

    Raises:
        DataError: the package is empty, or has codes in more levels than a codebook may have.
    """
    refuse_empty(package)
    if is_own(project, package):
        whole, package = package, news_of(project, package)
        if not (package.codes or package.documents or (package.own and package.own.coders)):
            return Imported(0, 0, 0, 0, (*package.remarks, *_corrected(project, whole, reading)))
    with project.step("import"):
        return _imported(
            project, without_suggestions(package), coder, reading, complete=complete, pseudonymised=pseudonymised
        )


def _corrected(project: Project, package: Package, reading: TranscriptReader | None) -> tuple[str, ...]:
    """Correct who speaks in the texts of a package that are here, by what somebody states, and say what changed."""
    if reading is None or package.own is None:
        return ()
    names, added = {source.id: source.name for source in project.sources}, package.own.added
    here = [(one, names[added[one.guid][0]]) for one in package.documents if added.get(one.guid, [0])[0] in names]
    with project.step("import"):
        return tuple(f"{name}: {changed}" for one, name in here for changed in correct(project, reading(one, name)))


def _imported(
    project: Project,
    package: Package,
    coder: str,
    reading: TranscriptReader | None,
    *,
    complete: bool,
    pseudonymised: bool,
) -> Imported:
    alone = package.users[0].name if len(package.users) == 1 else say("ukjent", "unknown")
    known_coders = {one.name for one in project.coders}
    run = _Import(project, package, coder or alone, list(package.remarks))
    run.own = package.own
    codes = run.codes()
    transcripts = run.transcripts(reading, pseudonymised=pseudonymised)
    codings = run.codings(complete=complete and run.own is None)
    run.coding_numbers()
    if run.own is not None:
        run.remarks += take_own_data(project, run.own, run.transcript_names, run.code_names, known_coders)
    memos = run.memos()
    run.values()
    run.keep_rest()
    keep(project, run.kept)
    return Imported(codes, transcripts, codings, memos, tuple(run.remarks))


def refuse_empty(package: Package) -> None:
    """Raise a DataError for a package with nothing to take in."""
    if not package.codes and not package.documents:
        raise failure(
            "har verken koder eller tekster",
            "has neither codes nor texts",
            where=package.name,
            try_next=say("eksporter på nytt", "export it again"),
        )


@dataclass
class _Import:
    """One import in progress; id in the package → code's name, transcript's name or coding's number in the project."""

    project: Project
    package: Package
    nobody: str
    remarks: list[str]
    code_names: dict[str, str] = field(default_factory=dict)
    transcript_names: dict[str, str] = field(default_factory=dict)
    coding_ids: dict[str, int] = field(default_factory=dict)
    kept: dict[tuple[str, str], Any] = field(default_factory=dict)

    own: OwnData | None = None

    def __post_init__(self) -> None:
        self.users = {user.guid: user.name for user in self.package.users}

    def remark(self, nb: str, en: str) -> None:
        self.remarks.append(say(nb, en))

    def keep(self, kind: str, items: Mapping[str, Any]) -> None:
        self.kept.update({(kind, key): data for key, data in items.items()})

    def codes(self) -> int:
        before = self.project.codebook
        since = self.project.names_since()
        former = {old: now_called(old, since) for old, _new in since}
        known = kept(self.project, "code")
        stated = first_ids(before, since) | known
        ids = {data["guid"]: name for name, data in stated.items() if name in before}
        earlier = self.project.codebooks(until=before)
        codebook, self.code_names = add_codes(before, self.package, former, ids=ids, earlier=earlier)
        own = {node.guid: node.name for node in self.package.walk()}
        self.remarks += other_names(own, self.code_names, former)
        fresh = {
            name: {"guid": guid, "name": own[guid]}
            for guid, name in self.code_names.items()
            if name and name not in known
        }
        if codebook != before:
            self.project.replace_codebook(codebook)
        self.keep("code", fresh)
        return len(list(codebook)) - len(list(before))

    def transcripts(self, reading: TranscriptReader | None, *, pseudonymised: bool) -> int:
        new = 0
        taken = {source.name: self.project.transcript(source.name).text for source in self.project.sources}
        for document in self.package.documents:
            name = self._free(document, taken)
            self.transcript_names[document.guid] = name
            stated = self.own.transcripts.get(document.guid) if self.own else None
            if reading is not None:
                transcript = reading(document, name)
            else:
                transcript = from_source(Source(document.text), name) if stated is None else replace(stated, name=name)
            invented = pseudonymised or (self.own is not None and document.guid in self.own.pseudonymised)
            is_new = self.project.add(transcript, office=office_of(self.package, document), pseudonymised=invented)
            new += is_new
            if reading is not None and not is_new:
                self.remarks += [f"{name}: {changed}" for changed in correct(self.project, transcript)]
            data = {
                "guid": document.guid,
                "name": document.name,
                "description": undescribed(document.description),
                "time": document.time,
                "user": self.users.get(document.user, ""),
                "values": [asdict(value) for value in document.values],
            }
            self.keep("transcript", {name: data})
        return new

    def _free(self, document: Document, taken: Mapping[str, str]) -> str:
        """The document's name, with a number if the project has another text of that name."""
        stem = document.name.strip() or say("uten navn", "unnamed")
        names = itertools.chain([stem], (f"{stem} ({number})" for number in itertools.count(2)))
        used = set(self.transcript_names.values())
        name = next(one for one in names if one not in used and (one not in taken or taken[one] == document.text))
        if name != stem:
            self.remark(f"«{stem}» heter her «{name}»", f"«{stem}» is called «{name}» here")
        return name

    def codings(self, *, complete: bool) -> int:
        found, whole, seen = [], 0, Counter[tuple[Any, ...]]()
        for document in self.package.documents:
            name = self.transcript_names[document.guid]
            whole += len(document.codings)
            for segment in document.segments:
                own = Segment(name, segment.start, segment.end, document.text[segment.start : segment.end])
                for given in segment.codings:
                    coding = Coding(
                        own, self.code_names[given.code], self.users.get(given.user, self.nobody), given.time
                    )
                    seen[coding.coder, own, coding.code] += 1
                    found.append(coding)
        if whole:
            self.remark(
                f"{whole} koder er gitt til hele tekster; de følger med ut igjen, men vises ikke",
                f"{whole} codes are of whole texts; they go out again, but are not shown",
            )
        twice = sum(count - 1 for count in seen.values())
        if twice:
            self.remark(f"{twice} like kodinger slått sammen", f"{twice} equal codings made one")
        uncodable = {coding.code for coding in found} - set(self.project.codebook.codable)
        for code in sorted(uncodable):
            self.remark(f"«{code}» er brukt, men er ikke kodbar", f"«{code}» is used, but is not codable")
        texts = {name: self.project.transcript(name) for name in self.transcript_names.values()}
        outside = outside_remark(texts, (coding.segment for coding in found))
        self.remarks += [outside] if outside else []
        return self.project.add_codings(found, complete=complete)

    def coding_numbers(self) -> None:
        """Find the number in the project of each coding of the package, and keep its ids for the next export."""
        ids = {(one.coder, one.transcript, one.start, one.end, one.code): one.id for one in made(self.project)}
        suggested = {note.guid for note in self.package.notes if note.name == SUGGESTED}
        to_keep: dict[str, Any] = {}
        for document in self.package.documents:
            for segment in document.segments:
                for coding in segment.codings:
                    who = self.users.get(coding.user, self.nobody)
                    place = (self.transcript_names[document.guid], segment.start, segment.end)
                    key = (who, *place, self.code_names[coding.code])
                    self.coding_ids[coding.guid] = ids[key]
                    about = {
                        "guid": coding.guid,
                        "selection": segment.guid,
                        "name": segment.name,
                        "time": coding.time,
                        "notes": list(segment.notes) if coding is _first(segment) else [],
                        "provenance": [note for note in coding.notes if note in suggested],
                        "description": undescribed(segment.description) if coding is _first(segment) else "",
                        "user": self.users.get(segment.user, ""),
                        "made": segment.time,
                    }
                    to_keep.setdefault(str(ids[key]), about)
        self.keep("coding", to_keep)
        self.keep("user", {user.name: {"guid": user.guid} for user in self.package.users})

    def memos(self) -> int:
        earlier = self._taken_earlier()
        notes = {note.guid: note for note in (*self.package.notes, *descriptions_in(self.package))}
        texts: dict[tuple[str, str], list[str]] = {}
        held: dict[str, list[str]] = {}
        good: dict[str, list[int]] = {}
        for about, guids, who in self._noted():
            for note in (notes[guid] for guid in guids if guid in notes):
                coder = self.users.get(note.user) or who
                if note.name == GOOD and about.startswith("coding/"):
                    good.setdefault(coder, []).append(int(about.removeprefix("coding/")))
                elif note.name != SUGGESTED and note.text.strip():
                    key, text = f"{coder}\x1f{about}", note.text.strip()
                    held.setdefault(key, []).append(note.guid)
                    if text not in earlier.get(key, ()):
                        texts.setdefault((coder, about), []).append(text)
        count = 0
        for coder in sorted({key[0] for key in texts} | set(good)):
            own = {about: "\n\n".join(said) for (who, about), said in texts.items() if who == coder}
            count += take_notes(self.project, coder, own, good.get(coder, ()))
        self.keep("memo", held)
        return count

    def _taken_earlier(self) -> dict[str, set[str]]:
        """Coder and subject of a memo → the texts that an earlier import took into it: it may have been edited here since."""
        texts = {
            guid: data["text"].strip()
            for kind in ("note", "description")
            for guid, data in kept(self.project, kind).items()
        }
        return {
            key: {texts[guid] for guid in guids if guid in texts} for key, guids in kept(self.project, "memo").items()
        }

    def _noted(self) -> "list[tuple[str, tuple[str, ...], str]]":
        """(subject of notes in the project, their ids, coder) for everything that has notes."""
        ids = {source.name: source.id for source in self.project.sources}
        same_turns = dict(places_of(self.project, self.own, self.transcript_names)) if self.own else {}
        found: list[tuple[str, tuple[str, ...], str]] = [("project", self.package.own_notes, self.nobody)]
        found += [(f"code/{self.code_names[node.guid]}", node.notes, self.nobody) for node in self.package.walk()]
        for document in self.package.documents:
            name = self.transcript_names[document.guid]
            about_text, who = f"transcript/{ids[name]}", self.users.get(document.user, self.nobody)
            turns = self.own.turn_notes if self.own and document.guid in same_turns else {}
            for guid in document.notes:
                if guid in turns:
                    found.append((f"turn/{ids[name]}/{turns[guid]}", (guid,), who))
            noted = tuple(guid for guid in noted_on(document) if guid not in turns)
            found.append((about_text, noted, who))
            transcript = self.project.transcript(name)
            for segment in document.segments:
                noted = noted_on(segment)
                if noted and segment.codings:
                    first = _first(segment)
                    who = self.users.get(segment.user) or self.users.get(first.user, self.nobody)
                    found.append((f"coding/{self.coding_ids[first.guid]}", noted, who))
                elif noted:
                    turn = transcript.utterance_at(segment.start)
                    about = about_text if turn is None else f"turn/{ids[name]}/{turn}"
                    found.append((about, noted, self.users.get(segment.user, self.nobody)))
                for coding in segment.codings:
                    found.append(
                        (
                            f"coding/{self.coding_ids[coding.guid]}",
                            coding.notes,
                            self.users.get(coding.user, self.nobody),
                        )
                    )
        return [row for row in found if row[1]]

    def values(self) -> None:
        """Take in the values of variables, and keep which variable of the project each of the package's is."""
        coders = self.own.coders if self.own is not None else ()
        coming = ValuesIn(self.project, self.package, self.transcript_names)
        coming.take(next(iter((*coders, *self.users.values())), self.nobody))
        self.remarks += coming.remarks
        self.keep(TAKEN, coming.taken)

    def _is_speakers(self, case: Case) -> bool:
        """Whether a case of a file of autokode's holds a speaker's values: they are values here, and go out as such."""
        stated = {(document, speaker) for document, speaker, _, _ in self.own.values if speaker} if self.own else ()
        return any(case.guid == guid_of("case", *one) for one in stated)

    def keep_rest(self) -> None:
        """Keep what a project has no table for: cases, variables, sets, notes, uncoded segments, codes of whole texts."""
        package = self.package
        for kind, items in (
            ("case", [one for one in package.cases if not self._is_speakers(one)]),
            ("variable", package.variables),
            ("set", package.sets),
            ("note", package.notes),
        ):
            self.keep(kind, {item.guid: to_kept(item, self.users) for item in items})
        for document in package.documents:
            uncoded = [to_kept(segment, self.users) for segment in document.segments if not segment.codings]
            if uncoded:
                self.keep("passages", {self.transcript_names[document.guid]: uncoded})
            if document.codings:
                whole = [to_kept(coding, self.users) for coding in document.codings]
                self.keep("whole", {self.transcript_names[document.guid]: whole})
        self.keep("description", {note.guid: {"text": note.text} for note in descriptions_in(package)})
        offices = [variable.guid for variable in package.variables if variable.name == OFFICE]
        about = {"description": package.description, "name": package.name, "time": package.time, "offices": offices}
        self.keep("package", {"": about})


def _first(segment: PackageSegment) -> PackageCoding:
    """The coding that gets the notes on its segment; the same one in whatever order the codings come."""
    return min(segment.codings, key=lambda coding: coding.guid)
