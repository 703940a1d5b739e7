"""Targets of files that people edit or keep: codebooks, studies, codings, decisions, lists, keys."""

import contextlib
import io
import shutil
import tempfile
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from autokode.base.tables import xlsx_bytes
from autokode.cli.methods import _repeat
from autokode.corpus.codebook import Codebook
from autokode.corpus.coding import read_codings
from autokode.corpus.edits import Edit, Edits
from autokode.corpus.study_file import encoding_of, given_of, is_pseudonymised, list_transcripts, pseudonyms
from autokode.corpus.transcript import sha256_of
from autokode.exchange.table_export import codings_table, suggestions_table
from autokode.exchange.table_import import import_table
from autokode.project.active_learning.coded_utterances import coded_utterances_of
from autokode.pseudonym.key import Kept, Key, read_key, write_key
from autokode.pseudonym.kinds import Kind
from autokode.pseudonym.listing import read_list, write_list
from autokode.pseudonym.register import Entity, Register
from autokode.pseudonym.restoring import undo
from autokode.report.training_manifest import _decisions_hash
from conftest import ROOT
from fuzz_case import Target, as_file, as_json, words
from fuzz_exchange import a_project, project_at
from fuzz_transcripts import inside, unzipped, zipped

BOOK = """\
navn: Kodebok æøå
språk: nb
koder:
  - navn: relasjon
    kodbar: nei
    definisjon: &d >
      Det som er mellom
      dem.
    koder:
      - {navn: tid, nummer: 1, farge: "#a0b1c2", eksempel: 'Vi må ta oss tid'}
      - navn: makt
        brukes_når: "når \\u00e5 noen bestemmer"
  - navn: språk
    definisjon: *d
"""


# codebooks and studies


def codebooks() -> list[bytes]:
    plain = (ROOT / "training_data" / "codebook.yaml").read_bytes()[:2500]
    return [BOOK.encode(), plain.rpartition(b"\n      - ")[0], b"name: b\ncodes:\n- name: a\n  codes: [{name: c}]\n"]


def _codebook(path: Path) -> None:
    book = Codebook.read(path)
    assert Codebook.from_yaml(book.to_yaml()).sha256 == book.sha256


def studies() -> list[bytes]:
    own = "navn: s\ntranskripter:\n  - fil: a.txt\n    gruppe: Kontor A\n    intervjuere: [I]\n    merker: colon\n    talere:\n"
    return [
        (ROOT / "training_data" / "study.yaml").read_bytes(),
        f"{own}    - I\n    - Åse\npseudonymer: [Åse]\n".encode(),
    ]


def _study(path: Path) -> None:
    for entry in list_transcripts(path.parent):
        given_of(entry), encoding_of(entry)
    pseudonyms(path.parent)
    is_pseudonymised(path.parent)


# codings and decisions


def codings() -> list[bytes]:
    rows = [(0, 6, "Ytring", "makt"), (12, 18, "penger", "språk"), (9, 18, 'om ""penger""\nx', "2")]
    plain = [f'møte;{a};{b};"{quote}";{code};Kari;2026-03-02T10:15:00' for a, b, quote, code in rows]
    first = "transcript;start;end;quote;code;coder;time"
    return ["\n".join([first, *plain[:2]]).encode(), "\r\n".join([first, *plain]).replace(";", ",").encode("utf-8-sig")]


def _codings(path: Path) -> None:
    project = a_project()
    read_codings(path)
    read_codings(path, transcripts={"møte": project.transcript("møte")}, codebook=project.codebook)


@cache
def _tables() -> tuple[pa.Table, pa.Table]:
    project = a_project()
    waiting = suggestions_table(project)
    said = pa.array(["ja", "nei", "språk", "", "makt", "yes"][: waiting.num_rows])
    waiting = waiting.set_column(waiting.schema.get_field_index("decision"), "decision", said)
    return codings_table(project), waiting


def decisions_csv() -> list[bytes]:
    found = []
    for one in _tables():
        sink = io.BytesIO()
        pyarrow.csv.write_csv(one, sink)
        found.append(sink.getvalue())
    return [*found, *codings()]


def decisions_parquet() -> list[bytes]:
    found = []
    for compression in ("none", "zstd"):
        for one in _tables():
            sink = io.BytesIO()
            pq.write_table(one, sink, compression=compression)
            found.append(sink.getvalue())
    return found


@cache
def decisions_excel() -> bytes:
    return zipped(unzipped(xlsx_bytes(dict(zip(("kodinger", "forslag"), _tables(), strict=True)))))


