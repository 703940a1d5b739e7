"""The methods section tells only what happened: who coded, where the codings were made, what is not decided."""

from pathlib import Path

import pytest

from autokode.base.errors import DataError
from autokode.cli import run
from autokode.corpus.readers import Source
from autokode.corpus.transcript import from_source
from autokode.project import Project
from autokode.project.store.reviewing import Reviewer
from autokode.report.methods import methods_of
from autokode.report.methods_text import paragraphs
from project_case import small
from report_case import study


def text_of(project: Project) -> str:
    return "\n".join(paragraphs(methods_of(project), "nb"))


def test_who_only_looked_is_no_coder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = study(tmp_path / "p")
    project.coder("root")
    methods = methods_of(project)
    assert [one.coder for one in methods.coders] == ["Kari", "Per"]
    assert methods.agreement is not None and methods.agreement.coders == ("Kari", "Per")
    assert "root" not in text_of(project)
    assert run(["agreement", "--project", str(project.folder)]) == 0
    assert "root" not in capsys.readouterr().out


def test_codings_that_were_taken_in_are_not_said_to_be_made_here(tmp_path: Path) -> None:
    said = text_of(study(tmp_path / "p"))
    assert "Kodingene ble tatt inn i autokode" in said and "Kodingen ble gjort" not in said
    assert "Kari ga 24 kodinger, som ble tatt inn ferdige; 25 av 25 svar regnes som lest til ende." in said
    assert "forslag" not in said.partition("Brukte versjoner")[0]  # nobody was suggested anything


def test_suggestions_not_decided_are_no_part_of_what_was_achieved(tmp_path: Path) -> None:
    project = small(tmp_path / "p")  # eight suggestions: makt 0.8 and språk 0.4 for four utterances
    anne = Reviewer(project, project.coders[0].id)
    source = project.source("møte")
    with project.database.reading() as connection:
        first = [row["id"] for row in connection.execute("SELECT id FROM suggestion ORDER BY utterance, code")]
    anne.accept(first[0])
    anne.reject(first[1])
    for number in range(4):
        anne.read(source.id, number)  # the other six are left standing
    work = methods_of(project).coders[0]
    assert (work.verdicts.decided, work.verdicts.achieved, work.undecided) == (2, 0.5, 6)
    said = text_of(project)
    assert "Av 2 avgjorte forslag ble 1 godtatt, 0 endret til en annen kode og 1 avvist." in said
    assert "oppnådd ble 50" in said and "6 forslag er ikke avgjort, og teller ikke med noe sted." in said
    assert "leste ferdig 4 av 4 svar og ga 1 koding, 1 av dem etter forslag." in said


def test_a_project_that_nobody_coded_says_so(tmp_path: Path) -> None:
    project = study(tmp_path / "p")
    empty = Project.create(tmp_path / "q", project.codebook)
    empty.add(from_source(Source("Vi seilte.\n\nDet blåste opp.\n"), "seil"))
    empty.coder("root")
    said = text_of(empty)
    assert "Ingenting er kodet i autokode" in said and "root" not in said
    assert "1 intervju: 2 svar" in said and "informant" not in said  # nobody is named
    with pytest.raises(DataError, match="ingen har kodet ennå"):
        methods_of(empty, held_out=True)
