"""Norwegian language: tokens, sentences, text windows, content words, and the spaCy pipeline that `norwegian()` loads.

Imports `base`.
"""
