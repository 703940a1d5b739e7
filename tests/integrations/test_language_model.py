"""A language model as teacher, against a stub server: what is sent, where to, what is kept, and which answers are believed."""

import json
import os
import shutil
import socket
import stat
import subprocess
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from autokode import AutoCoder
from autokode.base.errors import AutokodeWarning, DataError
from autokode.corpus.codebook import Code, Codebook
from autokode.integrations.language_model import LanguageModel
from autokode.integrations.local_server import LONGEST, Server
from autokode.training.teacher import Teacher
from teacher_case import BOOK, as_told, body, chat, examples, served

TEXT, QUESTION = "Hun avgjør hvem som får pengene.", "Hvem bestemmer?"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("AUTOKODE_CACHE", str(tmp_path / "cache"))
    yield tmp_path / "cache"


def model(address: str, **more: object) -> LanguageModel:
    return LanguageModel(address, "stubb:1b", **more)  # type: ignore[arg-type]


def test_it_is_a_teacher_that_learns_a_model_through_a_real_socket() -> None:
    coded, uncoded = examples(2), examples(3, first=2)
    with served() as server:
        teacher = model(server.address)
        assert isinstance(teacher, Teacher)
        coder = AutoCoder(teacher=teacher).fit(
            **coded.for_fit(), codebook=BOOK, unlabelled=uncoded.texts, unlabelled_contexts=uncoded.contexts
        )
    report = coder.model_.manifest["teacher"]
    assert (report["name"], report["why_unused"]) == ("stubb:1b (127.0.0.1)", "")
    assert len(server.requests) == len({*coded.texts, *uncoded.texts})  # a text that is there twice is sent once
    assert set(server.paths) == {"/v1/chat/completions"}


def test_it_sends_the_codebook_the_question_and_the_text_and_nothing_else() -> None:
    with served() as server:
        assert model(server.address).code([TEXT], [QUESTION], BOOK) == [frozenset({"makt"})]
    (request,) = server.requests
    told, asked = (message["content"] for message in request["messages"])
    assert json.loads(asked) == {"question": QUESTION, "answer": TEXT}
    for part in (
        "makt: å bestemme over penger",
        "Brukes når: noen avgjør",
        "Eksempler: Hun avgjør",
        "språk: ord og brev",
    ):
        assert part in told
    assert request["model"] == "stubb:1b" and request["temperature"] == 0 and request["stream"] is False
    assert set(request) == {"model", "messages", "temperature", "seed", "max_tokens", "stream", "response_format"}
    shape = request["response_format"]["json_schema"]["schema"]
    assert shape["properties"]["codes"]["items"]["enum"] == ["makt", "språk"]


def test_an_english_codebook_is_told_in_english_and_headings_are_no_codes() -> None:
    book = Codebook("b", (Code("power", codable=False, codes=(Code("money", definition="who pays"),)),), language="en")
    with served(lambda _request: chat(["money"])) as server:
        assert model(server.address).code([TEXT], [""], book) == [frozenset({"money"})]
    told = server.requests[0]["messages"][0]["content"]
    assert told.startswith("You code answers") and "- money: who pays" in told and "- power" not in told


def test_an_answer_is_kept_by_its_content_for_its_owner_alone_and_without_the_text(cache: Path) -> None:
    with served() as server:
        first = model(server.address).code([TEXT, "Kaffen var kald."], [QUESTION, ""], BOOK)
        again = model(server.address).code([TEXT, "Kaffen var kald."], [QUESTION, ""], BOOK)
        assert first == again and len(server.requests) == 2
        model(server.address).code([TEXT], ["Et annet spørsmål?"], BOOK)
        LanguageModel(server.address, "en annen").code([TEXT], [QUESTION], BOOK)
        model(server.address).code([TEXT], [QUESTION], Codebook("b", (Code("makt"), Code("språk"))))
        assert len(server.requests) == 5  # another question, model or codebook is another request
    kept = [path for path in cache.rglob("*") if path.is_file()]
    assert len(kept) == 5
    for path in kept:
        content = path.read_bytes()
        assert not any(word in content for word in (b"avgj", b"pengene", b"makt", b"bestemmer"))
    if os.name == "posix":
        folders = [path for path in cache.rglob("*") if path.is_dir()]
        assert {stat.S_IMODE(path.stat().st_mode) for path in kept} == {0o600}
        assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}


