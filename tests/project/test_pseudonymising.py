"""A coded project is pseudonymised where it is and given its names back: nothing lost, nothing left."""

import os
import re
import signal
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from autokode import DataError, read_transcript
from autokode.corpus.readers import Source
from autokode.corpus.transcript import from_source
from autokode.exchange.refi.writing import write_qdpx
from autokode.project import Project, Reviewer
from autokode.project.store import project_files, pseudonymising
from autokode.project.store.database import Database
from autokode.project.store.decision_log import facts, replayed
from autokode.project.store.file_mark import check_mark, file_mark
from autokode.project.store.foreign_data import kept
from autokode.project.store.integrity import check
from autokode.project.store.opening import ReplacedError
from autokode.project.store.pseudonym_plan import standing_runs
from autokode.project.store.pseudonymising import pseudonymise
from autokode.project.store.removal import remove_interviews
from autokode.project.store.restored_names import restore
from autokode.project.store.reworded_rows import AS_THEY_ARE
from autokode.project.store.rewritings import rewritings
from autokode.project.store.schema import TABLES
from autokode.project.store.steps import take_back_step
from autokode.project.store.text_correction import correct_texts
from autokode.pseudonym.key import Key, read_key, write_key
from autokode.pseudonym.kinds import Kind
from autokode.pseudonym.register import Entity, Register
from exchange_case import whole
from pseudonym_case import NEEDLES, TOLD, dump, full_of_names, plan_of, register_of
from removal_case import CODERS, CODES, KINDS, Action, Plain, World
from review_case import copied, rows
from trace_case import plain_sqlite, traces


@pytest.fixture(autouse=True, scope="module")
def _plain_sqlite() -> Iterator[None]:
    with plain_sqlite():
        yield


INVENTED = ("Bo", "Tor", "Magnhild Karoline", "Sæbjørn", "[person 1]", "Vår", "Eli-Ann")
BLANK = Key(Register())

Stretch = tuple[str, str, int, int, str]
"""Coder, interview, start, length, code."""

actions = st.builds(
    Action,
    kind=st.sampled_from(KINDS),
    coder=st.sampled_from(CODERS),
    names=st.permutations(tuple(TOLD)).map(tuple),
    answer=st.integers(0, 2),
    code=st.sampled_from(CODES),
    number=st.integers(0, 3),
    flag=st.booleans(),
)
spans = st.tuples(
    st.sampled_from(CODERS),
    st.sampled_from(tuple(TOLD)),
    st.integers(0, 110),
    st.integers(1, 25),
    st.sampled_from(CODES),
)
names = st.permutations(INVENTED).map(lambda every: every[:3])
quickly = settings(
    max_examples=12, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.reuse, Phase.generate]
)


NAME = re.compile("Kåre Ødegård|Kåre|Ødegård|Åshild Bråten-Lie|Åshild|Jørn-Tore")


def coded(world: World, places: list[Stretch], *, cutting: bool = True) -> None:
    """Code stretches of the texts: beginning or ending in a name (unless not `cutting`), at one, around one."""
    for coder, name, start, length, code in places:
        text = world.project.transcript(name).text
        first = min(start, len(text) - 1)
        ends = (first, min(first + length, len(text)))
        cut = any(one.start() < end < one.end() for one in NAME.finditer(text) for end in ends)
        if text[first : first + length].strip() and (cutting or not cut):
            world.reviewer(coder).code(world.ids[name], first, min(first + length, len(text)), code)


def sound(project: Project) -> None:
    assert check(project.folder) == []
    with project.database.reading() as connection:
        assert replayed(connection) == facts(connection)


def distinct(project: Project) -> int:
    """How many codings there are that no other equals."""
    return len(
        {tuple(row[c] for c in ("coder", "transcript", "start", "end", "code")) for row in rows(project, "coding")}
    )


def without_log_lines(lines: list[str]) -> list[str]:
    return [line for line in lines if "'pseudonymised'" not in line and "'restored'" not in line]


