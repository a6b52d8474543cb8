"""Our tabs, made pleasant once: afterwards what organisers restyle stays.

Cohorte's columns and the headers are protected with a warning, not locked: organisers keep the
right to sort and delete.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from gspread.utils import rowcol_to_a1

from automation import locale
from automation.workbook.layout import Kind, Owner, tabs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from automation.core.rules import Rules
    from automation.core.snapshot import Snapshot
    from automation.workbook.layout import Column, Tab

Request = dict[str, Any]

_SPARE_COLUMNS = 3  # for what organisers like to add on the right

INK = "#1F3A4D"
PAPER = "#FFFFFF"
FAINT = "#F3F5F6"
"""The colour of cells that are Cohorte's."""
_STATUS_COLOURS = {
    "confirmed": "#D5EDDB",
    "offered": "#DCEBFA",
    "waiting": "#FFF1CC",
    "to_review": "#FFDFC9",
    "withdrawn": "#E6E6E6",
    "declined": "#E6E6E6",
    "expired": "#E6E6E6",
    "removed": "#E6E6E6",
    "not_admitted": "#E6E6E6",
    "merged": "#ECE4F4",
    "erased": "#E6E6E6",
}
_ALERT = "#FFE1B8"
_SETTLED = "#E6E6E6"
_STRUCK = "#6B6B6B"
_FORMATS = {
    Kind.INTEGER: ("NUMBER", "0"),
    Kind.NUMBER: ("NUMBER", "0.##"),
    Kind.DAY: ("DATE", "ddd d mmm yyyy"),
    Kind.MOMENT: ("DATE_TIME", "yyyy-mm-dd hh:mm"),
}
_TIME_FORMATS = {"fr": 'h" h "mm', "en": "hh:mm"}
_CENTRED = frozenset({Kind.INTEGER, Kind.NUMBER, Kind.TIME, Kind.CHECKBOX})


def furnish(
    snapshot: Snapshot,
    new_tabs: Sequence[str],
    new_columns: Sequence[tuple[str, str]],
    rules: Rules,
) -> list[Request]:
    """Return the requests that make tabs, and columns of ours that existing tabs lack."""
    language = rules.language.value
    by_key = {tab.key: tab for tab in tabs(rules.fields.extra)}
    titles = set(snapshot.titles)
    requests: list[Request] = []
    for key in new_tabs:
        title = free_title(by_key[key].title(language), titles)
        titles.add(title)
        requests += make_tab(by_key[key], title, language)
    for key in dict.fromkeys(key for key, _ in new_columns):
        columns = [by_key[key].column(name) for tab, name in new_columns if tab == key]
        requests += _add_columns(by_key[key], columns, snapshot, language)
    return requests


def column_places(tab: Tab, snapshot: Snapshot) -> dict[str, int]:
    """Return where a tab's columns stand once it is furnished, as indexes from 0.

    Columns that organisers own and have deleted have no place.
    """
    standing = snapshot.standings.get(tab.key)
    if standing is None:
        return {column.key: index for index, column in enumerate(tab.columns)}
    added = [name for key, name in snapshot.missing_columns if key == tab.key]
    ours = {name: standing.width + index for index, name in enumerate(added)}
    return {**standing.columns, **ours}


def make_tab(tab: Tab, title: str, language: str) -> list[Request]:
    """Return the requests that make a tab with its headers, widths, dropdowns and colours."""
    size = {
        "rowCount": tab.rows,
        "columnCount": len(tab.columns) + (_SPARE_COLUMNS if _is_shared(tab) else 0),
        "frozenRowCount": tab.header + 1,
    }
    properties = {
        "sheetId": tab.sheet_id,
        "title": title,
        "gridProperties": size,
        "hidden": tab.hidden,
        "tabColorStyle": {"rgbColor": colour(INK)},
    }
    return [
        {"addSheet": {"properties": properties}},
        *_dress(tab, list(enumerate(tab.columns)), language),
    ]


def _is_shared(tab: Tab) -> bool:
    """Tell whether organisers write in a tab; the cells of the longest ones are counted by Google."""
    return any(column.owner is Owner.ORGANISER for column in tab.columns)


