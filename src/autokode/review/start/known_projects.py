"""The projects that a user had open, and what the user is called: kept in one file that its owner alone can read."""

import getpass
import json
import platform
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock

from autokode.base.files import write_whole
from autokode.base.messages import say
from autokode.base.user_folders import user_folder
from autokode.project.store.project_files import FILE

KEPT = 50
"""Projects kept in the list; the one not opened for the longest time goes first."""


@dataclass(frozen=True, slots=True)
class KnownProject:
    """A project that was open.

    Attributes:
        folder: the project's.
        opened: when it was opened last, ISO 8601 in UTC.
        coder: who coded in it then.
    """

    folder: Path
    opened: str
    coder: str

    @property
    def is_there(self) -> bool:
        """Whether its folder still holds a project."""
        return is_project(self.folder)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a user.

    Attributes:
        name: as it stands at the codings; "" until it was asked for.
        language: of the start page, "" for the usual one.
        theme: the start page's colours, "" for the system's.
        projects: the one opened last comes first.
    """

    name: str = ""
    language: str = ""
    theme: str = ""
    projects: tuple[KnownProject, ...] = ()


class KnownProjects:
    """The file with what is kept of a user; several programs may change it."""

    def __init__(self, folder: Path | None = None) -> None:
        self.path = (folder or user_folder("data")) / "projects.json"

    def read(self) -> Kept:
        """Read what is kept; a file that is missing or damaged keeps nothing."""
        try:
            found = json.loads(self.path.read_text(encoding="utf-8"))
            projects = tuple(KnownProject(Path(one.pop("folder")), **one) for one in found.pop("projects"))
            kept = Kept(**found, projects=projects)
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return Kept()
        texts = (kept.name, kept.language, kept.theme, *(text for one in projects for text in (one.opened, one.coder)))
        return kept if all(isinstance(text, str) for text in texts) else Kept()

    def choose(self, *, name: str = "", language: str = "", theme: str = "") -> None:
        """Keep a name, a language or a theme; "" leaves it as it is."""
        with self._changing():
            kept = self.read()
            self._write(
                replace(kept, name=name or kept.name, language=language or kept.language, theme=theme or kept.theme)
            )

    def note(self, folder: Path, coder: str) -> None:
        """Note that a coder opened a project now."""
        own = KnownProject(folder.resolve(), datetime.now(UTC).isoformat(timespec="seconds"), coder)
        with self._changing():
            kept = self.read()
            others = tuple(one for one in kept.projects if one.folder != own.folder)
            self._write(replace(kept, projects=(own, *others)[:KEPT]))

    def forget(self, folder: Path) -> None:
        """Take a project off the list; nothing of the project changes."""
        with self._changing():
            kept = self.read()
            self._write(replace(kept, projects=tuple(one for one in kept.projects if one.folder != folder)))

    def _changing(self) -> FileLock:
        return FileLock(self.path.with_suffix(".lock"), timeout=10, mode=0o600)

    def _write(self, kept: Kept) -> None:
        def plain(value: object) -> str:
            return str(value)

        about: dict[str, Any] = asdict(kept)
        write_whole(self.path, json.dumps(about, ensure_ascii=True, indent=1, default=plain))


def is_project(folder: Path) -> bool:
    """Whether a folder holds a project."""
    try:
        return (folder / FILE).is_file()
    except OSError:
        return False


def account_name() -> str:
    """The real name of this machine's user, as the system has it, or else the account's name."""
    try:
        account = getpass.getuser()
        if platform.system() != "Windows":
            import pwd

            real = pwd.getpwnam(account).pw_gecos.split(",")[0].replace("&", account.capitalize()).strip()
            return account if not real or account == "root" else real
    except (OSError, KeyError, ImportError):
        return say("koder", "coder")
    return account
