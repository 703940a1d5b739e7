"""Types of the arrays that several rooms hand on."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
"""Numbers as the slow path and training reckon with them."""
Keys = npt.NDArray[np.uint64]
"""Keys of features, as `model.features` makes them."""
