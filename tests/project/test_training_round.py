"""A round of learning on example interviews: evidence stands where it says, news is counted, rejected codes stay away."""

import json
from pathlib import Path

import pytest

from autokode import DataError
from autokode.corpus.transcript import Transcript
from autokode.corpus.utterance import Utterance
from autokode.project import Project, Reviewer
from autokode.project.active_learning import training_round
from autokode.project.active_learning.coded_utterances import FEWEST
from autokode.project.active_learning.evidence import explain
from autokode.project.active_learning.similarity import Similarity
from autokode.project.active_learning.training_round import learn, suggest_again
from autokode.project.store.integrity import check
from autokode.project.store.transcript_correction import correct_text, join_turn
from autokode.project.views.utterance_view import turns_shown
from autokode.review.session import Session
from review_case import CODED, OPEN, client_of, copied, get, made_project, shown


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
    of_coded = [float(str(row["probability"])) for row in found if row["name"] in CODED]
    assert of_coded and min(of_coded) >= 0.7
    assert explain(project, project.coder("Anne")) == len(found)
    text = {name: project.transcript(name).text for name in (*CODED, OPEN)}
    for row in suggested(project):
        shown = json.loads(str(row["evidence"]))
        for start, end, contribution, word in shown["words"]:
            assert text[str(row["name"])][start:end] == word
            assert contribution > 0
            assert row["start"] <= start < end <= row["end"]
    assert explain(project, project.coder("Anne")) == 0


def test_a_round_says_what_it_brought_and_heeds_what_was_rejected(project: Project) -> None:
    anne = project.coder("Anne")
    reviewer = Reviewer(project, anne.id)
    before = suggested(project)
    mine = [row for row in before if row["name"] == OPEN][:12]
    for row in mine:
        reviewer.reject(int(str(row["id"])))
        reviewer.read(int(str(row["transcript"])), int(str(row["utterance"])))
    made = learn(project, anne)
    after = suggested(project)
    keys = {(row["transcript"], row["utterance"], row["code"]) for row in after}
    rejected = {(row["transcript"], row["utterance"], row["code"]) for row in mine}
    assert not keys & rejected
    old = {(row["transcript"], row["utterance"], row["code"]) for row in before} - rejected
    assert sum(new for new, _gone in made.news.values()) == len(keys - old)
    assert sum(gone for _new, gone in made.news.values()) == len(old - keys)
    assert made.suggestions == len(after)
    assert made.learnt_from == len(project.transcript(CODED[0]).answers) + len(
        project.transcript(CODED[1]).answers
    ) + len({row["utterance"] for row in mine})


def test_too_little_is_said(project: Project) -> None:
    with pytest.raises(DataError, match=f"det trengs {FEWEST}"):
        learn(project, project.coder("Kari"))


def test_suggesting_again_is_what_learning_would_have_suggested(project: Project) -> None:
    """Rounded as they are kept, the probabilities give the same whether a model was learnt just now or not."""
    anne = project.coder("Anne")
    learnt = {}
    for precision in ("0.8", "0.65", "0.35", "usual"):
        project.set("precision", precision)
        learn(project, anne)
        learnt[precision] = shown(project)
    for precision in ("0.35", "0.8", "usual", "0.65", "0.35"):
        project.set("precision", precision)
        made = suggest_again(project, anne)
        assert made is not None
        assert made.suggestions == len(shown(project))
        assert shown(project) == learnt[precision]
        assert suggest_again(project, anne) is None
    assert len({len(found) for found in learnt.values()}) == 4


def test_suggesting_again_counts_news_and_keeps_words_order_and_estimate(project: Project) -> None:
    anne = project.coder("Anne")
    learn(project, anne)
    explain(project, anne)
    before, rounds = suggested(project), about(project)
    words = {(row["transcript"], row["utterance"], row["code"]): row["evidence"] for row in before}
    reviewer = Reviewer(project, anne.id)
    surest = max(before, key=lambda row: float(str(row["probability"])))
    reviewer.accept(int(str(surest["id"])))
    reviewer.read(int(str(surest["transcript"])), int(str(surest["utterance"])))
    for precision in ("0.65", "0.35"):
        seen = {row[:3] for row in shown(project)}
        project.set("precision", precision)
        made = suggest_again(project, anne)
        assert made is not None
        now = {row[:3] for row in shown(project)}
        decided = {(surest["transcript"], surest["utterance"], surest["code"])}
        assert sum(new for new, _gone in made.news.values()) == len(now - seen - decided)
        assert sum(gone for _new, gone in made.news.values()) == len(seen - now - decided)
    after = suggested(project)
    again = {(row["transcript"], row["utterance"], row["code"]): row["evidence"] for row in after}
    assert {key: again[key] for key in words} == words
    assert explain(project, anne) == len(again.keys() - words.keys()) > 0
    assert about(project) == {**rounds, **{name: about(project)[name] for name in ("news", "suggestions", "precision")}}
    with project.database.reading() as connection:
        kept = connection.execute(
            "SELECT round, group_concat(hex(probabilities)) FROM likely GROUP BY round ORDER BY round"
        ).fetchall()
        learnt = connection.execute("SELECT count(*) FROM round WHERE ended IS NOT NULL").fetchone()[0]
    assert len({row[1] for row in kept[-2:]}) == 1
    assert learnt == 3  # by hand, the fixture's, and this test's: no training ended since


