"""Words for what the page counts, in the singular and the plural: «1 svar», «2 kodinger»."""

from autokode.base.formatting import whole
from autokode.base.messages import say

WORDS = {
    "answer": (("svar", "answer"), ("svar", "answers")),
    "coding": (("koding", "coding"), ("kodinger", "codings")),
    "suggestion": (("forslag", "suggestion"), ("forslag", "suggestions")),
    "interview": (("intervju", "interview"), ("intervjuer", "interviews")),
    "text": (("tekst", "text"), ("tekster", "texts")),
    "code": (("kode", "code"), ("koder", "codes")),
    "utterance": (("ytring", "utterance"), ("ytringer", "utterances")),
    "decision": (("avgjørelse", "decision"), ("avgjørelser", "decisions")),
    "memo": (("notat", "memo"), ("notater", "memos")),
    "hit": (("treff", "hit"), ("treff", "hits")),
    "entry": (("oppføring", "entry"), ("oppføringer", "entries")),
    "card": (("kort", "card"), ("kort", "cards")),
    "place": (("sted", "place"), ("steder", "places")),
}
"""Thing → its word for one and for several, each in Norwegian and English."""


def word(count: int, thing: str) -> str:
    """The word for so many of a thing.

    >>> word(1, "coding"), word(2, "coding"), word(2, "answer")
    ('koding', 'kodinger', 'svar')
    """
    one, several = WORDS[thing]
    return say(*one) if count == 1 else say(*several)


def many(count: int, thing: str) -> str:
    """A number with its word.

    >>> many(1, "answer"), many(1200, "coding").split()
    ('1 svar', ['1', '200', 'kodinger'])
    """
    return f"{whole(count)} {word(count, thing)}"
