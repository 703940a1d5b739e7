"""Runs at the start of every Python of tests/workflows/test_offline.py: records and refuses sockets to other machines."""

import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = ("127.0.0.1", "::1", "localhost")


def guard(replace: Callable[[object, str, Any], None], told: Callable[[str], None]) -> None:
    """Refuse all sockets but this machine's own.

    Args:
        replace: sets an attribute of an object, as `setattr` does.
        told: called with each address that something tried to reach.
    """
    connect, send_to, look_up = socket.socket.connect, socket.socket.sendto, socket.getaddrinfo

    def refuse(address: object) -> None:
        told(str(address))
        raise AssertionError(f"reached out to {address}")

    def connected(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in HERE:
            refuse(address)
        connect(self, address)

    def sent(self: socket.socket, *given: Any) -> int:
        if self.family != socket.AF_UNIX and given[-1][0] not in HERE:
            refuse(given[-1])
        return send_to(self, *given)

    def looked_up(host: Any, *rest: Any, **options: Any) -> Any:
        if host not in (*HERE, None):
            refuse(host)
        return look_up(host, *rest, **options)

    replace(socket.socket, "connect", connected)
    replace(socket.socket, "connect_ex", connected)
    replace(socket.socket, "sendto", sent)
    replace(socket, "getaddrinfo", looked_up)


def _write_down(address: str) -> None:
    with Path(os.environ["AUTOKODE_TEST_OUT"]).open("a", encoding="utf-8") as file:
        file.write(f"{address}\n")


if "AUTOKODE_TEST_OUT" in os.environ:
    guard(setattr, _write_down)
