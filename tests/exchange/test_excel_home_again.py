"""A table that autokode wrote comes home to a project where work went on: what was decided in it is taken, no more."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from autokode.cli import run
from autokode.exchange.table_export import codings_table, suggestions_table, write_tables
from autokode.exchange.table_import import import_table
from autokode.exchange.table_rows import read_tables
from autokode.exchange.taking_in import foreseen, take_in
from autokode.project import Project
from autokode.project.store import integrity
from autokode.project.store.codebook_rename import rename_code
from autokode.project.store.decision_log import facts
from autokode.project.store.decision_rows import verdicts_of
from autokode.project.store.foreign_data import made
from autokode.project.store.memo_rows import memos_of
from autokode.project.store.reviewing import Reviewer
from autokode.project.store.steps import take_back_step
from project_case import small
from review_case import suggest_by_hand

TEXT = "møte"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Four utterances, «makt» and «språk» suggested for each; Anne gave three codes by hand."""
    own = small(tmp_path / "p")
    anne = Reviewer(own, own.coder("Anne").id)
    for start, end, code in ((0, 6, "makt"), (0, 8, "språk"), (10, 16, "makt")):
        anne.code(1, start, end, code)
    return own


def reviewer(project: Project, name: str = "Anne") -> Reviewer:
    return Reviewer(project, project.coder(name).id)


def coding(project: Project, start: int, code: str) -> int:
    return next(one.id for one in made(project) if (one.start, one.code) == (start, code))


def state(project: Project) -> object:
    with project.database.reading() as connection:
        return json.dumps([list(rows.values()) for rows in facts(connection).values()], ensure_ascii=False)


def suggestion(project: Project, utterance: int, code: str) -> int:
    query = "SELECT max(id) FROM suggestion WHERE utterance = ? AND code = ?"
    return project.database.number(query, (utterance, code))


Home = Callable[[Project, Path], object]


def as_xlsx(project: Project, folder: Path) -> object:
    return write_tables(project, folder / "ut.xlsx", suggestions=True)[0]


def saved_by_openpyxl(project: Project, folder: Path) -> object:
    path = write_tables(project, folder / "ut.xlsx", suggestions=True)[0]
    openpyxl.load_workbook(path).save(path)
    return path


def sorted_with_columns_cut(project: Project, folder: Path) -> object:
    """Rows turned upside down; speaker, office, category, time and coder deleted, as somebody tidies a sheet."""
    path = write_tables(project, folder / "ut.xlsx", suggestions=True)[0]
    book = openpyxl.load_workbook(path)
    for title in ("Kodinger", "Forslag"):
        sheet = book[title]
        heads, *rows = list(sheet.iter_rows(values_only=True))
        cut = {"taler", "gruppe", "kategori", "tid"} | ({"koder"} if title == "Kodinger" else set())
        keep = [i for i, head in enumerate(heads) if head not in cut]
        book.remove(sheet)
        new = book.create_sheet(title)
        for row in [heads, *reversed(rows)]:
            new.append([row[i] for i in keep])
    book.save(path)
    return path


def copied_to_a_new_book(project: Project, folder: Path) -> object:
    old = openpyxl.load_workbook(write_tables(project, folder / "ut.xlsx", suggestions=True)[0])
    new = openpyxl.Workbook()
    for title in ("Kodinger", "Forslag"):
        sheet = new.create_sheet(f"Ark {title}")
        for row in old[title].iter_rows(values_only=True):
            sheet.append(row)
    new.save(folder / "ny.xlsx")
    return folder / "ny.xlsx"


def without_the_marks(project: Project, folder: Path) -> object:
    """Somebody showed the hidden column and deleted it; the book's property is left."""
    path = write_tables(project, folder / "ut.xlsx", suggestions=True)[0]
    book = openpyxl.load_workbook(path)
    for title in ("Kodinger", "Forslag"):
        heads = [cell.value for cell in book[title][1]]
        book[title].delete_cols(heads.index("autokode") + 1)
    book.save(path)
    return path


def with_the_old_heading(project: Project, folder: Path) -> object:
    """A workbook of when «gruppe» was called «kontor»."""
    path = write_tables(project, folder / "ut.xlsx", suggestions=True)[0]
    book = openpyxl.load_workbook(path)
    for title in ("Kodinger", "Forslag", "Intervjuer"):
        (heading,) = [cell for cell in book[title][1] if cell.value == "gruppe"]
        heading.value = "kontor"
    book.save(path)
    return path


def as_csv(project: Project, folder: Path) -> object:
    return write_tables(project, folder / "ut.csv")[0]


