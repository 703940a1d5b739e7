"""A trained model: a few arrays, its codebook and a manifest. Nothing in it can run code.

    logit_k(text, question) = bias_k + (1/√n) Σ weights[feature, k] + (1/√m) Σ question_weights[feature, k]

with n and m the numbers of features of the text and of the question it answers, and a bias of its own for a text without
a question; the probability is the logistic function
of that, calibrated already (calibration is a factor and a shift per code, so it lies in the weights and the bias).
"""

import io
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from autokode.base.archive import own_file, parse_array, parse_json
from autokode.base.arrays import Floats, Keys
from autokode.base.errors import DataError, failure
from autokode.base.files import folder_whole, read_bytes, write_whole
from autokode.base.hashing import sha256_of, sha256_of_file
from autokode.base.messages import say
from autokode.corpus.codebook import Codebook
from autokode.model import encoder as encoders
from autokode.model import features
from autokode.model.calibration import LEVELS, USUAL, any_of
from autokode.nlp.content_words import says_nothing
from autokode.nlp.tokenizer import tokenize

FORMAT = 4
PRIOR, QUESTION, ENCODER = "(prior)", "(question)", "(encoder)"
"""Names of the parts of an explanation that are no words of the text; their span is (0, 0).

What definitions and coded texts taught lies in the weights of words, and needs no part of its own."""

TOP_WORDS = 20
_ARRAYS: dict[str, tuple[type, int]] = {
    "features": (np.uint64, 1),
    "weights": (np.float16, 2),
    "question_features": (np.uint64, 1),
    "question_weights": (np.float16, 2),
    "bias": (np.float32, 1),
    "bias_alone": (np.float32, 1),
    "thresholds": (np.float32, 1),
    "encoder_weights": (np.float32, 2),
    "limits": (np.float32, 3),
}
_TEXTS = ("codebook.yaml", "top_words.tsv")
_BATCH = 2000
_AGAIN = ("tren modellen på nytt: autokode train MAPPE", "train the model again: autokode train FOLDER")


