"""Variables of interviews and informants: typed in, pasted or fetched from a sheet after a look, ordered, and tables of codes."""

import io
import tempfile
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, request

from autokode.base.errors import failure
from autokode.base.hashing import sha256_of
from autokode.base.messages import say
from autokode.base.tables import write_sheets
from autokode.exchange.variable_sheet import ENDINGS, SheetPlan, form, pasted, planned, sheet_in, take_sheet
from autokode.project.store.coders import NEWCOMER
from autokode.project.store.file_mark import file_mark
from autokode.project.store.interview_changes import check_seen, source_with
from autokode.project.store.variable_changes import (
    Cell,
    make_variable,
    move_variable,
    order_values,
    remove_variable,
    rename_variable,
    set_values,
)
from autokode.project.store.variables import Variable, counts_of, informants_of, values_of
from autokode.review.answers import done, render, request_body, session, text_in
from autokode.review.session import Session

if TYPE_CHECKING:
    from autokode.report.variable_table import VariableTable

blueprint = Blueprint("variables", __name__)

SHOWN = 300
"""Most changes of a sheet, and quotes of a cell, that are shown."""
UNITS, PEOPLE = 200, 40
"""Most rows of the list of values, and most people whose values are typed in at once."""

FILES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "zip": "application/zip",
}


@blueprint.get("/variables")
def overview() -> str:
    """Show the variables, the values of everybody, and what a sheet that waits would change."""
    own = session()
    informants, counts = informants_of(own.project), counts_of(own.project)
    units = [(source, speaker) for source in own.project.sources for speaker in ("", *informants.get(source.id, ()))]
    page, pages = _page(len(units), UNITS)
    units = units[page * UNITS : (page + 1) * UNITS]
    plan = planned(own.project, own.sheet) if own.sheet else None
    return render(
        "variables.html",
        own,
        values=values_of(own.project, {source.id for source, _speaker in units}),
        counts=counts,
        units=units,
        page=page,
        pages=pages,
        plan=plan,
        mark=_mark(plan) if plan else "",
        shown=SHOWN,
        endings=ENDINGS,
    )


