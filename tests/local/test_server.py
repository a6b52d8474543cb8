"""The embedded workspace over HTTP: the same answers, to this machine's own programs only."""

from __future__ import annotations

import gzip
import http.client
import json
import logging
import socket
from base64 import urlsafe_b64encode
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING, Any

import gspread
import pytest
import requests
from google.auth.credentials import AnonymousCredentials
from googleapiclient.discovery import build  # type: ignore[import-untyped]
from googleapiclient.errors import HttpError  # type: ignore[import-untyped]

from automation import local
from automation.local import server as module
from automation.local.server import LoopbackServer, listen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from automation.local import Call

_BOOKS = "/v4/spreadsheets"


@contextmanager
def serving(path: Path) -> Iterator[tuple[LoopbackServer, list[Call]]]:
    calls: list[Call] = []
    with local.session(path) as session, listen(session.store, on_call=calls.append) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server, calls
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(name="server")
def fixture_server(tmp_path: Path) -> Iterator[LoopbackServer]:
    with serving(tmp_path / "cohorte.db") as (server, _):
        yield server


class Redirected(requests.Session):
    """Sends what is meant for Google to a server of this machine."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self.trust_env = False
        self.base = base

    def request(self, method: Any, url: Any, *args: Any, **options: Any) -> requests.Response:
        return super().request(method, url.replace("https:/", self.base), *args, **options)


def client(server: LoopbackServer) -> gspread.Client:
    session = Redirected(server.url)
    return gspread.Client(auth=None, session=session)  # type: ignore[arg-type]  # as gspread documents


def ask(
    server: LoopbackServer,
    method: str,
    path: str,
    body: Any = None,
    headers: Mapping[str, str] | None = None,
    *,
    chunked: bool = False,
) -> tuple[int, Any, http.client.HTTPMessage]:
    """Return status, JSON and headers of one call over a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    try:
        connection.request(method, path, body, dict(headers or {}), encode_chunked=chunked)
        answer = connection.getresponse()
        raw = answer.read()
        if answer.headers["Content-Encoding"] == "gzip":
            raw = gzip.decompress(raw)
        return answer.status, json.loads(raw) if raw else None, answer.headers
    finally:
        connection.close()


def make(server: LoopbackServer) -> str:
    status, made, _ = ask(server, "POST", _BOOKS, b"{}")
    assert status == 200
    return str(made["spreadsheetId"])


def test_gspread_works_over_it_as_over_google(server: LoopbackServer) -> None:
    book = client(server).create("Programme")
    sheet = book.sheet1
    sheet.update([["Nom", "Âge"], ["Ève", 41]])
    sheet.append_row(["Zoé & Cie", 7])
    book.add_worksheet("Autre onglet", 10, 5)

    again = client(server).open_by_key(book.id)

    assert again.title == "Programme"
    assert [one.title for one in again.worksheets()] == ["Sheet1", "Autre onglet"]
    assert again.sheet1.get_all_records() == [
        {"Nom": "Ève", "Âge": 41},
        {"Nom": "Zoé & Cie", "Âge": 7},
    ]
    client(server).del_spreadsheet(book.id)
    assert client(server).list_spreadsheet_files() == []


def test_googles_own_client_works_over_it(server: LoopbackServer) -> None:
    options = {"api_endpoint": server.url}
    made = build(
        "sheets",
        "v4",
        static_discovery=True,
        client_options=options,
        credentials=AnonymousCredentials(),  # type: ignore[no-untyped-call]
    )
    books = made.spreadsheets()
    book = books.create(body={"properties": {"title": "Programme"}}).execute()["spreadsheetId"]
    rename = {"properties": {"sheetId": 0, "title": "É"}, "fields": "title"}
    requests_ = [{"updateSheetProperties": rename}]
    books.batchUpdate(spreadsheetId=book, body={"requests": requests_}).execute()
    values = {"values": [["a", "é"]]}
    books.values().update(
        spreadsheetId=book, range="É!A1", valueInputOption="RAW", body=values
    ).execute()

    about = books.get(spreadsheetId=book, fields="sheets.properties.title").execute()
    found = books.values().get(spreadsheetId=book, range="É!A1:B1").execute()
    # A long query goes as a POST that says it is a GET.
    ranges = [f"É!A{row}:B{row}" for row in range(1, 200)]
    many = books.values().batchGet(spreadsheetId=book, ranges=ranges).execute()
    with pytest.raises(HttpError) as caught:
        books.get(spreadsheetId="absent").execute()

    assert about == {"sheets": [{"properties": {"title": "É"}}]}
    assert found["values"] == [["a", "é"]]
    assert len(many["valueRanges"]) == 199
    assert caught.value.resp.status == 404
    made.close()