class Contribution(NamedTuple):
    """What one token (or the question, or the prior) adds to a code's logit; `start` and `end` are code points."""

    token: str
    start: int
    end: int
    contribution: float


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """The arrays a score is made of.

    Attributes:
        lang: spaCy language code of the tokenizer.
        codes: code names, in column order.
        features: sorted feature keys, uint64 (n_features,).
        weights: float32 (n_features, n_codes), of values that float16 has; so they are saved in half the room.
        question_features, question_weights: the same for the question before the text.
        bias: float32 (n_codes,).
        bias_alone: the bias of a text that answers no question, float32 (n_codes,).
        thresholds: probability from which a code is suggested, float32 (n_codes,).
        encoder_weights: of a sentence encoder's dimensions, float32 (n_dimensions, n_codes); no rows where no encoder is
            part of the score, as is usual.
        most: codes that are suggested for a text, at the most.
        limits: probability from which a promise of precision or recall is kept, as `calibration.limits` has them;
            float32 (2, n_levels, n_codes).
        top_words: code → its words of most weight, for human eyes; a code with none is left out.
        codebook: the codebook it was trained with, or None.
        manifest: JSON-able facts: versions, seed, data hashes, figures.
    """

    lang: str
    codes: tuple[str, ...]
    features: Keys
    weights: npt.NDArray[np.float32]
    question_features: Keys
    question_weights: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]
    bias_alone: npt.NDArray[np.float32]
    thresholds: npt.NDArray[np.float32]
    encoder_weights: npt.NDArray[np.float32]
    limits: npt.NDArray[np.float32]
    most: int
    top_words: dict[str, tuple[tuple[str, float], ...]]
    codebook: Codebook | None
    manifest: dict[str, Any]

    @property
    def categories(self) -> dict[str, list[int]]:
        """Category of the codebook → the columns of its codes that the model has; {} without a codebook."""
        if self.codebook is None:
            return {}
        return {
            name: [self.codes.index(code) for code in own if code in self.codes]
            for name, own in self.codebook.categories.items()
        }

    def suggested(
        self, texts: Sequence[str], probabilities: npt.NDArray[np.float32], least: npt.NDArray[np.float32]
    ) -> npt.NDArray[np.bool_]:
        """Decide which codes are suggested, bool (n_texts, n_codes).

        A code is suggested from its probability in `least` (n_codes,) on, but no more than `most` codes a text, the most probable
        (the first of equal ones), and none for a text that says nothing («Ja, ikke sant.»). `proposals` names them.
        """
        found = probabilities >= least
        for row in np.flatnonzero(found.sum(axis=1) > self.most).tolist():
            over = np.flatnonzero(found[row])
            found[row, over[np.argsort(-probabilities[row, over], kind="stable")[self.most :]]] = False
        found[[i for i in np.flatnonzero(found.any(axis=1)).tolist() if says_nothing(texts[i])]] = False
        return np.asarray(found)

    def suggested_categories(
        self,
        texts: Sequence[str],
        probabilities: npt.NDArray[np.float32],
        codes: npt.NDArray[np.bool_],
        least: float,
    ) -> npt.NDArray[np.bool_]:
        """Decide which of `categories` are suggested instead of their codes, bool (n_texts, n_categories).

        A category of two or more codes is suggested where none of them is, as `codes` (n_texts, n_codes) has it, but any of them
        has at least the probability `least`; none for a text that says nothing.
        """
        found = np.zeros((len(texts), len(self.categories)), np.bool_)
        for column, own in enumerate(self.categories.values()):
            if len(own) > 1:
                found[:, column] = ~codes[:, own].any(axis=1) & (any_of(probabilities[:, own]) >= least)
        found[[i for i in np.flatnonzero(found.any(axis=1)).tolist() if says_nothing(texts[i])]] = False
        return found

    def least(self, precision: float | None = None) -> npt.NDArray[np.float32]:
        """Return the probability from which each code is suggested, float32 (n_codes,).

        `precision` is the share, 0.05–0.95, of what is suggested that is to be right; None is the usual, which shows a number of
        suggestions in any case. Less precision than that never shows less.
        """
        if precision is None:
            return self.thresholds
        promised = self.limits[0, level_of(precision)]
        return np.asarray(promised if precision >= USUAL else np.minimum(promised, self.thresholds))

    def logits(self, texts: Sequence[str], contexts: Sequence[str]) -> Floats:
        """Return the logits of texts that answer the questions `contexts`, float64 (n_texts, n_codes)."""
        result = np.empty((len(texts), len(self.codes)))
        for first in range(0, len(texts), _BATCH):
            batch = slice(first, first + _BATCH)
            of_text = self._block(texts[batch], self.features, self.weights)
            of_question = self._block(contexts[batch], self.question_features, self.question_weights)
            asked = np.array([bool(context) for context in contexts[batch]])
            result[batch] = self._prior(asked) + of_text + of_question
        return result + self.embedded(texts)

    def embedded(self, texts: Sequence[str]) -> Floats:
        """What the encoder adds to the logits, float64 (n_texts, n_codes); zero where it is no part of the score."""
        if not len(self.encoder_weights):
            return np.zeros((len(texts), len(self.codes)))
        found = encoders.of(self.manifest.get("encoder"))
        if found is None:
            raise failure(
                "modellens enkoder har ikke noe navn",
                "the model's encoder has no name",
                try_next='AutoCoder(encoder="e5", encoder_use="score")',
            )
        weights = self.encoder_weights.astype(np.float64)
        added = [(vector[:, None] * weights).sum(axis=0) for vector in found.encode(texts)]  # each text by itself
        return np.stack(added) if added else np.zeros((0, len(self.codes)))

    def _prior(self, asked: npt.NDArray[np.bool_]) -> Floats:
        return np.where(asked[:, None], self.bias, self.bias_alone).astype(np.float64)

    def _block(self, texts: Sequence[str], keys: Keys, weights: npt.NDArray[np.float32]) -> Floats:
        rows = features.matrix([features.forms_of(text, self.lang) for text in texts], keys)
        used = np.unique(rows.indices)
        return np.asarray(rows[:, used] @ weights[used].astype(np.float64))

    def contributions(self, text: str, context: str) -> list[tuple[str, int, int, Floats]]:
        """Return (token, start, end, what it adds to each code's logit) for every word, then the question, then the prior.

        The last item is float64 (n_codes,); summed over the list it is the row of `logits`.
        """
        tokens = [(token, features.normal_form(token.text)) for token in tokenize(text, self.lang)]
        tokens = [(token, form) for token, form in tokens if form]
        sizes = {form: len(features.keys_of(form)) for form in {form for _token, form in tokens}}
        length = sum(sizes[form] for _token, form in tokens)
        rows = {form: self._row(form) / np.sqrt(length) for form in sizes}
        words = [(token.text, token.start, token.end, rows[form]) for token, form in tokens]
        question = self._block([context], self.question_features, self.question_weights)[0]
        prior = self._prior(np.array([bool(context)]))[0]
        parts = [(QUESTION, 0, 0, question)] if context else []
        parts += [(ENCODER, 0, 0, self.embedded([text])[0])] if len(self.encoder_weights) else []
        return [*words, *parts, (PRIOR, 0, 0, prior)]

    def _row(self, form: str) -> Floats:
        keys = np.array(features.keys_of(form), np.uint64)
        places, known = features.look_up(keys, self.features)
        return np.asarray(self.weights[places[known]].sum(axis=0, dtype=np.float64))

    def save(self, folder: str | Path) -> None:
        """Write the model: one .npy an array, manifest.json, codebook.yaml and top_words.tsv; whole or not at all.

        The same model gives the same bytes. A model that stood there is replaced.

        Raises:
            DataError: the folder holds anything but a model (nothing is deleted), or it cannot be written.
        """
        check_place(Path(folder))
        with folder_whole(Path(folder)) as place:
            hashes = {}
            for name in _ARRAYS:
                stream = io.BytesIO()
                np.save(stream, getattr(self, name).astype(_ARRAYS[name][0]), allow_pickle=False)
                write_whole(place / f"{name}.npy", stream.getvalue())
                hashes[name] = sha256_of(stream.getvalue())
            if self.codebook is not None:
                self.codebook.write(place / "codebook.yaml")
            write_whole(place / "top_words.tsv", _as_tsv(self.top_words))
            texts = {path.name: sha256_of_file(path) for path in sorted(place.glob("*.[ty]*"))}
            facts = {
                "format": FORMAT,
                "lang": self.lang,
                "codes": list(self.codes),
                "most": self.most,
                "arrays": hashes,
                "texts": texts,
            }
            facts |= self.manifest
            facts["sha256"] = _of_facts(facts)
            write_whole(place / "manifest.json", json.dumps(facts, ensure_ascii=False, indent=2) + "\n")

    @classmethod
    def load(cls, folder: str | Path, *, encoder: str | Path | None = None) -> "Model":
        """Read a model folder.

        Args:
            folder: the folder; nothing outside of it is read, and nothing in it is run.
            encoder: the folder of the encoder that is part of the score, where it is one: the model alone cannot name it.

        Raises:
            DataError: the folder is no model, of another format, incomplete, or its arrays are not the ones saved; or its
                score has an encoder in a folder that was not named.
        """
        folder = Path(folder)
        facts = _manifest(folder)
        arrays = {name: _array(folder, name, facts["arrays"].get(name)) for name in _ARRAYS}
        codes = tuple(facts["codes"])
        shapes = {
            "weights": (len(arrays["features"]), len(codes)),
            "question_weights": (len(arrays["question_features"]), len(codes)),
            "bias": (len(codes),),
            "bias_alone": (len(codes),),
            "thresholds": (len(codes),),
            "limits": (2, len(LEVELS), len(codes)),
            "encoder_weights": (len(arrays["encoder_weights"]), len(codes)),
        }
        for name, shape in shapes.items():
            if arrays[name].shape != shape:
                raise _broken(folder / f"{name}.npy", f"{arrays[name].shape} ≠ {shape}")
        if len(arrays["encoder_weights"]) and is_foreign(facts.get("encoder"), encoder):
            mend = say("om du stoler på mappen: ", "if you trust the folder: ")
            raise failure(
                f"modellen har en enkoder i mappen «{facts['encoder']}», som må navngis av den som bruker den",
                f"the model has an encoder in the folder «{facts['encoder']}», which whoever uses it must name",
                where=folder,
                try_next=f'{mend}load_model("{folder}", encoder="{facts["encoder"]}")',
            )
        book = own_file(folder / "codebook.yaml")
        known = {"format", "lang", "codes", "most", "arrays", "texts", "sha256"}
        return cls(
            lang=facts["lang"],
            codes=codes,
            **arrays,
            most=facts["most"],
            top_words=_from_tsv(folder / "top_words.tsv"),
            codebook=Codebook.read(book) if book.exists() else None,
            manifest={key: value for key, value in facts.items() if key not in known},
        )

    def same_as(self, other: "Model") -> bool:
        """Return whether two models are equal in every array and fact."""
        pairs = ((getattr(self, field.name), getattr(other, field.name)) for field in fields(self))
        return all(np.array_equal(a, b) if isinstance(a, np.ndarray) else a == b for a, b in pairs)


