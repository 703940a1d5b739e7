"""The way in: a file that its owner alone can read takes the browser to the page, with a code that works once.

Any user of a machine can read the command lines of all processes. So no address opens the page: the browser is given the file's
name, sends the code from it, and gets a cookie.
"""

import contextlib
import hmac
import html
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from autokode.base.messages import language, say

FILE = "side.html"
LIFE_S = 60.0
"""Seconds for which a code that was written somewhere else than in the file works."""

_PAGE = """<!doctype html>
<html lang="{lang}"><head><meta charset="utf-8"><meta name="referrer" content="no-referrer"><title>autokode</title></head>
<body><form method="post" action="{address}">
<p><label>{label} <input name="code" value="{code}" autocomplete="off"></label> <button>{button}</button></p>
</form><script>document.forms[0].submit()</script></body></html>
"""


def same(given: str, wanted: str) -> bool:
    """Whether two texts are the same, found out in a time that tells nothing of where they differ."""
    return hmac.compare_digest(given.encode(), wanted.encode())


class Door:
    """The page's codes, and what a browser gets for one.

    Attributes:
        path: the first part of every address of the page. It opens nothing, but nobody can guess it: browsers send a cookie to
            every server of a machine, whatever its port, and send this one under this path alone.
        key: the cookie's value.
    """

    def __init__(self, *, path: str = "", key: str = "") -> None:
        self.path = path or secrets.token_urlsafe(12)
        self.key = key or secrets.token_urlsafe(24)
        self._until: dict[str, float] = {}  # code → when it ends
        self._in_file, self._file, self._address = "", Path(), ""

    def code(self) -> str:
        """A code for a person to type, which works once and for a minute."""
        made = secrets.token_hex(8)
        self._until[made] = time.monotonic() + LIFE_S
        return made

    def take(self, code: str) -> bool:
        """Whether a code opens the page. It does so once: the file gets a new one."""
        given = code.strip()
        if self._in_file and same(given, self._in_file):
            self._in_file = ""
            with contextlib.suppress(
                OSError
            ):  # a full disk: the file's code is a used one until the page is started again
                self._write()
            return True
        known = next((one for one in self._until if same(given, one)), "")
        return self._until.pop(known, 0.0) > time.monotonic()

    @contextlib.contextmanager
    def file(self, folder: Path, address: str) -> Iterator[Path]:
        """Keep a file in a folder of its own that leads to an address, until the block ends."""
        shutil.rmtree(folder, ignore_errors=True)  # of a server that was killed
        folder.mkdir(mode=0o700)
        self._file, self._address = folder / FILE, address
        try:
            self._write()
            yield self._file
        finally:
            self._in_file = self._address = ""
            shutil.rmtree(folder, ignore_errors=True)

    def _write(self) -> None:
        """Write the file with a new code."""
        if not self._address:
            return
        code = secrets.token_hex(8)
        text = _PAGE.format(
            lang="no" if language() == "nb" else "en",
            address=html.escape(self._address),
            label=say("Kode, som virker én gang:", "Code, which works once:"),
            code=code,
            button=say("Åpne siden", "Open the page"),
        )
        new = self._file.with_suffix(".new")
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as stream:
            stream.write(text)
        new.replace(self._file)
        self._in_file = code
