"""`AutoCoder` among scikit-learn's own tools: its checks of an estimator, its scorers, and its routing of metadata."""

import warnings
from typing import Any

import numpy as np
import pytest
from sklearn import config_context
from sklearn.base import is_classifier
from sklearn.exceptions import NotFittedError, SkipTestWarning
from sklearn.model_selection import GroupKFold, KFold, cross_val_predict, cross_val_score, cross_validate
from sklearn.preprocessing import MultiLabelBinarizer
from sklearn.utils import InputTags, Tags, get_tags
from sklearn.utils.estimator_checks import check_estimator

from autokode import AutoCoder
from autokode.base.errors import AutokodeWarning

TEXTS = [
    f"{word} {i}" for i in range(6) for word in ("penger stans", "brevet språket", "tur i skogen", "penger brevet")
]
CODES = [["makt"], ["språk"], ["tur"], ["makt", "språk"]] * 6
QUESTIONS = ["Hva om penger?", "Hva om brev?", "", "Hva om begge?"] * 6
GROUPS = [f"intervju {i // 8}" for i in range(24)]
MARKS = MultiLabelBinarizer(classes=["makt", "språk", "tur"]).fit_transform(CODES)


class OfNumbers(AutoCoder):
    """An `AutoCoder` for the numbers that scikit-learn's checks are made of: each becomes a word, and each class a code."""

    def fit(self, X: Any, y: Any) -> "OfNumbers":  # type: ignore[override]
        labels = np.asarray(y)
        codes = [[str(label)] for label in labels.tolist()] if labels.ndim == 1 else labels
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", AutokodeWarning)  # few examples of a class
            super().fit(_texts(X), codes)
        return self

    def predict(self, X: Any, contexts: Any = None) -> Any:  # type: ignore[override]
        said = super().predict(_texts(X), contexts)
        return np.array([[code in own for code in self.codes_] for own in said], int).reshape(
            len(said), len(self.codes_)
        )

    def predict_proba(self, X: Any, contexts: Any = None) -> Any:
        return super().predict_proba(_texts(X), contexts)

    def decision_function(self, X: Any) -> Any:  # type: ignore[override]
        return super().decision_function(_texts(X))

    def score(self, X: Any, y: Any) -> float:  # type: ignore[override]
        truth = np.array([[str(label) == code for code in self.codes_] for label in np.asarray(y).tolist()])
        return float((self.predict(X) == truth).mean())

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags = InputTags(two_d_array=True, string=True)
        return tags


def _texts(numbers: Any) -> list[str]:
    if isinstance(numbers, list) and numbers and all(isinstance(one, str) for one in numbers):
        return numbers
    return [
        " ".join(f"{'abcdefghij'[k % 10]}{round(float(value))}" for k, value in enumerate(row))
        for row in np.asarray(numbers)
    ]


NO_COLUMNS = "texts have no columns: there is no n_features_in_, no NaN, no sparse or complex number in them"
MANY = "any number of codes a text: predict gives columns of codes and not one class"
DOES_NOT_APPLY = {
    **dict.fromkeys(
        [
            "check_n_features_in_after_fitting",
            "check_n_features_in",
            "check_complex_data",
            "check_estimators_empty_data_messages",
            "check_estimators_nan_inf",
            "check_estimator_sparse_tag",
            "check_estimator_sparse_array",
            "check_estimator_sparse_matrix",
            "check_fit1d",
            "check_fit2d_predict1d",
        ],
        NO_COLUMNS,
    ),
    **dict.fromkeys(
        [
            "check_classifiers_one_label",
            "check_classifiers_classes",
            "check_classifiers_train",
            "check_classifier_not_supporting_multiclass",
            "check_decision_proba_consistency",
        ],
        MANY,
    ),
    "check_classifier_multioutput": "a code is suggested from its own probability, and not from even odds",
    "check_classifiers_regression_target": "a number is no code: what is refused is told in other words",
    "check_requires_y_none": "codes that are not given are refused in other words",
    **dict.fromkeys(
        ["check_estimators_dtypes", "check_classifier_data_not_an_array", "check_fit2d_1feature"],
        "its target is a column of classes 1, 2, 3: neither names nor 0 and 1",
    ),
}


def test_scikit_learns_checks_hold_or_do_not_apply() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SkipTestWarning)  # of another library's arrays
        found = check_estimator(OfNumbers(), on_fail=None)
    of = {
        status: {str(one["check_name"]) for one in found if one["status"] == status} for status in ("passed", "failed")
    }
    assert of["failed"] == set(DOES_NOT_APPLY)
    assert len(of["passed"]) >= 25
    assert of["passed"] >= {
        "check_dict_unchanged",
        "check_estimators_overwrite_params",
        "check_estimators_pickle",
        "check_estimators_unfitted",
        "check_fit_idempotent",
        "check_methods_sample_order_invariance",
        "check_methods_subset_invariance",
        "check_parameters_default_constructible",
        "check_pipeline_consistency",
    }
    with pytest.warns(UserWarning, match="InputTags"):  # scikit-learn makes no texts to check it with
        check_estimator(AutoCoder())


def test_its_tags() -> None:
    tags = get_tags(AutoCoder())
    assert is_classifier(AutoCoder())
    assert tags.classifier_tags is not None
    assert tags.classifier_tags.multi_label
    assert tags.target_tags.multi_output
    assert tags.input_tags.string
    assert tags.input_tags.one_d_array
    assert not tags.input_tags.two_d_array


@pytest.mark.parametrize("columns", [[0, 1, 2], [0, 1]], ids=["three codes", "two codes"])
@pytest.mark.parametrize("scoring", ["average_precision", "roc_auc", None])
def test_scorers_of_columns_of_codes(scoring: str | None, columns: list[int]) -> None:
    scores = cross_val_score(AutoCoder(), TEXTS, MARKS[:, columns], cv=KFold(3), scoring=scoring)
    assert scores.shape == (3,)
    assert scores.mean() > 0.9


def test_the_decision_is_the_log_odds() -> None:
    coder = AutoCoder().fit(TEXTS, CODES)
    odds, probabilities = coder.decision_function(TEXTS), coder.predict_proba(TEXTS)
    np.testing.assert_allclose(odds, np.log(probabilities / (1 - probabilities.astype(float))), atol=1e-5)


@pytest.mark.parametrize("ask", [AutoCoder.predict, AutoCoder.predict_proba, AutoCoder.decision_function])
def test_what_is_not_fitted_says_so_as_scikit_learn_does(ask: Any) -> None:
    with pytest.raises(NotFittedError, match="This AutoCoder instance is not fitted yet"):
        ask(AutoCoder(), ["a"])


def test_questions_and_interviews_are_routed() -> None:
    with config_context(enable_metadata_routing=True):
        coder = AutoCoder().set_fit_request(contexts=True, groups=True).set_score_request(contexts=True)
        given = {"contexts": QUESTIONS, "groups": GROUPS}
        scores = cross_validate(coder, TEXTS, MARKS, cv=GroupKFold(3), params=given)["test_score"]
    assert scores.mean() > 0.9


def test_it_warns_where_the_question_is_dropped() -> None:
    with pytest.warns(AutokodeWarning, match="modellen lærte av spørsmålene også, men fikk ingen fra scikit-learn"):
        cross_val_predict(
            AutoCoder(), TEXTS, MARKS, cv=KFold(3), params={"contexts": QUESTIONS}, method="predict_proba"
        )
    coder = AutoCoder().fit(TEXTS, CODES, contexts=QUESTIONS)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        coder.predict_proba(TEXTS)  # who calls it without them means that
