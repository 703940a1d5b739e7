"""Measures pseudonymising on whole interviews with a key beside each: who and what is found, and whether one person has one name.

    python -m benchmarks.names FOLDER [--together] [--show]

The folder holds NN.txt and NN.gold.csv with the columns line (from 1), start, end (code points of the line), text, kind, person.
Kinds: person, known (somebody everybody knows: may be replaced or not), number, email, and others that are not counted here. With
`--together` all interviews are one study; `--show` lists every miss and every false name.

The baseline is what anybody would write first: a capitalised word that is on the list of names and does not begin a sentence,
and eleven digits in a row.
"""

import argparse
import csv
import json
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from autokode import norwegian
from autokode.pseudonym import Kind, plan
from autokode.pseudonym.lists import WORD, lists

NUMBERS = ("number", "email")


@dataclass(frozen=True, slots=True)
class Mark:
    """What the key says: a span of the whole text, its kind and, for a person, who it is."""

    start: int
    end: int
    text: str
    kind: str
    person: str


@dataclass(frozen=True, slots=True)
class Replaced:
    """A span that was replaced, and what stands for it; `person` says that it was taken for a person."""

    start: int
    end: int
    new: str
    person: bool


def marks(text: str, path: Path) -> list[Mark]:
    """The marks of an interview."""
    starts = [0, *(match.end() for match in re.finditer(r"\n", text))]
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    found = []
    for row in rows:
        at = starts[int(row["line"]) - 1]
        mark = Mark(at + int(row["start"]), at + int(row["end"]), row["text"], row["kind"], row["person"])
        if text[mark.start : mark.end] != mark.text:
            raise ValueError(f"{path}: «{mark.text}» does not stand at line {row['line']}")
        found.append(mark)
    return found


def replaced(paths: list[Path], *, together: bool) -> dict[str, list[Replaced]]:
    """What is replaced in each interview, by name; each its own study unless `together`."""
    found: dict[str, list[Replaced]] = {}
    for group in [paths] if together else [[path] for path in paths]:
        with tempfile.TemporaryDirectory() as folder:
            for path in group:
                (Path(folder) / path.name).write_bytes(path.read_bytes())
            planned = plan(Path(folder), norwegian(own=True))
        for one in planned.transcripts:
            found[one.path.stem] = [
                Replaced(finding.start, finding.end, owner.becomes, finding.kind == Kind.PERSON)
                for finding, owner in zip(one.findings, one.owners, strict=True)
                if owner is not None
            ]
    return found


def plainest(text: str) -> list[Replaced]:
    """The baseline: names on the list that do not begin a sentence, and eleven digits in a row."""
    found = [Replaced(*match.span(), "", False) for match in re.finditer(r"(?<!\d)\d{11}(?!\d)", text)]
    for match in WORD.finditer(text):
        opens = not text[: match.start()].strip() or re.search(
            r"[.?!:\n]\s*$", text[max(0, match.start() - 5) : match.start()]
        )
        named = lists().is_given(match[0]) or lists().is_family(match[0])
        if match[0][0].isupper() and not opens and named:
            found.append(Replaced(*match.span(), match[0], True))
    return found


def covered(mark: Mark, spans: Iterable[Replaced]) -> bool:
    """Whether every letter and digit of a mark is in something that was replaced."""
    taken = {place for span in spans for place in range(span.start, span.end)}
    return all(mark.start + i in taken for i, character in enumerate(mark.text) if character.isalnum())


def measured(texts: dict[str, str], keys: dict[str, list[Mark]], spans: dict[str, list[Replaced]]) -> dict[str, object]:
    """The figures of a set, with what was missed and what was replaced although it is nobody's name."""
    people = numbers = people_found = numbers_found = said = right = 0
    names: dict[tuple[str, str], set[str]] = defaultdict(set)
    owners: dict[tuple[str, str], set[str]] = defaultdict(set)
    missed: list[str] = []
    wrong: list[str] = []
    for name, key in keys.items():
        for mark in key:
            hit = covered(mark, spans[name])
            if mark.kind == "person":
                people, people_found = people + 1, people_found + hit
                for span in spans[name]:
                    if hit and span.person and span.start < mark.end and mark.start < span.end and span.new:
                        names[name, mark.person].add(span.new)
                        owners[name, span.new].add(mark.person)
            elif mark.kind in NUMBERS:
                numbers, numbers_found = numbers + 1, numbers_found + hit
            if not hit and mark.kind in ("person", *NUMBERS):
                missed.append(f"{name} {mark.kind}: {_around(texts[name], mark)}")
        named = [mark for mark in key if mark.kind in ("person", "known")]
        for span in spans[name]:
            if span.person:
                fits = any(span.start < mark.end and mark.start < span.end for mark in named)
                said, right = said + 1, right + fits
                if not fits:
                    wrong.append(f"{name} {span.new}: {_around(texts[name], span)}")
    several = [f"{name} {person}: {', '.join(sorted(new))}" for (name, person), new in names.items() if len(new) > 1]
    shared = [f"{name} {new}: {', '.join(sorted(who))}" for (name, new), who in owners.items() if len(who) > 1]
    return {
        "people": people,
        "recall_people": round(people_found / max(people, 1), 4),
        "precision_people": round(right / max(said, 1), 4),
        "numbers": numbers,
        "recall_numbers": round(numbers_found / max(numbers, 1), 4),
        "persons": len(names),
        "one_name": round(1 - len(several) / max(len(names), 1), 4),
        "shared_names": len(shared),
        "missed": missed,
        "wrong": wrong,
        "several": several,
        "shared": shared,
    }


def _around(text: str, span: Mark | Replaced) -> str:
    before, after = text[max(0, span.start - 30) : span.start], text[span.end : span.end + 30]
    return f"{before}[{text[span.start : span.end]}]{after}".replace("\n", " / ")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--together", action="store_true")
    parser.add_argument("--show", action="store_true")
    given = parser.parse_args()
    paths = sorted(path for path in given.folder.glob("*.txt") if path.with_suffix(".gold.csv").exists())
    texts = {path.stem: path.read_text(encoding="utf-8") for path in paths}
    keys = {path.stem: marks(texts[path.stem], path.with_suffix(".gold.csv")) for path in paths}
    for name, spans in (
        ("autokode", replaced(paths, together=given.together)),
        ("the plainest", {name: plainest(text) for name, text in texts.items()}),
    ):
        figures = measured(texts, keys, spans)
        shown = {key: value for key, value in figures.items() if not isinstance(value, list)}
        print(json.dumps({"system": name, **shown}, ensure_ascii=False))
        for key in ("missed", "wrong", "several", "shared") if given.show and name == "autokode" else ():
            lines = figures[key]
            print(f"-- {key}", *(lines if isinstance(lines, list) else ()), sep="\n   ", file=sys.stderr)


if __name__ == "__main__":
    main()
