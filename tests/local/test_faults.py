"""Faults on order, the hook between calls, the call log, the clock and the session's life."""

from __future__ import annotations

import gc
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import gspread
import pytest
import requests
from google.auth.credentials import AnonymousCredentials
from google.auth.transport.requests import AuthorizedSession

from automation import local
from automation.errors import WorkbookError
from automation.local import Fault, FaultPlan
from tests.conformance.validated import validated_session
from tests.local.desk import API, Desk, guard

if TYPE_CHECKING:
    from pathlib import Path

BROKEN = {
    Fault.TIMEOUT_BEFORE: requests.exceptions.ReadTimeout,
    Fault.TIMEOUT_AFTER: requests.exceptions.ReadTimeout,
    Fault.DROPPED_BEFORE: requests.exceptions.ConnectionError,
    Fault.DROPPED_AFTER: requests.exceptions.ConnectionError,
}
STATUS = {
    Fault.RATE_LIMIT: 429,
    Fault.RATE_LIMIT_RETRY_AFTER: 429,
    Fault.SERVER_ERROR: 500,
    Fault.BAD_GATEWAY: 502,
    Fault.UNAVAILABLE_BEFORE: 503,
    Fault.UNAVAILABLE_AFTER: 503,
    Fault.CUT: 200,
    Fault.SLOW: 200,
}


@pytest.mark.parametrize("fault", list(Fault))
def test_a_fault_applies_the_call_or_not_as_its_name_says(fault: Fault) -> None:
    waits: list[float] = []
    book = Desk(validated_session(faults=FaultPlan(at={2: fault}, sleep=waits.append, delay=7)))
    body = {"requests": [guard()]}

    if fault in BROKEN:
        with pytest.raises(BROKEN[fault]):
            book.session.post(f"{book.url}:batchUpdate", json=body)
    else:
        assert book.session.post(f"{book.url}:batchUpdate", json=body).status_code == STATUS[fault]

    applied = "developerMetadata" in book.get()
    assert applied == (fault in local.faults.APPLIED)
    assert waits == ([7] if fault is Fault.SLOW else [])
    book.session.close()


def test_a_rate_limit_may_say_when_to_come_back() -> None:
    plan = FaultPlan(at={1: Fault.RATE_LIMIT, 2: Fault.RATE_LIMIT_RETRY_AFTER}, retry_after=9)

    with validated_session(faults=plan) as session:
        answers = [session.post(API, json={}) for _ in range(2)]

    assert [answer.headers.get("Retry-After") for answer in answers] == [None, "9"]
    assert answers[0].json()["error"]["status"] == "RESOURCE_EXHAUSTED"


def test_an_answer_may_be_html_or_end_in_the_middle() -> None:
    with validated_session(faults=FaultPlan(at={1: Fault.BAD_GATEWAY, 2: Fault.CUT})) as session:
        page, cut = (session.post(API, json={}) for _ in range(2))

    assert page.text.startswith("<!DOCTYPE html>")
    with pytest.raises(json.JSONDecodeError):
        json.loads(cut.text)


def test_chance_is_the_same_for_the_same_seed() -> None:
    plan = FaultPlan(chance=0.5, seed=3)

    first = [plan.fault(number) for number in range(1, 200)]

    assert first == [FaultPlan(chance=0.5, seed=3).fault(number) for number in range(1, 200)]
    assert first != [FaultPlan(chance=0.5, seed=4).fault(number) for number in range(1, 200)]
    assert 60 < sum(fault is not None for fault in first) < 140
    assert FaultPlan().fault(1) is None


def test_an_organiser_may_edit_between_two_calls() -> None:
    seen: list[int] = []

    def edit(number: int, _request: requests.PreparedRequest) -> None:
        seen.append(number)
        if number == 2:
            book.put("A1", [["edited"]])

    book = Desk(
        validated_session(faults=FaultPlan(on_call=edit, at={2: Fault.SLOW}, sleep=lambda _: None))
    )

    found = book.values("A1")

    assert found == [["edited"]]
    assert seen == [1, 2]
    assert len(book.session.calls) == 2
    book.session.close()


def test_every_call_is_logged_with_its_size(book: Desk) -> None:
    book.put("A1", [["x"]])

    first, second = book.session.calls

    assert (first.method, first.path, first.status) == ("POST", "/v4/spreadsheets", 200)
    assert second.path.endswith("/values/A1?valueInputOption=RAW")
    assert second.request_bytes == len(b'{"values": [["x"]]}')
    assert second.response_bytes > 50


def test_the_clock_stamps_files() -> None:
    times = iter(datetime(2023, 1, 16, 2, tzinfo=UTC) + timedelta(hours=n) for n in range(9))

    with validated_session(clock=lambda: next(times)) as session:
        book = Desk(session)
        book.put("A1", [["x"]])
        file = book.http.get_file_drive_metadata(book.id)

    assert file["createdTime"] == "2023-01-16T02:00:00.000Z"
    assert file["modifiedTime"] == "2023-01-16T03:00:00.000Z"


def test_a_file_keeps_the_workspace(tmp_path: Path) -> None:
    path = tmp_path / "workspace.db"
    with validated_session(path) as session:
        book = Desk(session)
        book.put("A1", [["x"]])

    with validated_session(path) as session:
        found = Desk(session, book.id).values()

    assert found == [["x"]]


def test_a_file_of_another_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "workspace.db"
    with local.session(path) as session:
        session.store.connection.execute("PRAGMA user_version=99")

    with pytest.raises(WorkbookError, match="workspace_version"):
        local.session(path)


def test_a_file_that_is_no_workspace_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Rencontre du 16 janvier. " * 100, encoding="utf-8")

    with pytest.raises(WorkbookError, match="workspace_unreadable"):
        local.session(path)


def test_a_forgotten_session_closes_its_file() -> None:
    session = local.session()
    connection = session.store.connection

    del session
    gc.collect()

    with pytest.raises(Exception, match="closed"):
        connection.execute("SELECT 1")


def test_googles_own_session_works_over_the_adapter() -> None:
    session = AuthorizedSession(AnonymousCredentials())  # type: ignore[no-untyped-call]
    session.mount("https://", local.adapter())

    client = gspread.Client(auth=None, session=session)  # type: ignore[arg-type]  # as gspread documents
    made = client.create("Programme")
    made.sheet1.update([["a", "b"], [1, 2]], "A1")

    assert made.sheet1.get_all_records() == [{"a": 1, "b": 2}]
    session.close()  # type: ignore[no-untyped-call]
