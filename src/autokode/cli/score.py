"""`autokode score`: code very many texts, from file to file."""

import gc
import os
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autokode.base.errors import DataError, Problem, failure, quoted
from autokode.base.messages import say
from autokode.cli.group import Command
from autokode.cli.options import encoding_option, flag, model_option, option
from autokode.cli.output import tell, unused, was_typed

if TYPE_CHECKING:
    from autokode.scoring.batch.formats import ReadOptions
    from autokode.scoring.batch.stream import Wanted


def _score(
    inputs: tuple[str, ...],
    model: str,
    out: str,
    text: str,
    question: str | None,
    top: int,
    all_codes: bool,
    threshold: float | None,
    keep: tuple[str, ...],
    encoding: str | None,
    on_error: str,
    threads: int | None,
    dask: str | None,
) -> None:
    from autokode.scoring.batch.formats import ReadOptions
    from autokode.scoring.batch.parallel import thread_count
    from autokode.scoring.batch.storage import is_address
    from autokode.scoring.batch.stream import Wanted

    used = thread_count(threads)
    if all_codes and was_typed("top"):
        unused("--top", "--all gir sannsynligheten for alle koder", "--all gives the probability of all codes")
    if all_codes and threshold is not None:
        unused("--threshold", "--all gir sannsynligheten for alle koder", "--all gives the probability of all codes")
    if dask and threads is not None:
        unused("--threads", "arbeiderne hos Dask har sine egne", "Dask's workers have their own")
    wanted = Wanted(text, question, None if all_codes else top, threshold, keep or None)
    reading = ReadOptions(encoding, skip=on_error == "skip")
    if is_address(out) or out.endswith(("/", os.sep)) or Path(out).is_dir():
        _to_folder(inputs, model, out, wanted, reading, used, dask)
        return
    if dask or any(is_address(given) for given in inputs):
        raise failure(
            "adresser og --dask skriver til en mappe",
            "addresses and --dask write to a folder",
            where=out,
            try_next=f"--out {quoted(Path(out).stem + '/')}",
        )
    _to_file(tuple(map(Path, inputs)), model, Path(out), wanted, reading, used)


def _to_file(
    inputs: tuple[Path, ...], model: str, out: Path, wanted: "Wanted", reading: "ReadOptions", threads: int
) -> None:
    from autokode.base import resources
    from autokode.cli import terminal
    from autokode.model import model_files
    from autokode.scoring.batch.inputs import find_inputs, read_parts
    from autokode.scoring.batch.outputs import check_ending, opened
    from autokode.scoring.batch.stream import scored
    from autokode.scoring.engine.compiled import CompiledScorer

    check_ending(out)
    files = find_inputs(inputs)
    if any(path.resolve() == out.resolve() for path, _kind in files):
        raise failure(
            "er både det som leses og det som skrives",
            "is both what is read and what is written",
            where=out,
            try_next=f"--out {quoted(out.with_stem(out.stem + '-koder'))}",
        )
    gc.disable()  # what is loaded stays: looking it over again and again takes time
    try:
        scorer = CompiledScorer(model_files.load(resources.model_folder(model)))
    finally:
        gc.enable()
    if wanted.question is None and all(kind == ".docx" for _path, kind in files):
        wanted = replace(wanted, question="question")
    _announce_compiling()
    size = sum(path.stat().st_size for path, _kind in files)
    skipped: list[Problem] = []
    begun, utterances = time.perf_counter(), 0
    something = False
    with opened(out) as write, terminal.throughput(say("Koder", "Coding"), size) as step:
        for part in scored(read_parts(files, reading), scorer, wanted, threads=threads, skip=reading.skip):
            skipped += part.skipped
            if part.batch.num_columns:
                write(part.batch)
                something = True
            utterances += part.batch.num_rows
            step(utterances, part.done)
        if not something:
            what = say("fant ingen rader å kode; ingenting er skrevet", "found no rows to code; nothing was written")
            raise DataError([*skipped, Problem(what)], try_next="autokode score --help")
    _print_skipped(skipped)
    seconds = time.perf_counter() - begun
    tell(
        f"{utterances} {'ytring' if utterances == 1 else 'ytringer'} kodet på {seconds:.1f} s → {out}",
        f"{utterances} utterances coded in {seconds:.1f} s → {out}",
    )


