"""Answers to a survey: a table with a row for each respondent becomes texts, with the heading of a column as the question.

The respondents are cut into texts of equally many, in the order of the table. A text has each question once, and after it what
its respondents answered, each under the respondent's label. So a text is what an interview is elsewhere: what is read at one go,
what is held out together when a model is measured, and what an interval counts as one draw.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum

from autokode.base.formatting import one_line
from autokode.base.messages import say
from autokode.corpus.codebook import folded
from autokode.corpus.transcript import Transcript
from autokode.corpus.utterance import INFORMANT, INTERVIEWER, Utterance

LABELS = "survey"
"""What `Transcript.labels` says of such a text."""

TEXTS, LARGEST = 20, 300
"""How many texts a survey becomes at least, if it has as many respondents; how many answers a text has at most."""

MOST_VALUES, LONGEST_VALUE = 60, 200
"""Most different values of a column that is taken for a variable, and the longest of them in characters."""

FEWEST_WORDS, FEWEST_DIFFERENT = 3.0, 0.3
"""What makes a column one of answers, at least: words of a filled cell on average, and the share of them that are different."""

_RESPONDENTS = (
    *("submission id", "respondent id", "response id", "responseid", "svar id", "respondent", "informant"),
    *("respondentnummer", "respondentnr", "løpenummer", "deltaker", "participant", "id", "nr"),
)
"""Headings of columns that say who answered, as `_plain` gives them, the likeliest first."""
_TECHNICAL = frozenset(
    "formid|form id|answer time ms|created|modified|opprettet|endret|levert|svartid|starttidspunkt|fullføringstidspunkt|"
    "tidsmerke|timestamp|start time|completion time|starttid|sluttid|e post|epost|email|email address|e postadresse|navn|name|"
    "ip address|ipaddress|telefon|mobil|mobilnummer|fødselsnummer|brukernavn|username|submitdate|startdate|datestamp|token".split(
        "|"
    )
)
"""Headings of columns about the delivery, or of who somebody is, as `_plain` gives them: left out unless a person says else."""


class Role(Enum):
    """What a column is taken for."""

    ANSWERS = "answers"
    VARIABLE = "variable"
    RESPONDENT = "respondent"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a survey.

    Attributes:
        heading: as the table has it, on one line.
        guess: what it is taken for until a person says otherwise.
        filled, different: how many cells have something, and how many of them are different.
        examples: the first different cells.
    """

    heading: str
    guess: Role
    filled: int
    different: int
    examples: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Survey:
    """A table of a survey: its columns, and a cell of each for every respondent, without blanks at their ends."""

    columns: tuple[Column, ...] = field(repr=False)
    rows: tuple[tuple[str, ...], ...] = field(repr=False)

    @property
    def guess(self) -> tuple[Role, ...]:
        """What each column is taken for."""
        return tuple(column.guess for column in self.columns)


@dataclass(frozen=True, slots=True)
class SurveyTexts:
    """What a survey becomes.

    Attributes:
        texts: the transcripts, in order.
        rows: label of a respondent → row of the table, of those who answered something.
        without: how many rows have no answer.
    """

    texts: tuple[Transcript, ...] = field(repr=False)
    rows: dict[str, int] = field(repr=False)
    without: int


def survey_of(rows: Sequence[Sequence[str]], shown: int = 3) -> Survey:
    """Find out what the columns of a table hold; the first row is the headings, and `shown` how many examples are kept.

    A table as Qualtrics writes it has three rows of headings: short names, the questions, and ids of the columns.
    """
    heads, body = list(rows[0]), list(rows[1:])
    if len(body) > 1 and any("importid" in cell.casefold() for cell in body[1]):
        heads, body = list(body[0]), body[2:]
    width = max(len(heads), *(len(row) for row in body)) if body else len(heads)
    cells = [tuple(cell.strip() for cell in (*row, *[""] * (width - len(row)))) for row in body]
    cells = [row for row in cells if any(row)]
    heads += [""] * (width - len(heads))
    headings = [one_line(head) or say(f"kolonne {i}", f"column {i}") for i, head in enumerate(heads, 1)]
    columns = [_column(heading, [row[i] for row in cells], shown) for i, heading in enumerate(headings)]
    return Survey(tuple(_with_respondent(columns, len(cells))), tuple(cells))


def _column(heading: str, cells: Sequence[str], shown: int) -> Column:
    filled = [cell for cell in cells if cell]
    different = dict.fromkeys(filled)
    return Column(
        heading, _guess(heading, filled, len(cells)), len(filled), len(different), tuple(list(different)[:shown])
    )


