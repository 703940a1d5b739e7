"""What a project lacks before somebody can read and code in it, each with the command that helps."""

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
    """What is lacking, in a sentence, and the command that helps."""

    what: str
    command: str


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
        found.append(Step(what, f"autokode add INTERVJU.docx {here}"))
    elif not any(source.answers for source in sources):
        what = say(
            "Ingen svar å lese: alt som ble sagt, er tatt for intervjuerens ord. Si hvem som er intervjuer.",
            "No answers to read: all that was said is taken for the interviewer's words. Say who interviews.",
        )
        found.append(Step(what, f'autokode add INTERVJU.docx --interviewer "{say("NAVN", "NAME")}" {here}'))
    if not codebook.codable:
        what = say(
            f"Kodeboken har ingen koder; skriv dem i {path}.", f"The codebook has no codes; write them in {path}."
        )
        found.append(Step(what, check))
    elif codebook.codes == starter().codes and not project.coders:
        what = say(
            f"Kodeboken er bare et eksempel ennå; skriv dine egne koder i {path}.",
            f"The codebook is only an example yet; write your own codes in {path}.",
        )
        found.append(Step(what, check))
    return tuple(found)