@quickly
@given(done=st.lists(actions, max_size=20), places=st.lists(spans, max_size=12), invented=names)
def test_pseudonymised_and_restored_a_project_is_as_it_was(
    tmp_path_factory: pytest.TempPathFactory,
    done: list[Action],
    places: list[Stretch],
    invented: list[str],
) -> None:
    folder = tmp_path_factory.mktemp("p")
    world = World(folder / "p", tuple(TOLD), TOLD)
    coded(world, places)
    for action in done:
        world.act(action)
    project, before = world.project, dump(folder / "p")
    texts = {source.id: project.transcript(source.name).text for source in project.sources}
    codings, apart = {row["id"]: row for row in rows(project, "coding")}, distinct(project)
    plan = plan_of(project, register_of(invented))
    pseudonymise(project, plan, BLANK, folder / "nøkkel.json", by="Åshild")
    assert traces(NEEDLES, folder / "p") == {}
    assert (folder / "nøkkel.json").stat().st_mode & 0o077 == 0
    sound(project)
    assert distinct(project) == apart
    assert project.pseudonymised == {source.name for source in project.sources}
    after = {source.id: project.transcript(source.name).text for source in project.sources}
    for row in rows(project, "coding"):
        was = codings[row["id"]]
        edits = plan.edits[int(str(row["transcript"]))]
        start, end = int(str(was["start"])), int(str(was["end"]))
        if not any(e.start < start < e.end or e.start < end < e.end for e in edits.edits):
            inside = [e for e in edits.edits if start <= e.start and e.end <= end]
            quote, at = "", start
            for edit in inside:
                quote, at = quote + texts[int(str(row["transcript"]))][at : edit.start] + edit.new, edit.end
            quote += texts[int(str(row["transcript"]))][at:end]
            assert after[int(str(row["transcript"]))][row["start"] : row["end"]] == quote  # type: ignore[misc]
    restore(project, read_key(folder / "nøkkel.json"), by="Åshild")
    sound(project)
    assert without_log_lines(dump(folder / "p")) == before
    assert [(one.kind, one.counts) for one in rewritings(project)] == [
        ("pseudonymised", {"interviews": 3}),
        ("restored", {"interviews": 3}),
    ]


SINCE = ("judge", "same", "read", "resolve", "note", "undo", "code")
"""Actions that are the same in a text of another length."""


@quickly
@given(
    first=st.lists(actions, max_size=15),
    places=st.lists(spans, max_size=8),
    since=st.lists(actions.filter(lambda one: one.kind in SINCE and (one.flag or one.kind != "code")), max_size=15),
    invented=names,
)
def test_what_is_done_since_stands_as_if_it_had_been_done_with_the_names(
    tmp_path_factory: pytest.TempPathFactory,
    first: list[Action],
    places: list[Stretch],
    since: list[Action],
    invented: list[str],
) -> None:
    folder = tmp_path_factory.mktemp("p")
    texts = {
        name: [f"Jo, altså, {one}" for one in said] for name, said in TOLD.items()
    }  # no action's span ends in a name
    world, twin = World(folder / "p", tuple(texts), texts), World(folder / "q", tuple(texts), texts)
    for each in (world, twin):
        coded(each, places, cutting=False)
    for action in first:
        world.act(action)
        twin.act(action)
    pseudonymise(world.project, plan_of(world.project, register_of(invented)), BLANK, folder / "nøkkel.json", by="Eva")
    for action in since:
        world.act(action)
        twin.act(action)
    sound(world.project)
    restore(world.project, read_key(folder / "nøkkel.json"), by="Eva")
    sound(world.project)
    assert Plain(world).state() == Plain(twin).state()


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = full_of_names(tmp_path_factory.mktemp("mønster"))
    sound(project)
    return project.folder


@pytest.fixture
def project(pattern: Path, tmp_path: Path) -> Project:
    return copied(pattern, tmp_path / "p")


REGISTER = register_of(("Bo", "Magnhild Karoline", "Tor"))


