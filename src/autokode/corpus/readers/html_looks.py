"""How the elements of a web page look, as far as it matters: bold, a heading, hidden, struck out, a note beside the text."""

import itertools
import re
from typing import Any

_BOLD = re.compile(r"font-weight\s*:\s*(?:bold(?:er)?|[6-9]00)")
_THIN = re.compile(r"font-weight\s*:\s*(?:normal|lighter|[1-5]00)")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all")
_STRUCK = re.compile(r"text-decoration[\w-]*\s*:[^;]*line-through")
_REFERENCE = re.compile(r"(?:cmnt_ref|ftnt_ref|_ftnref|_ednref|_msoanchor_?)\d+")
"""Anchors of the numbers that lead to a comment or a note, as Google Docs and Word name them."""
_BESIDE = {"cmnt": "comment", "_msocom_": "comment", "ftnt": "note", "_ftn": "note", "_edn": "note"}
"""Beginning of the anchor of a comment or note → its kind."""
_STRUCK_TAGS = frozenset(("del", "s", "strike"))
_TITLES = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


class Looks:
    """Reads the styles of a page; of style sheets only the rules for one class each, as programs write them."""

    def __init__(self, root: Any) -> None:
        self._classes: dict[str, str] = {}
        for sheet in root.iter("style"):
            for name, rules in re.findall(r"(?<![\w.-])\w*\.([\w-]+)\s*\{([^{}]*)\}", sheet.text or ""):
                self._classes[name] = self._classes.get(name, "") + ";" + rules.lower()

    def is_bold(self, element: Any) -> bool | None:
        """Whether an element makes its text bold, or takes that away; None if it does neither."""
        rules = self._rules(element)
        if _THIN.search(rules):
            return False
        return True if _BOLD.search(rules) or element.tag in ("b", "strong", "th", *_TITLES) else None

    def is_title(self, element: Any) -> bool:
        """Whether the page states an element to be a heading."""
        return element.tag in _TITLES or bool({"title", "subtitle"} & set((element.get("class") or "").split()))

    def unsaid(self, element: Any) -> str:
        """The kind of an element's words, if nobody says them, or ""; "silent" if they are only a number that leads elsewhere."""
        rules = self._rules(element)
        if element.tag in _STRUCK_TAGS or _STRUCK.search(rules):
            return "deleted"
        if element.get("hidden") is not None or _HIDDEN.search(rules):
            return "hidden"
        if element.tag == "a":
            return "silent" if any(_REFERENCE.fullmatch(name) for name in _names(element)) else ""
        return _beside(element) if element.tag in ("p", "div") else ""

    def _rules(self, element: Any) -> str:
        classes = (self._classes.get(name, "") for name in (element.get("class") or "").split())
        return ";".join((*classes, (element.get("style") or "").lower()))


def _beside(element: Any) -> str:
    """The kind of a paragraph that is a comment or a note: it begins with the anchor that its number in the text leads to."""
    anchors = (one for one in element.iter("a") if one is not element)
    for first in itertools.islice(anchors, 1):
        kinds = [
            kind for name in _names(first) for start, kind in _BESIDE.items() if re.fullmatch(rf"{start}\d+", name)
        ]
        if kinds and "".join(element.itertext()).lstrip().startswith("".join(first.itertext()).strip()):
            return kinds[0]
    return ""


def _names(element: Any) -> tuple[str, str]:
    return element.get("id") or "", element.get("name") or ""
