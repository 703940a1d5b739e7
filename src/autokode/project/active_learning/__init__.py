"""Makes the next round of suggestions: trains on decisions, suggests, chooses what to read next, estimates what was missed.

Imports `project.store`, the front door, and what lies below them.
"""
