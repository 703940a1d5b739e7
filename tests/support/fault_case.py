"""Makes faults on purpose, and asserts after each: nothing confirmed is lost, nothing half-written has a final name."""

import json
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

import fault_screens
import fault_survey
import trace_case
from autokode.base.errors import DataError
from autokode.corpus.codebook import Codebook
from autokode.corpus.coding import Coding, Segment, read_codings, write_codings
from autokode.model import model_files
from autokode.model.encoder import Cached, Embeddings
from autokode.project import Project
from autokode.project.store.integrity import check
from autokode.project.store.repair import repair
from conftest import ROOT
from fault_screens import sound, studied
from report_case import SAID, study
from trace_case import traces

AUTOKODE = (sys.executable, "-m", "autokode")
_DECIDING = """
import sys
from autokode import DataError
from autokode.project import Project
from autokode.project.store.reviewing import Reviewer

def decide(folder, coder):
    project = Project.open(folder)
    reviewer = Reviewer(project, project.coder(coder).id)
    for source in project.sources:
        transcript = project.transcript(source.name)
        for turn in transcript.answers:
            one = transcript.utterances[turn]
            for start in range(one.start, one.end - 3):
                if transcript.text[start : start + 3].strip():
                    reviewer.code(source.id, start, start + 3, "åpningstid")
                    print(source.name, start, flush=True)

try:
    decide(*sys.argv[1:])
except DataError as error:
    print(error, file=sys.stderr)
    sys.exit(2)
"""


@dataclass(frozen=True)
class Case:
    """One kind of work in a folder of its own: how to begin it, and what to assert whenever it was broken off.

    Attributes:
        name: what is done, for the table.
        make: makes what the work needs in a folder.
        command: the command, for that folder.
        holds: asserts, given the folder and the command's output, that nothing was lost.
        frugal: that it ends well in two hundred MB of address space, Python and all.
    """

    name: str
    make: Callable[[Path], object]
    command: Callable[[Path], list[str]]
    holds: Callable[[Path, str], None]
    frugal: bool = False


# decisions


def _deciding(folder: Path) -> list[str]:
    return [sys.executable, "-c", _DECIDING, str(folder / "p"), "Nina"]


def _decided(folder: Path, printed: str) -> None:
    confirmed = {tuple(line.rsplit(" ", 1)) for line in printed.splitlines(keepends=True) if line.endswith("\n")}
    own = {(c.segment.transcript, f"{c.segment.start}\n") for c in sound(folder).codings() if c.coder == "Nina"}
    assert confirmed <= own, f"{len(confirmed - own)} confirmed decisions are lost"
    assert len(own - confirmed) <= 1


# edits of the codebook

_MERGING = """
import sys
from autokode.base.errors import DataError
from autokode.project import Project
from autokode.project.store.codebook_editing import CodebookEditor
from autokode.project.store.reviewing import Reviewer

try:
    project = Project.open(sys.argv[1])
    editor = CodebookEditor(Reviewer(project, project.coder("Kari").id))
    one, other = project.codebook.codable[:2]
    for _again in range(int(sys.argv[2])):
        editor.merge(one, other)
        print("merged", flush=True)
        editor.reviewer.undo()
        print("back", flush=True)
except DataError as error:
    print(error, file=sys.stderr)
    sys.exit(2)
"""


def _merging(folder: Path) -> list[str]:
    return [sys.executable, "-c", _MERGING, str(folder / "p"), "40"]


def _merged(folder: Path, printed: str) -> None:
    """The codebook, its file and the codings of all coders are those of before a merge or after it, and undo leads back."""
    project = sound(folder)
    file = Codebook.from_yaml((project.folder / "codebook.yaml").read_text(encoding="utf-8"))
    assert file == project.codebook
    given = {coding.code for coding in project.codings()}
    assert given <= set(project.codebook.codable), given
    edits = [one for one in project.decisions("Kari") if "codebook" in one.shown]
    assert 0 <= len(edits) - len(printed.splitlines()) <= 1


# import of codings, and of transcripts


