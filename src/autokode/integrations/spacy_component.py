"""A component for spaCy pipelines: `nlp.add_pipe("autokode", config={"model": "nav-nb"})`.

It fills `doc.cats` (code → probability, 0–1) and `doc.spans["autokode"]`: for each code that would be suggested, the sentence
that speaks most for it, with the code as its label and the probability in the span group's attribute `scores`.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from autokode.autocoder import AutoCoder, load_model
from autokode.base.extras import missing
from autokode.model.suggestion_rule import Limits, proposals, reasons

try:
    from spacy.language import Language
    from spacy.tokens import Doc, SpanGroup
except ModuleNotFoundError as error:
    raise missing("spacy", error) from error

NAME = "autokode"


class AutokodeComponent:
    """Codes documents; each is one utterance, and `doc.user_data["context"]` is the question it answers, if any."""

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
        questions = [str(doc.user_data.get("context", "")) for doc in docs]
        model = self.coder.model_
        probabilities = self.coder.predict_proba(texts, questions)
        proposed = proposals(model, texts, probabilities, Limits(self.coder.thresholds_for()))
        for doc, question, row, own in zip(docs, questions, probabilities, proposed, strict=True):
            doc.cats.update({code: float(p) for code, p in zip(model.codes, row, strict=True)})
            group = SpanGroup(doc, name=NAME, attrs={"scores": [one.probability for one in own]})
            sentences = reasons(model, doc.text, question, own).sentences if own else []
            for one, (start, end) in zip(own, sentences, strict=True):
                span = doc.char_span(start, end, label=one.name, alignment_mode="expand")
                if span is not None:
                    group.append(span)
            doc.spans[NAME] = group
            yield doc

    def to_disk(self, path: Any, *, exclude: Iterable[str] = ()) -> None:
        """Save the model beside the pipeline."""
        self.coder.save(path)

    def from_disk(self, path: Any, *, exclude: Iterable[str] = ()) -> "AutokodeComponent":
        """Load the model that `to_disk` saved."""
        self.coder = load_model(path)
        return self


@Language.factory(NAME, default_config={"model": "nav-nb"}, assigns=["doc.cats", "doc.spans"])
def make(nlp: Language, name: str, model: str) -> AutokodeComponent:  # noqa: ARG001 - spaCy's names
    """Make the component with a model's folder or name.

    Raises:
        DataError: there is no such model.
    """
    return AutokodeComponent(load_model(model))
