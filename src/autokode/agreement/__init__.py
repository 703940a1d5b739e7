"""How far coders agree: two or more people, one person then and now, or a model as one more coder.

Figures alone: what a coder said comes from `project.views`. Imports `corpus`, `nlp` and `base`.
"""

from autokode.agreement.comparing import Agreement, Disagreement, Figure, Row, agreement
from autokode.agreement.units import Reading, Unit, units_of

__all__ = ["Agreement", "Disagreement", "Figure", "Reading", "Row", "Unit", "agreement", "units_of"]
