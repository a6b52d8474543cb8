"""Google's quotas by the minute are kept, by one worker and by several."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import pytest
import requests
import responses
from hypothesis import given
from hypothesis import strategies as st

from automation import local
from automation.google.client import Client
from automation.google.pacing import (
    A_MINUTE_AND_PROJECT,
    A_MINUTE_AND_USER,
    Call,
    Meter,
    Pace,
    Quotas,
    classify,
    follow,
    name_account,
)
from automation.google.retries import ONCE
from automation.google.sheets import get_spreadsheet
from automation.workbook.loading import create_spreadsheet
from tests.bench.quotas import Load, simulate_hour

if TYPE_CHECKING:
    from collections.abc import Sequence

_SHEETS = "https://sheets.googleapis.com/v4/spreadsheets"


class Clock:
    """Time that passes only while somebody waits."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@given(
    a_minute=st.integers(1, 8),
    pauses=st.lists(st.floats(0, 45, allow_nan=False), max_size=40),
)
def test_no_minute_wherever_it_begins_sees_more_than_granted(
    a_minute: int, pauses: Sequence[float]
) -> None:
    clock, passed = Clock(), []
    pace = Pace(a_minute=a_minute, clock=clock, sleep=clock.sleep)

    for pause in pauses:
        clock.now += pause
        pace.wait()
        passed.append(clock.now)

    for first, after in zip(passed, passed[a_minute:], strict=False):
        assert after - first >= 60 - 1e-6


def test_nobody_waits_before_a_minute_is_full() -> None:
    clock = Clock()
    pace = Pace(a_minute=60, clock=clock, sleep=clock.sleep)

    waits = [pace.wait() for _ in range(61)]

    assert waits == [0.0] * 60 + [60.0]


@pytest.mark.parametrize(
    ("method", "url", "call"),
    [
        ("GET", f"{_SHEETS}/id?fields=sheets.properties", Call.READ),
        ("POST", f"{_SHEETS}/id/values:batchGetByDataFilter", Call.READ),
        ("POST", f"{_SHEETS}/id/developerMetadata:search", Call.READ),
        ("POST", f"{_SHEETS}/id:batchUpdate", Call.WRITE),
        ("POST", _SHEETS, Call.WRITE),
        ("PUT", f"{_SHEETS}/id/values/A1", Call.WRITE),
        ("POST", "https://gmail.googleapis.com/gmail/v1/users/me/drafts", Call.MAIL),
        ("GET", "https://www.googleapis.com/drive/v3/files", Call.OTHER),
    ],
)
def test_a_call_counts_where_google_counts_it(method: str, url: str, call: Call) -> None:
    assert classify(method, url) is call


def test_programmes_of_one_account_share_its_minute() -> None:
    clock = Clock()
    quotas = Quotas(clock=clock, sleep=clock.sleep)

    for night in range(30):
        meter = quotas.meter("committee")
        for _ in range(3):
            meter.pass_by(Call.READ)
        assert meter.calls == {Call.READ: 3}
        assert (clock.now > 0) == (night >= A_MINUTE_AND_USER // 3)


def test_accounts_do_not_wait_for_one_another_until_the_project_is_full() -> None:
    clock = Clock()
    quotas = Quotas(clock=clock, sleep=clock.sleep)
    accounts = [f"committee {number}" for number in range(6)]

    waits = {}
    for account in accounts:
        meter = quotas.meter(account)
        for _ in range(A_MINUTE_AND_USER):
            meter.pass_by(Call.WRITE)
        waits[account] = meter.waited

    full = A_MINUTE_AND_PROJECT // A_MINUTE_AND_USER
    assert [waits[account] > 0 for account in accounts] == [False] * full + [True]


@pytest.mark.parametrize("workers", [1, 2, 7, 60, 200])
def test_workers_of_one_account_never_use_more_than_it_has(workers: int) -> None:
    allowed = 0
    for _ in range(workers):
        clock = Clock()
        meter = Quotas(workers, {"": workers}, clock=clock, sleep=clock.sleep).meter("")
        while meter.waited == 0:
            meter.pass_by(Call.READ)
        allowed += meter.calls[Call.READ] - 1

    assert allowed <= max(A_MINUTE_AND_USER, workers)


def test_workers_with_accounts_of_their_own_have_a_whole_minute_each() -> None:
    clock = Clock()
    meter = Quotas(5, {"mine": 1, "theirs": 1}, clock=clock, sleep=clock.sleep).meter("mine")

    for _ in range(A_MINUTE_AND_USER):
        meter.pass_by(Call.READ)

    assert meter.waited == 0


def test_a_meter_sees_every_call_of_a_session() -> None:
    meter = Meter()
    with local.session() as session:
        meter.attach(session)
        http = Client(session, ONCE)

        spreadsheet_id = create_spreadsheet(http, "Programme", "Réponses", ("Horodateur",))
        get_spreadsheet(http, spreadsheet_id)

        assert meter.calls[Call.READ] >= 1
        assert sum(meter.calls.values()) == len(session.calls)


def test_a_call_that_breaks_counts_and_the_mailbox_s_calls_with_it() -> None:
    meter = Meter()
    with responses.RequestsMock() as google, requests.Session() as sheets:
        google.get(f"{_SHEETS}/id", body=requests.ConnectionError())
        google.get("https://gmail.googleapis.com/gmail/v1/users/me/profile", json={})
        meter.attach(sheets)
        with requests.Session() as mailbox:
            follow(sheets, mailbox)
            mailbox.get("https://gmail.googleapis.com/gmail/v1/users/me/profile", timeout=1)
        with pytest.raises(requests.ConnectionError):
            sheets.get(f"{_SHEETS}/id", timeout=1)

    assert meter.calls == Counter({Call.READ: 1, Call.MAIL: 1})


def test_an_account_has_one_name_whatever_its_keys_and_the_name_is_no_secret() -> None:
    one = json.dumps({"client_email": "c@p.iam.example", "private_key": "a"})
    another = json.dumps({"client_email": "c@p.iam.example", "private_key": "b"})
    person = json.dumps({"refresh_token": "1//secret"})

    names = [name_account(secret) for secret in (one, another, person, "torn {", None)]

    assert names[0] == names[1]
    assert len(set(names)) == 4
    assert not any("secret" in name or "@" in name for name in names)


_QUIET = Load(calls={Call.READ: 2, Call.WRITE: 1}, processor=0.05)


@pytest.mark.parametrize(
    ("workers", "shared", "granted"),
    [(1, True, A_MINUTE_AND_USER), (4, True, A_MINUTE_AND_USER), (7, False, A_MINUTE_AND_PROJECT)],
)
@pytest.mark.parametrize("latency", [0.05, 0.6])
def test_an_hour_of_nights_stays_within_every_minute_s_quota(
    workers: int, shared: bool, granted: int, latency: float
) -> None:
    hour = simulate_hour([_QUIET], workers=workers, shared=shared, latency=latency)

    assert hour.busiest_minute(Call.READ) <= granted
    assert hour.busiest_minute(Call.WRITE) <= granted
    assert hour.programmes >= 1000


def test_one_worker_is_held_back_by_the_quota_and_not_by_how_it_counts() -> None:
    hour = simulate_hour([_QUIET], latency=0.0)

    assert hour.programmes >= 60 * A_MINUTE_AND_USER // 2 * 0.99