def as_semicolons(project: Project, folder: Path) -> object:
    """As a Norwegian Excel saves it."""
    frame = codings_table(project).to_pandas()
    frame.to_csv(folder / "ut.csv", sep=";", index=False, encoding="utf-8-sig", decimal=",")
    return folder / "ut.csv"


def as_parquet(project: Project, folder: Path) -> object:
    return write_tables(project, folder / "ut.parquet")[0]


def as_frame(project: Project, folder: Path) -> object:
    return codings_table(project).to_pandas()


def office(path: Path, kind: str) -> Path:
    """Convert a file by LibreOffice, with a profile of its own."""
    program = shutil.which("soffice")
    assert program, "LibreOffice is not here: apt-get install libreoffice-calc-nogui"
    out = path.parent / "kontor"
    profile = f"-env:UserInstallation={(path.parent / 'profil').as_uri()}"
    words = [program, profile, "--headless", "--convert-to", kind, "--outdir", str(out), str(path)]
    subprocess.run(words, check=True, capture_output=True, timeout=180)  # noqa: S603 - a program of the system's
    return out / f"{path.stem}.{kind.partition(':')[0]}"


WAYS = [
    as_xlsx,
    saved_by_openpyxl,
    sorted_with_columns_cut,
    copied_to_a_new_book,
    with_the_old_heading,
    without_the_marks,
    as_csv,
    as_semicolons,
    as_parquet,
    as_frame,
]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_work_done_since_is_not_reverted(project: Project, tmp_path: Path, way: Home) -> None:
    out = way(project, tmp_path)
    anne = reviewer(project)
    anne.remove(coding(project, 0, "makt"))
    anne.recode(coding(project, 0, "språk"), "makt")
    anne.span(coding(project, 10, "makt"), 9, 16)
    anne.code(1, 20, 24, "språk")
    before, log = state(project), len(project.decisions())
    taken = import_table(project, out, coder="Ola", complete=True)
    assert state(project) == before and len(project.decisions()) == log
    assert (taken.codings, taken.stale) == (0, 3)
    said = "\n".join(taken.remarks)
    assert "3 rader er endret siden filen ble skrevet, ikke rørt:" in said
    assert all(what in said for what in ("«makt» 0–6", "tatt bort", "er «makt» nå", "står på 9–16 nå"))
    assert [coder.name for coder in project.coders] == ["Anne"]


def test_the_old_heading_of_the_group_is_its_column(project: Project, tmp_path: Path) -> None:
    new, old = (
        {table.title: table for table in read_tables(way(project, tmp_path)).tables}
        for way in (as_xlsx, with_the_old_heading)
    )
    for title in ("Kodinger", "Forslag", "Intervjuer"):
        assert "office" in new[title].columns
        assert new[title].columns == old[title].columns


def test_nothing_changed_means_nothing_happens(project: Project, tmp_path: Path) -> None:
    before = state(project)
    for way in WAYS:
        taken = import_table(project, way(project, tmp_path), complete=True)
        assert (taken.codings, taken.stale, taken.remarks) == (0, 0, ())
    assert state(project) == before


def test_what_was_typed_since_is_taken(project: Project, tmp_path: Path) -> None:
    path = write_tables(project, tmp_path / "ut.xlsx")[0]
    book = openpyxl.load_workbook(path)
    sheet = book["Kodinger"]
    heads = [cell.value for cell in sheet[1]]
    text = project.transcript(TEXT).text
    by_hand = {"transkripsjon": TEXT, "start": 20, "slutt": 24, "sitat": text[20:24], "kode": "makt", "koder": "Kari"}
    sheet.append([by_hand.get(head) for head in heads])
    changed = [cell.value for cell in sheet[2]]  # a copy of a row, with its mark, and another code
    changed[heads.index("kode")] = "språk"
    sheet.append(changed)
    book.save(path)
    reviewer(project).remove(coding(project, 0, "makt"))
    taken = import_table(project, path)
    assert (taken.codings, taken.stale) == (2, 1)
    found = {(one.coder, one.start, one.end, one.code) for one in made(project)}
    assert {("Kari", 20, 24, "makt"), ("Anne", 0, 6, "språk")} <= found and ("Anne", 0, 6, "makt") not in found


def changed_rows(project: Project, **columns: dict[int, object]) -> pd.DataFrame:
    """The codings as a table in which some cells are others: column → row → cell."""
    frame = codings_table(project).to_pandas().astype({"good": "string"})
    for column, cells in columns.items():
        for row, cell in cells.items():
            frame.loc[row, column] = cell
    return frame


