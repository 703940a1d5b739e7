"""The ground: messages in two languages, errors, files, archives, tables, YAML, and what comes along with the package.

Knows nothing of interviews. Imports no other room.
"""
