"""Pseudonymise a study and restore it: every format, codings moved with their text, originals byte for byte."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document

from autokode import norwegian, read_transcript
from autokode.base.errors import DataError
from autokode.cli import run
from autokode.corpus.coding import Coding, Segment, read_codings, write_codings
from autokode.corpus.study_file import pseudonyms
from autokode.pseudonym import Kind, check, plan, read_key, read_list, undo, write, write_list
from conftest import ROOT

TURNS = (
    ("Intervjuer", "Hvem jobber du sammen med på NAV Løten?"),
    ("Kari Nordmann", "Med Per Hansen. Pers kontor ligger i Storgata 14, og Kari fra Drammen ringer 900 12 345."),
    ("Intervjuer", "Og hva sier Per om det?"),
    ("Kari Nordmann", "Han sier at Nordmanns får vente. Hun i Drammen er fin, hun."),
)
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """One interview in each format, with codings, a codebook, and a study.yaml whose office has a name."""
    folder = tmp_path / "studie"
    folder.mkdir()
    said = "\n".join(f"{who}: {what}" for who, what in TURNS) + "\n"
    (folder / "a.txt").write_bytes(said.replace("\n", "\r\n").encode("utf-8-sig"))
    document = Document()
    document.core_properties.author = "Kari Nordmann"
    for line in said.splitlines():
        document.add_paragraph(line)
    document.save(str(folder / "b kari.docx"))
    cues = [f"00:00:{i:02}.000 --> 00:00:{i + 1:02}.500\n<v {who}>{what}</v>\n" for i, (who, what) in enumerate(TURNS)]
    (folder / "c.vtt").write_text("WEBVTT\n\nNOTE fra Kari Nordmann\n\n" + "\n".join(cues), encoding="utf-8")
    broken = [
        "1\n00:00:01,000 --> 00:00:02,000\nDa kom Kari\n",
        "2\n00:00:02,000 --> 00:00:03,000\nNordmann inn, og Per & jeg gikk.\n",
    ]
    (folder / "d.srt").write_text("\n".join(broken), encoding="utf-8")
    entries = "".join(
        f"  - fil: {name}\n    gruppe: NAV Løten\n" for name in ("a.txt", "b kari.docx", "c.vtt", "d.srt")
    )
    (folder / "study.yaml").write_text(f"navn: Om Kari\ntranskripter:\n{entries}", encoding="utf-8")
    (folder / "codebook.yaml").write_text("koder:\n  - navn: arbeid\n  - navn: som Kari sier\n", encoding="utf-8")
    codings = []
    for name in ("a.txt", "b kari.docx", "c.vtt"):
        transcript = read_transcript(folder / name)
        for quote, code in (
            ("Pers kontor ligger", "arbeid"),
            ("Hun i Drammen er fin", "som Kari sier"),
            ("Nordmann", "arbeid"),
        ):
            start = transcript.text.index(quote)
            segment = Segment(transcript.name, start, start + len(quote), quote)
            codings.append(Coding(segment, code, "koder 1", "2026-01-02"))
    write_codings(folder / "codings.csv", codings)
    (folder / "notat.pdf").write_bytes(b"%PDF")
    return folder


@pytest.fixture
def pseudonymised(study: Path, tmp_path: Path) -> tuple[Path, Path]:
    out, key = tmp_path / "ut", tmp_path / "nøkkel.json"
    write(plan(study, norwegian(own=True)), out, key)
    return out, key


def everything(folder: Path) -> str:
    return "\n".join(
        read_transcript(path).text if path.suffix not in (".csv", ".yaml") else path.read_text(encoding="utf-8")
        for path in sorted(folder.iterdir())
    )


def test_nothing_personal_is_left_in_any_format(pseudonymised: tuple[Path, Path]) -> None:
    text = everything(pseudonymised[0])
    for name in ("Kari", "Nordmann", "Per ", "Pers", "Hansen", "Løten", "Drammen", "Storgata", "900 12"):
        assert name not in text, name
    assert "kari" not in " ".join(path.name for path in pseudonymised[0].iterdir())
    assert "Gruppe A" in text
    assert "[kommune 1]" in text


def test_one_person_has_one_name_everywhere_and_a_genitive_stays_one(pseudonymised: tuple[Path, Path]) -> None:
    out, key = pseudonymised
    people = {e.forms[0]: e.becomes for e in read_key(key).register.entities if e.kind == Kind.PERSON}
    kari, per = people["Kari Nordmann"], people["Per Hansen"]
    assert kari.startswith("A")
    transcripts = [
        read_transcript(path) for path in sorted(out.glob("*.*")) if path.suffix in (".txt", ".docx", ".vtt")
    ]
    assert len(transcripts) == 3
    for transcript in transcripts:
        assert list(transcript.speakers) == ["Intervjuer", kari]
        assert f"{per}s kontor ligger" in transcript.text
        assert f"{kari}s får vente" in transcript.text


def test_codings_stand_on_the_same_words(study: Path, pseudonymised: tuple[Path, Path]) -> None:
    out, key = pseudonymised
    transcripts = {
        t.name: t for t in (read_transcript(p) for p in out.glob("*.*") if p.suffix in (".txt", ".docx", ".vtt"))
    }
    moved = read_codings(out / "codings.csv", transcripts=transcripts)
    before = read_codings(study / "codings.csv")
    assert len(moved) == len(before) == 9
    per = next(e.becomes for e in read_key(key).register.entities if "Per Hansen" in e.forms)
    assert {coding.segment.quote for coding in moved if coding.code == "arbeid"} >= {f"{per}s kontor ligger"}
    assert [c.segment.quote for c in moved if c.code != "arbeid"] == ["Hun i [kommune 1] er fin"] * 3


def test_undo_gives_every_byte_back_and_leads_new_codings_home(
    study: Path, pseudonymised: tuple[Path, Path], tmp_path: Path
) -> None:
    out, key = pseudonymised
    assert undo(out, key, tmp_path / "tilbake") == ()
    for path in (tmp_path / "tilbake").iterdir():
        assert path.read_bytes() == (study / path.name).read_bytes(), path.name
    assert {p.name for p in (tmp_path / "tilbake").iterdir()} == {p.name for p in study.iterdir()} - {"notat.pdf"}
    new = read_codings(out / "codings.csv")[:1]
    write_codings(out / "codings.csv", new)
    (out / "rapport.html").write_text("x", encoding="utf-8")
    notes = undo(out, key, tmp_path / "igjen")
    assert len(notes) == 1
    assert notes[0].startswith("rapport.html")
    (home,) = read_codings(tmp_path / "igjen" / "codings.csv")
    assert home.segment.quote == "Pers kontor ligger"


def test_twice_changes_nothing(pseudonymised: tuple[Path, Path], tmp_path: Path) -> None:
    out, _key = pseudonymised
    again = plan(out, norwegian(own=True))
    assert [one.findings for one in again.transcripts] == [()] * 4
    write(again, tmp_path / "ut2", tmp_path / "nøkkel2.json")
    assert everything(tmp_path / "ut2") == everything(out)


def test_the_key_gives_the_same_names_to_a_later_interview(pseudonymised: tuple[Path, Path], tmp_path: Path) -> None:
    _out, key = pseudonymised
    later = tmp_path / "senere"
    later.mkdir()
    (later / "e.txt").write_text("Kari Nordmann: Per Hansen er her.\nOle: Ja.\n", encoding="utf-8")
    before = {e.forms[0]: e.becomes for e in read_key(key).register.entities}
    found = plan(later, norwegian(own=True), register=read_key(key).register)
    now = {e.forms[0]: e.becomes for e in found.register.entities}
    assert now["Kari Nordmann"] == before["Kari Nordmann"]
    assert now["Per Hansen"] == before["Per Hansen"]
    assert now["Ole"] not in before.values()


def test_only_the_owner_may_read_the_key_and_what_is_written(pseudonymised: tuple[Path, Path]) -> None:
    out, key = pseudonymised
    assert key.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in (out, *out.iterdir()))


def test_nothing_hidden_in_a_word_file_comes_along(pseudonymised: tuple[Path, Path]) -> None:
    (path,) = pseudonymised[0].glob("*.docx")
    assert Document(str(path)).core_properties.author == ""


def test_check_finds_what_is_left_and_what_a_model_keeps(
    study: Path, pseudonymised: tuple[Path, Path], tmp_path: Path
) -> None:
    out, key = pseudonymised
    nlp = norwegian(own=True)
    assert check(out, nlp, key=read_key(key)).left == ()
    (out / "notat.txt").write_text("Husk å ringe Kari Nordmann på 900 12 345.\n", encoding="utf-8")
    (out / "bilde.png").write_bytes(b"\x89PNG")
    found = check(out, nlp)
    assert {left.finding.text for left in found.left} == {"Kari Nordmann", "900 12 345"}
    assert found.unread == ("bilde.png",)
    (out / "notat.txt").unlink()
    from autokode import AutoCoder

    coder = AutoCoder()
    coder.fit(
        ["Nordmann sa det", "Nordmann bestemmer", "vi drakk kaffe", "kaffe er godt"],
        [["makt"], ["makt"], ["kaffe"], ["kaffe"]],
    )
    coder.save(out / "model")
    assert any(left.file.startswith("model") for left in check(out, nlp, key=read_key(key)).left)


def test_bad_input_is_refused_in_words_and_nothing_is_written(study: Path, tmp_path: Path) -> None:
    found = plan(study, norwegian(own=True))
    (tmp_path / "der").mkdir()
    with pytest.raises(DataError, match="finnes fra før"):
        write(found, tmp_path / "der", tmp_path / "k.json")
    with pytest.raises(DataError, match="låser opp"):
        write(found, tmp_path / "ny", tmp_path / "ny" / "k.json")
    (tmp_path / "k.json").write_text("{}", encoding="utf-8")
    with pytest.raises(DataError, match="ingen nøkkel"):
        undo(study, tmp_path / "k.json", tmp_path / "tilbake")
    with pytest.raises(DataError, match="finnes ikke"):
        plan(tmp_path / "ingen", norwegian(own=True))
    (study / "a.txt").write_bytes(b"\x89PNG")
    with pytest.raises(DataError, match="PNG"):
        plan(study, norwegian(own=True))
    assert not (tmp_path / "ny").exists()


def test_a_key_that_points_out_of_its_folder_is_refused(pseudonymised: tuple[Path, Path], tmp_path: Path) -> None:
    out, key = pseudonymised
    data = json.loads(key.read_text(encoding="utf-8"))
    data["files"][0]["name"] = "../ute.txt"
    key.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(DataError, match="ut av mappen"):
        undo(out, key, tmp_path / "tilbake")
    assert not (tmp_path / "ute.txt").exists()


def test_a_list_is_edited_and_read_again(study: Path, tmp_path: Path) -> None:
    path = tmp_path / "navn.yaml"
    write_list(path, plan(study, norwegian(own=True)).register)
    assert path.stat().st_mode & 0o077 == 0
    text = (
        path.read_text(encoding="utf-8")
        .replace("blir: Anne", "blir: Ada")
        .replace("la_stå:\n", "la_stå:\n  - Drammen\n")
    )
    text = "\n".join(text.splitlines())
    path.write_text(text + "\n", encoding="utf-8")
    register = read_list(path)
    again = plan(study, norwegian(own=True), register=register)
    assert "Drammen" not in {f.text for one in again.transcripts for f in one.findings}
    path.write_text("funn:\n  - slag: katt\n    former: [Per]\n    blir: Pus\n", encoding="utf-8")
    with pytest.raises(DataError, match="person"):
        read_list(path)


def test_neutral_gender_changes_pronouns_too(study: Path, tmp_path: Path) -> None:
    write(plan(study, norwegian(own=True), gender="neutral"), tmp_path / "ut", tmp_path / "k.json")
    text = (tmp_path / "ut" / "a.txt").read_text(encoding="utf-8")
    assert "Hen sier at" in text
    assert "Hen i [kommune 1] er fin, hen." in text


def test_one_transcript_takes_its_own_codings_along(study: Path, tmp_path: Path) -> None:
    written = write(plan(study / "a.txt", norwegian(own=True)), tmp_path / "ut", tmp_path / "k.json")
    assert written.transcripts == 1
    assert written.codings == 3


def test_a_name_that_is_given_is_replaced_wherever_it_stands(study: Path) -> None:
    found = plan(study, norwegian(own=True), also=["kontor ligger"])
    (entity,) = [entity for entity in found.register.entities if entity.forms == ("kontor ligger",)]
    assert entity.count == 3


def test_a_name_with_an_initial_is_the_person_who_fits_and_goes_from_the_files_name_too(tmp_path: Path) -> None:
    folder = tmp_path / "studie"
    folder.mkdir()
    said = "Intervju med Solfrid Myklebust\n\nI: Hei, hva heter du?\nSolfrid M.: Ja, hei.\nI: Og så?\nSolfrid M.: solfrid, ja.\n"
    (folder / "intervju Solfrid.txt").write_text(said, encoding="utf-8")
    found = plan(folder, norwegian(own=True))
    (person,) = [entity for entity in found.register.entities if entity.kind == Kind.PERSON]
    write(found, tmp_path / "ut", tmp_path / "k.json")
    (path,) = (tmp_path / "ut").glob("*.txt")
    assert "olfrid" not in path.name + path.read_text(encoding="utf-8")
    assert person.becomes in path.name


def test_what_heads_a_transcript_and_who_asks_is_nobodys_name(tmp_path: Path) -> None:
    folder = tmp_path / "studie"
    folder.mkdir()
    for number, asks in enumerate(("F", "Inf. 1", "Ordstyrer")):
        said = f"Transkripsjon\n\nDato: i dag  Sted: Personalrommet\n\n{asks}: Hva gjør du her?\nSiv: Jeg jobber.\n" * 2
        (folder / f"{number}.txt").write_text(said, encoding="utf-8")
    found = plan(folder, norwegian(own=True))
    assert [entity.forms for entity in found.register.entities if entity.kind == Kind.PERSON] == [("Siv",)]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")

    def calling(*arguments: str) -> tuple[int, str, str]:
        status = run(["pseudonymise", *arguments])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return calling


def test_the_command_shows_first_and_writes_only_when_told(call: Run, study: Path, tmp_path: Path) -> None:
    status, out, err = call("studie", "--list", "navn.yaml")
    assert status == 0
    assert "Kari Nordmann" in out
    assert "Et menneske må lese over" in out
    assert "--yes" in err
    assert not (tmp_path / "studie-uten-navn").exists()
    status, out, _err = call("studie", "--list", "navn.yaml", "--yes", "--leave", "Drammen")
    assert status == 0
    assert "4 transkripter og 9 kodinger" in out
    assert "notat.pdf" in out
    assert "Drammen" in (tmp_path / "studie-uten-navn" / "a.txt").read_text(encoding="utf-8")
    assert call("studie-uten-navn", "--undo")[0] == 0
    assert (tmp_path / "studie-uten-navn-tilbake" / "a.txt").read_bytes() == (study / "a.txt").read_bytes()


def test_the_command_checks_and_says_by_its_status(call: Run, study: Path) -> None:
    status, out, _err = call("studie", "--check")
    assert status == 1
    assert "Kari Nordmann" in out
    assert "notat.pdf" in out
    assert call("studie", "--check", "--undo")[0] == 2
    assert call("nei")[0] == 2
    assert call("studie", "--gender", "x")[0] == 2


@pytest.mark.slow
def test_the_shipped_interviews_keep_every_coding_in_its_place(tmp_path: Path) -> None:
    folder = tmp_path / "tre"
    folder.mkdir()
    for name in ("kontor_a.docx", "kontor_c.vtt", "codebook.yaml"):
        shutil.copy(ROOT / "training_data" / name, folder)
    kept = [
        c
        for c in read_codings(ROOT / "training_data" / "codings.csv")
        if c.segment.transcript in ("kontor_a", "kontor_c")
    ]
    write_codings(folder / "codings.csv", kept)
    written = write(plan(folder, norwegian(own=True)), tmp_path / "ut", tmp_path / "k.json")
    assert written.codings == len(kept) > 100
    transcripts = {t.name: t for t in (read_transcript(p) for p in (tmp_path / "ut").glob("kontor_*"))}
    assert len(read_codings(tmp_path / "ut" / "codings.csv", transcripts=transcripts)) == len(kept)
    assert len(pseudonyms(tmp_path / "ut")) > 5
