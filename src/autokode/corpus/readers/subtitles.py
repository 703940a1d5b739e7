"""Read subtitle files (.vtt, .srt, .sbv, .lrc): one line per cue, with the speaker in front if the file states one."""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from autokode.base.errors import failure, quoted
from autokode.base.formatting import one_line
from autokode.base.messages import say
from autokode.base.text_files import read_text
from autokode.corpus.readers.cue_lines import CueFile, Fault, RawCue, find_cues
from autokode.corpus.readers.rolling_cues import unrolled
from autokode.corpus.readers.source import Cue, LeftOut, Source, source_of_cues

SHOWN = 3
"""Most line numbers that a note names."""
MOST_NAMES = 2 / 3
"""Largest share of different names among those of cues that are speakers."""

EMPTY = "undertekster uten ord", "cues without words"
TWICE = "undertekster som står to ganger, lest én gang", "cues written twice, read once"
OPEN_VOICE = "talermerker uten «>», ordene er med", "voice tags without «>», their words are kept"
ROLLING = "rullende undertekster, hvert ord lest én gang", "rolling captions, each word read once"

_HEADER = re.compile(r"\s*web-?vtt\b[\s:–-]*(?P<title>.*)$", re.IGNORECASE)
_FACT = re.compile(r"(?:kind|language|x-timestamp-map|region|style)\s*[:=]", re.IGNORECASE)
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?(?:[ \t]([^<>]*))?>", re.IGNORECASE)
_OPEN_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?[ \t](?P<rest>[^<>\n]*)(?![^<\n])", re.IGNORECASE)
_ESCAPED_VOICE = re.compile(r"&lt;(/?v\b.{0,99}?)&gt;", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:v|c|i|b|u|s|em|strong|font|span|lang|ruby|rt|p|div)(?:[.\s][^<>]*)?/?>|<\d[\d:.,]*>|\{\\[^{}]*\}|\{/?[biu]\}",
    re.IGNORECASE,
)
_LIKE_NAME = re.compile(r"[^\W\d_][\w .,'’-]{0,39}(?<![.?!])")
_DASHED = re.compile(r"^[-–—][ \t]*(?=\S)", re.MULTILINE)
_BREAK = re.compile(r"<br\s*/?>|\\N", re.IGNORECASE)
_UNSEEN = re.compile("[\u200b\u200e\u200f\u2060\ufeff\u00ad]")
_WORDLESS = re.compile(r"[\s♪♫♬♩*#]*|-")
_NEXT_SPEAKER = re.compile(r"\[SPEAKER[ _]TURN\]|(?:^|(?<=\s))>{2,3}(?=\s|$)")
_OVERLAP = re.compile(r"//[ \t]*([^\s/:][^/:\n]{0,29}):((?:(?!//).)*)(?://|$)", re.DOTALL)
_OVERLAP_MARK = re.compile(r"^\s*//|//\s*$")
_BADGE = re.compile(
    r"(?:\s*\((?:guest|gjest|external|ekstern|unverified|ubekreftet|uverifisert)\)|\s+(?:external|ekstern|unverified|unfamiliar))+$",
    re.IGNORECASE,
)


def read_subtitles(path: Path, encoding: str | None = None) -> Source:
    """Read WebVTT, SubRip, SubViewer or lyrics: voice tags become speakers, numbers and timings `Cue`s, other tags are dropped.

    What is mended in a cue is in the notes, with its lines; comments and words before the first cue are in `left_out`.

    Raises:
        DataError: the file has no cues.
    """
    ending = path.suffix.lower()
    lines = re.split(r"\r\n|\n|\r", read_text(path, encoding))
    first = next((line for line in lines if line.strip()), "")
    header = _HEADER.match(first)
    found = find_cues(lines, comments=ending == ".vtt" or bool(header), lyrics=ending == ".lrc")
    if not found.cues:
        again = f"autokode transcript {quoted(path.with_suffix('.txt'))}"
        what = "ingen undertekster i filen; ventet tidslinjer med -->", "no cues in the file; expected --> lines"
        raise failure(
            *what, where=path, try_next=say("gi filen endelsen .txt, og så: ", "rename it to .txt, then: ") + again
        )
    parts = list(_parts(_unrolled(_once(found), found), found))
    notes = [*_header_notes(ending, first, header), *_fault_notes(found.faults)]
    return source_of_cues(_joined(parts), notes, _left_out(found))


