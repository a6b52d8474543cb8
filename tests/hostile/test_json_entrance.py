"""Whatever JSON comes in, the embedded workspace answers as Google would, and stays whole."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automation import local
from automation.local.account import DEFAULT_ACCOUNT
from automation.local.forms import answer_form, link_form, shapes
from automation.local.gmail.routes import GMAIL
from automation.local.kinds import messages as kinds
from automation.local.route import RAW
from automation.local.routes import ROUTES
from automation.local.schema import Choice, Many, Scalar
from automation.local.store import Store
from automation.local.transport import reply_to
from tests.hostile.bodies import TEXTS, BodyMaker
from tests.local.post import encoded, letter
from tests.programme import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from random import Random

    from automation.local.route import Route
    from automation.local.schema import Message, Spec
    from automation.local.transport import Reply

_SHEETS: Final = "https://sheets.googleapis.com/v4/spreadsheets"
_FORMS: Final = "https://forms.googleapis.com/v1/forms"
_BATCH: Final = next(route for route in ROUTES if route.path.pattern.endswith("]+):batchUpdate"))
_KINDS: Final[Mapping[str, Mapping[str, Message]]] = {
    _BATCH.path.pattern: kinds.KINDS,
    "/v1/forms/(?P<form>[^/:]+):batchUpdate": shapes.KINDS,
}
_SELDOM: Final = 0.1
_GROUP: Final = re.compile(r"\(\?P<(\w+)>[^()]*\)")
_MASKS: Final = (
    "*",
    "userEnteredValue",
    "title,hidden",
    "gridProperties.rowCount",
    "a.b",
    "",
    "((",
)
_PARAMETERS: Final = {
    "fields": _MASKS,
    "q": ("", "'me' in owners", "name contains 'a' and trashed = false", "in:sent", "((", '"'),
    "pageSize": (1, -1, 99999999999),
    "maxResults": (0, 1, -1),
    "format": ("full", "raw", "minimal", "metadata"),
    "orderBy": ("name", "name desc", "modifiedTime desc,name", "a"),
    "mimeType": ("application/pdf", "text/csv"),
}


class _Workspace:
    """A workspace of one of everything, as it was before each body."""

    def __init__(self) -> None:
        with local.session(clock=lambda: NOW) as session:

            def post(url: str, body: Any) -> Any:
                answer = session.post(url, json=body)
                assert answer.ok, answer.text
                return answer.json()

            book = post(_SHEETS, {"properties": {"title": "Programme"}})["spreadsheetId"]
            post(f"{_SHEETS}/{book}:batchUpdate", {"requests": list(_furniture())})
            form = post(_FORMS, {"info": {"title": "Inscription"}})["formId"]
            item = {"title": "Nom", "questionItem": {"question": {"textQuestion": {}}}}
            asked = {"createItem": {"item": item, "location": {"index": 0}}}
            post(f"{_FORMS}/{form}:batchUpdate", {"requests": [asked]})
            link_form(session.store, form, book, NOW)
            response = answer_form(session.store, form, {"Nom": "Ève"}, NOW)
            mail = "https://gmail.googleapis.com/gmail/v1/users/me"
            sent = post(f"{mail}/messages/send", {"raw": encoded(letter())})
            draft = post(f"{mail}/drafts", {"message": {"raw": encoded(letter())}})
            drive = f"https://www.googleapis.com/drive/v3/files/{book}"
            said = {"content": "Bonjour"}
            comment = post(f"{drive}/comments?fields=id", said)["id"]
            reply = post(f"{drive}/comments/{comment}/replies?fields=id", said)["id"]
            share = {"role": "reader", "type": "user", "emailAddress": "lise@example.org"}
            permission = post(f"{drive}/permissions", share)["id"]
            self._image = session.store.connection.serialize()
        self.ids: dict[str, tuple[str, ...]] = {
            "id": (book,),
            "mail": (sent["id"], draft["id"]),
            "form": (form,),
            "response": (response,),
            "message": (sent["id"],),
            "thread": (sent["threadId"],),
            "comment": (comment,),
            "reply": (reply,),
            "permission": (permission,),
            "attachment": ("x",),
            "metadata": ("9",),
            "sheet": ("0", "6", "8"),
            "range": ("A1:B2", "Feuille", "Z", "'", "Sheet1!A1", "Chart1"),
            "user": ("me",),
        }

    def fresh(self) -> Store:
        """Return the workspace as it was made."""
        store = Store(None)
        store.connection.deserialize(self._image)
        return store


def _furniture() -> Iterator[dict[str, Any]]:
    """Yield requests that make a sheet with a bit of everything, ids 0, 3, 5, 6, 7, 8 and 9."""
    cells = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 5, "startColumnIndex": 0}
    cells |= {"endColumnIndex": 3}
    values: tuple[dict[str, Any], ...] = (
        {"stringValue": "Nom"},
        {"numberValue": 42},
        {"formulaValue": "=1+1"},
    )
    row = {"values": [{"userEnteredValue": value} for value in values]}
    start = {"sheetId": 0, "rowIndex": 0, "columnIndex": 0}
    yield {"updateCells": {"start": start, "rows": [row] * 4, "fields": "userEnteredValue"}}
    yield {"addSheet": {"properties": {"sheetId": 8, "title": "Réponses"}}}
    yield {"addNamedRange": {"namedRange": {"namedRangeId": "7", "name": "noms", "range": cells}}}
    yield {"addProtectedRange": {"protectedRange": {"protectedRangeId": 5, "range": cells}}}
    color = {"headerColor": {"red": 1}, "firstBandColor": {"red": 1}}
    color |= {"secondBandColor": {"blue": 1}}
    banding = {"bandedRangeId": 3, "range": cells, "rowProperties": color}
    yield {"addBanding": {"bandedRange": banding}}
    yield {"addFilterView": {"filter": {"filterViewId": 7, "title": "vue", "range": cells}}}
    where = {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    metadata = {"metadataId": 9, "metadataKey": "clé", "metadataValue": "1"}
    metadata |= {"location": {"dimensionRange": where}, "visibility": "DOCUMENT"}
    yield {"createDeveloperMetadata": {"developerMetadata": metadata}}
    yield {"addDimensionGroup": {"range": where}}
    yield {"mergeCells": {"range": cells | {"startRowIndex": 4}, "mergeType": "MERGE_ALL"}}
    drawn = {"sourceRange": {"sources": [cells | {"endColumnIndex": 1}]}}
    chart = {"chartId": 6, "spec": {"pieChart": {"series": drawn}}, "position": {"sheetId": 6}}
    yield {"addChart": {"chart": chart}}


_WORKSPACE: Final = _Workspace()
_HINTS: Final[Mapping[str, tuple[Any, ...]]] = {
    **_WORKSPACE.ids,
    "sheetId": (0, 0, 0, 6, 8, 99),
    "sourceSheetId": (0, 6, 8),
    "destinationSheetId": (6, 8),
    "objectId": (6, 1),
    "chartId": (6, 1),
    "newSheetId": (0, 44),
    "startIndex": (0, 1, 2, -1),
    "endIndex": (1, 2, 5, 1000, 1001),
    "startRowIndex": (0, 1, 4),
    "endRowIndex": (1, 2, 5, 1000, 1001),
    "startColumnIndex": (0, 1),
    "endColumnIndex": (1, 2, 26, 27),
    "fields": _MASKS,
    "protectedRangeId": (5, 6),
    "bandedRangeId": (3, 4),
    "filterId": (7, 1),
    "namedRangeId": ("7", "8"),
    "metadataId": (9, 10),
}


def _make_query(random: Random, route: Route) -> str:
    known = dict(route.query) | ({"fields": Scalar.STRING} if random.random() < _SELDOM else {})
    names = [name for name in sorted(known) if random.random() < 2 / (1 + len(known))]
    pairs = [(name, _make_parameter(random, name, known[name])) for name in names]
    return urlencode(pairs, errors="replace")


def _make_parameter(random: Random, name: str, spec: Spec) -> str:
    if isinstance(spec, Many):
        return _make_parameter(random, name, spec.item)
    if isinstance(spec, Choice):
        return random.choice((*sorted(spec.values), ""))
    if spec is Scalar.BOOL:
        return random.choice(("true", "false", "peut-être"))
    return str(random.choice(_PARAMETERS.get(name, TEXTS)))


def _make_call(random: Random, routes: tuple[Route, ...]) -> tuple[str, str, bytes]:
    """Return a method, an address and a body."""
    route = random.choice(routes)

    def pick(found: re.Match[str]) -> str:
        known = random.random() > _SELDOM
        name = "mail" if found[1] == "id" and route.host == GMAIL else found[1]
        return quote(random.choice(_WORKSPACE.ids[name]) if known else "x", safe="")

    query = _make_query(random, route)
    url = f"https://{route.host}{_GROUP.sub(pick, route.path.pattern)}{query and '?'}{query}"
    if route.body is None:
        return route.method, url, b""
    if route.body is RAW:
        return route.method, url, random.choice(TEXTS).encode("utf-8", "surrogatepass")
    maker = BodyMaker(random=random, hints=_HINTS, kinds=_KINDS.get(route.path.pattern, {}))
    return route.method, url, json.dumps(maker.make_message(route.body)).encode()


def _reply(store: Store, method: str, url: str, body: bytes) -> Reply:
    return reply_to(store, DEFAULT_ACCOUNT, NOW, method, url, body)


def _is_googles(reply: Reply) -> bool:
    """Tell whether a refusal has Google's shape and is no bug; 501 says what is not offered."""
    error = json.loads(reply.body)["error"]
    told = error["code"] == reply.status and error["message"]
    return bool(told) and (400 <= reply.status < 500 or reply.status == 501)


