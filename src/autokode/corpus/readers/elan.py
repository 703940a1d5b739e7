"""Read ELAN's annotations (.eaf): a tier is a speaker, an annotation with times is a cue."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autokode.base.archive import parse_xml
from autokode.base.errors import failure
from autokode.base.files import read_bytes
from autokode.base.formatting import one_line
from autokode.base.messages import say
from autokode.corpus.readers.source import Cue, Source, source_of_cues


def read_eaf(path: Path) -> Source:
    """Read an .eaf without tiers that depend on others (translations, comments); a note says so.

    Raises:
        DataError: not XML, not ELAN's, or without annotations with times.
    """
    root = parse_xml(read_bytes(path), str(path))
    if root.tag != "ANNOTATION_DOCUMENT":
        wanted = "<ANNOTATION_DOCUMENT>"
        what = f"fant <{root.tag}>, ventet {wanted}", f"found <{root.tag}>, expected {wanted}"
        raise failure(*what, where=path, try_next=say("lagre den på nytt i ELAN", "save it again in ELAN"))
    times = {slot.get("TIME_SLOT_ID"): slot.get("TIME_VALUE") for slot in root.iter("TIME_SLOT")}
    tiers = list(root.iter("TIER"))
    found = sorted(
        (cue for tier in tiers if not tier.get("PARENT_REF") for cue in _cues(tier, times)),
        key=lambda part: (part[1].begin_s or 0.0, part[1].end_s or 0.0),
    )
    if not found:
        what = "har ingen annoteringer med tid", "has no annotations in time"
        raise failure(*what, where=path, try_next=say("åpne filen i ELAN", "open the file in ELAN"))
    left = ", ".join(str(tier.get("TIER_ID")) for tier in tiers if tier.get("PARENT_REF"))
    note = say(f"lag som ikke er tale, utelatt: {left}", f"tiers left out, because they are not speech: {left}")
    return source_of_cues(found, [note] if left else ())


def _cues(tier: Any, times: dict[Any, Any]) -> Iterator[tuple[str, Cue]]:
    speaker = one_line(tier.get("PARTICIPANT") or tier.get("TIER_ID") or "")
    for annotation in tier.iter("ALIGNABLE_ANNOTATION"):
        text = one_line("".join(value.text or "" for value in annotation.iter("ANNOTATION_VALUE")))
        begin, end = (_seconds(times.get(annotation.get(f"TIME_SLOT_REF{i}"))) for i in (1, 2))
        if text:
            yield text, Cue(0, 0, begin, end, speaker or None, str(annotation.get("ANNOTATION_ID") or ""))


def _seconds(milliseconds: Any) -> float | None:
    stated = isinstance(milliseconds, str) and milliseconds.isdecimal() and len(milliseconds) < 12
    return int(milliseconds) / 1000 if stated else None