def _header_notes(ending: str, first: str, header: re.Match[str] | None) -> Iterator[str]:
    if ending == ".vtt" and not header:
        yield say(
            "mangler «WEBVTT» på første linje, lest likevel", "lacks «WEBVTT» on its first line, read all the same"
        )
    elif header and not first.lstrip("\ufeff ").startswith("WEBVTT"):
        shown = first.strip()[:6]
        yield say(
            f"begynner med «{shown}», ikke «WEBVTT», lest likevel", f"begins with «{shown}», not «WEBVTT», read anyway"
        )


def _fault_notes(faults: dict[Fault, list[int]]) -> Iterator[str]:
    for what, lines in faults.items():
        shown = ", ".join(map(str, lines[:SHOWN])) + (" …" if len(lines) > SHOWN else "")
        yield say(f"{what[0]}: {len(lines)} (linje {shown})", f"{what[1]}: {len(lines)} (line {shown})")


def _left_out(found: CueFile) -> Iterator[LeftOut]:
    """Yield the words that belong to no cue: the head, but for what every program writes there, and the comments."""
    header = _HEADER.match(found.head[0]) if found.head else None
    reason = say("linjer før første undertekst", "lines before the first cue")
    if header and header["title"]:
        yield LeftOut(reason, header["title"])
    for line in found.head[bool(header) :]:
        if not _FACT.match(line.strip()):
            yield LeftOut(reason, line.strip(), is_speech=len(line.split()) > 2)
    if found.comments:
        reason = say("linjer i filens kommentarer (NOTE)", "lines of the file's comments (NOTE)")
        yield LeftOut(reason, "\n".join(found.comments))


def _once(found: CueFile) -> Iterator[RawCue]:
    """Yield the cues, each one that says the same at the same time only once."""
    seen = set()
    for cue in found.cues:
        key = (cue.begin_s, cue.end_s, " ".join(" ".join(cue.lines).split()))
        timed = cue.begin_s is not None and cue.end_s is not None and cue.begin_s < cue.end_s
        if timed and cue.lines and key in seen:
            found.mend(TWICE, cue.line)
            continue
        seen.add(key)
        yield cue


def _unrolled(cues: Iterable[RawCue], found: CueFile) -> list[RawCue]:
    """The cues, without the lines that rolling captions repeat."""
    cues = list(cues)
    shown = [replace(cue, lines=tuple(line for raw in cue.lines for line in _plain(raw).split("\n"))) for cue in cues]
    rolled = unrolled(shown) if not any("<v" in line for cue in cues for line in cue.lines) else None
    for line in rolled[1] if rolled else ():
        found.mend(ROLLING, line)
    return rolled[0] if rolled else cues


