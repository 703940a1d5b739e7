"""Times the review page: `make bench-review` writes benchmarks/results/review.json and the table of docs/review.md.

Projects are made of utterances of the example interviews, put together at random; suggestions are made up, so that there are as
many as are wanted. What is measured: the time to the first page, to an interview, and of a decision (posted, on disk,
answered), and the server's memory beyond that of a process that only imports what it imports.
"""

import json
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from playwright.sync_api import sync_playwright

from autokode import Transcript, read_study
from autokode.corpus.utterance import INTERVIEWER, Utterance
from autokode.project import Project
from autokode.project.active_learning.similarity import keep_vectors
from autokode.project.store.decision_log import now
from benchmarks import RESULTS, ROOT
from benchmarks.generated import fill, table
from benchmarks.review_clicks import Asker, code_a_third, milliseconds, timed
from review_case import Address, let_in, serving  # the tests' own way to start it

OUT, PAGE = RESULTS / "review.json", ROOT / "docs" / "review.md"
SIZES = {"28 × 400": (28, 400, 5000), "250 × 400": (250, 400, 60000)}
DECISIONS = 100
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PRESSED = """async () => {
  document.querySelector(".card").focus();
  const started = performance.now();
  const turns = document.querySelector("#turns");
  const seen = new Promise((done) => new MutationObserver(done).observe(turns, {childList: true}));
  document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key: "a", bubbles: true}));
  await seen;
  await new Promise(requestAnimationFrame);
  return performance.now() - started;
}"""
LIBRARIES = "flask, waitress, filelock, numpy, rapidfuzz, ruamel.yaml, faker.providers, sqlite3"