def _guess(heading: str, filled: Sequence[str], rows: int) -> Role:
    different = set(filled)
    if not filled or heading.startswith("$") or _plain(heading) in _TECHNICAL:
        return Role.LEFT
    words = sum(len(cell.split()) for cell in filled) / len(filled)
    if words >= FEWEST_WORDS and len(different) > max(1, FEWEST_DIFFERENT * len(filled)):
        return Role.ANSWERS
    says_nothing = len(different) == 1 and len(filled) == rows > 1
    names_each = len(different) == len(filled) > 1 and not all(cell.isdecimal() for cell in different)
    if len(different) > MOST_VALUES or says_nothing or names_each or max(map(len, different)) > LONGEST_VALUE:
        return Role.LEFT
    return Role.VARIABLE


def _with_respondent(columns: Sequence[Column], rows: int) -> Iterator[Column]:
    """Yield the columns; the one that says who answered, if there is one with a cell of its own for each row, as such."""
    named = {
        _RESPONDENTS.index(_plain(column.heading)): i
        for i, column in reversed(list(enumerate(columns)))
        if _plain(column.heading) in _RESPONDENTS and column.filled == column.different == rows
    }
    own = named[min(named)] if named else None
    for i, column in enumerate(columns):
        role = Role.RESPONDENT if i == own else column.guess
        yield Column(column.heading, role, column.filled, column.different, column.examples)


def _plain(heading: str) -> str:
    """A heading without signs: «$submission_id» is «submission id»."""
    return " ".join("".join(letter if letter.isalnum() else " " for letter in folded(heading)).split())


def respondents_of(survey: Survey, roles: Sequence[Role]) -> list[str]:
    """The label of each row's respondent: what the column that says so has, else R1, R2 and so on.

    The same label twice gets a number after it, and what would be no label (blank, or with a colon) is R and the row's number.
    """
    column = roles.index(Role.RESPONDENT) if Role.RESPONDENT in roles else None
    counts = Counter[str]()
    found = []
    for number, row in enumerate(survey.rows, 1):
        label = one_line(row[column]) if column is not None else ""
        if not label or ":" in label or len(label) > LONGEST_VALUE or label == question_label():
            label = f"R{number}"
        counts[label] += 1
        found.append(label if counts[label] == 1 else f"{label} ({counts[label]})")
    return found


def question_label() -> str:
    """The label of the questions."""
    return say("Spørsmål", "Question")


def texts_of(survey: Survey, roles: Sequence[Role], name: str, known: Iterable[str] = ()) -> SurveyTexts:
    """Make the texts of a survey.

    Args:
        survey: as `survey_of` gave it.
        roles: what each column is.
        name: the survey's; a text is called by it and the numbers of its respondents, such as «trivsel 1–500».
        known: labels of respondents whose answers are in the project already; they are left out, and count in the numbers.
    """
    questions = [i for i, role in enumerate(roles) if role is Role.ANSWERS]
    before = set(known)
    labels = respondents_of(survey, roles)
    answered = [i for i, row in enumerate(survey.rows) if any(row[column] for column in questions)]
    new = [i for i in answered if labels[i] not in before]
    size = max(1, min(LARGEST // len(questions), -(-len(new) // TEXTS)))
    texts = []
    for first in range(0, len(new), size):
        rows = new[first : first + size]
        begin, end = len(before) + first + 1, len(before) + first + len(rows)
        called = f"{name} {begin}" + (f"–{end}" if end > begin else "")
        asked = [(survey.columns[i].heading, [(labels[row], survey.rows[row][i]) for row in rows]) for i in questions]
        texts.append(_text(called, asked))
    return SurveyTexts(tuple(texts), {labels[i]: i for i in new}, len(survey.rows) - len(answered))


def _text(name: str, asked: Sequence[tuple[str, Sequence[tuple[str, str]]]]) -> Transcript:
    """A transcript of questions and what each was answered, as (label, answer)."""
    parts: list[str] = []
    utterances: list[Utterance] = []
    at = 0

    def put(label: str, said: str, role: str, question: int | None) -> None:
        nonlocal at
        start = at + len(label) + 2
        parts.append(f"{label}: {said}\n")
        utterances.append(Utterance(label, start, start + len(said), said, role, question=question))
        at += len(parts[-1])

    for heading, answers in asked:
        if not any(answer for _label, answer in answers):
            continue
        if parts:
            parts.append("\n")
            at += 1
        question = len(utterances)
        put(question_label(), heading, INTERVIEWER, None)
        for label, answer in answers:
            if answer:
                put(label, answer.replace("\r\n", "\n").replace("\r", "\n"), INFORMANT, question)
    return Transcript(name, "".join(parts), tuple(utterances), labels=LABELS, interviewers=(question_label(),))