def _decided(path: Path) -> None:
    project = project_at(path.parent / "p")
    import_table(project, path, coder="Ola")


# lists, keys and manifests


def _register() -> Register:
    people = Entity(Kind.PERSON, ("Åse Berg", "Åsa"), "Anne Lie", 3, "Hei, Åse Berg, sa hen")
    return Register([people, Entity(Kind.PLACE, ("Bodø",), "[sted 1]")], ["Mandag"])


def lists() -> list[bytes]:
    with tempfile.TemporaryDirectory() as place:
        write_list(Path(place) / "l.yaml", _register())
        return [(Path(place) / "l.yaml").read_bytes()]


def keys() -> list[bytes]:
    old, new = "I: Hei.\nÅse: Ja.\n".encode(), "I: Hei.\nAnne: Ja.\n"
    file = Kept("åse.txt", "anne.txt", old, sha256_of(new.encode()), Edits([Edit(8, 11, "Åse", "Anne")]))
    with tempfile.TemporaryDirectory() as place:
        write_key(Path(place) / "k.json", Key(_register(), (file,)))
        return [(Path(place) / "k.json").read_bytes()]


def _key(path: Path) -> None:
    read_key(path)
    folder = path.parent / "uten navn"
    folder.mkdir(exist_ok=True)
    (folder / "anne.txt").write_text("I: Hei.\nAnne: Ja.\n", encoding="utf-8")
    shutil.rmtree(path.parent / "tilbake", ignore_errors=True)
    undo(folder, path, path.parent / "tilbake")


def manifests() -> list[bytes]:
    project = a_project()
    turns = [turn for turn in coded_utterances_of(project, project.coder("Anne")) if turn.answer]
    same = {"codebook_sha256": project.codebook.sha256, "transcripts": {"møte": project.transcript("møte").sha256}}
    one = {
        **same,
        "transcripts": ["møte"],
        "coder": "Anne",
        "given": "",
        "seed": 0,
        "chosen": {"question": 0.1},
        "model_sha256": "m",
        "decisions_sha256": _decisions_hash(turns, {1: "møte"}),
        "suggestions_sha256": "x",
    }
    whole = {"format": 1, "versions": {}, **same, "codings_sha256": "", "rounds": [{**one, "given": "nav-nb"}, one]}
    return [as_json(whole), as_json({**whole, "rounds": []})]


def _repeated(path: Path) -> None:
    with contextlib.redirect_stdout(io.StringIO()):
        assert _repeat(a_project(), path) in (0, 1)


_YAML = words(
    "- ¦: ¦  ¦&a ¦*a¦<<: ¦!!¦? ¦| ¦> ¦{¦}¦[¦]¦navn: ¦koder:\n¦%YAML 1.1\n---\n¦definisjon: [*a, *a]¦2001-99-99¦!!binary ¦!!set¦"
    "!!omap¦!!timestamp ¦kodbar: "
)
_CSV = words('transcript¦start¦end¦quote¦code¦""¦;¦,¦decision¦møte¦ja¦utterance')
_STUDY = (*_YAML, *words("fil: ¦transkripter:\n¦pseudonymer: "))
_LIST = (*_YAML, *words("slag: ¦former: ¦blir: ¦funn:¦la_stå: "))
_KEY = words('"edits": [¦"forms": ¦"leave": ¦"data": "¦"new_name": "..')
_SHEETS = ("sheet2.xml", "sharedStrings.xml", "xl/workbook.xml")

TARGETS = (
    Target("codebook.yaml", codebooks, as_file("codebook.yaml"), _codebook, _YAML),
    Target("study.yaml", studies, as_file("study.yaml"), _study, _STUDY),
    Target("codings.csv", codings, as_file("codings.csv"), _codings, _CSV),
    Target("decisions, .csv", decisions_csv, as_file("d.csv"), _decided, _CSV),
    Target("decisions, .parquet", decisions_parquet, as_file("d.parquet"), _decided),
    inside(
        *("decisions, .xlsx", decisions_excel, *_SHEETS),
        file="d.xlsx",
        read=_decided,
        words=words('<row r="1048576">¦<c r="XFD9">¦t="s"¦<v>'),
    ),
    Target("list of pseudonyms", lists, as_file("l.yaml"), read_list, _LIST),
    Target("key of pseudonyms", keys, as_file("k.json"), _key, _KEY),
    Target("manifest of methods", manifests, as_file("m.json"), _repeated, words('"rounds": [¦"given": ¦"chosen": ')),
)
"""Everything that a person edits or keeps, but for models and projects."""
