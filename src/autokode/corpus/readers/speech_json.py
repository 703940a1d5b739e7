"""Read the JSON of speech recognisers (Whisper, NB-Whisper, WhisperX, aTrain, Hugging Face): one cue per recognised segment."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autokode.base.archive import parse_json
from autokode.base.errors import failure
from autokode.base.formatting import one_line
from autokode.base.messages import say
from autokode.base.text_files import read_text
from autokode.corpus.readers.source import Cue, Source, source_of_cues

_LISTS = ("segments", "chunks", "utterances", "results", "monologues")
_INNER = ("transcription", "result", "transcript")
_TEXTS = ("text", "transcript", "tekst", "sentence")
_SPEAKERS = ("speaker", "speaker_label", "taler", "name")


def read_recognised(path: Path, encoding: str | None = None) -> Source:
    """Read a recogniser's JSON: segments with text, times in seconds, and speakers if there are any.

    Raises:
        DataError: not JSON, or without segments of text.
    """
    data = parse_json(read_text(path, encoding), str(path), say("lagre filen på nytt", "save the file again"))
    rows = _segments(data)
    parts = [part for row in rows for part in _part(row)]
    if not parts:
        keys = ", ".join(list(data)[:8]) if isinstance(data, dict) else type(data).__name__
        mend = say("ta ut .vtt eller .txt i stedet", "export .vtt or .txt instead")
        raise failure(
            f"fant {keys or 'ingenting'}; ventet segments med text, start og end",
            f"found {keys or 'nothing'}; expected segments with text, start and end",
            where=path,
            try_next=mend,
        )
    return source_of_cues(parts)


def _segments(data: Any) -> list[Any]:
    if isinstance(data, dict):
        found = next((data[name] for name in _LISTS if isinstance(data.get(name), list)), None)
        if found is not None:
            return list(found)
        inner = next((data[name] for name in _INNER if isinstance(data.get(name), dict | list)), None)
        return _segments(inner) if inner is not None else [data] if any(data.get(name) for name in _TEXTS) else []
    return data if isinstance(data, list) else []


def _part(row: Any) -> Iterator[tuple[str, Cue]]:
    if not isinstance(row, dict):
        return
    text = next((row[name] for name in _TEXTS if isinstance(row.get(name), str)), "")
    speaker = next(
        (str(row[name]) for name in _SPEAKERS if isinstance(row.get(name), str | int) and str(row[name]).strip()), None
    )
    stamp = row.get("timestamp") or row.get("timestamps")
    begin, end = stamp if isinstance(stamp, list) and len(stamp) == 2 else (row.get("start"), row.get("end"))
    if text.strip():
        speaker = one_line(speaker) if speaker else None
        yield one_line(text), Cue(0, 0, _seconds(begin), _seconds(end), speaker, str(row.get("id", "")))


def _seconds(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value < 10_000_000 else None
