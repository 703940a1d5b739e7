"""Projects and codings from and to other programs: REFI-QDA (NVivo, ATLAS.ti, MAXQDA, QualCoder), Word, Excel, tables.

Every reader makes a `Package` and every writer takes one; `package_import` puts a package into a project, `package_export`
makes one of a project.
Imports `project.store`, `corpus` and `base`.
"""
