"""`autokode suggest-codes`: propose codes of transcripts that nobody coded."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autokode.base.messages import say
from autokode.cli.group import Command
from autokode.cli.options import files_argument, option, path_option, reading_options
from autokode.cli.output import tell
from autokode.cli.transcript import read_all

if TYPE_CHECKING:
    from autokode.report.open_codes import CodeProposals

SHOWN = 160
"""Code points of a typical answer in the terminal."""

NO_ENCODER = ("ingen", "none")

COLUMNS = ("code", "interview", "utterance", "typical", "text")


def _suggest_codes(
    files: tuple[Path, ...], out: Path | None, count: int | None, language: str, encoder: str | None, **given: Any
) -> None:
    from autokode.model import encoder as encoders
    from autokode.model.features import forms_of
    from autokode.report.open_codes import answers_of, propose_codes

    if out is not None and out.suffix.lower() not in (".yaml", ".yml", ".csv"):
        raise click.UsageError(say("--out må ende på .yaml eller .csv", "--out must end in .yaml or .csv"))
    transcripts = read_all(files, given)
    labels = {label for transcript in transcripts for label in transcript.speakers}
    unnamed = frozenset(form for label in labels for form in forms_of(label, language))
    chosen = encoders.installed() if encoder is None else None if encoder in NO_ENCODER else encoder
    used = encoders.of(chosen)
    found = propose_codes(answers_of(transcripts), language=language, count=count, unnamed=unnamed, encoder=used)
    if out is None:
        _show(found)
    else:
        _write(found, out, language)
    place = "" if out is None else f" → {out}"
    grouped = sum(len(one.answers) for one in found.codes)
    tell(
        f"{len(found.codes)} foreslåtte koder av {grouped} svar; {found.too_short} for korte og {found.alone} alene er utelatt. "
        f"Ingen svar er kodet{place}",
        f"{len(found.codes)} proposed codes of {grouped} answers; {found.too_short} too short and {found.alone} alone are left "
        f"out. No answer is coded{place}",
    )


def _show(found: "CodeProposals") -> None:
    from autokode.base.formatting import one_line, percent, shortened

    for one in found.codes:
        size = say(
            f"{len(one.answers)} svar i {one.interviews} intervjuer, stabilitet {percent(one.stability)}",
            f"{len(one.answers)} answers in {one.interviews} interviews, stability {percent(one.stability)}",
        )
        click.echo(f"{one.name}  – {size}")
        if one.words:
            click.echo(say("    skiller seg ut: ", "    sets it apart: ") + ", ".join(one.words))
        for answer in one.typical:
            click.echo(f"    «{shortened(one_line(answer.text), SHOWN)}» ({answer.interview})")


def _write(found: "CodeProposals", out: Path, language: str) -> None:
    from autokode.base.csv_files import csv_text
    from autokode.base.files import write_whole

    if out.suffix.lower() != ".csv":
        write_whole(out, found.codebook(language).to_yaml())
        return
    rows = (
        (one.name, answer.interview, answer.utterance, answer in one.typical, answer.text)
        for one in found.codes
        for answer in one.answers
    )
    write_whole(out, csv_text(COLUMNS, rows))


command = Command(
    "suggest-codes",
    callback=_suggest_codes,
    help=say(
        "Foreslå koder uten en kodebok: grupper av svar som sier det samme, med navn av deres egne ord, typiske svar og det som "
        "skiller dem ut. Forslagene er et utkast til en kodebok; ingen svar blir kodet.",
        "Propose codes without a codebook: groups of answers that say the same, with names of their own words, typical answers "
        "and what sets them apart. The proposals are a draft of a codebook; no answer is coded.",
    ),
    short_help=say("Foreslå koder uten en kodebok.", "Propose codes without a codebook."),
    params=[
        files_argument(),
        path_option(
            "--out FIL",
            "Skriv forslagene som kodebok (.yaml) eller svarene med forslagets navn (.csv).",
            "Write the proposals as a codebook (.yaml), or the answers with their proposal's name (.csv).",
        ),
        option(
            "--count TALL",
            "Hvor mange grupper svarene deles i; ellers det antallet som skiller dem best.",
            "How many groups to divide the answers into; else the number that parts them best.",
            type=int,
        ),
        option(
            "--language KODE",
            "Svarenes språk, som spaCy kaller det.",
            "The answers' language, as spaCy calls it.",
            default="nb",
        ),
        option(
            "--encoder NAVN",
            "Setningskoder som også ser på svarene: e5, en mappe, eller ingen; ellers e5 der den er installert.",
            "Sentence encoder that looks at the answers too: e5, a folder, or none; else e5 where it is installed.",
        ),
        *reading_options(),
    ],
    example="autokode suggest-codes training_data/kontor_a.docx training_data/kontor_c.vtt --out forslag.yaml",
)