def test_a_row_changed_where_it_stands_changes_its_coding(project: Project, tmp_path: Path) -> None:
    """Another code, another end; not a second coding beside the first. What was changed here too stays."""
    anne, text = reviewer(project), project.transcript(TEXT).text
    anne.memo(f"coding/{coding(project, 0, 'makt')}", "om makten")
    frame = changed_rows(project, code={0: "språk"}, end={1: 10, 2: 12}, quote={1: text[0:10], 2: text[10:12]})
    assert list(frame["code"]) == ["språk", "språk", "makt"]
    anne.span(coding(project, 10, "makt"), 9, 16)
    path = tmp_path / "endret.csv"
    frame.to_csv(path, index=False)
    before = state(project)
    expected = foreseen(project, path)
    assert (expected.codings, expected.altered, expected.is_nothing) == (0, 2, False)
    said = "\n".join(expected.remarks)
    assert "2 kodinger er endret slik det står i filen:\n  rad 2: «makt» 0–6 → «språk» 0–6\n" in said
    assert "rad 3: «språk» 0–8 → «språk» 0–10" in said
    assert "rad 4: «makt» 10–16, møte (Anne): står på 9–16 nå" in said
    assert state(project) == before
    take_in(project, path, expected=expected)
    assert {(one.start, one.end, one.code) for one in made(project)} == {
        (0, 6, "språk"),
        (0, 10, "språk"),
        (9, 16, "makt"),
    }
    assert [(memo.text, memo.code, memo.gone) for memo in memos_of(project, project.coder("Anne"))] == [
        ("om makten", "språk", False)
    ]
    assert import_table(project, path).altered == 0  # as it is already
    assert take_back_step(project).kept == []
    assert state(project) == before and integrity.check(project.folder) == []


def test_a_good_quote_is_taken_from_the_column(project: Project) -> None:
    """What somebody marks or unmarks in the table, and not what was marked here since it was written."""
    anne = reviewer(project)
    anne.good(coding(project, 0, "språk"))
    frame = changed_rows(project, good={0: "ja", 1: "", 2: "kanskje"})
    old = codings_table(project).to_pandas()
    typed = {
        **old.iloc[0].to_dict(),
        "start": 20,
        "end": 24,
        "quote": project.transcript(TEXT).text[20:24],
        "autokode": "",
    }
    frame = pd.concat([frame, pd.DataFrame([{**typed, "coder": "Kari", "good": "ja"}])])

    def good() -> set[tuple[str, int, str]]:
        return {(one.coder, one.start, one.code) for one in made(project) if one.good}

    taken = import_table(project, frame)
    assert (taken.codings, taken.altered) == (1, 3)
    assert good() == {("Anne", 0, "makt"), ("Kari", 20, "makt")}
    said = "\n".join(taken.remarks)
    assert "rad 2: «makt» 0–6: godt sitat" in said and "rad 3: «språk» 0–8: ikke lenger godt sitat" in said
    assert "1 koding er merket som godt sitat" in said
    assert "rad 4: «kanskje» under «godt sitat» er verken ja eller nei" in said
    assert (import_table(project, old).altered, len(good())) == (0, 2)  # it says what it said when it was written


@pytest.mark.parametrize("what", ["typed", "changed"])
def test_a_row_with_a_coders_old_name_is_of_that_coder(project: Project, what: str) -> None:
    """The rows beside it, as autokode wrote them, tell whose name that was."""
    frame = changed_rows(project, code={0: "språk"}) if what == "changed" else changed_rows(project)
    if what == "typed":
        typed = {**frame.iloc[0].to_dict(), "start": 20, "end": 24, "quote": project.transcript(TEXT).text[20:24]}
        frame = pd.concat([frame, pd.DataFrame([{**typed, "autokode": ""}])])
    project.rename_coder(project.coder("Anne"), "Anne Berg")
    taken = import_table(project, frame)
    assert [one.name for one in project.coders] == ["Anne Berg"]
    assert (taken.codings, taken.altered) == ((1, 0) if what == "typed" else (0, 1))
    assert {one.coder for one in made(project)} == {"Anne Berg"}
    if what == "typed":
        assert "«Anne» er tatt som «Anne Berg»" in taken.remarks


