"""What is saved and scores: features of a text, vectors, encoders, calibration, and the linear model over them.

Imports `nlp`, `corpus` and `base`. `training` makes a model, `scoring` makes it fast.
"""
