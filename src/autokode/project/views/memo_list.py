"""Lists a coder's memos, says what each is about, and finds those with some words."""

from collections.abc import Iterable

from autokode.base.messages import say
from autokode.project.store.memo_rows import AboutMemo
from autokode.project.store.search_query import WORD, read_query
from autokode.project.store.vocabulary import Vocabulary
from autokode.project.views.search_results import Marking


def about_said(memo: AboutMemo) -> str:
    """What a memo is about, in words.

    >>> about_said(AboutMemo("code/makt", "", "code", code="makt"))
    'Koden «makt»'
    """
    where = ", ".join(part for part in (memo.interview, memo.speaker) if part)
    if memo.kind == "project":
        return say("Prosjektet", "The project")
    if memo.kind == "code":
        return say(
            f"Koden «{memo.code}»" + ", som er fjernet" * memo.gone,
            f"The code «{memo.code}»" + ", which is gone" * memo.gone,
        )
    if memo.kind == "transcript":
        return say(f"Intervjuet {where}", f"The interview {where}")
    if memo.kind == "turn":
        return say(f"Ytring i {where}", f"Utterance in {where}")
    if not memo.interview:
        return say("En koding som er fjernet", "A coding that was removed")
    return say(
        f"Kodingen «{memo.code}»" + ", som er fjernet" * memo.gone + f", i {where}",
        f"The coding «{memo.code}»" + ", which was removed" * memo.gone + f", in {where}",
    )


def with_words(memos: Iterable[AboutMemo], text: str) -> list[AboutMemo]:
    """The memos that a query (`read_query`) finds: by their own words, and by those of what they are about; all for no words."""
    every, query = list(memos), read_query(text)
    if not query:
        return every
    texts = {memo.about: f"{memo.text}\n{about_said(memo)}\n{memo.quote}" for memo in every}
    words = {word for said in texts.values() for word in WORD.findall(said)}
    marking = Marking(query, Vocabulary(words))
    return [memo for memo in every if marking.fits(texts[memo.about])]
