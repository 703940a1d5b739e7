"""Values of variables in a sheet: pasted from a spreadsheet or in a file, planned before anything is stored; and an empty form.

A row is an interview, or one speaker of it; the columns «intervju» and «taler» say which. Every other column is a variable. A row
with a speaker alone is that speaker in every interview where somebody answers under the label.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from autokode.base.csv_files import csv_lists
from autokode.base.errors import DataError, failure, unreadable
from autokode.base.extras import require
from autokode.base.formatting import one_line
from autokode.base.messages import say
from autokode.base.text_files import read_text
from autokode.corpus.codebook import folded
from autokode.corpus.readers.spreadsheet import workbook
from autokode.exchange.table_rows import cell_text
from autokode.project.store.coders import Coder
from autokode.project.store.project import Project
from autokode.project.store.variable_changes import Cell, checked_name, checked_value, make_variable, set_values
from autokode.project.store.variables import Values, informants_of, values_of

if TYPE_CHECKING:
    import pyarrow as pa

MOST_ROWS, MOST_COLUMNS = 20_000, 300
"""Most rows and columns of a sheet."""

ENDINGS = (".csv", ".tsv", ".txt", ".xlsx")

INTERVIEWS = {"intervju", "interview", "transkripsjon", "transcript", "fil", "file", "dokument", "document", "case"}
SPEAKERS = {"taler", "talar", "speaker", "informant", "deltaker", "deltakar", "participant", "person", "respondent"}
GROUPS = {"gruppe", "group", "kontor", "office"}
"""Headings, as `folded` gives them, of columns that say whose a row's values are, and of those about groups."""

Rows = list[list[str]]


@dataclass(frozen=True, slots=True)
class Line:
    """A value that would change: where it is, of which variable, what it is and what it would be."""

    where: str
    variable: str
    before: str = field(repr=False)
    after: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """What a sheet would change; nothing is stored yet.

    Attributes:
        cells: the values that would be given, with the values that stand there.
        lines: those that change, as a person sees them.
        new: names of the variables that would be made.
        same: how many values stand so already.
        problems: sentences on rows and cells that are left out, and why.
    """

    cells: tuple[Cell, ...]
    lines: tuple[Line, ...] = field(repr=False)
    new: tuple[str, ...]
    same: int
    problems: tuple[str, ...]


def sheet_in(path: Path) -> Rows:
    """Read the rows of a sheet: a .csv, .tsv or .txt file, or the first sheet of an .xlsx with anything in it.

    Raises:
        DataError: it cannot be read.
    """
    if path.suffix.lower() != ".xlsx":
        return pasted(read_text(path), str(path))
    for rows in workbook(path, MOST_ROWS + 2).values():
        found = [[cell_text(cell) for cell in row] for row in rows]
        found = [row for row in found if any(cell.strip() for cell in row)]
        if found:
            return found
    return []


def pasted(text: str, name: str = "") -> Rows:
    """The rows of a text as a spreadsheet puts it on the clipboard, or of a CSV file.

    Raises:
        DataError: a quotation mark is misplaced.
    """
    try:
        return csv_lists(text.replace("\r\n", "\n").strip("\n\ufeff"))
    except csv.Error as error:
        mend = say('anførselstegn i teksten dobles: ""', 'double the quotes inside a text: ""')
        raise unreadable("CSV", error, where=name or say("arket", "the sheet"), try_next=mend) from error


def planned(project: Project, rows: Rows) -> SheetPlan:
    """What a sheet would change.

    Raises:
        DataError: it has no rows, is too large, or no column says whose its values are.
    """
    if len(rows) < 2:
        raise failure(
            "arket har ingen rader: ventet overskrifter, og en rad for hvert intervju eller hver informant",
            "the sheet has no rows: expected headings, and a row for each interview or informant",
            try_next="autokode variables --form skjema.xlsx",
        )
    if len(rows) > MOST_ROWS + 1 or max(map(len, rows)) > MOST_COLUMNS:
        raise failure(
            f"arket har mer enn {MOST_ROWS} rader eller {MOST_COLUMNS} kolonner",
            f"the sheet has more than {MOST_ROWS} rows or {MOST_COLUMNS} columns",
            try_next=say("del opp arket", "split the sheet"),
        )
    return _Planning(project, rows).plan()


def take_sheet(project: Project, who: Coder, plan: SheetPlan) -> int:
    """Store what a plan says, as one step, and count the values that changed.

    Raises:
        DataError: something of it was changed since it was planned; nothing is stored.
    """
    with project.step("import"):
        for name in plan.new:
            make_variable(project, who, name)
        return set_values(project, who, plan.cells)


def form(project: Project) -> "pa.Table":
    """A form to fill in: a row for each interview and each informant, with the values that stand."""
    require("tables")
    import pyarrow as pa

    values, informants = values_of(project), informants_of(project)
    units = [(one, speaker) for one in project.sources for speaker in ("", *informants.get(one.id, ()))]
    columns = {
        say("intervju", "interview"): [one.name for one, _ in units],
        say("taler", "speaker"): [speaker for _, speaker in units],
    }
    for variable in values.variables:
        columns[variable.name] = [values.own.get((one.id, speaker), {}).get(variable.id, "") for one, speaker in units]
    return pa.table({name: pa.array(column, pa.string()) for name, column in columns.items()})


