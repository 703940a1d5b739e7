"""Proposes codes of the answers that a coder has not coded, behind the page."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autokode.base.messages import say
from autokode.project import Project
from autokode.project.active_learning.coded_utterances import coded_utterances_now
from autokode.project.store.code_cards import Card, keep_cards
from autokode.project.store.decision_rows import last_decision
from autokode.project.store.project_state import one_state
from autokode.project.store.utterance_rows import speakers
from autokode.review.errand_work import Told


def propose(project: Project, _folder: Path, given: Mapping[str, Any], told: Told) -> dict[str, Any]:
    """Group the answers that the coder has given no code, and keep the groups as cards in place of those there are."""
    from autokode.model import encoder
    from autokode.model.features import forms_of
    from autokode.report.open_codes import Answer, propose_codes

    coder, language = project.known_coder(given["coder"]), project.codebook.language
    told(say("Leser svarene", "Reading the answers"), 0, 0)
    with one_state(project):  # whoever codes meanwhile does not wait for it
        decision = last_decision(project)
        labels = speakers(project)
        turns = [turn for turn in coded_utterances_now(project, coder) if turn.answer and not turn.codes]
    answers = [Answer(str(turn.place[0]), turn.place[1], turn.text, turn.question) for turn in turns]
    unnamed = frozenset(form for label in labels for form in forms_of(label, language))
    told(say("Samler svar som sier det samme", "Gathering answers that say the same"), 0, 0)
    found = propose_codes(answers, language=language, unnamed=unnamed, encoder=encoder.of(encoder.installed()))
    cards = [
        Card(
            number,
            one.name,
            one.words,
            tuple((int(answer.interview), answer.utterance) for answer in one.answers),
            tuple((int(answer.interview), answer.utterance) for answer in one.typical),
            round(one.stability, 3),
        )
        for number, one in enumerate(found.codes, start=1)
    ]
    keep_cards(project, coder, cards, decision=decision, too_short=found.too_short, alone=found.alone)
    return {"cards": len(cards)}
