"""Looks for what stands out among a coder's codings, behind the page."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from autokode.base.messages import say
from autokode.project import Project
from autokode.project.active_learning.standing_out import StandsOut
from autokode.project.store.decision_rows import last_decision
from autokode.project.store.project_state import one_state
from autokode.review.errand_work import Told


def standing_out(project: Project, _folder: Path, given: Mapping[str, Any], told: Told) -> dict[str, Any]:
    """List what stands out among a coder's codings: places, codes and numbers, no texts."""
    from autokode.project.active_learning import standing_out as looking
    from autokode.project.active_learning.similarity import keep_vectors

    coder = project.known_coder(given["coder"])
    if not coder.blind:
        keep_vectors(project, "nb", told)
    told(say("Ser gjennom kodingene", "Looking through the codings"), 0, 0)
    with one_state(project):  # whoever codes meanwhile does not wait for it
        found, decision = looking.standing_out(project, coder), last_decision(project)
    lists = {name: [asdict(one) for one in getattr(found, name)] for name in ("codings", "lacking")}
    return {**lists, "answers": found.answers, "interviews": found.interviews, "decision": decision}


def listed(result: Mapping[str, Any], name: str) -> list[StandsOut]:
    """What stands out, "codings" or "lacking", as `standing_out` wrote it."""
    return [
        StandsOut(
            place=(one["place"][0], one["place"][1]),
            code=one["code"],
            given=one["given"],
            probability=one["probability"],
            rival=(one["rival"][0], one["rival"][1]) if one["rival"] else None,
            likest=tuple((place[0], place[1]) for place in one["likest"]),
        )
        for one in result[name]
    ]
