"""What the kinds of personal data, and the tables in which some may be left, are called on the page of names."""

from autokode.base.messages import say
from autokode.pseudonym.kinds import Kind

_TABLES = {
    "memo": ("notat", "memo"),
    "decision": ("logg", "log"),
    "codebook": ("kodebok", "codebook"),
    "coder": ("koder", "coder"),
    "carried": ("data fra andre programmer", "data of other programs"),
    "transcript": ("intervjuets navn og opplysninger", "the interview's name and notes"),
    "utterance": ("talernavn", "speaker's name"),
    "suggestion": ("forslag", "suggestion"),
    "setting": ("innstilling", "setting"),
}


def kind_name(kind: Kind) -> str:
    """The name of a kind, as people see it."""
    return say(str(kind), kind.name.replace("_", " ").lower())


def table_name(name: str) -> str:
    """The name of a table of the project's file, as people see it."""
    return say(*_TABLES[name]) if name in _TABLES else name
