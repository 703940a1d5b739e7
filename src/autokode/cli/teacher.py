"""The options that name a language model as teacher."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from autokode.base.messages import say
from autokode.cli.options import option

if TYPE_CHECKING:
    from autokode.integrations.language_model import LanguageModel


def teacher_options() -> list[click.Option]:
    """The options that `teacher_of` reads."""
    return [
        option(
            "--teacher ADRESSE",
            "La en språkmodell på denne maskinen (Ollama, llama.cpp) kode noen av svarene ingen har kodet, og lær av det for de "
            "kodene der den først viser seg enig med koderen. F.eks. http://localhost:11434/v1.",
            "Let a language model on this machine (Ollama, llama.cpp) code some of the answers that nobody coded, and learn from "
            "it for those codes where it first proves to agree with the coder. Such as http://localhost:11434/v1.",
        ),
        option(
            "--teacher-model NAVN",
            "Hva serveren kaller språkmodellen, f.eks. llama3.1:8b.",
            "What the server calls the language model, such as llama3.1:8b.",
        ),
        option(
            "--allow-host VERT...",
            "Tillat at svar, spørsmål og kodebok sendes til en annen maskin, den med dette navnet; gjenta for flere. Ellers "
            "sendes de ikke ut av din.",
            "Allow answers, questions and codebook to be sent to another machine, the one of this name; repeat for more. Else "
            "they do not leave yours.",
        ),
    ]


def teacher_of(
    address: str | None,
    name: str | None,
    allowed: tuple[str, ...],
    *,
    model: str | None,
    progress: Callable[[str, int, int], None],
) -> "LanguageModel | None":
    """The language model that the options name, or None if they name none.

    Raises:
        DataError: an option is missing, or it stands beside `--model`, which learns nothing; or the address may not be used.
    """
    from autokode.base.errors import failure

    if address is None and name is None and not allowed:
        return None
    if address is None or name is None:
        raise failure(
            "en språkmodell som lærer trenger både --teacher og --teacher-model",
            "a language model as teacher takes both --teacher and --teacher-model",
            try_next="--teacher http://localhost:11434/v1 --teacher-model llama3.1:8b",
        )
    if model is not None:
        raise failure(
            "med --model læres det ingenting, så --teacher kan ikke være med",
            "with --model nothing is learnt, so --teacher cannot be there",
            try_next=say("ta bort --model", "leave out --model"),
        )
    from autokode.integrations.language_model import LanguageModel

    return LanguageModel(address, name, allowed, progress=progress)