@dataclass
class _Planning:
    """A plan in the making."""

    project: Project
    rows: Rows = field(repr=False)
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.values: Values = values_of(self.project)
        self.informants = informants_of(self.project)
        self.names = {source.id: source.name for source in self.project.sources}
        self.ids = {folded(name): number for number, name in self.names.items()}
        self.labels = {
            number: {folded(label): label for label in self.project.transcript(name).speakers if label}
            for number, name in self.names.items()
        }

    def plan(self) -> SheetPlan:
        header = [one_line(cell) for cell in self.rows[0]]
        interview, speaker = self._whose(header)
        variables = dict(self._variables(header, {interview, speaker}))
        given: dict[tuple[int, str, str], str] = {}
        for number, row in enumerate(self.rows[1:], 2):
            cells = [*row, *[""] * (len(header) - len(row))]
            units = self._units(number, _at(cells, interview), _at(cells, speaker))
            for column, name in variables.items():
                value = self._value(number, cells[column])
                for unit in units if value else ():
                    if given.setdefault((*unit, name), value) != value:
                        self._problem(number, say(f"«{name}» er gitt to ganger", f"«{name}» is given twice"))
        return self._made(given)

    def _made(self, given: dict[tuple[int, str, str], str]) -> SheetPlan:
        ids = {folded(one.name): one.id for one in self.values.variables}
        cells, lines = [], []
        for (number, speaker, name), value in given.items():
            before = self.values.own.get((number, speaker), {}).get(ids.get(folded(name), -1), "")
            if before == value:
                continue
            cells.append(Cell(number, speaker, name, value, saw=before))
            where = f"{self.names[number]}, {speaker}" if speaker else self.names[number]
            lines.append(Line(where, name, before, value))
        new = dict.fromkeys(cell.variable for cell in cells if folded(cell.variable) not in ids)
        return SheetPlan(tuple(cells), tuple(lines), tuple(new), len(given) - len(cells), tuple(self.problems))

    def _whose(self, header: Sequence[str]) -> tuple[int | None, int | None]:
        """The columns that name the interview and the speaker; where no heading does, the first column, by what stands in it."""
        plain = [folded(name) for name in header]
        interview = next((i for i, name in enumerate(plain) if name in INTERVIEWS), None)
        speaker = next((i for i, name in enumerate(plain) if name in SPEAKERS), None)
        if interview is not None or speaker is not None:
            return interview, speaker
        first = [row[0] for row in self.rows[1:] if row]
        known = sum(self._interview(name) is not None for name in first)
        heard = sum(bool(self._everywhere(name)) for name in first)
        if not known and not heard:
            shown = ", ".join(f"«{name}»" for name in header[:4])
            raise failure(
                f"ingen kolonne sier hvilket intervju eller hvilken informant en rad gjelder; fant {shown}",
                f"no column says which interview or informant a row is about; found {shown}",
                try_next=say(
                    "gi kolonnen overskriften «intervju» eller «taler»", "head the column «interview» or «speaker»"
                ),
            )
        return (0, None) if known >= heard else (None, 0)

    def _variables(self, header: Sequence[str], taken: set[int | None]) -> Iterator[tuple[int, str]]:
        """Yield the columns of variables and their names, those that there are as they are called here."""
        there = {folded(one.name): one.name for one in self.values.variables}
        seen = set[str]()
        for column, name in enumerate(header):
            if column in taken or not name:
                continue
            if folded(name) in GROUPS:
                self.problems.append(
                    say(
                        f"kolonnen «{name}» er hoppet over: gruppen endres på siden om intervjuet",
                        f"the column «{name}» is passed over: the group is changed on the page about the interview",
                    )
                )
                continue
            try:
                own = there.get(folded(name)) or checked_name(name)
            except DataError as error:
                self.problems.append(error.problems[0].what)
                continue
            if folded(own) in seen:
                self.problems.append(say(f"kolonnen «{name}» står to ganger", f"the column «{name}» stands twice"))
                continue
            seen.add(folded(own))
            yield column, own

    def _units(self, number: int, interview: str, speaker: str) -> list[tuple[int, str]]:
        """Whose the values of a row are; nobody's, with a sentence why, where that cannot be told."""
        if not interview and not speaker:
            self._problem(number, say("verken intervju eller taler", "neither interview nor speaker"))
            return []
        if not interview:
            found = self._everywhere(speaker)
            if not found:
                self._problem(number, say(f"ingen svarer som «{speaker}»", f"nobody answers as «{speaker}»"))
            return found
        own = self._interview(interview)
        if own is None:
            self._problem(number, say(f"ingen intervju heter «{interview}»", f"no interview is called «{interview}»"))
            return []
        label = self.labels[own].get(folded(speaker)) if speaker else ""
        if label is None:
            self._problem(
                number,
                say(f"ingen «{speaker}» i «{self.names[own]}»", f"nobody called «{speaker}» in «{self.names[own]}»"),
            )
            return []
        return [(own, label)]

    def _interview(self, name: str) -> int | None:
        plain = folded(name)
        return self.ids.get(plain, self.ids.get(folded(Path(name.strip()).stem)) if "." in plain else None)

    def _everywhere(self, speaker: str) -> list[tuple[int, str]]:
        """The interviews in which somebody answers under a label, with the label as it stands there."""
        plain = folded(speaker)
        return [(number, label) for number, own in self.informants.items() for label in own if folded(label) == plain]

    def _value(self, number: int, cell: str) -> str:
        try:
            return checked_value(cell)
        except DataError as error:
            self._problem(number, error.problems[0].what)
            return ""

    def _problem(self, number: int, what: str) -> None:
        self.problems.append(say(f"rad {number}: {what}", f"row {number}: {what}"))


def _at(cells: Sequence[str], column: int | None) -> str:
    return "" if column is None else one_line(cells[column])
