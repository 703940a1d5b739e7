"""Times each screen and each kind of click of the review page, alone and while a report of the whole project is made.

`make bench-review` writes what it finds beside the other times of `benchmarks/review.py`. A time is that from a request to its
whole answer: what was decided is on disk then.
"""

import json
import random
import re
import statistics
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Self

from autokode.corpus.codebook_tree import code_mark
from autokode.corpus.coding import Coding, Segment
from autokode.project import Project
from autokode.project.store.code_usage import codings_of
from autokode.project.store.names_plan import list_beside, texts_in
from autokode.pseudonym.kinds import Kind
from autokode.pseudonym.names_list import read_names_list
from names_case import put_list  # the tests' own
from review_case import Address

AGAIN = 7
"""How often each is asked; the first is not counted, since what a screen needs is read then."""
NAMES = 200
"""How many entries the list of names has."""
SCREENS = {
    "overview": "",
    "interviews": "interviews",
    "about an interview": "interviews/{one}",
    "an interview": "interview/{next}",
    "what to read next": "next?json=1",
    "codebook": "codebook",
    "suggestions, filtered": "list?code=makt&state=undecided",
    "what is missing": "missed",
    "memos": "memos",
    "names": "names",
    "coders": "coders",
    "agreement": "agreement",
    "report": "report",
    "import": "import",
    "settings": "settings",
    "removal of an interview": "interviews/{one}/remove",
    "help": "guide",
}
WORDS = {
    "text": "stole på",
    "way": "words",
    "speaker": "",
    "office": "",
    "code": "",
    "role": "",
    "decided": "",
    "interview": 0,
}
REPORT = {"kinds": [".docx", ".html", ".xlsx"], "as_is": True, "reach": "", "groups": ""}

Click = tuple[str, dict[str, Any]]
"""A POST address and its body."""


class Asker:
    """Sends requests to a page as a browser does, and times them."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self.origin = "/".join(address.split("/")[:3])

    def get(self, path: str) -> str:
        return self._sent(urllib.request.Request(self.address + path))  # noqa: S310 - the server just started

    def search(self, body: dict[str, Any]) -> str:
        """Ask for a search, and for the page to which the answer leads: the search is made there."""
        found = self.post("search/find", body)["go"]
        return self._sent(urllib.request.Request(self.origin + found))  # noqa: S310 - the same

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        about = {"Content-Type": "application/json", "Origin": self.origin}
        data = json.dumps(body).encode("utf-8")
        sent = self._sent(urllib.request.Request(self.address + path, data=data, headers=about))  # noqa: S310 - the same
        return dict(json.loads(sent))

    def _sent(self, request: urllib.request.Request) -> str:
        request.add_header("Cookie", self.address.cookie)
        try:
            with urllib.request.urlopen(request) as answer:  # noqa: S310 - the same
                return str(answer.read().decode("utf-8"))
        except urllib.error.HTTPError as error:
            raise ValueError(f"{request.full_url}: {error.read().decode('utf-8')}") from error


def milliseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - started)


def code_a_third(project: Project) -> None:
    """Give a code drawn at random to a third of the answers, as Anne's, so that a report has much to show."""
    chance = random.Random(1)  # noqa: S311 - no secret
    codes, codings = project.codebook.codable, []
    for source in project.sources:
        transcript = project.transcript(source.name)
        for number in transcript.answers[::3]:
            one = transcript.utterances[number]
            segment = Segment(source.name, one.start, one.end, one.text)
            codings.append(Coding(segment, chance.choice(codes), "Anne"))
    project.add_codings(codings)


def timed(project: Project, address: Address) -> dict[str, dict[str, float]]:
    """The median milliseconds of each screen and each click, `alone` and while reports are made (`report`)."""
    list_names(project)
    ask = Asker(address)
    found = {"alone": {**screens(ask), **clicks(ask, project)}}
    with Reporting(address) as reporting:
        found["report"] = {**screens(ask), **clicks(ask, project)}
    print(f"{reporting.made} reports were made meanwhile", flush=True)
    return found


