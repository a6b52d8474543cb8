"""The spreadsheet: its tabs, and the cells that organisers write in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import abort, g, jsonify, redirect, render_template, request

from automation import locale
from automation.studio.grid import view_sheet
from automation.studio.paging import read_page
from automation.studio.tab import list_tabs
from automation.studio.writing import Edit, OvertakenError, write_cell

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.wrappers import Response as AnyResponse

    from automation.studio.bench import Bench

_FIRST: Final = (7103, 7101)
"""Inscriptions, else Cohortes: where organisers begin."""
_LONGEST: Final = 50_000
"""Letters that a cell of Sheets holds."""


def add_pages(app: Flask, bench: Bench) -> None:
    """Add the spreadsheet to an application."""

    @app.get("/sheets")
    def sheets() -> AnyResponse:
        ids = [one["sheetId"] for one in list_tabs(bench)]
        first = next((one for one in _FIRST if one in ids), ids[0])
        return redirect(f"/sheets/{first}", 303)

    @app.get("/sheets/<int:sheet_id>")
    def sheet(sheet_id: int) -> str:
        view = view_sheet(bench, sheet_id, read_page(), g.language) or abort(404)
        tabs = [(one["sheetId"], one["title"]) for one in list_tabs(bench)]
        return render_template("sheet.html.j2", view=view, tabs=tabs)

    @app.post("/sheets/<int:sheet_id>/cell")
    def cell(sheet_id: int) -> Any:
        try:
            written = write_cell(bench, sheet_id, _read_edit())
        except OvertakenError as error:
            return jsonify(said=locale.text(g.language, f"studio.{error.code}")), 409
        said = locale.text(g.language, "studio.cell_saved")
        return jsonify(shown=written.shown, key=written.key, said=said)


def _read_edit() -> Edit:
    given = request.form
    try:
        row, column = int(given["row"]), int(given["column"])
        text, was = given["text"][:_LONGEST], given["was"]
    except (KeyError, ValueError):
        abort(400)
    if row < 0 or column < 0:
        abort(400)
    return Edit(
        row=row,
        column=column,
        key=given.get("key", ""),
        header=given.get("header", ""),
        was=was,
        text=text,
        ticks=given.get("ticks") == "yes",
    )