def test_no_name_is_left_anywhere_and_all_come_back(project: Project, tmp_path: Path) -> None:
    before, book = dump(project.folder), (project.folder / "codebook.yaml").read_bytes()
    ids = [row["id"] for row in rows(project, "coding")]
    done = pseudonymise(project, plan_of(project, REGISTER), BLANK, tmp_path / "nøkkel.json", by="Åshild")
    assert traces(NEEDLES, project.folder) == {}
    assert not any(path.name.endswith(("-1", ".bak")) for path in project.folder.iterdir())
    assert done.people == {
        "Åshild Bråten-Lie": "Magnhild Karoline",
        "Åshild": "Magnhild Karoline 2",
        "Kåre Ødegård": "Bo",
    }
    assert done.codes["om_Kåre"] == "om_Bo"
    assert {source.name for source in project.sources} == {"Bo", "samtale-med-Bo"}
    assert [source.file for source in project.sources] == ["", ""]
    assert [row["id"] for row in rows(project, "coding")] == ids
    sound(project)
    assert Project.open(project.folder).codebook == project.codebook
    write_qdpx(tmp_path / "ut.qdpx", whole(project))
    assert traces(NEEDLES, tmp_path / "p") == {}
    with zipfile.ZipFile(tmp_path / "ut.qdpx") as archive:
        said = b"".join(archive.read(name) for name in archive.namelist()).decode("utf-8")
    assert not any(name in said for name in NEEDLES)
    (passage,) = kept(project, "passages")["Bo"]
    assert project.transcript("Bo").text[passage["start"] : passage["end"]] == "sier Magnhild Karoline"
    restore(project, read_key(tmp_path / "nøkkel.json"), by="Magnhild Karoline 2")
    assert without_log_lines(dump(project.folder)) == before
    assert (project.folder / "codebook.yaml").read_bytes() == book
    assert rewritings(project)[-1].by == "Åshild"
    sound(project)


def test_names_are_given_back_to_what_came_since(project: Project, tmp_path: Path) -> None:
    pseudonymise(project, plan_of(project, REGISTER), BLANK, tmp_path / "nøkkel.json", by="root")
    coder = next(one for one in project.coders if one.name == "Bo")
    source, reviewer = project.source("samtale-med-Bo"), Reviewer(project, coder.id)
    text = project.transcript(source.name).text
    at = text.index("Bo, sier jeg")
    reviewer.code(source.id, at, at + 12, "om_Bo")
    reviewer.memo("turn/1/0", "Svar fra Bo til Magnhild Karoline")
    reviewer.memo("project", "Bo. Og mer.")
    project.add(from_source(Source("I: Bo?\nBo: Et annet sted.\n"), "nytt"))
    restore(project, read_key(tmp_path / "nøkkel.json"), by="root")
    sound(project)
    quote, code = next((one.segment.quote, one.code) for one in project.codings() if "jeg" in one.segment.quote)
    assert (quote, code) == ("Kåre, sier jeg", "om_Kåre")
    assert {str(row["text"]) for row in rows(project, "memo")} >= {
        "Svar fra Kåre Ødegård til Åshild Bråten-Lie",
        "Kåre Ødegård. Og mer.",
    }
    assert project.transcript("nytt").text == "I: Bo?\nBo: Et annet sted.\n"
    while Reviewer(project, coder.id).undo():
        sound(project)


