"""Read QualCoder's own projects: a folder NAME.qda with the SQLite file data.qda, or that file alone, opened read-only."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from autokode.base.formatting import BLANK
from autokode.base.messages import say
from autokode.exchange.kept_data import GOOD
from autokode.exchange.package.contents import (
    Case,
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
from autokode.exchange.qualcoder_codes import code_tree
from autokode.exchange.qualcoder_rows import Rows, guid_for, open_rows, text_in

_LOST = {
    "code_image": ("kodede bildeutsnitt", "coded parts of pictures"),
    "code_av": ("kodede lydklipp", "coded segments of sound"),
}


def read_qualcoder(path: str | Path) -> Package:
    """Read a project of QualCoder 2, 3 or 4.

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
        codes = code_tree(self.rows("code_cat"), self.rows("code_name"), self.name, self.remarks)
        documents = self.documents({node.guid for top in codes for node in top.walk()})
        variables = tuple(
            Variable(
                guid_for("attribute", row["name"]),
                str(row["name"]),
                "Float" if row.get("valuetype") == "numeric" else "Text",
                text_in(row.get("memo")),
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
            self.note("journal", row.get("jid"), row.get("jentry"), row, text_in(row.get("name")))
        return Package(
            name=self.name,
            origin=text_in(project.get("about")) or "QualCoder",
            description=text_in(project.get("memo")),
            users=tuple(self.users.values()),
            codes=codes,
            documents=tuple(documents),
            notes=tuple(self.notes),
            variables=variables,
            cases=tuple(self.cases({one.guid: one for one in documents}, values)),
            remarks=tuple(self.remarks),
        )

    def documents(self, codes: set[str]) -> list[Document]:
        marked = self.rows("code_text")
        texts = [row for row in self.rows("source") if text_in(row.get("fulltext")).strip(BLANK)]
        silent = len(self.rows("source")) - len(texts)
        if silent:
            self.remark(f"{silent} filer uten tekst, utelatt", f"{silent} files without text, left out")
        by_file = {row["id"]: [one for one in marked if one["fid"] == row["id"]] for row in texts}
        spans = {file: tuple(filter(None, map(_span, own))) for file, own in by_file.items()}
        counted = find_countings([TextWithSpans(text_in(row["fulltext"]), spans[row["id"]]) for row in texts])
        found = []
        for row, counting in zip(texts, counted, strict=True):
            text = text_in(row["fulltext"])
            guid = guid_for("source", row["id"])
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
            found.append(Document(guid, text_in(row["name"]), text, tuple(segments), (), notes))
        return found

    def segments(
        self, document: str, text: str, rows: list[dict[str, Any]], counting: Counting, codes: set[str]
    ) -> Iterator[PackageSegment]:
        offsets = counting.offsets(text)
        by_span: dict[tuple[int, int], list[PackageCoding]] = {}
        lost = moved = 0
        for row in rows:
            span = _span(row)
            code = guid_for("code", row["cid"])
            if span is None or code not in codes:
                lost += 1
                continue
            start, end = code_point_at(offsets, span.start), code_point_at(offsets, span.end)
            said = text_in(row.get("seltext"))
            if said and text[start:end] != said and text.count(said) == 1:
                start, moved = text.index(said), moved + 1
                end = start + len(said)
            if start >= end:
                lost += 1
                continue
            number = row.get("ctid") or (start, end, row["cid"])
            notes = self.note("coding", number, row.get("memo"), row)
            if row.get("important") == 1:
                notes += self.note("good", number, say("Godt sitat.", "A good quote."), row, GOOD)
            coding = PackageCoding(guid_for("coding", number), code, self.user(row), _time(row), notes)
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
                guid, notes = (
                    guid_for("annotation", row["anid"]),
                    self.note("annotation", row["anid"], row.get("memo"), row),
                )
                yield PackageSegment(guid, start, end, notes=notes, user=self.user(row), time=_time(row))

    def cases(self, documents: dict[str, Document], values: dict[tuple[str, str], list[Value]]) -> Iterator[Case]:
        parts = self.rows("case_text")
        for row in self.rows("cases"):
            guid = guid_for("case", row["caseid"])
            files = dict.fromkeys(guid_for("source", part["fid"]) for part in parts if part["caseid"] == row["caseid"])
            there = tuple(file for file in files if file in documents)
            own = tuple(values.get(("case", guid), ()))
            yield Case(guid, text_in(row["name"]), text_in(row.get("memo")), (), own, there)

    def values(self, kinds: dict[str, str]) -> dict[tuple[str, str], list[Value]]:
        found: dict[tuple[str, str], list[Value]] = {}
        for row in self.rows("attribute"):
            variable, text = guid_for("attribute", row["name"]), text_in(row.get("value")).strip()
            if variable not in kinds or not text:
                continue
            kind = "file" if row.get("attr_type") == "file" else "case"
            number = bool(re.fullmatch(r"-?\d+(\.\d+)?", text))
            stated = kinds[variable] if number or kinds[variable] == "Text" else "Text"
            found.setdefault((kind, guid_for("source" if kind == "file" else "case", row["id"])), []).append(
                Value(variable, stated, text)
            )
        return found

    def remark(self, nb: str, en: str) -> None:
        self.remarks.append(say(nb, en))

    def user(self, row: dict[str, Any]) -> str:
        name = text_in(row.get("owner")).strip()
        return self.users.setdefault(name, User(guid_of("user", name), name)).guid if name else ""

    def note(self, kind: str, number: Any, text: Any, row: dict[str, Any], name: str = "") -> tuple[str, ...]:
        if not text_in(text).strip():
            return ()
        self.notes.append(Note(guid_for(f"{kind} note", number), text_in(text), name, self.user(row), _time(row)))
        return (self.notes[-1].guid,)


def _time(row: dict[str, Any]) -> str:
    match = re.match(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)", text_in(row.get("date")))
    return f"{match[1]}T{match[2]}" if match else ""


def _span(row: dict[str, Any]) -> StatedSpan | None:
    start, end = row.get("pos0"), row.get("pos1")
    if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start <= end:
        return None
    return StatedSpan(start, end, text_in(row.get("seltext")))
