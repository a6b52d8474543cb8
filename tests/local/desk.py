"""A spreadsheet in an embedded, validated session, and short ways to use it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gspread
import pytest

from tests.conformance.validated import validated_session

if TYPE_CHECKING:
    from automation.local import FaultPlan, LocalSession

API = "https://sheets.googleapis.com/v4/spreadsheets"
GUARD = 710_000_001


class Desk:
    """One spreadsheet."""

    def __init__(self, session: LocalSession, book_id: str = "") -> None:
        self.session = session
        self.http = gspread.HTTPClient(auth=None, session=session)  # type: ignore[arg-type]  # as gspread documents
        self.id = book_id or self.post("", {"properties": {"title": "Programme"}})["spreadsheetId"]
        self.url = f"{API}/{self.id}"

    def get(self, path: str = "", **params: Any) -> Any:
        """GET below the spreadsheet."""
        return self.http.request("get", self.url + path, params=params).json()

    def post(self, path: str, body: Any, **params: Any) -> Any:
        """POST below the spreadsheet, or to the collection when there is none yet."""
        url = getattr(self, "url", API)
        return self.http.request("post", url + path, json=body, params=params).json()

    def put(self, text: str, values: list[list[Any]], option: str = "RAW") -> Any:
        """`values.update`."""
        return self.http.values_update(
            self.id, text, {"valueInputOption": option}, {"values": values}
        )

    def batch(self, *requests: dict[str, Any]) -> Any:
        """`batchUpdate`: the replies."""
        return self.post(":batchUpdate", {"requests": list(requests)})["replies"]

    def values(self, text: str = "Sheet1", render: str = "UNFORMATTED_VALUE", **params: Any) -> Any:
        """`values.get`: the rows."""
        params["valueRenderOption"] = render
        return self.http.values_get(self.id, text, params).get("values", [])

    def sheet(self, fields: str, index: int = 0) -> Any:
        """Some fields of a sheet."""
        return self.get(fields=f"sheets({fields})").get("sheets", [{}])[index]

    def refusal(self, *requests: dict[str, Any]) -> str:
        """The message with which a batch is refused with 400."""
        with pytest.raises(gspread.exceptions.APIError) as caught:
            self.batch(*requests)
        assert caught.value.code == 400
        assert caught.value.error["status"] == "INVALID_ARGUMENT"
        return str(caught.value.error["message"])

    def dump(self) -> list[str]:
        """The whole workspace, as SQL."""
        return list(self.session.store.connection.iterdump())


def desk(faults: FaultPlan | None = None) -> Desk:
    """A new spreadsheet in a new workspace in memory."""
    return Desk(validated_session(faults=faults))


def text(value: str) -> dict[str, Any]:
    """A cell with a literal text."""
    return {"userEnteredValue": {"stringValue": value}}


def number(value: float) -> dict[str, Any]:
    """A cell with a number."""
    return {"userEnteredValue": {"numberValue": value}}


def rows(*lines: list[Any]) -> list[dict[str, Any]]:
    """RowData from plain values; None is an empty cell."""
    return [{"values": [_cell(value) for value in line]} for line in lines]


def _cell(value: Any) -> dict[str, Any]:
    if value is None:
        return {}
    return text(value) if isinstance(value, str) else number(value)


def guard(number_: int = GUARD, value: str = "run-1") -> dict[str, Any]:
    """The request that creates a guard."""
    return {
        "createDeveloperMetadata": {
            "developerMetadata": {
                "metadataId": number_,
                "metadataKey": "cohorte.guard",
                "metadataValue": value,
                "location": {"spreadsheet": True},
                "visibility": "DOCUMENT",
            }
        }
    }


def on_row(row: int, number_: int, sheet: int = 0) -> dict[str, Any]:
    """The request that puts metadata on a row."""
    where = {"sheetId": sheet, "dimension": "ROWS", "startIndex": row, "endIndex": row + 1}
    request = guard(number_)
    request["createDeveloperMetadata"]["developerMetadata"]["location"] = {"dimensionRange": where}
    return request


def dimension(kind: str, start: int, end: int, sheet: int = 0) -> dict[str, Any]:
    """A DimensionRange."""
    return {"sheetId": sheet, "dimension": kind, "startIndex": start, "endIndex": end}


def block(top: int, bottom: int, left: int, right: int, sheet: int = 0) -> dict[str, Any]:
    """A GridRange."""
    return {
        "sheetId": sheet,
        "startRowIndex": top,
        "endRowIndex": bottom,
        "startColumnIndex": left,
        "endColumnIndex": right,
    }