def test_a_damaged_answer_is_asked_for_again(cache: Path) -> None:
    with served() as server:
        model(server.address).code([TEXT], [QUESTION], BOOK)
        (path,) = (path for path in cache.rglob("*.json"))
        path.write_bytes(b"[7]" + path.read_bytes()[3:])
        assert model(server.address).code([TEXT], [QUESTION], BOOK) == [frozenset({"makt"})]
        assert len(server.requests) == 2


def test_where_nothing_can_be_kept_it_works_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "fil").write_text("", encoding="utf-8")
    monkeypatch.setenv("AUTOKODE_CACHE", str(tmp_path / "fil" / "under"))
    with served() as server:
        assert model(server.address).code([TEXT], [QUESTION], BOOK) == [frozenset({"makt"})]


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        (chat([]), set()),
        (chat(["makt", "makt"]), {"makt"}),
        (chat(["MAKT", "spra\u030ak"]), {"makt", "språk"}),
        (body('<think>Er det {"codes": ["språk"]}?</think>\n{"codes": ["makt"]}'), {"makt"}),
        (body('{"codes": ["makt"], "why": "fordi"}'), {"makt"}),
    ],
)
def test_answers_that_are_believed(content: bytes, codes: set[str]) -> None:
    with served(lambda _request: content) as server:
        assert model(server.address).code([TEXT], [QUESTION], BOOK) == [codes]


WRONG = {
    "no JSON": b"Velkommen",
    "deep": b"[" * 100_000,
    "a list": b"[]",
    "no choice": b'{"choices": []}',
    "null": b'{"choices": null}',
    "no text": body(None),
    "cut": body('{"codes": ["makt"]}', "length"),
    "prose": body("Koden er makt."),
    "no codes": body('{"kode": "makt"}'),
    "a string": chat("makt"),
    "a number": chat([1]),
    "nested": chat([["makt"]]),
    "another code": chat(["makt", "kjærlighet"]),
    "bytes": b"\xff\xfe",
}


@pytest.mark.parametrize("content", WRONG.values(), ids=WRONG)
def test_an_answer_that_cannot_be_used_is_none_and_said(content: bytes, cache: Path) -> None:
    def sometimes(request: dict[str, object]) -> bytes:
        return content if "avgjør" in str(request["messages"][1]) else as_told(request)  # type: ignore[index]

    with (
        served(sometimes) as server,
        pytest.warns(AutokodeWarning, match=r"1 av 2 svar fra «stubb:1b \(127.0.0.1\)» kan ikke brukes"),
    ):
        found = model(server.address).code([TEXT, "Kaffen var kald."], ["", ""], BOOK)
    assert found == [None, frozenset()]
    assert len(list(cache.rglob("*.json"))) == 1  # and it is not kept


def test_after_ten_answers_of_which_none_can_be_used_no_more_is_sent() -> None:
    with served(lambda _request: b"{}") as server, pytest.raises(DataError, match="10 av 10 svar") as raised:
        model(server.address).code([f"Tekst {i}" for i in range(30)], [""] * 30, BOOK)
    assert len(server.requests) == 10 and "Tekst" not in str(raised.value)


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/v1",
        "http://192.0.2.1:11434",
        "http://10.0.0.5:11434",
        "http://0.0.0.0:11434",
        "http://127.1:11434",
        "http://2130706433:11434",
        "http://localhost.example.org:11434",
        "http://localhost@example.org:11434",
        "http://[2001:db8::1]:11434",
        "https://api.openai.com/v1",
    ],
)
def test_another_machine_is_refused_before_anything_is_looked_up(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_given, **_more: pytest.fail("looked up"))
    with pytest.raises(DataError, match=r"ikke denne maskinen|kan ikke brukes"):
        model(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "localhost:11434",
        "ftp://localhost",
        "http://",
        "http://localhost:x",
        "http://localhost:99999",
        "http://[::1",
        "http://kari:hemmelig@localhost:11434",
        "http://localhost/v1?key=hemmelig",
        "http://localhost/#hemmelig",
    ],
)
def test_an_address_that_is_none_is_an_error_that_does_not_repeat_it(address: str) -> None:
    with pytest.raises(DataError, match="kan ikke brukes") as raised:
        model(address)
    assert "hemmelig" not in str(raised.value)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.9.1", "[::1]", "LOCALHOST"])
