"""A manifest with which somebody else can repeat the models' suggestions: same inputs, same suggestions, byte by byte."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from autokode.autocoder import AutoCoder, load_model
from autokode.base.errors import failure
from autokode.base.hashing import sha256_of_json
from autokode.base.messages import say
from autokode.project import Coder, Project
from autokode.project.active_learning.coded_utterances import CodedUtterance, called, coded_utterances_of
from autokode.project.active_learning.coder_model import fit_turns, model_folder
from autokode.project.active_learning.training_round import wanted
from autokode.project.store.code_names import then_called
from autokode.project.store.followed_names import names_in, names_of_model
from autokode.project.store.round_rows import RoundRow, decisions_learnt_from, round_shown, suggestions_in
from autokode.project.store.utterance_rows import ids_added_by
from autokode.training.fit import versions
from autokode.training.teacher_report import name_of_teacher

FORMAT = 2
"""Format of the manifest."""


@dataclass(frozen=True, slots=True)
class Repeated:
    """Result of repeating one coder's suggestions.

    Attributes:
        coder: the name.
        suggestions: their number now.
        same: whether they are the same, byte by byte.
        differs: descriptions of inputs that differ from the manifest's.
    """

    coder: str
    suggestions: int
    same: bool
    differs: tuple[str, ...]


def manifest(project: Project) -> dict[str, Any]:
    """Describe how the suggestions that coders see now came about: hashes of all inputs, versions, seeds, choices.

    It names coders. A transcript is named by the hash of its text, since its own name may be that of a person.
    """
    hashes = _transcript_hashes(project)
    return {
        "format": FORMAT,
        "versions": versions(),
        "codebook_sha256": project.codebook.sha256,
        "transcripts": sorted(hashes.values()),
        "codings_sha256": _codings_hash(project, hashes),
        "rounds": [_round(project, coder, row, hashes) for coder, row in _rounds(project)],
    }


def repeat(project: Project, given: Mapping[str, Any]) -> tuple[Repeated, ...]:
    """Learn and suggest again from a project as a manifest says, and compare.

    If the project's log holds the decisions of that time, they are used; otherwise its codings must be the same now.

    Raises:
        DataError: it is no manifest, or has a newer format.
    """
    if given.get("format") != FORMAT or not isinstance(given.get("rounds"), list):
        raise failure(
            "er ikke et manifest fra autokode methods",
            "is no manifest of autokode methods",
            try_next="autokode methods --manifest manifest.json",
        )
    try:
        return tuple(_repeated(project, given, one) for one in given["rounds"])
    except (KeyError, TypeError, AttributeError) as error:  # its content is not what `manifest` writes
        raise failure(
            f"manifestet er ikke helt ({error})",
            f"the manifest is not whole ({error})",
            try_next="autokode methods --manifest manifest.json",
        ) from error


def _repeated(project: Project, given: Mapping[str, Any], one: Mapping[str, Any]) -> Repeated:
    hashes = _transcript_hashes(project)
    lacking = Counter(given["transcripts"]) - Counter(hashes.values())
    differs = [
        say(f"transkripsjonen med SHA-256 {digest[:12]}…", f"the transcript with SHA-256 {digest[:12]}…")
        for digest in sorted(lacking.elements())
    ]
    codebook = project.earlier_codebook(one["codebook_sha256"])
    if codebook is None:
        differs.append(say("kodeboken", "the codebook"))
    if one.get("teacher"):
        differs.append(
            say(
                f"læreren «{one['teacher']}», som ikke spørres på nytt",
                f"the teacher «{one['teacher']}», which is not asked again",
            )
        )
    turns = _turns(project, one, hashes) if not differs else None
    if not differs and turns is None:
        differs.append(say(f"det {one['coder']} har kodet og lest", f"what {one['coder']} coded and read"))
    if turns is None or codebook is None:
        return Repeated(one["coder"], 0, False, tuple(differs))
    turns = called(
        turns, names_in(project, codebook, codes={code for turn in turns for code in turn.codes | turn.rejected})
    )
    if one["given"]:
        fitted = load_model(one["given"])
    else:
        fitted = fit_turns(project, turns, codebook, AutoCoder(random_state=one["seed"], chosen=one["chosen"]))
    names = names_of_model(project, fitted.codes_) if one["given"] else None
    answers = [turn for turn in turns if turn.answer]
    likely = fitted.predict_proba([turn.text for turn in answers], [turn.question for turn in answers])
    rows = [(hashes[row[0]], *row[1:]) for row in wanted(fitted, answers, likely, one.get("precision"), names=names)]
    return Repeated(one["coder"], len(rows), _hash_of(sorted(rows)) == one["suggestions_sha256"], ())


def _round(project: Project, coder: Coder, row: RoundRow, hashes: Mapping[int, str]) -> dict[str, Any]:
    about = row.about
    rows = suggestions_in(project, row.id)
    since = project.names_since(decision=row.decision)  # a manifest has the names of its time
    fitted = load_model(model_folder(project, coder))
    model = fitted.model_.manifest
    own = {} if about.get("given") else dict(zip(about["codes"], fitted.codes_, strict=True))
    there = set(ids_added_by(project, row.began))
    turns = [turn for turn in coded_utterances_of(project, coder, last=row.decision) if turn.place[0] in there]
    return {
        "coder": coder.name,
        "model_sha256": row.model,
        "given": about.get("given", ""),
        "seed": model["seed"],
        "chosen": model["chosen"],
        "vectors": model["vectors"],
        "teacher": name_of_teacher(model),
        "precision": about.get("precision"),
        "codebook_sha256": row.codebook,
        "transcripts": sorted(hashes[transcript] for transcript in there),
        "learnt_from": about["learnt_from"],
        "decisions_sha256": _decisions_hash(turns, hashes),
        "suggestions": len(rows),
        "suggestions_sha256": _hash_of(
            sorted((hashes[one[0]], one[1], own.get(one[2]) or then_called(one[2], since), *one[3:]) for one in rows)
        ),
    }


def _rounds(project: Project) -> Iterator[tuple[Coder, RoundRow]]:
    for coder in project.coders:
        row = round_shown(project, coder)
        if row is not None:
            yield coder, row


def _turns(project: Project, one: Mapping[str, Any], hashes: Mapping[int, str]) -> list[CodedUtterance] | None:
    """The coder's decisions with the manifest's hash, from that time or from now; None if there are none."""
    for coder in project.coders:
        if coder.name != one["coder"]:
            continue
        learnt_from = decisions_learnt_from(project, coder, one["model_sha256"])
        states = [
            coded_utterances_of(project, coder),
            *(coded_utterances_of(project, coder, last=decision) for decision in learnt_from),
        ]
        for state in states:
            turns = [turn for turn in state if hashes[turn.place[0]] in one["transcripts"]]
            if _decisions_hash(turns, hashes) == one["decisions_sha256"]:
                return turns
    return None


def _transcript_hashes(project: Project) -> dict[int, str]:
    """The SHA-256 of each transcript's text, by id."""
    return {source.id: project.transcript(source.name).sha256 for source in project.sources}


def _decisions_hash(turns: Iterable[CodedUtterance], hashes: Mapping[int, str]) -> str:
    """A hash of the decisions about utterances, independent of the order and the names of transcripts."""
    rows = [
        (hashes[turn.place[0]], turn.place[1], turn.read, sorted(turn.codes), sorted(turn.rejected))
        for turn in turns
        if turn.answer
    ]
    return _hash_of(sorted(rows))


def _codings_hash(project: Project, hashes: Mapping[int, str]) -> str:
    texts = {source.name: hashes[source.id] for source in project.sources}
    rows = [(texts[c.segment.transcript], c.segment.start, c.segment.end, c.code, c.coder) for c in project.codings()]
    return _hash_of(sorted(rows))


def _hash_of(rows: Iterable[Any]) -> str:
    return sha256_of_json(list(rows))
