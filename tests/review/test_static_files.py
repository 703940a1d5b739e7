"""The page's static files: their types, and the modules that import each other."""

import re

import pytest
from flask.testing import FlaskClient

from autokode.review.app import STATIC
from review_case import HOST, TOKEN

TEMPLATES = sorted(STATIC.with_name("templates").glob("*.html"))


@pytest.mark.parametrize(
    ("suffix", "kind"), [(".js", "text/javascript"), (".css", "text/css"), (".svg", "image/svg+xml")]
)
def test_static_files_have_their_type_on_every_platform(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, suffix: str, kind: str
) -> None:
    """Windows' registry may say text/plain, and a browser runs no module of that type."""
    monkeypatch.setattr("mimetypes.guess_type", lambda *_given, **_options: ("text/plain", None))
    files = [file for file in STATIC.iterdir() if file.suffix == suffix]
    assert files
    for file in files:
        answer = client.get(f"/{TOKEN}/static/{file.name}", buffered=True, base_url=f"http://{HOST}")
        assert (answer.status_code, answer.content_type) == (200, f"{kind}; charset=utf-8")
        assert answer.data == file.read_bytes()


def test_modules_import_each_other_from_beside_themselves() -> None:
    """A relative import keeps the token in its address; together they are all that is there."""
    modules = {file.name: file.read_text(encoding="utf-8") for file in STATIC.glob("*.js")}
    imported = {name: re.findall(r'^import .* from "(.*)";$', text, re.MULTILINE) for name, text in modules.items()}
    shown = {f"./{name}" for file in TEMPLATES for name in re.findall(r"filename='(.*?\.js)'", file.read_text("utf-8"))}
    used = {one for names in imported.values() for one in names} | shown | {"./door.js"}  # which stands in its page
    assert used == {f"./{name}" for name in modules}
    assert sum(len(names) for names in imported.values()) == sum(text.count("import") for text in modules.values())
    assert all(text.startswith("// ") for text in modules.values())
