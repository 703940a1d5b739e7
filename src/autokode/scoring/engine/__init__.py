"""Texts to probabilities: a table of chunk rows and the compiled loops over it.

Gives what `LinearModel.probabilities` gives, faster. Imports `model`, `nlp` and `base`.
"""
