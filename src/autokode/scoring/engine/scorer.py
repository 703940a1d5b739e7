"""What every scorer takes and gives."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np
import numpy.typing as npt

from autokode.base.errors import failure
from autokode.model.linear_model import Model
from autokode.scoring.engine.layout import PAD

Probabilities = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """Texts in one buffer, as Arrow has them.

    Attributes:
        data: their UTF-8, uint8.
        offsets: where each begins in it and the last ends, int64 (n_texts + 1,).
    """

    data: npt.NDArray[np.uint8]
    offsets: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def strings(self) -> list[str]:
        """The texts as Python strings."""
        return [self.data[a:b].tobytes().decode("utf-8") for a, b in pairwise(self.offsets.tolist())]

    @classmethod
    def of(cls, texts: list[str]) -> "Texts":
        """Put Python strings into one buffer.

        Raises:
            UnicodeEncodeError: a string holds half a surrogate pair.
        """
        encoded = [text.encode("utf-8") for text in texts]
        offsets = np.zeros(len(texts) + 1, np.int64)
        np.cumsum([len(text) for text in encoded], out=offsets[1:])
        return cls(np.frombuffer(b"".join([*encoded, bytes(PAD)]), np.uint8), offsets)


class Scorer(Protocol):
    """A model that scores texts."""

    def probabilities(self, texts: Texts, questions: Texts | None = None) -> Probabilities:
        """The probability of each code for each text, float32 (n_texts, n_codes).

        Args:
            texts: valid UTF-8.
            questions: the question each text answers, of the same length; an empty one, like None, is no question.
        """


def check_words_alone(model: Model) -> None:
    """Raise an error for a model that needs more than a text's words.

    Raises:
        DataError: an encoder is part of the model's score.
    """
    if len(model.encoder_weights):
        raise failure(
            "denne modellen trenger enkoderen for hver tekst, og kan ikke skåre i store mengder",
            "this model needs its encoder for every text, and cannot score in bulk",
            try_next='AutoCoder(encoder="e5", encoder_use="teach")',
        )
