"""Which handler answers which path, and what each may be asked."""

from __future__ import annotations

import gc
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from automation.local import appending, batch, masks, metadata, spreadsheets, values
from automation.local import messages as m
from automation.local.answers import SPREADSHEET
from automation.local.desk import Desk
from automation.local.drive.routes import DRIVE_ROUTES
from automation.local.errors import NOT_JSON, refuse, unsupported
from automation.local.forms.routes import FORMS_ROUTES
from automation.local.gmail.routes import GMAIL_ROUTES
from automation.local.route import RAW, Media, Route, make_route
from automation.local.schema import Many, Message, Scalar, Spec, choice, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from automation.local.account import Account
    from automation.local.store import Store

SHEETS: Final = "sheets.googleapis.com"

_COMMON: Final[dict[str, Spec]] = {
    "fields": m.TEXT,
    "alt": m.TEXT,
    "prettyPrint": m.BOOL,
    "key": m.TEXT,
    "quotaUser": m.TEXT,
}
_READ: Final[dict[str, Spec]] = {
    "majorDimension": m.DIMENSION,
    "valueRenderOption": m.RENDER,
    "dateTimeRenderOption": m.DATE_RENDER,
}
_WRITE: Final[dict[str, Spec]] = {
    "valueInputOption": m.INPUT,
    "includeValuesInResponse": m.BOOL,
    "responseValueRenderOption": m.RENDER,
    "responseDateTimeRenderOption": m.DATE_RENDER,
}
_INSERT: Final[dict[str, Spec]] = {"insertDataOption": choice("OVERWRITE INSERT_ROWS")}


_BOOKS: Final = "/v4/spreadsheets"
_BOOK: Final = _BOOKS + "/(?P<id>[^/:]+)"
_RANGE: Final = _BOOK + "/values/(?P<range>[^/]+?)"
_GRID: Final[dict[str, Spec]] = {"ranges": Many(m.TEXT), "includeGridData": m.BOOL}
_FOUND_VALUES: Final = Message(
    "MatchedValueRange", {"valueRange": m.VALUE_RANGE, "dataFilters": Many(m.DATA_FILTER)}
)
_VALUES: Final = Message(
    "BatchGetValuesResponse", {"spreadsheetId": m.TEXT, "valueRanges": Many(m.VALUE_RANGE)}
)
_MATCHED: Final = Message(
    "BatchGetValuesByDataFilterResponse",
    {"spreadsheetId": m.TEXT, "valueRanges": Many(_FOUND_VALUES)},
)
_BATCH: Final = Message(
    "BatchUpdateSpreadsheetResponse",
    {"spreadsheetId": m.TEXT, "replies": Many(m.ANY), "updatedSpreadsheet": SPREADSHEET},
)

ROUTES: Final = (
    make_route(
        "POST", SHEETS, _BOOKS, spreadsheets.create, {}, m.NEW_SPREADSHEET, SPREADSHEET, writes=True
    ),
    make_route("GET", SHEETS, _BOOK, spreadsheets.get, _GRID, None, SPREADSHEET),
    make_route(
        "POST",
        SHEETS,
        f"{_BOOK}:getByDataFilter",
        spreadsheets.get_by_filter,
        {},
        m.GET_BY_FILTER,
        SPREADSHEET,
    ),
    make_route(
        "POST",
        SHEETS,
        f"{_BOOK}:batchUpdate",
        batch.update,
        {},
        m.BATCH_UPDATE,
        _BATCH,
        writes=True,
    ),
    make_route(
        "GET",
        SHEETS,
        f"{_BOOK}/developerMetadata/(?P<metadata>\\d+)",
        metadata.get,
        {},
        None,
        m.METADATA,
    ),
    make_route(
        "POST", SHEETS, f"{_BOOK}/developerMetadata:search", metadata.search, {}, m.SEARCH_METADATA
    ),
    make_route(
        "GET",
        SHEETS,
        f"{_BOOK}/values:batchGet",
        values.batch_get,
        _READ | {"ranges": Many(m.TEXT)},
        None,
        _VALUES,
    ),
    make_route(
        "POST",
        SHEETS,
        f"{_BOOK}/values:batchGetByDataFilter",
        values.batch_get_by_filter,
        {},
        m.BATCH_GET_BY_FILTER,
        _MATCHED,
    ),
    make_route(
        "POST",
        SHEETS,
        f"{_BOOK}/values:batchUpdate",
        values.batch_update,
        {},
        m.BATCH_UPDATE_VALUES,
        writes=True,
    ),
    make_route(
        "POST",
        SHEETS,
        f"{_BOOK}/values:batchClear",
        values.batch_clear,
        {},
        m.BATCH_CLEAR,
        writes=True,
    ),
    make_route(
        "POST",
        SHEETS,
        f"{_RANGE}:append",
        appending.append,
        _WRITE | _INSERT,
        m.VALUE_RANGE,
        writes=True,
    ),
    make_route("POST", SHEETS, f"{_RANGE}:clear", values.clear, {}, m.EMPTY, writes=True),
    make_route(
        "POST",
        SHEETS,
        f"{_BOOK}/values:batchUpdateByDataFilter",
        values.batch_update_by_filter,
        {},
        m.UPDATE_BY_FILTER,
        writes=True,
    ),
    make_route(
        "POST",
        SHEETS,
        f"{_BOOK}/values:batchClearByDataFilter",
        values.batch_clear_by_filter,
        {},
        m.CLEAR_BY_FILTER,
        writes=True,
    ),
    make_route(
        "POST",
        SHEETS,
        f"{_BOOK}/sheets/(?P<sheet>\\d+):copyTo",
        spreadsheets.copy_sheet,
        {},
        m.COPY_SHEET,
        m.SHEET_PROPERTIES,
        writes=True,
    ),
    make_route("GET", SHEETS, _RANGE, values.get, _READ, None, m.VALUE_RANGE),
    make_route("PUT", SHEETS, _RANGE, values.update, _WRITE, m.VALUE_RANGE, writes=True),
    *DRIVE_ROUTES,
    *FORMS_ROUTES,
    *GMAIL_ROUTES,
)


