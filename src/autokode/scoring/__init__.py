"""Fast scoring: `engine` turns texts into probabilities, `batch` turns files into files.

Imports `model`, `nlp`, `corpus` and `base`; `engine` knows nothing of `batch`.
"""
