"""Stories told to a spreadsheet, the same wherever it is; what it answers can be recorded.

A story is a list of calls on a new spreadsheet of the first sheet `Feuille`. An answer is compared
without what differs from one time to the next: ids, links, times, revisions.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

if TYPE_CHECKING:
    import requests

SHEETS: Final = "https://sheets.googleapis.com/v4/spreadsheets"
_PASSING: Final = frozenset({"spreadsheetId", "spreadsheetUrl", "message", "details"})
"""Fields whose content says nothing: ids, and the words of refusals, which Google localises."""


class Call(Struct, frozen=True, kw_only=True):
    """One call below the spreadsheet.

    Attributes:
        method: Of HTTP.
        path: After the spreadsheet's id.
        params: Of the query.
        body: As JSON, or None.
    """

    method: str
    path: str
    params: dict[str, str]
    body: Any = None


def read(text: str, **params: str) -> Call:
    """`values.get`."""
    return Call(method="GET", path=f"/values/{text}", params=params)


def write(text: str, values: Any, option: str = "USER_ENTERED") -> Call:
    """`values.update`."""
    body = {"values": values}
    return Call(
        method="PUT", path=f"/values/{text}", params={"valueInputOption": option}, body=body
    )


def append(text: str, values: Any) -> Call:
    """`values.append`."""
    params = {"valueInputOption": "RAW"}
    return Call(
        method="POST", path=f"/values/{text}:append", params=params, body={"values": values}
    )


def batch(*requests: Any) -> Call:
    """`batchUpdate`."""
    return Call(method="POST", path=":batchUpdate", params={}, body={"requests": list(requests)})


def look(fields: str) -> Call:
    """`spreadsheets.get` with a mask."""
    return Call(method="GET", path="", params={"fields": fields})


def _area(top: int, bottom: int, left: int, right: int) -> dict[str, int]:
    return {
        "startRowIndex": top,
        "endRowIndex": bottom,
        "startColumnIndex": left,
        "endColumnIndex": right,
    }


def _rows(start: int, end: int) -> dict[str, Any]:
    return {"dimension": "ROWS", "startIndex": start, "endIndex": end}


_TYPED: Final = [
    ["0042", "1,234", "1,234.5", "12%", "12.5%", "$12", "$1234.5", "1e3"],
    ["2020-01-01", "1/31/2026", "1/31/26", "Jan 31, 2026", "9:30", "9:30 PM", "25:30", "TRUE"],
    ["'0042", "=1+1", "=1/0", "1 234,5", "12,50 $", "31/01/2026", "vrai", "1/2"],
]
_MARK: Final = {
    "createDeveloperMetadata": {
        "developerMetadata": {
            "metadataId": 7,
            "metadataKey": "k",
            "location": {"dimensionRange": _rows(1, 2)},
            "visibility": "DOCUMENT",
        }
    }
}
_LAID: Final = (
    {"mergeCells": {"range": _area(3, 4, 0, 2), "mergeType": "MERGE_ALL"}},
    {
        "addNamedRange": {
            "namedRange": {"namedRangeId": "n1", "name": "places", "range": _area(1, 3, 0, 1)}
        }
    },
    {"addDimensionGroup": {"range": _rows(1, 4)}},
    {
        "addBanding": {
            "bandedRange": {
                "bandedRangeId": 5,
                "range": _area(0, 4, 0, 2),
                "rowProperties": {
                    "headerColor": {"blue": 1},
                    "firstBandColor": {"red": 1, "green": 1, "blue": 1},
                    "secondBandColor": {"green": 0.5},
                },
            }
        }
    },
    _MARK,
)
_CHART: Final = {
    "addChart": {
        "chart": {
            "chartId": 9,
            "spec": {
                "title": "Places",
                "basicChart": {
                    "chartType": "COLUMN",
                    "headerCount": 1,
                    "axis": [{"position": "BOTTOM_AXIS", "title": "Cohorte"}],
                    "domains": [{"domain": {"sourceRange": {"sources": [_area(0, 4, 0, 1)]}}}],
                    "series": [{"series": {"sourceRange": {"sources": [_area(0, 4, 1, 2)]}}}],
                },
            },
            "position": {"overlayPosition": {"anchorCell": {"rowIndex": 1, "columnIndex": 4}}},
        }
    }
}
_MOVED: Final = {
    "updateEmbeddedObjectPosition": {"objectId": 9, "newPosition": {"sheetId": 6}, "fields": "*"}
}
_SEEN: Final = "namedRanges,sheets(merges,rowGroups,bandedRanges,basicFilter)"


def _locale(name: str) -> Call:
    properties = {"properties": {"locale": name}, "fields": "locale"}
    return batch({"updateSpreadsheetProperties": properties})


def _typed(locale: str) -> list[Call]:
    ways = ("FORMATTED_VALUE", "UNFORMATTED_VALUE", "FORMULA")
    formats = "sheets.data.rowData.values.userEnteredFormat.numberFormat"
    return [
        _locale(locale),
        write("Feuille!A1", _TYPED),
        *(read("Feuille!A1:H3", valueRenderOption=way) for way in ways),
        look(formats),
    ]


SCENARIOS: Final[dict[str, list[Call]]] = {
    "typed-en_US": _typed("en_US"),
    "typed-fr_CA": _typed("fr_CA"),
    "append-beside-a-gap": [
        write("Feuille!A1", [["x", "", "z"]], "RAW"),
        append("Feuille", [["new"]]),
        read("Feuille"),
    ],
    "rows-inserted-and-deleted": [
        batch(*_LAID),
        batch({"insertDimension": {"range": _rows(2, 4)}}),
        look(_SEEN),
        batch({"deleteDimension": {"range": _rows(1, 3)}}),
        look(_SEEN),
    ],
    "rows-moved": [
        batch(*_LAID),
        batch({"moveDimension": {"source": _rows(1, 2), "destinationIndex": 6}}),
        look(_SEEN),
    ],
    "cells-inserted": [
        write("Feuille!A1", [["a", "b"], ["c", "d"]], "RAW"),
        batch({"insertRange": {"range": _area(0, 1, 0, 1), "shiftDimension": "ROWS"}}),
        read("Feuille"),
    ],
    "copied-over-the-edge": [
        batch({"copyPaste": {"source": _area(0, 2, 0, 1), "destination": _area(999, 1000, 0, 1)}}),
        look("sheets.properties.gridProperties.rowCount"),
    ],
    "copied-formula": [
        write("Feuille!C1", [["=A1+$B$1"]]),
        batch({"copyPaste": {"source": _area(0, 1, 2, 3), "destination": _area(3, 4, 3, 4)}}),
        read("Feuille!D4", valueRenderOption="FORMULA"),
    ],
    "chart": [
        batch(_CHART),
        look("sheets.charts"),
        batch({"deleteEmbeddedObject": {"objectId": 9}}),
    ],
    "chart-on-its-own-sheet": [
        batch(_CHART),
        batch(_MOVED),
        look("sheets(properties(sheetId,sheetType,gridProperties),charts.position)"),
        read("Feuille"),
        batch({"appendDimension": {"sheetId": 6, "dimension": "ROWS", "length": 1}}),
        batch({"duplicateSheet": {"sourceSheetId": 6, "newSheetId": 8}}),
        look("sheets(properties(sheetId,sheetType,index),charts.position)"),
        batch({"deleteSheet": {"sheetId": 6}}),
    ],
    "refusals": [
        read("Nulle part!A1"),
        read("Feuille!A1001"),
        batch(_MARK, _MARK),
        batch({"deleteBanding": {"bandedRangeId": 1}}),
        batch({"deleteNamedRange": {"namedRangeId": "x"}}),
        batch({"addSheet": {"properties": {"title": "Feuille"}}}),
    ],
}


def tell(session: requests.Session, calls: list[Call]) -> list[Any]:
    """What a new spreadsheet answers to a story, one after the other; it is deleted afterwards."""
    properties = {"properties": {"title": "Conformité", "timeZone": "America/Montreal"}}
    sheet = {"sheets": [{"properties": {"sheetId": 0, "title": "Feuille"}}]}
    made = session.post(SHEETS, json=properties | sheet).json()["spreadsheetId"]
    try:
        return [_answer(session, made, call) for call in calls]
    finally:
        session.delete(f"https://www.googleapis.com/drive/v3/files/{made}")


def _answer(session: requests.Session, book_id: str, call: Call) -> Any:
    url = f"{SHEETS}/{book_id}{call.path}"
    answer = session.request(call.method, url, params=call.params, json=call.body)
    return {"status": answer.status_code, "body": plain(answer.json())}


def plain(value: Any) -> Any:
    """An answer without what passes, numbers rounded to single precision as colours are."""
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items() if name not in _PASSING}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return round(value, 6) if isinstance(value, float) else value


def file_name(name: str) -> str:
    """The file that keeps what was recorded of a story."""
    return re.sub(r"\W", "-", name) + ".json"


def dump(recorded: str, answers: list[Any]) -> str:
    """A recording: when Google answered (ISO 8601), and what."""
    content = {"recorded": recorded, "answers": answers}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
