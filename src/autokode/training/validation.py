"""Checks what people hand to `AutoCoder` and brings it into the types that training takes."""

import re
import warnings
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from autokode.base.errors import AutokodeWarning, failure
from autokode.base.messages import say
from autokode.corpus.codebook import Codebook
from autokode.corpus.study import Examples
from autokode.training.teacher import Teacher
from autokode.training.teacher_report import TEACHER, sentence

FEW = 2
"""Examples that a code should have; training warns of a code with fewer."""

_CODES = 'codes=[["makt"], [], …]'
_SURROGATE = re.compile("[\ud800-\udfff]")


class CodeLists(list[tuple[str, ...]]):
    """A list of tuples of code names that NumPy takes as one object a text, so that scikit-learn can join folds."""

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> npt.NDArray[np.object_]:
        array = np.empty(len(self), object)
        for i, codes in enumerate(self):
            array[i] = codes
        return array


def column_names(codes: Sequence[Collection[str]], codebook: Codebook | None) -> list[str]:
    """Names for the columns of an indicator array; [] for lists of names."""
    if not (isinstance(codes, np.ndarray) and codes.ndim == 2):
        return []
    names = codebook.codable if codebook else ()
    return list(names) if len(names) == codes.shape[1] else [str(k) for k in range(codes.shape[1])]


def named(codes: Sequence[Collection[str]], columns: list[str]) -> list[tuple[str, ...]]:
    """The names of each text's codes, from names or from the columns of an indicator array."""
    if isinstance(codes, np.ndarray) and codes.ndim == 2:
        return [tuple(columns[k] for k in np.flatnonzero(row)) for row in codes]
    if any(isinstance(given, str) for given in codes):
        what = "fant en tekst, ventet en samling kodenavn for hver tekst", "found a str, expected a collection"
        raise failure(*what, try_next=_CODES)
    return [tuple(str(code) for code in given) for given in codes]


def examples(
    texts: Sequence[str],
    codes: list[tuple[str, ...]],
    contexts: Sequence[str] | None,
    groups: Sequence[str] | None,
) -> Examples:
    given = {"texts": texts, "codes": codes, "contexts": contexts, "groups": groups}
    lengths = {name: len(own) for name, own in given.items() if own is not None}
    if len(set(lengths.values())) > 1:
        shown = ", ".join(f"{name} {length}" for name, length in lengths.items())
        what = f"listene er ikke like lange: {shown}", f"the lists are not of one length: {shown}"
        raise failure(*what, try_next="fit(texts, codes)")
    if not len(texts):
        raise failure("ingen tekster å lære av", "no texts to learn from", try_next="fit(texts, codes)")
    own_groups = [str(group) for group in groups] if groups is not None else None
    return Examples(strings(texts), contexts_of(contexts, len(texts)), codes, own_groups)


def rejected(rejected: Sequence[Collection[str]] | None, texts: int) -> list[tuple[str, ...]]:
    if rejected is None:
        return []
    if len(rejected) != texts:
        what = f"rejected har {len(rejected)} rader, ventet {texts}", f"rejected has {len(rejected)} rows, not {texts}"
        raise failure(*what, try_next="fit(texts, codes, rejected=[[], …])")
    return named(rejected, [])


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


def strings(texts: Sequence[str]) -> list[str]:
    if isinstance(texts, str):
        what = "fant én tekst, ventet en liste med tekster", "found one str, expected a list of str"
        raise failure(*what, try_next="predict([text])")
    found = next((type(text).__name__ for text in texts if not isinstance(text, str)), None)
    if found is not None:
        raise failure(f"fant {found}, ventet str", f"found {found}, expected str", try_next="[str(t)]")
    for i, text in enumerate(texts):
        if _SURROGATE.search(text):
            raise failure(
                f"tekst {i + 1} har et halvt surrogatpar",
                f"text {i + 1} has half a surrogate pair",
                try_next='text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")',
            )
    return [str(text) for text in texts]


def contexts_of(contexts: Sequence[str] | None, length: int) -> list[str]:
    if contexts is None:
        return [""] * length
    if len(contexts) != length:
        what = f"{length} tekster, men {len(contexts)} spørsmål", f"{length} texts but {len(contexts)} contexts"
        raise failure(*what, try_next="contexts=[…]")
    return strings(contexts)
