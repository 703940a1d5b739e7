"""Projects and codings from and to other programs: REFI-QDA (NVivo, ATLAS.ti, MAXQDA, QualCoder), Word, Excel, tables.

Every reader gives a `Package`, and every writer takes one; `incoming` puts a package into a project, `outgoing` makes one of it.
"""
