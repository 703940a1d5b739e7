"""Sentences on a theme, as the page and the Word file write them."""

from collections.abc import Sequence

from autokode.base.formatting import counted, percent
from autokode.base.messages import say
from autokode.corpus.codebook import folded
from autokode.report.book import Book
from autokode.report.quote import group_named
from autokode.report.shares import FEWEST
from autokode.report.themes import Count, Theme

NAMED = 12
"""Most people who are named in a sentence."""


def material_text(book: Book) -> str:
    """The size of the material."""
    methods, codings = book.methods, len(book.material.codings)
    return say(
        f"{counted(methods.interviews, 'intervju', 'intervjuer')}, {counted(methods.speakers, 'informant', 'informanter')} og "
        f"{counted(codings, 'koding', 'kodinger')}",
        f"{counted(methods.interviews, 'interview', 'interviews')}, {counted(methods.speakers, 'informant', 'informants')} and "
        f"{counted(codings, 'coding', 'codings')}",
    )


def how_chosen() -> str:
    """Who chose the quotes."""
    return say(
        "Sitater og sammendrag er valgt av programmet ut fra ordene; les dem som forslag.",
        "Quotes and summaries were chosen by the program from the words; read them as suggestions.",
    )


def of_all(counts: Sequence[Count]) -> str:
    """How many of them speak of something: «3 av 6»."""
    return f"{sum(bool(one.utterances) for one in counts)} {say('av', 'of')} {len(counts)}"


def counts_of(theme: Theme) -> str:
    """How much is said about a theme, and by how many."""
    answers = sum(one.utterances for one in theme.interviews)
    interviews = _noun(theme.interviews, say("intervju", "interview"), say("intervjuer", "interviews"))
    people = _noun(theme.speakers, say("informant", "informant"), say("informanter", "informants"))
    said = say(
        f"{counted(answers, 'svar', 'svar')} i {of_all(theme.interviews)} {interviews}",
        f"{counted(answers, 'answer', 'answers')} in {of_all(theme.interviews)} {interviews}",
    )
    speakers = say(
        f"{of_all(theme.speakers)} {people} snakker om dette.",
        f"{of_all(theme.speakers)} {people} speak of it.",
    )
    return f"{said}; {speakers}" if theme.speakers else f"{said}."


def _noun(counts: Sequence[Count], one: str, several: str) -> str:
    return one if len(counts) == 1 else several


def spread_text(book: Book, theme: Theme) -> str:
    """Where a theme is most and least spoken of; "" if there are no groups to compare."""
    if len(book.material.groups) < 2:
        return ""
    known = [one for one in theme.offices if one.answers >= FEWEST and one.name in book.material.groups]
    if len(known) < 2 or len({one.share for one in known}) == 1:
        return ""
    high, low = max(known, key=lambda one: one.share), min(known, key=lambda one: one.share)
    if percent(high.share) == percent(low.share):
        return ""
    most, least = group_named(high.name), group_named(low.name)
    return say(
        f"Oftest i {most} ({percent(high.share)} av svarene), sjeldnest i {least} ({percent(low.share)}).",
        f"Most often in {most} ({percent(high.share)} of the answers), least often in {least} ({percent(low.share)}).",
    )


def person(book: Book, one: Count) -> str:
    """A speaker in a list: «Astrid (gruppe A)»."""
    transcript = next(name for name in book.material.transcripts if book.material.office(name) == one.office)
    place = book.material.place_of(transcript, one.name)
    return f"{one.name} ({place})" if one.name and place and folded(one.name) != folded(place) else one.name or place


def silent_text(book: Book, theme: Theme) -> str:
    """Who does not speak of a theme; "" if everybody does, or so many do not that a list says nothing."""
    if not 0 < len(theme.silent) <= NAMED:
        return ""
    named = [person(book, one) for one in theme.silent]
    listed = ", ".join(named[:-1]) + say(" og ", " and ") * (len(named) > 1) + named[-1]
    return say(f"Ikke kodet slik: {listed}.", f"Not coded so: {listed}.")


def none_together(reach: int) -> str:
    """What is said in place of a figure where no two codes fall together."""
    if reach:
        return say(
            f"Ingen to koder er gitt innen {reach} ytringer fra hverandre.",
            f"No two codes were given within {reach} turns of each other.",
        )
    return say("Ingen svar har fått to koder.", "No answer was given two codes.")
