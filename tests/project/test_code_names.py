"""A code gets another name: in the file, in all that was decided, in suggestions; undone steps and the past follow."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autokode.base.errors import DataError
from autokode.corpus.codebook import Codebook
from autokode.exchange.package_export import package_of
from autokode.exchange.package_import import import_package
from autokode.exchange.table_export import suggestions_table
from autokode.exchange.table_import import import_table
from autokode.project import Project
from autokode.project.active_learning.coded_utterances import coded_utterances_now
from autokode.project.active_learning.evidence import explain
from autokode.project.active_learning.missed_estimate import missed
from autokode.project.active_learning.training_round import learn, suggest_again
from autokode.project.store import integrity
from autokode.project.store.codebook_rename import rename_code
from autokode.project.store.decision_rows import decided, memos, settled, verdicts_of
from autokode.project.store.foreign_data import made
from autokode.project.store.reviewing import Reviewer
from autokode.project.store.round_rows import round_shown, suggestions_in, without_evidence
from autokode.project.store.shown_rows import counts
from autokode.project.store.undoing import NoLongerFitsError
from autokode.project.store.utterance_rows import drawn_by_chance, keep_drawn
from autokode.project.views.coder_readings import reading
from autokode.project.views.stray_codes import stray_codes
from autokode.report.training_manifest import manifest
from project_case import small
from report_case import study
from review_case import suggest_by_hand


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Four utterances with «makt» and «språk» suggested for each; Anne accepted, rejected, coded and wrote about «makt»."""
    own = small(tmp_path / "p")
    anne = Reviewer(own, own.coder("Anne").id)
    rows = suggestions(own)
    anne.accept(rows[0, "makt"])
    anne.reject(rows[1, "makt"])
    anne.code(1, 0, 6, "makt")
    anne.memo("code/makt", "hva er makt?")
    return own


def suggestions(project: Project) -> dict[tuple[int, str], int]:
    with project.database.reading() as connection:
        found = connection.execute("SELECT id, utterance, code FROM suggestion").fetchall()
    return {(row["utterance"], row["code"]): row["id"] for row in found}


def state(project: Project) -> dict[str, Any]:
    anne = project.coder("Anne")
    return {
        "codings": sorted((one.segment.start, one.code) for one in project.codings("Anne")),
        "verdicts": sorted((one.utterance, one.code, one.said) for one in verdicts_of(project, anne)),
        "memos": [(one.about, one.text) for one in memos(project)],
        "suggested": sorted(suggestions(project)),
        "codebook": [code.name for code in project.codebook],
        "left": counts(project, anne).left_standing,
    }


def renamed(found: Any) -> Any:
    return json.loads(json.dumps(found).replace('"makt"', '"maktbruk"').replace("code/makt", "code/maktbruk"))


def as_json(found: Any) -> Any:
    return json.loads(json.dumps(found))


def test_everything_follows_and_comes_back(project: Project) -> None:
    before = as_json(state(project))
    file = (project.folder / "codebook.yaml").read_text(encoding="utf-8")
    done = rename_code(project, "makt", "maktbruk")
    assert (done.codings, done.verdicts, done.memos) == (2, 2, 1)
    now = as_json(state(project))
    assert now == renamed(before) | {"suggested": sorted(renamed(before)["suggested"])}
    assert (project.folder / "codebook.yaml").read_text(encoding="utf-8") == file.replace(
        "navn: makt\n", "navn: maktbruk\n"
    )
    assert (project.folder / "codebook.yaml.bak").read_text(encoding="utf-8") == file
    assert integrity.check(project.folder) == [] and stray_codes(project) == ()
    assert project.decisions("Anne")[-1].kind == "rename"
    rename_code(project, "maktbruk", "makt")
    assert as_json(state(project)) == before
    assert integrity.check(project.folder) == []


def test_steps_before_it_can_still_be_undone_and_made_again(project: Project) -> None:
    anne = Reviewer(project, project.coder("Anne").id)
    rename_code(project, "makt", "maktbruk")
    after = as_json(state(project))
    for _step in range(4):
        assert anne.undo() is not None
    assert anne.undo() is None
    assert (state(project)["codings"], state(project)["verdicts"], state(project)["memos"]) == ([], [], [])
    for _step in range(4):
        assert anne.redo() is not None
    assert as_json(state(project)) == after and integrity.check(project.folder) == []


