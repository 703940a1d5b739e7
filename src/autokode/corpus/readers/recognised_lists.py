"""The lists of pieces of speech in a recogniser's JSON, by their path in the file; the names that recognisers give things."""

from dataclasses import replace
from typing import Any

from autokode.base.formatting import one_line
from autokode.base.messages import say
from autokode.corpus.readers.spoken_words import Piece, joined
from autokode.corpus.readers.times import MILLISECONDS, TICKS, later

_TEXTS = (
    *(
        "display",
        "displaytext",
        "text",
        "punctuatedword",
        "transcript",
        "tekst",
        "sentence",
        "rawtext",
        "spokentext",
        "body",
    ),
    *("word", "content", "value", "utf8"),
)
_SPEAKERS = (
    *("speakername", "speaker", "speakerlabel", "taler", "speakertag", "speakerid", "spkid", "participant"),
    "who",
)
_OWN_SPEAKERS = (*_SPEAKERS, "name")
"""Names for the speaker of a piece with words of its own; a «name» further out is the recording's."""
_BEGINS = (
    *("offset", "start", "begin", "starttime", "startoffset", "startms", "tstartms", "offsetmilliseconds"),
    *("offsetinticks", "ts", "from", "datastart", "starttimems", "begintime", "timestamp", "time"),
)
_ENDS = ("end", "endtime", "endoffset", "endms", "to", "endts", "dataend", "stop", "endtimems", "endtimestamp")
_LENGTHS = ("duration", "durationmilliseconds", "durationinticks", "ddurationms")
_CHANNELS = ("channel", "channeltag", "channellabel")
_SPANS = ("timestamps", "offsets", "timestamp", "instances", "span")
"""Names under which recognisers keep things, the first found is taken; compared without capitals and underscores."""
_WORD_LISTS = ("words", "items", "elements", "tokens", "segs")
_ALTERNATIVES = ("alternatives", "nbest")
"""Lists of guesses, the best first; the others are not what was said."""
_NOT_SPEECH = ("summary", "summaries", "translation", "translations", "chapters", "entities", "metadata")
DEEPEST = 40
"""Most levels of a file that are looked into."""


Found = tuple[Piece, str | None]
"""A piece and its channel."""


def lists_of(data: Any) -> dict[tuple[str, ...], list[Piece]]:
    """Gather the pieces of a file by path: every dictionary with a text, or with words that make one."""
    found: dict[tuple[str, ...], list[Found]] = {}
    speakers: dict[str, str] = {}
    _walk(data, (), {}, found, speakers)
    lists = {path: _by_channel([_spoken(one, speakers) for one in pieces]) for path, pieces in found.items()}
    return {path: _written([piece for piece, _channel in pieces]) for path, pieces in lists.items() if pieces}


def with_names(pieces: list[Piece], data: Any) -> list[Piece]:
    """Give speakers the names that a list or dictionary «speakers» of the file has for them."""
    listed = data.get("speakers") if isinstance(data, dict) else None
    names: dict[str, str] = {}
    if isinstance(listed, dict):
        names = {key: value for key, value in listed.items() if isinstance(value, str)}
    for one in listed if isinstance(listed, list) else ():
        own = _plainly(one) if isinstance(one, dict) else {}
        identifier, name = (
            _first(own, ("spkid", "id", "speakerid", "speaker")),
            _first(own, ("name", "speakername", "label")),
        )
        if isinstance(identifier, str | int) and isinstance(name, str) and name.strip():
            names[str(identifier)] = one_line(name)
    return [
        replace(piece, speaker=names.get(piece.speaker, piece.speaker) if piece.speaker else None) for piece in pieces
    ]


def _walk(
    node: Any,
    path: tuple[str, ...],
    about: dict[str, Any],
    found: dict[tuple[str, ...], list[Found]],
    speakers: dict[str, str],
) -> None:
    """Gather the pieces under a node; `about` holds the speaker and the channel of what it is part of."""
    if len(path) > DEEPEST:
        return
    if isinstance(node, list):
        for number, one in enumerate(node):
            own = about | {"channel": number} if path[-1:] == ("channels",) else about
            _walk(one, path, own, found, speakers)
        return
    if not isinstance(node, dict):
        return
    own = _plainly(node)
    for name in _ALTERNATIVES:
        guesses = own.pop(name, None)
        if isinstance(guesses, list) and guesses and isinstance(guesses[0], dict):
            own = {**_plainly(guesses[0]), **own}
    inside = about | {
        name: value
        for name, keys in (("speaker", _SPEAKERS), ("channel", _CHANNELS))
        if (value := _label(own, keys)) is not None
    }
    piece = _piece(own, path, inside)
    if piece.speaker is None and (label := _label(own, _OWN_SPEAKERS)) is not None:
        piece = replace(piece, speaker=one_line(str(label)))
    before = found.setdefault(path, [])
    if piece.text.strip():
        before.append((piece, inside.get("channel")))
    elif piece.text and before:  # a blank of its own, which parts two words
        before[-1] = replace(before[-1][0], text=before[-1][0].text + piece.text), before[-1][1]
    elif piece.speaker and piece.begin is not None:
        speakers.setdefault(str(piece.begin), piece.speaker)
    for name, value in own.items():
        if name not in (*_NOT_SPEECH, *_SPANS):
            _walk(value, (*path, name), inside, found, speakers)


