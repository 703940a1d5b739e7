"""Write transcripts anew in their format, with only what was read, so that no hidden content comes along."""

import html
import io
from collections.abc import Iterator
from typing import Any

from autokode.base.extras import require
from autokode.corpus.edits import Edits
from autokode.corpus.readers import Cue, Source
from autokode.pseudonym.finding import find_known
from autokode.pseudonym.kinds import Finding, Kind
from autokode.pseudonym.labels import names_in
from autokode.pseudonym.register import Register

WRITTEN = (".txt", ".docx", ".vtt", ".srt")
"""Endings of the formats that can be written; a transcript in another format is written as .txt."""


def written(source: Source, ending: str, edits: Edits, register: Register) -> bytes:
    """Make a transcript file with edits, without comments, metadata, tracked changes and formatting.

    Args:
        source: the content of the old file.
        ending: ".txt", ".docx", ".vtt" or ".srt".
        edits: the changes in its text.
        register: gives the new names of speakers that the format states outside the text.
    """
    text = edits.apply(source.text)
    if ending == ".docx":
        titles = {edits.segment(*place)[0] for place in source.titles}
        bold = dict(edits.segment(*place) for place in (*source.headings, *source.bold_starts))
        return _docx(text, bold, titles)
    if ending in (".vtt", ".srt"):
        return "".join(_subtitles(source, text, ending, edits, register)).encode("utf-8")
    return text.encode("utf-8")


def relabelled(label: str, register: Register) -> str:
    """Replace the person's name in a speaker's label; a role stays."""
    own = [named for named in names_in(label) if not register.is_left(label) and register.entity_of(named.name)]
    if not own:
        return renamed(label, register)
    (named,) = own
    finding = Finding(named.start, named.end, Kind.PERSON, named.name)
    return label[: named.start] + register.replacement(finding) + label[named.end :]


def renamed(text: str, register: Register, *, title: bool = False) -> str:
    """Replace the names in a short text, such as a code; `_` parts words.

    Args:
        text: the text.
        register: who is who.
        title: whether every capital counts: in a file's name, a coder's, a note.
    """
    forms = register.forms()
    spaced = text.replace("_", " ")
    found = [f for f in find_known(spaced, forms, anywhere=set(forms) if title else ()) if not register.is_left(f.text)]
    for finding in reversed(found):
        entity = register.likeliest_of(finding.text)
        if entity is not None:
            text = text[: finding.start] + register.replacement(finding, entity) + text[finding.end :]
    return text


def _docx(text: str, bold: dict[int, int], titles: set[int]) -> bytes:
    """Make a Word file with a paragraph for each line: bold from where it starts to where `bold` says, or a heading."""
    require("office")
    from docx import Document

    document: Any = Document()
    document.core_properties.author = document.core_properties.comments = ""
    position = 0
    for line in text.split("\n"):
        paragraph = document.add_paragraph(style="Heading 2" if position in titles and line.strip() else None)
        end = max(0, bold.get(position, position) - position) if line.strip() else 0
        paragraph.add_run(line[:end]).bold = True
        paragraph.add_run(line[end:])
        position += len(line) + 1
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _subtitles(source: Source, text: str, ending: str, edits: Edits, register: Register) -> Iterator[str]:
    if ending == ".vtt":
        yield "WEBVTT\n\n"
    for number, cue in enumerate(source.cues, 1):
        start, end = edits.segment(cue.start, cue.end)
        said = text[start:end]
        if ending == ".vtt":
            said = html.escape(said, quote=False)
        voice = f"<v {html.escape(relabelled(cue.speaker, register), quote=False)}>" if cue.speaker else ""
        identifier = (
            cue.identifier if ending == ".vtt" and cue.identifier.isdigit() else str(number) * (ending == ".srt")
        )
        yield f"{identifier}\n" * bool(identifier) + f"{_time(cue, ending)}\n{voice}{said}\n\n"


def _time(cue: Cue, ending: str) -> str:
    return " --> ".join(_stamp(at or 0.0, "," if ending == ".srt" else ".") for at in (cue.begin_s, cue.end_s))


def _stamp(at: float, mark: str) -> str:
    thousandths = round(at * 1000)
    seconds, rest = divmod(thousandths, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{mark}{rest:03}"
