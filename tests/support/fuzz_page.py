"""Requests to the review page that no page of ours would send, made from the app's own list of addresses and what they read.

The addresses, methods and places in a path come from Flask's `url_map`; the names in a query or a body from what the functions
behind them ask for.
"""

import inspect
import json
import random
import re
import traceback
from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from werkzeug.routing import Rule

from autokode.project.store.decision_log import facts, replayed
from autokode.project.store.filtered_rows import Filter
from autokode.project.store.integrity import Fault, check, leftovers
from autokode.project.store.project_files import MADE
from autokode.review import actions, guard, pages
from autokode.review.session import Session
from counting import NeverEndsError, guarded
from fuzz_case import Calls, Cost, Finding, costly
from fuzz_changes import ODD, changed
from fuzz_exchange import project_at
from review_case import HOST, PORT, client_of

CHECKED, ANEW = 200, 2000
"""Requests after which the project is looked through, and after which it is put back as it was."""

ASKED = tuple(
    {
        *re.findall(
            r'(?:args|body|form)\.get\("(\w+)"',
            inspect.getsource(pages) + inspect.getsource(actions) + inspect.getsource(guard),
        ),
        *re.findall(r'_text\(body, "(\w+)"', inspect.getsource(actions)),
        *actions.SETTINGS,
        *(field.name for field in fields(Filter)),
    }
)
"""Every name that an address looks for in a query or a body."""
_WORDS = tuple(
    sorted(
        {
            *re.findall(r'said == "(\w+)"', inspect.getsource(actions)),
            "makt",
            "språk",
            "møte",
            "Kari",
            "undecided",
            "wider",
            "narrower",
            "project",
            "coding/1",
            "turn/1/2",
            "code/makt",
            "transcript/1",
            "nb",
            "en",
            "on",
            "off",
            "dark",
        }
    )
)
_VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, 1, 2, 3, -1, 40, 255, 10**6, 2**31, 2**63, 10**30, 1.5, float("nan"), float("inf"), -0.0),
    *(
        "",
        " ",
        "\0",
        "\ud800",
        "æøå",
        "e\u0301" * 50,
        "x" * 3000,
        "<script>",
        "' OR 1=1 --",
        "../../etc/passwd",
        "%00",
        "{{7*7}}",
        "²",
    ),
    *([], [1], [0, 3], [[1, 2]], [1, -5], [10**30, 1], list(range(300)), {}, {"a": 1}, {"makt": True, "språk": None}),
)
_METHODS = ("GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "get", "ODD")
_KINDS = (
    "application/json",
    "application/json; charset=utf-16",
    "text/plain",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "",
    "application/x-www-form-urlencoded",
    "application/json\u00e5",
)
_HEADERS: dict[str, Sequence[str]] = {
    "Host": (HOST, f"localhost:{PORT}", "ond.example", "", "[::1]", "127.0.0.1:99999999", "æ", "a b"),
    "Origin": (f"http://{HOST}", f"http://localhost:{PORT}", "null", "", "æ", "http://" + "a" * 5000),
    "Sec-Fetch-Site": ("same-origin", "none", "cross-site", "", "æ"),
    "Content-Length": ("0", "-1", "99999999999", "x", ""),
    "Range": ("bytes=0-", "bytes=9-1,-5", "bytes=" + ",".join(["0-"] * 500), "x"),
    "If-Modified-Since": ("Sun, 06 Nov 1994 08:49:37 GMT", "x", "9" * 50),
    "If-None-Match": ('W/"a"', '"' * 99, "*"),
    "Cookie": ("a=b", ";" * 999, "session=.eJw"),
    "Accept-Language": ("nb", "*;q=x", "," * 999),
    "Transfer-Encoding": ("chunked", "x"),
    "X-Forwarded-Host": ("ond.example",),
}


def faults_of(folder: Path) -> list[Fault]:
    """The faults of a project, but for what its page made and keeps until somebody takes it."""
    only_made = all(path.name.startswith(MADE) for path in leftovers(folder))
    return [fault for fault in check(folder) if fault.kind != "left" or not only_made]


class Page:
    """A small project and its page, in a folder of its own.

    Args:
        cost: how what a request costs is measured.

    Attributes:
        requests: how many were sent.
        answers: status → how often.
        findings: in short → the first of its kind, with the request.
    """

    def __init__(self, room: Path, cost: Callable[[], Cost] = Calls) -> None:
        self.folder, self._cost = room / "p", cost
        self.requests = 0
        self.answers: dict[int, int] = {}
        self.findings: dict[str, tuple[Finding, bytes]] = {}
        self._begin()

    def _begin(self) -> None:
        project = project_at(self.folder)
        self.project, other = project, project.coder("Per")
        assert other.id == 2
        session = Session(project, project.coder("Anne"))
        session.learner.nudge = lambda **_options: False  # type: ignore[method-assign] - learning has tests of its own
        self.client = client_of(session)
        app = self.client.application
        app.config["PROPAGATE_EXCEPTIONS"] = True
        self.rules = [rule for rule in app.url_map.iter_rules() for _ in range(1 if rule.endpoint == "static" else 4)]

    def sent(self, choose: random.Random) -> None:
        """Send a request drawn by chance."""
        request = _request(choose, choose.choice(self.rules))
        self.requests += 1
        shown = repr(request)[:1500].encode("utf-8", "backslashreplace")
        cost = self._cost()
        try:
            with guarded(), cost:
                answer = self.client.open(buffered=True, **request)
                answer.get_data()
            status = answer.status_code
            assert status < 500, status
            assert "default-src 'none'" in answer.headers.get("Content-Security-Policy", ""), answer.headers
            self.answers[status] = self.answers.get(status, 0) + 1
        except (Exception, NeverEndsError) as error:  # noqa: BLE001 - whatever it is, is what is looked for
            last = traceback.extract_tb(error.__traceback__)[-1]
            self._found(
                f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}",
                traceback.format_exc()[-6000:],
                shown,
            )
        found = costly(cost)
        if found is not None:
            self._found(found.short, found.full, shown)
        if self.requests % CHECKED == 0:
            self.looked_through()
        if self.requests % ANEW == 0:
            self._begin()

    def looked_through(self) -> None:
        """Find whatever is wrong with the project after all that was sent."""
        faults = faults_of(self.folder)
        with self.project.database.reading() as connection:
            same = replayed(connection) == facts(connection)
        if faults or not same:
            self._found("the project is damaged", f"{faults}, {same}", b"")

    def _found(self, short: str, full: str, request: bytes) -> None:
        self.findings.setdefault(short, (Finding(short, full), request))


