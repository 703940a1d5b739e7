"""autokode inside other programs: the component for spaCy pipelines, and a language model on this machine as teacher.

Imports the front door (`autocoder`, `suggestion`) and what lies below it.
"""