def _add_columns(
    tab: Tab, columns: Sequence[Column], snapshot: Snapshot, language: str
) -> list[Request]:
    standing = snapshot.standings[tab.key]
    lacking = standing.width + len(columns) - standing.column_count
    grow = {"sheetId": tab.sheet_id, "dimension": "COLUMNS", "length": lacking}
    places = column_places(tab, snapshot)
    return [
        *([{"appendDimension": grow}] if lacking > 0 else []),
        *_dress(tab, [(places[column.key], column) for column in columns], language),
    ]


def free_title(title: str, taken: set[str]) -> str:
    """Return the title, numbered where a tab has it already; Sheets tells no capital from a small."""
    folded = {one.casefold() for one in taken}
    number = 2
    free = title
    while free.casefold() in folded:
        free = f"{title} {number}"
        number += 1
    return free


def _dress(tab: Tab, places: Sequence[tuple[int, Column]], language: str) -> Iterable[Request]:
    for index, column in places:
        yield _header(tab, index, column, language)
        yield _format_cells(tab, index, column, language)
        yield _set_width(tab, index, column)
        if column.choices and column.owner is Owner.ORGANISER:
            yield _dropdown(tab, index, list(locale.labels(column.choices, language).values()))
        if column.kind is Kind.CHECKBOX:
            yield checkbox(_below_header(tab, index))
        yield from _colour_rules(tab, index, column, language)
    yield from _protections(tab, places, language)


def _below_header(tab: Tab, index: int) -> dict[str, int]:
    return {
        "sheetId": tab.sheet_id,
        "startRowIndex": tab.header + 1,
        "startColumnIndex": index,
        "endColumnIndex": index + 1,
    }


def _ours(tab: Tab, index: int) -> dict[str, int]:
    """Return the cells of a column of Cohorte's: guests' names, below the others, are not."""
    cells = _below_header(tab, index)
    return cells if tab.kept is None else {**cells, "endRowIndex": tab.header + 1 + tab.kept}


def _header(tab: Tab, index: int, column: Column, language: str) -> Request:
    ours = column.owner is not Owner.ORGANISER
    look = {
        "backgroundColorStyle": {"rgbColor": colour(INK if not ours else "#5B7382")},
        "textFormat": {"bold": True, "foregroundColorStyle": {"rgbColor": colour(PAPER)}},
        "wrapStrategy": "WRAP",
        "verticalAlignment": "MIDDLE",
    }
    cell = {
        "userEnteredValue": {"stringValue": column.label(language)},
        "userEnteredFormat": look,
    }
    start = {"sheetId": tab.sheet_id, "rowIndex": tab.header, "columnIndex": index}
    fields = "userEnteredValue,userEnteredFormat"
    return {"updateCells": {"start": start, "rows": [{"values": [cell]}], "fields": fields}}


def _format_cells(tab: Tab, index: int, column: Column, language: str) -> Request:
    wrap = "WRAP" if column.wraps else "CLIP"
    look: dict[str, Any] = {"verticalAlignment": "TOP", "wrapStrategy": wrap}
    if column.kind in _FORMATS:
        kind, pattern = _FORMATS[column.kind]
        look["numberFormat"] = {"type": kind, "pattern": pattern}
    if column.kind is Kind.TIME:
        look["numberFormat"] = {"type": "TIME", "pattern": _TIME_FORMATS[language]}
    if column.kind in _CENTRED:
        look["horizontalAlignment"] = "CENTER"
    if tab.header:
        look["verticalAlignment"] = "MIDDLE"  # its rows are tall
    if column.owner is not Owner.ORGANISER and tab.kept is None:
        look["backgroundColorStyle"] = {"rgbColor": colour(FAINT)}
    fields = ",".join(f"userEnteredFormat.{name}" for name in look)
    cell = {"userEnteredFormat": look}
    return {"repeatCell": {"range": _below_header(tab, index), "cell": cell, "fields": fields}}


def _set_width(tab: Tab, index: int, column: Column) -> Request:
    hidden = column.owner is Owner.HIDDEN and not tab.hidden
    return {
        "updateDimensionProperties": {
            "range": {
                "sheetId": tab.sheet_id,
                "dimension": "COLUMNS",
                "startIndex": index,
                "endIndex": index + 1,
            },
            "properties": {"pixelSize": column.width, "hiddenByUser": hidden},
            "fields": "pixelSize,hiddenByUser",
        }
    }


