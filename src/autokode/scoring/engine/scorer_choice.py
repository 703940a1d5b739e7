"""Which scorer to use: `ReferenceScorer`, slow and ready at once, or `CompiledScorer`, fast, which where no core comes along is
compiled once a machine.

Both add the same numbers in the same order and precision, so the choice changes no bit of a probability.
"""

import threading
from typing import TYPE_CHECKING

from autokode.base.extras import MissingLibraryError, require
from autokode.base.log import log
from autokode.base.messages import say
from autokode.model.linear_model import Model
from autokode.scoring.engine.reference import ReferenceScorer
from autokode.scoring.engine.scorer import Scorer

if TYPE_CHECKING:
    from autokode.scoring.engine.compiled import CompiledScorer

COMPILED_FROM, COMPILING_FROM = 20_000, 5_000_000
"""Code points from which the compiled scorer is faster: if it came along or is kept (it loads in 0.08 s), and if it must be
compiled first (some twenty seconds, in which the reference scores some millions)."""


_told = False


def _tell(error: MissingLibraryError) -> None:
    """Say once in the log that many texts take long here, and what would make them fast."""
    global _told  # noqa: PLW0603 - once a process
    if not _told:
        _told = True
        nb, en = (
            "uten den kompilerte kjernen tar mange tekster lang tid",
            "without the compiled core, many texts take long",
        )
        log.warning("%s: %s", say(nb, en), error.try_next)


class Scorers:
    """The scorers of a model, each made when it is first used. Threads may share them."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._lock = threading.Lock()
        self._reference = ReferenceScorer(model)
        self._compiled: CompiledScorer | None = None

    def of_size(self, size: int) -> Scorer:
        """The faster scorer for texts of so many code points in all."""
        return self.compiled if self._compiled_pays(size) else self._reference

    @property
    def compiled(self) -> "CompiledScorer":
        """The fast scorer.

        Raises:
            DataError: an encoder is part of the model's score.
        """
        from autokode.scoring.engine.compiled import CompiledScorer

        with self._lock:
            if self._compiled is None:
                self._compiled = CompiledScorer(self.model)
            return self._compiled

    def _compiled_pays(self, size: int) -> bool:
        if len(self.model.encoder_weights):
            return False
        if self._compiled is not None or size < COMPILED_FROM:
            return self._compiled is not None
        from autokode.scoring.engine.object_cache import is_kept

        if is_kept():
            return True
        if size < COMPILING_FROM:
            return False
        try:
            require("compile")
        except MissingLibraryError as error:  # what adds the same numbers in NumPy is there
            _tell(error)
            return False
        return True
