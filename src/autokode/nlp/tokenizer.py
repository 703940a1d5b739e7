"""Tokens of a text, by spaCy's rules for its language."""

import functools
import hashlib
import itertools
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from autokode.base.errors import failure
from autokode.base.extras import require
from autokode.nlp.spacy_patterns import LANG, is_spacy_here, shipped_patterns

if TYPE_CHECKING:
    from spacy.tokenizer import Tokenizer

MAX_CHUNK = 500
"""The longest chunk, in characters without white space between them, that is split into tokens.

A longer one is no word: it is one token and has no features. spaCy's time grows with the square of its length.
"""

_CHUNK = re.compile(r"\S+")
_OVERLONG = re.compile(rf"\S{{{MAX_CHUNK + 1},}}")
_KEPT = 1 << 16
"""Chunks whose tokens are kept in memory."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token of a text: `text[start:end]`, in code points."""

    text: str = field(repr=False)
    start: int
    end: int


@functools.cache
def tokenizer(lang: str) -> "Tokenizer":
    """spaCy's tokenizer for a language code; for "nb" the same one as in nb_core_news_sm.

    Raises:
        DataError: spaCy has no such language, or is not installed.
    """
    require("spacy")
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
    """The tokens of a text, without its white space.

    spaCy gets a text chunk by chunk (what stands between white space), so a chunk's tokens are the same in every text. In
    languages where a token may depend on the chunks beside it (see `by_chunk`), spaCy gets the whole text. Where spaCy is not
    installed, its patterns for "nb" come along, with the same tokens; other languages are refused.

    >>> [token.text for token in tokenize("Ja, f.eks. på NAV.")]
    ['Ja', ',', 'f.eks.', 'på', 'NAV', '.']
    """
    if by_chunk(lang):
        found = ((match.start(), _of_chunk(match[0], lang)) for match in _CHUNK.finditer(text))
        return [Token(own, begin + at, begin + at + len(own)) for begin, tokens in found for own, at in tokens]
    tokens: list[Token] = []
    position = 0
    for overlong in _OVERLONG.finditer(text) if _has_rules(lang) else ():
        tokens += _whole(text[position : overlong.start()], position, lang)
        tokens.append(Token(overlong[0], overlong.start(), overlong.end()))
        position = overlong.end()
    return tokens + _whole(text[position:], position, lang)


@functools.lru_cache(maxsize=_KEPT)
def _of_chunk(chunk: str, lang: str) -> tuple[tuple[str, int], ...]:
    """The tokens of a chunk, each with where it begins."""
    if len(chunk) > MAX_CHUNK:
        return ((chunk, 0),)
    if _without_spacy(lang):
        tokens = shipped_patterns()(chunk)
        return tuple(zip(tokens, itertools.accumulate(map(len, tokens), initial=0), strict=False))
    return tuple((token.text, token.idx) for token in tokenizer(lang)(chunk))


def _whole(text: str, offset: int, lang: str) -> list[Token]:
    found = tokenizer(lang)(text)
    return [Token(t.text, offset + t.idx, offset + t.idx + len(t.text)) for t in found if not t.is_space]


def _without_spacy(lang: str) -> bool:
    """Whether a language is split by the patterns that come along, for want of spaCy."""
    return lang == LANG and not is_spacy_here()


@functools.cache
def _has_rules(lang: str) -> bool:
    """Whether spaCy's own rules split a language, and not another library."""
    found = tokenizer(lang)
    from spacy.tokenizer import Tokenizer

    return isinstance(found, Tokenizer)


@functools.cache
def by_chunk(lang: str) -> bool:
    """Whether no special case of a language holds white space, so that each chunk can be split by itself."""
    if _without_spacy(lang):
        return True
    return _has_rules(lang) and all(len(text) == 1 or not re.search(r"\s", text) for text in tokenizer(lang).rules)


def fingerprint(lang: str) -> str:
    """SHA-256 of all the rules by which spaCy splits a chunk of a language."""
    rules = tokenizer(lang)
    searches = (rules.prefix_search, rules.suffix_search, rules.infix_finditer, rules.token_match, rules.url_match)
    patterns = [search.__self__.pattern if search else "" for search in searches]
    cases = sorted((text, [str(list(token.items())) for token in tokens]) for text, tokens in rules.rules.items())
    return hashlib.sha256(repr([*patterns, cases]).encode()).hexdigest()


def patterns(lang: str) -> dict[str, Any]:
    """The rules by which spaCy splits a chunk of a language, in a form that JSON can hold.

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