def _dropdown(tab: Tab, index: int, labels: Sequence[str]) -> Request:
    values = [{"userEnteredValue": label} for label in labels]
    # Not strict: a word of the organisers' own is a question to them, not an error of theirs.
    rule = {
        "condition": {"type": "ONE_OF_LIST", "values": values},
        "showCustomUi": True,
        "strict": False,
    }
    return {"setDataValidation": {"range": _below_header(tab, index), "rule": rule}}


def checkbox(cells: Mapping[str, int]) -> Request:
    """Return the request that gives cells a box to tick; blank ones stay blank, and unticked."""
    rule = {"condition": {"type": "BOOLEAN"}}
    return {"setDataValidation": {"range": dict(cells), "rule": rule}}


def _colour_rules(tab: Tab, index: int, column: Column, language: str) -> Iterable[Request]:
    if column.choices == "status" and column.key == "status":
        for status, label in locale.labels("status", language).items():
            condition = {"type": "TEXT_EQ", "values": [{"userEnteredValue": label}]}
            yield _colour_rule(tab, index, condition, _STATUS_COLOURS[status])
    if tab.key == "duplicates" and column.key == "verdict":
        # A pair with its verdict is over: it stays, in grey.
        places = {c.key: i for i, c in enumerate(tab.columns)}
        first, last = places["a"], places["verdict"]
        settled_at = index - places["verdict"] + places["settled"]
        formula = f"=${rowcol_to_a1(2, settled_at + 1)}=1"
        settled = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": formula}]}
        whole = {
            **_below_header(tab, index),
            "startColumnIndex": index - last + first,
        }
        yield _colour_rule(tab, index, settled, _SETTLED, whole)
    if tab.header and column.key == "left":
        yield _strike_out(tab, index)
    if column.key == "alerts":
        yield _colour_rule(tab, index, {"type": "NOT_BLANK"}, _ALERT)


def _strike_out(tab: Tab, index: int) -> Request:
    """Return the rule that strikes out whoever is no longer expected at a meeting."""
    formula = f"=${rowcol_to_a1(tab.header + 2, index + 1)}=1"
    condition = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": formula}]}
    struck = {
        "strikethrough": True,
        "foregroundColorStyle": {"rgbColor": colour(_STRUCK)},
    }
    rule = {
        "ranges": [{**_below_header(tab, index), "startColumnIndex": 0}],
        "booleanRule": {"condition": condition, "format": {"textFormat": struck}},
    }
    return {"addConditionalFormatRule": {"rule": rule, "index": 0}}


def _colour_rule(
    tab: Tab, index: int, condition: Request, shade: str, cells: dict[str, int] | None = None
) -> Request:
    look = {"backgroundColorStyle": {"rgbColor": colour(shade)}}
    rule = {
        "ranges": [cells or _below_header(tab, index)],
        "booleanRule": {"condition": condition, "format": look},
    }
    return {"addConditionalFormatRule": {"rule": rule, "index": 0}}


def _protections(
    tab: Tab, places: Sequence[tuple[int, Column]], language: str
) -> Iterable[Request]:
    """Warn before a header of ours or a cell of ours is edited."""
    by_side = groupby(places, key=lambda place: place[1].owner is not Owner.ORGANISER)
    sides = [(ours, [index for index, _ in group]) for ours, group in by_side]
    header = {
        "sheetId": tab.sheet_id,
        "startRowIndex": tab.header,
        "endRowIndex": tab.header + 1,
        "startColumnIndex": places[0][0],
        "endColumnIndex": places[-1][0] + 1,
    }
    cells = [
        {**_ours(tab, indexes[0]), "endColumnIndex": indexes[-1] + 1}
        for ours, indexes in sides
        if ours and tab.kept != 0
    ]
    for protected in (header, *cells):
        yield protect(protected, language)


def protect(cells: Mapping[str, int], language: str) -> Request:
    """Return the request that warns before cells are edited."""
    protection = {
        "range": dict(cells),
        "description": locale.text(language, "sheet.protected"),
        "warningOnly": True,
    }
    return {"addProtectedRange": {"protectedRange": protection}}


def colour(code: str) -> dict[str, float]:
    """Return #RRGGBB as the API's Color, whose parts go from 0 to 1."""
    parts = (code[1:3], code[3:5], code[5:7])
    return {
        name: round(int(part, 16) / 255, 4)
        for name, part in zip(("red", "green", "blue"), parts, strict=True)
    }
