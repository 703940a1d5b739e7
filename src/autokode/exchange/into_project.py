"""A package into a project: codes, transcripts, codings and memos; what autokode has no use for is kept to go out again."""

import itertools
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from autokode.base.errors import failure
from autokode.base.messages import say
from autokode.corpus.codebook import folded
from autokode.corpus.coding import Coding, Segment
from autokode.corpus.readers import Source
from autokode.corpus.transcript import Transcript, from_source
from autokode.exchange.code_trees import merged
from autokode.exchange.from_project import GOOD, OFFICE, SUGGESTED
from autokode.exchange.package.contents import Document, Given, Package, Passage
from autokode.project.store.foreign_data import keep, kept, made, take_notes
from autokode.project.store.project import Project

OFFICES = {"kontor", "office", "gruppe", "group", "arbeidsplass", "avdeling", "skole", "school"}
"""Names of variables (and of what a case may be) that say which group a transcript belongs to."""

Reading = Callable[[str, str], Transcript]
"""From a text and a name to a transcript."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of an import: how many of each are new, and what was inferred, repaired or could not be kept."""

    codes: int
    transcripts: int
    codings: int
    memos: int
    remarks: tuple[str, ...]


def take_in(
    project: Project,
    package: Package,
    *,
    coder: str = "",
    complete: bool = True,
    pseudonymised: bool = False,
    reading: Reading | None = None,
) -> Taken:
    """Take a package into a project. Taking in the same one twice adds nothing the second time.

    Args:
        project: the project.
        package: what to take in.
        coder: who made codings that name nobody.
        complete: whether coders went through all of the transcripts in which they coded.
        pseudonymised: whether all names in the transcripts are invented.
        reading: how a text becomes a transcript; the inferred way if None.

    Raises:
        DataError: the package holds nothing, or has codes in more levels than a codebook may have.
    """
    if not package.codes and not package.documents:
        raise failure(
            "har verken koder eller tekster",
            "has neither codes nor texts",
            where=package.name,
            try_next=say("eksporter på nytt", "export it again"),
        )
    alone = package.users[0].name if len(package.users) == 1 else say("ukjent", "unknown")
    take = _Take(project, package, coder or alone, list(package.remarks))
    codes = take.codes()
    read = reading or (lambda text, name: from_source(Source(text), name))
    transcripts = take.transcripts(read, pseudonymised=pseudonymised)
    codings = take.codings(complete=complete)
    take.numbers()
    memos = take.memos()
    take.rest()
    keep(project, take.carried)
    return Taken(codes, transcripts, codings, memos, tuple(take.remarks))


