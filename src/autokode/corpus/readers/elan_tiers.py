"""The tiers of an ELAN file, whose annotations have their own times or those of what they refer to."""

import itertools
from dataclasses import dataclass, field
from typing import Any

from autokode.base.formatting import one_line

Place = tuple[float, int]
"""Where an annotation belongs among all: its begin in seconds, as far as it is known, and its number in the file's order."""


@dataclass(frozen=True, slots=True)
class Annotation:
    """An annotation.

    Attributes:
        identifier: its id.
        text: its words on one line.
        parent: the id of the annotation it refers to, or "".
        begin_s, end_s: seconds, or None where no time is stated or can be told.
        place: for sorting.
    """

    identifier: str
    text: str = field(repr=False)
    parent: str
    begin_s: float | None
    end_s: float | None
    place: Place


@dataclass(frozen=True, slots=True)
class Tier:
    """A tier: its name, whose it is, the tier it depends on, or "", and its annotations in order."""

    name: str
    participant: str
    parent: str
    annotations: tuple[Annotation, ...]

    @property
    def texts(self) -> list[str]:
        return [one.text for one in self.annotations if one.text]


def tiers_of(root: Any) -> list[Tier]:
    """Read the tiers of an annotation document.

    A slot without a time lies evenly between those with times around it in its tier; annotations that divide another one divide
    its time evenly.
    """
    slots = _Slots(root)
    elements = {str(tier.get("TIER_ID") or f"#{i}"): tier for i, tier in enumerate(root.iter("TIER"))}
    known: dict[str, Annotation] = {}
    found: dict[str, Tier] = {}
    for name in _outer_first({name: str(tier.get("PARENT_REF") or "") for name, tier in elements.items()}):
        tier = elements[name]
        own = [*_aligned(tier, slots), *_referring(tier, known)]
        known |= {one.identifier: one for one in own}
        participant = one_line(tier.get("PARTICIPANT") or "")
        found[name] = Tier(one_line(name), participant, one_line(tier.get("PARENT_REF") or ""), tuple(own))
    return [found[name] for name in elements]


class _Slots:
    """The time slots of a file, in order."""

    def __init__(self, root: Any) -> None:
        self.value = {
            str(slot.get("TIME_SLOT_ID")): _seconds(slot.get("TIME_VALUE")) for slot in root.iter("TIME_SLOT")
        }
        self.place: dict[str, Place] = {}
        latest = 0.0
        for i, (slot, value) in enumerate(self.value.items()):
            latest = latest if value is None else value
            self.place[slot] = (latest, i)


def _aligned(tier: Any, slots: _Slots) -> list[Annotation]:
    """The annotations of a tier with slots of their own, in the order of these."""
    elements = list(tier.iter("ALIGNABLE_ANNOTATION"))
    ends = [[str(one.get(f"TIME_SLOT_REF{i}")) for i in (1, 2)] for one in elements]
    used = sorted(
        {slot for pair in ends for slot in pair if slot in slots.place}, key=lambda slot: slots.place[slot][1]
    )
    times = dict(zip(used, _filled([slots.value[slot] for slot in used]), strict=True))
    found = []
    for element, (first, last) in zip(elements, ends, strict=True):
        begin, end = times.get(first), times.get(last)
        end = end if begin is None or end is None or end >= begin else None
        place = slots.place.get(first, (0.0, 0)) if begin is None else (begin, slots.place[first][1])
        found.append(Annotation(str(element.get("ANNOTATION_ID") or ""), _text(element), "", begin, end, place))
    return sorted(found, key=lambda one: one.place)


def _filled(values: list[float | None]) -> list[float | None]:
    """Times with those that lack put evenly between their neighbours; at the ends they stay None."""
    found = list(values)
    stated = [i for i, value in enumerate(values) if value is not None]
    for first, last in itertools.pairwise(stated):
        begin, end = values[first] or 0.0, values[last] or 0.0
        for i in range(first + 1, last):
            found[i] = begin + (end - begin) * (i - first) / (last - first)
    return found


def _referring(tier: Any, known: dict[str, Annotation]) -> list[Annotation]:
    """The annotations of a tier that refer to others, by what they refer to and then in their own order."""
    elements = {str(one.get("ANNOTATION_ID") or f"#{i}"): one for i, one in enumerate(tier.iter("REF_ANNOTATION"))}
    groups: dict[str, list[str]] = {}
    for name, element in elements.items():
        groups.setdefault(str(element.get("ANNOTATION_REF") or ""), []).append(name)
    found = []
    for parent, names in groups.items():
        above = known.get(parent)
        begin, end, place = (above.begin_s, above.end_s, above.place) if above else (None, None, (0.0, 0))
        before = {name: str(elements[name].get("PREVIOUS_ANNOTATION") or "") for name in names}
        for i, name in enumerate(_chained(before)):
            times = [_share(begin, end, j, len(names)) for j in (i, i + 1)]
            text = _text(elements[name])
            found.append(
                Annotation(
                    name, text, parent, times[0], times[1], (place[0] if times[0] is None else times[0], place[1])
                )
            )
    return sorted(found, key=lambda one: one.place)


def _share(begin: float | None, end: float | None, part: int, parts: int) -> float | None:
    if begin is None or end is None:
        return begin if part == 0 else end if part == parts else None
    return begin + (end - begin) * part / parts


def _chained(before: dict[str, str]) -> list[str]:
    """The names in order: each after the one that it states to be before it."""
    after: dict[str, list[str]] = {}
    for name, previous in before.items():
        after.setdefault(previous if previous in before else "", []).append(name)
    found: dict[str, None] = {}
    waiting = after.get("", [])[::-1]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = None
            waiting += after.get(name, [])[::-1]
    return [*found, *(name for name in before if name not in found)]


def _outer_first(parents: dict[str, str]) -> list[str]:
    """The names of tiers, each after the one that it depends on."""
    below: dict[str, list[str]] = {}
    for name, parent in parents.items():
        below.setdefault(parent if parent in parents else "", []).append(name)
    found: dict[str, None] = {}
    waiting = list(below.get("", []))
    for name in waiting:  # grows on the way
        found[name] = None
        waiting += [one for one in below.get(name, []) if one not in found]
    return [*found, *(name for name in parents if name not in found)]


def _text(element: Any) -> str:
    return one_line("".join(value.text or "" for value in element.iter("ANNOTATION_VALUE")))


def _seconds(milliseconds: Any) -> float | None:
    stated = isinstance(milliseconds, str) and milliseconds.isdecimal() and len(milliseconds) < 12
    return int(milliseconds) / 1000 if stated else None
