"""A project's file: all SQL, the log of decisions, transcripts, coders, codings, what a reviewer decides, checks and repairs.

The modules named `…_rows` read and keep rows for other rooms, which never open the database. Imports `corpus` and `base`.
"""
