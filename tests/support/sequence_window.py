"""A browser's window: it shows what the server sent, knows nothing else, and asks what the page's script would ask."""

import html
import json
import re
from dataclasses import dataclass, field
from typing import Any

from flask.testing import FlaskClient

from autokode.review.guard import SEEN
from autokode.review.repeats import ONCE
from review_case import HOST, ORIGIN, TOKEN
from sequence_state import must

_ATTRIBUTE = re.compile(r'\b(data-[a-z-]+)="([^"]*)"')


@dataclass
class Item:
    """A coding or a suggestion as a window shows it."""

    id: int
    code: str
    start: int
    end: int
    memo: str = ""
    good: bool = False

    @property
    def saw(self) -> list[Any]:
        return [self.start, self.end, self.code]


@dataclass
class Turn:
    """An utterance as a window shows it."""

    number: int
    start: int
    end: int
    asks: bool
    read: bool
    memo: str
    codings: list[Item] = field(default_factory=list)
    cards: list[Item] = field(default_factory=list)
    rejected: list[tuple[int, str]] = field(default_factory=list)


@dataclass
class Answer:
    """What the server said: its status, and the JSON if it was JSON."""

    status: int
    said: dict[str, Any]

    @property
    def taken(self) -> bool:
        return self.status == 200


class Window:
    """One window of one coder's page, at one interview.

    Attributes:
        seen: the mark of the file's state that the page shows.
        stopped: whether the page was told that the file was replaced, and sends nothing until it is loaded again.
    """

    def __init__(self, client: FlaskClient, coder: str, name: str) -> None:
        self.client, self.coder, self.name = client, coder, name
        self.transcript = 0
        self.turns: dict[int, Turn] = {}
        self.seen, self.decision, self.round = "", 0, 0
        self.memo = ""
        self.codes: list[str] = []
        self.stopped = False
        self.skip = 0
        self.last: tuple[str, dict[str, Any], str] | None = None
        self._sent = 0

    def page(self, path: str) -> tuple[int, str]:
        """Open a page; every answer is checked for what no answer may be or hold."""
        answer = self.client.get(f"/{TOKEN}/{path}", buffered=True, base_url=f"http://{HOST}")
        text = answer.get_data(as_text=True)
        self._checked(answer, path)
        return answer.status_code, text

    def load(self, transcript: int) -> int:
        """Open an interview's page, and show it if there is one."""
        status, text = self.page(f"interview/{transcript}")
        if status != 200:
            return status
        self.transcript, self.stopped = transcript, False
        body = dict(_ATTRIBUTE.findall(text[text.index("<body") : text.index(">", text.index("<body"))]))
        self.seen, self.decision, self.round = (
            html.unescape(body["data-seen"]),
            int(body["data-decision"]),
            int(body["data-round"]),
        )
        interview = re.search(r'data-do="interview-memo"[^>]*data-memo="([^"]*)"', text)
        self.memo = html.unescape(interview[1]) if interview else ""
        self.codes = [
            html.unescape(code)
            for code in dict.fromkeys(re.findall(r'<li role="option"[^>]*data-code="([^"]*)"', text))
        ]
        self.turns = {}
        self._show(text)
        return status

    def ask(self, path: str) -> Answer:
        """Ask for JSON as the page's script does."""
        headers = {SEEN: self.seen}
        answer = self.client.get(f"/{TOKEN}/{path}", buffered=True, base_url=f"http://{HOST}", headers=headers)
        return self._heard(answer, path)

    def send(self, path: str, body: dict[str, Any]) -> Answer:
        """Send a decision as the page's script does."""
        self._sent += 1
        self.last = (path, body, f"{self.name}-{self._sent}")
        return self.send_again()

    def send_again(self) -> Answer:
        """Send the last decision, with the number that it had."""
        assert self.last is not None
        path, body, number = self.last
        return self._heard(
            self.client.post(
                f"/{TOKEN}/{path}",
                base_url=f"http://{HOST}",
                json={"transcript": self.transcript, "wanted": {}, **body},
                headers={**ORIGIN, SEEN: self.seen, ONCE: number},
                buffered=True,
            ),
            path,
        )

    def _heard(self, answer: Any, path: str) -> Answer:
        self._checked(answer, path)
        said = answer.get_json(silent=True)
        must(isinstance(said, dict), "every answer to the page is JSON", (path, answer.status_code))
        must(answer.status_code == 200 or said.get("error"), "what is refused is said", (path, said))
        if said.get("replaced"):
            self.stopped = True
        if answer.status_code == 200:
            self.seen = said.get("state", {}).get("seen", self.seen)
            for text in (said.get("turns") or {}).values():
                self._show(text)
        return Answer(answer.status_code, said)

    def _checked(self, answer: Any, path: str) -> None:
        must(answer.status_code < 500, "no answer is a fault of the server's", (path, answer.status_code))
        must("no-store" in answer.headers.get("Cache-Control", ""), "no browser keeps an answer", path)

    def _show(self, text: str) -> None:
        for piece in text.split("<article ")[1:]:
            turn = _turn(piece.partition("</article>")[0])
            if turn is not None:
                self.turns[turn.number] = turn

    @property
    def known(self) -> dict[int, str]:
        """Number → time of the last decision that the file had, as the window was told."""
        found = re.search(r"\bdecision (\d+) ([^;]+)", self.seen)
        return {int(found[1]): found[2]} if found else {}

    @property
    def answers(self) -> list[Turn]:
        return [turn for turn in self.turns.values() if not turn.asks]

    @property
    def codings(self) -> list[Item]:
        """Every coding shown, once."""
        return list({one.id: one for turn in self.turns.values() for one in turn.codings}.values())

    @property
    def cards(self) -> list[tuple[Turn, Item]]:
        return [(turn, card) for turn in self.turns.values() for card in turn.cards]


def _turn(text: str) -> Turn | None:
    head = dict(_ATTRIBUTE.findall(text.partition(">")[0]))
    if "data-number" not in head:
        return None
    kind = re.search(r'class="turn ([^"]*)"', text)
    words = kind[1].split() if kind else []
    memo = re.search(r'data-do="turn-memo" data-memo="([^"]*)"', text)
    turn = Turn(
        int(head["data-number"]),
        int(head["data-start"]),
        int(head["data-end"]),
        "asks" in words,
        "read" in words,
        html.unescape(memo[1]) if memo else "",
    )
    for tag in re.findall(r'<div role="group" class="item [^>]*>', text):
        given = {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(tag)}
        place = (given["data-code"], int(given["data-start"]), int(given["data-end"]))
        if "data-coding" in given:
            turn.codings.append(Item(int(given["data-coding"]), *place, memo=given["data-memo"]))
        else:
            turn.cards.append(Item(int(given["data-suggestion"]), *place))
    after_all = r'data-do="accept-after-all" data-suggestion="(\d+)" data-said="(\w+)"'
    turn.rejected = [(int(number), said) for number, said in re.findall(after_all, text)]
    return turn


def written(said: object) -> str:
    """An answer in few words, for a message."""
    return json.dumps(said, ensure_ascii=False)[:400]
