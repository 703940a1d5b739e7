"""The logistic function in float32, step for step as `intrinsics.sigmoid` compiles it, so that both give the same bits."""

import numpy as np
import numpy.typing as npt

LOG2E, ROUND, BOUND = float(np.float32(-1.4426950408889634)), 12582912.0, 126.0
EXP2 = (1.5403530e-4, 1.3333558e-3, 9.6181291e-3, 5.5504109e-2, 2.4022651e-1, 6.9314718e-1, 1.0)
"""2^x on [−½, ½]: Taylor's series of exp(x ln 2), to the sixth power; the error in the logistic function is below 1.5e-7."""

WHOLE = 0x4B400000 - 127
"""Difference between the bits of `ROUND` + n and the bits of the exponent of 2^n."""

MANTISSA_BITS = 23


def logistic(logits: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """1 / (1 + e^-x), float32 of the same shape."""
    x = logits * np.float32(LOG2E)
    x = np.where(x < np.float32(BOUND), x, np.float32(BOUND))
    x = np.where(x > np.float32(-BOUND), x, np.float32(-BOUND))
    rounded = x + np.float32(ROUND)  # the nearest whole number, in the low bits
    rest = x - (rounded - np.float32(ROUND))
    power = np.full_like(x, EXP2[0])
    for factor in EXP2[1:]:
        power = power * rest + np.float32(factor)
    scale = ((rounded.view(np.int32) - np.int32(WHOLE)) << np.int32(MANTISSA_BITS)).view(np.float32)
    return np.asarray(np.float32(1.0) / (np.float32(1.0) + power * scale))
