"""From decisions to the next round: what to learn from, what to suggest, what to read next, what may be missed.

Imports `project.store`, the front door, and what lies below them.
"""
