"""The page's connections: bounded in number, size and time, so that no other program can keep the page from its coder.

Whoever is on the machine may connect, whether or not they get an answer. A connection that does nothing, or sends a byte now and
then, takes no thread, is closed after a while, and gives way to a new one before that.
"""

from collections.abc import Callable
from typing import Any

from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask

from autokode.review.guard import MOST_BYTES

MOST = 100
"""Connections kept open that have asked nothing whole; a browser has about six."""

SETTINGS: dict[str, Any] = {
    "threads": 6,
    "ident": None,
    "clear_untrusted_proxy_headers": True,
    "connection_limit": 4 * MOST,  # never reached: at this bound waitress accepts nobody
    "channel_timeout": 20,
    "cleanup_interval": 2,
    "max_request_header_size": 64 * 1024,
    "max_request_body_size": 2 * MOST_BYTES,  # beyond what the app refuses in a sentence
    "inbuf_overflow": 4 * MOST_BYTES,  # no body goes to a temporary file
    "outbuf_overflow": 1 << 30,  # and no page: it holds what was said
}


class _Refusal(ErrorTask):
    """An answer to what never came to the app."""

    def build_response_header(self) -> bytes:
        self.response_headers = [*self.response_headers, ("Cache-Control", "no-store")]
        return super().build_response_header()


class _Connection(HTTPChannel):
    """A connection whose time runs from its last whole request, and not from its last byte."""

    error_task_class = _Refusal

    def handle_read(self) -> None:
        before, is_new = self.last_activity, self.request is None
        super().handle_read()
        if self.request is not None and not is_new:
            self.last_activity = before


class Server(TcpWSGIServer):
    """A server of one app at one address, with bounds."""

    channel_class = _Connection

    def __init__(self, app: Any, *, host: str, port: int, is_over: Callable[[], bool] = lambda: False) -> None:
        self._is_over = is_over
        super().__init__(app, host=host, port=port, **SETTINGS)

    def maintenance(self, now: int) -> None:
        """Look after the connections every few seconds; end the server (`run` returns) when its time is over."""
        super().maintenance(now)
        if self._is_over():
            raise SystemExit

    def handle_accept(self) -> None:
        """Accept a connection; beyond the bound, close the one that has been silent or unfinished for the longest time."""
        super().handle_accept()
        there: dict[int, Any] = vars(self)["active_channels"]  # waitress's stubs take it for one connection
        idle = [one for one in there.values() if not (one.requests or one.total_outbufs_len or one.will_close)]
        if len(idle) > MOST:
            min(idle, key=lambda one: one.last_activity).will_close = True
