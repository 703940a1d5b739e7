"""Projects and codings from and to other programs: REFI-QDA (NVivo, ATLAS.ti, MAXQDA, QualCoder), Word, Excel, tables.

Every reader gives a `Package` and every writer takes one; `into_project` puts a package into a project, `from_project` makes one.
Imports `project.store`, `corpus` and `base`.
"""