def level_of(promise: float) -> int:
    """Return the row of `Model.limits` that keeps a promise: that of the step itself, or of the next stricter one."""
    return int(np.searchsorted(LEVELS, promise - 1e-9))


def is_foreign(stated: str | None, given: str | Path | None) -> bool:
    """Return whether an encoder that a model states is a folder here, and not the one a person gave: loading it may run code."""
    return stated is not None and stated != str(given) and os.path.exists(stated)  # noqa: PTH110 - a name may be too long for Path


def check_place(folder: Path) -> None:
    """Refuse to save where something other than a model stands.

    Raises:
        DataError: names what stands there; nothing is touched.
    """
    if not folder.exists():
        return
    own = {*(f"{name}.npy" for name in _ARRAYS), "manifest.json", "codebook.yaml", "top_words.tsv"}
    foreign = sorted({path.name for path in folder.iterdir()} - own) if folder.is_dir() else [folder.name]
    if foreign:
        shown = ", ".join(foreign[:3]) + (" …" if len(foreign) > 3 else "")
        mend = say("velg en ny mappe: --out min-modell", "choose a new folder: --out my-model")
        raise failure(
            f"her står det annet enn en modell ({shown}); ingenting er endret",
            f"something other than a model stands here ({shown}); nothing was changed",
            where=folder,
            try_next=mend,
        )


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / "manifest.json"
    if not os.path.exists(path):  # noqa: PTH110 - the same
        raise failure(
            "er ingen modellmappe (fant ingen manifest.json)",
            "is no model folder (no manifest.json in it)",
            where=folder,
            try_next="autokode train MAPPE --out modell",
        )
    try:
        facts = parse_json(read_bytes(own_file(path)), str(path), "")
    except DataError as error:
        raise _broken(path, error.problems[0].what) from error
    if not isinstance(facts, dict):
        raise _broken(
            path, say(f"fant {type(facts).__name__}, ventet et objekt", f"{type(facts).__name__}, not an object")
        )
    if facts.get("format") != FORMAT:
        found = facts.get("format")
        raise failure(
            f"modellen har format {found}; denne utgaven leser format {FORMAT}",
            f"the model is of format {found}; this version reads format {FORMAT}",
            where=path,
            try_next=say(*_AGAIN),
        )
    if facts.get("sha256", said := _of_facts(facts)) != said:  # models of the first versions do not state it
        raise _broken(path, say("innholdet er ikke det som ble lagret", "the content is not what was saved"))
    if not (
        isinstance(facts.get("lang"), str)
        and isinstance(facts.get("arrays"), dict)
        and isinstance(facts.get("texts", {}), dict)
        and isinstance(facts.get("codes"), list)
        and all(isinstance(code, str) for code in facts["codes"])
        and isinstance(facts.get("encoder"), str | None)
        and facts.get("most") in range(1, 1 << 31)
    ):
        raise _broken(path, say("mangler lang, codes eller arrays", "lacks lang, codes or arrays"))
    for name, sha256 in facts.get("texts", {}).items():
        path = own_file(folder / name) if name in _TEXTS else path
        if name in _TEXTS and path.exists() and sha256_of_file(path) != sha256:
            raise _broken(path, say("innholdet er ikke det som ble lagret", "the content is not what was saved"))
    return facts