def test_what_was_left_standing_before_it_counts_the_same(project: Project) -> None:
    anne = Reviewer(project, project.coder("Anne").id)
    anne.read(1, 2)
    left = counts(project, project.coder("Anne")).left_standing
    assert left == [0.8, 0.4]
    rename_code(project, "makt", "maktbruk")
    assert counts(project, project.coder("Anne")).left_standing == left
    anne.accept(suggestions(project)[2, "maktbruk"])
    assert counts(project, project.coder("Anne")).left_standing == [0.4]


def test_the_past_is_told_in_todays_names(project: Project) -> None:
    with project.database.writing() as connection:
        connection.execute("DROP TRIGGER decision_stays")
        connection.execute("UPDATE decision SET time = '2026-03-01T10:00:00.000+00:00'")
    rename_code(project, "makt", "maktbruk")
    assert {one.code for one in reading(project, "Anne@2026-03-02").codings} == {"maktbruk"}
    last = project.decisions("Anne")[-2].id  # what a model learnt from has the names of its time
    assert {one.code for one in decided(project, project.coder("Anne"), last=last).codings} == {"makt"}


def test_what_was_drawn_settled_and_noted_of_rounds_follows(project: Project) -> None:
    anne, ola = project.coder("Anne"), project.coder("Ola")
    keep_drawn(project, anne.id, (1, 3), "chance", {"makt": 0.5, "språk": 0.1})
    Reviewer(project, anne.id).resolve(ola.id, 1, 2, {"makt": True})
    rename_code(project, "makt", "maktbruk")
    assert drawn_by_chance(project, anne) == {(1, 3): {"maktbruk": 0.5, "språk": 0.1}}
    assert settled(project, anne, ola) == {(1, 2): {"maktbruk": True}}
    row = round_shown(project, anne)
    assert row is not None and "makt" not in row.about["codes"] and "maktbruk" in row.about["codes"]
    assert {one[2] for one in suggestions_in(project, row.id)} == {"maktbruk", "språk"}


def edited(project: Project, old: str, new: str) -> Project:
    """Change the file as a person does, and open the project again."""
    path = project.folder / "codebook.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    return Project.open(project.folder)


def test_a_name_changed_in_the_file_is_seen_and_the_codings_can_follow(project: Project) -> None:
    again = edited(project, "navn: makt\n", "navn: maktbruk\n")
    (stray,) = stray_codes(again)
    assert (stray.code, stray.codings, stray.verdicts, stray.memos, stray.now) == ("makt", 2, 2, 1, "maktbruk")
    assert stray.mend == f"autokode codebook --rename makt maktbruk --project {again.folder}"
    assert "har 2 kodinger, 2 avgjorte forslag, 1 notat, men er ikke i kodeboken" in stray.what
    assert rename_code(again, "makt", "maktbruk").codings == 2
    assert stray_codes(again) == () and {code for _start, code in state(again)["codings"]} == {"maktbruk"}


def test_one_that_is_gone_for_good_keeps_its_codings_and_is_told_of(project: Project) -> None:
    again = edited(project, "  - navn: makt\n", "")
    (stray,) = stray_codes(again)
    assert (stray.now, stray.heading) == ("", False) and "sett den inn igjen" in stray.mend
    heading = edited(project, "koder:\n", "koder:\n  - navn: makt\n    kodbar: nei\n")
    (stray,) = stray_codes(heading)
    assert stray.heading and "kodbar: ja" in stray.mend and "bare en overskrift" in stray.what
    assert len(heading.codings("Anne")) == 2


def test_a_category_keeps_its_memo_and_a_move_changes_nothing(tmp_path: Path) -> None:
    book = "koder:\n  - navn: hus\n    kodbar: nei\n    koder:\n      - navn: tak\n      - navn: vegg\n"
    project = Project.create(tmp_path / "p", Codebook.from_yaml(book))
    Reviewer(project, project.coder("Ida").id).memo("code/hus", "om husene")
    rename_code(project, "hus", "bygg")
    assert [one.about for one in memos(project)] == ["code/bygg"] and project.codebook.categories == {
        "bygg": ("tak", "vegg")
    }
    moved = edited(project, "koder:\n  - navn: bygg", "koder:\n  - navn: vegg2\n  - navn: bygg")
    assert stray_codes(moved) == ()
    again = edited(moved, "navn: bygg", "navn: hytte")
    (stray,) = stray_codes(again)
    assert (stray.now, stray.codings, stray.memos) == ("hytte", 0, 1)