def _to_folder(
    inputs: tuple[str, ...],
    model: str,
    out: str,
    wanted: "Wanted",
    reading: "ReadOptions",
    threads: int,
    dask: str | None,
) -> None:
    from autokode.cli import terminal
    from autokode.scoring.batch.shard_plan import plan
    from autokode.scoring.batch.shard_runner import Done, run

    shards = plan(inputs, out, model, wanted, reading)
    _announce_compiling()
    sizes = {shard.part: shard.size for shard in shards}
    skipped: list[Problem] = []
    rows = size = before = 0
    begun = time.perf_counter()
    with terminal.throughput(say("Koder", "Coding"), sum(sizes.values())) as step:

        def part_done(one: Done) -> None:
            nonlocal rows, size, before
            rows, size, before = rows + one.rows, size + sizes[one.part], before + one.before
            skipped.extend(one.problems)
            step(rows, size)

        run(shards, threads=threads, dask=dask, told=part_done)
    _print_skipped(skipped)
    seconds = time.perf_counter() - begun
    tell(
        f"{rows} ytringer i {len(shards)} deler ({before} var gjort før) på {seconds:.1f} s → {out}",
        f"{rows} utterances in {len(shards)} parts ({before} were done before) in {seconds:.1f} s → {out}",
    )


def _announce_compiling() -> None:
    from autokode.scoring.engine.object_cache import is_kept

    if not is_kept():
        tell(
            "Oversetter regnekjernen til denne maskinen; det skjer bare første gang (et halvt minutt) …",
            "Compiling the scorer for this machine; only the first time (half a minute) …",
            err=True,
        )


def _print_skipped(skipped: list[Problem]) -> None:
    if not skipped:
        return
    tell(f"{len(skipped)} hoppet over:", f"{len(skipped)} skipped:", err=True)
    for problem in skipped:
        click.echo(f"  {problem}", err=True)


command = Command(
    "score",
    callback=_score,
    help=say(
        "Kod svært mange tekster på en gang. Leser .parquet, .arrow, .csv, .jsonl, .txt med en ytring per linje (også .gz, "
        ".bz2, .zst, .lz4), transkripsjoner, og mapper med slike; i en mappe er .txt transkripsjoner. Skriver .parquet, .csv "
        "eller .jsonl med en rad per ytring, i samme rekkefølge; til en mappe/ en del per fil, og en manifest.json når alt er "
        "gjort. Adresser som s3://… kan stå for filer og mapper (autokode[cloud]). Teksten skrives ikke, om du ikke ber om den "
        "med --keep.",
        "Code very many texts at once. Reads .parquet, .arrow, .csv, .jsonl, .txt with one utterance a line (also .gz, .bz2, "
        ".zst, .lz4), transcripts, and folders of these; in a folder .txt are transcripts. Writes .parquet, .csv or .jsonl, "
        "a row an utterance, in the same order; to a folder/ a part a file, and a manifest.json when all is done. Addresses "
        "like s3://… may stand for files and folders (autokode[cloud]). The text is not written, unless --keep asks for it.",
    ),
    short_help=say("Kod svært mange tekster på en gang.", "Code very many texts at once."),
    params=[
        click.Argument(["inputs"], nargs=-1, required=True, metavar="FIL..."),
        model_option(),
        option(
            "--out FIL|MAPPE/",
            "Skriv hit: .parquet, .csv eller .jsonl; eller en mappe/, der det som ble brutt av, fortsetter.",
            "Write here: .parquet, .csv or .jsonl; or a folder/, where what was broken off goes on.",
            required=True,
        ),
        option("--text KOLONNE", "Kolonnen med tekster.", "The column of texts.", default="text"),
        option(
            "--question KOLONNE",
            "Kolonnen med spørsmålene de svarer på; i transkripsjoner finnes de av seg selv.",
            "The column of the questions they answer; found by itself in transcripts.",
        ),
        option(
            "--top ANTALL",
            "Så mange koder per ytring, de sikreste.",
            "So many codes an utterance, the surest.",
            type=click.IntRange(min=1),
            default=3,
        ),
        flag(
            "--all",
            "Sannsynligheten for hver kode i stedet.",
            "The probability of every code instead.",
            into="all_codes",
        ),
        option(
            "--threshold TALL",
            "Sannsynlighet fra 0 til 1 å ta med en kode fra; ellers hver kodes egen.",
            "Probability from which a code is written; else each code's own.",
            type=click.FloatRange(0, 1),
        ),
        option(
            "--keep KOLONNE...",
            "En kolonne å ta med; gjenta for flere. Ellers alle uten tekst og spørsmål.",
            "A column to carry over; repeat for more. Else all but text and question.",
        ),
        encoding_option("Tekstfilenes tegnkoding, om ikke UTF-8.", "If not UTF-8."),
        option(
            "--on-error",
            "Ved en rad som ikke kan leses: stopp, eller hopp over og si fra.",
            "At a row that cannot be read: stop, or leave it out and say so.",
            type=click.Choice(["stop", "skip"]),
            default="stop",
        ),
        option(
            "--threads ANTALL",
            "Tråder; ellers så mange som det er prosessorer.",
            "Threads; else as many as processors.",
            type=click.IntRange(min=1),
        ),
        option(
            "--dask ADRESSE",
            "La arbeiderne til en Dask-planlegger gjøre det (autokode[dask]).",
            "Let the workers of a Dask scheduler do it (autokode[dask]).",
        ),
    ],
    example="autokode score training_data --out koder.csv",
)
