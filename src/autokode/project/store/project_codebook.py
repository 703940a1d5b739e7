"""The codebook of a project: the file that a person edits, and every version that was ever in use."""

import json
from pathlib import Path

from autokode.base.errors import DataError, failure, quoted
from autokode.base.files import is_there, read_bytes, write_whole
from autokode.base.formatting import day
from autokode.base.messages import say
from autokode.base.text_files import read_text
from autokode.corpus.codebook import Codebook
from autokode.corpus.codebook_edit import edited_text
from autokode.project.store.code_names import Names, names_since
from autokode.project.store.codebook_file import unread, write_version
from autokode.project.store.codebook_versions import NOTE, add_version, file_is_written, newest_version, version_in_file
from autokode.project.store.database import Database
from autokode.project.store.project_files import CODEBOOK


class ProjectCodebook:
    """What a `Project` knows of its codebook.

    Attributes:
        folder: the project's.
        database: its file.
        codebook_was_gone: whether codebook.yaml was missing, and was written again.
    """

    def __init__(self, folder: Path, database: Database) -> None:
        self.folder = folder
        self.database = database
        self.codebook_was_gone = False
        self._file: tuple[tuple[int, int, int], Codebook] | None = None  # when it was written last, and what it holds

    @property
    def codebook(self) -> Codebook:
        """The codebook's newest version."""
        with self.database.reading() as connection:
            version = newest_version(connection)
        if version is None:
            mend = f"rm {quoted(self.database.path)} && autokode init {quoted(self.folder)}"
            raise failure(
                "har ingen kodebok; det ble ikke laget ferdig",
                "has no codebook; its making was cut off",
                where=self.database.path,
                try_next=mend,
            )
        return version.codebook

    @property
    def codable(self) -> str:
        """The names of the codes that can be given, as JSON for a query."""
        return json.dumps(self.codebook.codable)

    def read_codebook(self) -> bool:
        """Take in codebook.yaml if a person changed it; say whether there is a new version.

        Raises:
            DataError: the file is no codebook; the version before stays in use.
        """
        found = self.codebook_by_hand()
        return found is not None and self.use_codebook(found)

    def codebook_by_hand(self) -> Codebook | None:
        """The codebook of codebook.yaml, if a person changed it and the project has not taken that in.

        If the file is gone, it is written as the project remembers it, and `codebook_was_gone` says so. If an edit of the project
        is not in the file yet, it is written.

        Raises:
            DataError: the file is no codebook.
        """
        path = self.folder / CODEBOOK
        self.write_codebook_file()
        if not is_there(path):
            write_whole(path, self.codebook.to_yaml())
            self.codebook_was_gone = True
        about = path.stat()
        at = about.st_mtime_ns, about.st_ctime_ns, about.st_size
        if self._file is None or self._file[0] != at:
            text = read_text(path)
            with self.database.reading() as connection:
                version = newest_version(connection)
            own = version is not None and version.yaml == text
            codebook = self.codebook
            found = codebook if own else Codebook.from_yaml(text, str(path), may_be_empty=not codebook.codes)
            self._file = at, found
        return None if self._file[1].sha256 == self.codebook.sha256 else self._file[1]

    def write_codebook_file(self) -> None:
        """Write codebook.yaml after an edit of the project, unless a person changed it meanwhile; the old one stays as .bak."""
        with self.database.reading() as connection:
            if version_in_file(connection) is None:
                return
        with self.database.writing() as connection:
            number = version_in_file(connection)
            if number is not None:
                write_version(connection, self.folder / CODEBOOK, number)
                file_is_written(connection)

    def codebook_problem(self) -> str:
        """Read codebook.yaml again if a person changed it; why it cannot be read, with the version used meanwhile, or ""."""
        try:
            self.read_codebook()
        except DataError as error:
            return self.codebook_unread(error)
        return ""

    def codebook_unread(self, error: DataError) -> str:
        """Say that codebook.yaml cannot be read, and which version is used."""
        version, added = self.database.rows("SELECT version, added FROM codebook ORDER BY version DESC LIMIT 1")[0]
        codes = len(self.codebook.codable)
        which = f"{version} fra {day(added, clock=True)}, {codes} koder"
        used = f"{version} of {day(added, clock=True)}, {codes} codes"
        return say(
            f"Kodeboken kan ikke leses; den forrige brukes: versjon {which}, til den er rettet.\n{error}",
            f"The codebook cannot be read; the one before is used: version {used}, until it is mended.\n{error}",
        )

    def forget_codebook(self) -> None:
        """Read codebook.yaml anew the next time, whether or not it changed."""
        self._file = None

    def earlier_codebook(self, sha256: str) -> Codebook | None:
        """The version of the codebook with this SHA-256; None if the project never had it."""
        rows = self.database.rows("SELECT yaml FROM codebook WHERE sha256 = ?", (sha256,))
        return Codebook.from_yaml(rows[0]["yaml"]) if rows else None

    def codebooks(self, *, until: Codebook) -> list[Codebook]:
        """The versions of the codebook, the oldest first, to the newest one that is `until`."""
        rows = self.database.rows(
            "SELECT yaml FROM codebook WHERE version <= coalesce((SELECT max(version) FROM codebook WHERE sha256 = ?), version) "
            "ORDER BY version",
            (until.sha256,),
        )
        return [Codebook.from_yaml(row["yaml"], may_be_empty=True) for row in rows]

    def names_since(self, *, decision: int = 0, moment: str = "") -> Names:
        """The renames of codes after a decision's number, or from a moment on (ISO 8601, UTC)."""
        return names_since(self.database, decision=decision, moment=moment)

    def use_codebook(self, codebook: Codebook) -> bool:
        """Keep a codebook as the newest version, unless it is that already; say whether it is new."""
        with self.database.writing() as connection:
            last = newest_version(connection)
            return add_version(connection, codebook) != last

    def check_file(self) -> None:
        """Raise a DataError if a person changed codebook.yaml and that was not taken in, or if it cannot be read."""
        if self.codebook_by_hand() is not None:
            raise unread(self.folder / CODEBOOK)

    def codebook_by_hand_or_broken(self) -> bool:
        """Whether a person changed codebook.yaml and that was not taken in, perhaps since it cannot be read."""
        try:
            return self.codebook_by_hand() is not None
        except DataError:
            return True

    def put_codebook(self, codebook: Codebook) -> None:
        """Put a codebook in use, in the caller's transaction; the file follows it by `write_codebook_file`, also after a kill.

        Raises:
            DataError: a person changed the file, and that was not taken in.
        """
        self.check_file()
        with self.database.writing() as connection:
            before, after = newest_version(connection), add_version(connection, codebook)
            if before is not None and after.number != before.number:
                connection.execute("INSERT OR IGNORE INTO setting VALUES (?, ?)", (NOTE, str(before.number)))

    def replace_codebook(self, codebook: Codebook) -> None:
        """Replace the codebook in use and its file, with the remarks there; the file as it was stays beside it as .bak.

        Raises:
            DataError: a person changed the file, and that was not taken in.
        """
        self.check_file()
        path, text = self.folder / CODEBOOK, codebook.to_yaml()
        if is_there(path):
            write_whole(path.with_name(f"{CODEBOOK}.bak"), read_bytes(path))
            before, there = self.codebook, read_text(path)
            text = text if there == before.to_yaml() else edited_text(there, before, codebook)
        write_whole(path, text)
        self.use_codebook(codebook)
