"""Says in words what a merge met that somebody should look at: people of one name, groups, turns, rows without a place."""

from collections.abc import Collection, Iterator, Mapping

from autokode.base.formatting import counted
from autokode.base.messages import say
from autokode.project.store.coders import likeliest
from autokode.project.store.merge_interviews import NEW, SAME, InterviewMet, Places
from autokode.project.store.merge_rows import Rows
from autokode.project.store.project import Project


def about_people(
    project: Project, other: Project, people: Mapping[int, str], known: Collection[str], both: Collection[str]
) -> Iterator[str]:
    """Yield sentences on people who may be taken for others.

    Args:
        project: after the merge.
        other: the other one.
        people: coder's id there → name here.
        known: who was here before.
        both: who worked in both since they parted.
    """
    here = {coder.name: coder for coder in project.coders}
    for name in sorted(set(both) & set(here)):
        yield say(
            f"«{name}» har arbeidet i begge filene; er det to personer, ta tilbake (autokode undo) og gi den ene et annet "
            "navn (autokode coders) først",
            f"«{name}» worked in both files; if these are two people, take it back (autokode undo) and give one of them "
            "another name (autokode coders) first",
        )
    for coder in other.coders:
        name = people[coder.id]
        if name != coder.name:
            yield say(f"«{coder.name}» der heter «{name}» her", f"«{coder.name}» there is called «{name}» here")
        near = "" if name in known else likeliest(name, list(known))
        if near:
            yield say(
                f"«{name}» er en ny koder her; «{near}» var her fra før",
                f"«{name}» is a new coder here; «{near}» was here before",
            )
        if name in known and name in here and here[name].blind != coder.blind:
            yield say(
                f"«{name}» koder blindt i bare den ene filen; det er som det var her",
                f"«{name}» codes blind in one of the files alone; it is as it was here",
            )


def about_interviews(
    project: Project, other: Project, met: Collection[InterviewMet], places: Mapping[int, Places]
) -> Iterator[str]:
    """Yield sentences on interviews that are here and differ in something but the words."""
    offices, theirs = ({source.id: source for source in one.sources} for one in (project, other))
    for one in met:
        if one.number not in places:
            continue
        here, there = offices[places[one.number].number], theirs[one.number]
        groups = here.office, there.office
        if groups[0] != groups[1] and there.office not in (there.name, here.name):
            yield say(
                f"«{here.name}» hører til «{there.office}» der; her står «{here.office}»",
                f"«{here.name}» belongs to «{there.office}» there; here it stays «{here.office}»",
            )
        if one.how == SAME and not places[one.number].is_same:
            yield say(
                f"«{here.name}» er delt i andre ytringer der; lesemerker og svar følger ordene",
                f"«{here.name}» has other utterances there; read marks and answers follow the words",
            )
        if one.how == NEW and here.name not in project.pseudonymised:
            yield say(
                f"«{here.name}» er ikke merket som pseudonymisert", f"«{here.name}» is not marked as pseudonymised"
            )


def about_lost(other: Project, there: Rows) -> Iterator[str]:
    """Yield sentences on rows without a place in the text here."""
    names = {source.id: source.name for source in other.sources}
    for (who, number, table), count in sorted(there.lost.items()):
        what = {
            "coding": say(counted(count, "koding", "kodinger"), counted(count, "coding", "codings")),
            "done": say(counted(count, "lesemerke", "lesemerker"), counted(count, "read mark", "read marks")),
        }.get(table) or say(counted(count, "svar", "svar"), counted(count, "answer", "answers"))
        yield say(
            f"{what} av «{who}» i «{names[number]}» er ikke med: ordene står ikke i teksten her",
            f"{what} of «{who}» in «{names[number]}» left out: the words are not in the text here",
        )
