"""The check of the file that `--out` names, before any work is done."""

from pathlib import Path

from autokode.base.errors import failure, quoted


def check_kind(out: Path, kinds: tuple[str, ...]) -> None:
    """Check that a file's ending is one of `kinds`.

    Raises:
        DataError: it is another one; the message suggests the first of `kinds`.
    """
    if out.suffix.lower() not in kinds:
        raise failure(
            f"ukjent filtype «{out.suffix}»; ventet {', '.join(kinds)}",
            f"unknown kind of file «{out.suffix}»; expected {', '.join(kinds)}",
            where=out,
            try_next=f"--out {quoted(out.with_suffix(kinds[0]))}",
        )
