"""Cells: between Google's CellData and what a grid keeps.

A grid keeps what was entered: null, a boolean, a number, a string, or `{"f": "=…"}` for a formula.
What a cell carries besides (format, validation, note) stands in its row's extras.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from automation.local import masks
from automation.local.colors import mirror
from automation.local.errors import NO_FIELDS, TOO_LONG, refuse, unsupported
from automation.local.formulas import evaluate
from automation.local.messages import CELL
from automation.local.schema import plain_number, read

if TYPE_CHECKING:
    from automation.local.masks import Mask
    from automation.local.runs import Extras, Values

MAX_CHARACTERS: Final = 50_000
CARRIED: Final = ("userEnteredFormat", "dataValidation", "note")
"""What a cell carries besides its value."""
INHERITED: Final = ("userEnteredFormat", "dataValidation")
"""What a new row or column takes from its neighbour."""

Cell = dict[str, Any]


class Line(NamedTuple):
    """A row of a request: what is entered, and the whole cells if any carries more than a value."""

    values: Values
    cells: list[Cell] | None


class CellMask(NamedTuple):
    """What a request may change in a cell: the value or not, and which of the rest."""

    value: bool
    carried: Mask


def read_mask(text: str | None) -> CellMask:
    """The `fields` of a request about cells, whose root is CellData.

    Raises:
        ApiError: 400 for an empty mask or an unknown field, 501 for one not offered here.
    """
    if not text:
        raise refuse(NO_FIELDS)
    mask = masks.parse(text)
    if "*" in mask:
        return CellMask(True, {name: {} for name in CARRIED})
    masks.check(mask, CELL)
    carried = {name: below for name, below in mask.items() if name != "userEnteredValue"}
    for name in carried:
        if name not in CARRIED:
            raise unsupported(f'writing the field "{name}" of a cell')
    return CellMask("userEnteredValue" in mask, carried)


def read_lines(raw: list[Any], path: str) -> list[Line]:
    """The rows of a request, checked.

    Raises:
        ApiError: 400 or 501 for what is wrong with them.
    """
    return [_read_line(row, f"{path}[{index}]") for index, row in enumerate(raw)]


def _read_line(raw: Any, path: str) -> Line:
    if not isinstance(raw, dict) or raw.keys() - {"values"}:
        raise unsupported(f'a row with other fields than "values" at "{path}"')
    values: Values = []
    cells: list[Cell] = []
    for index, cell in enumerate(raw.get("values") or ()):
        # A hundred thousand rows hold millions of cells that are nothing but a short text or a
        # whole number: for those, what `read` and `stored` would say, sooner.
        if cell.__class__ is dict and len(cell) == 1 and "userEnteredValue" in cell:
            entered = cell["userEnteredValue"]
            if entered.__class__ is dict and len(entered) == 1:
                quick = entered.get("stringValue")
                if quick.__class__ is str and len(quick) <= MAX_CHARACTERS:
                    values.append(quick or None)
                    continue
                quick = entered.get("numberValue")
                if quick.__class__ is int:
                    values.append(quick)
                    continue
        known = read(CELL, cell, f"{path}.values[{index}]")
        values.append(stored(known.get("userEnteredValue")))
        if known.keys() - {"userEnteredValue"}:
            cells.extend({} for _ in range(index - len(cells)))
            cells.append(known)
    return Line(values, cells or None)


def stored(value: dict[str, Any] | None) -> Any:
    """What a grid keeps of an ExtendedValue; an empty string empties the cell.

    Raises:
        ApiError: 400 for a text that is too long or a formula without `=`.
    """
    if not value:
        return None
    ((kind, content),) = value.items()
    if isinstance(content, str) and len(content) > MAX_CHARACTERS:
        raise refuse(TOO_LONG)
    if kind == "formulaValue":
        if not content.startswith("="):
            raise refuse("Invalid formula: {text}", text=content)
        return {"f": content}
    if kind == "numberValue":
        return plain_number(content, "numberValue")
    return None if content == "" else content


def effective(value: Any) -> Any:
    """What a kept value amounts to: null, a boolean, a number, a string, or `{"e": …}` an error."""
    return evaluate(value["f"]) if value.__class__ is dict else value


def extended(value: Any) -> dict[str, Any]:
    """An ExtendedValue from a kept or effective value that is not null."""
    if isinstance(value, dict):
        return {"formulaValue": value["f"]} if "f" in value else {"errorValue": value["e"]}
    if isinstance(value, bool):
        return {"boolValue": value}
    return {"stringValue" if isinstance(value, str) else "numberValue": value}


def carry(extras: Extras, column: int, mask: Mask, cell: Cell) -> Extras:
    """A row's extras with the masked fields of one cell taken from `cell`."""
    name = str(column)
    old = extras.get(name, {})
    new = masks.assign(mask, old, {key: cell[key] for key in CARRIED if key in cell})
    if "userEnteredFormat" in new:
        new["userEnteredFormat"] = _settled(
            old.get("userEnteredFormat", {}), new["userEnteredFormat"]
        )
    return with_cell(extras, name, new)


def with_cell(extras: Extras, name: str, cell: Cell) -> Extras:
    """A row's extras with one entry replaced, or dropped when it is empty."""
    kept = {key: value for key, value in cell.items() if value not in ({}, "")}
    if extras.get(name, {}) == kept:
        return extras
    changed = dict(extras)
    changed.pop(name, None)
    if kept:
        changed[name] = kept
    return changed


def inherited(extras: Extras) -> Extras:
    """What a row inserted beside one with these extras takes from it."""
    cells = {
        name: {key: value for key, value in cell.items() if key in INHERITED}
        for name, cell in extras.items()
        if name != "row"
    }
    return {name: cell for name, cell in cells.items() if cell}


def _settled(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """A format whose colours and colour styles say the same, as Google's answers do."""
    new = copy.deepcopy(new)
    mirror(old, new, "backgroundColor")
    if "textFormat" in new:
        mirror(old.get("textFormat", {}), new["textFormat"], "foregroundColor")
    return new
