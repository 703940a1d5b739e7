"""How far the coders of a project agree."""

from collections.abc import Callable, Sequence

from autokode.agreement import Agreement, Reading, agreement
from autokode.agreement.units import Of
from autokode.base.errors import failure, quoted
from autokode.base.messages import say
from autokode.project.store.decision_rows import coders_who_decided
from autokode.project.store.project import Project
from autokode.project.views.coder_readings import model_reading, reading, transcripts_of

Progress = Callable[[str, int, int], None]
"""Called with (interview, how many are done, how many there are)."""


def coders_agreement(
    project: Project,
    coders: Sequence[str] = (),
    *,
    of: Of = "utterance",
    with_model: bool = False,
    seed: int = 0,
    progress: Progress | None = None,
) -> Agreement:
    """Measure how far coders agree.

    Args:
        project: the project.
        coders: names, or «NAME@2026-03-01» for somebody's codings of that day; all who coded if empty.
        of: the unit.
        with_model: whether a model that learns from the first coder is one more coder.
        seed: of the bootstrap and the model.
        progress: told of the interviews that the model codes.

    Raises:
        DataError: fewer than two coders, an unknown one, nothing that two of them read, or a model for another unit.
    """
    readings = _readings(project, coders, with_model=with_model, of=of, seed=seed, progress=progress)
    return agreement(project.codebook, transcripts_of(project), readings, of=of, seed=seed)


def _readings(
    project: Project, coders: Sequence[str], *, with_model: bool, of: Of, seed: int, progress: Progress | None
) -> list[Reading]:
    named = tuple(coders) or tuple(coder.name for coder in coders_who_decided(project))
    if with_model and of != "utterance":
        raise failure(
            "modellen foreslår for hele ytringer",
            "the model suggests for whole utterances",
            try_next="--unit utterance",
        )
    if not named:
        raise failure(
            "ingen har kodet ennå; enighet trenger to",
            "nobody has coded yet; agreement takes two",
            where=project.folder,
            try_next=f"autokode review --project {quoted(project.folder)}",
        )
    if len(named) + with_model < 2:
        dated = f"«{named[0]}» «{named[0]}@2026-03-01»"
        raise failure(
            f"bare {named[0]} har kodet; enighet trenger to",
            f"only {named[0]} coded; agreement takes two",
            where=project.folder,
            try_next="--with-model" + say(f", eller {dated}", f", or {dated}"),
        )
    readings = [reading(project, name) for name in named]
    if with_model:
        readings.append(model_reading(project, readings[0], seed=seed, progress=progress))
    return readings
