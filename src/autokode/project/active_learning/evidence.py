"""Works out the evidence of suggestions: the words that speak for each, first where its coder will read next.

This takes most of a round's time, so it is done after the coder sees the suggestions.
"""

import json
from collections.abc import Callable, Mapping

from autokode.autocoder import AutoCoder, load_model
from autokode.corpus.transcript import Transcript
from autokode.project.active_learning.coder_model import model_folder, model_names
from autokode.project.store.coders import Coder
from autokode.project.store.project import Project
from autokode.project.store.round_rows import RoundRow, SuggestionRow, round_shown, without_evidence
from autokode.project.store.round_writing import Evidence, fill_evidence
from autokode.project.store.utterance_rows import UtteranceId
from autokode.suggestion import explained

_AT_ONCE = 100
"""Suggestions whose evidence is written in one transaction."""


def explain(project: Project, coder: Coder, *, progress: Callable[[str, int, int], None] | None = None) -> int:
    """Fill in the evidence of the suggestions that a coder sees, and count how many got it.

    It ends early if another round takes over.

    Args:
        project, coder: whose suggestions.
        progress: called with (interview, how many utterances are done, how many there are).
    """
    row = round_shown(project, coder)
    if row is None:
        return 0
    fitted = load_model(model_folder(project, coder))
    its_name = {name: code for code, name in model_names(project, fitted, row).items()}
    its_name |= dict(
        zip(row.about["codes"], fitted.codes_, strict=True)
    )  # suggested under a name changed by hand since
    names = {source.id: source.name for source in project.sources}
    transcripts: dict[int, Transcript] = {}
    waiting: list[Evidence] = []
    filled = 0
    by_turn = _by_turn(project, row)
    for done, ((transcript, utterance), rows) in enumerate(by_turn.items()):
        if progress:
            progress(names[transcript], done, len(by_turn))
        if transcript not in transcripts:
            transcripts[transcript] = project.transcript(names[transcript])
        if utterance < len(transcripts[transcript].utterances):  # fewer, where somebody joined turns meanwhile
            waiting += _evidence(fitted, transcripts[transcript], utterance, rows, its_name)
        if len(waiting) >= _AT_ONCE or done == len(by_turn) - 1:
            if not fill_evidence(project, coder, row.id, waiting):
                return filled
            filled += len(waiting)
            waiting = []
    return filled


def _by_turn(project: Project, row: RoundRow) -> dict[UtteranceId, list[SuggestionRow]]:
    """The suggestions without evidence by utterance, in the order in which the coder will read."""
    soon = {tuple(place): i for i, place in enumerate(row.about["order"])}
    found: dict[UtteranceId, list[SuggestionRow]] = {}
    for one in sorted(without_evidence(project, row.id), key=lambda one: (soon.get(one.place, len(soon)), one.id)):
        found.setdefault(one.place, []).append(one)
    return found


def _evidence(
    fitted: AutoCoder,
    transcript: Transcript,
    utterance: int,
    rows: list[SuggestionRow],
    its_name: Mapping[str, str],
) -> list[Evidence]:
    """The evidence of suggestions for one utterance; `its_name`: a code → what the model calls it."""
    found = []
    likely = {its_name[one.code]: one.probability for one in rows if one.code in its_name}
    suggestions = {one.code: one for one in explained(fitted, transcript, utterance, likely)}
    for one in (one for one in rows if one.code in its_name):
        suggestion = suggestions[its_name[one.code]]
        words = [[word.start, word.end, word.contribution, word.word] for word in suggestion.evidence]
        shown = json.dumps({"words": words, "question": suggestion.question_share}, ensure_ascii=False)
        found.append((suggestion.part_start, suggestion.part_end, shown, one.id, utterance, transcript.sha256))
    return found
