"""A spreadsheet as an Excel file: values, formulas, looks, choices, rules, notes and charts.

What Excel does not have does not go along: protections of ranges, filter views, slicers, developer
metadata, validations of e-mail addresses and links, charts other than columns, bars, lines, areas,
points and pies. Formulas go as they are: what Excel does not know shows `#NAME?` there.
"""

from automation.local.xlsx.writing import write_xlsx

__all__ = ["write_xlsx"]
