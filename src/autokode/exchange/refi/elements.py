"""Read ids, references, times and texts of REFI-QDA elements in every dialect, and count the repairs."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree

from autokode.base.archive import Archive
from autokode.base.errors import DataError
from autokode.base.formatting import BLANK
from autokode.base.messages import say
from autokode.base.text_files import decode
from autokode.exchange.package.contents import guid_of
from autokode.exchange.refi.names import moment

_GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_NUMBER = re.compile(r"\s*[+-]?\d{1,15}(?:\.0*)?\s*")


@dataclass
class Elements:
    """Access to the elements of one file; counts the repairs and omissions."""

    file: str
    archive: Archive | None
    remarks: list[str] = field(default_factory=list)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    seen: set[str] = field(default_factory=set)
    origin: str = ""

    def remark(self, nb: str, en: str) -> None:
        self.remarks.append(say(nb, en))

    def count(self, nb: str, en: str, times: int = 1) -> None:
        self.counts[nb, en] += times

    def all_remarks(self) -> tuple[str, ...]:
        return (*self.remarks, *(f"{say(nb, en)}: {n}" for (nb, en), n in self.counts.items()))

    def unique_id(self, element: Any, kind: str, *parts: object) -> str:
        """An element's id as a lower-case GUID that no other element of the file has."""
        stated = element.get("guid")
        own = id_of(stated) or guid_of(kind, Path(self.file).name, *parts, element.get("name"), len(self.seen))
        if own != bare(stated):
            self.count("id-er som ikke er GUID-er, gitt nye", "ids that are no GUIDs, given new ones")
        if own in self.seen:
            self.count("GUID-er brukt to ganger, gitt nye", "GUIDs used twice, given new ones")
            own = guid_of(own, len(self.seen))
        self.seen.add(own)
        return own

    def refs(self, element: Any, tag: str) -> tuple[str, ...]:
        children = [child for child in element if local(child) == tag]
        return tuple(id_of(child.get("targetGUID") or child.get("guid")) for child in children)

    def known(self, targets: Iterable[str], ids: set[str]) -> tuple[str, ...]:
        """Keep the targets that are in the file, and count the others."""
        targets = tuple(targets)
        kept = tuple(target for target in targets if target in ids)
        if len(kept) < len(targets):
            self.count(
                "henvisninger til noe som ikke er i filen, utelatt",
                "references to what is not in the file, left out",
                len(targets) - len(kept),
            )
        return kept

    def time(self, stated: str | None) -> str:
        if not stated:
            return ""
        found = moment(stated)
        if not found:
            self.count("tidspunkter som ikke kan leses, utelatt", "times that cannot be read, left out")
        return found

    def content(self, element: Any) -> str | None:
        """Read an element's text from the element itself or from a file of the archive; None if it has none."""
        inline = next((child for child in element if local(child) == "PlainTextContent"), None)
        path = element.get("plainTextPath")
        if inline is not None and (inline.text or not path):
            return "".join(inline.itertext())
        for stated, read in ((path, self._plain), (element.get("richTextPath"), self._rich)):
            name = self._find(stated)
            if name is not None:
                text = read(name)
                if text is not None:
                    return text
        return None

    def _find(self, stated: str | None) -> str | None:
        if not stated or self.archive is None:
            return None
        wanted = re.split(r"[\\/]", stated)[-1].lower()
        names = {re.split(r"[\\/]", name)[-1].lower(): name for name in self.archive.names}
        stems = {Path(name).stem: full for name, full in names.items()}
        found = names.get(wanted) or names.get(wanted.replace("%20", " ")) or stems.get(Path(wanted).stem)
        if found is None:
            self.remark(f"filen {stated[:100]} er ikke i arkivet", f"the file {stated[:100]} is not in the archive")
        elif re.match(r"(?:absolute|relative)://", stated):
            self.count(
                "kilder funnet i arkivet i stedet for utenfor", "sources found in the archive instead of outside"
            )
        return found

    def _plain(self, name: str) -> str | None:
        assert self.archive is not None  # noqa: S101 - `_find` found it there
        data = self.archive.read(name)
        if not data.strip(BLANK.encode()):
            return None
        text = decode(data, f"{self.file}: {name}")
        return ("\ufeff" if data.startswith(b"\xef\xbb\xbf") or data[:2] in (b"\xff\xfe", b"\xfe\xff") else "") + text

    def _rich(self, name: str) -> str | None:
        assert self.archive is not None  # noqa: S101 - `_find` found it there
        from autokode.corpus.readers.word import docx_source

        if not name.lower().endswith(".docx"):
            return None
        try:
            text = docx_source(self.archive.read(name), f"{self.file}: {name}").text
        except DataError:
            return None
        self.remark(f"{name}: teksten er tatt fra Word-utgaven", f"{name}: the text was taken from the Word version")
        return text


def local(element: Any) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def under(root: Any, *path: str) -> Iterator[Any]:
    """Yield the elements at a path below `root`; for a path of one container, all its children."""
    *containers, last = path
    found = [root]
    for name in containers:
        found = [child for element in found for child in element if local(child) == name]
    if not containers:
        found = [child for child in root if local(child) == last]
        yield from (child for element in found for child in element if local(child))
        return
    yield from (child for element in found for child in element if local(child) == last)


def text_of(element: Any, tag: str) -> str:
    found = next((child for child in element if local(child) == tag), None)
    return "" if found is None else "".join(found.itertext())


def bare(stated: str | None) -> str:
    return (stated or "").strip().strip("{}").lower()


def id_of(stated: str | None) -> str:
    """Write an id as a lower-case GUID; an id that is no GUID always becomes the same one, and no id becomes ""."""
    own = bare(stated)
    return own if not own or _GUID.fullmatch(own) else guid_of("id", own)


def number(stated: str | None) -> int | None:
    return int(float(stated)) if stated is not None and _NUMBER.fullmatch(stated) else None


def one_of(stated: str | None, known: tuple[str, ...]) -> str:
    return stated if stated in known else known[0]


def stated_quote(element: Any, text: str) -> str:
    """The beginning of the quote that some programs write as a selection's name, if long enough to be evidence; else ""."""
    name = re.sub(r"(…|\.\.\.)$", "", element.get("name") or "").strip()
    return name if len(name) >= 8 and name in text else ""
