"""Make a package of a project. Imported items keep their ids; items made here get the same ids in every export."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from autokode.base.messages import say
from autokode.corpus.codebook import Code
from autokode.exchange.code_trees import first_ids, guids_of, nodes_of, set_apart
from autokode.exchange.kept_data import GOOD, OFFICE, SUGGESTED, from_kept
from autokode.exchange.own_readings import own_data_of
from autokode.exchange.package.contents import (
    Case,
    Document,
    Note,
    Package,
    PackageCoding,
    PackageSegment,
    PackageSet,
    User,
    Value,
    Variable,
    guid_of,
)
from autokode.exchange.package.digest import digest_of
from autokode.exchange.variable_export import VariablesOut
from autokode.project.store.decision_rows import Memo, memos
from autokode.project.store.foreign_data import Made, Open, kept, made, undecided
from autokode.project.store.project import Project
from autokode.project.store.schema import DESCRIPTION
from autokode.project.store.transcripts import Source


def package_of(project: Project, *, suggestions: bool = False, memos: Collection[str] = ()) -> Package:
    """Make a package of a whole project.

    Args:
        project: the project.
        suggestions: include undecided suggestions, each model as a user of its own.
        memos: the coders whose memos to include, by name, whether they wrote them here or they were imported.
    """
    return _Export(project, suggestions, memos).package()


@dataclass
class _Export:
    """One export in progress: the users, notes and ids of segments so far."""

    project: Project
    suggestions: bool
    writers: Collection[str]
    users: dict[str, User] = field(default_factory=dict)
    notes: dict[str, Note] = field(default_factory=dict, repr=False)
    used: set[str] = field(default_factory=set)
    suggested: set[str] = field(default_factory=set)

    def package(self) -> Package:
        project = self.project
        codebook = project.codebook
        self.known = {name: data["guid"] for name, data in kept(project, "user").items()}
        for name in self.known:
            self._user(name)
        imported_codes = kept(project, "code")
        used = {row.code for row in made(project)} | {row.code for row in undecided(project)}
        stray = sorted(used - {code.name for code in codebook})
        codebook = replace(codebook, codes=(*codebook.codes, *(Code(name) for name in stray)))
        imported_codes = set_apart(codebook, first_ids(codebook, project.names_since()) | imported_codes)
        self.codes = guids_of(codebook, imported_codes)
        known_texts = kept(project, "transcript")
        self.memo_notes = kept(project, "memo")
        self.noted = {guid for guids in self.memo_notes.values() for guid in guids}
        self.kept_notes = kept(project, "note")
        self._read_memos()
        self.transcript_guids = {
            source.id: known_texts.get(source.name, {}).get("guid") or guid_of("transcript", source.name)
            for source in project.sources
        }
        self.out = VariablesOut.of(project, self.transcript_guids)
        documents, variables = self._documents_and_variables()
        documents, cases = self.out.settled(documents, self._cases(documents))
        self._kept(guid for guid, data in self.kept_notes.items() if data["name"] not in (GOOD, SUGGESTED))
        about = kept(project, "package").get("", {})
        times = [coding.time for coding in made(project) if coding.time]
        nodes = nodes_of(
            codebook, imported_codes, {name: self.notes_about.get(f"code/{name}", ()) for name in self.codes}
        )
        package = Package(
            name=about.get("name") or codebook.name or project.folder.name,
            description=about.get("description", ""),
            users=tuple(sorted(self.users.values(), key=lambda user: user.name)),
            codes=nodes,
            documents=documents,
            notes=tuple(sorted(self.notes.values(), key=lambda note: note.guid)),
            own_notes=self.notes_about.get("project", ()),
            variables=variables,
            cases=cases,
            sets=tuple(self._sets(documents)),
            time=about.get("time", ""),
            modified=max(times, default=""),
        )
        own = own_data_of(project, self.transcript_guids, self.codes, self.notes_about, self.out.stated())
        return replace(package, own=replace(own, suggested=frozenset(self.suggested), digest=digest_of(package)))

    def _read_memos(self) -> None:
        notes_about: dict[str, list[str]] = {}
        self.descriptions = {guid: "" for held in self.memo_notes.values() for guid in _described(held)}
        self.described = kept(self.project, "description")
        for memo in memos(self.project):
            if memo.coder in self.writers:
                notes_about.setdefault(memo.about, []).extend(self._memo_notes(memo))
        self.notes_about = {key: tuple(guids) for key, guids in notes_about.items()}

    def _documents_and_variables(self) -> tuple[tuple[Document, ...], tuple[Variable, ...]]:
        """The documents, and the variables with one for the office if a document needs it."""
        variables = self.out.variables()
        office = next((one for one in variables if one.name == OFFICE), None)
        if office is not None:
            return tuple(self._documents(office)), variables
        office = Variable(guid_of("variable", OFFICE), OFFICE)
        documents = tuple(self._documents(office))
        needed = any(value.variable == office.guid for one in documents for value in one.values)
        return documents, (*variables, office) if needed else variables

    # documents

    def _documents(self, office: Variable) -> Iterator[Document]:
        about = kept(self.project, "transcript")
        uncoded, of_whole = kept(self.project, "passages"), kept(self.project, "whole")
        imported = kept(self.project, "coding")
        by_place: dict[str, dict[tuple[int, int], list[Made | Open]]] = {}
        for one in (*made(self.project), *(undecided(self.project) if self.suggestions else ())):
            by_place.setdefault(one.transcript, {}).setdefault((one.start, one.end), []).append(one)
        for source in self.project.sources:
            data = about.get(source.name, {})
            guid = self.transcript_guids[source.id]
            segments = [
                self._segment(guid, span, rows, imported) for span, rows in by_place.get(source.name, {}).items()
            ]
            segments += [self._uncoded(plain) for plain in uncoded.get(source.name, ())]
            yield Document(
                guid=guid,
                name=data.get("name") or source.name,
                text=self.project.transcript(source.name).text,
                segments=tuple(sorted(segments, key=lambda one: (one.start, one.end, one.guid))),
                codings=tuple(self._of_whole(plain) for plain in of_whole.get(source.name, ())),
                notes=tuple(self._document_notes(source, uncoded.get(source.name, ()))),
                values=self._values(source, data, office),
                description=self._description(guid, data.get("description", "")),
                user=self._user_of(data),
                time=data.get("time", ""),
            )

    def _document_notes(self, source: Source, uncoded: Iterable[dict[str, Any]]) -> Iterator[str]:
        """Yield the notes on a transcript and its utterances, except those that an uncoded segment already carries."""
        elsewhere = {note for plain in uncoded for note in plain["notes"]}
        for about, guids in self.notes_about.items():
            if about == f"transcript/{source.id}" or about.startswith(f"turn/{source.id}/"):
                yield from (guid for guid in guids if guid not in elsewhere)

    def _values(self, source: Source, data: dict[str, Any], office: Variable) -> tuple[Value, ...]:
        values = tuple(Value(**value) for value in data.get("values", ()))
        said = {value.text for value in values} | {case["name"] for case in kept(self.project, "case").values()}
        if source.office == source.name or source.office in said:
            return values
        inherited = {v["text"] for case in kept(self.project, "case").values() for v in case["values"]}
        return values if source.office in inherited else (*values, Value(office.guid, "Text", source.office))

    def _segment(
        self, document: str, span: tuple[int, int], rows: list[Made | Open], imported: dict[str, Any]
    ) -> PackageSegment:
        before = [imported[str(row.id)] for row in rows if isinstance(row, Made) and str(row.id) in imported]
        data = before[0] if before else {}
        guid = data.get("selection", "")
        if not guid or guid in self.used:
            guid = guid_of("selection", document, *span)
        self.used.add(guid)
        own = [note for one in before for note in one["notes"]]
        codings = [
            self._coding(document, row, imported) if isinstance(row, Made) else self._suggestion(document, row)
            for row in rows
        ]
        return PackageSegment(
            guid=guid,
            start=span[0],
            end=span[1],
            name=data.get("name", ""),
            description=next(
                filter(None, (self._description(one["selection"], one["description"]) for one in before)), ""
            ),
            codings=tuple(sorted(codings, key=lambda one: one.guid)),
            notes=tuple(guid for row in rows if isinstance(row, Made) for guid in self._memos_of(row) if guid in own),
            user=self._user_of(data),
            time=data.get("made", ""),
        )

    def _coding(self, document: str, row: Made, imported: dict[str, Any]) -> PackageCoding:
        place = (document, row.start, row.end, row.code)
        guid = imported.get(str(row.id), {}).get("guid") or guid_of("coding", row.coder, *place)
        known = imported.get(str(row.id))
        notes = [note for note in self._memos_of(row) if known is None or note not in known["notes"]]
        if row.good:
            said = say("Godt sitat.", "A good quote.")
            notes.append(self._add(Note(guid_of("good", guid), said, GOOD, self._user(row.coder))))
        notes += self._kept(known["provenance"]) if known else ()
        if row.probability is not None:
            said = say(f"Godtatt av {row.coder}.", f"Accepted by {row.coder}.")
            notes.append(self._provenance(guid, row.model, row.probability, said))
        time = known["time"] if known is not None else row.time
        return PackageCoding(guid, self.codes[row.code], self._user(row.coder), time, tuple(notes))

    def _memos_of(self, row: Made) -> tuple[str, ...]:
        return self.notes_about.get(f"coding/{row.id}", ())

    def _suggestion(self, document: str, row: Open) -> PackageCoding:
        user = self._user(say(f"modell {row.model[:12]}", f"model {row.model[:12]}"))
        guid = guid_of("suggestion", row.coder, document, row.start, row.end, row.code)
        self.suggested.add(guid)
        said = say(f"Foreslått for {row.coder}; ikke bestemt.", f"Suggested to {row.coder}; not decided.")
        provenance = self._provenance(guid, row.model, row.probability, said)
        return PackageCoding(guid, self.codes[row.code], user, "", (provenance,))

    def _provenance(self, guid: str, model: str, probability: float, said: str) -> str:
        user = self._user(say(f"modell {model[:12]}", f"model {model[:12]}"))
        text = say(
            f"Metode: autokode, lineær klassifikator lært av kodede segmenter\nModell (SHA-256): {model}\n"
            f"Sannsynlighet: {probability:.4f}\n{said}",
            f"Method: autokode, a linear classifier learnt from coded segments\nModel (SHA-256): {model}\n"
            f"Probability: {probability:.4f}\n{said}",
        )
        return self._add(Note(guid_of("provenance", guid), text, SUGGESTED, user))

    def _uncoded(self, plain: dict[str, Any]) -> PackageSegment:
        self.used.add(plain["guid"])
        notes = self._kept(plain["notes"])
        told = self._description(plain["guid"], plain["description"])
        own = {"codings": (), "notes": notes, "user": self._user_of(plain), "description": told}
        return PackageSegment(**{**from_kept(plain), **own})

    def _of_whole(self, plain: dict[str, Any]) -> PackageCoding:
        names = {data["guid"]: name for name, data in kept(self.project, "code").items()}
        notes = self._kept(plain["notes"])
        code = self.codes.get(names.get(plain["code"], ""), plain["code"])
        return PackageCoding(plain["guid"], code, self._user_of(plain), plain["time"], notes)

    # users, notes, cases and sets

    def _user(self, name: str) -> str:
        return self.users.setdefault(name, User(self.known.get(name) or guid_of("user", name), name)).guid

    def _user_of(self, data: dict[str, Any]) -> str:
        return self._user(data["user"]) if data.get("user") else ""

    def _memo_notes(self, memo: Memo) -> Iterable[str]:
        """Ids of a memo's notes: the imported ones while the memo is unchanged, otherwise one of its own.

        A memo that came of a description alone goes out as that description.
        """
        held = self.memo_notes.get(f"{memo.coder}\x1f{memo.about}", ())
        known = {guid: data for guid in held if (data := self.described.get(guid) or self.kept_notes.get(guid))}
        notes = [guid for guid in known if guid in self.kept_notes]
        described = _described(known)
        if known and "\n\n".join(data["text"].strip() for data in known.values()) == memo.text:
            self.descriptions |= {guid: self.described[guid]["text"] for guid in described}
            return [self._note(self.kept_notes[guid]) for guid in notes]
        if described and len(known) == 1:
            self.descriptions[described[0]] = memo.text
            return []
        guid = notes[0] if notes else guid_of("memo", memo.coder, memo.about)
        return [self._add(Note(guid, memo.text, "", self._user(memo.coder)))]

    def _description(self, guid: str, imported: str) -> str:
        """The description of a text or selection, which may have been changed as a memo."""
        return self.descriptions.get(f"{DESCRIPTION}{guid}", imported)

    def _kept(self, guids: Iterable[str]) -> tuple[str, ...]:
        """Add the imported notes among these ids to the package, unless they are memos that do not go along; their ids there."""
        return tuple(
            self.notes[guid].guid if guid in self.notes else self._note(self.kept_notes[guid])
            for guid in guids
            if guid in self.kept_notes and (guid in self.notes or guid not in self.noted)
        )

    def _note(self, data: dict[str, Any]) -> str:
        return self._add(Note(data["guid"], data["text"], data["name"], self._user_of(data), data["time"]))

    def _add(self, note: Note) -> str:
        return self.notes.setdefault(note.guid, note).guid

    def _cases(self, documents: tuple[Document, ...]) -> Iterator[Case]:
        there = {guid for document in documents for guid in (document.guid, *(one.guid for one in document.segments))}
        codes = set(self.codes.values())
        for data in kept(self.project, "case").values():
            own = {
                "codes": tuple(guid for guid in data["codes"] if guid in codes),
                "documents": tuple(guid for guid in data["documents"] if guid in there),
                "segments": tuple(guid for guid in data["passages"] if guid in there),
                "values": tuple(Value(**value) for value in data["values"]),
            }
            yield Case(**{**from_kept(data), **own})

    def _sets(self, documents: tuple[Document, ...]) -> Iterator[PackageSet]:
        there, codes = {document.guid for document in documents}, set(self.codes.values())
        for data in kept(self.project, "set").values():
            own = {
                "codes": tuple(guid for guid in data["codes"] if guid in codes),
                "documents": tuple(guid for guid in data["documents"] if guid in there),
                "notes": self._kept(data["notes"]),
            }
            yield PackageSet(**{**data, **own})


def _described(guids: Iterable[str]) -> list[str]:
    """The ids among those of a memo's notes that stand for descriptions."""
    return [guid for guid in guids if guid.startswith(DESCRIPTION)]
