"""Checks what people hand to `AutoCoder` and brings it into the types that training takes."""

import sys
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from autokode.base.errors import AutokodeWarning, failure
from autokode.base.messages import say
from autokode.corpus.codebook import Codebook
from autokode.corpus.study import Examples
from autokode.training.inputs import code_lists_of, columns_of, is_indicator, texts_of
from autokode.training.teacher import Teacher
from autokode.training.teacher_report import TEACHER, sentence

FEW = 2
"""Examples that a code should have; training warns of a code with fewer."""

_CODES = 'codes=[["makt"], [], …]'


class CodeLists(list[tuple[str, ...]]):
    """A list of tuples of code names that NumPy takes as one object a text, so that scikit-learn can join folds."""

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> npt.NDArray[np.object_]:
        array = np.empty(len(self), object)
        for i, codes in enumerate(self):
            array[i] = codes
        return array


def column_names(codes: Any, named: Sequence[str] | None, codebook: Codebook | None) -> list[str]:
    """Names for columns of 0 and 1: a frame's own, those that are given, or the codebook's; [] for lists of names."""
    if not is_indicator(codes):
        return []
    own, known = columns_of(codes), named or (codebook.codable if codebook else ())
    has_names = own != [str(k) for k in range(len(own))]
    return own if has_names or (named is None and len(known) != len(own)) else list(known)


def examples(
    texts: list[str], codes: list[tuple[str, ...]], contexts: list[str] | None, groups: Sequence[str] | None
) -> Examples:
    given: dict[str, Sequence[Any] | None] = {"texts": texts, "codes": codes, "contexts": contexts, "groups": groups}
    lengths = {name: len(own) for name, own in given.items() if own is not None}
    if len(set(lengths.values())) > 1:
        shown = ", ".join(f"{name} {length}" for name, length in lengths.items())
        what = f"listene er ikke like lange: {shown}", f"the lists are not of one length: {shown}"
        raise failure(*what, try_next="fit(texts, codes)")
    if not texts:
        raise failure("ingen tekster å lære av", "no texts to learn from", try_next="fit(texts, codes)")
    own_groups = [str(group) for group in groups] if groups is not None else None
    return Examples(texts, contexts or [""] * len(texts), codes, own_groups)


def rejected(rejected: Any, columns: Sequence[str], texts: int) -> list[tuple[str, ...]]:
    if rejected is None:
        return []
    found = code_lists_of(rejected, columns, "rejected")
    if len(found) != texts:
        what = f"rejected har {len(found)} rader, ventet {texts}", f"rejected has {len(found)} rows, not {texts}"
        raise failure(*what, try_next="fit(texts, codes, rejected=[[], …])")
    return found


def columns(codes: list[tuple[str, ...]], names: list[str], codebook: Codebook | None) -> list[str]:
    used = names or sorted({code for given in codes for code in given})
    if codebook is not None:
        unknown = [code for code in used if code not in codebook.codable]
        if unknown:
            raise failure(
                f"ikke kodbare koder i kodeboken: {', '.join(unknown)}",
                f"not codable codes of the codebook: {', '.join(unknown)}",
                try_next=", ".join(codebook.codable),
            )
        used = list(codebook.codable)
    if not used:
        raise failure("ingen av tekstene har en kode", "none of the texts has a code", try_next=_CODES)
    return used


def warn_of_few(columns: list[str], codes: list[tuple[str, ...]]) -> None:
    counts = {code: sum(code in given for given in codes) for code in columns}
    none = [code for code, count in counts.items() if count == 0]
    few = [code for code, count in counts.items() if 0 < count < FEW]
    for found, text in (
        (none, ("uten eksempler, foreslås bare ut fra definisjonen", "no examples, suggested from definition only")),
        (few, ("bare ett eksempel, forslagene er usikre", "a single example, suggestions are uncertain")),
    ):
        if found:
            warnings.warn(f"{say(*text)}: {', '.join(found)}", AutokodeWarning, stacklevel=3)


def check_teacher(teacher: Teacher | None, codebook: Codebook | None) -> None:
    if teacher is None:
        return
    if not isinstance(teacher, Teacher):
        raise failure(
            f"teacher er {type(teacher).__name__}; ventet noe med navnet name og metoden code",
            f"teacher is {type(teacher).__name__}; expected anything with a name and a method code",
            try_next="AutoCoder(teacher=LanguageModel(address, model))",
        )
    if codebook is None:
        what = "en lærer koder etter en kodebok, og det er ingen", "a teacher codes by a codebook, and there is none"
        raise failure(*what, try_next="fit(texts, codes, codebook=Codebook.read(path))")


def warn_of_teacher(manifest: Mapping[str, Any]) -> None:
    report = manifest.get(TEACHER)
    if report is not None and report["why_unused"]:
        warnings.warn(sentence(report), AutokodeWarning, stacklevel=3)


def warn_of_dropped_questions() -> None:
    """Warn if scikit-learn's cross-validation asks about answers without the questions that it gave `fit`."""
    frame = sys._getframe()
    while frame is not None and not frame.f_globals.get("__name__", "").startswith("sklearn.model_selection"):
        frame = frame.f_back  # type: ignore[assignment]
    if frame is not None:
        text = say(
            "modellen lærte av spørsmålene også, men fikk ingen fra scikit-learn; prøv",
            "the model learnt from the questions too, but got none from scikit-learn; try",
        )
        try_next = (
            "sklearn.set_config(enable_metadata_routing=True); AutoCoder().set_predict_proba_request(contexts=True)"
        )
        warnings.warn(f"{text}: {try_next}", AutokodeWarning, stacklevel=3)


def contexts_of(contexts: Any, length: int) -> list[str]:
    if contexts is None:
        return [""] * length
    found = texts_of(contexts, "contexts")
    if len(found) != length:
        what = f"{length} tekster, men {len(found)} spørsmål", f"{length} texts but {len(found)} contexts"
        raise failure(*what, try_next="contexts=[…]")
    return found
