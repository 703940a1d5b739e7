"""Names of the REFI-QDA standard: namespaces, sources, values of variables, times."""

import re
from datetime import datetime

PROJECT = "urn:QDA-XML:project:1.0"
CODEBOOK = "urn:QDA-XML:codebook:1.0"
FOLDER = "sources"

SOURCES_WITHOUT_TEXT = {
    "PictureSource": ("bilder", "pictures"),
    "AudioSource": ("lydfiler", "audio"),
    "VideoSource": ("filmer", "video"),
}
"""Element of a source without text of its own → its name in Norwegian and English; sound and film may have transcripts."""

VALUES = {
    "TextValue": "Text",
    "BooleanValue": "Boolean",
    "IntegerValue": "Integer",
    "FloatValue": "Float",
    "DateValue": "Date",
    "DateTimeValue": "DateTime",
}
"""Element of a variable's value → the kind of variable."""

_TIME = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ]+(\d\d:\d\d(?::\d\d(?:\.\d+)?)?)\s*(Z|[+-]\d\d:?\d\d)?)?$")


def moment(stated: str) -> str:
    """Write a time as the standard does; a day alone begins at midnight, and "" stands for an unreadable time.

    >>> moment("2026-03-01"), moment("2026-03-01 10:15+0100"), moment("i går")
    ('2026-03-01T00:00:00', '2026-03-01T10:15:00+01:00', '')
    """
    match = _TIME.match(stated.strip())
    if match is None:
        return ""
    day, clock, zone = match[1], match[2] or "00:00", match[3] or ""
    if len(zone) == len("+0100"):
        zone = f"{zone[:3]}:{zone[3:]}"
    found = f"{day}T{clock if clock.count(':') == 2 else clock + ':00'}{zone}"
    try:
        datetime.fromisoformat(found)
    except ValueError:
        return ""
    return found
