"""Says in words what a draw promises, how far it has come and what it shows; never, before all is judged, how it goes."""

import math

from autokode.base.formatting import counted, percent, whole
from autokode.base.messages import say
from autokode.project.active_learning.rest_standing import Standing, void_because
from autokode.project.store.rest_coded import Rest
from autokode.project.store.rest_rows import PRECISION


def promised(promise: str, stated: float, error: float) -> str:
    """A promise as a noun: «presisjon på minst 90 % (95 % sikkert)»."""
    share, sure = percent(stated), percent(1 - error)
    if promise == PRECISION:
        return say(f"presisjon på minst {share} ({sure} sikkert)", f"precision of at least {share} ({sure} sure)")
    return say(f"gjenfinning på minst {share} ({sure} sikkert)", f"recall of at least {share} ({sure} sure)")


def drawn_text(now: Standing) -> str:
    """What was drawn, without what of it would be coded."""
    draw = now.draw
    return say(
        f"«{draw.code}»: løftet er {promised(draw.promise, draw.stated, draw.error)}. Modellen ville gitt koden til "
        f"{whole(len(draw.given))} av {whole(len(draw.given) + draw.passed)} svar som ingen har tatt stilling til. Trekning nr. "
        f"{draw.look}, frø {draw.seed}: {whole(len(draw.asked))} svar å vurdere, {whole(len(now.judged))} er vurdert.",
        f"«{draw.code}»: the promise is a {promised(draw.promise, draw.stated, draw.error)}. The model would give the code to "
        f"{whole(len(draw.given))} of {whole(len(draw.given) + draw.passed)} answers that nobody has decided on. Draw no. "
        f"{draw.look}, seed {draw.seed}: {whole(len(draw.asked))} answers to judge, {whole(len(now.judged))} are judged.",
    )


def coded_text(rest: Rest) -> str:
    """What was coded automatically of one code, in a line."""
    answers = counted(rest.coded, say("svar", "answer"), say("svar", "answers"))
    return say(
        f"«{rest.code}»: {answers} kodet av {rest.model}; løftet var {promised(rest.promise, rest.stated, rest.error)}",
        f"«{rest.code}»: {answers} coded by {rest.model}; the promise was a {promised(rest.promise, rest.stated, rest.error)}",
    )


def verdict_text(now: Standing) -> str:
    """What the draw comes to."""
    if now.verdict == "void":
        why = void_because(now)
        return say(
            f"Stikkprøven gjelder ikke lenger: {why}. Trekk en ny.", f"The sample is void: {why}. Draw another one."
        )
    if now.verdict == "open":
        left = len(now.open)
        return say(
            f"{counted(left, 'svar', 'svar')} gjenstår. Hva prøven viser, sies når alle er vurdert.",
            f"{counted(left, 'answer', 'answers')} to go. What the sample shows is said when all are judged.",
        )
    shown = _shown(now)
    if now.verdict == "passed":
        return shown + say(
            f" Løftet holder: {counted(len(now.left), 'svar', 'svar')} kan kodes automatisk.",
            f" The promise holds: {counted(len(now.left), 'answer', 'answers')} can be coded automatically.",
        )
    if now.verdict == "failed":
        return shown + say(
            " Løftet holder ikke; resten blir ikke kodet. Kod mer, og la modellen lære, eller lov mindre.",
            " The promise does not hold; the rest is not coded. Code more and let the model learn, or promise less.",
        )
    return shown + say(
        " Det er for lite til å si det ene eller det andre. Trekk en gang til av det som er igjen; hver trekning krever mer.",
        " That is too little to tell either way. Draw once more of what is left; each draw demands more.",
    )


def _shown(now: Standing) -> str:
    given, passed = now.given, now.passed
    least = percent(math.floor((now.least or 0.0) * 100) / 100)
    if now.draw.promise == PRECISION:
        return say(
            f"{given.right} av {given.drawn} trukne svar hadde koden: av det som er igjen, har minst {least} den.",
            f"{given.right} of {given.drawn} answers drawn had the code: of what is left, at least {least} have it.",
        )
    return say(
        f"{given.right} av {given.drawn} trukne svar som ville få koden, hadde den, og {passed.right} av {passed.drawn} som ikke "
        f"ville få den: av det som er igjen og har koden, får minst {least} den.",
        f"{given.right} of {given.drawn} answers drawn that would get the code had it, and {passed.right} of {passed.drawn} that "
        f"would not: of what is left and has the code, at least {least} get it.",
    )