def _holds(method: str, url: str, body: bytes) -> None:
    store = _WORKSPACE.fresh()
    before = list(store.connection.iterdump())

    reply = _reply(store, method, url, body)

    after = list(store.connection.iterdump())
    store.close()
    if reply.status < 300:
        assert reply.body or method == "DELETE"
        return
    assert _is_googles(reply), reply
    assert after == before


@settings(max_examples=3 * settings().max_examples // 2)
@given(random=st.randoms(use_true_random=False))
def test_any_batch_is_applied_whole_or_refused_without_a_trace(random: Random) -> None:
    _holds(*_make_call(random, (_BATCH,)))


@settings(max_examples=2 * settings().max_examples)
@given(random=st.randoms(use_true_random=False))
def test_any_other_call_is_answered_or_refused_without_a_trace(random: Random) -> None:
    _holds(*_make_call(random, tuple(route for route in ROUTES if route is not _BATCH)))


_BOOK_URL: Final = f"{_SHEETS}/{_WORKSPACE.ids['id'][0]}"


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"3",
        b"[" * 100_000,
        b'{"requests":' + b"[" * 100_000,
        b'{"requests":[{"addSheet":{"properties":{"index":' + b"9" * 5000 + b"}}}]}",
        b'{"requests":[{"addSheet":{"properties":{"index":NaN}}}]}',
        b'{"requests":[{"addSheet":{"properties":{"title":"\\ud800"}}}]}',
        b'{"requests":[{"\\ud800":{}}]}',
        b'{"includeSpreadsheetInResponse":1e400,"requests":[]}',
    ],
)
def test_a_body_that_is_no_request_is_refused(body: bytes) -> None:
    _holds("POST", f"{_BOOK_URL}:batchUpdate", body)


