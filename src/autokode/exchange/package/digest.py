"""A digest of what a package says, to tell whether a file is as autokode wrote it."""

import json

from autokode.base.hashing import sha256_of
from autokode.exchange.package.contents import Package


def digest_of(package: Package) -> str:
    """SHA-256 of a package's codes, texts, codings, coders and notes, whatever their order in the file."""
    users = {user.guid: user.name for user in package.users}
    said = {
        "codes": sorted((node.guid, node.name, node.description, node.colour, node.codable) for node in package.walk()),
        "texts": sorted((document.guid, document.name, sha256_of(document.text)) for document in package.documents),
        "codings": sorted(
            (document.guid, segment.start, segment.end, coding.guid, coding.code, users.get(coding.user, ""))
            for document in package.documents
            for segment in document.segments
            for coding in segment.codings
        ),
        "notes": sorted((note.guid, note.name, note.text.strip(), users.get(note.user, "")) for note in package.notes),
    }
    return sha256_of(json.dumps(said, ensure_ascii=False))
