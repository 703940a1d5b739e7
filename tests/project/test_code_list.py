"""The list of suggestions and codings: each stands at the utterance that its segment belongs to."""

from pathlib import Path

from autokode.corpus.codebook import Codebook
from autokode.corpus.readers import Source
from autokode.corpus.transcript import from_source
from autokode.project import Project
from autokode.project.store.filtered_rows import Filter
from autokode.project.store.reviewing import Reviewer
from autokode.project.views.code_list import lines
from project_case import small


def test_a_coding_is_listed_at_the_first_utterance_it_overlaps(tmp_path: Path) -> None:
    project = small(tmp_path / "p")
    anne = project.coder("Anne")
    first, second = project.transcript("møte").utterances[:2]
    before = first.end + 1  # within the line end, so in no utterance
    Reviewer(project, anne.id).code(1, before, second.start + len("Ytring 1"), "makt")
    (found,), whole = lines(project, anne, Filter(state="hand"))
    assert whole == 1
    assert found.place == (1, 1)
    assert found.quote == "Ytring 1"


def test_a_coding_outside_the_utterances_is_listed_beside_them_as_nobodys(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "p", Codebook.from_yaml("koder:\n  - navn: makt\n"))
    text = "Møtt på kaia.\n\nI: Nå?\nKari: Vi venter.\nI: Lenge?\nKari: Til i kveld.\n"
    project.add(from_source(Source(text), "kai", interviewers=["I"]))
    anne = project.coder("Anne")
    Reviewer(project, anne.id).code(1, 5, 12, "makt")
    (found,), whole = lines(project, anne, Filter(state="hand"))
    assert (whole, found.place, found.speaker, found.quote) == (1, (1, 0), "", "på kaia")
