"""Lists of names made without searching, for projects full of names."""

from autokode.project import Project
from autokode.project.store.names_plan import list_beside, texts_in
from autokode.project.store.pseudonym_plan import texts_of
from autokode.pseudonym.finding import find_known
from autokode.pseudonym.kinds import Kind
from autokode.pseudonym.names_list import Entry, NamesList, Place
from autokode.pseudonym.register import Entity, Register

NAMED = (
    (Kind.PERSON, ("Kåre Ødegård", "Kåre", "Ødegård"), "Magnhild", 1.0),
    (Kind.PERSON, ("Åshild Bråten-Lie", "Åshild"), "Tor", 0.97),
    (Kind.PERSON, ("Jeg",), "Rolf", 0.5),
)


Named = tuple[Kind, tuple[str, ...], str, float]
"""What an entry is of: its kind, its forms, what it becomes, and how sure that is."""


def list_by_hand(
    project: Project, named: tuple[Named, ...] = NAMED, standing: tuple[str, ...] = ("Trivselskrinsen",)
) -> NamesList:
    """A list of Kåre, Åshild and the word «jeg», or of others."""
    entries = {number: Entry(number, *of) for number, of in enumerate(named, 1)}
    places = []
    for number, entry in entries.items():
        forms = Register([Entity(entry.kind, entry.forms, entry.becomes)]).forms()
        for transcript, text in texts_in(project).items():
            found = find_known(text, forms, anywhere=set(forms))
            places += [Place(transcript, one.start, one.end, one.text, number) for one in found]
    return NamesList(texts_of(project), entries, tuple(sorted(places)), standing=standing)


def put_list(
    project: Project, named: tuple[Named, ...] = NAMED, standing: tuple[str, ...] = ("Trivselskrinsen",)
) -> NamesList:
    """Put the list where the page looks for it."""
    made = list_by_hand(project, named, standing)
    made.write(list_beside(project.folder.resolve()))
    return made
