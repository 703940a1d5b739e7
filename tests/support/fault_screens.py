"""What the page's screens do to a project that may be broken off at any moment: how to begin it, and what must hold after."""

import json
import shutil
import sys
from pathlib import Path

import names_case
import pseudonym_case
import trace_case
from autokode.corpus.coding import Coding, Segment
from autokode.corpus.readers import Source
from autokode.corpus.study_file import key_beside
from autokode.corpus.transcript import from_source
from autokode.project import Project
from autokode.project.store.codebook_editing import CodebookEditor
from autokode.project.store.decision_log import INTERVIEW
from autokode.project.store.decision_rows import memos
from autokode.project.store.integrity import check
from autokode.project.store.names_plan import list_beside
from autokode.project.store.project_files import INCOMING
from autokode.project.store.recordings import recordings
from autokode.project.store.restored_names import restore
from autokode.project.store.reviewing import Reviewer
from autokode.project.store.variables import values_of
from autokode.pseudonym.key import read_key
from autokode.review.page_locks import clear_stranded
from report_case import SAID, decided, study
from sound_case import recording
from trace_case import traces

_IN_WORDS = """
import sys

try:
    from autokode import DataError
    work(*sys.argv[1:])
except (ImportError, MemoryError, SystemError) as error:  # no memory, perhaps for a library that was to be loaded
    print(error, file=sys.stderr)
    sys.exit(2)
except DataError as error:
    print(error, file=sys.stderr)
    sys.exit(2)
"""


def work_of(work: str, *given: str) -> list[str]:
    return [sys.executable, "-c", work + _IN_WORDS, *given]


def sound(folder: Path) -> Project:
    """Assert that a project is sound, apart from temporary files of a killed process; returns it."""
    faults = [fault for fault in check(folder / "p") if fault.kind != "left"]
    assert faults == [], faults
    return Project.open(folder / "p")


# interviews are brought and taken in

_TAKING_IN = """
def work(folder):
    from pathlib import Path
    from autokode.project import Project
    from autokode.project.store.taking_in import take_in
    from autokode.review.incoming_files import Incoming
    from autokode.review.incoming_reading import IncomingReading
    from autokode.review.page_locks import only_one

    project = Project.open(Path(folder))
    with only_one(project.folder, "Kari"):
        incoming = Incoming(project.folder, "Kari")
        waiting = IncomingReading(incoming)
        for step in range(25):
            for file in range(3):
                said = f"Kari: Hva mener du om {step}?\\nAnna: Det er språket, {step} {file}.\\n".encode() * 30
                incoming.add(incoming.begin(f"nytt {step} {file}.txt", len(said)), 0, said)
            print("in", take_in(project, [one.understood for one in waiting.all()]), flush=True)
            for sign in list(incoming.files):
                waiting.drop(sign)
"""


def taking_in(folder: Path) -> list[str]:
    return work_of(_TAKING_IN, str(folder / "p"))


def taken_in(folder: Path, printed: str) -> None:
    """All files of a step are in, whole, or none; and what waited goes when somebody opens the project."""
    project = sound(folder)
    new = [source.name for source in project.sources if source.name.startswith("nytt")]
    assert len(new) % 3 == 0, new
    assert 0 <= len(new) // 3 - printed.count("in 3\n") <= 1, (len(new), printed)
    assert all(len(project.transcript(name).utterances) == 60 for name in new)
    clear_stranded(project.folder)
    assert not list(project.folder.glob(f"{INCOMING}*"))


# new versions of a text are brought in

_VERSIONS = """
def work(folder):
    from pathlib import Path
    from autokode.corpus.readers import Source
    from autokode.corpus.transcript import from_source
    from autokode.project import Project
    from autokode.project.store.new_version import bring_version, following

    project = Project.open(Path(folder))
    source, who = project.source("anna"), project.coder("Kari")
    text = project.transcript("anna").text
    for step in range(25):
        version = from_source(Source(f"Intervjuer: Takk for {step}.\\nAnna: Ja.\\n{text}"), "ny")
        bring_version(project, who, source.id, version, saw=following(project, source.id, version).mark)
        print("version", step, flush=True)
"""


def bringing_versions(folder: Path) -> list[str]:
    return work_of(_VERSIONS, str(folder / "p"))


def version_brought(folder: Path, printed: str) -> None:
    """The text is that of the last version that was told of, or of the next; codings stand on their words; undo leads back."""
    project = sound(folder)
    reviewer = Reviewer(project, project.coder("Kari").id)
    now = {(coding.segment.quote, coding.code, coding.coder) for coding in project.codings()}
    text, told = project.transcript("anna").text, len(printed.splitlines())
    ways = [f"Intervjuer: Takk for {step}." for step in range(max(0, told - 1), told + 1)]
    assert text.startswith(tuple(ways) if told else (*ways, "Intervjuer: Hva mer?")), text[:40]
    while project.transcript("anna").text.startswith("Intervjuer: Takk"):
        assert reviewer.undo() is not None
    assert now == {(coding.segment.quote, coding.code, coding.coder) for coding in project.codings()}
    sound(folder)


