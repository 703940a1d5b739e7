"""The paragraph of a methods section on what a model coded without a person: what was promised, drawn, judged and proved."""

import math

from autokode.base.formatting import counted, percent, whole
from autokode.base.messages import say
from autokode.project.store.rest_coded import Rest
from autokode.project.store.rest_rows import PRECISION
from autokode.project.views.rest_words import promised
from autokode.report.methods import Methods


def rest_text(methods: Methods) -> str:
    """The paragraph; for methods with anything to say in it."""
    parts = [_one(rest) for rest in methods.rests]
    if methods.rests:
        parts.append(
            say(
                "Disse kodingene er merket med modellens navn i alle tabeller og dokumenter, er ikke med i noen enighet og har "
                "ikke lært noen modell noe. Grensene er eksakte (hypergeometriske) for det som var igjen, og hver trekning for "
                "en kode bruker sin del av den tillatte feilen, så det hjelper ikke å trekke til det går.",
                "These codings bear the model's name in every table and document, are in no agreement, and taught no model "
                "anything. The limits are exact (hypergeometric) for what was left, and each draw for a code spends its part of "
                "the permitted error, so that drawing until it passes does not help.",
            )
        )
    for code, count in methods.in_vain.items():
        parts.append(
            say(
                f"For «{code}» er det trukket {counted(count, 'stikkprøve', 'stikkprøver')} uten at resten er kodet etterpå.",
                f"For «{code}» {counted(count, 'sample was', 'samples were')} drawn without its rest being coded afterwards.",
            )
        )
    for model, count in methods.models_elsewhere.items():
        parts.append(
            say(
                f"{counted(count, 'koding', 'kodinger')} av «{model}» ble tatt inn fra et annet prosjekt; hvilken stikkprøve de "
                "bygger på, står der.",
                f"{counted(count, 'coding', 'codings')} by «{model}» were taken in from another project, which says what sample "
                "they rest on.",
            )
        )
    return " ".join(parts)


def _one(rest: Rest) -> str:
    """What was coded of one code, and why that could be relied on."""
    least = percent(math.floor(rest.least * 100) / 100)
    promise = promised(rest.promise, rest.stated, rest.error)
    first = say(
        f"Koden «{rest.code}» ble gitt {counted(rest.coded, 'svar', 'svar')} av «{rest.model}» uten at noen leste dem. Løftet "
        f"var {promise}. {rest.coder} vurderte blindt, blandet med andre svar, {whole(rest.drawn)} tilfeldig trukne av "
        f"{whole(rest.whole)} svar som ville få koden (trekning nr. {rest.look}, frø {rest.seed}); {whole(rest.right)} hadde "
        "den.",
        f"The code «{rest.code}» was given to {counted(rest.coded, 'answer', 'answers')} by «{rest.model}» without anybody "
        f"reading them. The promise was a {promise}. Blind, and mixed with other answers, {rest.coder} judged "
        f"{whole(rest.drawn)} of {whole(rest.whole)} answers that would get the code, drawn at random (draw no. {rest.look}, "
        f"seed {rest.seed}); "
        f"{whole(rest.right)} had it.",
    )
    if rest.promise == PRECISION:
        return first + say(
            f" Av det som var igjen, har dermed minst {least} koden.",
            f" So of what was left, at least {least} have the code.",
        )
    return first + say(
        f" Av {whole(rest.passed)} svar som ikke ville få den, ble {whole(rest.passed_drawn)} trukket; "
        f"{whole(rest.passed_right)} hadde den. Av svarene som var igjen og har koden, fikk dermed minst {least} den.",
        f" Of {whole(rest.passed)} answers that would not get it, {whole(rest.passed_drawn)} were drawn; "
        f"{whole(rest.passed_right)} had it. So of the answers left that have the code, at least {least} got it.",
    )
