"""`autokode standing-out`: list a coder's own codings that stand out, and answers near a code that lack it."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from autokode.base.messages import say
from autokode.cli.coder_choice import existing_coder
from autokode.cli.group import Command
from autokode.cli.options import coder_option, option, path_option, project_option
from autokode.cli.output import check_kind, tell
from autokode.cli.projects import opened

if TYPE_CHECKING:
    from autokode.project import Project
    from autokode.project.active_learning.standing_out import StandingOut, StandsOut
    from autokode.project.store.utterance_rows import Quote, UtteranceId

SHOWN = 160
"""Code points of an answer in the terminal."""

COLUMNS = (
    "interview",
    "utterance",
    "speaker",
    "code",
    "given",
    "probability",
    "rival",
    "rival_probability",
    "likest",
    "text",
)


def _standing_out(folder: Path, coder: str | None, most: int, out: Path | None) -> None:
    from autokode.cli import terminal
    from autokode.project.active_learning.similarity import keep_vectors
    from autokode.project.active_learning.standing_out import standing_out

    if out is not None:
        check_kind(out, (".csv",))
    project = opened(folder)
    person = existing_coder(project, coder)
    with terminal.progress(say("Ser gjennom kodingene", "Looking through the codings")) as step:
        keep_vectors(project, "nb", step)
        found = standing_out(project, person)
    if out is None:
        _show(project, found, most)
    else:
        _write(project, found, out)
    place = "" if out is None else f" → {out}"
    tell(
        f"{len(found.codings)} kodinger skiller seg ut, og {len(found.lacking)} svar ligner på en kode de ikke har; sett på "
        f"{found.answers} svar i {found.interviews} intervjuer. Ingenting er endret{place}",
        f"{len(found.codings)} codings stand out, and {len(found.lacking)} answers are near a code they lack; looked at "
        f"{found.answers} answers in {found.interviews} interviews. Nothing was changed{place}",
    )


def _show(project: "Project", found: "StandingOut", most: int) -> None:
    parts = (
        (say("Kodinger som skiller seg ut", "Codings that stand out"), found.codings),
        (say("Svar som ligner på en kode de ikke har", "Answers near a code they lack"), found.lacking),
    )
    for heading, rows in parts:
        click.echo(f"{heading}: {len(rows)}")
        said = _said(project, rows[:most])
        for one in rows[:most]:
            _show_one(one, said)
        if len(rows) > most:
            more = len(rows) - most
            tell(
                f"  … og {more} til: --most {len(rows)}, eller --out",
                f"  … and {more} more: --most {len(rows)}, or --out",
            )


def _show_one(one: "StandsOut", said: "dict[UtteranceId, Quote]") -> None:
    from autokode.base.formatting import one_line, shortened
    from autokode.project.active_learning.standing_out import why

    def quoted(place: "UtteranceId") -> str:
        return f"«{shortened(one_line(said[place].text), SHOWN)}» ({_where(place, said)})"

    click.echo(f"  {one.code}  {quoted(one.place)}")
    click.echo(f"    {why(one)}")
    for place in one.likest:
        click.echo(say("    ligner mest på: ", "    most like: ") + quoted(place))


def _write(project: "Project", found: "StandingOut", out: Path) -> None:
    from autokode.base.csv_files import csv_text
    from autokode.base.files import write_whole

    every = (*found.codings, *found.lacking)
    said = _said(project, every)
    rows = (
        (
            said[one.place].transcript,
            one.place[1] + 1,
            said[one.place].speaker,
            one.code,
            one.given,
            round(one.probability, 4),
            one.rival[0] if one.rival else None,
            round(one.rival[1], 4) if one.rival else None,
            "; ".join(_where(place, said) for place in one.likest),
            said[one.place].text,
        )
        for one in every
    )
    write_whole(out, csv_text(COLUMNS, rows))


def _said(project: "Project", rows: "tuple[StandsOut, ...]") -> "dict[UtteranceId, Quote]":
    from autokode.project.store.utterance_rows import quotes

    return quotes(project, {place for one in rows for place in (one.place, *one.likest)})


def _where(place: "UtteranceId", said: "dict[UtteranceId, Quote]") -> str:
    return f"{said[place].transcript}, {place[1] + 1}"


command = Command(
    "standing-out",
    callback=_standing_out,
    help=say(
        "List opp egne kodinger som skiller seg ut: koder i svar som ikke ligner de andre svarene med koden, og svar som "
        "ligner dem, men ikke har koden. Hvert intervju holdes utenfor når det vurderes. Det er en liste å se på; ingenting blir "
        "endret.",
        "List your own codings that stand out: codes in answers unlike the others with the code, and answers that are like them "
        "and lack it. Each interview is held out when it is judged. It is a list to look at; nothing is changed.",
    ),
    short_help=say("List opp egne kodinger som skiller seg ut.", "List your own codings that stand out."),
    params=[
        project_option(),
        coder_option(),
        option(
            "--most TALL",
            "Hvor mange av hvert slag som vises her.",
            "How many of each kind to show here.",
            type=click.IntRange(min=1),
            default=20,
        ),
        path_option(
            "--out FIL",
            "Skriv alle til en tabell (.csv). Filen har svarenes tekst.",
            "Write all to a table (.csv). The file holds the answers' texts.",
        ),
    ],
    example="autokode standing-out --project prosjekt --coder enighet",
)
