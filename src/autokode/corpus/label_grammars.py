"""The ways in which transcripts mark who speaks: one pattern each, and the turns that a pattern could open."""

import itertools
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from autokode.corpus.label_forms import LONGEST, Form, cleaned, form_of, plain
from autokode.corpus.readers.columns import by_heads, has_heads
from autokode.corpus.readers.times import is_clock
from autokode.corpus.stamps import BRACKETED, IN_WORDS, SPAN

_BLANK = r"[ \t\u00a0\u200b\ufeff]"
_SOME, _FEW = rf"{_BLANK}{{1,40}}", rf"{_BLANK}{{0,40}}"
_END = r"(?:\r\n|\n|\r)"
_ALONE = rf"{_FEW}(?:{_END}|\Z)"
_MARKS = r":\[\]{}<>\"«»!;…*"
_LABEL = rf"[^\s(#|–—\-{_MARKS}](?:[^\t\r\n{_MARKS}]{{0,58}}[^\s,|–—\-{_MARKS}])?"
_LEAD = rf"{_BLANK}*+(?:[-–—•]{_SOME})?(?:\*\*)?"
"""What may stand before a label and a stamp: a dash, a bullet, the stars of bold type in Markdown."""
_BEFORE = rf"{_LEAD}(?:(?P<time>{BRACKETED}|{SPAN}){_FEW}(?:[-–]{_SOME})?)?"
_BEHIND = rf"(?:{_FEW}[-–|•]?{_FEW}(?P<time2>{BRACKETED})|{_FEW}[-–|•]?{_SOME}(?P<time3>{SPAN}))"

_TEMPLATES: dict[str, str] = {
    "colon": rf"{_BEFORE}(?:\d{{1,4}}[.)]?{_SOME})?[#@]?(?P<label>LABEL)\*{{0,2}}"
    rf"(?:{_FEW}(?P<time2>{BRACKETED})|{_SOME}(?P<time3>{SPAN}))?{_FEW}:(?!//|\d)"
    rf"\*{{0,2}}{_FEW}",
    "brackets": rf"(?:(?P<time3>\d{{1,6}}[.,]\d{{1,6}}\t\d{{1,6}}[.,]\d{{1,6}})\t|{_BEFORE})"
    rf"\[?[\[{{<](?P<label>LABEL)(?:,?{_SOME}(?P<time2>{SPAN}))?[\]}}>]\]?{_FEW}:?{_FEW}",
    "parentheses": rf"{_BEFORE}\((?P<label>LABEL)\){_FEW}:{_FEW}",
    "numbered": rf"{_BEFORE}\((?P<label>LABEL)\){_FEW}",
    "three lines": rf"{_LEAD}(?P<time>{BRACKETED}|{SPAN}){_FEW}{_END}{_FEW}(?P<label>LABEL){_FEW}:?{_ALONE}",
    "time in words": rf"{_LEAD}(?P<label>LABEL){_FEW}{_END}{_FEW}(?P<time>{IN_WORDS}){_FEW}{_END}(?:{_FEW}{SPAN}{_ALONE})?",
    "own line": rf"{_LEAD}(?P<label>LABEL){_BEHIND}{_FEW}:?{_ALONE}",
    "own line, time first": rf"{_LEAD}(?P<time>{BRACKETED}|{SPAN}){_FEW}[-–|•]?{_FEW}(?P<label>LABEL){_FEW}:?{_ALONE}",
    "time behind": rf"{_LEAD}(?P<label>LABEL){_FEW}(?P<time2>{BRACKETED}){_FEW}(?=[^\s:])",
    "heading": rf"{_LEAD}(?P<label>LABEL)\*{{0,2}}{_FEW}:?{_ALONE}",
    "bar": rf"{_BEFORE}(?P<label>SHORTEST){_FEW}\|{_FEW}(?![^\t|\r\n]{{1,40}}\t)",  # «Kari | UiO», then a tab: one label
    "dash": rf"{_BEFORE}(?P<label>SHORTEST)(?:{_FEW};|{_SOME}[-–—]){_SOME}",
    "tab": rf"{_FEW}(?:\d{{1,4}}[.)]?[ ]?\t[ ]?)?(?:(?P<time>{BRACKETED}|{SPAN})[ ]?\t)?[ ]?(?P<label>LABEL)[ ]?:?[ ]?\t{_FEW}",
}
"""Grammar → the pattern of a turn's beginning, with LABEL (or SHORTEST) for a label's, and the groups `label` and `time…`."""

