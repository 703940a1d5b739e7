"""A language model as teacher of a project: its codes are nobody's, what it saw is told, and what was kept of it can go."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autokode import read_study
from autokode.base.messages import reading_in
from autokode.cli import run
from autokode.project import Project
from autokode.project.store.round_rows import round_shown
from autokode.project.store.teachers import teachers_asked
from autokode.report.methods import methods_of
from autokode.report.methods_text import paragraphs
from autokode.report.training_manifest import manifest, repeat
from autokode.review.session import Session
from conftest import ROOT
from review_case import CODED, OPEN, client_of, copied, get, made_project, shown
from teacher_case import chat, served

NAME = "stubb:1b (127.0.0.1)"
LOCAL = "og ikke sender noe ut"


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_project(tmp_path_factory.mktemp("teacher") / "prosjekt").folder


@pytest.fixture
def project(pattern: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv("AUTOKODE_CACHE", str(tmp_path / "cache"))
    return copied(pattern, tmp_path / "prosjekt")


@pytest.fixture(scope="module")
def knows() -> Callable[[dict[str, Any]], bytes]:
    """The answers of a model that knows all codings of the three interviews."""
    examples = read_study(ROOT / "training_data", names={*CODED, OPEN}).examples()
    codes = {text: list(own) for text, own in zip(examples.texts, examples.codes, strict=True)}
    return lambda request: chat(codes.get(json.loads(request["messages"][1]["content"])["answer"], []))


def learn(project: Project, address: str, *more: str) -> int:
    words = ["learn", "--project", str(project.folder), "--teacher", address, "--teacher-model", "stubb:1b", *more]
    return run(words)


def methods(project: Project, code: str = "nb") -> str:
    return "\n".join(paragraphs(methods_of(project), code))


def test_its_codes_are_never_codings_and_all_is_told(
    project: Project, knows: Callable[[dict[str, Any]], bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    codings, coders = project.codings("Anne"), [coder.name for coder in project.coders]
    with served(knows) as server:
        assert learn(project, server.address) == 0
        out = capsys.readouterr().out
        assert f"Læreren «{NAME}» ble først målt på" in out and "er det uten læreren" in out
        asked = len(server.requests)
        first = shown(project)
        assert learn(project, server.address) == 0
        assert len(server.requests) == asked  # all of it was kept
    assert shown(project) == first
    assert project.codings("Anne") == codings and [coder.name for coder in project.coders] == coders
    anne = project.coder("Anne")
    row = round_shown(project, anne)
    assert row is not None and row.about["teacher"] == NAME and teachers_asked(project) == (NAME,)

    said = methods(project)
    assert f"Læreren «{NAME}» ble først målt på" in said and LOCAL not in said
    assert f"ble vist til «{NAME}»" in said and "ingen koding her er derfra" in said
    with reading_in("en"):
        assert f"were shown to «{NAME}»" in methods(project, "en") and "sends nothing out" not in methods(project, "en")

    given = manifest(project)
    assert given["rounds"][0]["teacher"] == NAME
    (again,) = repeat(project, given)
    assert not again.same and f"læreren «{NAME}», som ikke spørres på nytt" in again.differs

    assert run(["learn", "--project", str(project.folder)]) == 0  # as the page does
    row = round_shown(project, anne)
    assert row is not None and row.about["teacher"] == ""
    assert LOCAL not in methods(project) and f"ble vist til «{NAME}»" in methods(project)


def test_without_a_teacher_nothing_is_asked_or_told(project: Project) -> None:
    assert run(["learn", "--project", str(project.folder)]) == 0
    assert teachers_asked(project) == () and LOCAL in methods(project)


def test_a_teacher_that_fails_leaves_the_suggestions_and_is_told_of(
    project: Project, knows: Callable[[dict[str, Any]], bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    before, answered = shown(project), iter(range(10**6))
    said = {text for name in (*CODED, OPEN) for text in [one.text for one in project.transcript(name).utterances]}

    def dies(request: dict[str, Any]) -> bytes:
        return knows(request) if next(answered) < 20 else b" " * 2_000_000

    with served(dies) as server:
        assert learn(project, server.address) == 2
        seen = len(server.requests)
    told = "".join(capsys.readouterr())
    assert "svarte med over" in told and not any(text in told for text in said if len(text) > 20)
    assert shown(project) == before
    assert teachers_asked(project) == (NAME,) and LOCAL not in methods(project)  # it saw something all the same
    with served(knows) as server:
        port = server.address
        assert learn(project, port) == 0
    assert seen == 21


def test_what_was_kept_of_its_answers_goes_with_an_interview(
    project: Project, knows: Callable[[dict[str, Any]], bytes], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with served(knows) as server:
        assert learn(project, server.address) == 0
    kept = tmp_path / "cache" / "teachers"
    assert list(kept.rglob("*.json"))
    capsys.readouterr()
    assert run(["remove", "kontor_a", "--project", str(project.folder), "--yes"]) == 0
    assert str(kept) in capsys.readouterr().out
    assert not kept.exists()


def test_the_page_tells_that_a_teacher_was_used(project: Project, knows: Callable[[dict[str, Any]], bytes]) -> None:
    with served(knows) as server:
        assert learn(project, server.address) == 0
    _status, page = get(client_of(Session(project, project.coder("Anne"))), "")
    assert f"og av koder fra læreren «{NAME}»" in page


@pytest.fixture
def words(project: Project) -> Iterator[list[str]]:
    yield ["learn", "--project", str(project.folder)]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--teacher", "http://localhost:1/v1"], "trenger både --teacher og --teacher-model"),
        (["--teacher-model", "x"], "trenger både --teacher og --teacher-model"),
        (["--allow-host", "gpu"], "trenger både --teacher og --teacher-model"),
        (["--teacher", "http://gpu:1/v1", "--teacher-model", "x"], "gpu er ikke denne maskinen"),
        (["--teacher", "http://gpu:1/v1", "--teacher-model", "x", "--allow-host", "cpu"], "gpu er ikke denne maskinen"),
        (["--teacher", "http://localhost:1", "--teacher-model", "x", "--model", "nav-nb"], "ta bort --model"),
    ],
)
def test_options_that_do_not_fit_are_errors_before_anything_is_learnt(
    words: list[str], more: list[str], message: str, project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    before = shown(project)
    assert run([*words, *more]) == 2
    assert message in "".join(capsys.readouterr())
    assert shown(project) == before and teachers_asked(project) == ()
