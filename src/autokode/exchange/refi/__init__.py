"""REFI-QDA (.qdpx, .qdc): the elements' names, reading and writing.

Imports `exchange.package`, `corpus.readers` and `base`.
"""
