"""Writes a coder's memos for the coder to keep: as a table, as text, or as a Word document; each with what it is about.

Memos go out only when somebody asks for them, and then as they were written.
"""

import io
from collections.abc import Iterable, Sequence
from itertools import groupby

from autokode.base.csv_files import csv_text
from autokode.base.extras import require
from autokode.base.formatting import for_xml, one_line, shortened
from autokode.base.messages import say
from autokode.project.store.memo_rows import AboutMemo
from autokode.project.views.memo_list import about_said

LONGEST = 300
"""Code points of a quote in a document; the table has all of it."""

COLUMNS = ("kind", "about", "code", "transcript", "utterance", "speaker", "quote", "gone", "memo")


def headings() -> dict[str, str]:
    """The heading of each kind of memos."""
    return {
        "project": say("Prosjektet", "The project"),
        "code": say("Koder", "Codes"),
        "transcript": say("Intervjuer", "Interviews"),
        "turn": say("Ytringer", "Utterances"),
        "coding": say("Kodinger", "Codings"),
    }


def memos_csv(memos: Iterable[AboutMemo]) -> bytes:
    """A CSV table with a row for each memo; utterances are counted from 0, as in other tables."""
    rows = (
        (m.kind, about_said(m), m.code, m.interview, m.utterance, m.speaker, m.quote, m.gone, m.text) for m in memos
    )
    return ("\ufeff" + csv_text(COLUMNS, rows)).encode("utf-8")


def memos_markdown(memos: Sequence[AboutMemo], title: str) -> bytes:
    """A text with a heading for each kind and each memo."""
    parts = [f"# {title}"]
    for kind, own in groupby(memos, key=lambda one: one.kind):
        parts.append(f"## {headings()[kind]}")
        for memo in own:
            quote = [f"> {one_line(shortened(memo.quote, LONGEST))}"] if memo.quote else []
            parts += [f"### {one_line(about_said(memo))}", *quote, memo.text]
    return ("\n\n".join(parts) + "\n").encode("utf-8")


def memos_docx(memos: Sequence[AboutMemo], title: str) -> bytes:
    """A Word document with Word's own headings."""
    require("office")
    from docx import Document

    document = Document()
    document.core_properties.author = document.core_properties.comments = ""
    document.add_heading(for_xml(title), 0)
    for kind, own in groupby(memos, key=lambda one: one.kind):
        document.add_heading(headings()[kind], 1)
        for memo in own:
            document.add_heading(for_xml(one_line(about_said(memo))), 2)
            if memo.quote:
                document.add_paragraph(for_xml(shortened(memo.quote, LONGEST)), style="Quote")
            for line in memo.text.splitlines():
                document.add_paragraph(for_xml(line))
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()
