"""A project's file: all SQL, the log of decisions, what was put in, what a reviewer does, checks and repairs.

Nothing outside this room opens the database. Imports `corpus` and `base`.
"""
