"""The projects and clients that the tests of the page share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from autokode.project import Project
from autokode.review.session import Session
from review_case import client_of, copied, made_project, taught_project


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_project(tmp_path_factory.mktemp("project") / "prosjekt").folder


@pytest.fixture(scope="session")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return taught_project(tmp_path_factory.mktemp("taught") / "prosjekt").folder


@pytest.fixture
def project(made: Path, tmp_path: Path) -> Project:
    """Three interviews, the third with suggestions made by hand."""
    return copied(made, tmp_path / "prosjekt")


@pytest.fixture
def client(project: Project) -> FlaskClient:
    """Anne's page, which learns nothing: learning has tests of its own."""
    session = Session(project, project.coder("Anne"))
    session.learner.nudge = lambda **_options: False  # type: ignore[method-assign]
    return client_of(session)


@pytest.fixture
def dialled(taught: Path, tmp_path: Path) -> Iterator[tuple[FlaskClient, Project, Session]]:
    """Anne's page with suggestions that a model learnt; it learns anew only where a test asks for it."""
    project = copied(taught, tmp_path / "lært")
    session = Session(project, project.coder("Anne"))
    session.learner.nudge_soon = lambda: None  # type: ignore[method-assign]
    yield client_of(session), project, session
    session.learner.stop()
