"""Read ELAN's annotations (.eaf): a tier is a speaker, an annotation is a cue, with its own time or that of what it refers to."""

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

from autokode.base.archive import parse_xml
from autokode.base.errors import failure
from autokode.base.files import read_bytes
from autokode.base.messages import say
from autokode.corpus.readers.elan_tiers import Place, Tier, tiers_of
from autokode.corpus.readers.source import Cue, LeftOut, Source, source_of_cues

_WORDS = frozenset(
    "tx txt text tekst trans transkripsjon transkribering transcription transcript ut utt utterance utterances ytring ytringer "
    "ord words word orth ort ortho ortografi tale speech tok tokens".split()
)
"""Parts of names of tiers that hold what is said, under a tier of references."""
_REFERENCES = frozenset("ref refs id ids seg segment segments segmenter turn turns tur".split())
_BESIDE = frozenset(
    "ft fte ftn fto translation translations oversettelse oversatt engelsk english gl gls gloss glosses glosse ge ps pos mb "
    "mot mo morph morphemes morfem lemma kommentar kommentarer comment comments com merknad merknader notat notater note notes "
    "nt memo gest gester gesture gestures geste mimikk blikk gaze støy noise".split()
)
"""Parts of names of tiers that hold what nobody says: translations, glosses, comments, gestures."""
INITIALS = 3
"""Longest part of a name that may be somebody's initials, where the tier depends on no other and has no @ in its name."""
_REFERENCE = re.compile(r"\S*\d\S*")
"""An annotation that is only a number or a name with one, such as K.001."""


def read_eaf(path: Path) -> Source:
    """Read an .eaf without tiers that are no speech, such as translations and comments; their words are told.

    Under a tier of references (K.001), the tier with the words is read.

    Raises:
        DataError: not XML, not ELAN's, or without annotations.
    """
    root = parse_xml(read_bytes(path), str(path))
    if root.tag != "ANNOTATION_DOCUMENT":
        wanted = "<ANNOTATION_DOCUMENT>"
        what = f"fant <{root.tag}>, ventet {wanted}", f"found <{root.tag}>, expected {wanted}"
        raise failure(*what, where=path, try_next=say("lagre den på nytt i ELAN", "save it again in ELAN"))
    tiers = tiers_of(root)
    spoken = list(_spoken(tiers)) or [tier for tier in tiers if tier.texts and not _is_reference(tier)][:1]
    cues = sorted((cue for tier in spoken for cue in _cues(tier, tiers)), key=lambda one: one[0])
    found = [part for _place, part in cues]
    if not found:
        what = "har ingen annoteringer med ord", "has no annotations with words"
        raise failure(*what, where=path, try_next=say("åpne filen i ELAN", "open the file in ELAN"))
    left_out = [
        LeftOut(
            say(
                f"annoteringer i laget «{tier.name}», som ikke er tale", f"annotations of tier «{tier.name}», no speech"
            ),
            "\n".join(tier.texts),
        )
        for tier in tiers
        if tier not in spoken and tier.texts and not _is_reference(tier)
    ]
    return source_of_cues(found, left_out=left_out)


def _spoken(tiers: list[Tier]) -> Iterator[Tier]:
    """Yield the tiers of what is said: one for each tier that depends on no other."""
    for top in (tier for tier in tiers if not tier.parent):
        below = [tier for tier in _below(top, tiers) if tier.texts and not _is_beside(tier)]
        named = [tier for tier in below if _has(tier, _WORDS) and not _is_reference(tier)]
        best = max(named or below, key=lambda tier: (_letters(tier), -len(tier.annotations)), default=None)
        if best is not None and (_is_reference(top) or (named and 2 * _letters(top) < _letters(best))):
            yield best
        elif top.texts and not _is_beside(top) and not (_is_reference(top) and _below(top, tiers)):
            yield top


def _is_reference(tier: Tier) -> bool:
    """Whether a tier only numbers what others hold: all its annotations are empty or such as K.001."""
    return all(map(_REFERENCE.fullmatch, tier.texts)) or (
        _has(tier, _REFERENCES) and sum(map(bool, map(_REFERENCE.fullmatch, tier.texts))) > 0.5 * len(tier.texts)
    )


def _below(top: Tier, tiers: list[Tier]) -> list[Tier]:
    """The tiers that depend on a tier, at any depth, nearest first."""
    found = [top]
    for tier in found:  # grows on the way
        found += [one for one in tiers if one.parent == tier.name and one not in found]
    return found[1:]


def _cues(tier: Tier, tiers: list[Tier]) -> Iterator[tuple[Place, tuple[str, Cue]]]:
    """Yield the annotations of a tier as cues with their places; those of single words are joined to what they refer to."""
    speaker = _speaker(tier, tiers)
    said = [one for one in tier.annotations if one.text]
    is_words = len({one.parent for one in said}) < len(said) and all(" " not in one.text for one in said)
    for _parent, group in itertools.groupby(
        said, lambda one: one.parent if is_words and one.parent else one.identifier
    ):
        own = list(group)
        text = " ".join(one.text for one in own)
        yield own[0].place, (text, Cue(0, 0, own[0].begin_s, own[-1].end_s, speaker or None, own[0].identifier))


def _speaker(tier: Tier, tiers: list[Tier]) -> str:
    """The participant of a tier or of those it depends on, or else its name without what says that it holds words."""
    by_name = {one.name: one for one in tiers}
    above, seen = tier, {tier.name}
    while not above.participant and above.parent in by_name and above.parent not in seen:
        above = by_name[above.parent]
        seen.add(above.name)
    kinds = "|".join(sorted(_WORDS | _REFERENCES))
    return (
        above.participant or re.sub(rf"(?i)^(?:{kinds})[@_ .:-]+|[@_ .:(-]+(?:{kinds})\)?$", "", tier.name) or tier.name
    )


def _is_beside(tier: Tier) -> bool:
    """Whether a tier's name says that nobody says what it holds."""
    parts = _parts(tier.name) & _BESIDE
    return any(len(part) > INITIALS or tier.parent or "@" in tier.name for part in parts)


def _letters(tier: Tier) -> int:
    return sum(map(len, tier.texts))


def _has(tier: Tier, names: frozenset[str]) -> bool:
    """Whether one of the names is a part of the tier's."""
    return not names.isdisjoint(_parts(tier.name))


def _parts(name: str) -> set[str]:
    """The words of a tier's name: «tx@K», «Kari-oversettelse», «orthT»."""
    words = re.split(r"[\W\d_]+", name)
    return {part.casefold() for word in words for part in re.split(r"(?<=[a-zæøå])(?=[A-ZÆØÅ])", word)}