def test_a_service_is_known_by_the_path_or_by_the_host_in_front_of_it(
    server: LoopbackServer,
) -> None:
    book = make(server)

    short = ask(server, "GET", f"{_BOOKS}/{book}")
    long = ask(server, "GET", f"/sheets.googleapis.com{_BOOKS}/{book}")
    files = ask(server, "GET", "/drive/v3/files")
    same = ask(server, "GET", "/www.googleapis.com/drive/v3/files")

    assert short[:2] == long[:2]
    assert files[:2] == same[:2]
    assert [one["id"] for one in files[1]["files"]] == [book]


@pytest.mark.parametrize(
    ("method", "path", "what"),
    [
        ("GET", "/", "GET /"),
        ("GET", "/v4/other", "/v4/other"),
        ("PATCH", "/drive/v3/drives/1", "PATCH"),
        ("OPTIONS", "/v4/spreadsheets", "OPTIONS"),
        ("GET", "/gmail.googleapis.com/gmail/v1/users/me/history", "gmail"),
        ("POST", "/upload/gmail/v1/users/me/drafts", "/upload/gmail"),
        ("GET", "/v4/spreadsheets/1?callback=f", "callback"),
    ],
)
def test_what_is_not_offered_is_refused_by_name(
    server: LoopbackServer, method: str, path: str, what: str
) -> None:
    status, answer, _ = ask(server, method, path)

    assert (status, answer["error"]["status"]) == (501, "UNIMPLEMENTED")
    assert what in answer["error"]["message"]


def test_googles_own_client_drafts_and_sends(server: LoopbackServer) -> None:
    gmail = build(
        "gmail",
        "v1",
        static_discovery=True,
        client_options={"api_endpoint": server.url},
        credentials=AnonymousCredentials(),  # type: ignore[no-untyped-call]
    )
    mine = gmail.users()
    raw = urlsafe_b64encode(b"To: lise@example.org\n\nBonjour").decode()
    draft = mine.drafts().create(userId="me", body={"message": {"raw": raw}}).execute()

    sent = mine.drafts().send(userId="me", body={"id": draft["id"]}).execute()

    found = mine.messages().list(userId="me", q="in:sent bonjour").execute()
    assert [one["id"] for one in found["messages"]] == [sent["id"]]
    (kept,) = local.read_mailbox(server.store)
    assert (kept.to, kept.text) == ("lise@example.org", "Bonjour")
    gmail.close()


def test_an_unknown_method_is_refused_in_googles_shape(server: LoopbackServer) -> None:
    status, answer, _ = ask(server, "BREW", "/v4/spreadsheets")

    assert (status, answer["error"]["code"]) == (501, 501)


def test_what_is_no_http_is_refused_and_hangs_nothing(server: LoopbackServer) -> None:
    with socket.create_connection(("127.0.0.1", server.server_port), timeout=10) as raw:
        raw.sendall(b"GET / HTTP/9\r\n\r\n")
        answer = raw.recv(4096)

    assert b"400" in answer.splitlines()[0]
    assert make(server)


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "sheets.googleapis.com"},
        {"Host": "127.0.0.1.evil.example:80"},
        {"Host": ""},
        {"Host": "[::1"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_what_a_web_page_makes_a_browser_send_is_refused(
    server: LoopbackServer, headers: dict[str, str]
) -> None:
    status, answer, _ = ask(server, "POST", _BOOKS, b"{}", headers)

    assert (status, answer["error"]["status"]) == (403, "PERMISSION_DENIED")
    assert ask(server, "GET", "/drive/v3/files")[1]["files"] == []


@pytest.mark.parametrize("host", ["localhost:1", "127.0.0.1", "[::1]:80", "LOCALHOST"])
def test_names_of_this_machine_are_accepted(server: LoopbackServer, host: str) -> None:
    assert ask(server, "GET", "/drive/v3/files", headers={"Host": host})[0] == 200


def test_it_listens_on_this_machine_alone(server: LoopbackServer) -> None:
    assert server.server_address[0] == "127.0.0.1"


def test_bodies_come_and_go_compressed(server: LoopbackServer) -> None:
    book = make(server)
    rows = json.dumps({"values": [["x" * 100]] * 100}).encode()
    path = f"{_BOOKS}/{book}/values/A1:A100"

    sent = ask(
        server,
        "PUT",
        f"{path}?valueInputOption=RAW",
        gzip.compress(rows),
        {"Content-Encoding": "gzip"},
    )
    plain = ask(server, "GET", path)
    zipped = ask(server, "GET", path, headers={"Accept-Encoding": "deflate, gzip"})

    assert sent[0] == 200
    assert zipped[2]["Content-Encoding"] == "gzip"
    assert plain[2]["Content-Encoding"] is None
    assert plain[1] == zipped[1]
    assert int(zipped[2]["Content-Length"]) < int(plain[2]["Content-Length"]) / 10


def test_a_body_may_come_in_chunks(server: LoopbackServer) -> None:
    pieces = iter([b'{"properties":', b'{"title":', b'"En morceaux"}}'])

    headers = {"Transfer-Encoding": "chunked"}
    status, made, _ = ask(server, "POST", _BOOKS, pieces, headers, chunked=True)

    assert (status, made["properties"]["title"]) == (200, "En morceaux")


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"no gzip", {"Content-Encoding": "gzip"}),
        (gzip.compress(b"{}")[:-9], {"Content-Encoding": "gzip"}),
        (b"{", {}),
        (b"{}", {"Content-Length": "two"}),
        (b"zz\r\n", {"Transfer-Encoding": "chunked"}),
    ],
    ids=["no gzip", "gzip cut short", "no JSON", "no length", "no chunk"],
)
def test_a_broken_body_is_a_400(
    server: LoopbackServer, body: bytes, headers: dict[str, str]
) -> None:
    status, answer, _ = ask(server, "POST", _BOOKS, body, headers)

    assert (status, answer["error"]["status"]) == (400, "INVALID_ARGUMENT")


