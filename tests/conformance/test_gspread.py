"""Every public method of gspread, asked for its effect; the last test sees to "every"."""

from __future__ import annotations

import inspect
from functools import wraps
from typing import TYPE_CHECKING, Any

import gspread
import pytest
from gspread.utils import (
    DateTimeOption,
    Dimension,
    ExportFormat,
    MergeType,
    PasteOrientation,
    PasteType,
    ValidationConditionType,
    ValueRenderOption,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_CLASSES = (gspread.Client, gspread.Spreadsheet, gspread.Worksheet)
_LOCAL_ONLY = {"Client.set_timeout", "Client.expiry"}
"""They ask no server anything."""
_WARNS = pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")
_claimed: set[str] = set()
_called: set[str] = set()

pytestmark = [_WARNS]


def covers(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A test that calls these methods, which is checked."""
    _claimed.update(names)

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        @wraps(test)
        def checked(*args: Any, **options: Any) -> None:
            _called.clear()
            test(*args, **options)
            missing = set(names) - _called
            assert not missing, f"claimed and not called: {missing}"

        return checked

    return decorate


def public_names() -> Iterator[tuple[type, str, Any]]:
    """(class, name, member) of everything public that a class itself has."""
    for owner in _CLASSES:
        for name, member in vars(owner).items():
            if not name.startswith("_") and (
                inspect.isfunction(member) or isinstance(member, property)
            ):
                yield owner, name, member


@pytest.fixture(autouse=True)
def recorder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Notes which of the public methods and properties are used."""
    for owner, name, member in list(public_names()):
        full = f"{owner.__name__}.{name}"
        monkeypatch.setattr(owner, name, _noting(full, member))


def _noting(full: str, member: Any) -> Any:
    if isinstance(member, property):
        return property(_noting(full, member.fget))

    @wraps(member)
    def noted(*args: Any, **options: Any) -> Any:
        _called.add(full)
        return member(*args, **options)

    return noted


def test_every_public_method_is_tried() -> None:
    names = {f"{owner.__name__}.{name}" for owner, name, _ in public_names()}

    assert names - _LOCAL_ONLY == _claimed


# Client


@covers(
    "Client.create", "Client.open", "Client.open_by_key", "Client.open_by_url", "Client.openall",
    "Client.list_spreadsheet_files", "Client.get_file_drive_metadata", "Client.del_spreadsheet",
)  # fmt: skip
def test_files_are_made_found_and_deleted(client: gspread.Client) -> None:
    made = client.create("Un fichier à trouver")

    assert client.open("Un fichier à trouver").id == made.id
    assert client.open_by_key(made.id).title == "Un fichier à trouver"
    assert client.open_by_url(made.url).id == made.id
    assert [book.id for book in client.openall("Un fichier à trouver")] == [made.id]
    assert made.id in {file["id"] for file in client.list_spreadsheet_files()}
    assert client.get_file_drive_metadata(made.id)["name"] == "Un fichier à trouver"
    client.del_spreadsheet(made.id)
    with pytest.raises(gspread.exceptions.SpreadsheetNotFound):
        client.open_by_key(made.id)


@covers("Client.copy")
def test_a_copy_has_the_values_the_permissions_and_the_comments(
    client: gspread.Client, sheet: gspread.Worksheet
) -> None:
    book = sheet.spreadsheet
    book.share("lise@example.org", perm_type="user", role="writer", notify=False)
    url = f"https://www.googleapis.com/drive/v3/files/{book.id}/comments"
    client.http_client.request("post", url, json={"content": "À voir"}, params={"fields": "id"})

    copy = client.copy(book.id, title="Copie", copy_permissions=True)

    assert copy.sheet1.acell("A2").value == "Anne"
    assert "lise@example.org" in {p.get("emailAddress") for p in copy.list_permissions()}
    url = url.replace(book.id, copy.id)
    found = client.http_client.request("get", url, params={"fields": "comments"}).json()
    assert [comment["content"] for comment in found["comments"]] == ["À voir"]
    client.del_spreadsheet(copy.id)


@covers("Client.export", "Spreadsheet.export")
def test_a_spreadsheet_is_exported(client: gspread.Client, sheet: gspread.Worksheet) -> None:
    plain = client.export(sheet.spreadsheet_id, ExportFormat.CSV)
    excel = sheet.spreadsheet.export(ExportFormat.EXCEL)

    assert plain == b"Nom,Places,Note\r\nAnne,3,a\r\nBo,12,b"
    assert excel.startswith(b"PK")


@covers("Client.import_csv")
def test_csv_replaces_everything(client: gspread.Client, sheet: gspread.Worksheet) -> None:
    sheet.spreadsheet.add_worksheet("Autre", 5, 5)

    client.import_csv(sheet.spreadsheet_id, 'a,"b, c"\n1,2026-01-31\n')

    book = client.open_by_key(sheet.spreadsheet_id)
    assert len(book.worksheets()) == 1
    assert book.sheet1.get_all_values() == [["a", "b, c"], ["1", "2026-01-31"]]


@covers(
    "Client.insert_permission", "Client.list_permissions", "Client.remove_permission",
    "Spreadsheet.share", "Spreadsheet.list_permissions", "Spreadsheet.remove_permissions",
)  # fmt: skip
def test_permissions_come_and_go(client: gspread.Client, spreadsheet: gspread.Spreadsheet) -> None:
    client.insert_permission(spreadsheet.id, "lise@example.org", "user", "reader", notify=False)
    spreadsheet.share("", perm_type="anyone", role="reader")
    shared = {p["id"]: p for p in client.list_permissions(spreadsheet.id)}

    client.remove_permission(spreadsheet.id, "anyoneWithLink")
    removed = spreadsheet.remove_permissions("lise@example.org")

    assert [shared[key]["role"] for key in removed] == ["reader"]
    assert "anyoneWithLink" in shared
    assert {p["role"] for p in spreadsheet.list_permissions()} == {"owner"}


@covers("Spreadsheet.transfer_ownership", "Spreadsheet.accept_ownership")
def test_ownership_is_offered_and_taken(spreadsheet: gspread.Spreadsheet) -> None:
    spreadsheet.share("lise@example.org", perm_type="user", role="writer", notify=False)
    (lise,) = [p for p in spreadsheet.list_permissions() if p["role"] == "writer"]

    offered = spreadsheet.transfer_ownership(str(lise["id"]))
    taken = spreadsheet.accept_ownership(str(lise["id"]))

    assert (offered.json()["role"], taken.json()["role"]) == ("writer", "owner")
    roles = {p["emailAddress"]: p["role"] for p in spreadsheet.list_permissions()}
    assert roles["lise@example.org"] == "owner"
    assert list(roles.values()).count("owner") == 1


# Spreadsheet


@covers(
    "Spreadsheet.id", "Spreadsheet.title", "Spreadsheet.url", "Spreadsheet.timezone",
    "Spreadsheet.locale", "Spreadsheet.creationTime", "Spreadsheet.lastUpdateTime",
    "Spreadsheet.get_lastUpdateTime", "Spreadsheet.update_drive_metadata",
    "Spreadsheet.update_title", "Spreadsheet.update_timezone", "Spreadsheet.update_locale",
    "Spreadsheet.fetch_sheet_metadata",
)  # fmt: skip
def test_a_spreadsheet_says_what_it_is(spreadsheet: gspread.Spreadsheet) -> None:
    spreadsheet.update_title("Programme")
    spreadsheet.update_timezone("America/Montreal")
    spreadsheet.update_locale("fr_CA")
    spreadsheet.update_drive_metadata()

    assert (spreadsheet.title, spreadsheet.timezone, spreadsheet.locale) == (
        "Programme",
        "America/Montreal",
        "fr_CA",
    )
    assert spreadsheet.id in spreadsheet.url
    assert spreadsheet.creationTime <= spreadsheet.lastUpdateTime
    assert spreadsheet.get_lastUpdateTime().endswith("Z")
    assert spreadsheet.fetch_sheet_metadata()["properties"]["title"] == "Programme"


@covers(
    "Spreadsheet.sheet1", "Spreadsheet.get_worksheet", "Spreadsheet.get_worksheet_by_id",
    "Spreadsheet.worksheets", "Spreadsheet.worksheet", "Spreadsheet.add_worksheet",
    "Spreadsheet.duplicate_sheet", "Spreadsheet.del_worksheet", "Spreadsheet.del_worksheet_by_id",
    "Spreadsheet.reorder_worksheets",
)  # fmt: skip
def test_sheets_are_added_copied_ordered_and_deleted(sheet: gspread.Worksheet) -> None:
    book = sheet.spreadsheet
    added = book.add_worksheet("Deux", rows=7, cols=3)
    copied = book.duplicate_sheet(sheet.id, new_sheet_name="Copie", insert_sheet_index=1)

    book.reorder_worksheets([added, copied, sheet])

    assert [one.title for one in book.worksheets()] == ["Deux", "Copie", sheet.title]
    assert book.get_worksheet(1).acell("A2").value == "Anne"
    assert book.get_worksheet_by_id(added.id).row_count == 7
    assert book.worksheet("Copie").id == copied.id
    assert book.sheet1.title == "Deux"
    book.del_worksheet(added)
    book.del_worksheet_by_id(copied.id)
    assert [one.id for one in book.worksheets()] == [sheet.id]


@covers(
    "Spreadsheet.values_get", "Spreadsheet.values_update", "Spreadsheet.values_append",
    "Spreadsheet.values_clear", "Spreadsheet.values_batch_get", "Spreadsheet.values_batch_update",
    "Spreadsheet.values_batch_clear", "Spreadsheet.batch_update",
)  # fmt: skip
def test_values_are_read_and_written_at_a_low_level(sheet: gspread.Worksheet) -> None:
    book = sheet.spreadsheet
    raw: dict[str, Any] = {"valueInputOption": "RAW"}

    book.values_update("E1", params=raw, body={"values": [["e"]]})
    book.values_append("A1", params=raw, body={"values": [["Cy", 1]]})
    book.values_batch_update({**raw, "data": [{"range": "F1", "values": [["f"]]}]})
    book.values_clear("B2")
    book.values_batch_clear(body={"ranges": ["C2", "C3"]})
    book.batch_update({"requests": [{"appendDimension": {"dimension": "ROWS", "length": 5}}]})

    assert book.values_get("A1:F4")["values"] == [
        ["Nom", "Places", "Note", "", "e", "f"],
        ["Anne"],
        ["Bo", "12"],
        ["Cy", "1"],
    ]
    assert [found["values"] for found in book.values_batch_get(["A4", "E1"])["valueRanges"]] == [
        [["Cy"]],
        [["e"]],
    ]
    assert (
        book.fetch_sheet_metadata()["sheets"][0]["properties"]["gridProperties"]["rowCount"] == 1005
    )


@covers(
    "Spreadsheet.named_range", "Spreadsheet.list_named_ranges", "Worksheet.define_named_range",
    "Worksheet.delete_named_range",
)  # fmt: skip
def test_ranges_have_names(sheet: gspread.Worksheet) -> None:
    answer = sheet.define_named_range("A2:A3", "gens")

    number = answer["replies"][0]["addNamedRange"]["namedRange"]["namedRangeId"]
    assert [cell.value for cell in sheet.spreadsheet.named_range("gens")] == ["Anne", "Bo"]
    assert [one["name"] for one in sheet.spreadsheet.list_named_ranges()] == ["gens"]
    sheet.delete_named_range(number)
    assert sheet.spreadsheet.list_named_ranges() == []


@covers(
    "Spreadsheet.list_protected_ranges", "Worksheet.add_protected_range",
    "Worksheet.delete_protected_range",
)  # fmt: skip
def test_ranges_are_protected(sheet: gspread.Worksheet) -> None:
    sheet.add_protected_range("A1:B2", description="Titres", warning_only=True)
    (found,) = sheet.spreadsheet.list_protected_ranges(sheet.id)

    sheet.delete_protected_range(found["protectedRangeId"])

    assert found["description"] == "Titres"
    assert found["range"]["endColumnIndex"] == 2
    assert sheet.spreadsheet.list_protected_ranges(sheet.id) == []


# Worksheet


@covers(
    "Worksheet.id", "Worksheet.spreadsheet", "Worksheet.title", "Worksheet.url", "Worksheet.index",
    "Worksheet.isSheetHidden", "Worksheet.row_count", "Worksheet.col_count",
    "Worksheet.column_count", "Worksheet.frozen_row_count", "Worksheet.frozen_col_count",
    "Worksheet.is_gridlines_hidden", "Worksheet.tab_color", "Worksheet.get_tab_color",
    "Worksheet.update_title", "Worksheet.update_tab_color", "Worksheet.clear_tab_color",
    "Worksheet.update_index", "Worksheet.freeze", "Worksheet.hide", "Worksheet.show",
    "Worksheet.hide_gridlines", "Worksheet.show_gridlines", "Worksheet.resize",
    "Worksheet.add_rows", "Worksheet.add_cols",
)  # fmt: skip
def test_a_sheet_looks_as_it_is_told(sheet: gspread.Worksheet) -> None:
    book = sheet.spreadsheet
    book.add_worksheet("Autre", 2, 2)

    sheet.update_title("Gens")
    sheet.update_tab_color("#ff0000")
    sheet.update_index(2)
    sheet.freeze(rows=1, cols=2)
    sheet.hide()
    sheet.hide_gridlines()
    sheet.resize(rows=10, cols=5)
    sheet.add_rows(2)
    sheet.add_cols(1)

    fresh = book.worksheet("Gens")
    assert (fresh.id, fresh.title, fresh.index) == (sheet.id, "Gens", 1)
    assert (fresh.row_count, fresh.col_count, fresh.column_count) == (12, 6, 6)
    assert (fresh.frozen_row_count, fresh.frozen_col_count) == (1, 2)
    assert fresh.isSheetHidden
    assert fresh.is_gridlines_hidden
    assert fresh.get_tab_color() == "#FF0000"
    assert fresh.tab_color is not None
    assert f"gid={sheet.id}" in fresh.url
    fresh.show()
    fresh.show_gridlines()
    fresh.clear_tab_color()
    again = book.worksheet("Gens")
    assert (again.isSheetHidden, again.is_gridlines_hidden) == (False, False)
    assert again.get_tab_color() is None


@covers(
    "Worksheet.acell", "Worksheet.cell", "Worksheet.range", "Worksheet.get", "Worksheet.batch_get",
    "Worksheet.get_values", "Worksheet.get_all_values", "Worksheet.get_all_records",
    "Worksheet.get_all_cells", "Worksheet.row_values", "Worksheet.col_values", "Worksheet.find",
    "Worksheet.findall", "Worksheet.expand",
)  # fmt: skip
def test_cells_are_read_in_every_way(sheet: gspread.Worksheet) -> None:
    everything = [["Nom", "Places", "Note"], ["Anne", "3", "a"], ["Bo", "12", "b"]]

    assert sheet.acell("B3").value == "12"
    assert str(sheet.cell(3, 2, ValueRenderOption.unformatted).value) == "12"
    assert [cell.value for cell in sheet.range("A2:A3")] == ["Anne", "Bo"]
    assert sheet.get("A1:C3") == everything
    assert sheet.get("A1:A3", major_dimension=Dimension.cols) == [["Nom", "Anne", "Bo"]]
    assert sheet.batch_get(["A2", "C3"]) == [[["Anne"]], [["b"]]]
    assert sheet.get_values("A2:B2") == [["Anne", "3"]]
    assert sheet.get_all_values() == everything
    assert sheet.get_all_records()[1] == {"Nom": "Bo", "Places": 12, "Note": "b"}
    assert len(sheet.get_all_cells()) == 26_000
    assert sheet.row_values(2) == ["Anne", "3", "a"]
    assert sheet.col_values(1) == ["Nom", "Anne", "Bo"]
    found = sheet.find("Bo")
    assert found is not None
    assert found.address == "A3"
    assert [cell.address for cell in sheet.findall("a")] == ["C2"]
    assert sheet.expand("A1") == everything


@covers(
    "Worksheet.update_acell", "Worksheet.update_cell", "Worksheet.update_cells", "Worksheet.update",
    "Worksheet.batch_update", "Worksheet.append_row", "Worksheet.append_rows",
    "Worksheet.insert_row", "Worksheet.insert_rows", "Worksheet.insert_cols", "Worksheet.clear",
    "Worksheet.batch_clear", "Worksheet.delete_rows", "Worksheet.delete_columns",
    "Worksheet.delete_dimension",
)  # fmt: skip
def test_cells_are_written_in_every_way(sheet: gspread.Worksheet) -> None:
    sheet.update_acell("C2", "acell")
    sheet.update_cell(3, 3, "cell")
    sheet.update_cells([gspread.Cell(1, 3, "cells")])
    sheet.update([["Anna"]], "A2")
    sheet.batch_update([{"range": "B2:B3", "values": [[4], [5]]}])
    sheet.append_row(["Cy", 6])
    sheet.append_rows([["Di", 7], ["Eve", 8]])
    sheet.insert_row(["Zéro"], 2)
    sheet.insert_rows([["Un"]], 2)
    sheet.insert_cols([["N°", 1, 2]], 1)
    sheet.batch_clear(["B2", "B3"])

    assert sheet.get_all_values() == [
        ["N°", "Nom", "Places", "cells"],
        ["1", "", "", ""],
        ["2", "", "", ""],
        ["", "Anna", "4", "acell"],
        ["", "Bo", "5", "cell"],
        ["", "Cy", "6", ""],
        ["", "Di", "7", ""],
        ["", "Eve", "8", ""],
    ]
    sheet.delete_rows(2, 3)
    sheet.delete_columns(1)
    sheet.delete_dimension(Dimension.rows, 3, 5)
    assert sheet.col_values(1) == ["Nom", "Anna", "Eve"]
    sheet.clear()
    assert sheet.get_all_values() == [[]]


@covers("Worksheet.format", "Worksheet.batch_format")
def test_cells_are_formatted(sheet: gspread.Worksheet) -> None:
    sheet.format("A1:C1", {"textFormat": {"bold": True}})
    sheet.batch_format(
        [{"range": "B2:B3", "format": {"numberFormat": {"type": "NUMBER", "pattern": "0.00"}}}]
    )

    assert sheet.get("B2:B3") == [["3.00"], ["12.00"]]
    fields = "sheets.data.rowData.values.userEnteredFormat.textFormat.bold"
    found = sheet.spreadsheet.fetch_sheet_metadata({"fields": fields, "ranges": "A1:B1"})
    assert str(found).count("True") == 2


@covers("Worksheet.sort", "Worksheet.set_basic_filter", "Worksheet.clear_basic_filter")
def test_rows_are_sorted_and_filtered(sheet: gspread.Worksheet) -> None:
    sheet.sort((2, "des"), range="A2:C3")
    sheet.set_basic_filter("A1:C3")
    filtered = sheet.spreadsheet.fetch_sheet_metadata()["sheets"][0]["basicFilter"]
    sheet.clear_basic_filter()

    assert sheet.col_values(1) == ["Nom", "Bo", "Anne"]
    assert filtered["range"]["endRowIndex"] == 3
    assert "basicFilter" not in sheet.spreadsheet.fetch_sheet_metadata()["sheets"][0]


@covers("Worksheet.merge_cells", "Worksheet.unmerge_cells", "Worksheet.batch_merge")
def test_cells_are_merged(sheet: gspread.Worksheet) -> None:
    sheet.merge_cells("E1:F2", MergeType.merge_rows)
    sheet.batch_merge([{"range": "H1:I1"}])
    merged = sheet.spreadsheet.fetch_sheet_metadata()["sheets"][0]["merges"]
    sheet.unmerge_cells("E1:F2")

    assert len(merged) == 3
    assert len(sheet.spreadsheet.fetch_sheet_metadata()["sheets"][0]["merges"]) == 1


@covers(
    "Worksheet.get_note", "Worksheet.get_notes", "Worksheet.update_note", "Worksheet.update_notes",
    "Worksheet.insert_note", "Worksheet.insert_notes", "Worksheet.clear_note",
    "Worksheet.clear_notes",
)  # fmt: skip
def test_notes_are_kept(sheet: gspread.Worksheet) -> None:
    sheet.update_note("A1", "un")
    sheet.insert_note("B1", "deux")
    sheet.update_notes({"C1": "trois"})
    sheet.insert_notes({"A2": "quatre"})

    assert sheet.get_note("A1") == "un"
    assert next(row[:3] for row in sheet.get_notes()) == ["un", "deux", "trois"]
    sheet.clear_note("A1")
    sheet.clear_notes(["B1", "C1"])
    assert [note for row in sheet.get_notes() for note in row if note] == ["quatre"]


@covers(
    "Worksheet.add_dimension_group_columns", "Worksheet.add_dimension_group_rows",
    "Worksheet.delete_dimension_group_columns", "Worksheet.delete_dimension_group_rows",
    "Worksheet.list_dimension_group_columns", "Worksheet.list_dimension_group_rows",
)  # fmt: skip
def test_rows_and_columns_are_grouped(sheet: gspread.Worksheet) -> None:
    sheet.add_dimension_group_columns(1, 3)
    sheet.add_dimension_group_rows(2, 5)
    columns, rows = sheet.list_dimension_group_columns(), sheet.list_dimension_group_rows()
    sheet.delete_dimension_group_columns(1, 3)
    sheet.delete_dimension_group_rows(2, 5)

    assert [group["range"]["endIndex"] for group in (*columns, *rows)] == [3, 5]
    assert (sheet.list_dimension_group_columns(), sheet.list_dimension_group_rows()) == ([], [])


@covers(
    "Worksheet.hide_columns", "Worksheet.hide_rows", "Worksheet.unhide_columns",
    "Worksheet.unhide_rows", "Worksheet.columns_auto_resize", "Worksheet.rows_auto_resize",
)  # fmt: skip
def test_rows_and_columns_are_hidden_and_sized(sheet: gspread.Worksheet) -> None:
    def hidden() -> tuple[list[int], list[int]]:
        fields = "sheets.data(rowMetadata.hiddenByUser,columnMetadata.hiddenByUser)"
        data = sheet.spreadsheet.fetch_sheet_metadata({"fields": fields})["sheets"][0]
        found = data.get("data", [{}])[0]
        return tuple(  # type: ignore[return-value]
            [i for i, one in enumerate(found.get(name, [])) if one.get("hiddenByUser")]
            for name in ("rowMetadata", "columnMetadata")
        )

    sheet.hide_rows(1, 3)
    sheet.hide_columns(0, 1)
    both = hidden()
    sheet.unhide_rows(1, 3)
    sheet.unhide_columns(0, 1)
    sheet.columns_auto_resize(0, 2)
    sheet.rows_auto_resize(0, 2)

    assert both == ([1, 2], [0])
    assert hidden() == ([], [])


@covers("Worksheet.copy_range", "Worksheet.cut_range", "Worksheet.duplicate", "Worksheet.copy_to")
def test_cells_and_sheets_are_copied(client: gspread.Client, sheet: gspread.Worksheet) -> None:
    sheet.copy_range("A1:B1", "E1:F1", PasteType.values, PasteOrientation.normal)
    sheet.cut_range("C1:C3", "H1")
    twin = sheet.duplicate(new_sheet_name="Jumelle")
    other = client.create("Ailleurs")
    sent = sheet.copy_to(other.id)

    assert sheet.row_values(1) == ["Nom", "Places", "", "", "Nom", "Places", "", "Note"]
    assert twin.row_values(1) == sheet.row_values(1)
    assert sent["title"] == f"Copy of {sheet.title}"
    assert other.worksheet(sent["title"]).acell("A2").value == "Anne"
    client.del_spreadsheet(other.id)


@covers("Worksheet.add_validation")
def test_cells_have_a_choice(sheet: gspread.Worksheet) -> None:
    sheet.add_validation(
        "C2:C3", ValidationConditionType.one_of_list, ["oui", "non"], showCustomUi=True
    )

    fields = "sheets.data.rowData.values.dataValidation"
    found = sheet.spreadsheet.fetch_sheet_metadata({"fields": fields, "ranges": "C2"})
    (cell,) = found["sheets"][0]["data"][0]["rowData"][0]["values"]
    values = [one["userEnteredValue"] for one in cell["dataValidation"]["condition"]["values"]]
    assert values == ["oui", "non"]
    assert cell["dataValidation"]["showCustomUi"] is True


def test_typed_dates_read_back_in_each_way(sheet: gspread.Worksheet) -> None:
    sheet.update([["2026-01-31"]], "D1", raw=False)

    unformatted = ValueRenderOption.unformatted
    shown = [
        sheet.get("D1", value_render_option=unformatted, date_time_render_option=way)[0][0]
        for way in (DateTimeOption.serial_number, DateTimeOption.formatted_string)
    ]

    assert shown == [46053, "2026-01-31"]
