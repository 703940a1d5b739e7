"""Read the documents of a REFI-QDA project: texts, segments, codings and values of variables."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autokode.base.formatting import BLANK
from autokode.base.messages import say
from autokode.exchange.package.contents import Document, PackageCoding, PackageSegment, Value, guid_of
from autokode.exchange.package.position_counting import (
    STANDARD,
    Counting,
    StatedSpan,
    TextWithSpans,
    code_point_at,
    find_countings,
)
from autokode.exchange.refi.elements import Elements, id_of, local, number, stated_quote, text_of
from autokode.exchange.refi.names import SOURCES_WITHOUT_TEXT, VALUES


@dataclass(frozen=True)
class _StatedText:
    """A text and its selections as a file states them, with positions as the file counts them."""

    element: Any
    name: str
    text: str = field(repr=False)
    spans: tuple[tuple[Any, StatedSpan], ...] = field(repr=False)
    bom: bool

    def with_spans(self) -> TextWithSpans:
        return TextWithSpans(self.text, tuple(span for _element, span in self.spans), self.bom)


class DocumentReader(Elements):
    """Reads documents from the elements of their sources."""

    def documents(self, sources: Iterable[Any], codes: set[str]) -> tuple[Document, ...]:
        """The documents of all sources; the way of counting positions is inferred from all of them together."""
        raw = [one for element in sources for one in self.texts(element)]
        trusted = self.origin.startswith("autokode")
        counted = [STANDARD] * len(raw) if trusted else find_countings([one.with_spans() for one in raw])
        return tuple(self.document(one, counting, codes) for one, counting in zip(raw, counted, strict=True))

    def texts(self, element: Any) -> Iterator["_StatedText"]:
        """Yield every text of a source: its own, transcripts of sound and film, texts of pages and descriptions of pictures."""
        kind = local(element)
        inside = ("Transcript", "Representation", "TextDescription")
        own = [element] if kind == "TextSource" else [child for child in element if local(child) in inside]
        for child in own:
            yield from self.text(child, child.get("name") or element.get("name", ""))
        if kind in SOURCES_WITHOUT_TEXT and not own:
            nb, en = SOURCES_WITHOUT_TEXT[kind]
            self.count(f"{nb}, som ikke kan beholdes", f"{en}, which cannot be kept")
        drawn = sum(
            local(child) in ("PDFSelection", "PictureSelection", "AudioSelection", "VideoSelection")
            for child in element
        )
        if drawn:
            self.count(
                "merker på sider, bilder og lyd, som ikke kan beholdes",
                "selections on pages, pictures and sound, which cannot be kept",
                drawn,
            )

    def text(self, element: Any, name: str) -> Iterator["_StatedText"]:
        written = [c for c in element if local(c) in ("PlainTextSelection", "TranscriptSelection")]
        raw = self.content(element)
        shown = name or Path(element.get("plainTextPath") or "").stem or say("uten navn", "unnamed")
        if raw is None or not raw.removeprefix("\ufeff").strip(BLANK):
            self.remark(
                f"{shown}: har ingen tekst" + (f"; {len(written)} merker går tapt" if written else ""),
                f"{shown}: has no text" + (f"; {len(written)} selections are lost" if written else ""),
            )
            return
        text = raw.removeprefix("\ufeff")
        points = {
            id_of(c.get("guid")): c.get("position") for c in element if local(c) == "SyncPoint" and c.get("position")
        }
        spans = []
        for one in written:
            start = number(one.get("startPosition") or points.get(id_of(one.get("fromSyncPoint"))))
            end = number(one.get("endPosition") or points.get(id_of(one.get("toSyncPoint"))))
            if start is None or end is None:
                self.count("merker uten lesbare posisjoner, utelatt", "selections without readable positions, left out")
                continue
            if end < start:
                self.count(
                    "merker med slutt før begynnelse, snudd", "selections that end before they begin, turned round"
                )
                start, end = end, start
            spans.append((one, StatedSpan(start, end, stated_quote(one, text))))
        yield _StatedText(element, shown, text, tuple(spans), raw.startswith("\ufeff"))

    def document(self, raw: "_StatedText", counting: Counting, codes: set[str]) -> Document:
        element = raw.element
        if counting != STANDARD and counting.offsets(raw.text).tolist() != list(range(len(raw.text) + 1)):
            self.remark(
                f"{raw.name}: posisjonene teller {counting.differences()}; regnet om",
                f"{raw.name}: positions count {counting.differences()}; converted",
            )
        return Document(
            guid=self.unique_id(element, "source"),
            name=raw.name,
            text=raw.text,
            segments=tuple(self.segments(raw, counting, codes)),
            codings=tuple(self.codings(element, codes)),
            notes=self.refs(element, "NoteRef"),
            values=self.values(element),
            description=text_of(element, "Description"),
            user=id_of(element.get("creatingUser")),
            time=self.time(element.get("creationDateTime")),
        )

    def segments(self, raw: "_StatedText", counting: Counting, codes: set[str]) -> Iterator[PackageSegment]:
        offsets = counting.offsets(raw.text)
        for one, span in raw.spans:
            start, end = code_point_at(offsets, span.start), code_point_at(offsets, span.end)
            if span.start > offsets[-1] or span.start < offsets[0]:
                self.count("merker utenfor teksten, utelatt", "selections outside the text, left out")
                continue
            if span.end > offsets[-1]:
                self.count("merker forbi tekstens slutt, kortet av", "selections past the end of the text, shortened")
            if start == end:
                self.count("tomme merker, utelatt", "empty selections, left out")
                continue
            yield PackageSegment(
                guid=self.unique_id(one, "selection", raw.name, start, end),
                start=start,
                end=end,
                name=one.get("name", ""),
                description=text_of(one, "Description"),
                codings=tuple(self.codings(one, codes)),
                notes=self.refs(one, "NoteRef"),
                user=id_of(one.get("creatingUser")),
                time=self.time(one.get("creationDateTime")),
            )

    def codings(self, element: Any, codes: set[str]) -> Iterator[PackageCoding]:
        """Yield the codings of an element: its Coding elements, or the CodeRefs that some programs write directly under it."""
        user = "" if local(element) == "TextSource" else id_of(element.get("creatingUser"))
        for child in element:
            if local(child) == "Coding":
                targets = self.refs(child, "CodeRef")
                if len(targets) > 1:
                    self.count("kodinger med flere koder, delt opp", "codings with several codes, split up")
                for number, code in enumerate(self.known(targets, codes)):
                    yield PackageCoding(
                        guid=self.unique_id(child, "coding", number)
                        if not number
                        else guid_of(child.get("guid"), number),
                        code=code,
                        user=id_of(child.get("creatingUser")) or user,
                        time=self.time(child.get("creationDateTime")),
                        notes=self.refs(child, "NoteRef"),
                    )
            elif local(child) == "CodeRef":
                self.count(
                    "koder rett under et merke, lest som kodinger", "codes right under a selection, read as codings"
                )
                for code in self.known((id_of(child.get("targetGUID")),), codes):
                    time = self.time(element.get("creationDateTime"))
                    yield PackageCoding(guid_of("coding", element.get("guid"), code), code, user, time)

    def values(self, element: Any) -> tuple[Value, ...]:
        found = []
        for value in (child for child in element if local(child) == "VariableValue"):
            variable = "".join(self.refs(value, "VariableRef")[:1])
            for child in value:
                if local(child) in VALUES and variable:
                    found.append(Value(variable, VALUES[local(child)], child.text or ""))
        return tuple(found)
