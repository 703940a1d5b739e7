"""The project: a folder with the interviews, their codebook and everything that coders decided."""

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from autokode.base.errors import DataError, Problem, failure, quoted
from autokode.base.files import is_there, make_folder
from autokode.base.formatting import natural
from autokode.base.messages import say
from autokode.corpus.codebook import Codebook
from autokode.corpus.coding import Coding, Segment
from autokode.corpus.model_coder import is_model, no_person
from autokode.corpus.transcript import Transcript
from autokode.project.store import decision_log
from autokode.project.store.coders import NEWCOMER, Coder, as_known, dropped, enrolled, everyone_in, renamed
from autokode.project.store.codings import codings_in, misplaced, take_codings
from autokode.project.store.database import Database
from autokode.project.store.log_rewriting import Removal, removals
from autokode.project.store.project_codebook import ProjectCodebook
from autokode.project.store.project_files import CODEBOOK, FILE, closed, finish_removal
from autokode.project.store.step_making import making_step
from autokode.project.store.transcripts import Source, add_transcript, changed_files, sources_in, stored_transcript

LEAST, MOST = 0.05, 0.95
"""Bounds of the precision that somebody can ask for."""


class Project(ProjectCodebook):
    """A folder with `autokode.db`, which holds the interviews and the decisions, and `codebook.yaml`, which a person edits.

    >>> project = Project.open("prosjekt")  # doctest: +SKIP
    """

    @classmethod
    def create(cls, folder: str | Path, codebook: Codebook) -> "Project":
        """Make a project in a new or an existing folder. Only their owner may read the folder and the file.

        Raises:
            DataError: there is a project already, or the place cannot be written.
        """
        folder = Path(folder)
        make_folder(folder)
        project = cls(folder, Database.create(folder / FILE))
        if not is_there(folder / CODEBOOK):
            codebook.write(folder / CODEBOOK)
        project.use_codebook(codebook)
        return project

    @classmethod
    def open(cls, folder: str | Path, *, read: bool = True) -> "Project":
        """Open a project, finish a removal that was cut off, and read its codebook file again if somebody edited it.

        Args:
            folder: the project's.
            read: False to leave the codebook's file alone; `codebook_problem` reads it, and the version before stays in use.

        Raises:
            DataError: no project, a newer format, a damaged file, a codebook that cannot be read.
        """
        folder = Path(folder)
        project = cls(folder, Database.open(folder / FILE))
        if finish_removal(folder, project.database):
            raise closed(folder)
        if read:
            project.read_codebook()
        return project

    def step(self, kind: str) -> contextlib.AbstractContextManager[None]:
        """Make one step ("add" or "import") of all that is stored in the block: whole, or not at all."""
        return making_step(self.database, self.folder / CODEBOOK, kind)

    def connected(self) -> contextlib.AbstractContextManager[object]:
        """Hold one connection to the file for whatever this thread reads and writes in the block."""
        return self.database.connected()

    # transcripts

    def add(
        self, transcript: Transcript, *, file: str | Path = "", office: str = "", pseudonymised: bool = False
    ) -> bool:
        """Take in a transcript; False if it is there already, with the same text.

        Args:
            transcript: as `read_transcript` gave it.
            file: the file it was read from, to tell later whether it was changed.
            office: the office (school, …) it belongs to; the transcript's name if "".
            pseudonymised: whether all names in it are invented, so that a report may quote it; this is noted for a transcript
                that is there already, too.

        Raises:
            DataError: a transcript of this name has another text, or the text has characters that no file can hold.
        """
        with self.step("add"):
            return add_transcript(self.database, transcript, file=file, office=office, pseudonymised=pseudonymised)

    @property
    def sources(self) -> list[Source]:
        """Where the transcripts came from, in the order of their names (`natural`)."""
        return sorted(sources_in(self.database), key=lambda source: natural(source.name))

    @property
    def removals(self) -> list[Removal]:
        """What was ever removed for good, in order; with nothing of what it was."""
        return removals(self.database)

    def source(self, name: str) -> Source:
        """Where the transcript with this name came from.

        Raises:
            DataError: there is none.
        """
        found = sources_in(self.database, name)
        if not found:
            names = ", ".join(source.name for source in self.sources) or say("ingen", "none")
            raise failure(
                f"prosjektet har ingen «{name}»; fant {names}",
                f"the project has no «{name}»; found {names}",
                try_next=f"autokode add FIL --project {quoted(self.folder)}",
            )
        return found[0]

    def transcript(self, name: str) -> Transcript:
        """The transcript with this name, as it was read in.

        Raises:
            DataError: there is none, or its stored text is damaged.
        """
        return stored_transcript(self.database, self.source(name))

    @property
    def pseudonymised(self) -> frozenset[str]:
        """The names of the transcripts that somebody said hold no real names."""
        rows = self.database.rows("SELECT name FROM transcript WHERE json_extract(about, '$.pseudonymised')")
        return frozenset(row["name"] for row in rows)

    def changed_files(self) -> Iterator[Problem]:
        """Yield the files that transcripts were read from and that are gone or no longer the same."""
        return changed_files(self.sources)

    # coders and their codings

    @property
    def coders(self) -> list[Coder]:
        """The people of whom something is stored, in the order of their first time."""
        return [coder for coder in self.everyone if not is_model(coder.name)]

    @property
    def everyone(self) -> list[Coder]:
        """The people, and the models that coded without a person, in the order of their first time."""
        return everyone_in(self.database)

    def coder(self, name: str, *, blind: bool | None = None, new: bool = False) -> Coder:
        """The coder with this name, made if there is none.

        Args:
            name: the name; blanks around it and how its letters are encoded make no other coder.
            blind: whether they code blind; None leaves it as it is.
            new: whether a name that differs in upper and lower case alone from a known one is somebody else's.

        Raises:
            DataError: it does, and nobody said so; or it is a model's name.
        """
        if is_model(name):
            raise no_person(name)
        known = [coder.name for coder in self.coders]
        own = as_known(name, known)
        meant = as_known(name, known, any_case=True)
        if own not in known and meant in known and not new:
            raise failure(
                f"ingen koder heter «{name}» her; mente du «{meant}»?",
                f"no coder is called «{name}» here; did you mean «{meant}»?",
                where=self.folder,
                try_next=f'project.coder("{meant}"), project.coder("{name}", new=True)',
            )
        with self.database.writing() as connection:
            return enrolled(connection, own, blind=blind)

    def known_coder(self, name: str) -> Coder:
        """The coder with this name; somebody of whom nothing is stored yet has the id `coders.NEWCOMER`.

        Raises:
            DataError: it is a model's name.
        """
        if is_model(name):
            raise no_person(name)
        coders = self.coders
        own = as_known(name, [coder.name for coder in coders])
        return next((coder for coder in coders if coder.name == own), Coder(NEWCOMER, name))

    def rename_coder(self, coder: Coder, name: str) -> None:
        """Give a coder another name, which nobody here has; what they decided, and chose for the page, stays theirs."""
        with self.database.writing() as connection:
            renamed(connection, coder, name)

    def remove_coder(self, coder: Coder) -> bool:
        """Take a coder out of the project, unless something of theirs is stored; say whether that is done."""
        with self.database.writing() as connection:
            return dropped(connection, coder.id)

    def add_codings(self, codings: Iterable[Coding], *, complete: bool = True, coder: str = "") -> int:
        """Take in codings made elsewhere, and count how many are new.

        Args:
            codings: as `read_codings(transcripts=…)` gives them, with quotes that stand at their offsets.
            complete: whether their coders read all of these transcripts, so that an answer without a code needs none.
            coder: who made the codings that name no coder.

        Raises:
            DataError: the project lacks a transcript, or a quote does not stand at its offsets.
        """
        by_coder: dict[str, list[Coding]] = {}
        known = [person.name for person in self.everyone]
        for coding in codings:
            who = as_known(coding.coder or coder or say("ukjent", "unknown"), known)
            by_coder.setdefault(who, []).append(coding)
        places = {source.name: source.id for source in self.sources}
        self._check_quotes([coding.segment for own in by_coder.values() for coding in own], places)
        with self.step("add"):
            return take_codings(self.database, by_coder, places, complete=complete)

    def _check_quotes(self, segments: list[Segment], places: dict[str, int]) -> None:
        names = {segment.transcript for segment in segments}
        texts = {name: self.transcript(name).text for name in names & set(places)}
        problems = list(misplaced(segments, texts))
        if problems:
            raise DataError(problems, try_next=say("rett kodingene", "mend the codings"))

    def codings(self, coder: str | None = None) -> tuple[Coding, ...]:
        """The codings of a coder, or of all, in the order of transcripts and places."""
        return codings_in(self.database, coder)

    def decisions(self, coder: str | None = None) -> list[decision_log.Decision]:
        """The decisions of one coder, or of all, in order."""
        who = None if coder is None else next((one.id for one in self.everyone if one.name == coder), None)
        who = self.known_coder(coder).id if coder is not None and who is None else who
        with self.database.reading() as connection:
            return decision_log.log(connection, coder=who)

    # settings

    def setting(self, name: str, default: str = "") -> str:
        """What somebody chose for the page (language, theme, …), or the default."""
        rows = self.database.rows("SELECT value FROM setting WHERE name = ?", (name,))
        return str(rows[0]["value"]) if rows else default

    @property
    def precision(self) -> float | None:
        """The share of suggestions that somebody wants to be right; None for the usual limits of `AutoCoder.predict`."""
        return precision_in(self.setting("precision"))

    def set(self, name: str, value: str) -> None:
        """Keep a choice for the page."""
        with self.database.writing() as connection:
            connection.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, value))


def precision_in(text: str) -> float | None:
    """Read a precision, with a decimal point or comma; None if the text is none that somebody can ask for.

    >>> precision_in("0,8"), precision_in("usual"), precision_in("80")
    (0.8, None, None)
    """
    with contextlib.suppress(ValueError):
        found = float(text.strip().replace(",", "."))
        return found if LEAST <= found <= MOST else None
    return None
