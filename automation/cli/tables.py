"""Our tabs as tables at a terminal: what tells the story, in words, in the width there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.markup import escape
from rich.table import Table

from automation import locale
from automation.cli.render import STATUS_STYLES, tell_change
from automation.workbook.layout import Kind, Owner

if TYPE_CHECKING:
    from collections.abc import Sequence

    from automation.workbook.layout import Column, Tab
    from automation.workbook.view import Value

_SHORT: Final = frozenset(
    (
        Kind.INTEGER,
        Kind.NUMBER,
        Kind.DAY,
        Kind.TIME,
        Kind.MOMENT,
        Kind.INSTANT,
    )
)
"""What is never broken over two lines."""
_WIDE: Final = 100
"""Columns of a terminal from which each column of a tab has room of its own."""
_BELOW: Final = {
    "enrolments": ("status", "reason"),
    "meetings": ("theme", "place"),
    "duplicates": ("verdict", "reason"),
    "mail": ("to", "subject"),
    "journal": ("to", "reason"),
}
"""By tab: a column, and the one that goes below it where there is less room."""
_LABELS: Final = {("enrolments", "last_name"): "column.name", ("journal", "to"): "column.change"}
"""Columns that hold more here than in the tab."""
_CODES: Final = {("handled", "state"): "handled_state", ("mail_log", "state"): "mail_state"}
"""Columns that hold identifiers in the tab, as labels of a closed set here."""
_NAMELESS: Final = frozenset({"made", "adopted"})
"""Events whose reason, in the journal, is the id of the workbook."""


def tab_table(tab: Tab, rows: Sequence[dict[str, Value]], language: str, *, width: int) -> Table:
    """Return the columns that tell the story, where they hold anything.

    Args:
        width: Of the terminal, in columns.
    """
    told = [_tell_row(tab, row, language) for row in rows]
    upper, lower = _BELOW.get(tab.key, ("", "")) if width < _WIDE else ("", "")
    labels = {key: _label(tab, tab.column(key), language) for key in tab.brief}
    if lower and any(row[lower] for row in told):
        labels[upper] = f"{labels[upper]} / {labels[lower]}"
        for cells in told:
            cells[upper] = "\n".join(filter(None, (cells[upper], cells.pop(lower))))
    columns = [tab.column(key) for key in tab.brief if any(row.get(key) for row in told)]
    table = Table(
        title=tab.title(language),
        box=None,
        pad_edge=False,
        header_style="bold",
        title_justify="left",
    )
    for column in columns:
        table.add_column(
            labels[column.key],
            justify="right" if column.kind in {Kind.INTEGER, Kind.NUMBER} else "left",
            no_wrap=column.kind in _SHORT,
            overflow="fold",
        )
    for row, cells in zip(rows, told, strict=True):
        style = STATUS_STYLES.get(str(row.get("status")), "")
        table.add_row(*(escape(cells.get(column.key, "")) for column in columns), style=style)
    return table


def _label(tab: Tab, column: Column, language: str) -> str:
    """Return the header; a hidden column's is no word that people know."""
    code = _LABELS.get((tab.key, column.key))
    if code is None and column.owner is Owner.HIDDEN:
        code = f"column.{column.key}"
    words = locale.CATALOGUES[language]
    return words.get(code or "", column.label(language))


def _tell_row(tab: Tab, row: dict[str, Value], language: str) -> dict[str, str]:
    """Return what a row says in words, by column; "" for what goes without saying."""
    cells = {key: _tell(tab, key, row.get(key), language) for key in tab.brief}
    if tab.key == "enrolments":
        cells |= {
            "first_name": "",
            "last_name": " ".join(filter(None, (cells["first_name"], cells["last_name"]))),
            "rank": "",
            "status": cells["status"] + (f" ({cells['rank']})" if cells["rank"] else ""),
            "alerts": "",
            "reason": "\n".join(filter(None, (cells["reason"], cells["alerts"]))),
        }
    elif tab.key == "meetings" and row.get("state") == "planned":
        cells["state"] = ""
    elif tab.key == "handled":
        cells["key"] = ""
    elif tab.key == "journal":
        event, before, after = (str(row.get(key) or "") for key in ("event", "from", "to"))
        cells |= {"from": "", "to": tell_change(event, before, after, language)}
        if event in _NAMELESS:
            cells["reason"] = ""
    return cells


def _tell(tab: Tab, key: str, value: Value, language: str) -> str:
    """Return a cell in words: an instant as people write it, to the minute."""
    column = tab.column(key)
    words = in_words(tab, key, value, language)
    if column.kind in {Kind.MOMENT, Kind.INSTANT} and words[10:11] == "T":
        return f"{words[:10]} {words[11:16]}"
    return words


def in_words(tab: Tab, key: str, value: Value, language: str) -> str:
    """Return a cell as a text, an identifier of a closed set as its label."""
    if value is None or value is False:
        return ""
    if value is True:
        return "☑"
    group = _CODES.get((tab.key, key)) or tab.column(key).choices
    words = locale.CATALOGUES[language]
    return words.get(f"{group}.{value}", str(value))
