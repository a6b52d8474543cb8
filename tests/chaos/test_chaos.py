"""The simulator itself: short lives that end well, and planted faults that it must notice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from click.testing import CliRunner

from automation.google.sheets import send_batch
from tests.chaos.__main__ import main
from tests.chaos.letterbox import Letterbox
from tests.chaos.life import live
from tests.chaos.sweep import sweep
from tests.chaos.town import draw_scenario

if TYPE_CHECKING:
    from gspread import HTTPClient

_NIGHTS = 5


def _seed(transport: str, after: int = 0) -> int:
    """Return the first seed whose messages leave that way."""
    seeds = range(after + 1, 1000)
    return next(s for s in seeds if draw_scenario(s, _NIGHTS).transport == transport)


@pytest.mark.parametrize("transport", ["gmail", "smtp"])
def test_a_short_life_in_rough_weather_ends_as_the_calm_one(transport: str) -> None:
    report = live(_seed(transport), _NIGHTS)

    assert not report.failures, report.failures
    assert report.nights == 2 * _NIGHTS
    assert report.messages
    assert report.survived


def test_a_seed_lives_the_same_life_each_time() -> None:
    seed = _seed("gmail", 20)

    one, other = live(seed, 2), live(seed, 2)

    assert one.trace == other.trace


def test_a_night_ends_as_the_calm_one_whatever_happens_at_its_steps_in_turn() -> None:
    report = sweep(_seed("gmail"), 2, sparse=True)

    assert not report.failures, report.failures
    assert set(report.survived.values()) == {1}, "another thing at each step"
    assert len(report.survived) == report.places > 15


def test_a_message_that_is_delivered_twice_is_noticed() -> None:
    def take(box: Letterbox, content: bytes) -> None:
        box.taken += [content, content]

    with mock.patch.object(Letterbox, "take", take):
        report = live(_seed("smtp"), _NIGHTS)

    assert "7: twice" in report.failures[0].told


def test_a_write_without_its_guard_is_noticed() -> None:
    def send(
        http: HTTPClient, spreadsheet_id: str, _guard: Any, requests: Any, _fresh: Any
    ) -> None:
        send_batch(http, spreadsheet_id, requests)

    with mock.patch("automation.workbook.writer.send_guarded", send):
        report = sweep(_seed("gmail"), 2, at="1/3/STALLED")

    assert report.places == 1
    assert report.failures


def test_the_command_says_what_was_survived_and_ends_with_1_on_a_failure() -> None:
    def take(box: Letterbox, content: bytes) -> None:
        box.taken += [content, content]

    arguments = ["--seed", str(_seed("smtp")), "--nights", str(_NIGHTS)]
    well = CliRunner().invoke(main, arguments)
    with mock.patch.object(Letterbox, "take", take):
        ill = CliRunner().invoke(main, arguments)

    assert (well.exit_code, ill.exit_code) == (0, 1)
    assert f"1 seeds, {2 * _NIGHTS} nights" in well.output.splitlines()[-1]
    assert "somebody registers" in well.output


def test_a_failure_tells_the_one_command_that_replays_it() -> None:
    seed = _seed("gmail")
    arguments = ["--seed", str(seed), "--nights", "2", "--sweep", "1", "--at", "1/3/CUT"]

    with mock.patch("tests.chaos.sweep.check_same", side_effect=AssertionError("13: another end")):
        ill = CliRunner().invoke(main, arguments)

    assert ill.exit_code == 1
    assert f"again: make chaos SEED={seed} NIGHTS=2 SWEEP=1 AT=1/3/CUT\n" in ill.output
    assert ", 1 places swept, 1 faults, 1 failed" in ill.output.splitlines()[-1]
