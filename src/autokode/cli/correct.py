"""`autokode correct`: correct the transcript of an interview that is being coded."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from autokode.base.errors import failure, quoted
from autokode.base.messages import say
from autokode.cli.coder_choice import coder_named
from autokode.cli.group import Command
from autokode.cli.options import flag, option, project_option
from autokode.cli.output import tell
from autokode.cli.projects import opened

if TYPE_CHECKING:
    from autokode.project.store.version_move import Following


def _correct(
    interview: str,
    number: int,
    folder: Path,
    text: str | None,
    speaker: str | None,
    everywhere: bool,
    split: str | None,
    join: bool,
    coder: str | None,
) -> None:
    from autokode.project.store.transcript_correction import change_speaker, correct_text, join_turn, split_turn

    _check(text, speaker, split, everywhere=everywhere, join=join)
    project = opened(folder)
    who, source = coder_named(project, coder), project.source(interview)
    turns, index = project.transcript(interview).utterances, number - 1
    saw = turns[index].text if 0 <= index < len(turns) else ""
    if text is not None:
        told = correct_text(project, who, source.id, index, text, saw=saw)
    elif split is not None:
        at = _place(saw, split)
        told = split_turn(project, who, source.id, index, at, saw=saw, speaker=speaker or "")
    elif join:
        told = join_turn(project, who, source.id, index, saw=saw)
    else:
        told = change_speaker(project, who, source.id, index, speaker or "", saw=saw, everywhere=everywhere)
    _tell(told)
    tell(
        f"Angre på siden: z; eller: autokode undo --project {quoted(folder)}",
        f"Undo on the page: z; or: autokode undo --project {quoted(folder)}",
    )


def _check(text: str | None, speaker: str | None, split: str | None, *, everywhere: bool, join: bool) -> None:
    """Check that one thing is asked for; a split may name the second speaker.

    Raises:
        DataError: nothing is asked for, or too much.
    """
    asked = [text is not None, split is not None, join, speaker is not None and split is None]
    if sum(asked) != 1 or (everywhere and not asked[-1]):
        raise failure(
            "si én ting som skal rettes: --text, --speaker (med --everywhere for hele intervjuet), --split eller --join",
            "say one thing to correct: --text, --speaker (with --everywhere for the whole interview), --split or --join",
            try_next="autokode correct --help",
        )


def _place(said: str, words: str) -> int:
    """Where the words stand with which the second utterance begins.

    Raises:
        DataError: they stand nowhere in the utterance, or in several places.
    """
    count = said.count(words) if words.strip() else 0
    if count != 1:
        raise failure(
            f"ordene den andre ytringen skal begynne med, står {count} ganger i ytringen; ventet 1",
            f"the words with which the second utterance is to begin stand {count} times in it; expected 1",
            try_next=say("skriv flere av ordene etter --split", "write more of the words after --split"),
        )
    return said.index(words)


def _tell(told: "Following") -> None:
    tell(
        f"Rettet. Kodinger med de samme ordene: {told.same}; med rettede ord: {len(told.changed)}; "
        f"uten ord igjen: {len(told.gone)}",
        f"Corrected. Codings with the same words: {told.same}; with corrected words: {len(told.changed)}; "
        f"without words left: {len(told.gone)}",
    )
    for one in told.gone:
        tell(f"  borte: {one.coder}, {one.code}", f"  gone: {one.coder}, {one.code}")
    lost = told.unread + told.verdicts
    if lost:
        tell(
            f"  lest-merker og svar på forslag som ikke kunne følge: {lost}",
            f"  read marks and answers on suggestions that could not follow: {lost}",
        )


command = Command(
    "correct",
    callback=_correct,
    help=say(
        "Rett transkripsjonen mens dere koder: ord, taler, en ytring som skal deles eller slås sammen med den neste. Kodinger, "
        "notater og avgjørelser følger ordene sine, og teksten slik den sto, er bevart. YTRING er ytringens nummer, fra 1.",
        "Correct the transcript while you code: words, speaker, an utterance to split or to join with the next one. Codings, "
        "memos and decisions follow their words, and the text as it was is kept. YTRING is the utterance's number, from 1.",
    ),
    short_help=say(
        "Rett ord, taler eller ytringer i et intervju.", "Correct words, speakers or turns of an interview."
    ),
    params=[
        click.Argument(["interview"], metavar="INTERVJU"),
        click.Argument(["number"], type=int, metavar="YTRING"),
        project_option(),
        option("--text ORD", "Hele ytringen slik den skal stå.", "The whole utterance as it is to be."),
        option("--speaker NAVN", "Hvem som sier det.", "Who says it."),
        flag("--everywhere", "Alle ytringene til denne taleren.", "All utterances of this speaker."),
        option(
            "--split ORD",
            "Del ytringen; den andre begynner med disse ordene.",
            "Split the utterance; the second one begins with these words.",
        ),
        flag("--join", "Slå ytringen sammen med den neste.", "Join the utterance with the next one."),
        option("--coder NAVN", "Hvem som retter.", "Who corrects."),
    ],
    example='autokode correct kontor_a 2 --speaker "Atle" --project prosjekt --coder Anne',
)
