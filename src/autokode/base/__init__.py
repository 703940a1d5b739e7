"""The ground floor: messages in two languages, errors, files, archives, tables, CSV, YAML, and the files shipped in the package.

Knows nothing of interviews. Imports no other room.
"""