def _of_facts(facts: dict[str, Any]) -> str:
    """Return the SHA-256 of a manifest's other facts, so that a letter changed in it is seen."""
    others = {key: value for key, value in facts.items() if key != "sha256"}
    return sha256_of(json.dumps(others, ensure_ascii=False, sort_keys=True))


def _array(folder: Path, name: str, sha256: str | None) -> Any:
    path = own_file(folder / f"{name}.npy")
    data = read_bytes(path)
    if sha256_of(data) != sha256:
        raise _broken(path, say("innholdet er ikke det som ble lagret", "the content is not what was saved"))
    dtype, dimensions = _ARRAYS[name]
    try:
        array = parse_array(data)
    except MemoryError:
        raise
    except Exception as error:  # a header is read as Python's literals are: SyntaxError, TokenError, ValueError, …
        raise _broken(path, str(error)) from error
    if array.dtype != dtype or array.ndim != dimensions:
        raise _broken(path, f"{array.dtype} {array.shape}")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise _broken(path, say("tall som ikke er endelige", "numbers that are not finite"))
    return array.astype(np.float32) if dtype is np.float16 else array


def _broken(path: Path, reason: str) -> DataError:
    return failure(
        f"modellfilen er skadet: {reason}", f"the model file is damaged: {reason}", where=path, try_next=say(*_AGAIN)
    )


def _as_tsv(top_words: dict[str, tuple[tuple[str, float], ...]]) -> str:
    lines = ["code\tword\tweight"]
    lines += [f"{code}\t{word}\t{weight:.4f}" for code, words in top_words.items() for word, weight in words]
    return "\n".join(lines) + "\n"


def _from_tsv(path: Path) -> dict[str, tuple[tuple[str, float], ...]]:
    found: dict[str, list[tuple[str, float]]] = {}
    for code, word, weight in _tsv_rows(own_file(path)):
        found.setdefault(code, []).append((word, weight))
    return {code: tuple(words) for code, words in found.items()}


def _tsv_rows(path: Path) -> Iterator[tuple[str, str, float]]:
    try:
        for line in read_bytes(path).decode("utf-8").split("\n")[1:]:
            if line:
                code, word, weight = line.split("\t")
                yield code, word, float(weight)
    except ValueError as error:
        raise _broken(path, str(error)) from error