def _many_codings(folder: Path) -> None:
    project = studied(folder)
    rows = []
    for source in project.sources:
        text = project.transcript(source.name).text
        spans = [(i, i + 5) for i in range(len(text) - 5) if text[i : i + 5].strip()]
        rows += [Coding(Segment(source.name, a, b, text[a:b]), "åpningstid", "Ida", "") for a, b in spans]
    write_codings(folder / "c.csv", rows)


def _importing(folder: Path) -> list[str]:
    return [*AUTOKODE, "import", str(folder / "c.csv"), "--project", str(folder / "p")]


def _imported(folder: Path, _printed: str) -> None:
    count = sum(coding.coder == "Ida" for coding in sound(folder).codings())
    every = len((folder / "c.csv").read_text(encoding="utf-8").split(',"Ida"')) - 1
    assert count in (0, every), f"{count} of {every} codings"


def _many_files(folder: Path) -> None:
    studied(folder)
    for i in range(12):
        turns = "".join(f"Kari: Hva mener du om {j}?\nAnna: Det er språket, {i} {j}.\n" for j in range(40))
        (folder / f"nytt {i}.txt").write_text(turns, encoding="utf-8")


def _adding(folder: Path) -> list[str]:
    files = sorted(map(str, folder.glob("nytt*.txt")))
    return [*AUTOKODE, "add", *files, "--project", str(folder / "p"), "--interviewer", "Kari"]


def _added(folder: Path, _printed: str) -> None:
    project = sound(folder)
    for source in project.sources:
        if source.name.startswith("nytt"):
            assert len(project.transcript(source.name).utterances) == 80


# learning


def _learning(folder: Path) -> list[str]:
    return [*AUTOKODE, "learn", "--project", str(folder / "p"), "--coder", "Kari"]


def _learnt(folder: Path, _printed: str) -> None:
    project = sound(folder)
    with project.database.reading() as connection:
        seen = connection.execute("SELECT ended FROM round JOIN coder ON coder.round = round.id").fetchall()
        assert all(row["ended"] for row in seen)
    model = project.folder / "model"
    for place in (model, *model.glob("[!.]*")):
        if (place / "manifest.json").exists():
            model_files.load(place)


def _small_study(folder: Path) -> None:
    small = folder / "studie"
    small.mkdir()
    source = ROOT / "training_data"
    for name in ("codebook.yaml", "kontor_a.docx", "kontor_b.txt"):
        shutil.copy(source / name, small)
    kept = [c for c in read_codings(source / "codings.csv") if c.segment.transcript in ("kontor_a", "kontor_b")]
    write_codings(small / "codings.csv", kept)
    shutil.copytree(ROOT / "models" / "nav-nb", folder / "m")


def _training(folder: Path) -> list[str]:
    return [*AUTOKODE, "train", str(folder / "studie"), "--out", str(folder / "m")]


def _trained(folder: Path, _printed: str) -> None:
    if (folder / "m").exists():  # between taking the old one away and putting the new one there nothing is there
        model_files.load(folder / "m")
    else:
        (old,) = folder.glob(".m.old.*/m")
        model_files.load(old)


# removal


def _consented(folder: Path) -> None:
    """A project with a model, a copy of an older format and embeddings that all hold an interview, which is to go."""
    project = study(folder / "p")
    text = project.transcript(WITHDRAWN).text.encode()
    shutil.copytree(ROOT / "models" / "nav-nb", project.folder / "model")
    for kind in ("embeddings", "teachers"):
        (folder / "cache" / kind).mkdir(parents=True)
    for path in (
        project.folder / "model" / "top_words.tsv",
        project.folder / "autokode.db.format-1",
        folder / "cache" / "embeddings" / "a.rows",
        folder / "cache" / "teachers" / "a.json",
    ):
        path.write_bytes(text)


def _removing(folder: Path) -> list[str]:
    environment = [str(shutil.which("env")), f"AUTOKODE_CACHE={folder / 'cache'}"]
    return [*environment, *AUTOKODE, "remove", WITHDRAWN, "--yes", "--project", str(folder / "p")]