def test_where_both_names_are_used_nothing_is_doubled_or_lost(project: Project) -> None:
    anne = Reviewer(project, project.coder("Anne").id)
    anne.code(1, 0, 6, "språk")
    same = {one.code: one.id for one in made(project) if (one.start, one.end) == (0, 6)}
    anne.good(same["makt"])
    anne.memo(f"coding/{same['makt']}", "her også")
    anne.memo("code/språk", "om språk")
    again = edited(project, "  - navn: makt\n", "")
    rename_code(again, "makt", "språk")
    (left,) = [one for one in made(again) if (one.start, one.end) == (0, 6)]
    assert (left.code, left.good) == ("språk", True)
    assert {one.about: one.text for one in memos(again)} == {
        f"coding/{left.id}": "her også",
        "code/språk": "om språk\n\nhva er makt?",
    }
    assert integrity.check(again.folder) == []
    undone, stand = 0, []
    while True:
        try:
            if anne.undo(skip=stand[-1] if stand else None) is None:
                break
            undone += 1
        except NoLongerFitsError as error:  # it is about a coding that is gone, or a memo that is two now
            assert error.decision not in stand
            stand.append(error.decision)
    assert (undone, len(stand)) == (2, 6)
    assert integrity.check(again.folder) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("makt", "språk", "både «makt» og «språk» er i kodeboken"),
        ("makt", "Språk", "både «makt» og «Språk» er i kodeboken"),
        ("makt", "makt", "er ikke et nytt navn"),
        ("makt", "  ", "er ikke et nytt navn"),
        ("mkt", "maktbruk", "ingen kode heter «mkt»; mente du «makt»"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_changes(project: Project, old: str, new: str, said: str) -> None:
    before = as_json(state(project))
    with pytest.raises(DataError, match=said):
        rename_code(project, old, new)
    assert as_json(state(project)) == before


def test_files_with_the_former_name_find_their_code(project: Project, tmp_path: Path) -> None:
    out, table = package_of(project), suggestions_table(project).to_pandas()
    rename_code(project, "makt", "maktbruk")
    assert [node.guid for node in package_of(project).walk()] == [node.guid for node in out.walk()]
    taken = import_package(project, replace(out, own=None))  # as another program writes it again
    assert (taken.codes, taken.codings) == (0, 0)
    assert "1 koder har fått nytt navn her: «makt» → «maktbruk»" in taken.remarks
    table["decision"] = ["ja" if row.code == "makt" and row.utterance == 3 else "" for row in table.itertuples()]
    assert import_table(project, table).accepted == 1
    assert "maktbruk" in {one.code for one in project.codings("Anne") if one.segment.start > 60}


def test_suggestions_made_meanwhile_by_another_round_keep_their_names(project: Project) -> None:
    rename_code(project, "makt", "maktbruk")
    suggest_by_hand(project, "møte")  # a round with the old name, as of a training that was under way
    assert {one.code for one in stray_codes(project)} == set()  # nothing was decided on it


def test_a_model_that_learnt_the_former_name_suggests_the_new_one(tmp_path: Path) -> None:
    project = study(tmp_path / "p")
    given = [one for one in project.codings("Kari") if one.segment.transcript not in ("anna", "bo")]
    project.add_codings([replace(one, coder="Ola") for one in given])
    ola = project.coder("Ola")
    learn(project, ola)
    before = manifest(project)["rounds"]
    rename_code(project, "bøker å låne", "utlån")
    assert manifest(project)["rounds"] == before  # what others repeat has the names of its time
    project.set("precision", "0.3")
    assert suggest_again(project, ola) is not None
    row = round_shown(project, ola)
    assert row is not None
    named = {one[2] for one in suggestions_in(project, row.id)}
    assert "utlån" in named and "bøker å låne" not in named
    explain(project, ola)
    assert without_evidence(project, row.id) == []
    assert "utlån" in {one.code for one in missed(project, ola, coded_utterances_now(project, ola))}
    learn(project, ola)
    now = round_shown(project, ola)
    assert now is not None and "utlån" in now.about["codes"] and "bøker å låne" not in now.about["codes"]