_PATTERNS = {
    name: re.compile(template.replace("SHORTEST", _LABEL.replace("58}", "58}?") + "?").replace("LABEL", _LABEL))
    for name, template in _TEMPLATES.items()
}
GRAMMARS = (*_PATTERNS, "bold", "table")
"""The names of the grammars; of two that explain as many lines, the first counts, but a table with heads before all."""
ON_ITS_OWN = frozenset(("three lines", "time in words", "own line", "own line, time first", "heading"))
"""Grammars whose labels stand on a line of their own, above the words."""
UNMARKED = frozenset(("bar", "dash", "tab", "bold", "table"))
"""Grammars that do not mix with others: what they look for is in many a sentence."""
_SENTENCE_END = re.compile(r"[.?!…][\"»”’)]{0,2}\s{1,9}")
_SAID_NUMBERED = re.compile(r"(?:speaker|taler|talar|spk|person|stemme|høyttaler)[ _]?(?:\d{1,3}|\?)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank: its place in the text, and whether it begins the text or follows a blank line."""

    start: int
    end: int
    after_blank: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn opened by a label: the label starts at `begin`, the words at `start`.

    Attributes:
        end: where the words end; None if they last until the next turn begins.
        stamp: the time beside the label.
    """

    label: str
    begin: int
    start: int
    stamp: str | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A turn that a line might open, with its label's form, the number of its line and its grammar."""

    turn: Turn
    form: Form
    line: int
    grammar: str

    @property
    def key(self) -> str:
        """The label without regard to case."""
        return self.turn.label.casefold()


def lines_of(text: str) -> list[Line]:
    """Find the lines of a text that are not blank."""
    lines: list[Line] = []
    blank = True
    for match in re.finditer(r"([^\r\n]*)(\r\n|\n|\r|\Z)", text):
        if match[1].strip():
            lines.append(Line(match.start(), match.end(1), blank))
            blank = False
        elif match[2]:
            blank = True
    return lines


def heads_table(text: str, line: Line) -> bool:
    """Whether a line with tabs names the columns of a table of utterances."""
    return "\t" in text[line.start : min(line.end, line.start + LONGEST)] and has_heads(
        text[line.start : line.end].split("\t")
    )


def sentences_of(text: str, lines: Sequence[Line]) -> list[Line]:
    """Cut lines behind each sentence, for a text whose turns all stand on one line."""
    found = []
    for line in lines:
        starts = [line.start, *(match.end() for match in _SENTENCE_END.finditer(text, line.start, line.end))]
        found += [Line(start, end, start == line.start) for start, end in itertools.pairwise([*starts, line.end])]
    return [line for line in found if text[line.start : line.end].strip()]


def candidates(grammar: str, text: str, lines: Sequence[Line], numbers: Iterable[int]) -> Iterator[Candidate]:
    """Yield the turns that the lines with these numbers might open in a grammar, with labels that could be somebody's."""
    if grammar == "table":
        yield from _rows(text, lines)
        return
    for number in numbers:
        turn = _turn(_PATTERNS[grammar].match(text, lines[number].start), cleaned)
        form = form_of(turn.label) if turn else None
        if turn and form is not None and (grammar != "numbered" or _SAID_NUMBERED.fullmatch(turn.label)):
            yield Candidate(turn, form, number, grammar)


def bold_candidates(
    text: str, lines: Sequence[Line], numbers: Iterable[int], bold_starts: Mapping[int, int]
) -> Iterator[Candidate]:
    """Yield the turns that lines might open whose beginning is in bold, by where they begin and the bold ends."""
    for number in numbers:
        start = lines[number].start
        label = cleaned(text[start : bold_starts.get(start, start)])
        form = form_of(label) if label else None
        if form is not None:
            words = re.compile(rf"{_FEW}[:–-]?{_FEW}").match(text, bold_starts[start])
            yield Candidate(Turn(label, start, words.end() if words else bold_starts[start]), form, number, "bold")


def stated_candidates(
    text: str, lines: Sequence[Line], speakers: Collection[str], grammars: Collection[str]
) -> Iterator[Candidate]:
    """Yield the turns of the lines that begin with one of the stated labels, in any of the grammars."""
    keys = {plain(label).casefold() for label in speakers}
    if "table" in grammars:
        yield from (row for row in _rows(text, lines) if row.key in keys)
    either = "|".join(sorted({form for label in speakers for form in _literally(label)}, key=len, reverse=True))
    patterns = {
        name: re.compile(re.sub("LABEL|SHORTEST", lambda _match: f"(?:{either})", template), re.IGNORECASE)
        for name, template in _TEMPLATES.items()
        if name in grammars
    }
    for number, line in enumerate(lines):
        for name, pattern in patterns.items():
            if turn := _turn(pattern.match(text, line.start), plain):
                yield Candidate(turn, Form.ROLE, number, name)
                break


def label_within(text: str, start: int) -> str | None:
    """The key of a label with a colon that stands at a place among the words."""
    turn = _turn(_PATTERNS["colon"].match(text, start), cleaned)
    return turn.label.casefold() if turn else None


def _literally(label: str) -> Iterator[str]:
    """The patterns of a label as it is written: composed and decomposed, with any spaces between its words."""
    for norm in ("NFC", "NFD"):
        yield rf"{_BLANK}{{1,9}}".join(map(re.escape, unicodedata.normalize(norm, plain(label)).split()))


def _turn(match: re.Match[str] | None, shown: Callable[[str], str]) -> Turn | None:
    if match is None:
        return None
    stamp = next((found for name, found in match.groupdict().items() if name != "label" and found), None)
    return Turn(shown(match["label"]), match.start(), match.end(), stamp)


def _rows(text: str, lines: Sequence[Line]) -> Iterator[Candidate]:
    """Yield the rows of tables with tabs between cells whose first row names the columns, as NVivo writes them."""
    columns: dict[str, int] = {}
    speaker = ""
    for number, line in enumerate(lines):
        bounds = [line.start - 1, *(m.start() for m in re.compile("\t").finditer(text, line.start, line.end)), line.end]
        cells = [(start + 1, end) for start, end in itertools.pairwise(bounds)]
        row = [text[start:end].strip() for start, end in cells]
        if len(row) > 1 and has_heads(row):
            columns = by_heads(row)
        elif "speaker" not in columns or len(row) <= max(columns.values()):
            columns = {}
        else:
            speaker = cleaned(row[columns["speaker"]].rstrip(":")) or speaker
            start, end = cells[columns["text"]]
            stamp = next((row[columns[kind]] for kind in ("span", "begin") if kind in columns), "")
            turn = Turn(speaker, line.start, start, stamp if is_clock(stamp) else None, end)
            if row[columns["text"]] and speaker:
                yield Candidate(turn, Form.ROLE, number, "table")