def test_what_a_shipped_model_suggested_is_suggested_again(project: Project) -> None:
    kari = project.coder("Kari")
    learn(project, kari, model="nav-nb")
    before = shown(project, "Kari")
    project.set("precision", "0.8")
    assert suggest_again(project, kari) is not None
    assert {row[:3] for row in shown(project, "Kari")} < {row[:3] for row in before}
    project.set("precision", "usual")
    suggest_again(project, kari)
    assert shown(project, "Kari") == before


def test_an_interview_that_came_later_has_no_suggestions_from_before(project: Project) -> None:
    anne = project.coder("Anne")
    project.add(
        Transcript("senere", "Ja, makt og språk.", (Utterance("Kari", 0, 18, "Ja, makt og språk.", "informant"),))
    )
    project.set("precision", "0.35")
    assert suggest_again(project, anne) is not None
    assert "senere" not in {row["name"] for row in suggested(project)}


def about(project: Project) -> dict[str, object]:
    """The round that is shown, as it is kept, without where it was learnt."""
    with project.database.reading() as connection:
        row = connection.execute(
            "SELECT about FROM round JOIN coder ON coder.round = round.id WHERE name = 'Anne'"
        ).fetchone()
    return {name: value for name, value in json.loads(row["about"]).items() if name != "learnt_in"}


@pytest.mark.parametrize("way", ["words", "join"])
@pytest.mark.parametrize("when", ["keep_vectors", "wanted", "write_likely"])
def test_what_is_corrected_during_a_training_gets_no_suggestions_at_other_words(
    project: Project, monkeypatch: pytest.MonkeyPatch, when: str, way: str
) -> None:
    own, transcript = getattr(training_round, when), project.transcript(OPEN)
    number, at = project.source(OPEN).id, transcript.answers[0]
    words = transcript.utterances[at].text

    def corrected(*given: object, **named: object) -> object:
        monkeypatch.setattr(training_round, when, own)
        who = project.coder("Berit")
        if way == "words":
            correct_text(project, who, number, at, f"Altså, {words}", saw=words)
        else:
            join_turn(project, who, number, at, saw=words)
        return own(*given, **named)

    monkeypatch.setattr(training_round, when, corrected)
    anne = project.coder("Anne")
    learn(project, anne)
    now = project.transcript(OPEN).utterances
    for row in suggested(project):
        if row["name"] == OPEN:
            assert (row["start"], row["end"]) == (now[row["utterance"]].start, now[row["utterance"]].end)
    assert Similarity.of(project).vectors.any()
    project.set("precision", "0.9")
    assert suggest_again(project, anne) is not None  # the dial moves all the same
    learn(project, anne)
    assert any(row["name"] == OPEN for row in suggested(project))
    assert check(project.folder) == []


def test_a_round_says_which_answers_the_model_knows_next_to_nothing_of(project: Project) -> None:
    said = ("Hyvää päivää kaikille ystäville.", "Brukeren fikk tolk på møtet.")
    text, ends = "\n".join(said), len(said[0])
    turns = (Utterance("Ida", 0, ends, said[0]), Utterance("Ida", ends + 1, len(text), said[1]))
    project.add(Transcript("finsk", text, turns))
    learn(project, project.coder("Anne"))
    place = project.source("finsk").id
    shown = turns_shown(project, project.coder("Anne"), place)
    assert [one.little_known for one in shown] == [True, False]
    assert not any(one.little_known for one in turns_shown(project, project.coder("Ola"), place))  # learnt nothing yet
    _status, page = get(client_of(Session(project, project.coder("Anne"))), f"interview/{place}")
    assert page.count("Modellen kjenner nesten ingen av ordene her.") == 1
    correct_text(project, project.coder("Anne"), place, 0, "God dag alle sammen.", saw=said[0])
    assert not any(one.little_known for one in turns_shown(project, project.coder("Anne"), place))
