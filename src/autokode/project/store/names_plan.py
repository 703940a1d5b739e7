"""From a project to the list of names that a person goes through, and from that list to what is replaced where."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from autokode.corpus.readers import Source as TextSource
from autokode.corpus.transcript import Transcript
from autokode.project.store.project import Project
from autokode.project.store.pseudonym_plan import (
    ProjectPlan,
    group_of,
    labels_of,
    plan_project,
    standing_runs,
    texts_of,
    without,
)
from autokode.project.store.pseudonymising import invented_in, stale
from autokode.pseudonym.finding import find_known
from autokode.pseudonym.key import Key
from autokode.pseudonym.kinds import Finding, Kind, without_overlap
from autokode.pseudonym.names_list import Entry, NamesList, Place, finding_of
from autokode.pseudonym.naming import KEPT
from autokode.pseudonym.register import Entity, Register
from autokode.pseudonym.replacement_plan import Plan, Searched, edits_of
from autokode.pseudonym.who import plain

if TYPE_CHECKING:
    from autokode.nlp.pipeline import Pipeline


def list_beside(folder: Path) -> Path:
    """Where the list of names of a project lies: beside its folder, as the key does."""
    return folder.with_name(f"{folder.name}-navneliste.json")


def list_names(
    project: Project,
    nlp: "Pipeline",
    *,
    key: Key,
    before: NamesList | None = None,
    gender: str = KEPT,
    progress: Callable[[str, int, int], None] | None = None,
) -> NamesList:
    """Find the personal data in a project, and make a list of it; what was decided on the list before still holds.

    Raises:
        DataError: as `plan_project`.
    """
    known = key.register
    if before is not None:
        kept = [Entity(e.kind, e.forms, e.becomes, score=e.score) for e in before.heads if e.keeps]
        known = Register([*before.register().entities, *kept], key.register.leave)
    plan = plan_project(project, nlp, key=key, register=known, gender=gender, progress=progress)
    entities = plan.found.register.in_order()
    numbers = {entity.forms: number for number, entity in enumerate(entities, 1)}
    places = [
        place
        for transcript, one in zip(plan.edits, plan.found.transcripts, strict=False)
        for place in _places(transcript, one, numbers)
    ]
    later = without(plan.found.register, invented_in(project) | {e.becomes for e in key.register.entities})
    settled = list(plan.edits)[len(plan.found.transcripts) :]
    texts = texts_in(project)
    for transcript in settled:
        places += _known_places(transcript, texts[transcript], later, numbers)
    shown = _decided(before, numbers)
    entries = {
        number: Entry(number, e.kind, e.forms, e.becomes, e.score, *shown.get(number, ()))
        for number, e in enumerate(entities, 1)
    }
    return NamesList(
        plan.texts,
        entries,
        tuple(sorted(places)),
        offices=plan.found.offices,
        leave=tuple(sorted(plan.found.register.leave)),
        standing=plan.found.standing,
        left_alone=plan.left_alone,
        gender=gender,
    )


def texts_in(project: Project) -> dict[int, str]:
    """Transcript's number → its text, of all interviews."""
    return {row["id"]: row["text"] for row in project.database.rows("SELECT id, text FROM transcript ORDER BY id")}


def project_plan(project: Project, listed: NamesList, key: Key) -> ProjectPlan:
    """What a list replaces in a project.

    Raises:
        DataError: the list is of other texts than the project has now.
    """
    if listed.texts != texts_of(project):
        raise stale(project.folder)
    register, entities = listed.register(), listed.entities()
    later = without(register, {entity.becomes for entity in key.register.entities})
    settled = {number for run in standing_runs(project, key) for number in run.edits}
    edits, labels, searched = {}, {}, {}
    for source in project.sources:
        if source.name in listed.left_alone:
            continue
        transcript, known = project.transcript(source.name), later if source.id in settled else register
        found = list(_owned(transcript.text, listed.places_in(source.id), listed, entities, later))
        searched[source.id] = one = _searched(transcript, source.office, found)
        edits[source.id] = edits_of(transcript.text, register, found)
        labels[source.id] = labels_of(Plan(known, (one,), listed.offices), one)
    plan = Plan(register, tuple(searched.values()), listed.offices, standing=listed.standing)
    return ProjectPlan(plan, edits, labels, listed.texts, listed.left_alone)


def _searched(transcript: Transcript, office: str, found: list[tuple[Finding, Entity | None]]) -> Searched:
    entry = {"file": transcript.name, "group": group_of(transcript.name, office)}
    findings, owners = tuple(one for one, _owner in found), tuple(owner for _one, owner in found)
    return Searched(entry, Path(transcript.name), TextSource(transcript.text), transcript, findings, owners)


def _owned(
    text: str, places: list[Place], listed: NamesList, entities: Mapping[int, Entity], register: Register
) -> Iterator[tuple[Finding, Entity | None]]:
    """Yield what is replaced in a text, with whose it is; within what stays, names that are replaced elsewhere."""
    for place in places:
        if not place.entry:
            yield finding_of(place, Kind.PRONOUN), None
            continue
        head = listed.head(place.entry)
        if not head.keeps:
            yield finding_of(place, head.kind), entities[head.number]
            continue
        for one in without_overlap(find_known(text[place.start : place.end], register.forms())):
            owner = None if register.is_left(one.text) else register.likeliest_of(one.text)
            if owner is not None:
                yield replace(one, start=place.start + one.start, end=place.start + one.end), owner


def _places(transcript: int, one: Searched, numbers: Mapping[tuple[str, ...], int]) -> Iterator[Place]:
    for finding, owner in zip(one.findings, one.owners, strict=True):
        entry = 0 if owner is None else numbers[owner.forms]
        yield Place(transcript, finding.start, finding.end, finding.text, entry)


def _known_places(
    transcript: int, text: str, register: Register, numbers: Mapping[tuple[str, ...], int]
) -> Iterator[Place]:
    """Yield where known names stand in a text that was pseudonymised before."""
    for one in without_overlap(f for f in find_known(text, register.forms()) if not register.is_left(f.text)):
        owner = register.likeliest_of(one.text)
        if owner is not None:
            yield Place(transcript, one.start, one.end, one.text, numbers[owner.forms])


def _decided(before: NamesList | None, numbers: Mapping[tuple[str, ...], int]) -> dict[int, tuple[bool, int, bool]]:
    """Number on the new list → (keeps, same as, decided), of what was decided on the list before."""
    if before is None:
        return {}
    of = {plain(form): number for forms, number in numbers.items() for form in forms}
    return {
        of[plain(entry.forms[0])]: (entry.keeps, 0, True)
        for entry in before.heads
        if entry.decided and plain(entry.forms[0]) in of
    }
