"""A coder's codings that stand out: what is listed, why, and that nothing is changed by looking."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from autokode.base.csv_files import csv_rows
from autokode.base.errors import DataError
from autokode.cli.standing_out import COLUMNS, command
from autokode.project import Project, Reviewer
from autokode.project.active_learning.coded_utterances import coded_utterances_now
from autokode.project.active_learning.similarity import keep_vectors
from autokode.project.active_learning.standing_out import EVEN, SHOWN, StandsOut, standing_out, why
from autokode.project.store.coder_changes import code_blind
from project_case import small
from review_case import everything, made_project


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Two coded example interviews, with the vectors of their answers."""
    found = made_project(tmp_path_factory.mktemp("standing") / "prosjekt")
    keep_vectors(found, "nb")
    return found


def test_what_stands_out_is_in_order_and_on_its_side_of_even(project: Project) -> None:
    anne = project.known_coder("Anne")
    found = standing_out(project, anne)
    turns = {turn.place: turn for turn in coded_utterances_now(project, anne)}
    assert found.codings
    assert found.interviews == 2
    assert all(one.probability < EVEN and one.code in turns[one.place].codes for one in found.codings)
    assert all(one.probability >= EVEN and one.code not in turns[one.place].codes for one in found.lacking)
    assert all(one.rival and one.rival[0] not in turns[one.place].codes for one in found.codings)
    falling = [one.probability for one in found.lacking]
    assert falling == sorted(falling, reverse=True)


def test_the_likest_have_the_code_and_are_other_answers(project: Project) -> None:
    anne = project.known_coder("Anne")
    found = standing_out(project, anne)
    turns = {turn.place: turn for turn in coded_utterances_now(project, anne)}
    named = [(one, place) for one in (*found.codings, *found.lacking) for place in one.likest]
    assert named
    assert all(place != one.place and one.code in turns[place].codes for one, place in named)
    assert all(len(one.likest) <= SHOWN for one in found.codings)


def test_looking_changes_nothing_and_says_the_same_again(project: Project) -> None:
    before = everything(project)
    anne = project.known_coder("Anne")
    assert standing_out(project, anne) == standing_out(project, anne)
    assert everything(project) == before


def test_a_wrong_code_is_listed_and_undoing_it_takes_it_off(project: Project) -> None:
    anne = project.known_coder("Anne")
    turn = next(
        one for one in coded_utterances_now(project, anne) if one.answer and "porteføljens størrelse" in one.codes
    )
    wrong = "avslutning"
    reviewer = Reviewer(project, anne.id)
    reviewer.code(turn.place[0], *turn.span, wrong)
    listed = {(one.place, one.code) for one in standing_out(project, anne).codings}
    assert (turn.place, wrong) in listed
    reviewer.undo()
    assert (turn.place, wrong) not in {(one.place, one.code) for one in standing_out(project, anne).codings}
    reviewer.redo()
    assert (turn.place, wrong) in {(one.place, one.code) for one in standing_out(project, anne).codings}
    reviewer.undo()


def test_who_codes_blind_and_who_coded_nothing_are_told(project: Project, tmp_path: Path) -> None:
    lone = small(tmp_path / "lite")
    with pytest.raises(DataError, match="ikke gitt noen koder"):
        standing_out(lone, lone.coder("Kari"))
    blind = lone.coder("Ola")
    code_blind(lone, blind, blind=True)
    with pytest.raises(DataError, match="koder blindt"):
        standing_out(lone, lone.known_coder("Ola"))


def test_the_command_shows_why_and_writes_all_of_it(project: Project, tmp_path: Path) -> None:
    folder, out = str(project.folder), tmp_path / "skiller.csv"
    ran = CliRunner().invoke(command, ["--project", folder, "--most", "1"])
    assert ran.exit_code == 0, ran.output
    found = standing_out(project, project.known_coder("Anne"))
    assert f"Kodinger som skiller seg ut: {len(found.codings)}" in ran.output
    assert f"… og {len(found.codings) - 1} til" in ran.output
    assert "Ut fra det du har kodet i andre intervjuer" in ran.output
    ran = CliRunner().invoke(command, ["--project", folder, "--out", str(out)])
    assert ran.exit_code == 0, ran.output
    rows = [row for _line, row in csv_rows(out.read_text(encoding="utf-8"), out.name)]
    assert len(rows) == len(found.codings) + len(found.lacking)
    assert tuple(rows[0]) == COLUMNS


def test_a_share_that_rounds_to_nothing_is_said_as_less_than_a_hundredth() -> None:
    said = why(StandsOut((1, 2), "makt", True, 0.003, None, ()))
    assert "bare under 1\u00a0% sannsynlig" in said
    assert "bare 1\u00a0% sannsynlig" in why(StandsOut((1, 2), "makt", True, 0.01, None, ()))
