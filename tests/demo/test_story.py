"""A story that does not hold together is refused; the others are told in order."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from automation.demo.story import load_story
from automation.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

STORY = """
cohorts = "c.csv"
meetings = "m.csv"
answers = "r.csv"
[[night]]
at = 2023-01-02T02:00:00
say = "Une nuit."
say_en = "A night."
"""
ACT = """
[[act]]
at = 2023-01-0{day}T09:00:00
who = "organiser"
kind = "delete"
answer = 2023-01-01T08:00:00
say = "Un geste."
say_en = "An act."
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "story.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_acts_between_two_nights_exclude_the_first_instant_and_include_the_last(
    tmp_path: Path,
) -> None:
    story = load_story(write(tmp_path, STORY + ACT.format(day=1) + ACT.format(day=2)))
    first, second = (act.at for act in story.act)

    assert [act.at for act in story.acts_between(None, second)] == [first, second]
    assert [act.at for act in story.acts_between(first, second)] == [second]
    assert story.acts_between(None, datetime(2022, 1, 1)) == ()  # noqa: DTZ001 - on the wall


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[", "TOML"),
        (STORY + ACT.format(day=2) + ACT.format(day=1), "act"),
        (STORY + ACT.format(day=1).replace("delete", "dance"), "act"),
        (STORY.replace("c.csv", ""), "cohorts"),
    ],
)
def test_a_story_that_does_not_hold_is_refused(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_story(write(tmp_path, text))

    assert told in str(caught.value.values["mistakes"])


def test_a_story_that_is_absent_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load_story(tmp_path / "story.toml")

    assert caught.value.code == "no_config"
