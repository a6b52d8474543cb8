"""All that is held about one person, as JSON: what the law lets them ask for.

The keys are stable. Cells of Cohorte's tabs go by the keys of their columns, those of organisers' own
columns and of the participants' answers by their headers. Of a pair in Doublons only what concerns the
person is told: the other may be somebody else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from automation.core.attendance import read_attendances
from automation.core.enrolment import find_answers, find_guests, read_answers
from automation.core.instants import to_wall
from automation.core.replies import find_reply_rows
from automation.core.responses import cell_text, timestamp_column
from automation.core.text import fold
from automation.workbook.cells import is_blank, parse_text
from automation.workbook.layout import MAIL, tabs
from automation.workbook.sheet import cell_at, rows_about
from automation.workbook.view import to_value

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import datetime

    from automation.core.model import Cell, Number
    from automation.core.responses import ResponseTable
    from automation.core.rules import Rules
    from automation.core.snapshot import Snapshot
    from automation.workbook.layout import Tab

_ABOUT = ("enrolments", "mail", "mail_log", "journal", "handled")
"""Tabs whose rows are about one enrolment each, or about a pair."""


def list_held(snapshot: Snapshot, person: Number, rules: Rules, now: datetime) -> dict[str, Any]:
    """Return all that is held about a person.

    Keys: person (number), enrolments, answers and replies (rows of the participants' tabs: tab, row,
    cells by header), attendance (meeting, cohort, date, present, excused, struck_out, note and presence,
    what the roll tells), guests (rolls that name them as one), pairs (a, b, score, reason, verdict),
    messages (rows of Courriels), mail_log, journal, and handled (what is remembered of each answer).
    Consent stands in each enrolment.
    """
    numbers = {one.number for one in snapshot.register if one.person == person}
    found = {tab.key: tab for tab in tabs(rules.fields.extra) if tab.key in snapshot.standings}
    rows = {
        key: list(_rows(snapshot, found[key], numbers)) if key in found else [] for key in _ABOUT
    }
    registrations, _ = read_answers(snapshot, rules)
    answers = find_answers(snapshot, registrations, numbers, rules, now)
    replies = find_reply_rows(snapshot.replies, rules.place_form, numbers)
    tables = {table.title: table for table in snapshot.responses}
    return {
        "person": person,
        "enrolments": rows["enrolments"],
        "answers": [_answer(tables[one.tab], one.row) for one in answers],
        "replies": [
            _answer(snapshot.replies, row) for row in replies if snapshot.replies is not None
        ],
        "attendance": list(_attendance(snapshot, numbers)),
        "guests": list(_guests(snapshot, numbers)),
        "pairs": [
            {
                "a": row.a,
                "b": row.b,
                "score": row.score,
                "reason": row.reason,
                "verdict": row.verdict.value if row.verdict else None,
            }
            for row in snapshot.pair_rows
            if numbers & {*row.key}
        ],
        "messages": rows[MAIL.key],
        "mail_log": rows["mail_log"],
        "journal": rows["journal"],
        "handled": rows["handled"],
    }


def _rows(snapshot: Snapshot, tab: Tab, numbers: Collection[int]) -> Iterator[dict[str, Any]]:
    """Yield the rows of a tab that are about some enrolments, whole."""
    standing = snapshot.standings[tab.key]
    columns = {standing.columns[c.key]: c for c in tab.columns if c.key in standing.columns}
    header = standing.grid[0] if standing.grid else ()
    for index in rows_about(standing, numbers):
        row = standing.grid[index]
        own = {
            column.key: to_value(column, cell_at(row, at), snapshot.zone)
            for at, column in columns.items()
        }
        yield own | _named(header, row, set(columns))


def _named(header: Sequence[Cell], row: Sequence[Cell], known: Collection[int]) -> dict[str, Any]:
    """Return the cells that are in no column of ours, by header; a nameless column by its place."""
    return {
        _name(header, at): cell
        for at, cell in enumerate(row)
        if at not in known and not is_blank(cell)
    }


def _name(header: Sequence[Cell], at: int) -> str:
    name = parse_text(header[at]) if at < len(header) else ""
    twice = any(parse_text(cell) == name for cell in header[:at])
    return f"{name} ({at + 1})" if twice or not name else name


def _answer(table: ResponseTable, row: int) -> dict[str, Any]:
    """Return a row of a participants' tab, mapped or not: all of it is theirs."""
    cells = list(table.rows[row - 2])
    stamp = timestamp_column([fold(cell_text(cell)) for cell in table.header])
    wall = to_wall(cell_at(cells, stamp))
    if wall is not None:
        cells[stamp] = wall.isoformat(timespec="seconds")
    return {"tab": table.title, "row": row, "cells": _named(table.header, cells, ())}


def _attendance(snapshot: Snapshot, numbers: Collection[int]) -> Iterator[dict[str, Any]]:
    meetings = {meeting.number: meeting for meeting in snapshot.meetings}
    told = {attendance.meeting.number: attendance for attendance in read_attendances(snapshot)}
    for number, roll in sorted(snapshot.rolls.items()):
        meeting = meetings.get(number)
        presences = told[number].presences if number in told else {}
        for row in roll.rows:
            if row.number in numbers:
                presence = presences.get(row.number)
                yield {
                    "meeting": number,
                    "cohort": meeting.cohort if meeting else None,
                    "date": meeting.day.isoformat() if meeting and meeting.day else None,
                    "number": row.number,
                    "name": row.name,
                    "business": row.business,
                    "present": row.present,
                    "excused": row.excused,
                    "struck_out": row.left,
                    "note": row.note,
                    "presence": presence.value if presence else None,
                }


def _guests(snapshot: Snapshot, numbers: Collection[Number]) -> Iterator[dict[str, Any]]:
    theirs = find_guests(snapshot, numbers)
    for number, roll in sorted(snapshot.rolls.items()):
        for guest in roll.guests:
            if (number, guest.name) in theirs:
                yield {
                    "meeting": number,
                    "name": guest.name,
                    "present": guest.present,
                    "note": guest.note,
                }
