"""Rows of cells as utterances: which column holds the words, the speaker, the role and the times.

Used for every format with tables: .csv, .tsv, .xlsx, and tables in documents and on pages.
"""

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from autokode.base.formatting import one_line
from autokode.base.messages import say
from autokode.corpus.readers.source import Cue, LeftOut
from autokode.corpus.readers.times import MICROSECONDS, MILLISECONDS, in_seconds, is_clock, span_of

_HEADS = {
    "text": "tekst text ytring ytringer utterance innhold content transcript transkripsjon transkript transkribering sagt "
    "utsagn replikk svar answer sentence setning words ord tale speech dialog dialogue line melding message body",
    "speaker": "taler taleren talar speaker navn name deltaker deltakar participant person hvem who label informant",
    "role": "rolle role",
    "span": "timespan tidsrom tidsspenn range",
    "begin": "start begin starttid fra tid time tidspunkt tidskode timecode timestamp from begynnelse in",
    "end": "slutt end sluttid til to stop out",
}
"""What a column holds → the words that may head it, the likeliest first."""
_NUMBERED = frozenset("nr no id # nummer number rad row linje index indeks".split())
"""Heads of columns that count rows; they hold nothing that anybody said."""
_UNITS = {"ms": MILLISECONDS, "millisekunder": MILLISECONDS, "milliseconds": MILLISECONDS, "us": MICROSECONDS}
_UNITS |= dict.fromkeys(("s", "sek", "sec", "sekunder", "seconds"), 1.0)
LONGEST_NAME = 40
"""Most characters, on average, of a column without a head that counts as one of speakers."""


@dataclass(frozen=True, slots=True)
class Table:
    """The utterances of a table.

    Attributes:
        parts: (text, cue) of each row with words.
        roles: (speaker, role) where the table has a column of each.
        notes: what was inferred: the columns, the unit of times.
        left_out: cells of columns that are not used, and of rows without words.
    """

    parts: tuple[tuple[str, Cue], ...]
    roles: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = field(default=(), repr=False)
    left_out: tuple[LeftOut, ...] = ()


def has_heads(row: Sequence[Any]) -> bool:
    """Whether a row is the head of a table of utterances: it names a column of text, and one of speakers, times or numbers."""
    found = by_heads(row)
    return "text" in found and (len(found) > 1 or any(_text(cell).casefold().rstrip(".") in _NUMBERED for cell in row))


def read_rows(rows: Iterable[Sequence[Any]]) -> Table | None:
    """Read a table by its heads, or else by what its columns hold; None if no column can be told to be the words.

    Args:
        rows: the cells of each row, of any type; rows may differ in length.
    """
    cells = [list(row) for row in rows]
    cells = [row for row in cells if any(_text(cell) for cell in row)]
    if not cells:
        return None
    columns = by_heads(cells[0])
    heads = [one_line(_text(cell)) for cell in cells[0]] if "text" in columns else []
    if heads:
        cells = cells[1:]
    elif not columns:
        columns = by_content(cells)
    if "text" not in columns:
        return None
    return table_of(cells, columns, heads)


def by_heads(row: Sequence[Any]) -> dict[str, int]:
    """What columns hold ("text", "begin", …): by the whole head, by its first word («Speaker Name»), by its last («TimeEnd»)."""
    heads = [" ".join(_head_words(_text(cell))).casefold() for cell in row]
    if any(len(head) > LONGEST_NAME for head in heads):
        return {}
    found: dict[str, int] = {}
    for kind, words in _HEADS.items():
        for shorten in (str, _first_word, _last_word)[: 2 if kind == "text" else 3]:
            named = [(words.split().index(shorten(h)), i) for i, h in enumerate(heads) if shorten(h) in words.split()]
            free = [(order, i) for order, i in named if i not in found.values()]
            if free and kind not in found:
                found[kind] = min(free)[1]
    if "role" in found and "speaker" not in found:
        found["speaker"] = found.pop("role")
    return found


def _head_words(head: str) -> list[str]:
    """The words of a head, also those that only a capital parts.

    >>> _head_words("TimeStart"), _head_words("start_time (ms)")
    (['Time', 'Start'], ['start', 'time', 'ms'])
    """
    return re.findall(r"[^\W_]+", re.sub(r"(?<=[a-zæøå])(?=[A-ZÆØÅ])", " ", head))


