"""What one night reads: everything a plan depends on, as values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from automation.core.doors import FormRecord
    from automation.core.form_answers import FormAnswer
    from automation.core.ledger import Mailing, MailRow
    from automation.core.model import (
        Cell,
        Cohort,
        Enrolment,
        Handled,
        JournalEntry,
        Key,
        Meeting,
        Number,
        Pairing,
        PairKey,
        PairRow,
        Problem,
    )
    from automation.core.responses import ResponseTable
    from automation.core.roll import Roll
    from automation.errors import CohorteError


class Standing(Struct, frozen=True, kw_only=True):
    """Where one of our tabs stands tonight: for writing and for messages, never for deciding.

    Attributes:
        title: The tab's title, which organisers may change.
        columns: Column key to index, from 0.
        rows: Enrolment number, or pair of them, to row index, from 0.
        column_count: Columns of the grid.
        width: Columns in use, the first free one's index.
        sortable: Whether Sheets sorts its rows: not where a merge goes over several of them.
        grid: All its cells as read, the header first.
    """

    sheet_id: int
    title: str
    columns: Mapping[str, int]
    rows: Mapping[Any, int] = field(default_factory=dict)
    column_count: int
    width: int
    sortable: bool = True
    grid: Sequence[Sequence[Cell]] = ()


class RollStanding(Struct, frozen=True, kw_only=True):
    """Where an attendance tab stands tonight: for writing and for messages, never for deciding.

    Attributes:
        columns: Column key to index, from 0.
        header: Index of the header row, from 0; the rows of the heading stand above it.
        heading: Indexes of those rows, from the first to the last; () where they are not found.
        rows: Enrolment number to row index, from 0.
        last: Index of the last row of a participant; that of the header where there is none.
        row_count: Rows of the grid; so are `column_count`'s columns.
        grid: All its cells as read.
    """

    sheet_id: int
    title: str
    columns: Mapping[str, int]
    header: int
    heading: Sequence[int]
    rows: Mapping[Number, int]
    last: int
    row_count: int
    column_count: int = 0
    grid: Sequence[Sequence[Cell]] = ()


class BoardStanding(Struct, frozen=True, kw_only=True):
    """How a tab stands that is Cohorte's from edge to edge.

    Attributes:
        row_count: Rows of the grid, none where the tab is to be made; so are `column_count`'s columns.
        grid: All its cells as read; empty ones at the end of a row are left out.
        charts: Slots of the charts of it that exist, wherever they were moved; they may outlive the tab.
        own_sheets: Slots of those that an organiser gave a tab of their own, and that tab's id.
    """

    row_count: int = 0
    column_count: int = 0
    grid: Sequence[Sequence[Cell]] = ()
    charts: frozenset[int] = frozenset()
    own_sheets: Mapping[int, int] = field(default_factory=dict)


class Snapshot(Struct, frozen=True, kw_only=True):
    """The workbook at one instant.

    Attributes:
        zone: The spreadsheet's time zone.
        home: Id of the spreadsheet that the workbook was made or adopted in; "" before the first
            night. Another one than `spreadsheet_id` means a copy.
        adopted_at: When it was last adopted, as a copy or as a restored version; None for never.
        told_revision: The highest revision that the journal tells of.
        revision: That of the newest guard; 0 before the first.
        guards: Every guard's revision and value, oldest first.
        standings: Our tabs that exist, by key.
        missing_tabs: Keys of our tabs to make, in their order in the workbook.
        form_answers: The registration form's responses, as the Forms API lists them; () where it is not
            asked, or does not answer.
        form_record: What was last done to the form; None where it is not asked.
        form_trouble: What kept the form from answering; None where it answered, or is not asked.
        replies: The answers to "Ma place", None without that form.
        register: In the order of the sheet; numbers are unique. Damaged rows show the journal's
            state, where it knows them.
        mailings: What the ledger says of each message, by key.
        mail_rows: The rows of Courriels; keys are unique.
        sendings: When each offer was made known by mail, by enrolment and offer; promised: until
            when its message says that it may be accepted.
        handled: The latest line of each key that led to an enrolment which is still known of.
        forgotten: The numbers that the other keys led to: neither a row nor the journal has them.
        journal: The latest line about each enrolment.
        histories: All that the journal says of enrolments that were joined or merged, in order.
        pairings: Enrolments that may be one person's, as the journal knows them.
        pair_rows: The rows of Doublons; pairs are unique.
        frozen_pairs: Pairs that several rows are about: they are left alone.
        highest_number: Highest enrolment number found anywhere; 0 for none.
        highest_meeting: Highest meeting number found anywhere; 0 for none.
        cells: How many cells the whole spreadsheet has, empty ones too.
        rolls: The attendance tabs, by meeting number; roll_standings: where they stand.
        headings: What the top of a meeting's attendance tab should say, by the meeting's row.
        boards: The tabs Sommaire and Commentaires, by key.
        missing_columns: Tab and column keys of ours to make again, at the right of their tab.
        last_night: When the latest run wrote; None before the first.
        titles: Titles of all the spreadsheet's tabs.
    """

    spreadsheet_id: str
    zone: ZoneInfo
    locale: str
    revision: int
    home: str = ""
    adopted_at: datetime | None = None
    told_revision: int = 0
    guards: tuple[tuple[int, str], ...] = ()
    standings: Mapping[str, Standing] = field(default_factory=dict)
    missing_tabs: tuple[str, ...] = ()
    missing_columns: tuple[tuple[str, str], ...] = ()
    responses: tuple[ResponseTable, ...] = ()
    form_answers: tuple[FormAnswer, ...] = ()
    form_record: FormRecord | None = None
    form_trouble: CohorteError | None = None
    replies: ResponseTable | None = None
    mailings: Mapping[str, Mailing] = field(default_factory=dict)
    mail_rows: tuple[MailRow, ...] = ()
    sendings: Mapping[tuple[Number, int], datetime] = field(default_factory=dict)
    promised: Mapping[tuple[Number, int], datetime] = field(default_factory=dict)
    cohorts: tuple[Cohort, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    register: tuple[Enrolment, ...] = ()
    handled: Mapping[Key, Handled] = field(default_factory=dict)
    forgotten: Mapping[Key, Number] = field(default_factory=dict)
    journal: Mapping[Number, JournalEntry] = field(default_factory=dict)
    histories: Mapping[Number, tuple[JournalEntry, ...]] = field(default_factory=dict)
    pairings: Mapping[PairKey, Pairing] = field(default_factory=dict)
    pair_rows: tuple[PairRow, ...] = ()
    frozen_pairs: frozenset[PairKey] = frozenset()
    rolls: Mapping[int, Roll] = field(default_factory=dict)
    roll_standings: Mapping[int, RollStanding] = field(default_factory=dict)
    headings: Mapping[int, Sequence[str]] = field(default_factory=dict)
    boards: Mapping[str, BoardStanding] = field(default_factory=dict)
    highest_number: int = 0
    highest_meeting: int = 0
    cells: int = 0
    last_night: datetime | None = None
    titles: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()
