"""A component for spaCy pipelines: `nlp.add_pipe("autokode", config={"model": "nav-nb"})`.

It fills `doc.cats` (code → probability, 0–1) and `doc.spans["autokode"]`: for each code that would be suggested, the sentence
that speaks most for it, with the code as its label and the probability in the group's attribute `scores`.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc, SpanGroup

from autokode.autocoder import AutoCoder, load_model
from autokode.suggestion import speaking_parts

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
        model, codes = self.coder.model_, self.coder.codes_
        probabilities = self.coder.predict_proba(texts, contexts)
        suggested = model.suggested(texts, probabilities, self.coder.least())
        for doc, context, row, over in zip(docs, contexts, probabilities, suggested, strict=True):
            doc.cats.update({code: float(p) for code, p in zip(codes, row, strict=True)})
            found = np.flatnonzero(over).tolist()
            group = SpanGroup(doc, name=NAME, attrs={"scores": [float(row[k]) for k in found]})
            for k, part in zip(
                found, speaking_parts(model, doc.text, context, np.eye(len(codes))[:, found]), strict=True
            ):
                span = doc.char_span(*part, label=codes[k], alignment_mode="expand")
                if span is not None:  # a text of white space alone has no words
                    group.append(span)
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
