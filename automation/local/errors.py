"""Google's refusals: the shapes of the answers and the texts that were recorded.

The texts follow recorded traffic where there is some. Nobody should decide on them: Google
localises messages, so code and status are what counts. One status is ours alone: everything that
the embedded workspace does not offer is answered 501 UNIMPLEMENTED, where Google would either do
it or answer 400.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

NOT_FOUND: Final = "Requested entity was not found."
INTERNAL: Final = "Internal error encountered."
UNAVAILABLE: Final = "The service is currently unavailable."
QUOTA: Final = (
    "Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute per user' "
    "of service 'sheets.googleapis.com' for consumer 'project_number:0'."
)
NOT_JSON: Final = "Invalid JSON payload received. Unexpected token."
TOO_LARGE: Final = "Request payload size exceeds the limit: {limit} bytes."
NOT_GZIP: Final = "Failed to decompress gzip data."
NOT_LOOPBACK: Final = "The embedded workspace answers this machine's own programs only."
UNSUPPORTED: Final = "The embedded workspace does not support {what}."

BAD_RANGE: Final = "Unable to parse range: {text}"
BEYOND_GRID: Final = "Range ({text}) exceeds grid limits. Max rows: {rows}, max columns: {columns}"
NO_SHEET: Final = "No sheet with id: {id}"
NO_GRID: Final = "No grid with id: {id}"
CHART_SHEET_EXISTS: Final = (
    "Cannot add chart to new sheet with ID: {id}, a sheet with that ID already exists."
)
SHEET_ID_EXISTS: Final = "A sheet with the id {id} already exists."
TITLE_EXISTS: Final = 'A sheet with the name "{title}" already exists. Please enter another name.'
METADATA_EXISTS: Final = (
    "Cannot add developer metadata with ID [{id}] because developer metadata with that ID "
    "already exists."
)
PROTECTED_RANGE_EXISTS: Final = "A protected range with the id {id} already exists."
NO_PROTECTED_RANGE: Final = "No protected range with id: {id}"
OBJECT_EXISTS: Final = "A {what} with the id {id} already exists."
NO_OBJECT: Final = "No {what} with id: {id}"
BANDED_TWICE: Final = (
    "You cannot add alternating background colors to a range that already has alternating "
    "background colors."
)
PROTECTED: Final = (
    "You are trying to edit a protected cell or object. Please contact the spreadsheet owner to "
    "remove protection if you need to edit."
)
MERGED_SORT: Final = "You can't sort a range containing vertical merges."
MERGED_FILTER: Final = "You can't create a filter over a range containing vertical merges."
LAST_SHEET: Final = "You can't remove all the sheets in a document."
LAST_ROWS: Final = "You can't delete all the rows on the sheet."
LAST_COLUMNS: Final = "You can't delete all the columns on the sheet."
TOO_MANY_CELLS: Final = (
    "This action would increase the number of cells in the workbook above the limit of "
    "10000000 cells."
)
TOO_MANY_COLUMNS: Final = (
    "This action would increase the number of columns above the limit of 18278."
)
TOO_LONG: Final = "Your input contains more than the maximum of 50000 characters in a single cell."
WRITE_BEYOND_ROW: Final = (
    "Requested writing within range [{range}], but tried writing to row [{row}]"
)
WRITE_BEYOND_COLUMN: Final = (
    "Requested writing within range [{range}], but tried writing to column [{column}]"
)
NO_FIELDS: Final = (
    "At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)"
)
BAD_MASK: Final = "Invalid field selection {field}"

STATUS: Final = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    413: "INVALID_ARGUMENT",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
}


@dataclass(slots=True)
class ApiError(Exception):
    """An answer that is a refusal.

    Attributes:
        code: HTTP status code.
        message: What Google says, in English.
        reason: Drive's and Gmail's `errors[].reason`; empty for Sheets.
        details: `google.rpc` details as JSON objects.
        domain: Of the reason.
        has_status: Whether the status is named beside the reason, as Gmail does and Drive does not.
    """

    code: int
    message: str
    reason: str = ""
    details: tuple[dict[str, Any], ...] = ()
    domain: str = "global"
    has_status: bool = False

    def body(self) -> dict[str, Any]:
        """The JSON that Google sends with this refusal."""
        error: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.reason:
            error["errors"] = [
                {"message": self.message, "domain": self.domain, "reason": self.reason}
            ]
        if self.has_status or not self.reason:
            error["status"] = STATUS[self.code]
        if self.details:
            error["details"] = list(self.details)
        return {"error": error}


def refuse(text: str, /, **names: object) -> ApiError:
    """A 400, INVALID_ARGUMENT, with `names` filled into the text."""
    return ApiError(400, text.format(**names))


def unsupported(what: str) -> ApiError:
    """Our own 501, saying exactly what is missing."""
    return ApiError(501, UNSUPPORTED.format(what=what))


def not_found() -> ApiError:
    """The 404 of Sheets, for a spreadsheet or developer metadata that does not exist."""
    return ApiError(404, NOT_FOUND)
