"""The list of names: what a person decides on it is what is replaced, previewed, and found by the check afterwards."""

import itertools
from dataclasses import replace
from pathlib import Path

import pytest

from autokode import Codebook, DataError, norwegian
from autokode.corpus.readers import Source
from autokode.corpus.transcript import from_source
from autokode.project import Project, Reviewer
from autokode.project.store.names_check import check_project
from autokode.project.store.names_plan import list_names, project_plan, texts_in
from autokode.project.store.names_preview import preview_of
from autokode.project.store.pseudonymising import pseudonymise
from autokode.project.store.restored_names import restore
from autokode.pseudonym import Kind
from autokode.pseudonym.key import Key, read_key
from autokode.pseudonym.names_list import Entry, NamesList, Place, read_names_list
from autokode.pseudonym.register import Register
from pseudonym_case import dump

SAID = (
    "Intervjuer: Hvem bestemmer?\n"
    "Kåre Ødegård: Kåre Ødegård bestemmer, sier Åshild. Marit Åsheim og Åshild fra Bodø sa det til meg.\n"
    "Intervjuer: Takk, Ødegård. Hva med trivselskrinsen?\n"
    "Kåre Ødegård: Bestemor Åshilds lue. Han i trivselskrinsen ler, Trivselskrinsen har lue.\n"
)
BLANK = Key(Register())


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project.create(
        tmp_path / "p", Codebook.from_yaml("koder:\n  - navn: makt\n    definisjon: Som Åshild sier.\n")
    )
    made.add(from_source(Source(SAID), "møte med Ødegård"), office="Bodø")
    reviewer = Reviewer(made, made.coder("Torunn").id)
    at = SAID.index("Marit")
    reviewer.code(made.sources[0].id, at, at + len("Marit Åsheim"), "makt")
    reviewer.memo("project", "Ring Åshild, og så Marit Åsheim.")
    return made


@pytest.fixture
def listed(project: Project) -> NamesList:
    return list_names(project, norwegian(own=True), key=BLANK)


def entry(listed: NamesList, form: str) -> Entry:
    return next(one for one in listed.entries.values() if form in one.forms)


def written(project: Project, listed: NamesList) -> str:
    key = project.folder.with_name("nøkkel.json")
    pseudonymise(project, project_plan(project, listed, BLANK), BLANK, key, by="Torunn")
    return project.transcript(project.sources[0].name).text


def test_the_list_says_what_stands_where(project: Project, listed: NamesList) -> None:
    text = texts_in(project)[1]
    assert {"Kåre Ødegård", "Åshild", "Marit Åsheim", "Bodø"} <= {form for e in listed.heads for form in e.forms}
    assert all(text[one.start : one.end] == one.text for one in listed.places)
    assert listed.counts[entry(listed, "Åshild").number] == 3
    assert listed.heads[0].score >= listed.heads[-1].score


def test_groups_get_letters_and_interviews_without_a_group_get_none(project: Project) -> None:
    for name, group in (("Åshild", ""), ("tredje", "kontor_b"), ("fjerde", "Øst")):
        project.add(from_source(Source(f"Intervjuer: Ja, {name}?\nBerit: Kåre Ødegård {name}.\n"), name), office=group)
    listed = list_names(project, norwegian(own=True), key=BLANK)
    assert dict(listed.offices) == {"Øst": "Gruppe A", "kontor_b": "Kontor B", "Bodø": "Gruppe C"}
    old = replace(listed, offices={**listed.offices, "Åshild": "Kontor D"})  # as lists were written before
    written(project, old)
    groups = {one.name: one.office for one in project.sources}
    new = entry(listed, "Åshild").becomes
    assert groups == {**groups, new: new, "tredje": "Kontor B", "fjerde": "Gruppe A"}
    assert set(groups.values()) == {new, "Gruppe A", "Kontor B", "Gruppe C"}


def test_a_list_is_kept_for_its_owner(listed: NamesList, tmp_path: Path) -> None:
    listed.write(tmp_path / "liste.json")
    assert (tmp_path / "liste.json").stat().st_mode & 0o777 == 0o600
    again = read_names_list(tmp_path / "liste.json")
    assert again == listed
    assert again.sign == listed.sign != listed.keep(1).sign
    (tmp_path / "liste.json").write_text("{}", encoding="utf-8")
    with pytest.raises(DataError, match="navneliste"):
        read_names_list(tmp_path / "liste.json")


def test_what_is_decided_is_what_is_written(project: Project, listed: NamesList) -> None:
    before = dump(project.folder)
    chosen = listed.keep(entry(listed, "Bodø").number)
    chosen = chosen.replace_by(entry(listed, "Kåre Ødegård").number, "Halvor")
    chosen = chosen.merge(entry(listed, "Marit Åsheim").number, entry(listed, "Åshild").number)
    chosen = chosen.replace_by(entry(listed, "Åshild").number, "Oline")
    preview = preview_of(project, project_plan(project, chosen, BLANK), BLANK)
    assert dump(project.folder) == before
    assert [(memo.old, memo.new) for memo in preview.memos] == [
        ("Ring Åshild, og så Marit Åsheim.", "Ring Oline, og så Oline.")
    ]
    assert preview.interviews == {"møte med Ødegård": "møte med Halvor"}
    assert preview.codebook
    assert preview.codings
    assert preview.decisions
    shown = {"".join(p.old for p in one.pieces): "".join(p.new for p in one.pieces) for one in preview.sentences}
    text = written(project, chosen)
    utterances = [one.text for one in project.transcript(project.sources[0].name).utterances]
    assert all(new in utterances for new in shown.values())
    assert preview.places == text.count("Halvor") + text.count("Oline")
    assert "Oline og Oline fra Bodø" in text
    assert "Olines lue" in text
    (coding,) = project.codings()
    assert coding.segment.quote == "Oline"


