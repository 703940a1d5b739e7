"""The server as a user starts it: one a coder and project, until it is interrupted."""

import os
import re
import signal
import socket
import struct
import subprocess
import sys
import time
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from autokode.project import Project
from review_case import Address, one_turn, serving


def run(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "autokode", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        env={**os.environ, "AUTOKODE_LANG": "nb", **environment},
    )


@pytest.mark.slow
def test_a_second_server_is_refused_and_says_where_the_first_is(project: Project) -> None:
    with serving(project.folder, "--coder", "Anne") as (address, _process):
        second = run("review", "--project", str(project.folder), "--coder", "Anne", "--no-browser")
        assert second.returncode == 2
        assert "Anne har siden åpen alt" in second.stderr
        assert f"åpne {address.file} i nettleseren" in second.stderr
        assert urlsplit(address).path not in second.stderr
        port = address.split(":")[2].split("/")[0]
        other = Project.create(project.folder.parent / "annet", project.codebook)
        other.add(one_turn())
        taken = run("review", "--project", str(other.folder), "--port", port, "--no-browser")
        assert taken.returncode == 2
        assert f"porten {port} er i bruk" in taken.stderr


@pytest.mark.slow
def test_windows_closed_in_mid_answer_do_not_end_the_server(project: Project) -> None:
    """A browser that reloads lets its connections go at once (RST), and the server may be writing to them."""
    with serving(project.folder, "--coder", "Anne") as (address, process):
        place = urlsplit(address)
        assert place.hostname is not None and place.port is not None
        for i in range(150):
            with socket.create_connection((place.hostname, place.port), timeout=10) as client:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                own = f"Host: {place.netloc}\r\nCookie: {address.cookie}"
                request = f"GET {place.path}interview/1?turn=1 HTTP/1.1\r\n{own}\r\n\r\n"
                client.sendall(request.encode())
                time.sleep(0.0004 * (i % 50))
        assert process.poll() is None
        patience = 90  # seconds, behind all that was asked before, on a busy machine
        with closing(HTTPConnection(place.netloc, timeout=patience)) as asked:
            asked.request("GET", place.path, headers={"Cookie": address.cookie})
            answer = asked.getresponse()
            assert (answer.status, "</html>" in answer.read().decode()) == (200, True)


def test_a_killed_server_leaves_no_lock_behind(project: Project) -> None:
    with serving(project.folder, "--coder", "Anne") as (_address, process):
        process.kill()
        process.wait()
    with serving(project.folder, "--coder", "Anne") as (address, _process):
        assert address.startswith("http://127.0.0.1:")


def test_several_coders_must_say_who_they_are(project: Project) -> None:
    project.coder("Kari")
    said = run("review", "--project", str(project.folder), "--no-browser")
    assert said.returncode == 2
    assert "Anne, Kari" in said.stderr


def test_two_coders_have_their_pages_open_side_by_side(project: Project) -> None:
    with (
        serving(project.folder, "--coder", "Anne") as (anne, _process),
        serving(project.folder, "--coder", "Ola") as (ola, _other),
    ):
        places = [urlsplit(address) for address in (anne, ola)]
        assert len({place.port for place in places}) == len({place.path for place in places}) == 2
        assert "Anne" in page(anne)
        assert "Ola" in page(ola)
        assert not re.search("Anne|forslag igjen</b> [1-9]", page(ola))
        assert page(ola, cookie=anne.cookie) == page(ola, path=places[0].path) == ""  # the other's opens nothing
        assert len(list(project.folder.glob(".review-*/side.html"))) == 2
    assert not list(project.folder.glob(".review-*/*"))


def page(address: Address, *, path: str = "", cookie: str = "") -> str:
    """The page at an address, or at another path of its server; "" if it turns the request away."""
    place = urlsplit(address)
    with closing(HTTPConnection(place.netloc, timeout=60)) as asked:
        asked.request("GET", path or place.path, headers={"Cookie": cookie or address.cookie})
        answer = asked.getresponse()
        return answer.read().decode() if answer.status == 200 else ""


def test_a_project_without_interviews_opens_and_says_what_to_do(tmp_path: Path) -> None:
    run("init", str(tmp_path / "p"))
    with serving(tmp_path / "p") as (address, _process):
        shown = page(address)
        assert "Prosjektet har ingen intervjuer ennå." in shown
        assert re.search('<a class="button yes" href="[^"]*/interviews">Legg til intervjuer</a>', shown)
        assert re.search('<a class="button" href="[^"]*/codebook">Åpne kodeboken</a>', shown)
        assert "<code" not in shown


def test_an_interrupt_before_it_listens_leaves_nothing(project: Project) -> None:
    from autokode.review.server import Ways, serve

    def interrupted(_ways: Ways) -> None:
        assert list(project.folder.glob(".review-*/side.html"))
        raise KeyboardInterrupt

    for _ in range(2):  # and the lock is let go
        with pytest.raises(KeyboardInterrupt):
            serve(project, project.coder("Anne"), port=0, browser=False, told=interrupted)
        assert not list(project.folder.glob(".review-*/*"))


def test_it_stops_cleanly_on_interrupt(project: Project) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # tests run in a shell's background have it ignored
    with serving(project.folder, "--coder", "Anne") as (_address, process):
        started = time.monotonic()
        process.send_signal(2)
        process.wait(timeout=15)
        assert time.monotonic() - started < 10
    assert not list(project.folder.glob(".review-*/*"))
