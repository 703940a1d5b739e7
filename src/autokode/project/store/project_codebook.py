"""The codebook of a project: the file that a person edits, and every version that was ever in use."""

from pathlib import Path

from autokode.base.errors import DataError, failure, quoted
from autokode.base.files import read_bytes, write_whole
from autokode.base.messages import say
from autokode.base.text_files import read_text
from autokode.corpus.codebook import Codebook
from autokode.project.store.code_names import Names, names_since
from autokode.project.store.database import Database
from autokode.project.store.decision_log import now
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
        self._parsed: tuple[str, Codebook] | None = None
        self._read_at: tuple[int, int, int] | None = None

    @property
    def codebook(self) -> Codebook:
        """The codebook's newest version."""
        rows = self.database.rows("SELECT sha256, yaml FROM codebook ORDER BY version DESC LIMIT 1")
        if not rows:
            mend = f"rm {quoted(self.database.path)} && autokode init {quoted(self.folder)}"
            raise failure(
                "har ingen kodebok; det ble ikke laget ferdig",
                "has no codebook; its making was cut off",
                where=self.database.path,
                try_next=mend,
            )
        sha256, yaml = rows[0]
        if self._parsed is None or self._parsed[0] != sha256:
            self._parsed = sha256, Codebook.from_yaml(yaml, may_be_empty=True)
        return self._parsed[1]

    def read_codebook(self) -> bool:
        """Take in codebook.yaml if a person changed it; say whether there is a new version.

        If the file is gone, it is written as the project remembers it, and `codebook_was_gone` says so.

        Raises:
            DataError: the file is no codebook; the version before stays in use.
        """
        path = self.folder / CODEBOOK
        if not path.exists():
            write_whole(path, self.codebook.to_yaml())
            self.codebook_was_gone = True
        about = path.stat()
        changed = about.st_mtime_ns, about.st_ctime_ns, about.st_size
        if changed == self._read_at:
            return False
        codebook = Codebook.from_yaml(read_text(path), str(path), may_be_empty=not self.codebook.codes)
        self._read_at = changed
        return self.use_codebook(codebook)

    def codebook_problem(self) -> str:
        """Read codebook.yaml again if a person changed it; why it cannot be read, with the version used meanwhile, or ""."""
        try:
            self.read_codebook()
        except DataError as error:
            version, added = self.database.rows("SELECT version, added FROM codebook ORDER BY version DESC LIMIT 1")[0]
            codes = len(self.codebook.codable)
            which = f"{version} fra {added[:10]} {added[11:16]} UTC, {codes} koder"
            used = f"{version} of {added[:10]} {added[11:16]} UTC, {codes} codes"
            return say(
                f"Kodeboken kan ikke leses; den forrige brukes: versjon {which}, til den er rettet.\n{error}",
                f"The codebook cannot be read; the one before is used: version {used}, until it is mended.\n{error}",
            )
        return ""

    def forget_codebook(self) -> None:
        """Read codebook.yaml anew the next time, whether or not it changed."""
        self._read_at = None

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
            last = connection.execute("SELECT sha256 FROM codebook ORDER BY version DESC LIMIT 1").fetchone()
            if last is not None and last["sha256"] == codebook.sha256:
                return False
            values = (codebook.sha256, codebook.to_yaml(), now())
            connection.execute("INSERT INTO codebook (sha256, yaml, added) VALUES (?, ?, ?)", values)
        return True

    def replace_codebook(self, codebook: Codebook) -> None:
        """Replace the codebook in use and its file; the file as it was stays beside it (codebook.yaml.bak)."""
        path = self.folder / CODEBOOK
        if path.exists():
            write_whole(path.with_name(f"{CODEBOOK}.bak"), read_bytes(path))
        codebook.write(path)
        self.use_codebook(codebook)