def _request(choose: random.Random, rule: Rule) -> dict[str, Any]:
    """A request to an address: mostly as it wants it, with one thing or another that is odd."""
    methods = sorted((rule.methods or {"GET"}) - {"HEAD", "OPTIONS"})
    method = choose.choice(methods) if choose.random() < 0.9 else choose.choice(_METHODS)
    headers = {"Host": HOST, "Origin": f"http://{HOST}"}
    if choose.random() < 0.2:
        name = choose.choice(list(_HEADERS))
        headers[name] = choose.choice(_HEADERS[name])
    path = _path(choose, rule)
    body = _body(choose)
    kind = "application/json" if choose.random() < 0.9 else choose.choice(_KINDS)
    given = {name: _value(choose) for name in choose.sample(ASKED, choose.randrange(5))}
    query = {name: value if isinstance(value, str) else json.dumps(value) for name, value in given.items()}
    return {
        "method": method,
        "path": path,
        "query_string": {name: value.encode("utf-8", "surrogatepass") for name, value in query.items()},
        "headers": {name: value for name, value in headers.items() if "æ" not in value or choose.random() < 0.5},
        "data": body if method != "GET" or choose.random() < 0.1 else b"",
        "content_type": kind,
    }


def _path(choose: random.Random, rule: Rule) -> str:
    def place(match: re.Match[str]) -> str:
        if choose.random() < 0.9:
            words = re.search(r"any\((.*)\)", match[0])
            if words:
                return choose.choice(words[1].split(", "))
            return (
                str(choose.randrange(9))
                if match[0].startswith("<int")
                else choose.choice(("review.js", "review.css", "../app.py"))
            )
        return choose.choice(("-1", "0", "9" * 30, "1.5", "x", "%00", "..%2f..", "٣", "1/2", "%ED%A0%80", ""))

    path = re.sub(r"<[^>]*>", place, rule.rule)
    if choose.random() < 0.03:
        path = changed(path.encode(), choose).decode("utf-8", "replace")[:3000].replace("?", "/")
    return path


def _body(choose: random.Random) -> bytes:
    said: dict[str, Any] = {name: _value(choose) for name in choose.sample(ASKED, choose.randrange(7))}
    if choose.random() < 0.7:
        said |= {"said": choose.choice(_WORDS), "code": choose.choice(("makt", "språk", "finnes ikke"))}
    if choose.random() < 0.4:
        said |= {"start": choose.randrange(-2, 90), "end": choose.randrange(-2, 90)}
    if choose.random() < 0.3:
        said |= {"from": [choose.randrange(60), choose.randrange(9)], "to": [choose.randrange(60), choose.randrange(9)]}
    body = json.dumps(said if choose.random() < 0.97 else _value(choose)).encode()
    chance = choose.random()
    if chance < 0.03:
        return choose.choice(ODD)
    return changed(body, choose) if chance < 0.15 else body


def _value(choose: random.Random) -> Any:
    return (
        choose.choice(_VALUES)
        if choose.random() < 0.5
        else choose.choice(_WORDS)
        if choose.random() < 0.7
        else choose.randrange(-3, 99)
    )
