"""A task that a system learns from, and its answer."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from autokode.corpus.codebook import Code, Codebook
from autokode.corpus.study import Examples

Floats = npt.NDArray[np.float64]
Truth = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Task:
    """A task for a system.

    Attributes:
        learn: coded texts; none at size 0, where `codebook` is all there is.
        rest: further texts, whose codes it must not look at.
        codes: names of the codes, the columns of an answer.
        codebook: definitions, or None.
        lang: spaCy language code.
        seed: for whatever is drawn at random.
    """

    learn: Examples
    rest: Examples
    codes: list[str]
    codebook: Codebook | None
    lang: str
    seed: int

    @property
    def examples(self) -> Examples:
        """The coded texts; without any, the codes' definitions as texts that have them."""
        if len(self.learn.texts) or self.codebook is None:
            return self.learn
        own = [self.codebook[code] for code in self.codes]
        return Examples([defined(code) for code in own], [""] * len(own), [(code.name,) for code in own], None)

    def truth(self, examples: Examples) -> Truth:
        """Whether each text has each code, bool (n_texts, n_codes)."""
        return np.array([[code in given for code in self.codes] for given in examples.codes], np.bool_)


def over_half(_examples: Examples, scores: Floats) -> Truth:
    """Suggest what is likelier than not."""
    return scores >= 0.5


@dataclass(frozen=True, slots=True)
class Learnt:
    """A system that has learnt; arrays are (n_texts, n_codes).

    Attributes:
        scores: texts → float64, higher is likelier.
        said: texts and their scores → what would be suggested, bool.
        limits: scores from which to suggest under the promise, (n_codes,); None where nothing is promised.
    """

    scores: Callable[[Examples], Floats]
    said: Callable[[Examples, Floats], Truth] = over_half
    limits: npt.NDArray[np.float32] | None = None


def defined(code: Code) -> str:
    """The name and definition of a code as one text."""
    return " ".join(code.texts)
