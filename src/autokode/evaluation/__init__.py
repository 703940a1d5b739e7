"""How good a model is: cross-validation by interview, learning curves, and whether promises were kept.

Imports the front door (`autocoder`, `suggestion`) and what lies below it.
"""
