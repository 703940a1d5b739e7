"""autokode inside other programs: the component for spaCy pipelines.

Imports the front door (`autocoder`, `suggestion`) and what lies below it.
"""
