"""Hand-coded segments in a CSV file: which coder gave which code to which segment of which transcript.

transcript,start,end,quote,code,coder,time
kontor_a,1034,1101,"Vi gikk tur i tre uker før hen sa noe.",relasjonsarbeid,forsker1,2026-03-02T10:15:00
"""

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace
from pathlib import Path

from autokode.base.csv_files import csv_rows, csv_text
from autokode.base.errors import DataError, Problem
from autokode.base.files import write_whole
from autokode.base.formatting import shortened
from autokode.base.messages import say
from autokode.base.text_files import read_text
from autokode.corpus.codebook import Codebook
from autokode.corpus.transcript import Transcript

COLUMNS = ("transcript", "start", "end", "quote", "code", "coder", "time")
_NEEDED = COLUMNS[:5]


@dataclass(frozen=True, slots=True, order=True)
class Segment:
    """A span of a transcript that carries meaning.

    Attributes:
        transcript: the transcript's name.
        start, end: code points into its text, half-open.
        quote: the text there, to check that the offsets still fit the text.
    """

    transcript: str
    start: int
    end: int
    quote: str = field(repr=False)


@dataclass(frozen=True, slots=True, order=True)
class Coding:
    """The fact that a coder applied a code to a segment.

    Attributes:
        segment: the segment with the code.
        code: the code's name.
        coder: a person or a model; "" if unknown.
        time: in ISO 8601; "" if unknown.
    """

    segment: Segment
    code: str
    coder: str = ""
    time: str = ""


def read_codings(
    path: str | Path,
    *,
    transcripts: Mapping[str, Transcript] | None = None,
    codebook: Codebook | None = None,
    leave_out: Collection[str] = (),
) -> tuple[Coding, ...]:
    """Read codings from a CSV file (comma, semicolon or tab between columns, as Excel saves them).

    Args:
        path: the file.
        transcripts: by name; every coding's transcript must be among them, with the coding's quote at its offsets.
        codebook: every coding's code must be codable in it.
        leave_out: names of transcripts whose codings are skipped.

    Raises:
        DataError: lists every wrong line, what it holds and what was expected.
    """
    return codings_of(
        coding_rows(Path(path)), str(path), transcripts=transcripts, codebook=codebook, leave_out=leave_out
    )


