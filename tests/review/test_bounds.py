"""Programs that connect to the page and keep it busy: it answers its own browser all the same, and keeps nothing of theirs."""

import contextlib
import socket
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from autokode.project import Project
from autokode.review.connections import MOST, SETTINGS, Server
from autokode.review.guard import MOST_BYTES
from review_case import Address, serving

PATIENCE = 90
"""Seconds for one answer, on a busy machine."""


def connected(address: str) -> socket.socket:
    place = urlsplit(address)
    return socket.create_connection((str(place.hostname), place.port or 0), timeout=PATIENCE)


def status(address: Address) -> int:
    """The page's answer to its own browser."""
    place = urlsplit(address)
    with contextlib.closing(HTTPConnection(place.netloc, timeout=PATIENCE)) as asked:
        asked.request("GET", place.path, headers={"Cookie": address.cookie})
        answer = asked.getresponse()
        answer.read()
        return answer.status


def first_line(client: socket.socket) -> bytes:
    """The first line of an answer; b"" if the connection is closed without one."""
    with contextlib.suppress(ConnectionError):
        return client.recv(65536).split(b"\r\n")[0]
    return b""


@pytest.mark.parametrize("many", [20, MOST + 50])
def test_silent_and_dripping_connections_keep_nobody_out(project: Project, many: int) -> None:
    with contextlib.ExitStack() as stack, serving(project.folder, "--coder", "Anne") as (address, _process):
        place = urlsplit(address)
        slow = f"POST {place.path}memo HTTP/1.1\r\nHost: {place.netloc}\r\nContent-Length: 9999\r\n\r\n".encode()
        dripping = []
        for _ in range(many):
            stack.enter_context(connected(address))  # connects, and says nothing
            dripping.append(stack.enter_context(connected(address)))
            dripping[-1].sendall(slow[:-1])
        for step in range(8):
            assert status(address) == 200
            for client in dripping:
                with contextlib.suppress(ConnectionError):  # it has been closed: the server needed the place
                    client.sendall(slow[-1:] if step == 0 else b"x")


def test_a_huge_body_is_refused_before_it_is_read(project: Project) -> None:
    with serving(project.folder, "--coder", "Anne") as (address, process):
        place = urlsplit(address)
        own = f"POST {place.path}memo HTTP/1.1\r\nHost: {place.netloc}\r\n"
        with connected(address) as client:
            client.sendall(f"{own}Content-Length: {900 << 20}\r\n\r\n".encode())
            assert b" 413 " in first_line(client)
        with connected(address) as client:  # one that does not say how much comes, and is never let in
            client.sendall(f"{own}Transfer-Encoding: chunked\r\n\r\n".encode())
            sent, chunk = 0, b"10000\r\n" + b"x" * 65536 + b"\r\n"
            with contextlib.suppress(ConnectionError):
                while sent < 64 << 20:
                    client.sendall(chunk)
                    sent += len(chunk)
                    assert on_disk(process.pid) == []
            assert sent < 64 << 20
        assert status(address) == 200


def on_disk(process: int) -> list[str]:
    """The files without a name that a process has open, as a server's temporary ones are."""
    found = []
    for link in Path(f"/proc/{process}/fd").glob("*"):
        with contextlib.suppress(OSError):
            found.append(str(link.readlink()))
    return [name for name in found if "(deleted)" in name]


@pytest.fixture
def server() -> Iterator[Server]:
    def app(_environ: Any, start: Any) -> list[bytes]:
        start("200 OK", [("Content-Length", "2")])
        return [b"ok"]

    made = Server(app, host="127.0.0.1", port=0)
    yield made
    made.task_dispatcher.shutdown()
    made.asyncore.close_all(made._map)


def turned(server: Server, times: int = 4) -> None:
    """Let the server look at its connections."""
    server.asyncore.loop(timeout=0.05, map=server._map, count=times)


def test_time_runs_from_the_last_whole_request(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", int(server.effective_port))) as client:
        turned(server)
        (own,) = server.active_channels.values()
        own.last_activity = 1000.0
        client.sendall(b"GET / HTTP/1.1\r\n")
        turned(server)
        began = own.last_activity
        assert began > 1000.0
        own.last_activity = 2000.0
        client.sendall(b"Host: x\r\n")
        turned(server)
        assert own.last_activity == 2000.0
        server.maintenance(2000.0 + SETTINGS["channel_timeout"] + 1)
        turned(server)
        assert not server.active_channels


def test_a_whole_request_is_answered_and_its_connection_kept(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", int(server.effective_port)), timeout=PATIENCE) as client:
        for _ in range(2):
            client.sendall(b"GET / HTTP/1.1\r\nHo")
            turned(server)
            client.sendall(b"st: x\r\n\r\n")
            end = time.monotonic() + PATIENCE
            client.setblocking(False)
            said = b""
            while not said and time.monotonic() < end:
                turned(server, 1)
                with contextlib.suppress(BlockingIOError):
                    said = client.recv(4096)
            client.settimeout(PATIENCE)
            assert said.startswith(b"HTTP/1.1 200")


def test_nothing_that_is_sent_or_said_is_put_on_the_disk() -> None:
    """Waitress writes what is longer than this to a temporary file."""
    assert SETTINGS["inbuf_overflow"] > SETTINGS["max_request_body_size"] > MOST_BYTES
    assert SETTINGS["outbuf_overflow"] >= 1 << 30


def test_what_never_came_to_the_app_is_not_kept_by_browsers_either(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", int(server.effective_port))) as client:
        turned(server)
        client.sendall(b"POST / HTTP/1.1\r\nTransfer-Encoding: foo\r\n\r\n")
        turned(server, 8)
        answer = client.recv(4096)
        assert b" 501 " in answer and b"Cache-Control: no-store" in answer


def test_silent_connections_that_come_at_once_are_never_many(server: Server) -> None:
    """Each new one takes the place of another; else they add up to waitress's own bound, at which nobody gets in."""
    place, most = ("127.0.0.1", int(server.effective_port)), 0
    with contextlib.ExitStack() as stack:
        for _ in range(4 * MOST):
            stack.enter_context(socket.create_connection(place))
        for _ in range(4 * MOST):
            turned(server, 1)
            most = max(most, len(server.active_channels))
    assert MOST < most <= MOST + 2
