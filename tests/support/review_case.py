"""A small project to review, made once, and a server that shows it as a user starts one."""

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from autokode import read_study
from autokode.project import Project
from autokode.project.active_learning.evidence import explain
from autokode.project.active_learning.training_round import learn
from autokode.project.store.database import now
from conftest import ROOT

CODED, OPEN = ("kontor_a", "kontor_b"), "kontor_c"


def made_project(folder: Path) -> Project:
    """Return a project of three example interviews, two of them coded by Anne; the third has made-up suggestions."""
    study = read_study(ROOT / "training_data", names={*CODED, OPEN})
    project = Project.create(folder, study.codebook)
    for name, transcript in study.transcripts.items():
        project.add(transcript, office=study.groups[name], file=next((ROOT / "training_data").glob(f"{name}.*")))
    project.add_codings([replace(c, coder="Anne") for c in study.codings if c.segment.transcript in CODED])
    suggest_by_hand(project)
    return project


def taught_project(folder: Path) -> Project:
    """Return the same project with suggestions that a model learnt, all with their words."""
    project = made_project(folder)
    learn(project, project.coder("Anne"))
    explain(project, project.coder("Anne"))
    return project


def shown(project: Project, coder: str = "Anne") -> set[tuple[int, int, str, float]]:
    """Return (transcript, utterance, code, probability) of what is suggested to a coder now."""
    with project.database.reading() as connection:
        rows = connection.execute(
            "SELECT transcript, utterance, code, probability FROM suggestion JOIN coder ON coder.round = suggestion.round "
            "WHERE name = ?",
            (coder,),
        )
        return {tuple(row) for row in rows}


def suggest_by_hand(project: Project, name: str = OPEN, coder: str = "Anne") -> None:
    """Write a round of suggestions: makt (0.8) and språk (0.4) for every answer of an interview."""
    who = project.coder(coder)
    source = project.source(name)
    transcript = project.transcript(name)
    about = {"codes": ["makt", "språk"], "order": [], "news": {}, "learnt_from": 0, "suggestions": 0}
    with project.database.writing() as connection:
        decision = connection.execute("SELECT max(id) FROM decision").fetchone()[0] or 0
        number = connection.execute(
            "INSERT INTO round (coder, model, codebook, began, ended, decision, about) VALUES (?, 'prøve', '', ?, ?, ?, ?)",
            (who.id, now(), now(), decision, json.dumps(about)),
        ).lastrowid
        for index in transcript.answers:
            one = transcript.utterances[index]
            words = [[one.start + m.start(), one.start + m.end(), 1.0, m[0]] for m in re.finditer(r"\w+", one.text)][:2]
            shown = json.dumps({"words": words, "question": 0.0})
            for code, probability in (("makt", 0.8), ("språk", 0.4)):
                place = (number, source.id, index, code, one.start, one.end, one.start, one.end, probability, shown)
                connection.execute(
                    "INSERT INTO suggestion (round, transcript, utterance, code, start, end, part_start, part_end, probability, "
                    "evidence) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    place,
                )
        connection.execute("UPDATE coder SET round = ? WHERE id = ?", (number, who.id))


@contextlib.contextmanager
def serving(folder: Path, *options: str) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """Start `autokode review` as a user would; gives the address it writes, and the process."""
    command = [sys.executable, "-m", "autokode", "review", "--project", str(folder), "--no-browser", *options]
    environment = {**os.environ, "AUTOKODE_LANG": "nb"}
    process = subprocess.Popen(  # noqa: S603 - our own interpreter
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", env=environment
    )
    try:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if line.startswith("http://"):
                yield line.strip(), process
                return
        _out, err = process.communicate()
        raise AssertionError(f"no address: {lines} {err}")
    finally:
        ended = process.poll()
        process.terminate()
        _out, err = process.communicate()
        if ended is not None:  # by itself, or by a test that kills it; pytest shows this of a test that fails
            sys.stderr.write(f"the server had ended with {ended}: {err}")
        assert "Traceback" not in err, err


def copied(folder: Path, to: Path) -> Project:
    """Return a copy of a project, to be changed."""
    shutil.copytree(folder, to, dirs_exist_ok=True)
    return Project.open(to)
