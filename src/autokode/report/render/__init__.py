"""A report's three forms: the page, the Word file and the workbook. They show what `report.book` holds and count nothing.

Imports `report`.
"""
