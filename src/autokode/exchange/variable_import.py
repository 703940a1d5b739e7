"""The values of variables in a package, as a project has them: of interviews, and of those who speak in them.

A file of autokode's says whose each value is; `variable_export.whose` tells it of a case in other programs' files.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from autokode.base.formatting import one_line
from autokode.base.messages import say
from autokode.corpus.codebook import folded
from autokode.exchange.offices import OFFICES
from autokode.exchange.package.contents import Document, Package, Value
from autokode.exchange.variable_export import whose
from autokode.project.store.project import Project
from autokode.project.store.variable_changes import LONGEST_NAME, LONGEST_VALUE, TAKEN, Cell, make_variable, set_values
from autokode.project.store.variables import values_of

_Stated = tuple[str, str, str, str]
"""Document, speaker, variable's id, value."""


@dataclass
class ValuesIn:
    """The values of a package on their way into a project.

    Attributes:
        project: with the package's texts.
        package: the package.
        names: document's id → transcript's name.
        taken: variable's id in the package → the project's, when `take` is done.
        remarks: sentences on what could not be taken in.
    """

    project: Project
    package: Package
    names: Mapping[str, str]
    taken: dict[str, int] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    def take(self, coder: str) -> int:
        """Take the values in, as a coder's decisions; what stands here already stays. Count those that are new."""
        own = self.package.own
        stated = list(own.values if own is not None else self._stated())
        orders = dict(own.variables if own is not None else ())
        called = {
            one.guid: one.name for one in self.package.variables if one.guid in orders or self._is_property(one.name)
        }
        used = [guid for guid in called if guid in orders or any(one[2] == guid for one in stated)]
        who = self.project.known_coder(coder)
        for guid in used:
            make_variable(self.project, who, called[guid], orders.get(guid, ()))
        there = {folded(one.name): one.id for one in values_of(self.project).variables}
        self.taken = {guid: there[folded(called[guid])] for guid in used}
        return set_values(self.project, who, self._cells(stated, called))

    def _is_property(self, name: str) -> bool:
        return 0 < len(name.strip()) <= LONGEST_NAME and folded(name) not in OFFICES | TAKEN

    def _cells(self, stated: list[_Stated], called: Mapping[str, str]) -> Iterator[Cell]:
        ids = {source.name: source.id for source in self.project.sources}
        before = values_of(self.project)
        labels = {guid: set(self.project.transcript(name).speakers) for guid, name in self.names.items()}
        given: dict[tuple[str, str, str], str] = {}
        twice = long = 0
        for document, speaker, variable, text in stated:
            if document not in self.names or variable not in called or (speaker and speaker not in labels[document]):
                continue
            if len(text) > LONGEST_VALUE:
                long += 1
                continue
            twice += given.setdefault((document, speaker, variable), text) != text
        for (document, speaker, variable), text in given.items():
            number = ids[self.names[document]]
            if self.taken[variable] not in before.own.get((number, speaker), {}):
                yield Cell(number, speaker, called[variable], text)
        if twice:
            self.remarks.append(
                say(
                    f"{twice} verdier av variabler er ikke tatt inn: filen har en annen verdi for det samme",
                    f"{twice} values of variables are not taken in: the file has another value for the same",
                )
            )
        if long:
            self.remarks.append(
                say(
                    f"{long} verdier av variabler er lengre enn {LONGEST_VALUE} tegn, og er ikke tatt inn; de går ut igjen",
                    f"{long} values of variables are longer than {LONGEST_VALUE} characters, and not taken in; they go out again",
                )
            )

    def _stated(self) -> Iterator[_Stated]:
        for document in self.package.documents:
            yield from _rows(document, "", document.values)
            transcript = self.project.transcript(self.names[document.guid])
            for case in self.package.cases:
                speaker = whose(case, document, transcript) if case.values else None
                if speaker is not None:
                    yield from _rows(document, speaker, case.values)


def _rows(document: Document, speaker: str, values: tuple[Value, ...]) -> Iterator[_Stated]:
    for value in values:
        if value.text.strip():
            yield document.guid, speaker, value.variable, one_line(value.text)