# a text is corrected

_CORRECTIONS = """
def work(folder):
    from pathlib import Path
    from autokode.project import Project
    from autokode.project.store.transcript_correction import correct_text, join_turn, split_turn

    project = Project.open(Path(folder))
    number, who = project.source("anna").id, project.coder("Kari")
    for step in range(40):
        turns = project.transcript("anna").utterances
        if step % 4 == 1:
            split_turn(project, who, number, 1, turns[1].text.index("er det"), saw=turns[1].text, speaker="Anne")
        elif step % 4 == 3:
            join_turn(project, who, number, 1, saw=turns[1].text)
        else:
            at = next(index for index, one in enumerate(turns) if "låner" in one.text)
            words = turns[at].text.replace("noen", f"gang {step} noen")
            correct_text(project, who, number, at, words, saw=turns[at].text)
        print("corrected", step, flush=True)
"""


def correcting(folder: Path) -> list[str]:
    return work_of(_CORRECTIONS, str(folder / "p"))


def corrected(folder: Path, printed: str) -> None:
    """Every correction that was told of is there, and one more at most; codings stand on their words; undo leads back."""
    project = sound(folder)
    reviewer, codings = Reviewer(project, project.coder("Kari").id), len(project.codings())
    made = len([one for one in project.decisions() if one.kind == INTERVIEW])
    assert 0 <= made - len(printed.splitlines()) <= 1, (made, printed)
    for _ in range(made):
        assert reviewer.undo() is not None
    text = project.transcript("anna").text
    assert text == "".join(f"Intervjuer: Hva mer?\nAnna: {said}\n" for _codes, said in SAID["anna"])
    assert len(project.transcript("anna").utterances) == 2 * len(SAID["anna"])
    assert len(project.codings()) == codings
    sound(folder)


# an interview is linked to its recording

_LISTENING = """
def work(folder, *recordings):
    from pathlib import Path
    from autokode.project import Project
    from autokode.project.store.recordings import link_recording, move_recording, unlink_recording

    project = Project.open(Path(folder))
    number, who = project.source("anna").id, project.coder("Kari")
    for step in range(40):
        link_recording(project, who, number, Path(recordings[step % 2]), offset_s=step)
        print("linked", flush=True)
        move_recording(project, who, number, step + 0.5)
        print("moved", flush=True)
        if step % 3 == 2:
            unlink_recording(project, who, number)
            print("unlinked", flush=True)
"""


def with_recordings(folder: Path) -> None:
    """A small study, and two recordings outside it."""
    studied(folder)
    for number, name in enumerate(("a.wav", "b.wav")):
        recording(folder / name, 0.2, tone=440 + number)


def listening(folder: Path) -> list[str]:
    return work_of(_LISTENING, str(folder / "p"), str(folder / "a.wav"), str(folder / "b.wav"))


def listened(folder: Path, printed: str) -> None:
    """Every link that was told of is there, and one more at most; the recordings are as they were; undo leads back."""
    project = sound(folder)
    reviewer = Reviewer(project, project.coder("Kari").id)
    made = len([one for one in project.decisions() if one.kind == INTERVIEW])
    assert 0 <= made - len(printed.splitlines()) <= 1, (made, printed)
    for linked in recordings(project).values():
        assert linked.problem() is None
        assert linked.path.parent == folder.resolve()
    for _ in range(made):
        assert reviewer.undo() is not None
    assert recordings(project) == {}
    assert sorted(path.name for path in folder.glob("*.wav")) == ["a.wav", "b.wav"]
    sound(folder)


# values of variables come in sheets

_SHEETS = """
def work(folder):
    from pathlib import Path
    from autokode.exchange.variable_sheet import planned, take_sheet
    from autokode.project import Project

    project = Project.open(Path(folder))
    names = [source.name for source in project.sources]
    for step in range(60):
        rows = [["intervju", f"variabel {step}"], *([name, f"verdi {step}"] for name in names)]
        print("sheet", take_sheet(project, project.coder("Kari"), planned(project, rows)), flush=True)
"""


def taking_sheets(folder: Path) -> list[str]:
    return work_of(_SHEETS, str(folder / "p"))


