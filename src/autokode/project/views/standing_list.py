"""What the page shows of a list of what stands out: the lines that still hold, with their texts as they are now."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from autokode.project.active_learning.standing_out import StandsOut, why
from autokode.project.store.code_names import now_called
from autokode.project.store.coders import Coder
from autokode.project.store.decision_log import Row
from autokode.project.store.decision_rows import coded_places, rejected_places
from autokode.project.store.kept_codings import codings_of_code_at, kept_by, texts_changed_since
from autokode.project.store.project import Project
from autokode.project.store.text_marks import text_mark_of
from autokode.project.store.utterance_rows import Quote, quotes, utterance_spans
from autokode.project.views.similar_utterances import SimilarUtterance, near


@dataclass(frozen=True, slots=True)
class StandingLine:
    """A line of the list.

    Attributes:
        one: what stands out.
        said: the answer, with its interview and speaker.
        span: where the answer is, in code points of its transcript.
        mark: of the text in which these places are.
        codings: the coder's codings with the code there; none where the answer lacks it.
        likest: the answers with the code that are most like it.
        why: the sentence that says why it stands out.
    """

    one: StandsOut
    said: Quote
    span: tuple[int, int]
    mark: str
    codings: tuple[Row, ...]
    likest: tuple[SimilarUtterance, ...]
    why: str


def still_standing(project: Project, coder: Coder, found: Sequence[StandsOut], *, since: int) -> list[StandsOut]:
    """What of a list still stands out, by the names that codes have now, in its order.

    Left out is what the coder decided since, or before the list but in an interview whose text is another one now.

    Args:
        project, coder: whose list.
        found: what stood out.
        since: the number of the last decision before the list was made.
    """
    names, codable = project.names_since(decision=since), set(project.codebook.codable)
    coded, rejected, kept = coded_places(project, coder), rejected_places(project, coder), kept_by(project, coder)
    there = {source.id for source in project.sources} - texts_changed_since(project, since)
    standing = []
    for one in found:
        code = now_called(one.code, names)
        has = one.place in coded.get(code, ())
        if code not in codable or one.place[0] not in there or has != one.given:
            continue
        if one.place in rejected.get(code, ()) or kept.has(one.place, code, given=one.given):
            continue
        rival = one.rival and (now_called(one.rival[0], names), one.rival[1])
        likest = tuple(place for place in one.likest if place[0] in there)
        standing.append(replace(one, code=code, rival=rival, likest=likest))
    return standing


def standing_lines(project: Project, coder: Coder, found: Sequence[StandsOut]) -> list[StandingLine]:
    """The lines of what stands out; the answers must be there (`still_standing`)."""
    marks = {number: text_mark_of(project, number) for number in {one.place[0] for one in found}}  # before the places
    said = quotes(project, {place for one in found for place in (one.place, *one.likest)})
    spans = utterance_spans(project, [one.place for one in found])
    return [
        StandingLine(
            one,
            said[one.place],
            spans[one.place],
            marks[one.place[0]],
            tuple(codings_of_code_at(project, coder, one.place, one.code)) if one.given else (),
            tuple(hit for hit in (near(place, said) for place in one.likest) if hit),
            why(one),
        )
        for one in found
    ]
