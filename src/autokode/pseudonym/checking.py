"""Search a folder for personal data that is left: in transcripts, codings, notes, reports, and the words of a model."""

import html
import itertools
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from autokode.base.csv_files import csv_cells
from autokode.base.errors import DataError, failure, quoted
from autokode.base.files import read_bytes
from autokode.base.formatting import one_line
from autokode.base.text_files import decode
from autokode.corpus.study_file import DESCRIPTION, list_transcripts, pseudonyms
from autokode.model.features import keys_of, normal_form
from autokode.nlp.tokenizer import tokenize
from autokode.pseudonym.finding import find_all, find_known
from autokode.pseudonym.key import Key
from autokode.pseudonym.kinds import Finding, Kind, without_overlap
from autokode.pseudonym.labels import is_role, names_in
from autokode.pseudonym.lists import WORD, lists
from autokode.pseudonym.material import read_transcripts
from autokode.pseudonym.register import Register

if TYPE_CHECKING:
    from autokode.nlp.pipeline import Pipeline

TEXTS = (".txt", ".md", ".csv", ".tsv", ".json", ".jsonl", ".yaml", ".yml", ".html", ".xml", ".rtf", ".log")
_XML = re.compile(r"docProps/(core|app)\.xml$|word/[a-z0-9]+\.xml$", re.IGNORECASE)
_SAID, _DELETED = re.compile(r"<w:t(?: [^>]*)?>([^<]*)<"), re.compile(r"<w:delText(?: [^>]*)?>([^<]*)<")
_CUE, _VOICE = re.compile(r"WEBVTT|.*-->|\d+$"), re.compile(r"<v(?:\.[^\s>]*)? ([^>]*)>")
_SAID_OF_FILE = re.compile(
    r"<(?:dc:creator|cp:lastModifiedBy|dc:title|dc:subject|dc:description|cp:keywords|Company|Manager)>([^<]*)<"
)
_WORDS, _FEATURES = "top_words.tsv", ("features.npy", "question_features.npy")


@dataclass(frozen=True, slots=True)
class Left:
    """Something in a folder that seems personal.

    Attributes:
        file: the file, relative to the folder.
        finding: the personal data.
        context: the words around it.
    """

    file: str
    finding: Finding
    context: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Checked:
    """The result of searching a folder.

    Attributes:
        files: the files that were searched, relative to the folder.
        unread: the files of kinds that cannot be read.
        left: everything that seems personal.
    """

    files: tuple[str, ...]
    unread: tuple[str, ...]
    left: tuple[Left, ...]


def check(folder: Path, nlp: "Pipeline", *, key: Key | None = None) -> Checked:
    """Search a folder and its subfolders for personal data; the invented names in study.yaml do not count.

    Args:
        folder: a pseudonymised study.
        nlp: a pipeline with names.
        key: its names are searched for too, in models by their features.

    Raises:
        DataError: not a folder.
    """
    if not folder.is_dir():
        raise failure("er ingen mappe", "is not a folder", where=folder, try_next=f"ls {quoted(folder.parent)}")
    known = key.register if key is not None else Register()
    allowed = Register((), {*pseudonyms(folder), *(e.becomes for e in known.entities), *known.leave})
    read: list[str] = []
    unread: list[str] = []
    left: list[Left] = []
    searched: list[tuple[str, str]] = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = str(path.relative_to(folder))
        left += [Left(name, f, name) for f in _known(name, known)]
        texts: list[str] | None = []
        if path.name in _FEATURES:
            left += [Left(name, f, name) for f in _in_features(path, known)]
        elif path.name == _WORDS:
            left += [Left(name, f, f.text) for f in _in_words(path, known) if not allowed.is_left(f.text)]
        elif path.suffix != ".npy":
            texts = texts_in_file(path)
            searched += [(name, text) for text in texts or () if text.strip()]
        (unread if texts is None else read).append(name)
    left += _in_texts(searched, nlp, known, allowed)
    return Checked(tuple(read), tuple(unread), tuple(sorted(left, key=lambda one: one.file)))


