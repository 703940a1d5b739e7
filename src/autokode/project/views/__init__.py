"""What pages and reports show of a project, read-only: utterances, lists of codes, progress, two coders side by side.

Imports `project.store`, `project.active_learning`, `agreement`, and what lies below them.
"""