def test_a_changed_decision_with_a_coders_old_name_is_of_that_coder(project: Project) -> None:
    without_hand_codings(project)
    frame = decided(project, {(1, "makt"): "ja", (2, "makt"): "nei"})
    frame["autokode"] = [mark if row else "" for row, mark in enumerate(frame["autokode"])]
    frame.loc[frame["utterance"] == 1, "autokode"] = ""
    project.rename_coder(project.coder("Anne"), "Anne Berg")
    taken = import_table(project, frame)
    assert (taken.accepted, taken.rejected) == (1, 1)
    assert [one.name for one in project.coders] == ["Anne Berg"]


@pytest.mark.parametrize("way", [as_xlsx, as_csv, without_the_marks], ids=lambda way: way.__name__)
def test_a_code_and_a_coder_that_were_renamed_are_followed(project: Project, tmp_path: Path, way: Home) -> None:
    out = way(project, tmp_path)
    rename_code(project, "makt", "maktbruk")
    if way is not without_the_marks:
        project.rename_coder(project.coder("Anne"), "Anne Berg")
    before = state(project)
    assert (import_table(project, out).codings, import_table(project, out).stale) == (0, 0)
    assert state(project) == before


def without_hand_codings(project: Project) -> None:
    """Take away what Anne coded by hand, so that all suggestions wait."""
    for row in project.database.rows("SELECT coding.id FROM coding JOIN coder ON coder.id = coder WHERE name = 'Anne'"):
        reviewer(project).remove(row["id"])


def decided(project: Project, said: dict[tuple[int, str], str]) -> pd.DataFrame:
    frame = suggestions_table(project).to_pandas()
    frame["decision"] = [said.get((row.utterance, row.code), "") for row in frame.itertuples()]
    return frame


def test_what_was_decided_here_since_is_listed_with_what_it_is_now(project: Project) -> None:
    said = {(0, "makt"): "ja", (1, "makt"): "nei", (2, "makt"): "ja", (3, "makt"): "språk", (3, "språk"): "nei"}
    without_hand_codings(project)
    frame, anne = decided(project, said), reviewer(project)
    anne.reject(suggestion(project, 0, "makt"))  # the table says yes
    anne.accept(suggestion(project, 1, "makt"))  # the table says no
    anne.accept(suggestion(project, 2, "makt"))  # as the table says
    before = {(one.utterance, one.code): one.said for one in verdicts_of(project, project.coder("Anne"))}
    taken = import_table(project, frame)
    assert (taken.accepted, taken.rejected, taken.changed, taken.stale) == (0, 1, 1, 2)
    assert taken.remarks[0] == "1 forslag er avgjort slik her alt"
    listed = "\n".join(taken.remarks)
    assert "rad 2: «makt», møte, Anne: avvist" in listed and "rad 4: «makt», møte, Anne: godtatt" in listed
    now = {(one.utterance, one.code): one.said for one in verdicts_of(project, project.coder("Anne"))}
    assert now == before | {(3, "makt"): "changed", (3, "språk"): "rejected"}


def test_decisions_outlive_a_new_round_of_suggestions(project: Project) -> None:
    """Somebody decides in Excel for a week; meanwhile the model learnt again and suggests other things."""
    frame = decided(project, {(1, "makt"): "ja", (1, "språk"): "nei", (2, "makt"): "språk", (3, "makt"): "ja"})
    with project.database.writing() as connection:
        connection.execute("DELETE FROM suggestion")
    text = project.transcript(TEXT).utterances[3]
    reviewer(project).code(1, text.start, text.end, "makt")
    taken = import_table(project, frame)
    assert (taken.accepted, taken.rejected, taken.changed, taken.stale) == (1, 1, 1, 0)
    assert taken.remarks == ("1 forslag er avgjort slik her alt",)
    assert {(one.utterance, one.code, one.said) for one in verdicts_of(project, project.coder("Anne"))} == {
        (1, "makt", "accepted"),
        (1, "språk", "rejected"),
        (2, "makt", "changed"),
    }
    assert integrity.check(project.folder) == []
    suggest_by_hand(project, TEXT)
    waiting = {(row["utterance"], row["code"]) for row in suggestions_table(project).to_pylist()}
    assert not waiting & {(1, "makt"), (1, "språk"), (2, "makt")}


def test_two_rows_that_contradict_each_other_change_nothing(project: Project) -> None:
    without_hand_codings(project)
    frame = decided(project, {(1, "makt"): "ja"})
    twice = pd.concat([frame, frame[frame["decision"] == "ja"].assign(decision="nei")])
    before = state(project)
    with pytest.raises(ValueError, match="avgjort på en annen måte i rad 4"):
        import_table(project, twice)
    assert state(project) == before