def _first_word(head: str) -> str:
    return head.partition(" ")[0]


def _last_word(head: str) -> str:
    return head.rpartition(" ")[2]


def by_content(cells: Sequence[Sequence[Any]]) -> dict[str, int]:
    """What the columns of a table without heads hold: row numbers and times by their form, then words, or speaker and words."""
    width = max(len(row) for row in cells)
    if len(cells) < 2 or width > 5:
        return {}
    columns = [[row[i] if i < len(row) else None for row in cells] for i in range(width)]
    timed = [i for i, column in enumerate(columns) if all(is_clock(cell) for cell in column)]
    counted = [i for i, column in enumerate(columns) if i not in timed and _counts(column)]
    left = [i for i in range(width) if i not in timed + counted and any(_text(cell) for cell in columns[i])]
    length = [sum(len(_text(cell)) for cell in column) / len(column) for column in columns]
    found = {"begin": timed[0]} if timed else {}
    if len(timed) > 1:
        found["end"] = timed[1]
    if len(left) == 1 and found:
        return found | {"text": left[0]}
    if len(left) == 2 and length[left[0]] <= LONGEST_NAME and length[left[1]] >= max(8, length[left[0]]):
        return found | {"speaker": left[0], "text": left[1]}
    return {}


def _counts(column: list[Any]) -> bool:
    numbers = [_text(cell).rstrip(".)") for cell in column]
    return all(n.isdecimal() and len(n) < 7 for n in numbers) and all(
        int(b) == int(a) + 1 for a, b in itertools.pairwise(numbers)
    )


def table_of(cells: Sequence[Sequence[Any]], columns: dict[str, int], heads: Sequence[str] = ()) -> Table:
    """Read the rows under the heads of a table whose columns are known (`by_heads`, `by_content`)."""
    said, roles, without = [], {}, []
    for row in cells:
        own = {kind: row[i] if i < len(row) else None for kind, i in columns.items()}
        text = one_line(_text(own["text"]))
        speaker = one_line(_text(own.get("speaker"))).rstrip(":").strip()
        if not text:
            without.append(" ".join(_text(cell) for cell in row if _text(cell)))
            continue
        if speaker and _text(own.get("role")):
            roles[speaker] = one_line(_text(own["role"]))
        begin, end = span_of(own["span"] if "span" in own else own.get("begin"))
        said.append((text, speaker or None, (begin, own.get("end") if end is None else end)))
    times, notes = in_seconds([s[2] for s in said], [len(s[0].split()) for s in said], _unit(columns, heads))
    parts = [(text, Cue(0, 0, *time, speaker)) for (text, speaker, _span), time in zip(said, times, strict=True)]
    shown = ", ".join(f"{_names(kind)} {number + 1}" for kind, number in columns.items())
    left = [LeftOut(say("rader uten ord", "rows without words"), "\n".join(without))] if without else []
    return Table(
        tuple(parts),
        tuple(roles.items()),
        (say(f"kolonner: {shown}", f"columns: {shown}"), *notes),
        (*left, *_unused(cells, columns, heads)),
    )


def _unit(columns: dict[str, int], heads: Sequence[str]) -> float | None:
    """The unit that the head of the times states: «start (ms)»."""
    head = heads[columns["begin"]].casefold() if heads and "begin" in columns else ""
    return next((_UNITS[word] for word in re.findall(r"[^\W_]+", head)[1:] if word in _UNITS), None)


def _names(kind: str) -> str:
    norwegian = {"text": "tekst", "speaker": "taler", "role": "rolle", "span": "tid", "begin": "start", "end": "slutt"}
    return say(norwegian[kind], kind)


def _unused(cells: Sequence[Sequence[Any]], columns: dict[str, int], heads: Sequence[str]) -> Iterator[LeftOut]:
    """Yield the words of each column that is not used, but for row numbers."""
    for i in range(max((len(row) for row in cells), default=0)):
        head = heads[i] if i < len(heads) else ""
        column = [_text(row[i]) for row in cells if i < len(row) and _text(row[i])]
        if i in columns.values() or head.casefold().rstrip(".") in _NUMBERED or not column or _counts(column):
            continue
        name = f"«{head}»" if head else str(i + 1)
        yield LeftOut(
            say(f"celler i kolonne {name}, som ikke er brukt", f"cells in column {name}, which is not used"),
            "\n".join(one_line(text) for text in column),
        )


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell).strip()
