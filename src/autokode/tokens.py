"""Norwegian tokens, by spaCy's own rules for the language."""

import functools
from dataclasses import dataclass

from spacy import blank
from spacy.tokenizer import Tokenizer

from autokode.errors import DataError, Problem
from autokode.language import say


@dataclass(frozen=True, slots=True)
class Token:
    """A token of a text: `text[start:end]`, in code points."""

    text: str
    start: int
    end: int


@functools.cache
def tokenizer(lang: str) -> Tokenizer:
    """Return spaCy's tokenizer for a language code; for "nb" it is the one nb_core_news_sm has too.

    Raises:
        DataError: spaCy has no such language.
    """
    try:
        return blank(lang).tokenizer
    except ImportError as error:
        what = say(f"spaCy kjenner ikke språket «{lang}»", f"spaCy does not know the language «{lang}»")
        raise DataError(Problem(what), try_next='lang="nb"') from error


def tokenize(text: str, lang: str = "nb") -> list[Token]:
    """Return the tokens of a text without its white space.

    >>> [token.text for token in tokenize("Ja, f.eks. på NAV.")]
    ['Ja', ',', 'f.eks.', 'på', 'NAV', '.']
    """
    doc = tokenizer(lang)(text)
    return [Token(t.text, t.idx, t.idx + len(t.text)) for t in doc if not t.is_space]
