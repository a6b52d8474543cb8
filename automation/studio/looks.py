"""What cells look like, as classes of a page's own style sheet: its pages allow no style in a tag."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gspread.utils import a1_to_rowcol
from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_BODY_SIZE: Final = 10  # points, as Sheets has it
_ALIGNMENTS: Final = {"LEFT": "left", "CENTER": "center", "RIGHT": "right"}
_PARTS: Final = ("red", "green", "blue")


class Looks(Struct):
    """Names what cells look like; the same looks have the same name."""

    _names: dict[str, str] = field(default_factory=dict)

    def name(self, rules: Sequence[str]) -> str:
        """Return the class of some declarations; "" for none."""
        text = ";".join(rules)
        return self._names.setdefault(text, f"k{len(self._names)}") if text else ""

    @property
    def css(self) -> str:
        """The style sheet: names and figures of ours, nothing that anybody typed."""
        return "\n".join(f".grid .{name}{{{rules}}}" for rules, name in self._names.items())


def tell_look(look: Mapping[str, Any]) -> Iterator[str]:
    """Yield the declarations of a cell's format (a CellFormat of the API)."""
    fill = tell_colour(look.get("backgroundColorStyle"))
    if fill not in {"", "#ffffff"}:
        yield f"background-color:{fill}"
    text = look.get("textFormat", {})
    ink = tell_colour(text.get("foregroundColorStyle"))
    if ink not in {"", "#000000"}:
        yield f"color:{ink}"
    if text.get("bold"):
        yield "font-weight:600"
    if text.get("italic"):
        yield "font-style:italic"
    if text.get("strikethrough"):
        yield "text-decoration:line-through"
    size = text.get("fontSize", _BODY_SIZE)
    if size != _BODY_SIZE:
        yield f"font-size:{float(size) / _BODY_SIZE:.2f}em"
    side = _ALIGNMENTS.get(look.get("horizontalAlignment", ""))
    if side:
        yield f"text-align:{side}"
    if look.get("verticalAlignment") == "MIDDLE":
        yield "vertical-align:middle"
    if look.get("wrapStrategy") != "WRAP":
        overflow = "visible" if look.get("wrapStrategy") == "OVERFLOW_CELL" else "hidden"
        yield f"white-space:nowrap;overflow:{overflow}"


def tell_colour(style: Mapping[str, Any] | None) -> str:
    """Return a ColorStyle as #rrggbb, whose missing parts are 0; "" for none."""
    if style is None or "rgbColor" not in style:
        return ""
    parts = [float(style["rgbColor"].get(part, 0.0)) for part in _PARTS]
    return "#" + "".join(f"{round(255 * min(max(part, 0.0), 1.0)):02x}" for part in parts)


def covers(cells: Mapping[str, int], row: int, column: int) -> bool:
    """Whether a GridRange holds a cell, by its indexes from 0."""
    return cells.get("startRowIndex", 0) <= row < cells.get("endRowIndex", row + 1) and cells.get(
        "startColumnIndex", 0
    ) <= column < cells.get("endColumnIndex", column + 1)


def applies(rule: Mapping[str, Any], row: int, column: int, grid: Sequence[Sequence[Any]]) -> bool:
    """Whether a conditional format changes a cell: of the kinds that our tabs use.

    A text that is equal, any content, or a formula such as =$X2=1, whose row goes along.

    Args:
        grid: The tab's values.
    """
    ranges = [cells for cells in rule["ranges"] if covers(cells, row, column)]
    if not ranges or "booleanRule" not in rule:
        return False
    condition = rule["booleanRule"]["condition"]
    wanted = [one.get("userEnteredValue", "") for one in condition.get("values", ())]
    value = _at(grid, row, column)
    if condition["type"] == "NOT_BLANK":
        return bool(value != "" and value is not None)
    if condition["type"] == "TEXT_EQ":
        return bool(str(value or "") == wanted[0])
    if condition["type"] == "CUSTOM_FORMULA":
        return _is_one(wanted[0], row - ranges[0].get("startRowIndex", 0), grid)
    return False


def _is_one(formula: str, down: int, grid: Sequence[Sequence[Any]]) -> bool:
    """Whether the cell that a formula such as =$X2=1 is about holds 1, so many rows further down."""
    cell, _, figure = formula.removeprefix("=").partition("=")
    if figure != "1" or not cell.startswith("$"):
        return False
    row, column = a1_to_rowcol(cell.replace("$", ""))
    return bool(_at(grid, row - 1 + down, column - 1) == 1)


def _at(grid: Sequence[Sequence[Any]], row: int, column: int) -> Any:
    return grid[row][column] if row < len(grid) and column < len(grid[row]) else None