def sheets_taken(folder: Path, printed: str) -> None:
    """Of a sheet all values are in, with their variable, or none; what was told of is there, and at most one sheet more."""
    project = sound(folder)
    found = values_of(project)
    for one in found.variables:
        given = [own[one.id] for own in found.own.values() if one.id in own]
        assert given == [f"verdi {one.name.removeprefix('variabel ')}"] * len(project.sources), (one, given)
    assert 0 <= len(found.variables) - len(printed.splitlines()) <= 1, (found.variables, printed)


# another project is merged

_MERGING = """
def work(folder):
    from pathlib import Path
    from autokode.project import Project
    from autokode.project.store.merging import merge
    from autokode.project.store.steps import take_back_step

    project, other = (Project.open(Path(folder) / name) for name in ("p", "other"))
    for step in range(40):
        merge(project, other)
        print("merged", flush=True)
        take_back_step(project)
        print("back", flush=True)
"""

_THEIRS = 30
"""How many codings the other project has that this one lacks."""


def two_projects(folder: Path) -> None:
    """A project, and a copy in which Bo made a code, coded and wrote a memo."""
    project = studied(folder)
    shutil.copytree(project.folder, folder / "other")
    other = Project.open(folder / "other")
    bo = Reviewer(other, other.coder("Bo").id)
    CodebookEditor(bo).make("ny kode")
    for source in other.sources[:1]:
        for start in range(_THEIRS):
            bo.code(source.id, start, start + 2, "ny kode")
    bo.memo("project", "fra Bo")


def merging(folder: Path) -> list[str]:
    return work_of(_MERGING, str(folder))


def merged(folder: Path, _printed: str) -> None:
    """All of the other project is in, with its code in the codebook and its file, or none of it; the other is as it was."""
    project = sound(folder)
    codings = sum(one.coder == "Bo" for one in project.codings())
    assert codings in (0, _THEIRS), codings
    assert ("ny kode" in project.codebook) >= bool(codings)
    assert [one.text for one in memos(project) if one.coder == "Bo"] == ["fra Bo"] * bool(codings)
    assert len(Project.open(folder / "other").codings("Bo")) == _THEIRS


# names are replaced

_WRITING = """
def work(folder):
    from pathlib import Path
    from autokode.project import Project
    from autokode.project.store.file_mark import file_mark
    from autokode.project.store.names_plan import list_beside
    from autokode.pseudonym.names_list import read_names_list
    from autokode.review.names_work import write

    project = Project.open(Path(folder))
    listed = read_names_list(list_beside(project.folder))
    write(project, {"page": "", "by": "Åshild", "coder": -1, "sign": listed.sign, "mark": file_mark(project)})
    print("written", flush=True)
"""
_NEEDLES = {"Kåre", "Ødegård", "Åshild"}


def with_names(folder: Path) -> None:
    """A project full of names, with many interviews, and the list of what is to be replaced."""
    project = pseudonym_case.full_of_names(folder)
    said = "Åshild: Hva sa Kåre?\nKåre Ødegård: Det var jeg som sa det til Åshild, sier Kåre.\n"
    codings = []
    for number in range(20):
        transcript = from_source(Source(said * 40), f"møte {number}")
        project.add(transcript)
        spans = [(one.start, one.end, one.text) for one in transcript.utterances[1::2]]
        codings += [Coding(Segment(transcript.name, *span), "om_Kåre", "Kåre", "") for span in spans]
    project.add_codings(codings)
    names_case.put_list(project)
    (folder / "before.json").write_text(json.dumps(trace_case.dump(project.database.path)), encoding="utf-8")


def writing(folder: Path) -> list[str]:
    return work_of(_WRITING, str(folder / "p"))


def written(folder: Path, printed: str) -> None:
    """No row is another, or no name is left in any byte; then the key gives all of them back."""
    project, key = Project.open(folder / "p"), key_beside((folder / "p").resolve())  # opening finishes what was cut off
    sound(folder)
    before = json.loads((folder / "before.json").read_text(encoding="utf-8"))
    if not project.pseudonymised:
        assert not printed
        assert trace_case.dump(project.database.path) == before
        assert list_beside(project.folder).exists()
        return
    assert traces(_NEEDLES, project.folder) == {}
    restore(project, read_key(key), by="Åshild")
    assert _rows(trace_case.dump(project.database.path)) == _rows(before)


def _rows(lines: list[str]) -> list[str]:
    """The rows of all tables but for the log's lines about the names, and the numbers of lines."""
    left = ("'pseudonymised'", "'restored'", "VALUES('decision'")
    kept = [line for line in lines if line.startswith("INSERT") and not any(one in line for one in left)]
    return sorted(line.replace('"', "") for line in kept)


def studied(folder: Path) -> Project:
    """A small study, coded by two, with decisions on suggestions."""
    made = study(folder / "p")
    decided(made)
    return made
