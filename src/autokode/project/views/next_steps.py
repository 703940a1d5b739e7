"""What a project lacks before somebody can read and code in it, each with the screen and the command that help."""

from dataclasses import dataclass

from autokode.base.errors import quoted
from autokode.base.messages import say
from autokode.corpus.codebook import Codebook
from autokode.project.store.project import Project
from autokode.project.store.project_files import CODEBOOK

STARTER = """navn: Min kodebok
koder:
  - navn: relasjonsarbeid
    definisjon: Skriv her hva koden omfatter. Definisjonen er også noe modellen lærer av.
    koder:
      - navn: tillit og trygghet
        definisjon: En kode under en annen. Bytt ut disse to med dine egne.
"""
"""The codebook of a project that began without one."""


@dataclass(frozen=True, slots=True)
class Step:
    """What is lacking, in a sentence; the screen of the page where one does something about it, and the command that does.

    Attributes:
        screen: «interviews» or «codebook».
        button: what one does there.
    """

    what: str
    command: str
    screen: str
    button: str


def starter() -> Codebook:
    """The codebook of a project that began without one."""
    return Codebook.from_yaml(STARTER, CODEBOOK)


def lacks(project: Project) -> tuple[Step, ...]:
    """What a project lacks, the first thing to do first; () if there is something to read and something to code it with."""
    sources, codebook = project.sources, project.codebook
    path = project.folder / CODEBOOK
    check, here = f"autokode codebook {quoted(path)}", f"--project {quoted(project.folder)}"
    found = []
    if not sources:
        what = say("Prosjektet har ingen intervjuer ennå.", "The project has no interviews yet.")
        button = say("Legg til intervjuer", "Add interviews")
        found.append(Step(what, f"autokode add INTERVJU.docx {here}", "interviews", button))
    elif not any(source.answers for source in sources):
        what = say(
            "Ingen svar å lese: alt som ble sagt, er tatt for intervjuerens ord. Si hvem som er intervjuer.",
            "No answers to read: all that was said is taken for the interviewer's words. Say who interviews.",
        )
        command = f'autokode add INTERVJU.docx --interviewer "{say("NAVN", "NAME")}" {here}'
        found.append(Step(what, command, "interviews", say("Si hvem som er intervjuer", "Say who interviews")))
    if not codebook.codable:
        what = say("Kodeboken har ingen koder ennå.", "The codebook has no codes yet.")
        found.append(Step(what, check, "codebook", say("Lag koder", "Make codes")))
    elif codebook.codes == starter().codes and not project.coders:
        what = say(
            "Kodeboken er bare et eksempel ennå; bytt ut kodene med dine egne.",
            "The codebook is only an example yet; put your own codes in place of these.",
        )
        found.append(Step(what, check, "codebook", say("Åpne kodeboken", "Open the codebook")))
    return tuple(found)
