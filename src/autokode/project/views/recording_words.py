"""What a person is to know of the recordings that a project is linked to, and that lie outside it."""

from collections.abc import Collection, Iterator

from autokode.base.formatting import counted
from autokode.base.messages import say
from autokode.project.store.project import Project
from autokode.project.store.recordings import Recording, recordings


def recordings_of(project: Project, names: Collection[str]) -> list[Recording]:
    """The recordings of the interviews with these names."""
    found = recordings(project)
    return [found[one.id] for one in project.sources if one.name in names and one.id in found]


def recordings_stay(project: Project, names: Collection[str]) -> Iterator[str]:
    """Yield which recordings a removal forgets and does not delete."""
    for one in recordings_of(project, names):
        yield say(
            f"Prosjektet glemmer hvor opptaket er, men opptaket ligger utenfor og blir: {one.path}. Skal det også bort, slett "
            "det selv, og kopiene av det.",
            f"The project forgets where the recording is, but the recording lies outside and stays: {one.path}. If it is to go "
            "too, delete it yourself, and its copies.",
        )


def voices_stay(project: Project) -> Iterator[str]:
    """Yield, if interviews are linked to recordings, that a voice tells who somebody is, and how to forget the links."""
    found = recordings(project)
    if not found:
        return
    count = counted(
        len(found),
        say("intervju er knyttet", "interview is linked"),
        say("intervjuer er knyttet", "interviews are linked"),
    )
    yield say(
        f"En stemme er personlig, og navn blir sagt i opptaket: {count} til opptak, som er urørt. Prosjektet har filnavnene "
        "som de er. Glem et opptak: autokode listen INTERVJU --remove",
        f"A voice is personal, and names are said in a recording: {count} to recordings, which are untouched. The project has "
        "the names of their files as they are. Forget a recording: autokode listen INTERVIEW --remove",
    )


def recordings_not_in_backup(project: Project) -> Iterator[str]:
    """Yield, if interviews are linked to recordings, that a backup has none of them."""
    found = recordings(project)
    if found:
        count = counted(len(found), say("opptak", "recording"), say("opptak", "recordings"))
        yield say(
            f"Den har ikke lyd: {count} ligger utenfor prosjektet, og må sikres for seg.",
            f"It has no sound: {count} outside the project must be kept safe on their own.",
        )
