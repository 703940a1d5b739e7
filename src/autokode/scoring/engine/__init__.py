"""Texts to probabilities: `scorer` says what a scorer is, `choice` picks one of two, which give the same bits.

`reference` is slow and ready at once; `compiled` is fast: a table of chunk rows and compiled loops over it. Imports `model`,
`nlp` and `base`.
"""