def _parts(cues: Iterable[RawCue], found: CueFile) -> Iterator[tuple[str, Cue]]:
    """Yield (text, cue) for each voice of each cue, and for what is said before and after a mark of another speaker."""
    cues = list(cues)
    voiced = any("<v" in line.casefold() for cue in cues for line in cue.lines)
    by_identifier = not voiced and _name_speakers([cue.identifier for cue in cues])
    names = {_name(name) for cue in cues for line in cue.lines for name in _VOICE.findall(_unescaped_voices(line))}
    known = sorted(filter(None, names), key=len, reverse=True)
    for cue in cues:
        raw = _unescaped_voices("\n".join(cue.lines))
        closed = _OPEN_VOICE.sub(lambda match: _closed(match["rest"].lstrip(), known), raw)
        if closed != raw:
            found.mend(OPEN_VOICE, cue.line)
        pieces = _VOICE.split(closed)
        voices = zip(["", *pieces[1::2]], pieces[::2], strict=True)
        parts = [part for voice, words in voices for part in _said(_name(voice or ""), words)]
        if not parts:
            found.mend(EMPTY, cue.line)
        for name, text in parts:
            speaker = _name(cue.identifier) if by_identifier and name is None else name
            yield text, Cue(0, 0, cue.begin_s, cue.end_s, speaker, cue.identifier)


def _name_speakers(identifiers: list[str]) -> bool:
    """Whether the names of cues are speakers: labels that recur, and not the cues' numbers."""
    labels = set(identifiers)
    return 1 < len(labels) <= MOST_NAMES * len(identifiers) and all(map(_LIKE_NAME.fullmatch, labels))


def _said(voice: str | None, raw: str) -> Iterator[tuple[str | None, str]]:
    """Yield (speaker, text) for what a voice says; with a voice, noScribe's `//S02: … //` is what S02 says meanwhile."""
    text = _plain(raw)
    parted = [part for whole in _NEXT_SPEAKER.split(text) for part in _by_dashes(whole)]
    turns: Iterable[tuple[str | None, str]] = ((voice, part) for part in parted)
    if voice is not None:
        own, *others = _OVERLAP.split(text)
        rest = zip(others[::3], others[1::3], others[2::3], strict=True)
        meanwhile = [
            (voice, own),
            *(turn for name, said, after in rest for turn in ((_name(name), said), (voice, after))),
        ]
        turns = ((name, _OVERLAP_MARK.sub("", words)) for name, words in meanwhile)
    for name, words in turns:
        said = words.strip()
        if not _WORDLESS.fullmatch(said):
            yield name, said


def _by_dashes(text: str) -> list[str]:
    """What the voices of a cue say whose lines begin with a dash each, where there is more than one."""
    parts = _DASHED.split(text)
    return parts if len(parts) > 2 and not parts[0].strip() else [text]


def _joined(parts: Iterable[tuple[str, Cue]]) -> Iterator[tuple[str, Cue]]:
    """Yield the parts, neighbours of one voice at one time as one: noScribe's editor cuts cues where the format changes."""
    for (*_times, speaker), group in groupby(parts, lambda part: (part[1].begin_s, part[1].end_s, part[1].speaker)):
        together = list(group)
        if speaker is not None:
            together = [(" ".join(text for text, _cue in together), together[0][1])]
        yield from together


def _name(voice: str) -> str | None:
    """The name in a voice tag; None where the tag only says that nobody is known: «», «-», «Speaker?»."""
    name = _BADGE.sub("", one_line(_plain(voice)).strip("/ "))
    return None if re.fullmatch(r"\W*|speaker ?\?", name, re.IGNORECASE) else name


def _plain(raw: str) -> str:
    """Drop tags and what nobody sees, and replace entities; lines stay, with single spaces and without blank ones."""
    text = _UNSEEN.sub("", html.unescape(_TAG.sub("", _BREAK.sub("\n", raw))))
    return "\n".join(filter(None, map(one_line, text.splitlines())))


def _unescaped_voices(raw: str) -> str:
    """The lines of a cue with voice tags in place of escaped ones; where it has true ones, escaped ones are words."""
    return raw if "<v" in raw.casefold() else _ESCAPED_VOICE.sub(r"<\1>", raw)


def _closed(rest: str, known: Iterable[str]) -> str:
    """What an unclosed voice tag says: it is closed after a name known from other cues, or else left out, and its words stay."""
    name = next((name for name in known if rest.startswith(name)), None)
    return f"<v {name}>{rest[len(name) :]}" if name else rest