def test_merged_people_can_be_parted(listed: NamesList) -> None:
    one, other = entry(listed, "Marit Åsheim").number, entry(listed, "Åshild").number
    merged = listed.merge(one, other)
    assert merged.counts[other] == 4
    assert merged.head(one).number == other
    assert {e.number for e in merged.part(other).heads} == {e.number for e in listed.heads}
    with pytest.raises(DataError, match="alt den samme"):
        merged.merge(other, one)
    with pytest.raises(DataError, match="ikke være den samme"):
        listed.merge(one, entry(listed, "Bodø").number)


@pytest.mark.parametrize("new", ["", "  ", "…", "x" * 81, "Ødegård Kåre\x07", "åshild", "ÅSHILD"])
def test_a_bad_replacement_is_refused(listed: NamesList, new: str) -> None:
    with pytest.raises(DataError):
        listed.replace_by(entry(listed, "Kåre Ødegård").number, new)


def test_nobody_gets_the_name_that_somebody_else_gets(listed: NamesList) -> None:
    taken = entry(listed, "Åshild").becomes
    with pytest.raises(DataError, match="blir"):
        listed.replace_by(entry(listed, "Kåre Ødegård").number, taken.lower())


def test_a_word_that_was_missed_is_added_everywhere(project: Project, listed: NamesList) -> None:
    more, new = listed.add("trivselskrinsen", Kind.ORGANISATION, texts_in(project))
    assert more.counts[new.number] == 3
    text = written(project, more)
    assert "krinsen" not in text
    assert text.count(new.becomes) == 3
    with pytest.raises(DataError, match="i listen alt"):
        more.add("Trivselskrinsen", Kind.PLACE, texts_in(project))


def test_an_everyday_word_is_added_where_it_stands_as_written(project: Project, listed: NamesList) -> None:
    more, new = listed.add("lue.", Kind.NUMBER, texts_in(project))
    assert more.counts[new.number] == 2
    with pytest.raises(DataError, match="hele ord"):
        listed.add("rivselskrins", Kind.PLACE, texts_in(project))


def test_a_longer_stretch_takes_the_place_of_a_shorter(project: Project, listed: NamesList) -> None:
    more, new = listed.add("Bestemor Åshild", Kind.PERSON, texts_in(project), into=entry(listed, "Åshild").number)
    assert [one.text for one in more.places if one.entry == new.number] == ["Bestemor Åshilds"]
    ends = sorted((one.start, one.end) for one in more.places)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(ends))
    assert f"{entry(listed, 'Åshild').becomes}s lue" in written(project, more)


def test_within_what_stays_other_names_are_replaced(project: Project, listed: NamesList) -> None:
    more, new = listed.add("Bestemor Åshild", Kind.PERSON, texts_in(project))
    text = written(project, more.keep(new.number))
    assert f"Bestemor {entry(listed, 'Åshild').becomes}s lue" in text


def test_a_new_search_keeps_what_was_decided(project: Project, listed: NamesList) -> None:
    chosen = listed.keep(entry(listed, "Bodø").number).replace_by(entry(listed, "Åshild").number, "Oline")
    chosen = chosen.merge(entry(listed, "Marit Åsheim").number, entry(listed, "Åshild").number)
    project.add(from_source(Source("Intervjuer: Hei?\nPer: Åshild og Marit Åsheim lo i Bodø.\n"), "to"))
    with pytest.raises(DataError, match="andre tekster"):
        project_plan(project, chosen, BLANK)
    again = list_names(project, norwegian(own=True), key=BLANK, before=chosen)
    assert entry(again, "Bodø").keeps
    assert entry(again, "Åshild") == entry(again, "Marit Åsheim")
    assert entry(again, "Åshild").becomes == "Oline"
    plan = project_plan(project, again, BLANK)
    assert "Oline og Oline lo i Bodø" in plan.edits[2].apply(texts_in(project)[2])


def test_the_check_finds_what_stands_and_no_invented_name(project: Project, listed: NamesList) -> None:
    before = dump(project.folder)
    written(project, listed.keep(entry(listed, "Bodø").number))
    key = read_key(project.folder.with_name("nøkkel.json"))
    checked = check_project(project, norwegian(own=True), key=key)
    assert [(one.text, one.known) for one in checked.left if one.known] == []
    Reviewer(project, project.coder("Torunn").id).memo("project", "Ring Åshild!")
    (project.folder / "notat.txt").write_text("Ødegård ringte", encoding="utf-8")
    left = [(one.where, one.text) for one in check_project(project, norwegian(own=True), key=key).left if one.known]
    assert ("memo", "Åshild") in left
    assert ("notat.txt", "Ødegård") in left
    (project.folder / "notat.txt").unlink()
    project.database.number("SELECT count(*) FROM memo")
    Reviewer(project, project.coder("Torunn").id).undo()
    restore(project, key, by="Torunn")
    texts = [line for line in dump(project.folder) if line.startswith("INSERT INTO transcript VALUES")]
    assert texts == [line for line in before if line.startswith("INSERT INTO transcript VALUES")]


def test_pronouns_follow_a_neutral_list(project: Project) -> None:
    listed = list_names(project, norwegian(own=True), key=BLANK, gender="neutral")
    assert Place(1, SAID.index("Han i"), SAID.index("Han i") + 3, "Han", 0) in listed.places
    assert "Hen i trivselskrinsen" in written(project, listed)
