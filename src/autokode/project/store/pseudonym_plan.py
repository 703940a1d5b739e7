"""Plans the pseudonymising of a project where it is: the texts of all its interviews together, and what was written about them.

Interviews that the same key pseudonymised before are searched for known names alone, and those that came pseudonymised are left
alone.
"""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from autokode.base.errors import failure, quoted
from autokode.base.hashing import sha256_of
from autokode.corpus.edits import Edits
from autokode.corpus.readers import Source as TextSource
from autokode.corpus.transcript import Transcript
from autokode.project.store.project import Project
from autokode.project.store.rewording import RUNS
from autokode.pseudonym.finding import find_known
from autokode.pseudonym.key import Key, Run
from autokode.pseudonym.kinds import without_overlap
from autokode.pseudonym.labels import names_in
from autokode.pseudonym.material import Read
from autokode.pseudonym.naming import KEPT
from autokode.pseudonym.register import Register
from autokode.pseudonym.replacement_plan import Plan, Searched, edits_of, plan_read
from autokode.pseudonym.writing import relabelled

if TYPE_CHECKING:
    from autokode.nlp.pipeline import Pipeline


@dataclass(frozen=True, slots=True)
class ProjectPlan:
    """What would be replaced in a project; nothing is changed yet.

    Attributes:
        found: who is who, and what was found in the interviews that are searched; to be shown to a person.
        edits: transcript's id → the changes in its text.
        labels: transcript's id → a speaker's label → the new one.
        texts: what `texts_of` gave when it was made.
        left_alone: interviews that are marked as pseudonymised and that this key did not pseudonymise.
    """

    found: Plan
    edits: Mapping[int, Edits]
    labels: Mapping[int, Mapping[str, str]] = field(repr=False)
    texts: str = field(repr=False)
    left_alone: tuple[str, ...]


@dataclass
class _Material:
    """The interviews of a project by what is to be done with them: transcript's id → it, with its office."""

    fresh: dict[int, tuple[Transcript, str]] = field(default_factory=dict)
    settled: dict[int, tuple[Transcript, str]] = field(default_factory=dict)
    left_alone: dict[int, tuple[Transcript, str]] = field(default_factory=dict)


def texts_of(project: Project) -> str:
    """A mark of the texts of a project: another one, once there is another text."""
    rows = project.database.rows("SELECT id, sha256 FROM transcript ORDER BY id")
    return sha256_of("\n".join(f"{number} {digest}" for number, digest in rows))


def standing_runs(project: Project, key: Key) -> list[Run]:
    """The pseudonymisings of a project that stand, in order, as its key has them.

    Raises:
        DataError: the key lacks one.
    """
    rows = project.database.rows("SELECT value FROM setting WHERE name = ?", (RUNS,))
    ids: list[str] = json.loads(rows[0]["value"]) if rows else []
    runs = {run.id: run for run in key.runs}
    if any(one not in runs for one in ids):
        raise failure(
            "prosjektet er pseudonymisert med en annen nøkkel enn denne; ingenting er endret",
            "the project was pseudonymised with another key than this one; nothing was changed",
            where=project.folder,
            try_next=f"autokode pseudonymise --project {quoted(project.folder)} --key NØKKEL.json",
        )
    return [runs[one] for one in ids]


