"""A round of learning on example interviews: evidence stands where it says, news is counted, no is no."""

import json
from pathlib import Path

import pytest

from autokode import DataError
from autokode.project import Desk, Project
from autokode.project.heard import FEWEST
from autokode.project.learning import explain, learn
from review_case import CODED, OPEN, copied, made_project


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = made_project(tmp_path_factory.mktemp("project") / "prosjekt")
    learn(project, project.coder("Anne"))
    return project.folder


@pytest.fixture
def project(made: Path, tmp_path: Path) -> Project:
    return copied(made, tmp_path / "prosjekt")


def suggested(project: Project) -> list[dict[str, object]]:
    with project.database.reading() as connection:
        rows = connection.execute(
            "SELECT suggestion.*, name FROM suggestion JOIN transcript ON transcript.id = transcript "
            "WHERE round = (SELECT round FROM coder WHERE name = 'Anne')"
        )
        return [dict(row) for row in rows]


def test_suggestions_are_for_what_was_not_read_and_have_their_words(project: Project) -> None:
    found = suggested(project)
    open_ = [row for row in found if row["name"] == OPEN]
    assert len(open_) > 100
    assert all(float(str(row["probability"])) >= 0.7 for row in found if row["name"] in CODED)
    assert explain(project, project.coder("Anne")) == len(found)
    text = {name: project.transcript(name).text for name in (*CODED, OPEN)}
    for row in suggested(project):
        shown = json.loads(str(row["evidence"]))
        for start, end, contribution, word in shown["words"]:
            assert text[str(row["name"])][start:end] == word
            assert contribution > 0
            assert row["start"] <= start < end <= row["end"]
    assert explain(project, project.coder("Anne")) == 0


def test_a_round_says_what_it_brought_and_heeds_what_was_refused(project: Project) -> None:
    anne = project.coder("Anne")
    desk = Desk(project, anne.id)
    before = suggested(project)
    mine = [row for row in before if row["name"] == OPEN][:12]
    for row in mine:
        desk.reject(int(str(row["id"])))
        desk.finish(int(str(row["transcript"])), int(str(row["utterance"])))
    made = learn(project, anne)
    after = suggested(project)
    keys = {(row["transcript"], row["utterance"], row["code"]) for row in after}
    refused = {(row["transcript"], row["utterance"], row["code"]) for row in mine}
    assert not keys & refused
    old = {(row["transcript"], row["utterance"], row["code"]) for row in before} - refused
    assert sum(new for new, _gone in made.news.values()) == len(keys - old)
    assert sum(gone for _new, gone in made.news.values()) == len(old - keys)
    assert made.suggestions == len(after)
    assert made.learnt_from == len(project.transcript(CODED[0]).answers) + len(
        project.transcript(CODED[1]).answers
    ) + len({row["utterance"] for row in mine})


def test_too_little_is_said(project: Project) -> None:
    with pytest.raises(DataError, match=f"det trengs {FEWEST}"):
        learn(project, project.coder("Kari"))