def test_this_machine_needs_no_leave(host: str) -> None:
    assert Server.at(f"http://{host}:11434").path == "/v1"


def answers(*places: str) -> object:
    return lambda _host, port, **_more: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (place, port)) for place in places]


def test_a_name_that_means_another_machine_is_refused_whatever_it_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "create_connection", lambda *_given, **_more: pytest.fail("connected"))
    for places in (["192.0.2.7"], ["127.0.0.1", "192.0.2.7"]):
        monkeypatch.setattr(socket, "getaddrinfo", answers(*places))
        with pytest.raises(DataError, match=r"localhost \(192.0.2.7\) er ikke denne maskinen"):
            model("http://localhost:11434").code([TEXT], [QUESTION], BOOK)


def test_the_address_that_was_checked_is_the_one_that_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    with served() as server:
        port = int(server.address.rsplit(":", 1)[1].removesuffix("/v1"))
        looked_up: list[str] = []
        plain = socket.getaddrinfo

        def rebinding(host: str, port: int, *rest: int, **more: int) -> object:
            looked_up.append(host)
            return plain("127.0.0.1", port, *rest, **more)

        monkeypatch.setattr(socket, "getaddrinfo", rebinding)
        model(f"http://localhost:{port}").code([TEXT], [QUESTION], BOOK)
    assert looked_up == ["localhost", "127.0.0.1"]  # the name once; then the number it gave


def test_an_allowed_machine_is_spoken_to_by_https_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", answers("192.0.2.7"))
    monkeypatch.setattr(socket, "create_connection", lambda *_given, **_more: pytest.fail("connected"))
    allowed = model("http://gpu.example.org:11434", allowed=("GPU.example.org",))
    with pytest.raises(DataError, match="ventet https") as raised:
        allowed.code([TEXT], [QUESTION], BOOK)
    assert "ssh -L 11434:localhost:11434 gpu.example.org" in str(raised.value)
    with pytest.raises(DataError, match="ikke denne maskinen"):
        model("https://another.example.org", allowed=("gpu.example.org",))


def test_no_proxy_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://192.0.2.1:3128")
    with served() as server:
        assert model(server.address).code([TEXT], [QUESTION], BOOK) == [frozenset({"makt"})]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status: int) -> None:
    with (
        served() as other,
        served(status=status, headers={"Location": f"{other.address}/chat/completions"}) as server,
        pytest.raises(DataError, match="viser videre"),
    ):
        model(server.address).code([TEXT], [QUESTION], BOOK)
    assert other.requests == [] and len(server.requests) == 1


@pytest.mark.parametrize(("status", "message"), [(404, "svarte 404"), (400, "svarte 400"), (500, "svarte 500")])
def test_a_refusal_is_said_without_what_the_server_wrote(status: int, message: str) -> None:
    with (
        served(lambda request: json.dumps(request).encode(), status=status) as server,
        pytest.raises(DataError, match=message) as raised,
    ):
        model(server.address).code([TEXT], [QUESTION], BOOK)
    assert "pengene" not in str(raised.value)


def test_an_answer_without_end_is_not_read() -> None:
    with (
        served(lambda _request: b" " * (LONGEST + 10)) as server,
        pytest.raises(DataError, match=f"over {LONGEST} byte"),
    ):
        model(server.address).code([TEXT], [QUESTION], BOOK)


def test_where_nobody_listens_the_next_command_is_said() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with pytest.raises(DataError, match="ingen brukbar server") as raised:
        model(f"http://127.0.0.1:{port}").code([TEXT], [QUESTION], BOOK)
    assert "ollama serve" in str(raised.value)


