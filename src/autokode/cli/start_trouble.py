"""What went wrong at a start from the applications menu, shown in the browser: there is no terminal to say it in."""

import contextlib
import html
import tempfile
import webbrowser
from collections.abc import Iterator
from pathlib import Path

from autokode.base.errors import DataError
from autokode.base.messages import language, say

_PAGE = """<!doctype html>
<html lang="{lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>autokode</title><style>body {{ font: 1.1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 3rem auto;
padding: 0 1rem; color-scheme: light dark; }} pre {{ white-space: pre-wrap; }}</style></head>
<body><h1>{heading}</h1><pre>{text}</pre><p>{advice}</p></body></html>
"""


@contextlib.contextmanager
def shown_in_browser() -> Iterator[None]:
    """Show an error of the block on a page, and let it go on."""
    try:
        yield
    except MemoryError as error:
        _show(error)
        raise
    except Exception as error:
        _show(error)
        raise


def _show(error: Exception) -> None:
    file = write_trouble(error)
    if file is not None:
        webbrowser.open(file.as_uri())


def write_trouble(error: Exception) -> Path | None:
    """Write the page that says what went wrong, for its owner alone; None where it cannot be written."""
    known = isinstance(error, DataError | OSError)
    text = str(error) if known else f"{type(error).__name__}: {error}"
    page = _PAGE.format(
        lang="en" if language() == "en" else "no",
        heading=say("autokode kunne ikke starte", "autokode could not start"),
        text=html.escape(text),
        advice=say(
            "Prosjektene dine er ikke endret. Hjelper det ikke å prøve igjen, skriv autokode doctor i et terminalvindu: "
            "det undersøker installasjonen.",
            "Your projects were not changed. If trying again does not help, type autokode doctor in a terminal: it examines "
            "the installation.",
        ),
    )
    try:
        with tempfile.NamedTemporaryFile(
            "w", suffix=".html", prefix="autokode-", delete=False, encoding="utf-8"
        ) as file:
            file.write(page)
    except OSError:
        return None
    return Path(file.name)