def screens(ask: Asker, interview: int = 5) -> dict[str, float]:
    """The median time of each screen, of an interview's and the next one's, and of a search with what it finds."""
    numbered = {name: path.format(one=interview, next=interview + 1) for name, path in SCREENS.items()}
    asked: dict[str, Callable[[], str]] = {name: partial(ask.get, path) for name, path in numbered.items()}
    asked["a search, with what it finds"] = partial(ask.search, WORDS)
    return {name: statistics.median([milliseconds(one) for _time in range(AGAIN)][1:]) for name, one in asked.items()}


def clicks(ask: Asker, project: Project, interview: int = 5) -> dict[str, float]:
    """The median time of each kind of click, in an interview and the fifth after it; the project is edited."""
    took: dict[str, list[float]] = {}
    for again in range(AGAIN):
        for name, (path, body) in _kinds(project, again, interview):
            took.setdefault(name, []).append(milliseconds(partial(ask.post, path, body)))
    return {name: statistics.median(times[1:]) for name, times in took.items()}


def _kinds(project: Project, again: int, interview: int) -> Iterator[tuple[str, Click]]:
    """One click of each kind; those of the codebook lead back to where they began."""
    new, other = f"ny kode {again}", f"ny kode {again} igjen"
    later = interview + 5
    text = project.transcript(next(one.name for one in project.sources if one.id == later))
    one = text.utterances[text.answers[again]]
    yield "code given to a selection", (f"code/{later}", {"start": one.start, "end": one.end, "code": "makt"})
    yield "good quote", (f"coding/{codings_of(project, 'makt', most=1)[0].id}", {"said": "good"})
    yield "utterance read", (f"read/{later}/{text.answers[again]}", {"read": True})
    yield "memo", ("memo", {"about": "code/makt", "text": f"notat {again}"})
    yield "undo", ("undo", {})
    yield "redo", ("redo", {})
    yield "code made", ("codebook/make", {"name": new, "above": ""})
    yield "code renamed", ("codebook/rename", _code(project, new, name=other))
    yield "code moved", ("codebook/move", _code(project, other, above="", before=project.codebook.codes[0].name))
    yield "code changed", ("codebook/change", _code(project, other, definition="Det som blir sagt."))
    yield "codes merged", ("codebook/merge", _code(project, other, into="makt"))
    yield "merging undone", ("undo", {})
    yield "code deleted", ("codebook/delete", _code(project, other, into="", count=0))
    source = next(one for one in project.sources if one.id == interview)
    yield "interview renamed", (f"interviews/{interview}/name", {"name": f"samtale {again}", "saw": source.name})
    yield "group changed", (f"interviews/{interview}/office", {"office": f"Gruppe {again}", "saw": source.office})
    listed = read_names_list(list_beside(project.folder))
    head = listed.heads[again % len(listed.heads)]
    yield "a name kept", (f"names/{head.number}", {"said": "keep", "seen": head.seen})


def _code(project: Project, code: str, **body: object) -> dict[str, Any]:
    return {"code": code, "mark": code_mark(project.codebook, code), **body}


def list_names(project: Project) -> None:
    """Put a list of the words beside the project that are names by their first letter, as if a search had found them."""
    words = Counter(
        word for text in texts_in(project).values() for word in re.findall(r"(?<=[a-zæøå] )[A-ZÆØÅ]\w+", text)
    )
    most = [word for word, _count in words.most_common(NAMES)]
    put_list(project, tuple((Kind.PERSON, (word,), f"{word}sen", 0.9) for word in most))


class Reporting(threading.Thread):
    """Makes reports of the whole project on the page, one after the other, until the block ends.

    Raises:
        ValueError: at the end of the block, if one could not be made: what was timed meanwhile was timed without it.
    """

    def __init__(self, address: Address) -> None:
        super().__init__()
        self.ask, self.ends, self.made, self.failed = Asker(address), threading.Event(), 0, False

    def __enter__(self) -> Self:
        self.ask.post("report/report", REPORT)
        self.start()
        return self

    def __exit__(self, *_what: object) -> None:
        self.ends.set()
        self.join()
        if self.failed:
            raise ValueError("a report was not made")

    def run(self) -> None:
        while not (self.failed or self.ends.wait(0.5)):
            page = self.ask.get("report")
            if "data-errand=" in page:  # while it is made
                continue
            self.failed = "panel failed" in page
            self.made += 1
            self.ask.post("report/report", REPORT)
