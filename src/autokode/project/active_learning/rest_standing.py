"""Says how far a sample has come and what it shows, keeps judgements of it, and codes the rest once the promise holds."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from autokode.base.errors import DataError, failure, quoted
from autokode.base.formatting import counted, percent
from autokode.base.messages import say
from autokode.evaluation.acceptance import (
    Sample,
    error_of_look,
    least_precision,
    least_recall,
    most_precision,
    most_recall,
)
from autokode.project.active_learning.coded_utterances import coded_utterances_now
from autokode.project.active_learning.rest_sampling import is_decided
from autokode.project.store.coders import Coder
from autokode.project.store.outcomes import Outcome
from autokode.project.store.project import Project
from autokode.project.store.rest_coded import coded_by_models, write_rest
from autokode.project.store.rest_rows import (
    GIVEN,
    PASSED,
    PRECISION,
    Draw,
    changed_since,
    in_one_piece,
    judged,
    last_draw,
    of_one_moment,
    write_judgement,
)
from autokode.project.store.utterance_rows import UtteranceId

Verdict = Literal["void", "open", "passed", "failed", "more"]
"""What a draw says: something it rests on changed; not all is judged; the promise holds; it does not; the sample is too small."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a draw has come, and what it says.

    Attributes:
        draw: the draw.
        judged: answer → whether it has the code, as the person said; without undone judgements.
        changed: what of "texts", "code" and "model" changed since; the draw is void then.
        seen: how many of the answers asked about were decided on elsewhere before they were judged, or coded by a model
            meanwhile; the draw is void then, too.
        given, passed: the samples, as far as judged.
        least, most: limits of the share of what is left, 0–1; None before all is judged.
        left: the answers that would get the code, and that nobody has decided on.
        verdict: what it comes to.
    """

    draw: Draw
    judged: Mapping[UtteranceId, bool]
    changed: tuple[str, ...]
    seen: int
    given: Sample
    passed: Sample
    least: float | None
    most: float | None
    left: tuple[UtteranceId, ...]
    verdict: Verdict

    @property
    def open(self) -> tuple[UtteranceId, ...]:
        """The answers still to be judged, in order."""
        return tuple(place for place in self.draw.asked if place not in self.judged)


def standing(project: Project, coder: Coder, code: str) -> Standing | None:
    """How far a coder's last draw for a code has come; None if there is none since the rest was coded."""
    with of_one_moment(project):
        draw = last_draw(project, coder, code)
        return None if draw is None else standing_of(project, coder, draw)


def standing_of(project: Project, coder: Coder, draw: Draw) -> Standing:
    """What a draw says now."""
    said, changed = judged(project, draw), changed_since(project, coder, draw)
    turns = {} if changed else {turn.place: turn for turn in coded_utterances_now(project, coder)}
    seen = sum(is_decided(turns.get(place), draw.code) for place in draw.asked if place not in said)
    seen += len(draw.given & coded_by_models(project, draw.code))
    read = [place for place in draw.given if place in said or is_decided(turns.get(place), draw.code)]
    right = sum(said.get(place, place in turns and draw.code in turns[place].codes) for place in read)
    left = tuple(sorted(draw.given - set(read)))
    given, passed = (_sample(draw, said, *kinds) for kinds in ((GIVEN, len(draw.given)), (PASSED, draw.passed)))
    complete = all(place in said for place in draw.asked)
    least = most = None
    if complete:
        error = error_of_look(draw.look, draw.error)
        if draw.promise == PRECISION:
            least = least_precision(given, error, read=len(read), read_right=right)
            most = most_precision(given, error)
        else:
            least = least_recall(given, passed, error, read_right=right, read_missed=passed.right)
            most = most_recall(given, passed, error)
    verdict: Verdict = "void" if changed or seen else "open"
    if verdict == "open" and least is not None and most is not None:
        verdict = "passed" if least >= draw.stated else "failed" if most < draw.stated else "more"
    return Standing(draw, said, tuple(changed), seen, given, passed, least, most, left, verdict)