def _piece(own: dict[str, Any], path: tuple[str, ...], inside: dict[str, Any]) -> Piece:
    """The piece that a dictionary is; its words make its text and times where it has none of its own."""
    name = next((name for name in _TEXTS if isinstance(own.get(name), str)), "")
    text = own.get(name, "")
    begin, end, unit = _span(own)
    if not text.strip():
        words: list[Any] = next((own[one] for one in _WORD_LISTS if isinstance(own.get(one), list)), [])
        pieces = [_piece(_plainly(word), ("words",), {}) for word in words if isinstance(word, dict)]
        text = joined([piece.text for piece in pieces]) if pieces else text
        timed = [piece for piece in pieces if piece.begin is not None]
        if begin is None and timed:
            begin, end, unit = timed[0].begin, timed[-1].end, timed[0].unit
    single = (path[-1:] and path[-1] in _WORD_LISTS) or name in ("word", "punctuatedword", "content", "value", "utf8")
    identifier = own.get("id", "")
    return Piece(
        text,
        begin,
        end,
        unit,
        None if (speaker := inside.get("speaker")) is None else one_line(str(speaker)),
        bool(single) and len(text.split()) <= 1,
        not name,
        str(identifier) if isinstance(identifier, str | int) else "",
    )


def _span(own: dict[str, Any]) -> tuple[Any, Any, float | None]:
    """Begin, end and the unit that their names state."""
    for name in _SPANS:
        span = own.get(name)
        span = span[0] if name == "instances" and isinstance(span, list) and span else span
        if isinstance(span, list) and len(span) == 2:
            return *span, None
        if isinstance(span, dict):
            return _span(_plainly(span))
    name = next((name for name in _BEGINS if isinstance(own.get(name), str | int | float | dict)), "")
    begin, end = own.get(name), _first(own, _ENDS)
    unit = TICKS if name.endswith("ticks") else MILLISECONDS if name.endswith(("ms", "milliseconds")) else None
    if end is None:
        end = later(begin, _first(own, _LENGTHS))
    return begin, end, unit


def _written(pieces: list[Piece]) -> list[Piece]:
    """Leave out pieces made from words where others of their list are written out: these are the same again."""
    written = [piece for piece in pieces if not piece.is_joined]
    return written or pieces


def _label(own: dict[str, Any], keys: tuple[str, ...]) -> Any:
    """The speaker or channel that a dictionary states; Google writes 0 for nobody."""
    for name in keys:
        value = own.get(name)
        if isinstance(value, dict):
            value = _label(_plainly(value), (*keys, "id"))
        if isinstance(value, bool) or not isinstance(value, str | int) or not str(value).strip():
            continue
        if name != "speakertag" or value:
            return value
    return None


def _spoken(found: Found, speakers: dict[str, str]) -> Found:
    """Give a piece the speaker that another list names at the same time, as in AWS's speaker_labels."""
    piece, channel = found
    speaker = piece.speaker if piece.speaker is not None else speakers.get(str(piece.begin))
    return replace(piece, speaker=speaker), channel


def _by_channel(found: list[Found]) -> list[Found]:
    """Take each channel for a speaker where there are several and nobody is named."""
    channels = {channel for _piece, channel in found}
    if len(channels - {None}) < 2 or any(piece.speaker for piece, _channel in found):
        return found
    name = say("kanal", "channel")
    return [(replace(piece, speaker=f"{name} {channel}"), channel) for piece, channel in found]


def _plainly(node: Any) -> dict[str, Any]:
    """A dictionary with its names in small letters and without underscores."""
    return {str(key).replace("_", "").casefold(): value for key, value in node.items()}


def _first(own: dict[str, Any], names: tuple[str, ...]) -> Any:
    return next((own[name] for name in names if own.get(name) is not None), None)