def test_an_unknown_compression_is_refused_by_name(server: LoopbackServer) -> None:
    status, answer, _ = ask(server, "POST", _BOOKS, b"{}", {"Content-Encoding": "br"})

    assert status == 501
    assert '"br"' in answer["error"]["message"]


@pytest.mark.parametrize("way", ["plain", "chunked", "zipped"])
def test_too_large_a_body_is_a_413_and_the_next_call_is_answered(
    server: LoopbackServer, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setattr(module, "BODY_LIMIT", 100_000)
    body: Any = b" " * 3_000_000
    headers = {}
    if way == "chunked":
        body, headers = iter([body]), {"Transfer-Encoding": "chunked"}
    if way == "zipped":
        body, headers = gzip.compress(body), {"Content-Encoding": "gzip"}

    status, answer, _ = ask(server, "POST", _BOOKS, body, headers, chunked=way == "chunked")

    assert (status, answer["error"]["code"]) == (413, 413)
    assert make(server)


def test_what_breaks_is_logged_here_and_said_plainly_there(
    server: LoopbackServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def explode(*_: object) -> None:
        raise ZeroDivisionError("a secret")

    monkeypatch.setattr(module, "reply_to", explode)
    with caplog.at_level(logging.ERROR):
        status, answer, _ = ask(server, "GET", "/drive/v3/files?key=private")

    assert (status, answer["error"]["status"]) == (500, "INTERNAL")
    assert "secret" not in json.dumps(answer)
    assert "ZeroDivisionError" in caplog.text
    assert "private" not in caplog.text


def test_a_client_that_leaves_in_the_middle_harms_nobody(server: LoopbackServer) -> None:
    with socket.create_connection(("127.0.0.1", server.server_port), timeout=10) as raw:
        raw.sendall(
            b"POST /v4/spreadsheets HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{"
        )

    assert make(server)


def test_one_connection_serves_many_calls(server: LoopbackServer) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    bodies = []
    for path in ("/nothing", "/drive/v3/files", "/drive/v3/files"):
        connection.request("GET", path)
        bodies.append(connection.getresponse().read())
    connection.close()

    assert b"501" in bodies[0]
    assert json.loads(bodies[1]) == json.loads(bodies[2])


def test_fifty_clients_at_once_lose_no_row_and_no_file(tmp_path: Path) -> None:
    path = tmp_path / "cohorte.db"
    with serving(path) as (server, calls):
        book = make(server)

        def work(number: int) -> None:
            mine = client(server)
            sheet = mine.open_by_key(book).sheet1
            for turn in range(3):
                sheet.append_row([number, turn])
                sheet.get_all_values()
            mine.create(f"Programme {number}")

        with ThreadPoolExecutor(50) as pool:
            list(pool.map(work, range(50)))

        rows = client(server).open_by_key(book).sheet1.get_all_values()
        files = client(server).list_spreadsheet_files()
    assert sorted(rows) == sorted([str(a), str(b)] for a in range(50) for b in range(3))
    assert len(files) == 51
    assert {call.status for call in calls} == {200}
    with local.session(path) as session:
        kept = gspread.Client(auth=None, session=session).open_by_key(book)  # type: ignore[arg-type]
        assert len(kept.sheet1.get_all_values()) == 150


def test_a_taken_port_is_an_oserror(server: LoopbackServer) -> None:
    with pytest.raises(OSError, match="in use"):
        listen(server.store, port=server.server_port)
