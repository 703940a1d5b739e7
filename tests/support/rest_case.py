"""A project in which a made-up model would give «penger» to many answers, and what is true of each is written in it."""

from pathlib import Path

import numpy as np

from autokode import Codebook
from autokode.corpus.coding import Coding, Segment
from autokode.corpus.transcript import Transcript
from autokode.corpus.utterance import Utterance
from autokode.project import Project
from autokode.project.active_learning.rest_standing import judge, standing
from autokode.project.active_learning.training_round import learn
from autokode.project.store.coders import Coder
from autokode.project.store.round_writing import show, write_likely, write_round
from autokode.project.store.text_marks import text_marks
from autokode.project.store.utterance_rows import UtteranceId, quotes

CODE, OTHER = "penger", "språk"
LIMIT = 0.5
"""Probability from which the made-up model gives a code."""
MODEL = "ab" * 32
BOOK = "koder:\n  - navn: penger\n    definisjon: Noen snakker om penger.\n  - navn: språk\n"


def rest_project(folder: Path, *, given: int = 60, wrong: int = 2, passed: int = 40, hidden: int = 2) -> Project:
    """A project of two invented interviews; Kari has the suggestions of a model that gives the code to `given` answers.

    Args:
        folder: of the project.
        given: answers that would get the code.
        wrong: how many of these do not have it.
        passed: answers that would not get it.
        hidden: how many of these have it.
    """
    project = Project.create(folder, Codebook.from_yaml(BOOK))
    kinds = [(True, n >= wrong) for n in range(given)] + [(False, n < hidden) for n in range(passed)]
    for part, name in enumerate(("en", "to")):
        text, utterances = "", []
        for number, (would, has) in enumerate(kinds[part::2]):
            said = f"Svar {number} i {name}, {'om penger' if has else 'om været'}, {'høyt' if would else 'lavt'}."
            utterances.append(Utterance("Ola", len(text), len(text) + len(said), said, "informant"))
            text += said + "\n"
        project.add(Transcript(name, text, tuple(utterances)), pseudonymised=True)
    made_up_round(project, project.coder("Kari"))
    return project


def made_up_round(project: Project, coder: Coder, model: str = MODEL) -> None:
    """Let a coder see a round of a model that gives 0.97 where the answer says «høyt», and 0.02 to 0.1 elsewhere."""
    about = {"codes": [CODE, OTHER], "order": [], "news": {}, "learnt_from": 0, "suggestions": 0}
    number = write_round(project, coder, (model, project.codebook.sha256, "", 0), about, [])
    blocks = {}
    for source in project.sources:
        told = project.transcript(source.name).utterances
        rows = [[0.97 if "høyt" in one.text else 0.02 + n % 9 / 100, 0.1] for n, one in enumerate(told)]
        blocks[source.id] = np.array(rows, np.float16)
    write_likely(project, number, blocks)
    show(project, coder, number, about, marks=text_marks(project))


def truly(project: Project, place: UtteranceId) -> bool:
    """Whether an answer has the code."""
    return "penger" in quotes(project, [place])[place].text


def judge_all(project: Project, coder: Coder) -> None:
    """Judge every answer of the last draw as it truly is."""
    while (now := standing(project, coder, CODE)) and now.open:
        judge(project, coder, now.draw, now.open[0], given=truly(project, now.open[0]))


def taught_rest_project(folder: Path, *, answers: int = 120) -> Project:
    """A project of two invented interviews, the first coded by Kari, with what a real model learnt from it."""
    project = Project.create(folder, Codebook.from_yaml(BOOK))
    about = ("lønna og penger", "penger til mat", "språket vi bruker", "ord på norsk", "været i går", "bussen hjem")
    codings = []
    for name in ("en", "to"):
        text, utterances = "", []
        for number in range(answers):
            topic = about[number * 7 % 6]
            said = f"Da snakket vi om {topic}, {'sånn' if number % 2 else 'slik'} jeg husker det fra dag {number}."
            utterances.append(Utterance("Ola", len(text), len(text) + len(said), said, "informant"))
            text += said + "\n"
        project.add(Transcript(name, text, tuple(utterances)), pseudonymised=True)
        for one in utterances if name == "en" else ():
            code = CODE if "penger" in one.text else OTHER if "språk" in one.text or "ord på" in one.text else ""
            span = Segment(name, one.start, one.end, one.text)
            codings += [Coding(span, code, "Kari")] if code else []
    project.add_codings(codings)
    learn(project, project.coder("Kari"))
    return project