def plan_project(
    project: Project,
    nlp: "Pipeline",
    *,
    key: Key,
    register: Register | None = None,
    also: Collection[str] = (),
    gender: str = KEPT,
    doubtful: bool = True,
    progress: Callable[[str, int, int], None] | None = None,
) -> ProjectPlan:
    """Find the personal data in all interviews of a project, and choose replacements.

    Args:
        project: the project.
        nlp, also, gender, doubtful, progress: as in `autokode.pseudonym.plan`.
        key: the key so far; empty before there is one.
        register: known entities, from a list that a person edited; those of the key if None.

    Raises:
        DataError: the project has no interviews, or the key lacks a pseudonymising that stands.
    """
    material, texts = _material(project, standing_runs(project, key)), texts_of(project)
    known = key.register if register is None else register
    invented = {entity.becomes for entity in key.register.entities}
    found = plan_read(
        [read_of(transcript, office) for transcript, office in material.fresh.values()],
        nlp,
        register=known,
        notes=_notes(project),
        invented=invented,
        also=also,
        gender=gender,
        doubtful=doubtful,
        offices=[group for one, office in material.settled.values() if (group := group_of(one.name, office))],
        avoid=[coder.name for coder in project.coders],
        progress=progress,
    )
    edits = {number: found.edits(one) for number, one in zip(material.fresh, found.transcripts, strict=True)}
    labels = {number: labels_of(found, one) for number, one in zip(material.fresh, found.transcripts, strict=True)}
    later = without(found.register, invented)
    for number, (transcript, _office) in material.settled.items():
        edits[number] = _known_edits(transcript.text, later)
        labels[number] = {label: relabelled(label, later) for label in _speakers(transcript)}
    return ProjectPlan(found, edits, labels, texts, tuple(one.name for one, _office in material.left_alone.values()))


def without(register: Register, names: Collection[str]) -> Register:
    """A register that leaves these names as they are."""
    return Register(register.entities, {*register.leave, *names})


def _material(project: Project, runs: Collection[Run]) -> _Material:
    found = _Material()
    ours = {number for run in runs for number in run.edits}
    marked = project.pseudonymised
    for source in project.sources:
        place = found.fresh
        if source.name in marked:
            place = found.settled if source.id in ours else found.left_alone
        place[source.id] = (project.transcript(source.name), source.office)
    if not found.fresh and not found.settled:
        what = (
            (
                "er merket som pseudonymisert alt, alle intervjuene",
                "is marked as pseudonymised already, in all interviews",
            )
            if found.left_alone
            else ("har ingen intervjuer", "has no interviews")
        )
        mend = f"autokode add FIL --project {quoted(project.folder)}"
        raise failure(*what, where=project.folder, try_next=mend)
    return found


def group_of(name: str, office: str) -> str:
    """The group of an interview; "" if it has none, for which the store keeps the interview's own name."""
    return "" if office == name else office


def read_of(transcript: Transcript, office: str) -> Read:
    """A project's transcript as it is searched."""
    entry = {"file": transcript.name, "group": group_of(transcript.name, office)}
    return Read(entry, TextSource(transcript.text), transcript)


def _notes(project: Project) -> Read | None:
    """Memos, and what was noted of how the interviews were read, as one text of which nobody says anything."""
    rows = project.database.rows("SELECT text FROM memo")
    notes = [
        note for row in project.database.rows("SELECT about FROM transcript") for note in json.loads(row[0])["notes"]
    ]
    text = "\n\n".join([*(row["text"] for row in rows), *notes])
    return Read({"file": ""}, TextSource(text), Transcript("", text, ())) if text.strip() else None


def _speakers(transcript: Transcript) -> list[str]:
    labels = (*transcript.speakers, *transcript.interviewers, *(cue.speaker for cue in transcript.cues))
    return [label for label in dict.fromkeys(labels) if label]


def labels_of(found: Plan, one: Searched) -> dict[str, str]:
    """The new labels of speakers: by whom the text's label is found to name, or by the name alone where it has none."""
    owners = {finding.text: (finding, owner) for finding, owner in zip(one.findings, one.owners, strict=True) if owner}
    labels = {}
    for label in _speakers(one.transcript):
        named = next((named for named in names_in(label) if named.name in owners), None)
        if named is None:
            labels[label] = relabelled(label, found.register)
        else:
            new = found.register.replacement(*owners[named.name])
            labels[label] = label[: named.start] + new + label[named.end :]
    return labels


def _known_edits(text: str, register: Register) -> Edits:
    known = without_overlap(f for f in find_known(text, register.forms()) if not register.is_left(f.text))
    owned = [(finding, register.likeliest_of(finding.text)) for finding in known]
    return edits_of(text, register, [(finding, owner) for finding, owner in owned if owner is not None])
