"""The choices of a dropdown, where Excel wants them."""

from __future__ import annotations

from typing import Any, Final

from xlsxwriter.utility import xl_range_abs

_LITERAL_LENGTH: Final = 255


class Lists:
    """A hidden sheet with the lists that are too long for a validation, or hold commas."""

    def __init__(self, workbook: Any, taken: set[str]) -> None:
        self._workbook = workbook
        self._taken = {name.casefold() for name in taken}
        self._sheet: Any = None
        self._known: dict[tuple[str, ...], str] = {}

    def source(self, options: tuple[str, ...]) -> list[str] | str:
        """What XlsxWriter takes as the source of a list."""
        fits = len(",".join(options)) <= _LITERAL_LENGTH
        if fits and not any("," in option for option in options):
            return list(options)
        if options not in self._known:
            self._known[options] = self._write(options)
        return self._known[options]

    def _write(self, options: tuple[str, ...]) -> str:
        if self._sheet is None:
            name, number = "Listes", 1
            while name.casefold() in self._taken:
                number += 1
                name = f"Listes {number}"
            self._sheet = self._workbook.add_worksheet(name)
            self._sheet.hide()
        row = len(self._known)
        self._sheet.write_row(row, 0, options)
        where = xl_range_abs(row, 0, row, len(options) - 1)
        return f"='{self._sheet.get_name()}'!{where}"
