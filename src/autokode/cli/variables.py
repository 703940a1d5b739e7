"""`autokode variables`: properties of interviews and informants, given by a sheet, and tables of codes by their values."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from autokode.base.messages import say
from autokode.cli.group import Command
from autokode.cli.options import flag, option, path_option, project_option
from autokode.cli.output import check_kind, tell, tell_next, unused
from autokode.cli.projects import opened

if TYPE_CHECKING:
    from autokode.exchange.variable_sheet import SheetPlan
    from autokode.project import Coder, Project
    from autokode.project.store.variables import Variable
    from autokode.report.variable_table import VariableTable

KINDS = (".xlsx", ".csv", ".parquet")
SHOWN = 20
"""Most changes and problems of a sheet that are shown."""


def _variables(
    folder: Path,
    sheet: Path | None,
    form: Path | None,
    order: str | None,
    remove: str | None,
    table: str | None,
    out: Path | None,
    matrix: Path | None,
    coder: str | None,
    yes: bool,
) -> None:
    for path, name in ((form, "--form"), (out, "--out"), (matrix, "--matrix")):
        if path is not None:
            check_kind(path, KINDS, option=name)
    project = opened(folder, strays=False)
    if yes and sheet is None and remove is None:
        unused("--yes", "ingenting å spørre om", "there is nothing to ask")
    if out is not None and table is None:
        unused("--out", "det gjelder --table", "it is about --table")
    if sheet is not None:
        _set(project, sheet, coder, yes=yes)
    if order is not None:
        _order(project, order, coder)
    if remove is not None:
        _remove(project, remove, coder, yes=yes)
    if form is not None:
        _form(project, form)
    if table is not None:
        _table(project, table, out, coder)
    if matrix is not None:
        _matrix(project, matrix, coder)
    if not any((sheet, order, remove, form, table, matrix)):
        _list(project)


def _who(project: "Project", coder: str | None) -> "Coder":
    from autokode.cli.coder_choice import coder_named

    return coder_named(project, coder)


def _list(project: "Project") -> None:
    """Show the variables with their values, and how many interviews and speakers have them."""
    from autokode.project.store.variables import GROUP, values_of

    values = values_of(project)
    if not values.variables:
        tell("Ingen variabler ennå.", "No variables yet.")
        tell_next("variables --form skjema.xlsx")
    for one in values.usable:
        given = [own[one.id] for own in values.own.values() if one.id in own]
        given = [office for office in values.offices.values() if office] if one.id == GROUP else given
        shown = ", ".join(f"{level} ({given.count(level)})" for level in values.levels(one))
        click.echo(f"{one.name}: {shown or say('ingen verdier', 'no values')}")


def _set(project: "Project", path: Path, coder: str | None, *, yes: bool) -> None:
    from autokode.cli.consent import YES
    from autokode.exchange.variable_sheet import planned, sheet_in, take_sheet

    who = _who(project, coder)
    plan = planned(project, sheet_in(path))
    _show(plan)
    if not plan.cells:
        tell("Ingenting å endre.", "Nothing to change.")
        return
    question = say(f"Lagre {len(plan.cells)} verdier? [j/N]", f"Store {len(plan.cells)} values? [y/N]")
    if not yes and click.prompt(question, default="", show_default=False).strip().lower() not in YES:
        tell("Ingenting er lagret.", "Nothing was stored.")
        return
    count = take_sheet(project, who, plan)
    tell(
        f"{count} verdier er lagret. Tas tilbake med autokode undo, eller z på siden.",
        f"{count} values are stored. autokode undo takes them back, or z on the page.",
    )


def _show(plan: "SheetPlan") -> None:
    for problem in plan.problems[:SHOWN]:
        tell(f"✗ {problem}", f"✗ {problem}", err=True)
    left = len(plan.problems) - SHOWN
    if left > 0:
        tell(f"… og {left} til", f"… and {left} more", err=True)
    if plan.new:
        names = ", ".join(f"«{name}»" for name in plan.new)
        tell(f"Nye variabler: {names}", f"New variables: {names}")
    for line in plan.lines[:SHOWN]:
        click.echo(f"  {line.where}: {line.variable} = {line.after}" + (f"  ({line.before})" if line.before else ""))
    if len(plan.lines) > SHOWN:
        tell(f"  … og {len(plan.lines) - SHOWN} til", f"  … and {len(plan.lines) - SHOWN} more")
    if plan.same:
        tell(f"{plan.same} verdier står slik fra før.", f"{plan.same} values stand so already.")


def _own(project: "Project", name: str) -> "Variable":
    """A variable that can be changed: not the group.

    Raises:
        DataError: there is none of that name.
    """
    from autokode.base.errors import failure
    from autokode.project.store.variables import GROUP
    from autokode.report.variable_table import variable_named

    found = variable_named(project, name)
    if found.id == GROUP:
        raise failure(
            f"«{found.name}» er intervjuenes gruppe, og endres på siden om hvert intervju",
            f"«{found.name}» is the interviews' group, and is changed on the page about each interview",
        )
    return found


def _order(project: "Project", given: str, coder: str | None) -> None:
    from autokode.base.errors import failure
    from autokode.project.store.variable_changes import order_values

    name, colon, levels = given.partition(":")
    if not colon:
        raise failure(
            f"fant «{given}», ventet en variabel og verdiene i rekkefølge",
            f"found «{given}», expected a variable and its values in order",
            try_next='--order "Alder: 18–29; 30–49; 50+"',
        )
    variable = _own(project, name)
    new = order_values(project, _who(project, coder), variable.id, levels.split(";"))
    tell(
        "Rekkefølgen er endret." if new else "Det var slik fra før.",
        "The order is changed." if new else "It was so before.",
    )


def _remove(project: "Project", name: str, coder: str | None, *, yes: bool) -> None:
    from autokode.cli.consent import YES
    from autokode.project.store.variable_changes import remove_variable
    from autokode.project.store.variables import values_of

    variable = _own(project, name)
    count = sum(variable.id in own for own in values_of(project).own.values())
    question = say(
        f"Fjerne «{variable.name}» med {count} verdier? [j/N]", f"Remove «{variable.name}» with {count} values? [y/N]"
    )
    if not yes and click.prompt(question, default="", show_default=False).strip().lower() not in YES:
        tell("Ingenting er fjernet.", "Nothing was removed.")
        return
    remove_variable(project, _who(project, coder), variable.id)
    tell("Fjernet. Angres med z på siden.", "Removed. z on the page undoes it.")


def _form(project: "Project", path: Path) -> None:
    from autokode.base.tables import write_sheets
    from autokode.exchange.variable_sheet import form

    title = say("skjema", "form") if path.suffix.lower() == ".xlsx" else ""
    _tell_files(write_sheets(path, {title: form(project)}))


def _tell_files(paths: list[Path]) -> None:
    for path in paths:
        click.echo(str(path))


def _table(project: "Project", name: str, out: Path | None, coder: str | None) -> None:
    from autokode.report.variable_table import variable_named, variable_table

    found = variable_table(project, variable_named(project, name), coders=[coder] if coder else [], quotes=False)
    if out is None:
        _print(found)
        return
    from autokode.report.render.variable_sheets import write_variable_table

    _tell_files(write_variable_table(out, found))


def _print(found: "VariableTable") -> None:
    from rich.console import Console
    from rich.table import Table

    from autokode.base.formatting import percent

    shown = Table(say("Kode", "Code"), box=None, pad_edge=False)
    for column in found.columns:
        head = column.value or say("uoppgitt", "not stated")
        shown.add_column(f"{head}\nn = {column.answers}", justify="right")
    for code, cells in zip(found.codes, found.cells, strict=True):
        row = []
        for cell in cells:
            bounds = "" if cell.interval is None else f" ({percent(cell.interval[0])}–{percent(cell.interval[1])})"
            row.append(f"{cell.count}  {percent(cell.share)}{bounds}")
        shown.add_row(code, *row)
    Console(highlight=False, markup=False).print(shown)
    tell(
        "Svar med koden, andel av svarene, og 95 % intervall der hvert intervju regnes som ett trekk; uten intervall der verdien "
        "bare finnes i ett intervju.",
        "Answers with the code, their share, and a 95 % interval that counts each interview as one draw; none where one "
        "interview alone has the value.",
    )


def _matrix(project: "Project", path: Path, coder: str | None) -> None:
    from autokode.report.answer_matrix import answer_matrix
    from autokode.report.render.variable_sheets import write_matrix

    _tell_files(write_matrix(path, answer_matrix(project, coders=[coder] if coder else [])))


command = Command(
    "variables",
    callback=_variables,
    help=say(
        "Variabler om intervjuer og informanter, som aldersgruppe, rolle eller bølge. Uten valg vises de. --form skriver et "
        "skjema å fylle ut, --set tar det inn etter å ha vist hva som endres. --table teller koder i hver verdi, med andeler og "
        "intervaller; «gruppe» kan også brukes. --matrix skriver en rad per svar med 0 og 1, for R og SPSS.",
        "Variables of interviews and informants, such as age group, role or wave. Without options it shows them. --form writes a "
        "form to fill in, --set takes it in after showing what changes. --table counts codes within each value, with shares "
        "and intervals; “group” can be used too. --matrix writes a row per answer with 0 and 1, for R and SPSS.",
    ),
    short_help=say(
        "Variabler om informanter, og tabeller av koder mot dem.", "Variables of informants, and codes by their values."
    ),
    params=[
        project_option(),
        path_option(
            "--set ARK", "Ta inn verdier fra et ark (.xlsx, .csv, .tsv).", "Take in values of a sheet.", into="sheet"
        ),
        path_option(
            "--form FIL", "Skriv et skjema å fylle ut (.xlsx, .csv).", "Write a form to fill in (.xlsx, .csv)."
        ),
        option(
            "--order TEKST",
            'Gi verdiene en rekkefølge: "Alder: 18–29; 30–49; 50+".',
            'Put values in an order: "Age: 18–29; 30–49; 50+".',
        ),
        option("--remove NAVN", "Fjern en variabel med verdiene.", "Remove a variable with its values."),
        option(
            "--table NAVN", "Vis koder mot verdiene av denne variabelen.", "Show codes by the values of this variable."
        ),
        path_option(
            "--out FIL",
            "Skriv tabellen til en fil (.xlsx, .csv, .parquet).",
            "Write the table to a file (.xlsx, .csv, .parquet).",
        ),
        path_option(
            "--matrix FIL",
            "Skriv 0/1-matrisen, og hva kolonnene heter (.xlsx, .csv, .parquet).",
            "Write the 0/1 matrix, and what its columns stand for (.xlsx, .csv, .parquet).",
        ),
        option(
            "--coder NAVN",
            "Hvem som endrer; i --table og --matrix bare denne koderens kodinger.",
            "Who makes the change; in --table and --matrix this coder's codings only.",
        ),
        flag("--yes", "Lagre eller fjern uten å spørre.", "Store or remove without asking."),
    ],
    example="autokode variables --project prosjekt --form skjema.xlsx",
)