def test_a_second_time_goes_on_with_the_same_key(project: Project, tmp_path: Path) -> None:
    key = tmp_path / "nøkkel.json"
    before = dump(project.folder)
    pseudonymise(project, plan_of(project, REGISTER), BLANK, key, by="root")
    ours = {source.id for source in project.sources}
    project.add(from_source(Source("I: Hvem?\nJørn-Tore: Kåre. Og Bo, en annen Bo.\n"), "Jørn-Tore"))
    more = Register((*REGISTER.entities, Entity(Kind.PERSON, ("Bo",), "Vår")))
    assert [run.id for run in standing_runs(project, read_key(key))] == [run.id for run in read_key(key).runs]
    pseudonymise(project, plan_of(project, more, settled=ours), read_key(key), key, by="root")
    assert "Tor: Bo. Og Vår, en annen Vår." in project.transcript("Tor").text
    assert project.source("samtale-med-Bo")
    assert traces(NEEDLES, project.folder) == {}
    restore(project, read_key(key), by="root")
    sound(project)
    assert project.transcript("Jørn-Tore").text == "I: Hvem?\nJørn-Tore: Kåre. Og Bo, en annen Bo.\n"
    new = tuple(f"INSERT INTO {table} VALUES(3," for table in ("transcript", "utterance", "step"))
    left = [
        line for line in without_log_lines(dump(project.folder)) if not line.startswith((*new, "INSERT INTO sqlite"))
    ]
    assert left == [line for line in before if not line.startswith("INSERT INTO sqlite")]


def test_another_key_opens_nothing(project: Project, tmp_path: Path) -> None:
    key = tmp_path / "nøkkel.json"
    with pytest.raises(DataError, match="er ikke pseudonymisert her"):
        restore(project, BLANK, by="root")
    pseudonymise(project, plan_of(project, REGISTER), BLANK, key, by="root")
    before = dump(project.folder)
    for change in (
        lambda: restore(project, BLANK, by="root"),
        lambda: pseudonymise(project, plan_of(project, REGISTER), BLANK, tmp_path / "ny.json", by="root"),
    ):
        with pytest.raises(DataError, match="med en annen nøkkel"):
            change()
    assert dump(project.folder) == before
    assert not (tmp_path / "ny.json").exists()


def test_what_was_planned_for_other_texts_is_refused(project: Project, tmp_path: Path) -> None:
    plan = plan_of(project, REGISTER)
    project.add(from_source(Source("I: Hvem?\nKåre: Meg.\n"), "sist"))
    before = dump(project.folder)
    with pytest.raises(DataError, match="andre tekster"):
        pseudonymise(project, plan, BLANK, tmp_path / "nøkkel.json", by="root")
    with pytest.raises(DataError, match="kan ikke ligge i prosjektet"):
        pseudonymise(project, plan_of(project, REGISTER), BLANK, project.folder / "a" / "nøkkel.json", by="root")
    assert dump(project.folder) == before
    assert not (tmp_path / "nøkkel.json").exists()


def test_an_interview_removed_since_does_not_come_back(project: Project, tmp_path: Path) -> None:
    pseudonymise(project, plan_of(project, REGISTER), BLANK, tmp_path / "nøkkel.json", by="root")
    remove_interviews(project, ["samtale-med-Bo"], by="root")
    restore(project, read_key(tmp_path / "nøkkel.json"), by="root")
    sound(project)
    assert [source.name for source in project.sources] == ["Kåre Ødegård"]
    assert traces({"henta", "Hos Kåre", "samtale-med-Kåre"}, project.folder) == {}


def test_an_import_can_be_taken_back_before_and_after(project: Project, tmp_path: Path) -> None:
    with project.step("add"):
        project.add(from_source(Source("I: Hvem?\nKåre: Meg, Åshild.\n"), "Kåre"))
    before = dump(project.folder)
    pseudonymise(project, plan_of(project, REGISTER), BLANK, tmp_path / "nøkkel.json", by="root")
    restore(project, read_key(tmp_path / "nøkkel.json"), by="root")
    assert without_log_lines(dump(project.folder)) == before
    pseudonymise(project, plan_of(project, REGISTER), BLANK, tmp_path / "nøkkel.json", by="root")
    taken = take_back_step(project)
    assert (taken.interviews, taken.kept) == (1, [])
    sound(project)
    restore(project, read_key(tmp_path / "nøkkel.json"), by="root")
    sound(project)
    assert "Kåre" not in {source.name for source in project.sources}


