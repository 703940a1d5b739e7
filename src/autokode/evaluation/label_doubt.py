"""Scores how much a coding, or a code that was not given, stands out from the codings of other interviews.

A coding stands out where a model that never saw its interview gives the code little, and another code that the answer does not
have much. The second half is what tells a wrong code from a rare one: the plain 1 - p ranks each coding of a code that is hard to
learn as high as an error.
"""

import numpy as np
import numpy.typing as npt

from autokode.base.arrays import Floats

RIVAL = 0.5
"""Weight of the likeliest code that the answer does not have, in log odds. Best of 0.25, 0.5, 0.75 and 1 with errors put into the
example interviews on purpose; 0.75 was within 0.003."""

_LEAST = 1e-9

Truth = npt.NDArray[np.bool_]


def doubt_of_given(probabilities: Floats, given: Truth) -> Floats:
    """How much each coding stands out, float64 (n_texts, n_codes): `RIVAL` · logit p(rival) - logit p(code); higher is more.

    The rival is the likeliest of the codes that the text does not have; a text that has all of them has none, and half odds
    stand for it.

    Args:
        probabilities: held-out, float64 (n_texts, n_codes).
        given: whether the text has the code, bool (n_texts, n_codes); where it has not, the doubt is NaN.
    """
    odds = _log_odds(probabilities)
    rival = np.where(given, -np.inf, odds).max(axis=1, keepdims=True, initial=-np.inf)
    rival = np.where(np.isfinite(rival), rival, 0.0)
    return np.where(given, RIVAL * rival - odds, np.nan)


def doubt_of_missing(probabilities: Floats, given: Truth) -> Floats:
    """How much each code that was not given seems to lack, float64 (n_texts, n_codes): its log odds; NaN where it was given."""
    return np.where(given, np.nan, _log_odds(probabilities))


def _log_odds(probabilities: Floats) -> Floats:
    within = np.clip(probabilities, _LEAST, 1 - _LEAST)
    return np.asarray(np.log(within / (1 - within)))