@dataclass
class _Take:
    """One import on its way: which id became what in the project."""

    project: Project
    package: Package
    nobody: str
    remarks: list[str]
    names: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    made: dict[str, int] = field(default_factory=dict)
    carried: dict[tuple[str, str], Any] = field(default_factory=dict)

    def keep(self, kind: str, things: Mapping[str, Any]) -> None:
        self.carried.update({(kind, key): data for key, data in things.items()})

    def codes(self) -> int:
        before = self.project.codebook
        codebook, self.names = merged(before, self.package)
        own = {node.guid: node.name for node in self.package.walk()}
        renamed = [
            f"«{own[guid]}» → «{name}»" for guid, name in self.names.items() if folded(own[guid]) != folded(name)
        ]
        if renamed:
            shown = ", ".join(renamed[:5]) + (" …" if len(renamed) > 5 else "")
            self.remarks.append(
                say(
                    f"{len(renamed)} koder har navn som en annen kode har: {shown}",
                    f"{len(renamed)} codes have another code's name: {shown}",
                )
            )
        known = kept(self.project, "code")
        fresh = {
            name: {"guid": guid, "name": own[guid]} for guid, name in self.names.items() if name and name not in known
        }
        if codebook != before:
            self.project.replace_codebook(codebook)
        self.keep("code", fresh)
        return len(list(codebook)) - len(list(before))

    def transcripts(self, reading: Reading, *, pseudonymised: bool) -> int:
        new = 0
        users = {user.guid: user.name for user in self.package.users}
        taken = {source.name: self.project.transcript(source.name).text for source in self.project.sources}
        for document in self.package.documents:
            name = self._free(document, taken)
            self.places[document.guid] = name
            new += self.project.add(
                reading(document.text, name), office=self._office(document), pseudonymised=pseudonymised
            )
            about = {
                "guid": document.guid,
                "name": document.name,
                "description": document.description,
                "time": document.time,
            }
            data = {
                **about,
                "user": users.get(document.user, ""),
                "values": [asdict(value) for value in document.values],
            }
            self.keep("transcript", {name: data})
        return new

    def _free(self, document: Document, taken: Mapping[str, str]) -> str:
        """Return the document's name; with a number where the project has another text of that name."""
        stem = document.name.strip() or say("uten navn", "unnamed")
        names = itertools.chain([stem], (f"{stem} ({number})" for number in itertools.count(2)))
        used = set(self.places.values())
        name = next(one for one in names if one not in used and (one not in taken or taken[one] == document.text))
        if name != stem:
            self.remarks.append(say(f"«{stem}» heter her «{name}»", f"«{stem}» is called «{name}» here"))
        return name

    def _office(self, document: Document) -> str:
        variables = {variable.guid: folded(variable.name) for variable in self.package.variables}
        holders = [case for case in self.package.cases if document.guid in case.documents]
        values = [*document.values, *(value for case in holders for value in case.values)]
        stated = [value.text.strip() for value in values if variables.get(value.variable) in OFFICES]
        if stated and stated[0]:
            return stated[0]
        return holders[0].name if len(holders) == 1 else ""

    def codings(self, *, complete: bool) -> int:
        users = {user.guid: user.name for user in self.package.users}
        found, whole, seen = [], 0, Counter[tuple[Any, ...]]()
        for document in self.package.documents:
            name = self.places[document.guid]
            whole += len(document.given)
            for passage in document.passages:
                segment = Segment(name, passage.start, passage.end, document.text[passage.start : passage.end])
                for given in passage.given:
                    coding = Coding(segment, self.names[given.code], users.get(given.user, self.nobody), given.time)
                    seen[coding.coder, segment, coding.code] += 1
                    found.append(coding)
        if whole:
            self.remarks.append(
                say(
                    f"{whole} koder er gitt til hele tekster; de følger med ut igjen, men vises ikke",
                    f"{whole} codes are of whole texts; they go out again, but are not shown",
                )
            )
        twice = sum(count - 1 for count in seen.values())
        if twice:
            self.remarks.append(say(f"{twice} like kodinger slått sammen", f"{twice} equal codings made one"))
        uncodable = {coding.code for coding in found} - set(self.project.codebook.codable)
        for code in sorted(uncodable):
            self.remarks.append(say(f"«{code}» er brukt, men er ikke kodbar", f"«{code}» is used, but is not codable"))
        return self.project.add_codings(found, complete=complete)

    def numbers(self) -> None:
        """Find which coding of the project each coding of the package became, and keep the ids of both."""
        users = {user.guid: user.name for user in self.package.users}
        ids = {(one.coder, one.transcript, one.start, one.end, one.code): one.id for one in made(self.project)}
        suggested = {note.guid for note in self.package.notes if note.name == SUGGESTED}
        carried: dict[str, Any] = {}
        for document in self.package.documents:
            for passage in document.passages:
                for given in passage.given:
                    who = users.get(given.user, self.nobody)
                    key = (who, self.places[document.guid], passage.start, passage.end, self.names[given.code])
                    self.made[given.guid] = ids[key]
                    about: dict[str, Any] = {
                        "guid": given.guid,
                        "selection": passage.guid,
                        "name": passage.name,
                        "time": given.time,
                    }
                    about["notes"] = list(passage.notes) if given is _first(passage) else []
                    about["provenance"] = [note for note in given.notes if note in suggested]
                    about |= {
                        "description": passage.description,
                        "user": users.get(passage.user, ""),
                        "made": passage.time,
                    }
                    carried.setdefault(str(ids[key]), about)
        self.keep("coding", carried)
        self.keep("user", {user.name: {"guid": user.guid} for user in self.package.users})

    def memos(self) -> int:
        notes = {note.guid: note for note in self.package.notes}
        users = {user.guid: user.name for user in self.package.users}
        texts: dict[tuple[str, str], list[str]] = {}
        held: dict[str, list[str]] = {}
        good: dict[str, list[int]] = {}
        for about, guids, who in self._about():
            for note in (notes[guid] for guid in guids if guid in notes):
                coder = users.get(note.user) or who
                if note.name == GOOD and about.startswith("coding/"):
                    good.setdefault(coder, []).append(int(about.removeprefix("coding/")))
                elif note.name != SUGGESTED and note.text.strip():
                    texts.setdefault((coder, about), []).append(note.text.strip())
                    held.setdefault(f"{coder}\x1f{about}", []).append(note.guid)
        count = 0
        for coder in sorted({key[0] for key in texts} | set(good)):
            own = {about: "\n\n".join(said) for (who, about), said in texts.items() if who == coder}
            count += take_notes(self.project, coder, own, good.get(coder, ()))
        self.keep("memo", held)
        return count

    def _about(self) -> "list[tuple[str, tuple[str, ...], str]]":
        """Return (what notes are about in the project, their ids, who coded it)."""
        users = {user.guid: user.name for user in self.package.users}
        ids = {source.name: source.id for source in self.project.sources}
        found: list[tuple[str, tuple[str, ...], str]] = [("project", self.package.own_notes, self.nobody)]
        found += [(f"code/{self.names[node.guid]}", node.notes, self.nobody) for node in self.package.walk()]
        for document in self.package.documents:
            name = self.places[document.guid]
            found.append((f"transcript/{ids[name]}", document.notes, users.get(document.user, self.nobody)))
            transcript = self.project.transcript(name)
            for passage in document.passages:
                who = users.get(passage.user, self.nobody)
                if passage.notes:
                    own = [f"coding/{self.made[_first(passage).guid]}"] if passage.given else []
                    turn = transcript.utterance_at(passage.start)
                    about = own or [f"turn/{ids[name]}/{turn}" if turn is not None else f"transcript/{ids[name]}"]
                    found.append((about[0], passage.notes, who))
                for given in passage.given:
                    found.append((f"coding/{self.made[given.guid]}", given.notes, users.get(given.user, self.nobody)))
        return [row for row in found if row[1]]

    def rest(self) -> None:
        """Keep what the project has no place for: cases, variables, sets, notes, passages without codes, codes of whole texts."""
        package = self.package
        for kind, things in (
            ("case", package.cases),
            ("variable", package.variables),
            ("set", package.sets),
            ("note", package.notes),
        ):
            self.keep(kind, {thing.guid: self._plain(thing) for thing in things})
        for document in package.documents:
            bare = [self._plain(passage) for passage in document.passages if not passage.given]
            if bare:
                self.keep("passages", {self.places[document.guid]: bare})
            if document.given:
                self.keep(
                    "whole",
                    {self.places[document.guid]: [self._plain(given) for given in document.given]},
                )
        offices = [variable.guid for variable in package.variables if variable.name == OFFICE]
        about = {"description": package.description, "name": package.name, "time": package.time, "offices": offices}
        self.keep("package", {"": about})

    def _plain(self, thing: Any) -> dict[str, Any]:
        """Return a thing as plain data, with the names of users in place of their ids."""
        users = {user.guid: user.name for user in self.package.users}
        plain = asdict(thing)
        if "user" in plain:
            plain["user"] = users.get(plain["user"], "")
        return plain


def _first(passage: Passage) -> Given:
    """Return the coding that the notes on a passage go to in a project: the same one, in whatever order they stand."""
    return min(passage.given, key=lambda given: given.guid)
