"""The Norwegian spaCy pipeline: nb_core_news_sm where it is installed, otherwise the one that comes with autokode."""

import functools
from importlib.util import find_spec
from typing import TYPE_CHECKING

from autokode.base import resources
from autokode.base.errors import failure
from autokode.base.extras import require

if TYPE_CHECKING:
    from typing import TypeAlias

    from spacy.language import Language

    Pipeline: TypeAlias = Language

PUBLISHED, OWN = "nb_core_news_sm", "nb_autokode_sm"
_AGAIN = "pip install --force-reinstall autokode"


def norwegian(*, own: bool = False) -> "Pipeline":
    """Load a Norwegian pipeline: parts of speech, features, lemmas, sentences and names.

    `nlp.meta["name"]` is "core_news_sm" for the published pipeline and "autokode_sm" for autokode's own, which knows Bokmål,
    Nynorsk and speech without capitals. Both have the tokenizer of `spacy.blank("nb")`, so scores are the same with either.
    All callers share the loaded pipeline: do not change it.

    Args:
        own: load autokode's own even where the published one is installed.

    Raises:
        DataError: neither is installed.
    """
    return _load(OWN if own or find_spec(PUBLISHED) is None else PUBLISHED)


@functools.cache
def _load(name: str) -> "Pipeline":
    require("spacy")
    import spacy

    place = resources.pipeline(name) if name == OWN else name
    if place is None:
        what = f"den norske modellen {name} mangler", f"the Norwegian pipeline {name} is missing"
        raise failure(*what, try_next=_AGAIN)
    try:
        return spacy.load(place)
    except (OSError, ValueError) as error:
        what = f"{name} kan ikke lastes ({error})", f"{name} cannot be loaded ({error})"
        raise failure(*what, try_next=_AGAIN) from error
