"""QualCoder's own project in: a folder NAME.qda with the SQLite file data.qda (or that file alone), opened to read only."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from autokode.base.errors import failure, quoted
from autokode.base.formatting import BLANK, one_line
from autokode.base.messages import say
from autokode.base.yaml_files import MAX_DEPTH
from autokode.exchange.package.contents import (
    Case,
    CodeNode,
    Document,
    Given,
    Note,
    Package,
    Passage,
    User,
    Value,
    Variable,
    guid_of,
)
from autokode.exchange.package.position_counting import STANDARD, Counting, Marked, Span, find_countings, place

STEPS, BYTES, ROUNDS = 10_000, 500, 100
"""SQLite is asked to go on after so many of its steps: once for each so many bytes of a file, and so many times more. A row of a
sound file takes some twenty bytes and steps."""
_NEEDED = ("code_name", "source", "code_text")
_LOST = {
    "code_image": ("kodede bildeutsnitt", "coded parts of pictures"),
    "code_av": ("kodede lydklipp", "coded stretches of sound"),
}


def read_qualcoder(path: str | Path) -> Package:
    """Read a project of QualCoder 2 or 3.

    Raises:
        DataError: no such file, no SQLite file, or none of QualCoder's.
    """
    path = Path(path)
    file = path / "data.qda" if path.is_dir() else path
    if not file.is_file():
        raise failure(
            "har ingen data.qda; ventet en QualCoder-mappe",
            "has no data.qda; expected a folder of QualCoder's",
            where=path,
            try_next=f"ls {quoted(path)}",
        )
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            bounded(connection, file.stat().st_size)
            rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            there = {row["name"] for row in rows}
            missing = [table for table in _NEEDED if table not in there]
            if missing:
                raise failure(
                    f"er ikke fra QualCoder (mangler {', '.join(missing)})",
                    f"is not QualCoder's (lacks {missing[0]})",
                    where=file,
                    try_next=say("velg data.qda", "choose data.qda"),
                )
            return _Reader(connection, there, path.stem, file.stat().st_size).package()
    except KeyError as error:
        raise failure(
            f"er ikke fra QualCoder (mangler {error})",
            f"is not QualCoder's (lacks {error})",
            where=file,
            try_next=say("velg data.qda", "choose data.qda"),
        ) from error
    except (sqlite3.Error, UnicodeDecodeError, OverflowError, MemoryError) as error:
        raise failure(
            f"kan ikke leses som SQLite ({error})",
            f"cannot be read as SQLite ({error})",
            where=file,
            try_next=say("åpne prosjektet i QualCoder", "open it in QualCoder"),
        ) from error


def bounded(connection: sqlite3.Connection, size: int) -> None:
    """Let a connection to somebody's file do no more than a sound file of so many bytes asks for, nor run what is in it.

    Tables of a file made to do harm can have more rows than bytes, and values that are worked out when they are read.
    """
    left = iter(range(ROUNDS + size // BYTES))
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, max(1_000_000, 2 * size))
    connection.set_progress_handler(lambda: next(left, None) is None, STEPS)


class _Reader:
    """Turns QualCoder's rows into a package; a row that cannot be is counted and left out."""

    def __init__(self, connection: sqlite3.Connection, tables: set[str], name: str, size: int) -> None:
        self.connection, self.tables, self.name, self.left = connection, tables, name, size
        self.remarks: list[str] = []
        self.read: dict[str, list[dict[str, Any]]] = {}
        self.users: dict[str, User] = {}
        self.notes: list[Note] = []

    def rows(self, table: str) -> list[dict[str, Any]]:
        if table not in self.read:
            own = self.connection.execute(f"SELECT * FROM {table}") if table in self.tables else ()  # noqa: S608 - our own names
            self.read[table] = [dict(row) for row in own if self._has_room(row)]
        return self.read[table]

    def _has_room(self, row: sqlite3.Row) -> bool:
        """Return True while what was read is no more than the file has: rows may share a text that stands in it once."""
        self.left -= sum(len(value) for value in row if isinstance(value, str | bytes))
        if self.left < 0:
            raise sqlite3.DataError(
                say("har mer tekst enn filen har plass til", "has more text than the file has room for")
            )
        return True

    def package(self) -> Package:
        codes = self.codes()
        documents = self.documents({node.guid for top in codes for node in top.walk()})
        variables = tuple(
            Variable(
                _id("attribute", row["name"]),
                str(row["name"]),
                "Float" if row.get("valuetype") == "numeric" else "Text",
                _str(row.get("memo")),
            )
            for row in self.rows("attribute_type")
        )
        values = self.values({variable.guid: variable.kind for variable in variables})
        documents = [replace(one, values=tuple(values.get(("file", one.guid), ()))) for one in documents]
        for table, (nb, en) in _LOST.items():
            count = len(self.rows(table))
            if count:
                self.remarks.append(
                    say(f"{nb}, som ikke kan beholdes: {count}", f"{en}, which cannot be kept: {count}")
                )
        project = (self.rows("project") or [{}])[0]
        for row in self.rows("journal"):
            self.note("journal", row.get("jid"), row.get("jentry"), row, _str(row.get("name")))
        return Package(
            name=self.name,
            origin=_str(project.get("about")) or "QualCoder",
            description=_str(project.get("memo")),
            users=tuple(self.users.values()),
            codes=codes,
            documents=tuple(documents),
            notes=tuple(self.notes),
            variables=variables,
            cases=tuple(self.cases({one.guid: one for one in documents}, values)),
            remarks=tuple(self.remarks),
        )

    def codes(self) -> tuple[CodeNode, ...]:
        """Return categories with what is under them; a category is no code itself. Circles are broken."""
        categories = {row["catid"]: row for row in self.rows("code_cat")}
        under: dict[Any, list[CodeNode]] = {}
        for row in sorted(self.rows("code_name"), key=lambda row: _str(row["name"])):
            colour = _str(row.get("color"))
            node = CodeNode(
                _id("code", row["cid"]),
                one_line(_str(row["name"])) or say("uten navn", "unnamed"),
                True,
                colour.lower() if re.fullmatch(r"#[0-9a-fA-F]{6}", colour) else "",
                _str(row.get("memo")),
            )
            parent = row.get("catid") if row.get("catid") in categories else None
            under.setdefault(parent, []).append(node)

        inside: dict[Any, list[dict[str, Any]]] = {}
        for row in categories.values():
            inside.setdefault(row.get("supercatid"), []).append(row)

        def made(category: dict[str, Any], above: tuple[Any, ...]) -> CodeNode:
            number = category["catid"]
            if len(above) >= MAX_DEPTH:
                mend = say("gjør treet flatere i QualCoder", "make the tree flatter in QualCoder")
                raise failure(
                    f"kategorier i mer enn {MAX_DEPTH} nivåer",
                    f"categories in more than {MAX_DEPTH} levels",
                    where=self.name,
                    try_next=mend,
                )
            children = [
                made(child, (*above, number))
                for child in inside.get(number, ())
                if child["catid"] not in (*above, number)
            ]
            name = one_line(_str(category["name"])) or say("uten navn", "unnamed")
            nodes = (*children, *under.get(number, ()))
            return CodeNode(_id("category", number), name, False, "", _str(category.get("memo")), (), nodes)

        tops = [row for row in categories.values() if row.get("supercatid") not in categories]
        found = (*(made(row, ()) for row in tops), *under.get(None, ()))
        lost = len(self.rows("code_name")) - sum(node.codable for top in found for node in top.walk())
        if lost:
            self.remarks.append(
                say(f"{lost} koder i kategorier som går i ring, utelatt", f"{lost} codes in circles, left out")
            )
        return found

    def documents(self, codes: set[str]) -> list[Document]:
        marked = self.rows("code_text")
        texts = [row for row in self.rows("source") if _str(row.get("fulltext")).strip(BLANK)]
        silent = len(self.rows("source")) - len(texts)
        if silent:
            self.remarks.append(say(f"{silent} filer uten tekst, utelatt", f"{silent} files without text, left out"))
        by_file = {row["id"]: [one for one in marked if one["fid"] == row["id"]] for row in texts}
        counted = find_countings(
            [
                Marked(_str(row["fulltext"]), tuple(_span(one) for one in by_file[row["id"]] if _span(one) is not None))  # type: ignore[misc]
                for row in texts
            ]
        )
        found = []
        for row, counting in zip(texts, counted, strict=True):
            text = _str(row["fulltext"])
            guid = _id("source", row["id"])
            if counting != STANDARD:
                said = counting.said()
                self.remarks.append(
                    say(
                        f"{row['name']}: posisjonene teller {said}; regnet om",
                        f"{row['name']}: positions count {said}; converted",
                    )
                )
            passages = [
                *self.passages(guid, text, by_file[row["id"]], counting, codes),
                *self.annotations(row["id"], text, counting),
            ]
            found.append(
                Document(
                    guid,
                    _str(row["name"]),
                    text,
                    tuple(passages),
                    (),
                    self.note("source", row["id"], row.get("memo"), row),
                )
            )
        return found

    def passages(
        self, document: str, text: str, rows: list[dict[str, Any]], counting: Counting, codes: set[str]
    ) -> Iterator[Passage]:
        offsets = counting.offsets(text)
        by_span: dict[tuple[int, int], list[Given]] = {}
        lost = moved = 0
        for row in rows:
            span = _span(row)
            code = _id("code", row["cid"])
            if span is None or code not in codes:
                lost += 1
                continue
            start, end = place(offsets, span.start), place(offsets, span.end)
            said = _str(row.get("seltext"))
            if said and text[start:end] != said and text.count(said) == 1:
                start, moved = text.index(said), moved + 1
                end = start + len(said)
            if start >= end:
                lost += 1
                continue
            number = row.get("ctid") or (start, end, row["cid"])
            notes = self.note("coding", number, row.get("memo"), row)
            given = Given(_id("coding", number), code, self.user(row), _time(row), notes)
            by_span.setdefault((start, end), []).append(given)
        if lost:
            self.remarks.append(
                say(
                    f"{lost} kodinger uten sted eller kode, utelatt",
                    f"{lost} codings without a place or code, left out",
                )
            )
        if moved:
            self.remarks.append(
                say(
                    f"{moved} kodinger flyttet dit sitatet deres står",
                    f"{moved} codings moved to where their quote stands",
                )
            )
        for (start, end), given_ in sorted(by_span.items()):
            yield Passage(guid_of("qualcoder", document, start, end), start, end, given=tuple(given_))

    def annotations(self, file: Any, text: str, counting: Counting) -> Iterator[Passage]:
        offsets = counting.offsets(text)
        for row in self.rows("annotation"):
            span = _span(row)
            if row["fid"] == file and span is not None and place(offsets, span.start) < place(offsets, span.end):
                notes = self.note("annotation", row["anid"], row.get("memo"), row)
                start, end = place(offsets, span.start), place(offsets, span.end)
                yield Passage(
                    _id("annotation", row["anid"]), start, end, notes=notes, user=self.user(row), time=_time(row)
                )

    def cases(self, documents: dict[str, Document], values: dict[tuple[str, str], list[Value]]) -> Iterator[Case]:
        parts = self.rows("case_text")
        for row in self.rows("cases"):
            guid = _id("case", row["caseid"])
            files = dict.fromkeys(_id("source", part["fid"]) for part in parts if part["caseid"] == row["caseid"])
            there = tuple(file for file in files if file in documents)
            own = tuple(values.get(("case", guid), ()))
            yield Case(guid, _str(row["name"]), _str(row.get("memo")), (), own, there)

    def values(self, kinds: dict[str, str]) -> dict[tuple[str, str], list[Value]]:
        found: dict[tuple[str, str], list[Value]] = {}
        for row in self.rows("attribute"):
            variable, text = _id("attribute", row["name"]), _str(row.get("value")).strip()
            if variable not in kinds or not text:
                continue
            kind = "file" if row.get("attr_type") == "file" else "case"
            number = bool(re.fullmatch(r"-?\d+(\.\d+)?", text))
            stated = kinds[variable] if number or kinds[variable] == "Text" else "Text"
            found.setdefault((kind, _id("source" if kind == "file" else "case", row["id"])), []).append(
                Value(variable, stated, text)
            )
        return found

    def user(self, row: dict[str, Any]) -> str:
        name = _str(row.get("owner")).strip()
        return self.users.setdefault(name, User(guid_of("user", name), name)).guid if name else ""

    def note(self, kind: str, number: Any, text: Any, row: dict[str, Any], name: str = "") -> tuple[str, ...]:
        if not _str(text).strip():
            return ()
        self.notes.append(Note(_id(f"{kind} note", number), _str(text), name, self.user(row), _time(row)))
        return (self.notes[-1].guid,)


def _id(kind: str, number: Any) -> str:
    return guid_of("qualcoder", kind, number)


def _str(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def _time(row: dict[str, Any]) -> str:
    match = re.match(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)", _str(row.get("date")))
    return f"{match[1]}T{match[2]}" if match else ""


def _span(row: dict[str, Any]) -> Span | None:
    start, end = row.get("pos0"), row.get("pos1")
    if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start <= end:
        return None
    return Span(start, end, _str(row.get("seltext")))
