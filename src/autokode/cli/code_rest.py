"""`autokode code-rest`: code the rest of a code automatically, once a random sample judged blind shows that a promise holds."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from autokode.base.errors import failure, quoted
from autokode.base.messages import say
from autokode.cli.coder_choice import existing_coder
from autokode.cli.group import Command
from autokode.cli.options import coder_option, flag, option, project_option
from autokode.cli.output import tell, tell_next
from autokode.cli.projects import opened

if TYPE_CHECKING:
    from autokode.project import Coder, Project
    from autokode.project.active_learning.rest_standing import Standing

YES, NO, BACK, END = ("j", "y"), ("n",), ("z",), ("q", "")
"""What one types to judge an answer, to take the last judgement back, and to stop."""


def _code_rest(
    code: str,
    folder: Path,
    coder: str | None,
    precision: float | None,
    recall: float | None,
    confidence: float,
    seed: int | None,
    size: int | None,
    judge: bool,
    apply: bool,
) -> None:
    from autokode.project.active_learning.rest_sampling import Promise, draw_sample
    from autokode.project.active_learning.rest_standing import code_rest, standing
    from autokode.project.store.rest_rows import PRECISION, RECALL

    project = opened(folder)
    person = existing_coder(project, coder)
    known = project.codebook.find(code) or code
    stated = [(PRECISION, precision)] * (precision is not None) + [(RECALL, recall)] * (recall is not None)
    if len(stated) > 1 or (stated and apply):
        raise failure(
            "ett løfte om gangen, og det prøves før det gjelder: --precision eller --recall, så --judge, så --apply",
            "one promise at a time, and it is tested first: --precision or --recall, then --judge, then --apply",
            try_next=f"autokode code-rest {quoted(code)} --precision 0.9",
        )
    for kind, share in stated:
        draw_sample(project, person, known, Promise(kind, share or 0.0, confidence), seed=seed, size=size)
    now = standing(project, person, known)
    if now is not None and judge:
        _judge(project, person, now)
        now = standing(project, person, known)
    if apply:
        count = code_rest(project, person, known)
        tell(
            f"{count} svar er kodet med «{known}» av modellen, og er merket som dens. Angres på siden (z).",
            f"{count} answers were coded with «{known}» by the model, and are marked as its. Undone on the page (z).",
        )
        return
    _tell(project, now, known)


def _tell(project: "Project", now: "Standing | None", code: str) -> None:
    """Say how far a draw has come, and what comes next."""
    from autokode.project.views.rest_words import drawn_text, verdict_text

    command = f"code-rest {quoted(code)}"
    if now is None:
        tell(
            f"Ingen stikkprøve er trukket for «{code}» siden resten sist ble kodet.",
            f"No sample was drawn for «{code}» since its rest was last coded.",
        )
        tell_next(f"{command} --precision 0.9 --project {quoted(project.folder)}")
        return
    click.echo(drawn_text(now))
    click.echo(verdict_text(now))
    again = f"--{now.draw.promise} {now.draw.stated}"
    option_next = {"open": "--judge", "passed": "--apply"}.get(now.verdict, again)
    tell_next(f"{command} {option_next} --project {quoted(project.folder)}")


def _judge(project: "Project", person: "Coder", now: "Standing") -> None:
    """Ask about one answer after the other, without a word of what the model says of it."""
    from autokode.base.formatting import one_line
    from autokode.project.active_learning.rest_standing import check_valid, judge, standing
    from autokode.project.store.compared_rows import asked_and_said
    from autokode.project.store.reviewing import Reviewer

    check_valid(project, now)
    code = project.codebook[now.draw.code]
    click.echo(f"«{code.name}»: {one_line(code.definition) or say('uten definisjon', 'without a definition')}")
    current: Standing | None = now
    while current is not None and current.verdict == "open" and current.draw.id == now.draw.id:
        place, number = current.open[0], len(current.judged) + 1
        question, text = asked_and_said(project, [place])[place]
        click.echo(f"\n{number}/{len(current.draw.asked)}" + (f"  {one_line(question)}" if question else ""))
        click.echo(one_line(text))
        words = say(
            "Har svaret koden? j/n, z angrer, q slutter", "Does the answer have the code? y/n, z takes back, q ends"
        )
        said = click.prompt(words, default="", show_default=False).strip().casefold()
        if said in YES or said in NO:
            judge(project, person, current.draw, place, given=said in YES)
        elif said in BACK and current.judged:
            Reviewer(project, person.id).undo()
        elif said in END:
            return
        current = standing(project, person, now.draw.code)


command = Command(
    "code-rest",
    callback=_code_rest,
    help=say(
        "Kod resten av en kode automatisk. Først lover du noe: minst så mye av det som kodes, er rett (--precision), eller minst "
        "så mye av det som har koden, blir kodet (--recall). Så trekkes en tilfeldig stikkprøve av svar ingen har tatt stilling "
        "til, blandet med andre svar. Du vurderer hvert av dem uten å se hva modellen mener (--judge). Først når prøven viser at "
        "løftet holder, kan resten kodes (--apply). Kodingene er merket som modellens for godt. Hver trekning telles, og krever "
        "mer av den neste.",
        "Code the rest of a code automatically. First you promise something: of what is coded, at least so much is right "
        "(--precision), or of what has the code, at least so much is coded (--recall). Then a random sample is drawn of answers "
        "nobody has decided on, mixed with other answers. You judge each without seeing what the model says (--judge). Only "
        "when the sample shows that the promise holds can the rest be coded (--apply). The codings are marked as the model's "
        "for good. Every draw is counted, and demands more of the next one.",
    ),
    short_help=say(
        "Kod resten av en kode, etter en blind stikkprøve.", "Code the rest of a code, after a blind sample."
    ),
    params=[
        click.Argument(["code"], metavar="KODE"),
        project_option(),
        coder_option(),
        option(
            "--precision TALL",
            "Løftet: minst denne andelen av det som kodes, er rett.",
            "The promise: at least this share of what is coded is right.",
            type=float,
        ),
        option(
            "--recall TALL",
            "Løftet: minst denne andelen av det som har koden, blir kodet.",
            "The promise: at least this share of what has the code is coded.",
            type=float,
        ),
        option(
            "--confidence TALL",
            "Hvor sikkert løftet skal være, over alle trekninger.",
            "How sure the promise must be, over all draws.",
            type=float,
            default=0.95,
        ),
        option(
            "--seed TALL",
            "Frø for trekningen; ellers et tilfeldig, som noteres.",
            "Seed of the draw; else one by chance, which is kept.",
            type=click.IntRange(0, 2**32 - 1),
        ),
        option(
            "--size TALL",
            "Hvor mange som skal trekkes; ellers så mange som trengs.",
            "How many to draw; else as many as it takes.",
            type=click.IntRange(min=1),
        ),
        flag("--judge", "Vurder svarene i stikkprøven her.", "Judge the answers of the sample here."),
        flag(
            "--apply",
            "Kod resten, når stikkprøven viser at løftet holder.",
            "Code the rest, once the sample shows that the promise holds.",
        ),
    ],
    example="autokode code-rest makt --project prosjekt --coder enighet",
)
