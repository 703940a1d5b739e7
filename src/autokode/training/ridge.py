"""Ridge regression in its dual, for all codes at once, and its coefficients without some of the rows.

With K the products of the rows' features and w the rows' weights, the coefficients of targets y are

    α = (K + λ diag(1/w))⁻¹ y

and without the rows g, P being that inverse, α − P[:, g] P[g, g]⁻¹ α[g] (Rasmussen and Williams 2006, eq. 5.12, for blocks):
one factorisation answers for every interview held out. The weights of the features are the rows' sum, each times its α.
More rows than a machine can factorise go to conjugate gradients, which never form K.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.linalg import lapack

from autokode.base.arrays import Floats

Rows = npt.NDArray[np.int64]

TOLERANCE, ROUNDS = 1e-4, 200
"""Conjugate gradients stop at this share of the first residual, or after so many rounds."""


@dataclass(frozen=True, slots=True)
class Ridge:
    """A factorised problem.

    Attributes:
        inverse: of the kernel with its penalty, float64 (n_rows, n_rows), symmetric.
    """

    inverse: Floats

    @classmethod
    def of(cls, kernel: Floats, penalty: float, weights: Floats) -> "Ridge":
        """Factorise a kernel, float64 (n_rows, n_rows), of rows that weigh `weights` > 0, float64 (n_rows,)."""
        penalised = kernel + np.diag(penalty / weights)
        factor, failed = lapack.dpotrf(penalised, lower=False, overwrite_a=True)
        upper, failed_too = lapack.dpotri(factor, lower=False, overwrite_c=True)
        if failed or failed_too:  # the penalty keeps it positive definite, whatever the texts
            raise np.linalg.LinAlgError("the kernel is not positive definite")
        inverse = upper + upper.T  # below the diagonal is nothing: dpotrf cleared it
        np.fill_diagonal(inverse, upper.diagonal())
        return cls(inverse)

    def alphas_without(self, rows: Rows, targets: Floats) -> Floats:
        """The coefficients learnt from all rows but some, float64 (n_rows, k); zero for those."""
        found: Floats = self.inverse @ targets
        if not len(rows):
            return found
        own = self.inverse[rows]  # equal to its columns, since it is symmetric, and contiguous in memory
        found -= own.T @ np.linalg.solve(own[:, rows], found[rows])
        found[rows] = 0
        return found


@dataclass(frozen=True, slots=True)
class Iterative:
    """A problem solved by conjugate gradients (Hestenes and Stiefel 1952) with the diagonal as preconditioner.

    Attributes:
        product: float64 (n_rows, k) → kernel times it.
        diagonal: of the kernel, float64 (n_rows,).
        penalties: what the penalty adds to the diagonal, float64 (n_rows,).
    """

    product: Callable[[Floats], Floats]
    diagonal: Floats
    penalties: Floats

    def alphas_without(self, rows: Rows, targets: Floats) -> Floats:
        """The coefficients learnt from all rows but some, float64 (n_rows, k); zero for those."""
        there = np.ones((len(targets), 1))
        there[rows] = 0
        eased_by = there / (self.diagonal + self.penalties)[:, None]
        rest = there * targets
        found, step = np.zeros_like(rest), eased_by * rest
        length = (rest * step).sum(axis=0)
        wanted = TOLERANCE**2 * length
        for _round in range(ROUNDS):
            moved = there * (self.product(step) + self.penalties[:, None] * step)
            by = length / np.maximum((step * moved).sum(axis=0), 1e-300)
            found, rest = found + by * step, rest - by * moved
            eased = eased_by * rest
            length, before = (rest * eased).sum(axis=0), length
            if (length <= wanted).all():
                break
            step = eased + length / np.maximum(before, 1e-300) * step
        return found
