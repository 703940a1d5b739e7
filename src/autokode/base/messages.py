"""Messages to researchers: in Bokmål, or in Nynorsk or English where they ask for it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

LANGUAGES = ("nb", "en")
"""The languages that every text is written in."""

INTERFACE_LANGUAGES = ("nb", "nn", "en")
"""The languages of the page; a text without a Nynorsk form is shown in Bokmål."""

VARIABLE = "AUTOKODE_LANG"
"""The environment variable with the language; processes that autokode starts have it too."""

_CHOSEN: ContextVar[str | None] = ContextVar("language", default=None)


def set_language(chosen: str) -> None:
    """Choose the language of messages, warnings and reports for this process: "nb", "nn" or "en".

    Python has English unless one chooses, or the environment variable AUTOKODE_LANG does.

    >>> set_language("nb")

    Raises:
        ValueError: another language.
    """
    if chosen not in INTERFACE_LANGUAGES:
        raise ValueError(f"found {chosen!r}, expected one of {', '.join(INTERFACE_LANGUAGES)}")
    os.environ[VARIABLE] = chosen


def say(nb: str, en: str) -> str:
    """Choose between a Norwegian and an English text; in Nynorsk, the catalogue's form of the Norwegian one.

    The page says which language it is shown in (`reading_in`). Elsewhere it is that of the environment variable AUTOKODE_LANG:
    English in Python unless one chose (`set_language`), Norwegian on the command line unless one wrote --english.
    """
    chosen = interface_language()
    if chosen == "nn":
        from autokode.base.nynorsk import in_nynorsk

        return in_nynorsk(nb)
    return en if chosen == "en" else nb


def interface_language() -> str:
    """The language that was chosen in this thread, one of `INTERFACE_LANGUAGES`."""
    chosen = (_CHOSEN.get() or os.environ.get(VARIABLE, "en")).lower()[:2]
    return chosen if chosen in INTERFACE_LANGUAGES else "nb"


def language() -> str:
    """The language of longer texts in this thread, one of `LANGUAGES`: "nb" where the page is in Nynorsk."""
    return "en" if interface_language() == "en" else "nb"


@contextmanager
def reading_in(chosen: str) -> Iterator[None]:
    """Choose the language of messages, one of `INTERFACE_LANGUAGES`, for this block and thread."""
    before = _CHOSEN.set(chosen)
    try:
        yield
    finally:
        _CHOSEN.reset(before)
