"""What documents of coded transcripts say in words, beside the interviews themselves."""

from autokode.base.formatting import counted
from autokode.base.messages import say
from autokode.report.coded_text import CodedInterview, CodedText, InMargin
from autokode.report.quote import group_named


def about_text(text: CodedText) -> str:
    """How much there is, and whose codings."""
    count, names = len(text.interviews), list(text.coders)
    whose = f" {say('og', 'and')} ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    interviews = say(counted(count, "intervju", "intervjuer"), counted(count, "interview", "interviews"))
    return f"{interviews}, {_codings(text.codings)} {say('av', 'by')} {whose}."


def about_interview(one: CodedInterview) -> str:
    """Its group and how many codings it has."""
    return ", ".join(filter(None, (group_named(one.group), _codings(one.codings))))


def how_shown() -> str:
    """How to read the colours and brackets."""
    return say(
        "Bak kodede ord står fargen til koden. Dekker flere koder de samme ordene, har bakgrunnen fargen til koden på det "
        "korteste stedet, og streken under fargen til den neste; i margen står alle. Der en ytring har koder på flere steder, "
        "viser klammer med tall hvor hvert sted begynner og slutter. ★ er et godt sitat.",
        "Behind coded words stands the colour of the code. Where several codes cover the same words, the background is of the "
        "code on the shortest place, and the line under them of the next; the margin has them all. Where an utterance has codes "
        "in several places, brackets with numbers show where each begins and ends. ★ is a good quote.",
    )


def coders_in_margin(text: CodedText, one: InMargin) -> str:
    """Who gave a code; "" where all codings are one coder's, who is named above."""
    return ", ".join(one.given.coders) if len(text.coders) > 1 else ""


def goes_on() -> str:
    """What stands at a code that began in a row above."""
    return say("fortsetter", "continues")


def _codings(count: int) -> str:
    return say(counted(count, "koding", "kodinger"), counted(count, "coding", "codings"))