def coding_rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Read the rows of a CSV file of codings, whatever they say: (line number, column → text).

    Raises:
        DataError: it lacks a column that every coding needs.
    """
    return csv_rows(read_text(path), str(path), needed=_NEEDED, example=",".join(COLUMNS))


def codings_of(
    rows: Iterable[tuple[int, Mapping[str, str]]],
    name: str,
    *,
    transcripts: Mapping[str, Transcript] | None = None,
    codebook: Codebook | None = None,
    leave_out: Collection[str] = (),
) -> tuple[Coding, ...]:
    """Build codings from the rows of a table; `name` is the file to name in errors, the rest is as in `read_codings`.

    Args:
        rows: (line number, column → text) with the columns `COLUMNS`.
    """
    problems: list[Problem] = []
    codings = []
    check = _Check(transcripts, codebook, name)
    missing: dict[str, list[int]] = {}
    for line, row in rows:
        coding = _coding(row)
        if isinstance(coding, str):
            problems.append(Problem(coding, name, line))
        elif coding.segment.transcript not in leave_out:
            if transcripts is not None and coding.segment.transcript not in transcripts:
                missing.setdefault(coding.segment.transcript, []).append(line)
            problems.extend(Problem(what, name, line) for what in check.problems(coding))
            codings.append(check.by_its_name(coding))
    if missing:
        absent = [check.absent(transcript, lines) for transcript, lines in missing.items()]
        first = say(
            "legg til de intervjuene først, eller ta kodingene deres ut av filen",
            "add those interviews first, or take their codings out of the file",
        )
        raise DataError(sorted(absent + problems, key=lambda one: one.line or 0), try_next=first)
    if problems:
        raise DataError(problems, try_next=say("rett linjene i filen", "mend these lines in the file"))
    return tuple(codings)


def write_codings(path: str | Path, codings: Iterable[Coding]) -> None:
    """Write codings as CSV (UTF-8, commas, LF, doubled quotation marks); whole or not at all."""
    rows = ((*astuple(coding.segment), coding.code, coding.coder, coding.time) for coding in codings)
    write_whole(Path(path), csv_text(COLUMNS, rows))


def _coding(row: Mapping[str, str]) -> Coding | str:
    """The coding of a row, or what is wrong with it."""
    absent = ", ".join(column for column in _NEEDED if not row.get(column, "").strip() and column != "quote")
    if absent:
        return say(f"mangler {absent}", f"has no {absent}")
    try:
        start, end = int(row["start"]), int(row["end"])
    except ValueError:
        return say(
            f"start «{row['start']}» og end «{row['end']}»; ventet hele tall",
            f"start «{row['start']}» and end «{row['end']}»; expected whole numbers",
        )
    if not 0 <= start < end:
        found = f"start {start}, end {end}"
        return say(f"{found}; ventet 0 ≤ start < end", f"{found}; expected start < end")
    segment = Segment(row["transcript"], start, end, row.get("quote", ""))
    return Coding(segment, row["code"], row.get("coder", ""), row.get("time", ""))


@dataclass(frozen=True, slots=True)
class _Check:
    """Checks codings against transcripts and a codebook, where they are given."""

    transcripts: Mapping[str, Transcript] | None
    codebook: Codebook | None
    file: str

    def problems(self, coding: Coding) -> Iterator[str]:
        transcript = (self.transcripts or {}).get(coding.segment.transcript)
        if transcript is not None:
            yield from _quote_problems(coding.segment, transcript)
        if self.codebook is not None and self.codebook.find(coding.code) is None:
            yield _no_such_code(coding.code, self.codebook)

    def absent(self, transcript: str, lines: Sequence[int]) -> Problem:
        """One problem for a missing transcript, however many codings it has."""
        names = ", ".join(self.transcripts or ()) or say("ingen", "none")
        count = say(f" ({len(lines)} kodinger)", f" ({len(lines)} codings)") if len(lines) > 1 else ""
        what = say(
            f"transkripsjonen «{transcript}» finnes ikke; fant {names}{count}",
            f"there is no transcript «{transcript}»; found {names}{count}",
        )
        return Problem(what, self.file, lines[0])

    def by_its_name(self, coding: Coding) -> Coding:
        """Replace the coding's code by the codebook's spelling of it."""
        code = self.codebook.find(coding.code) if self.codebook is not None else None
        return replace(coding, code=code) if code else coding


def _quote_problems(segment: Segment, transcript: Transcript) -> Iterator[str]:
    there = transcript.text[segment.start : segment.end]
    if there == segment.quote:
        return
    quote, found = f"«{shortened(segment.quote, 40)}»", f"«{shortened(there, 40)}»"
    at, name = f"{segment.start}–{segment.end}", transcript.name
    what = say(
        f"sitatet er {quote}, men på {at} i {name} står {found}",
        f"the quote is {quote}, but at {at} in {name} stands {found}",
    )
    if segment.quote and transcript.text.count(segment.quote) == 1:
        start = transcript.text.index(segment.quote)
        where = f"{start}–{start + len(segment.quote)}"
        what += say(f"; sitatet står på {where}", f"; the quote stands at {where}")
    yield what


def _no_such_code(written: str, codebook: Codebook) -> str:
    near = difflib.get_close_matches(written, codebook.codable, n=1)
    if written in codebook:
        return say(f"«{written}» er ikke kodbar", f"«{written}» is not codable")
    hint = say(f"; mente du «{near[0]}»?", f"; did you mean «{near[0]}»?") if near else ""
    return say(f"koden «{written}» er ikke i kodeboken", f"the code «{written}» is not in the codebook") + hint
