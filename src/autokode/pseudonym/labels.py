"""Speakers' labels: which name a role («Informant 2», «Deltaker nr 3», «I», «SPEAKER_00»), and where others name a person."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from autokode.corpus.label_forms import Form, cleaned, form_of
from autokode.pseudonym.composed import Composed, composed
from autokode.pseudonym.lists import among, lists

_PART = re.compile(r"[^\W\d_]+(?:[-'’.][^\W\d_]+)*\.?|\d+")
_EMAIL = re.compile(r"([\w.+-]+)@[\w.-]+\.\w{2,}")
_ASIDE = re.compile(r"\((?:\w{1,5}/\w{1,5}(?:/\w{1,5})?|\d+)\)", re.IGNORECASE)
_DEVICE = re.compile(
    r"(?:(?: sin|['’]s|s) (?:iphone|ipad|mac\w*|pc|mobil\w*|telefon\w*|galaxy|samsung|laptop|android)\b.*$)",
    re.IGNORECASE,
)
_AFTER = re.compile(r"(?:\s[|/–-]\s|,\s+(?=[a-zæøå])).*$")
_INVERTED = re.compile(r"^([^\W\d_][\w'’-]*(?: [^\W\d_][\w'’-]*)?), ([^\W\d_][\w'’.-]*(?: [^\W\d_][\w'’.-]*)?)$")
_SHORT = re.compile(r"intv\w*|int\w{0,3}|resp\w*|inf\w{0,3}|nr|nummer|av|med|og|til|for")
"""Roles cut short, and words between roles and numbers."""

_CODE = re.compile(r"[^\W\d_]\.?|[A-ZÆØÅ]{2,3}\d*")
"""A label that is a code and no name: «I», «B», «MK»."""


@dataclass(frozen=True, slots=True)
class Named:
    """A name in a label: where it stands, half-open, and the name in its usual order."""

    start: int
    end: int
    name: str


def is_role(label: str, small: Collection[str] = ()) -> bool:
    """Whether a label names a role; `small` are words that the material has in small letters.

    >>> is_role("Deltaker nr 3"), is_role("SPEAKER_00"), is_role("Spm."), is_role("Moderator Kari")
    (True, True, True, False)
    """
    label = composed(label)
    stated = form_of(cleaned(label)) in (Form.ROLE, Form.PAIR)
    return stated or all(_is_part(part, small) for part in _PART.findall(label.replace("_", " ")))


def names_in(label: str, small: Collection[str] = ()) -> Iterator[Named]:
    """Yield the name of a person in a label, without role, device, pronouns and what stands after a stroke.

    >>> [named.name for label in ("Moderator Kari", "Berg, Kari", "Ola sin iPhone") for named in names_in(label)]
    ['Kari', 'Kari Berg', 'Ola']
    """
    given = Composed.of(label)
    for named in _names_in(given.text, small):
        yield Named(*given.span(named.start, named.end), named.name)


def _names_in(label: str, small: Collection[str]) -> Iterator[Named]:
    email = _EMAIL.search(label)
    if email:
        name = " ".join(part.capitalize() for part in re.split(r"[._+\d-]+", email[1]) if part)
        if not is_role(name, small):
            yield Named(email.start(), email.end(), name)
        return
    inverted = _INVERTED.match(label)
    if inverted and not is_role(inverted[2], small) and not inverted[2].islower():
        yield Named(0, len(label), f"{inverted[2]} {inverted[1]}")
        return
    kept = _AFTER.sub("", _DEVICE.sub("", _ASIDE.sub(lambda aside: " " * len(aside[0]), label)))
    parts = [match for match in _PART.finditer(kept) if not match[0].isdigit()]
    own = [match for match in parts if not _is_part(match[0], small) or _is_initial(match, parts, small)]
    if own:
        start, end = own[0].start(), own[-1].end()
        yield Named(start, end, " ".join(kept[start:end].split()))


def _is_part(part: str, small: Collection[str]) -> bool:
    """Whether a word of a label tells a role, a number or a code, and no name."""
    form, known = part.rstrip(".").casefold(), lists()
    if part.isdigit() or _CODE.fullmatch(part) or _SHORT.fullmatch(form):
        return True
    if {form, form.removesuffix("en"), form.removesuffix("n")} & (among("roles") | among("kinds_of_people")):
        return True
    if known.is_given(form) or known.is_family(form):
        return False
    agent = form.endswith(tuple(among("people_ends"))) and not known.is_unexplained(form)
    return known.is_word(form) or form in known.seen or form in small or agent


def _is_initial(match: re.Match[str], parts: list[re.Match[str]], small: Collection[str]) -> bool:
    """Whether a letter belongs to a name: the B of «Anne B.», not the A of «Informant A»."""
    named = any(not _is_part(other[0], small) for other in parts)
    return _CODE.fullmatch(match[0]) is not None and match[0][0].isupper() and named
