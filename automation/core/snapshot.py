"""What one night reads: everything a plan depends on, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from automation.core.model import (
        Cohort,
        Enrolment,
        Handled,
        JournalState,
        Key,
        Meeting,
        Number,
        Problem,
    )
    from automation.core.responses import ResponseTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one of our tabs stands tonight: for writing and for messages, never for deciding.

    Attributes:
        title: The tab's title, which organisers may change.
        columns: Column key to index, from 0.
        rows: Enrolment or meeting number to row index, from 0.
        column_count: Columns of the grid.
        width: Columns in use, the first free one's index.
    """

    sheet_id: int
    title: str
    columns: Mapping[str, int]
    rows: Mapping[int, int] = field(default_factory=dict)
    column_count: int
    width: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The workbook at one instant.

    Attributes:
        zone: The spreadsheet's time zone.
        revision: That of the newest guard; 0 before the first.
        guards: Every guard's revision and value, oldest first.
        standings: Our tabs that exist, by key.
        missing_tabs: Keys of our tabs to make, in their order in the workbook.
        register: In the order of the sheet; numbers are unique.
        handled: The latest line of each key.
        journal: The latest line about each enrolment.
        highest_number: Highest enrolment number found anywhere; 0 for none.
        highest_meeting: Highest meeting number found anywhere; 0 for none.
        missing_columns: Tab and column keys of ours to make again, at the right of their tab.
        last_night: When the latest run wrote; None before the first.
        titles: Titles of all the spreadsheet's tabs.
    """

    spreadsheet_id: str
    zone: ZoneInfo
    locale: str
    revision: int
    guards: tuple[tuple[int, str], ...] = ()
    standings: Mapping[str, Standing] = field(default_factory=dict)
    missing_tabs: tuple[str, ...] = ()
    missing_columns: tuple[tuple[str, str], ...] = ()
    responses: tuple[ResponseTable, ...] = ()
    cohorts: tuple[Cohort, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    register: tuple[Enrolment, ...] = ()
    handled: Mapping[Key, Handled] = field(default_factory=dict)
    journal: Mapping[Number, JournalState] = field(default_factory=dict)
    highest_number: int = 0
    highest_meeting: int = 0
    last_night: datetime | None = None
    titles: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()
