"""What researchers read is in Norwegian, with English one switch away."""

import os

LANGUAGES = ("nb", "en")


def say(nb: str, en: str) -> str:
    """Return the one of two texts that the reader asked for.

    Norwegian unless the environment variable AUTOKODE_LANG is "en" (the command line's --english sets it).
    """
    return en if os.environ.get("AUTOKODE_LANG", "nb").lower().startswith("en") else nb
