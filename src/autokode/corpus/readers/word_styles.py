"""What the styles of a Word document say of its runs and paragraphs: bold, hidden, a heading (ECMA-376, 17.7)."""

from typing import Any

from docx.oxml.ns import qn

from autokode.corpus.readers.blocks import CONTENTS, TITLE

_BODY = 9
"""The outline level of what is no heading."""


class Styles:
    """The styles of a document by their ids."""

    def __init__(self, root: Any) -> None:
        self._by_id = {style.get(qn("w:styleId")): style for style in root.iter(qn("w:style"))}
        self._usual = {s.get(qn("w:type")): s.get(qn("w:styleId")) for s in self._by_id.values() if _on(s, "w:default")}
        self._defaults = list(root.findall(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}"))

    def is_on(self, run: Any, paragraph: Any, name: str) -> bool:
        """Whether a toggle, such as "w:b", is on for a run: by itself, or by just one of its own and its paragraph's style."""
        own = _toggle(run.find(qn("w:rPr")), name)
        if own is not None:
            return own
        if any(_toggle(one, name) for one in self._defaults):
            return True
        return self._by_style(_style(run, "w:rPr", "w:rStyle"), name) != self._by_style(self._id(paragraph), name)

    def is_title(self, paragraph: Any) -> bool:
        """Whether a paragraph is a heading: by its level in the outline, or by the name of its style or one it is based on."""
        levels = [_level(one.find(qn("w:pPr"))) for one in (paragraph, *self._chain(self._id(paragraph)))]
        stated = next((level for level in levels if level is not None), None)
        if stated is not None:
            return stated < _BODY
        return any(TITLE.fullmatch(name) for name in self._names(paragraph))

    def is_contents(self, paragraph: Any) -> bool:
        """Whether a paragraph is a line of a table of contents."""
        return any(CONTENTS.fullmatch(name) for name in self._names(paragraph))

    def _names(self, paragraph: Any) -> list[str]:
        own = self._id(paragraph)
        names = [one.find(qn("w:name")) for one in self._chain(own)]
        return [(own or "").casefold(), *(str(one.get(qn("w:val"))).casefold() for one in names if one is not None)]

    def _id(self, paragraph: Any) -> str | None:
        return _style(paragraph, "w:pPr", "w:pStyle") or self._usual.get("paragraph")

    def _by_style(self, name: str | None, toggle: str) -> bool:
        stated = (_toggle(style.find(qn("w:rPr")), toggle) for style in self._chain(name))
        return next((one for one in stated if one is not None), False)

    def _chain(self, name: str | None) -> list[Any]:
        """A style and those it is based on, nearest first."""
        found: dict[str, Any] = {}
        while name is not None and name in self._by_id and name not in found:
            found[name] = self._by_id[name]
            based = found[name].find(qn("w:basedOn"))
            name = based.get(qn("w:val")) if based is not None else None
        return list(found.values())


def _style(element: Any, properties: str, tag: str) -> str | None:
    found = element.find(f"{qn(properties)}/{qn(tag)}")
    return None if found is None else found.get(qn("w:val"))


def _toggle(properties: Any, name: str) -> bool | None:
    found = None if properties is None else properties.find(qn(name))
    return None if found is None else _on(found, "w:val", usual="1")


def _on(element: Any, attribute: str, usual: str = "0") -> bool:
    return element.get(qn(attribute), usual) not in ("0", "false", "off")


def _level(properties: Any) -> int | None:
    found = None if properties is None else properties.find(qn("w:outlineLvl"))
    value = "" if found is None else str(found.get(qn("w:val")))
    return int(value) if value.isdecimal() and len(value) < 3 else None
