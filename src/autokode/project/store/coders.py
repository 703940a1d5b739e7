"""The people who code in a project."""

from dataclasses import dataclass

from autokode.project.store.database import Database


@dataclass(frozen=True, slots=True)
class Coder:
    """A person who codes; one who codes blind is shown no suggestions and nobody else's codings."""

    id: int
    name: str
    blind: bool


def coders_in(database: Database) -> list[Coder]:
    """Everybody who coded, in the order of their first time."""
    with database.reading() as connection:
        rows = connection.execute("SELECT id, name, blind FROM coder ORDER BY id").fetchall()
    return [Coder(row["id"], row["name"], bool(row["blind"])) for row in rows]


def coder_named(database: Database, name: str, *, blind: bool | None) -> Coder:
    """The coder with a name, a new one if there is none; `blind` sets whether they code blind, None leaves it as it is."""
    with database.writing() as connection:
        connection.execute("INSERT OR IGNORE INTO coder (name) VALUES (?)", (name,))
        if blind is not None:
            connection.execute("UPDATE coder SET blind = ? WHERE name = ?", (int(blind), name))
        row = connection.execute("SELECT id, name, blind FROM coder WHERE name = ?", (name,)).fetchone()
    return Coder(row["id"], row["name"], bool(row["blind"]))