@contextmanager
def without_collector() -> Iterator[None]:
    """No garbage collection meanwhile: JSON has no cycles, and a large body has millions of objects."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@without_collector()
def answer(  # noqa: PLR0913, PLR0917 - what a call is made of
    store: Store, account: Account, method: str, url: str, body: bytes, now: str
) -> dict[str, Any] | Media:
    """The JSON that answers a call, empty for a deletion; or what is no JSON.

    Args:
        store: The workspace.
        account: Whose call it is.
        method: Of HTTP, in capitals.
        url: Absolute, quoted.
        body: As sent.
        now: The clock's time (RFC 3339).

    Raises:
        ApiError: For every refusal, Google's and ours.
    """
    parts = urlsplit(url)
    route, names = _find(method, parts.hostname or "", parts.path)
    query = _read_query(route, parts.query)
    mask: masks.Mask = query.get("fields", {})
    raw = route.body is RAW
    content = {} if raw else _read_body(route, body)
    with store.writing() if route.writes else store.reading() as connection:
        desk = Desk(
            connection=connection,
            now=now,
            account=account,
            names=names,
            query=query,
            body=content,
            content=body if raw else b"",
        )
        found = route.handler(desk)
        return found if isinstance(found, Media) else masks.select(mask, found)


def _find(method: str, host: str, path: str) -> tuple[Route, dict[str, str]]:
    for route in ROUTES:
        found = route.path.fullmatch(path)
        if found and (route.method, route.host) == (method, host):
            return route, {name: unquote(text) for name, text in found.groupdict().items()}
    raise unsupported(f"the call {method} https://{host}{path}")


def _read_query(route: Route, text: str) -> dict[str, Any]:
    known = _COMMON | route.query
    found: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        spec = known.get(name)
        if spec is None:
            raise unsupported(f'the parameter "{name}" of {route.handler.__name__}')
        if isinstance(spec, Many):
            found.setdefault(name, []).append(value)
        else:
            found[name] = read(spec, _boolean(value) if spec is Scalar.BOOL else value, name)
    if found.get("alt", "json") != "json":
        raise unsupported(f'the answer format "{found["alt"]}"')
    if "fields" in found:
        found["fields"] = _read_mask(route, found["fields"])
    return found


def _boolean(text: str) -> object:
    return {"true": True, "false": False}.get(text.lower(), text)


def _read_mask(route: Route, text: str) -> masks.Mask:
    if route.answer is None:
        raise unsupported(f'the parameter "fields" of {route.handler.__name__}')
    mask = masks.parse(text)
    masks.check(mask, route.answer)
    return mask


def _read_body(route: Route, body: bytes) -> dict[str, Any]:
    if route.body is None:
        if body:
            raise unsupported(f"a body of {route.handler.__name__}")
        return {}
    content: dict[str, Any] = read(route.body, _parse_json(body) if body else {}, "")
    return content


def _parse_json(body: bytes) -> Any:
    """Return what a body of JSON says (RFC 8259: in UTF-8, no NaN, every surrogate paired)."""
    try:
        found = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
        if b"\\ud" in body.lower():  # json.loads lets half a pair pass, which is no text
            json.dumps(found, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):
        raise refuse(NOT_JSON) from None
    return found


def _refuse_constant(name: str) -> float:
    raise ValueError(name)