def test_a_text_changed_since_is_not_given_its_names(project: Project, tmp_path: Path) -> None:
    pseudonymise(project, plan_of(project, REGISTER), BLANK, tmp_path / "nøkkel.json", by="root")
    text = project.transcript("samtale-med-Bo").text.replace("sier jeg", "sa jeg")
    (tmp_path / "samtale-med-Bo.txt").write_text(text, encoding="utf-8")
    correct_texts(project, [(read_transcript(tmp_path / "samtale-med-Bo.txt"), tmp_path / "samtale-med-Bo.txt")])
    before = dump(project.folder)
    with pytest.raises(DataError, match="endret siden den ble pseudonymisert"):
        restore(project, read_key(tmp_path / "nøkkel.json"), by="root")
    assert dump(project.folder) == before


@pytest.mark.parametrize("table", ["transcript", "decision"])
def test_a_damaged_key_changes_nothing(project: Project, tmp_path: Path, table: str) -> None:
    pseudonymise(project, plan_of(project, REGISTER), BLANK, tmp_path / "nøkkel.json", by="root")
    key, before = read_key(tmp_path / "nøkkel.json"), dump(project.folder)
    (run,) = key.runs
    broken = tuple((name, dict.fromkeys(old, 1.5) if name == table else old, new) for name, old, new in run.rows)
    with pytest.raises(DataError, match="nøkkelen er skadet"):
        restore(project, replace(key, runs=(replace(run, rows=broken),)), by="root")
    assert dump(project.folder) == before


STEPS: dict[str, Callable[[pytest.MonkeyPatch, Callable[..., None]], None]] = {
    "key": lambda patch, end: patch.setattr(pseudonymising, "write_key", end),
    "commit": lambda patch, end: patch.setattr(
        pseudonymising, "write_key", lambda path, key: (write_key(path, key), end())
    ),
    "copies": lambda patch, end: patch.setattr(project_files, "copies", end),
    "models": lambda patch, end: patch.setattr(project_files, "models", end),
    "pack": lambda patch, end: patch.setattr(Database, "pack", end),
}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("step", STEPS)
def test_killed_it_is_whole_before_or_after(project: Project, tmp_path: Path, step: str) -> None:
    before, plan = dump(project.folder), plan_of(project, REGISTER)
    child = os.fork()
    if not child:
        with pytest.MonkeyPatch.context() as patch:
            STEPS[step](patch, lambda *_given: os.kill(os.getpid(), signal.SIGKILL))
            pseudonymise(project, plan, BLANK, tmp_path / "nøkkel.json", by="root")
        os._exit(0)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
    project = Project.open(project.folder)
    sound(project)
    if step in ("key", "commit"):
        assert dump(project.folder) == before
        key = read_key(tmp_path / "nøkkel.json") if step == "commit" else BLANK
        pseudonymise(project, plan_of(project, REGISTER), key, tmp_path / "nøkkel.json", by="root")
    assert traces(NEEDLES, project.folder) == {}
    restore(project, read_key(tmp_path / "nøkkel.json"), by="root")
    assert without_log_lines(dump(project.folder)) == before


def test_a_page_from_before_decides_nothing_in_the_new_words(project: Project, tmp_path: Path) -> None:
    seen = file_mark(project)
    check_mark(project, seen)
    pseudonymise(project, plan_of(project, REGISTER), BLANK, tmp_path / "nøkkel.json", by="root")
    with pytest.raises(ReplacedError):
        check_mark(project, seen)
    seen = file_mark(project)
    restore(project, read_key(tmp_path / "nøkkel.json"), by="root")
    with pytest.raises(ReplacedError):
        check_mark(project, seen)


def test_what_is_left_as_it_is_has_no_words() -> None:
    columns = set(re.findall(r"(\w+) TEXT", "".join(TABLES)))
    assert columns - AS_THEY_ARE == {
        *(
            "name",
            "value",
            "office",
            "file",
            "text",
            "about",
            "speaker",
            "yaml",
            "code",
            "changes",
            "shown",
            "codebook",
        ),
        *("evidence", "probabilities", "key", "data", "rows", "levels"),
        *("path", "fingerprint"),  # of a recording, which `Rewording` leaves and `--check` searches
    }
