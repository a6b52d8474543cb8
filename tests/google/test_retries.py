"""How long a call waits before it is made again, and when it no longer is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests.structures import CaseInsensitiveDict

from automation.google.retries import (
    PATIENT,
    Pauses,
    Retries,
    TransientError,
    parse_retry_after,
)

_DATE = "Tue, 10 Jan 2023 07:00:00 GMT"


class Trouble(TransientError):  # noqa: N818 - only here
    def __init__(self, retry_after: float | None = None) -> None:
        super().__init__("unreachable", detail="503")
        self.retry_after = retry_after


def _exhaust(retries: Retries, retry_after: float | None = None) -> int:
    """Fail until there is no further try; return how many there were."""
    tries = 0

    def fail() -> None:
        nonlocal tries
        tries += 1
        raise Trouble(retry_after)

    with pytest.raises(Trouble):
        retries.persist(fail, TransientError)
    return tries


def test_waits_double_up_to_the_longest() -> None:
    waits: list[float] = []
    retries = Retries(attempts=6, longest_wait=5, sleep=waits.append, jitter=lambda: 1.0)

    tries = _exhaust(retries)

    assert tries == 6
    assert waits == [1, 2, 4, 5, 5]


@given(st.floats(0, 1), st.integers(1, 100))
def test_jitter_is_full_and_no_wait_is_too_long(jitter: float, attempt: int) -> None:
    wait = Retries(jitter=lambda: jitter).choose_wait(attempt, None)

    assert wait == pytest.approx(jitter * min(2.0 ** (attempt - 1), 60))


@pytest.mark.parametrize(("asked", "waited"), [(0.5, 0.5), (17, 17), (60, 60), (3600, 60)])
def test_what_google_asks_is_waited_exactly_up_to_the_longest(asked: float, waited: float) -> None:
    retries = Retries(jitter=lambda: 0.25)

    assert retries.choose_wait(1, asked) == waited


def test_no_wait_asked_for_does_not_use_up_the_tries_at_once() -> None:
    assert Retries(jitter=lambda: 1.0).choose_wait(3, 0.0) == 4


def test_no_try_begins_after_patience_ended() -> None:
    waits: list[float] = []
    retries = Retries(sleep=waits.append, clock=lambda: sum(waits), patience=150)

    tries = _exhaust(retries, retry_after=60)

    assert tries == 3
    assert waits == [60, 60]


def test_calls_that_take_long_use_up_patience_too() -> None:
    now = [0.0]
    waits: list[float] = []
    retries = Retries(sleep=waits.append, clock=lambda: now[0], jitter=lambda: 1.0)
    pauses = Pauses(retries)

    now[0] = 190.0  # a call that timed out
    pauses.wait(Trouble())
    now[0] = 381.0
    with pytest.raises(Trouble):
        pauses.wait(Trouble())

    assert waits == [1]


def test_a_wait_is_told_before_it_begins() -> None:
    told: list[object] = []
    retries = Retries(
        attempts=3,
        sleep=told.append,
        jitter=lambda: 1.0,
        on_wait=lambda seconds, attempt: told.append((seconds, attempt)),
    )

    _exhaust(retries)

    assert told == [(1, 1), 1, (2, 2), 2]


def test_what_is_of_another_kind_is_not_tried_again() -> None:
    def fail() -> None:
        raise ValueError("a bug")

    with pytest.raises(ValueError, match="a bug"):
        Retries(sleep=lambda _: pytest.fail("waited")).persist(fail, TransientError)


def test_the_whole_patience_is_shorter_than_a_read_stays_fresh() -> None:
    assert PATIENT.patience + 190 < 30 * 60
    assert sum(PATIENT.choose_wait(n, None) for n in range(1, PATIENT.attempts)) <= 123


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": ""}, None),
        ({"Retry-After": "30"}, 30),
        ({"retry-after": " 30 "}, 30),
        ({"Retry-After": "0"}, 0),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "1.5"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "٣"}, None),
        ({"Retry-After": "9" * 5000}, float("inf")),
        ({"Retry-After": "Tue, 10 Jan 2023 07:00:42 GMT", "Date": _DATE}, 42),
        ({"Retry-After": "Tuesday, 10-Jan-23 07:00:42 GMT", "Date": _DATE}, 42),
        ({"Retry-After": "Tue Jan 10 07:00:42 2023", "Date": _DATE}, 42),
        ({"Retry-After": "Tue, 10 Jan 2023 06:59:00 GMT", "Date": _DATE}, 0),
        ({"Retry-After": "Tue, 10 Jan 2023 07:00:42 GMT"}, None),
        ({"Retry-After": "Tue, 10 Jan 2023 07:00:42 GMT", "Date": "?"}, None),
        ({"Retry-After": "Tue, 99 Jan 2023 07:00:42 GMT", "Date": _DATE}, None),
    ],
)
def test_retry_after_comes_as_seconds_or_as_an_instant(
    headers: dict[str, str], seconds: float | None
) -> None:
    assert parse_retry_after(CaseInsensitiveDict(headers)) == seconds


@given(st.text() | st.from_regex(r"\A[A-Za-z]{3}, \d+ [A-Za-z]{3} \d+ \d+:\d+:\d+ [-+A-Z\d]+\Z"))
def test_whatever_a_header_says_it_is_understood_or_left_aside(text: str) -> None:
    found = parse_retry_after({"Retry-After": text, "Date": _DATE})

    assert found is None or found >= 0
