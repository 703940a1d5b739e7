"""Names and keys under which a project keeps the imported data that autokode does not use, until the next export."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from autokode.exchange.package.contents import (
    Case,
    Document,
    Note,
    Package,
    PackageCoding,
    PackageSegment,
    PackageSet,
    Variable,
)
from autokode.project.store.schema import DESCRIPTION

GOOD, SUGGESTED = "autokode: godt sitat", "autokode: forslag"
"""Names of the notes about good quotes, and about codings that a model suggested."""
TAKEN = "taken"
"""Kind under which a project keeps, by an imported variable's id, which variable of its own it made of it."""
OFFICE = "Kontor"
"""Name of the variable that holds a transcript's office."""
_KEYS = {"segments": "passages", "codings": "given"}
"""Name of a field in a package → its key in a project's database, where they differ."""


def to_kept(
    item: Case | Variable | PackageSet | Note | PackageSegment | PackageCoding, users: dict[str, str]
) -> dict[str, Any]:
    """Convert an item to plain data for the database, with the names of users (`users`: id → name) in place of their ids."""
    plain = {_KEYS.get(name, name): value for name, value in asdict(item).items()}
    if isinstance(item, PackageSegment):
        plain["description"] = undescribed(item.description)
    if "user" in plain:
        plain["user"] = users.get(plain["user"], "")
    return plain


def from_kept(plain: dict[str, Any]) -> dict[str, Any]:
    """Give plain data of the database the names of a package's fields."""
    names = {key: name for name, key in _KEYS.items()}
    return {names.get(key, key): value for key, value in plain.items()}


def undescribed(text: str) -> str:
    """What is kept of a description beside the text or the segment: nothing, unless it is too blank to be a memo."""
    return "" if text.strip() else text


def noted_on(item: Document | PackageSegment) -> tuple[str, ...]:
    """The ids of the notes on a text or a segment, its description before them."""
    return (f"{DESCRIPTION}{item.guid}", *item.notes) if item.description.strip() else item.notes


def descriptions_in(package: Package) -> Iterator[Note]:
    """The descriptions of texts and segments, as notes: programs such as MAXQDA and ATLAS.ti write their comments so."""
    for document in package.documents:
        items: tuple[Document | PackageSegment, ...] = (document, *document.segments)
        for item in items:
            if item.description.strip():
                yield Note(f"{DESCRIPTION}{item.guid}", item.description, "", item.user, item.time)
