"""Gives the rows of a project other words: its texts with edits, all that points into them on the same words, and names.

Every column with words in it is reworded unless `AS_THEY_ARE` lists it, so a column that is added later is reworded too.
"""

import itertools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from autokode.base.hashing import sha256_of
from autokode.corpus.codebook import Code, Codebook
from autokode.corpus.edits import Edits
from autokode.project.store.decision_log import Row
from autokode.project.store.reworded_spans import Spans
from autokode.project.store.step_making import KEYS, row_hash

AS_THEY_ARE = frozenset(
    {"time", "added", "began", "ended", "kind", "why", "role", "said", "sha256", "file_sha256", "model"}
)
"""Columns and keys of data whose text has no words of people's."""

_PEOPLE, _CODE, _CODES = ("user", "by"), "code", ("codes", "names", "merged", "past")
"""Keys of data that hold a name of a coder or a user, a code, and codes."""


def unchanged(text: str) -> str:
    """The same text."""
    return text


@dataclass
class Rewording:
    """What becomes of the words of a project.

    Attributes:
        edits: transcript's id → the changes in its text.
        texts: transcript's id → its new text.
        said: gives any other text its new words.
        label: (transcript's id, a speaker's label) → the new label.
        codes, people, transcripts, offices: name → new name, for those that change; people are coders and users of programs.
        ids: transcript's name as it is now → its id.
        books: SHA-256 of a codebook → that of the codebook with the new words.
        forget_files: whether transcripts are marked as pseudonymised, and forget which file they were read from.
        by_code: whether two codings of a coder are kept apart only if they have the same code; renames of codes may join others.
        memos: (coder, subject, text) of memos → their new texts, where these are known.
        suggestions: id of a suggestion → its row and its new row, where these are known.
    """

    edits: Mapping[int, Edits] = field(default_factory=dict)
    texts: Mapping[int, str] = field(repr=False, default_factory=dict)
    said: Callable[[str], str] = unchanged
    label: Callable[[int, str], str] = lambda _transcript, label: label
    codes: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    transcripts: Mapping[str, str] = field(default_factory=dict)
    offices: Mapping[str, str] = field(default_factory=dict)
    ids: Mapping[str, int] = field(default_factory=dict)
    books: dict[str, str] = field(default_factory=dict)
    forget_files: bool = False
    by_code: bool = False
    memos: dict[tuple[int, str, str], str] = field(repr=False, default_factory=dict)
    suggestions: Mapping[int, tuple[Row, Row]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._hashes: dict[str | None, str | None] = {}
        self._labelled: dict[tuple[int, str], str] = {}
        self.spans = Spans(self.edits, {number: len(text) for number, text in self.texts.items()})

    def row(self, table: str, row: Row) -> Row:
        """A row of a table with the new words; the codings in the order in which they are to keep their places."""
        special: Callable[[Row], Row] | None = getattr(self, f"_{table}", None)
        own = special(row) if special else {}
        new = {column: own[column] if column in own else self._plain(column, value) for column, value in row.items()}
        if table in KEYS:
            self._hashes[row_hash(row)] = row_hash(new)
        return new

    def _plain(self, column: str, value: Any) -> Any:
        if not isinstance(value, str) or column in AS_THEY_ARE:
            return value
        return self.codes.get(value, value) if column == _CODE else self.said(value)

    def _setting(self, row: Row) -> Row:
        name, dash, who = row["name"].partition(" – ")
        return {"name": f"{name}{dash}{self.people.get(who, who)}"}

    def _transcript(self, row: Row) -> Row:
        number, text = row["id"], row["text"]
        if number in self.edits:
            text = self.edits[number].apply(text)
        name = self.transcripts.get(row["name"], row["name"])
        office = (
            name if row["office"] == row["name"] else self.offices.get(row["office"])
        )  # without a group its own name
        changed = {
            "name": name,
            "office": self.said(row["office"]) if office is None else office,
            "text": text,
            "sha256": sha256_of(text),
            "about": _json(self._about(number, json.loads(row["about"]))),
            "file": row["file"],
        }
        return {**changed, "file": "", "file_sha256": ""} if self.forget_files and number in self.texts else changed

    def _about(self, number: int, about: dict[str, Any]) -> dict[str, Any]:
        cues = [
            {**self._within(cue, number), "speaker": self._label(number, cue["speaker"])}
            for cue in about.get("cues", ())
        ]
        own = {
            "labels": about.get("labels"),
            "interviewers": [self._label(number, name) for name in about.get("interviewers", ())],
            "cues": cues,
        }
        marked = {"pseudonymised": True} if self.forget_files and number in self.texts else {}
        return {**self._within(about, None), **{name: value for name, value in own.items() if name in about}, **marked}

    def _label(self, number: int, label: str) -> str:
        return self.label(number, label) if label else label

    def _utterance(self, row: Row) -> Row:
        number = row["transcript"]
        start, end = self.spans.moved(number, row["start"], row["end"])
        text = _edited(row["text"], row["start"], self.edits[number]) if number in self.edits else row["text"]
        if len(text) != end - start:  # something that reaches over its ends
            text = self.texts[number][start:end]
        return {"speaker": self._label(number, row["speaker"]), "start": start, "end": end, "text": text}

    def _codebook(self, row: Row) -> Row:
        before = Codebook.from_yaml(row["yaml"], may_be_empty=True)
        after = self.codebook(before)
        if after == before:
            return {"yaml": row["yaml"]}
        self.books[row["sha256"]] = after.sha256
        return {"yaml": after.to_yaml(), "sha256": after.sha256}

    def codebook(self, before: Codebook) -> Codebook:
        """A codebook with the new words."""
        return replace(before, name=self.said(before.name), codes=tuple(map(self._code, before.codes)))

    def _code(self, code: Code) -> Code:
        return replace(
            code,
            name=self.codes.get(code.name, code.name),
            definition=self.said(code.definition),
            use_when=self.said(code.use_when),
            not_when=self.said(code.not_when),
            examples=tuple(map(self.said, code.examples)),
            keywords=tuple(map(self.said, code.keywords)),
            codes=tuple(map(self._code, code.codes)),
        )

    def _coder(self, row: Row) -> Row:
        return {"name": self.people.get(row["name"], row["name"])}

    def _coding(self, row: Row) -> Row:
        owner = (row["coder"], row["transcript"], row["code"] if self.by_code else "")
        start, end = self.spans.of_coding(owner, row["id"], (row["start"], row["end"]))
        return {"start": start, "end": end}

    def _memo(self, row: Row) -> Row:
        known = self.memos.get((row["coder"], row["about"], row["text"]))
        return {"about": self._subject(row["about"]), "text": self.said(row["text"]) if known is None else known}

    def _variable(self, row: Row) -> Row:
        return {"levels": _json([self.said(one) for one in json.loads(row["levels"])])}

    def _value(self, row: Row) -> Row:
        """A value, of the speaker's new label; of two speakers who get one label, the second's keep a number behind it."""
        number, speaker = row["transcript"], row["speaker"]
        label = free = self._label(number, speaker)
        for count in itertools.count(2):
            if self._labelled.setdefault((number, free), speaker) == speaker:
                break
            free = f"{label} {count}"
        return {"speaker": free}

    def _subject(self, about: str) -> str:
        """What a memo is about, with the new name of a code."""
        kind, slash, rest = about.partition("/")
        return f"{kind}{slash}{self.codes.get(rest, rest)}" if kind == _CODE else about

    def _decision(self, row: Row) -> Row:
        changes = json.loads(row["changes"])
        rows = [one for _table, *both in changes for one in both if one]
        places = {one["suggestion"]: one["transcript"] for one in rows if one.get("suggestion") and "transcript" in one}
        shown = json.loads(row["shown"])
        if isinstance(shown.get("suggestions"), list):
            shown["suggestions"] = [
                self._seen(one, places.get(one.get("suggestion"), row["transcript"])) for one in shown["suggestions"]
            ]
        others = {name: value for name, value in shown.items() if name != "suggestions"}
        reworded = [[table, *(one and self.row(table, one) for one in both)] for table, *both in changes]
        return {"changes": _json(reworded), "shown": _json({**shown, **self._within(others, row["transcript"])})}

    def _seen(self, shown: dict[str, Any], transcript: int | None) -> dict[str, Any]:
        """What a coder saw of a suggestion."""
        found: dict[str, Any] = self._within(shown, transcript)
        is_now, was = self.suggestions.get(shown.get("suggestion", 0), ({}, {}))
        if is_now and (shown.get("start"), shown.get("end")) == (is_now["start"], is_now["end"]):
            found["start"], found["end"] = was["start"], was["end"]
        if is_now and shown.get("evidence") and shown["evidence"] == json.loads(is_now["evidence"] or "null"):
            found["evidence"] = json.loads(was["evidence"])
        return found

    def _round(self, row: Row) -> Row:
        return {
            "codebook": self.books.get(row["codebook"], row["codebook"]),
            "about": _json(self._within(json.loads(row["about"]), None)),
        }

    def _suggestion(self, row: Row) -> Row:
        number = row["transcript"]
        start, end = self.spans.moved(number, row["start"], row["end"])
        part = self.spans.moved(number, row["part_start"], row["part_end"])
        evidence = row["evidence"] and _json(self._within(json.loads(row["evidence"]), number))
        return {"start": start, "end": end, "part_start": part[0], "part_end": part[1], "evidence": evidence}

    def _step(self, row: Row) -> Row:
        """What a step noted: rows as they were before it, and marks of what it left."""
        noted = []
        for table, key, before, after in json.loads(row["rows"]):
            new = key
            if table == "carried":
                new = [key[0], self._carried({"kind": key[0], "key": key[1], "data": "null"})["key"]]
            was = before and self.row(table, before)
            noted.append([table, new, was, self._hashes.get(after, after)])
        return {"rows": _json(noted)}

    def _recording(self, row: Row) -> Row:
        """The path of a recording is that of a file outside the project: with other words it would lead nowhere."""
        return {name: row[name] for name in ("path", "fingerprint")}

    def _drawn(self, row: Row) -> Row:
        return {"probabilities": _json(self._within(json.loads(row["probabilities"]), None))}

    def _carried(self, row: Row) -> Row:
        kind, key, number = row["kind"], row["key"], None
        if kind == "memo":
            who, mark, about = key.partition("\x1f")
            key = f"{self.people.get(who, who)}{mark}{self._subject(about)}"
        elif kind == "user":
            key = self.people.get(key, key)
        elif kind == _CODE:
            key = self.codes.get(key, key)
        elif kind in ("transcript", "passages", "whole"):
            number = self.ids.get(key)
            key = self.transcripts.get(key, key)
        data = self._within(json.loads(row["data"]), number)
        if kind == _CODE and isinstance(data, dict) and "name" in data:
            data["name"] = self.codes.get(json.loads(row["data"])["name"], data["name"])
        return {"key": key, "data": json.dumps(data, ensure_ascii=False, sort_keys=True)}

    def _within(self, data: Any, transcript: int | None) -> Any:
        """Data with the new words; the places in it are in this transcript."""
        if isinstance(data, str):
            return self.transcripts.get(data) or self.said(data)
        if isinstance(data, list):
            return [self._within(one, transcript) for one in data]
        if not isinstance(data, dict):
            return data
        found = {self.codes.get(key, key): self._valued(key, value, transcript) for key, value in data.items()}
        if transcript is not None and isinstance(data.get("start"), int) and isinstance(data.get("end"), int):
            found["start"], found["end"] = self.spans.moved(transcript, data["start"], data["end"])
        return found

    def _valued(self, key: str, value: Any, transcript: int | None) -> Any:
        """The value of a key in data."""
        if isinstance(value, str) and key in _PEOPLE:
            return self.people.get(value, value)
        if isinstance(value, str) and key == _CODE:
            return self.codes.get(value, value)
        if isinstance(value, list) and key in _CODES:
            return [
                self.codes.get(one, one) if isinstance(one, str) else self._within(one, transcript) for one in value
            ]
        if isinstance(value, list) and key == "words" and transcript is not None and transcript in self.texts:
            return [self._word(one, transcript) for one in value]
        return value if isinstance(value, str) and key in AS_THEY_ARE else self._within(value, transcript)

    def _word(self, word: list[Any], transcript: int) -> list[Any]:
        """A word of a suggestion's evidence: start, end, what it adds, and the word."""
        start, end = self.spans.moved(transcript, word[0], word[1])
        return [start, end, word[2], self.texts[transcript][start:end]]


def _edited(text: str, at: int, edits: Edits) -> str:
    """An utterance's text, which stands at a place of the transcript, with edits; where stamps were blanked, blanks stay."""
    for edit in reversed(edits.edits):
        start, end = edit.start - at, edit.end - at
        if start >= 0 and end <= len(text) and (start < end or start < len(text)):
            new = edit.new if text[start:end] == edit.old else " " * len(edit.new)
            text = text[:start] + new + text[end:]
    return text


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False)
