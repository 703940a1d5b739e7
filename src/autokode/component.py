"""A component for spaCy pipelines: `nlp.add_pipe("autokode", config={"model": "nav-nb"})`.

It fills `doc.cats` (code → probability, 0–1) and `doc.spans["autokode"]`: for each code that would be suggested, the sentence
that speaks most for it, with the code as its label and the probability in the group's attribute `scores`.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup

from autokode.autocoder import AutoCoder, load_model
from autokode.parts import text_parts

NAME = "autokode"


class AutokodeComponent:
    """Codes documents; each is one utterance, and what it answers is its `doc.user_data["context"]`, or nothing."""

    def __init__(self, coder: AutoCoder) -> None:
        self.coder = coder

    def __call__(self, doc: Doc) -> Doc:
        """Code one document."""
        return next(iter(self._coded([doc])))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 256) -> Iterator[Doc]:
        """Code documents, `batch_size` at a time."""
        batch: list[Doc] = []
        for doc in stream:
            batch.append(doc)
            if len(batch) >= batch_size:
                yield from self._coded(batch)
                batch = []
        yield from self._coded(batch)

    def _coded(self, docs: list[Doc]) -> Iterator[Doc]:
        texts = [doc.text for doc in docs]
        contexts = [str(doc.user_data.get("context", "")) for doc in docs]
        codes = self.coder.codes_
        probabilities = self.coder.predict_proba(texts, contexts)
        thresholds = self.coder.model_.thresholds
        for doc, context, row in zip(docs, contexts, probabilities, strict=True):
            doc.cats.update({code: float(p) for code, p in zip(codes, row, strict=True)})
            found = [k for k in range(len(codes)) if row[k] >= thresholds[k] and doc.text.strip()]
            parts = (
                [span for span in (_span(doc, *part) for part in text_parts(doc.text)) if span is not None]
                if found
                else []
            )
            own = self.coder.predict_proba([span.text for span in parts], [context] * len(parts))
            group = SpanGroup(doc, name=NAME, attrs={"scores": [float(row[k]) for k in found]})
            for k in found:
                best = max(range(len(parts)), key=lambda i: own[i][k])
                group.append(Span(doc, parts[best].start, parts[best].end, label=codes[k]))
            doc.spans[NAME] = group
            yield doc

    def to_disk(self, path: Any, *, exclude: Iterable[str] = ()) -> None:
        """Keep the model beside the pipeline."""
        self.coder.save(path)

    def from_disk(self, path: Any, *, exclude: Iterable[str] = ()) -> "AutokodeComponent":
        """Take the model that `to_disk` kept."""
        self.coder = load_model(path)
        return self


@Language.factory(NAME, default_config={"model": "nav-nb"}, assigns=["doc.cats", "doc.spans"])
def make(nlp: Language, name: str, model: str) -> AutokodeComponent:  # noqa: ARG001 - spaCy's names
    """Return the component with a model's folder or name.

    Raises:
        DataError: there is no such model.
    """
    return AutokodeComponent(load_model(model))


def _span(doc: Doc, start: int, end: int) -> Span | None:
    span: Span | None = doc.char_span(start, end, alignment_mode="expand")
    return span
