"""What any program's project file holds, how positions in it are counted, and the checks before it is written.

Imports `base`.
"""
