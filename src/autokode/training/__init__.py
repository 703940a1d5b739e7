"""From coded texts to a model: rows of features, one ridge regression for all codes, and the choice of its settings.

Imports `model`, `nlp`, `corpus` and `base`.
"""
