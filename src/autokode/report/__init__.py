"""A research report: who spoke of what, which codes fall together, the themes, the methods, and the book that holds all of it.

`report.render` writes it as a page, a Word file and a workbook. Imports `project`, `agreement`, `evaluation`
and what lies below them.
"""
