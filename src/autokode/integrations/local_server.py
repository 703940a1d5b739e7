"""Posts JSON to a program on this machine. Of the whole package, this module alone opens a socket.

Nothing leaves the machine unless its user names the host: an address must be loopback's, and what it resolves to is checked and
then connected to, so that a name cannot mean another machine the second time. No proxy is asked and no redirect is followed.
"""

import contextlib
import ipaddress
import json
import socket
import ssl
import threading
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, IncompleteRead
from typing import Any
from urllib.parse import urlsplit

from autokode.base.errors import DataError, failure
from autokode.base.messages import say

LONGEST = 1_000_000
"""Longest answer that is read, in bytes."""

HERE = "localhost"
_EXAMPLE = "http://localhost:11434/v1"
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Server:
    """A program that answers JSON over HTTP.

    Attributes:
        scheme: "http" or "https".
        host: a name, or an IP address.
        port: a number.
        path: what every address of it begins with, such as "/v1".
        named: whether the user allowed this host by name, though it may be another machine.
    """

    scheme: str
    host: str
    port: int
    path: str
    named: bool = False

    @classmethod
    def at(cls, address: str, allowed: Collection[str] = ()) -> "Server":
        """Take an address apart; nothing is looked up yet.

        Args:
            address: such as "http://localhost:11434/v1"; without a path, "/v1" is meant.
            allowed: hosts that may be another machine.

        Raises:
            DataError: it is no such address, or its host is neither this machine nor allowed.
        """
        try:
            parts = urlsplit(address.strip())
            host, port = (parts.hostname or "").lower(), parts.port or _PORTS.get(parts.scheme, 0)
            host.encode("ascii")
        except ValueError:
            raise _no_address() from None
        if not port or not host or parts.username or parts.password or parts.query or parts.fragment:
            raise _no_address()
        found = cls(parts.scheme, host, port, parts.path.rstrip("/") or "/v1", host in {one.lower() for one in allowed})
        if not found.named and host != HERE and not _is_loopback(host):
            raise _another_machine(host)
        return found

    @property
    def shown(self) -> str:
        """The address, as one types it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}{self.path}"

    def post(self, path: str, data: Mapping[str, Any], *, patience: float) -> bytes:
        """Post data as JSON and give the body of the answer.

        Args:
            path: after the server's own, such as "/chat/completions".
            data: what to post.
            patience: seconds until the whole answer must be here, however slowly it trickles.

        Raises:
            DataError: nobody answers there, the answer comes too late, is too long, is no HTTP, or is anything but a success.
        """
        headers = {"Content-Type": "application/json", "Accept": "application/json", "Connection": "close"}
        late = threading.Event()
        try:
            with (
                self._channel(patience, late) as channel,
                contextlib.closing(HTTPConnection(self.host, self.port)) as asked,
            ):
                asked.sock = channel
                asked.request("POST", self.path + path, json.dumps(data).encode("ascii"), headers)
                answer = asked.getresponse()
                content = answer.read(LONGEST + 1)
                if answer.length and len(content) <= LONGEST:
                    raise IncompleteRead(content, answer.length)
        except DataError:
            raise
        except (OSError, HTTPException, ValueError) as error:
            slow = late.is_set() or isinstance(error, TimeoutError)
            raise (self._too_late(patience) if slow else self._no_answer(error)) from error
        if late.is_set():
            raise self._too_late(patience)
        self._check(answer.status, content)
        return content

    @contextlib.contextmanager
    def _channel(self, patience: float, late: threading.Event) -> Iterator[socket.socket]:
        """A connection that is cut when patience ends: a socket's own timeout begins anew with every byte."""
        channel = socket.create_connection(self._place(), timeout=patience)
        if self.scheme == "https":
            with_tls = ssl.create_default_context()
            channel = with_tls.wrap_socket(channel, server_hostname=self.host, do_handshake_on_connect=False)

        def cut() -> None:
            late.set()
            with contextlib.suppress(OSError):
                socket.socket.shutdown(channel, socket.SHUT_RDWR)

        clock = threading.Timer(patience, cut)
        clock.daemon = True
        clock.start()
        try:
            if isinstance(channel, ssl.SSLSocket):
                channel.do_handshake()
            yield channel
        finally:
            clock.cancel()
            channel.close()

    def _place(self) -> tuple[str, int]:
        """The IP address and port to connect to.

        Raises:
            DataError: the name means another machine and was not allowed, or what is sent there could be read on its way.
            OSError: the name is not known.
        """
        found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        places = [str(one[4][0]) for one in found]
        outside = [place for place in places if not _is_loopback(place)]
        if outside and not self.named:
            raise _another_machine(f"{self.host} ({outside[0]})")
        if outside and self.scheme != "https":
            raise failure(
                f"{self.host} er en annen maskin, og det som sendes med http, kan leses underveis; ventet https",
                f"{self.host} is another machine, and what is sent by http can be read on its way; expected https",
                try_next=f"ssh -L {self.port}:localhost:{self.port} {self.host}  →  http://localhost:{self.port}{self.path}",
            )
        # of this machine's addresses, IPv4 first: local servers listen there
        return min(places, key=lambda place: ":" in place), self.port

    def _check(self, status: int, content: bytes) -> None:
        """Raise for all but a success; what the server says is not shown, as it may repeat the text."""
        if len(content) > LONGEST:
            what = f"{self.shown} svarte med over {LONGEST} byte", f"{self.shown} answered with over {LONGEST} bytes"
            raise failure(*what, try_next=_EXAMPLE)
        if 300 <= status < 400:
            what = "viser videre til en annen adresse; det følges ikke", "redirects elsewhere, which is not followed"
            raise failure(what[0], what[1], where=self.shown, try_next=_EXAMPLE)
        if status == 404:
            raise failure(
                "svarte 404: adressen er en annen, eller modellen er ikke der",
                "answered 404: the address is another, or the model is not there",
                where=self.shown,
                try_next=f"ollama list  |  {_EXAMPLE}",
            )
        if not 200 <= status < 300:
            why = f"svarte {status}; ventet 200", f"answered {status}; expected 200"
            raise failure(*why, where=self.shown, try_next=say("se i loggen til serveren", "look at the server's log"))

    def _no_answer(self, error: Exception) -> DataError:
        kind = getattr(error, "strerror", None) or type(error).__name__
        return failure(
            f"ingen brukbar server svarer her ({kind})",
            f"no usable server answers here ({kind})",
            where=self.shown,
            try_next=say("start den, f.eks.: ollama serve", "start it, for instance: ollama serve"),
        )

    def _too_late(self, patience: float) -> DataError:
        return failure(
            f"svaret kom ikke innen {patience:g} sekunder; de tidligere svarene er beholdt",
            f"no answer within {patience:g} seconds; the answers before it are kept",
            where=self.shown,
            try_next=say("en mindre modell", "a smaller model"),
        )


def _is_loopback(place: str) -> bool:
    try:
        return ipaddress.ip_address(place.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _no_address() -> DataError:
    """Make the error for an address of another shape; it is not shown, as there may be a password in it."""
    return failure(
        "adressen kan ikke brukes; ventet http://vert:port/v1, uten navn, passord og spørring",
        "the address cannot be used; expected http://host:port/v1, without name, password and query",
        try_next=_EXAMPLE,
    )


def _another_machine(host: str) -> DataError:
    name = host.partition(" ")[0]
    return failure(
        f"{host} er ikke denne maskinen; intervjuene sendes ikke dit uten at du tillater verten ved navn",
        f"{host} is not this machine; interviews are not sent there unless you allow the host by name",
        try_next=f"--allow-host {name}  |  {_EXAMPLE}",
    )
