"""Tabs and columns: found in either language, wherever they have gone."""

from __future__ import annotations

import random

import pytest

from automation import locale
from automation.core.model import Decision, MeetingState, Promotion, Status
from automation.core.rules import ExtraField
from automation.core.text import fold
from automation.workbook.layout import (
    COHORTS,
    Kind,
    Owner,
    Tab,
    enrolment_tab,
    find_columns,
    tabs,
)


@pytest.mark.parametrize("tab", tabs(), ids=lambda tab: tab.key)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_column_is_found_by_its_header_in_either_language(tab: Tab, language: str) -> None:
    header = [column.label(language) for column in tab.columns]

    found = find_columns(tab, header)

    assert found == {column.key: index for index, column in enumerate(tab.columns)}


def test_columns_are_found_wherever_organisers_move_them() -> None:
    header: list[str | None] = [f"  {c.fr.upper()}\n" for c in COHORTS.columns]
    header += ["À nous", None, "Code"]
    random.Random(3).shuffle(header)

    found = find_columns(COHORTS, header)

    assert set(found) == {column.key for column in COHORTS.columns}
    assert all(
        fold(str(header[index])) == fold(COHORTS.column(key).fr) for key, index in found.items()
    )


@pytest.mark.parametrize("tab", tabs(), ids=lambda tab: tab.key)
def test_no_two_columns_of_a_tab_share_a_header(tab: Tab) -> None:
    keys_by_label: dict[str, str] = {}
    for column in tab.columns:
        for label in {fold(column.fr), fold(column.en)}:
            assert keys_by_label.setdefault(label, column.key) == column.key


def test_further_questions_stand_behind_the_municipality() -> None:
    extra = ExtraField(key="trade", question="Votre métier ?", label="Métier")

    keys = [column.key for column in enrolment_tab([extra]).columns]

    assert keys[keys.index("municipality") + 1] == "trade"


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    ("group", "members"),
    [
        ("status", Status),
        ("decision", Decision),
        ("promotion", Promotion),
        ("meeting_state", MeetingState),
    ],
)
def test_every_member_of_a_closed_set_has_one_label(
    language: str, group: str, members: type[Status]
) -> None:
    labels = locale.labels(group, language)

    assert set(labels) == set(members)
    assert len({fold(label) for label in labels.values()}) == len(labels)


def test_what_cohorte_must_read_back_is_required() -> None:
    hidden = [c for tab in tabs() for c in tab.columns if c.owner is Owner.HIDDEN]

    assert hidden
    assert all(column.required for column in hidden)
    assert all(c.choices for tab in tabs() for c in tab.columns if c.kind is Kind.CHOICE)
