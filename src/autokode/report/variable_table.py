"""Codes by values of a variable: how many answers have each code, as shares with intervals, and the quotes behind each cell."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from autokode.base.errors import failure
from autokode.base.messages import say
from autokode.corpus.codebook import folded
from autokode.corpus.utterance import Place
from autokode.evaluation.clustered_share import clustered_interval
from autokode.project import Project
from autokode.project.store.variables import Values, Variable, values_of
from autokode.report.data_checks import known_coders
from autokode.report.material import Material
from autokode.report.quote import Quote


@dataclass(frozen=True, slots=True)
class Cell:
    """Answers with a value that have a code.

    Attributes:
        count: how many have it.
        share: of all answers with the value, 0–1; 0 where there is none.
        interval: 95 % of the share, by interview (`clustered_interval`); None where fewer than two interviews have the value.
        quotes: the quotes of the code in them, in order.
    """

    count: int
    share: float
    interval: tuple[float, float] | None
    quotes: tuple[Quote, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Column:
    """A value: its name ("" for none stated), its answers, and the interviews and speakers that they are of."""

    value: str
    answers: int
    interviews: int
    speakers: int


@dataclass(frozen=True)
class VariableTable:
    """Codes by values of a variable.

    Attributes:
        variable: its name.
        columns: the values in their order, and last the answers without one, if there are any.
        codes: the codes that somebody gave, in the order of the codebook.
        cells: one row for each code, with a cell for each column.
    """

    variable: str
    columns: tuple[Column, ...]
    codes: tuple[str, ...]
    cells: tuple[tuple[Cell, ...], ...]

    def cell(self, code: str, value: str) -> Cell:
        """The cell of a code and a value.

        Raises:
            KeyError: there is none.
        """
        values = [column.value for column in self.columns]
        if code not in self.codes or value not in values:
            raise KeyError((code, value))
        return self.cells[self.codes.index(code)][values.index(value)]


def material_by(project: Project, *, coders: Sequence[str] = ()) -> Material:
    """A project's interviews and codings, of some coders or of all.

    Raises:
        DataError: there is no such coder.
    """
    chosen = known_coders(project, coders)
    sources = project.sources
    codings = tuple(one for one in project.codings() if not chosen or one.coder in chosen)
    transcripts = {source.name: project.transcript(source.name) for source in sources}
    return Material(project.codebook, transcripts, {source.name: source.office for source in sources}, codings)


def variable_named(project: Project, name: str) -> Variable:
    """A project's variable, or its group, by name in whatever case.

    Raises:
        DataError: there is none.
    """
    usable = values_of(project).usable
    found = next((one for one in usable if folded(one.name) == folded(name)), None)
    if found is None:
        there = ", ".join(f"«{one.name}»" for one in usable) or say("ingen", "none")
        raise failure(
            f"prosjektet har ingen variabel «{name}»; fant {there}",
            f"the project has no variable «{name}»; found {there}",
            where=project.folder,
            try_next="autokode variables",
        )
    return found


def values_by_answer(project: Project, material: Material, values: Values, variable: Variable) -> list[str]:
    """The value of each answer, (n_answers,); "" for none."""
    ids = {source.name: source.id for source in project.sources}
    return [
        values.of(ids[name], material.transcripts[name].utterances[number].speaker, variable.id)
        for name, number in material.answers
    ]


def variable_table(
    project: Project, variable: Variable, *, coders: Sequence[str] = (), quotes: bool = True
) -> VariableTable:
    """Count the codes of informants' answers by the value of a variable; an answer counts once for a code, whoever gave it.

    Args:
        project: the project.
        variable: one of its variables, or its group.
        coders: whose codings count; all coders' if empty.
        quotes: whether the cells have their quotes, which takes longer.

    Raises:
        DataError: there is no such coder.
    """
    material, values = material_by(project, coders=coders), values_of(project)
    own = values_by_answer(project, material, values, variable)
    levels = [one for one in (*values.levels(variable), "") if one in own]
    used = [k for k in range(len(material.codes)) if material.coded[:, k].any()]
    rows = {level: np.flatnonzero([one == level for one in own]) for level in levels}
    columns = tuple(_column(material, level, [material.answers[i] for i in rows[level]]) for level in levels)
    at = {name: i for i, name in enumerate(material.transcripts)}
    interviews = np.array([at[name] for name, _ in material.answers], np.int64)
    value_at = dict(zip(material.answers, own, strict=True))
    cells = []
    for k in used:
        code = material.codes[k]
        said: dict[str, list[Quote]] = {level: [] for level in levels}
        for quote in material.quotes[code] if quotes else ():
            said[value_at[quote.transcript, quote.utterance]].append(quote)
        cells.append(tuple(_cell(material, k, rows[level], interviews, tuple(said[level])) for level in levels))
    return VariableTable(variable.name, columns, tuple(material.codes[k] for k in used), tuple(cells))


def _column(material: Material, level: str, places: Sequence[Place]) -> Column:
    speakers = {(name, material.transcripts[name].utterances[number].speaker) for name, number in places}
    return Column(level, len(places), len({name for name, _ in places}), len([one for one in speakers if one[1]]))


def _cell(
    material: Material,
    code: int,
    rows: "np.typing.NDArray[np.int64]",
    interviews: "np.typing.NDArray[np.int64]",
    quotes: tuple[Quote, ...],
) -> Cell:
    has = material.coded[rows, code]
    size = len(material.transcripts)
    answers = np.bincount(interviews[rows], minlength=size).astype(np.int64)
    having = np.bincount(interviews[rows][has], minlength=size).astype(np.int64)
    count = int(has.sum())
    return Cell(count, count / max(1, len(rows)), clustered_interval(having, answers), quotes)
