"""Types of the arrays that rooms pass to each other."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
"""Numbers in training and in the reference scorer."""
Keys = npt.NDArray[np.uint64]
"""Feature keys, made by `model.features`."""
