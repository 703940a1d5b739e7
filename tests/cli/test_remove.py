"""`autokode remove`, `close-project` and `forget-memos`, as somebody who must delete uses them."""

import io
import json
from pathlib import Path

import numpy as np
import pytest

from autokode.base.errors import failure
from autokode.cli import run
from autokode.cli.coder_choice import user_name
from autokode.model import model_files
from autokode.model.encoder import Cached, Embeddings
from autokode.project import Coder, Project, Reviewer
from autokode.project.active_learning import training_round
from autokode.project.active_learning.training_round import learn
from autokode.project.store.codebook_editing import CodebookEditor
from autokode.project.store.integrity import check
from autokode.project.store.project_files import models, not_own
from autokode.project.store.round_rows import round_shown
from autokode.review.page_locks import only_one
from report_case import SAID, study
from review_case import copied
from trace_case import rare_words, sentences, traces

NAME = "gudrunsintervjuet"
TOLD = """Intervjuer: Hva mer?
Gudrunsdatter: Bokkassene sto i kvernhusnaustet, og der var det aldri ro, for kvernhusnaustet er fullt av unger.
Intervjuer: Og når er det åpent?
Gudrunsdatter: Åpent var det når Torgnyborg hadde nøkkelknippet, og Torgnyborg kom og gikk som hun ville.
Intervjuer: Hva låner du?
Gudrunsdatter: Jeg låner slåttepraxisbøker, de med jernskjæringer på permen.
"""
"""An interview with words that nobody else has, not even the shipped vectors of words."""


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with an interview read from a pseudonymised folder; Ola learnt from it."""
    place = tmp_path_factory.mktemp("remove")
    project = study(place / "p")
    (place / "uten-navn").mkdir()
    (place / "uten-navn" / f"{NAME}.txt").write_text(TOLD, encoding="utf-8")
    (place / "uten-navn-nøkkel.json").write_text("{}", encoding="utf-8")
    assert run(["add", str(place / "uten-navn" / f"{NAME}.txt"), "--project", str(project.folder)]) == 0
    ola = Reviewer(project, project.coder("Ola").id)
    for source in project.sources[-4:]:
        transcript = project.transcript(source.name)
        for number in transcript.answers:
            one = transcript.utterances[number]
            ola.code(source.id, one.start, one.end, "ro" if number % 4 == 1 else "åpningstid")
            ola.read(source.id, number)
    ola.memo(f"transcript/{project.source(NAME).id}", "Kvernhusnaustet, igjen og igjen.")
    learn(project, project.coder("Ola"))
    (project.folder / "rapport.docx").write_bytes(b"min rapport")
    return place


@pytest.fixture
def project(pattern: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setattr("autokode.project.store.project_files.cache_folder", lambda: tmp_path / "cache")
    monkeypatch.setattr("autokode.model.encoder.cache_folder", lambda: tmp_path / "cache")
    (tmp_path / "cache").mkdir()
    return copied(pattern / "p", tmp_path / "p")


def needles(project: Project) -> set[str]:
    own, others = project.transcript(NAME), [project.transcript(name).text for name in SAID]
    return rare_words(own, others) | sentences(own, others) | {NAME}


def answered(monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{one}\n" for one in answers)))


def embedded(texts: list[str]) -> None:
    """Leave embeddings of texts in the cache, as a sentence encoder does."""

    class Encoder:
        def encode(self, given: list[str]) -> Embeddings:
            return np.ones((len(given), 3), np.float32)

    Cached(Encoder(), "prøve").encode(texts)


def test_consent_is_withdrawn(
    project: Project, pattern: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    gone, place = needles(project), str(project.folder)
    embedded([one.text for one in project.transcript(NAME).utterances])
    before = traces(gone, project.folder, tmp_path / "cache")
    assert set(before) == gone
    found = set().union(*before.values())
    assert {"autokode.db", "features.npy"} <= found
    assert any(name.endswith(".rows") for name in found)
    answered(monkeypatch, "ja", "slett")
    assert run(["remove", NAME, "--project", place]) == 0
    out = capsys.readouterr().out
    assert f"Dette slettes for godt fra {place}: {NAME}" in out
    for said in (
        "6 ytringer",
        "3 kodinger (Ola 3)",
        "1 notat",
        "7 avgjørelser i loggen",
        "1 modell, som har lært av det",
    ):
        assert said in out
    assert "det setningsenkodere og lærere har laget av tekster" in out
    for path in (
        pattern / "uten-navn" / f"{NAME}.txt",
        pattern / "uten-navn-nøkkel.json",
        project.folder / "rapport.docx",
    ):
        assert f"  {path}\n" in out
        assert path.exists()
    assert "Eksporter, rapporter, pakker, nøkler og sikkerhetskopier andre steder kjenner autokode ikke" in out
    assert "Ola: lært på nytt av" in out
    assert traces(gone, project.folder, tmp_path / "cache") == {}
    assert check(project.folder) == []
    assert round_shown(project, project.coder("Ola")) is not None
    model_files.load(models(project.folder)[0])


def test_the_project_goes_on_without_it(project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gone, place = needles(project), str(project.folder)
    assert run(["remove", NAME, "--project", place, "--yes", "--coder", "Kari"]) == 0
    out = tmp_path / "ut"
    out.mkdir()
    for command in (
        ["doctor"],
        ["learn", "--coder", "Ola"],
        ["agreement", "Kari", "Per"],
        ["report", "--out", str(out / "r.html")],
        ["methods", "--out", str(out / "m.txt"), "--manifest", str(out / "m.json")],
        ["export", "--qdpx", str(out / "o.qdpx"), "--xlsx", str(out / "o.xlsx")],
    ):
        assert run([*command, "--project", place]) == 0, command
    capsys.readouterr()
    assert run(["status", "--project", place]) == 0
    assert "slettet av Kari: 1 intervjuer" in capsys.readouterr().out
    assert traces(gone, project.folder, out) == {}


@pytest.mark.parametrize("answers", [("",), ("nei",), ("ja", ""), ("j", "ja"), ("slett", "slett"), ("ja", "gudrun")])
def test_nothing_is_deleted_before_both_answers(
    project: Project, answers: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = project.database.path.read_bytes()
    answered(monkeypatch, *answers)
    for command in (["remove", NAME], ["close-project"]):
        answered(monkeypatch, *answers)
        assert run([*command, "--project", str(project.folder)]) == 0
        assert "Ingenting er slettet." in capsys.readouterr().out
    answered(monkeypatch)
    assert run(["remove", NAME, "--project", str(project.folder)]) == 130
    assert models(project.folder)
    assert project.sources == Project.open(project.folder).sources
    assert len(before) == project.database.path.stat().st_size


def test_what_cannot_be_done_is_said(
    project: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    place = ["--project", str(project.folder), "--yes"]
    for words, told in (
        (["remove", NAME, "gunder"], "har ingen «gunder»; fant anna, atle"),
        (["remove"], "INTERVJU"),
        (["remove", NAME, "--coder", "Kåre"], "ingen «Kåre» har kodet her"),
        (["forget-memos", "--about", "code/ro"], "loggen har ingen gammel tekst av notatet «code/ro»; den har ingen"),
    ):
        assert run([*words, *place]) == 2, words
        err = capsys.readouterr().err
        assert told in err
        assert "Prøv: " in err
    with only_one(project.folder, "Kari"):
        for words in (["remove", NAME], ["close-project"], ["forget-memos"]):
            assert run([*words, *place]) == 2
            assert "prosjektet er åpent på siden; ingenting er endret" in capsys.readouterr().err
    assert NAME in [source.name for source in project.sources]


def test_who_deletes_is_the_machines_user_unless_a_coder_is_named(project: Project) -> None:
    assert run(["remove", NAME, "--yes", "--project", str(project.folder)]) == 0
    last = project.decisions()[-1]
    assert last.shown["by"] == user_name()
    assert user_name() not in [coder.name for coder in project.coders]


@pytest.mark.parametrize(
    ("given", "learnt_from"), [("", [None]), ("nav-nb", ["nav-nb"]), ("{folder}", []), ("borte", [])]
)
def test_only_a_model_that_cannot_have_learnt_from_it_is_taken_again(  # noqa: PLR0917 - fixtures
    project: Project,
    given: str,
    learnt_from: list[str | None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    row = round_shown(project, project.coder("Ola"))
    assert row is not None
    about = json.dumps({**row.about, "given": given.format(folder=tmp_path)})
    with project.database.writing() as connection:
        connection.execute("UPDATE round SET about = ? WHERE id = ?", (about, row.id))
    asked: list[str | None] = []

    def learning(_project: Project, _coder: Coder, *, model: str | None, progress: object) -> None:
        asked.append(model)
        raise failure("for lite å lære av", "too little to learn from", try_next="autokode review")

    monkeypatch.setattr(training_round, "learn", learning)
    assert run(["remove", NAME, "--yes", "--project", str(project.folder)]) == 0
    assert asked == learnt_from
    out = capsys.readouterr().out
    assert ("Ola: for lite å lære av\nPrøv: autokode review" in out) is bool(learnt_from)
    assert (f'Nye forslag: autokode learn --coder "Ola" --project {project.folder}' in out) is not bool(learnt_from)
    assert models(project.folder) == []


def test_the_last_interview_can_go(project: Project) -> None:
    names = [source.name for source in project.sources]
    assert run(["remove", *names, "--yes", "--project", str(project.folder)]) == 0
    assert project.sources == []
    assert check(project.folder) == []
    assert run(["status", "--project", str(project.folder)]) == 0
    assert run(["remove", "anna", "--yes", "--project", str(project.folder)]) == 2


def test_a_project_is_closed(
    project: Project, pattern: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = needles(project) | {said for name in SAID for _codes, said in SAID[name] if len(said) > 20}
    answered(monkeypatch, "j", "SLETT")
    assert run(["close-project", "--project", str(project.folder)]) == 0
    out = capsys.readouterr().out
    assert "7 intervjuer" in out
    for path in (
        project.folder / "codebook.yaml",
        project.folder / "rapport.docx",
        pattern / "uten-navn" / f"{NAME}.txt",
    ):
        assert f"  {path}\n" in out
    assert sorted(path.name for path in project.folder.iterdir()) == ["codebook.yaml", "rapport.docx"]
    assert traces(gone, tmp_path) == {}
    assert run(["status", "--project", str(project.folder)]) == 2
    assert "finnes ikke; ventet et prosjekt" in capsys.readouterr().err
    assert run(["init", str(project.folder)]) == 0


def test_deleted_memos_leave_the_log(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place = ["--project", str(project.folder)]
    kari, ola = (Reviewer(project, project.coder(name).id) for name in ("Kari", "Ola"))
    kari.memo("project", "Ring Gunnhild på 99 88 77 66")
    kari.memo("project", "")
    ola.memo("code/ro", "Olas første ord om kvilepuls")
    ola.memo("code/ro", "Olas andre.")
    texts = {"Ring Gunnhild på 99 88 77 66", "Olas første ord om kvilepuls"}
    assert set(traces(texts, project.folder)) == texts
    answered(monkeypatch, "ja", "nei")
    assert run(["forget-memos", *place]) == 0
    out = capsys.readouterr().out
    assert "  project (Kari): slettet, 1 tekster" in out
    assert "  code/ro (Ola): står; tidligere ordlyd, 1 tekster" in out
    assert "Gunnhild" not in out
    assert set(traces(texts, project.folder)) == texts
    assert run(["forget-memos", *place, "--coder", "Kari", "--about", "project", "--yes"]) == 0
    assert set(traces(texts, project.folder)) == {"Olas første ord om kvilepuls"}
    assert run(["forget-memos", *place, "--yes"]) == 0
    assert traces(texts, project.folder) == {}
    assert models(project.folder)
    assert check(project.folder) == []
    capsys.readouterr()
    assert run(["forget-memos", *place]) == 0
    assert "Loggen har ingen slettede notater." in capsys.readouterr().out
    assert run(["status", *place]) == 0
    assert "slettet av Kari: gammel tekst av 1 notater" in capsys.readouterr().out
    assert [path.name for path in not_own(project.folder)] == ["codebook.yaml", "rapport.docx"]


def test_memos_that_still_tell_of_it_are_named(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """A coder's own words stay, but with a name or a rare word of the interview they are to be read over."""
    kari = Reviewer(project, project.coder("Kari").id)
    kari.memo("code/ro", "Torgnyborg igjen: nøkkelknippet er makt.")
    kari.memo("code/åpningstid", "Det er åpent når noen har tid.")
    assert run(["remove", NAME, "--project", str(project.folder), "--yes"]) == 0
    out = capsys.readouterr().out
    assert (
        "Les over disse notatene, som har ord derfra, og rett dem på siden:\n  Kari, code/ro: nøkkelknippet, torgnyborg\n"
        in out
    )
    assert "code/åpningstid" not in out and "forget-memos" in out


