"""The people who code in a project."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Coder:
    """A person who codes; one who codes blind is shown no suggestions and nobody else's codings."""

    id: int
    name: str
    blind: bool
