"""The simulator itself: short lives that end well, and planted faults that it must notice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from click.testing import CliRunner

from automation.google.sheets import send_batch
from tests.chaos.__main__ import main
from tests.chaos.letterbox import Letterbox
from tests.chaos.life import live, sweep
from tests.chaos.town import draw_scenario
from tests.chaos.weather import Event

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

    assert not report.failure, report.failure
    assert report.nights == 2 * _NIGHTS
    assert report.messages
    assert report.survived


def test_a_seed_lives_the_same_life_each_time() -> None:
    seed = _seed("gmail", 20)

    one, other = live(seed, 2), live(seed, 2)

    assert one.trace == other.trace


def test_a_night_that_dies_before_and_after_its_steps_in_turn_ends_as_the_calm_one() -> None:
    report = sweep(_seed("gmail"), 2, every=6)

    assert not report.failure, report.failure
    before, after = (report.survived[event] for event in (Event.DEATH_BEFORE, Event.DEATH_AFTER))
    assert before == after > 1


def test_a_message_that_is_delivered_twice_is_noticed() -> None:
    def take(box: Letterbox, content: bytes) -> None:
        box.taken += [content, content]

    with mock.patch.object(Letterbox, "take", take):
        report = live(_seed("smtp"), _NIGHTS)

    assert "7: twice" in report.failure


def test_a_write_without_its_guard_is_noticed() -> None:
    def send(
        http: HTTPClient, spreadsheet_id: str, _guard: Any, requests: Any, _fresh: Any
    ) -> None:
        send_batch(http, spreadsheet_id, requests)

    with mock.patch("automation.workbook.writer.send_guarded", send):
        report = live(_seed("folder"), _NIGHTS)

    assert report.failure


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
