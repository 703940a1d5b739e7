"""Two coders beside each other: the quick comparison is the slow and obvious one."""

import random
from pathlib import Path

from autokode import Codebook
from autokode.corpus.codebook import Code
from autokode.corpus.coding import Coding, Segment
from autokode.project import Project, Reviewer
from autokode.project.active_learning.coded_utterances import coded_utterances_now
from autokode.project.store.coders import Coder
from autokode.project.views.coder_comparison import compare
from review_case import OPEN, made_project


def slow(
    project: Project, first: Coder, second: Coder
) -> tuple[int, int, dict[str, tuple[int, int, int]], list[object]]:
    read = same = 0
    per_code: dict[str, list[int]] = {}
    differing: list[object] = []
    for a, b in zip(*(coded_utterances_now(project, coder) for coder in (first, second)), strict=True):
        if not (a.answer and all(one.read or one.codes for one in (a, b))):
            continue
        read, same = read + 1, same + (a.codes == b.codes)
        for slot, codes in enumerate((a.codes - b.codes, b.codes - a.codes, a.codes & b.codes)):
            for code in codes:
                per_code.setdefault(code, [0, 0, 0])[slot] += 1
        if a.codes != b.codes:
            differing.append((a.place, a.question, a.text, a.codes - b.codes, b.codes - a.codes, a.codes & b.codes))
    return read, same, {code: (n[0], n[1], n[2]) for code, n in per_code.items()}, differing


def test_two_coders_are_compared_as_utterance_by_utterance(tmp_path: Path) -> None:
    project = made_project(tmp_path / "p")
    chance, codes = random.Random(0), project.codebook.codable
    given = []
    for name in (OPEN, "kontor_a"):
        transcript = project.transcript(name)
        for _ in range(150):  # some across turns, some in questions, some in no turn
            start = chance.randrange(len(transcript.text) - 900)
            end = start + chance.choice((1, 40, 900))
            given.append(Coding(Segment(name, start, end, transcript.text[start:end]), chance.choice(codes), "Kari"))
    project.add_codings(given, complete=False)
    kari, anne = project.coder("Kari"), project.coder("Anne")
    reviewer = Reviewer(project, kari.id)
    for number in project.transcript("kontor_b").answers[:20]:
        reviewer.read(project.source("kontor_b").id, number)
    found = compare(project, anne, kari)
    differing = [
        (one.place, one.question, one.text, {*one.first}, {*one.second}, {*one.both}) for one in found.differences
    ]
    assert (found.read, found.same, found.per_code, differing) == slow(project, anne, kari)
    assert found.same and found.differences


def test_who_read_nothing_in_common_has_nothing_to_compare(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "p", Codebook("kort", (Code("makt"),)))
    anne, kari = (project.coder(name) for name in ("Anne", "Kari"))
    found = compare(project, anne, kari)
    assert (found.read, found.same, found.per_code, found.differences) == (0, 0, {}, ())