@pytest.mark.parametrize("stray", [".DS_Store", "notater.txt"])
def test_a_stray_file_beside_a_model_keeps_nothing_of_it(
    project: Project, stray: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = needles(project)
    (model,) = models(project.folder)
    (model / stray).write_text("mitt", encoding="utf-8")
    assert run(["remove", NAME, "--project", str(project.folder), "--yes"]) == 0
    told = capsys.readouterr().out
    assert traces(words, project.folder) == {}
    if stray == "notater.txt":
        assert str(model / stray) in told and (model / stray).read_text(encoding="utf-8") == "mitt"


def test_what_may_hold_its_words_and_stays_is_named(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "kopi.txt").write_text(TOLD, encoding="utf-8")
    assert run(["add", str(tmp_path / "kopi.txt"), "--project", str(project.folder)]) == 0
    book = project.folder / "codebook.yaml"
    book.write_text("# Sitat: Bokkassene sto i kvernhusnaustet\n" + book.read_text(encoding="utf-8"), encoding="utf-8")
    capsys.readouterr()
    assert run(["remove", NAME, "--project", str(project.folder), "--yes"]) == 0
    told = capsys.readouterr().out
    assert "«kopi» har den samme teksten" in told and "Merknader (#)" in told


def test_what_lies_beside_the_project_is_named(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """The project's own key, its list of names and backups lie beside its folder, and have what is deleted here."""
    place = ["--project", str(project.folder)]
    beside = [
        project.folder.with_name(f"p-{rest}")
        for rest in (
            "nøkkel.json",
            "navneliste.json",
            "sikkerhetskopi-2026-12-02.zip",
            "sikkerhetskopi-2026-12-02 (1).zip",
        )
    ]
    another = project.folder.with_name("q-sikkerhetskopi-2026-12-02.zip")
    for path in (*beside, another):
        path.touch()
    for command in (["remove", NAME], ["close-project"]):
        capsys.readouterr()
        assert run([*command, *place, "--yes"]) == 0
        told = capsys.readouterr().out
        assert [path for path in beside if f"  {path}\n" not in told] == []
        assert str(another) not in told
    assert all(path.exists() for path in beside)


def test_a_code_named_with_its_words_is_told_of(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    CodebookEditor(Reviewer(project, project.coder("Ola").id)).make("kom og gikk som hun ville")
    capsys.readouterr()
    assert run(["remove", NAME, "--project", str(project.folder), "--yes"]) == 0
    assert (
        "Koden «kom og gikk som hun ville» heter med ord fra intervjuet, og beholder navnet" in capsys.readouterr().out
    )
    assert "kom og gikk som hun ville" in project.codebook