@pytest.mark.parametrize(
    "request_",
    [
        {"pasteData": {"coordinate": {"rowIndex": -1}, "data": "a", "delimiter": ","}},
        {"pasteData": {"coordinate": {"columnIndex": -1}, "data": "a", "delimiter": ","}},
        {"pasteData": {"coordinate": {}, "data": "a" * 200_000, "delimiter": ","}},
    ],
)
def test_what_cannot_be_pasted_is_refused(request_: dict[str, Any]) -> None:
    _holds("POST", f"{_BOOK_URL}:batchUpdate", json.dumps({"requests": [request_]}).encode())


def test_lines_that_end_as_on_an_old_macintosh_are_pasted_as_lines() -> None:
    store = _WORKSPACE.fresh()
    paste = {"coordinate": {"rowIndex": 9}, "data": "a,b\rc", "delimiter": ","}
    body = json.dumps({"requests": [{"pasteData": paste}]}).encode()

    reply = _reply(store, "POST", f"{_BOOK_URL}:batchUpdate", body)

    found = _reply(store, "GET", f"{_BOOK_URL}/values/Sheet1!A10:B11", b"")
    store.close()
    assert reply.status == 200
    assert json.loads(found.body)["values"] == [["a", "b"], ["c"]]


@pytest.mark.parametrize("content", [b"\xed\xa0\x80", b"a" * 200_000])
def test_a_file_that_is_no_csv_is_refused(content: bytes) -> None:
    url = f"https://www.googleapis.com/upload/drive/v2/files/{_WORKSPACE.ids['id'][0]}"
    _holds("PUT", url, content)