def silent(_handler: BaseHTTPRequestHandler) -> None:
    time.sleep(1.5)


def dripping_headers(handler: BaseHTTPRequestHandler) -> None:
    drip(handler, b"HTTP/1.1 200 OK\r\n" + b"X-Slow: 1\r\n" * 100)


def dripping_body(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n")
    drip(handler, b" " * 5000)


def endless_body(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
    drip(handler, b" " * 5000)


def drip(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    for byte in content[:60]:
        try:
            handler.wfile.write(bytes([byte]))
            handler.wfile.flush()
        except OSError:
            return
        time.sleep(0.05)


@pytest.mark.parametrize("instead", [silent, dripping_headers, dripping_body, endless_body])
def test_patience_ends_however_slowly_an_answer_trickles(instead: object) -> None:
    with served(instead=instead) as server:  # type: ignore[arg-type]
        began = time.monotonic()
        with pytest.raises(DataError, match=r"ikke innen 0\.4 sekunder"):
            model(server.address, patience=0.4).code([TEXT], [QUESTION], BOOK)
        assert time.monotonic() - began < 1.4  # a drip every 0.05 seconds would take 3


@pytest.mark.parametrize(
    "content", [b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nkort", b""]
)
def test_what_is_no_http_or_breaks_off_is_said(content: bytes) -> None:
    def break_off(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(content)

    with served(instead=break_off) as server, pytest.raises(DataError, match="ingen brukbar server svarer her"):
        model(server.address).code([TEXT], [QUESTION], BOOK)


@pytest.mark.parametrize("name", ["gpt-oss:120b-cloud", "glm-4.6:cloud", "x:CLOUD"])
def test_a_model_that_a_local_server_passes_on_is_refused(name: str) -> None:
    with pytest.raises(DataError, match=r"sender det den får, videre til ollama\.com"):
        LanguageModel("http://localhost:11434", name)
    assert LanguageModel("http://localhost:11434", name, ("ollama.com",)).name == f"{name} (localhost)"
    assert LanguageModel("http://localhost:11434", "cloudy:1b").model == "cloudy:1b"


@pytest.mark.parametrize("name", ["", "  ", "a\nb"])
def test_a_model_needs_a_name(name: str) -> None:
    with pytest.raises(DataError, match="ingen modell er oppgitt"):
        LanguageModel("http://localhost:11434", name)


def test_what_was_answered_before_the_server_died_is_kept() -> None:
    answered: list[int] = []

    def dies(request: dict[str, object]) -> bytes:
        answered.append(1)
        return as_told(request) if len(answered) <= 3 else b" " * (LONGEST + 10)

    texts = [f"Vedtaket nummer {i}" for i in range(5)]
    with served(dies) as server, pytest.raises(DataError):
        model(server.address).code(texts, [""] * 5, BOOK)
        answered[:] = [-9]
        dies_no_more = len(server.requests)
        answered.clear()
        assert len(model(server.address).code(texts[:3], [""] * 3, BOOK)) == 3
        assert len(server.requests) == dies_no_more


def test_progress_is_told_without_any_text() -> None:
    told: list[tuple[str, int, int]] = []
    with served() as server:
        model(server.address, progress=lambda *now: told.append(now)).code([TEXT, "Kaffe."], ["", ""], BOOK)
    assert told == [("stubb:1b (127.0.0.1)", 0, 2), ("stubb:1b (127.0.0.1)", 1, 2)]


@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes a certificate with openssl")
def test_a_server_whose_certificate_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    words = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    words += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(words, check=True, capture_output=True)  # noqa: S603 - our own words
    with served(certificate=(certificate, key)) as server:
        address = server.address.replace("http://127.0.0.1", "https://localhost")
        with pytest.raises(DataError, match="ingen brukbar server"):
            model(address).code([TEXT], [QUESTION], BOOK)
        assert server.requests == []
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SSL_CERT_FILE", str(certificate))
            assert model(address).code([TEXT], [QUESTION], BOOK) == [frozenset({"makt"})]
