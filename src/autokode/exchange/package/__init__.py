"""The content of a project file, whichever program wrote it; how its positions are counted; the checks before writing.

Imports `base`.
"""
