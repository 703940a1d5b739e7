"""Read QualCoder's own projects: a folder NAME.qda with the SQLite file data.qda, or that file alone, opened read-only."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from autokode.base.errors import failure
from autokode.base.formatting import BLANK, one_line
from autokode.base.messages import say
from autokode.base.yaml_files import MAX_DEPTH
from autokode.exchange.package.contents import (
    Case,
    CodeNode,
    Document,
    Note,
    Package,
    PackageCoding,
    PackageSegment,
    User,
    Value,
    Variable,
    guid_of,
)
from autokode.exchange.package.position_counting import (
    STANDARD,
    Counting,
    StatedSpan,
    TextWithSpans,
    code_point_at,
    find_countings,
)
from autokode.exchange.qualcoder_rows import Rows, open_rows

_LOST = {
    "code_image": ("kodede bildeutsnitt", "coded parts of pictures"),
    "code_av": ("kodede lydklipp", "coded segments of sound"),
}


def read_qualcoder(path: str | Path) -> Package:
    """Read a project of QualCoder 2 or 3.

    Raises:
        DataError: no such file, no SQLite file, or none of QualCoder's.
    """
    path = Path(path)
    with open_rows(path) as rows:
        return _Reader(rows, path.stem).package()


class _Reader:
    """Makes a package of QualCoder's rows; counts and leaves out the rows that do not fit."""

    def __init__(self, rows: Rows, name: str) -> None:
        self.rows, self.name = rows.of, name
        self.remarks: list[str] = []
        self.users: dict[str, User] = {}
        self.notes: list[Note] = []

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
                self.remark(f"{nb}, som ikke kan beholdes: {count}", f"{en}, which cannot be kept: {count}")
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
        """The categories as uncodable codes with their codes below them; leave out categories that contain themselves."""
        categories = {row["catid"]: row for row in self.rows("code_cat")}
        codes: dict[Any, list[CodeNode]] = {}
        for row in sorted(self.rows("code_name"), key=lambda row: _str(row["name"])):
            parent = row.get("catid") if row.get("catid") in categories else None
            codes.setdefault(parent, []).append(_code(row))
        children: dict[Any, list[dict[str, Any]]] = {}
        for row in categories.values():
            children.setdefault(row.get("supercatid"), []).append(row)
        tops = [row for row in categories.values() if row.get("supercatid") not in categories]
        found = (*(self.category(row, (), children, codes) for row in tops), *codes.get(None, ()))
        lost = len(self.rows("code_name")) - sum(node.codable for top in found for node in top.walk())
        if lost:
            self.remark(f"{lost} koder i kategorier som går i ring, utelatt", f"{lost} codes in circles, left out")
        return found

    def category(
        self,
        row: dict[str, Any],
        above: tuple[Any, ...],
        children: dict[Any, list[dict[str, Any]]],
        codes: dict[Any, list[CodeNode]],
    ) -> CodeNode:
        """A category with everything below it; `children` and `codes` are keyed by the id of the category above."""
        number = row["catid"]
        if len(above) >= MAX_DEPTH:
            raise failure(
                f"kategorier i mer enn {MAX_DEPTH} nivåer",
                f"categories in more than {MAX_DEPTH} levels",
                where=self.name,
                try_next=say("gjør treet flatere i QualCoder", "make the tree flatter in QualCoder"),
            )
        path = (*above, number)
        below = [
            self.category(one, path, children, codes) for one in children.get(number, ()) if one["catid"] not in path
        ]
        name = one_line(_str(row["name"])) or say("uten navn", "unnamed")
        nodes = (*below, *codes.get(number, ()))
        return CodeNode(_id("category", number), name, False, "", _str(row.get("memo")), (), nodes)

    def documents(self, codes: set[str]) -> list[Document]:
        marked = self.rows("code_text")
        texts = [row for row in self.rows("source") if _str(row.get("fulltext")).strip(BLANK)]
        silent = len(self.rows("source")) - len(texts)
        if silent:
            self.remark(f"{silent} filer uten tekst, utelatt", f"{silent} files without text, left out")
        by_file = {row["id"]: [one for one in marked if one["fid"] == row["id"]] for row in texts}
        spans = {file: tuple(filter(None, map(_span, own))) for file, own in by_file.items()}
        counted = find_countings([TextWithSpans(_str(row["fulltext"]), spans[row["id"]]) for row in texts])
        found = []
        for row, counting in zip(texts, counted, strict=True):
            text = _str(row["fulltext"])
            guid = _id("source", row["id"])
            if counting != STANDARD:
                said = counting.differences()
                self.remark(
                    f"{row['name']}: posisjonene teller {said}; regnet om",
                    f"{row['name']}: positions count {said}; converted",
                )
            segments = [
                *self.segments(guid, text, by_file[row["id"]], counting, codes),
                *self.annotations(row["id"], text, counting),
            ]
            notes = self.note("source", row["id"], row.get("memo"), row)
            found.append(Document(guid, _str(row["name"]), text, tuple(segments), (), notes))
        return found

    def segments(
        self, document: str, text: str, rows: list[dict[str, Any]], counting: Counting, codes: set[str]
    ) -> Iterator[PackageSegment]:
        offsets = counting.offsets(text)
        by_span: dict[tuple[int, int], list[PackageCoding]] = {}
        lost = moved = 0
        for row in rows:
            span = _span(row)
            code = _id("code", row["cid"])
            if span is None or code not in codes:
                lost += 1
                continue
            start, end = code_point_at(offsets, span.start), code_point_at(offsets, span.end)
            said = _str(row.get("seltext"))
            if said and text[start:end] != said and text.count(said) == 1:
                start, moved = text.index(said), moved + 1
                end = start + len(said)
            if start >= end:
                lost += 1
                continue
            number = row.get("ctid") or (start, end, row["cid"])
            notes = self.note("coding", number, row.get("memo"), row)
            coding = PackageCoding(_id("coding", number), code, self.user(row), _time(row), notes)
            by_span.setdefault((start, end), []).append(coding)
        if lost:
            self.remark(
                f"{lost} kodinger uten sted eller kode, utelatt", f"{lost} codings without a place or code, left out"
            )
        if moved:
            self.remark(
                f"{moved} kodinger flyttet dit sitatet deres står", f"{moved} codings moved to where their quote stands"
            )
        for (start, end), codings in sorted(by_span.items()):
            yield PackageSegment(guid_of("qualcoder", document, start, end), start, end, codings=tuple(codings))

    def annotations(self, file: Any, text: str, counting: Counting) -> Iterator[PackageSegment]:
        offsets = counting.offsets(text)
        for row in self.rows("annotation"):
            span = _span(row)
            if row["fid"] != file or span is None:
                continue
            start, end = code_point_at(offsets, span.start), code_point_at(offsets, span.end)
            if start < end:
                guid, notes = _id("annotation", row["anid"]), self.note("annotation", row["anid"], row.get("memo"), row)
                yield PackageSegment(guid, start, end, notes=notes, user=self.user(row), time=_time(row))

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

    def remark(self, nb: str, en: str) -> None:
        self.remarks.append(say(nb, en))

    def user(self, row: dict[str, Any]) -> str:
        name = _str(row.get("owner")).strip()
        return self.users.setdefault(name, User(guid_of("user", name), name)).guid if name else ""

    def note(self, kind: str, number: Any, text: Any, row: dict[str, Any], name: str = "") -> tuple[str, ...]:
        if not _str(text).strip():
            return ()
        self.notes.append(Note(_id(f"{kind} note", number), _str(text), name, self.user(row), _time(row)))
        return (self.notes[-1].guid,)


def _code(row: dict[str, Any]) -> CodeNode:
    colour = _str(row.get("color"))
    return CodeNode(
        guid=_id("code", row["cid"]),
        name=one_line(_str(row["name"])) or say("uten navn", "unnamed"),
        colour=colour.lower() if re.fullmatch(r"#[0-9a-fA-F]{6}", colour) else "",
        description=_str(row.get("memo")),
    )


def _id(kind: str, number: Any) -> str:
    return guid_of("qualcoder", kind, number)


def _str(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def _time(row: dict[str, Any]) -> str:
    match = re.match(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)", _str(row.get("date")))
    return f"{match[1]}T{match[2]}" if match else ""


def _span(row: dict[str, Any]) -> StatedSpan | None:
    start, end = row.get("pos0"), row.get("pos1")
    if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start <= end:
        return None
    return StatedSpan(start, end, _str(row.get("seltext")))
