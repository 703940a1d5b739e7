"""autokode's own .qdpx back into an empty project: utterances, roles, times, read marks, rejections, blind coders come home."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from autokode.cli import run
from autokode.corpus.codebook import Codebook
from autokode.corpus.readers import Cue
from autokode.corpus.transcript import Transcript
from autokode.corpus.utterance import INFORMANT, INTERVIEWER, Utterance
from autokode.exchange.package import own_data
from autokode.exchange.refi.reading import read_qdpx
from autokode.exchange.refi.writing import qdpx_bytes
from autokode.project import Project
from autokode.project.store.decision_rows import memos, verdicts_of
from autokode.project.store.foreign_data import read_marks
from autokode.project.store.reviewing import Reviewer
from exchange_case import whole
from review_case import suggest_by_hand

SAID = (
    ("Mari", "Hvor lenge var dere ute?"),
    ("Geir", "Til langt på natt."),
    ("Mari", "Og så?"),
    ("Geir", "Så sov vi. #00:09#"),
)


def interview() -> Transcript:
    """As from subtitles: the text names nobody, times and speakers stand beside it, and a stamp within is blanked."""
    text, utterances, cues = "", [], []
    for i, (speaker, said) in enumerate(SAID):
        end = len(text) + len(said)
        role = INTERVIEWER if speaker == "Mari" else INFORMANT
        shown = said.replace("#00:09#", " " * 7)
        question = i - 1 if role == INFORMANT else None
        utterances.append(Utterance(speaker, len(text), end, shown, role, 2.0 * i, 2.0 * i + 1.5, question))
        cues.append(Cue(len(text), end, 2.0 * i, 2.0 * i + 1.5, speaker, str(i)))
        text += said + "\n"
    return Transcript("natt", text, tuple(utterances), "cues", ("Mari",), tuple(cues), ("en merknad",))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project.create(tmp_path / "p", Codebook.from_yaml("koder:\n  - navn: makt\n  - navn: språk\n"))
    made.add(interview(), office="Kontor A", pseudonymised=True)
    suggest_by_hand(made, "natt")
    anne = Reviewer(made, made.coder("Anne").id)
    with made.database.reading() as connection:
        rows = connection.execute("SELECT id FROM suggestion ORDER BY utterance, code").fetchall()
    anne.accept(rows[0]["id"])
    anne.reject(rows[1]["id"])
    anne.read(1, 1)
    anne.memo("turn/1/3", "trøtt")
    anne.memo("transcript/1", "godt opptak")
    ola = Reviewer(made, made.coder("Ola", blind=True).id)
    ola.code(1, 25, 30, "språk")
    ola.read(1, 3)
    return made


def everything(project: Project) -> dict[str, Any]:
    return {
        "transcripts": [project.transcript(source.name) for source in project.sources],
        "offices": [source.office for source in project.sources],
        "pseudonymised": project.pseudonymised,
        "codebook": project.codebook.codes,
        "coders": {(coder.name, coder.blind) for coder in project.coders},
        "codings": [(one.segment, one.code, one.coder, one.time) for one in project.codings()],
        "read": read_marks(project),
        "verdicts": {
            (coder.name, one.place, one.code, one.said, one.probability)
            for coder in project.coders
            for one in verdicts_of(project, coder)
        },
        "memos": memos(project),
    }


def test_what_the_standard_has_no_place_for_comes_home(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, folder = tmp_path / "ut.qdpx", tmp_path / "q"
    assert run(["export", "--project", str(project.folder), "--qdpx", str(file), "--memos", "alle"]) == 0
    assert run(["import", str(file), "--project", str(folder)]) == 0
    home = Project.open(folder)
    assert everything(home) == everything(project)
    assert [one.role for one in home.transcript("natt").utterances] == [INTERVIEWER, INFORMANT] * 2
    assert read_marks(home) == {("Anne", 1): (1,), ("Ola", 1): (3,)}  # and not all that has no code
    before = qdpx_bytes(whole(home))
    assert run(["import", str(file), "--project", str(folder), "--partly"]) == 0
    assert "--partly endret ingenting" in capsys.readouterr().err
    assert qdpx_bytes(whole(Project.open(folder))) == before
    assert run(["import", str(file), "--project", str(tmp_path / "k"), "--codebook-only"]) == 0


def test_options_about_speakers_win_over_the_file(project: Project, tmp_path: Path) -> None:
    file = tmp_path / "ut.qdpx"
    file.write_bytes(qdpx_bytes(whole(project)))
    assert run(["import", str(file), "--project", str(tmp_path / "q"), "--labels", "none"]) == 0
    assert Project.open(tmp_path / "q").transcript("natt").labels == "none"


def changed(file: Path, out: Path, change: dict[str, Any]) -> Path:
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == own_data.FILE:
                data = json.dumps({**json.loads(data), **change}).encode()
            new.writestr(name, data)
    return out


def test_what_does_not_fit_the_texts_is_left_out_and_said(project: Project, tmp_path: Path) -> None:
    file = tmp_path / "ut.qdpx"
    file.write_bytes(qdpx_bytes(whole(project)))
    sent = read_qdpx(file)
    (guid,) = (document.guid for document in sent.documents)
    assert sent.own is not None and sent.own.transcripts[guid].utterances == interview().utterances
    plain = json.loads(own_data.json_of(sent.own))
    one = plain["transcripts"][guid]
    rows = one["utterances"]
    for wrong in (
        [["Mari", 0, 9999, *rows[0][3:]]],
        [["Mari", 5, 2, *rows[0][3:]]],
        [rows[1], rows[0]],
        [[*rows[0][:3], "sjef", *rows[0][4:]]],
        [[*rows[0][:7], "noe helt annet"]],
        [[*rows[0][:6], 7, None]],
        [[*rows[0][:4], "x", *rows[0][5:]]],
        [[1, 2]],
        7,
        None,
    ):
        broken = {guid: {**one, "utterances": wrong}}
        found = read_qdpx(changed(file, tmp_path / "b.qdpx", {"transcripts": broken}))
        assert (
            found.own is not None
            and guid not in found.own.transcripts
            and "passer ikke til tekstene" in found.remarks[0]
        )
    for change in (
        {"read": [["Anne", guid, [99]]]},
        {"read": [["Anne", "borte", [0]]]},
        {"read": [[1, 2, 3]]},
        {"verdicts": [["Anne", guid, 1, "x", "kanskje", 0.5]]},
        {"verdicts": [["Anne", guid, 1, "x", "rejected", 7]]},
        {"verdicts": [{}]},
        {"format": 99},
    ):
        found = read_qdpx(changed(file, tmp_path / "b.qdpx", change))
        assert found.own is not None and not found.own.read.get(("Anne", "borte")) and len(found.remarks) == 1


def test_a_file_of_another_program_is_not_believed(project: Project, tmp_path: Path) -> None:
    file = tmp_path / "ut.qdpx"
    file.write_bytes(qdpx_bytes(whole(project)))
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(tmp_path / "n.qdpx", "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'origin="autokode', b'origin="NVivo'))
    assert read_qdpx(tmp_path / "n.qdpx").own is None