def texts_in_file(path: Path) -> list[str] | None:
    """What is searched of a file: a transcript as `plan` does, and what of it no reader reads; None for other kinds of files."""
    ending = path.suffix.lower()
    try:
        if ending == ".docx":
            return [*_hidden(path), *_of_transcript(path)]
        if ending in (".vtt", ".srt"):
            said = _of_transcript(path)
            return [
                *said,
                *(line for line in _raw(path) if not _CUE.match(line) and _VOICE.sub("", line) not in " ".join(said)),
            ]
        if ending in (".csv", ".tsv"):
            return _cells(path)
        if ending == ".txt":
            return _of_transcript(path)
        return _raw(path) if ending in TEXTS else None
    except DataError:
        return _raw(path) if ending == ".txt" else None


def _of_transcript(path: Path) -> list[str]:
    """The texts of a transcript, and the names in its labels."""
    listed = list_transcripts(path.parent) if (path.parent / DESCRIPTION).exists() else []
    entry = next((entry for entry in listed if entry["file"] == path.name), {"file": path.name})
    (one,) = read_transcripts(path.parent, [entry])
    labels = [f"{named.name}:" for label in one.transcript.speakers if not is_role(label) for named in names_in(label)]
    return [*(text for _at, text in one.texts()), *labels]


def _raw(path: Path) -> list[str]:
    return decode(read_bytes(path), str(path)).splitlines()


def _cells(path: Path) -> list[str]:
    """The distinct cells of a table that are more than a short number, without its header."""
    text = decode(read_bytes(path), str(path))
    rows = itertools.islice(csv_cells(text), 1, None)
    return list(dict.fromkeys(cell for row in rows for cell in row if any(map(str.isalpha, cell)) or len(cell) > 6))


def _hidden(path: Path) -> list[str]:
    """The text of a Word document's other parts: author, comments, headers, footnotes, deleted text."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist() if _XML.match(name)}
    found = _DELETED.findall(parts.pop("word/document.xml", ""))
    for name, text in parts.items():
        found += (_SAID_OF_FILE if name.startswith("docProps") else _SAID).findall(text)
    return [html.unescape(text) for text in found if text.strip()]


def _in_texts(texts: list[tuple[str, str]], nlp: "Pipeline", known: Register, allowed: Register) -> Iterator[Left]:
    """Search texts, each with the name of its file, as one material."""
    for (name, text), found in zip(texts, find_all([text for _name, text in texts], nlp), strict=True):
        for finding in without_overlap([*found, *_known(text, known)]):
            if not allowed.is_left(finding.text):
                yield Left(name, finding, one_line(text[max(0, finding.start - 40) : finding.end + 40]))


def _known(text: str, known: Register) -> Iterator[Finding]:
    return (f for f in find_known(text.replace("_", " "), known.forms()) if not known.is_left(f.text))


def _in_words(path: Path, known: Register) -> Iterator[Finding]:
    """Yield names among the top words of a model's codes."""
    text = decode(read_bytes(path), str(path))
    yield from _known(text, known)
    for match in WORD.finditer(text):
        if lists().is_given(match[0]) and not lists().is_word(match[0]):
            yield Finding(match.start(), match.end(), Kind.PERSON, match[0])


def _in_features(path: Path, known: Register) -> Iterator[Finding]:
    """Yield known names among a model's features, which are hashes of 33 bits; one in 200,000 matches by chance."""
    features = np.load(path, mmap_mode="r", allow_pickle=False)
    for form, kind in known.forms().items():
        keys = [keys_of(normal_form(token.text)) for token in tokenize(form)]
        marks = [key[0] for key in keys if key]
        if marks and not lists().is_word(form) and np.isin(marks, features).all():
            yield Finding(0, 0, kind, form)
