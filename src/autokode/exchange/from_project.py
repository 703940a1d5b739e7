"""A project as a package: with the ids it came with, and with the same ids each time for what was made here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from autokode.base.messages import say
from autokode.corpus.codebook import Code
from autokode.exchange.code_trees import guids_of, nodes_of
from autokode.exchange.package.contents import (
    Case,
    Document,
    Gathering,
    Given,
    Note,
    Package,
    Passage,
    User,
    Value,
    Variable,
    guid_of,
)
from autokode.project.store.foreign_data import Made, Open, kept, made, undecided
from autokode.project.store.memos import Memo, memos
from autokode.project.store.project import Project, Source

GOOD, SUGGESTED = "autokode: godt sitat", "autokode: forslag"
"""Names of the notes that say a quote was marked as good, and that a code was suggested by a model."""
OFFICE = "Kontor"
"""Name of the variable that says which office a transcript belongs to."""


def package_of(project: Project, *, suggestions: bool = False) -> Package:
    """Return all of a project.

    Args:
        project: the project.
        suggestions: whether what models suggest and nobody decided is in it, each model being a user of its own.
    """
    return _Make(project, suggestions).package()


@dataclass
class _Make:
    """One export on its way: the notes, users and selections that are referred to so far."""

    project: Project
    suggestions: bool
    users: dict[str, User] = field(default_factory=dict)
    notes: dict[str, Note] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def package(self) -> Package:
        project = self.project
        codebook = project.codebook
        self.known = {name: data["guid"] for name, data in kept(project, "user").items()}
        for name in self.known:
            self._user(name)
        carried_codes = kept(project, "code")
        used = {row.code for row in made(project)} | {row.code for row in undecided(project)}
        stray = sorted(used - {code.name for code in codebook})
        codebook = replace(codebook, codes=(*codebook.codes, *(Code(name) for name in stray)))
        self.codes = guids_of(codebook, carried_codes)
        self.held = kept(project, "memo")
        self.kept_notes = kept(project, "note")
        about = kept(project, "package").get("", {})
        told: dict[str, list[str]] = {}
        for memo in memos(project):
            told.setdefault(memo.about, []).extend(self._told(memo))
        self.told = {key: tuple(guids) for key, guids in told.items()}
        offices = [source for source in project.sources if source.office != source.name]
        variables = [_variable(data) for data in kept(project, "variable").values()]
        own = next((one for one in variables if one.name == OFFICE), None) or Variable(
            guid_of("variable", OFFICE), OFFICE
        )
        documents = tuple(self._documents(own))
        if (
            offices
            and own not in variables
            and any(value.variable == own.guid for one in documents for value in one.values)
        ):
            variables.append(own)
        for guid, data in self.kept_notes.items():
            if guid not in self.notes and data["name"] not in (GOOD, SUGGESTED):
                self._note(self._user_of(data), data)
        times = [coding.time for coding in made(project) if coding.time]
        nodes = nodes_of(codebook, carried_codes, {name: self.told.get(f"code/{name}", ()) for name in self.codes})
        return Package(
            name=about.get("name") or codebook.name or project.folder.name,
            description=about.get("description", ""),
            users=tuple(sorted(self.users.values(), key=lambda user: user.name)),
            codes=nodes,
            documents=documents,
            notes=tuple(sorted(self.notes.values(), key=lambda note: note.guid)),
            own_notes=self.told.get("project", ()),
            variables=tuple(variables),
            cases=tuple(self._cases(documents)),
            sets=tuple(self._sets(documents)),
            time=about.get("time", ""),
            modified=max(times, default=""),
        )

    # documents

    def _documents(self, office: Variable) -> Iterator[Document]:
        about = kept(self.project, "transcript")
        bare, whole = kept(self.project, "passages"), kept(self.project, "whole")
        carried = kept(self.project, "coding")
        by_place: dict[str, dict[tuple[int, int], list[Made | Open]]] = {}
        for one in (*made(self.project), *(undecided(self.project) if self.suggestions else ())):
            by_place.setdefault(one.transcript, {}).setdefault((one.start, one.end), []).append(one)
        for source in self.project.sources:
            data = about.get(source.name, {})
            guid = data.get("guid") or guid_of("transcript", source.name)
            passages = [
                self._passage(guid, span, rows, carried) for span, rows in by_place.get(source.name, {}).items()
            ]
            passages += [self._bare(plain) for plain in bare.get(source.name, ())]
            yield Document(
                guid=guid,
                name=data.get("name") or source.name,
                text=self.project.transcript(source.name).text,
                passages=tuple(sorted(passages, key=lambda one: (one.start, one.end, one.guid))),
                given=tuple(self._whole(plain) for plain in whole.get(source.name, ())),
                notes=tuple(self._about(source, bare.get(source.name, ()))),
                values=self._values(source, data, office),
                description=data.get("description", ""),
                user=self._user(data["user"]) if data.get("user") else "",
                time=data.get("time", ""),
            )

    def _about(self, source: Source, bare: Iterable[dict[str, Any]]) -> Iterator[str]:
        """Yield the notes on a transcript and on its utterances that no passage without codes has."""
        elsewhere = {note for plain in bare for note in plain["notes"]}
        for about, guids in self.told.items():
            if about == f"transcript/{source.id}" or about.startswith(f"turn/{source.id}/"):
                yield from (guid for guid in guids if guid not in elsewhere)

    def _values(self, source: Source, data: dict[str, Any], office: Variable) -> tuple[Value, ...]:
        values = tuple(Value(**value) for value in data.get("values", ()))
        said = {value.text for value in values} | {case["name"] for case in kept(self.project, "case").values()}
        if source.office == source.name or source.office in said:
            return values
        inherited = {v["text"] for case in kept(self.project, "case").values() for v in case["values"]}
        return values if source.office in inherited else (*values, Value(office.guid, "Text", source.office))

    def _passage(
        self, document: str, span: tuple[int, int], rows: list[Made | Open], carried: dict[str, Any]
    ) -> Passage:
        before = [carried[str(row.id)] for row in rows if isinstance(row, Made) and str(row.id) in carried]
        data = before[0] if before else {}
        guid = data.get("selection", "")
        if not guid or guid in self.used:
            guid = guid_of("selection", document, *span)
        self.used.add(guid)
        own = [note for one in before for note in one["notes"]]
        given = [
            self._made(document, row, carried) if isinstance(row, Made) else self._open(document, row) for row in rows
        ]
        return Passage(
            guid=guid,
            start=span[0],
            end=span[1],
            name=data.get("name", ""),
            description=data.get("description", ""),
            given=tuple(sorted(given, key=lambda one: one.guid)),
            notes=tuple(guid for row in rows if isinstance(row, Made) for guid in self._of(row) if guid in own),
            user=self._user(data["user"]) if data.get("user") else "",
            time=data.get("made", ""),
        )

    def _made(self, document: str, row: Made, carried: dict[str, Any]) -> Given:
        place = (document, row.start, row.end, row.code)
        guid = carried.get(str(row.id), {}).get("guid") or guid_of("coding", row.coder, *place)
        known = carried.get(str(row.id))
        notes = [note for note in self._of(row) if known is None or note not in known["notes"]]
        notes += [self._kept(note) for note in (known["provenance"] if known else ()) if note in self.kept_notes]
        if row.good:
            notes.append(
                self._add(Note(guid_of("good", guid), say("Godt sitat.", "A good quote."), GOOD, self._user(row.coder)))
            )
        if row.probability is not None:
            said = say(f"Godtatt av {row.coder}.", f"Accepted by {row.coder}.")
            notes.append(self._provenance(guid, row.model, row.probability, said))
        time = known["time"] if known is not None else row.time
        return Given(guid, self.codes[row.code], self._user(row.coder), time, tuple(notes))

    def _of(self, row: Made) -> tuple[str, ...]:
        return self.told.get(f"coding/{row.id}", ())

    def _open(self, document: str, row: Open) -> Given:
        user = self._user(say(f"modell {row.model[:12]}", f"model {row.model[:12]}"))
        guid = guid_of("suggestion", row.coder, document, row.start, row.end, row.code)
        said = say(f"Foreslått for {row.coder}; ikke bestemt.", f"Suggested to {row.coder}; not decided.")
        return Given(guid, self.codes[row.code], user, "", (self._provenance(guid, row.model, row.probability, said),))

    def _provenance(self, guid: str, model: str, probability: float, said: str) -> str:
        user = self._user(say(f"modell {model[:12]}", f"model {model[:12]}"))
        text = say(
            f"Metode: autokode, lineær klassifikator lært av kodede segmenter\nModell (SHA-256): {model}\n"
            f"Sannsynlighet: {probability:.4f}\n{said}",
            f"Method: autokode, a linear classifier learnt from coded segments\nModel (SHA-256): {model}\n"
            f"Probability: {probability:.4f}\n{said}",
        )
        return self._add(Note(guid_of("provenance", guid), text, SUGGESTED, user))

    def _bare(self, plain: dict[str, Any]) -> Passage:
        self.used.add(plain["guid"])
        notes = tuple(self._kept(guid) for guid in plain["notes"] if guid in self.kept_notes)
        user = self._user(plain["user"]) if plain["user"] else ""
        return Passage(**{**plain, "given": (), "notes": notes, "user": user})

    def _whole(self, plain: dict[str, Any]) -> Given:
        names = {data["guid"]: name for name, data in kept(self.project, "code").items()}
        notes = tuple(self._kept(guid) for guid in plain["notes"] if guid in self.kept_notes)
        code = self.codes.get(names.get(plain["code"], ""), plain["code"])
        return Given(plain["guid"], code, self._user(plain["user"]) if plain["user"] else "", plain["time"], notes)

    # users, notes, and what goes out as it came

    def _user(self, name: str) -> str:
        return self.users.setdefault(name, User(self.known.get(name) or guid_of("user", name), name)).guid

    def _user_of(self, data: dict[str, Any]) -> str:
        return self._user(data["user"]) if data["user"] else ""

    def _told(self, memo: Memo) -> Iterable[str]:
        """Return the ids of the notes that say what a memo says: those it came of while it is unchanged, else one of its own."""
        before = [
            self.kept_notes[guid]
            for guid in self.held.get(f"{memo.coder}\x1f{memo.about}", ())
            if guid in self.kept_notes
        ]
        if before and "\n\n".join(data["text"].strip() for data in before) == memo.text:
            return [self._note(self._user_of(data), data) for data in before]
        guid = before[0]["guid"] if before else guid_of("memo", memo.coder, memo.about)
        return [self._add(Note(guid, memo.text, "", self._user(memo.coder)))]

    def _kept(self, guid: str) -> str:
        data = self.kept_notes[guid]
        return self._note(self._user_of(data), data)

    def _note(self, user: str, data: dict[str, Any]) -> str:
        return self._add(Note(data["guid"], data["text"], data["name"], user, data["time"]))

    def _add(self, note: Note) -> str:
        return self.notes.setdefault(note.guid, note).guid

    def _cases(self, documents: tuple[Document, ...]) -> Iterator[Case]:
        there = {guid for document in documents for guid in (document.guid, *(one.guid for one in document.passages))}
        codes = set(self.codes.values())
        for data in kept(self.project, "case").values():
            kept_ = {
                "codes": tuple(guid for guid in data["codes"] if guid in codes),
                "documents": tuple(guid for guid in data["documents"] if guid in there),
                "passages": tuple(guid for guid in data["passages"] if guid in there),
                "values": tuple(Value(**value) for value in data["values"]),
            }
            yield Case(**{**data, **kept_})

    def _sets(self, documents: tuple[Document, ...]) -> Iterator[Gathering]:
        there, codes = {document.guid for document in documents}, set(self.codes.values())
        for data in kept(self.project, "set").values():
            kept_ = {
                "codes": tuple(guid for guid in data["codes"] if guid in codes),
                "documents": tuple(guid for guid in data["documents"] if guid in there),
                "notes": tuple(self._kept(guid) for guid in data["notes"] if guid in self.kept_notes),
            }
            yield Gathering(**{**data, **kept_})


def _variable(data: dict[str, Any]) -> Variable:
    return Variable(**data)
