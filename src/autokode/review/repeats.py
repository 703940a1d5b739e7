"""Answers a request that is sent again: a page that got no answer sends its decision until it gets one, and it is made once."""

import contextlib
from collections import OrderedDict
from concurrent.futures import CancelledError, Future
from threading import Lock

from flask import Flask, Response, abort, g, request

ONCE = "Autokode-Once"
"""The header with the number that a page gave to a decision."""

KEPT, WAIT_S = 200, 60.0
"""Answers kept; seconds to wait for the answer to the same request, which another thread is working at."""


def answer_once(app: Flask) -> None:
    """Let an app give the same answer to what it has answered already, without doing it again."""
    answers: OrderedDict[str, Future[Response]] = OrderedDict()
    lock = Lock()

    @app.before_request
    def answered() -> Response | None:
        number = request.headers.get(ONCE, "")[:100]
        if request.method != "POST" or not number:
            return None
        with lock:
            known = answers.get(number)
            if known is None:
                g.answer = answers[number] = Future()
                while len(answers) > KEPT:
                    answers.popitem(last=False)
        if known is None:
            return None
        with contextlib.suppress(CancelledError, TimeoutError):
            first = known.result(WAIT_S)
            again = Response(first.get_data(), first.status, mimetype=first.mimetype)
            again.headers.extend([("Set-Cookie", key) for key in first.headers.getlist("Set-Cookie")])
            return again
        return abort(503)

    @app.after_request
    def keep(response: Response) -> Response:
        if "answer" in g:
            g.answer.set_result(response)
        return response

    @app.teardown_request
    def drop(_error: BaseException | None) -> None:
        if "answer" in g:
            g.answer.cancel()  # nobody waits for what failed before it had an answer
