"""Read subtitle files (.vtt, .srt): one line per cue, with the speaker in front if the file states one."""

import html
import io
import re
from collections.abc import Iterator
from pathlib import Path

import webvtt
from webvtt.errors import MalformedCaptionError, MalformedFileError

from autokode.base.errors import DataError, Problem, failure, quoted, unreadable
from autokode.base.messages import say
from autokode.base.text_files import read_text
from autokode.corpus.readers.source import Cue, Source, seconds, source_of_cues

_TIME = r"(?:\d{1,6}:)?\d{1,2}:\d{1,2}[.,]\d{1,3}"
_TIMING = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(\s.*)?$")
_TIMING_TRIED = re.compile(r"-->|^\s*\d{1,2}:\d\d:\S+\s*-+>?\s*\d")
_OPEN_VOICE = re.compile(r"<v\b[^>]*$")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]*)>")
_TAG = re.compile(r"</?(?:[a-z]+(?:[.\s][^<>]*)?|\d[\d:.]*)>", re.IGNORECASE)
_BADGE = re.compile(r"\s*\((?:guest|gjest|external|ekstern)\)\s*$|\s+(?:external|ekstern)$", re.IGNORECASE)


def read_subtitles(path: Path, encoding: str | None = None) -> Source:
    """Read WebVTT or SubRip: voice tags become speakers, numbers and timings become `Cue`s, other tags are dropped.

    Raises:
        DataError: a .vtt has no header, or cues are broken; lists every line.
    """
    text = read_text(path, encoding)
    ending = path.suffix.lower()
    lines = re.split(r"\r\n|\n|\r", text)
    if ending == ".vtt":
        lines = list(_without_notes(lines))
    problems = list(_problems(lines, ending, str(path)))
    if problems:
        mend = say(
            f"rett linjene i en teksteditor, og så: autokode transcript {path}",
            f"mend these lines in a text editor, then: autokode transcript {path}",
        )
        raise DataError(problems, try_next=mend)
    captions = _parse("\n".join(lines if ending == ".vtt" else _numbered(lines)), ending, path)
    timings = sum(1 for line in lines if _TIMING.match(line))
    if len(captions) != timings:
        raise failure(
            f"har {timings} tidslinjer, men bare {len(captions)} kunne leses",
            f"has {timings} timing lines, but only {len(captions)} could be read",
            where=path,
            try_next=say("se etter tomme linjer", "look for blank lines"),
        )
    return source_of_cues(part for caption in captions for part in _parts(caption))


def _without_notes(lines: list[str]) -> Iterator[str]:
    """Yield the lines, with blank ones in place of NOTE, STYLE and REGION blocks: they may hold commented-out cues."""
    inside = before_blank = False
    for line in lines:
        if not line.strip():
            inside, before_blank = False, True
        elif before_blank and re.match(r"(NOTE|STYLE|REGION)(\s|$)", line):
            inside = True
        yield "" if inside else line
        before_blank = not line.strip()


def _numbered(lines: list[str]) -> Iterator[str]:
    """Yield the lines, with a number before each timing line that lacks one."""
    before = ""
    for number, line in enumerate(lines, 1):
        if _TIMING.match(line) and not before.strip():
            yield str(number)
        yield line
        before = line


def _problems(lines: list[str], ending: str, name: str) -> Iterator[Problem]:
    if ending == ".vtt" and not lines[0].startswith("WEBVTT"):
        found = f"«{lines[0][:40]}»"
        what = say(
            f"fant {found}, ventet «WEBVTT» på første linje", f"found {found}, expected «WEBVTT» on the first line"
        )
        yield Problem(what, name, 1)
    timings = 0
    for number, line in enumerate(lines, 1):
        found = f"«{line.strip()[:60]}»"
        if _TIMING.match(line):
            timings += 1
            begin, end = (seconds(stamp) for stamp in re.findall(_TIME, line)[:2])
            if end < begin:
                what = say(f"slutter før den begynner: {found}", f"ends before it begins: {found}")
                yield Problem(what, name, number)
        elif _TIMING_TRIED.search(line):
            what = say(
                f"tidslinjen kan ikke leses: {found}; ventet 00:00:01.000 --> 00:00:04.000",
                f"the timing line cannot be read: {found}; expected 00:00:01.000 --> 00:00:04.000",
            )
            yield Problem(what, name, number)
        elif _OPEN_VOICE.search(line):
            what = say(
                f"talermerket er ikke lukket: {found}; ventet «<v Navn>tekst»",
                f"the voice tag is not closed: {found}; expected «<v Name>text»",
            )
            yield Problem(what, name, number)
    if not timings:
        what = say("ingen undertekster i filen; ventet tidslinjer med -->", "no cues in the file; expected --> lines")
        yield Problem(what, name)


def _parse(text: str, ending: str, path: Path) -> list[webvtt.Caption]:
    try:
        return list(webvtt.from_buffer(io.StringIO(text), format=ending[1:]).captions)
    except (MalformedFileError, MalformedCaptionError) as error:
        again = f"autokode transcript {quoted(path.with_suffix('.txt'))}"
        raise unreadable(ending, error, where=path, try_next=again) from error


def _parts(caption: webvtt.Caption) -> Iterator[tuple[str, Cue]]:
    """Yield (text, cue) for each voice of a caption; a caption without voices is one part."""
    pieces = _VOICE.split(caption.raw_text)
    voices = [(None, pieces[0])] + [(pieces[i], pieces[i + 1]) for i in range(1, len(pieces), 2)]
    begin, end = seconds(caption.start), seconds(caption.end)
    for voice, raw in voices:
        text = html.unescape(_TAG.sub("", raw)).strip()
        if text or (voice is None and len(voices) == 1):
            speaker = _BADGE.sub("", html.unescape(voice)).strip() if voice else None
            yield text, Cue(0, 0, begin, end, speaker or None, caption.identifier or "")