def _removed(folder: Path, _printed: str) -> None:
    """As before in everything, or gone from everything as soon as anything opens the project."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTOKODE_CACHE", str(folder / "cache"))
        project = Project.open(folder / "p")
        assert check(folder / "p") == []
    quotes = {said for _codes, said in SAID[WITHDRAWN]}
    left = traces(quotes, folder)
    if WITHDRAWN in [source.name for source in project.sources]:
        where = {
            "autokode.db",
            "autokode.db.format-1",
            "top_words.tsv",
            "a.rows",
        }  # and perhaps a journal that does not count
        assert set(left) == quotes and all(files >= where for files in left.values()), left
        assert len(project.codings("Kari")) == 24
    else:
        assert left == {}, left
        assert len(project.codings("Kari")) == 20


WITHDRAWN = "conny"
"""The interview whose consent is withdrawn."""


# files that are written


def _standing(*names: str) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        studied(folder)
        for name in names:
            (folder / name).write_text("as before", encoding="utf-8")

    return make


def _exporting(folder: Path) -> list[str]:
    to = ["--qdpx", str(folder / "o.qdpx"), "--xlsx", str(folder / "o.xlsx")]
    return [*AUTOKODE, "export", *to, "--project", str(folder / "p")]


def _reporting(folder: Path) -> list[str]:
    to = ["--out", str(folder / "o.html"), "--out", str(folder / "o.docx")]
    return [*AUTOKODE, "report", *to, "--project", str(folder / "p")]


def _written(folder: Path, _printed: str) -> None:
    sound(folder)
    for path in folder.glob("o.*"):
        data = path.read_bytes()
        assert data == b"as before" or WHOLE.setdefault(path.name, data) == data, f"{path.name} is half written"


WHOLE: dict[str, bytes] = {}
"""Name → the bytes of the latest run that nobody broke off."""


def _many_rows(folder: Path) -> None:
    inputs = folder / "inn"
    inputs.mkdir()
    for i in range(30):
        rows = [json.dumps({"id": j, "text": f"vi bygde tillit over tid {i} {j} språk"}) for j in range(2000)]
        (inputs / f"{i:02d}.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")


def _scoring(folder: Path) -> list[str]:
    return [*AUTOKODE, "score", str(folder / "inn"), "--out", f"{folder / 'ut'}/"]


def _scored(folder: Path, _printed: str) -> None:
    for part in (folder / "ut").glob("[!.]*"):
        if part.name != "manifest.json":
            data = part.read_bytes()
            assert WHOLE.setdefault(part.name, data) == data, f"{part.name} is half written"


CASES = (
    Case("decisions", studied, _deciding, _decided, frugal=True),
    Case("merging codes", studied, _merging, _merged, frugal=True),
    Case("import of codings", _many_codings, _importing, _imported, frugal=True),
    Case("adding transcripts", _many_files, _adding, _added, frugal=True),
    Case("taking in at the page", studied, fault_screens.taking_in, fault_screens.taken_in, frugal=True),
    Case(
        "new versions of a text", studied, fault_screens.bringing_versions, fault_screens.version_brought, frugal=True
    ),
    Case("corrections of a text", studied, fault_screens.correcting, fault_screens.corrected, frugal=True),
    Case(
        "links to a recording",
        fault_screens.with_recordings,
        fault_screens.listening,
        fault_screens.listened,
        frugal=True,
    ),
    Case("a survey", studied, fault_survey.taking_surveys, fault_survey.surveys_taken, frugal=True),
    Case("values of a sheet", studied, fault_screens.taking_sheets, fault_screens.sheets_taken, frugal=True),
    Case("merging projects", fault_screens.two_projects, fault_screens.merging, fault_screens.merged, frugal=True),
    Case("replacing names", fault_screens.with_names, fault_screens.writing, fault_screens.written),
    Case("learning in a project", studied, _learning, _learnt),
    Case("removing an interview", _consented, _removing, _removed),
    Case("training a model", _small_study, _training, _trained),
    Case("export (.qdpx, .xlsx)", _standing("o.qdpx", "o.xlsx"), _exporting, _written),
    Case("report (.html, .docx)", _standing("o.html", "o.docx"), _reporting, _written),
    Case("scoring to a folder", _many_rows, _scoring, _scored),
)


# what is done to them


@contextmanager
def begun(case: Case, place: Path) -> Iterator[tuple[Path, list[str]]]:
    """Give a folder with all that a case needs, made once and copied, and the command."""
    pattern, folder = place / f"case {CASES.index(case)}", place / "now"
    if not pattern.exists():
        pattern.mkdir(parents=True)
        case.make(pattern)
    shutil.copytree(pattern, folder)
    try:
        yield folder, case.command(folder)
    finally:
        shutil.rmtree(folder)


def unbroken(case: Case, place: Path) -> float:
    """Run a case to its end, assert that it holds, and return its seconds; later runs are compared with its output."""
    with begun(case, place) as (folder, command):
        started = time.perf_counter()
        ran = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own
        seconds = time.perf_counter() - started
        assert ran.returncode == 0, ran.stderr
        WHOLE.clear()
        case.holds(folder, ran.stdout)
    return seconds


def killed(case: Case, place: Path, times: int, seed: int = 0) -> int:
    """Kill -9 a case at random moments, and assert `holds` after each; returns how many were killed before they ended.

    Where one ended before its moment, those of the next are twice as early, so that most are met on a machine that was slow.
    """
    longest = min(unbroken(case, place), 10.0)
    choose = random.Random(seed)
    caught = 0
    for _ in range(times):
        with begun(case, place) as (folder, command):
            process = subprocess.Popen(  # noqa: S603 - our own
                command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
            )
            time.sleep(choose.uniform(0.1, 1.0) * longest)
            process.kill()
            printed, _none = process.communicate()
            met = process.returncode == -signal.SIGKILL
            caught += met
            longest *= 1.0 if met else 0.5
            case.holds(folder, printed)
    return caught


def small_files(case: Case, place: Path, times: int, seed: int = 0) -> int:
    """Let no file grow past a size drawn by chance, as on a full disk; return how many were stopped by it.

    Each ends well or with a sentence, never with a traceback.
    """
    unbroken(case, place)
    choose = random.Random(seed)
    stopped = 0
    for _ in range(times):
        size = int(10 ** choose.uniform(3, 6))
        with begun(case, place) as (folder, command):
            ran = limited(command, resource.RLIMIT_FSIZE, size)
            assert ran.returncode in (0, 2), (size, ran.returncode, ran.stderr[-2000:])
            assert "Traceback" not in ran.stderr, ran.stderr
            stopped += ran.returncode == 2
            case.holds(folder, ran.stdout)
    return stopped


def little_memory(case: Case, place: Path, times: int, seed: int = 0) -> int:
    """Give a case 0.1 to 1 GB of address space, from little to much; return how many that stopped, in whatever way.

    Libraries below ours end the process themselves where they get no memory (OpenBLAS), or wait for it; what must hold holds
    all the same, and no traceback is shown.
    """
    unbroken(case, place)
    choose = random.Random(seed)
    stopped = 0
    for i in range(times):
        size = int((100 + 900 * ((i + choose.random()) / times) ** 2) * 2**20)  # most of them small, where work stops
        with begun(case, place) as (folder, command):
            ran = limited(command, resource.RLIMIT_AS, size, seconds=20)
            assert "Traceback" not in ran.stderr, (size, ran.stderr)
            stopped += ran.returncode != 0
            case.holds(folder, ran.stdout)
    return stopped


def limited(command: list[str], kind: int, amount: int, seconds: float = 600) -> "subprocess.CompletedProcess[str]":
    """Run a command with a limit on something; one that waits for ever is killed after a time."""
    begin = f"import resource, os, sys; resource.setrlimit({kind}, ({amount}, {amount})); os.execv(sys.argv[1], sys.argv[1:])"
    process = subprocess.Popen(  # noqa: S603 - our own
        [sys.executable, "-c", begin, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def two_at_once(place: Path, least: int) -> int:
    """Let two people decide in one project at once, in processes of their own, until each has made so many decisions.

    Return how many were confirmed.
    """
    with begun(CASES[0], place) as (folder, _command):
        command = [sys.executable, "-c", _DECIDING, str(folder / "p")]
        both = [
            subprocess.Popen([*command, who], stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own
            for who in ("Nina", "Omar")
        ]
        told = [process.stdout for process in both if process.stdout is not None]
        printed = [[stream.readline() for _ in range(least)] for stream in told]
        for process, stream, lines in zip(both, told, printed, strict=True):
            process.kill()
            lines.extend(stream.readlines())
            process.communicate()
        _decided(folder, "".join(printed[0]))
        return sum(line.endswith("\n") for lines in printed for line in lines)


def damaged_models(place: Path, times: int, seed: int = 0) -> int:
    """Flip one bit in a file of a model, drawn by chance; return how often loading it named the file."""
    folder = place / "modell"
    shutil.copytree(ROOT / "models" / "nav-nb", folder)
    files = sorted(folder.iterdir())
    choose = random.Random(seed)
    named = 0
    for _ in range(times):
        path = choose.choice(files)
        whole = flipped(path, choose)
        try:
            model_files.load(folder)
        except DataError as error:
            named += path.name in str(error) and "Prøv: " in str(error)
        path.write_bytes(whole)
    shutil.rmtree(folder)
    return named


def damaged_parts(place: Path, times: int, seed: int = 0, what: str = "*.parquet") -> int:
    """Flip one bit in a file of a score; return how often the rerun made the score whole again."""
    choose = random.Random(seed)
    mended = 0
    with begun(CASES[-1], place) as (folder, command):
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own
        out = folder / "ut"
        before = {path.name: path.read_bytes() for path in out.iterdir()}
        for _ in range(times):
            flipped(choose.choice(sorted(out.glob(what))), choose)
            subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own
            assert {path.name: path.read_bytes() for path in out.iterdir()} == before, "not whole again"
            mended += 1
    return mended


def damaged_databases(place: Path, times: int, seed: int = 0) -> int:
    """Write 200 bytes of noise over a place in a project's file; return how often that was found.

    Found, it is mended, or refused with the way out where the file no longer says where its tables are. Not found are those
    that fell where nothing is kept: every row is then what it was.
    """
    project = studied(place)
    path, said = project.database.path, project.codings()
    whole, dump = path.read_bytes(), trace_case.dump(path)
    choose = random.Random(seed)
    found = 0
    for _ in range(times):
        damaged = bytearray(whole)
        at = choose.randrange(len(damaged) - 200)
        damaged[at : at + 200] = choose.randbytes(200)
        path.write_bytes(damaged)
        try:
            faults = check(project.folder)
        except DataError as error:
            assert "sikkerhetskopi" in str(error), error
            found += 1
            continue
        if not faults:
            assert trace_case.dump(path) == dump, f"noise at {at} is not found"
            continue
        found += 1
        _done, copy = repair(project.folder)
        assert copy.read_bytes() == damaged
        copy.unlink()
        left = check(project.folder)
        assert not any(fault.mend for fault in left), (at, left)
        for coding in Project.open(project.folder).codings():
            name = coding.segment.transcript
            if coding not in said:  # then its text is not what it was, and that is said
                assert any(fault.kind == "text" and fault.what.startswith(f"{name}:") for fault in left), (at, coding)
                assert _placed(coding) in map(_placed, said), (at, coding)
    return found


def _placed(coding: Coding) -> tuple[object, ...]:
    """A coding without its quote."""
    segment = coding.segment
    return segment.transcript, segment.start, segment.end, coding.code, coding.coder, coding.time


def damaged_memory(place: Path, times: int, seed: int = 0) -> int:
    """Flip one bit in an encoder's kept embeddings; return how often they were made anew, and equal."""
    choose = random.Random(seed)
    anew = 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTOKODE_CACHE", str(place / "cache"))
        right = Cached(_Sums(), "a").encode(_SAID)
        for _ in range(times):
            flipped(choose.choice(sorted((place / "cache").rglob("*.rows"))), choose)
            sums = _Sums()
            assert np.array_equal(Cached(sums, "a").encode(_SAID), right)
            anew += sums.asked > 0
    return anew


_SAID = [f"Det var møte nummer {number}." for number in range(50)]


class _Sums:
    """A small encoder that counts what it is asked."""

    asked = 0

    def encode(self, texts: Sequence[str]) -> Embeddings:
        self.asked += len(texts)
        return np.array([[len(text), sum(map(ord, text))] for text in texts], np.float32)


def flipped(path: Path, choose: random.Random) -> bytes:
    """Flip one bit of a file, drawn by chance; return what the file was."""
    whole = path.read_bytes()
    at = choose.randrange(len(whole))
    path.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << choose.randrange(8))]) + whole[at + 1 :])
    return whole
