"""How far coders agree: two or more people, one person then and now, or a person and a model.

This room computes the figures; `project.views` gathers what each coder did. Imports `corpus`, `nlp` and `base`.
"""

from autokode.agreement.comparing import agreement
from autokode.agreement.results import Agreement, Disagreement, Figure, Row
from autokode.agreement.units import Reading, Unit, units_of

__all__ = ["Agreement", "Disagreement", "Figure", "Reading", "Row", "Unit", "agreement", "units_of"]