def _page(count: int, size: int) -> tuple[int, int]:
    """The page that the address asks for, from 0, and how many there are."""
    pages = max(1, -(-count // size))
    return min(max(0, request.args.get("page", 0, type=int)), pages - 1), pages


def _mark(plan: SheetPlan) -> str:
    return sha256_of(repr(astuple(plan)))[:16]


@blueprint.post("/variables/look")
def look() -> Response:
    """Understand a pasted sheet, or one in a file that has come; nothing is stored."""
    own, body = session(), request_body()
    if "sign" in body:
        file = own.incoming.file(text_in(body, "sign"))
        try:
            if not file.is_whole or file.path.suffix.lower() not in ENDINGS:
                raise failure(
                    f"«{file.name}» er ikke et ark; ventet {', '.join(ENDINGS)}",
                    f"«{file.name}» is no sheet; expected {', '.join(ENDINGS)}",
                )
            rows = sheet_in(file.path)
        finally:
            own.incoming.drop(text_in(body, "sign"))
    else:
        rows = pasted(text_in(body, "text"))
    planned(own.project, rows)
    own.sheet = rows
    return done(own)


@blueprint.post("/variables/take")
def take() -> Response:
    """Store what the page shows of the sheet that waits."""
    own, body = session(), request_body()
    if not own.sheet:
        abort(400)
    plan = planned(own.project, own.sheet)
    check_seen(text_in(body, "saw"), _mark(plan))
    count = take_sheet(own.project, own.coder, plan)
    own.sheet = []
    message = say(f"Lagret, verdier: {count}. Angre: z", f"Stored, values: {count}. Undo: z")
    return done(own, message=message)


@blueprint.post("/variables/drop")
def drop() -> Response:
    own = session()
    own.sheet = []
    return done(own)


@blueprint.post("/variables/make")
def make() -> Response:
    own, body = session(), request_body()
    levels = text_in(body, "levels", empty=True).splitlines()
    if not make_variable(own.project, own.coder, text_in(body, "name", empty=True), levels):
        raise failure("det er en variabel med det navnet alt", "there is a variable of that name already")
    return done(own)


@blueprint.post("/variables/<int:number>/<any(name, order, up, down, remove):what>")
def change(number: int, what: str) -> Response:
    """Change one variable: its name, the order of its values, its place, or that it is there."""
    own, body = session(), request_body()
    project, who = own.project, own.coder
    if what == "name":
        rename_variable(project, who, number, text_in(body, "name", empty=True), saw=text_in(body, "saw"))
    elif what == "order":
        order_values(project, who, number, text_in(body, "levels", empty=True).splitlines())
    elif what == "remove":
        remove_variable(project, who, number)
    else:
        move_variable(project, who, number, up=what == "up")
    return done(own)


@blueprint.get("/variables/of/<int:number>")
def of(number: int) -> str:
    """The values of one interview and of those who answer in it, to be typed in."""
    own = session()
    source = next((one for one in own.project.sources if one.id == number), None)
    if source is None:
        abort(404)
    speakers = ("", *informants_of(own.project).get(number, ()))
    page, pages = _page(len(speakers), PEOPLE)
    return render(
        "variable_values.html",
        own,
        source=source,
        values=values_of(own.project, [number]),
        choices=counts_of(own.project),
        speakers=speakers[page * PEOPLE : (page + 1) * PEOPLE],
        page=page,
        pages=pages,
    )


@blueprint.post("/variables/of/<int:number>")
def give(number: int) -> Response:
    """Store the values of one interview as they were typed in."""
    own, body = session(), request_body()
    source_with(own.project, number)
    lists = [body.get(name, []) for name in ("speaker", "variable", "value", "saw")]
    if not all(isinstance(one, list) and all(isinstance(text, str) for text in one) for one in lists):
        abort(400)
    if len({len(one) for one in lists}) != 1:
        abort(400)
    names = {str(one.id): one.name for one in values_of(own.project, ()).variables}
    cells = []
    for speaker, variable, value, saw in zip(*lists, strict=True):
        if " ".join(value.split()) == saw:
            continue
        if variable not in names:
            raise failure("variabelen er ikke her lenger", "the variable is no longer here")
        cells.append(Cell(number, speaker, names[variable], value, saw=saw))
    count = set_values(own.project, own.coder, cells)
    same = say("Det var slik fra før.", "It was so before.")
    stored = say(f"Lagret, verdier: {count}. Angre: z", f"Stored, values: {count}. Undo: z")
    return done(own, message=stored if count else same)


@blueprint.get("/variables/table/<int:number>")
def table(number: int) -> str:
    """Show codes by the values of a variable, and the quotes behind the cell in the address."""
    own = session()
    variable = _usable(own, number)
    code, column = request.args.get("code", ""), request.args.get("column", -1, type=int)
    found, mine = _counted(own, variable, quotes=bool(code))
    signs = {own.veil.sign(name): name for name in found.codes}
    chosen = None
    if code in signs and 0 <= column < len(found.columns):
        chosen = (signs[code], found.columns[column], found.cell(signs[code], found.columns[column].value))
    return render(
        "variable_table.html",
        own,
        variable=variable,
        variables=values_of(own.project, ()).usable,
        found=found,
        mine=mine,
        chosen=chosen,
        ids={source.name: source.id for source in own.project.sources},
        sign=own.veil.sign,
        shown=SHOWN,
    )


@blueprint.get("/variables/table/<int:number>.<any(xlsx, csv, parquet):ending>")
def table_file(number: int, ending: str) -> Response:
    """A table as a file."""
    from autokode.report.render.variable_sheets import write_variable_table

    own = session()
    found, _mine = _counted(own, _usable(own, number))
    with tempfile.TemporaryDirectory() as folder:
        (path,) = write_variable_table(Path(folder) / f"t.{ending}", found)
        return _download(path.read_bytes(), ending, say("koder og verdier", "codes and values"))


@blueprint.get("/variables/matrix.<any(xlsx, zip):ending>")
def matrix_file(ending: str) -> Response:
    """The matrix of answers as a workbook, or as two CSV files in one archive."""
    from autokode.report.answer_matrix import answer_matrix
    from autokode.report.render.variable_sheets import write_matrix

    own = session()
    coders, _mine = _whose(own)
    with tempfile.TemporaryDirectory() as folder:
        end = "csv" if ending == "zip" else ending
        paths = write_matrix(
            Path(folder) / f"{say('svar', 'answers')}.{end}", answer_matrix(own.project, coders=coders)
        )
        data = _zipped(paths) if ending == "zip" else paths[0].read_bytes()
    return _download(data, ending, say("matrise", "matrix"))


@blueprint.get("/variables/form.<any(xlsx, csv):ending>")
def form_file(ending: str) -> Response:
    """A form to fill in, with the values that stand."""
    own = session()
    with tempfile.TemporaryDirectory() as folder:
        title = say("skjema", "form") if ending == "xlsx" else ""
        (path,) = write_sheets(Path(folder) / f"t.{ending}", {title: form(own.project)})
        return _download(path.read_bytes(), ending, say("skjema", "form"))


def _usable(own: Session, number: int) -> Variable:
    found = next((one for one in values_of(own.project, ()).usable if one.id == number), None)
    if found is None:
        abort(404)
    return found


def _whose(own: Session) -> tuple[list[str], bool]:
    """Whose codings count, and whether those are the coder's alone: always of one who codes blind."""
    mine = own.coder.blind or request.args.get("mine") == "1"
    return ([own.coder.name] if mine else []), mine


def _counted(own: Session, variable: Variable, *, quotes: bool = False) -> "tuple[VariableTable, bool]":
    """The table of a variable, counted anew when something was stored since, and whether it is of the coder's codings alone."""
    from autokode.report.variable_table import variable_table

    coders, mine = _whose(own)
    if mine and own.coder.id == NEWCOMER:
        raise failure("du har ikke kodet noe ennå", "you have not coded anything yet")
    there = tuple(source.id for source in own.project.sources)
    key = (file_mark(own.project), there, variable, tuple(coders), quotes)
    if own.counted is None or own.counted[0] != key:
        own.counted = key, variable_table(own.project, variable, coders=coders, quotes=quotes)
    return own.counted[1], mine


def _zipped(paths: Sequence[Path]) -> bytes:
    import zipfile

    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in paths:
            archive.writestr(zipfile.ZipInfo(path.name), path.read_bytes())
    return stream.getvalue()


def _download(data: bytes, ending: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name.replace(" ", "-")}.{ending}"'}
    return Response(data, mimetype=FILES[ending], headers=headers)
