"""One rule says what is suggested: the spaCy component, a file and the page's round agree on codes and sentences."""

import csv
import io
from pathlib import Path

import spacy

from autokode import AutoCoder, load_model, suggest
from autokode.corpus.study import Study
from autokode.project import Project
from autokode.project.active_learning.evidence import explain
from autokode.project.active_learning.training_round import learn
from autokode.suggestion import to_csv

Suggested = dict[tuple[str, int, str], tuple[int, int]]
"""(transcript, utterance, code) → the sentence that speaks most, (start, end) in code points of the transcript."""


def in_files(coder: AutoCoder, study: Study) -> Suggested:
    rows = [
        row for one in study.transcripts.values() for row in csv.DictReader(io.StringIO(to_csv(suggest(coder, one))))
    ]
    return {
        (row["transcript"], int(row["utterance"]), row["code"]): (int(row["part_start"]), int(row["part_end"]))
        for row in rows
        if row["level"] == "code"
    }


def in_spacy(study: Study) -> Suggested:
    nlp = spacy.blank("nb")
    nlp.add_pipe("autokode", config={"model": "nav-nb"})
    found = {}
    for transcript in study.transcripts.values():
        docs = [nlp.make_doc(transcript.utterances[i].text) for i in transcript.answers]
        for i, doc in zip(transcript.answers, docs, strict=True):
            doc.user_data["context"] = transcript.question_of(transcript.utterances[i])
        for i, doc in zip(transcript.answers, nlp.pipe(docs), strict=True):
            start = transcript.utterances[i].start
            for span in doc.spans["autokode"]:
                found[transcript.name, i, span.label_] = (start + span.start_char, start + span.end_char)
    return found


def on_page(study: Study, folder: Path) -> Suggested:
    project = Project.create(folder, study.codebook)
    for transcript in study.transcripts.values():
        project.add(transcript)
    anne = project.coder("Anne")
    learn(project, anne, model="nav-nb")
    explain(project, anne)
    names = {source.id: source.name for source in project.sources}
    with project.database.reading() as connection:
        rows = connection.execute("SELECT * FROM suggestion").fetchall()
    return {
        (names[row["transcript"]], row["utterance"], row["code"]): (row["part_start"], row["part_end"]) for row in rows
    }


def test_spacy_files_and_page_suggest_the_same_codes_by_the_same_sentences(
    three_offices: Study, tmp_path: Path
) -> None:
    found = in_files(load_model("nav-nb"), three_offices)
    assert len(found) > 300
    assert in_spacy(three_offices) == found
    assert on_page(three_offices, tmp_path / "prosjekt") == found