def main() -> None:
    found = {name: measured(*size) for name, size in SIZES.items()}
    each = clicked(*SIZES["28 × 400"])
    OUT.write_text(json.dumps({**found, "clicks": each}, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    fill(PAGE, {"speed": as_table(found), "clicks": clicks_table(each)})
    print(as_table(found), clicks_table(each), sep="\n\n")


def clicked(interviews: int, turns: int, suggestions: int) -> dict[str, dict[str, float]]:
    """The time of each screen and click (`review_clicks.timed`) in a project that is coded by a third."""
    with tempfile.TemporaryDirectory() as place:
        project = made(Path(place) / "prosjekt", interviews, turns, suggestions)
        code_a_third(project)
        with serving(project.folder, "--coder", "Anne") as (address, _process):
            return timed(project, address)


def clicks_table(found: dict[str, dict[str, float]]) -> str:
    lines = [(what, *(f"{one[what]:.0f}" for one in found.values())) for what in found["alone"]]
    return table(("what, in 28 × 400 utterances", "alone (ms)", "while a report is made (ms)"), lines)


def as_table(found: dict[str, dict[str, float]]) -> str:
    rows = {
        "start": "from the command to its address (s)",
        "overview": "the overview (s)",
        "interview_first": "an interview, the first time (s)",
        "interview": "an interview, later (s)",
        "list": "the list, filtered by a code (s)",
        "next": "what to read next (s)",
        "missed": "what is missing (s)",
        "decision": "a decision, median (ms)",
        "decision_slowest": f"the slowest of {DECISIONS} (ms)",
        "screen": "a decision in a browser, from the key to the new page, median (ms)",
        "memory": "memory beyond the libraries (MB)",
    }
    lines = [(text, *(f"{one[key]:g}" for one in found.values())) for key, text in rows.items()]
    return table(("what", *(f"{name} utterances" for name in found)), lines)


def measured(interviews: int, turns: int, suggestions: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as place:
        project = made(Path(place) / "prosjekt", interviews, turns, suggestions)
        started = time.perf_counter()
        with serving(project.folder, "--coder", "Anne") as (address, process):
            found, ask = {"start": time.perf_counter() - started}, Asker(address)
            for name, path in (
                ("overview", ""),
                ("interview_first", "interview/5"),
                ("interview", "interview/6"),
                ("list", "list?code=makt&state=undecided"),
                ("next", "next?json=1"),
                ("missed", "missed"),
            ):
                found[name] = milliseconds(partial(ask.get, path)) / 1000
            cards = re.findall(r'data-suggestion="(\d+)"', ask.get("interview/7"))[:DECISIONS]
            took = [milliseconds(partial(ask.post, f"suggestion/{card}", {"said": "accept"})) for card in cards]
            found["decision"], found["decision_slowest"] = statistics.median(took), max(took)
            found["screen"] = on_screen(address, "interview/8")
            found["memory"] = memory(process.pid) - libraries()
    return {name: round(value, 3 if value < 10 else 1) for name, value in found.items()}


def made(folder: Path, interviews: int, turns: int, suggestions: int) -> Project:
    study = read_study(ROOT / "training_data")
    said = [utterance.text for transcript in study.transcripts.values() for utterance in transcript.utterances]
    chance = random.Random(0)  # noqa: S311 - no secret
    project = Project.create(folder, study.codebook)
    for number in range(interviews):
        text, utterances = "", []
        for index in range(turns):
            speaker, own = ("I", "Hva tenker dere om det?") if index % 4 == 0 else ("Kari", chance.choice(said))
            start = len(text) + len(speaker) + 2
            role = INTERVIEWER if speaker == "I" else "informant"
            question = None if speaker == "I" else index - index % 4
            utterances.append(Utterance(speaker, start, start + len(own), own, role, question=question))
            text += f"{speaker}: {own}\n"
        project.add(Transcript(f"intervju_{number:03d}", text, tuple(utterances)), office=f"Kontor {number % 5}")
    keep_vectors(project, "nb")
    suggest(project, suggestions, chance)
    return project


def suggest(project: Project, suggestions: int, chance: random.Random) -> None:
    who, codes = project.coder("Anne"), project.codebook.codable
    with project.database.writing() as connection:
        answers = connection.execute(
            "SELECT transcript, number, start, end FROM utterance WHERE role != 'interviewer'"
        ).fetchall()
        about = {"codes": list(codes), "order": [], "news": {}, "learnt_from": 100, "suggestions": suggestions}
        connection.execute(
            "INSERT INTO round (id, coder, model, codebook, began, ended, decision, about) VALUES (1, ?, '', '', ?, ?, 0, ?)",
            (who.id, now(), now(), json.dumps(about)),
        )
        for row in answers:
            shown = {"words": [[row["start"], row["start"] + 3, 1.0, "ord"]], "question": 0.0}
            for code in chance.sample(codes, chance.choice((0, 1)) if suggestions < len(answers) else 1):
                place = (
                    1,
                    row["transcript"],
                    row["number"],
                    code,
                    *[row["start"], row["end"]] * 2,
                    0.5,
                    json.dumps(shown),
                )
                connection.execute(
                    "INSERT INTO suggestion (round, transcript, utterance, code, start, end, part_start, part_end, probability, "
                    "evidence) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    place,
                )
        connection.execute("DELETE FROM suggestion WHERE id > ?", (suggestions,))
        connection.execute("UPDATE coder SET round = 1 WHERE id = ?", (who.id,))
        transcripts = connection.execute("SELECT transcript, count(*) FROM utterance GROUP BY 1").fetchall()
        for transcript, count in transcripts:
            connection.execute("INSERT INTO likely VALUES (1, ?, ?)", (transcript, bytes(2 * len(codes) * count)))


def on_screen(address: Address, path: str) -> float:
    """The milliseconds from pressing «a» until the page shows the coding, median of twenty, in Chromium."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        page = browser.new_page()
        let_in(page.context, address)
        page.goto(address + path)
        took = [page.evaluate(PRESSED) for _ in range(20)]
        browser.close()
    return statistics.median(took)


def memory(process: int) -> float:
    """A process's resident memory in MB."""
    return int(re.findall(r"VmRSS:\s+(\d+)", Path(f"/proc/{process}/status").read_text(encoding="utf-8"))[0]) / 1024


def libraries() -> float:
    """The memory of a process that imports the server's libraries and does nothing."""
    script = f"import {LIBRARIES}\nprint(flush=True)\ninput()"
    process = subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None  # noqa: S101 - it is a pipe
    process.stdout.readline()
    found = memory(process.pid)
    process.communicate("\n")
    return found


if __name__ == "__main__":
    main()
