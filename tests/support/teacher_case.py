"""Stub teachers, and a stub server that speaks as Ollama and llama.cpp do. All speech is invented."""

import json
import ssl
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from autokode.corpus.codebook import Code, Codebook
from autokode.corpus.study import Examples

BOOK = Codebook(
    "b",
    (
        Code(
            "makt", definition="å bestemme over penger", use_when="noen avgjør", examples=("Hun avgjør saken alene.",)
        ),
        Code("språk", definition="ord og brev", not_when="det gjelder lyd"),
    ),
)
SAID = {
    "makt": ("bestemmer", "avgjør", "pengene", "vedtaket", "lønna"),
    "språk": ("ordene", "brevet", "fremmedord", "setningene", "skjemaet"),
    "": ("bussen", "kaffen", "været", "lunsjen", "parkeringen"),
}


def examples(interviews: int, *, first: int = 0) -> Examples:
    """Five answers a code and interview, in turn; nothing in them but one word tells the code."""
    rows = [
        (
            f"Det var {word} den gangen, nummer {first + number}.",
            "Hva skjedde?",
            [code] if code else [],
            f"i{first + number}",
        )
        for number in range(interviews)
        for word_number in range(5)
        for code in SAID
        for word in (SAID[code][(word_number + number) % 5],)
    ]
    return Examples.of(rows)


def codes_of(text: str) -> list[str]:
    """The codes that a text made by `examples` should have."""
    return [code for code, words in SAID.items() if code and any(word in text for word in words)]


@dataclass
class Stub:
    """A teacher that answers by a function, and remembers what it was asked."""

    answer: Callable[[str], Collection[str] | None]
    name: str = "stubben"
    asked: list[str] = field(default_factory=list)

    def code(
        self,
        texts: Sequence[str],
        contexts: Sequence[str],
        codebook: Codebook,
    ) -> list[Collection[str] | None]:
        self.asked += texts
        return [self.answer(text) for text in texts]


def chat(codes: object) -> bytes:
    """The body of an answer that gives these codes."""
    return body(json.dumps({"codes": codes}))


def body(content: object, finish: str = "stop") -> bytes:
    """The body of an answer with this content."""
    choice = {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": finish}
    return json.dumps({"object": "chat.completion", "choices": [choice]}).encode()


def as_told(request: dict[str, Any]) -> bytes:
    """The answer of a good model."""
    return chat(codes_of(json.loads(request["messages"][1]["content"])["answer"]))


@dataclass
class Served:
    """A running stub.

    Attributes:
        address: what to give `LanguageModel`.
        requests: the JSON of every request.
        paths: where it was sent.
    """

    address: str
    requests: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)


Handle = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def served(
    answer: Callable[[dict[str, Any]], bytes] = as_told,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
    instead: Handle | None = None,
    certificate: tuple[Path, Path] | None = None,
) -> Iterator[Served]:
    """Serve on a port of this machine.

    Args:
        answer: from a request's JSON to the body of the answer.
        status, headers: of the answer.
        instead: handles the request in place of all this.
        certificate: files with a certificate and its key, to serve by TLS.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            own.requests.append(request)
            own.paths.append(self.path)
            if instead is not None:
                instead(self)
                return
            content = answer(request)
            self.send_response(status)
            for name, value in {"Content-Length": str(len(content)), **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_given: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_given: None  # type: ignore[method-assign]
    if certificate is not None:
        with_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with_tls.load_cert_chain(*certificate)
        server.socket = with_tls.wrap_socket(server.socket, server_side=True)
    own = Served(f"http://127.0.0.1:{server.server_port}/v1")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield own
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
