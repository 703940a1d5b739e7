"""The nouns of the field: transcript, utterance, codebook, coding, and the study that holds them, each with its file format.

Imports `base`; `corpus.readers` turns a file of any format into plain text.
"""
