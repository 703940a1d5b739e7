"""The names of models among coders: what a model coded without a person is marked by its coder's name, here and in every file."""

import re
import unicodedata

from autokode.base.errors import DataError, failure
from autokode.base.formatting import one_line
from autokode.base.messages import say

_NAME = re.compile(r"modell [0-9a-f]{12}")


def model_coder(sha256: str) -> str:
    """The name of a model as a coder; `sha256` is that of its manifest, in hexadecimal.

    >>> model_coder("0123456789abcdef0123")
    'modell 0123456789ab'
    """
    return f"modell {sha256[:12]}"


def is_model(name: str) -> bool:
    """Whether a coder of this name is a model; no person may have a name that differs from such a one in case or blanks alone.

    >>> is_model("modell 0123456789ab"), is_model(" Modell 0123456789AB "), is_model("Modell 1")
    (True, True, False)
    """
    return _NAME.fullmatch(one_line(unicodedata.normalize("NFKC", name)).casefold()) is not None


def no_person(name: str) -> DataError:
    """Make the error for a person who is to be called as a model is."""
    return failure(
        f"«{name}» er navnet på en modell, og kan ikke være navnet på en person som koder",
        f"«{name}» is the name of a model, and no person can have it",
        try_next=say("velg et annet navn", "choose another name"),
    )
