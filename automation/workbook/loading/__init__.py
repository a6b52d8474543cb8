"""Rows come into a spreadsheet as a form, or an organiser, would bring them.

Text is written as a literal, never as something that Sheets would evaluate. An answer that is
already there is left alone, unless the person edited it since; a cohort or a meeting takes what the
file says otherwise. Loading a file again changes nothing.
"""

from automation.workbook.loading.asked import Asked, read_asked
from automation.workbook.loading.boxes import find_boxes
from automation.workbook.loading.programme import LOADABLE, add_rows, resembles
from automation.workbook.loading.responses import add_responses, create_spreadsheet, find_stamp
from automation.workbook.loading.target import Loaded

__all__ = [
    "LOADABLE",
    "Asked",
    "Loaded",
    "add_responses",
    "add_rows",
    "create_spreadsheet",
    "find_boxes",
    "find_stamp",
    "read_asked",
    "resembles",
]
