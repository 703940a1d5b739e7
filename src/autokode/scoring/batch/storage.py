"""Places of inputs and results: a folder of this machine, or an object store by its address, through fsspec."""

import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from autokode.base.errors import DataError, failure
from autokode.base.extras import missing
from autokode.base.files import file_whole, make_folder, write_whole
from autokode.base.messages import say


@dataclass(frozen=True, slots=True)
class Stamp:
    """A file's size in bytes, and its last change in seconds since 1970."""

    size: int
    changed: float


def is_address(text: str) -> bool:
    """Whether a text is an address (s3://…), not a path."""
    return "://" in text


def place(where: str) -> "Local | Remote":
    """The place of a path or an address."""
    return Remote(where.rstrip("/")) if is_address(where) else Local(Path(where))


@dataclass(frozen=True, slots=True)
class Local:
    """A folder or a file of this machine."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)

    def __truediv__(self, name: str) -> "Local":
        return Local(self.path / name)

    @property
    def name(self) -> str:
        """Its last part."""
        return self.path.name

    def stamp(self) -> Stamp | None:
        """Size and time of the file; None where there is no file."""
        if not self.path.is_file():
            return None
        about = self.path.stat()
        return Stamp(about.st_size, about.st_mtime)

    def is_folder(self) -> bool:
        """Whether it is an existing folder."""
        return self.path.is_dir()

    def files(self) -> list[str]:
        """The paths of all files under the folder, relative to it, sorted; [] where there is no folder."""
        found = (file for file in self.path.rglob("*") if file.is_file())
        return sorted(file.relative_to(self.path).as_posix() for file in found)

    def make(self) -> None:
        """Make the folder, for its owner alone.

        Raises:
            DataError: it cannot be made, or something else stands there.
        """
        make_folder(self.path)

    def opened(self) -> AbstractContextManager[BinaryIO]:
        """Open the file for reading at any position."""
        return self.path.open("rb")

    @contextmanager
    def here(self) -> Iterator[Path]:
        """Give the path of the file on this machine."""
        yield self.path

    def written(self) -> AbstractContextManager[Path]:
        """Give a temporary path that becomes the file when the block ends without an error."""
        return file_whole(self.path)

    def write(self, content: str) -> None:
        """Write a whole file."""
        write_whole(self.path, content)


@dataclass(frozen=True, slots=True)
class Remote:
    """A folder or a file of an object store; the credentials are where the store's own programs look for them."""

    address: str

    def __str__(self) -> str:
        return self.address

    def __truediv__(self, name: str) -> "Remote":
        return Remote(f"{self.address}/{name}")

    @property
    def name(self) -> str:
        """Its last part."""
        return self.address.rsplit("/", 1)[1]

    def stamp(self) -> Stamp | None:
        """Size and time of the file; None where there is no file."""
        with self._store() as (store, path):
            if not store.isfile(path):
                return None
            return Stamp(store.size(path), store.modified(path).timestamp())

    def is_folder(self) -> bool:
        """Whether it is an existing folder."""
        with self._store() as (store, path):
            return bool(store.isdir(path))

    def files(self) -> list[str]:
        """The paths of all files under the folder, relative to it, sorted; [] where there is no folder."""
        with self._store() as (store, path):
            top = store._strip_protocol(path).rstrip("/")
            found = [store._strip_protocol(file) for file in store.find(path)]
            return sorted(file.removeprefix(top).lstrip("/") for file in found if file != top)

    def make(self) -> None:
        """Do nothing: an object store has no folders to make."""

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """Open the file for reading at any position; the store sends blocks as they are needed."""
        with self._store() as (store, path), store.open(path, "rb") as stream:
            yield stream

    @contextmanager
    def here(self) -> Iterator[Path]:
        """Give the path of a copy on this machine, in a private folder that is deleted when the block ends."""
        with self._store() as (store, path), tempfile.TemporaryDirectory(prefix="autokode-") as folder:
            copy = Path(folder) / self.name
            store.get_file(path, str(copy))
            yield copy

    @contextmanager
    def written(self) -> Iterator[Path]:
        """Give a temporary path and send the file when the block ends; a store shows a file once all of it has arrived."""
        with tempfile.TemporaryDirectory(prefix="autokode-") as folder:
            temporary = Path(folder) / self.name
            yield temporary
            with self._store() as (store, path):
                store.put_file(str(temporary), path)

    def write(self, content: str) -> None:
        """Write a whole file."""
        with self._store() as (store, path):
            store.pipe_file(path, content.encode("utf-8"))

    @contextmanager
    def _store(self) -> Iterator[tuple[Any, str]]:
        """Give the store and the path in it; errors of the store become a DataError that names the address."""
        try:
            import fsspec
        except ImportError as error:
            raise missing("cloud", error, where=self.address) from error
        try:
            store, path = fsspec.core.url_to_fs(self.address, use_listings_cache=False)
            yield store, path
        except ImportError as error:
            raise missing("cloud", error, where=self.address) from error
        except DataError:
            raise
        except (OSError, ValueError, _store_error()) as error:
            reason = str(error).split("\n")[0][:200] or type(error).__name__
            mend = say("se etter adresse og nøkler", "check the address and its credentials")
            raise failure(
                f"får ikke brukt adressen: {reason}",
                f"the address cannot be used: {reason}",
                where=self.address,
                try_next=mend,
            ) from error


def _store_error() -> type[BaseException]:
    """The error class of botocore, which s3fs uses; OSError where it is not installed."""
    try:
        from botocore.exceptions import BotoCoreError
    except ImportError:
        return OSError
    error: type[BaseException] = BotoCoreError
    return error
