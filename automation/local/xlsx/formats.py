"""The looks of a cell, as XlsxWriter wants them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from automation.local.defaults import THEME
from automation.local.rendering import DATE_TYPES, default_pattern

if TYPE_CHECKING:
    from collections.abc import Mapping

_THEME_COLORS: Final = {
    entry["colorType"]: entry["color"]["rgbColor"] for entry in THEME["themeColors"]
}
_BORDERS: Final = {
    "SOLID": 1,
    "SOLID_MEDIUM": 2,
    "DASHED": 3,
    "DOTTED": 4,
    "SOLID_THICK": 5,
    "DOUBLE": 6,
}
_HORIZONTAL: Final = {"LEFT": "left", "CENTER": "center", "RIGHT": "right"}
_VERTICAL: Final = {"TOP": "top", "MIDDLE": "vcenter", "BOTTOM": "bottom"}
_NUMBERS: Final = {
    "TEXT": "@",
    "NUMBER": "#,##0.00",
    "PERCENT": "0.00%",
    "CURRENCY": "$#,##0.00",
    "SCIENTIFIC": "0.00E+00",
}


def color_of(style: Mapping[str, Any] | None) -> str:
    """A ColorStyle as `#RRGGBB`; empty for none."""
    if not style:
        return ""
    color = _THEME_COLORS[style["themeColor"]] if "themeColor" in style else style["rgbColor"]
    parts = (round(255 * color.get(name, 0)) for name in ("red", "green", "blue"))
    return "#" + "".join(f"{part:02X}" for part in parts)


class Formats:
    """The formats of a file, each made once."""

    def __init__(self, workbook: Any, locale: str) -> None:
        self._workbook = workbook
        self._locale = locale
        self._made: dict[str, Any] = {}

    def of(self, style: Mapping[str, Any], *, checkbox: bool = False) -> Any:
        """The format of a cell with a CellFormat; Excel has checkboxes as a format."""
        usual = {"font_name": "Arial", "font_size": 10} | ({"checkbox": True} if checkbox else {})
        return self._format(usual | self.properties(style))

    def partial(self, style: Mapping[str, Any]) -> Any:
        """A format that changes only what it names, for conditional formats."""
        return self._format(self.properties(style))

    def _format(self, properties: dict[str, Any]) -> Any:
        key = json.dumps(properties, sort_keys=True)
        if key not in self._made:
            self._made[key] = self._workbook.add_format(properties)
        return self._made[key]

    def properties(self, style: Mapping[str, Any]) -> dict[str, Any]:
        """A CellFormat in XlsxWriter's words."""
        found: dict[str, Any] = {}
        if background := color_of(style.get("backgroundColorStyle")):
            found["bg_color"] = background
        number = style.get("numberFormat", {})
        if number:
            found["num_format"] = number.get("pattern") or self._default(number.get("type", ""))
        found |= _alignment(style)
        found |= _font(style.get("textFormat", {}))
        for side, border in style.get("borders", {}).items():
            if border.get("style") in _BORDERS:
                found[side] = _BORDERS[border["style"]]
                found[f"{side}_color"] = color_of(border.get("colorStyle")) or "#000000"
        return found

    def _default(self, kind: str) -> str:
        if kind in DATE_TYPES:
            return default_pattern(kind, self._locale)
        return _NUMBERS.get(kind, "General")


def _alignment(style: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "horizontalAlignment" in style:
        found["align"] = _HORIZONTAL[style["horizontalAlignment"]]
    if "verticalAlignment" in style:
        found["valign"] = _VERTICAL[style["verticalAlignment"]]
    if style.get("wrapStrategy") == "WRAP":
        found["text_wrap"] = True
    rotation = style.get("textRotation", {})
    if rotation.get("vertical"):
        found["rotation"] = 270
    elif rotation.get("angle"):
        found["rotation"] = rotation["angle"]
    return found


def _font(text: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for ours, theirs in (
        ("bold", "bold"),
        ("italic", "italic"),
        ("strikethrough", "font_strikeout"),
    ):
        if text.get(ours):
            found[theirs] = True
    if text.get("underline"):
        found["underline"] = 1
    if "fontSize" in text:
        found["font_size"] = text["fontSize"]
    if "fontFamily" in text:
        found["font_name"] = text["fontFamily"]
    if color := color_of(text.get("foregroundColorStyle")):
        found["font_color"] = color
    return found