def test_files_of_another_project_and_older_ones_are_as_from_outside(project: Project, tmp_path: Path) -> None:
    shutil.copytree(project.folder, tmp_path / "sikkerhetskopi")
    anne = reviewer(project)
    anne.code(1, 20, 24, "språk")
    newer = write_tables(project, tmp_path / "ny.csv")[0]
    backup = Project.open(tmp_path / "sikkerhetskopi")  # the work since the backup is in the table alone
    taken = import_table(backup, newer)
    assert taken.codings == 1 and "en annen utgave av dette" in taken.remarks[0]
    Reviewer(backup, backup.coder("Anne").id).code(1, 26, 30, "språk")
    assert "en annen utgave av dette" in import_table(backup, newer).remarks[0]  # the copy went another way
    other = small(tmp_path / "q")
    assert import_table(other, newer).codings == 4
    anne.remove(coding(project, 20, "språk"))
    plain = codings_table(other).to_pandas().drop(columns="autokode")
    taken = import_table(project, plain)
    assert taken.codings == 1 and "sier ikke hva i prosjektet den er skrevet fra" in taken.remarks[0]


def test_by_the_command_line_with_add_too(project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = ["--project", str(project.folder)]
    assert run(["export", *place, "--csv", str(tmp_path / "ut.csv"), "--xlsx", str(tmp_path / "ut.xlsx")]) == 0
    reviewer(project).remove(coding(project, 0, "makt"))
    before = state(project)
    for command, file in (("add", "ut.csv"), ("import", "ut.csv"), ("import", "ut.xlsx")):
        capsys.readouterr()
        assert run([command, str(tmp_path / file), *place]) == 0
        out = capsys.readouterr().out
        assert "  1 rad er endret siden filen ble skrevet, ikke rørt:\n" in out
        assert "rad 2: «makt» 0–6, møte (Anne): tatt bort" in out
        assert state(project) == before


@pytest.mark.libreoffice
@pytest.mark.parametrize("kind", ["xlsx", "ods", "csv"])
def test_through_libreoffice(project: Project, tmp_path: Path, kind: str) -> None:
    path = write_tables(project, tmp_path / "ut.xlsx", suggestions=True)[0]
    book = openpyxl.load_workbook(path)
    sheet = book["Forslag"]
    sheet.cell(4, [cell.value for cell in sheet[1]].index("avgjørelse") + 1).value = "ja"
    book.save(path)
    home = office(path, kind)
    home = office(home, "xlsx") if kind == "ods" else home
    anne = reviewer(project)
    anne.remove(coding(project, 0, "makt"))
    anne.recode(coding(project, 0, "språk"), "makt")
    taken = import_table(project, home)
    assert (taken.codings, taken.stale, taken.accepted) == (0, 2, 0 if kind == "csv" else 1)
    assert ("makt", 0, 6) not in {(one.code, one.start, one.end) for one in made(project)}


def test_all_of_it_is_one_step_that_can_be_taken_back(project: Project, tmp_path: Path) -> None:
    path = write_tables(project, tmp_path / "ut.xlsx", suggestions=True)[0]
    book = openpyxl.load_workbook(path)
    sheet, codings = book["Forslag"], book["Kodinger"]
    column = [cell.value for cell in sheet[1]].index("avgjørelse") + 1
    for row, said in ((4, "ja"), (5, "nei"), (6, "språk")):
        sheet.cell(row, column).value = said
    typed = [cell.value for cell in codings[2]]
    typed[[cell.value for cell in codings[1]].index("kode")] = "språk"
    codings.append(typed)
    book.save(path)
    before = state(project)
    with project.database.writing() as connection:
        connection.execute("DELETE FROM suggestion WHERE id > 4")  # some are no longer made
    place = ["--project", str(project.folder)]
    assert run(["import", str(path), *place]) == 0
    assert state(project) != before
    assert run(["undo", "--yes", *place]) == 0
    assert state(project) == before and integrity.check(project.folder) == []


def test_a_decision_is_of_whom_the_suggestion_was_made_for(project: Project) -> None:
    """Two coders exchange names after the table was written."""
    without_hand_codings(project)
    frame = decided(project, {(1, "makt"): "ja"})
    project.coder("Berit", new=True)
    for old, new in (("Anne", "x"), ("Berit", "Anne"), ("x", "Berit")):
        project.rename_coder(project.coder(old), new)
    assert import_table(project, frame).accepted == 1
    assert [one.said for one in verdicts_of(project, project.coder("Berit"))] == ["accepted"]
    assert verdicts_of(project, project.coder("Anne")) == []
