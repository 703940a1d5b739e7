"""What the REFI-QDA standard calls things: namespaces, and the kinds of source that hold text."""

PROJECT = "urn:QDA-XML:project:1.0"
CODEBOOK = "urn:QDA-XML:codebook:1.0"
FOLDER = "sources"

SILENT = {
    "PictureSource": ("bilder", "pictures"),
    "AudioSource": ("lydfiler", "audio"),
    "VideoSource": ("filmer", "video"),
}
"""Sources without text of their own, in words; sound and film may have transcripts."""

VALUES = {
    "TextValue": "Text",
    "BooleanValue": "Boolean",
    "IntegerValue": "Integer",
    "FloatValue": "Float",
    "DateValue": "Date",
    "DateTimeValue": "DateTime",
}
"""Element of a variable's value → the kind of variable."""