def judge(project: Project, coder: Coder, draw: Draw, place: UtteranceId, *, given: bool) -> Outcome:
    """Keep what a person says of an answer that is asked about: whether it has the code.

    Raises:
        DataError: it is not asked about, is judged already, or the draw is void.
    """
    with in_one_piece(project):
        now = standing(project, coder, draw.code)
        if now is None or now.draw.id != draw.id or place not in now.open:
            raise _elsewhere()
        check_valid(project, now)
        made = write_judgement(project, draw, place, given=given)
    return Outcome(made, place[0], (place[1],), "judge")


def code_rest(project: Project, coder: Coder, code: str) -> int:
    """Give the code to all that is left of the list, as the model's codings, in one step that can be undone; count them.

    Raises:
        DataError: there is no draw, it is void or not judged to the end, the promise is not shown to hold, or nothing is left.
    """
    with in_one_piece(project):
        now = standing(project, coder, code)
        if now is None:
            raise failure(
                f"ingen stikkprøve er trukket for «{code}» siden resten sist ble kodet",
                f"no sample was drawn for «{code}» since its rest was last coded",
                try_next=f"autokode code-rest {quoted(code)} --precision 0.9 --project {quoted(project.folder)}",
            )
        check_valid(project, now)
        if now.verdict != "passed" or now.least is None:
            raise _not_shown(project, now)
        if not now.left:
            raise failure(f"det er ingenting igjen å kode for «{code}»", f"nothing is left to code for «{code}»")
        about = {
            "whole": now.given.whole,
            "drawn": now.given.drawn,
            "right": now.given.right,
            "passed_drawn": now.passed.drawn,
            "passed_right": now.passed.right,
            "least": round(math.floor(now.least * 1e4) / 1e4, 4),
        }
        write_rest(project, now.draw, now.left, about)
    return len(now.left)


def check_valid(project: Project, now: Standing) -> None:
    """Raise a DataError if a draw is void."""
    if now.verdict != "void":
        return
    draw_again = f"autokode code-rest {quoted(now.draw.code)} --{now.draw.promise} {now.draw.stated}"
    raise failure(
        f"stikkprøven gjelder ikke lenger: {void_because(now)}",
        f"the sample is void: {void_because(now)}",
        try_next=f"{draw_again} --project {quoted(project.folder)}",
    )


def void_because(now: Standing) -> str:
    """Why a draw is void, in words."""
    words = {
        "texts": say("teksten i et intervju er en annen", "the text of an interview is another one"),
        "code": say("koden er endret, slått sammen eller borte", "the code was changed, merged or is gone"),
        "model": say("det er lært en ny modell", "another model was learnt"),
    }
    found = [words[what] for what in now.changed]
    if now.seen:
        found.append(
            say(
                f"{counted(now.seen, 'svar', 'svar')} i den ble avgjort et annet sted, der forslaget vises",
                f"{counted(now.seen, 'answer', 'answers')} in it were decided on elsewhere, where the suggestion shows",
            )
        )
    return ", ".join(found)


def _not_shown(project: Project, now: Standing) -> DataError:
    code, folder = quoted(now.draw.code), quoted(project.folder)
    if now.verdict == "open":
        return failure(
            f"{len(now.open)} svar i stikkprøven er ikke vurdert ennå",
            f"{len(now.open)} answers of the sample are not judged yet",
            try_next=f"autokode code-rest {code} --judge --project {folder}",
        )
    least, stated = percent(now.least or 0.0), percent(now.draw.stated)
    return failure(
        f"stikkprøven viser minst {least}, og løftet er {stated}; ingenting er kodet",
        f"the sample shows at least {least}, and the promise is {stated}; nothing was coded",
        try_next=f"autokode code-rest {code} --{now.draw.promise} {now.draw.stated} --project {folder}",
    )


def _elsewhere() -> DataError:
    return failure(
        "dette svaret er vurdert alt, eller stikkprøven er en annen nå",
        "this answer was judged already, or the sample is another one now",
        try_next=say("last siden på nytt", "load the page again"),
    )


def _sample(draw: Draw, said: Mapping[UtteranceId, bool], kind: str, whole: int) -> Sample:
    answers = [said[place] for place in draw.among(kind) if place in said]
    return Sample(whole, len(answers), sum(answers))
