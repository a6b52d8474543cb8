"""A watchdog hears of each night, and costs none anything."""

from __future__ import annotations

import threading

import pytest
import requests
import responses

from automation.heartbeat import Heartbeats, ask_for, fail_url

_URL = "https://surveillance.example.org/ping/abc"


def test_a_watchdog_that_answers_is_heard() -> None:
    beats = Heartbeats()
    with responses.RequestsMock() as web:
        web.get(_URL)

        beats.beat("surveillance.example.org", _URL)

        assert beats.find_unheard() == []


@pytest.mark.parametrize("status", [404, 500])
def test_one_that_does_not_is_asked_twice_and_named_once(status: int) -> None:
    beats = Heartbeats()
    with responses.RequestsMock() as web:
        web.get(_URL, status=status)

        beats.beat("surveillance.example.org", _URL)
        beats.beat("surveillance.example.org", _URL)

        assert beats.find_unheard() == ["surveillance.example.org"]
        assert len(web.calls) == 4


def test_one_that_never_answers_keeps_nobody_waiting() -> None:
    beats, release = Heartbeats(), threading.Event()

    def hang(_: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        release.wait()
        return 200, {}, ""

    with responses.RequestsMock() as web:
        web.add_callback(responses.GET, _URL, hang)
        beats.beat("surveillance.example.org", _URL)

        unheard = beats.find_unheard(grace=0.0)
        release.set()
        beats.find_unheard()

    assert unheard == ["surveillance.example.org"]


def test_a_broken_connection_is_no_error() -> None:
    with responses.RequestsMock() as web:
        web.get(_URL, body=requests.ConnectionError())

        assert not ask_for(_URL)


@pytest.mark.parametrize(
    ("url", "failed"),
    [
        (_URL, f"{_URL}/fail"),
        (f"{_URL}/", f"{_URL}/fail"),
        (f"{_URL}?create=1", f"{_URL}/fail?create=1"),
    ],
)
def test_a_failure_is_told_at_the_end_of_the_path(url: str, failed: str) -> None:
    assert fail_url(url) == failed
