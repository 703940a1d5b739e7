"""A small project to decide about, for several rooms' tests."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from autokode import Codebook
from autokode.corpus.transcript import Transcript
from autokode.corpus.utterance import Utterance
from autokode.project import Project
from review_case import suggest_by_hand

TURNS = 4


def small(folder: Path) -> Project:
    """A project of one invented interview, with two suggestions for every utterance."""
    said = [f"Ytring {i} om penger og å snakke 😀." for i in range(TURNS)]
    text, utterances = "", []
    for one in said:
        utterances.append(Utterance("Kari", len(text), len(text) + len(one), one, "informant"))
        text += one + "\r\n"
    project = Project.create(folder, Codebook.from_yaml("koder:\n  - navn: makt\n  - navn: språk\n"))
    project.add(Transcript("møte", text, tuple(utterances)))
    suggest_by_hand(project, "møte")
    return project


@contextlib.contextmanager
def older_file(project: Project) -> Iterator[sqlite3.Connection]:
    """Give a connection to a project's file without what older formats lack: the words' index, recordings and variables."""
    with contextlib.closing(sqlite3.connect(project.database.path)) as connection, connection:
        connection.row_factory = sqlite3.Row
        for name in ("added", "gone", "changed"):
            connection.execute(f"DROP TRIGGER said_{name}")
        for name in ("said_term", "said", "said_left", "recording", "value", "variable"):
            connection.execute(f"DROP TABLE {name}")
        yield connection
