"""Norwegian tokens, by spaCy's own rules for the language."""

import functools
import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autokode.base.errors import failure

if TYPE_CHECKING:
    from spacy.tokenizer import Tokenizer

MAX_CHUNK = 500
"""Characters without white space between them beyond which a chunk is taken whole, and has no features."""

_OVERLONG = re.compile(rf"\S{{{MAX_CHUNK + 1},}}")


@dataclass(frozen=True, slots=True)
class Token:
    """A token of a text: `text[start:end]`, in code points."""

    text: str
    start: int
    end: int


@functools.cache
def tokenizer(lang: str) -> "Tokenizer":
    """Return spaCy's tokenizer for a language code; for "nb" it is the one nb_core_news_sm has too.

    Raises:
        DataError: spaCy has no such language.
    """
    from spacy import blank

    try:
        if not re.fullmatch("[a-z]{2,3}", lang):  # it becomes part of a module's name
            raise ImportError(lang)
        return blank(lang).tokenizer
    except ImportError as error:
        raise failure(
            f"spaCy kjenner ikke språket «{lang}»", f"spaCy does not know the language «{lang}»", try_next='lang="nb"'
        ) from error


def tokenize(text: str, lang: str = "nb") -> list[Token]:
    """Return the tokens of a text without its white space.

    A stretch of more than `MAX_CHUNK` characters without white space is one token: it is no word, and spaCy would need
    time that grows with its square.

    >>> [token.text for token in tokenize("Ja, f.eks. på NAV.")]
    ['Ja', ',', 'f.eks.', 'på', 'NAV', '.']
    """
    rules = tokenizer(lang)
    tokens: list[Token] = []
    position = 0
    for overlong in _OVERLONG.finditer(text) if _has_rules(lang) else ():
        tokens += _by_spacy(rules, text[position : overlong.start()], position)
        tokens.append(Token(overlong[0], overlong.start(), overlong.end()))
        position = overlong.end()
    return tokens + _by_spacy(rules, text[position:], position)


def _by_spacy(rules: "Tokenizer", text: str, offset: int) -> list[Token]:
    return [Token(t.text, offset + t.idx, offset + t.idx + len(t.text)) for t in rules(text) if not t.is_space]


@functools.cache
def _has_rules(lang: str) -> bool:
    """Return whether a language is tokenised by spaCy's rules, and not by another library."""
    from spacy.tokenizer import Tokenizer

    return isinstance(tokenizer(lang), Tokenizer)


@functools.cache
def by_chunk(lang: str) -> bool:
    """Return whether a language's tokens never depend on what stands on the other side of white space."""
    rules = tokenizer(lang)
    return _has_rules(lang) and all(len(text) == 1 or not re.search(r"\s", text) for text in rules.rules)


def fingerprint(lang: str) -> str:
    """Return a SHA-256 of all the rules by which spaCy splits a chunk of a language; other rules, another value."""
    rules = tokenizer(lang)
    searches = (rules.prefix_search, rules.suffix_search, rules.infix_finditer, rules.token_match, rules.url_match)
    patterns = [search.__self__.pattern if search else "" for search in searches]
    cases = sorted((text, [str(list(token.items())) for token in tokens]) for text, tokens in rules.rules.items())
    return hashlib.sha256(repr([*patterns, cases]).encode()).hexdigest()


def patterns(lang: str) -> dict[str, Any]:
    """Return what spaCy needs to split a chunk of a language, as text that can be kept.

    Returns:
        "prefix", "suffix", "infix", "url": regular expressions; "specials": special cases with their tokens; "found":
        those that are looked for among a chunk's tokens too, each with the tokens it would be without.
    """
    from spacy.symbols import ORTH
    from spacy.tokenizer import Tokenizer

    rules = tokenizer(lang)
    searches = {"prefix": rules.prefix_search, "suffix": rules.suffix_search, "infix": rules.infix_finditer}
    finders = {f"{name}_finditer" if name == "infix" else f"{name}_search": find for name, find in searches.items()}
    bare = Tokenizer(rules.vocab, rules={}, **finders, url_match=rules.url_match)
    specials = {text: [case[ORTH] for case in cases] for text, cases in rules.rules.items() if not text.isspace()}
    cut = [text for text in specials if rules.find_prefix(text) or rules.find_suffix(text) or rules.find_infix(text)]
    found = {text: [token.text for token in bare(text)] for text in cut}
    expressions = {name: search.__self__.pattern for name, search in searches.items()}
    return {**expressions, "url": rules.url_match.__self__.pattern, "specials": specials, "found": found}
