"""A small project whose codebook is edited: two coders, codings, verdicts, what was settled, and memos."""

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autokode.base.errors import DataError
from autokode.corpus.codebook import Codebook
from autokode.corpus.codebook_tree import TOP, Tree, with_changed
from autokode.project import Project
from autokode.project.store.codebook_editing import CodebookEditor
from autokode.project.store.decision_log import facts
from autokode.project.store.outcomes import Outcome
from autokode.project.store.reviewing import Reviewer
from project_case import small
from review_case import suggestion_ids

BOOK = """# Min egen kodebok
navn: Prøve
språk: nb
koder:
  - navn: makt  # fra teorien
    definisjon: Hvem som bestemmer.
    nummer: 1
    koder:
      - navn: avmakt
        eksempler: [Jeg får ikke bestemme.]
      - navn: penger
  # resten
  - navn: språk
    farge: '#1f6fb2'
  - navn: bakgrunn
    kodbar: nei
    koder:
      - navn: utdanning
        nøkkelord: [skole, kurs]
"""


def edited_project(folder: Path) -> Project:
    """The project; its codebook has comments, and Anne and Ola have coded."""
    made = small(folder)
    (folder / "codebook.yaml").write_text(BOOK, encoding="utf-8")
    project = Project.open(made.folder)
    anne, ola = (Reviewer(project, project.coder(name).id) for name in ("Anne", "Ola"))
    ids = suggestion_ids(project)
    anne.accept(ids[0, "makt"])
    anne.reject(ids[1, "makt"])
    anne.accept(ids[1, "språk"])
    anne.reject(ids[2, "språk"])
    anne.accept(ids[3, "makt"])
    for who in (anne, ola):
        for start, end, code in (
            (0, 6, "makt"),
            (0, 6, "språk"),
            (9, 15, "avmakt"),
            (20, 26, "penger"),
            (20, 30, "språk"),
        ):
            who.code(1, start, end, code)
        who.memo("code/makt", f"om makt, {who.coder}")
        who.memo("code/språk", f"om språk, {who.coder}")
    anne.read(1, 0)
    same = next(
        row["id"] for row in state(project)["coding"].values() if row["coder"] == ola.coder and row["code"] == "makt"
    )
    ola.good(same)
    ola.memo(f"coding/{same}", "et tydelig sted")
    anne.resolve(ola.coder, 1, 2, {"makt": True, "språk": False})
    anne.resolve(ola.coder, 1, 3, {"makt": False, "språk": True})
    return project


def state(project: Project) -> dict[str, Any]:
    """All rows that decisions amount to."""
    with project.database.reading() as connection:
        return facts(connection)


def everything(project: Project) -> tuple[dict[str, Any], str]:
    """What an undo must bring back: all rows, and the codebook's hash."""
    return state(project), project.codebook.sha256


def suggested(project: Project) -> list[tuple[Any, ...]]:
    """All suggestions, and the codes of their rounds."""
    with project.database.reading() as connection:
        rows = [tuple(row) for row in connection.execute("SELECT id, code FROM suggestion ORDER BY id")]
        return rows + [tuple(json.loads(about)["codes"]) for (about,) in connection.execute("SELECT about FROM round")]


def in_file(project: Project) -> Codebook:
    return Codebook.from_yaml((project.folder / "codebook.yaml").read_text(encoding="utf-8"), may_be_empty=True)


KINDS = ("make", "in_vivo", "rename", "move", "change", "merge", "split", "delete", "file", "code", "remove")
"""The kinds of edit that `random_edit` makes; "file" takes in what a person wrote in codebook.yaml."""


def random_edit(
    project: Project, editor: CodebookEditor, choose: random.Random, *, kinds: Sequence[str] = KINDS
) -> str:
    """Make an edit that is drawn by chance, or try to; return its name, or "" if it was refused."""
    tree = Tree.of(project.codebook)
    names = list(tree.own)
    codings = [row["id"] for row in state(project)["coding"].values()]
    one, other = choose.choice(names), choose.choice(names)
    above = choose.choice([TOP, *names])
    before = choose.choice(["", *tree.under[above]])
    fields: dict[str, Any] = choose.choice(
        [
            {"definition": choose.choice(["", "Ny: «tekst» – #1", "a\n\nb  \n c", "- x", "'", "\t|"])},
            {"examples": ["Ja: nei", "nei"], "keywords": []},
            {"colour": choose.choice(["", "#AA00ff"]), "codable": choose.random() < 0.5},
            {"number": choose.choice([None, 2, 7])},
            {"use_when": "når\r\ndet", "not_when": "~"},
        ]
    )
    new = choose.choice(["ny", "Ny kode", "1", "nei", "makt", "å: æ", "avmakt", "#kode", "kode med «navn»"])
    here = [row["id"] for row in state(project)["coding"].values() if row["code"] == one]
    edits = {
        "make": lambda: editor.make(new, above, before, **fields),
        "in_vivo": lambda: editor.in_vivo(1, 40, 46, new, above),
        "rename": lambda: editor.rename(one, new),
        "move": lambda: editor.move(one, above, before),
        "change": lambda: editor.change(one, fields),
        "merge": lambda: editor.merge(one, other),
        "split": lambda: editor.split(one, new, choose.sample(here, choose.randint(0, len(here)))),
        "delete": lambda: editor.delete(one, into=choose.choice(["", other])),
        "file": lambda: by_hand(project, editor, with_changed(project.codebook, one, definition=new)),
        "code": lambda: editor.reviewer.code(1, 50, 55, one),
        "remove": lambda: editor.reviewer.remove(choose.choice(codings)),
    }
    kind = choose.choice(kinds)
    try:
        done = edits[kind]()
    except (DataError, IndexError):
        return ""
    return kind if done.decision is not None else ""


def by_hand(project: Project, editor: CodebookEditor, wanted: Codebook) -> Outcome:
    """Write codebook.yaml as a person would, and take it in."""
    (project.folder / "codebook.yaml").write_text(wanted.to_yaml(), encoding="utf-8")
    return editor.take_file(wanted.sha256, {})
