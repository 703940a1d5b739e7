"""Read-only views of a project, for pages and reports: utterances, lists of codings, progress, two coders compared.

Imports `project.store`, `project.active_learning`, `agreement`, `evaluation`, and what lies below them.
"""
