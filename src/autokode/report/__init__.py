"""A research report: who spoke of each code, co-occurrence, themes, suggested categories, methods, and the book of them all.

`report.render` writes it as a page, a Word file and a workbook. Imports `project`, `agreement`, `evaluation`
and what lies below them.
"""
