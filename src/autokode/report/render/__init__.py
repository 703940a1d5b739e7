"""The three forms of a report: page, Word file and workbook. They show the contents of `report.book` and compute no figures.

Imports `report`.
"""
