"""Codes that a project uses and its codebook lacks, as after a change of a name in codebook.yaml, with what helps."""

from collections.abc import Iterator
from dataclasses import dataclass

from autokode.base.errors import quoted
from autokode.base.formatting import counted
from autokode.base.messages import say
from autokode.project.store.decision_rows import codes_used
from autokode.project.store.followed_names import names_in
from autokode.project.store.project import Project
from autokode.project.store.project_files import CODEBOOK


@dataclass(frozen=True, slots=True)
class StrayCode:
    """A code that is used and that the codebook lacks, or has as a heading only.

    Attributes:
        code: its name.
        codings, verdicts, memos, settled: how many are about it, of all coders.
        heading: whether the codebook has it as a heading only.
        now: the name that it probably has now; "" if nobody can tell.
        project: the project's folder, as one types it.
    """

    code: str
    codings: int
    verdicts: int
    memos: int
    settled: int
    heading: bool
    now: str
    project: str

    @property
    def what(self) -> str:
        """What is wrong, in a sentence."""
        parts = (
            (self.codings, ("koding", "kodinger"), ("coding", "codings")),
            (
                self.verdicts,
                ("avgjort forslag", "avgjorte forslag"),
                ("suggestion decided on", "suggestions decided on"),
            ),
            (self.memos, ("notat", "notater"), ("memo", "memos")),
            (self.settled, ("avgjort uenighet", "avgjorte uenigheter"), ("settled difference", "settled differences")),
        )
        held = ", ".join(say(counted(n, *nb), counted(n, *en)) for n, nb, en in parts if n)
        if self.heading:
            return say(
                f"koden «{self.code}» har {held}, men er bare en overskrift i kodeboken (kodbar: nei)",
                f"the code «{self.code}» has {held}, but is a heading only in the codebook (kodbar: nei)",
            )
        renamed = (
            say(f"; den ser ut til å hete «{self.now}» nå", f"; it seems to be called «{self.now}» now")
            if self.now
            else ""
        )
        return say(
            f"koden «{self.code}» har {held}, men er ikke i kodeboken{renamed}",
            f"the code «{self.code}» has {held}, but is not in the codebook{renamed}",
        )

    @property
    def mend(self) -> str:
        """The command, or the step, that helps."""
        if self.heading:
            return say(f"skriv «kodbar: ja» under den i {CODEBOOK}", f"write «kodbar: ja» below it in {CODEBOOK}")
        name = quoted(self.now) if self.now else say('"NYTT NAVN"', '"NEW NAME"')
        command = f"autokode codebook --rename {quoted(self.code)} {name} --project {self.project}"
        if self.now:
            return command
        return say(f"sett den inn igjen i {CODEBOOK}, eller {command}", f"put it back into {CODEBOOK}, or {command}")


def stray_codes(project: Project) -> tuple[StrayCode, ...]:
    """The codes that are used and that the codebook lacks, the most used first."""
    return tuple(sorted(_found(project), key=lambda one: (-one.codings, -one.verdicts, one.code)))


def _found(project: Project) -> Iterator[StrayCode]:
    codebook = project.codebook
    codable = set(codebook.codable)
    names = names_in(project)
    for code, used in codes_used(project).items():
        heading = code in codebook
        if code in codable or (heading and not used.codings):  # a memo about a category is as it should be
            continue
        numbers = (used.codings, used.verdicts, used.memos, used.settled)
        yield StrayCode(code, *numbers, heading, names.get(code, ""), quoted(project.folder))
